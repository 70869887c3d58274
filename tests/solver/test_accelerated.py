"""Plants of many constituents in few recycles: closed mills and flotation of sized particles."""

from typing import ClassVar

import numpy as np
import pytest

from flowsheet import Flowsheet, Particles, SolveError, Vary, product, sieve_series, solve
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, PerTime, Volume
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Outlets, Parameters, ParticleUse, UnitOp
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.sized_feed import SizedFeed
from unitops.streams.splitter import Splitter

MINERALS = ("Sb2S3", "FeAsS", "FeS2", "SiO2", "CaCO3", "KAlSi3O8")


class HalvingMill(UnitOp):
    """What breaks in its residence time falls to the next finer class."""

    particles: ClassVar[ParticleUse] = "needed"

    feed: Inlet
    product: Outlet

    volume: Volume
    rate: PerTime

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        time = p.volume / (feed.volumetric_flow() + 1e-12)
        broken = np.zeros_like(feed.sized[:, 0] * time)
        classes = []
        for place in range(feed.slate.classes):
            rate = p.rate / (1.0 + place) if place < feed.slate.classes - 1 else 0.0
            inside = feed.sized[:, place] + broken
            kept = inside / (1.0 + rate * time)
            broken = inside - kept
            classes.append(kept)
        return {"product": feed.with_sized(np.stack(classes, axis=1))}


class SharpScreen(UnitOp):
    """Sends coarse particles back, of fine ones a share."""

    particles: ClassVar[ParticleUse] = "needed"

    feed: Inlet
    coarse: Outlet
    fine: Outlet

    bypass: Fraction

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        place = np.arange(feed.slate.classes)[None, :, None]
        share = p.bypass + (1.0 - p.bypass) / (1.0 + np.exp(place - 6.0))
        others = np.broadcast_to(p.bypass, (len(feed.slate.species), 1))
        kinds = np.broadcast_to(share, (len(feed.slate.sized), *share.shape[1:]))
        coarse = feed * np.concatenate([others, kinds.reshape(-1, share.shape[2])])
        return {"coarse": coarse, "fine": feed - coarse}


def concentrator(back="0.4", cells=(6, 4)):
    """A closed mill in front of rougher and cleaner, whose tailings return."""
    rates = {"Sb2S3": "1 1/min", "FeAsS": "0.1 1/min", "others": "0.01 1/min"}
    banks = {"gas_holdup": 0.1, "rate_constant": rates, "water_recovery": "8 %", "entrainment": 0.2}
    return Flowsheet(
        species=[*MINERALS, "H2O"],
        particles=Particles(sieves=sieve_series("1.2 mm", 12), minerals=MINERALS),
        units={
            "ore": SizedFeed(
                outlet="ore",
                flow="100 t/h",
                composition={"Sb2S3": "2 %", "FeAsS": "0.02 %", "FeS2": "1 %", "CaCO3": "9 %"},
                remainder="SiO2",
                percent_solids="40 %",
                p80="600 um",
            ),
            "mill": HalvingMill(
                feed=["ore", "coarse"], product="ground", volume="30 m^3", rate="3 1/min"
            ),
            "screen": SharpScreen(feed="ground", coarse="coarse", fine="fine", bypass=back),
            "rougher": FlotationBank(
                feed=["fine", "cleaner_tailings"],
                concentrate="rougher_concentrate",
                tailings="tailings",
                cells=cells[0],
                cell_volume="20 m^3",
                **banks,
            ),
            "cleaner": FlotationBank(
                feed="rougher_concentrate",
                concentrate="concentrate",
                tailings="cleaner_tailings",
                cells=cells[1],
                cell_volume="3 m^3",
                **banks,
            ),
        },
    )


def pass_after_pass(flowsheet, passes):
    """The plainest way: run the units in order, over and over, from empty recycles."""
    slate = flowsheet.slate
    streams = {name: np.zeros((slate.count, 1)) for name in flowsheet.made_by}
    parameters = {name: unit.resolve(slate) for name, unit in flowsheet.units.items()}
    for _ in range(passes):
        for name, unit in flowsheet.units.items():
            entering = {
                port: Flow(slate, sum(streams[each] for each in names))
                for port, names in unit.streams("inlet").items()
            }
            inlets = entering or {"slate": slate}
            made = unit.run(**inlets, p=parameters[name])
            for port, (stream,) in unit.streams("outlet").items():
                streams[stream] = made[port].mass
    return streams


def test_it_is_what_many_plain_passes_lead_to():
    flowsheet = concentrator()
    solution = solve(flowsheet)
    for name, mass in pass_after_pass(flowsheet, 400).items():
        np.testing.assert_allclose(solution.flows[name], mass, rtol=1e-9, atol=1e-13, err_msg=name)


def test_every_class_of_what_is_not_broken_closes():
    solution = solve(concentrator())
    found = solution.flows
    around = found["fine"] - found["concentrate"] - found["tailings"]
    np.testing.assert_allclose(around, 0.0, atol=1e-12 * found["ore"].sum())
    assert solution.audit.worst[0] < 1e-12


def test_a_loop_that_returns_nearly_everything_is_solved_all_the_same():
    """With 99.99 % of the fines sent back, passes alone would take a hundred thousand."""
    solution = solve(concentrator(back="99.99 %"))
    water = solution["coarse"].species("H2O") / solution["fine"].species("H2O")
    assert float(water.to("").magnitude) == pytest.approx(9999.0, rel=1e-9)
    made = sum(solution[name].species("Sb2S3") for name in ("concentrate", "tailings"))
    assert float(made.magnitude) == pytest.approx(2.0, rel=1e-9)


def test_a_target_is_met():
    wanted = product("concentrate", "Sb") == "1.2 t/h"
    solution = solve(concentrator(), specs=Vary("ore.flow").until(wanted))
    made = float(solution["concentrate"].element("Sb").magnitude)
    assert made == pytest.approx(1.2, rel=1e-9)
    again = solve(concentrator(), set={"ore.flow": f"{solution.varied['ore.flow']!r} kg/s"})
    assert float(again["concentrate"].element("Sb").magnitude) == pytest.approx(1.2, rel=1e-9)


def test_a_loop_without_a_way_out_is_refused():
    plain = concentrator()
    closed = Splitter(feed="concentrate", product="kept", remainder="sold", fraction={"others": 1})
    mill = HalvingMill(
        feed=["ore", "coarse", "kept"], product="ground", volume="30 m^3", rate="3 1/min"
    )
    tails = Splitter(feed="tailings", product="returned", remainder="final", fraction=1)
    units = {**plain.units, "mill": mill, "closed": closed, "tails": tails}
    units["screen"] = SharpScreen(
        feed=["ground", "returned"], coarse="coarse", fine="fine", bypass="0.4"
    )
    flowsheet = Flowsheet(plain.slate.species, units, particles=plain.slate.particles)
    with pytest.raises(SolveError, match="no way out for"):
        solve(flowsheet)
