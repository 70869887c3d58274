"""Temperature, heat and strength of gas as measures: values, targets, scenarios, derivatives."""

import numpy as np
import pytest

from flowsheet import (
    Flowsheet,
    InputError,
    SolveError,
    Vary,
    heat,
    scenarios,
    sensitivities,
    solve,
    sweep,
    temperature,
    volume_share,
)
from tests.test_heat_balance import Burner, Heater, feed
from unitops.streams.mixer import Mixer
from unitops.streams.splitter import Splitter


def furnace(**given):
    return Flowsheet(
        species=["CO", "CO2", "O2", "N2"],
        units={
            "carbon_monoxide": feed("carbon_monoxide", "CO"),
            "nitrogen": feed("nitrogen", "N2", "3 kg/s"),
            "mixer": Mixer(feed=["carbon_monoxide", "nitrogen", "back"], product="mixed"),
            "burner": Burner(gas="mixed", oxygen="oxygen", burnt="burnt", **given),
            "heater": Heater(feed="burnt", product="hot", temperature="400 degC"),
            "splitter": Splitter(feed="hot", product="out", remainder="back", fraction=0.8),
        },
    )


def test_values_are_those_of_the_solution():
    solution = solve(furnace())
    many = scenarios(furnace(), {"burner.conversion": [1.0, 0.5]})
    for unit in ("burner", "heater"):
        assert many.values(heat(unit))[0] == pytest.approx(solution.heat(unit).magnitude)
    warm = solution["mixed"].temperature().magnitude
    assert many.values(temperature("mixed"))[0] == pytest.approx(warm)
    assert 25.0 < warm < 400.0
    half = solve(furnace(conversion=0.5))
    assert many.values(heat("burner"))[1] == pytest.approx(half.heat("burner").magnitude)


def test_strength_of_gas_by_volume():
    solution = solve(furnace())
    told = solution["out"].gas_composition()["CO2"].magnitude
    many = sweep(furnace(), {"burner.conversion": [1.0]})
    assert many.values(volume_share("CO2", "out"))[0] == pytest.approx(told)


def test_a_temperature_to_aim_at():
    target = temperature("mixed") == "150 degC"
    solution = solve(furnace(), specs=Vary("heater.temperature").until(target))
    assert solution["mixed"].temperature().magnitude == pytest.approx(150.0, abs=1e-3)


def test_a_strength_to_aim_at():
    target = volume_share("CO2", "out") == "20 %"
    solution = solve(furnace(), specs=Vary("nitrogen.flow").until(target))
    assert solution["out"].gas_composition()["CO2"].magnitude == pytest.approx(20.0, rel=1e-6)


def test_derivatives():
    solution = solve(furnace())
    by = "heater.temperature"
    for measure in (heat("heater"), temperature("mixed"), heat("burner")):
        found = sensitivities(solution, of=measure, by=by).rows()[0]["derivative"]
        up, down = (
            measure_value(furnace(), measure, {by: f"{celsius} degC"}) for celsius in (400.1, 399.9)
        )
        assert found == pytest.approx((up - down) / 0.2, rel=1e-3)


def measure_value(plant, measure, changes):
    return scenarios(plant.with_parameters(changes), {"burner.conversion": [1.0]}).values(measure)[
        0
    ]


def test_a_scenario_without_a_steady_state_has_no_temperature():
    many = scenarios(furnace(), {"splitter.fraction": [0.8, 0.0]})
    assert set(many.failed) == {1}
    for measure in (temperature("mixed"), heat("heater")):
        found = many.values(measure)
        np.testing.assert_array_equal(np.isnan(found), [False, True])


@pytest.mark.parametrize(
    ("measure", "line"),
    [
        (temperature("mixd"), "there is no stream 'mixd'; did you mean 'mixed'?"),
        (heat("burnr"), "heat of 'burnr': there is no such unit; did you mean 'burner'?"),
        (heat("mixer"), "heat of 'mixer': is not known: it sets no temperature"),
        (volume_share("SO2", "out"), "SO2 in the dry gas of 'out': 'SO2' is no gas of this"),
        (volume_share("CO2", "ot"), "there is no stream 'ot'; did you mean 'out'?"),
    ],
)
def test_what_is_not_there_is_refused(measure, line):
    many = sweep(furnace(), {"burner.conversion": [1.0]})
    with pytest.raises((InputError, SolveError)) as refused:
        many.values(measure)
    assert str(refused.value).startswith(line)
