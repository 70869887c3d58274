"""The command line. Nothing heavy is imported before a command needs it."""

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from flowsheet.version import __version__

if TYPE_CHECKING:
    from flowsheet.route import Route

_EXIT_NOT_SOLVED = 1
_EXIT_BAD_INPUT = 2
_EXIT_INTERRUPTED = 130
_FORMATS = click.Choice(["table", "json", "csv", "markdown"])

_EPILOG = """\b
Examples:
  flowsheet list                                  what can be solved
  flowsheet compare                               all routes side by side
  flowsheet compare stibnite_idaho my_case.toml   some of them, and one of your own
  flowsheet run stibnite_idaho                    streams, metrics, closure of one route
  flowsheet run stibnite_idaho --set target.flow="5000 t/yr" --set rougher.cells=8
  flowsheet run high_purity --format json | jq .metrics
  flowsheet sources stibnite_idaho                where every number comes from
  flowsheet reaction "Sb2O3 + 3 C -> 2 Sb + 3 CO" --at "1200 K"

\b
ROUTE is a name that 'flowsheet list' prints, or the path of a .toml or .py file of your own.
Exit status: 0 solved, 1 did not solve, 2 something in the input is wrong.
"""

_REACTION_EPILOG = """\b
Examples:
  flowsheet reaction "Sb2O3 + 6 Cu -> 2 Sb + 3 Cu2O" --at "1200 K"
  flowsheet reaction "Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2" --over "300 K:1500 K" --plot roast.png
"""

_set_option = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a parameter, e.g. rougher.cells=8 or target.flow='5000 t/yr'. May be repeated.",
)
_target_option = click.option(
    "--no-target",
    is_flag=True,
    help="Solve at the feed as written instead of scaling it to meet the route's target.",
)


@click.group(
    epilog=_EPILOG,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__)
@click.pass_context
def cli(context: click.Context) -> None:
    """Mass balances of metallurgical flowsheets: from ore to metal, element by element.

    Solves a route, proves that every element closes, and says where Sb, As and SO2 go and what
    refining throughput the route needs.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@cli.command("list")
def list_routes() -> None:
    """List the routes that come with the program."""
    from flowsheet.load import load_route, route_names
    from flowsheet.tables import Column, print_table

    rows = [{"route": n, "title": load_route(n).data.header.title} for n in route_names()]
    columns = [Column("route", "route", text=True), Column("title", "what it is", text=True)]
    print_table(rows, columns)


@cli.command()
@click.argument("route")
@_set_option
def show(route: str, changes: tuple[str, ...]) -> None:
    """Show the units of ROUTE, their streams and parameters."""
    from flowsheet.describe import print_route

    print_route(_load(route, changes))


@cli.command()
@click.argument("route")
@_set_option
@_target_option
@click.option("--format", "form", type=_FORMATS, default="table", show_default=True)
def run(route: str, changes: tuple[str, ...], no_target: bool, form: str) -> None:
    """Solve ROUTE and print metrics, streams and closure.

    csv and markdown print the streams, one row each; json prints everything.
    """
    from flowsheet.describe import print_result, stream_columns, stream_rows
    from flowsheet.tables import as_csv, as_json, as_markdown

    result = _load(route, changes, no_target=no_target).solve()
    if form == "json":
        click.echo(as_json(result.to_dict()))
    elif form == "table":
        print_result(result)
    else:
        write = as_csv if form == "csv" else as_markdown
        click.echo(write(stream_rows(result), stream_columns(result)))


@cli.command()
@click.argument("routes", nargs=-1, metavar="[ROUTE]...")
@click.option("--format", "form", type=_FORMATS, default="table", show_default=True)
def compare(routes: tuple[str, ...], form: str) -> None:
    """Solve ROUTEs and print one row each.

    All built-in routes when none is named. Flows are t/yr. A route that does not solve keeps its
    row, with the reason.
    """
    from flowsheet.compare import compare as compare_routes
    from flowsheet.describe import COMPARE_COLUMNS, print_comparison
    from flowsheet.load import load_route, route_names
    from flowsheet.tables import as_csv, as_json, as_markdown

    rows = compare_routes([load_route(name) for name in routes or route_names()])
    plain = [row.to_dict() for row in rows]
    if form == "json":
        click.echo(as_json(plain))
    elif form == "table":
        print_comparison(rows)
    else:
        write = as_csv if form == "csv" else as_markdown
        click.echo(write(plain, COMPARE_COLUMNS))
    if any(row.metrics is None for row in rows):
        sys.exit(_EXIT_NOT_SOLVED)


@cli.command()
@click.argument("route")
@click.option("--format", "form", type=_FORMATS, default="table", show_default=True)
def sources(route: str, form: str) -> None:
    """Print where every number of ROUTE comes from.

    With its range and its basis: measured, design, published, estimated or assumed.
    """
    from flowsheet.describe import SOURCE_COLUMNS, source_rows
    from flowsheet.tables import as_csv, as_json, as_markdown, print_table

    rows = source_rows(_load(route))
    if form == "json":
        click.echo(as_json(rows))
    elif form == "table":
        print_table(rows, SOURCE_COLUMNS)
    else:
        write = as_csv if form == "csv" else as_markdown
        click.echo(write(rows, SOURCE_COLUMNS))


@cli.command()
@click.argument("file")
def check(file: str) -> None:
    """Check a case of your own: read, build and solve FILE.

    FILE is a .toml or .py; the other one of the same name beside it belongs to it.
    """
    from flowsheet.describe import print_check

    print_check(_load(file))


@cli.command(epilog=_REACTION_EPILOG)
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
@click.option("--format", "form", type=_FORMATS, default="table", show_default=True)
def reaction(**asked: Any) -> None:
    """Balance, heat, Gibbs energy and equilibrium constant of REACTION.

    Per mole as written: pure solids and liquids in their stable phase, gases at 1 bar. Names are
    formulas, with (g) for the vapour of what is else solid or liquid. A reaction that does not
    balance is refused, with the coefficients that would do, and ends with status 2.
    """
    from flowsheet.reaction_command import Asked, print_reaction

    print_reaction(Asked(**asked))


def _load(name: str, changes: tuple[str, ...] = (), *, no_target: bool = False) -> "Route":
    from flowsheet.core.errors import InputError
    from flowsheet.load import load_route

    parsed: dict[str, Any] = {}
    for change in changes:
        path, equals, value = change.partition("=")
        if not equals or not path.strip() or not value.strip():
            raise InputError(f"--set {change}: needs PATH=VALUE, e.g. rougher.cells=8")
        parsed[path.strip()] = _plain(value.strip())
    route = load_route(name)
    if no_target:
        route = route.without_target()
    return route.with_changes(parsed)


def _plain(text: str) -> Any:
    """Read true and false as such; numbers and quantities stay text and are read with units."""
    return {"true": True, "false": False, "none": None}.get(text.lower(), text)


def main() -> None:
    """Run the command line; errors are one line on stderr, never a traceback."""
    from flowsheet.core.errors import InputError, SolveError

    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 - closed by the caller
    try:
        # Not cli.main(), which would end a broken pipe with status 1 on its own.
        with cli.make_context("flowsheet", sys.argv[1:]) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), _EXIT_BAD_INPUT)
    except InputError as error:
        _fail(str(error), _EXIT_BAD_INPUT)
    except SolveError as error:
        _fail(str(error), _EXIT_NOT_SOLVED)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted", _EXIT_INTERRUPTED)
    except BrokenPipeError:
        _drop_stdout()  # the reader, such as head, has seen enough
    except OSError as error:
        _drop_stdout()
        _fail(f"cannot write the output: {error.strerror}", _EXIT_NOT_SOLVED)
    sys.exit(0)


def _drop_stdout() -> None:
    """Send what is still buffered nowhere, or Python would fail once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, status: int) -> None:
    click.echo(f"flowsheet: {' '.join(message.split())}", err=True)
    sys.exit(status)
