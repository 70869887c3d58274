import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from unitops.refining.lead_softening import LeadSoftening

SPECIES = ["Pb", "Sb", "As", "Sn", "Cu", "Ag", "Bi", "S", "PbO", "Sb2O3", "As2O3", "SnO2"]
SPECIES += ["Sb2S3", "SiO2", "H2O", "O2", "N2", "CO2"]
PORTS = {"bullion": "bullion", "air": "air", "lead": "lead", "slag": "slag", "gas": "gas"}


def furnace(**given):
    return LeadSoftening(**PORTS, **given)


class Run:
    """Masses by port and species in kg/s, figures and warnings."""

    def __init__(self, unit, species=SPECIES, **masses):
        slate = Slate(species)
        bullion, p = flow_of(slate, masses), unit.resolve(slate)
        self.flows = {"bullion": bullion, **unit.run(bullion, p=p)}
        self.figures = {
            each.label: float(np.ravel(from_base(each.value, each.unit))[0])
            for each in unit.figures(self.flows, p)
        }
        self.warnings = list(unit.warnings(self.flows, p))
        self.temperatures = unit.temperatures(self.flows, p)

    def of(self, port, name):
        return float(self.flows[port].of(name)[0])


RESIDUAL = st.floats(0.0, 0.02)


@settings(max_examples=80, deadline=None)
@given(
    mass=random_masses(len(SPECIES), 2),
    left=st.tuples(RESIDUAL, RESIDUAL, RESIDUAL),
    ratio=st.floats(0.01, 10.0),
    used=st.floats(0.05, 1.0),
)
def test_any_bullion_closes(mass, left, ratio, used):
    unit = furnace(
        antimony_left=left[0],
        arsenic_left=left[1],
        tin_left=left[2],
        lead_oxide_ratio=ratio,
        oxygen_utilisation=used,
    )
    check_unit(unit, SPECIES, {"bullion": mass})


@settings(max_examples=80, deadline=None)
@given(
    lead=st.floats(100.0, 1000.0),
    metals=st.tuples(st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(0.0, 50.0)),
    left=st.tuples(RESIDUAL, RESIDUAL, RESIDUAL),
)
def test_residuals_and_slag_hold_together(lead, metals, left):
    """Each metal stands at its residual, or all of it stays; the slag has its litharge."""
    unit = furnace(antimony_left=left[0], arsenic_left=left[1], tin_left=left[2])
    fed = dict(zip(("Sb", "As", "Sn"), metals, strict=True))
    made = Run(unit, Pb=lead, **fed)
    stays = made.of("lead", "Pb")
    for (metal, mass), share in zip(fed.items(), left, strict=True):
        assert made.of("lead", metal) == pytest.approx(min(mass, share * stays), rel=1e-9, abs=1e-9)
    oxides = sum(made.of("slag", name) for name in ("Sb2O3", "As2O3", "SnO2"))
    if stays > 0.0:
        assert made.of("slag", "PbO") == pytest.approx(1.8 * oxides, rel=1e-9, abs=1e-6)


def test_nothing_in_nothing_out():
    check_zero_feed(furnace(), SPECIES)


def test_derivative():
    bullion = np.linspace(1.0, 3.0, len(SPECIES))
    bullion[0] = 100.0
    check_derivative(furnace(), SPECIES, {"bullion": bullion[:, None]})


def test_scenarios_on_either_side_of_a_kink():
    slate, unit = Slate(SPECIES), furnace()
    p = unit.resolve(slate).replaced({"antimony_left": np.array([0.0003, 0.02])})
    made = unit.run(flow_of(slate, {"Pb": 1000.0, "Sb": 10.0}, columns=2), p=p)
    np.testing.assert_allclose(made["lead"].of("Sb"), [0.2942, 10.0], rtol=1e-3)
    assert made["slag"].total()[1] == 0.0


def test_bullion_by_hand():
    """13 t Sb make 15.563 t Sb2O3 (1.1971 t/t), 31.13 t PbO with 28.89 t Pb (0.9283 t/t).

    Oxygen: 15.563 - 13 with antimony and 31.13 - 28.89 with lead, in all 4.795 t; air of
    O2 and N2 has 23.24 % O2 and 1.2871 kg/Nm3.
    """
    made = Run(furnace(antimony_left=0.0, lead_oxide_ratio=2.0), Pb=1000.0, Sb=13.0, Ag=2.0)
    assert made.of("slag", "Sb2O3") == pytest.approx(15.563, rel=1e-3)
    assert made.of("slag", "PbO") == pytest.approx(31.13, rel=1e-3)
    assert made.of("lead", "Pb") == pytest.approx(1000.0 - 28.89, rel=1e-4)
    assert made.of("lead", "Ag") == 2.0
    assert made.of("gas", "O2") == pytest.approx(4.795, rel=2e-3)
    assert made.flows["air"].total()[0] == pytest.approx(2 * 4.795 / 0.2324, rel=2e-3)
    assert made.figures["antimony to slag"] == pytest.approx(100.0)
    assert made.figures["lead to slag"] == pytest.approx(2.889, rel=1e-3)
    assert made.figures["Sb in slag"] == pytest.approx(13.0 / 46.69 * 100, rel=1e-3)
    assert made.figures["air per bullion"] == pytest.approx(41.26 / 1015 / 1.2871 * 1000, rel=3e-3)


def test_a_residual_lowers_what_is_oxidised():
    """P = 971.11 + 0.0003 P * 2.2226, solved by hand: 971.76 t lead with 0.2915 t Sb."""
    made = Run(furnace(antimony_left="0.03 %", lead_oxide_ratio=2.0), Pb=1000.0, Sb=13.0)
    assert made.of("lead", "Pb") == pytest.approx(971.76, rel=1e-5)
    assert made.of("lead", "Sb") == pytest.approx(0.29153, rel=1e-4)


def test_arsenic_and_tin_by_hand():
    """1.3203 t As2O3 per t As, 1.2696 t SnO2 per t Sn."""
    unit = furnace(arsenic_left=0.0, tin_left=0.0)
    made = Run(unit, Pb=1000.0, As=3.0, Sn=5.0)
    assert made.of("slag", "As2O3") == pytest.approx(3.961, rel=1e-3)
    assert made.of("slag", "SnO2") == pytest.approx(6.348, rel=1e-3)
    assert made.of("slag", "PbO") == pytest.approx(1.8 * 10.309, rel=1e-3)


def test_the_bath_takes_its_load():
    """24 t/d of bullion on 3 m2 at 8 t/(m2 d)."""
    made = Run(furnace(bath_load="8 t/m^2/d"), Pb=24000.0 / 86400.0)
    assert made.figures["area of the bath"] == pytest.approx(3.0)


def test_what_is_no_metal_is_skimmed_and_other_metals_stay():
    made = Run(furnace(), Pb=100.0, Sb=1.0, Cu=0.05, Bi=0.1, S=0.2, SiO2=3.0, Sb2S3=1.0, H2O=2.0)
    assert (made.of("slag", "SiO2"), made.of("slag", "Sb2S3")) == (3.0, 1.0)
    assert [made.of("lead", name) for name in ("Cu", "Bi", "S")] == [0.05, 0.1, 0.2]
    assert made.of("gas", "H2O") == 2.0


def test_bullion_of_more_antimony_than_lead_leaves_no_lead():
    made = Run(furnace(), Pb=10.0, Sb=90.0)
    assert made.of("lead", "Pb") == 0.0
    assert made.of("lead", "Sb") == 0.0
    assert any("all lead goes to the slag" in line for line in made.warnings)


def test_a_slate_without_arsenic_and_tin():
    species = ["Pb", "Sb", "PbO", "Sb2O3", "O2", "N2"]
    assert set(species) == set(furnace().required_species())
    assert Run(furnace(), species, Pb=100.0, Sb=1.0).of("lead", "Sb") == pytest.approx(0.0294, 1e-2)


def test_everything_leaves_as_warm_as_the_bath():
    made = Run(furnace(temperature="710 degC"), Pb=1.0)
    assert made.temperatures == pytest.approx(dict.fromkeys(["lead", "slag", "gas"], 983.15))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"antimony_left": "3 %"}, "antimony_left of 0.03 is no softened lead; give at most 2 %"),
        ({"tin_left": "3 %"}, "tin_left of 0.03 is no softened lead"),
        ({"arsenic_left": "3 %"}, "arsenic_left of 0.03 is no softened lead"),
        ({"lead_oxide_ratio": 11.0}, "lead_oxide_ratio of 11 is litharge, no softening slag"),
        ({"oxygen_utilisation": 0.0}, "oxygen_utilisation of 0 takes endless air; give e.g. 50 %"),
        ({"bath_load": "0 t/m^2/d"}, "bath_load of 0 takes an endless furnace; give e.g. 10"),
        ({"temperature": "300 degC"}, "temperature of 300 degC: lead melts at 327.5"),
        ({"temperature": "1000 degC"}, "temperature of 1000 degC: .*give 700 to 750 degC"),
    ],
)
def test_refused(given, message):
    with pytest.raises(InputError, match=message):
        furnace(**given)


@pytest.mark.parametrize(
    ("given", "masses", "message"),
    [
        ({}, {"Sb": 0.1}, "the bullion holds 0.0100% Sb, no more than antimony_left"),
        ({}, {"Sb": 10.0, "Cu": 3.0}, "the bullion holds 0.30% Cu; decopper it below 0.1 % first"),
        ({"antimony_left": 0.005}, {"Sb": 10.0}, "antimony_left is 0.5000%; 0.02 to 0.05 %"),
        ({"lead_oxide_ratio": 10.0}, {"Sb": 10.0}, "the slag holds 7.6% Sb; 10 to 35 % is usual"),
        ({"lead_oxide_ratio": 0.5}, {"Sb": 10.0}, "the slag holds 55.7% Sb"),
        ({"temperature": "640 degC"}, {"Sb": 10.0}, "temperature is 640 degC; 700 to 750"),
    ],
)
def test_warned(given, masses, message):
    (warning,) = Run(furnace(**given), Pb=1000.0, **masses).warnings
    assert message in warning


def test_practice_is_not_warned_of():
    assert Run(furnace(), Pb=1000.0, Sb=13.0, As=2.0, Ag=3.0).warnings == []
    assert Run(furnace()).warnings == []
