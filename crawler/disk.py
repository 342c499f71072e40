"""When the disk will be full, at the rate at which the archive grew lately."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_LATELY = timedelta(days=30)
# An archive younger than this has no rate to forecast from.
_SHORTEST = timedelta(days=1)
# Below this a message is sent: time to order a disk, or to move.
_SHORT_DAYS = 14
_GB = 1e9


@dataclass(frozen=True, slots=True)
class Forecast:
    """`free` bytes, used up in `days` days at the rate of the last `over` days; None: no rate is known."""

    free: int
    days: int | None
    over: int

    @property
    def is_short(self) -> bool:
        """Whether somebody should make room now."""
        return self.days is not None and self.days < _SHORT_DAYS

    @property
    def values(self) -> dict[str, object]:
        """The values of a message about it."""
        return {"free": f"{self.free / _GB:.1f}", "days": self.days, "over": self.over}


def forecast(archive: Path, captures: Path, now: datetime) -> Forecast | None:
    """Return when the disk with the captures will be full; None where there is no archive or no folder of captures.

    The captures, one file a portal and day, give the rate; the archive is taken to grow in proportion.
    """
    if not archive.is_file() or not captures.is_dir():
        return None
    sizes = [(found.st_mtime, found.st_size) for path in captures.glob("*/*") if (found := path.stat())]
    free = shutil.disk_usage(captures).free
    oldest = min((at for at, _ in sizes), default=now.timestamp())
    over = min(_LATELY, now - datetime.fromtimestamp(oldest, UTC))
    total = sum(size for _, size in sizes)
    if over < _SHORTEST or not total:
        return Forecast(free, None, over.days)
    since = (now - over).timestamp()
    lately = sum(size for at, size in sizes if at >= since)
    a_day = lately * (1 + archive.stat().st_size / total) / (over / timedelta(days=1))
    return Forecast(free, int(free / a_day) if a_day else None, over.days)
