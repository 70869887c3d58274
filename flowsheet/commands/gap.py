"""``flowsheet gap``."""

import sys

import click

from flowsheet.commands.options import format_option, plot_option, seed_option
from flowsheet.commands.output import write_rows
from flowsheet.commands.status import NOT_SOLVED

_EPILOG = """\b
Examples:
  flowsheet gap                                      the bloc in 2030, with all built-in routes
  flowsheet gap --details --draws 0                  what each route lacks; yields as written
  flowsheet gap --lead-from-scrap --draws 0          all lead alloys from scrap
  flowsheet gap stibnite_idaho my_case.toml          with these routes alone
  flowsheet gap --market my_market.toml --plot gap.png
"""


@click.command(epilog=_EPILOG)
@click.argument("routes", nargs=-1, metavar="[ROUTE]...")
@click.option("--year", type=int, help="Year, one that the market file has (2030 if built in).")
@click.option(
    "--market", metavar="FILE", help="A market file of your own in place of the built-in."
)
@click.option(
    "--draws",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="Draws for the best and worst yield; 0 takes the best and worst route as written.",
)
@seed_option
@click.option(
    "--lead-from-scrap",
    is_flag=True,
    help="Let scrap meet all demand for antimonial lead, as some forecasts have it.",
)
@click.option(
    "--details",
    is_flag=True,
    help="Say of every route what it lacks, and where its status is from.",
)
@plot_option("Draw demand, supply and what is left")
@format_option
def gap(  # noqa: PLR0913 - options by name
    *,
    routes: tuple[str, ...],
    year: int | None,
    market: str | None,
    draws: int,
    seed: int,
    lead_from_scrap: bool,
    details: bool,
    plot: str | None,
    form: str,
) -> None:
    """Antimony that is missing, the refining it needs, and which routes close it.

    Demand less secondary less existing refined antimony is the gap; divided by the yield of the
    flowsheets it is the refining throughput. ROUTEs are all built-in ones when none is named; those
    without a section [supply] are left out. kt/yr of contained antimony. csv and markdown print the
    routes, one row each with all that is known of it; json prints everything.
    """
    from flowsheet.core.errors import InputError
    from flowsheet.load import load_route, route_names
    from flowsheet.market.data import load_market
    from flowsheet.market.gap import gap as find_gap
    from flowsheet.market.report import ROUTE_COLUMNS, print_gap, route_rows
    from flowsheet.pictures.style import check_picture_file, save

    if plot:
        check_picture_file(plot)
    read = load_market(market)
    if year is not None and year != read.heading.year:
        raise InputError(
            f"--year {year}: the market file {read.name}.toml has the year {read.heading.year}; "
            f"ask for that, or give a file of your own with --market"
        )
    loaded = [load_route(name) for name in routes or route_names()]
    found = find_gap(read, loaded, draws=draws, seed=seed, lead_from_scrap=lead_from_scrap)
    write_rows(
        form,
        route_rows(found),
        ROUTE_COLUMNS,
        table=lambda: print_gap(found, read, details=details),
        content=found.to_dict(),
    )
    if plot:
        from flowsheet.pictures.gap import draw_gap

        save(draw_gap(found), plot)
    if any(route.antimony_yield is None for route in found.routes):
        sys.exit(NOT_SOLVED)
