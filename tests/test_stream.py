"""A stream of a solution as an engineer reads it: quantities in units, and clear refusals."""

import re

import numpy as np
import pytest

from flowsheet import Composite, Flowsheet, InputError, Particles, Species, solve
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.quantities import registry
from flowsheet.core.slate import Slate
from flowsheet.stream import Stream
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

PULP = solve(
    Flowsheet(
        ["Sb2S3", "FeAsS", "SiO2", "H2O"],
        {
            "ore": Feed(
                outlet="pulp",
                flow="100 t/h",
                composition={"Sb2S3": 0.04, "FeAsS": 0.01, "SiO2": 0.95},
                percent_solids="40 %",
            ),
            "box": Splitter(feed="pulp", product="half", remainder="other_half", fraction=0.5),
        },
    )
)["pulp"]


def gas_stream(kmol_h, **others):
    """A stream with given kmol/h of gas species, and kg/s of others."""
    slate = Slate(["N2", "O2", "SO2", "CO2", "H2O(g)", "Sb4O6(g)", "As4O6(g)", "SiO2", "H2O"])
    masses = {n: f / 3.6 * slate.molar_mass[slate.row(n)] for n, f in kmol_h.items()}
    return Stream("gas", "roaster", "outside", flow_of(slate, {**masses, **others}))


def value(quantity, unit):
    """The number of a quantity in a unit; fails if it is not of that dimension."""
    return quantity.to(unit).magnitude


def test_a_stream_knows_its_name_and_its_ends():
    assert (PULP.name, PULP.start, PULP.end) == ("pulp", "ore", "box")
    assert repr(PULP) == "<pulp: 250 t/h, ore -> box>"


def test_readings_are_quantities():
    for reading in (PULP.mass_flow(), PULP.grade("Sb"), PULP.volumetric_flow(), PULP.gas_flow()):
        assert isinstance(reading, registry().Quantity)


def test_mass_flows():
    assert value(PULP.mass_flow(), "t/h") == pytest.approx(250.0)
    assert value(PULP.dry_flow(), "t/h") == pytest.approx(100.0)
    assert value(PULP.species("Sb2S3"), "t/h") == pytest.approx(4.0)
    assert value(PULP.species("H2O"), "kg/s") == pytest.approx(150 / 3.6)


def test_flows_in_the_unit_asked_for():
    assert PULP.dry_flow("kg/s").magnitude == pytest.approx(100 / 3.6)
    assert PULP.dry_flow("t/yr").magnitude == pytest.approx(100 * 8766)
    assert PULP.dry_flow("kt/yr").magnitude == pytest.approx(876.6)
    assert PULP.species("Sb2S3", "short_ton/day").magnitude == pytest.approx(96 / 0.90718474)
    assert PULP.volumetric_flow("L/s").magnitude == pytest.approx(
        1000 * PULP.volumetric_flow("m3/s").magnitude
    )


def test_molar_flow():
    # 150 t/h of water at 18.015 kg/kmol.
    assert value(PULP.molar_flow("H2O"), "kmol/h") == pytest.approx(8326.4, rel=1e-4)
    assert PULP.molar_flow("H2O", "mol/s").magnitude == pytest.approx(8326.4 / 3.6, rel=1e-4)


def test_elements_in_whatever_species_they_are():
    # Sb 71.68 % of stibnite; S 28.32 % of stibnite and 19.69 % of arsenopyrite.
    assert value(PULP.element("Sb"), "t/h") == pytest.approx(2.867, rel=1e-3)
    assert value(PULP.element("S"), "t/h") == pytest.approx(4 * 0.2832 + 0.1969, rel=1e-3)


def test_grades_are_on_dry_solids():
    assert value(PULP.grade("Sb"), "percent") == pytest.approx(2.867, rel=1e-3)
    assert value(PULP.grade("As"), "") == pytest.approx(0.004601, rel=1e-3)
    # Of the oxygen, that of quartz only: the water does not count.
    assert value(PULP.grade("O"), "percent") == pytest.approx(95 * 0.53257, rel=1e-4)


def test_percent_solids_and_volume():
    assert value(PULP.percent_solids(), "percent") == pytest.approx(40.0)
    volume = 4 / 4.63 + 1 / 6.07 + 95 / 2.65 + 150
    assert value(PULP.volumetric_flow(), "m^3/h") == pytest.approx(volume, rel=1e-9)


def test_a_kilomole_of_gas_fills_22_414_normal_cubic_metres():
    # At 0 degC and 101.325 kPa, where a normal cubic metre of an ideal gas is 44.615 mol.
    assert gas_stream({"N2": 1.0}).gas_flow().magnitude == pytest.approx(22.414, rel=1e-6)
    mixed = gas_stream({"N2": 0.7, "SO2": 0.3})
    assert mixed.gas_flow().magnitude == pytest.approx(1000 / 44.615, rel=1e-12)
    assert mixed.gas_flow("Nm3/s").magnitude == pytest.approx(1 / 3.6 / 44.615, rel=1e-12)
    assert mixed.gas_flow("kmol/h").magnitude == pytest.approx(1.0, rel=1e-12)


def test_water_vapour_and_oxide_vapours_and_solids_do_not_count_as_dry_gas():
    gas = gas_stream(
        {"N2": 79.0, "O2": 10.0, "SO2": 8.0, "CO2": 3.0, "H2O(g)": 20.0, "Sb4O6(g)": 2.0,
         "As4O6(g)": 1.0},
        SiO2=5.0,
        H2O=3.0,
    )  # fmt: skip
    found = {name: value(share, "percent") for name, share in gas.gas_composition().items()}
    assert found == pytest.approx({"N2": 79.0, "O2": 10.0, "SO2": 8.0, "CO2": 3.0}, rel=1e-12)
    assert value(gas.gas_flow(), "kmol/h") == pytest.approx(100.0, rel=1e-12)
    assert gas.gas_flow().magnitude == pytest.approx(2241.4, rel=1e-6)


@pytest.mark.parametrize(
    "vapour",
    [
        Species("steam", formula="H2O", phase="gas"),
        Species("steam", formula="H2O(g)", phase="gas"),
        Species("fume", formula="Sb4O6(g)", phase="gas"),
        Species("fume(g)", formula="Sb4O6", phase="gas"),
    ],
)
def test_water_and_vapours_by_another_name_do_not_count_either(vapour):
    slate = Slate([vapour, "N2"])
    gas = Stream("gas", "roaster", "outside", flow_of(slate, {vapour.name: 1.0, "N2": 1.0}))
    assert set(gas.gas_composition()) == {"N2"}
    # 1 kg/s of nitrogen is 28.014 g/mol.
    assert value(gas.gas_flow(), "mol/s") == pytest.approx(1000 / 28.014, rel=1e-4)


def test_a_stream_without_gas_has_no_gas_composition():
    assert PULP.gas_composition() == {}
    assert PULP.gas_flow().magnitude == 0.0


def test_to_dict_leaves_out_zeros_and_is_in_tonnes_a_year():
    plain = PULP.to_dict()
    assert (plain["from"], plain["to"]) == ("ore", "box")
    assert plain["mass_t_yr"] == pytest.approx(250 * 8766)
    assert set(plain["species_t_yr"]) == {"Sb2S3", "FeAsS", "SiO2", "H2O"}
    assert plain["species_t_yr"]["Sb2S3"] == pytest.approx(4 * 8766)
    assert sum(plain["elements_t_yr"].values()) == pytest.approx(250 * 8766)
    assert sum(plain["grade_percent"].values()) == pytest.approx(100.0)
    assert "H" not in plain["grade_percent"]
    dry = gas_stream({"N2": 1.0}).to_dict()
    assert set(dry["species_t_yr"]) == {"N2"}
    assert set(dry["elements_t_yr"]) == {"N"}
    assert dry["grade_percent"] == {}


@pytest.mark.parametrize(
    ("read", "complaint"),
    [
        (lambda s: s.species("Sb2S"), "no species 'Sb2S' in this flowsheet; did you mean 'Sb2S3'"),
        (lambda s: s.molar_flow("FeAs"), "no species 'FeAs' .*; did you mean 'FeAsS'"),
        (lambda s: s.element("Au"), "no species of this flowsheet contains 'Au'; known here: As, "),
        (lambda s: s.grade("Sb2S3"), "no species of this flowsheet contains 'Sb2S3'"),
    ],
)
def test_a_misspelt_name_is_refused_with_what_is_known(read, complaint):
    with pytest.raises(InputError, match=complaint):
        read(PULP)


@pytest.mark.parametrize(
    ("read", "complaint"),
    [
        (lambda s: s.mass_flow("m"), '"m" does not measure what is in kg/s'),
        (lambda s: s.dry_flow("m3/h"), '"m3/h" does not measure what is in kg/s'),
        (lambda s: s.species("SiO2", "kmol/h"), '"kmol/h" does not measure what is in kg/s'),
        (lambda s: s.element("Sb", "%"), '"%" does not measure what is in kg/s'),
        (lambda s: s.molar_flow("H2O", "t/h"), '"t/h" does not measure what is in mol/s'),
        (lambda s: s.volumetric_flow("t/h"), '"t/h" does not measure what is in m^3/s'),
        (lambda s: s.gas_flow("m3/h"), '"m3/h" does not measure what is in mol/s'),
        (lambda s: s.mass_flow("foo"), '"foo" is not a unit known here'),
        (lambda s: s.mass_flow("ton/h"), '"ton" means different masses in different places, got '
         '"ton/h"; write t (metric, 1000 kg) or short_ton (907 kg)'),
        (lambda s: s.element("Sb", "mt/yr"), '"mt" means different masses in different places, got '
         '"mt/yr"; write t (metric, 1000 kg) or short_ton (907 kg), or Mt (million t)'),
        (lambda s: s.gas_flow("Nm3/hour/foo"), '"Nm3/hour/foo" is not a unit known here'),
    ],
)  # fmt: skip
def test_a_reading_in_a_unit_that_does_not_fit(read, complaint):
    with pytest.raises(InputError, match=f"^{re.escape(complaint)}$"):
        read(PULP)


def test_a_gas_has_no_grade_and_no_percent_solids():
    gas = gas_stream({"N2": 1.0})
    with pytest.raises(InputError, match=r"stream 'gas' holds no solids, so it has no grade"):
        gas.grade("Si")
    with pytest.raises(InputError, match=r"stream 'gas' holds neither solids nor liquid"):
        gas.percent_solids()


def test_a_volume_needs_densities():
    slate = Slate(["PbO", Species("gangue", formula="SiO2")])
    dust = Stream("dust", "filter", "outside", flow_of(slate, {"PbO": 1.0}))
    with pytest.raises(InputError, match=r"needs a density of PbO; define Species\('PbO', dens"):
        dust.volumetric_flow()


# --- particles ---

MIDDLINGS = Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})
SIEVED = Slate(
    ["Sb2S3", "SiO2", "CaCO3", "H2O"],
    Particles(
        sieves=["400 um", "200 um", "100 um"],
        minerals=["Sb2S3", "SiO2"],
        composites=[MIDDLINGS],
    ),
)


def sieved(stibnite=(0, 0, 0), quartz=(0, 0, 0), middlings=(0, 0, 0), unsized=(0, 0, 0, 0)):
    """A stream of t/h by class, and of solids without a size and water."""
    rows = np.array([*unsized, *stibnite, *quartz, *middlings], dtype=float)[:, None] / 3.6
    return Stream("pulp", "mill", "outside", Flow(SIEVED, rows))


# 100 t/h of particles: 5, 30 and 65 by class.
ORE = sieved((1, 2, 5), (4, 8, 40), (0, 20, 20), (0, 0, 50, 300))


def test_species_count_free_and_locked():
    # 40 t/h of middlings hold 8 of stibnite and 32 of quartz.
    assert value(ORE.species("Sb2S3"), "t/h") == pytest.approx(8.0 + 8.0)
    assert value(ORE.species("SiO2"), "t/h") == pytest.approx(52.0 + 32.0)
    assert value(ORE.species("middlings"), "t/h") == pytest.approx(40.0)
    assert value(ORE.molar_flow("Sb2S3"), "kmol/h") == pytest.approx(16e3 / 339.7, rel=1e-4)
    assert value(ORE.dry_flow(), "t/h") == pytest.approx(150.0)
    assert value(ORE.element("Sb"), "t/h") == pytest.approx(16.0 * 0.71684, rel=1e-4)
    assert value(ORE.grade("Sb"), "percent") == pytest.approx(16.0 * 71.684 / 150.0, rel=1e-4)


def test_what_passes_a_sieve():
    found = {sieve: value(share, "percent") for sieve, share in ORE.size_distribution().items()}
    assert found == pytest.approx({"400 um": 100.0, "200 um": 95.0, "100 um": 65.0})
    assert value(ORE.passing("0.1 mm"), "percent") == pytest.approx(65.0)
    assert value(ORE.passing("7 mm"), "percent") == 100.0
    assert value(ORE.passing("100 um", "Sb2S3"), "percent") == pytest.approx(100.0 * 5 / 8)
    assert value(ORE.passing("100 um", "middlings"), "percent") == pytest.approx(50.0)
    assert list(ORE.size_distribution("SiO2")) == ["400 um", "200 um", "100 um"]


def test_between_sieves_it_is_straight_in_log_log():
    # Half way between 100 and 200 um, in logarithms, is 141.4 um.
    assert value(ORE.passing("141.42136 um"), "percent") == pytest.approx(
        (65.0 * 95.0) ** 0.5, rel=1e-7
    )
    assert value(ORE.passing_size("65 %"), "um") == pytest.approx(100.0)
    p80 = ORE.passing_size()
    assert 100.0 < value(p80, "um") < 200.0
    assert value(ORE.passing(p80), "percent") == pytest.approx(80.0)
    assert value(ORE.passing_size(0.5, "middlings", "mm"), "mm") == pytest.approx(0.1)


def test_between_a_sieve_and_one_that_passes_nothing_it_is_straight():
    coarse = sieved(quartz=(0, 10, 0))
    assert value(coarse.passing("150 um"), "percent") == pytest.approx(50.0)
    assert value(coarse.passing_size("50 %"), "um") == pytest.approx(150.0)
    assert value(coarse.passing("300 um"), "percent") == pytest.approx(100.0)


def test_liberation():
    # Free: 8 of 16 t/h stibnite, 52 of 84 quartz. Calcite has no size and so no liberation.
    assert value(ORE.liberation("Sb2S3"), "percent") == pytest.approx(50.0)
    assert value(ORE.liberation("SiO2"), "percent") == pytest.approx(100.0 * 52 / 84)
    assert value(sieved(stibnite=(1, 0, 0)).liberation("Sb2S3"), "percent") == 100.0
    assert value(sieved(middlings=(1, 0, 0)).liberation("Sb2S3"), "percent") == 0.0


def test_what_has_lost_its_size_does_not_count_as_free():
    roasted = sieved((1, 0, 0), (0, 0, 0), (5, 0, 0), (100, 0, 0, 0))
    assert value(roasted.liberation("Sb2S3"), "percent") == pytest.approx(50.0)


def test_a_stream_of_particles_as_plain_numbers():
    plain = ORE.to_dict()
    assert plain["species_t_yr"] == pytest.approx(
        {name: t_h * 8766 for name, t_h in
         {"Sb2S3": 16.0, "SiO2": 84.0, "CaCO3": 50.0, "H2O": 300.0}.items()}
    )  # fmt: skip
    assert plain["passing_percent"] == pytest.approx(
        {"400 um": 100.0, "200 um": 95.0, "100 um": 65.0}
    )
    assert plain["liberation_percent"] == pytest.approx({"Sb2S3": 50.0, "SiO2": 100.0 * 52 / 84})
    water = sieved(unsized=(0, 0, 0, 5)).to_dict()
    assert not {"passing_percent", "liberation_percent"} & set(water)
    quartz = sieved(quartz=(0, 0, 5)).to_dict()
    assert quartz["liberation_percent"] == {"SiO2": 100.0}
    assert "passing_percent" not in PULP.to_dict()


@pytest.mark.parametrize(
    ("read", "complaint"),
    [
        (lambda: ORE.passing("99 um"), "passing: 99 um is finer than the finest sieve, 100 um; add "
         "finer sieves to the particles"),
        (lambda: ORE.passing(75), "passing: size: needs a unit of length, got 75; write e.g. "
         '"75 um"'),
        (lambda: ORE.passing("75 kg"), "passing: size: needs a unit of length, got \"75 kg\"; "
         'write e.g. "75 um"'),
        (lambda: ORE.passing("1 mm", "quartz"), "'quartz' has no size classes; known here: Sb2S3, "
         "SiO2, middlings"),
        (lambda: ORE.passing_size("50 %"), "passing_size: 65.0% of 'pulp' passes the finest sieve, "
         "100 um; add finer sieves, or ask for a larger share"),
        (lambda: ORE.passing_size("50 %", "Sb2S3"), "passing_size: 62.5% of Sb2S3 in 'pulp' passes "
         "the finest sieve, 100 um; add finer sieves, or ask for a larger share"),
        (lambda: ORE.passing_size("180 %"), "passing_size: share: must lie between 0 and 1, got "
         '"180 %"'),
        (lambda: ORE.passing_size(kind="midlings"), "'midlings' has no size classes; did you mean "
         "'middlings'?"),
        (lambda: ORE.passing_size(unit="t"), '"t" does not measure what is in m'),
        (lambda: sieved(unsized=(1, 1, 1, 1)).passing_size(), "stream 'pulp' holds no particles"),
        (lambda: sieved(quartz=(1, 1, 1)).passing("1 mm", "Sb2S3"), "stream 'pulp' holds no "
         "particles of Sb2S3"),
        (lambda: ORE.liberation("middlings"), "liberation: 'middlings' is no mineral of the "
         "particles; known here: Sb2S3, SiO2"),
        (lambda: ORE.liberation("Sb2S"), "liberation: 'Sb2S' is no mineral of the particles; did "
         "you mean 'Sb2S3'?"),
        (lambda: sieved(quartz=(1, 1, 1)).liberation("Sb2S3"), "liberation: 'pulp' holds no "
         "particles with Sb2S3"),
        (lambda: ORE.molar_flow("middlings"), "'middlings' is a composite and no species; name "
         "Sb2S3, SiO2"),
        (PULP.passing_size, "this flowsheet has no size classes; give it "
         "particles=Particles(sieves=..., minerals=...)"),
        (lambda: PULP.liberation("Sb2S3"), "this flowsheet has no size classes; give it "
         "particles=Particles(sieves=..., minerals=...)"),
    ],
)  # fmt: skip
def test_a_reading_of_particles_that_cannot_be(read, complaint):
    with pytest.raises(InputError, match=f"^{re.escape(complaint)}$"):
        read()
