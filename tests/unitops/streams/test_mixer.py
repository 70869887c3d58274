import numpy as np
import pytest
from hypothesis import given

from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.streams.feed import Feed
from unitops.streams.mixer import Mixer

SPECIES = ["Sb2S3", "H2O", "O2"]


def mixer():
    return Mixer(feed=["cyclone_overflow", "sump_water"], product="pulp")


def figures(mass, slate):
    unit = mixer()
    p = unit.resolve(slate)
    feed = Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    return {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}


@given(mass=random_masses(3))
def test_any_feed_closes(mass):
    check_unit(mixer(), SPECIES, {"feed": mass})


def test_zero_feed_gives_zero_and_figures_of_zero():
    check_zero_feed(mixer(), SPECIES)
    found = figures(np.zeros((3, 2)), Slate(SPECIES))
    assert all(np.all(value == 0.0) for value, _ in found.values())


def test_derivative():
    check_derivative(mixer(), SPECIES, {"feed": np.array([[1.0], [2.0], [3.0]])})


def test_names_of_the_streams_it_mixes():
    assert mixer().streams("inlet") == {"feed": ("cyclone_overflow", "sump_water")}


def test_two_slurries_in_a_pump_sump():
    """5 m3/h at 40 % solids and 3.4 m3/h at 55 %: 2.73 and 2.95 t/h of dry solids."""
    slate = Slate([Species("ore", formula="SiO2", density="3 t/m^3"), "H2O"])

    def slurry(cubic_metres_per_hour, solids):
        unit = Feed(outlet="s", flow="1 t/h", composition={"ore": 1.0}, percent_solids=solids)
        pulp = unit.run(slate=slate, p=unit.resolve(slate))["outlet"]
        return pulp * (cubic_metres_per_hour / 3600.0 / pulp.volumetric_flow()), pulp

    first, of_first = slurry(5.0, "40 %")
    second, of_second = slurry(3.4, "55 %")
    for pulp, density in ((of_first, 1363.6363636363637), (of_second, 1578.9473684210527)):
        assert figures(pulp.mass, slate)["pulp density"][0] == pytest.approx(density, rel=1e-9)
    assert first.of("ore")[0] * 3.6 == pytest.approx(2.727272727272728, rel=1e-9)
    assert second.of("ore")[0] * 3.6 == pytest.approx(2.952631578947369, rel=1e-9)
    unit = mixer()
    product = unit.run(feed=first + second, p=unit.resolve(slate))["product"]
    assert product.solids.total()[0] * 3.6 == pytest.approx(5.679904306220097, rel=1e-9)
    found = figures(product.mass, slate)
    assert found["pulp density"][0] == pytest.approx(1450.786056049214, rel=1e-9)
    assert found["solids in the pulp"][0] == pytest.approx(0.4660777385159012, rel=1e-9)
    assert found["pulp volume flow"][0] * 3600.0 == pytest.approx(8.4, rel=1e-9)


def test_gas_is_no_part_of_the_pulp():
    without = figures(np.array([[1.0], [3.0], [0.0]]), Slate(SPECIES))
    with_gas = figures(np.array([[1.0], [3.0], [7.0]]), Slate(SPECIES))
    assert without == with_gas
    assert without["solids in the pulp"] == (0.25, "%")


def test_no_volume_where_a_density_is_missing():
    slate = Slate(["SiO2", "CaO", "H2O"])
    assert set(figures(np.array([[1.0], [1.0], [1.0]]), slate)) == {"solids in the pulp"}
    assert len(figures(np.array([[1.0], [0.0], [1.0]]), slate)) == 3
