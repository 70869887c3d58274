import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from tests.unitops.refining.stills import EVERYTHING, SPECIES, cuts, distillation, flows_of, shown
from unitops.refining.vacuum_cuts import VacuumCuts
from unitops.streams.feed import Feed

FRACTION = st.one_of(st.just(0.0), st.floats(0.0, 0.999))


@settings(max_examples=40, deadline=None)
@given(
    mass=random_masses(len(EVERYTHING), 3),
    light=FRACTION,
    heart=FRACTION,
    temperature=st.floats(500.0, 900.0),
    droplets=st.floats(0.0, 0.2),
    coefficients=st.sampled_from(["constant", "constant", "by_composition"]),
)
def test_any_feed_closes(*, mass, light, heart, temperature, droplets, coefficients):
    unit = cuts(
        light_evaporated=light,
        heart_evaporated=heart,
        heart_temperature=f"{temperature:.2f} degC",
        entrainment=droplets,
        coefficients=coefficients,
    )
    check_unit(unit, EVERYTHING, {"feed": mass})


def test_zero_feed_and_derivative():
    check_zero_feed(cuts(), EVERYTHING)
    mass = np.linspace(0.01, 0.05, len(EVERYTHING)).reshape(-1, 1)
    mass[0] = 1.0
    check_derivative(cuts(), EVERYTHING, {"feed": mass})
    check_derivative(cuts(coefficients="by_composition"), EVERYTHING, {"feed": mass})


def test_linear_with_constant_coefficients_only():
    assert cuts().is_linear()
    assert not cuts(coefficients="by_composition").is_linear()


def test_three_cuts_by_hand():
    # 20 % and 90 %, coefficients 13 and 0.02: arsenic 0.069 of its content stays after the light
    # cut; lead 0.050 of its content comes with the heart.
    unit = cuts(separation_coefficient={"As": 13.0, "Pb": 0.02})
    flows, p = flows_of(unit, ["Sb", "As", "Pb"], {"Sb": 1.0, "As": 1e-6, "Pb": 1e-6})
    after = flows["heart_cut"] + flows["residue"]
    assert after.of("As")[0] / after.of("Sb")[0] == pytest.approx(0.069e-6, rel=0.01)
    lead = flows["heart_cut"].of("Pb")[0] / flows["heart_cut"].of("Sb")[0]
    assert lead == pytest.approx(0.050e-6 * 0.8 ** (0.02 - 1.0), rel=0.01)
    assert shown(unit, flows, p, "antimony to the light cut") == pytest.approx(20.0)
    assert shown(unit, flows, p, "antimony to the heart cut") == pytest.approx(72.0)
    assert shown(unit, flows, p, "antimony to the residue") == pytest.approx(8.0)
    assert shown(unit, flows, p, "purity of the heart cut") > 99.9999


@pytest.mark.parametrize("coefficients", ["constant", "by_composition"])
def test_it_is_two_stills_in_one(coefficients):
    masses = {"Sb": 1.0, "As": 0.01, "Pb": 0.03, "SiO2": 0.001, "N2": 0.01, "Fe": 0.01}
    unit = cuts(light_evaporated=0.3, heart_evaporated=0.8, coefficients=coefficients)
    flows, _ = flows_of(unit, EVERYTHING, masses)
    settings_of_both = {"coefficients": coefficients}
    light = distillation(
        antimony_evaporated=0.3, temperature="635 degC", residual_gas="50 Pa", **settings_of_both
    )
    heart = distillation(
        antimony_evaporated=0.8, temperature="655 degC", residual_gas="5 Pa", **settings_of_both
    )
    first, _ = flows_of(light, EVERYTHING, masses)
    stripped = first["residue"]
    second = heart.run(stripped, p=heart.resolve(stripped.slate))
    for port, flow in (
        ("light_cut", first["distillate"]),
        ("heart_cut", second["distillate"]),
        ("residue", second["residue"]),
    ):
        np.testing.assert_allclose(flows[port].mass, flow.mass, rtol=1e-9, atol=1e-15)


def test_one_charge_goes_through_both_cuts():
    unit = cuts(turnaround="2 h")
    flows, p = flows_of(unit, ["Sb"], {"Sb": 100.0 / 3600.0})
    light = 0.2 * 129.8 / shown(unit, flows, p, "light cut: evaporation per surface")
    heart = 0.72 * 129.8 / shown(unit, flows, p, "heart cut: evaporation per surface")
    time = shown(unit, flows, p, "time of evaporation of a charge")
    assert time == pytest.approx(light + heart)
    assert shown(unit, flows, p, "stills") == pytest.approx(100.0 * (time + 2.0) / 129.8)


def test_outlets_leave_as_warm_as_said():
    plant = Flowsheet(
        species=["Sb", "As"],
        units={
            "metal": Feed(outlet="metal", flow="1 t/d", composition={"As": 0.001}, remainder="Sb"),
            "still": VacuumCuts(feed="metal", light_cut="light", heart_cut="heart", residue="rest"),
        },
    )
    solution = solve(plant)
    found = [solution[name].temperature("degC").magnitude for name in ("light", "heart", "rest")]
    assert found == pytest.approx([450.0, 450.0, 655.0])


def test_warnings_name_the_cut():
    unit = cuts(light_temperature="600 degC", light_residual_gas="1 Pa", heart_residual_gas="60 Pa")
    flows, p = flows_of(unit, SPECIES, {"Sb": 1.0, "Pb": 0.3})
    cold, gas, lead = unit.warnings(flows, p)
    assert cold.startswith("light cut: temperature of 600.0 degC is below the melting point")
    assert gas.startswith("heart cut: residual gas of 60 Pa exceeds the vapour pressure")
    assert "Pb is 68.1 mol-% of the residue" in lead


def test_nonsense_is_refused():
    for parameters, message in (
        ({"light_temperature": "1100 degC"}, "light_temperature of 1100 degC is above the boiling"),
        ({"heart_temperature": "1100 degC"}, "heart_temperature of 1100 degC is above the boiling"),
        ({"heart_temperature": "100 degC"}, "heart_temperature of 100 degC evaporates no antimony"),
        ({"accommodation": 0.0}, "accommodation of 0"),
        (
            {"heart_evaporated": 1.0, "coefficients": "by_composition"},
            "heart_evaporated of 100 % leaves nothing to follow",
        ),
    ):
        with pytest.raises(InputError, match=message):
            cuts(**parameters)


def test_a_cut_that_boils_in_some_scenarios_is_refused_there():
    flows, p = flows_of(cuts(), ["Sb"], {"Sb": np.array([1.0, 1.0])})
    hot = np.array([923.0, 1300.0])
    for cut in ("light", "heart"):
        fine, boils = cuts().refusals(flows, p.replaced({f"{cut}_temperature": hot}))
        assert not fine
        assert boils.startswith(f"{cut}_temperature of 1027 degC is above the boiling")
