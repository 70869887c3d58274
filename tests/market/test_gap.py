"""The gap: the published reference with its own yields, sums that must hold, order, no doubles.

The smelter of tests/smelter_case.py makes 90 % of its antimony metal (80 to 95 %); the market of
that module has a demand of 40 / 60 / 80 kt, scrap of 6 / 8 / 12 and plants of 4 / 7 / 9.
"""

import json

import pytest
from scipy.stats import beta

from flowsheet.core.errors import InputError
from flowsheet.load import load_route, route_names
from flowsheet.market.data import load_market
from flowsheet.market.gap import gap
from flowsheet.market.report import closing, explanation
from flowsheet.pictures.gap import draw_gap
from tests.sizing.test_size import METAL, METAL_PLANT
from tests.small_case import CASE as CONCENTRATOR
from tests.small_case import changed, write
from tests.smelter_case import CASE, MARKET, SUPPLY, write_market, write_route


def kt(low, mid, high):
    ends = f'value = "{mid} kt/yr", low = "{low} kt/yr", high = "{high} kt/yr"'
    return f'{{ {ends}, basis = "assumed", source = "a test" }}'


def close(figures, low, mid, high, **tolerance):
    assert list(figures) == pytest.approx([low, mid, high], **tolerance)


def test_the_reference_is_reproduced_with_its_own_yields(route):
    """Figures of a desk study of the bloc in 2030, rounded to whole kt."""
    found = gap(load_market(), [route()], draws=0)
    needed = found.reference
    rounded = {
        "gap": found.gap_kt,
        "throughput": needed.refining_throughput_kt,
        "nameplate": needed.nameplate_kt,
        "concentrate": needed.concentrate_kt,
        "SO2": needed.so2_kt,
    }
    assert {name: [round(each) for each in figures] for name, figures in rounded.items()} == {
        "gap": [19, 39, 63],
        "throughput": [20, 45, 78],
        "nameplate": [21, 46, 79],
        "concentrate": [37, 81, 141],
        "SO2": [16, 35, 61],
    }
    close(needed.antimony_yield, 0.951, 0.885, 0.813, abs=0.0005)


def test_all_lead_from_scrap_leaves_33_kt_in_the_middle(route):
    found = gap(load_market(), [route()], draws=0, lead_from_scrap=True)
    assert round(found.gap_kt.mid) == 33
    assert round(found.reference.refining_throughput_kt.mid) == 38
    close(found.secondary_kt, 12.0, 16.0, 20.0)


def test_the_low_gap_is_low_demand_with_high_supply(market, route):
    found = gap(market, [route()], draws=0)
    close(found.demand_kt, 40.0, 60.0, 80.0)
    close(found.existing_kt, 9.0, 7.0, 4.0)
    close(found.secondary_kt, 10.0, 8.0, 6.0)  # 12 of scrap, but lead of 10 only is asked for
    close(found.gap_kt, 21.0, 45.0, 70.0)
    assert repr(found) == "<Gap 2040: 21 / 45 / 70 kt Sb, 1 routes>"


def test_what_the_gap_needs_follows_from_the_yield_of_the_route(market, route):
    needed = gap(market, [route()], draws=0).needed
    close(needed.antimony_yield, 0.9, 0.9, 0.9)
    close(needed.refining_throughput_kt, 21.0 / 0.9, 50.0, 70.0 / 0.9)
    close(needed.nameplate_kt, 21.0, 56.25, 140.0)
    close(needed.concentrate_kt, 42.0 / 0.9, 100.0, 140.0 / 0.9)
    # 3 mol SO2 (64.06 g) for 2 mol Sb (121.76 g) of metal, of which 0.9 per Sb fed
    assert needed.so2_kt.mid == pytest.approx(50.0 * 0.9 * 3 * 64.06 / (2 * 121.76), rel=1e-3)


def test_best_and_worst_yields_come_from_draws(market, route):
    needed = gap(market, [route()], draws=200).needed
    best, mid, worst = needed.antimony_yield
    assert mid == pytest.approx(0.9)
    # P10 and P90 of a PERT distribution from 0.8 over 0.9 to 0.95
    shape = 1.0 + 4.0 * (0.9 - 0.8) / 0.15, 1.0 + 4.0 * (0.95 - 0.9) / 0.15
    assert worst == pytest.approx(0.8 + 0.15 * beta.ppf(0.1, *shape), abs=0.002)
    assert best == pytest.approx(0.8 + 0.15 * beta.ppf(0.9, *shape), abs=0.002)
    assert gap(market, [route()], draws=200).needed == needed


def test_routes_are_weighted_by_their_antimony(market, route):
    poor = changed(CASE, "value = 0.9, low = 0.8", "value = 0.6, low = 0.5")
    twice = [
        route("good", antimony_to_refinery=kt(20, 30, 40)),
        route("poor", poor, antimony_to_refinery=kt(5, 10, 15)),
    ]
    close(gap(market, twice, draws=0).needed.antimony_yield, 0.9, 0.825, 0.6)
    drawn = gap(market, twice, draws=64)
    assert [smelter.weight for smelter in drawn.smelters] == [0.75, 0.25]
    best, mid, worst = drawn.needed.antimony_yield
    assert 0.6 < worst < mid < best < 0.95


def test_routes_that_may_bring_nothing_count_alike(market, route):
    found = gap(market, [route("one", antimony_to_refinery=kt(0, 0, 5))], draws=16)
    assert found.smelters[0].weight == 1.0
    assert found.needed.antimony_yield.mid == pytest.approx(0.9)
    poor = changed(CASE, "value = 0.9, low = 0.8", "value = 0.6, low = 0.5")
    two = [route(name, case, antimony_to_refinery=kt(0, 0, 5)) for name, case in
           (("one", CASE), ("two", poor))]  # fmt: skip
    assert gap(market, two, draws=0).needed.antimony_yield.mid == pytest.approx(0.75)


def test_losses_and_returns_are_read_off_the_flowsheet(market, route):
    found = gap(market, [route()], draws=0)
    assert found.losses == pytest.approx({"slag": 0.1, "gas": 0.0})
    assert found.returned == 0.0
    assert found.feed_grade == pytest.approx(0.8 * 0.71684, rel=1e-4)  # 80 % stibnite
    told = explanation(found, market)
    assert "Middle yield 90.0% here, 40.0% in the reference" in told
    assert "(80 x 100 x 50 %)" in told
    assert "0% of the antimony fed goes back" in told
    assert "leaves with slag 10.0%." in told


def test_supply_and_what_is_left_add_up_to_demand(market, route):
    routes = [
        route("one"),
        route("two", control='"third country"', antimony_to_refinery=kt(2, 4, 8)),
        route("three", status='"idle"', antimony_to_refinery=kt(0, 0, 10)),
    ]
    found = gap(market, routes, draws=0)
    supply = found.secondary_kt + found.existing_kt
    assert list(found.gap_kt + supply) == pytest.approx(list(found.demand_kt))
    adds = found.routes[0].adds_kt + found.routes[1].adds_kt + found.routes[2].adds_kt
    assert found.routes[-1].cumulative_kt == adds
    # The low gap meets the high supply.
    assert list(found.left_kt + adds.turned) == pytest.approx(list(found.gap_kt))
    (third,) = [row for row in found.routes if row.route == "two"]
    others = found.left_to_bloc_kt - found.left_kt
    assert list(others) == pytest.approx(list(third.adds_kt.turned))


def test_without_a_route_of_the_bloc_its_own_leave_the_whole_gap(market, route):
    found = gap(market, [route(control='"third country"')], draws=0)
    assert found.left_to_bloc_kt == found.gap_kt


def test_metal_is_what_goes_in_times_the_routes_own_yield(market, route):
    row = gap(market, [route()], draws=0).routes[0]
    close(row.antimony_to_refinery_kt, 5.0, 10.0, 15.0)
    close(row.metal_kt, 4.5, 9.0, 13.5)
    close(row.adds_kt, 4.5, 9.0, 13.5)
    close(row.left_kt, 21.0 - 13.5, 45.0 - 9.0, 70.0 - 4.5)


def test_what_counts_as_existing_is_not_counted_again(market, route):
    counted = f"\ncounted = {kt(1, 2, 20)}"
    row = gap(market, [route(kind=f'"primary"{counted}')], draws=0).routes[0]
    close(row.counted_kt, 1.0, 2.0, 20.0)
    close(row.adds_kt, 3.5, 7.0, 0.0)  # nothing is taken back from existing supply


def test_a_route_that_makes_less_than_is_counted_is_noted(market, route):
    found = gap(market, [route(kind=f'"primary"\ncounted = {kt(1, 12, 20)}')], draws=0)
    assert found.notes == [
        "smelter: makes 9 kt/yr, less than the 12 that already count as existing; it adds nothing"
    ]


def test_conversion_is_capacity_and_no_antimony(market, route):
    with_capacity = CASE + '\n[capacity]\ninstalled = "4 kt/yr"\n'
    buyer = route("buyer", with_capacity, status='"idle"', kind='"conversion"')
    found = gap(market, [route(), buyer], draws=0)
    row = found.routes[1]
    assert (row.route, row.kind) == ("buyer", "conversion")
    close(row.metal_kt, 4.5, 9.0, 13.5)
    close(row.adds_kt, 0.0, 0.0, 0.0)
    assert row.left_kt == found.routes[0].left_kt
    assert row.capacity_installed_kt == pytest.approx(4.0)
    close(row.capacity_missing_kt, 1.0, 6.0, 11.0)
    assert [smelter.route for smelter in found.smelters] == ["smelter"]


def test_what_the_bloc_brings_and_cannot_refine(market, route):
    some = CASE + '\n[capacity]\ninstalled = "8 kt/yr"\n'
    routes = [
        route("some", some),
        route("none"),
        route("buyer", kind='"conversion"'),
        route("third", control='"third country"'),
    ]
    found = gap(market, routes, draws=0)
    close(found.refining_missing_kt, 5.0, 2.0 + 10.0, 7.0 + 15.0)
    assert "5 / 12 / 22 kt/yr (low, mid, high of the routes) have no refinery" in closing(found)


def test_what_the_bloc_closes_with_the_refineries_at_hand(market, route):
    """8 kt of feed at 90 % are 7.2 kt; 5, 10 and 15 kt are brought, 1, 2 and 3 count already."""
    some = CASE + '\n[capacity]\ninstalled = "8 kt/yr"\n'
    routes = [
        route("some", some, kind=f'"primary"\ncounted = {kt(1, 2, 3)}'),
        route("none"),
        route("buyer", some, kind='"conversion"'),
        route("third", some, control='"third country"'),
    ]
    found = gap(market, routes, draws=0)
    rows = {row.route: row for row in found.routes}
    close(rows["some"].adds_at_hand_kt, 4.5 - 1.0, 7.2 - 2.0, 7.2 - 3.0)
    close(rows["none"].adds_at_hand_kt, 0.0, 0.0, 0.0)
    close(rows["buyer"].adds_at_hand_kt, 0.0, 0.0, 0.0)
    close(rows["third"].adds_at_hand_kt, 4.5, 7.2, 7.2)
    close(found.closed_at_hand_kt, 3.5, 5.2, 4.2)
    close(found.left_at_hand_kt, 21.0 - 4.2, 45.0 - 5.2, 70.0 - 3.5)
    plain = found.to_dict()
    assert plain["closed_at_hand_kt"]["mid"] == pytest.approx(5.2)
    assert plain["left_at_hand_kt"]["high"] == pytest.approx(66.5)


def test_a_refinery_with_room_for_all_takes_no_more_than_comes(market, route):
    large = CASE + '\n[capacity]\ninstalled = "100 kt/yr"\n'
    found = gap(market, [route(case=large)], draws=0)
    assert found.closed_at_hand_kt == found.routes[0].adds_kt
    assert found.left_at_hand_kt == found.left_to_bloc_kt


def test_a_route_given_twice_is_refused(market, route):
    line = (
        r"^routes: 'smelter' is given 2 times, and its antimony would count as often; name each "
        r"route once$"
    )
    with pytest.raises(InputError, match=line):
        gap(market, [route(), route("other"), route()], draws=0)


def test_routes_come_in_the_order_of_certainty(market, route):
    words = ("prospect", "idle", "planned", "construction", "commissioning", "operating")
    routes = [
        route(f"{status}_{place}", status=f'"{status}"', control=f'"{control}"')
        for status in words
        for place, control in enumerate(("third country", "bloc"))
    ]
    routes.append(route("very_large", status='"planned"', antimony_to_refinery=kt(20, 30, 40)))
    found = gap(market, routes, draws=0).routes
    own, others = ([f"{word}_{place}" for word in reversed(words)] for place in (1, 0))
    own.insert(own.index("planned_1"), "very_large")
    assert [row.route for row in found] == [*own, *others]
    cumulative = [row.cumulative_kt.mid for row in found]
    assert cumulative == sorted(cumulative)


def test_routes_without_supply_are_left_out(market, route, tmp_path):
    other = load_route(str(write_route(tmp_path, "other", CASE)))
    found = gap(market, [other, route()], draws=0)
    assert [row.route for row in found.routes] == ["smelter"]


def test_a_route_that_does_not_solve_keeps_its_row(market, route):
    broken = changed(CASE, 'flow = "10 t/h"', 'flow = "0 t/h"')
    target = '\n[target]\nvary = "concentrate.flow"\nflow = "5 kt/yr"\n'
    lossy = changed(CASE, "value = 0.9, low = 0.8", "value = 0.0, low = 0.0")
    routes = [route("nothing", broken), route("lossy", lossy + target), route()]
    found = gap(market, routes, draws=0)
    rows = {row.route: row for row in found.routes}
    assert rows["nothing"].solved == "solved, but no antimony reaches its refinery"
    assert rows["lossy"].solved.startswith("not solved: ")
    for name in ("nothing", "lossy"):
        assert rows[name].antimony_yield is None
        assert rows[name].metal_kt is None
        close(rows[name].adds_kt, 0.0, 0.0, 0.0)
    assert [note.partition(":")[0] for note in found.notes] == ["nothing", "lossy"]
    assert found.routes[-1].left_kt.mid == pytest.approx(36.0)
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_smelter_without_ranges_counts_as_written_and_says_so(market, route):
    certain = changed(CASE, ", low = 0.8, high = 0.95", "")
    found = gap(market, [route("certain", changed(certain, "assumed", "design"))], draws=16)
    close(found.needed.antimony_yield, 0.9, 0.9, 0.9)
    assert found.notes == [
        "certain: cannot be drawn (no ranges, or no draw has a steady state), so its yield as "
        "written counts in all columns"
    ]


def test_draws_without_a_steady_state_are_noted_with_their_number(market, route):
    """More than 20 % of oxide has no room beside 80 % of stibnite: half of the range."""
    oxide = '{ value = 0.15, low = 0.1, high = 0.3, distribution = "uniform" }'
    crowded = changed(
        CASE, 'remainder = "SiO2"', f'composition.Sb2O3 = {oxide}\nremainder = "SiO2"'
    )
    (note,) = gap(market, [route("crowded", crowded)], draws=64).notes
    failed = int(note.split()[1])
    assert failed == pytest.approx(32, abs=2)
    assert note == (f"crowded: {failed} of 64 draws have no steady state and are in no percentile")


def test_a_smelter_that_brings_nothing_is_not_missed_in_the_draws(market, route):
    """It counts for nothing beside one that brings something, and so is not drawn."""
    nothing = route("nothing", antimony_to_refinery=kt(0, 0, 0))
    found = gap(market, [route(), nothing], draws=16)
    assert [smelter.weight for smelter in found.smelters] == [1.0, 0.0]
    assert found.smelters[0].spread.solved == 16
    assert found.smelters[1].spread is None
    assert found.notes == []


def test_losses_and_feed_are_those_of_all_smelters_together(market, route):
    """30 kt lose 10 %, and 10 kt of half the grade 40 %."""
    poor = changed(CASE, "value = 0.9, low = 0.8", "value = 0.6, low = 0.5")
    poor = changed(poor, "80 %", "40 %")
    twice = [
        route("good", antimony_to_refinery=kt(20, 30, 40)),
        route("poor", poor, antimony_to_refinery=kt(5, 10, 15)),
    ]
    found = gap(market, twice, draws=0)
    assert found.losses == pytest.approx({"slag": 0.75 * 0.1 + 0.25 * 0.4, "gas": 0.0})
    tonnes = 30.0 / (0.8 * 0.71684) + 10.0 / (0.4 * 0.71684)
    assert found.feed_grade == pytest.approx(40.0 / tonnes, rel=1e-4)


def test_no_gap_needs_no_refinery(tmp_path, route):
    rich = changed(MARKET, 'value = "7 kt/yr", low = "4', 'value = "50 kt/yr", low = "4')
    rich = changed(rich, 'high = "9 kt/yr"', 'high = "90 kt/yr"')
    found = gap(load_market(write_market(tmp_path, rich)), [route()], draws=0)
    close(found.gap_kt, -60.0, 2.0, 70.0)
    assert found.needed.refining_throughput_kt.low == 0.0
    assert found.needed.nameplate_kt.low == 0.0


def test_without_a_smelter_of_sulphide_there_is_no_yield(market, route):
    oxide = changed(CASE, "composition.Sb2S3", "composition.Sb2O3")
    buyer = route("buyer", kind='"conversion"')
    with pytest.raises(InputError) as refused:
        gap(market, [route("oxide", oxide), buyer], draws=0)
    assert str(refused.value) == (
        "gap: no route here turns sulphide feed into metal, so there is no yield to take; got "
        "oxide (solved), buyer (solved); add one, such as stibnite_idaho"
    )
    with pytest.raises(InputError, match=r"got none with a section \[supply\]; add one"):
        gap(market, [], draws=0)


def test_draws_are_a_whole_number(market, route):
    with pytest.raises(InputError, match=r"^draws: must be a whole number from 0 up, got -1$"):
        gap(market, [route()], draws=-1)
    with pytest.raises(InputError, match=r"^draws: must be a whole number from 0 up, got 1\.5$"):
        gap(market, [route()], draws=1.5)


def test_what_melts_metal_says_nothing_of_smelting_sulphide(market, route, tmp_path):
    """It adds to supply, and its yield of 100 % is in no mean."""
    case = METAL + SUPPLY
    melter = load_route(str(write(tmp_path, case, METAL_PLANT, name="melter")))
    found = gap(market, [route(), melter], draws=0)
    assert [smelter.route for smelter in found.smelters] == ["smelter"]
    assert found.needed.antimony_yield.mid == pytest.approx(0.9)
    (row,) = [row for row in found.routes if row.route == "melter"]
    close(row.adds_kt, 5.0, 10.0, 15.0)


def test_a_mine_that_sells_concentrate_is_no_smelter(market, route, tmp_path):
    """It takes sulphide and leaves it one; its recovery of 89 % is in no mean."""
    mine = load_route(str(write(tmp_path, CONCENTRATOR + SUPPLY, name="mine")))
    found = gap(market, [route(), mine], draws=0)
    assert [smelter.route for smelter in found.smelters] == ["smelter"]
    assert found.needed.antimony_yield.mid == pytest.approx(0.9)


def test_the_picture_has_a_bar_for_each_step(market, route):
    third = route("third", status='"idle"', control='"third country"')
    buyer = route("buyer", status='"idle"', kind='"conversion"')
    most = CASE + '\n[capacity]\ninstalled = "9 kt/yr"\n'
    figure = draw_gap(gap(market, [route(case=most), third, buyer], draws=0))
    (axes,) = figure.axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == [
        *("demand", "secondary (scrap)", "existing refined", "gap"),
        *("smelter", "buyer", "left by the bloc's own", "left if no refinery is built"),
        *("third", "left by all"),
    ]
    widths = [abs(bar.get_width()) for bar in axes.patches[: len(labels)]]
    assert widths == pytest.approx([60.0, 8.0, 7.0, 45.0, 9.0, 0.0, 36.0, 36.9, 9.0, 27.0])
    (dotted,) = axes.patches[len(labels) :]  # of 45 - 9 = 36 up, what has no refinery
    assert dotted.get_x() == pytest.approx(36.0)
    assert dotted.get_width() == pytest.approx(0.9)
    assert axes.get_xlabel() == "contained antimony, kt/yr"
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["construction", "idle", "third country", "no refinery yet"]
    remarks = [text.get_text() for text in axes.texts]
    assert "0  10 of bought antimony" in remarks


def test_all_built_in_routes_close_part_of_the_gap():
    market = load_market()
    found = gap(market, [load_route(name) for name in route_names()], draws=0)
    assert {row.solved for row in found.routes} == {"solved"}
    controls = [row.control for row in found.routes]
    assert controls == sorted(controls)  # "bloc" before "third country"
    adds = sum(row.adds_kt.mid for row in found.routes)
    assert found.left_kt.mid + adds == pytest.approx(found.gap_kt.mid)
    # What routes say is counted is what the market file counts, plant by plant.
    counted = sum(row.counted_kt.mid for row in found.routes)
    assert counted == pytest.approx(found.existing_kt.mid)
    assert found.left_to_bloc_kt.mid < found.gap_kt.mid
    json.dumps(found.to_dict(), allow_nan=False)
