import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from unitops.refining.molten_chloride_refining import MoltenChlorideRefining

SPECIES = ["Sb", "Pb", "Bi", "As", "Cu", "Sn", "Zn", "Au", "Sb2O3", "SO2", "H2O"]
BULLION = {"Sb": 60.0, "Pb": 38.0, "Bi": 1.0, "As": 1.0}


def cell(**parameters):
    return MoltenChlorideRefining(metal="m", cathode="c", anode="a", **parameters)


def ran(unit, masses):
    slate = Slate(SPECIES)
    metal = flow_of(slate, masses)
    p = unit.resolve(slate)
    return {"metal": metal, **unit.run(metal, p=p)}, p


def figure(unit, flows, p, label):
    found = {figure.label: figure for figure in unit.figures(flows, p)}[label]
    return float(np.ravel(from_base(found.value, found.unit))[0])


@given(mass=random_masses(len(SPECIES)), lead=st.floats(0.0, 0.999999), factor=st.floats(1.0, 1e9))
def test_any_feed_closes(mass, lead, factor):
    unit = cell(lead_to_cathode=lead, lead_to_antimony_separation=factor)
    check_unit(unit, SPECIES, {"metal": mass})


def test_zero_feed_and_derivative():
    check_zero_feed(cell(), SPECIES)
    mass = np.linspace(1.0, 2.0, len(SPECIES)).reshape(-1, 1)
    check_derivative(cell(), SPECIES, {"metal": mass})


def test_without_a_difference_all_metals_go_alike():
    unit = cell(
        lead_to_cathode=0.4, lead_to_antimony_separation=1.0, antimony_to_bismuth_separation=1.0
    )
    flows, _ = ran(unit, BULLION)
    for name in ("Pb", "Sb", "Bi"):
        assert flows["cathode"].of(name)[0] == pytest.approx(0.4 * BULLION[name])


def test_half_of_the_antimony_takes_a_ninth_of_the_bismuth_along():
    unit = cell(lead_to_cathode=0.5, lead_to_antimony_separation=1.0)
    flows, _ = ran(unit, BULLION)
    assert flows["cathode"].of("Bi")[0] == pytest.approx(0.109, abs=5e-4)


def test_a_large_factor_loses_antimony_in_parts_per_ten_million():
    # Lead falls to a hundredth, whose logarithm is 4.605.
    flows, p = ran(cell(), BULLION)
    shown = figure(cell(), flows, p, "antimony in the lead")  # ppm, 37.62 kg of lead
    assert shown == pytest.approx(60.0 * 4.605170 / 3e7 / 37.62 * 1e6, rel=1e-5)
    lost = flows["cathode"].of("Sb")[0] / 60.0
    assert lost == pytest.approx(4.605170 / 3e7, rel=1e-6)
    assert flows["cathode"].of("Bi")[0] == pytest.approx(4.605170 / 1.8e8, rel=1e-6)


def test_lead_and_baser_metals_leave_together():
    flows, p = ran(cell(), {**BULLION, "Sn": 0.1, "Zn": 0.1, "Cu": 0.1, "Sb2O3": 0.1})
    assert flows["cathode"].of("Pb", "Sn", "Zn")[0] == pytest.approx(0.99 * 38.2)
    assert flows["anode"].of("Cu", "As", "Sb2O3")[0] == pytest.approx(1.2)
    assert figure(cell(), flows, p, "lead left in the anode metal") < 1.0


def test_faraday():
    # 3.866 g of lead per ampere-hour
    unit = cell(current_efficiency=1.0, cell_voltage="2 V")
    flows, p = ran(unit, {"Pb": 3.866e-3 / 3600.0 / 0.99, "Sb": 1.0 / 3600.0})
    current = figure(unit, flows, p, "current through all cells together")
    assert current == pytest.approx(1e-3, rel=1e-3)
    assert figure(unit, flows, p, "power of the cells") == pytest.approx(2e-3, rel=1e-3)
    assert figure(unit, flows, p, "energy per tonne of antimony") == pytest.approx(2.0, rel=1e-3)


def test_it_is_said_to_be_experimental_and_bismuth_stays():
    unit = cell(temperature="620 degC")
    flows, p = ran(unit, BULLION)
    said = unit.warnings(flows, p)
    assert "experimental" in said[0]
    assert "the anode metal holds 96.2 % Sb; the tests read of ended at 57 %" in said[1]
    assert "ppm Bi stays in the antimony; the melt parts them by a factor of 6 only" in said[2]
    assert "at 620 degC antimony freezes as the lead leaves" in said[3]
    flows, p = ran(cell(lead_to_cathode=0.2), {"Sb": 1.0, "Pb": 1.0})
    assert len(cell().warnings(flows, p)) == 1


def test_metals_leave_as_warm_as_the_cell():
    flows, p = ran(cell(), BULLION)
    assert cell().temperatures(flows, p) == {"cathode": 973.15, "anode": 973.15}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"current_efficiency": 0.0}, "current_efficiency of 0 deposits nothing"),
        ({"lead_to_cathode": 1.0}, "lead_to_cathode of 100 % would dissolve the antimony too"),
        ({"lead_to_antimony_separation": 0.5}, "separation factors of 0.5 and 6: below 1"),
        ({"antimony_to_bismuth_separation": 0.5}, "separation factors of 3e.07 and 0.5: below 1"),
        ({"temperature": "300 degC"}, "temperature of 300 degC freezes the metal or boils"),
        ({"temperature": "1000 degC"}, "temperature of 1000 degC freezes the metal or boils"),
    ],
)
def test_nonsense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        cell(**parameters)
