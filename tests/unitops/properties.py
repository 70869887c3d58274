"""What every unit operation must do for any feed: called from the property tests of each unit."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from flowsheet.core.flow import Flow
from flowsheet.core.particles import Particles
from flowsheet.core.slate import Slate
from flowsheet.core.unit import UnitOp, seen

CLOSURE = 1e-12


def random_masses(rows: int, columns: int = 4) -> st.SearchStrategy[np.ndarray]:
    """Flows in kg/s over nine decades, with exact zeros among them; one row per constituent.

    With particles there are more rows than species: ``Slate(species, particles).count``.
    """
    one = st.one_of(st.just(0.0), st.floats(1e-6, 1e3))
    return st.lists(one, min_size=rows * columns, max_size=rows * columns).map(
        lambda values: np.array(values).reshape(rows, columns)
    )


def run(unit: UnitOp, slate: Slate, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Run a unit on mass arrays (constituents, scenarios) by inlet name."""
    flows = {name: Flow(slate, mass) for name, mass in feeds.items()}
    made = unit.run(**seen(unit, flows), p=unit.resolve(slate))
    ports = unit.ports()
    assert set(made) == {name for name, kind in ports.items() if kind != "inlet"}
    return {name: flow.mass for name, flow in made.items()}


def check_unit(
    unit: UnitOp,
    species: Sequence[str],
    feeds: dict[str, np.ndarray],
    particles: Particles | None = None,
) -> None:
    """Conservation, signs, independence of batch mates, linearity for one set of feeds."""
    slate = Slate(species, particles)
    made = run(unit, slate, feeds)
    _closes(unit, slate, feeds, made)
    _is_not_negative(feeds, made)
    _batch_equals_columns(unit, slate, feeds, made)
    if unit.is_linear():
        _is_proportional(unit, slate, feeds, made)


def check_zero_feed(
    unit: UnitOp, species: Sequence[str], particles: Particles | None = None
) -> None:
    """Nothing in gives nothing out, with no warning of a division by zero."""
    slate = Slate(species, particles)
    inlets = [name for name, kind in unit.ports().items() if kind == "inlet"]
    made = run(unit, slate, {name: np.zeros((slate.count, 2)) for name in inlets})
    for name, mass in made.items():
        assert np.all(mass == 0.0), f"{name} flows without a feed"


def check_derivative(
    unit: UnitOp,
    species: Sequence[str],
    feeds: dict[str, np.ndarray],
    particles: Particles | None = None,
) -> None:
    """The complex step agrees with a difference: no ``abs``, no cast lost the imaginary part."""
    slate = Slate(species, particles)
    direction = {
        name: mass * (1.0 + np.sin(np.arange(mass.size).reshape(mass.shape)))
        for name, mass in feeds.items()
    }
    step = 1e-6
    complex_feeds = {name: mass + 1e-30j * direction[name] for name, mass in feeds.items()}
    up = run(unit, slate, {name: mass + step * direction[name] for name, mass in feeds.items()})
    down = run(unit, slate, {name: mass - step * direction[name] for name, mass in feeds.items()})
    scale = max(float(mass.max()) for mass in feeds.values())
    for name, mass in run(unit, slate, complex_feeds).items():
        exact = mass.imag / 1e-30
        difference = (up[name] - down[name]) / (2.0 * step)
        np.testing.assert_allclose(exact, difference, rtol=1e-4, atol=1e-7 * scale, err_msg=name)


def check_classes_close(
    unit: UnitOp, species: Sequence[str], feeds: dict[str, np.ndarray], particles: Particles
) -> None:
    """A unit that breaks nothing: every kind in every class, and all else, leaves as it came."""
    slate = Slate(species, particles)
    made, ports = run(unit, slate, feeds), unit.ports()
    supplied = [mass for name, mass in made.items() if ports[name] == "supply"]
    out = sum(mass for name, mass in made.items() if ports[name] == "outlet")
    np.testing.assert_allclose(out, sum([*feeds.values(), *supplied]), rtol=CLOSURE, atol=0.0)


def check_mass_moves_down(
    unit: UnitOp, species: Sequence[str], feeds: dict[str, np.ndarray], particles: Particles
) -> None:
    """A unit that breaks: each mineral, locked or free, closes, and none of it becomes coarser."""
    slate = Slate(species, particles)
    made, ports = run(unit, slate, feeds), unit.ports()

    def minerals_by_class(masses: list[np.ndarray]) -> np.ndarray:
        sized = sum(Flow(slate, mass).sized for mass in masses)
        return np.einsum("mk,kcs->mcs", slate.minerals_of_sized, sized)

    before = minerals_by_class(list(feeds.values()))
    after = minerals_by_class([mass for name, mass in made.items() if ports[name] == "outlet"])
    total = before.sum(axis=1)
    np.testing.assert_allclose(after.sum(axis=1), total, rtol=CLOSURE, atol=0.0)
    coarser_before, coarser_after = np.cumsum(before, axis=1), np.cumsum(after, axis=1)
    assert np.all(coarser_after <= coarser_before + CLOSURE * total[:, None, :])


def _closes(
    unit: UnitOp, slate: Slate, feeds: dict[str, np.ndarray], made: dict[str, np.ndarray]
) -> None:
    ports = unit.ports()
    supplied = [mass for name, mass in made.items() if ports[name] == "supply"]
    out = sum(
        slate.element_fractions @ mass for name, mass in made.items() if ports[name] == "outlet"
    )
    into = sum(slate.element_fractions @ mass for mass in [*feeds.values(), *supplied])
    largest = np.maximum(into, 1e-300)
    worst = np.max(np.abs(out - into) / largest, axis=1)
    for symbol, error in zip(slate.elements, worst, strict=True):
        assert error < CLOSURE, f"{symbol} does not close: {error:.1e} of its input"


def _is_not_negative(feeds: dict[str, np.ndarray], made: dict[str, np.ndarray]) -> None:
    for name, mass in made.items():
        assert np.all(np.isfinite(mass)), f"{name} is not finite"
        assert np.all(mass >= 0.0), f"{name} is negative: {mass.min()}"


def _is_proportional(
    unit: UnitOp, slate: Slate, feeds: dict[str, np.ndarray], made: dict[str, np.ndarray]
) -> None:
    """A unit that says it is linear: each scenario mixed with the next gives the outlets mixed."""

    def mixed(mass: np.ndarray) -> np.ndarray:
        return mass + 3.0 * np.roll(mass, 1, axis=1)

    together = run(unit, slate, {name: mixed(mass) for name, mass in feeds.items()})
    columns = next(iter(feeds.values())).shape[1]
    for name, mass in together.items():
        apart = mixed(np.broadcast_to(made[name], (slate.count, columns)))
        np.testing.assert_allclose(mass, apart, rtol=1e-12, atol=1e-9, err_msg=name)


def _batch_equals_columns(
    unit: UnitOp, slate: Slate, feeds: dict[str, np.ndarray], made: dict[str, np.ndarray]
) -> None:
    columns = next(iter(feeds.values())).shape[1]
    for column in range(columns):
        alone = run(unit, slate, {name: mass[:, [column]] for name, mass in feeds.items()})
        for name, mass in alone.items():
            together = np.broadcast_to(made[name], (slate.count, columns))[:, [column]]
            np.testing.assert_allclose(together, mass, rtol=1e-12, atol=0.0, err_msg=name)
