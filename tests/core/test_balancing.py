import pytest

from flowsheet.core.balancing import balanced
from flowsheet.core.errors import InputError


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Sb2S3 + O2 -> Sb2O3 + SO2", "Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2"),
        ("2 Sb2S3 + O2 -> Sb2O3 + SO2", "2 Sb2S3 + 9 O2 -> 2 Sb2O3 + 6 SO2"),
        ("Fe2O3 + C -> Fe + CO", "Fe2O3 + 3 C -> 2 Fe + 3 CO"),
        ("O2 + Sb -> Sb2O3", "O2 + 4/3 Sb -> 2/3 Sb2O3"),
        ("Sb^3+ + Fe -> Sb + Fe^2+", "Sb^3+ + 1.5 Fe -> Sb + 1.5 Fe^2+"),
        ("As + Na2CO3 + O2 -> Na3AsO4 + CO2", "As + 1.5 Na2CO3 + 1.25 O2 -> Na3AsO4 + 1.5 CO2"),
    ],
)
def test_coefficients_that_balance(text, right):
    assert balanced(text) == right


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Sb2S3 -> Sb2O3", "sulphur has no partner"),
        ("Sb2O3 + C -> Sb + CO + CO2", "any mixture of CO and CO2 would do"),
        ("Sb2O3 + Sb -> C", "nothing balances"),
        ("CO2 + CO -> C", "CO2 and CO give no carbon alone"),
    ],
)
def test_no_choice_or_more_than_one(text, why):
    assert balanced(text) is None, why


def test_what_is_no_reaction_is_refused():
    with pytest.raises(InputError, match="needs reactants -> products"):
        balanced("Sb2S3")
