"""Derivatives of measures: against closed forms, and against differences of whole solves."""

import numpy as np
import pytest

from flowsheet import (
    Flowsheet,
    InputError,
    SolveError,
    Vary,
    grade,
    parameter,
    product,
    recovery,
    scenarios,
    sensitivities,
    solve,
)
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import BaseUnits, Diffusivity, Fraction, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.quantities import from_base
from flowsheet.core.unit import UnitOp
from flowsheet.load import load_route
from flowsheet.measure import Reading
from flowsheet.sensitivity import COLUMNS
from flowsheet.tables import as_json, as_markdown
from flowsheet.uncertainty.distribution import Triangular
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

ORE = Feed(outlet="ore", flow="100 t/h", composition={"Sb2S3": 0.04}, remainder="SiO2")
RECOVERY = recovery("Sb", to="concentrate")
STEP = 1e-3
"""Of differences of fourth order, relative."""


def splitter(feed, made, rest, fraction):
    return Splitter(feed=feed, product=made, remainder=rest, fraction=fraction)


def circuit(rougher=0.8, cleaner=0.7, scavenger=0.6):
    """Rougher, cleaner and scavenger; what the last two reject and recover comes back."""
    return Flowsheet(
        ["Sb2S3", "SiO2"],
        {
            "ore": ORE,
            "rougher": splitter(
                ["ore", "middlings", "scavenged"], "froth", "sands", {"Sb2S3": rougher, "SiO2": 0.1}
            ),
            "cleaner": splitter(
                "froth", "concentrate", "middlings", {"Sb2S3": cleaner, "SiO2": 0.2}
            ),
            "scavenger": splitter(
                "sands", "scavenged", "tailings", {"Sb2S3": scavenger, "others": 0.1}
            ),
        },
        products=["concentrate"],
    )


def test_a_closed_circuit_by_its_three_splits():
    """Of what is fed, the concentrate gets r c / (1 - r (1 - c) - (1 - r) s)."""
    r, c, s = 0.8, 0.7, 0.6
    whole = 1.0 - r * (1.0 - c) - (1.0 - r) * s
    exact = {
        "rougher.fraction.Sb2S3": (c * whole - r * c * (s - (1.0 - c))) / whole**2,
        "cleaner.fraction.Sb2S3": (r * whole - r * c * r) / whole**2,
        "scavenger.fraction.Sb2S3": r * c * (1.0 - r) / whole**2,
    }
    found = sensitivities(solve(circuit(r, c, s)), of=RECOVERY, by=list(exact))
    for path, derivative in exact.items():
        assert found.entry(RECOVERY, path).derivative == pytest.approx(derivative, rel=1e-13)
    largest = max(exact, key=lambda path: abs(exact[path]) * {"r": r, "c": c, "s": s}[path[0]])
    assert found.of(RECOVERY)[0].number.path == largest


def test_what_a_purge_holds_back():
    """A loop that lets out a share p of what passes holds f / p: its derivative is -f / p^2."""
    plant = Flowsheet(
        ["Sb2S3", "SiO2"],
        {"ore": ORE, "purge": splitter(["ore", "loop"], "bleed", "loop", 0.02)},
    )
    by = ["purge.fraction", "ore.flow"]
    loop, bleed = product("loop"), product("bleed")
    found = sensitivities(solve(plant), of=[loop, bleed], by=by)
    fed = 100.0 / 3.6
    assert found.entry(loop, "purge.fraction").derivative == pytest.approx(-fed / 0.02**2, rel=1e-9)
    assert found.entry(loop, "purge.fraction").elasticity == pytest.approx(-1.0 / 0.98, rel=1e-9)
    assert found.entry(loop, "ore.flow").elasticity == pytest.approx(1.0, rel=1e-9)
    assert found.entry(bleed, "purge.fraction").elasticity == pytest.approx(0.0, abs=1e-12)


def bank(**changes):
    given = {
        "feed": "ore",
        "concentrate": "concentrate",
        "tailings": "tailings",
        "cells": 4,
        "residence_time": "2 min",
        "rate_constant": {"Sb2S3": "0.6 1/min", "others": "0.05 1/min"},
    }
    return Flowsheet(
        ["Sb2S3", "FeS2", "SiO2"], {"ore": ORE, "bank": FlotationBank(**given | changes)}
    )


def test_a_bank_by_its_residence_time():
    """R = 1 - (1 + k tau)^-N: dR/dtau = N k (1 + k tau)^-(N + 1)."""
    found = sensitivities(
        solve(bank()), of=RECOVERY, by={"bank.residence_time": ("1 min", "3 min")}
    )
    entry = found.entry(RECOVERY, "bank.residence_time")
    per_minute = 4 * 0.6 * 2.2**-5
    assert entry.derivative == pytest.approx(per_minute / 60.0, rel=1e-13)
    assert entry.readable == pytest.approx(100.0 * per_minute, rel=1e-12)
    assert entry.readable_unit == "percent per min"
    assert entry.elasticity == pytest.approx(per_minute * 2.0 / (1.0 - 2.2**-4), rel=1e-12)
    assert entry.changes == pytest.approx((-per_minute, per_minute), rel=1e-12)


def test_entries_for_others_and_numbers_without_influence():
    by = ["bank.rate_constant.others", "bank.rate_constant.Sb2S3", "bank.gas_holdup", "ore.flow"]
    found = sensitivities(solve(bank()), of=[product("concentrate", "SiO2"), RECOVERY], by=by)
    quartz = 100.0 / 3.6 * 0.96
    exact = quartz * 4 * 120.0 * 1.1**-5
    assert found.entry(product("concentrate", "SiO2"), by[0]).derivative == pytest.approx(exact)
    assert found.entry(product("concentrate", "SiO2"), by[1]).derivative == 0.0
    assert found.entry(RECOVERY, "bank.rate_constant.others").derivative == 0.0
    assert found.entry(RECOVERY, "bank.gas_holdup").derivative == 0.0
    assert found.entry(RECOVERY, "ore.flow").elasticity == pytest.approx(0.0, abs=1e-14)


def test_a_number_that_is_zero_has_a_derivative_but_no_elasticity():
    found = sensitivities(solve(bank(water_recovery="20 %")), of=RECOVERY, by="bank.entrainment")
    entry = found.entry(RECOVERY, "bank.entrainment")
    assert entry.derivative == pytest.approx(0.2 * 2.2**-4, rel=1e-13)  # (1 - R) R_w
    assert entry.elasticity == 0.0
    nothing = sensitivities(
        solve(circuit(cleaner=0.0)), of=product("concentrate", "Sb"), by="cleaner.fraction.Sb2S3"
    )
    (entry,) = nothing.of(product("concentrate", "Sb"))
    assert entry.elasticity is None
    assert entry.derivative > 0.0
    assert as_json(nothing.rows())


def test_a_species_that_would_begin_to_flow():
    """FeS2 is not in the feed; a trace of it goes round the loop like the rest."""
    plant = Flowsheet(
        ["Sb2S3", "FeS2", "SiO2"],
        {
            "ore": Feed(
                outlet="ore",
                flow="1 kg/s",
                composition={"Sb2S3": 0.1, "FeS2": 0.0},
                remainder="SiO2",
            ),
            "purge": splitter(["ore", "loop"], "bleed", "loop", {"FeS2": 0.25, "others": 0.5}),
        },
    )
    loop = product("loop", "FeS2")
    found = sensitivities(solve(plant), of=loop, by="ore.composition.FeS2")
    assert found.entry(loop, "ore.composition.FeS2").derivative == pytest.approx(3.0, rel=1e-12)


class Differenced(UnitOp):
    """Loses derivatives by ``abs``, with a parameter far from one in SI."""

    feed: Inlet
    concentrate: Outlet
    tailings: Outlet

    pull: Fraction
    diffusivity: Diffusivity = default("3e-9 m^2/s")
    entrained: Fraction = 0.0

    def run(self, feed, p):
        reached = np.abs(p.diffusivity) / (np.abs(p.diffusivity) + 1e-9)
        share = np.abs(p.pull) * reached + 0.1 * np.abs(p.entrained)
        concentrate = Flow(feed.slate, share * np.abs(feed.mass))
        return {"concentrate": concentrate, "tailings": feed - concentrate}


@pytest.mark.parametrize("returned", [0.9, 0.5, 1e-9])
@pytest.mark.parametrize("flow", ["100 t/h", "1 mg/h"])
def test_a_unit_that_loses_derivatives_is_differenced(returned, flow):
    """Recovery q (1 - f) / (1 - q f) with q = pull z / (1 + z) + 0.1 e."""
    ore = Feed(outlet="ore", flow=flow, composition={"Sb2S3": 0.04}, remainder="SiO2")
    unit = Differenced(feed=["ore", "back"], concentrate="froth", tailings="tailings", pull=0.5)
    plant = Flowsheet(
        ["Sb2S3", "SiO2"],
        {"ore": ore, "unit": unit, "split": splitter("froth", "back", "concentrate", returned)},
    )
    q = 0.5 * 0.75
    by_share = (1.0 - returned) / (1.0 - q * returned) ** 2
    exact = {
        "unit.pull": 0.75 * by_share,
        "unit.diffusivity": 0.5 / 16.0 / 1e-9 * by_share,
        "unit.entrained": 0.1 * by_share,
    }
    lost = recovery("Sb", to="tailings")
    found = sensitivities(solve(plant), of=[RECOVERY, lost], by=list(exact))
    for path, derivative in exact.items():
        alone = sensitivities(solve(plant), of=[RECOVERY, lost], by=path)
        for each in (found, alone):
            assert each.entry(RECOVERY, path).derivative == pytest.approx(derivative, rel=1e-6)
            assert each.entry(lost, path).derivative == pytest.approx(-derivative, rel=1e-6)


def values(measures, solution):
    reading = Reading(solution.flowsheet, solution.flows, solution.parameters)
    return np.array([measure.value(reading)[0] for measure in measures])


def differences(flowsheet, measures, number, specs=()):
    """Relative change of the measures per relative change of a number, of fourth order."""
    step = STEP * number.value

    def at(steps):
        changes = {number.path: BaseUnits(number.value + steps * step)}
        return values(measures, solve(flowsheet, set=changes, specs=specs))

    slope = (8.0 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12.0 * step)
    return slope * number.value / values(measures, solve(flowsheet, specs=specs))


def is_count(path, flowsheet):
    unit, name, *_ = path.split(".")
    return flowsheet.units[unit].physical_parameters()[name].dimension.whole


def test_every_uncertain_number_of_a_route_with_its_target():
    route = load_route("stibnite_idaho")
    specs = route.specs()
    measures = [
        recovery("Sb", to="antimony_metal"),
        product("arsenical_dust", "As"),
        product("antimony_metal"),
        parameter("ore.flow", route.flowsheet),
    ]
    paths = [p for p in route.sampled() if not p.startswith(("target.", "capacity.", "deposit."))]
    paths = [p for p in paths if not is_count(p, route.flowsheet)]
    assert len(paths) > 90
    solution = solve(route.flowsheet, specs=specs)
    found = sensitivities(solution, of=measures, by=[*paths, specs[0].target])
    here = np.array([number.value for number in found.numbers[:-1]])
    # One scenario per number and step; the others stay where they are.
    steps = np.array([1.0, -1.0, 2.0, -2.0])
    moved = np.tile(here[:, None, None], (1, len(here), 4))
    each = np.arange(len(here))
    # A share near the whole can only be moved a little.
    step = np.where((here > 0.99) & (here < 1.0), 0.1 * STEP, STEP)
    moved[each, each] *= 1.0 + step[:, None] * steps
    lists = {
        path: [BaseUnits(v) for v in row.ravel()] for path, row in zip(paths, moved, strict=True)
    }
    solved = scenarios(route.flowsheet, lists, specs=specs)
    assert not solved.failed
    for measure in measures:
        at = solved.values(measure).reshape(len(here), 4) / from_base(
            found.of(measure)[0].value, measure.display
        )
        by_difference = (8.0 * (at[:, 0] - at[:, 1]) - (at[:, 2] - at[:, 3])) / (12.0 * step)
        exact = [found.entry(measure, path).elasticity for path in paths]
        assert exact == pytest.approx(by_difference, rel=1e-5, abs=1e-8)
    target = found.numbers[-1].path
    assert target == "target of Sb in 'antimony_metal'"
    found_elasticity = [found.entry(measure, target).elasticity for measure in measures]
    # Everything is scaled to the target, but that cyclones of given dimensions cut finer the more
    # they are fed, which frees a little more stibnite.
    assert found_elasticity == pytest.approx([0.0, 1.0, 1.0, 1.0], abs=0.1)
    assert 0.0 < found_elasticity[0] < 0.05


def test_a_linear_plant_of_thirty_units():
    count = 30
    units = {"ore": ORE}
    for place in range(count):
        feed = [f"tailings_{place - 1}" if place else "ore"]
        feed += [f"froth_{place + 1}"] if place < count - 1 else []
        units[f"bank_{place}"] = FlotationBank(
            feed=feed,
            concentrate=f"froth_{place}",
            tailings=f"tailings_{place}",
            cells=2,
            residence_time=f"{0.5 + 0.05 * place} min",
            rate_constant={"Sb2S3": "0.8 1/min", "others": "0.1 1/min"},
        )
    plant = Flowsheet(["Sb2S3", "SiO2"], units)
    measures = [recovery("Sb", to="froth_0"), grade("froth_0", "Sb"), product("froth_7")]
    paths = [f"bank_{place}.residence_time" for place in range(count)]
    solution = solve(plant)
    found = sensitivities(solution, of=measures, by=paths)
    for number in found.numbers[::5]:
        exact = [found.entry(measure, number.path).elasticity for measure in measures]
        assert exact == pytest.approx(differences(plant, measures, number), rel=1e-6, abs=1e-9)


def test_two_specifications_stay_met():
    specs = [
        Vary("ore.flow").until(product("concentrate", "Sb") == "10000 t/yr"),
        Vary("cleaner.fraction.SiO2").until(grade("concentrate", "Sb") == "60 %"),
    ]
    plant = circuit()
    solution = solve(plant, specs=specs)
    met = [product("concentrate", "Sb"), grade("concentrate", "Sb")]
    moved = [parameter("ore.flow", plant), parameter("cleaner.fraction.SiO2", plant)]
    by = ["rougher.fraction.Sb2S3", "rougher.fraction.SiO2"]
    found = sensitivities(solution, of=[*met, *moved], by=[*by, specs[1].target])
    for number in found.numbers[:2]:
        for measure in met:
            assert found.entry(measure, number.path).elasticity == pytest.approx(0.0, abs=1e-12)
        exact = [found.entry(measure, number.path).elasticity for measure in moved]
        assert exact == pytest.approx(differences(plant, moved, number, specs), rel=1e-7, abs=1e-9)
    by_grade = found.entry(met[1], "target of grade of Sb in 'concentrate'")
    assert by_grade.derivative == pytest.approx(1.0, rel=1e-12)


def test_rows_are_sorted_by_size_and_hold_plain_values():
    ranges = {
        "rougher.fraction.Sb2S3": Triangular(0.79, 0.8, 0.81),
        "cleaner.fraction.Sb2S3": ("50 %", "90 %"),
        "ore.flow": None,
    }
    found = sensitivities(solve(circuit()), of=[RECOVERY, product("tailings")], by=ranges)
    rows = found.rows()
    assert [row["number"] for row in rows[:3]] == [
        "cleaner.fraction.Sb2S3",
        "rougher.fraction.Sb2S3",
        "ore.flow",
    ]
    assert rows[0]["change_at_low"] == pytest.approx(-rows[0]["change_at_high"])
    assert rows[0]["change_unit"] == "percent"
    assert rows[2]["change_at_low"] is None
    assert (rows[2]["at"], rows[2]["at_unit"]) == (pytest.approx(100.0), "t/h")
    assert set(rows[0]) == {column.key for column in COLUMNS}
    assert "cleaner.fraction.Sb2S3" in as_markdown(rows, COLUMNS)


def test_two_paths_to_one_number_both_count():
    by = ["bank.recovery_max", "bank.recovery_max.others"]
    found = sensitivities(solve(bank()), of=RECOVERY, by=by)
    for path in by:
        assert found.entry(RECOVERY, path).derivative == pytest.approx(1.0 - 2.2**-4, rel=1e-13)


SOLUTION = solve(circuit())
SPEC = Vary("ore.flow").until(product("concentrate", "Sb") == "10000 t/yr")
PATH = "rougher.fraction.Sb2S3"


@pytest.mark.parametrize(
    ("of", "by", "complaint"),
    [
        ("recovery", PATH, r"^of: needs measures such as recovery\(.*, got 'recovery'$"),
        ([], PATH, "^of: needs at least one measure"),
        (recovery("Sb", to="x"), PATH, "^there is no stream 'x'"),
        (RECOVERY, [], "^by: needs at least one path"),
        (RECOVERY, [3], r"^by: needs paths such as 'rougher\.residence_time', got 3$"),
        (RECOVERY, "rougher.fractoin", r"^rougher\.fractoin: .*did you mean 'fraction'\?$"),
        (RECOVERY, {PATH: "90 %"}, r"^rougher\.fraction\.Sb2S3: needs a range \(low, high\)"),
        (RECOVERY, {PATH: (0.9, 0.8)}, r"Sb2S3: low 0\.9 is above high 0\.8; exchange them$"),
        (RECOVERY, {PATH: (0.9, 1.8)}, r"Sb2S3, high: must lie between 0 and 1, got 1\.8$"),
        (RECOVERY, {"ore.flow": (1, 2)}, r"^ore\.flow, low: needs a unit of mass per time, got 1;"),
        (RECOVERY, SPEC.target, "^by: the solution meets no target of Sb in 'concentrate'"),
    ],
)
def test_what_makes_no_sense_is_refused(of, by, complaint):
    with pytest.raises(InputError, match=complaint):
        sensitivities(SOLUTION, of=of, by=by)


def test_what_has_no_derivative_is_refused():
    with pytest.raises(
        InputError, match=r"^sensitivities: needs a Solution, .* got <Flowsheet: 4 "
    ):
        sensitivities(circuit(), of=RECOVERY, by=PATH)
    with pytest.raises(InputError, match=r"^bank\.cells: is a count and has no derivative; solve"):
        sensitivities(solve(bank()), of=RECOVERY, by="bank.cells")
    with pytest.raises(InputError, match=r"^bank\.cell_volume: is not given, so there is nothing"):
        sensitivities(solve(bank()), of=RECOVERY, by="bank.cell_volume")
    with pytest.raises(InputError, match=r"^ore\.flow: is varied to meet a target, so it follows"):
        sensitivities(solve(circuit(), specs=SPEC), of=RECOVERY, by="ore.flow")
    empty = solve(circuit(), set={"cleaner.fraction": 0.0})
    with pytest.raises(SolveError, match=r"^grade of Sb in 'concentrate' has no value in this sol"):
        sensitivities(empty, of=grade("concentrate", "Sb"), by=PATH)


def test_asking_for_what_was_not_differentiated():
    found = sensitivities(SOLUTION, of=RECOVERY, by=PATH)
    with pytest.raises(InputError, match=r"^ore\.flow: was not differentiated by; known here: rou"):
        found.entry(RECOVERY, "ore.flow")
    with pytest.raises(InputError, match=r"^'tailings': was not differentiated; name it in 'of'$"):
        found.of(product("tailings"))
