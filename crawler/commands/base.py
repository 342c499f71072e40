"""What all commands share: whatever goes wrong is a sentence and an exit code, never a traceback."""

from __future__ import annotations

import argparse
import errno
import os
import sqlite3
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from scrapy.commands import ScrapyCommand

from portal_archive.model.errors import PortalArchiveError

# One meaning each, for all commands (see docs/operations.md).
FAILED = 1
MISUSED = 2
INTERRUPTED = 130  # 128 + SIGINT, as a shell says it

DEBUG = "PORTAL_ARCHIVE_DEBUG"
NO_SETTINGS = "there are no settings here: run portal-archive, or this in the folder with scrapy.cfg"

Run = Callable[[Any, list[str], argparse.Namespace], None]


class ArchiveCommand(ScrapyCommand):
    """A command of this project."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "run" in cls.__dict__:
            cls.run = guarded(cls.run)  # type: ignore[assignment,method-assign]


def guarded(run: Run) -> Run:
    """Return a `run` that ends in a sentence where it would end in a traceback; PORTAL_ARCHIVE_DEBUG shows it whole."""

    @wraps(run)
    def guarded_run(command: Any, args: list[str], opts: argparse.Namespace) -> None:
        if os.environ.get(DEBUG):
            run(command, args, opts)
            return
        name = type(command).__module__.rpartition(".")[2].strip("_").replace("_", "-")
        try:
            if command.settings.get("ARCHIVE_DB") is None and command.requires_project:
                command.exitcode = _told(name, NO_SETTINGS, MISUSED)
                return
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


def leave_output() -> None:
    """Write no more: whoever read the output has enough of it, and at its end Python would try to write the rest."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told(name: str, message: str, code: int) -> int:
    print(f"{name}: {message}", file=sys.stderr)  # noqa: T201
    return code
