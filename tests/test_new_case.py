"""``flowsheet new`` writes a case that solves as it stands, and touches nothing that is there."""

import re

import pytest

from flowsheet import InputError
from flowsheet.load import load_route, route_names
from flowsheet.new_case import new_case


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


def test_the_template_solves_and_states_where_its_numbers_are_from(folder):
    path = new_case("my_deposit")
    assert path.name == "my_deposit.toml"
    route = load_route(str(path))
    assert route.data.header.title == "My deposit: ore to antimony metal"
    assert route.unsourced == []
    result = route.solve()
    assert result.solution["antimony_metal"].element("Sb", "t/yr").magnitude == pytest.approx(
        1000.0
    )
    assert result.metrics.reserve_life_yr == pytest.approx(
        25_000.0 / result.solution["ore"].element("Sb", "t/yr").magnitude
    )


def test_the_template_says_of_its_own_numbers_that_they_are_placeholders():
    route = load_route(str(new_case("my_deposit")))
    own = [number for number in route.data.numbers if number.file == "my_deposit.toml"]
    physical = [number for number in own if route.is_physical(number)]
    assert len(physical) > 10
    for number in physical:
        assert number.basis == "assumed", number.path
        assert number.source.startswith(("placeholder", "starting value")), number.path


@pytest.mark.parametrize("name", route_names())
def test_a_case_like_a_route_gives_what_that_route_gives(name):
    route = load_route(str(new_case("mine", like=name)))
    expected = load_route(name).solve().metrics
    found = route.solve().metrics
    assert route.data.header.plant == name
    assert found.product_t_yr == pytest.approx(expected.product_t_yr, rel=1e-9)
    assert found.antimony_to_refinery_t_yr == pytest.approx(
        expected.antimony_to_refinery_t_yr, rel=1e-9
    )
    assert found.capacity_missing_t_yr == pytest.approx(expected.capacity_missing_t_yr, rel=1e-9)


def test_a_line_that_is_uncommented_counts(folder):
    path = new_case("mine", like="costerfield")
    text = path.read_text(encoding="utf-8")
    changed = re.sub(
        r'^# recovery = \{ value = "91.5 %"', 'recovery = { value = "90 %"', text, flags=re.M
    )
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    solution = load_route("mine.toml").solve().solution
    lost = solution["tailings"].element("Sb") / solution["ore"].element("Sb")
    assert lost.magnitude == pytest.approx(0.1)


def test_the_reserve_of_another_mine_is_a_comment(folder):
    path = new_case("mine", like="costerfield")
    assert "# [deposit]" in path.read_text(encoding="utf-8")
    assert load_route("mine.toml").data.header.deposit is None


def test_a_folder_may_stand_before_the_name(folder):
    (folder / "cases").mkdir()
    assert new_case("cases/mine").exists()
    assert new_case("cases/other.toml").name == "other.toml"


@pytest.mark.parametrize(
    ("name", "like", "complaint"),
    [
        ("", None, r"a case needs a name; write e\.g\. my_deposit$"),
        ("5_mines", None, r"a case is named with letters, digits and _, got '5_mines'"),
        ("my-mine", None, r"a case is named with letters, digits and _, got 'my-mine'"),
        ("costerfield", None, r"'costerfield' is the name of a built-in route; choose another"),
        ("mine", "costafield", r"there is no built-in route 'costafield'; did you mean 'costerf"),
    ],
)
def test_names_that_cannot_be(folder, name, like, complaint):
    with refused(rf"^new: {complaint}"):
        new_case(name, like)
    assert list(folder.iterdir()) == []


def test_what_is_there_is_not_touched(folder):
    (folder / "mine.toml").write_text("mine", encoding="utf-8")
    with refused(r"^mine\.toml: is there already; choose another name$"):
        new_case("mine")
    assert (folder / "mine.toml").read_text(encoding="utf-8") == "mine"
    (folder / "yours.py").touch()
    with refused(r"^yours\.toml: yours\.py stands beside it and would be taken for its flowsheet"):
        new_case("yours")
    with refused(r"^nowhere/mine\.toml: there is no folder 'nowhere'; make it first$"):
        new_case("nowhere/mine")


def test_the_command_says_what_to_do_next(flowsheet, folder):
    outcome = flowsheet("new", "mine")
    assert outcome.out.startswith("wrote mine.toml; what to do next:\n")
    assert "flowsheet check mine.toml" in outcome.out
    assert flowsheet("check", "mine.toml").out.startswith("mine: 13 units")
