import math

import numpy as np
import pytest
from scipy.optimize import brentq

from flowsheet.core.errors import InputError
from flowsheet.core.reaction import Reaction
from flowsheet.core.reaction_energy import check_feasible, range_of, reaction_energy

KELVIN = (298.15, 700.0, 900.0, 1000.0, 1100.0, 1200.0, 1300.0, 1400.0, 1500.0)
# Gibbs energies in kJ per equation as written, from the published standard values by hand: another
# program, phases chosen as stable at each temperature. Five kJ allow for the fits of heat capacity.
GIBBS = {
    "Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2":
        (-1385, -1282, -1227, -1201, -1176, -1151, -1127, -1102, -1077),
    "Sb2O3 + 0.5 O2 -> Sb2O4": (-162, -125, -105, -90, -73, -56, -40, -23, -6),
    "Sb2O3 + 3 C -> 2 Sb + 3 CO": (223, 3, -103, -154, -204, -253, -301, -349, -396),
    "Sb2O3 + 3 CO -> 2 Sb + 3 CO2": (-137, -143, -143, -142, -139, -135, -132, -128, -124),
    "Sb2O3 + 3 Fe -> 2 Sb + 3 FeO": (-95, -128, -143, -149, -153, -156, -159, -162, -165),
    "Sb2O3 + 6 Cu -> 2 Sb + 3 Cu2O": (200, 176, 164, 160, 156, 153, 150, 150, 152),
    "Sb2S3 + 3 Fe -> 2 Sb + 3 FeS": (-152, -169, -176, -179, -182, -184, -186, -187, -191),
    "Sb2S3 + 2 Sb2O3 -> 6 Sb + 3 SO2": (518, 286, 183, 135, 90, 47, 5, -36, -77),
    "4/3 Sb + O2 -> 2/3 Sb2O3": (-423, -349, -313, -297, -281, -266, -251, -237, -222),
    "4 Cu + O2 -> 2 Cu2O": (-290, -231, -204, -190, -177, -164, -152, -137, -121),
    "2 Fe + O2 -> 2 FeO": (-487, -434, -409, -396, -384, -371, -358, -345, -332),
}  # fmt: skip


# The same, of solids that melt or decompose further up, where the hand calculation held the solid.
GIBBS_OF_SOLIDS = {
    "2 FeS2 + 5.5 O2 -> Fe2O3 + 4 SO2": (-1620, -1556, -1525, -1510, -1496, -1482, -1469),
    "4/3 As + O2 -> 2/3 As2O3": (-384, -313),
    "2 FeAsS + 5 O2 -> As2O3 + Fe2O3 + 2 SO2": (-1643, -1458),
}


@pytest.mark.parametrize(("text", "kilojoule"), GIBBS_OF_SOLIDS.items())
def test_gibbs_energies_of_solids(text, kilojoule):
    found = reaction_energy(text, np.array(KELVIN[: len(kilojoule)])).gibbs_energy / 1e3
    np.testing.assert_allclose(found, kilojoule, atol=5.0)


def test_lead_oxide_burns_antimony():
    # Formation of yellow PbO -217.9 and of Sb2O3 -720.3 kJ/mol: by hand -66.6 kJ.
    found = reaction_energy("2 Sb + 3 PbO -> Sb2O3 + 3 Pb", np.array([298.15, 1000.0, 1400.0]))
    assert found.enthalpy[0] / 1e3 == pytest.approx(-720.3 + 3 * 217.9, abs=6.0)  # red: -62.5
    assert np.all(found.gibbs_energy < -60e3), "so lead stays in the metal while antimony burns"


@pytest.mark.parametrize(("text", "kilojoule"), GIBBS.items())
def test_gibbs_energies(text, kilojoule):
    found = reaction_energy(text, np.array(KELVIN)).gibbs_energy / 1e3
    np.testing.assert_allclose(found, kilojoule, atol=5.0)


@pytest.mark.parametrize(
    ("text", "kilojoule"),
    [
        ("Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2", -1459),
        ("Sb2O3 + 0.5 O2 -> Sb2O4", -187),
        ("Sb2O3 + 3 C -> 2 Sb + 3 CO", 389),
        ("Sb2O3 + 6 Cu -> 2 Sb + 3 Cu2O", 218),
        ("2 FeS2 + 5.5 O2 -> Fe2O3 + 4 SO2", -1666),
        ("Sb2S3 + 2 Sb2O3 -> 6 Sb + 3 SO2", 702),
    ],
)
def test_enthalpies_at_25_degrees(text, kilojoule):
    assert reaction_energy(text, 298.15).enthalpy[0] / 1e3 == pytest.approx(kilojoule, abs=2.0)


@pytest.mark.parametrize(
    ("text", "kelvin", "within"),
    [
        ("C + CO2 -> 2 CO", 974.0, 10.0),  # Boudouard: textbooks say 700 degC
        ("CaCO3 -> CaO + CO2", 1170.0, 40.0),  # 1 atm near 895 degC; 5 kJ are 34 K here
        ("Sb2O3 + 3 C -> 2 Sb + 3 CO", 705.0, 5.0),  # reduction by carbon begins at 432 degC
        ("2 Sb2O4 -> 2 Sb2O3 + O2", 1503.0, 50.0),  # published: decomposes at 1230 degC
    ],
)
def test_temperature_at_which_the_balance_tips(text, kelvin, within):
    def gibbs(at):
        return reaction_energy(text, at).gibbs_energy[0]

    low, high = range_of(Reaction(text))
    assert brentq(gibbs, max(low, 400.0), min(high, 1600.0)) == pytest.approx(kelvin, abs=within)


def test_equilibrium_constant():
    found = reaction_energy("Sb2O3 + 6 Cu -> 2 Sb + 3 Cu2O", 1200.0)
    assert 10.0 ** found.log10_constant[0] == pytest.approx(2e-7, rel=0.15)
    by_hand = -154.0e3 / (8.314462618 * 1200.0 * math.log(10.0))
    assert found.log10_constant[0] == pytest.approx(by_hand, abs=0.03)


def test_another_dataset_moves_the_heat_by_its_difference():
    text = "Sb2S3 + 3 Fe -> 2 Sb + 3 FeS"
    usual, older = (reaction_energy(text, 298.15, d) for d in ({}, {"Sb2S3": "NBS82"}))
    assert older.enthalpy[0] - usual.enthalpy[0] == pytest.approx(174.9e3 - 151.4e3)
    assert older.chains["Sb2S3"].dataset == "NBS82"


def test_what_can_go_is_not_refused():
    check_feasible(Reaction("Sb2O3 + 3 Fe -> 2 Sb + 3 FeO"), 1200.0, "")


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: check_feasible(Reaction("Sb2O3 + 6 Cu -> 2 Sb + 3 Cu2O"), 1200.0, "use carbon"),
         r"Sb2O3 \+ 6 Cu -> 2 Sb \+ 3 Cu2O does not go at 1200 K: its Gibbs energy is \+15[34] kJ "
         r"\(equilibrium constant 2\.0e-7\); use carbon"),
        (lambda: reaction_energy("C + O2 -> CO2", 300.0, {"CO": "x"}),
         "a dataset is chosen for 'CO', which the reaction does not hold; did you mean 'CO2'"),
        (lambda: reaction_energy("Xx + O2 -> XxO2", 300.0), "formula 'Xx': 'Xx' is not an element"),
        (lambda: reaction_energy("C + O2 -> CO", 300.0), "reaction .* does not balance"),
        (lambda: reaction_energy("Cs + Br -> CsBr", 300.0), "no thermochemical data of 'Cs'"),
        (lambda: reaction_energy("C + O2 -> CO2", 9000.0),
         "C: thermochemical data .* reach from 250 to .* K, got 9000 K"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_refused(call, complaint):
    with pytest.raises(InputError, match=f"^{complaint}"):
        call()
