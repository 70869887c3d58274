"""BioSTEAM's own environment, and the process in it that solves the problems."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SINGLE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "NUMBA", "VECLIB")
}
"""Set for every process that is timed: threads help none of the problems and blur the figures."""
NEWEST = ("biosteam==2.52.17", "thermosteam==0.52.16")
"""Needs the grammar of Python 3.12."""
NEWEST_ON_3_11 = ("biosteam==2.52.14", "thermosteam==0.52.11")


def default_folder() -> Path:
    """Where the environment is made and looked for."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "flowsheet-benchmarks" / "biosteam"


def python_in(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_environment(folder: Path, base: str = sys.executable) -> Path:
    """Make the environment with the newest BioSTEAM that runs on ``base``; return its Python."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "pyvenv.cfg").exists():
        raise SystemExit(f"compare: {folder} holds something else; name a new folder")
    subprocess.run([base, "-m", "venv", str(folder)], check=True)
    python = python_in(folder)
    ask = "import sys; sys.exit(sys.version_info < (3, 12))"
    old = subprocess.run([str(python), "-c", ask], check=False).returncode
    pins = NEWEST_ON_3_11 if old else NEWEST
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *pins], check=True)
    # The first import compiles for half a minute more than the ones that are timed.
    subprocess.run([str(python), "-c", "import biosteam"], check=True, stdout=subprocess.DEVNULL)
    return python


class BioSteam:
    """A running process that solves problems with BioSTEAM."""

    def __init__(self, python: Path) -> None:
        script = Path(__file__).with_name("peer_biosteam.py")
        self._process = subprocess.Popen(
            [str(python), str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | SINGLE_THREAD,
            text=True,
        )
        greeting = self._read()
        self.version: str = greeting["version"]
        self.settings: list[str] = greeting["settings"]

    def ask(self, do: str, **figures: Any) -> dict[str, Any]:
        """Send a request and return the answer; see ``peer_biosteam``."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **figures}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(
                "BioSTEAM's process ended without an answer; see that its Python can "
                "`import biosteam`, or make the environment anew with --make-environment"
            )
        answer: dict[str, Any] = json.loads(line)
        return answer
