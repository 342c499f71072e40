"""Work spread over the cores, its results in the order of the work."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")

# Jobs handed out ahead of the one whose result is waited for: enough to keep the cores busy, and no more
# bodies in memory than that.
_AHEAD = 8
# Starting the processes takes as long as so many jobs.
_ALONE = 200


def in_order(
    work: Callable[[_Job], _Result], jobs: Iterable[_Job], cores: int | None = None
) -> Iterator[tuple[_Job, _Result]]:
    """Give each job with its result, in the order of the jobs, which are taken as they are needed.

    `cores` None means all; with 1 everything is done in this process, as are the first jobs in any case.
    `work` is a function of a module. What it raises is raised here.
    """
    cores = cores or len(os.sched_getaffinity(0))
    jobs = iter(jobs)
    for job in jobs if cores == 1 else islice(jobs, _ALONE):
        yield job, work(job)
    first = next(jobs, None)
    if first is None:
        return
    # A forked process would share the connection to the archive.
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        waiting: deque[tuple[_Job, Future[_Result]]] = deque()
        for job in chain([first], jobs):
            waiting.append((job, pool.submit(work, job)))
            if len(waiting) >= cores * _AHEAD:
                done, future = waiting.popleft()
                yield done, future.result()
        for done, future in waiting:
            yield done, future.result()


def batched(items: Iterable[_Job], size: int) -> Iterator[list[_Job]]:
    """Give the items in lists of `size`, the last one shorter."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some
