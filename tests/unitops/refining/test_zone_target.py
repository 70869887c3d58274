"""Passes that follow from a target, in the unit and in a plant that recycles the crop."""

import numpy as np
import pytest

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from flowsheet.scenario import scenarios
from tests.unitops.refining.zone_bars import FIXED, flows_of, kept, refining, shown
from unitops.refining.zone_limit import passes_needed
from unitops.refining.zone_refining import ZoneRefining
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

SPECIES = ["Sb", "As", "Pb", "Cu", "Bi", "Sn"]


def metal(**ppm):
    return {"Sb": 1.0 - 1e-6 * sum(ppm.values())} | {n: 1e-6 * v for n, v in ppm.items()}


def plant(recycled="0 %", composition=None, **parameters):
    """A bar of dirty metal; part of the crop is remelted into new bars."""
    return Flowsheet(
        species=SPECIES,
        units={
            "metal": Feed(
                outlet="metal",
                flow="1 kg/h",
                composition=composition or {"As": "1 ppm", "Pb": "30 ppm", "Sn": "10 ppm"},
                remainder="Sb",
            ),
            "zones": ZoneRefining(
                feed=["metal", "remelted"], ingot="ingot", crop="crop", **parameters
            ),
            "bleed": Splitter(feed="crop", product="remelted", remainder="bled", fraction=recycled),
        },
    )


def figure(solution, label):
    found = {each.label: each.value for each in solution.figures("zones")}
    return float(found[label][0])


@pytest.mark.parametrize("purity", [0.99998, 0.99999, 0.999995])
def test_the_target_is_just_met(purity):
    unit = refining(target_purity=purity)
    flows, p = flows_of(unit, SPECIES, metal(Pb=40.0, Sn=10.0))
    assert shown(unit, flows, p, "impurities in the ingot") == pytest.approx(
        1e6 * (1.0 - purity), rel=1e-9
    )
    assert unit.refusals(flows, p) == [""]


@pytest.mark.parametrize(("k", "fewest", "most"), [(0.1, 3, 5), (0.2, 6, 10), (0.3, 6, 10)])
def test_whole_passes_by_the_table_of_many_passes(k, fewest, most):
    """Means of the first 80 %, known: k 0.1 0.127 after 2 passes, 3.4e-3 after 5; k 0.2 0.0452
    after 5, 4.5e-3 after 10; k 0.3 0.154 after 5, 0.0266 after 10."""
    wanted = 0.03
    unit = refining(
        impurity_limit={"Pb": wanted * 1e-6}, distribution_coefficient={"Pb": k}, **FIXED
    )
    flows, p = flows_of(unit, SPECIES, metal(Pb=1.0))
    passes = shown(unit, flows, p, "passes")
    whole = passes_needed(k, zone_to_bar=0.1, crop=0.2, wanted=wanted)
    assert whole - 1 < passes <= whole
    assert kept(k, passes=whole) <= 0.8 * wanted < kept(k, passes=whole - 1)
    assert fewest <= whole <= most


def test_a_part_of_the_bars_gets_one_pass_more():
    """Between n and n + 1 passes, the impurity falls straight with the part that gets one more."""
    lead = {n: kept(0.2, passes=n) / 0.8 for n in (3, 4)}
    half = (lead[3] + lead[4]) / 2.0
    unit = refining(
        impurity_limit={"Pb": half * 1e-6}, distribution_coefficient={"Pb": 0.2}, **FIXED
    )
    flows, p = flows_of(unit, SPECIES, metal(Pb=1.0))
    assert shown(unit, flows, p, "passes") == pytest.approx(3.5, rel=1e-6)


def test_a_clean_feed_still_gets_one_pass():
    unit = refining(target_purity=0.99)
    flows, p = flows_of(unit, SPECIES, metal(Pb=1.0))
    assert shown(unit, flows, p, "passes") == 1.0


def test_all_limits_hold_and_the_hardest_decides():
    limits = {"Pb": 1e-6, "Sn": 1e-6, "others": 1e-3}
    unit = refining(target_purity=0.9999, impurity_limit=limits)
    flows, p = flows_of(unit, SPECIES, metal(Pb=40.0, Sn=10.0, Cu=5.0))
    ingot = flows["ingot"].mass[:, 0] / flows["ingot"].total()[0]
    held = dict(zip(SPECIES, ingot, strict=True))
    assert held["Sn"] == pytest.approx(1e-6, rel=1e-9)
    assert held["Pb"] < 1e-6
    alone = refining(impurity_limit={"Sn": 1e-6})
    other, q = flows_of(alone, SPECIES, metal(Pb=40.0, Sn=10.0, Cu=5.0))
    passes = shown(unit, flows, p, "passes")
    assert passes == pytest.approx(shown(alone, other, q, "passes"), rel=1e-9)


@pytest.mark.parametrize(
    ("parameters", "impurities", "message"),
    [
        (
            {"target_purity": "99.9999 %"},
            {"As": 5.0, "Pb": 50.0},
            r"zones: no number of passes reaches 99.9999 % purity: without end they leave 2.\d+ "
            r"ppm As \(effective k 0.829\); take arsenic out before, with soda or by distillation, "
            "or crop more, or move the zone more slowly",
        ),
        (
            {"impurity_limit": {"As": "0.1 ppm"}},
            {"As": 5.0, "Pb": 50.0},
            "no number of passes reaches 0.1 ppm As: without end they leave 2.",
        ),
        (
            {"target_purity": "99 %", "impurity_limit": {"Cu": "1e-3 ppm", "Bi": "0.01 ppm"}},
            {"Cu": 5.0, "Bi": 5.0},
            "no number of passes reaches 0.01 ppm Bi.*take bismuth out before",
        ),
        (
            {"target_purity": "99.999 %", "most_passes": 4},
            {"Sn": 60.0, "Pb": 2.0},
            r"99.999 % purity takes more than most_passes of 4: they leave 2\d\.?\d* ppm Sn "
            r"\(effective k 0.448\); allow more passes, crop more, or take tin out before",
        ),
        (
            {
                "impurity_limit": {"Cu": "50 ppm", "As": "0.1 ppm"},
                "distribution_coefficient": {"Cu": 1.0},
            },
            {"Cu": 60.0, "As": 5.0},
            "no number of passes reaches 0.1 ppm As",
        ),
        (
            {"target_purity": "99.999 %", "distribution_coefficient": {"Cu": 1.0}},
            {"Cu": 60.0},
            r"without end they leave 60 ppm Cu \(effective k 1\); take Cu out before, or crop",
        ),
    ],
)
def test_a_target_out_of_reach_is_refused_once_solved(parameters, impurities, message):
    composition = {name: f"{ppm} ppm" for name, ppm in impurities.items()}
    with pytest.raises(InputError, match=message):
        solve(plant(composition=composition, **parameters))


def test_other_scenarios_stand_where_one_target_is_out_of_reach():
    unit = refining(target_purity=0.99999)
    slate = Slate(SPECIES)
    feed = flow_of(slate, metal(As=2.0, Pb=50.0), columns=3)
    purities = np.array([0.9999, 0.99999, 0.9999999])
    limits = np.where(np.array(SPECIES) == "As", 1.9e-6, np.inf)[:, None]
    p = unit.resolve(slate).replaced(
        {"target_purity": purities, "impurity_limit": limits, "most_passes": np.array([9.0, 9, 30])}
    )
    made = unit.run(feed, p=p)
    reasons = unit.refusals({"feed": feed, **made}, p)
    assert [bool(reason) for reason in reasons] == [False, False, True]
    assert "99.99999 % purity" in reasons[2]
    purity = made["ingot"].of("Sb") / made["ingot"].total()
    assert np.all(purity[:2] >= purities[:2] * (1.0 - 1e-12))
    for column in range(2):
        alone = p.replaced(
            {"target_purity": purities[column], "impurity_limit": limits, "most_passes": 9.0}
        )
        one = unit.run(flow_of(slate, metal(As=2.0, Pb=50.0)), p=alone)
        np.testing.assert_allclose(one["ingot"].mass[:, 0], made["ingot"].mass[:, column], 1e-12)


def test_passes_allowed_may_differ_between_scenarios():
    unit = refining(impurity_limit={"Pb": 1e-6})
    slate = Slate(SPECIES)
    feed = flow_of(slate, metal(Pb=50.0), columns=3)
    p = unit.resolve(slate).replaced({"most_passes": np.array([2.0, 30.0, 3.0])})
    made = unit.run(feed, p=p)
    reasons = unit.refusals({"feed": feed, **made}, p)
    assert [bool(reason) for reason in reasons] == [True, False, True]
    assert "more than most_passes of 2: they leave" in reasons[0]
    for column, passes in ((0, 2), (2, 3)):
        given, _ = flows_of(refining(passes=passes), SPECIES, metal(Pb=50.0))
        np.testing.assert_allclose(given["ingot"].mass[:, 0], made["ingot"].mass[:, column], 1e-12)


def test_scenarios_of_a_plant_with_a_target():
    found = scenarios(
        plant("60 %", target_purity="99.999 %"),
        {"metal.composition.Pb": ["10 ppm", "30 ppm", "100 ppm"]},
    )
    assert not found.failed
    ingot = found.flow("ingot")
    np.testing.assert_allclose(1.0 - ingot.of("Sb") / ingot.total(), 1e-5, rtol=1e-6)


@pytest.mark.parametrize("recycled", ["30 %", "90 %", "99 %"])
def test_a_target_with_the_crop_recycled(recycled):
    solution = solve(plant(recycled, target_purity="99.9985 %"))
    held = solution["ingot"]
    impurities = sum(float(held.grade(s).to("ppm").magnitude) for s in ("As", "Pb", "Sn"))
    assert impurities == pytest.approx(15.0, rel=1e-6)
    assert figure(solution, "passes") < 50.0


def test_traces_keep_six_digits_through_a_recycle_of_the_crop():
    """What stays in an ingot is a share s of what is fed: with a part r of the crop remelted,
    s / (1 - r (1 - s)) of the metal's impurity, whatever its amount."""
    recycled = 0.95
    traces = {"As": 1e-9, "Pb": 1e-9, "Cu": 1e-9, "Bi": 1e-9, "Sn": 1e-9}
    solution = solve(plant("95 %", composition={**traces}, passes=10))
    unit = refining(passes=10)
    flows, _ = flows_of(unit, SPECIES, dict.fromkeys(SPECIES, 1.0))
    for name in traces:
        share = flows["ingot"].of(name)[0]
        expected = share / (1.0 - recycled * (1.0 - share))
        assert float(solution.recovery(name, to="ingot").to("").magnitude) == pytest.approx(
            expected, rel=1e-6
        )
        assert solution.balance(name).closure == pytest.approx(0.0, abs=1e-12)
