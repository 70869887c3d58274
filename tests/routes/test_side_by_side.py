"""Routes in processes of their own: the same rows, in order, whatever happens to a process."""

import os
from multiprocessing import active_children

import pytest

from flowsheet import InputError
from flowsheet.core.errors import SolveError
from flowsheet.load import load_route
from flowsheet.routes.compare import compare
from flowsheet.routes.side_by_side import side_by_side, size_of

NAMES = ("oman", "japan_trioxide", "gravity_plant")


@pytest.fixture(scope="module")
def routes():
    return [load_route(name) for name in NAMES]


def nearly(values):
    """A process of one thread may round otherwise than one of several."""
    return {
        name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
        for name, value in values.items()
    }


def named(route, report):
    report(7, 7)
    return f"{route.name} in {os.getpid()}"


def failing(route, report):
    if route.name == "oman":
        raise SolveError("it does not")
    if route.name == "gravity_plant":
        os._exit(3)
    return named(route, report)


def refused(route, report):
    if route.name == "oman":
        raise ValueError("of a kind that nobody expects")
    return named(route, report)


def test_rows_are_those_of_one_process(routes):
    some = routes[:2]
    alone = compare(some, draws=8, seed=2)
    together = compare(some, draws=8, seed=2, processes=2)
    assert [row.route for row in together] == ["oman", "japan_trioxide"]
    for row, other in zip(together, alone, strict=True):
        assert row.to_dict() == nearly(other.to_dict())
        assert row.drawn() == nearly(other.drawn())
        assert row.draws.reasons == other.draws.reasons


def test_processes_are_others_and_none_is_left(routes):
    told = []
    found = side_by_side(dict(enumerate(routes)), named, 2, told.append)
    assert sorted(found) == [0, 1, 2]
    assert [found[place].partition(" in ")[0] for place in range(3)] == list(NAMES)
    assert str(os.getpid()) not in {text.partition(" in ")[2] for text in found.values()}
    assert told[-1] == {0: 7, 1: 7, 2: 7}
    assert active_children() == []


def test_those_that_take_longest_begin_first(routes):
    assert max(routes, key=size_of).name == "gravity_plant"


def test_what_a_process_raises_is_the_reason_of_its_route(routes):
    found = side_by_side(dict(enumerate(routes[:2])), refused, 2, lambda done: None)
    assert found[0] == "ValueError: of a kind that nobody expects"
    assert found[1].startswith("japan_trioxide in ")


def test_a_process_that_dies_costs_rows_but_no_answer(routes):
    found = side_by_side({2: routes[2]}, failing, 1, lambda done: None)
    assert found == {2: "a process ended before it was done, perhaps for memory"}


def test_an_interruption_ends_all_processes(routes):
    def interrupt(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side(dict(enumerate(routes)), named, 2, interrupt)
    assert active_children() == []


def test_a_route_that_cannot_be_sent_is_left_to_the_caller(routes, monkeypatch):
    monkeypatch.setattr("flowsheet.routes.side_by_side.pickle.dumps", lambda route: 1 / 0)
    assert side_by_side(dict(enumerate(routes)), named, 2, lambda done: None) == {}
    rows = compare(routes[1:2] * 2, draws=4, processes=2)
    assert [row.draws.solved for row in rows] == [4, 4]


def test_progress_of_processes_is_that_of_all_routes(routes):
    seen = []
    report = lambda done, total: seen.append((done, total))  # noqa: E731
    compare(routes[:2], draws=8, processes=2, progress=report)
    assert {total for _, total in seen} == {16}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (16, 16)


def test_processes_are_a_whole_number(routes):
    with pytest.raises(InputError, match="processes: needs a whole number, 1 or more, got 0"):
        compare(routes, draws=8, processes=0)
