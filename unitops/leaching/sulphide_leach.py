"""Alkaline sulphide leach of antimony, at given extractions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import (
    Density,
    Fraction,
    Ratio,
    Temperature,
    Time,
    default,
)
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.leaching.sulphide_chemistry import ANTIMONATES, ANTIMONY_IN_SOLUTION, leach

_NEEDED = ("Na3SbS3(aq)", "Na3SbS4(aq)", "Na2S(aq)", "Na2S2(aq)", "NaOH(aq)", "H2O")
_ANTIMONATES = tuple(reaction.key for reaction in ANTIMONATES)
MOST_ANTIMONY = 0.3
"""Of a solution by mass; saturated thioantimonite holds no more."""
MOST_CAUSTIC = 0.12
"""Free NaOH of a solution by mass above which the extractions and cells are of another liquor."""


class SulphideLeach(UnitOp):
    """Dissolve antimony with sodium sulphide in caustic soda; iron, copper, lead and gold stay.

        Sb2S3 + 3 Na2S -> 2 Na3SbS3                                                 (1)
        Cu12Sb4S13 + 6 Na2S -> 5 Cu2S + 2 CuS + 4 Na3SbS3                           (2)
        Sb2O3 + 6 Na2S + 3 H2O -> 2 Na3SbS3 + 6 NaOH                                (3)
        Sb2O5 + 8 Na2S + 5 H2O -> 2 Na3SbS4 + 10 NaOH                               (4)
        As2S3, As2O3 as (1) and (3), to Na3AsS3                                     (5)
        PbO + Na2S + H2O -> PbS + 2 NaOH,   PbSO4 + Na2S -> PbS + Na2SO4            (6)
        Na3SbS3 + Na2S2 -> Na3SbS4 + Na2S                                           (7)

    each to a given share of its key reactant (module ``sulphide_chemistry`` has all of them: also
    kermesite, berthierite, jamesonite, Sb2O4, stibiconite, sodium antimonates, Cu2O, ZnO). What the
    feed lacks is drawn; the electrolyte of ``AlkalineElectrowinning`` is to be fed back:

        Na2S drawn = max(0, (1 + e) * taken by (1) to (6) - Na2S fed)               (8)
        NaOH drawn = max(0, c * Sb in solution - NaOH then there)                   (9)
        water drawn = max(0, Sb in solution / x - solution then there)              (10)

    (1) and (3) Anderson and others on alkaline sulphide hydrometallurgy of antimony (Sunshine,
    Idaho), quoted from memory: tetrahedrite concentrate leached hot gives away nearly all of its
    antimony and keeps copper and silver; stibnite 95 to 99 %. Antimonate dissolves poorly. (7):
    polysulphide made at the anode comes back and makes antimony(V), which costs five electrons.

    Sulphur: (1) followed by the cell is Sb2S3 + 6 NaOH -> 2 Sb + 3 Na2S + 3/2 O2 + 3 H2O. A loop
    fed with stibnite makes sulphide; it has to be bled, and what is drawn is caustic. A loop fed
    with oxides takes sulphide.

    Assumptions: extractions do not depend on time, grind, temperature or free sulphide; sulphide
    drawn is pure and dissolved; Na2S is not told apart from NaHS. Not modelled: kinetics, AsS and
    FeAsS (they stay), arsenate, mercury and tin that dissolve, gold kept by polysulphide, oxidation
    by air, evaporation. The pulp leaves as one; a ``Filter`` with washing parts it.
    Limits: no antimony that dissolves, nothing drawn. Extractions, and what is known of the cells
    behind, are of liquor with some 6 % free NaOH (range 3 to 12 %, assumed); oxides make caustic by
    (3) and (6) that a loop may not use up, and a warning tells of more than 12 %.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> salts = ["Na3SbS3(aq)", "Na3SbS4(aq)", "Na2S(aq)", "Na2S2(aq)", "NaOH(aq)", "H2O"]
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2", *salts],
    ...     units={
    ...         "concentrate": Feed(outlet="concentrate", flow="1 t/h", remainder="SiO2",
    ...                             composition={"Sb2S3": "80 %"}),
    ...         "leach": SulphideLeach(feed="concentrate", sulphide="sodium_sulphide",
    ...                                caustic="caustic_soda", water="water", pulp="pulp"),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("leach")[:4]:
    ...     print(figure)
    antimony extracted 97 %
    antimony in solution 4 %
    antimony in the residue 7.681 %
    sodium sulphide drawn per antimony dissolved 1442 kg/t
    """

    feed: Inlet
    sulphide: Supply
    caustic: Supply
    water: Supply
    pulp: Outlet

    stibnite_extraction: Fraction = default("97 %")
    """Of Sb2S3 and Sb2S2O. 95 to 99 % (quoted from memory)."""
    tetrahedrite_extraction: Fraction = default("95 %")
    """Of Cu12Sb4S13, in hot strong solution. 90 to 99 % (Sunshine, quoted from memory)."""
    sulphosalt_extraction: Fraction = default("80 %")
    """Of FeSb2S4 and Pb4FeSb6S14. Assumed, range 50 to 95 %."""
    trioxide_extraction: Fraction = default("92 %")
    """Of Sb2O3. Assumed, range 80 to 98 %."""
    antimonate_extraction: Fraction = default("15 %")
    """Of Sb2O4, Sb3O6(OH), Sb2O5, NaSbO3, Na3SbO4. Assumed, range 0 to 40 %."""
    arsenic_extraction: Fraction = default("90 %")
    """Of As2S3 and As2O3. Assumed, range 70 to 99 %."""
    oxides_sulphidised: Fraction = default("90 %")
    """Of PbO, PbSO4, Cu2O, ZnO, what takes sulphide by (6). Assumed, range 60 to 100 %."""
    gold_dissolved: Fraction = 0.0
    """Of metallic gold, to Au(aq). Default none; polysulphide dissolves some. Range 0 to 20 %."""
    polysulphide_used: Fraction = 1.0
    """Of Na2S2 in solution, what makes antimony(V) by (7). Assumed, range 50 to 100 %."""
    sulphide_excess: Ratio = 0.5
    """Free Na2S over what (1) to (6) take, e. Assumed, range 0.2 to 2."""
    caustic_ratio: Ratio = 2.0
    """Free NaOH per antimony in solution, c. 100 g/L beside 45 g/L Sb (Morcali 2022, abstract);
    assumed range 0.5 to 3."""
    antimony_in_solution: Fraction = default("4 %")
    """Sb in the pregnant solution by mass, x, at most. Some 45 g/L (Morcali 2022, abstract);
    assumed range 2 to 6 %."""
    temperature: Temperature = default("90 degC")
    """Of the pulp. 80 to 105 degC (quoted from memory)."""
    residence_time: Time = default("6 h")
    """For the volume of the tanks in the figures. Assumed, range 1 to 24 h."""
    pulp_density: Density = default("1250 kg/m^3")
    """For the same. Assumed, range 1100 to 1500 kg/m^3."""

    def check(self) -> None:
        """Refuse a solution of no antimony, or of more than dissolves, and one that boils."""
        if not 0.0 < self.antimony_in_solution <= MOST_ANTIMONY:
            raise InputError(
                f"antimony_in_solution of {self.antimony_in_solution:.3g} cannot be; give 2 to 6 %"
            )
        if not 273.15 < self.temperature < 423.15:
            raise InputError(
                f"temperature of {self.temperature - 273.15:.4g} degC is no leach; give 80 to 105"
            )

    def required_species(self) -> Iterable[str]:
        """The solution."""
        return _NEEDED

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Draw what is short, dissolve; see the class for the equations."""
        leached = leach(feed, p)
        return {
            "sulphide": leached.sulphide,
            "caustic": leached.caustic,
            "water": leached.water,
            "pulp": leached.pulp,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """The pulp is as warm as the tanks."""
        return {"pulp": p.temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Extraction, solution, residue, reagents and tanks."""
        feed, pulp = flows["feed"], flows["pulp"]
        solution, residue = pulp.liquid, pulp.solids
        fed = feed.solids.element("Sb")
        dissolved = fed - residue.element("Sb")
        arsenic = feed.solids.element("As")
        taken = leach(feed, p).sulphide_taken
        drawn = (("sulphide", "sodium sulphide"), ("caustic", "caustic soda"))
        return (
            Figure(ratio(dissolved, fed), "%", "antimony extracted"),
            Figure(ratio(solution.element("Sb"), solution.total()), "%", "antimony in solution"),
            Figure(ratio(residue.element("Sb"), residue.total()), "%", "antimony in the residue"),
            *(
                Figure(
                    ratio(flows[port].total(), dissolved),
                    "kg/t",
                    f"{word} drawn per antimony dissolved",
                )
                for port, word in drawn
            ),
            Figure(ratio(taken, dissolved), "kg/t", "sodium sulphide taken per antimony dissolved"),
            Figure(flows["water"].total(), "t/h", "water drawn"),
            Figure(ratio(solution.of("Na2S(aq)"), solution.total()), "%", "free sodium sulphide"),
            Figure(ratio(solution.of("NaOH(aq)"), solution.total()), "%", "free caustic soda"),
            Figure(_pentavalent(pulp), "%", "antimony(V) of the antimony in solution"),
            Figure(ratio(arsenic - residue.element("As"), arsenic), "%", "arsenic extracted"),
            Figure(
                pulp.total() * p.residence_time / p.pulp_density, "m^3", "leach tanks", "equipment"
            ),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings outside practice, antimony that does not dissolve, salts in the way."""
        feed, pulp = flows["feed"], flows["pulp"]
        solution = pulp.liquid
        fed = first(feed.solids.element("Sb"))
        if fed == 0.0:
            return ()
        antimonate = first(feed.only(*_ANTIMONATES).element("Sb")) / fed
        metal = first(feed.of("Sb")) / fed
        salts = first(ratio(solution.without("H2O").total(), solution.total()))
        caustic = first(ratio(solution.of("NaOH(aq)"), solution.total()))
        solids = first(pulp.percent_solids())
        celsius = first(p.temperature) - 273.15
        cases = (
            (
                not 0.9 <= first(p.stibnite_extraction) <= 0.995 and first(feed.of("Sb2S3")) > 0.0,
                f"stibnite_extraction is {first(p.stibnite_extraction):.1%}; 95 to 99 % is usual",
            ),
            (
                antimonate > 0.1,
                f"{antimonate:.0%} of the antimony comes as antimony(V) oxide or antimonate, which "
                f"hardly dissolves; reduce or roast it to trioxide or sulphide first",
            ),
            (metal > 0.05, f"{metal:.0%} of the antimony comes as metal and stays in the residue"),
            (
                salts > 0.45,
                f"the solution holds {salts:.0%} salts; above some 45 % they crystallise: draw "
                f"more water or bleed more",
            ),
            (
                caustic > MOST_CAUSTIC,
                f"the solution holds {caustic:.1%} free NaOH: extractions and cells are those of "
                f"liquor of some 6 %, up to 12 %; bleed more; oxides, of lead most of all, make "
                f"caustic of sulphide, which nothing in the loop may take",
            ),
            (
                solids > 0.4,
                f"the pulp holds {solids:.0%} solids, more than the 10 to 40 % of stirred tanks; "
                f"lower antimony_in_solution",
            ),
            (
                not 60.0 <= celsius <= 110.0,
                f"temperature is {celsius:.4g} degC; 80 to 105 is usual",
            ),
        )
        return [text for wrong, text in cases if wrong]


def _pentavalent(pulp: Flow) -> Any:
    """Antimony of thioantimonate over all antimony in solution."""
    antimony = pulp.only(*ANTIMONY_IN_SOLUTION).element("Sb")
    return np.asarray(ratio(pulp.only("Na3SbS4(aq)").element("Sb"), antimony))
