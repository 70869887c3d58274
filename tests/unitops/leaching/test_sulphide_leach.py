import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from unitops.leaching.sulphide_leach import SulphideLeach
from unitops.refining.alkaline_cell import NEEDED
from unitops.refining.alkaline_electrowinning import AlkalineElectrowinning
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

MINERALS = ["Sb2S3", "Sb2S2O", "Cu12Sb4S13", "FeSb2S4", "Pb4FeSb6S14", "Sb2O3", "Sb2O4"]
MINERALS += ["Sb3O6(OH)", "Sb2O5", "NaSbO3", "Na3SbO4", "As2S3", "As2O3", "PbO", "PbSO4"]
MINERALS += ["Cu2O", "ZnO", "Au"]
MADE = ["Cu2S", "CuS", "FeS", "PbS", "ZnS", "Na3AsS3(aq)", "Na2SO4(aq)", "Au(aq)"]
OTHERS = ["SiO2", "Sb", "FeAsS", "AsS", "Ag", "O2", "Na2S2O3(aq)"]
SPECIES = list(dict.fromkeys([*MINERALS, *MADE, *OTHERS, *NEEDED, "Na3SbS4(aq)"]))
SHARE = st.floats(0.0, 1.0)
PORTS = {
    "feed": "feed",
    "sulphide": "sodium_sulphide",
    "caustic": "caustic_soda",
    "water": "water",
    "pulp": "pulp",
}


def leach(**given):
    return SulphideLeach(**PORTS, **given)


class Run:
    """Masses by port and species in kg/s, figures and warnings."""

    def __init__(self, unit, **masses):
        slate = Slate(SPECIES)
        feed = flow_of(slate, {**masses})
        p = unit.resolve(slate)
        self.flows = {"feed": feed, **unit.run(feed, p=p)}
        self.figures = {
            each.label: float(np.ravel(from_base(each.value, each.unit))[0])
            for each in unit.figures(self.flows, p)
        }
        self.warnings = unit.warnings(self.flows, p)
        self.temperatures = unit.temperatures(self.flows, p)

    def of(self, port, name):
        return float(self.flows[port].of(name)[0])


@settings(max_examples=60, deadline=None)
@given(
    mass=random_masses(len(SPECIES), 2),
    shares=st.lists(SHARE, min_size=9, max_size=9),
    excess=st.floats(0.0, 3.0),
    caustic=st.floats(0.0, 4.0),
    strength=st.floats(0.005, 0.3),
)
def test_any_feed_closes(*, mass, shares, excess, caustic, strength):
    names = ["stibnite", "tetrahedrite", "sulphosalt", "trioxide", "antimonate", "arsenic"]
    extractions = dict(zip([f"{name}_extraction" for name in names], shares, strict=False))
    unit = leach(
        **extractions,
        oxides_sulphidised=shares[6],
        gold_dissolved=shares[7],
        polysulphide_used=shares[8],
        sulphide_excess=excess,
        caustic_ratio=caustic,
        antimony_in_solution=strength,
    )
    check_unit(unit, SPECIES, {"feed": mass})


def test_nothing_in_nothing_out():
    check_zero_feed(leach(), SPECIES)


@pytest.mark.parametrize("salts", [0.0, 500.0])
def test_derivative(salts):
    """With reagents drawn, and with more in the solution than the leach wants."""
    feed = np.linspace(1.0, 3.0, len(SPECIES))
    for name in ("Na2S(aq)", "NaOH(aq)", "H2O"):
        feed[SPECIES.index(name)] = salts
    check_derivative(leach(), SPECIES, {"feed": feed[:, None]})


def test_a_tonne_of_stibnite_by_hand():
    """339.7 t Sb2S3 take 234.1 t Na2S and make 573.8 t Na3SbS3 (molar masses)."""
    made = Run(leach(stibnite_extraction=1.0, sulphide_excess=0.25), Sb2S3=339.7)
    assert made.of("pulp", "Na3SbS3(aq)") == pytest.approx(573.8, rel=1e-3)
    assert made.of("sulphide", "Na2S(aq)") == pytest.approx(1.25 * 234.1, rel=1e-3)
    assert made.of("pulp", "Na2S(aq)") == pytest.approx(0.25 * 234.1, rel=1e-3)
    assert made.of("pulp", "NaOH(aq)") == pytest.approx(2.0 * 243.5, rel=1e-3)
    assert made.figures["antimony in solution"] == pytest.approx(4.0)
    assert made.figures["sodium sulphide taken per antimony dissolved"] == pytest.approx(
        961.4, 1e-3
    )
    assert made.flows["pulp"].liquid.total()[0] == pytest.approx(243.5 / 0.04, rel=1e-3)


def test_tetrahedrite_loses_its_antimony_and_keeps_its_copper():
    """Seven sulphurs for twelve coppers, as 5 Cu2S and 2 CuS; 29.2 % Sb in the mineral."""
    made = Run(leach(tetrahedrite_extraction=1.0), Cu12Sb4S13=1000.0, Ag=5.0)
    residue = made.flows["pulp"].solids
    assert made.flows["pulp"].liquid.element("Sb")[0] == pytest.approx(292.0, rel=2e-3)
    assert residue.element("Cu")[0] == pytest.approx(457.5, rel=2e-3)
    assert residue.element("S")[0] == pytest.approx(457.5 / 63.546 * 32.06 * 7 / 12, rel=2e-3)
    assert residue.of("Ag")[0] == 5.0


@pytest.mark.parametrize(
    ("mineral", "sulphide", "caustic"),
    [
        ("Sb2S2O", 4 / 2, 2 / 2),
        ("FeSb2S4", 3 / 2, 0.0),
        ("Pb4FeSb6S14", 9 / 6, 0.0),
        ("Sb2O3", 6 / 2, 6 / 2),
        ("Sb2O4", 7 / 2, 8 / 2),
        ("Sb3O6(OH)", 11 / 3, 13 / 3),
        ("Sb2O5", 8 / 2, 10 / 2),
        ("NaSbO3", 4.0, 6.0),
        ("Na3SbO4", 4.0, 8.0),
    ],
)
def test_what_other_minerals_take(mineral, sulphide, caustic):
    """Moles of Na2S taken and NaOH made per mole of antimony, from the charge balance by hand."""
    names = ["stibnite", "sulphosalt", "trioxide", "antimonate"]
    unit = leach(
        **{f"{name}_extraction": 1.0 for name in names}, sulphide_excess=0.0, caustic_ratio=0
    )
    made = Run(unit, **{mineral: 100.0})
    antimony = made.flows["pulp"].liquid.element("Sb")[0] / 121.76
    assert made.flows["pulp"].solids.element("Sb")[0] == pytest.approx(0.0, abs=1e-12)
    assert made.of("sulphide", "Na2S(aq)") / 78.04 / antimony == pytest.approx(sulphide, rel=1e-3)
    assert made.of("pulp", "NaOH(aq)") / 39.997 / antimony == pytest.approx(caustic, rel=1e-3)


def test_lead_and_its_sulphate_take_sulphide_and_stay():
    made = Run(leach(oxides_sulphidised=1.0, sulphide_excess=0.0), PbO=223.2, PbSO4=303.3)
    assert made.of("pulp", "PbS") == pytest.approx(2 * 239.3, rel=1e-3)
    assert made.of("sulphide", "Na2S(aq)") == pytest.approx(2 * 78.04, rel=1e-3)
    assert made.of("pulp", "Na2SO4(aq)") == pytest.approx(142.0, rel=1e-3)


def test_copper_and_zinc_oxides_take_sulphide_too():
    made = Run(leach(oxides_sulphidised=1.0, sulphide_excess=0.0), Cu2O=143.1, ZnO=81.4)
    assert made.of("sulphide", "Na2S(aq)") == pytest.approx(2 * 78.04, rel=1e-3)
    assert (made.of("pulp", "Cu2S"), made.of("pulp", "ZnS")) == pytest.approx((159.2, 97.4), 1e-3)


def test_arsenic_dissolves_and_arsenopyrite_does_not():
    made = Run(
        leach(arsenic_extraction=1.0), As2S3=24.6, As2O3=19.8, FeAsS=10.0, AsS=5.0, Sb2S3=1.0
    )
    assert made.of("pulp", "Na3AsS3(aq)") == pytest.approx(0.4 * 240.1, rel=3e-3)
    assert (made.of("pulp", "FeAsS"), made.of("pulp", "AsS")) == (10.0, 5.0)


def test_gold_stays_unless_told_otherwise():
    assert Run(leach(), Sb2S3=1000.0, Au=0.02).of("pulp", "Au") == 0.02
    assert Run(leach(gold_dissolved=0.1), Au=0.02).of("pulp", "Au(aq)") == pytest.approx(0.002)


def test_what_the_electrolyte_brings_is_not_drawn():
    back = {"Na2S(aq)": 310.0, "NaOH(aq)": 500.0, "H2O": 9000.0}
    made = Run(leach(), Sb2S3=300.0, **back)
    for port in ("sulphide", "caustic", "water"):
        assert made.flows[port].total()[0] == 0.0, port
    assert made.figures["antimony in solution"] < 2.2
    less = Run(leach(), Sb2S3=300.0, **{**back, "Na2S(aq)": 200.0})
    assert less.of("sulphide", "Na2S(aq)") == pytest.approx(1.5 * 0.97 * 206.7 - 200.0, rel=1e-3)


def test_polysulphide_makes_thioantimonate():
    """110.1 t Na2S2 turn 286.9 t Na3SbS3 into 319.0 t Na3SbS4; beyond that it stays."""
    made = Run(leach(), **{"Na3SbS3(aq)": 573.8, "Na2S2(aq)": 110.1})
    assert made.of("pulp", "Na3SbS4(aq)") == pytest.approx(319.0, rel=1e-3)
    assert made.of("pulp", "Na2S(aq)") == pytest.approx(78.04, rel=1e-3)
    assert made.figures["antimony(V) of the antimony in solution"] == pytest.approx(50.0, rel=1e-3)
    more = Run(leach(), **{"Na3SbS3(aq)": 286.9, "Na2S2(aq)": 220.2})
    assert more.of("pulp", "Na3SbS3(aq)") == 0.0
    assert more.of("pulp", "Na2S2(aq)") == pytest.approx(110.1, rel=2e-3)
    half = Run(leach(polysulphide_used=0.5), **{"Na3SbS3(aq)": 573.8, "Na2S2(aq)": 110.1})
    assert half.of("pulp", "Na3SbS4(aq)") == pytest.approx(319.0 / 2, rel=1e-3)


def test_tanks_hold_the_pulp_for_its_time():
    made = Run(leach(residence_time="10 h", pulp_density="1200 kg/m^3"), Sb2S3=1.0, H2O=99.0)
    assert made.figures["leach tanks"] == pytest.approx(
        made.flows["pulp"].total()[0] * 36000 / 1200, rel=1e-9
    )
    assert made.temperatures == {"pulp": pytest.approx(363.15)}


def loop(mineral, bleed="10 %", **given):
    """Leach, a perfect filter, cells that deposit all antimony and oxidise no sulphide, a bleed."""
    return solve(
        Flowsheet(
            species=["Sb2S3", "Sb2O3", "SiO2", "Na3SbS4(aq)", *NEEDED],
            units={
                "concentrate": Feed(
                    outlet="concentrate", flow="1 t/h", composition={mineral: "100 %"}
                ),
                "leach": SulphideLeach(
                    **{**PORTS, "feed": ["concentrate", "returned"]},
                    stibnite_extraction=1.0,
                    trioxide_extraction=1.0,
                    **given,
                ),
                "cells": AlkalineElectrowinning(
                    electrolyte="pulp",
                    cathode="cathode",
                    spent_electrolyte="spent",
                    gas="gas",
                    antimony_deposited=1.0,
                    polysulphide_share=0.0,
                    thiosulphate_share=0.0,
                    sulphate_share=0.0,
                    hydrogen_share=0.0,
                    occluded_salts=0.0,
                ),
                "bleeding": Splitter(
                    feed="spent", product="bleed", remainder="returned", fraction=bleed
                ),
            },
        )
    )


def moles(solution, stream, species):
    return solution[stream].molar_flow(species).magnitude


def test_a_loop_fed_with_stibnite_draws_caustic_and_bleeds_sulphide():
    """Sb2S3 + 6 NaOH -> 2 Sb + 3 Na2S + 3/2 O2 + 3 H2O: no sulphide is drawn, all of it bled."""
    solution = loop("Sb2S3")
    stibnite = moles(solution, "concentrate", "Sb2S3")
    assert moles(solution, "cathode", "Sb") == pytest.approx(2 * stibnite, rel=1e-3)
    assert solution["sodium_sulphide"].mass_flow().magnitude == pytest.approx(0.0, abs=1e-9)
    assert moles(solution, "bleed", "Na2S(aq)") == pytest.approx(3 * stibnite, rel=1e-3)
    caustic = moles(solution, "caustic_soda", "NaOH(aq)") - moles(solution, "bleed", "NaOH(aq)")
    assert caustic == pytest.approx(6 * stibnite, rel=1e-3)
    assert moles(solution, "gas", "O2") == pytest.approx(1.5 * stibnite, rel=1e-3)


def test_a_loop_fed_with_oxide_draws_just_what_it_bleeds():
    solution = loop("Sb2O3", bleed="2 %")
    oxide = moles(solution, "concentrate", "Sb2O3")
    assert moles(solution, "gas", "O2") == pytest.approx(1.5 * oxide, rel=1e-3)
    for drawn, name in (("sodium_sulphide", "Na2S(aq)"), ("caustic_soda", "NaOH(aq)")):
        assert moles(solution, drawn, name) == pytest.approx(
            moles(solution, "bleed", name), rel=1e-9
        )
    taken = 6 * oxide * 1.5 * 0.02  # with half as much free as is taken, a fiftieth is bled
    assert moles(solution, "sodium_sulphide", "Na2S(aq)") == pytest.approx(taken, rel=1e-3)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"antimony_in_solution": 0.0}, r"antimony_in_solution of 0 cannot be; give 2 to 6 %"),
        ({"antimony_in_solution": 0.31}, r"antimony_in_solution of 0.31 cannot be"),
        ({"temperature": "160 degC"}, "temperature of 160 degC is no leach; give 80 to 105"),
    ],
)
def test_refused(given, message):
    with pytest.raises(InputError, match=message):
        leach(**given)


def test_a_mineral_whose_residue_is_not_on_the_list_is_refused():
    slate = Slate([*NEEDED, "Na3SbS4(aq)", "Cu12Sb4S13"])
    feed = Flow(slate, np.ones((slate.count, 1)))
    with pytest.raises(InputError, match="needs species 'Cu2S'; add it to those of the flowsheet"):
        leach().run(feed, p=leach().resolve(slate))


@pytest.mark.parametrize(
    ("given", "masses", "message"),
    [
        ({"stibnite_extraction": 0.8}, {}, "stibnite_extraction is 80.0%; 95 to 99 % is usual"),
        ({"stibnite_extraction": 1.0}, {}, "stibnite_extraction is 100.0%"),
        ({}, {"Sb2O4": 60.0}, "of the antimony comes as antimony(V) oxide or antimonate"),
        ({}, {"Sb": 20.0}, "22% of the antimony comes as metal and stays in the residue"),
        ({}, {"Na2S2O3(aq)": 5000.0}, "above some 45 % they crystallise"),
        (
            {"antimony_in_solution": 0.2, "caustic_ratio": 0.1},
            {"SiO2": 500.0},
            "% solids, more than",
        ),
        ({"temperature": "40 degC"}, {}, "temperature is 40 degC; 80 to 105 is usual"),
        (
            # 69.5 t Sb at 4 % make 1737 t of solution.
            {},
            {"NaOH(aq)": 0.13 * 1737.0},
            "the solution holds 13.0% free NaOH: extractions and cells are those of liquor of some "
            "6 %, up to 12 %; bleed more; oxides, of lead most of all, make caustic of sulphide",
        ),
    ],
)
def test_warned(given, masses, message):
    told = Run(leach(**given), Sb2S3=100.0, **masses).warnings
    assert any(message in line for line in told), told


def test_practice_is_not_warned_of():
    assert list(Run(leach(), Sb2S3=100.0, SiO2=30.0).warnings) == []
    assert Run(leach(), SiO2=30.0).warnings == ()
    assert list(Run(leach(), **{"Sb2S3": 100.0, "NaOH(aq)": 0.11 * 1737.0}).warnings) == []
