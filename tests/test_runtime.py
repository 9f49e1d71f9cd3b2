"""Both ways of running a stage: ordered, and no item can harm another."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from detente.errors import EngineError, ReadError
from detente.records import Failure
from detente.runtime import Guards, Processes, Runtime, Serial, Task, choose_runtime
from detente.settings import load_settings

GUARDS = Guards(seconds=5.0, memory_mb=300)


@pytest.fixture(params=["serial", "processes"])
def runtime(request: pytest.FixtureRequest) -> Runtime:
    return Serial(GUARDS) if request.param == "serial" else Processes(2, GUARDS)


def no_tools() -> str:
    return "tools"


def broken_tools() -> str:
    raise EngineError("the weights are missing")


def dying_tools() -> str:
    os._exit(3)


def counted_tools(folder: str) -> str:
    Path(folder, f"{os.getpid()}-{time.monotonic_ns()}").touch()
    return "tools"


def work(item: object, tools: str) -> object:
    assert tools == "tools"
    match item:
        case "stage error":
            raise ReadError("page-1", "no text; give another file")
        case "no engine":
            raise EngineError("the weights are missing")
        case "error":
            raise ValueError("bad value")
        case "deep":
            return work_deep(0)
        case "memory":
            return len(bytearray(2**30))
        case "sleep":
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "crash":
            ctypes.string_at(0)
        case "big":
            return b"x" * 3_000_000
        case float():
            time.sleep(item)
    return item


def work_deep(depth: int) -> int:
    return work_deep(depth + 1) + 1


def task(prepare: object = no_tools) -> Task[object, object]:
    return Task("read", work, (prepare,), str)  # type: ignore[arg-type]


def test_results_come_in_the_order_of_the_items(runtime: Runtime) -> None:
    items = [0.2, 1, 2, 0.1, *range(100)]
    assert list(runtime.map(task(), items)) == items


def test_no_items_need_no_tools(runtime: Runtime) -> None:
    assert list(runtime.map(task(broken_tools), [])) == []


@pytest.mark.parametrize(
    ("item", "error", "subject"),
    [
        ("stage error", "ReadError", "page-1"),
        ("error", "ValueError", "error"),
        ("deep", "RecursionError", "deep"),
        ("memory", "MemoryError", "memory"),
    ],
)
def test_an_error_is_a_failure_of_its_item_alone(
    runtime: Runtime, item: str, error: str, subject: str
) -> None:
    before, failure, after = runtime.map(task(), ["a", item, "b"])
    assert (before, after) == ("a", "b")
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.error, failure.subject) == ("read", error, subject)
    assert failure.message


def test_an_error_that_is_no_items_fault_ends_the_run(runtime: Runtime) -> None:
    with pytest.raises(EngineError, match="weights are missing"):
        list(runtime.map(task(), ["a", "no engine", "b"]))


@pytest.mark.parametrize(("item", "error"), [("die", "WorkerDied"), ("crash", "WorkerDied")])
def test_a_dead_worker_costs_only_its_item(item: str, error: str) -> None:
    results = list(Processes(2, GUARDS).map(task(), ["a", item, "b", item, "c", "d"]))
    assert [r.error if isinstance(r, Failure) else r for r in results] == ["a", error, "b", error, "c", "d"]


@pytest.mark.parametrize("runtime", ["serial", "processes"], indirect=True)
def test_an_item_that_takes_too_long_is_stopped(runtime: Runtime) -> None:
    short = type(runtime)(**{**_fields(runtime), "guards": Guards(seconds=0.5, memory_mb=300)})
    start = time.monotonic()
    results = list(short.map(task(), ["a", "sleep", "b"]))
    assert [r.error if isinstance(r, Failure) else r for r in results] == ["a", "TimeoutError", "b"]
    assert time.monotonic() - start < 30


def _fields(runtime: Runtime) -> dict[str, object]:
    return {"jobs": 2} if isinstance(runtime, Processes) else {}


def test_large_items_and_results_do_not_block_each_other() -> None:
    items = ["big", b"y" * 3_000_000] * 6
    results = list(Processes(2, GUARDS).map(task(), items))
    assert [len(r) for r in results] == [3_000_000] * 12  # type: ignore[arg-type]


def test_tools_are_loaded_once_per_worker(tmp_path: Path) -> None:
    prepare = partial(counted_tools, str(tmp_path))
    assert list(Processes(2, GUARDS).map(task(prepare), range(50))) == list(range(50))
    assert 1 <= len(list(tmp_path.iterdir())) <= 2


@pytest.mark.parametrize(
    ("prepare", "word"), [(broken_tools, "weights are missing"), (dying_tools, "could not load")]
)
def test_tools_that_cannot_be_loaded_end_the_run(prepare: object, word: str) -> None:
    with pytest.raises(EngineError, match=word):
        list(Processes(2, GUARDS).map(task(prepare), [1, 2, 3]))


def test_items_are_not_taken_far_ahead() -> None:
    taken = []

    def items() -> "list[object]":
        for number in range(1000):
            taken.append(number)
            yield number

    results = Processes(2, GUARDS).map(task(), items())
    assert next(results) == 0
    assert len(taken) < 100
    results.close()  # type: ignore[attr-defined]


def test_leaving_a_map_early_leaves_no_process() -> None:
    results = Processes(2, GUARDS).map(task(), [1, *["sleep"] * 5])
    assert next(results) == 1
    start = time.monotonic()
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - start < 5


_INTERRUPTED = """
from tests.test_runtime import GUARDS, Processes, task
if __name__ == "__main__":
    for result in Processes(2, GUARDS).map(task(), ["a", "sleep", "sleep"]):
        print(result, flush=True)
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_its_run(tmp_path: Path, sent: signal.Signals) -> None:
    script = tmp_path / "interrupted.py"
    script.write_text(_INTERRUPTED)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen(
        [sys.executable, script], env=environment, stdout=subprocess.PIPE, start_new_session=True, text=True
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "a\n"
    run.send_signal(sent)
    run.wait(20)
    assert _gone(run.pid, 15)


def _gone(group: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.2)
    return False


def test_the_number_of_workers_follows_the_size_of_the_job() -> None:
    assert isinstance(choose_runtime(load_settings({}, jobs=1), 1000), Serial)
    many = choose_runtime(load_settings({}, jobs=3), 1000)
    assert isinstance(many, Processes)
    assert many.jobs == 3
    few = choose_runtime(load_settings({}, jobs=3), 2)
    assert isinstance(few, Processes)
    assert few.jobs == 1
