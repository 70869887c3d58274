"""What a run of the command line left behind, and what it should have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


def succeeded(outcome):
    assert outcome.err == ""
    assert outcome.status == 0
    return outcome.out


def failed(outcome, status):
    """One line on stderr, nothing on stdout."""
    assert outcome.status == status
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert outcome.err.startswith("flowsheet: ")
    assert outcome.err.endswith("\n")
    assert outcome.err.count("\n") == 1
    return outcome.err.removeprefix("flowsheet: ").rstrip("\n")
