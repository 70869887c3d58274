"""The picture of a reaction: enthalpy and Gibbs energy over temperature."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsheet.core.reaction import Reaction
from flowsheet.core.reaction_energy import range_of, reaction_energy
from flowsheet.pictures.style import (
    BLUE,
    GREY,
    VERMILION,
    house_style,
    new_figure,
    separate_thousands,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def reaction_picture(text: str, chosen: Mapping[str, str], span: Sequence[float]) -> "Figure":
    """Draw a reaction over a span in K, or over all that the data reach.

    ``chosen`` names datasets by species. Raises InputError where the reaction does not balance, a
    species is not known, or out of range.
    """
    reaction = Reaction(text)
    low, high = range_of(reaction, chosen)
    if not span:
        span = (max(low, 298.15), high)
    warm = np.linspace(min(span), max(span), 300)
    energy = reaction_energy(reaction, warm, chosen)
    with house_style():
        figure = new_figure(7.0, 4.2)
        axes = figure.add_subplot()
        axes.axhline(0.0, color=GREY, linewidth=0.8)
        axes.plot(warm, energy.gibbs_energy / 1e3, color=BLUE, label="Gibbs energy")
        axes.plot(warm, energy.enthalpy / 1e3, color=VERMILION, linestyle="--", label="enthalpy")
        axes.set_xlabel("temperature, K")
        axes.set_ylabel("kJ per mole of reaction")
        axes.set_title(text, wrap=True)
        above = axes.secondary_xaxis("top", functions=(_celsius, _kelvin))
        above.set_xlabel("temperature, degC")
        separate_thousands(axes, y=True)
        axes.legend()
    return figure


def _celsius(kelvin: Any) -> Any:
    return np.asarray(kelvin) - 273.15


def _kelvin(celsius: Any) -> Any:
    return np.asarray(celsius) + 273.15
