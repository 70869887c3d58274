import csv
import io
import json
import math

import pytest

from flowsheet.tables import Column, as_csv, as_json, as_markdown, number, print_table

COLUMNS = (
    Column("name", "name", text=True),
    Column("flow", "flow t/yr"),
    Column("grade", "grade %", percent=True),
)
ROWS = [
    {"name": "ore", "flow": 1234567.8, "grade": 0.42},
    {"name": "metal | cast", "flow": 0.0123456, "grade": 99.99979},
    {"name": "nothing", "flow": None, "grade": 0.0},
]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        ("solved", "solved"),
        (0.0, "0"),
        (1234567.8, "1,234,568"),
        (-250.0, "-250"),
        (99.96, "100"),
        (12.345, "12.3"),
        (3.5e-16, "3.5e-16"),
    ],
)
def test_numbers_as_an_engineer_writes_them(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(59.2, "59.2"), (99.65, "99.65"), (99.99, "99.990"), (99.99979, "99.99979"), (100.0, "100")],
)
def test_a_purity_keeps_its_nines(value, shown):
    assert number(value, percent=True) == shown


def test_csv_has_full_precision_and_the_keys_as_heading():
    read = list(csv.DictReader(io.StringIO(as_csv(ROWS, COLUMNS))))
    assert [row["name"] for row in read] == ["ore", "metal | cast", "nothing"]
    assert float(read[1]["flow"]) == 0.0123456
    assert read[2]["flow"] == ""


def test_markdown_is_a_table_whose_cells_hold_no_bars_of_their_own():
    lines = as_markdown(ROWS, COLUMNS).splitlines()
    assert lines[0] == "| name | flow t/yr | grade % |"
    assert lines[1] == "|---|---:|---:|"
    assert lines[3] == "| metal \\| cast | 0.0123 | 99.99979 |"


def test_json_refuses_what_is_no_number():
    assert json.loads(as_json({"Sb": 1.5, "what": "Sb2S3·"})) == {"Sb": 1.5, "what": "Sb2S3·"}
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json({"Sb": math.nan})


def test_a_table_in_a_pipe_is_plain_and_never_cut(capsys):
    wide = {"name": "a" * 300, "flow": 1.0, "grade": 2.0}
    print_table([wide], COLUMNS, "Streams of the plant")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "a" * 300 in out
    assert out.splitlines()[0] == "Streams of the plant"


def terminal(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", "40")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")


def test_a_table_with_few_rows_is_turned_on_a_narrow_terminal(monkeypatch, capsys):
    terminal(monkeypatch, 24)
    print_table(ROWS[:1], COLUMNS)
    lines = [line for line in capsys.readouterr().out.splitlines() if "flow" in line]
    assert len(lines) == 1
    assert "1,234,568" in lines[0]


def test_a_table_with_many_rows_is_printed_in_parts_on_a_narrow_terminal(monkeypatch, capsys):
    terminal(monkeypatch, 34)
    print_table(ROWS * 4, COLUMNS, "Flows")
    out = capsys.readouterr().out
    assert "Flows, continued" in out
    assert out.count("ore") == 8


def test_all_but_a_rounding_is_all():
    assert number(100.0 - 1e-12, percent=True) == "100"
    assert number(99.999999, percent=True) == "99.99999900"
