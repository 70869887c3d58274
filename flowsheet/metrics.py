"""The figures by which routes are compared, from a solution and its case's header."""

from dataclasses import dataclass

from flowsheet.case import Header
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import MassFlow, parameter_of
from flowsheet.core.quantities import from_base
from flowsheet.solution import Solution


@dataclass(frozen=True)
class Metrics:
    """One route in numbers; t/yr unless the name says otherwise, solids dry.

    ``antimony_to_refinery_t_yr`` is the refining throughput: antimony in the streams that the case
    names as refinery feed. Capacities are antimony into the refinery as well: a capacity published
    as product is divided by this route's own yield from refinery feed to products.
    """

    product: str
    product_t_yr: float
    product_grade_percent: float
    antimony_recovery_percent: float
    feed_t_yr: float
    antimony_to_refinery_t_yr: float
    capacity_installed_t_yr: float
    capacity_missing_t_yr: float
    so2_generated_t_yr: float
    so2_captured_t_yr: float
    so2_emitted_t_yr: float
    arsenic_to_product_t_yr: float
    arsenic_to_residue_t_yr: float
    arsenic_emitted_t_yr: float
    closure_max_relative: float


def metrics(solution: Solution, header: Header) -> Metrics:
    """Compute the metrics of a solved route."""
    plant = solution.flowsheet
    in_products = solution.element_flow("Sb", plant.products)
    entering = solution.element_flow("Sb", plant.entering)
    to_refinery = solution.element_flow("Sb", header.refinery_feed)
    installed = _installed(header, to_refinery, in_products)
    generated, captured = _sulphur_dioxide(solution)
    main = Flow(plant.slate, solution.flows[header.product])
    solids = main.solids
    feed = sum(
        float(Flow(plant.slate, solution.flows[name]).solids.total()[0]) for name in header.feed
    )
    return Metrics(
        product=header.product,
        product_t_yr=_t_yr(float(solids.total()[0])),
        product_grade_percent=100.0 * _share(solids.element("Sb")[0], solids.total()[0]),
        antimony_recovery_percent=100.0 * _share(in_products, entering),
        feed_t_yr=_t_yr(feed),
        antimony_to_refinery_t_yr=_t_yr(to_refinery),
        capacity_installed_t_yr=_t_yr(installed),
        capacity_missing_t_yr=_t_yr(max(0.0, to_refinery - installed)),
        so2_generated_t_yr=_t_yr(generated),
        so2_captured_t_yr=_t_yr(captured),
        so2_emitted_t_yr=_t_yr(solution.species_flow("SO2", plant.leaving)),
        arsenic_to_product_t_yr=_t_yr(solution.element_flow("As", plant.products)),
        arsenic_to_residue_t_yr=_t_yr(solution.element_flow("As", plant.residues)),
        arsenic_emitted_t_yr=_t_yr(solution.element_flow("As", plant.emissions)),
        closure_max_relative=solution.audit.worst[0],
    )


def _installed(header: Header, to_refinery: float, in_products: float) -> float:
    """Installed capacity as antimony into the refinery, kg/s."""
    if header.capacity is None:
        return 0.0
    stated = parameter_of(MassFlow).convert(header.capacity.installed)
    if header.capacity.measured_on == "product":
        return stated * _share(to_refinery, in_products)
    return stated


def _sulphur_dioxide(solution: Solution) -> tuple[float, float]:
    """SO2 made and SO2 taken up, kg/s: what units give off and take in, net, one by one."""
    generated = captured = 0.0
    flowsheet = solution.flowsheet
    for unit in flowsheet.units.values():
        streams = {kind: unit.streams(kind) for kind in ("inlet", "supply", "outlet")}
        into = [
            s for kind in ("inlet", "supply") for names in streams[kind].values() for s in names
        ]
        out = [s for names in streams["outlet"].values() for s in names]
        net = solution.species_flow("SO2", out) - solution.species_flow("SO2", into)
        generated += max(net, 0.0)
        captured += max(-net, 0.0)
    return generated, captured


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else 0.0


def _t_yr(kg_s: float) -> float:
    return from_base(kg_s, "t/yr")
