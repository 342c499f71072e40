"""What one response may cost its reader, and the error that says that it wanted more."""

from __future__ import annotations

from dataclasses import dataclass

from portal_archive.model.kinds import ProblemKind


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one response: seconds of processor and of the clock; of its worker: bytes of address space, open files."""

    cpu_seconds: float = 20.0
    seconds: float = 90.0
    memory: int = 768 * 1024 * 1024
    open_files: int = 32


class ReaderStopped(Exception):  # noqa: N818  # the page failed, not the program
    """A response that was not read: too slow, too large, or its reader failed."""

    def __init__(self, kind: ProblemKind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind

    def __reduce__(self) -> tuple[type[ReaderStopped], tuple[ProblemKind, str]]:
        """Have it arrive whole from another machine."""
        return type(self), (self.kind, str(self))
