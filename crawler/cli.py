"""`portal-archive COMMAND`: the commands of `scrapy` in the checkout, from any folder."""

from __future__ import annotations

import os
import sys

from crawler import config
from portal_archive.model.errors import PortalArchiveError

FAILED = 1
MISUSED = 2
INTERRUPTED = 130  # 128 + SIGINT, as a shell says it


def main(argv: list[str] | None = None) -> None:
    """Run a command; ends the process with its exit code, and never with a traceback but for `--debug`."""
    arguments = list(sys.argv if argv is None else argv)
    debug = _take_flag(arguments, "--debug")
    try:
        if (named := _take_value(arguments, "--config")) is not None:
            os.environ[config.VARIABLE] = named
        config.settings()
        os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
        _run(arguments)
    except KeyboardInterrupt:
        _end("interrupted; what was stored before stays", INTERRUPTED, debug)
    except BrokenPipeError:
        # Whoever read the output has enough of it; at its end Python would try to write what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except config.ConfigError as error:
        _end(str(error), MISUSED, debug)
    except (PortalArchiveError, OSError) as error:
        _end(str(error), FAILED, debug)
    except Exception as error:  # a mistake of this program: told in a line, and whole where it is asked for
        _end(f"{type(error).__name__}: {error} (run it with --debug to see where)", FAILED, debug)


def _run(arguments: list[str]) -> None:
    # Imported late, so that a mistake in the settings is told before Scrapy reads them.
    from scrapy.cmdline import execute

    execute(arguments)


def _end(message: str, code: int, debug: bool) -> None:
    if debug:
        raise  # called while an exception is handled
    print(f"portal-archive: {message}", file=sys.stderr)  # noqa: T201
    sys.exit(code)


def _take_flag(arguments: list[str], name: str) -> bool:
    if name not in arguments:
        return False
    arguments.remove(name)
    return True


def _take_value(arguments: list[str], name: str) -> str | None:
    for place, argument in enumerate(arguments):
        if argument == name:
            if place + 1 == len(arguments):
                raise config.ConfigError(f"{name} needs the name of a file")
            value = arguments[place + 1]
            del arguments[place : place + 2]
            return value
        if argument.startswith(f"{name}="):
            del arguments[place]
            return argument.partition("=")[2]
    return None
