"""Routes: a flowsheet with the numbers of a case file, a target to scale it to, and its result."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from flowsheet.case.data import CaseData
from flowsheet.case.header import OUTSIDE_UNITS, DepositEntry, TargetEntry
from flowsheet.case.numbers import COEFFICIENT, Number
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.parameters import Parameter, parameter_of
from flowsheet.core.quantities import Entered, from_base
from flowsheet.measure import product
from flowsheet.model import Flowsheet, split_path
from flowsheet.place import place_of
from flowsheet.progress import Report
from flowsheet.routes.metrics import Metrics, metric_measures, metrics
from flowsheet.routes.notes import notes
from flowsheet.routes.reserve import reserve_notes
from flowsheet.routes.scenarios import (
    TARGET,
    RouteIndices,
    RouteScenarios,
    UncertainRoute,
    draw_route,
    route_indices,
)
from flowsheet.sensitivity import Sensitivities, sensitivities
from flowsheet.solution import Solution, solve
from flowsheet.solver.spec import Spec, Vary
from flowsheet.uncertainty import of_case
from flowsheet.uncertainty.correlation import Correlated, check_groups
from flowsheet.uncertainty.distribution import Distribution, Sampled
from flowsheet.uncertainty.sampling import Method
from flowsheet.varying import Draws

PLAN = "deposit.plan"
"""Known to the one who plans, and so not drawn."""


@dataclass(frozen=True)
class RouteResult:
    """A solved route: the solution and its metrics."""

    route: str
    solution: Solution
    metrics: Metrics
    target: TargetEntry | None = None
    deposit: DepositEntry | None = None

    def __repr__(self) -> str:
        return f"<RouteResult {self.route}: {self.solution!r}>"

    @property
    def warnings(self) -> list[str]:
        """What an engineer should know about this result, one line each."""
        reserve = reserve_notes(self.deposit, self.metrics.reserve_life_yr)
        return [*self.solution.warnings(), *notes(self.solution), *reserve]

    @property
    def varied(self) -> dict[str, str]:
        """Path -> the value that met the target, in a readable unit."""
        shown = {}
        for path, value in self.solution.varied.items():
            unit, name, _ = split_path(path, self.solution.flowsheet.units)
            kind = self.solution.flowsheet.units[unit].physical_parameters()[name].dimension
            shown[path] = f"{from_base(value, kind.display):.6g} {kind.display}".strip()
        return shown

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain numbers, as ``flowsheet run --format json`` prints it."""
        return {
            "route": self.route,
            "status": self.solution.status,
            "target": self.target.model_dump() if self.target else None,
            "varied": self.varied,
            "metrics": asdict(self.metrics),
            "closure": dict(self.solution.audit.plant),
            "streams": {name: s.to_dict() for name, s in self.solution.streams.items()},
            "units": {name: self._unit(name) for name in self.solution.flowsheet.units},
            "warnings": self.warnings,
        }

    def _unit(self, name: str) -> dict[str, Any]:
        """Figures of a unit in their units, and its heat where that is known."""
        figures = [
            {
                "figure": figure.label,
                "value": from_base(float(figure.value.ravel()[0]), figure.unit),
                "unit": figure.unit,
            }
            for figure in self.solution.figures(name)
        ]
        heat = self.solution.heat_balance.heat.get(name)
        known = {} if heat is None else {"heat_kw": from_base(float(heat[0]), "kW")}
        return {"figures": figures, **known}


@dataclass(frozen=True)
class Route:
    """A case that has been read, built and checked; not solved yet."""

    name: str
    data: CaseData
    flowsheet: Flowsheet
    target: TargetEntry | None
    changed: tuple[str, ...] = ()
    """Paths that no longer have the value of the case file, and so not its range either."""

    def __repr__(self) -> str:
        return f"<Route {self.name}: {self.flowsheet!r}>"

    def with_changes(self, changes: Mapping[str, Any]) -> "Route":
        """Return the route with parameters (``unit.parameter``) or ``target.flow`` changed."""
        target = self.target
        plain = {}
        for path, value in changes.items():
            section, _, field = path.partition(".")
            if section != "target":
                plain[path] = value
            elif target is None:
                raise InputError(f"{path}: this route is solved without a target")
            elif field not in TargetEntry.model_fields:
                known = nearest(field, TargetEntry.model_fields)
                raise InputError(f"{path}: a target has no '{field}'{known}")
            else:
                target = TargetEntry(**{**target.model_dump(), field: Entered(str(value), path)})
        if target and target.vary in plain:
            raise InputError(
                f"{target.vary}: is varied to meet the target of {target.flow} "
                f"{target.element}; set target.flow, or solve without the target"
            )
        return replace(
            self,
            flowsheet=self.flowsheet.with_parameters(plain),
            target=target,
            changed=(*self.changed, *changes),
        )

    def without_target(self) -> "Route":
        """Return the route at its feed as written, with no target to scale it to."""
        return replace(self, target=None)

    def with_product(self, flow: str) -> "Route":
        """Return the route scaled until its product holds a flow of antimony.

        Of the target's element where there is a target. What is varied is what the target varies,
        or the flow of the feed. Raises InputError where that feed is not one with a flow.
        """
        target = self.target or TargetEntry(flow=flow, vary=self._feed_flow())
        wanted = target.model_copy(update={"flow": flow, "stream": None})
        return replace(self, target=wanted, changed=(*self.changed, "target.flow"))

    def _feed_flow(self) -> str:
        """The parameter that scales a route without a target."""
        feed = self.data.header.feed
        made_by = [
            self.flowsheet.made_by[name].unit for name in feed if name in self.flowsheet.made_by
        ]
        unit = made_by[0] if len(made_by) == 1 else None
        if unit is None or "flow" not in self.flowsheet.units[unit].physical_parameters():
            raise InputError(
                f"{self.name}: its feed of {', '.join(feed)} has no one flow to scale for a "
                f"product; give the case a [target] that says what to vary"
            )
        return f"{unit}.flow"

    def specs(self) -> list[Spec]:
        """The target as a specification; raise InputError when it cannot be one."""
        if self.target is None:
            return []
        try:
            wanted = product(self.target.stream or self.data.header.product, self.target.element)
            spec = Vary(self.target.vary).until(wanted.equals(self.target.flow))
            spec.check(self.flowsheet)
        except InputError as error:
            raise InputError(f"target.flow of {self.target.flow}: {error}") from error
        return [spec]

    def solve(self) -> RouteResult:
        """Scale the feed so that the target is met, and solve."""
        solution = solve(self.flowsheet, specs=self.specs())
        header = self.data.header
        found = metrics(solution, header)
        return RouteResult(self.name, solution, found, self.target, header.deposit)

    def scenarios(
        self,
        draws: int = 1000,
        seed: int = 1,
        method: Method = "sobol",
        progress: Report | None = None,
        client: Any = None,
    ) -> RouteScenarios:
        """Draw every number that has a range (see ``uncertain``) and solve for each draw.

        The target is met in every draw. ``method`` and ``seed`` say how numbers are drawn,
        ``progress`` and ``client`` are as for ``flowsheet.scenarios``. A draw that has no steady
        state stops no other: it is counted as failed, with its reason.

        Raises InputError when no number has a range, SolveError when the route as written has no
        steady state.
        """
        drawn = Draws(draws, seed, method, self.correlations())
        return draw_route(self._to_be_drawn(), drawn, progress, client)

    def indices(
        self,
        draws: int = 256,
        seed: int = 1,
        confidence: float = 0.95,
        progress: Report | None = None,
        client: Any = None,
    ) -> RouteIndices:
        """Return from which uncertain numbers the spread of each metric comes: Sobol indices.

        Takes draws * (numbers + 2) scenarios, where a correlated group counts as one number.
        ``draws`` is best a power of two; ``confidence`` is that of the intervals. Raises as
        ``scenarios`` does.
        """
        route = self._to_be_drawn()
        return route_indices(
            route, draws, seed, confidence=confidence, progress=progress, client=client
        )

    def sensitivities(self) -> Sensitivities:
        """Differentiate every metric by every number that has a range, with the target kept met.

        Counts have no derivative and are left out, and so are installed capacity and reserve.
        """
        solution = self.solve().solution
        ranges: dict[Any, Any] = {}
        for path, distribution in self.uncertain().items():
            if path == TARGET:
                ranges[self.specs()[0].target] = distribution
            elif path not in OUTSIDE_UNITS:
                place = place_of(path, self.flowsheet)
                if not place.parameter.dimension.whole:
                    ranges[path] = distribution
        if not ranges:
            raise InputError(f"{self.name}: no number has a range; give one low and high")
        measures = metric_measures(self.flowsheet, self.data.header)
        return sensitivities(solution, of=list(measures.values()), by=ranges)

    def _to_be_drawn(self) -> UncertainRoute:
        return UncertainRoute(
            self.name,
            self.flowsheet,
            self.data.header,
            self.specs(),
            self.sampled(),
            self.correlations(),
        )

    @property
    def unsourced(self) -> list[Number]:
        """Numbers of the case file that state no source or no basis."""
        physical = (number for number in self.data.numbers if self.is_physical(number))
        return [number for number in physical if not (number.source.strip() and number.basis)]

    def is_physical(self, number: Number) -> bool:
        """Whether an entry of the case file is a number, rather than a name or a choice."""
        return self._parameter(number) is not None or number.describes_particles

    def uncertain(self) -> dict[str, Distribution]:
        """Path -> distribution of every number of the case file that has a range.

        Without the feed that is varied to meet the target, a target that there is not, what
        ``with_changes`` has set, and plans and supply, which no metric is computed from.
        """
        return {
            number.path: of_case.distribution_of(number, number.place)
            for number in self.data.numbers
            if of_case.is_uncertain(number) and self._is_open(number.path)
        }

    def sampled(self) -> dict[str, Sampled]:
        """Path -> the same numbers in SI base units, ready to be sampled."""
        uncertain, found = self.uncertain(), {}
        for number in self.data.numbers:
            parameter = self._parameter(number)
            if number.path in uncertain and parameter is not None:
                distribution = uncertain[number.path]
                found[number.path] = distribution.in_base_units(parameter, number.place)
        return found

    def correlations(self) -> tuple[Correlated, ...]:
        """Groups of the case file, of those members that are uncertain in this route.

        A group of which less than two are left is left out: nothing is correlated with itself.
        """
        uncertain = self.uncertain()
        groups = (
            replace(group, paths=tuple(path for path in group.paths if path in uncertain))
            for group in of_case.correlations_of(self.data.correlations)
        )
        return tuple(group for group in groups if len(group.paths) > 1)

    def _is_open(self, path: str) -> bool:
        """Whether the route still takes a number from the case file."""
        if path == TARGET and self.target is None:
            return False
        if path == PLAN or (path in OUTSIDE_UNITS and path.startswith("supply.")):
            return False
        if self.target is not None and path == self.target.vary:
            return False
        return not any(path == set_ or path.startswith(f"{set_}.") for set_ in self.changed)

    def _parameter(self, number: Number) -> Parameter | None:
        if number.path in OUTSIDE_UNITS:
            return parameter_of(OUTSIDE_UNITS[number.path])
        if number.path in {f"correlation.{name}.coefficient" for name in self.data.correlations}:
            return COEFFICIENT
        unit, _, rest = number.path.partition(".")
        if unit not in self.flowsheet.units:
            return None
        return self.flowsheet.units[unit].physical_parameters().get(rest.partition(".")[0])

    def check(self) -> None:
        """Check the header against the flowsheet, and every range against its parameter."""
        file, header = self.data.path.name, self.data.header
        streams = {*self.flowsheet.made_by, *self.flowsheet.supplied_to}
        for field, names in (("feed", header.feed), ("refinery_feed", header.refinery_feed)):
            for name in names:
                if name not in streams:
                    raise InputError(
                        f"{file}: route.{field}: there is no stream '{name}'"
                        f"{nearest(name, streams)}"
                    )
        if header.product not in self.flowsheet.products:
            raise InputError(
                f"{file}: route.product: '{header.product}' is not among the products of the "
                f"flowsheet{nearest(header.product, self.flowsheet.products)}"
            )
        for number in self.data.numbers:
            of_case.check_range(number, self._parameter(number), number.place)
        try:
            check_groups(self.uncertain(), of_case.correlations_of(self.data.correlations))
            self.specs()
        except InputError as error:
            raise InputError(f"{file}: {error}") from error
