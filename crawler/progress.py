"""Progress of long work: a live count on a terminal, a line a minute under cron."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

_LINE_SECONDS = 60.0
_COLUMNS = (
    TextColumn("{task.description}"),
    TextColumn("{task.completed:,.0f}{task.fields[of]}"),
    TimeElapsedColumn(),
)

Advance = Callable[[int], None]


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Advance]:
    """Show on stderr how many of `what` are done. The work inside calls the given function with each increment."""
    of = "" if total is None else f" of {total:,}"
    console = Console(stderr=True)
    if console.is_terminal:
        with Progress(*_COLUMNS, console=console) as bar:
            task = bar.add_task(what, total=total, of=of)
            yield lambda more: bar.advance(task, more)
        return
    done, said_at = 0, monotonic()

    def advance(more: int) -> None:
        nonlocal done, said_at
        done += more
        if monotonic() - said_at >= _LINE_SECONDS:
            said_at = monotonic()
            console.print(f"{what}: {done:,}{of}", markup=False, soft_wrap=True)

    yield advance
