"""Conditioning before flotation: a stirred tank and the reagents that go into it."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np

from flowsheet.core.arithmetic import first
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, per_species
from flowsheet.core.parameters import Fraction, PowerPerVolume, Ratio, Time, Volume, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp

USUAL_TIMES = (60.0, 1800.0)
"""Of conditioning, s."""
MOST = {
    "lead_nitrate": 1e-3,
    "copper_sulphate": 1e-3,
    "collector": 5e-4,
    "second_collector": 5e-4,
    "frother": 2e-4,
    "depressant": 2e-3,
    "ph_modifier": 1e-2,
}
"""Reagents, and the dose per solids above which its unit is more likely wrong."""


class Conditioner(UnitOp):
    """Stir reagents into a pulp, dosed by its solids, and hold it for a while.

    With S the solids of the feed, dose_r that of reagent r per solids and w the strength of the
    reagent solutions (reagent over solution):

        reagent_r = dose_r * S                                                      (1)
        solution water = sum of reagent_r * (1 / w - 1)                             (2)
        retention time = V / Q, with V the volume of the tank and Q the pulp        (3)

    Usual doses in g/t of solids for sulphide antimony ores, from memory of handbooks and plant
    descriptions, not re-read: lead nitrate 100 to 400 (activates stibnite), xanthate 50 to 200,
    copper sulphate 50 to 300 (activates arsenopyrite and pyrite, after the antimony), frother 20
    to 80, cyanide 20 to 100 as depressant of pyrite and arsenopyrite. Retention 2 to 15 min.

    Assumptions: reagents are told of and not carried: some hundred g/t have no effect on a mass
    balance, and end up on minerals or in the water; their solution water is carried. What reagents
    do to floatability has to be said in the parameters of the flotation banks that follow.
    Not modelled: chemistry, pH, adsorption, dry reagents that bring no water (strength 100 %).
    Limits: an empty feed takes no reagents.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.flotation.conditioner import Conditioner
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2", "H2O"],
    ...     units={
    ...         "pulp": Feed(
    ...             outlet="pulp",
    ...             flow="100 t/h",
    ...             composition={"Sb2S3": "4 %"},
    ...             remainder="SiO2",
    ...             percent_solids="33 %",
    ...         ),
    ...         "conditioner": Conditioner(
    ...             feed="pulp",
    ...             solution_water="reagent_water",
    ...             conditioned="conditioned",
    ...             lead_nitrate="200 g/t",
    ...             collector="100 g/t",
    ...             tank_volume="40 m^3",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution['reagent_water'].mass_flow('kg/h'):.0f~P}")
    270 kg/h
    >>> for figure in solution.figures("conditioner")[-2:]:
    ...     print(figure)
    tank volume, as given 40 m^3
    power of the agitators 12 kW
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    solution_water: Supply
    """Water that the reagent solutions bring."""
    conditioned: Outlet

    lead_nitrate: Ratio | None = None
    """Activator of stibnite per solids, 100 to 400 g/t usual."""
    copper_sulphate: Ratio | None = None
    """Activator of arsenopyrite, pyrite and sphalerite per solids, 50 to 300 g/t usual."""
    collector: Ratio | None = None
    """Collector such as xanthate per solids, 50 to 200 g/t usual."""
    second_collector: Ratio | None = None
    """Another collector such as a dithiophosphate per solids, 10 to 75 g/t usual."""
    frother: Ratio | None = None
    """Frother per solids, 20 to 80 g/t usual."""
    depressant: Ratio | None = None
    """Depressant such as cyanide, zinc sulphate or sulphite per solids, 20 to 1000 g/t."""
    ph_modifier: Ratio | None = None
    """Lime, soda ash, caustic soda or acid per solids, 100 to 3000 g/t."""
    solution_strength: Fraction = default("10 %")
    """Reagent in its solution by mass, w. Assumed, range 2 to 100 %; 100 % brings no water."""

    tank_volume: Volume | None = None
    """Pulp volume of all tanks together, V; the retention time is reported if given."""
    retention_time: Time | None = None
    """Time wanted in the tanks; their volume is reported if given instead of it."""

    agitation_power: PowerPerVolume = default("0.3 kW/m^3")
    """Power of the agitators per volume of the tanks. Assumed, range 0.1 to 1 kW/m^3."""

    def check(self) -> None:
        """Refuse solutions of nothing, and a tank that is given twice."""
        if self.solution_strength == 0.0:
            raise InputError("solution_strength of 0 % would be all water; give more")
        if self.tank_volume is not None and self.retention_time is not None:
            raise InputError("give tank_volume or retention_time, and not both")

    def required_species(self) -> Iterable[str]:
        """Water, of the reagent solutions."""
        return ("H2O",)

    def is_linear(self) -> bool:
        """Doses are proportional to the solids; the tank changes nothing."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Add the solution water to the pulp."""
        reagents = sum(_doses(p).values()) * feed.solids.total()  # (1)
        water = reagents * (1.0 / p.solution_strength - 1.0)  # (2)
        solution_water = Flow(feed.slate, per_species(feed.slate, {"H2O": water}))
        return {"solution_water": solution_water, "conditioned": feed + solution_water}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Each reagent, its water, and the tank; a volume only where all densities are known."""
        solids, conditioned = flows["feed"].solids.total(), flows["conditioned"]
        found = [
            Figure(np.atleast_1d(dose * solids), "kg/h", name.replace("_", " "), "reagent")
            for name, dose in _doses(p).items()
        ]
        found.append(Figure(flows["solution_water"].total(), "t/h", "solution water"))
        if not conditioned.has_volume():
            return found
        pulp = conditioned.volumetric_flow()
        if p.tank_volume is not None and np.all(pulp > 0.0):
            found.append(Figure(p.tank_volume / pulp, "min", "retention time"))  # (3)
        if p.retention_time is not None:
            volume, label = pulp * p.retention_time, "tank volume"
        elif p.tank_volume is not None and np.all(pulp > 0.0):
            volume, label = p.tank_volume + 0.0 * pulp, "tank volume, as given"
        else:
            return found
        return [
            *found,
            Figure(volume, "m^3", label, "equipment"),
            Figure(volume * p.agitation_power, "kW", "power of the agitators", "power"),
        ]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Doses that look like a wrong unit, and too little or too much time."""
        told = []
        for name, dose in _doses(p).items():
            if first(dose) > MOST[name]:
                told.append(
                    f"{name} of {first(dose) * 1e6:.4g} g/t is more than plants use, "
                    f"{MOST[name] * 1e6:.0f} g/t at most; check its unit"
                )
        time, conditioned = p.retention_time, flows["conditioned"]
        if p.tank_volume is not None and conditioned.has_volume():
            pulp = first(conditioned.volumetric_flow())
            time = first(p.tank_volume) / pulp if pulp > 0.0 else None
        if time is not None and not USUAL_TIMES[0] <= first(time) <= USUAL_TIMES[1]:
            told.append(
                f"retention time of {first(time) / 60.0:.3g} min; conditioning takes 2 to 15 min"
            )
        return told


def _doses(p: Parameters) -> dict[str, Array]:
    """Reagents that are given, per solids."""
    doses = {name: getattr(p, name) for name in MOST}
    return {name: dose for name, dose in doses.items() if dose is not None}
