import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.every_species import check_with_particles
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.gas_cleaning.stack import Stack

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "H2O", "As(aq)"),
    *("N2", "O2", "CO", "SO2", "SO3", "H2O(g)", "As4O6(g)"),
]
NORMAL = 44.615  # mol/Nm3
THOUSAND = {"N2": 1000.0 * NORMAL * 28.014e-3}  # 1000 Nm3/s


def stack(**given_parameters):
    return Stack(gas="gas", emission="emission", **given_parameters)


def emitted(unit, masses):
    slate = Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def told(unit, masses):
    flows = emitted(unit, masses)
    found = unit.figures(flows, unit.resolve(flows["gas"].slate))
    return {figure.label: str(figure).removeprefix(figure.label).strip() for figure in found}


def warnings(unit, masses):
    flows = emitted(unit, masses)
    return unit.warnings(flows, unit.resolve(flows["gas"].slate))


LIMITED = stack(
    reference_oxygen="11 %",
    dust_limit="5 mg/Nm3",
    sulphur_dioxide_limit="400 mg/Nm3",
    sulphur_trioxide_limit="20 mg/Nm3",
    carbon_monoxide_limit="100 mg/Nm3",
    element_limit={"As": "1 mg/Nm3", "O": "1 kg/Nm3"},
)


@given(mass=random_masses(len(SPECIES)), oxygen=st.floats(0.0, 0.2))
def test_what_enters_leaves(mass, oxygen):
    unit = stack(reference_oxygen=oxygen, dust_limit="1 mg/Nm3")
    check_unit(unit, SPECIES, {"gas": mass})
    slate = Slate(SPECIES)
    gas = flow_of(slate, dict(zip(SPECIES, mass, strict=True)), 4)
    made = unit.run(gas=gas, p=unit.resolve(slate))["emission"]
    np.testing.assert_array_equal(made.mass, mass)


@given(mass=random_masses(len(SPECIES)))
def test_any_gas_has_finite_figures(mass):
    slate = Slate(SPECIES)
    gas = flow_of(slate, dict(zip(SPECIES, mass, strict=True)), 4)
    p = LIMITED.resolve(slate)
    for figure in LIMITED.figures({"gas": gas, "emission": gas}, p):
        assert np.all(np.isfinite(figure.value)), figure.label
        assert np.all(figure.value >= 0.0), figure.label
    LIMITED.warnings({"gas": gas, "emission": gas}, p)


def test_zero_feed_particles_and_derivative():
    check_zero_feed(LIMITED, SPECIES)
    assert warnings(LIMITED, {}) == []
    check_with_particles(stack(), ["gas"])
    check_derivative(LIMITED, SPECIES, {"gas": np.ones((len(SPECIES), 1))})
    assert stack().is_linear()


def test_concentrations_in_the_dry_gas():
    masses = {
        **THOUSAND,
        "SiO2": 0.010,
        "Sb2O3": 0.012,
        "As2O3": 0.001,
        "As(aq)": 0.001,
        "As4O6(g)": 0.002,
        "H2O": 1.0,
        "H2O(g)": 300.0,
    }
    figures = told(stack(), masses)
    assert figures["dry gas"] == "3.6e+06 Nm3/h"
    assert figures["dust, in the dry gas"] == "23 mg/Nm3"
    assert figures["dust emitted"] == "82.8 kg/h"
    # 12 mg Sb2O3 hold 10.02 mg Sb; 1 mg As2O3, 2 mg As4O6 and 1 mg As hold 0.757 + 1.515 + 1
    assert figures["Sb, in the dry gas"] == "10.02 mg/Nm3"
    assert figures["As, in the dry gas"] == "3.272 mg/Nm3"
    assert figures["As emitted"] == "11.78 kg/h"
    assert "As, of its limit" not in figures
    assert "factor to the reference oxygen" not in figures
    assert "CO emitted" not in figures


def test_sulphur_dioxide_by_mass_and_volume():
    """1 vol-% SO2 is 28.58 g/Nm3 by its molar mass of 64.06 over 22.414."""
    masses = {"N2": 99.0 * 28.014e-3, "SO2": 64.06e-3, "H2O(g)": 1.0}
    figures = told(stack(), masses)
    assert figures["SO2 by volume, dry"] == "1 %"
    assert figures["SO2, in the dry gas"] == "2.858e+04 mg/Nm3"


@pytest.mark.parametrize(
    ("oxygen", "reference", "factor"), [(0.11, 0.11, 1.0), (0.16, 0.11, 2.0), (0.06, 0.11, 2 / 3)]
)
def test_reference_oxygen(oxygen, reference, factor):
    masses = {"N2": (1.0 - oxygen) * 28.014e-3, "O2": oxygen * 31.998e-3, "SiO2": 1e-6}
    figures = told(stack(reference_oxygen=reference), masses)
    assert float(figures["factor to the reference oxygen"]) == pytest.approx(factor, rel=1e-3)
    dust = float(figures["dust, in the dry gas"].split()[0])
    assert dust == pytest.approx(NORMAL * factor, rel=1e-3)
    assert figures["O2 by volume, dry"] == f"{100 * oxygen:g} %"
    assert figures["dust emitted"] == told(stack(), masses)["dust emitted"]


def test_a_gas_with_less_oxygen_than_air_is_referred_without_a_warning():
    masses = {"N2": 0.8 * 28.014e-3, "O2": 0.2 * 31.998e-3, "SiO2": 1e-6}
    assert warnings(stack(reference_oxygen="6 %"), masses) == []


def test_air_cannot_be_referred():
    unit = stack(reference_oxygen="6 %", dust_limit="40 mg/Nm3")
    masses = {"N2": 0.7 * 28.014e-3, "O2": 0.3 * 31.998e-3, "SiO2": 1e-6}
    assert told(unit, masses)["dust, in the dry gas"] == "44.62 mg/Nm3"
    cannot, exceeded = warnings(unit, masses)
    assert cannot == (
        "the gas holds 30.0% O2, no less than air, and cannot be referred to 6.0%; concentrations "
        "are those of the gas as it is"
    )
    assert exceeded.startswith("44.62 mg/Nm3 dust is 4.615 above the limit of 40")


def test_shares_of_limits():
    figures = told(LIMITED, {**THOUSAND, "SiO2": 0.002})
    # Without oxygen, 11 % are 10/21 of it.
    assert figures["dust, in the dry gas"] == "0.9524 mg/Nm3"
    assert figures["dust, of its limit"] == "19.05 %"
    assert figures["CO, of its limit"] == "0 %"
    assert figures["O, of its limit"].endswith("%")
    assert "Sb, of its limit" not in figures


ALL = {
    "dust_limit": "10 mg/Nm3",
    "sulphur_dioxide_limit": "400 mg/Nm3",
    "sulphur_trioxide_limit": "10 mg/Nm3",
    "carbon_monoxide_limit": "100 mg/Nm3",
    "element_limit": {"As": "1 mg/Nm3", "Sb": "5 mg/Nm3"},
}


@pytest.mark.parametrize(
    ("masses", "message"),
    [
        (
            {"SiO2": 0.04},
            r"^40 mg/Nm3 dust is 30 above the limit of 10 \(4 times as much\); catch 75.0% of it, "
            "by a bag filter or a tighter one$",
        ),
        (
            {"SO2": 2.0},
            r"1,999 mg/Nm3 SO2 is 1,599 above the limit of 400 \(5 times as much\); take 80.0% "
            "of it out, by a scrubber or an acid plant$",
        ),
        (
            {"SO3": 0.02},
            "^20 mg/Nm3 SO3 is 10 above the limit of 10 .* 50.0% .* wet precipitator or a mist",
        ),
        (
            {"CO": 0.2},
            r"^200 mg/Nm3 CO is .* above the limit of 100 .* burn 50.0% of it, with more air",
        ),
        (
            {"As4O6(g)": 0.005},
            r"^3.787 mg/Nm3 As is 2.787 above the limit of 1 .*; 100% of it is vapour or gas: take "
            r"73.6% of all out, by filtering colder or a scrubber$",
        ),
        (
            {"Sb2O3": 0.0099},
            r"^8.27 mg/Nm3 Sb is 3.27 above the limit of 5 .*; it is in the dust: catch 39.5%",
        ),
    ],
)
def test_exceeded_limits(masses, message):
    lines = warnings(stack(**ALL), {**THOUSAND, **masses})
    assert len(lines) == 1, lines
    assert re.search(message, lines[0]), lines


def test_each_exceeded_limit_has_its_line():
    masses = {**THOUSAND, "SiO2": 0.04, "SO2": 2.0, "Sb2O3": 0.01, "As4O6(g)": 1.0}
    assert [line.split()[2] for line in warnings(stack(**ALL), masses)] == [
        "dust",
        "SO2",
        "As",
        "Sb",
    ]


def test_what_is_at_or_below_its_limit_is_not_exceeded():
    gas = {**THOUSAND, "SiO2": 0.0099, "SO2": 0.39, "As2O3": 0.00005}
    assert warnings(stack(**ALL), gas) == []
    assert warnings(stack(), {**THOUSAND, "SO2": 100.0}) == []


def test_a_limit_of_zero():
    unit = stack(dust_limit="0 mg/Nm3")
    (line,) = warnings(unit, {**THOUSAND, "SiO2": 0.001})
    assert "1 mg/Nm3 dust is 1 above the limit of 0; catch 100.0% of it" in line
    assert warnings(unit, THOUSAND) == []


def test_dust_without_gas_has_no_concentration():
    (line,) = warnings(stack(), {"SiO2": 1.0})
    assert line == "no dry gas leaves, so that there is no concentration; check the gas"


def test_limits_may_differ_by_scenario():
    slate = Slate(SPECIES)
    unit = stack(sulphur_dioxide_limit="400 mg/Nm3", reference_oxygen="11 %")
    p = unit.resolve(slate).replaced(
        {
            "sulphur_dioxide_limit": np.array([1e-5, 2e-5]),
            "reference_oxygen": np.array([0.11, 0.06]),
        }
    )
    gas = flow_of(slate, {**THOUSAND, "SO2": 1.0}, 2)
    figures = {f.label: f.value for f in unit.figures({"gas": gas, "emission": gas}, p)}
    used = figures["SO2, of its limit"]
    assert used[0] / used[1] == pytest.approx(2.0 * 10.0 / 15.0)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"reference_oxygen": "21 %"}, r"reference_oxygen of 0.21 is no less than air holds"),
        ({"element_limit": "1 mg/Nm3"}, "element_limit for all elements would limit nitrogen too"),
        (
            {"element_limit": {"As": "1 mg/Nm3", "others": "5 mg/Nm3"}},
            "element_limit for all elements would limit nitrogen too; name the elements",
        ),
        ({"sulphur_dioxide_limit": "400 mg/m^3"}, r"needs a unit of mass per normal volume of gas"),
        ({"dust_limit": 10.0}, r'dust_limit: needs a unit of .*; write e.g. "10 mg/Nm3"'),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        stack(**changed)


def test_an_element_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="element_limit: no element 'Hg' in this flowsheet"):
        stack(element_limit={"Hg": "0.05 mg/Nm3"}).resolve(Slate(SPECIES))
