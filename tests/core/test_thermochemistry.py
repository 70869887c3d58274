import numpy as np
import pytest

from flowsheet.core.errors import InputError
from flowsheet.core.thermochemistry import datasets, known_species, thermochemistry

# Enthalpy at 1000 K over that at 298.15 K, kJ/mol: NIST-JANAF tables, quoted from memory.
JANAF_1000 = {"O2": 22.70, "N2": 21.46, "CO2": 33.40, "CO": 21.69, "H2O(g)": 26.00, "SO2": 34.43}


@pytest.mark.parametrize(("species", "kilojoule"), JANAF_1000.items())
def test_heat_content_of_gases(species, kilojoule):
    chain = thermochemistry(species)
    content = chain.enthalpy(1000.0) - chain.enthalpy(298.15)
    assert float(content[0]) / 1e3 == pytest.approx(kilojoule, rel=0.015)


@pytest.mark.parametrize(
    ("species", "kelvin", "kilojoule"),
    [("Sb", 903.78, 19.87), ("Sb2S3", 823.0, 47.9)],
)
def test_heat_of_fusion(species, kelvin, kilojoule):
    chain = thermochemistry(species)
    taken = float(chain.enthalpy(kelvin)[0] - chain.enthalpy(kelvin - 1.0)[0])
    sensible = float(chain.heat_capacity(kelvin - 1.5)[0])
    assert (taken - sensible) / 1e3 == pytest.approx(kilojoule, rel=1e-3)
    solid, liquid = chain.phase(kelvin - 5.0), chain.phase(kelvin + 5.0)
    assert liquid == "liquid" != solid


def test_elements_are_the_zero():
    for element in ("Sb", "O2", "C", "Fe", "S", "As", "Pb", "N2"):
        assert float(thermochemistry(element).enthalpy(298.15)[0]) == 0.0


@pytest.mark.parametrize("species", known_species())
def test_curves_agree_with_each_other(species):
    """Cp is the slope of H, Cp / T that of S, and -S that of G, over the whole range."""
    for dataset in datasets(species):
        chain = thermochemistry(species, dataset)
        low, high = chain.range
        at = np.linspace(low + 1.0, high - 1.0, 400)
        # Derivatives by the complex step are exact; at a join either side is right.
        slope = chain.enthalpy(at + 1e-20j).imag / 1e-20
        capacity = chain.heat_capacity(at)
        np.testing.assert_allclose(slope, capacity, rtol=1e-9)
        assert np.all(capacity > 0.0)
        heights = chain.enthalpy(at)
        assert np.all(np.diff(heights) > 0.0), "enthalpy rises"
        if chain.has_formation:
            rises = chain.entropy(at + 1e-20j).imag / 1e-20
            np.testing.assert_allclose(rises * at, capacity, rtol=1e-9)
            falls = chain.gibbs_energy(at + 1e-20j).imag / 1e-20
            np.testing.assert_allclose(falls, -chain.entropy(at).real, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("species", known_species())
def test_enthalpy_has_no_steps(species):
    chain = thermochemistry(species)
    joins = [t for phase in chain.phases for t in (phase.start, phase.start - 1.0, phase.end)]
    for join in joins:
        if chain.range[0] < join < chain.range[1]:
            below, above = chain.enthalpy(np.array([join - 1e-7, join + 1e-7]))
            assert above - below < 2e-7 * float(chain.heat_capacity(join - 0.1)[0]) + 1.0


def test_below_298_and_above_the_range_the_heat_capacity_stays():
    chain = thermochemistry("SO2")
    cold = float(chain.heat_capacity(255.0)[0])
    assert cold == pytest.approx(float(chain.heat_capacity(298.15)[0]), rel=1e-12)


def test_a_dataset_is_picked_by_name():
    assert datasets("Sb2S3")[:2] == ("RH95", "NBS82")
    default, older = thermochemistry("Sb2S3"), thermochemistry("Sb2S3", "NBS82")
    assert float(default.enthalpy(298.15)[0]) == pytest.approx(-151.4e3)
    assert float(older.enthalpy(298.15)[0]) == pytest.approx(-174.9e3)
    assert default.dataset == "RH95"


def test_a_gas_may_be_called_a_gas():
    assert thermochemistry("O2(g)") is thermochemistry("O2")
    assert thermochemistry("H2O(g)") is not thermochemistry("H2O")


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: thermochemistry("Na2CO4"),
         r"no thermochemical data of 'Na2CO4'; did you mean 'Na2[CS]O[34]'\?"),
        (lambda: thermochemistry("Sb2O3(l)"),
         r"'Sb2O3\(l\)': a species is taken in the phase that is stable at each temperature; "),
        (lambda: thermochemistry("SiO2(g)"), r"no thermochemical data of 'SiO2\(g\)'"),
        (lambda: thermochemistry("As4O6"),
         r"no thermochemical data of 'As4O6'; did you mean 'As4O6\(g\)'\?"),
        (lambda: thermochemistry("Sb2S3", "JANAF"),
         "Sb2S3: no thermochemical dataset 'JANAF'; there is RH95, NBS82, Barin"),
        (lambda: thermochemistry("Sb2S3").enthalpy(3000.0),
         r"Sb2S3: thermochemical data \(RH95\) reach from 250 to 1800 K, got 3000 K"),
        (lambda: thermochemistry("Sb2S3").entropy(np.array([300.0, 100.0])),
         r"Sb2S3: thermochemical data \(RH95\) reach from 250 to 1800 K, got 100 K"),
        (lambda: thermochemistry("Sb2S3").gibbs_energy(np.nan),
         r"Sb2S3: thermochemical data \(RH95\) reach from 250 to 1800 K, got nan K"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused(call, complaint):
    with pytest.raises(InputError, match=f"^{complaint}"):
        call()
