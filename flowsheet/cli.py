"""The command line. Nothing heavy is imported before a command needs it."""

import os
import sys

import click

from flowsheet.commands.check import check
from flowsheet.commands.compare import compare
from flowsheet.commands.gap import gap
from flowsheet.commands.list_routes import list_routes
from flowsheet.commands.new import new
from flowsheet.commands.reaction import reaction
from flowsheet.commands.run import run
from flowsheet.commands.show import show
from flowsheet.commands.size import size
from flowsheet.commands.sources import sources
from flowsheet.commands.status import BAD_INPUT, INTERRUPTED, NOT_SOLVED
from flowsheet.commands.sweep import sweep
from flowsheet.commands.uncertainty import uncertainty
from flowsheet.version import __version__

_EPILOG = """\b
Examples:
  flowsheet list                                  what can be solved
  flowsheet compare                               all routes side by side
  flowsheet gap                                   demand 2030, and which routes close how much of it
  flowsheet run stibnite_idaho                    streams, metrics, closure of one route
  flowsheet run stibnite_idaho --set target.flow="5000 t/yr" --set rougher.cells=8
  flowsheet size costerfield --grade Sb99.65      throughput, equipment, reagents, power
  flowsheet uncertainty costerfield               how sure that is, and what it hangs on
  flowsheet sources stibnite_idaho                where every number comes from
  flowsheet new my_deposit                        a case of your own, to be filled in
  flowsheet compare my_deposit.toml costerfield   yours beside another
  flowsheet reaction "Sb2O3 + 3 C -> 2 Sb + 3 CO" --at "1200 K"

\b
ROUTE is a name that 'flowsheet list' prints, or the path of a .toml or .py file of your own.
Exit status: 0 solved, 1 did not solve, 2 something in the input is wrong.
"""


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


for command in (
    *(list_routes, show, run, sources, size, uncertainty, sweep),
    *(compare, gap, new, check, reaction),
):
    cli.add_command(command)


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
        _fail(error.format_message(), BAD_INPUT)
    except InputError as error:
        _fail(str(error), BAD_INPUT)
    except SolveError as error:
        _fail(str(error), NOT_SOLVED)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _drop_stdout()  # the reader, such as head, has seen enough
    except OSError as error:
        _drop_stdout()
        _fail(f"cannot write the output: {error.strerror}", NOT_SOLVED)
    sys.exit(0)


def _drop_stdout() -> None:
    """Send what is still buffered nowhere, or Python would fail once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, status: int) -> None:
    click.echo(f"flowsheet: {' '.join(message.split())}", err=True)
    sys.exit(status)
