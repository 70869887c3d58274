"""Liquation of stibnite: antimony trisulphide melted out of rich sulphide ore."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, per_species
from flowsheet.core.formula import parse_formula
from flowsheet.core.parameters import Fraction, PerSpecies, Temperature, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.reaction import Reaction, after_change, change_by_share
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

STIBNITE = "Sb2S3"
ARSENIC = ("As2S3", "AsS")
IRON = ("FeS", "FeS2", "FeAsS")
LEAD = ("PbS",)
BISMUTH = ("Bi2S3",)
DOUBLE = ("FeSb2S4", "Pb4FeSb6S14", "FeSbS", "Sb2S2O")
MERCURY = ("HgS",)
SHARED = (STIBNITE, *ARSENIC, *IRON, *LEAD, *BISMUTH, *DOUBLE, *MERCURY)
DRYING = (Reaction("H2O -> H2O(g)"),)

MELTING_POINT = 546.0 + 273.15  # K; 546 to 550 degC are published
EVAPORATES = 700.0  # degC
POOREST_ORE, RICHEST_ORE = 0.40, 0.90  # Sb, and Sb2S3
USUAL_RESIDUE = (0.12, 0.21)  # Sb2S3


def _per_element(compound: str, symbol: str) -> float:
    return 1.0 / parse_formula(compound).mass_fractions()[symbol]


class StibniteLiquation(UnitOp):
    """Melt antimony trisulphide out of lump ore at 550 to 600 degC; the gangue stays behind.

    The product is "crude antimony", "needle antimony" or black antimony: trisulphide for primers,
    tracers, matches and friction linings, or charge for iron precipitation.

    Stibnite melts at 546 to 550 degC and runs off. The residue keeps what its pores hold, so that
    its content c of Sb2S3 is what is known, and the recovery follows from the ore:

        Sb2S3 left = c / (1 - c) * rest of the residue,  at most all that did not evaporate  (1)

    or the recovery is given. Other sulphides dissolve in the melt in given shares; arsenic
    sulphides evaporate in part, cinnabar, which sublimes near 580 degC, nearly all; moisture
    evaporates.

    Practice: Wang, Antimony, 1919, pp. 69-77: ore above 40 to 50 % and below 90 % Sb2S3, lumps of
    the size of walnuts, since fines hold the melt back; residue not below 12 % Sb2S3, one analysis
    of 20.4 %; product with 1 to 4 % FeS and 0.2 to 3.4 % As2S3. Today ore of 45 to 60 % Sb is
    liquated (Anderson 2012, quoted from memory).

    Assumptions: sulphides pass as they are (pyrite does not lose sulphur, which begins above the
    range); fume of Sb2S3, arsenic sulphide and cinnabar leaves in ``gas`` as those solids, unburnt:
    vapour of HgS, mercury and sulphur while it is hot, comes together again as it cools.
    Not modelled: fuel, air, oxidation, antimony oxides dissolving in the melt (give them a share
    in ``others_taken_up``), grinding of the product.
    Limits: an ore poorer in Sb2S3 than c yields nothing; pure stibnite leaves no residue.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.smelting.stibnite_liquation import StibniteLiquation
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "As2S3", "FeS", "SiO2"],
    ...     units={
    ...         "ore": Feed(
    ...             outlet="ore",
    ...             flow="1 t/h",
    ...             composition={"Sb2S3": "70 %", "As2S3": "0.2 %", "FeS": "3 %"},
    ...             remainder="SiO2",
    ...         ),
    ...         "liquation": StibniteLiquation(
    ...             feed="ore",
    ...             trisulphide="needle_antimony",
    ...             residue="residue",
    ...             gas="fume",
    ...             temperature="580 degC",
    ...             residue_stibnite="16 %",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution.recovery('Sb', to='needle_antimony'):.1f~P}")
    91.0 %
    >>> print(f"{solution['needle_antimony'].grade('Sb'):.2f~P}")
    71.00 %
    """

    feed: Inlet
    trisulphide: Outlet
    residue: Outlet
    gas: Outlet

    temperature: Temperature
    """Temperature of the charge; 550 to 600 degC usual."""
    residue_stibnite: Fraction | None = None
    """Content of Sb2S3 in the residue, c. 12 to 20 % (Wang 1919, pp. 71 and 77). Give this or
    ``recovery``."""
    recovery: Fraction | None = None
    """Of the Sb2S3 in the feed, what runs off as product."""
    fume_loss: Fraction = default("1 %")
    """Of the Sb2S3, what leaves as vapour and dust. Assumed, range 0.2 % in closed pots to 5 % in
    reverberatory furnaces, where Wang (1919, p. 75) speaks of a great loss."""
    arsenic_evaporated: Fraction = default("10 %")
    """Of As2S3 and AsS, what evaporates. Assumed, range 2 to 30 %."""
    arsenic_taken_up: Fraction = default("85 %")
    """Of As2S3 and AsS, what the melt takes up: both are molten here and mix with it. Assumed,
    range 50 to 95 %."""
    mercury_evaporated: Fraction = default("95 %")
    """Of HgS, what evaporates; the rest stays in the residue. Assumed, range 70 to 100 %: cinnabar
    sublimes at 580 degC (quoted from memory), but from inside a lump slowly."""
    iron_taken_up: Fraction = default("15 %")
    """Of FeS, FeS2 and FeAsS, what the melt takes up, solid grains among it. Assumed, range 5 to
    40 %, so that usual ores give the 1 to 4 % FeS of Wang (1919, p. 77)."""
    lead_taken_up: Fraction = default("70 %")
    """Of PbS, what the melt takes up. Assumed, range 40 to 90 %: it forms low-melting mixtures
    with stibnite."""
    bismuth_taken_up: Fraction = default("90 %")
    """Of Bi2S3, what the melt takes up: it mixes with stibnite. Assumed, range 80 to 98 %."""
    double_sulphides_taken_up: Fraction = default("70 %")
    """Of berthierite, jamesonite, gudmundite and kermesite, what melts and runs off. Assumed,
    range 40 to 90 %."""
    others_taken_up: PerSpecies[Fraction] = 0.0
    """Of any other solid, what the melt carries off. Assumed 0, range 0 to 2 % for gangue."""

    lowest_antimony: Fraction = default("69.5 %")
    """Limits of the product; these six in the style of MIL-A-159, quoted from memory, text not
    found: low confidence, give those of the order. The Chinese standard GB 5236-85, as machine
    translated, asks for 71.0 to 72.5, 70 to 73 and 69 to 73 % Sb in its three grades."""
    highest_antimony: Fraction = default("71.7 %")
    """As above; pure Sb2S3 holds 71.68 %."""
    lowest_sulphur: Fraction = default("25 %")
    """As above; GB 5236-85: 25.5 and 25 %."""
    highest_sulphur: Fraction = default("28.5 %")
    """As above; GB 5236-85: 28.0 and 28.3 % of combined sulphur."""
    highest_arsenic: Fraction = default("0.2 %")
    """As above."""
    highest_lead: Fraction = default("0.5 %")
    """As above."""

    def check(self) -> None:
        """Refuse an ore that does not melt, two recoveries or none, and limits upside down."""
        _check_temperature(self.temperature)
        if (self.residue_stibnite is None) == (self.recovery is None):
            raise InputError("give either residue_stibnite or recovery, and not both")
        if self.residue_stibnite == 1.0:
            raise InputError("residue_stibnite of 1 leaves no product; 12 to 20 % is usual")
        for of, lost, name in (
            (self.recovery or 0.0, self.fume_loss, "recovery + fume_loss"),
            (self.arsenic_taken_up, self.arsenic_evaporated, "arsenic_taken_up + evaporated"),
        ):
            if of + lost > 1.0 + 1e-12:
                raise InputError(f"{name} is {of + lost:.3g}; they share at most 1")
        given: Any = self.others_taken_up
        for species in SHARED:
            if species in given.by_name:
                raise InputError(
                    f"others_taken_up names {species}, which has a parameter of its own; use that"
                )
        for low, high, name in (
            (self.lowest_antimony, self.highest_antimony, "antimony"),
            (self.lowest_sulphur, self.highest_sulphur, "sulphur"),
        ):
            if low > high:
                raise InputError(
                    f"lowest_{name} of {low:.2%} is above highest_{name} of {high:.2%}; swap them"
                )

    def required_species(self) -> Iterable[str]:
        """Stibnite."""
        return (STIBNITE,)

    def is_linear(self) -> bool:
        """With a given recovery; an ore too poor for the residue asked for yields nothing."""
        return self.recovery is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Dry, evaporate, let the melt run off, and keep what the residue holds."""
        _check_temperature(p.temperature)
        stibnite, others = feed.only(STIBNITE), feed.solids.without(STIBNITE)
        shares = dict.fromkeys(ARSENIC, p.arsenic_evaporated)
        shares |= dict.fromkeys(MERCURY, p.mercury_evaporated)
        evaporated = per_species(feed.slate, shares)
        taken_up = _taken_up(feed, p)
        left = others * (1.0 - evaporated - taken_up)
        molten, kept = _molten_and_kept(stibnite.total(), left.total(), p)
        vapours = after_change(feed, change_by_share(feed, DRYING)).gas
        return {
            "trisulphide": others * taken_up + stibnite * molten,
            "residue": left + stibnite * kept + feed.liquid.without("H2O"),
            "gas": others * evaporated + stibnite * p.fume_loss + vapours,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Everything leaves as warm as the charge."""
        return dict.fromkeys(("trisulphide", "residue", "gas"), p.temperature)

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Recovery, what the product holds, how many of its limits it breaks, and the residue."""
        feed, product, residue = flows["feed"], flows["trisulphide"], flows["residue"]
        molten = ratio(product.of(STIBNITE), feed.of(STIBNITE))
        iron = _content(product, "Fe") * _per_element("FeS", "Fe")
        arsenic = _content(product, "As") * _per_element("As2S3", "As")
        broken = sum((outside.astype(float) for *_, outside in _limits(product, p)), 0.0)
        left = ratio(residue.of(STIBNITE), residue.solids.total())
        return (
            Figure(molten, "%", "recovery of Sb2S3"),
            Figure(ratio(product.element("Sb"), feed.element("Sb")), "%", "antimony to product"),
            Figure(ratio(product.total(), feed.solids.total()), "%", "yield of dry ore"),
            Figure(_content(product, "Sb"), "%", "Sb in product"),
            Figure(_content(product, "S"), "%", "S in product"),
            Figure(arsenic, "%", "As in product as As2S3"),
            Figure(iron, "%", "Fe in product as FeS"),
            Figure(_content(product, "Pb"), "%", "Pb in product"),
            Figure(np.asarray(broken), "", "limits broken by the product"),
            Figure(left, "%", "Sb2S3 in residue"),
            Figure(_content(residue, "Sb"), "%", "Sb in residue"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Ore too poor or rich, residue and heat outside practice, limits of the product broken."""
        feed, product, residue = flows["feed"], flows["trisulphide"], flows["residue"]
        if first(feed.of(STIBNITE)) == 0.0:
            return ()
        celsius = first(p.temperature) - 273.15
        dry = feed.solids.total()
        antimony, stibnite = first(feed.element("Sb") / dry), first(feed.of(STIBNITE) / dry)
        reached = first(product.of(STIBNITE) / feed.of(STIBNITE))
        left = first(ratio(residue.of(STIBNITE), residue.solids.total()))
        low, high = USUAL_RESIDUE
        found = (
            (
                antimony < POOREST_ORE,
                f"the ore holds {antimony:.0%} Sb: liquation takes 45 to 60 %, of poorer ore the "
                f"residue keeps too much ({reached:.0%} of the stibnite runs off)",
            ),
            (
                stibnite > RICHEST_ORE,
                f"the ore holds {stibnite:.0%} Sb2S3; above 90 % it is crude antimony as it is",
            ),
            (
                antimony >= POOREST_ORE and stibnite <= RICHEST_ORE and not low <= left <= high,
                f"the residue holds {left:.0%} Sb2S3; 12 to 20 % is usual",
            ),
            (
                celsius > EVAPORATES,
                f"at {celsius:.0f} degC stibnite evaporates, and decomposes above 850 degC: "
                f"fume_loss of {first(p.fume_loss):.1%} is hardly true; keep 550 to 600 degC",
            ),
        )
        told = [text for holds, text in found if holds]
        if first(product.total()) > 0.0:
            told.extend(
                f"the product holds {first(_content(product, symbol)):.2%} {symbol}; its limits "
                f"are {allowed}"
                for symbol, allowed, outside in _limits(product, p)
                if first(outside)
            )
        return told


def _check_temperature(temperature: Any) -> None:
    lowest = np.min(np.real(temperature))
    if lowest < MELTING_POINT - 1e-9:
        raise InputError(
            f"temperature of {lowest - 273.15:.0f} degC melts no stibnite, which takes 546 to "
            "550 degC; give 550 to 600 degC"
        )


def _taken_up(feed: Flow, p: Parameters) -> Array:
    """Share of every solid but stibnite that the melt takes up, (constituents, scenarios)."""
    groups = (
        # A rounding beyond what evaporation leaves is nothing.
        (ARSENIC, np.minimum(p.arsenic_taken_up, 1.0 - p.arsenic_evaporated)),
        (IRON, p.iron_taken_up),
        (LEAD, p.lead_taken_up),
        (BISMUTH, p.bismuth_taken_up),
        (DOUBLE, p.double_sulphides_taken_up),
    )
    shares = {species: share for group, share in groups for species in group}
    others = 1.0 - per_species(feed.slate, dict.fromkeys(SHARED, 1.0))
    return np.asarray(per_species(feed.slate, shares) + p.others_taken_up * others)


def _molten_and_kept(stibnite: Array, rest: Array, p: Parameters) -> tuple[Any, Any]:
    """Shares of the stibnite that run off and that stay, beside a ``rest`` of the residue, kg/s."""
    remains = 1.0 - p.fume_loss
    if p.recovery is not None:
        return p.recovery, np.maximum(0.0, remains - p.recovery)
    held = p.residue_stibnite / (1.0 - p.residue_stibnite) * rest  # (1)
    kept = np.minimum(remains, ratio(held, stibnite))
    return remains - kept, kept


def _content(flow: Flow, symbol: str) -> Array:
    """Mass fraction of an element in what is solid."""
    solids = flow.solids
    return ratio(solids.element(symbol), solids.total())


def _limits(product: Flow, p: Parameters) -> list[tuple[str, str, Array]]:
    """Element, what is allowed in words, and whether the product is outside."""
    limits = (
        ("Sb", p.lowest_antimony, p.highest_antimony),
        ("S", p.lowest_sulphur, p.highest_sulphur),
        ("As", None, p.highest_arsenic),
        ("Pb", None, p.highest_lead),
    )
    flows = product.total() > 0.0
    found = []
    for symbol, low, high in limits:
        content = _content(product, symbol)
        above = content > high * (1.0 + 1e-9)
        below = np.zeros_like(above) if low is None else content < low * (1.0 - 1e-9)
        words = f"at most {first(high):.2%}"
        words = words if low is None else f"{first(low):.2%} to {first(high):.2%}"
        found.append((symbol, words, flows & (above | below)))
    return found
