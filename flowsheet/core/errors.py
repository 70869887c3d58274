"""What can go wrong, in one line each: where, what with the value, what is allowed, what to do."""

import difflib
from collections.abc import Iterable


class FlowsheetError(Exception):
    """Anything this program refuses or cannot do; the message is meant for the engineer."""


class InputError(FlowsheetError, ValueError):
    """The description of the plant is wrong: a unit, a name, a number or a file."""


class PlacedError(InputError):
    """An input error whose message already says in which file and field it happened."""


class SolveError(FlowsheetError):
    """The plant is described correctly but no steady state was found, or it does not close."""


def closest(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` for the closest known name, or nothing."""
    close = difflib.get_close_matches(str(name), sorted(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` for the closest known name, else what is known."""
    candidates = sorted(known)
    if hint := closest(name, candidates):
        return hint
    if not candidates:
        return ""
    shown = ", ".join(candidates[:12]) + (", ..." if len(candidates) > 12 else "")
    return f"; known here: {shown}"
