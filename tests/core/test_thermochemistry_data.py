"""The table of thermochemical data itself, read as a file, with its own integration."""

import csv
import math
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest

from flowsheet.core.formula import parse_formula
from flowsheet.core.species import standard_species

R = 8.314462618
TRUST = {"high", "medium", "low", "estimated"}


def _read():
    text = files("flowsheet.core").joinpath("thermochemistry.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    table = {}
    for row in csv.DictReader(lines):
        table.setdefault(row["species"], {}).setdefault(row["dataset"], []).append(row)
    return table, lines


TABLE, LINES = _read()
CHAINS = [(s, d) for s, datasets in TABLE.items() for d in datasets]


def _rows(species, dataset=None):
    datasets = TABLE[species]
    return datasets[dataset] if dataset else next(iter(datasets.values()))


def _number(row, column):
    return float(row[column] or 0.0)


def _capacity(row, kelvin):
    a, b, c, d = (_number(row, term) for term in "abcd")
    return a + b * kelvin + c / kelvin**2 + d / np.sqrt(kelvin)


def _enthalpy_and_entropy(species, kelvin, dataset=None):
    """J/mol and J/(mol K), by numerical integration along the chain."""
    rows = _rows(species, dataset)
    assert kelvin <= float(rows[-1]["to_K"])
    enthalpy = entropy = 0.0
    for position, row in enumerate(rows):
        start = _number(row, "from_K")
        if position and kelvin < start:
            break
        step = 1e3 * _number(row, "enthalpy_kJ_mol")
        enthalpy += step
        entropy += _number(row, "entropy_J_mol_K") if position == 0 else step / start
        grid = np.linspace(start, min(kelvin, _number(row, "to_K")), 401)
        capacity = _capacity(row, grid)
        enthalpy += np.trapezoid(capacity, grid)
        entropy += np.trapezoid(capacity / grid, grid)
    return enthalpy, entropy


def gibbs(species, kelvin, dataset=None):
    enthalpy, entropy = _enthalpy_and_entropy(species, kelvin, dataset)
    return enthalpy - kelvin * entropy


def reaction(kelvin, **coefficients):
    return sum(n * gibbs(species, kelvin) for species, n in coefficients.items())


def vapour(gas, condensed, count, kelvin, dataset=None):
    """Pressure in mmHg of a gas over ``count`` moles of what is condensed."""
    energy = gibbs(gas, kelvin, dataset) - count * gibbs(condensed, kelvin)
    return 750.062 * math.exp(-energy / (R * kelvin))


def test_every_standard_species_but_the_dissolved_has_a_chain():
    wanted = {name for name in standard_species() if not name.endswith("(aq)")}
    assert sorted(wanted - TABLE.keys()) == []
    assert [name for name in TABLE if name.endswith("(aq)")] == []


def test_columns_and_complete_rows():
    heading = LINES[0].split(",")
    assert heading == [
        "species",
        "dataset",
        "phase",
        "from_K",
        "to_K",
        "enthalpy_kJ_mol",
        "entropy_J_mol_K",
        "a",
        "b",
        "c",
        "d",
        "trust",
        "source",
    ]
    for row in csv.reader(LINES):
        assert len(row) == len(heading)


@pytest.mark.parametrize(("species", "dataset"), CHAINS)
def test_a_chain_is_contiguous_and_complete(species, dataset):
    rows = _rows(species, dataset)
    assert float(rows[0]["from_K"]) == 298.15
    assert rows[0]["enthalpy_kJ_mol"]
    assert rows[0]["entropy_J_mol_K"]
    assert float(rows[0]["entropy_J_mol_K"]) > (5.0 if species == "C" else 15.0)
    for before, row in pairwise(rows):
        assert row["from_K"] == before["to_K"]
        assert row["entropy_J_mol_K"] == ""
        assert 0.0 <= _number(row, "enthalpy_kJ_mol") < 250.0
    for row in rows:
        assert float(row["to_K"]) > float(row["from_K"])
        assert row["trust"] in TRUST
        assert row["phase"]
        assert len(row["source"]) > 5
        assert ("extrapolated, heat capacity held" in row["source"]) <= (
            row["trust"] == "estimated"
        )


@pytest.mark.parametrize(("species", "dataset"), CHAINS)
def test_heat_capacity_is_that_of_so_many_atoms(species, dataset):
    """Between 8 and 75 J/K and mole of atoms: a wrong sign or power of ten does not pass."""
    formula = species.removesuffix("(g)")
    atoms = sum(count for _, count in parse_formula(formula).atoms)
    for row in _rows(species, dataset):
        kelvin = np.linspace(float(row["from_K"]), float(row["to_K"]), 200)
        per_atom = _capacity(row, kelvin) / atoms
        assert per_atom.min() > 8.0
        assert per_atom.max() < 75.0


@pytest.mark.parametrize(("species", "dataset"), CHAINS)
def test_formation_and_entropy_are_those_of_so_many_atoms(species, dataset):
    gas = any(row["phase"] == "gas" for row in _rows(species, dataset))
    atoms = sum(count for _, count in parse_formula(species.removesuffix("(g)")).atoms)
    first = _rows(species, dataset)[0]
    entropy = float(first["entropy_J_mol_K"]) / atoms
    enthalpy = float(first["enthalpy_kJ_mol"]) / atoms
    assert (35.0 < entropy < 180.0) if gas else (5.0 < entropy < 80.0)
    assert -340.0 < enthalpy < 130.0
    assert gas or enthalpy <= 0.0


@pytest.mark.parametrize("species", [s for s, datasets in TABLE.items() if len(datasets) > 1])
def test_datasets_of_a_species_differ_only_so_far(species):
    entropies = [float(rows[0]["entropy_J_mol_K"]) for rows in TABLE[species].values()]
    assert max(entropies) < 1.15 * min(entropies)


def test_datasets_of_a_species_stand_together():
    order = [(row["species"], row["dataset"]) for row in csv.DictReader(LINES)]
    assert len(list(dict.fromkeys(order))) == 1 + sum(a != b for a, b in pairwise(order))
    species = [name for name, _ in dict.fromkeys(order)]
    assert len(set(species)) == 1 + sum(a != b for a, b in pairwise(species))


def test_elements_have_no_enthalpy_of_formation():
    elements = [s for s in TABLE if len(parse_formula(s.removesuffix("(g)")).atoms) == 1]
    for name in elements:
        if name.endswith("(g)"):  # vapours of what is else condensed
            assert float(_rows(name)[0]["enthalpy_kJ_mol"]) > 50.0
        else:
            assert float(_rows(name)[0]["enthalpy_kJ_mol"]) == 0.0


@pytest.mark.parametrize(
    ("species", "kilojoule"),
    [
        ("Sb2S3", -151.4),
        ("Sb2O3", -720.3),
        ("Sb2O4", -907.5),
        ("FeS", -100.4),
        ("SO2", -296.8),
        ("CO2", -393.5),
        ("H2O", -285.8),
        ("CaCO3", -1207.1),
        ("Na2CO3", -1130.9),
        ("As2S3", -169.0),
    ],
)
def test_enthalpies_of_formation_of_the_default_datasets(species, kilojoule):
    assert float(_rows(species)[0]["enthalpy_kJ_mol"]) == pytest.approx(kilojoule, abs=0.1)


def test_disagreeing_sources_can_be_chosen():
    stibnite = {d: float(rows[0]["enthalpy_kJ_mol"]) for d, rows in TABLE["Sb2S3"].items()}
    assert stibnite == {"RH95": -151.4, "NBS82": -174.9, "Barin": -205.0}
    for species in ("FeO", "FeS2", "Fe2O3", "Fe3O4", "As2S3", "As4O6(g)"):
        assert len(TABLE[species]) > 1


@pytest.mark.parametrize(
    ("species", "kelvin", "kilojoule"),
    [  # handbook values of fusion: CRC Handbook, 95th edition
        ("Sb", 903.8, 19.79),
        ("Pb", 600.6, 4.774),
        ("Cu", 1357.8, 13.26),
        ("Fe", 1811.0, 13.81),
        ("Ag", 1234.9, 11.30),
        ("Au", 1337.3, 12.55),
        ("Bi", 544.6, 11.106),
        ("Zn", 692.7, 7.07),
        ("Sb2S3", 823.0, 47.9),
        ("Sb2O3", 929.0, 54.0),
        ("FeS", 1464.0, 31.5),
        ("Na2CO3", 1125.0, 29.7),
        ("Na2SO4", 1157.0, 23.85),
        ("NaOH", 596.0, 6.6),
        ("Cu2O", 1517.0, 65.6),
    ],
)
def test_fusion(species, kelvin, kilojoule):
    (row,) = (r for r in _rows(species) if r["phase"] == "liquid")
    assert float(row["from_K"]) == pytest.approx(kelvin, abs=5.0)
    assert float(row["enthalpy_kJ_mol"]) == pytest.approx(kilojoule, rel=0.05)


def test_heat_content_against_published_tables():
    """H(T) - H(298.15 K) in kJ/mol, NIST-JANAF 1998, quoted from memory."""
    for species, kelvin, expected in (
        ("N2", 1000.0, 21.46),
        ("O2", 1000.0, 22.70),
        ("CO2", 1000.0, 33.40),
        ("CO2", 1500.0, 61.71),
        ("H2O(g)", 1000.0, 26.00),
        ("SO2", 1000.0, 34.43),
        ("CO", 1000.0, 21.69),
        ("C", 1000.0, 11.80),
    ):
        found = _enthalpy_and_entropy(species, kelvin)[0]
        formation = 1e3 * float(_rows(species)[0]["enthalpy_kJ_mol"])
        assert (found - formation) / 1e3 == pytest.approx(expected, rel=0.02), species


def test_water_boils_at_100_degrees_and_lime_burns_at_about_900():
    assert vapour("H2O(g)", "H2O", 1.0, 373.15) == pytest.approx(760.0, rel=0.02)
    assert reaction(1120.0, CaCO3=-1, CaO=1, CO2=1) > 0.0 > reaction(1190.0, CaCO3=-1, CaO=1, CO2=1)
    assert gibbs("CaO", 785.0) + gibbs("H2O(g)", 785.0) - gibbs("Ca(OH)2", 785.0) == pytest.approx(
        0.0, abs=2000.0
    )


@pytest.mark.parametrize("kelvin", [929.5, 1000.0, 1100.0, 1200.0, 1300.0, 1400.0, 1500.0])
def test_molten_antimony_trioxide_against_shishin(kelvin):
    shishin = -722257.03 + 907.22912 * kelvin - 156.9 * kelvin * math.log(kelvin)
    assert gibbs("Sb2O3", kelvin) == pytest.approx(shishin, abs=1400.0)


@pytest.mark.parametrize(
    ("kelvin", "a", "b"),
    [
        (790.0, 12.195, 10357.0),
        (885.0, 11.318, 9625.0),
        (950.0, 5.137, 3900.0),
        (1150.0, 5.137, 3900.0),
        (1350.0, 5.137, 3900.0),
        (1550.0, 5.137, 3900.0),
        (1729.0, 5.137, 3900.0),
    ],
)
def test_vapour_of_antimony_trioxide_against_hincke(kelvin, a, b):
    assert vapour("Sb4O6(g)", "Sb2O3", 2.0, kelvin) == pytest.approx(
        10 ** (a - b / kelvin), rel=0.17
    )


@pytest.mark.parametrize(
    ("kelvin", "mmhg"), [(212.5 + 273.15, 1.0), (299.2 + 273.15, 40.0), (650.0, 286.6)]
)
def test_vapour_of_arsenic_trioxide(kelvin, mmhg):
    """Two points of Stull 1947, and ln p(atm) = 6.869 - 5098/T, doi 10.1007/BF02646358."""
    assert vapour("As4O6(g)", "As2O3", 2.0, kelvin) == pytest.approx(mmhg, rel=0.3)


def test_vapour_of_antimony_boils_near_1860_and_is_sb4_first():
    def both(kelvin):
        return vapour("Sb4(g)", "Sb", 4.0, kelvin), vapour("Sb2(g)", "Sb", 2.0, kelvin)

    assert sum(both(1860.0)) == pytest.approx(760.0, rel=0.25)
    assert sum(both(1562.0)) == pytest.approx(100.0, rel=0.1)
    four, two = both(923.0)
    assert four / (four + two) == pytest.approx(0.98, abs=0.01)
    four, two = both(1600.0)
    assert two > four


@pytest.mark.parametrize(
    ("kelvin", "kilojoule"),
    [(298.15, 200.0), (900.0, 164.0), (1200.0, 153.0), (1500.0, 152.0)],
)
def test_copper_does_not_reduce_antimony_trioxide(kelvin, kilojoule):
    found = reaction(kelvin, Sb2O3=-1, Cu=-6, Sb=2, Cu2O=3) / 1e3
    assert found == pytest.approx(kilojoule, abs=5.0)


@pytest.mark.parametrize(
    ("kelvin", "kilojoule"), [(298.15, -152.0), (1000.0, -179.0), (1300.0, -186.0)]
)
def test_iron_reduces_antimony_sulphide(kelvin, kilojoule):
    found = reaction(kelvin, Sb2S3=-1, Fe=-3, Sb=2, FeS=3) / 1e3
    assert found == pytest.approx(kilojoule, abs=5.0)


def test_carbon_reduces_antimony_trioxide_from_about_432_degrees():
    assert reaction(690.0, Sb2O3=-1, C=-3, Sb=2, CO=3) > 0.0
    assert reaction(720.0, Sb2O3=-1, C=-3, Sb=2, CO=3) < 0.0


def test_antimony_tetroxide_loses_oxygen_near_1500_kelvin():
    assert reaction(1450.0, Sb2O3=-1, O2=-0.5, Sb2O4=1) < 0.0
    assert reaction(1580.0, Sb2O3=-1, O2=-0.5, Sb2O4=1) > 0.0


@pytest.mark.parametrize(
    ("coefficients", "kilojoule"),
    [  # Gibbs energies of formation at 298.15 K of CRC Handbook, 95th edition
        ({"Pb": -1, "O2": -0.5, "PbO": 1}, -188.9),
        ({"Fe": -2, "O2": -1.5, "Fe2O3": 1}, -742.2),
        ({"Zn": -1, "O2": -0.5, "ZnO": 1}, -320.5),
        ({"Cu": -2, "O2": -0.5, "Cu2O": 1}, -146.0),
        ({"Sn": -1, "O2": -1, "SnO2": 1}, -515.8),
        ({"Na": -2, "S": -1, "O2": -2, "Na2SO4": 1}, -1270.2),
        ({"Na": -2, "C": -1, "O2": -1.5, "Na2CO3": 1}, -1044.4),
        ({"S": -1, "O2": -1.5, "SO3": 1}, -371.1),
        ({"Sb": -2, "O2": -2.5, "Sb2O5": 1}, -829.2),
        ({"As": -2, "S": -3, "As2S3": 1}, -168.6),
        ({"Bi": -2, "S": -3, "Bi2S3": 1}, -140.6),
        ({"Hg": -1, "S": -1, "HgS": 1}, -50.6),
        ({"Pb": -1, "S": -1, "PbS": 1}, -98.7),
    ],
)
def test_gibbs_energy_of_formation(coefficients, kilojoule):
    found = reaction(298.15, **coefficients) / 1e3
    assert found == pytest.approx(kilojoule, abs=4.0)


def test_sums_are_sums():
    """A sulphosalt costs nothing to take apart, at every temperature."""
    for kelvin in (298.15, 500.0, 900.0, 1500.0):
        for whole, parts in {
            "FeSb2S4": {"FeS": 1, "Sb2S3": 1},
            "Pb4FeSb6S14": {"PbS": 4, "FeS": 1, "Sb2S3": 3},
            "Cu12Sb4S13": {"Cu2S": 5, "CuS": 2, "Sb2S3": 2},
            "Sb2S2O": {"Sb2S3": 2 / 3, "Sb2O3": 1 / 3},
        }.items():
            apart = sum(n * _enthalpy_and_entropy(part, kelvin)[0] for part, n in parts.items())
            assert _enthalpy_and_entropy(whole, kelvin)[0] == pytest.approx(apart, abs=300.0)


def test_furnaces_are_in_range():
    """What a furnace at 1500 degC may hold; hydrates, water and acid decompose or boil."""
    short = {s for s in TABLE if float(_rows(s)[-1]["to_K"]) < 1800.0}
    assert short == {"CaSO4·2H2O", "CaSO3·0.5H2O", "NH4H2PO4", "H2O", "H2SO4"}
