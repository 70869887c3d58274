import numpy as np
import pytest

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of, per_species
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species

SLATE = Slate(["Sb2S3", "FeAsS", "SiO2", "H2O", "SO2", "PbO"])
PULP = flow_of(SLATE, {"Sb2S3": 4.63, "SiO2": 26.5, "H2O": 60.0, "SO2": 3.0})


def test_phases_add_up_to_the_whole():
    assert PULP.solids.total()[0] == pytest.approx(31.13)
    assert PULP.liquid.total()[0] == 60.0
    assert PULP.gas.total()[0] == 3.0
    again = PULP.solids + PULP.liquid + PULP.gas
    np.testing.assert_array_equal(again.mass, PULP.mass)


def test_several_species_together():
    assert PULP.of("Sb2S3", "H2O")[0] == pytest.approx(64.63)
    assert PULP.of("Au")[0] == 0.0
    assert PULP.of()[0] == 0.0


def test_only_some_species():
    only = PULP.only("Sb2S3", "SO2", "Au")
    assert only.total()[0] == pytest.approx(7.63)
    assert only.of("SiO2")[0] == 0.0


def test_all_but_some_species():
    rest = PULP.without("Sb2S3", "SO2", "Au")
    assert rest.total()[0] == pytest.approx(86.5)
    np.testing.assert_array_equal((rest + PULP.only("Sb2S3", "SO2")).mass, PULP.mass)


def test_the_opposite_of_a_change_has_no_negative_zeros():
    opposite = -flow_of(SLATE, {"Sb2S3": -2.0})
    assert opposite.of("Sb2S3")[0] == 2.0
    assert not np.signbit(opposite.mass).any()


def test_numbers_per_species():
    shares = per_species(SLATE, {"SiO2": np.array([0.1, 0.2]), "Sb2S3": 0.5, "Au": 1.0})
    np.testing.assert_array_equal((PULP * shares).total(), [2.315 + 2.65, 2.315 + 5.3])
    assert per_species(SLATE, {}, columns=3).shape == (6, 3)


def test_moles():
    # 3 kg of SO2 (64.06 g/mol) and 60 kg of water (18.015 g/mol).
    assert PULP.moles("SO2")[0] == pytest.approx(46.83, rel=1e-3)
    assert PULP.moles("SO2", "H2O", "Au")[0] == pytest.approx(46.83 + 3330.6, rel=1e-3)


def test_an_element_in_whatever_species_it_is():
    # Sulphur: 28.32 % of stibnite, 50.05 % of SO2.
    assert PULP.element("S")[0] == pytest.approx(4.63 * 0.2832 + 3.0 * 0.5005, rel=1e-3)
    assert PULP.element("Au")[0] == 0.0
    assert PULP.element("As")[0] == 0.0


def test_elements_of_a_batch():
    batch = flow_of(SLATE, {"FeAsS": np.array([1.0, 2.0, 0.0]), "SiO2": 1.0})
    # Arsenopyrite is 46.01 % As.
    np.testing.assert_allclose(batch.element("As"), [0.4601, 0.9202, 0.0], rtol=1e-3)
    assert batch.element("Au").shape == (3,)
    total = sum(batch.element(symbol) for symbol in SLATE.elements)
    np.testing.assert_allclose(total, batch.total(), rtol=1e-14)


def test_scaling_by_scenario_by_species_and_by_both():
    batch = flow_of(SLATE, {"Sb2S3": 2.0, "SiO2": 10.0}, columns=3)
    by_scenario = np.array([1.0, 0.5, 0.0])
    np.testing.assert_array_equal((batch * by_scenario).total(), [12.0, 6.0, 0.0])
    by_species = np.zeros((6, 1))
    by_species[SLATE.row("SiO2")] = 0.1
    np.testing.assert_array_equal((batch * by_species).total(), [1.0, 1.0, 1.0])
    np.testing.assert_array_equal((batch * (by_species * by_scenario)).total(), [1.0, 0.5, 0.0])


@pytest.mark.parametrize("factor", [0.5, np.float64(0.5), np.array([0.5]), np.full((6, 1), 0.5)])
def test_a_factor_may_stand_on_either_side(factor):
    for scaled in (factor * PULP, PULP * factor):
        assert isinstance(scaled, Flow)
        np.testing.assert_array_equal(scaled.mass, 0.5 * PULP.mass)


def test_a_difference_of_flows():
    rest = PULP - PULP.only("H2O")
    assert rest.of("H2O")[0] == 0.0
    assert rest.total()[0] == pytest.approx(34.13)


def test_nothing_is_changed_by_reading_or_adding():
    before = PULP.mass.copy()
    _ = (PULP + PULP, PULP - PULP, PULP * 2.0, PULP.solids, PULP.only("SiO2"))
    np.testing.assert_array_equal(PULP.mass, before)


def test_volume_of_solids_and_liquid_without_gas():
    # 4.63 kg at 4630, 26.5 at 2650 and 60 at 1000 kg/m3.
    assert PULP.volumetric_flow()[0] == pytest.approx(0.001 + 0.01 + 0.06, rel=1e-12)


def test_a_missing_density_matters_only_for_what_flows():
    with pytest.raises(InputError, match=r"needs a density of PbO; define Species\('PbO', density"):
        flow_of(SLATE, {"PbO": np.array([0.0, 1e-6])}).volumetric_flow()
    assert flow_of(SLATE, {"SiO2": 2650.0}).volumetric_flow()[0] == pytest.approx(1.0)


def test_a_density_of_ones_own():
    slate = Slate([Species("PbO", density="9.53 g/cm3")])
    assert flow_of(slate, {"PbO": 9530.0}).volumetric_flow()[0] == pytest.approx(1.0)


def test_directions_travel_as_imaginary_parts():
    step = 1e-40
    flow = Flow(SLATE, PULP.mass + 1j * step * PULP.mass)
    for read in (Flow.total, Flow.volumetric_flow, lambda f: f.element("S"), lambda f: f.moles()):
        np.testing.assert_allclose(read(flow).imag / step, read(PULP), rtol=1e-14)


def test_a_flow_of_a_species_that_is_not_carried_is_refused():
    with pytest.raises(InputError, match=r"no species 'Sb2S' .*did you mean 'Sb2S3'"):
        flow_of(SLATE, {"Sb2S": 1.0})


def test_a_ratio_of_nothing_to_nothing():
    np.testing.assert_array_equal(ratio(np.array([1.0, 0.0]), np.array([4.0, 0.0])), [0.25, 0.0])
    np.testing.assert_array_equal(ratio(0.0, np.array([2.0, 0.0]), empty=1.0), [0.0, 1.0])
