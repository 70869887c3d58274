"""The comparison with other programs runs, and they agree; nothing is timed here."""

import json
import subprocess
import sys

import pytest

from tests.benchmarks import problems
from tests.benchmarks.compare import main
from tests.benchmarks.timing import CHECKOUT

KEYS = {"problem", "n", "ours_s", "peer", "peer_setting", "peer_s", "peer_error", "ratio"}


def compare(*words):
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.compare", "--peers", "numpy", *words],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        check=False,
    )


@pytest.fixture(scope="module")
def rows():
    words = ("--problems", "A,B,C", "--circuits", "10", "--scenarios", "20", "--repeat", "1")
    run = compare(*words, "--format", "json")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_every_problem_has_rows(rows):
    found = {(row["problem"], row["n"]) for row in rows}
    assert found == {("A", 1), ("B", 10), ("C", 20), ("C nonlinear", 20)}


def test_rows_have_the_promised_keys_and_nothing_to_remark(rows):
    # A wrong or failed answer of this program would be a note and a ratio of null.
    for row in rows:
        assert set(row) == KEYS
        assert row["ratio"] == pytest.approx(row["peer_s"] / row["ours_s"])
        assert row["ours_s"] > 0.0


def test_both_are_right(rows):
    for row in rows:
        assert row["peer_error"] < problems.ACCURACY


def test_the_series_loses_nothing():
    for circuits in (1, 10, 200):
        leaving = problems.exact_series(circuits).sum(axis=0)
        assert leaving == pytest.approx(problems.FEED, rel=1e-12)


def test_one_circuit_known_by_hand():
    # Stibnite: inlet 2 / (1 - 0.2 * 0.6 - 0.8 * 0.15) = 2.631579, of which 0.8 * 0.85 leaves.
    assert problems.exact_series(1)[0, 0] == pytest.approx(1.789474, abs=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--problems", "A,D"), "'D' is none of A, B, C, import, memory"),
        (("--circuits", "10,1"), "needs numbers above 1, got '10,1'"),
        (("--scenarios", "many"), "needs a whole number above 0, got 'many'"),
        (("--repeat", "0"), "needs a whole number above 0, got '0'"),
    ],
)
def test_mistakes_are_named(words, message, capsys):
    with pytest.raises(SystemExit):
        main(words)
    assert message in capsys.readouterr().err


def test_an_environment_is_not_made_over_something_else(tmp_path):
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(SystemExit, match=r"holds something else; name a new folder"):
        main(["--make-environment", "--environment", str(tmp_path)])


def test_an_environment_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SystemExit, match="make BioSTEAM's environment with --make-environment"):
        main(["--peers", "biosteam", "--environment", str(tmp_path)])
