"""Ends a process whose event loop stands still, or that is not over when it must be.

Nothing that runs in the loop can do that: not a time limit, nor the handler of a signal.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import sys
from threading import Event, Thread
from time import monotonic
from typing import Self

# The exit code of a process that was ended; sysexits.h calls it EX_SOFTWARE.
HUNG = 70
_SECOND = 1.0


class Watchdog:
    """Watches the loop of the thread it is made in, from `with` on.

    After `patience` seconds without a turn of the loop, or so long after the moment given to `expect_end`, the process
    says where it stands and ends at once with `HUNG`. What is stored is whole: the next start goes on from there.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._deadline = float("inf")
        self._turned = True
        self._over = Event()
        self._thread = Thread(target=self._watch, name="watchdog", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        self._loop = asyncio.get_event_loop()
        self._loop.call_soon(self._turn)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def expect_end(self, seconds: float) -> None:
        """Let the process be over in so many seconds."""
        self._deadline = min(self._deadline, monotonic() + seconds)

    def _turn(self) -> None:
        self._turned = True
        if not self._over.is_set():
            assert self._loop is not None
            self._loop.call_later(_SECOND, self._turn)

    def _watch(self) -> None:
        still = 0.0
        while not self._over.wait(_SECOND):
            # Counted in turns of this thread: a process that was stopped, and goes on, stood still as a whole.
            still = 0.0 if self._turned else still + _SECOND
            self._turned = False
            if still > self._patience + _SECOND:
                self._end(f"its event loop has stood still for {still:.0f} s")
            if monotonic() > self._deadline + self._patience:
                self._end(f"it was to be over {monotonic() - self._deadline:.0f} s ago")

    def _end(self, why: str) -> None:
        print(f"portal-archive: ended by its watchdog: {why}", file=sys.stderr, flush=True)  # noqa: T201
        faulthandler.dump_traceback(file=sys.stderr)
        os._exit(HUNG)
