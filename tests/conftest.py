import os
import sys

import pytest
from hypothesis import settings

from flowsheet.cli import main
from tests.command_line import Outcome

os.environ.setdefault("MPLBACKEND", "Agg")  # pictures are drawn to files

settings.register_profile("flowsheet", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("flowsheet")


@pytest.fixture
def flowsheet(monkeypatch, capsys):
    """Run the program in this process, which is quicker; its exit status is that of SystemExit."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["flowsheet", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Outcome(ended.value.code or 0, printed.out, printed.err)

    return run
