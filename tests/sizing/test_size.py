"""A route sized: throughputs by hand, equipment at the rate it runs at, grades, and errors."""

import json

import pytest

from flowsheet.core.errors import InputError, SolveError
from flowsheet.load import load_route
from flowsheet.sizing.rows import sized_rows
from flowsheet.sizing.size import size
from tests.small_case import (
    CAPACITY,
    CASE,
    CIRCUIT,
    HEADER,
    LOSSLESS,
    ORE,
    PLANT,
    TARGET,
    changed,
    write,
)

HOURS = 8766.0
DEWATERING = """\
[route]
title = "Thickened and filtered"
feed = ["pulp"]
product = "cake"
refinery_feed = ["cake"]

[target]
vary = "pulp.flow"
flow = "7168.5 t/yr"

[units.pulp]
flow = "1 t/h"
composition.Sb2S3 = "100 %"
percent_solids = "25 %"

[units.thickener]
underflow_percent_solids = "60 %"
unit_area = "0.3 m^2/(t/d)"
flocculant_dose = "20 g/t"

[units.filter]
moisture = "10 %"
filtration_rate = "400 kg/(m^2*h)"
"""
DEWATERING_PLANT = """\
from flowsheet import Flowsheet
from unitops.dewatering.filter import Filter
from unitops.dewatering.thickener import Thickener
from unitops.streams.feed import Feed


def build(data):
    return Flowsheet(
        species=["Sb2S3", "H2O"],
        units={
            "pulp": Feed(outlet="pulp", **data.unit("pulp")),
            "thickener": Thickener(
                feed="pulp", underflow="thick", overflow="water", **data.unit("thickener")
            ),
            "filter": Filter(
                feed="thick", wash_water="wash", cake="cake", filtrate="filtrate",
                **data.unit("filter"),
            ),
        },
        products=["cake"],
    )
"""
METAL = """\
[route]
title = "Metal as it comes"
feed = ["crude"]
product = "antimony_metal"
refinery_feed = ["crude"]

[units.crude]
flow = "1000 t/yr"
composition.As = "0.05 %"
composition.Pb = "0.004 %"
remainder = "Sb"

[units.split]
fraction = 1.0
"""
METAL_PLANT = """\
from flowsheet import Flowsheet
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def build(data):
    return Flowsheet(
        species=["Sb", "As", "Pb"],
        units={
            "crude": Feed(outlet="crude", **data.unit("crude")),
            "split": Splitter(
                feed="crude", product="antimony_metal", remainder="rest", **data.unit("split")
            ),
        },
        products=["antimony_metal"],
    )
"""


@pytest.fixture
def circuit(tmp_path):
    return load_route(str(write(tmp_path, CASE + CAPACITY)))


@pytest.fixture
def dewatering(tmp_path):
    return load_route(str(write(tmp_path, DEWATERING, DEWATERING_PLANT)))


@pytest.fixture
def metal(tmp_path):
    return load_route(str(write(tmp_path, METAL, METAL_PLANT)))


def sizes(sized):
    return {(each.unit, each.figure): each.value for each in sized.equipment}


def test_antimony_into_every_step_of_a_circuit_by_hand(circuit):
    """Of what enters the rougher 0.9 goes on, of that 0.9 is concentrate and 0.1 comes back."""
    sized = size(circuit)
    rougher, cleaner = sized.steps
    assert rougher.antimony_t_yr == pytest.approx(5000.0 / 0.81, rel=1e-9)
    assert cleaner.antimony_t_yr == pytest.approx(5000.0 / 0.9, rel=1e-9)
    (back,) = sized.returns
    assert (back.stream, back.from_unit, back.to_unit) == ("cleaner_tailings", "cleaner", "rougher")
    assert back.antimony_t_yr == pytest.approx(5000.0 / 9.0, rel=1e-9)
    assert back.of_fed_percent == pytest.approx(100.0 * 0.09 / 0.91, rel=1e-9)
    assert rougher.antimony_t_yr - back.antimony_t_yr == pytest.approx(
        sized.metrics.antimony_to_refinery_t_yr * 0.91 / 0.81, rel=1e-9
    )


def test_rates_are_those_while_the_plant_runs(circuit):
    sized = size(circuit, availability="80 %")
    for step in sized.steps:
        assert step.entering_t_h * HOURS * 0.8 == pytest.approx(step.entering_t_yr, rel=1e-9)
    assert sized.availability == 0.8


def test_capacity_of_a_route(circuit):
    capacity = size(circuit, availability=0.5).capacity
    assert capacity.throughput_t_yr == pytest.approx(5000.0)
    assert capacity.nameplate_t_yr == pytest.approx(10000.0)
    assert capacity.installed_t_yr == pytest.approx(2000.0)
    assert capacity.missing_t_yr == pytest.approx(3000.0)
    assert capacity.utilisation_percent == pytest.approx(250.0)


def test_no_utilisation_where_nothing_is_installed(tmp_path):
    assert size(load_route(str(write(tmp_path)))).capacity.utilisation_percent is None


def test_areas_by_hand(dewatering):
    """7168.5 t/yr Sb is 10,000 t/yr Sb2S3 (71.685 % Sb); 0.3 m2 per t/d, and 400 kg/(m2 h)."""
    sized = size(dewatering, availability=1.0)
    assert sizes(sized)["thickener", "thickener area"] == pytest.approx(
        0.3 * 10_000.0 / 365.25, rel=1e-3
    )
    assert sizes(sized)["filter", "filter area"] == pytest.approx(10_000.0 / HOURS / 0.4, rel=1e-3)


def test_equipment_is_for_the_rate_while_it_runs(dewatering):
    always, often = size(dewatering, availability=1.0), size(dewatering, availability="50 %")
    area = ("filter", "filter area")
    assert sizes(often)[area] == pytest.approx(2.0 * sizes(always)[area], rel=1e-9)
    assert often.steps[0].entering_t_yr == pytest.approx(always.steps[0].entering_t_yr, rel=1e-9)
    assert often.steps[0].entering_t_h == pytest.approx(2.0 * always.steps[0].entering_t_h)


def test_twice_the_product_takes_twice_the_throughput_and_area(dewatering):
    once, twice = size(dewatering), size(dewatering, product="14337 t/yr")
    for small, large in zip(once.steps, twice.steps, strict=True):
        assert large.unit == small.unit
        assert large.entering_t_yr == pytest.approx(2.0 * small.entering_t_yr, rel=1e-9)
    for what, area in sizes(once).items():
        linear = 2.0 if "area" in what[1] else 2.0**0.5  # diameters
        assert sizes(twice)[what] == pytest.approx(linear * area, rel=1e-9)


def test_a_feed_that_no_target_scales_runs_faster_too(metal):
    """The equipment of a route without a target is for its own feed over the availability."""
    sized = size(metal, availability="50 %")
    assert sized.steps[0].entering_t_yr == pytest.approx(1000.0)
    assert sized.steps[0].entering_t_h == pytest.approx(1000.0 / HOURS / 0.5)
    assert sized.product_antimony_t_yr == pytest.approx(999.46)


def test_reagents_with_and_without_a_stream(dewatering):
    """20 g per tonne of 10,000 t/yr."""
    (flocculant,) = size(dewatering).reagents
    assert (flocculant.unit, flocculant.name) == ("thickener", "flocculant")
    assert flocculant.t_yr == pytest.approx(0.2, rel=1e-3)
    assert flocculant.kg_per_t == pytest.approx(0.2e3 / 7168.5, rel=1e-3)


def test_what_is_not_counted_is_listed(dewatering, circuit):
    sized = size(dewatering)
    assert sized.without_equipment == ()
    assert sized.without_power == ("thickener", "filter")
    assert sized.power == ()
    assert sized.power_kw == 0.0
    assert size(circuit).without_equipment == ("rougher", "cleaner")


@pytest.fixture(scope="module")
def stibnite():
    return size(load_route("stibnite_idaho"), grade="Sb99.65")


def test_what_leaves_one_step_enters_the_next(stibnite):
    """Antimony: nothing is lost or made between the steps of the flotation and of the smelter."""
    into = {step.unit: step.antimony_t_yr for step in stibnite.steps}
    back = {each.stream: each.antimony_t_yr for each in stibnite.returns}
    returned = back["scavenger_concentrate"] + back["cleaner_tailings"]
    assert into["rougher"] == pytest.approx(into["conditioner"] + returned, rel=1e-9)
    assert into["scavenger"] + into["cleaner"] - back["recleaner_tailings"] == pytest.approx(
        into["rougher"], rel=1e-9
    )
    assert into["roaster"] == pytest.approx(
        stibnite.capacity.throughput_t_yr + back["cold_returns"], rel=1e-9
    )
    assert into["hot_collector"] == pytest.approx(into["hot_condenser"], rel=1e-12)
    assert into["reduction"] > back["secondary_oxide"]


def test_arsenic_leaves_by_one_stream_or_another(stibnite):
    assert sum(each.share_percent for each in stibnite.arsenic) == pytest.approx(100.0, rel=1e-9)
    of_kind = dict.fromkeys(("product", "residue", "emission"), 0.0)
    for each in stibnite.arsenic:
        of_kind[each.kind] += each.arsenic_t_yr
    assert of_kind["residue"] == pytest.approx(stibnite.metrics.arsenic_to_residue_t_yr)
    assert of_kind["emission"] == pytest.approx(stibnite.metrics.arsenic_emitted_t_yr)


def test_every_machine_of_a_built_in_route_states_its_size(stibnite):
    kind = {step.unit: step.kind for step in stibnite.steps}
    unsized = {kind[unit] for unit in stibnite.without_equipment}
    assert unsized <= {"ProcessWaterAddition", "Mixer", "Stockpile", "Splitter"}
    found = {figure for _, figure in sizes(stibnite)}
    assert {"cooling surface", "cloth area", "collecting area", "diameter of a tower"} <= found


def test_energy_is_power_over_the_hours_run(stibnite):
    for each in stibnite.power:
        assert each.mwh_yr == pytest.approx(each.kw * HOURS * 0.85 / 1e3, rel=1e-9)
    assert stibnite.kwh_per_t == pytest.approx(
        sum(each.kwh_per_t for each in stibnite.power), rel=1e-9
    )


def test_carbon_is_fuel_and_nothing_else(stibnite):
    fuels = {each.name for each in stibnite.fuels}
    assert {"roaster_fuel", "reduction_coke", "reduction_fuel"} <= fuels
    assert {each.mainly for each in stibnite.fuels} == {"C"}
    named = {each.name: each.mainly for each in stibnite.reagents}
    assert named["scrubber_reagent"] == "CaCO3"
    assert named["roaster_air"] == "air"


def test_a_unit_keeps_no_availability_of_its_own():
    """Tubes of zone furnaces: those at their own 90 % of the year, times 90 over 85."""
    route = load_route("high_purity")
    bars = ("zone_refining", "bars in furnaces at once")
    alone = {
        figure.label: figure.value[0] for figure in route.solve().solution.figures("zone_refining")
    }
    assert sizes(size(route))[bars] == pytest.approx(alone[bars[1]] * 0.90 / 0.85, rel=1e-6)


def test_a_grade_that_is_met_and_one_that_is_not(metal):
    assert size(metal, grade="Sb99.70").grade.met
    judged = size(metal, grade="Sb99.90").grade
    assert not judged.met
    assert str(judged) == ("antimony_metal does not meet Sb99.90: As 0.05 % is above 0.01 %")
    assert judged.to_dict()["breaches"] == [
        {
            "substance": "As",
            "content_percent": pytest.approx(0.05),
            "limit_percent": pytest.approx(0.01),
        }
    ]
    assert "(mostly As 0.05 %) is above 10 ppm" in str(size(metal, grade="5N").grade)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"product": "5000 t"}, "product: needs a unit of mass per time"),
        ({"product": "0 t/yr"}, "product of 0 t/yr is nothing to size for"),
        ({"availability": "85 kg"}, "availability: "),
        ({"availability": "0 %"}, "availability of 0 never runs"),
        ({"availability": 1.2}, "availability: must lie between 0 and 1, got 1.2"),
        ({"grade": "Sb99.95"}, "grade: there is no grade 'Sb99.95'; did you mean 'Sb99.90'?"),
        ({"grade": "best"}, "known: metal: Sb99.50, Sb99.65, Sb99.70, Sb99.90, 5N, 6N, 7N; "),
    ],
)
def test_what_cannot_be_asked_for(circuit, asked, message):
    with pytest.raises(InputError) as refused:
        size(circuit, **asked)
    assert message in str(refused.value)


def test_a_product_asked_of_a_route_without_a_target_scales_its_feed(tmp_path):
    aimed = size(load_route(str(write(tmp_path, HEADER + TARGET + ORE + CIRCUIT))))
    route = load_route(str(write(tmp_path, HEADER + ORE + CIRCUIT, name="free")))
    sized = size(route, product="5000 t/yr")
    for found, expected in zip(sized.steps, aimed.steps, strict=True):
        assert found.entering_t_yr == pytest.approx(expected.entering_t_yr, rel=1e-9)


def test_a_feed_without_one_flow_cannot_be_scaled(tmp_path):
    header = HEADER.replace('feed = ["ore"]', 'feed = ["ore", "tailings"]')
    route = load_route(str(write(tmp_path, header + ORE + CIRCUIT)))
    with pytest.raises(
        InputError,
        match=r"^mine: its feed of ore, tailings has no one flow to scale for a product; give the "
        r"case a \[target\] that says what to vary$",
    ):
        size(route, product="5 t/yr")


def test_a_route_without_a_steady_state_is_not_sized(tmp_path):
    route = load_route(str(write(tmp_path, HEADER + TARGET + ORE + LOSSLESS)))
    with pytest.raises(SolveError):
        size(route)


def test_plain_values_and_one_long_list(stibnite):
    content = json.loads(json.dumps(stibnite.to_dict(), allow_nan=False))
    assert content["grade"]["met"] is True
    assert content["capacity"]["missing_t_yr"] == pytest.approx(stibnite.capacity.missing_t_yr)
    rows = sized_rows(stibnite)
    assert {row["section"] for row in rows} == {
        *("route", "step", "equipment", "reagent", "fuel", "power", "SO2", "arsenic"),
        *("return", "capacity"),
    }
    areas = [row["value"] for row in rows if row["item"] == "filter area"]
    assert areas == [sizes(stibnite)["concentrate_filter", "filter area"]]
    assert repr(stibnite).startswith("<Sizing stibnite_idaho: ")
    energy = sum(row["mwh_yr"] for row in content["power"])
    assert content["energy_mwh_yr"] == pytest.approx(energy, rel=1e-9)


def test_notes_of_the_year_are_kept(tmp_path):
    deposit = '\n[deposit]\nantimony = "40 kt"\nplan = "10 years"\n'
    (note,) = size(load_route(str(write(tmp_path, CASE + deposit)))).warnings
    assert note.startswith("the reserve of 40,000 t Sb lasts 7.1 years")  # as in the year's mean


def test_all_products_count_as_made(tmp_path):
    """With the tailings sold too, all that is fed is made."""
    sold = changed(PLANT, 'products=["concentrate"]', 'products=["concentrate", "tailings"]')
    sized = size(load_route(str(write(tmp_path, CASE, sold))))
    assert sized.product_antimony_t_yr == pytest.approx(5000.0 / (0.81 / 0.91), rel=1e-9)


def test_water_is_in_what_enters_wet_and_not_in_its_solids(dewatering):
    """10,000 t/yr at 25 % solids into the thickener, at 60 % into the filter."""
    thickener, filtration = size(dewatering).steps
    assert thickener.solids_t_yr == pytest.approx(10_000.0, rel=1e-4)
    assert thickener.entering_t_yr == pytest.approx(40_000.0, rel=1e-4)
    assert filtration.solids_t_yr == pytest.approx(10_000.0, rel=1e-4)
    assert filtration.entering_t_yr == pytest.approx(10_000.0 / 0.6, rel=1e-4)
