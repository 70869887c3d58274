import json
from pathlib import Path

import pytest

from flowsheet.core.elements import atomic_weight
from flowsheet.core.errors import InputError
from flowsheet.core.formula import parse_formula

KNOWN = json.loads((Path(__file__).parents[1] / "known" / "formulas.json").read_text("utf-8"))


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known["formula"])
def test_atoms_charge_and_mass(known):
    formula = parse_formula(known["formula"])
    assert dict(formula.atoms) == pytest.approx(known["atoms"], rel=1e-12)
    assert formula.charge == known["charge"]
    # The known masses were made with weights rounded to five figures.
    assert 1000 * formula.molar_mass == pytest.approx(known["molar_mass"], rel=3e-5, abs=1e-9)
    percent = {symbol: 100 * share for symbol, share in formula.mass_fractions().items()}
    assert percent == pytest.approx(known["mass_percent"], rel=5e-5)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("sb2s3", "'s' is not allowed there"),
        ("Sb2S3)", r"'\)' closes no matching bracket"),
        ("Sb2(S3", r"'\(' is not closed"),
        ("Xx2O3", "'Xx' is not an element"),
        ("Sb2S3]", "closes no matching bracket"),
        ("Sb2--S3", "'-' is not allowed there"),
        ("2", "'2' is not allowed there"),
        ("Sb-2", "'-' is not allowed there"),
        ("(", r"'\(' is not closed"),
        ("Sb2S3·", "empty"),
        ("[Sb(OH]6)", r"'\]' closes no matching bracket"),
        ("Sb2S3?", r"'\?' is not allowed there"),
        ("Sb2S3^", r"'\^' is not allowed there"),
        ("H2O·CuSO4··5H2O", "empty"),
        ("Sb0", "a count of zero"),
        ("Sb()2", "closes no matching bracket"),
        ("2Sb2S3", "'2' is not allowed there"),
    ],
)
def test_what_is_not_a_formula_is_refused(text, complaint):
    with pytest.raises(InputError, match=complaint):
        parse_formula(text)


def test_a_state_is_not_part_of_the_composition():
    assert parse_formula("Sb4O6(g)").atoms == parse_formula("Sb4O6").atoms


def test_an_electron_has_a_charge_and_no_mass():
    electron = parse_formula("e^-")
    assert (electron.charge, electron.molar_mass, electron.atoms) == (-1, 0, ())


def test_an_unknown_element_is_refused():
    with pytest.raises(InputError, match="'Xx' is not an element; write symbols"):
        atomic_weight("Xx")
