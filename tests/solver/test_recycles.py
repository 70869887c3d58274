"""Textbook recycles with reaction and phase change, with units written as a user would."""

import numpy as np
import pytest

from flowsheet import Flowsheet, SolveError, Species, Vary, product, solve
from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Fraction, MassFlow
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.reaction import Reaction, convert
from flowsheet.core.unit import Outlets, Parameters, UnitOp
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

MOLAR_MASS = {"C3H8": 44.097, "C3H6": 42.081, "H2": 2.016}


class Evaporator(UnitOp):
    """Take off pure water until the salt is concentrated."""

    feed: Inlet
    liquor: Outlet
    vapour: Outlet
    salt: Fraction

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        salt = feed.of("K2CrO4")
        water = feed.of("H2O") - salt * (1.0 - p.salt) / p.salt
        vapour = flow_of(feed.slate, {"H2O": water})
        return {"vapour": vapour, "liquor": feed - vapour}


class Crystalliser(UnitOp):
    """Grow crystals until the liquor is saturated; the cake holds some liquor."""

    feed: Inlet
    cake: Outlet
    filtrate: Outlet
    saturated: Fraction
    crystals_in_cake: Fraction

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        crystals = feed.of("K2CrO4") - feed.of("H2O") * p.saturated / (1.0 - p.saturated)
        liquor = feed - flow_of(feed.slate, {"K2CrO4": crystals})
        adhering = crystals * (1.0 / p.crystals_in_cake - 1.0)
        cake = flow_of(feed.slate, {"K2CrO4": crystals}) + liquor * ratio(adhering, liquor.total())
        return {"cake": cake, "filtrate": feed - cake}


def crystallisation(*, recycled):
    return solve(crystalliser_circuit(recycled=recycled))


def crystalliser_circuit(*, recycled):
    return Flowsheet(
        species=[Species("K2CrO4", phase="liquid"), "H2O"],
        units={
            "feed": Feed(
                outlet="feed", flow="4500 kg/h", composition={"K2CrO4": 1 / 3, "H2O": 2 / 3}
            ),
            "evaporator": Evaporator(
                feed=["feed", "filtrate"] if recycled else "feed",
                liquor="liquor",
                vapour="vapour",
                salt=0.494,
            ),
            "crystalliser": Crystalliser(
                feed="liquor",
                cake="cake",
                filtrate="filtrate",
                saturated=0.3636,
                crystals_in_cake=0.95,
            ),
        },
    )


def test_evaporative_crystalliser_with_its_mother_liquor_returned():
    solution = crystallisation(recycled=True)
    kg_h = {name: s.mass_flow("kg/h").magnitude for name, s in solution.streams.items()}
    assert kg_h["vapour"] == pytest.approx(2950.701315871015, rel=1e-9)
    assert kg_h["cake"] == pytest.approx(1471.8337499225354 + 77.4649342064493, rel=1e-9)
    assert kg_h["liquor"] == pytest.approx(7183.090478916422, rel=1e-9)
    assert kg_h["filtrate"] == pytest.approx(5633.7917947874375, rel=1e-9)


def test_evaporative_crystalliser_with_its_mother_liquor_thrown_away():
    solution = crystallisation(recycled=False)
    cake = solution["cake"].mass_flow("kg/h").magnitude
    assert 0.95 * cake == pytest.approx(622.17381678826, rel=1e-9)
    filtrate = solution["filtrate"].mass_flow("kg/h").magnitude
    assert filtrate == pytest.approx(2381.517439818026, rel=1e-9)


class Reactor(UnitOp):
    """One reaction to a given conversion of its key."""

    feed: Inlet
    outlet: Outlet
    reaction: str
    conversion: Fraction

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        return {"outlet": convert(feed, [Reaction(p.reaction)], [p.conversion])}


def kmol_h(solution, stream, species):
    return solution[stream].molar_flow(species).magnitude


def test_propane_dehydrogenation_to_a_given_overall_conversion():
    flow = 100.0 * MOLAR_MASS["C3H8"]
    lost = 5.0 * MOLAR_MASS["C3H8"]
    flowsheet = Flowsheet(
        species=[Species(name, phase="gas") for name in MOLAR_MASS],
        units={
            "feed": Feed(outlet="feed", flow=f"{flow} kg/h", composition={"C3H8": 1.0}),
            "reactor": Reactor(
                feed=["feed", "recycle"],
                outlet="reacted",
                reaction="C3H8 -> C3H6 + H2",
                conversion=0.2,
            ),
            "separator": Splitter(
                feed="reacted",
                product="recycle",
                remainder="separated",
                # The recycle holds 5 % as much propylene as the product: 0.05 / 1.05 of it.
                fraction={"C3H8": 1 - 0.00555, "C3H6": 0.05 / 1.05, "H2": 0.0},
            ),
            "analyser": Splitter(
                feed="separated",
                product="propane",
                remainder="propylene",
                fraction={"C3H8": 1.0, "others": 0.0},
            ),
        },
    )
    spec = Vary("reactor.conversion").until(product("propane") == f"{lost} kg/h")
    solution = solve(flowsheet, specs=[spec])
    assert kmol_h(solution, "propylene", "C3H6") == pytest.approx(95.0, rel=1e-9)
    assert kmol_h(solution, "propylene", "H2") == pytest.approx(95.0, rel=1e-9)
    assert kmol_h(solution, "recycle", "C3H8") == pytest.approx(895.9009009009009, rel=1e-9)
    assert kmol_h(solution, "recycle", "C3H6") == pytest.approx(4.75, rel=1e-9)
    assert solution.varied["reactor.conversion"] == pytest.approx(0.09539101723280112, rel=1e-9)


def inert_loop(purge):
    """Half of A reacts to its isomer P each pass; all A and inert come back but for the purge."""
    a, p, inert = (
        Species("A", formula="C4H10", phase="gas"),
        Species("P", formula="C4H10", phase="gas"),
        Species("I", formula="Ar", phase="gas"),
    )
    moles = {"A": 95.0, "I": 5.0}
    masses = {s.name: moles[s.name] * 1000 * s.molar_mass for s in (a, inert)}
    total = sum(masses.values())

    class Isomeriser(UnitOp):
        feed: Inlet
        outlet: Outlet

        def run(self, feed: Flow, p: Parameters) -> Outlets:
            formulas = (("A", "C4H10"), ("P", "C4H10"))
            return {"outlet": convert(feed, [Reaction("A -> P", formulas=formulas)], [0.5])}

    return Flowsheet(
        species=[a, p, inert],
        units={
            "feed": Feed(
                outlet="feed",
                flow=f"{total} kg/h",
                composition={name: mass / total for name, mass in masses.items()},
            ),
            "reactor": Isomeriser(feed=["feed", "recycle"], outlet="reacted"),
            "separator": Splitter(
                feed="reacted", product="product", remainder="loop", fraction={"P": 1, "others": 0}
            ),
            "purge": Splitter(feed="loop", product="purged", remainder="recycle", fraction=purge),
        },
    )


def test_an_inert_in_a_closed_loop_has_no_way_out():
    with pytest.raises(SolveError, match=r"no way out for I \(in reactor, separator, purge\)"):
        solve(inert_loop(0.0))


def test_an_inert_in_a_purged_loop():
    solution = solve(inert_loop(0.02))
    assert kmol_h(solution, "recycle", "A") == pytest.approx(91.27450980392156, rel=1e-9)
    assert kmol_h(solution, "recycle", "I") == pytest.approx(245.0, rel=1e-9)
    assert kmol_h(solution, "purged", "A") == pytest.approx(1.8627450980392157, rel=1e-9)
    assert kmol_h(solution, "product", "P") == pytest.approx(93.13725490196079, rel=1e-9)


def test_one_scalar_recycle():
    units = {
        "feed": Feed(outlet="feed", flow="100 t/h", composition={"SiO2": 1.0}),
        "loop": Splitter(feed=["feed", "back"], product="back", remainder="out", fraction=0.9),
        "meter": Splitter(feed="out", product="left", remainder="nothing", fraction=1.0),
    }
    solution = solve(Flowsheet(species=["SiO2"], units=units))
    assert solution["back"].mass_flow().magnitude == pytest.approx(900.0, rel=1e-12)


class Press(UnitOp):
    """Press out at most so much; what is left goes round again."""

    feed: Inlet
    pressed: Outlet
    left: Outlet
    capacity: MassFlow

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        share = np.minimum(0.8, ratio(p.capacity, feed.total()))
        return {"pressed": feed * share, "left": feed * (1.0 - share)}


def press(flow):
    return Flowsheet(
        species=["SiO2"],
        units={
            "feed": Feed(outlet="feed", flow=flow, composition={"SiO2": 1.0}),
            "press": Press(feed=["feed", "left"], pressed="out", left="left", capacity="50 t/h"),
        },
    )


def test_an_overloaded_loop_says_what_builds_up_and_where():
    with pytest.raises(SolveError, match=r"no steady state: SiO2 builds up at 'press', by 10 t/h"):
        solve(press("60 t/h"))


def test_the_same_loop_below_its_capacity():
    assert solve(press("40 t/h"))["left"].mass_flow().magnitude == pytest.approx(10.0, rel=1e-9)
