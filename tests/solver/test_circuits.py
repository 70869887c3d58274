"""Linear circuits: what circulates, and every stream of larger ones, against closed forms."""

import json
from pathlib import Path

import numpy as np
import pytest

from flowsheet import Flowsheet, SolveError, Species, solve
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, PerSpecies
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Outlets, Parameters, UnitOp
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

KNOWN = Path(__file__).parents[1] / "known"


def known(name):
    return json.loads((KNOWN / f"{name}.json").read_text())


def feed(masses):
    total = sum(masses.values())
    shares = {name: mass / total for name, mass in masses.items()}
    return Feed(outlet="ore", flow=f"{total} t/h", composition=shares)


def t_h(solution, streams, species=None):
    """Flow of several streams together."""
    flows = [solution[name] for name in streams]
    return sum(
        (s.species(species, "t/h") if species else s.mass_flow("t/h")).magnitude for s in flows
    )


def closed_circuit(ore, rougher, cleaner, scavenger=None):
    returns = ["middlings"] + (["scavenged"] if scavenger else [])
    units = {
        "ore": feed(ore),
        "rougher": Splitter(
            feed=["ore", *returns], product="froth", remainder="rejects", fraction=rougher
        ),
        "cleaner": Splitter(
            feed="froth", product="concentrate", remainder="middlings", fraction=cleaner
        ),
    }
    if scavenger:
        units["scavenger"] = Splitter(
            feed="rejects", product="scavenged", remainder="tailings", fraction=scavenger
        )
    return solve(Flowsheet(list(ore), units, products=["concentrate"])), ["ore", *returns]


@pytest.mark.parametrize("name", ["rougher and cleaner", "rougher, cleaner and scavenger"])
def test_what_circulates_in_a_closed_circuit(name):
    figures = known("closed_circuits")
    ore, expected = figures["feed_t_h"], figures[name]
    stages = ["rougher", "cleaner"] + (["scavenger"] if "scavenger" in name else [])
    solution, entering = closed_circuit(ore, **{stage: figures[stage] for stage in stages})
    exact = {"rel": 1e-9}
    for species, fed in ore.items():
        recovered = t_h(solution, ["concentrate"], species) / fed
        assert recovered == pytest.approx(expected["recovery"][species], **exact)
        circulates = t_h(solution, entering, species) / fed
        assert circulates == pytest.approx(expected["rougher_feed_over_ore"][species], **exact)
    made, rougher_feed = t_h(solution, ["concentrate"]), t_h(solution, entering)
    assert made == pytest.approx(expected["concentrate_t_h"], **exact)
    stibnite = 100 * t_h(solution, ["concentrate"], "Sb2S3") / made
    assert stibnite == pytest.approx(expected["stibnite_percent"], **exact)
    assert rougher_feed == pytest.approx(expected["rougher_feed_t_h"], **exact)
    returned = t_h(solution, entering[1:])
    assert returned / sum(ore.values()) == pytest.approx(expected["circulating_load"], **exact)


def test_three_equal_cells_separate_twice_as_sharply_as_one():
    # Meloy (1983): dR/dp = 2 at p = 1/2, where one cell has dR/dp = 1.
    def recovery(p):
        solution, _ = closed_circuit({"Sb2S3": 1.0}, p, p, p)
        return t_h(solution, ["concentrate"])

    step = 1e-4
    steepness = (recovery(0.5 + step) - recovery(0.5 - step)) / (2.0 * step)
    assert steepness == pytest.approx(2.0, rel=1e-6)


def row_of_cells(count, feed_at, p):
    """Each cell sends a share p one cell back and the rest one cell on."""
    units = {"ore": feed({"SiO2": 1.0})}
    for cell in range(1, count + 1):
        enters = [f"back {cell + 1}"] * (cell < count) + [f"on {cell - 1}"] * (cell > 1)
        units[f"cell {cell}"] = Splitter(
            feed=enters + ["ore"] * (cell == feed_at),
            product=f"back {cell}",
            remainder=f"on {cell}",
            fraction=p,
        )
    return Flowsheet(["SiO2"], units)


@pytest.mark.parametrize(("count", "feed_at"), [(1, 1), (2, 1), (5, 3), (12, 9), (40, 20)])
@pytest.mark.parametrize("p", [0.2, 0.45, 0.5, 0.7])
def test_a_row_of_cells_is_a_gamblers_ruin(count, feed_at, p):
    # Feller, An Introduction to Probability Theory (3rd ed. 1968), XIV.2: the chance to be ruined.
    odds, ahead = p / (1.0 - p), count + 1 - feed_at
    if p == 0.5:
        expected = ahead / (count + 1)
    else:
        expected = (odds**feed_at - odds ** (count + 1)) / (1.0 - odds ** (count + 1))
    solution = solve(row_of_cells(count, feed_at, p))
    assert t_h(solution, ["back 1"]) == pytest.approx(expected, rel=1e-9, abs=1e-15)
    assert t_h(solution, [f"on {count}"]) == pytest.approx(1.0 - expected, rel=1e-9)


def test_what_circulates_in_cavetts_flashes_with_fixed_splits():
    figures = known("cavett_linear")
    names = figures["components"]
    into = {1: ["vapour 2"], 2: ["ore", "liquid 1", "vapour 3"], 3: ["liquid 2", "vapour 4"],
            4: ["liquid 3"]}  # fmt: skip
    units = {"ore": feed(dict(zip(names, figures["feed"], strict=True)))}
    for number, streams in into.items():
        units[f"flash {number}"] = Splitter(
            feed=streams,
            product=f"vapour {number}",
            remainder=f"liquid {number}",
            fraction=dict(zip(names, figures[f"vapour_split_flash{number}"], strict=True)),
        )
    # Only masses are of interest here, so any formula will do.
    solution = solve(Flowsheet([Species(name, formula="C", phase="gas") for name in names], units))
    totals = [t_h(solution, streams) for streams in into.values()]
    np.testing.assert_allclose(totals, figures["inlet_totals"], rtol=1e-9)
    assert t_h(solution, ["vapour 1"]) == pytest.approx(11903.444764258673, rel=1e-9)
    assert t_h(solution, ["liquid 4"]) == pytest.approx(15437.155235741326, rel=1e-9)


class ThreeWays(UnitOp):
    """Sends given shares of each species three ways."""

    feed: Inlet
    first: Outlet
    second: Outlet
    third: Outlet
    share: PerSpecies[Fraction]
    second_share: PerSpecies[Fraction]
    third_share: PerSpecies[Fraction]

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        return {
            "first": feed * p.share,
            "second": feed * p.second_share,
            "third": feed * p.third_share,
        }


NETWORK = known("antimony_network")


def network(splits):
    """One unit per name, whatever the number of its destinations."""
    into = {"MIX1": ["ore"]}
    for name, ways in splits.items():
        for way in ways:
            into.setdefault(way["to"], []).append(f"{name}->{way['to']}")
    units = {"ore": feed(NETWORK["feed_t_h"])}
    for name, ways in splits.items():
        ends = [f"{name}->{way['to']}" for way in ways]
        ends += [f"{name} {number}" for number in range(3 - len(ends))]
        shares = [*(way["split"] for way in ways), 0.0, 0.0]
        units[name] = ThreeWays(
            feed=into[name],
            **dict(zip(("first", "second", "third"), ends, strict=True)),
            share=shares[0],
            second_share=shares[1],
            third_share=shares[2],
        )
    species = [Species(c, formula="SiO2" if c == "Gangue" else c) for c in NETWORK["components"]]
    return Flowsheet(species, units)


def test_an_antimony_network_of_one_unit_per_step():
    solution = solve(network(NETWORK["splits"]))
    for stream, flows in NETWORK["streams_t_h"].items():
        for component, expected in flows.items():
            found = t_h(solution, [stream], component)
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
    tailings = solution["SCAV->TAILING"].grade("Sb").magnitude
    assert tailings == pytest.approx(0.30180178691752607, rel=1e-9)


INWARDS = {"SCAV": "MIX1", "BAGHOUSE": "MIX2", "SLAGCLEAN": "FURNACE", "ALKSLAG": "MIX2"}


def with_gold_sent(to):
    """The network with all gold of some units sent to one place."""
    return {
        name: [
            way | {"split": way["split"] | {"Au": float(way["to"] == to[name])}}
            if name in to
            else way
            for way in ways
        ]
        for name, ways in NETWORK["splits"].items()
    }


def test_an_antimony_network_in_which_gold_goes_round_for_ever():
    # All twelve units are in one knot.
    splits = with_gold_sent({**INWARDS, "REFINING": "ALKSLAG"})
    everywhere = ", ".join(NETWORK["splits"])
    with pytest.raises(SolveError, match=rf"no way out for Au \(in {everywhere}\)"):
        solve(network(splits))
    assert len(NETWORK["splits"]) == 12


def test_gold_that_can_leave_at_one_place_only_leaves_there():
    solution = solve(network(with_gold_sent(INWARDS)))
    metal = t_h(solution, ["REFINING->METAL"], "Au")
    assert metal == pytest.approx(NETWORK["feed_t_h"]["Au"], rel=1e-9)
