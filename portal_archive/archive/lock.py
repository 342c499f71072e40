"""One writer at a time: a lock on a file beside the archive, which the kernel frees even at ``kill -9``."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

from portal_archive.archive.moments import from_text, to_text
from portal_archive.model.errors import ArchiveBusyError, ArchiveError

# Whoever writes for a moment only is waited for.
PATIENCE = timedelta(seconds=20)
_LOOK_SECONDS = 0.05


class WriterLock:
    """The right to write to one archive. Readers need none and are never hindered."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.path = archive.with_name(archive.name + ".lock")
        self._descriptor: int | None = None

    def acquire(self, who: str, at_most: timedelta | None = None) -> None:
        """Take the lock for `who` (such as "crawl laichau"), who says how long for; taking it again changes the note.

        Raises ArchiveBusyError, which names the holder, when another process or connection has it for longer, and
        ArchiveError when the file beside the archive cannot be written.
        """
        descriptor = self._descriptor
        if descriptor is None:
            try:
                # Held until release(): closing the file would give the lock away.
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            except OSError as error:
                raise ArchiveError(f"{self.path}: cannot be written: {error.strerror}") from error
            try:
                self._take(descriptor)
            except OSError as error:
                os.close(descriptor)
                raise ArchiveBusyError(
                    f"{self.archive} is being written to by {self.holder()}", self._until()
                ) from error
            self._descriptor = descriptor
        now = datetime.now(UTC)
        note = {
            "who": who,
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": to_text(now),
            "until": to_text(now + at_most) if at_most is not None else None,
            "command": " ".join(sys.argv),
        }
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(note, ensure_ascii=False).encode(), 0)
        except OSError as error:
            self.release()
            raise ArchiveError(f"{self.path}: cannot be written: {error.strerror}") from error

    def _take(self, descriptor: int) -> None:
        """Take the lock, waiting for a holder that has said to be done within `PATIENCE`. Raises OSError."""
        patience = monotonic() + PATIENCE.total_seconds()
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                until = self._until()
                if until is None or until > datetime.now(UTC) + PATIENCE or monotonic() > patience:
                    raise
                sleep(_LOOK_SECONDS)
            else:
                return

    def is_held(self) -> bool:
        """Return whether a process, other than this object, is writing to the archive."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def holder(self) -> str:
        """Return in words who holds, or last held, the lock."""
        try:
            note = json.loads(self.path.read_text())
            process = f"process {note['pid']} on {note['host']} since {note['since']}"
            return f"{note['who']} ({process}: {note['command']})"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"

    def _until(self) -> datetime | None:
        try:
            return from_text(json.loads(self.path.read_text())["until"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def release(self) -> None:
        """Give the lock back; without effect when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
