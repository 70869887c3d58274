"""Arsenic and sulphur out of molten antimony with soda or caustic and air."""

from collections.abc import Iterable, Sequence

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Flow
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.refining.alkali_slag import AlkaliStep, alkali_species, blow, slags, stages_used
from unitops.refining.molten_antimony import (
    bath_warnings,
    charge_of,
    direct_recovery,
    metal_figures,
    said,
)

THEORY_PER_ARSENIC = {"soda": 2.122, "caustic": 1.602}  # kg alkali per kg As, equation (1)


class ArsenicRemoval(AlkaliStep):
    """Blow arsenic and sulphur into alkali slags, renewed several times, at 700 to 850 degC.

    With soda; with caustic two NaOH stand for each Na2CO3, and H2O for CO2:

        4 As + 5 O2 + 6 Na2CO3 -> 4 Na3AsO4 + 6 CO2    2.122 kg soda, 1.602 NaOH per kg As  (1)
        4 Sb + 5 O2 + 6 Na2CO3 -> 4 Na3SbO4 + 6 CO2    1.306 kg soda, 0.986 NaOH per kg Sb  (2)
        Sb2S3 + 4.5 O2 + 3 Na2CO3 -> 2 Sb + 3 Na2SO4 + 3 CO2     3.305 kg soda per kg S     (3)
        4 Sb + 3 O2 -> 2 Sb2O3                                   secondary oxide            (4)
        4 As + 3 O2 -> 2 As2O3                                   arsenic in the fume        (5)
        As after slag k = As (1 - r)^k, until k = N or the target is met                    (6)
        alkali drawn = (1 + e) * (alkali of (1), (2) and (3))                               (7)

    (1) and practice: explanatory notes of the Chinese design code GB 51445-2021, 6.2 (slag 5.0 to
    7.5 % of the refined antimony; 3 to 30 % Sb in it; 7.9 % As in the first slag, below 1 % in the
    last; free Na2O up to 30 % in the last). (2) is the same for antimony, and the loss: the less
    arsenic is left, the more of a slag is antimonate. (3): under air sulphide goes on to sulphate,
    which at 1000 K is more stable against antimony than Sb2O3 is (about -340 and -297 kJ per mol
    O2); dissolved S the same. (6): first order, assumed.

    Where things go: salts, unused alkali and whatever in the crude is no metal to ``slag``;
    secondary oxide, fume, CO2 or steam, and spent air to ``gas``, to be caught and returned. All
    other metals stay: PbO oxidises antimony, so alkali and air leave lead alone.
    Assumptions: the target holds in the refined metal; crude that is better keeps its arsenic. The
    slags share the antimonate equally, the first takes the sulphur. Air is 20.95 % O2, rest N2.
    Not modelled: fuel; the slag's attack on the lining; iron, tin and zinc taken up by alkali (they
    are in part); selectivity as it depends on temperature and on the time of the blow.
    Limits: no metal, no supplies; r = 1 takes out all arsenic with the first slag.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb", "As", "Na2CO3", "Na3AsO4", "Na3SbO4", "Sb2O3", "O2", "N2", "CO2"],
    ...     units={
    ...         "crude": Feed(
    ...             outlet="crude", flow="10 t/h", composition={"As": "1 %", "Sb": "99 %"}
    ...         ),
    ...         "furnace": ArsenicRemoval(
    ...             crude="crude", alkali="soda", air="air", metal="metal", slag="slag", gas="gas",
    ...             stages=3, arsenic_removal_per_stage="85 %",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("furnace"):
    ...     if "As in metal after" in figure.label:
    ...         print(figure)
    As in metal after slag 1 0.1898 %
    As in metal after slag 2 0.02864 %
    As in metal after slag 3 0.004315 %
    """

    crude: Inlet
    alkali: Supply
    air: Supply
    metal: Outlet
    slag: Outlet
    gas: Outlet

    def required_species(self) -> Iterable[str]:
        """What the slags make."""
        return alkali_species(self)

    def is_linear(self) -> bool:
        """With a given number of stages; crude that is better than a target keeps its arsenic."""
        return self.arsenic_target is None

    def run(self, crude: Flow, p: Parameters) -> Outlets:
        """Blow; what the crude carries beside metal is skimmed."""
        charge = charge_of(crude)
        blown = blow(charge.bath, p)
        return {
            "alkali": blown.alkali,
            "air": blown.air,
            "metal": blown.bath,
            "slag": blown.slag + charge.skimmings,
            "gas": blown.gas + charge.vapours,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Recovery, alkali, and the slags one by one."""
        return (*metal_figures(flows, "As", "S"), *alkali_figures(flows, p))

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Reagents, slag and recovery outside practice, and a target that is not met."""
        if first(flows["metal"].total()) == 0.0:
            return ()
        return (*bath_warnings(flows, p), *alkali_warnings(flows, p))


def alkali_figures(flows: Flows, p: Parameters) -> list[Figure]:
    """Alkali, air, secondary oxide, the slag in all and the slags one by one."""
    crude, metal, slag = flows["crude"], flows["metal"], flows["slag"]
    made, alkali = metal.total(), flows["alkali"].total()
    arsenic = crude.element("As")
    removed = arsenic - metal.element("As")
    oxide = flows["gas"].of("Sb2O3", "As2O3")
    found = [
        Figure(ratio(removed, arsenic), "%", "arsenic removal"),
        Figure(alkali, "t/h", "alkali demand"),
        Figure(ratio(alkali, made), "kg/t", "alkali per refined metal"),
        Figure(ratio(alkali, removed), "", "alkali per arsenic removed, kg/kg"),
        Figure(flows["air"].moles("O2", "N2"), "Nm3/h", "air demand"),
        Figure(oxide, "t/h", "secondary oxide"),
        Figure(ratio(slag.total(), made), "%", "alkali slag of refined metal"),
        Figure(ratio(slag.element("Sb"), slag.total()), "%", "Sb in alkali slag"),
        Figure(stages_used(flows, p), "", "slags drawn"),
    ]
    for number, stage in enumerate(slags(flows, p), start=1):
        total = stage.slag.total()
        found += [
            Figure(stage.arsenic_in_metal, "%", f"As in metal after slag {number}"),
            Figure(total, "t/h", f"slag {number}"),
            Figure(ratio(stage.slag.element("As"), total), "%", f"As in slag {number}"),
            Figure(ratio(stage.slag.element("Sb"), total), "%", f"Sb in slag {number}"),
        ]
    return found


def alkali_warnings(flows: Flows, p: Parameters) -> list[str]:
    """Alkali, slag and recovery outside practice; arsenic and sulphur that stay, or vanish."""
    crude, metal, slag = flows["crude"], flows["metal"], flows["slag"]
    theory = THEORY_PER_ARSENIC[p.alkali_kind]
    removed = crude.element("As") - metal.element("As")
    alkali = first(ratio(flows["alkali"].total(), removed))
    share = first(slag.total() / metal.total())
    antimony = first(ratio(slag.element("Sb"), slag.total()))
    direct = first(direct_recovery(flows))
    sulphur = first(metal.element("S") / metal.total())
    arsenic = first(metal.element("As") / metal.total())
    removal = first(p.arsenic_removal_per_stage)
    taken = first(removed) > 0.0
    return said(
        (
            taken and alkali < 1.5 * theory,
            f"alkali is {alkali:.2f} kg per kg As removed; "
            f"{1.5 * theory:.1f} to {3.0 * theory:.1f} (1.5 to 3 times theory) is usual",
        ),
        (
            not 0.025 <= share <= 0.075,  # clean crude may do with half of the usual
            f"alkali slag is {share:.1%} of the metal; 5.0 to 7.5 % is usual",
        ),
        (
            not 0.03 <= antimony <= 0.3,
            f"alkali slag holds {antimony:.1%} Sb; 3 to 30 % is usual",
        ),
        (direct < 0.7, f"direct antimony recovery is {direct:.0%}; 70 to 78 % is usual"),
        (
            direct > 0.97,
            f"direct antimony recovery is {direct:.1%}; 70 to 78 % is usual in a reverberatory, 93 "
            f"% was reached at Siena",
        ),
        (
            not 0.8 <= removal <= 0.9,
            f"arsenic_removal_per_stage is {removal:.0%}; 80 to 90 % is thought to be usual",
        ),
        (
            sulphur > 4e-4,
            f"{sulphur:.3%} S stays in the metal; soda reaches 0.002 %, grade Sb99.90 allows 0.04",
        ),
        (
            taken and arsenic < 2e-5,
            f"As is {1e6 * arsenic:.2g} ppm; alkali is not known to get below some 20 to 50 ppm",
        ),
        *_target_warnings(arsenic, p),
    )


def _target_warnings(arsenic: float, p: Parameters) -> list[tuple[bool, str]]:
    """A target that the crude meets by itself, and one that the slags do not reach."""
    if p.arsenic_target is None:
        return []
    target, most = first(p.arsenic_target), first(p.stages_at_most)
    return [
        (
            0.0 < arsenic < target * (1.0 - 1e-9),
            f"As is {arsenic:.4%}, below arsenic_target of {target:.4%}: none is removed",
        ),
        (
            arsenic > target * (1.0 + 1e-9),
            f"arsenic_target of {target:.4%} is not met: {most:.0f} slags leave {arsenic:.4%} As; "
            f"give more stages_at_most, a higher target or cleaner crude",
        ),
    ]
