"""The worker's side: takes a function and what it is to read, and gives back what it returned.

Started by `crawler.workers.pool` with an empty environment. Every message is a pickle: the worker trusts its parent,
the parent takes nothing but records from it.
"""

from __future__ import annotations

import pickle
import resource
import signal
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from crawler.workers import sandbox
from crawler.workers.limits import Limits
from portal_archive.model.kinds import ProblemKind

READY = b"ready"
# A worker that once held so much memory is replaced: what an allocator has got, it seldom gives back.
_REPLACE_AT_KB = 400 * 1024


def main(descriptor: int) -> None:
    """Answer on an inherited socket until its other end is closed."""
    # A terminal and systemd send these to every process of a service; the parent decides when a worker ends.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sandbox.die_with_parent()
    with suppress(OSError):
        # Where memory runs out, a reader goes before the crawl.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    pipe: Connection[Any, Any] = Connection(descriptor)
    limits, readable = pipe.recv()
    import crawler.response_reader  # noqa: F401  # what nearly every page needs, before files are out of reach

    _serve(pipe, limits, readable)


def _serve(pipe: Connection[Any, Any], limits: Limits, readable: tuple[Path, ...]) -> None:
    sandbox.enter(limits, readable)
    pipe.send_bytes(READY)
    while True:
        try:
            work, arguments = pipe.recv()
        except EOFError:
            return
        except MemoryError:
            pipe.send_bytes(pickle.dumps((ProblemKind.READER_TOO_LARGE, None, True)))
            return
        sandbox.allow_cpu(limits.cpu_seconds)
        try:
            answer = pickle.dumps((None, work(*arguments), _is_worn_out()), pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            answer = pickle.dumps((ProblemKind.READER_TOO_LARGE, None, True))
        except Exception:  # of `work`, which answers for what a page may do; this is a mistake of ours
            answer = pickle.dumps((traceback.format_exc(limit=-8)[-4000:], None, _is_worn_out()))
        pipe.send_bytes(answer)
        del work, arguments, answer


def _is_worn_out() -> bool:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > _REPLACE_AT_KB


if __name__ == "__main__":
    main(int(sys.argv[1]))
