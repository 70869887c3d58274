"""What reduces antimony oxide, and with what gas, against published points."""

import numpy as np
import pytest

from flowsheet.core.errors import InputError
from unitops.smelting.furnace_practice import FURNACES, furnace_practice
from unitops.smelting.reductant import (
    FUELS,
    check_reduces,
    equilibrium_monoxide,
    is_carbon,
    least_monoxide_ratio,
)


@pytest.mark.parametrize(
    ("celsius", "share", "within"),
    [
        (500.0, 0.05, 0.02),  # textbook curve of the Boudouard equilibrium, quoted from memory
        (600.0, 0.23, 0.04),
        (675.0, 0.50, 0.04),
        (800.0, 0.88, 0.03),
        (900.0, 0.965, 0.015),
        (1000.0, 0.993, 0.004),
    ],
)
def test_gas_in_equilibrium_with_carbon(celsius, share, within):
    assert equilibrium_monoxide(celsius + 273.15)[0] == pytest.approx(share, abs=within)


def test_equilibrium_share_solves_its_own_definition():
    """From the share itself: x^2 / (1 - x) at 1 bar is the constant of C + CO2 -> 2 CO."""
    from flowsheet.core.reaction_energy import reaction_energy

    at = np.array([600.0, 1000.0, 1400.0])
    share = equilibrium_monoxide(at)
    constant = 10.0 ** reaction_energy("C + CO2 -> 2 CO", at).log10_constant
    np.testing.assert_allclose(share**2 / (1.0 - share), constant, rtol=1e-6)


@pytest.mark.parametrize(("kelvin", "ratio"), [(900.0, 0.0017), (1200.0, 0.011), (1400.0, 0.026)])
def test_little_monoxide_reduces_antimony_oxide(kelvin, ratio):
    assert least_monoxide_ratio(kelvin)[0] == pytest.approx(ratio, rel=0.06)


def test_carbon_starts_to_reduce_near_705_kelvin():
    check_reduces("coal", 708.0)
    with pytest.raises(InputError, match="does not go at 702 K"):
        check_reduces("coal", 702.0)


@pytest.mark.parametrize("kelvin", [800.0, 1200.0, 1500.0])
def test_copper_never_reduces_and_iron_always_does(kelvin):
    check_reduces("iron", kelvin)
    with pytest.raises(InputError, match=r"6 Cu .* does not go at .* use carbon, or iron on the"):
        check_reduces("copper", kelvin)


def test_complex_temperature_keeps_its_derivative():
    step = 1e-20
    exact = equilibrium_monoxide(950.0 + 1j * step)[0].imag / step
    rough = (equilibrium_monoxide(950.1)[0] - equilibrium_monoxide(949.9)[0]) / 0.2
    assert exact == pytest.approx(rough, rel=1e-5)


def test_reductants_as_bought():
    assert all(fuel.fixed_carbon + fuel.volatile_matter < 1.0 for fuel in FUELS.values())
    assert all(fuel.fixed_carbon >= 0.8 for fuel in FUELS.values())  # GB 51445-2021
    assert [is_carbon(kind) for kind in ("coke", "coal", "charcoal", "iron")] == [True] * 3 + [
        False
    ]


def test_practice_of_the_design_code():
    code = furnace_practice()["reverberatory"]
    tonnes_a_day = [86.4 * value for value in (code["hearth_load"].low, code["hearth_load"].high)]
    assert tonnes_a_day == pytest.approx([1.0, 1.5])
    assert [code["temperature"].low, code["temperature"].high] == pytest.approx([1373.15, 1473.15])
    assert code["antimony_to_fume"].high == pytest.approx(0.2)


@pytest.mark.parametrize("furnace", FURNACES)
def test_every_furnace_is_complete_and_sourced(furnace):
    settings = furnace_practice()[furnace]
    needed = {
        "temperature",
        "soda_ratio",
        "antimony_to_fume",
        "carbon_monoxide_burnt",
        "fuel_ratio",
    }
    assert needed <= set(settings)
    for name, setting in settings.items():
        assert setting.low <= setting.value <= setting.high, name
        assert setting.source, name
        assert setting.basis in ("published", "assumed"), name
