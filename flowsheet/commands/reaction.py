"""``flowsheet reaction``."""

from typing import Any

import click

from flowsheet.commands.options import format_option

_EPILOG = """\b
Examples:
  flowsheet reaction "Sb2O3 + 6 Cu -> 2 Sb + 3 Cu2O" --at "1200 K"
  flowsheet reaction "Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2" --over "300 K:1500 K" --plot roast.png
"""


@click.command(epilog=_EPILOG)
@click.argument("text", metavar="REACTION")
@click.option(
    "--at",
    multiple=True,
    metavar="TEMPERATURE",
    help="Temperature, e.g. '1200 K' or '950 degC'. May be repeated. 25 degC if not given.",
)
@click.option(
    "--over",
    metavar="LOW:HIGH[:N]",
    help="N temperatures (13) from one to another, e.g. '300 K:1500 K:25'.",
)
@click.option(
    "--data",
    multiple=True,
    metavar="SPECIES=DATASET",
    help="Take another source for a species, e.g. Sb2S3=NBS82. May be repeated.",
)
@click.option("--plot", metavar="FILE", help="Draw enthalpy and Gibbs energy, e.g. reaction.png.")
@format_option
def reaction(**asked: Any) -> None:
    """Balance, heat, Gibbs energy and equilibrium constant of REACTION.

    Per mole as written: pure solids and liquids in their stable phase, gases at 1 bar. Names are
    formulas, with (g) for the vapour of what is else solid or liquid. A reaction that does not
    balance is refused, with the coefficients that would do, and ends with status 2.
    """
    from flowsheet.commands.reaction_tables import Asked, print_reaction

    print_reaction(Asked(**asked))
