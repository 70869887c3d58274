import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.gas_cleaning.wet_scrubber import WetScrubber

SPECIES = [
    *("CaCO3", "Ca(OH)2", "Na2CO3", "CaSO4·2H2O", "CaSO3·0.5H2O", "Sb2O3", "As2O3", "SiO2"),
    *("H2O", "H2SO4", "Na2SO3(aq)", "Na2SO4(aq)"),
    *("N2", "O2", "CO2", "SO2", "SO3", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
BASE = {"limestone": "CaCO3", "lime": "Ca(OH)2", "soda": "Na2CO3"}
KINDS = sorted(BASE)


def scrubber(**given_parameters):
    known = {"efficiency", "transfer_units", "liquid_to_gas"} & set(given_parameters)
    return WetScrubber(
        **{
            "gas": "gas",
            "reagent": "reagent",
            "oxidation_air": "air",
            "water": "water",
            "cleaned": "cleaned",
            "effluent": "effluent",
            "reagent_kind": "limestone",
            **({} if known else {"efficiency": 0.95}),
            **given_parameters,
        }
    )


def scrub(unit, masses, slate=None):
    slate = slate or Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def removed(flows):
    return 1.0 - flows["cleaned"].of("SO2")[0] / flows["gas"].of("SO2")[0]


def told(unit, flows):
    found = unit.figures(flows, unit.resolve(flows["gas"].slate))
    return {figure.label: float(figure.value[0]) for figure in found}


@given(
    mass=random_masses(len(SPECIES), 2),
    kind=st.sampled_from(KINDS),
    forced=st.sampled_from([None, True, False]),
    efficiency=st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0)),
    excess=st.floats(1.0, 2.0),
    air=st.floats(1.0, 5.0),
    moisture=st.one_of(st.none(), st.floats(0.0, 0.95)),
    dust=st.floats(0.0, 1.0),
    vapour=st.floats(0.0, 1.0),
)
def test_any_gas_closes(*, mass, kind, forced, efficiency, excess, air, moisture, dust, vapour):
    unit = scrubber(
        reagent_kind=kind,
        forced_oxidation=forced,
        efficiency=efficiency,
        stoichiometric_ratio=excess,
        oxidation_air_ratio=air,
        effluent_water=moisture,
        dust_efficiency=dust,
        vapour_efficiency=vapour,
    )
    check_unit(unit, SPECIES, {"gas": mass})


@pytest.mark.parametrize("kind", KINDS)
def test_zero_feed_gives_zero(kind):
    check_zero_feed(scrubber(reagent_kind=kind), SPECIES)


@pytest.mark.parametrize("kind", KINDS)
def test_derivative(kind):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(scrubber(reagent_kind=kind), SPECIES, {"gas": mass})


@pytest.mark.parametrize(
    ("kind", "tonnes"), [("limestone", 1.562), ("lime", 1.156), ("soda", 1.654)]
)
def test_reagent_per_tonne_of_sulphur_dioxide(kind, tonnes):
    unit = scrubber(reagent_kind=kind, stoichiometric_ratio=1.0)
    flows = scrub(unit, {"SO2": 2.0, "N2": 50.0})
    taken = 0.95 * 2.0
    assert flows["reagent"].of(BASE[kind])[0] / taken == pytest.approx(tonnes, abs=0.001)
    assert told(unit, flows)["t reagent per t SO2 removed"] == pytest.approx(tonnes, abs=0.001)
    assert flows["effluent"].of(BASE[kind])[0] == 0.0


@pytest.mark.parametrize("kind", ["limestone", "lime"])
def test_gypsum_and_sulphite_per_tonne_of_sulphur_dioxide(kind):
    gypsum = scrub(scrubber(reagent_kind=kind), {"SO2": 1.0})["effluent"]
    assert gypsum.of("CaSO4·2H2O")[0] / 0.95 == pytest.approx(2.687, abs=0.001)
    unit = scrubber(reagent_kind=kind, forced_oxidation=False)
    flows = scrub(unit, {"SO2": 1.0})
    assert flows["effluent"].of("CaSO3·0.5H2O")[0] / 0.95 == pytest.approx(2.016, abs=0.001)
    assert flows["oxidation_air"].total()[0] == 0.0


@pytest.mark.parametrize(
    ("efficiency", "units"),
    [(0.90, 2.30), (0.95, 3.00), (0.98, 3.91), (0.99, 4.61), (0.995, 5.30)],
)
def test_transfer_units(efficiency, units):
    flows = scrub(scrubber(transfer_units=units), {"SO2": 1.0, "N2": 10.0})
    assert removed(flows) == pytest.approx(efficiency, abs=0.0005)
    given_efficiency = scrubber(efficiency=efficiency)
    flows = scrub(given_efficiency, {"SO2": 1.0, "N2": 10.0})
    assert told(given_efficiency, flows)["transfer units"] == pytest.approx(units, abs=0.005)


@pytest.mark.parametrize(("litres", "efficiency"), [(8, 0.85), (10, 0.90), (14, 0.95), (18, 0.98)])
def test_liquid_to_gas(litres, efficiency):
    flows = scrub(scrubber(liquid_to_gas=f"{litres} L/m^3"), {"SO2": 1.0, "N2": 1e4})
    assert removed(flows) == pytest.approx(efficiency, abs=0.012)


def test_no_transfer_removes_and_draws_nothing():
    flows = scrub(scrubber(transfer_units=0.0), {"SO2": 1.0, "N2": 10.0})
    assert flows["cleaned"].of("SO2")[0] == 1.0
    for port in ("reagent", "oxidation_air", "water", "effluent"):
        assert flows[port].total()[0] == 0.0


def test_excess_reagent_and_moisture_leave_with_the_effluent():
    unit = scrubber(stoichiometric_ratio=1.05, effluent_water="12 %")
    flows = scrub(unit, {"SO2": 1.0, "N2": 10.0, "SiO2": 0.2})
    effluent = flows["effluent"]
    assert effluent.of("CaCO3")[0] == pytest.approx(flows["reagent"].total()[0] * 0.05 / 1.05)
    assert effluent.of("H2O")[0] / effluent.total()[0] == pytest.approx(0.12)
    assert effluent.of("SiO2")[0] == pytest.approx(0.18)
    assert flows["cleaned"].of("SiO2")[0] == pytest.approx(0.02)


def test_oxidation_air_brings_spare_oxygen_to_the_gas():
    flows = scrub(scrubber(oxidation_air_ratio=3.0), {"SO2": 1.0, "O2": 0.5})
    needed = 0.5 * 0.95 / 64.06e-3
    assert flows["oxidation_air"].moles("O2")[0] == pytest.approx(3.0 * needed, rel=1e-4)
    assert flows["cleaned"].moles("O2")[0] == pytest.approx(
        2.0 * needed + 0.5 / 31.998e-3, rel=1e-4
    )
    assert flows["cleaned"].of("N2")[0] == flows["oxidation_air"].of("N2")[0]


def test_soda_makes_a_sulphite_liquor_without_air():
    flows = scrub(scrubber(reagent_kind="soda"), {"SO2": 1.0, "N2": 10.0})
    assert flows["effluent"].solids.total()[0] == pytest.approx(
        0.03 / 1.03 * flows["reagent"].total()[0]
    )
    assert flows["effluent"].of("Na2SO3(aq)")[0] == pytest.approx(0.95 * 126.04 / 64.06, rel=1e-3)
    assert flows["oxidation_air"].total()[0] == 0.0
    assert flows["cleaned"].moles("CO2")[0] == pytest.approx(0.95 / 64.06e-3, rel=1e-3)
    oxidised = scrub(scrubber(reagent_kind="soda", forced_oxidation=True), {"SO2": 1.0})
    assert oxidised["effluent"].of("Na2SO4(aq)")[0] == pytest.approx(
        0.95 * 142.04 / 64.06, rel=1e-3
    )


def test_oxide_vapours_are_washed_out_as_solids():
    flows = scrub(scrubber(), {"As4O6(g)": 1.0, "Sb4O6(g)": 2.0, "N2": 10.0})
    assert flows["effluent"].of("As2O3")[0] == pytest.approx(0.95)
    assert flows["effluent"].of("Sb2O3")[0] == pytest.approx(1.9)
    assert flows["cleaned"].of("As4O6(g)")[0] == pytest.approx(0.05)


def test_other_gases_pass_and_droplets_go_to_the_effluent():
    flows = scrub(scrubber(), {"SO3": 1.0, "H2O(g)": 2.0, "H2O": 3.0, "H2SO4": 4.0})
    assert flows["cleaned"].of("SO3")[0] == 1.0
    assert flows["cleaned"].of("H2O(g)")[0] == 2.0
    assert flows["effluent"].of("H2SO4")[0] == 4.0
    assert flows["effluent"].of("H2O")[0] >= 3.0


def test_only_species_of_its_reaction_are_required():
    unit = scrubber(reagent_kind="soda")
    slate = Slate(sorted(set(unit.required_species())))
    assert "N2" not in slate.names
    assert removed(scrub(unit, {"SO2": 1.0}, slate)) == pytest.approx(0.95)
    unit = scrubber(reagent_kind="lime")
    slate = Slate(sorted(set(unit.required_species())))
    assert removed(scrub(unit, {"SO2": 1.0, "N2": 1.0}, slate)) == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, "SO2 by volume is too strong for one stage with limestone"),
        (
            {"efficiency": 0.997, "reagent_kind": "soda"},
            r"99.70% removal is more than soda reaches",
        ),
        (
            {"stoichiometric_ratio": 1.3, "reagent_kind": "lime"},
            "stoichiometric_ratio of 1.3 is outside the 1.02 to 1.05 usual for lime",
        ),
    ],
)
def test_warnings(changed, message):
    unit = scrubber(**changed)
    flows = scrub(unit, {"SO2": 2.0, "N2": 50.0})
    (line,) = unit.warnings(flows, unit.resolve(flows["gas"].slate))
    assert message in line


def test_weak_gas_gives_no_warning():
    unit = scrubber()
    flows = scrub(unit, {"SO2": 0.2, "N2": 50.0})
    assert unit.warnings(flows, unit.resolve(flows["gas"].slate)) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"efficiency": None}, "give exactly one of efficiency, transfer_units and liquid_to_gas"),
        ({"efficiency": 0.9, "transfer_units": 3.0}, "give exactly one of efficiency"),
        ({"liquid_to_gas": 12.0}, r'liquid_to_gas of 12 m3/m3 is no scrubber .* "12 L/m\^3"'),
        (
            {"liquid_to_gas": "12 L/m^3", "reagent_kind": "soda"},
            "liquid_to_gas holds for limestone and lime only",
        ),
        ({"stoichiometric_ratio": 0.9}, "stoichiometric_ratio of 0.9 is below 1"),
        ({"oxidation_air_ratio": 0.5}, "oxidation_air_ratio of 0.5 is below 1"),
        ({"oxygen_in_air": 0.0}, "oxygen_in_air of 0 oxidises nothing"),
        ({"effluent_water": 1.0}, "effluent_water of 1 leaves no effluent but water"),
        ({"reagent_kind": "magnesia"}, "reagent_kind: must be 'limestone', 'lime' or 'soda'"),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        scrubber(**changed)


def test_it_is_linear():
    assert scrubber(efficiency=0.9).is_linear()
