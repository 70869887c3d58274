"""``flowsheet new`` on the command line; what it writes is in tests/test_new_case.py."""

import pytest

from tests.command_line import failed, succeeded


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_step_that_follows_is_named(flowsheet):
    first, *steps = succeeded(flowsheet("new", "mine", "--like", "costerfield")).splitlines()
    assert first == "wrote mine.toml; what to do next:"
    commands = [step.split()[1] for step in steps]
    assert commands == ["check", "run", "sources", "size", "uncertainty"]
    assert "mine: " in succeeded(flowsheet("check", "mine.toml"))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["new"], "Missing argument 'NAME'."),
        (["new", "costerfield"], "new: 'costerfield' is the name of a built-in route; choose anot"),
        (["new", "my-mine"], "new: a case is named with letters, digits and _, got 'my-mine'; "),
        (
            ["new", "mine", "--like", "costafield"],
            "new: there is no built-in route 'costafield'; did you mean 'costerfield'?",
        ),
    ],
)
def test_what_cannot_be_begun_is_one_line_and_no_file(flowsheet, folder, arguments, line):
    assert failed(flowsheet(*arguments), status=2).startswith(line)
    assert list(folder.iterdir()) == []


def test_what_is_there_is_kept(flowsheet, folder):
    (folder / "mine.toml").write_text("mine", encoding="utf-8")
    told = failed(flowsheet("new", "mine"), status=2)
    assert told == "mine.toml: is there already; choose another name"
    assert (folder / "mine.toml").read_text(encoding="utf-8") == "mine"
