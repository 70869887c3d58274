"""Routes over the shared smelter: trisulphide beside metal, mercury out of the gas, bought feed."""

from functools import lru_cache

import pytest

from flowsheet.core.quantities import from_base
from flowsheet.load import load_route


@lru_cache
def solved(name):
    return load_route(name).solve()


def flow(name, stream, element, unit="t/yr"):
    return solved(name).solution[stream].element(element, unit).magnitude


def percent(name, stream, element):
    return solved(name).solution[stream].grade(element).to("percent").magnitude


def warnings_of(name, unit):
    return [text for text in solved(name).warnings if text.startswith(f"{unit}: ")]


class TestStibnite:
    def test_the_high_antimony_ore_lasts_seven_of_the_fifteen_years(self):
        result = solved("stibnite_idaho")
        assert result.metrics.reserve_life_yr == pytest.approx(7.0, abs=0.3)
        (note,) = [text for text in result.warnings if "reserve" in text]
        assert "15 years are planned" in note

    def test_recoverable_antimony_is_that_of_the_feasibility_study(self):
        """52 to 53 kt, company and mining.com."""
        deposit = load_route("stibnite_idaho").data.header.deposit
        held = from_base(deposit.contained(), "kt")
        floated = flow("stibnite_idaho", "antimony_concentrate", "Sb") / flow(
            "stibnite_idaho", "ore", "Sb"
        )
        assert held * floated == pytest.approx(52.8, abs=1.2)

    def test_trisulphide_within_limits_in_the_style_of_mil_a_159(self):
        assert 69.5 <= percent("stibnite_trisulphide", "antimony_trisulphide", "Sb") <= 71.7
        assert 25.0 <= percent("stibnite_trisulphide", "antimony_trisulphide", "S") <= 28.5
        assert percent("stibnite_trisulphide", "antimony_trisulphide", "As") <= 0.2
        assert percent("stibnite_trisulphide", "antimony_trisulphide", "Pb") <= 0.5
        assert warnings_of("stibnite_trisulphide", "liquation") == []

    @pytest.mark.parametrize("tonnes", [30.0, 300.0])
    def test_demand_from_low_to_high_takes_little_of_the_concentrate(self, tonnes):
        route = load_route("stibnite_trisulphide").with_changes({"target.flow": f"{tonnes} t/yr"})
        streams = route.solve().solution
        taken = streams["concentrate_to_liquation"].element("Sb", "t/yr").magnitude
        assert tonnes < taken < 1.1 * tonnes
        assert streams["antimony_metal"].grade("Sb").magnitude >= 99.65

    def test_what_does_not_melt_out_goes_back_to_the_smelter(self):
        plant = load_route("stibnite_trisulphide").flowsheet
        assert not {"liquation_residue", "liquation_gas"} & {*plant.residues, *plant.emissions}
        assert flow("stibnite_trisulphide", "liquation_residue", "Sb") > 0.0

    def test_trisulphide_comes_out_of_the_metal(self):
        with_it, without = solved("stibnite_trisulphide"), solved("stibnite_idaho")
        lost = 1.0 - (
            flow("stibnite_trisulphide", "antimony_metal", "Sb") / with_it.metrics.feed_t_yr
        ) / (flow("stibnite_idaho", "antimony_metal", "Sb") / without.metrics.feed_t_yr)
        assert 0.01 < lost < 0.02


@pytest.mark.parametrize("name", ["anzob", "talco_gold", "stibnite_idaho", "stibnite_trisulphide"])
class TestMercury:
    def test_it_ends_in_calomel_and_no_product_holds_it(self, name):
        fed = sum(flow(name, feed, "Hg") for feed in load_route(name).data.header.refinery_feed)
        assert flow(name, "calomel", "Hg") > 0.98 * fed
        assert flow(name, "stack_gas", "Hg") < 0.006 * fed
        assert flow(name, "antimony_metal", "Hg") == pytest.approx(0.0, abs=1e-9)

    def test_half_as_many_moles_of_chlorine_as_of_mercury(self, name):
        taken = flow(name, "calomel", "Hg") / 200.592
        drawn = flow(name, "tower_chlorine", "Cl") / (2 * 35.45)
        assert drawn == pytest.approx(taken / 2, rel=1e-4)


def test_only_the_mercury_ore_brings_more_than_cold_gas_holds():
    said = {n: warnings_of(n, "mercury_tower") for n in ("anzob", "talco_gold", "stibnite_idaho")}
    assert "condenses to droplets" in said["anzob"][0]
    assert said["talco_gold"] == said["stibnite_idaho"] == []


def test_concentrates_are_those_that_are_known():
    assert percent("anzob", "antimony_concentrate", "Sb") == pytest.approx(50.0)
    assert percent("talco_gold", "antimony_concentrate", "Sb") == pytest.approx(42.0)
    assert 0.01 <= percent("stibnite_idaho", "antimony_concentrate", "Hg") <= 0.03
    costerfield = solved("costerfield").solution["antimony_concentrate"].grade("Au")
    assert 20.0 <= costerfield.to("ppm").magnitude <= 60.0


def test_full_mills_give_the_tonnes_that_are_published():
    assert solved("anzob").metrics.feed_t_yr == pytest.approx(700_000.0, rel=0.02)
    assert solved("talco_gold").metrics.feed_t_yr == pytest.approx(1_500_000.0, rel=0.02)


def test_products_of_the_talco_works():
    """21,000 t/yr by design: trioxide of 99.5 % and powder of 99.85 %."""
    solution = solved("talco_gold").solution
    assert str(solution["antimony_trioxide"].grade_of()).startswith("99.50")
    assert percent("talco_gold", "antimony_metal", "Sb") >= 99.85
    assert solved("talco_gold").metrics.capacity_missing_t_yr == 0.0


@pytest.mark.parametrize("name", ["anzob", "costerfield", "us_antimony_madero"])
def test_metal_meets_the_standard_grade(name):
    assert percent(name, "antimony_metal", "Sb") >= 99.65


class TestMadero:
    def test_between_its_restart_and_its_furnaces(self):
        assert 600.0 < solved("us_antimony_madero").metrics.antimony_to_refinery_t_yr < 6400.0

    def test_it_brings_no_antimony_of_its_own(self):
        assert load_route("us_antimony_madero").data.supply.kind == "conversion"


@pytest.mark.parametrize(("monthly", "missing"), [(100.0, 0.0), (200.0, 190.0)])
def test_the_capacity_of_2025_takes_the_first_shipments_but_not_the_last(monthly, missing):
    route = load_route("us_antimony_alaska_start").without_target()
    found = route.with_changes({"alaska_ore.flow": f"{monthly} t/month"}).solve().metrics
    assert found.capacity_missing_t_yr == pytest.approx(missing, abs=5.0)
