import csv
from importlib.resources import files

import numpy as np
import pytest

from flowsheet.core.errors import InputError
from flowsheet.core.formula import parse_formula
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species, find_species, standard_species

TABLE = files("flowsheet.core").joinpath("species.csv").read_text(encoding="utf-8").splitlines()
ROWS = list(csv.DictReader(line for line in TABLE if not line.startswith("#")))


def test_the_table_names_every_species_once():
    names = [row["name"] for row in ROWS]
    assert len(names) > 80
    assert sorted(set(names)) == sorted(names)
    assert set(standard_species()) == set(names)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_row_of_the_table(row):
    assert None not in row, "a comma too many; put the source in quotes"
    species = find_species(row["name"])
    assert species.phase == row["phase"]
    assert species.molar_mass > 0.0
    assert species.composition.charge == 0
    assert sum(species.composition.mass_fractions().values()) == pytest.approx(1.0, rel=1e-14)
    assert bool(row["density_kg_m3"]) == bool(row["density_source"])
    if row["density_kg_m3"]:
        assert species.density == pytest.approx(float(row["density_kg_m3"]))
        assert 900.0 < species.density < 22_600.0, "lighter than oil or heavier than osmium"
    assert row["name"].endswith("(g)") <= (row["phase"] == "gas")
    assert row["name"].endswith("(aq)") <= (row["phase"] == "liquid")


def test_the_same_formula_in_another_state_is_another_species():
    assert find_species("H2O").phase == "liquid"
    assert find_species("H2O(g)").phase == "gas"
    assert find_species("H2O").molar_mass == find_species("H2O(g)").molar_mass


def test_only_gases_are_gases():
    gases = {name for name, species in standard_species().items() if species.phase == "gas"}
    permanent = {"O2", "N2", "H2", "CO", "CO2", "SO2", "SO3", "H2S", "NH3", "HCl", "HF", "Cl2"}
    assert {name for name in gases if not name.endswith("(g)")} <= permanent


def test_a_misspelt_species_is_refused_with_the_nearest():
    with pytest.raises(
        InputError, match=r"'Sb2S' is not one of .*; did you mean 'Sb2S3'\?.*Define"
    ):
        find_species("Sb2S")


def test_a_species_of_ones_own():
    gangue = Species("gangue", formula="KAl3Si3O10(OH)2", density="2.7 g/cm3", source="pycnometer")
    assert gangue.density == pytest.approx(2700.0)
    assert gangue.phase == "solid"
    assert gangue.molar_mass == parse_formula("KAl3Si3O10(OH)2").molar_mass
    assert Species("Sb2Te3").formula == "Sb2Te3"


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("gangue", {}, "formula 'gangue': 'g' is not allowed there"),
        ("gangue", {"formula": "Qz"}, "formula 'Qz': 'Qz' is not an element"),
        ("SiO2", {"phase": "solud"}, "Species.phase: must be 'solid', 'liquid' or 'gas'"),
        ("SiO2", {"density": 2650}, "Species.density: needs a unit of mass per volume, got 2650"),
        ("SiO2", {"density": "0 kg/m^3"}, "Species.density: must be above 0 kg/m^3"),
        ("SiO2", {"densty": "2650 kg/m^3"}, "there is no such parameter; did you mean 'density'"),
    ],
)
def test_a_species_that_makes_no_sense_is_refused(name, data, complaint):
    with pytest.raises(InputError) as refused:
        Species(name, **data)
    assert complaint in str(refused.value)


def test_a_slate_keeps_the_order_written():
    slate = Slate(["SiO2", Species("ore", formula="Sb2S3"), "H2O", "SO2"])
    assert slate.names == ("SiO2", "ore", "H2O", "SO2")
    assert slate.row("ore") == 1
    assert "ore" in slate
    assert "Sb2S3" not in slate
    assert slate.elements == ("H", "O", "S", "Sb", "Si")
    np.testing.assert_array_equal(slate.condensed_rows, [0, 1, 2])
    np.testing.assert_array_equal(slate.in_phase("gas"), [[0], [0], [0], [1]])


def test_rows_leave_out_what_does_not_flow():
    slate = Slate(["SiO2", "Sb2S3"])
    assert slate.rows("Sb2S3", "Au", "SiO2") == [1, 0]
    with pytest.raises(InputError, match=r"no species 'SiO' in this flowsheet; did you mean 'SiO2"):
        slate.row("SiO")


def test_elements_of_every_standard_species_add_up_to_its_mass():
    slate = Slate(standard_species().values())
    np.testing.assert_allclose(slate.element_fractions.sum(axis=0), 1.0, rtol=1e-14)
    # Stibnite is 71.68 % antimony (Handbook of Mineralogy: 71.69 %).
    antimony = slate.element_fractions[slate.elements.index("Sb"), slate.row("Sb2S3")]
    assert antimony == pytest.approx(0.7168, abs=2e-4)


def test_a_density_that_is_not_known_is_not_a_number():
    density = Slate(["SiO2", "PbO"]).density
    assert density[0] == pytest.approx(2650.0)
    assert np.isnan(density[1])


def test_a_species_listed_twice_is_refused():
    with pytest.raises(InputError, match="species 'Sb2S3' is listed twice; keep one"):
        Slate(["Sb2S3", "SiO2", Species("Sb2S3", density="4600 kg/m^3")])


def test_an_empty_slate_is_refused():
    with pytest.raises(InputError, match="needs at least one species"):
        Slate([])
