"""Slag of the reduction furnace: held to a composition, to a grade, or both."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.formula import parse_formula
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_unit, check_zero_feed, random_masses, run
from tests.unitops.smelting.smelting_runs import smelt
from tests.unitops.smelting.test_reduction_furnace import MIXED, furnace
from unitops.streams.feed import Feed

SODA_IRON_SLAG = {"FeO": "36.2 %", "SiO2": "31.9 %", "CaO": "12.0 %", "Na2O": "20.0 %"}
ELEMENT = {"FeO": "Fe", "SiO2": "Si", "CaO": "Ca", "Na2O": "Na"}
PER_ELEMENT = {o: 1.0 / parse_formula(o).mass_fractions()[e] for o, e in ELEMENT.items()}
OXIDE = {"Sb2O3": 950.0, "SiO2": 25.0, "PbO": 5.0, "Al2O3": 5.0}


def slag_oxides(slate, slag):
    """FeO, SiO2, CaO and Na2O of a slag by its elements, kg/s."""
    flow = Flow(slate, slag)
    return {o: flow.element(symbol) * PER_ELEMENT[o] for o, symbol in ELEMENT.items()}


targets = st.lists(st.floats(0.02, 1.0), min_size=4, max_size=4).map(
    lambda w: {
        oxide: weight / sum(w)
        for oxide, weight in zip(ELEMENT, [w[0], 1.5 * w[1] + 0.1, w[2], w[3]], strict=True)
    }
)
targets = targets.map(lambda t: {oxide: share / sum(t.values()) for oxide, share in t.items()})


@settings(max_examples=30, deadline=None)
@given(
    mass=random_masses(len(MIXED), 2),
    target=targets,
    grade=st.one_of(st.none(), st.floats(0.0, 0.15)),
    others=st.fixed_dictionaries(
        {
            "carbon_excess": st.floats(0.0, 1.0),
            "reductant_fixed_carbon": st.floats(0.6, 1.0),
            "antimony_to_fume": st.floats(0.0, 0.5),
            "iron_to_metal": st.floats(0.0, 0.3),
            "carbon_monoxide_fraction": st.floats(0.0, 1.0),
            "iron_flux": st.sampled_from(["FeO", "Fe2O3"]),
            "lime_flux": st.sampled_from(["CaO", "CaCO3"]),
        }
    ),
)
def test_any_feed_meets_the_target_exactly_with_one_flux_left_out(mass, target, grade, others):
    unit = furnace(slag_target=target, antimony_in_slag=grade, **others)
    check_unit(unit, MIXED, {"feed": mass})
    slate = Slate(MIXED)
    made = run(unit, slate, {"feed": mass})
    oxides = slag_oxides(slate, made["slag"])
    total = sum(oxides.values())
    flux = Flow(slate, made["flux"])
    drawn = {
        "FeO": flux.of("FeO", "Fe2O3"),
        "SiO2": flux.of("SiO2"),
        "CaO": flux.of("CaO", "CaCO3"),
        "Na2O": flux.of("Na2CO3"),
    }
    for oxide, share in target.items():
        np.testing.assert_allclose(oxides[oxide], share * total, rtol=1e-9, atol=1e-12)
    least = np.min([np.array(drawn[o]) / np.maximum(total, 1e-300) for o in target], axis=0)
    assert np.all(least < 1e-9), "every oxide is fluxed, so less flux would do"


@settings(max_examples=30, deadline=None)
@given(
    mass=random_masses(len(MIXED), 2),
    grade=st.floats(0.0, 0.2),
    excess=st.floats(0.0, 1.0),
    named=st.sampled_from(
        [
            {},
            {"iron_to_silica": 1.1, "lime_to_silica": 0.9},
            {"lime_to_silica": 0.5},
            {"slag_target": {"FeO": 0.6, "CaO": 0.4}},
            {"slag_target": {"SiO2": 0.6, "CaO": 0.4}},
            {"slag_target": {"FeO": 0.7, "Na2O": 0.3}},
            {"slag_target": SODA_IRON_SLAG},
        ]
    ),
)
def test_a_grade_of_the_slag_is_met_or_explained(mass, grade, excess, named):
    unit = furnace(antimony_in_slag=grade, carbon_excess=excess, sulphide_to_matte=1.0, **named)
    check_unit(unit, MIXED, {"feed": mass})
    slate = Slate(MIXED)
    made = run(unit, slate, {"feed": mass})
    slag = Flow(slate, made["slag"])
    reached = slag.element("Sb") / np.maximum(slag.total(), 1e-300)
    all_kept = Flow(slate, made["metal"]).of("Sb") <= Flow(slate, mass).of("Sb") * (1 + 1e-9) + 1e-9
    met = np.isclose(reached, grade, rtol=1e-9, atol=1e-12)
    short = (reached < grade) & all_kept
    assert np.all(met | short | (slag.total() == 0.0)), (reached, grade)


def test_the_published_soda_iron_slag():
    """36.2 FeO, 31.9 SiO2, 12.0 CaO, 20.0 Na2O, which make 100.1."""
    unit = furnace(furnace="bath", slag_target=SODA_IRON_SLAG, antimony_in_slag="0.97 %")
    found = smelt(unit, MIXED, OXIDE)
    slag = found.made["slag"]
    oxides = {oxide: slag[oxide] for oxide in ELEMENT}
    total = sum(oxides.values())
    assert {o: 100.1 * mass / total for o, mass in oxides.items()} == pytest.approx(
        {"FeO": 36.2, "SiO2": 31.9, "CaO": 12.0, "Na2O": 20.0}, rel=1e-9
    )
    assert found.grade("slag", "Sb") == pytest.approx(0.0097, rel=1e-9)
    assert found.made["flux"]["SiO2"] == pytest.approx(0.0, abs=1e-9)  # quartz and ash suffice
    assert 0.9 < found.share("metal", "Sb") < 0.96  # recovery above 92 % published


def test_ratios_to_silica_of_the_published_direct_smelting():
    """Fe/SiO2 1.1 and CaO/SiO2 0.9 by mass."""
    unit = furnace(iron_to_silica=1.1, lime_to_silica=0.9)
    slag = smelt(unit, MIXED, OXIDE).made["slag"]
    assert slag["FeO"] * 55.845 / 71.844 == pytest.approx(1.1 * slag["SiO2"], rel=1e-4)
    assert slag["CaO"] == pytest.approx(0.9 * slag["SiO2"], rel=1e-9)
    assert slag["Na2O"] > 0.0  # soda stays as its ratio says


def test_too_much_lime_in_the_charge_raises_the_others():
    little = smelt(furnace(iron_to_silica=1.1, lime_to_silica=0.9), MIXED, OXIDE)
    much = smelt(furnace(iron_to_silica=1.1, lime_to_silica=0.9), MIXED, {**OXIDE, "CaO": 90.0})
    assert little.made["flux"]["CaCO3"] > 0.0
    assert little.made["flux"]["SiO2"] == 0.0
    assert much.made["flux"]["CaCO3"] == 0.0
    assert much.made["slag"]["SiO2"] == pytest.approx(100.0)
    assert much.made["flux"]["SiO2"] > 0.0


def test_limestone_brings_its_carbon_dioxide_and_lime_does_not():
    stone = smelt(furnace(lime_to_silica=1.0), MIXED, OXIDE)
    lime = smelt(furnace(lime_to_silica=1.0, lime_flux="CaO"), MIXED, OXIDE)
    more = stone.made["gas"]["CO2"] - lime.made["gas"]["CO2"]
    assert stone.made["flux"]["CaCO3"] == pytest.approx(
        lime.made["flux"]["CaO"] * 100.087 / 56.077, rel=1e-4
    )
    assert more == pytest.approx(lime.made["flux"]["CaO"] * 44.009 / 56.077, rel=1e-4)


def test_iron_ore_takes_carbon_that_scale_does_not():
    """2 FeO from Fe2O3 give up one oxygen: 12.011 / (2 * 71.844) kg C per kg FeO to CO."""
    common = {"iron_to_silica": 1.0, "reductant_fixed_carbon": 1.0, "iron_to_metal": 0.0}
    common["carbon_monoxide_fraction"] = 1.0
    ore = smelt(furnace(**common), MIXED, OXIDE)
    scale = smelt(furnace(**common, iron_flux="FeO"), MIXED, OXIDE)
    carbon = ore.made["reductant"]["C"] - scale.made["reductant"]["C"]
    assert carbon == pytest.approx(ore.made["slag"]["FeO"] * 12.011 / (2 * 71.844), rel=1e-4)


def test_a_grade_keeps_so_much_trioxide():
    """100 kg of inert gangue with 10 % Sb in the slag: y = 10 / (83.5354 - 10) per kg of it."""
    unit = furnace(
        antimony_in_slag="10 %", soda_ratio=0.0, reductant_fixed_carbon=1.0, antimony_to_fume=0.0
    )
    slag = smelt(unit, MIXED, {"Sb2O3": 900.0, "Al2O3": 100.0}).made["slag"]
    assert slag["Sb2O3"] == pytest.approx(100.0 * 10.0 / (83.5354 - 10.0), rel=1e-5)


def test_metal_and_grade_do_not_pay_for_a_flux_that_is_not_held():
    free = smelt(furnace(antimony_in_slag="5 %"), MIXED, OXIDE)
    assert free.made["flux"] == {**dict.fromkeys(MIXED, 0.0), "Na2CO3": pytest.approx(0.06 * 985.0)}


def test_zero_feed_gives_zero():
    check_zero_feed(furnace(slag_target=SODA_IRON_SLAG, antimony_in_slag="5 %"), MIXED)


def test_linear_only_where_the_slag_is_left_alone():
    assert furnace(antimony_to_slag=0.02).is_linear()
    assert not furnace(antimony_in_slag=0.02).is_linear()
    assert not furnace(slag_target=SODA_IRON_SLAG).is_linear()
    assert not furnace(lime_to_silica=0.9).is_linear()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"slag_target": {"FeO": 0.5, "SiO2": 0.3}}, r"slag_target adds up to 80.0%; .* 100 %"),
        ({"slag_target": {"SiO": 1.0}}, r"names SiO, for which there is no flux; .*mean 'SiO2'"),
        ({"slag_target": {"Al2O3": 1.0}}, r"slag_target names Al2O3, for which there is no flux"),
        ({"slag_target": 0.25}, r"slag_target needs a share for each oxide; name FeO, SiO2"),
        (
            {"slag_target": SODA_IRON_SLAG, "iron_flux": "none"},
            r"the slag is to hold FeO, but iron_flux is 'none'; offer it, or leave FeO out",
        ),
        (
            {"lime_to_silica": 0.9, "lime_flux": "none"},
            r"the slag is to hold CaO, but lime_flux is 'none'",
        ),
        (
            {"lime_to_silica": 0.9, "silica_flux": "none"},
            r"the slag is to hold SiO2, but silica_flux is 'none'",
        ),
        (
            {"slag_target": SODA_IRON_SLAG, "lime_to_silica": 0.9},
            r"slag_target and ratios to silica are both given; give one of them",
        ),
        (
            {"slag_target": SODA_IRON_SLAG, "soda_ratio": 0.06},
            r"soda_ratio and a target for Na2O both say how much soda; leave out soda_ratio",
        ),
        (
            {"slag_target": SODA_IRON_SLAG, "iron_to_metal": 1.0},
            r"iron_to_metal of 1 leaves no FeO for the slag; give less",
        ),
        (
            {"slag_target": SODA_IRON_SLAG, "reductant_kind": "iron"},
            r"a target of the slag needs carbon as the reductant: iron makes FeO",
        ),
        (
            {"antimony_in_slag": 0.05, "antimony_to_slag": 0.01},
            r"antimony_in_slag and antimony_to_slag say the same twice; give one of them",
        ),
        ({"antimony_in_slag": 0.6}, r"antimony_in_slag of 60% is no slag; 0.5 to 15 % is known"),
        (
            {"reductant_fixed_carbon": 0.9, "reductant_volatile_matter": 0.2},
            r"reductant_fixed_carbon \+ reductant_volatile_matter is 1.1; they share at most 1",
        ),
        ({"thermal_efficiency": 0.0}, r"thermal_efficiency of 0 heats nothing; give e.g. 25 %"),
    ],
)
def test_refused(given, message):
    with pytest.raises(InputError, match=message):
        furnace(**given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"slag_target": {"SiO2": 0.0, "FeO": 0.5, "CaO": 0.5}},
            r"slag_target of 0 for SiO2: the ash of the reductant brings it into any slag, and a "
            r"flux takes nothing out; leave SiO2 out, or name the share that the slag may hold",
        ),
        (
            {"slag_target": {"Na2O": 0.0, "FeO": 0.5, "CaO": 0.5}},
            r"slag_target of 0 for Na2O: soda, see soda_ratio, brings it into any slag",
        ),
        ({"slag_target": {"FeO": 0.0}}, r"slag_target adds up to 0.0%"),
    ],
)
def test_a_target_of_nothing_is_refused_where_any_slag_holds_some(given, message):
    with pytest.raises(InputError, match=message):
        furnace(**given)


NO_SILICA = {"SiO2": 0.0, "FeO": 0.5, "CaO": 0.5}


def refusals(unit, *charges):
    slate = Slate(MIXED)
    feed = np.zeros((len(MIXED), len(charges)))
    for column, masses in enumerate(charges):
        for name, mass in masses.items():
            feed[slate.row(name), column] = mass
    made = run(unit, slate, {"feed": feed})
    flows = {name: Flow(slate, mass) for name, mass in {**made, "feed": feed}.items()}
    return unit.refusals(flows, unit.resolve(slate))


def test_a_target_of_nothing_is_refused_where_the_charge_brings_some():
    unit = furnace(slag_target=NO_SILICA, reductant_fixed_carbon=1.0)
    clean = {"Sb2O3": 950.0, "FeO": 30.0}
    dirty = {"Sb2O3": 950.0, "SiO2": 10.0, "FeO": 20.0, "CaO": 20.0}
    none, clear, refused = refusals(unit, {}, clean, dirty)
    assert none == clear == ""
    # 10 kg of SiO2, 20 of CaO, and FeO brought up to that.
    assert refused == (
        "slag_target asks for 0.0% SiO2, but of the oxides named there the slag holds 20.0%: a "
        "flux takes nothing out; leave SiO2 out, or name the share that the slag may hold"
    )


@pytest.mark.parametrize(
    "given",
    [{}, {"slag_target": SODA_IRON_SLAG}, {"iron_to_silica": 1.1}, {"slag_target": {"SiO2": 1.0}}],
)
def test_a_target_that_is_met_is_not_refused(given):
    assert not any(refusals(furnace(**given), OXIDE, {}, {"Sb2O3": 500.0, "FeO": 300.0}))


def test_a_refused_target_ends_the_solve():
    plant = Flowsheet(
        species=MIXED,
        units={
            "oxide": Feed(
                outlet="oxide", flow="1 t/h", composition={"Sb2O3": "95 %"}, remainder="SiO2"
            ),
            "furnace": furnace(slag_target=NO_SILICA, reductant_fixed_carbon=1.0),
        },
    )
    with pytest.raises(InputError, match=r"slag_target asks for 0.0% SiO2, but of the oxides"):
        solve(plant)


@pytest.mark.parametrize(
    ("given", "charge", "message"),
    [
        (
            {"slag_target": {"SiO2": 1.0}},
            {"Sb2O3": 900.0, "SiO2": 50.0, "FeO": 50.0},
            "of the slag is none of the oxides held to a target (SiO2), whose shares are among "
            "themselves; it holds 3",
        ),
        (
            {"iron_to_silica": 1.0},
            {"Sb2O3": 900.0, "SiO2": 50.0, "Al2O3": 100.0},
            "none of the oxides held to a target (FeO, SiO2), whose",
        ),
        (
            {"slag_target": {"SiO2": 0.01, "CaO": 0.99}},
            {"Sb2O3": 960.0, "SiO2": 40.0},
            "t per t of charge, more than 0.5: SiO2 is diluted to 1.0% of the oxides held to a "
            "target; give SiO2 a larger share",
        ),
        (
            {"soda_ratio": 0.6},
            OXIDE,
            "flux is 0.60 t per t of charge, more than 0.5: draw less soda: see soda_ratio and "
            "sulphide_by_soda",
        ),
        (
            {"antimony_in_slag": "0.2 %"},
            OXIDE,
            "slag is to hold 0.20% Sb; 0.5 to 15 % is usual: ask for more",
        ),
    ],
)
def test_warned_of_the_slag(given, charge, message):
    warned = smelt(furnace(**given), MIXED, charge).warnings
    assert sum(message in text for text in warned) == 1, warned


@pytest.mark.parametrize(
    "given",
    [
        {"slag_target": SODA_IRON_SLAG, "antimony_in_slag": "5 %"},
        {"slag_target": SODA_IRON_SLAG, "antimony_in_slag": "0.5 %"},
        {"iron_to_silica": 1.1, "lime_to_silica": 0.9, "soda_ratio": 0.02},
        {"soda_ratio": 0.49},
        {},
    ],
)
def test_not_warned_of_a_usual_slag(given):
    warned = smelt(furnace(**given), MIXED, OXIDE).warnings
    said = ("none of the oxides", "flux is", "slag is to hold")
    assert not any(start in text for text in warned for start in said), warned


def test_ash_that_is_more_than_the_slag_may_hold():
    target = {"FeO": 0.99, "SiO2": 0.001, "CaO": 0.009}
    unit = furnace(slag_target=target, reductant_fixed_carbon=0.5)
    with pytest.raises(InputError, match=r"whose ash is more SiO2 than the slag may hold; ask for"):
        smelt(unit, MIXED, OXIDE)


def test_grade_where_silica_sets_the_slag_and_carbon_is_left_in_it():
    """Iron ore takes carbon, and half as much again stays in the slag with its ash."""
    unit = furnace(slag_target={"FeO": 0.5, "SiO2": 0.5}, antimony_in_slag="5 %", carbon_excess=0.5)
    found = smelt(unit, MIXED, {"Sb2O3": 800.0, "SiO2": 150.0})
    assert found.made["flux"]["SiO2"] == pytest.approx(0.0, abs=1e-9)
    assert found.made["slag"]["FeO"] == pytest.approx(found.made["slag"]["SiO2"], rel=1e-12)
    assert found.grade("slag", "Sb") == pytest.approx(0.05, rel=1e-12)


def test_a_grade_counts_the_sulphide_in_the_slag():
    charge = {"Sb2O3": 900.0, "Sb2S3": 5.0, "SiO2": 95.0}
    found = smelt(furnace(antimony_in_slag="8 %"), MIXED, charge)
    assert found.made["slag"]["Sb2S3"] == pytest.approx(3.5)
    assert found.grade("slag", "Sb") == pytest.approx(0.08, rel=1e-12)


def test_soda_is_drawn_for_the_sulphide_that_does_not_dissolve():
    unit = furnace(sulphide_to_metal="25 %", sulphide_by_soda="100 %", soda_ratio=0.0)
    found = smelt(unit, MIXED, {"Sb2S3": 339.70})
    assert found.made["flux"]["Na2CO3"] == pytest.approx(0.75 * 3 * 105.988, rel=1e-4)
    assert found.made["slag"]["Na2O"] == pytest.approx(0.0, abs=1e-9)


def test_flux_and_soda_are_told_apart_and_a_target_is_not_judged_by_its_ratio():
    found = smelt(furnace(furnace="bath", slag_target=SODA_IRON_SLAG), MIXED, OXIDE)
    flux, metal = found.made["flux"], sum(found.made["metal"].values())
    assert found.figures["soda per metal"] * metal == pytest.approx(flux["Na2CO3"])
    others = flux["Fe2O3"] + flux["CaCO3"] + flux["SiO2"]
    assert found.figures["flux per metal"] * metal == pytest.approx(others)
    assert flux["Na2CO3"] / 985.0 < 0.05  # below what the ratio of a bath furnace would be
    assert not any("soda is" in text for text in found.warnings)
