"""Many scenarios on the workers of a cluster are what they are in one process."""

import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time

import distributed
import numpy as np
import pytest

from flowsheet import Flowsheet, InputError, SolveError, Vary, product, scenarios
from flowsheet.core.flow import Flow
from flowsheet.scenario import sweep
from tests.solver.test_recycles import press
from tests.solver.test_steady import CLEANER, ROUGHER, SCAVENGER, flotation_circuit, rougher_circuit
from tests.test_audit import Pipe
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

COUNT = 4_000
RANDOM = np.random.default_rng(7)
VARY = {
    "ore.flow": [f"{flow} t/h" for flow in RANDOM.uniform(5.0, 200.0, COUNT)],
    "rougher.cell_volume": [f"{volume} m^3" for volume in RANDOM.uniform(5.0, 80.0, COUNT)],
    "scavenger.cells": [int(cells) for cells in RANDOM.integers(1, 12, COUNT)],
}


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=":0",
    ) as two_processes:
        yield two_processes


@pytest.fixture(scope="module")
def only_client(cluster):
    with distributed.Client(cluster) as client:
        yield client


@pytest.fixture
def client(only_client):
    """Two workers, also after a test that kills one."""
    only_client.wait_for_workers(2, timeout=60)
    return only_client


@pytest.fixture
def idle_client():
    """A client of a cluster without workers."""
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=":0") as nobody,
        distributed.Client(nobody) as client,
    ):
        yield client


def assert_identical(found, expected):
    """Bit for bit: small plants are the same however many threads linear algebra takes."""
    assert found.count == expected.count
    assert found.failed == expected.failed
    assert found.flows.keys() == expected.flows.keys()
    for name, mass in found.flows.items():
        np.testing.assert_array_equal(mass, expected.flows[name], err_msg=name)
    for path, values in expected.varied.items():
        np.testing.assert_array_equal(found.varied[path], values, err_msg=path)


MANY_SPECIES = [
    *("Sb", "As", "Pb", "Au", "Ag", "Sb2S3", "FeS2", "FeAsS", "PbS", "ZnS", "SiO2", "CaCO3"),
    *("CaO", "H2O", "Sb2O3", "As2O3", "Fe2O3"),
]
"""Enough to make chunks small."""


def assert_nothing_left(cluster):
    """No task is waiting, under way or kept, or will not be in a moment."""
    until = time.monotonic() + 5.0
    while cluster.scheduler.tasks and time.monotonic() < until:
        time.sleep(0.01)
    assert not cluster.scheduler.tasks


def pipe_circuit(pipe):
    """A splitter that sends half of what its pipe takes round again."""
    units = {
        "ore": Feed(outlet="ore", flow="10 t/h", composition={"Sb": 1.0}),
        "pipe": pipe(feed=["ore", "back"], product="through"),
        "splitter": Splitter(feed="through", product="back", remainder="out", fraction=0.5),
    }
    return Flowsheet(MANY_SPECIES, units)


def shares(count):
    """Shares sent back, and what then flows through the pipe in t/h."""
    back = np.linspace(0.0, 0.9, count)
    return {"splitter.fraction": back}, 10.0 / (1.0 - back)


def through(found):
    return found.flow("through").of("Sb") * 3.6


def test_the_same_numbers_as_in_one_process(client):
    alone = scenarios(flotation_circuit(), VARY)
    assert alone.solved == COUNT
    assert_identical(scenarios(flotation_circuit(), VARY, client=client), alone)


def test_scenarios_that_fail_come_back_with_their_reasons(client):
    flows = ["40 t/h"] * 300 + ["60 t/h"] + ["30 t/h"] * 300 + ["55 t/h", "10 t/h"]
    alone = scenarios(press("40 t/h"), {"feed.flow": flows})
    found = scenarios(press("40 t/h"), {"feed.flow": flows}, client=client)
    assert set(found.failed) == {300, 601}
    assert found.failed[300].startswith("no steady state: SiO2 builds up at 'press', by 10 t/h")
    assert_identical(found, alone)


def test_a_scenario_refused_before_all_else_shifts_no_other(client):
    vary = {"ore.composition.Sb2S3": [0.05, 0.042, 0.05, 0.042], "ore.flow": VARY["ore.flow"][:4]}
    found = scenarios(flotation_circuit(), vary, client=client)
    assert set(found.failed) == {0, 2}
    assert_identical(found, scenarios(flotation_circuit(), vary))


def test_nothing_is_sent_where_all_are_refused(idle_client):
    vary = {"ore.composition.Sb2S3": [0.05, 0.06]}
    assert set(scenarios(flotation_circuit(), vary, client=idle_client).failed) == {0, 1}


def test_specifications_are_met(client):
    flowsheet = rougher_circuit(ROUGHER, CLEANER, SCAVENGER)
    spec = Vary("ore.flow").until(product("concentrate", "Sb") == "2 t/h")
    vary = {"cleaner.fraction.Sb2S3": np.linspace(0.5, 0.95, 700)}
    found = scenarios(flowsheet, vary, specs=spec, client=client)
    assert found.element_flow("Sb", "concentrate", "t/h") == pytest.approx(2.0, rel=1e-9)
    assert_identical(found, scenarios(flowsheet, vary, specs=spec))


def test_a_sweep_goes_there_too(client):
    grid = {"rougher.cells": [4, 6, 8], "ore.flow": ["50 t/h", "60 t/h"]}
    found = sweep(flotation_circuit(), grid, client=client)
    assert_identical(found, sweep(flotation_circuit(), grid))


@pytest.fixture
def three_threads():
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=3, processes=False, dashboard_address=":0"
        ) as threads,
        distributed.Client(threads) as client,
    ):
        yield client


def test_workers_with_several_threads(three_threads):
    vary = {path: values[:2_000] for path, values in VARY.items()}
    found = scenarios(flotation_circuit(), vary, client=three_threads)
    assert_identical(found, scenarios(flotation_circuit(), vary))


def test_progress_is_told_as_scenarios_are_done(client):
    told = []
    vary, _ = shares(24_000)
    scenarios(pipe_circuit(Pipe), vary, client=client, progress=lambda *done: told.append(done))
    done = [number for number, _ in told]
    assert {whole for _, whole in told} == {24_000}
    assert done == sorted(set(done))
    assert len(done) > 20
    assert done[-1] == 24_000


def test_neither_chunks_nor_results_pile_up(client, cluster):
    held = []
    vary, expected = shares(60_000)
    found = scenarios(
        pipe_circuit(Pipe),
        vary,
        client=client,
        progress=lambda *_: held.append(len(cluster.scheduler.tasks)),
    )
    np.testing.assert_allclose(through(found), expected, rtol=1e-9)
    assert max(held) < 15


BUILT = []


class Counted(Pipe):
    """Counts in every process how often it is read from what was sent."""

    def __setstate__(self, state):
        super().__setstate__(state)
        BUILT.append(os.getpid())


def built():
    return len(BUILT)


def test_each_worker_solves_the_nominal_plant_once(client):
    vary, expected = shares(20_000)
    before = client.run(built)
    found = scenarios(pipe_circuit(Counted), vary, client=client)
    np.testing.assert_allclose(through(found), expected, rtol=1e-9)
    once = client.run(built)
    assert [once[worker] - before[worker] for worker in once] == [1, 1]


class Slow(Pipe):
    """Takes its time."""

    def changed(self, mass, rows):
        time.sleep(0.01)
        return mass


def test_a_worker_that_is_killed_loses_nothing(client):
    vary, expected = shares(6_000)
    processes = sorted(client.run(os.getpid).values())
    told = []

    def kill_one(done, whole):
        if not told:
            os.kill(processes[0], signal.SIGKILL)
        told.append(done)

    found = scenarios(pipe_circuit(Slow), vary, client=client, progress=kill_one)
    assert told[0] < 3_000
    assert told[-1] == 6_000
    assert found.failed == {}
    np.testing.assert_allclose(through(found), expected, rtol=1e-9)
    assert_identical(found, scenarios(pipe_circuit(Pipe), vary))
    client.wait_for_workers(2, timeout=60)
    assert processes[0] not in client.run(os.getpid).values()


def test_an_interruption_cancels_what_is_pending(client, cluster):
    def interrupt(done, whole):
        raise KeyboardInterrupt

    vary, _ = shares(30_000)
    with pytest.raises(KeyboardInterrupt) as kept:
        scenarios(pipe_circuit(Slow), vary, client=client, progress=interrupt)
    # Also while the traceback, and with it all that was at hand, is kept.
    assert kept.tb is not None
    assert_nothing_left(cluster)


MY_UNITS = """
from flowsheet.core.flow import Flow
from tests.test_audit import Pipe


class Mine(Pipe):
    def changed(self, mass, rows):
        return mass
"""


def in_processes(client, line):
    client.run(exec, f"import sys; {line}")


@pytest.fixture
def my_units(tmp_path, monkeypatch, client):
    """A module beside the user's script, which workers cannot import."""
    (tmp_path / "my_units.py").write_text(MY_UNITS, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("my_units")
    sys.modules.pop("my_units", None)
    in_processes(client, f"sys.path = [p for p in sys.path if not p.startswith({str(tmp_path)!r})]")
    in_processes(client, "sys.modules.pop('my_units', None)")


def test_a_unit_that_workers_cannot_import(client, cluster, my_units, tmp_path):
    vary, expected = shares(5_000)
    flowsheet = pipe_circuit(my_units.Mine)
    with pytest.raises(
        InputError,
        match=r"^client: a worker cannot import 'Mine' from 'my_units' \(No module named "
        r"'my_units'\); put its folder on the PYTHONPATH of the workers, or send the file by "
        r"client\.upload_file$",
    ) as kept:
        scenarios(flowsheet, vary, client=client)
    assert kept.tb is not None
    assert_nothing_left(cluster)
    in_processes(client, f"sys.path.append({str(tmp_path)!r})")
    found = scenarios(flowsheet, vary, client=client)
    np.testing.assert_allclose(through(found), expected, rtol=1e-9)


def test_a_file_that_is_sent_to_the_workers(client, my_units, tmp_path):
    client.upload_file(str(tmp_path / "my_units.py"))
    vary, expected = shares(500)
    found = scenarios(pipe_circuit(my_units.Mine), vary, client=client)
    np.testing.assert_allclose(through(found), expected, rtol=1e-9)


def test_a_file_without_the_class(client, my_units, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "my_units.py").write_text("class Yours: pass", "utf-8")
    in_processes(client, f"sys.path.insert(0, {str(tmp_path / 'other')!r})")
    with pytest.raises(InputError, match=r"^client: a worker cannot import 'Mine' from 'my_units'"):
        scenarios(pipe_circuit(my_units.Mine), shares(9)[0], client=client)


class Proportion(Splitter):
    """A splitter that is written otherwise on workers."""

    def run(self, feed, p):
        made = super().run(feed, p)
        if multiprocessing.parent_process() is None:
            return made
        return {"product": made["remainder"], "remainder": made["product"]}


def test_workers_that_calculate_otherwise(client):
    units = {
        "ore": Feed(outlet="ore", flow="10 t/h", composition={"Sb": 1.0}),
        "splitter": Proportion(feed="ore", product="out", remainder="rest", fraction=0.4),
    }
    with pytest.raises(
        InputError,
        match=r"^client: a worker finds other flows for 'out' than this process, so it has another "
        r"version of a unit or of flowsheet; restart the workers with this one$",
    ):
        scenarios(Flowsheet(["Sb"], units), shares(9)[0], client=client)


def in_no_module():
    class Local(Pipe):
        """As one written in a notebook."""

        def run(self, feed, p):
            return {"product": Flow(feed.slate, feed.mass)}

    return Local


def test_a_class_of_the_script_itself_is_sent_along(client):
    vary, expected = shares(500)
    found = scenarios(pipe_circuit(in_no_module()), vary, client=client)
    np.testing.assert_allclose(through(found), expected, rtol=1e-9)


def with_a_lock():
    lock = threading.Lock()

    class Guarded(Pipe):
        """Holds what belongs to one process."""

        def changed(self, mass, rows):
            with lock:
                return mass

    return Guarded


def test_a_unit_that_cannot_be_sent(client):
    with pytest.raises(
        InputError,
        match=r"^client: the flowsheet cannot be sent to workers, TypeError: cannot pickle "
        r"'_thread\.lock' object; keep open files, locks and the like out of its units$",
    ):
        scenarios(pipe_circuit(with_a_lock()), shares(9)[0], client=client)


class Deadly(Pipe):
    """Ends every worker that runs it on more than one scenario, as want of memory would."""

    def changed(self, mass, rows):
        if mass.shape[1] > 1 and multiprocessing.parent_process() is not None:
            os._exit(1)
        return mass


def test_scenarios_that_kill_every_worker(client, cluster, monkeypatch):
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    with pytest.raises(
        SolveError,
        match=r"^client: worker after worker died over the same scenarios, most often for want of "
        r"memory; give them more, or fewer threads each$",
    ):
        scenarios(pipe_circuit(Deadly), shares(9)[0], client=client)


@pytest.mark.parametrize("wrong", ["tcp://127.0.0.1:8786", 2, False])
def test_what_is_no_client(wrong):
    with pytest.raises(
        InputError,
        match=f"^client: needs a dask distributed.Client, got {wrong!r}; make one with "
        r"distributed\.Client\(address\)$",
    ):
        scenarios(flotation_circuit(), {"rougher.cells": [4]}, client=wrong)


def test_without_distributed(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        InputError,
        match=r"^client: needs a dask distributed\.Client, got 'here'; install with "
        r"pip install 'flowsheet\[cluster\]'$",
    ):
        scenarios(flotation_circuit(), {"rougher.cells": [4]}, client="here")


def test_a_client_that_is_closed(cluster):
    with distributed.Client(cluster) as closed:
        pass
    with pytest.raises(InputError, match=r"^client: is closed; make a new one$"):
        scenarios(flotation_circuit(), {"rougher.cells": [4]}, client=closed)


def test_a_client_that_is_closed_before_all_is_done(cluster):
    with distributed.Client(cluster) as other:
        vary, _ = shares(30_000)
        with pytest.raises(
            SolveError, match=r"^client: was closed or lost its scheduler before all was done$"
        ):
            scenarios(pipe_circuit(Slow), vary, client=other, progress=lambda *_: other.close())


def test_a_client_that_must_be_awaited(cluster, client):
    async def attempt():
        async with distributed.Client(cluster, asynchronous=True) as awaited:
            scenarios(flotation_circuit(), {"rougher.cells": [4]}, client=awaited)

    with pytest.raises(InputError, match=r"^client: is asynchronous; make one with asynchronous=F"):
        client.sync(attempt)


def test_nobody_there_to_work(idle_client, monkeypatch):
    monkeypatch.setattr("flowsheet.workers.PATIENCE", 0.2)
    with pytest.raises(
        SolveError,
        match=r"^client: no worker within 0\.2 s at \S+; start some, or call "
        r"client\.wait_for_workers\(1\) first if they take longer$",
    ):
        scenarios(flotation_circuit(), {"rougher.cells": [4]}, client=idle_client)


def test_the_last_worker_goes(three_threads, monkeypatch):
    monkeypatch.setattr("flowsheet.workers.PATIENCE", 0.2)
    told = []

    def end_the_worker(done, whole):
        if not told:
            (worker,) = three_threads.cluster.workers.values()
            three_threads.sync(worker.close)
        told.append(done)

    vary, _ = shares(30_000)
    with pytest.raises(SolveError, match=r"^client: no worker within 0\.2 s at \S+; start some, "):
        scenarios(pipe_circuit(Slow), vary, client=three_threads, progress=end_the_worker)
    assert told[-1] < 30_000
