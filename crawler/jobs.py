"""Jobs: commands that cron or a timer starts, and the messages about how they ended.

Each sends a heartbeat, and a message when it fails or works again. A job that has not ended for longer than usual is
reported by the next job that does. The record of a job is a file beside the archive, `jobs/NAME.json`, and not a row in
it, so that a damaged archive or a full disk can be reported too.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from crawler.disk import Forecast
from crawler.notify import Beat, Event, heartbeat, notifiers, send_to_all
from portal_archive.archive.replace_file import replacing
from portal_archive.model import messages
from portal_archive.model.page import without_controls

logger = logging.getLogger(__name__)

# Not a job, but kept as the record of one: a disk that is nearly full is reported as a job that failed.
DISK = "disk"
# How many lines of its log a heartbeat takes along.
_TAIL_LINES = 40
# A job is overdue when nothing was heard of it for so many times its usual interval, and for an hour at least.
_TIMES = 3
_AT_LEAST = timedelta(hours=1)
# The usual interval shrinks by this factor a run when a job begins to run more often.
_FORGET = 0.8


class JobState(StrEnum):
    """How a job stands."""

    OK = "ok"  # it ended well
    FAILED = "failed"  # it ended badly, or could not begin
    OVERDUE = "overdue"  # it has not ended for longer than usual: not started, hanging or killed

    @classmethod
    def of(cls, is_well: bool) -> JobState:
        """Return how a job stands that ended well, or did not."""
        return cls.OK if is_well else cls.FAILED


@dataclass(frozen=True, slots=True)
class JobRecord:
    """The last run of a job. Moments are ISO 8601 in UTC; `usual_seconds` lie between one end and the next."""

    name: str
    started_at: str
    ended_at: str
    exit_code: int
    said: str
    state: JobState
    usual_seconds: float = 0
    # Further values of the message; only the disk has any.
    values: dict[str, object] = field(default_factory=dict)
    # Notifiers that took the message about this state; `is_told`: nobody is left to send it to.
    sent_by: list[str] = field(default_factory=list)
    is_told: bool = True

    def is_overdue(self, now: datetime) -> bool:
        """Return whether it should have ended again by now; never where it ran once alone."""
        latest = max(timedelta(seconds=_TIMES * self.usual_seconds), _AT_LEAST)
        return self.usual_seconds > 0 and now - datetime.fromisoformat(self.ended_at) > latest

    def after(self, before: JobRecord | None) -> JobRecord:
        """Return it with interval and messages of the record before; a first run that ended well is not reported."""
        if before is None:
            return replace(self, is_told=self.state == JobState.OK)
        gap = datetime.fromisoformat(self.ended_at) - datetime.fromisoformat(before.ended_at)
        known = replace(self, usual_seconds=max(gap.total_seconds(), _FORGET * before.usual_seconds))
        if self.state == before.state:
            return replace(known, sent_by=before.sent_by, is_told=before.is_told)
        return replace(known, is_told=False)

    def as_state(self, state: JobState) -> JobRecord:
        """Return the record in this state, with a message to send where the state is new."""
        return self if state == self.state else replace(self, state=state, sent_by=[], is_told=False)

    def line(self, lang: str) -> str:
        """Return the sentence about it in a language, "vi" or "en"."""
        ended = self.ended_at[:16].replace("T", " ")
        code = f"disk.{self.state}" if self.name == DISK else f"job.{self.state}"
        return messages.text(code, lang, job=self.name, ended=ended, said=self.said, **self.values)


def records(folder: Path) -> list[JobRecord]:
    """Return what is known of the jobs of an archive, by name; a file that cannot be read is logged and left out."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            found.append(JobRecord(**values | {"state": JobState(values["state"])}))
        except (OSError, ValueError, TypeError, KeyError) as error:
            logger.warning("%s: not a record of a job: %s", path, error)
    return found


class Job:
    """One run of a command. `begins` when it has work to do; `ends` however it ended."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder
        self.makes_folder = True
        self._began: datetime | None = None
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)

    def begins(self) -> None:
        """Say that there is work to do. A run that ends well without it leaves no trace."""
        self._began = datetime.now(UTC)
        heartbeat(self._name, Beat.START)

    def ends(self, exit_code: int, *, is_well: bool, disk: Forecast | None) -> None:
        """Send the heartbeat and every message that is still to be sent, of this job, of others and of the disk.

        Raises nothing.
        """
        now = datetime.now(UTC)
        if self._began is None and is_well:
            return
        heartbeat(self._name, Beat.SUCCESS if is_well else Beat.FAILURE, "\n".join(self._tail))
        known = {record.name: record for record in records(self._folder)}
        said = self._tail[-1] if self._tail else ""
        ended = JobRecord(
            self._name, _text(self._began or now), _text(now), exit_code, said, JobState.of(is_well)
        )
        known[self._name] = ended.after(known.get(self._name))
        if disk is not None and disk.days is not None:
            looked = JobRecord(
                DISK, _text(now), _text(now), 0, "", JobState.of(not disk.is_short), values=disk.values
            )
            known[DISK] = replace(looked.after(known.get(DISK)), usual_seconds=0)
        for record in known.values():
            is_missed = record.name != self._name and record.is_overdue(now)
            self._keep(_told(record.as_state(JobState.OVERDUE) if is_missed else record))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Remember the last lines that are logged or printed inside."""
        handler = _TailHandler(self._tail)
        logging.getLogger().addHandler(handler)
        streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = (_Tee(stream, self._tail) for stream in streams)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = streams
            logging.getLogger().removeHandler(handler)

    def _keep(self, record: JobRecord) -> None:
        path = self._folder / f"{record.name}.json"
        text = json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n"
        try:
            if self.makes_folder and self._folder.parent.is_dir():
                self._folder.mkdir(exist_ok=True)
            if not self._folder.is_dir() or (path.is_file() and path.read_text(encoding="utf-8") == text):
                return
            with replacing(path) as stream:
                stream.write(text.encode())
        except OSError as error:
            logger.warning("%s: how the job ended is not kept: %s", path, error)


def _told(record: JobRecord) -> JobRecord:
    """Send the message about a job to everybody who has not had it; return the record with who has."""
    if record.is_told:
        return record
    event = Event(
        f"[portal-archive] {record.name}: {record.state}", f"{record.line('en')}\n\n{record.line('vi')}"
    )
    told_of = notifiers()
    told = send_to_all(told_of, event, record.sent_by, record.name)
    return replace(record, sent_by=sorted(told), is_told=told >= {one.name for one in told_of})


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


class _TailHandler(logging.Handler):
    def __init__(self, tail: deque[str]) -> None:
        super().__init__(logging.INFO)
        self._tail = tail

    def emit(self, record: logging.LogRecord) -> None:
        self._tail.append(f"{record.levelname} {record.getMessage()}")


class _Tee:
    """A stream that also gives the lines written to it to a job; in all else it is that stream."""

    def __init__(self, stream: TextIO, tail: deque[str]) -> None:
        self._stream = stream
        self._tail = tail

    def write(self, text: str) -> int:
        self._tail.extend(without_controls(line) for line in text.splitlines() if line.strip())
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def folder(archive: Path) -> Path:
    """Return where the jobs of an archive are kept."""
    return archive.absolute().parent / "jobs"
