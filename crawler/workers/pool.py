"""A pool of worker processes, each of which reads one response at a time within limits.

Why not `concurrent.futures.ProcessPoolExecutor`: one worker that dies breaks it for good, and none can be ended for
taking too long. Why not pebble, which can: its workers inherit the environment, with its secrets, and their answers
are unpickled as they come, which hands this process to whoever has taken over a worker.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, ParamSpec, Protocol, Self, TypeVar

from crawler.workers.limits import Limits, ReaderStopped
from portal_archive.model.kinds import ProblemKind

_Arguments = ParamSpec("_Arguments")
_Job = TypeVar("_Job")
_Result = TypeVar("_Result")

# Jobs handed out ahead of the one whose result is waited for, a worker: enough to keep the cores busy, and no more
# bodies in memory than that.
AHEAD = 8
_START_SECONDS = 120.0
_LOOK_SECONDS = 0.2
_MAX_ANSWER = 256 * 1024 * 1024
_NEVER = float("inf")
# Of a worker's answer nothing is made but these: no function runs because an answer says so.
_RECORDS = ("portal_archive.model.", "crawler.response_reader")


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


class Readers(Protocol):
    """What reads jobs elsewhere than in this process: on this machine (`ReaderPool`), or on a cluster."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def in_order(
        self, work: Callable[[_Job], _Result], jobs: Iterable[_Job], ahead: int = AHEAD
    ) -> Iterator[tuple[_Job, _Result | ReaderStopped]]:
        """Give each job with its result or why there is none, in the order of the jobs."""
        ...


class _Answer(pickle.Unpickler):
    known: ClassVar[dict[tuple[str, str], Any]] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.known:
            self.known[module, name] = self._record(module, name)
        return self.known[module, name]

    def _record(self, module: str, name: str) -> Any:
        if module.startswith(_RECORDS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no record")


class _Worker:
    """A process, and the pipe to it. Used by one thread; `end` may be called by any."""

    def __init__(self, limits: Limits, readable: tuple[Path, ...]) -> None:
        self._limits = limits
        self._is_too_slow = False
        self.deadline = monotonic() + _START_SECONDS
        ours, theirs = Pipe()
        self._pipe: Connection[Any, Any] = ours
        path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        self._process = subprocess.Popen(  # noqa: S603  # this interpreter, this project
            [sys.executable, "-P", "-m", "crawler.workers.process", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            # Nothing that the crawl was told in confidence is a hostile page's business.
            env={"PYTHONPATH": path, "LANG": "C.UTF-8"},
        )
        theirs.close()
        ours.send((limits, readable))

    def wait_until_ready(self) -> None:
        """Wait until it has started. Raises ReaderStopped when it does not."""
        try:
            self._pipe.recv_bytes()
        except (EOFError, OSError) as error:
            raise self._post_mortem("its reader did not start") from error

    def ask(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, bool]:
        """Return what `work` makes of its arguments, and whether the worker is to be replaced.

        Raises ReaderStopped.
        """
        message = pickle.dumps(
            (work, arguments), pickle.HIGHEST_PROTOCOL
        )  # what cannot be sent is our mistake
        self.deadline = monotonic() + self._limits.seconds
        try:
            self._pipe.send_bytes(message)
            said = self._pipe.recv_bytes(_MAX_ANSWER)
            fault, result, is_worn_out = _Answer(io.BytesIO(said)).load()
        except (EOFError, OSError, pickle.UnpicklingError, TypeError, ValueError) as error:
            raise self._post_mortem("its reader ended") from error
        finally:
            self.deadline = _NEVER
        if fault == ProblemKind.READER_TOO_LARGE:
            self.end()
            raise ReaderStopped(
                ProblemKind.READER_TOO_LARGE, f"not read within {self._limits.memory >> 20} MB of memory"
            )
        if fault is not None:
            raise ReaderStopped(ProblemKind.READER_FAILED, str(fault))
        return result, is_worn_out is True

    def end(self, *, is_too_slow: bool = False) -> None:
        """End the process at once; whoever waits for its answer gets none."""
        self._is_too_slow = self._is_too_slow or is_too_slow
        self._process.kill()

    def close(self) -> None:
        """End the process and let go of it."""
        self.end()
        self._process.wait()
        self._pipe.close()

    def _post_mortem(self, otherwise: str) -> ReaderStopped:
        try:
            code = self._process.wait(1.0)
        except subprocess.TimeoutExpired:  # it lives, and has sent something else than an answer
            code = 0
        self.end()
        if self._is_too_slow or code == -signal.SIGXCPU:
            return ReaderStopped(
                ProblemKind.READER_TOO_SLOW, f"not read within {self._limits.cpu_seconds:g} seconds"
            )
        # Killed when the machine has no memory left, or by a library that ends the process when it gets none.
        if code in (-signal.SIGKILL, -signal.SIGABRT):
            return ReaderStopped(
                ProblemKind.READER_TOO_LARGE, f"not read within {self._limits.memory >> 20} MB of memory"
            )
        return ReaderStopped(ProblemKind.READER_FAILED, f"{otherwise} (code {code})")


class ReaderPool:
    """Runs functions of modules in at most `size` processes, which start as they are needed.

    `readable` are folders whose files the functions may read. What the functions return are records of
    `portal_archive.model`, readings and plain values. A worker that breaks a limit, or dies, is replaced.
    """

    def __init__(
        self, size: int | None = None, limits: Limits | None = None, readable: Iterable[Path] = ()
    ) -> None:
        self.size = size or cores()
        self._limits = limits or Limits()
        self._readable = tuple(Path(place).absolute() for place in readable)
        self._own = threading.local()
        self._workers: set[_Worker] = set()
        self._closed = threading.Event()
        # A thread a worker: it waits, so that nobody else has to.
        self._threads = ThreadPoolExecutor(self.size, "reader")
        self._watch = threading.Thread(target=self._end_the_slow, name="reader-watch", daemon=True)
        self._watch.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self,
        work: Callable[_Arguments, _Result],
        *arguments: _Arguments.args,
        **_: _Arguments.kwargs,
    ) -> Future[_Result]:
        """Hand over work; the future gives what it returns, or raises ReaderStopped."""
        return self._threads.submit(self._run, work, arguments)

    def in_order(
        self, work: Callable[[_Job], _Result], jobs: Iterable[_Job], ahead: int = AHEAD
    ) -> Iterator[tuple[_Job, _Result | ReaderStopped]]:
        """Give each job with its result or why there is none, in the order of the jobs, taken as they are needed.

        `ahead` is how many jobs a worker are taken before the first result is given.
        """
        waiting: deque[tuple[_Job, Future[_Result]]] = deque()
        for job in jobs:
            waiting.append((job, self.submit(work, job)))
            if len(waiting) > self.size * ahead:
                done, future = waiting.popleft()
                yield done, _outcome(future)
        for done, future in waiting:
            yield done, _outcome(future)

    def close(self) -> None:
        """End the workers, whatever they are at; what was handed over and is not read raises CancelledError."""
        self._closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in tuple(self._workers):
            worker.end()
        self._threads.shutdown()
        self._watch.join()
        while self._workers:
            self._workers.pop().close()

    def _run(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        worker: _Worker | None = getattr(self._own, "worker", None)
        try:
            if worker is None:
                worker = self._own.worker = _Worker(self._limits, self._readable)
                self._workers.add(worker)
                if self._closed.is_set():  # it may have been started while the others were ended
                    worker.end()
                worker.wait_until_ready()
            result, is_worn_out = worker.ask(work, arguments)
        except BaseException:
            self._let_go(worker)
            raise
        if is_worn_out:
            self._let_go(worker)
        return result

    def _let_go(self, worker: _Worker | None) -> None:
        self._own.worker = None
        if worker is not None:
            self._workers.discard(worker)
            worker.close()

    def _end_the_slow(self) -> None:
        while not self._closed.wait(_LOOK_SECONDS):
            now = monotonic()
            for worker in tuple(self._workers):
                if now > worker.deadline:
                    worker.end(is_too_slow=True)


def _outcome(future: Future[Any]) -> Any:
    try:
        return future.result()
    except ReaderStopped as stopped:
        return stopped


def batched(items: Iterable[_Job], size: int) -> Iterator[list[_Job]]:
    """Give the items in lists of `size`, the last one shorter."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some
