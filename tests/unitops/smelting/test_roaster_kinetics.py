"""Predicted oxidation of stibnite: shrinking core with the kinetics of Padilla and others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from unitops.smelting.roaster import Roaster

SPECIES = [
    *("Sb2S3", "FeS2", "SiO2", "CaCO3", "CaSO4", "CaO", "Sb2O3", "Sb2O4", "Fe2O3", "H2O"),
    *("O2", "N2", "CO2", "SO2", "H2O(g)", "Sb4O6(g)"),
]


def roaster(**changed):
    fixed = {
        "mode": "dead",
        "temperature": "450 degC",
        "excess_air": 1.0,
        "conversion": "predicted",
        "residence_time": "10 min",
    }
    ports = {"feed": "ore", "air": "air", "fuel": "coal", "calcine": "calcine", "gas": "gas"}
    return Roaster(**ports, **{**fixed, **changed})


def roast(unit, masses=None):
    slate = Slate(SPECIES)
    feed = flow_of(slate, masses or {"Sb2S3": 1.0})
    return {"feed": feed, **unit.run(feed=feed, p=unit.resolve(slate))}


def figures(unit, flows):
    told = unit.figures(flows, unit.resolve(flows["feed"].slate))
    return {figure.label: float(figure.value[0]) for figure in told}


def warnings(unit, masses=None):
    flows = roast(unit, masses)
    return unit.warnings(flows, unit.resolve(flows["feed"].slate))


def conversion(**changed):
    unit = roaster(**changed)
    flows = roast(unit)
    found = figures(unit, flows)["predicted conversion of stibnite"]
    left = (flows["calcine"] + flows["gas"]).of("Sb2S3")[0]
    assert 1.0 - left == pytest.approx(found, abs=1e-12)
    return found


def core(share):
    """What is left of the radius of a particle."""
    return (1.0 - share) ** (1.0 / 3.0)


def test_rate_at_reference_conditions_is_the_one_given():
    """Air in which next to nothing is used up, 450 degC, 75 um, k t = 0.05 1/min * 10 min."""
    fresh = {"excess_air": 1e5, "oxygen_in_air": 21.3 / 101.325}
    assert conversion(**fresh) == pytest.approx(1.0 - 0.5**3, rel=1e-4)
    assert conversion(**fresh, particle_size="150 um") == pytest.approx(1 - 0.75**3, rel=1e-4)
    assert conversion(**fresh, residence_time="20 min") == pytest.approx(1.0, rel=1e-9)
    assert conversion(**fresh, residence_time="3 h") == 1.0


def test_activation_energy_of_90_kilojoules():
    slow = {"residence_time": "1 min"}
    rates = [1.0 - core(conversion(temperature=f"{t} degC", **slow)) for t in (380, 480)]
    slope = np.log(rates[1] / rates[0]) / (1.0 / 653.15 - 1.0 / 753.15)
    assert 8.314462618 * slope == pytest.approx(90.3e3, rel=1e-6)


def test_order_of_oxygen():
    """0.6, so that a tenth of the oxygen leaves a quarter of the rate."""
    slow = {"residence_time": "1 min", "excess_air": 1e6}
    rates = [1.0 - core(conversion(oxygen_in_air=x, **slow)) for x in (0.2, 0.02)]
    assert rates[1] / rates[0] == pytest.approx(0.2512, rel=1e-3)


def test_well_mixed_gas_without_excess_oxidises_nothing():
    assert conversion(excess_air=0.0, oxygen_seen="leaving") == 0.0
    assert conversion(excess_air=0.0) > 0.1
    assert conversion(oxygen_seen="leaving") < conversion()


def test_mean_conversion_of_mixed_solids():
    """Mean of a shrinking core over exponential times, integrated numerically."""
    fresh = {"excess_air": 1e9, "oxygen_in_air": 21.3 / 101.325, "solids_mixing": "mixed"}
    for minutes in (0.001, 0.1, 2.0, 40.0, 399.0, 401.0, 4000.0):
        mean = minutes / 20.0
        times = np.linspace(0.0, min(1.0, 50.0 * mean), 200_001)  # over that to burn through
        left = (1.0 - times) ** 3 * np.exp(-times / mean) / mean
        expected = 1.0 - float(np.sum(0.5 * (left[1:] + left[:-1]) * np.diff(times)))
        found = conversion(residence_time=f"{minutes} min", **fresh)
        assert found == pytest.approx(expected, rel=1e-8, abs=2e-8)


def test_other_sulphides_keep_the_conversion_given():
    flows = roast(roaster(sulphide_conversion=0.7), {"Sb2S3": 1.0, "FeS2": 1.0})
    assert (flows["calcine"] + flows["gas"]).of("FeS2")[0] == pytest.approx(0.3)


def test_slate_without_stibnite():
    unit = roaster()
    slate = Slate(["FeS2", "Fe2O3", "SO2", "O2", "N2"])
    made = unit.run(feed=flow_of(slate, {"FeS2": 1.0}), p=unit.resolve(slate))
    assert made["calcine"].of("Fe2O3")[0] > 0.0


UNITS = [
    roaster(),
    roaster(solids_mixing="mixed", sulphation=0.3),
    roaster(oxygen_seen="leaving", residence_time="1 min"),
    roaster(mode="volatilising", temperature="640 degC", solids_mixing="mixed"),
]


@given(mass=random_masses(len(SPECIES), 2), which=st.sampled_from(UNITS))
def test_any_feed_closes(mass, which):
    check_unit(which, SPECIES, {"feed": mass})


@pytest.mark.parametrize("unit", UNITS)
def test_derivative_and_zero_feed(unit):
    check_derivative(unit, SPECIES, {"feed": np.linspace(1.0, 3.0, len(SPECIES))[:, None]})
    check_zero_feed(unit, SPECIES)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"temperature": "600 degC"}, "measured at 350 to 500 degC; 600 degC is outside"),
        ({"temperature": "320 degC"}, "measured at 350 to 500 degC; 320 degC is outside"),
        ({"oxygen_in_air": 0.5}, "measured in 1.01 to 21.3 kPa O2; here"),
        ({"excess_air": 0.01, "oxygen_seen": "leaving"}, "measured in 1.01 to 21.3 kPa O2; here"),
        ({"residence_time": "1 min"}, "of the stibnite is oxidised; give it more residence_time"),
    ],
)
def test_warnings(changed, message):
    assert any(message in line for line in warnings(roaster(**changed)))


def test_no_warning_within_what_was_measured():
    assert warnings(roaster(residence_time="1 h")) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"sulphide_conversion": {"Sb2S3": 0.9}},
            "sulphide_conversion of Sb2S3 of 0.9 is given, but conversion 'predicted' finds it",
        ),
        ({"residence_time": None}, "residence_time is not given, which conversion 'predicted'"),
        (
            {"conversion": "given"},
            "residence_time is given, but conversion is 'given' too; leave one out",
        ),
        ({"residence_time": "-1 min"}, "residence_time: must be 0"),
        ({"particle_size": "0 um"}, "particle_size: must be"),
        ({"solids_mixing": "well"}, "solids_mixing: must be 'plug' or 'mixed'"),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        roaster(**changed)
