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
from unitops.gas_cleaning.spray_dryer_absorber import SprayDryerAbsorber

SPECIES = [
    *("Ca(OH)2", "CaSO3·0.5H2O", "CaSO4·2H2O", "CaSO4", "Sb2O3", "As2O3", "SiO2"),
    *("H2O", "H2SO4", "N2", "O2", "CO2", "SO2", "SO3", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
NM3 = 44.615  # mol
SO2 = 64.06e-3  # kg/mol
FLUE_GAS = {"SO2": 1.5 * SO2, "O2": 80 * 31.998e-3, "N2": 918.5 * 28.014e-3}


def absorber(**given_parameters):
    return SprayDryerAbsorber(
        **{
            "gas": "gas",
            "lime": "lime",
            "water": "water",
            "treated": "treated",
            "bottom_product": "grits",
            "gas_temperature": "160 degC",
            "calcium_to_sulphur": 1.4,
            **given_parameters,
        }
    )


def spray(unit, masses, slate=None):
    slate = slate or Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def removed(flows):
    return 1.0 - flows["treated"].of("SO2")[0] / flows["gas"].of("SO2")[0]


def told(unit, flows):
    found = unit.figures(flows, unit.resolve(flows["gas"].slate))
    return {figure.label: float(np.ravel(figure.value)[0]) for figure in found}


def warnings(unit, flows):
    return list(unit.warnings(flows, unit.resolve(flows["gas"].slate)))


def product(flows):
    return flows["treated"] + flows["bottom_product"]


@given(
    mass=random_masses(len(SPECIES), 2),
    kelvin=st.floats(250.0, 800.0),
    lime=st.one_of(st.just(1.0), st.floats(1.0, 3.0)),
    efficiency=st.one_of(st.none(), st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0)),
    approach=st.floats(0.0, 60.0),
    shares=st.tuples(*[st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0))] * 4),
    sulphate=st.sampled_from(["gypsum", "anhydrite"]),
)
def test_any_gas_closes(*, mass, kelvin, lime, efficiency, approach, shares, sulphate):
    unit = absorber(
        gas_temperature=f"{kelvin} K",
        calcium_to_sulphur=lime,
        efficiency=efficiency,
        approach_to_saturation=f"{approach} K",
        share_oxidised=shares[0],
        bottom_share=shares[1],
        vapour_efficiency=shares[2],
        sulphur_trioxide_efficiency=shares[3],
        sulphate=sulphate,
    )
    check_unit(unit, SPECIES, {"gas": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(absorber(), SPECIES)


@pytest.mark.parametrize("oxygen", [0.01, 20.0])
@pytest.mark.parametrize("celsius", [50, 400])
def test_derivative(oxygen, celsius):
    """With and without enough oxygen, and heat to dry the product."""
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    mass[SPECIES.index("O2")] = oxygen
    mass[SPECIES.index("N2")] = 50.0
    check_derivative(absorber(gas_temperature=f"{celsius} degC"), SPECIES, {"gas": mass})


@pytest.mark.parametrize(("lime", "low", "high"), [(1.3, 0.80, 0.85), (1.6, 0.88, 0.92)])
def test_removal_is_that_of_practice(lime, low, high):
    assert low < removed(spray(absorber(calcium_to_sulphur=lime), FLUE_GAS)) < high


def test_as_many_moles_of_lime_as_of_sulphur_react_as_second_order():
    """Both concentrations stay equal: 1 / c grows by k, so that 1 / (1 + k) is left."""
    for rate in (1.0, 2.5, 9.0):
        unit = absorber(calcium_to_sulphur=1.0, reactivity=rate)
        assert 1.0 - removed(spray(unit, FLUE_GAS)) == pytest.approx(1.0 / (1.0 + rate))


@pytest.mark.parametrize("lime", [1.0000001, 1.2, 1.5, 3.0])
@pytest.mark.parametrize("rate", [0.5, 2.5])
def test_removal_is_that_of_two_reactants_side_by_side(lime, rate):
    """Integrated by small steps instead of by the closed form."""
    left, steps = 1.0, 20_000
    for _ in range(steps):
        half = left - 0.5 * rate * left * (lime - 1.0 + left) / steps
        left -= rate * half * (lime - 1.0 + half) / steps
    unit = absorber(calcium_to_sulphur=lime, reactivity=rate)
    assert 1.0 - removed(spray(unit, FLUE_GAS)) == pytest.approx(left, rel=1e-5)


def test_much_lime_removes_almost_all():
    assert removed(spray(absorber(calcium_to_sulphur=20.0), FLUE_GAS)) == pytest.approx(1.0)


def test_a_closer_approach_removes_more():
    found = [
        removed(spray(absorber(approach_to_saturation=f"{each} K"), FLUE_GAS))
        for each in (10, 15, 25)
    ]
    assert found[0] > found[1] + 0.02 > found[2] + 0.04
    assert found[1] == removed(spray(absorber(), FLUE_GAS))
    # At 15 K + 30 K ln 2 the rate is half of what it is at 15 K.
    slow = absorber(calcium_to_sulphur=1.0, approach_to_saturation=f"{15 + 30 * np.log(2)} K")
    assert removed(spray(slow, FLUE_GAS)) == pytest.approx(1.25 / 2.25)


def test_given_efficiency():
    unit = absorber(efficiency="88 %", reactivity=9.0)
    flows = spray(unit, FLUE_GAS)
    assert removed(flows) == pytest.approx(0.88)
    assert told(unit, flows)["SO2 removed"] == pytest.approx(0.88)


def test_lime_and_sulphite_per_tonne_of_sulphur_dioxide():
    unit = absorber(efficiency=1.0, calcium_to_sulphur=1.0, share_oxidised=0.0)
    flows = spray(unit, FLUE_GAS)
    came = flows["gas"].of("SO2")[0]
    assert flows["lime"].of("Ca(OH)2")[0] / came == pytest.approx(1.156, abs=0.001)
    assert told(unit, flows)["slaked lime per SO2 removed"] == pytest.approx(1.156, abs=0.001)
    assert product(flows).of("CaSO3·0.5H2O")[0] / came == pytest.approx(2.016, abs=0.001)
    assert product(flows).of("Ca(OH)2")[0] == 0.0
    assert told(unit, flows)["lime used"] == pytest.approx(1.0)


@pytest.mark.parametrize(("salt", "tonnes"), [("CaSO4·2H2O", 2.687), ("CaSO4", 2.125)])
def test_share_that_is_oxidised(salt, tonnes):
    kind = "gypsum" if salt == "CaSO4·2H2O" else "anhydrite"
    flows = spray(absorber(efficiency=0.9, share_oxidised=0.3, sulphate=kind), FLUE_GAS)
    taken = 0.9 * flows["gas"].of("SO2")[0]
    assert product(flows).of(salt)[0] / (0.3 * taken) == pytest.approx(tonnes, abs=0.001)
    assert product(flows).of("CaSO3·0.5H2O")[0] / (0.7 * taken) == pytest.approx(2.016, abs=0.001)
    used = flows["gas"].moles("O2")[0] - flows["treated"].moles("O2")[0]
    assert used == pytest.approx(0.5 * 0.3 * 0.9 * 1.5, rel=1e-4)


def test_oxidation_ends_with_the_oxygen():
    short = {**FLUE_GAS, "O2": 0.1 * 31.998e-3}
    flows = spray(absorber(share_oxidised=0.9, efficiency=1.0), short)
    assert flows["treated"].of("O2")[0] == 0.0
    assert product(flows).moles("CaSO4·2H2O")[0] == pytest.approx(0.2, rel=1e-4)


def test_spare_lime_and_dust_leave_dry_with_the_gas_but_for_the_bottom_product():
    unit = absorber(efficiency=0.8, calcium_to_sulphur=1.6, bottom_share=0.25)
    flows = spray(unit, {**FLUE_GAS, "SiO2": 2.0})
    assert product(flows).moles("Ca(OH)2")[0] == pytest.approx(0.8 * 1.5, rel=1e-3)
    assert told(unit, flows)["lime used"] == pytest.approx(0.5)
    for name in ("Ca(OH)2", "SiO2", "CaSO3·0.5H2O", "CaSO4·2H2O"):
        share = flows["bottom_product"].of(name)[0] / product(flows).of(name)[0]
        assert share == pytest.approx(0.25)
    assert flows["bottom_product"].gas.total()[0] == 0.0
    assert product(flows).liquid.total()[0] == 0.0
    assert told(unit, flows)["dry solids, dust included"] == product(flows).solids.total()[0]


def test_some_solids_fall_to_the_bottom_by_default():
    flows = spray(absorber(), FLUE_GAS)
    share = flows["bottom_product"].total()[0] / product(flows).solids.total()[0]
    assert share == pytest.approx(0.15)


def test_a_fifth_of_the_sulphite_is_oxidised_by_default():
    made = product(spray(absorber(), FLUE_GAS))
    gypsum, sulphite = (made.moles(name)[0] for name in ("CaSO4·2H2O", "CaSO3·0.5H2O"))
    assert gypsum / (gypsum + sulphite) == pytest.approx(0.2)


def test_lime_dust_of_the_gas_does_not_count_as_lime_drawn():
    unit = absorber(efficiency=0.8, calcium_to_sulphur=1.6)
    flows = spray(unit, {**FLUE_GAS, "Ca(OH)2": 2.0})
    assert told(unit, flows)["lime used"] == pytest.approx(0.5)


def test_trioxide_and_vapours_are_caught():
    slate = {**FLUE_GAS, "SO3": 0.8006, "As4O6(g)": 1.0, "Sb4O6(g)": 2.0}
    unit = absorber(efficiency=0.0)
    flows = spray(unit, slate)
    assert flows["treated"].of("SO3")[0] == pytest.approx(0.05 * 0.8006)
    assert product(flows).moles("CaSO4·2H2O")[0] == pytest.approx(9.5, rel=1e-3)
    assert product(flows).of("As2O3")[0] == pytest.approx(0.8)
    assert product(flows).of("Sb2O3")[0] == pytest.approx(1.6)
    assert flows["lime"].moles("Ca(OH)2")[0] == pytest.approx(1.4 * 11.5, rel=1e-3)


def test_gas_leaves_above_saturation_and_its_heat_dries_the_slurry():
    """Against steam tables: 12.35 kPa at 50 degC, 7.384 at 40; 2618 kJ/kg at 65 degC."""
    unit = absorber(approach_to_saturation="20 K", gas_temperature="200 degC")
    slate = Slate(SPECIES)
    flows = spray(unit, {"N2": 100.0}, slate)
    found = told(unit, flows)
    assert found["gas leaves at"] - found["gas is saturated at"] == pytest.approx(20.0)
    assert found["gas is saturated at"] == pytest.approx(44.7 + 273.15, abs=0.5)
    assert unit.temperatures(flows, unit.resolve(slate)) == {
        "gas": 473.15,
        "treated": pytest.approx(found["gas leaves at"]),
        "bottom_product": pytest.approx(found["gas leaves at"]),
    }
    heat = 100.0 * 1.045 * (473.15 - found["gas leaves at"])
    assert flows["water"].total()[0] * (2618.0 - 104.9) == pytest.approx(heat, rel=0.02)
    assert flows["treated"].of("H2O(g)")[0] == flows["water"].total()[0]


def test_cold_gas_evaporates_nothing():
    unit = absorber(gas_temperature="20 degC", share_oxidised=0.0)
    flows = spray(unit, FLUE_GAS)
    assert flows["water"].total()[0] == 0.0
    assert told(unit, flows)["gas leaves at"] == pytest.approx(293.15)
    # what the lime releases leaves as steam nevertheless
    released = 0.5 * (flows["gas"].moles("SO2") - flows["treated"].moles("SO2"))
    assert flows["treated"].moles("H2O(g)")[0] == pytest.approx(released[0])


def test_steam_of_the_reaction_is_part_of_what_is_evaporated():
    one = spray(absorber(efficiency=0.0), FLUE_GAS)
    other = spray(absorber(efficiency=1.0, share_oxidised=0.0), FLUE_GAS)
    assert one["treated"].of("H2O(g)")[0] == pytest.approx(other["treated"].of("H2O(g)")[0])
    less = one["water"].total()[0] - other["water"].total()[0]
    assert less == pytest.approx(0.5 * 1.5 * 18.015e-3, rel=1e-4)


def test_other_figures():
    unit = absorber(efficiency=0.9)
    flows = spray(unit, FLUE_GAS)
    found = told(unit, flows)
    assert found["SO2 left in the dry gas"] * NM3 * 1e6 == pytest.approx(429.0, rel=2e-3)  # mg/Nm3
    assert found["SO2 left, by dry volume"] == pytest.approx(150e-6, rel=2e-3)
    assert found["slaked lime"] == flows["lime"].total()[0]
    assert found["water drawn"] == flows["water"].total()[0]
    assert found["calcium sulphite"] == product(flows).of("CaSO3·0.5H2O")[0]
    slurry = flows["lime"].total()[0] / (flows["lime"] + flows["water"]).total()[0]
    assert found["lime in the slurry sprayed"] == pytest.approx(slurry)


def test_only_species_of_its_reactions_are_required():
    for kind in ("gypsum", "anhydrite"):
        unit = absorber(sulphate=kind)
        slate = Slate(sorted(set(unit.required_species())))
        assert {"CaSO4", "CaSO4·2H2O"} & set(slate.names) == {
            "CaSO4" if kind == "anhydrite" else "CaSO4·2H2O"
        }
        assert 0.8 < removed(spray(unit, {"SO2": 0.001, "O2": 1.0}, slate)) < 0.92


def test_usual_operation_gives_no_warning():
    assert warnings(absorber(), spray(absorber(), FLUE_GAS)) == []
    assert warnings(absorber(calcium_to_sulphur=9.0), spray(absorber(), {"N2": 1.0})) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"efficiency": 0.95},
            "95.0% SO2 removed is outside the 80 to 92 % of spray dryers",
        ),
        (
            {"efficiency": 0.75},
            "75.0% SO2 removed is outside the 80 to 92 % of spray dryers",
        ),
        (
            {"efficiency": 0.85, "calcium_to_sulphur": 1.2},
            "calcium_to_sulphur of 1.2 is outside the usual 1.3 to 1.6",
        ),
        (
            {"efficiency": 0.85, "calcium_to_sulphur": 1.8},
            "calcium_to_sulphur of 1.8 is outside the usual 1.3 to 1.6",
        ),
        (
            {"efficiency": 0.85, "gas_temperature": "20 degC"},
            "gas of 20 degC dries nothing: it would have to leave at 21 degC; bring it warmer",
        ),
        (
            {"efficiency": 0.85, "gas_temperature": "38 degC"},
            "is too thick to spray (up to 35%): the gas evaporates too little water for its SO2; "
            "bring it warmer, or use a wet scrubber",
        ),
        (
            {"efficiency": 0.85, "approach_to_saturation": "5 K"},
            "approach_to_saturation of 5 K is outside 10 to 25 K: closer the product cakes",
        ),
        (
            {"efficiency": 0.85, "approach_to_saturation": "30 K"},
            "approach_to_saturation of 30 K is outside 10 to 25 K",
        ),
    ],
)
def test_warnings(changed, message):
    unit = absorber(**changed)
    (line,) = warnings(unit, spray(unit, FLUE_GAS))
    assert message in line


@pytest.mark.parametrize(("share", "lines"), [(0.0019, 0), (0.0021, 1)])
def test_strong_gas_is_reported(share, lines):
    unit = absorber()
    flows = spray(unit, {"SO2": share * 64.06, "N2": (1.0 - share) * 28.014})
    found = warnings(unit, flows)
    assert len(found) == lines
    for line in found:
        assert line == (
            "0.21% SO2 by volume is above the 0.2% to which spray dryers are used; use a wet "
            "scrubber"
        )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"calcium_to_sulphur": 0.9}, "calcium_to_sulphur of 0.9 is below 1, less lime than"),
        ({"approach_to_saturation": "15 degC"}, "must lie between 0 K and 100 K"),
        ({"approach_to_saturation": 15.0}, 'needs a unit of temperature, got 15.0; .* "15 K"'),
        ({"sulphate": "bassanite"}, "sulphate: must be 'gypsum' or 'anhydrite'"),
        ({"efficiency": 1.2}, "efficiency: must lie between 0 and 1"),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        absorber(**changed)


def test_it_is_not_linear():
    assert not absorber().is_linear()
