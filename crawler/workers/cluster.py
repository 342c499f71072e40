"""Readers on a cluster: Dask hands out the work, and each of its workers reads within the limits of one machine.

The extra "cluster" (`pip install portal-archive[cluster]`). Nothing is stored by a worker: what dies with one is read
again by another, and only the process that asked writes to the archive.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, TypeVar

from crawler.workers.limits import Limits, ReaderStopped
from crawler.workers.pool import AHEAD, ReaderPool, batched
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import READER_VERSION

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")

_LOCAL = re.compile(r"local:([1-9][0-9]{0,2})")
# So many jobs are one task: a scheduler takes about a millisecond for each, a page ten or more.
_TASK = 20
# So many tasks a worker are handed out ahead of the one whose result is waited for.
_TASKS_AHEAD = 3
_CONNECT_SECONDS = 30


class ClusterReaders:
    """Reads as `ReaderPool` does, on the workers of a cluster; use as a context manager.

    `address` is "local:N" or that of a scheduler, `readable` folders that all workers see under the same path. Raises
    ArchiveError where the address is none, nobody answers there, or Dask is not installed.
    """

    def __init__(self, address: str, limits: Limits, readable: Iterable[Path] = ()) -> None:
        self._limits = limits
        self._readable = tuple(place.absolute() for place in readable if place.is_dir())
        self._opened = ExitStack()
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError as error:
            raise ArchiveError("--cluster needs Dask: pip install 'portal-archive[cluster]'") from error
        local = _LOCAL.fullmatch(address)
        try:
            if local is not None:
                cluster = distributed.LocalCluster(
                    n_workers=int(local[1]),
                    threads_per_worker=1,
                    dashboard_address="127.0.0.1:0",
                    host="127.0.0.1",
                )
                self._opened.callback(cluster.close)
                self.client: Any = distributed.Client(cluster)
            elif address.startswith(("tcp://", "tls://")):
                self.client = distributed.Client(address, timeout=_CONNECT_SECONDS)
            else:
                raise ArchiveError(f"--cluster {address!r} is neither local:N nor tcp://host:port")
        except (OSError, RuntimeError, ValueError) as error:
            self._opened.close()
            raise ArchiveError(f"--cluster {address}: {error}") from error
        self._opened.callback(self.client.close)
        self._lost = (distributed.KilledWorker, distributed.client.FutureCancelledError, OSError)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster, and end it if it was made here."""
        self._opened.close()

    def in_order(
        self, work: Callable[[_Job], _Result], jobs: Iterable[_Job], ahead: int = AHEAD
    ) -> Iterator[tuple[_Job, _Result | ReaderStopped]]:
        """Give each job with its result or why there is none, in the order of the jobs, taken as they are needed.

        `ahead` is taken for 1 where it is 0, and else as it suits the cluster. Raises ArchiveError where the cluster is
        lost, or a worker has another version of this program or does not see the captures.
        """
        size = _TASK if ahead else 1
        waiting: deque[tuple[list[_Job], Any]] = deque()
        for some in batched(jobs, size):
            waiting.append((some, self._submit(work, some)))
            if len(waiting) > _TASKS_AHEAD * max(1, len(self.client.nthreads())):
                yield from self._results(*waiting.popleft())
        while waiting:
            yield from self._results(*waiting.popleft())

    def _submit(self, work: Callable[[_Job], _Result], some: list[_Job]) -> Any:
        arguments = (work, some, self._limits, self._readable, version())
        return self.client.submit(_read_some, *arguments, pure=False)

    def _results(self, some: list[_Job], future: Any) -> Iterator[tuple[_Job, Any]]:
        try:
            results = future.result()
        except self._lost as error:
            if type(error).__name__ != "KilledWorker":
                raise ArchiveError(
                    f"the cluster was lost: {error}; what was stored stays, start again"
                ) from error
            stopped = ReaderStopped(
                ProblemKind.READER_FAILED, "the workers that read it died, one after another"
            )
            results = [stopped] * len(some)
        yield from zip(some, results, strict=True)


def version() -> str:
    """Return what has to be the same on all workers for them to read the same."""
    return f"{importlib.metadata.version('portal-archive')}, reader {READER_VERSION}"


def _read_some(
    work: Callable[[Any], Any], jobs: list[Any], limits: Limits, readable: tuple[Path, ...], expected: str
) -> list[Any]:
    """Read jobs on a worker. Raises ArchiveError where it cannot read what the others do."""
    if version() != expected:
        raise ArchiveError(f"a worker has portal-archive {version()}, and not {expected}")
    for place in readable:
        if not place.is_dir():
            raise ArchiveError(
                f"{place}: a worker does not see it: captures must be where all workers see them"
            )
    return [result for _, result in _pool(limits, readable).in_order(work, jobs)]


@functools.cache
def _pool(limits: Limits, readable: tuple[Path, ...]) -> ReaderPool:
    return ReaderPool(1, limits, readable)
