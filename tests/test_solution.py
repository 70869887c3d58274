"""What a solution answers over the plant, and how a unit that misbehaves is reported."""

import dataclasses

import numpy as np
import pytest

from flowsheet import Flowsheet, InputError, SolveError, Vary, product, solve
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, UnitOp
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

SPECIES = ("Sb2S3", "Sb2O3", "SiO2")


class Cell(UnitOp):
    """A splitter that reports its work."""

    feed: Inlet
    concentrate: Outlet
    tailings: Outlet

    pull: Fraction

    def run(self, feed, p):
        concentrate = feed * p.pull
        return {"concentrate": concentrate, "tailings": feed - concentrate}

    def figures(self, flows, p):
        return (Figure(flows["concentrate"].total() / flows["feed"].total(), "%", "mass pull"),)

    def warnings(self, flows, p):
        pull = float(flows["concentrate"].total()[0] / flows["feed"].total()[0])
        return () if pull < 0.5 else (f"mass pull is {pull:.0%}; below 50 % is usual",)


def circuit(pull="40 %"):
    return Flowsheet(
        SPECIES,
        {
            "ore": Feed(outlet="ore", flow="100 t/h", composition={"Sb2S3": 0.1, "SiO2": 0.9}),
            "oxide": Feed(outlet="oxide", flow="10 t/h", composition={"Sb2O3": 0.5, "SiO2": 0.5}),
            "cell": Cell(
                feed=["ore", "oxide", "returns"], concentrate="froth", tailings="waste", pull=pull
            ),
            "cleaner": Splitter(
                feed="froth", product="concentrate", remainder="returns", fraction=0.5
            ),
        },
        products=["concentrate"],
    )


SOLUTION = solve(circuit())
# Of what enters, 0.4 * 0.5 leaves as concentrate and 0.6 as waste at each pass.
TO_CONCENTRATE = 0.2 / 0.8


def test_a_stream_by_name_with_its_ends():
    assert SOLUTION["oxide"].start == "oxide"
    assert SOLUTION["returns"].end == "cell"
    assert SOLUTION["waste"].end == "outside"
    assert set(SOLUTION.streams) == {"ore", "oxide", "froth", "waste", "concentrate", "returns"}
    assert SOLUTION.streams["waste"].mass_flow() == SOLUTION["waste"].mass_flow()


def test_a_misspelt_stream_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"no stream 'concentrat'; did you mean 'concentrate'\?"):
        SOLUTION["concentrat"]


def test_recovery_is_of_all_that_enters():
    for element in ("Sb", "S", "Si"):
        recovery = SOLUTION.recovery(element, to="concentrate")
        assert recovery.to("").magnitude == pytest.approx(TO_CONCENTRATE, rel=1e-12)
    assert SOLUTION.recovery("Sb", to="concentrate").magnitude == pytest.approx(25.0)


def test_recovery_of_or_to_what_does_not_exist():
    with pytest.raises(InputError, match=r"no stream 'froths'; did you mean 'froth'"):
        SOLUTION.recovery("Sb", to="froths")
    with pytest.raises(InputError, match="no species of this flowsheet contains 'Au'"):
        SOLUTION.recovery("Au", to="froth")
    empty = solve(circuit(), set={"ore.flow": "0 t/h"})
    with pytest.raises(InputError, match="no S enters this plant, so nothing of it can be recov"):
        empty.recovery("S", to="concentrate")


def test_a_balance_lists_all_that_enters_and_leaves():
    balance = SOLUTION.balance("Sb")
    assert set(balance.entering) == {"ore", "oxide"}
    assert set(balance.leaving) == {"waste", "concentrate"}
    # 10 t/h of stibnite with 71.68 % and 5 t/h of Sb2O3 with 83.53 % antimony.
    assert balance.entering["ore"] * 3.6 == pytest.approx(7.168, rel=1e-3)
    assert balance.entering["oxide"] * 3.6 == pytest.approx(4.1765, rel=1e-3)
    assert sum(balance.leaving.values()) == pytest.approx(sum(balance.entering.values()), rel=1e-12)
    assert balance.closure < 1e-14


def test_a_balance_of_an_element_that_is_not_there():
    with pytest.raises(InputError, match=r"contains 'sb'; known here: O, S, Sb, Si"):
        SOLUTION.balance("sb")


def test_figures_of_a_unit_that_is_not_there():
    with pytest.raises(InputError, match=r"^there is no unit 'cel'; did you mean 'cell'\?$"):
        SOLUTION.figures("cel")
    with pytest.raises(InputError, match=r"^there is no unit 'x'; known here: cell, cleaner, "):
        SOLUTION.figures("x")


def test_flows_of_several_streams_together():
    both = SOLUTION.element_flow("S", ["waste", "concentrate"])
    assert both == pytest.approx(SOLUTION.element_flow("S", ["ore"]), rel=1e-12)
    assert SOLUTION.species_flow("Sb2O3", ["ore", "oxide"]) == pytest.approx(5 / 3.6)
    assert SOLUTION.species_flow("Au", ["ore"]) == 0.0


def test_figures_and_warnings_of_units():
    (figure,) = SOLUTION.figures("cell")
    assert (figure.label, figure.unit) == ("mass pull", "%")
    assert figure.value[0] == pytest.approx(0.4)
    assert SOLUTION.figures("cleaner") == []
    assert SOLUTION.warnings() == []
    greedy = solve(circuit(pull="80 %"))
    assert greedy.warnings() == ["cell: mass pull is 80%; below 50 % is usual"]


def test_a_solution_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SOLUTION.status = "wrong"


def test_set_changes_this_solve_only():
    flowsheet = circuit()
    changed = solve(flowsheet, set={"ore.flow": "50 t/h", "cell.pull": "20 %"})
    assert changed["ore"].mass_flow("t/h").magnitude == pytest.approx(50.0)
    assert changed.recovery("Sb", to="concentrate").magnitude == pytest.approx(100 * 0.1 / 0.9)
    assert solve(flowsheet)["ore"].mass_flow("t/h").magnitude == pytest.approx(100.0)
    with pytest.raises(InputError, match=r"cell\.pul: .*did you mean 'pull'"):
        solve(flowsheet, set={"cell.pul": 0.1})


class Faulty(UnitOp):
    """A unit by an author who made a mistake; the units below show which."""

    feed: Inlet
    product: Outlet

    def run(self, feed, p):
        return {"product": self.changed(feed)}


class Crash(Faulty):
    def changed(self, feed):
        raise ZeroDivisionError("the furnace is out")


class Typo(Faulty):
    def run(self, feed, p):
        return {"product": feed * p.recvery}


class WrongPort(Faulty):
    def run(self, feed, p):
        return {"produkt": feed}


class TooMany(Faulty):
    def run(self, feed, p):
        return {"product": feed, "dust": feed * 0.0}


class Missing(Faulty):
    def run(self, feed, p):
        return {}


class Forgotten(Faulty):
    def changed(self, feed):
        return feed * np.array([[np.nan], [1.0], [1.0]])


class NoReturn(Faulty):
    def run(self, feed, p):
        _ = {"product": feed}


class NoDict(Faulty):
    def run(self, feed, p):
        return [("product", feed)]


class NoFlow(Faulty):
    def changed(self, feed):
        return feed.mass


class TooShort(Faulty):
    def changed(self, feed):
        return Flow(feed.slate, feed.mass[:2])


class OneDimension(Faulty):
    def changed(self, feed):
        return Flow(feed.slate, feed.mass[:, 0])


class ListMass(Faulty):
    def changed(self, feed):
        return Flow(feed.slate, feed.mass.tolist())


class TextMass(Faulty):
    def changed(self, feed):
        return Flow(feed.slate, feed.mass.astype(str))


class ObjectMass(Faulty):
    def changed(self, feed):
        return Flow(feed.slate, feed.mass.astype(object))


class ComplexMass(Faulty):
    def changed(self, feed):
        return feed * (1.0 + 0.5j)


class NumberForAPort(Faulty):
    def run(self, feed, p):
        return {1: feed, "product": feed}


class Wide(Faulty):
    def changed(self, feed):
        return feed * np.ones(5)


class Mute(Faulty):
    def changed(self, feed):
        return feed

    def figures(self, flows, p):
        return (1 / 0,)

    def warnings(self, flows, p):
        return (f"{flows['produkt'].total()[0]} kg/s is much",)


class InPlace(Faulty):
    def changed(self, feed):
        feed.mass *= 0.5
        return feed


class Overwriting(Faulty):
    def changed(self, feed):
        feed.mass[0] = 0.0
        return feed


class Infinite(Faulty):
    def changed(self, feed):
        return feed * np.array([[1.0], [1.0], [np.inf]])


class Borrower(Faulty):
    def changed(self, feed):
        moved = np.zeros((3, 1))
        moved[:2, 0] = 1.0, -1.0
        return Flow(feed.slate, feed.mass + moved)


class Stranger(Faulty):
    def changed(self, feed):
        return feed * (1.0 + feed.slate.row("Sb2O4"))


def plant(unit, recycle=False):
    units = {"ore": Feed(outlet="ore", flow="36 t/h", composition={"Sb2S3": 0.1, "SiO2": 0.9})}
    if recycle:
        units["kiln"] = unit(feed=["ore", "returns"], product="made")
        units["screen"] = Splitter(feed="made", product="out", remainder="returns", fraction=0.5)
    else:
        units["kiln"] = unit(feed="ore", product="made")
    return Flowsheet(SPECIES, units)


@pytest.mark.parametrize("recycle", [False, True])
@pytest.mark.parametrize(
    ("unit", "complaint"),
    [
        (Crash, r"^kiln: its Crash failed with ZeroDivisionError: the furnace is out; "
                r"inlet feed: SiO2 9, Sb2S3 1 kg/s$"),
        (Typo, r"^kiln: its Typo failed with AttributeError: no parameter 'recvery'"),
        (WrongPort, r"^kiln: WrongPort\.run returned produkt, but its outlets and supplies "
                    r"are product$"),
        (TooMany, r"^kiln: TooMany\.run returned product, dust, but its outlets and "
                  r"supplies are product$"),
        (Missing, r"^kiln: Missing\.run returned nothing, but its outlets and supplies are "
                  r"product$"),
        (NoReturn, r"^kiln: NoReturn\.run returned NoneType; return a dict with a Flow for "
                   r"product$"),
        (NoDict, r"^kiln: NoDict\.run returned list; return a dict with a Flow for product$"),
        (NoFlow, r"^kiln: NoFlow\.run returned ndarray for 'product'; return a Flow$"),
        (TooShort, r"^kiln: TooShort\.run returned an array of shape \(2, 1\) for 'product'; it "
                   r"must be \(constituents, scenarios\), here \(3, 1\)$"),
        (OneDimension, r"^kiln: OneDimension\.run returned an array of shape \(3,\) for 'product'; "
                       r"it must be \(constituents, scenarios\), here \(3, 1\)$"),
        (Wide, r"^kiln: Wide\.run returned an array of shape \(3, 5\) for 'product'; it must be "
               r"\(constituents, scenarios\), here \(3, 1\)$"),
        (ListMass, r"^kiln: ListMass\.run returned a Flow for 'product' whose mass is no array of "
                   r"numbers$"),
        (TextMass, r"^kiln: TextMass\.run returned a Flow for 'product' whose mass is no array"),
        (ObjectMass, r"^kiln: ObjectMass\.run returned a Flow for 'product' whose mass is no a"),
        (ComplexMass, r"^kiln: ComplexMass\.run returned complex numbers for 'product' from real "
                      r"ones$"),
        (NumberForAPort, r"^kiln: NumberForAPort\.run returned 1, product, but its outlets and "
                         r"supplies are product$"),
    ],
)  # fmt: skip
def test_a_unit_that_fails_is_named(unit, complaint, recycle):
    with pytest.raises(SolveError, match=complaint):
        solve(plant(unit, recycle))


@pytest.mark.parametrize("recycle", [False, True])
@pytest.mark.parametrize(
    ("unit", "impossible"),
    [
        (Forgotten, "Sb2S3 in 'made' is nan t/h"),
        (Infinite, "SiO2 in 'made' is inf t/h"),
        (Borrower, r"Sb2O3 in 'made' is -3\.6 t/h"),
    ],
)
def test_a_flow_that_cannot_be_is_named_with_unit_and_species(unit, impossible, recycle):
    brought = r"which cannot be; feed brings SiO2 32\.4, Sb2S3 3\.6 t/h$"
    with pytest.raises(SolveError, match=f"^kiln: {impossible}, {brought}"):
        solve(plant(unit, recycle))


@pytest.mark.parametrize("unit", [InPlace, Overwriting])
def test_a_unit_cannot_hide_what_it_changes_in_its_feed(unit):
    failed = f"^kiln: its {unit.__name__} failed with ValueError: .*read-only; inlet feed: "
    with pytest.raises(SolveError, match=failed + "SiO2 9, Sb2S3 1 kg/s$"):
        solve(plant(unit))
    # Here its feed is what a pass assumes, and at first that is nothing.
    returns = Flowsheet(
        SPECIES,
        {
            "ore": plant(unit).units["ore"],
            "screen": Splitter(
                feed=["ore", "made"], product="out", remainder="returns", fraction=0.5
            ),
            "kiln": unit(feed="returns", product="made"),
        },
    )
    with pytest.raises(SolveError, match=failed + "empty kg/s$"):
        solve(returns)
    # Two streams are summed for it alone: there the loss shows.
    with pytest.raises(SolveError, match=r"^kiln: (Si|Sb) does not close, "):
        solve(plant(unit, recycle=True))


def test_figures_or_warnings_that_fail_are_named():
    solution = solve(plant(Mute))
    with pytest.raises(
        SolveError, match=r"^kiln: Mute\.figures failed with ZeroDivisionError: division by zero$"
    ):
        solution.figures("kiln")
    with pytest.raises(SolveError, match=r"^kiln: Mute\.warnings failed with KeyError: 'produkt'$"):
        solution.warnings()


class Late(Mute):
    """Fails only when what it returned is looked through."""

    def figures(self, flows, p):
        yield 1 / 0

    def warnings(self, flows, p):
        yield from super().warnings(flows, p)


class Wordless(Mute):
    def figures(self, flows, p):
        return None

    def warnings(self, flows, p):
        return None


@pytest.mark.parametrize(
    ("unit", "figures", "warnings"),
    [
        (Late, "ZeroDivisionError: division by zero", "KeyError: 'produkt'"),
        (Wordless, *["TypeError: 'NoneType' object is not iterable"] * 2),
    ],
)
def test_figures_or_warnings_that_are_no_list_are_named(unit, figures, warnings):
    solution = solve(plant(unit))
    with pytest.raises(SolveError, match=f"^kiln: {unit.__name__}.figures failed with {figures}$"):
        solution.figures("kiln")
    with pytest.raises(SolveError, match=f"^kiln: {unit.__name__}.warnings failed with {warnings}"):
        solution.warnings()


def test_an_input_error_of_a_unit_is_an_input_error_with_its_name():
    with pytest.raises(InputError, match=r"^kiln: no species 'Sb2O4' in this flowsheet; add it to"):
        solve(plant(Stranger))


@pytest.mark.parametrize("what", ["x", None, 3])
def test_what_is_no_flowsheet_is_refused(what):
    with pytest.raises(InputError, match=r"^solve: needs a Flowsheet, got "):
        solve(what)


def test_one_specification_without_brackets():
    ore = Feed(outlet="ore", flow="1 t/h", composition={"SiO2": 1.0})
    spec = Vary("ore.flow").until(product("ore") == "3 t/h")
    solution = solve(Flowsheet("SiO2", {"ore": ore}), specs=spec)
    assert solution["ore"].mass_flow().magnitude == pytest.approx(3.0)
