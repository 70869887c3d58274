"""The built-in routes: they solve, close, state their sources, and land where public figures do."""

from functools import lru_cache
from typing import get_args

import numpy as np
import pytest

from flowsheet.case.numbers import Basis
from flowsheet.core.quantities import from_base
from flowsheet.load import load_route, route_names

ROUTES = route_names()


@lru_cache
def solved(name):
    return load_route(name).solve()


def antimony(result, stream):
    """t/yr"""
    return result.solution[stream].element("Sb", "t/yr").magnitude


def percent(result, stream, element):
    return result.solution[stream].grade(element).to("percent").magnitude


@pytest.mark.parametrize("name", ROUTES)
def test_a_route_solves_and_closes(name):
    result = solved(name)
    assert result.solution.status == "solved"
    assert result.solution.audit.worst[0] < 1e-9
    assert result.metrics.closure_max_relative < 1e-9


@pytest.mark.parametrize("name", ROUTES)
def test_no_flow_is_negative_or_not_a_number(name):
    for stream, mass in solved(name).solution.flows.items():
        assert np.all(np.isfinite(mass)), stream
        assert np.all(mass >= 0.0), stream


@pytest.mark.parametrize("name", ROUTES)
def test_every_number_has_a_source_and_a_basis(name):
    route = load_route(name)
    assert route.unsourced == []
    for number in route.data.numbers:
        if route.is_physical(number):
            assert len(number.source) > 10, number.path
            assert number.basis in get_args(Basis), number.path


@pytest.mark.parametrize("name", ROUTES)
def test_a_number_that_is_a_guess_has_a_range(name):
    route = load_route(name)
    varied = route.target.vary if route.target else None
    bare = [
        number.path
        for number in route.data.numbers
        if route.is_physical(number)
        and number.basis == "assumed"
        and number.path not in (varied, "capacity.installed")
        and not number.path.startswith("correlation.")  # a coefficient cannot have one
        and (number.low is None or number.high is None)
    ]
    assert bare == []


@pytest.mark.parametrize("name", [name for name in ROUTES if load_route(name).target])
def test_the_target_is_met(name):
    route = load_route(name)
    number, unit = route.target.flow.split()
    held = solved(name).solution[route.target.stream or route.data.header.product]
    found = held.element(route.target.element, unit).magnitude
    assert found == pytest.approx(float(number), rel=1e-9)


@pytest.mark.parametrize("name", [name for name in ROUTES if not load_route(name).target])
def test_a_route_without_a_target_is_fed_what_its_operator_announced(name):
    route = load_route(name)
    (feed,) = route.data.header.feed
    (flow,) = (number for number in route.data.numbers if number.path == f"{feed}.flow")
    assert flow.basis == "published"
    assert flow.low is not None


@pytest.mark.parametrize("name", ROUTES)
def test_what_is_made_of_sulphur_dioxide_is_captured_or_emitted(name):
    found = solved(name).metrics
    assert found.so2_generated_t_yr == pytest.approx(
        found.so2_captured_t_yr + found.so2_emitted_t_yr, rel=1e-9, abs=1e-9
    )


@pytest.mark.parametrize("name", ROUTES)
def test_arsenic_that_enters_goes_to_product_residue_or_air(name):
    result = solved(name)
    entering = sum(result.solution.balance("As").entering.values())
    found = result.metrics
    leaving = (
        found.arsenic_to_product_t_yr + found.arsenic_to_residue_t_yr + found.arsenic_emitted_t_yr
    )
    assert leaving == pytest.approx(from_base(entering, "t/yr"), rel=1e-9)


@pytest.mark.parametrize("name", ROUTES)
def test_antimony_that_enters_goes_somewhere(name):
    result = solved(name)
    found = result.metrics
    assert 0.0 < found.antimony_recovery_percent <= 100.0
    assert 0.0 < found.product_grade_percent <= 100.0
    assert found.product_t_yr * found.product_grade_percent / 100 == pytest.approx(
        antimony(result, found.product), rel=1e-9
    )
    assert found.capacity_missing_t_yr == pytest.approx(
        max(0.0, found.antimony_to_refinery_t_yr - found.capacity_installed_t_yr), rel=1e-9
    )


@pytest.mark.parametrize("name", ROUTES)
def test_two_runs_give_the_same_numbers_to_the_last_digit(name):
    first, second = solved(name), load_route(name).solve()
    assert first.to_dict() == second.to_dict()
    for stream, mass in first.solution.flows.items():
        np.testing.assert_array_equal(mass, second.solution.flows[stream])


class TestStibnite:
    """Against the company's feasibility figures and what it said of its plans."""

    result = staticmethod(lambda: solved("stibnite_idaho"))

    def test_recovery_of_antimony_to_concentrate(self):
        result = self.result()
        recovery = antimony(result, "antimony_concentrate") / antimony(result, "ore")
        assert 0.84 <= recovery <= 0.91

    def test_concentrate(self):
        assert 55.0 <= percent(self.result(), "antimony_concentrate", "Sb") <= 65.0
        assert 0.2 <= percent(self.result(), "antimony_concentrate", "As") <= 0.5

    def test_gold_stays_with_the_pyrite(self):
        streams = self.result().solution
        gold = streams["antimony_concentrate"].element("Au") / streams["ore"].element("Au")
        assert 0.01 <= gold.to("").magnitude <= 0.02

    def test_silver_goes_with_the_antimony(self):
        streams = self.result().solution
        silver = streams["antimony_concentrate"].element("Ag") / streams["ore"].element("Ag")
        assert 0.59 <= silver.to("").magnitude <= 0.65

    def test_grinding_circuit(self):
        """As closed circuits in front of roughers are run: 75 to 106 um, 100 to 350 % return."""
        streams = self.result().solution
        over, under = streams["cyclone_overflow"], streams["cyclone_underflow"]
        assert 75.0 <= over.passing_size("80 %").magnitude <= 106.0
        assert 1.0 <= (under.dry_flow() / over.dry_flow()).to("").magnitude <= 3.5
        assert 28.0 <= over.percent_solids().magnitude <= 36.0
        assert 60.0 <= under.percent_solids().magnitude <= 78.0

    def test_stibnite_returns_to_the_mill_more_often_than_its_gangue(self):
        """It is heavier, and ground finer for it, though it is cut finer too."""
        streams = self.result().solution
        over = streams["cyclone_overflow"]
        assert over.passing_size("80 %", "Sb2S3") < 0.7 * over.passing_size("80 %", "SiO2")

    def test_fresh_water_is_what_leaves_with_the_products(self):
        streams = self.result().solution
        fresh = sum(
            streams[name].species("H2O").to("t/h").magnitude
            for name in ("ore", "fresh_mill_water", "fresh_sump_water", "reagent_water")
        )
        lost = sum(
            streams[name].species("H2O").to("t/h").magnitude
            for name in ("antimony_concentrate", "thickened_tailings", "water_bleed")
        )
        assert fresh == pytest.approx(lost, rel=1e-9)
        assert 0.3 < fresh / streams["ore"].dry_flow().to("t/h").magnitude < 1.2

    def test_what_floats_is_free_and_what_is_lost_is_locked(self):
        streams = self.result().solution
        assert streams["antimony_concentrate"].liberation("Sb2S3").magnitude > 95.0
        assert streams["flotation_tailings"].liberation("Sb2S3").magnitude < 20.0

    def test_refining_throughput(self):
        found = self.result().metrics
        assert 7000.0 <= found.antimony_to_refinery_t_yr <= 8900.0
        assert found.capacity_missing_t_yr == pytest.approx(found.antimony_to_refinery_t_yr)

    def test_sulphur_dioxide(self):
        found = self.result().metrics
        assert 5500.0 <= found.so2_generated_t_yr <= 7000.0
        assert found.so2_emitted_t_yr < 0.11 * found.so2_generated_t_yr

    def test_metal(self):
        assert self.result().metrics.product_grade_percent >= 99.65


class TestThompsonFalls:
    """Against what the company announced and the grades it sells."""

    result = staticmethod(lambda: solved("us_antimony_thompson_falls"))

    def test_the_target_is_the_announced_thousand_tonnes_a_month(self):
        assert self.result().metrics.feed_t_yr == pytest.approx(12_000.0, rel=0.01)

    def test_refining_throughput_within_the_grades_that_are_possible(self):
        assert 2400.0 <= self.result().metrics.antimony_to_refinery_t_yr <= 6000.0

    def test_sorted_ore_is_what_the_smelter_was_fed_in_2025(self):
        """1,010 short tons with 491 of antimony in nine months: 48.6 %."""
        streams = self.result().solution
        sorted_ore = [streams[name] for name in ("sorted_lumps", "jig_cake")]
        antimony_in = sum(stream.element("Sb") for stream in sorted_ore)
        grade = (antimony_in / sum(stream.dry_flow() for stream in sorted_ore)).to("percent")
        assert 46.0 <= grade.magnitude <= 51.0

    def test_hand_sorting_and_jig_lose_a_few_percent_and_something_of_each_mineral(self):
        streams = self.result().solution
        for element in ("Sb", "As", "Pb"):
            ore = streams["alaska_ore"].element(element)
            lost = sum(
                streams[name].element(element) for name in ("sorting_rejects", "jig_tailings")
            )
            assert 0.01 <= (lost / ore).to("").magnitude <= 0.3

    def test_capacity_counted_as_product_is_more_when_counted_as_feed(self):
        # 300 short tons a month are 3,266 t/yr of product.
        found = self.result().metrics
        assert 3266.0 < found.capacity_installed_t_yr < 1.2 * 3266.0
        missing = found.antimony_to_refinery_t_yr - found.capacity_installed_t_yr
        assert found.capacity_missing_t_yr == pytest.approx(missing, rel=1e-12)

    def test_products(self):
        assert 82.5 <= percent(self.result(), "antimony_trioxide", "Sb") <= 83.6
        assert percent(self.result(), "antimony_metal", "Sb") >= 99.65

    @pytest.mark.parametrize("monthly", [100.0, 150.0, 200.0])
    def test_the_start_with_less_ore_is_the_same_plant_at_a_smaller_scale(self, monthly):
        route = load_route("us_antimony_thompson_falls").without_target()
        start = route.with_changes({"alaska_ore.flow": f"{monthly} t/month"}).solve()
        full, small = self.result().metrics, start.metrics
        assert small.closure_max_relative < 1e-9
        assert small.feed_t_yr == pytest.approx(12 * monthly, rel=1e-9)
        assert small.product_grade_percent == pytest.approx(full.product_grade_percent, rel=1e-3)
        assert small.antimony_to_refinery_t_yr / small.feed_t_yr == pytest.approx(
            full.antimony_to_refinery_t_yr / full.feed_t_yr, rel=1e-6
        )


class TestGravityPlant:
    """Against what jigs, tables and flotation are known to do with antimony ores."""

    result = staticmethod(lambda: solved("gravity_plant"))

    def share(self, stream, species):
        streams = self.result().solution
        part = streams[stream].species(species) / streams["ore"].species(species)
        return part.to("").magnitude

    def test_gravity_concentrate_has_a_quarter_to_two_fifths_and_half_the_metal(self):
        assert 25.0 <= percent(self.result(), "drained_concentrate", "Sb") <= 40.0
        got = antimony(self.result(), "drained_concentrate") / antimony(self.result(), "ore")
        assert 0.35 <= got <= 0.55

    def test_oxide_is_won_by_gravity_or_not_at_all(self):
        assert self.share("drained_concentrate", "Sb2O3") > 0.3
        assert self.share("flotation_concentrate", "Sb2O3") < 0.02

    def test_flotation_wins_the_fine_sulphide(self):
        assert self.share("flotation_concentrate", "Sb2S3") > 0.3
        assert percent(self.result(), "flotation_concentrate", "Sb") > 55.0
        assert self.share("thickened_tailings", "Sb2S3") < 0.1

    def test_the_coarse_concentrate_comes_from_free_grains(self):
        streams = self.result().solution
        free = [
            streams[name].liberation("Sb2S3") for name in ("jig_tailings", "ore", "jig_concentrate")
        ]
        assert free == sorted(free)


class TestHighPurity:
    result = staticmethod(lambda: solved("high_purity"))

    def test_five_nines(self):
        assert self.result().metrics.product_grade_percent >= 99.999

    def test_no_sulphur_is_roasted(self):
        assert self.result().metrics.so2_generated_t_yr == 0.0
