"""What all commands share: whatever goes wrong is a sentence and an exit code, never a traceback."""

from __future__ import annotations

import argparse
import errno
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from portal_archive.model.errors import PortalArchiveError

# One meaning each, for all commands (see docs/operations.md).
FAILED = 1
MISUSED = 2
NEEDS_A_PERSON = 2
INTERRUPTED = 130  # 128 + SIGINT, as a shell says it

CLUSTER_HELP = "read on a cluster: local:N for N processes here, or a Dask scheduler, tcp://host:8786"
DEBUG = "PORTAL_ARCHIVE_DEBUG"
NO_SETTINGS = "there are no settings here: run portal-archive, or this in the folder with scrapy.cfg"

if TYPE_CHECKING:
    from crawler.jobs import Job

Run = Callable[[Any, list[str], argparse.Namespace], None]


class ArchiveCommand(ScrapyCommand):
    """A command of this project.

    `is_job`: cron or a timer starts it, and how it ends is told. It calls `self.job.begins()` when it has work to do,
    and ends well with 0, or with 2 where a person is needed.
    """

    is_job = False
    job: Job

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "run" in cls.__dict__:
            cls.run = guarded(cls.run)  # type: ignore[assignment,method-assign]


def guarded(run: Run) -> Run:
    """Return a `run` that ends in a sentence where it would end in a traceback; PORTAL_ARCHIVE_DEBUG shows it whole."""

    @wraps(run)
    def guarded_run(command: Any, args: list[str], opts: argparse.Namespace) -> None:
        name = type(command).__module__.rpartition(".")[2].strip("_").replace("_", "-")
        if command.settings.get("ARCHIVE_DB") is None and command.requires_project:
            command.exitcode = _told(name, NO_SETTINGS, MISUSED)
            return
        with _as_job(command, name) if command.is_job else nullcontext():
            in_a_sentence(command, name, args, opts)

    def in_a_sentence(command: Any, name: str, args: list[str], opts: argparse.Namespace) -> None:
        if os.environ.get(DEBUG):
            run(command, args, opts)
            return
        try:
            run(command, args, opts)
            sys.stdout.flush()
        except KeyboardInterrupt:
            command.exitcode = _told(name, "interrupted; what was stored before stays", INTERRUPTED)
        except BrokenPipeError:
            leave_output()
        except (PortalArchiveError, sqlite3.Error) as error:
            command.exitcode = _told(name, str(error), FAILED)
        except OSError as error:
            full = "; make room and start again" if error.errno == errno.ENOSPC else ""
            command.exitcode = _told(name, f"{error}{full}", FAILED)

    return guarded_run


@contextmanager
def _as_job(command: Any, name: str) -> Iterator[None]:
    """Tell how a command ends. An interruption is somebody's will, and told to nobody."""
    # Imported here: they read the settings, which `portal-archive --config` names later than it imports this.
    from crawler.disk import forecast
    from crawler.jobs import Job, folder
    from crawler.session import archive_path, captures_folder

    archive, captures = archive_path(command.settings), captures_folder(command.settings)
    job = command.job = Job(name, folder(archive))
    ended_well = False
    with job.listening():
        try:
            yield
            ended_well = command.exitcode in (0, NEEDS_A_PERSON)
        finally:
            if command.exitcode != INTERRUPTED:
                # `verify` reads a backup, and writes nothing beside it; a first crawl has made its archive by now.
                job.makes_folder = name != "verify" and archive.is_file()
                disk = forecast(archive, captures, datetime.now(UTC))
                job.ends(command.exitcode or (0 if ended_well else FAILED), is_well=ended_well, disk=disk)


def leave_output() -> None:
    """Write no more: whoever read the output has enough of it, and at its end Python would try to write the rest."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told(name: str, message: str, code: int) -> int:
    print(f"{name}: {message}", file=sys.stderr)  # noqa: T201
    return code
