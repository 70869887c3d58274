"""A bar on the terminal for work that takes longer than a second."""

import sys
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 1.0
"""Seconds of work before a bar is worth showing."""

Report = Callable[[int, int], None]
"""Called with what is done and the whole."""


class Bar:
    """Shows how many scenarios are done; nothing if the work is short or nobody looks on."""

    def __init__(self, total: int, what: str = "scenarios") -> None:
        self.total = total
        self.what = what
        self.began = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, done: int, total: int) -> None:
        """Show what is done."""
        if self._bar is None:
            late = time.monotonic() - self.began > PATIENCE
            if done >= total or not late or not sys.stderr.isatty():
                return
            self._open()
        self._bar.update(self._task, completed=done)
        if done >= total:
            self.close()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        self._bar = Progress(
            self.what,
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task(self.what, total=self.total)
        self._bar.start()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
            self.began = float("inf")
