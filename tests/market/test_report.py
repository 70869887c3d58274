"""The gap in rows and words: what stands beside what, and what is worth a word."""

import pytest

from flowsheet.load import load_route
from flowsheet.market.gap import gap
from flowsheet.market.report import balance_rows, closing, explanation, route_rows
from tests.market.test_gap import kt
from tests.small_case import changed
from tests.smelter_case import CASE, PLANT, SUPPLY, write_route


def test_what_is_leached_makes_no_sulphur_dioxide_and_is_said_so(market, route, tmp_path):
    """A quarter of the antimony goes to a plant that keeps its sulphur."""
    supply = changed(
        SUPPLY, 'value = "10 kt/yr", low = "5 kt/yr"', 'value = "4 kt/yr", low = "3 kt/yr"'
    )
    write_route(tmp_path, "leach", CASE + supply)
    kept = changed(
        PLANT, '{"SO2": 3.0 * reacted * molar["SO2"]}', '{"S": 3.0 * reacted * molar["S"]}'
    )
    kept = changed(kept, '3.0 * reacted * molar["O2"]', "0.0 * reacted")
    kept = changed(kept, '"SO2", "O2"]', '"SO2", "O2", "S"]')
    (tmp_path / "leach.py").write_text(kept, encoding="utf-8")
    leach = load_route(str(tmp_path / "leach.toml"))
    smelter = route(antimony_to_refinery=kt(10, 12, 20))
    both, alone = (gap(market, routes, draws=0) for routes in ([smelter, leach], [smelter]))
    assert both.so2_per_antimony == pytest.approx(0.75 * alone.so2_per_antimony, rel=1e-9)
    assert "and none where it is leached (25% of the antimony)" in explanation(both, market)
    assert "leached" not in explanation(alone, market)


def test_the_balance_goes_from_demand_to_plants(market, route):
    """Needs of the flowsheets, 90 %, beside those of the reference, 80 x 100 x 50 %."""
    rows = {row["figure"]: row for row in balance_rows(gap(market, [route()], draws=0), market)}

    def figures(name, prefix=""):
        return [rows[name][f"{prefix}{column}"] for column in ("low", "mid", "high")]

    assert figures("demand") == pytest.approx([40.0, 60.0, 80.0])
    assert figures("less secondary") == pytest.approx([10.0, 8.0, 6.0])
    assert figures("less existing refined") == pytest.approx([9.0, 7.0, 4.0])
    assert figures("gap, refined") == pytest.approx([21.0, 45.0, 70.0])
    assert figures("yield, % of Sb fed") == pytest.approx([90.0, 90.0, 90.0])
    assert figures("yield, % of Sb fed", "reference_") == pytest.approx([100.0, 40.0, 10.0])
    assert figures("refining throughput, fed", "reference_") == pytest.approx([21.0, 112.5, 700.0])
    assert figures("concentrate of 50% Sb, dry") == pytest.approx([42 / 0.9, 100.0, 140 / 0.9])
    own = figures("concentrate of the routes' own 57% Sb, dry")
    assert own == pytest.approx([21 / 0.9 / 0.57347, 50 / 0.57347, 70 / 0.9 / 0.57347], rel=1e-4)
    assert rows["gap, refined"]["reference_mid"] is None


def test_many_smelters_and_losses_are_not_all_named(market, route):
    """Six smelters are counted; what is lost in small streams is summed up."""
    six = [route(f"number_{place}") for place in range(6)]
    told = explanation(gap(market, six, draws=0), market)
    assert "In the flowsheets of 6 routes slag, dross" in told
    assert "number_0" not in told
    told = explanation(gap(market, six[:2], draws=0), market)
    assert "In the flowsheets of number_0 and number_1 slag, dross" in told
    assert "What is lost leaves with slag 10.0%. SO2" in told  # gas holds none: it is not named


def test_losses_beyond_five_streams_are_summed_up(market, route, tmp_path):
    """Slag of 10 % is split into seven heaps, a seventh of it each."""
    heaps = "".join(
        f"""            "heap_{place}": Splitter(
                feed="rest_{place}", product="heap_{place}", remainder="rest_{place + 1}",
                fraction=1.0 / {7 - place},
            ),
"""
        for place in range(6)
    )
    plant = changed(PLANT, 'slag="slag"', 'slag="rest_0"')
    plant = changed(
        plant, "        },\n        products=", f"{heaps}        }},\n        products="
    )
    path = write_route(tmp_path, "heaps", CASE + SUPPLY)
    splitter = "from unitops.streams.splitter import Splitter\n"
    path.with_suffix(".py").write_text(splitter + plant, encoding="utf-8")
    told = explanation(gap(market, [load_route(str(path))], draws=0), market)
    assert told.count(" 1.4%") == 5
    assert " 1.4% and others 2.9%. SO2" in told


def test_rows_are_flat(market, route):
    (row,) = route_rows(gap(market, [route()], draws=0))
    assert row["antimony_to_refinery_kt_high"] == pytest.approx(15.0)
    assert row["yield_percent"] == pytest.approx(90.0)
    assert row["missing"] == "a smelter"


def test_what_is_left_is_said_in_words(market, route):
    found = gap(market, [route()], draws=0)
    assert closing(found).startswith(
        "Of the gap of 21 / 45 / 70 kt/yr the bloc's own routes leave 8 / 36 / 66, all routes "
        "together 8 / 36 / 66"
    )


def test_what_the_refineries_at_hand_close_is_said_last(market, route):
    """5, 10 and 15 kt come; with room for 8 of them, at 90 %, 4.5, 7.2 and 7.2 kt are made."""
    some = CASE + '\n[capacity]\ninstalled = "8 kt/yr"\n'
    assert closing(gap(market, [route(case=some)], draws=0)).endswith(
        "With the refineries at hand, and none built, they close only 7.2 / 7.2 / 4.5 kt/yr of the "
        "gap, and 14 / 38 / 66 are left (low, mid, high gap)."
    )
    large = CASE + '\n[capacity]\ninstalled = "100 kt/yr"\n'
    told = closing(gap(market, [route(case=large)], draws=0))
    assert "they close 13.5 / 9.0 / 4.5 kt/yr of the gap" in told
