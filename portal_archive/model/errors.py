"""The errors of this program, as one tree; each message names the file or URL and says what to do."""

from __future__ import annotations

from datetime import datetime


class PortalArchiveError(Exception):
    """Anything that this program itself refuses or cannot do."""


class ArchiveError(PortalArchiveError):
    """The archive or its captures cannot do what was asked."""


class ArchiveBusyError(ArchiveError):
    """Another process is writing to the archive; the message says who.

    `until` is the moment, in UTC, by which it said that it would be done; None where it did not say.
    """

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class WatchError(PortalArchiveError):
    """The file of watches says what cannot be followed; the message names the watch, and what is wrong."""


class BadInputError(PortalArchiveError):
    """A file of somebody else's, or a part of it, cannot be read; it is named, and stops nothing else."""
