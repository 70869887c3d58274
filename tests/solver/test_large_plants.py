"""Plants of hundreds and thousands of units, against equations written here and units run anew."""

import numpy as np
import pytest
from scipy.sparse import csc_matrix, eye
from scipy.sparse.linalg import spsolve

from flowsheet import Flowsheet, SolveError, Species, Vary, product, scenarios, solve
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Fraction, MassFlow, PerElement, PerSpecies, Ratio, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Outlets, Parameters, UnitOp
from flowsheet.solver.network import Network
from flowsheet.solver.torn import Torn
from tests.solver.test_cold_starts import worst_gap
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

EXACT = 1e-9


class Saturating(UnitOp):
    """Takes a share of each species that falls with the load: share / (1 + load / capacity)."""

    feed: Inlet
    product: Outlet
    remainder: Outlet
    fraction: PerSpecies[Fraction] = 0.4
    capacity: MassFlow = default("20 t/h")

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        made = feed * (p.fraction / (1.0 + self.load(feed) / p.capacity))
        return {"product": made, "remainder": feed - made}

    def load(self, feed: Flow):
        return feed.total()


class Absolute(Saturating):
    """Loses the imaginary parts of its feed."""

    def load(self, feed: Flow):
        return np.abs(feed.mass).sum(axis=0)


class Refusing(Saturating):
    """Refuses complex numbers."""

    def load(self, feed: Flow):
        return np.hypot(feed.total(), 0.0)


class AbsoluteParameter(Saturating):
    """Loses the imaginary part of its capacity."""

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        return super().run(feed, p.replaced({"capacity": np.abs(p.capacity)}))


def circuits(count, kind=None, every=9, species=20, seed=0):
    """Rougher, cleaner and scavenger, ``count`` times in series; 5 % of the last tailings return.

    Every so many roughers are of another kind.
    """
    random = np.random.default_rng(seed)
    names = [f"S{i}" for i in range(species)]

    def shares(low, high):
        return dict(zip(names, random.uniform(low, high, species).tolist(), strict=True))

    fed = random.dirichlet(np.ones(species))
    fed[:3] = (1e-9, 1e-6, 1e-4)
    fed[-1] = 1.0 - fed[:-1].sum()
    units = {
        "ore": Feed(
            outlet="ore",
            flow="100 t/h",
            composition=dict(zip(names, fed.tolist(), strict=True)),
        )
    }
    for i in range(count):
        other = kind is not None and i % every == every - 1
        units[f"rougher {i}"] = (kind if other else Splitter)(
            feed=[*(["ore", "back"] if i == 0 else [f"final {i - 1}"]), f"ct {i}", f"sc {i}"],
            product=f"rc {i}",
            remainder=f"rt {i}",
            fraction=shares(0.001, 0.01),
        )
        units[f"cleaner {i}"] = Splitter(
            feed=f"rc {i}", product=f"made {i}", remainder=f"ct {i}", fraction=shares(0.3, 0.9)
        )
        units[f"scavenger {i}"] = Splitter(
            feed=f"rt {i}", product=f"sc {i}", remainder=f"final {i}", fraction=shares(0.1, 0.5)
        )
    units["bleed"] = Splitter(
        feed=f"final {count - 1}", product="back", remainder="tailings", fraction=0.05
    )
    return Flowsheet([Species(name, formula="SiO2") for name in names], units)


def test_two_thousand_units_of_twenty_species():
    flowsheet = circuits(667, Saturating, every=3)
    assert len(flowsheet.units) == 2003
    solution = solve(flowsheet)
    assert isinstance(solution.equations, Network)
    assert worst_gap(flowsheet, solution.flows) <= EXACT
    assert solution.audit.worst[0] <= EXACT


def by_linear_equations(flowsheet):
    """What enters each unit, kg/s, from one sparse matrix per species."""
    slate = flowsheet.slate
    units = [name for name, unit in flowsheet.units.items() if isinstance(unit, Splitter)]
    place = {name: row for row, name in enumerate(units)}
    ends = {
        stream: place[name]
        for name in units
        for stream in flowsheet.units[name].streams("inlet")["feed"]
    }
    ore = flowsheet.units["ore"]
    found = {}
    for species in slate.names:
        rows, columns, values = [], [], []
        for name in units:
            unit = flowsheet.units[name]
            named = unit.fraction.by_name
            share = named.get(species, unit.fraction.others)
            for stream, part in ((unit.product, share), (unit.remainder, 1.0 - share)):
                if stream in ends:
                    rows.append(ends[stream])
                    columns.append(place[name])
                    values.append(part)
        size = len(units)
        matrix = eye(size, format="csc") - csc_matrix((values, (rows, columns)), (size, size))
        fed = np.zeros(size)
        fed[ends["ore"]] = ore.flow * ore.composition.by_name[species]
        found[species] = spsolve(matrix, fed)
    return units, found


def test_a_linear_cascade_of_two_hundred_circuits():
    flowsheet = circuits(200, species=8)
    flows = solve(flowsheet).flows
    units, expected = by_linear_equations(flowsheet)
    for row, species in enumerate(flowsheet.slate.names):
        entering = [
            sum(flows[stream][row, 0] for stream in flowsheet.units[name].streams("inlet")["feed"])
            for name in units
        ]
        np.testing.assert_allclose(entering, expected[species], rtol=1e-10, err_msg=species)


@pytest.mark.parametrize("kind", [None, Saturating])
def test_a_plant_of_middle_size_is_the_same_by_both_ways(kind, monkeypatch):
    flowsheet = circuits(15, kind, every=2, species=10)
    all_inlets = solve(flowsheet)
    assert isinstance(all_inlets.equations, Network)
    monkeypatch.setattr("flowsheet.solver.steady.FEW_UNKNOWNS", 10_000)
    monkeypatch.setattr("flowsheet.solver.steady.FEW_UNITS", 10_000)
    # A target that changes nothing makes linear units go the torn way as well.
    spec = Vary("ore.flow").until(product("ore") == "100 t/h")
    torn = solve(flowsheet, specs=spec)
    assert isinstance(torn.equations, Torn)
    for name, mass in torn.flows.items():
        np.testing.assert_allclose(mass, all_inlets.flows[name], rtol=1e-10, err_msg=name)


SEVEN = ("Sb", "SiO2", "As", "Au", "Pb", "FeS2", "H2O")


def chain(count, kind=Saturating, odd=None, species=("Sb", "SiO2"), **changes):
    """Units in a row; what one takes goes back to the one before. ``odd`` are others, by place."""
    units = {"ore": Feed(outlet="ore", flow="10 t/h", composition={"Sb": 0.1, "SiO2": 0.9})}
    for i in range(count):
        into = ["ore"] if i == 0 else [f"left {i - 1}"]
        if i + 1 < count:
            into.append(f"made {i + 1}")
        units[f"unit {i}"] = (odd or {}).get(i, kind)(
            feed=into, product=f"made {i}", remainder=f"left {i}", **changes
        )
    return Flowsheet(species, units)


@pytest.mark.parametrize("kind", [Absolute, Refusing])
def test_units_of_a_group_that_lose_imaginary_parts(kind):
    plain, lost = solve(chain(150)), solve(chain(150, kind))
    mixed = solve(chain(150, Saturating, {3: kind, 70: kind, 71: kind}))
    for solution in (lost, mixed):
        assert isinstance(solution.equations, Network)
        for name, mass in solution.flows.items():
            np.testing.assert_allclose(mass, plain.flows[name], rtol=1e-9, err_msg=name)


def test_a_group_that_loses_the_derivative_of_a_parameter_and_begins_with_an_idle_unit():
    flowsheet = chain(150, AbsoluteParameter)
    idle = {
        "none": Feed(outlet="none", flow="0 t/h", composition={"SiO2": 1.0}),
        "idle": AbsoluteParameter(feed="none", product="none 1", remainder="none 2"),
    }
    flowsheet = Flowsheet(flowsheet.slate.species, {**idle, **flowsheet.units})
    spec = Vary("unit 2.capacity").until(product("made 2") == "2 t/h")
    solution = solve(flowsheet, specs=spec)
    assert isinstance(solution.equations, Network)
    assert solution["made 2"].mass_flow("t/h").magnitude == pytest.approx(2.0, rel=1e-9)
    capacity = f"{solution.varied['unit 2.capacity']} kg/s"
    again = solve(flowsheet, set={"unit 2.capacity": capacity})
    assert again["made 2"].mass_flow("t/h").magnitude == pytest.approx(2.0, rel=1e-9)


class Shaft(UnitOp):
    """Of two feeds one crosses to the other side by a share; air is drawn as solids need it."""

    solids: Inlet
    gas: Inlet
    air: Supply
    product: Outlet
    remainder: Outlet
    dust: PerSpecies[Fraction] = 0.1
    air_ratio: Ratio = 0.2
    carries: PerElement[Ratio] = 1.0

    def run(self, solids: Flow, gas: Flow, p: Parameters) -> Outlets:
        lifted = solids * (p.dust / (1.0 + 0.01 * solids.total() * p.carries["Sb"]))
        needed = p.air_ratio * (solids.total() - gas.of("N2") * 0.01)
        drawn = flow_of(solids.slate, {"N2": needed}, needed.size)
        return {"air": drawn, "product": gas + lifted + drawn, "remainder": solids - lifted}


def stack(count):
    """Shafts above each other: solids fall, gas with dust rises, and both are split on the way."""
    units = {"ore": Feed(outlet="down 0", flow="10 t/h", composition={"Sb": 0.1, "SiO2": 0.9})}
    for i in range(count):
        units[f"shaft {i}"] = Shaft(
            solids=[f"down {i}", f"fine {i}"],
            gas=[f"up {i + 1}"] if i + 1 < count else [],
            air=f"air {i}",
            product=f"off {i}",
            remainder=f"down {i + 1}",
            dust={"others": 0.1, "N2": 0.0},
        )
        units[f"cyclone {i}"] = Splitter(
            feed=f"off {i}",
            product=f"fine {i}",
            remainder=f"up {i}",
            fraction={"others": 0.8, "N2": 0.0},
        )
    return Flowsheet(["Sb", "SiO2", "N2"], units)


def test_units_with_two_inlets_and_a_supply():
    flowsheet = stack(80)
    solution = solve(flowsheet)
    assert isinstance(solution.equations, Network)
    assert gap_with_supplies(flowsheet, solution.flows) <= EXACT
    nitrogen = sum(solution[f"air {i}"].species("N2").magnitude for i in range(80))
    assert solution["up 0"].species("N2").magnitude == pytest.approx(nitrogen, rel=1e-9)
    assert nitrogen > 1.0


def gap_with_supplies(flowsheet, flows):
    """Every unit run again, supplies too; largest gap over the largest feed."""
    slate = flowsheet.slate
    nothing = np.zeros((slate.count, 1))
    worst = 0.0
    for unit in flowsheet.units.values():
        inlets = {
            port: Flow(slate, sum((flows[name] for name in names), start=nothing))
            for port, names in unit.streams("inlet").items()
        }
        p = unit.resolve(slate)
        made = unit.run(**inlets, p=p) if inlets else unit.run(slate=slate, p=p)
        for port, (name,) in {**unit.streams("outlet"), **unit.streams("supply")}.items():
            worst = max(worst, float(np.max(np.abs(made[port].mass - flows[name]))))
    return worst / (10.0 / 3.6)


@pytest.mark.parametrize("path", ["shaft 0.carries.Sb", "shaft 33.carries.Sb", "shaft 33.dust.Sb"])
def test_a_target_changes_one_unit_of_a_group_alone(path):
    """Also where the parameter is one per element, which the units of the group share."""
    flowsheet = stack(80)
    stream = f"off {path.split('.')[0].split()[1]}"
    before = solve(flowsheet)[stream].species("Sb", "t/h").magnitude
    spec = Vary(path).until(product(stream, "Sb") == f"{1.001 * before!r} t/h")
    solution = solve(flowsheet, specs=spec)
    assert isinstance(solution.equations, Network)
    again = solve(flowsheet, set=dict(solution.varied))
    for name, mass in solution.flows.items():
        np.testing.assert_allclose(mass, again.flows[name], rtol=1e-9, atol=1e-15, err_msg=name)
    assert again[stream].species("Sb", "t/h").magnitude == pytest.approx(1.001 * before, rel=1e-9)
    found = scenarios(flowsheet, {"ore.flow": ["10 t/h"], path: list(solution.varied.values())})
    np.testing.assert_allclose(found.flows[stream], solution.flows[stream], rtol=1e-9)


class Wrong(Saturating):
    """Goes wrong with more than 1 t/h, and never gets less."""

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        made = super().run(feed, p)
        bad = np.where(feed.total().real * 3.6 > 1.0, self.instead(), 1.0)
        return {**made, "product": Flow(feed.slate, made["product"].mass * bad)}

    def instead(self) -> float:
        raise NotImplementedError


class Raises(Wrong):
    def instead(self) -> float:
        raise ValueError("no more than 1 t/h")


class Negative(Wrong):
    def instead(self) -> float:
        return -1.0


class NotANumber(Wrong):
    def instead(self) -> float:
        return np.nan


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (Raises, r"^unit 333: its Raises failed with ValueError: no more than 1 t/h; inlet feed: "),
        (Negative, r"^unit 333: (Sb|SiO2) in 'made 333' is -\S+ t/h, which cannot be; feed brings"),
        (NotANumber, r"^unit 333: (Sb|SiO2) in 'made 333' is nan t/h, which cannot be; feed brin"),
    ],
)
def test_of_500_units_the_one_that_is_wrong_is_named(kind, complaint):
    with pytest.raises(SolveError, match=complaint):
        solve(chain(500, odd={333: kind}, species=SEVEN))


class Rated(Saturating):
    """Refuses more than its rating."""

    rating: MassFlow = default("1000 t/h")

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        if np.any(feed.total().real > p.rating):
            raise ValueError("too much")
        return super().run(feed, p)


def test_of_500_units_of_one_class_the_one_that_fails_is_named():
    with pytest.raises(
        SolveError, match=r"^unit 333: its Rated failed with ValueError: too much; "
    ):
        solve(chain(500, Rated, species=SEVEN), set={"unit 333.rating": "1 t/h"})


@pytest.mark.parametrize("kind", [Splitter, Saturating])
def test_a_species_without_a_way_out_of_a_large_plant_is_named(kind):
    """Arsenic goes round between two units at the end of 500; everything else leaves."""
    flowsheet = chain(500, kind, species=SEVEN, fraction=0.1)
    arsenic = Feed(outlet="fume", flow="1 t/h", composition={"As": 1.0})
    kept = {"As": 1.0, "others": 0.0}
    units = {
        **flowsheet.units,
        "fume": arsenic,
        "kiln": Splitter(
            feed=["left 499", "fume", "dust"], product="gas", remainder="clinker", fraction=kept
        ),
        "bag": Splitter(feed="gas", product="dust", remainder="stack", fraction=kept),
    }
    with pytest.raises(
        SolveError, match=r"^no way out for As \(in kiln, bag\): all of it comes back; add a bleed"
    ):
        solve(Flowsheet(flowsheet.slate.species, units))


def test_a_species_that_no_feed_reaches_in_a_large_plant_stays_at_zero():
    """The same loop without its feed has an answer."""
    flowsheet = chain(500, Splitter, species=SEVEN, fraction=0.1)
    kept = {"As": 1.0, "others": 0.0}
    units = {
        **flowsheet.units,
        "kiln": Splitter(
            feed=["left 499", "dust"], product="gas", remainder="clinker", fraction=kept
        ),
        "bag": Splitter(feed="gas", product="dust", remainder="stack", fraction=kept),
    }
    solution = solve(Flowsheet(flowsheet.slate.species, units))
    assert solution["dust"].mass_flow("t/h").magnitude == 0.0
    assert solution["clinker"].species("Sb", "t/h").magnitude > 0.0


def test_scenarios_of_a_large_plant_are_what_each_is_alone():
    flowsheet = circuits(40, Saturating, every=4, species=6)
    vary = {
        "ore.flow": ["50 t/h", "100 t/h", "400 t/h"],
        "rougher 3.capacity": ["20 t/h", "2 t/h", "200 t/h"],
        "cleaner 7.fraction.S5": [0.1, 0.5, 0.9],
    }
    found = scenarios(flowsheet, vary)
    assert found.failed == {}
    for place in range(3):
        alone = solve(flowsheet, set={path: values[place] for path, values in vary.items()})
        for name, mass in alone.flows.items():
            np.testing.assert_allclose(found.flows[name][:, [place]], mass, rtol=1e-9, err_msg=name)


def test_units_that_would_refuse_the_whole_feed_but_never_get_it():
    """Nine feeds of 10 t/h into 900 circuits, of which no unit gets 90 t/h, nor takes it."""
    ores = {
        f"ore {k}": Feed(outlet=f"ore {k}", flow="10 t/h", composition={"Sb": 0.1, "SiO2": 0.9})
        for k in range(9)
    }
    units = {}
    for i in range(1800):
        into = [f"ore {i // 200}"] if i % 200 == 0 else []
        into += [f"left {i - 1}"] if i else []
        into += [f"made {i + 1}"] if i % 2 == 0 else []
        units[f"unit {i}"] = Rated(
            feed=into, product=f"made {i}", remainder=f"left {i}", rating="85 t/h"
        )
    flowsheet = Flowsheet(["Sb", "SiO2"], {**ores, **units})
    solution = solve(flowsheet)
    assert isinstance(solution.equations, Network)
    assert worst_gap(flowsheet, solution.flows) <= EXACT
