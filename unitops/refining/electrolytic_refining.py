"""Electrolytic refining of antimony: anodes to cathodes, slimes and an electrolyte bleed."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Concentration,
    Fraction,
    PerSpecies,
    Time,
    Volume,
    VolumePerMass,
    default,
)
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.refining import tank_house_report
from unitops.refining.anode_impurities import (
    check_dissolved,
    completed,
    default_splits,
)
from unitops.refining.cell_voltage import Cells
from unitops.refining.electrolysis_baths import BATHS
from unitops.refining.electrolytic_tank import tank_balance

_REFUSED_BATHS = {
    "hydroxide melt": "antimony anodes are not refined in it, a caustic melt is a chemical "
    "scavenger of As and Sn (Harris process)",
    "molten chloride": "there lead dissolves and antimony stays at the anode, and bismuth hardly "
    "parts from it; for an experiment take MoltenChlorideRefining",
}


class ElectrolyticRefining(Cells):
    """Dissolve antimony anodes in an aqueous bath and deposit antimony.

    Species i of the anodes, with the scrap left over going back to casting:

        scrap_i = s * anode_i                                                       (1)
        slimes_i = (1 - s) * anode_i * (1 - d_i)                                    (2)
        deposit_i = (1 - s) * anode_i * d_i * c_i               for all but antimony (3)

    At steady state what dissolved leaves by the cathode or by the bleed. The bleed, V in m^3/s, is
    as large as the most demanding impurity asks for, and carries antimony with it:

        V = max_i((1 - s) * anode_i * d_i * (1 - c_i) / limit_i)                    (4)
        bleed_Sb = V * concentration of antimony, at most what dissolved            (5)
        cathode_Sb = (1 - s) * anode_Sb * d_Sb - bleed_Sb                           (6)

    Faraday's law for the antimony deposited, with current efficiency CE and cell voltage U:

        I = n * F * cathode_Sb / (M * CE),   energy per mass = n * F * U / (M * CE) (7)

    That is the balance when the level of antimony in the bath takes care of itself: losses that
    both electrodes share (short circuits), and air that dissolves what the bleed takes. Given an
    ``anodic_efficiency`` a, charge decides instead, and trioxide makes up what is missing:

        I = F * sum_i(z_i * n_i that dissolve) / a                                  (8)
        n * F * cathode_Sb / M = CE * I, at most what impurities leave of a * I     (9)
        V as in (4), but at least (dissolved Sb - cathode_Sb) / concentration      (10)
        trioxide, as Sb = V * concentration - (dissolved Sb - cathode_Sb)          (11)

    The bleed holds salts (SbF3, FeSO4, H3AsO3 ...), free acid and water, which are drawn as
    ``reagents``; ``air`` brings the oxygen of Sb + 3 HF + 3/4 O2 -> SbF3 + 3/2 H2O and the like.
    (1) to (11) are balances of elements and of charge. Splits that are not given are those of
    ``electrolytic_splits.csv`` in the fluoride bath, which names its sources; for other metals, and
    in the chloride bath, they follow from nobility (``anode_impurities``). Voltage: ``Cells``.

    Assumptions: splits do not depend on composition, current or bleed. CE counts antimony alone;
    impurities that deposit count as lost efficiency. Metals without a salt here leave as "X(aq)".
    What is not dissolved or not known (oxides, sulphides, and any water or gas, which an anode does
    not hold) falls into the slimes. Nickel stays in them as antimonide, lead as metal or sulphate.
    Not modelled: drag-out, passivation of the anode by slimes, slimes caught in the deposit, Sb(V),
    removal of Cu and Ag by cementation on antimony powder, winning antimony back from the bleed.
    Limits: no impurity that stays dissolved, no bleed. Arsenic, bismuth and copper have nearly the
    potential of antimony and follow it to the cathode: take them out before casting the anodes.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> anodes = {"Sb": "99.5 %", "Fe": "0.3 %", "Pb": "0.19 %", "Au": "0.01 %"}
    >>> plant = Flowsheet(
    ...     species=["Sb", "Fe", "Pb", "Au", "SbF3(aq)", "FeSO4(aq)", "PbSO4(aq)", "HF(aq)",
    ...              "H2SO4", "H2O", "O2"],
    ...     units={
    ...         "casting": Feed(outlet="anodes", flow="10 t/d", composition=anodes),
    ...         "tank_house": ElectrolyticRefining(
    ...             anodes=["anodes", "scrap"], reagents="reagents", air="air", bleed="bleed",
    ...             cathode="cathode", slimes="slimes", anode_scrap="scrap", cell_voltage="0.6 V",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("tank_house")[:2]:
    ...     print(figure)
    energy per tonne of antimony 406 kWh/t
    purity of the cathode 99.99 %
    """

    anodes: Inlet
    reagents: Supply
    air: Supply
    cathode: Outlet
    slimes: Outlet
    bleed: Outlet
    anode_scrap: Outlet

    bath: Literal["sulphate-fluoride", "chloride", "hydroxide melt", "molten chloride"] = (
        "sulphate-fluoride"
    )
    """Electrolyte: SbF3 in HF and H2SO4, as in plants, or SbCl3 in HCl and NaCl (Lixa in Portugal,
    given up for its cost; Wang, Antimony, 1919). The melts are refused, with the reason."""
    anode_scrap_fraction: Fraction = default("15 %")
    """Part of the anode that is left when it is pulled, s. Assumed, range 10 to 25 %."""
    dissolved: PerSpecies[Fraction] = default({})
    """Fraction of the consumed anode that dissolves, d; species not named take the table's."""
    dissolved_to_cathode: PerSpecies[Fraction] = default({})
    """Fraction of the dissolved impurity that deposits, c; not named: the table's. Not for Sb."""
    lead_in_slimes: Literal["metal", "sulphate"] = "metal"
    """As what lead that does not dissolve is counted. It is sulphate in truth: then it takes
    sulphuric acid and current, and the species PbSO4 is needed."""
    impurity_limit: PerSpecies[Concentration] = default("8 g/L")
    """Highest concentration of an impurity in the electrolyte. Assumed, range 2 to 15 g/L."""
    bleed_volume: VolumePerMass | None = None
    """Electrolyte bled per antimony dissolved. Not given: what the limits ask for, (4)."""
    antimony_in_electrolyte: Concentration | None = None
    """Antimony in the electrolyte. Default 90 g/L in the fluoride bath (80 to 100 in plants, 90 to
    120 in Gold 2014, abstract), 70 g/L in chloride (assumed, range 30 to 100)."""
    reagents_in_electrolyte: PerSpecies[Concentration] = default({})
    """Free acid, salt and water that the bleed carries off. Not named: H2SO4 360 g/L (Gold 2014,
    abstract), HF 21 g/L (free fluoride above 20 g/L, vendor's text), H2O 850 g/L (assumed); in the
    chloride bath HCl 100, NaCl 150, H2O 850 g/L (assumed)."""
    anodic_efficiency: Fraction | None = None
    """Charge that dissolves metal over charge passed, a. Not given: antimony in the electrolyte is
    taken to hold its level by itself. Near 100 % (assumed, range 95 to 100 %)."""
    current_efficiency: Fraction = default("97.6 %")
    """Current efficiency, CE: 97.60 % in Gold 2014 (abstract); about 99 % in the bullion tests;
    90 to 98 % in chloride (quoted from memory)."""
    electrolyte_per_cell: Volume = default("6 m^3")
    """Electrolyte in a cell and its share of tanks and pipes. Assumed, range 3 to 12 m^3."""
    anode_life: Time = default("20 d")
    """Time an anode hangs in a cell. Assumed, range 10 to 30 d."""
    cathode_life: Time = default("7 d")
    """Time between two harvests of cathodes. Assumed, range 3 to 14 d."""

    def check(self) -> None:
        """Refuse the melts, and values that make the bleed or the current endless."""
        super().check()
        if self.bath in _REFUSED_BATHS:
            raise InputError(
                f"bath '{self.bath}' is not offered: {_REFUSED_BATHS[self.bath]}; "
                f"use 'sulphate-fluoride'"
            )
        if "Sb" in _named(self.dissolved_to_cathode):
            raise InputError(
                "dissolved_to_cathode.Sb follows from the bleed; leave it out, and set "
                "antimony_in_electrolyte instead"
            )
        self._check_bleed()
        efficiency = self.anodic_efficiency
        if efficiency is not None and efficiency < self.current_efficiency:
            raise InputError(
                f"anodic_efficiency of {efficiency:.4g} is below the current_efficiency of "
                f"{self.current_efficiency:.4g}: the cathode would take more antimony than the "
                f"anode gives; give e.g. 1"
            )
        if self.lead_in_slimes == "sulphate" and self.bath == "chloride":
            raise InputError(
                "lead_in_slimes as sulphate needs the sulphate-fluoride bath; use 'metal'"
            )

    def _check_bleed(self) -> None:
        """Refuse limits and bleeds of nothing."""
        limits: Any = self.impurity_limit
        for name, limit in {**_named(limits), "others": limits.others}.items():
            if limit == 0.0:
                raise InputError(
                    f"impurity_limit of 0 g/L for {name} asks for an endless bleed; give more"
                )
        if self.bleed_volume == 0.0:
            raise InputError(
                "bleed_volume of 0 m^3/t lets impurities grow without end; give more, or leave it "
                "out to let the limits decide"
            )
        if self.antimony_in_electrolyte == 0.0:
            raise InputError("antimony_in_electrolyte of 0 g/L deposits nothing; give e.g. 90 g/L")

    def required_species(self) -> Iterable[str]:
        """Antimony, its salt, what dissolves it; trioxide where charge decides."""
        bath = BATHS[self.bath]
        of_antimony = bath.by_metal["Sb"].coefficients
        oxide = () if self.anodic_efficiency is None else ("Sb2O3",)
        sulphate = ("PbSO4",) if self.lead_in_slimes == "sulphate" else ()
        return dict.fromkeys((*of_antimony, *bath.reagents, *oxide, *sulphate))

    def resolve(self, slate: Slate) -> Parameters:
        """As for every unit, with splits and a bath of the tables for what is not named."""
        table = default_splits(self.bath)  # type: ignore[arg-type]
        known = {
            "dissolved": {element: split.dissolved for element, split in table.items()},
            "dissolved_to_cathode": {e: split.dissolved_to_cathode for e, split in table.items()},
            "reagents_in_electrolyte": BATHS[self.bath].reagents,
        }
        columns: dict[str, Array] = {}
        for name, values in known.items():
            try:
                columns[name] = completed(getattr(self, name), values, slate)
            except InputError as error:
                raise InputError(f"{name}: {error}") from error
        columns["dissolved"] *= slate.in_phase("solid")
        check_dissolved(slate, self.bath, columns["dissolved"], columns["dissolved_to_cathode"])  # type: ignore[arg-type]
        plain = self.model_copy(update=dict.fromkeys(columns, 0.0))
        p = UnitOp.resolve(plain, slate).replaced(columns)
        if p.antimony_in_electrolyte is None:
            p = p.replaced({"antimony_in_electrolyte": BATHS[self.bath].antimony})
        return p

    def run(self, anodes: Flow, p: Parameters) -> Outlets:
        """Share the anodes between cathode, slimes, bleed and scrap; draw what the bleed takes."""
        check_dissolved(anodes.slate, p.bath, p.dissolved, p.dissolved_to_cathode)
        tank = tank_balance(anodes, p)
        return {
            "reagents": tank.drawn.without("O2"),
            "air": tank.drawn.only("O2"),
            "cathode": tank.cathode,
            "slimes": tank.slimes,
            "bleed": tank.bleed,
            "anode_scrap": anodes * p.anode_scrap_fraction,  # (1)
        }

    def refusals(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Per scenario, which impurity a given bleed cannot hold at its limit."""
        if p.bleed_volume is None:
            return ()
        tank = tank_balance(flows["anodes"], p)
        return tank_house_report.bleed_refusals(flows["anodes"].slate, tank, p)

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Energy, voltage, cells, bleed, metal in process, and what cathode and slimes hold."""
        tank = tank_balance(flows["anodes"], p)
        return tank_house_report.figures(flows, tank, p)

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings outside practice, a bleed that takes the antimony, an impure cathode."""
        tank = tank_balance(flows["anodes"], p)
        return tank_house_report.warnings(flows, tank, p)


def _named(keyed: Any) -> dict[str, float]:
    return dict(keyed.by_name)
