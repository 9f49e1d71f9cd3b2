"""Where stage functions run: in this process or in workers; each way is a `map` with ordered results.

One item can cost only itself. An error becomes a `Failure`; so does running out of time or memory,
and so does the death of the worker that held the item. A worker loads its tools (engines, packs) once.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Protocol, TypeVar

from detente.errors import DetenteError, EngineError, StageError
from detente.records import Failure, FailureId, make_id
from detente.settings import Settings

T = TypeVar("T")
R = TypeVar("R")

_MOST_JOBS = 4
_WINDOW = 16  # items per worker whose results may wait for an earlier one
_PREPARE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Task(Generic[T, R]):
    """What a stage does to each item: `work(item, *tools)`.

    `tools` make what the work needs beside the item (packs, engines); each is called once per worker.
    For workers, all must be importable by name (functools.partial of such a function will do).
    """

    stage: str
    work: Callable[..., R]
    tools: tuple[Callable[[], Any], ...]
    subject: Callable[[T], str]

    def load(self) -> tuple[Any, ...]:
        """Make the tools."""
        return tuple(make() for make in self.tools)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """How much time and memory one item may take."""

    seconds: float
    memory_mb: int


class Runtime(Protocol):
    """A way to run a stage over many items."""

    def map(self, task: "Task[T, R]", items: Iterable[T]) -> Iterator[R | Failure]:
        """Give each item's result or failure, in the order of the items."""
        ...


def choose_runtime(settings: Settings, size: int) -> Runtime:
    """Give the runtime for so many items: workers unless one job is asked for.

    Small jobs get fewer workers, since loading the tools costs more than it saves; they still get
    one, because an item may kill the process that handles it.
    """
    guards = Guards(seconds=settings.item_seconds, memory_mb=settings.item_memory_mb)
    if settings.jobs == 1:
        return Serial(guards)
    jobs = settings.jobs or min(len(os.sched_getaffinity(0)), _MOST_JOBS)
    return Processes(max(1, min(jobs, size // 4)), guards)


def failure_of(stage: str, subject: str, error: Exception) -> Failure:
    """Give the record of an error that a run survives."""
    name, message = type(error).__name__, str(error)
    if isinstance(error, StageError):
        subject, message = error.subject, error.message
    elif isinstance(error, MemoryError):
        message = "it needs more memory than item_memory_mb allows; split it or raise the setting"
    elif isinstance(error, TimeoutError):
        message = message or "it took longer than item_seconds allows; split it or raise the setting"
    return _failure(stage, subject, name, message or name)


def _failure(stage: str, subject: str, name: str, message: str) -> Failure:
    id = FailureId(make_id("failure", stage, subject, name, message))
    return Failure(id=id, stage=stage, subject=subject, error=name, message=message, at=datetime.now(UTC))


def _attempt(task: Task[T, R], tools: tuple[Any, ...], item: T, memory_mb: int) -> R | Failure:
    """The worker rim: whatever goes wrong with one item becomes a failure of that item.

    Only an error that is no item's fault (a model or a pack that cannot be used) goes through.
    """
    try:
        with _memory_limit(memory_mb):
            return task.work(item, *tools)
    except Exception as error:
        if isinstance(error, DetenteError) and not isinstance(error, StageError):
            raise
        return failure_of(task.stage, task.subject(item), error)


@contextmanager
def _memory_limit(memory_mb: int) -> Iterator[None]:
    """Let this process's data grow by so many MiB and no more; past it, allocation raises MemoryError."""
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _data_bytes() + memory_mb * 2**20
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_bytes() -> int:
    """Give the size of this process's data segment, heap and private maps, as the kernel counts it."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the main thread when the time is over; elsewhere there is no limit."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def over(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True, slots=True)
class Serial:
    """Runs all in this process: for tests, for debugging, and where processes cannot be had."""

    guards: Guards

    def map(self, task: "Task[T, R]", items: Iterable[T]) -> Iterator[R | Failure]:
        """Give each item's result or failure, in the order of the items."""
        tools: tuple[Any, ...] | None = None
        for item in items:
            tools = task.load() if tools is None else tools
            yield self._one(task, tools, item)

    def _one(self, task: Task[T, Any], tools: tuple[Any, ...], item: T) -> Any:
        try:
            with _time_limit(self.guards.seconds):
                return _attempt(task, tools, item, self.guards.memory_mb)
        except TimeoutError as error:
            return failure_of(task.stage, task.subject(item), error)


@dataclass(slots=True, eq=False)
class _Worker(Generic[T]):
    """A worker process as this process sees it: its pipe, and the item it holds.

    It is sent one item at a time, when it is known to listen: two that both write at once to a full
    pipe would wait for each other for ever.
    """

    process: BaseProcess
    pipe: Connection
    deadline: float
    item: tuple[int, T] | None = None
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Processes:
    """Runs items in worker processes; one that dies or overruns is replaced and costs its item only."""

    jobs: int
    guards: Guards

    def map(self, task: "Task[T, R]", items: Iterable[T]) -> Iterator[R | Failure]:
        """Give each item's result or failure, in the order of the items."""
        pool = _Pool(self, task, items)
        try:
            yield from pool.results()
        finally:
            pool.stop()


class _Pool(Generic[T, R]):
    """The workers of one map, and the bookkeeping of who holds what."""

    def __init__(self, runtime: Processes, task: Task[T, R], items: Iterable[T]) -> None:
        # forkserver: a worker starts from a clean process, without this one's threads and locks.
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        self._runtime, self._task = runtime, task
        self._items = iter(items)
        self._done: dict[int, R | Failure] = {}
        self._next = 0  # number of the item whose result is given next
        self._taken = 0
        self._workers: list[_Worker[T]] = []

    def results(self) -> Iterator[R | Failure]:
        """Give the results in order, keeping all workers busy."""
        while True:
            self._hand_out()
            if self._next in self._done:
                self._next += 1
                yield self._done.pop(self._next - 1)
            elif any(worker.item for worker in self._workers):
                self._listen()
            else:
                return

    def stop(self) -> None:
        """End all workers now; nothing is lost, for they keep nothing."""
        for worker in self._workers:
            worker.process.kill()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def _take(self) -> tuple[int, T] | None:
        """Give the next item with its number, unless too many results wait for an earlier one."""
        if self._taken - self._next >= _WINDOW * self._runtime.jobs:
            return None
        for item in islice(self._items, 1):
            self._taken += 1
            return self._taken - 1, item
        return None

    def _hand_out(self) -> None:
        """Give every idle worker an item, and start one more while there are items for it."""
        idle = [worker for worker in self._workers if worker.ready and worker.item is None]
        while idle or len(self._workers) < self._runtime.jobs:
            taken = self._take()
            if taken is None:
                return
            if idle:
                self._send(idle.pop(0), taken)
            else:
                self._workers.append(self._start(taken))

    def _start(self, first: tuple[int, T]) -> _Worker[T]:
        ours, theirs = self._context.Pipe()
        arguments = (theirs, self._task, self._runtime.guards.memory_mb)
        process = self._context.Process(target=_serve, args=arguments, daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, time.monotonic() + _PREPARE_SECONDS, first)

    def _send(self, worker: _Worker[T], taken: tuple[int, T]) -> None:
        worker.item = taken
        worker.deadline = time.monotonic() + self._runtime.guards.seconds
        with suppress(BrokenPipeError, ConnectionResetError):  # if it has died, _hear finds out
            worker.pipe.send(taken[1])

    def _listen(self) -> None:
        """Wait for an answer, a death or the end of an item's time, whichever is first."""
        busy = [worker for worker in self._workers if worker.item]
        left = min(worker.deadline for worker in busy) - time.monotonic()
        heard = wait([worker.pipe for worker in busy], timeout=max(0.0, left))
        for worker in busy:
            if worker.pipe in heard:
                self._hear(worker)
            elif time.monotonic() >= worker.deadline:
                limit = (
                    f"it took longer than {self._runtime.guards.seconds:g} s; split it or raise item_seconds"
                )
                self._lose(worker, "TimeoutError", limit)

    def _hear(self, worker: _Worker[T]) -> None:
        try:
            kind, value = worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            worker.process.join(5)
            how = f"exit code {worker.process.exitcode}"
            message = f"its worker process died ({how}): the item is broken or needs too much memory"
            self._lose(worker, "WorkerDied", message)
            return
        if kind == "broken":
            raise value
        assert worker.item is not None
        if kind == "ready":
            worker.ready = True
            self._send(worker, worker.item)
        else:
            self._done[worker.item[0]] = value
            worker.item = None

    def _lose(self, worker: _Worker[T], name: str, message: str) -> None:
        """Blame the item that a lost worker was at; a new worker is started when there is work for it."""
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        if not worker.ready:
            raise EngineError(f"a worker of stage {self._task.stage} could not load its tools: {message}")
        assert worker.item is not None
        number, item = worker.item
        self._done[number] = _failure(self._task.stage, self._task.subject(item), name, message)


def silence_libraries() -> None:
    """Keep what libraries log out of the terminal: whatever matters is told as a failure."""
    logging.basicConfig(handlers=[logging.NullHandler()])


def _serve(pipe: Connection, task: Task[Any, Any], memory_mb: int) -> None:
    """A worker's life: load the tools, then answer item after item until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run's own process decides when to stop
    threading.Thread(target=_end_with_run, daemon=True).start()
    silence_libraries()
    try:
        tools = task.load()
        pipe.send(("ready", None))
        while True:
            item = pipe.recv()
            pipe.send(("result", _attempt(task, tools, item, memory_mb)))
    except DetenteError as error:
        pipe.send(("broken", error))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the run has ended, or was killed


def _end_with_run() -> None:
    """End this worker as soon as the run's process has ended, in the middle of an item too."""
    run = multiprocessing.parent_process()
    if run is not None:
        wait([run.sentinel])
        os._exit(1)
