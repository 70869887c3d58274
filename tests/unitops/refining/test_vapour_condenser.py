import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.vapour_pressure import vapour_pressure
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from tests.unitops.refining.stills import EVERYTHING, SPECIES, flows_of, shown
from unitops.refining.vacuum_distillation import VacuumDistillation
from unitops.refining.vapour_condenser import VapourCondenser
from unitops.streams.feed import Feed


def condenser(**parameters):
    return VapourCondenser(vapour="v", condensate="c", uncondensed="u", **parameters)


def condensed(unit, name, masses=None):
    flows, _ = flows_of(unit, EVERYTHING, masses or {"Sb": 1.0, name: 1e-3}, inlet="vapour")
    return (flows["condensate"].of(name) / flows["vapour"].of(name))[0]


@settings(max_examples=60, deadline=None)
@given(
    mass=random_masses(len(EVERYTHING), 3),
    temperature=st.floats(0.0, 1500.0),
    pressure=st.floats(0.01, 1e4),
    beta=st.one_of(st.just(0.0), st.floats(1e-9, 200.0)),
)
def test_any_vapour_closes(*, mass, temperature, pressure, beta):
    unit = condenser(
        temperature=f"{temperature:.3f} degC",
        pressure=f"{pressure} Pa",
        separation_coefficient={"Te": beta},
    )
    check_unit(unit, EVERYTHING, {"vapour": mass})


def test_zero_and_derivative():
    unit = condenser(temperature="540 degC")
    check_zero_feed(unit, EVERYTHING)
    mass = np.linspace(0.01, 0.05, len(EVERYTHING)).reshape(-1, 1)
    check_derivative(unit, EVERYTHING, {"vapour": mass})


def test_derivative_by_temperature_and_pressure():
    unit = condenser(temperature="540 degC")
    flows, p = flows_of(unit, SPECIES, {"Sb": 1.0, "As": 0.01, "Pb": 0.01}, inlet="vapour")

    def passed(**changes):
        return unit.run(flows["vapour"], p=p.replaced(changes))["uncondensed"].mass

    for name in ("temperature", "pressure"):
        value = getattr(p, name)
        exact = passed(**{name: np.array([value + 1e-30j])}).imag / 1e-30
        step = 1e-6 * value
        difference = (passed(**{name: value + step}) - passed(**{name: value - step})) / step / 2.0
        np.testing.assert_allclose(exact, difference, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("celsius", [480.0, 520.0, 560.0])
def test_antimony_left_is_its_vapour_pressure(celsius):
    unit = condenser(temperature=f"{celsius} degC", pressure="20 Pa")
    left = vapour_pressure("Sb", celsius + 273.15) / 20.0
    assert condensed(unit, "Sb") == pytest.approx(1.0 - left)


def test_differential_condensation_integrated_in_small_steps():
    # Every thousandth of the antimony that condenses takes each element by its share over beta.
    unit = condenser(
        temperature="540 degC", pressure="20 Pa", separation_coefficient={"As": 13.0, "Pb": 0.05}
    )
    left = vapour_pressure("Sb", 813.15) / 20.0
    for name, beta in (("As", 13.0), ("Pb", 0.05)):
        vapour, antimony = 1.0, 1.0
        step = (1.0 - left) / 20000
        for _ in range(20000):
            vapour -= vapour / (antimony - 0.5 * step) / beta * step
            antimony -= step
        found = condensed(unit, name)
        assert found == pytest.approx(1.0 - vapour, rel=1e-3, abs=1e-3)


def test_hot_stages_take_lead_and_cold_ones_arsenic():
    hot = condenser(temperature="540 degC", pressure="20 Pa")
    cold = condenser(temperature="300 degC", pressure="20 Pa")
    for heavy in ("Pb", "Bi", "Fe", "Cu", "SiO2", "Sb2O3"):
        assert condensed(hot, heavy) > condensed(hot, "Sb")
    for light in ("As", "Zn", "Na", "S", "Te"):
        assert condensed(hot, light) < condensed(hot, "Sb")
    assert condensed(hot, "As") < 0.2
    assert condensed(cold, "Sb") > 0.9999
    assert condensed(cold, "As") > 0.5
    assert condensed(cold, "N2") == condensed(cold, "H2O") == 0.0


@given(pair=st.tuples(st.floats(100.0, 900.0), st.floats(100.0, 900.0)).map(sorted))
def test_colder_never_condenses_less_antimony(pair):
    cold, hot = (condensed(condenser(temperature=f"{each:.3f} degC"), "Sb") for each in pair)
    assert cold >= hot


def test_above_the_dew_point_only_droplets_stay():
    unit = condenser(temperature="700 degC", pressure="10 Pa")
    flows, p = flows_of(unit, EVERYTHING, {"Sb": 1.0, "SiO2": 0.1}, inlet="vapour")
    assert flows["condensate"].of("Sb")[0] == 0.0
    assert flows["condensate"].of("SiO2")[0] == 0.1
    (warning,) = unit.warnings(flows, p)
    assert warning == (
        "temperature of 700 degC is above the 594 degC at which antimony condenses at 10 Pa: only "
        "droplets stay"
    )
    assert not condenser(temperature="540 degC").warnings(flows, p.replaced({"temperature": 813.0}))


def test_two_stages_behind_a_still():
    # All that the still evaporates is found again: antimony in the hot stage, arsenic in the cold.
    plant = Flowsheet(
        species=["Sb", "As", "Pb"],
        units={
            "metal": Feed(
                outlet="metal",
                flow="1 t/d",
                composition={"As": "0.1 %", "Pb": "0.1 %"},
                remainder="Sb",
            ),
            "still": VacuumDistillation(
                feed="metal", distillate="vapour", residue="residue", antimony_evaporated=0.9
            ),
            "hot": VapourCondenser(
                vapour="vapour",
                condensate="antimony",
                uncondensed="light",
                temperature="530 degC",
                pressure="20 Pa",
            ),
            "cold": VapourCondenser(
                vapour="light", condensate="arsenical", uncondensed="pump", temperature="250 degC"
            ),
        },
    )
    solution = solve(plant)
    assert solution["antimony"].grade("As") < 0.3 * solution["vapour"].grade("As")
    assert solution["arsenical"].grade("As") > 3.0 * solution["vapour"].grade("As")
    assert solution.recovery("Sb", to="antimony").to("").magnitude > 0.75
    assert solution["antimony"].temperature("degC").magnitude == pytest.approx(530.0)
    total = sum(
        solution.recovery("As", to=name).to("").magnitude
        for name in ("residue", "antimony", "arsenical", "pump")
    )
    assert total == pytest.approx(1.0, rel=1e-12)


def test_figures():
    unit = condenser(temperature="530 degC", pressure="20 Pa")
    flows, p = flows_of(unit, ["Sb", "As", "SiO2"], {"Sb": 1.0, "As": 0.01}, inlet="vapour")
    arsenic, antimony = (condensed(unit, name) for name in ("As", "Sb"))
    assert shown(unit, flows, p, "As condensed") == pytest.approx(100.0 * arsenic)
    assert shown(unit, flows, p, "antimony condensed") == pytest.approx(100.0 * antimony)
    purity = antimony / (antimony + 0.01 * arsenic)
    assert shown(unit, flows, p, "purity of the condensate") == pytest.approx(100.0 * purity)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"pressure": "0 Pa"}, "pressure of 0 holds no vapour; give more than 0, e.g. 10 Pa"),
        ({"temperature": "-5 degC"}, "temperature of -5 degC is none of a condenser of antimony"),
        ({"temperature": "1600 degC"}, "temperature of 1600 degC is none of a condenser"),
        ({"separation_coefficient": {"Sb": 2.0}}, "separation_coefficient.Sb is 1 by definition"),
    ],
)
def test_nonsense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        condenser(**{"temperature": "500 degC", **parameters})
