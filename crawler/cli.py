"""`portal-archive COMMAND`: the commands of `scrapy` in the checkout, from any folder."""

from __future__ import annotations

import os
import sys

from crawler import config
from crawler.commands.base import DEBUG, FAILED, MISUSED, leave_output


def main(argv: list[str] | None = None) -> None:
    """Run a command; ends the process with its exit code. `DEBUG` in the environment shows tracebacks."""
    arguments = list(sys.argv if argv is None else argv)
    try:
        if (named := _take_value(arguments, "--config")) is not None:
            os.environ[config.VARIABLE] = named
        config.settings()
        os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
        # Imported late, so that a mistake in the settings is told before Scrapy reads them.
        from scrapy.cmdline import execute

        try:
            execute(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        leave_output()
        sys.exit(0)
    except config.ConfigError as error:
        _end(str(error), MISUSED)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        _end(f"{type(error).__name__}: {error} ({DEBUG}=1 shows where)", FAILED)


def _end(message: str, code: int) -> None:
    print(f"portal-archive: {message}", file=sys.stderr)  # noqa: T201
    sys.exit(code)


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
