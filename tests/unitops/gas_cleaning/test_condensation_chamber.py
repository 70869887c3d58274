import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from unitops.gas_cleaning.condensation_chamber import CondensationChamber
from unitops.gas_cleaning.condenser import Condenser

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "H2O", "N2", "SO2", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]


def chamber(**given_parameters):
    return CondensationChamber(
        **{
            "gas": "hot",
            "cooled": "cooled",
            "dust": "dust",
            "temperature": "350 degC",
            **given_parameters,
        }
    )


@given(
    mass=random_masses(len(SPECIES), 3),
    celsius=st.floats(0.0, 655.0),
    settled=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_any_gas_closes(mass, celsius, settled):
    unit = chamber(temperature=f"{celsius} degC", share_settled=settled)
    check_unit(unit, SPECIES, {"gas": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(chamber(), SPECIES)


def test_derivative():
    check_derivative(chamber(), SPECIES, {"gas": np.linspace(1.0, 2.0, len(SPECIES))[:, None]})


def run(unit):
    slate = Slate(SPECIES)
    gas = Flow(slate, np.linspace(1.0, 2.0, len(SPECIES))[:, None])
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def test_dust_of_a_condenser_is_parted():
    plain = run(Condenser(gas="hot", cooled="cooled", temperature="350 degC"))["cooled"]
    flows = run(chamber(share_settled=0.4))
    np.testing.assert_allclose((flows["cooled"] + flows["dust"]).mass, plain.mass)
    assert flows["dust"].solids.total() == pytest.approx(0.4 * plain.solids.total())
    assert flows["dust"].gas.total() == 0.0
    unit = chamber(share_settled=0.4, gas_temperature="800 degC")
    p = unit.resolve(Slate(SPECIES))
    temperatures = unit.temperatures(flows, p)
    assert temperatures == {"cooled": 623.15, "dust": 623.15, "gas": 1073.15}
    figures = {figure.label: figure.value[0] for figure in unit.figures(flows, p)}
    assert figures["dust settled"] == pytest.approx(0.4)
    cooler = Condenser(
        gas="hot", cooled="cooled", temperature="350 degC", gas_temperature="800 degC"
    )
    alone = cooler.figures({"gas": flows["gas"], "cooled": plain}, p)
    for figure in alone:
        assert figures[figure.label] == pytest.approx(figure.value[0])
    assert unit.warnings(flows, p) == cooler.warnings({"gas": flows["gas"], "cooled": plain}, p)
