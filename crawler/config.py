"""Settings of an installation: a TOML file outside the program, with what stands in no file of the checkout.

Searched for: the file that PORTAL_ARCHIVE_CONFIG names (`portal-archive --config FILE` sets it), `portal-archive.toml`
in the folder a command is run in, `/etc/portal-archive/portal-archive.toml`. Secrets stand in the environment alone.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VARIABLE = "PORTAL_ARCHIVE_CONFIG"
NAME = "portal-archive.toml"
SYSTEM = Path("/etc/portal-archive")


class ConfigError(Exception):
    """A file of settings cannot be used; the message names the file and what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Option:
    """A setting that an operator may give: `key` of `table` in the file, `setting` in the program.

    `example` is what a new file shows, behind a comment sign where the program's own value stands for it.
    """

    table: str
    key: str
    setting: str
    kind: type
    example: str
    says: str
    is_path: bool = False


OPTIONS = (
    Option(
        "archive", "path", "ARCHIVE_DB", str, '"archive.db"', "the archive, one SQLite file", is_path=True
    ),
    Option(
        "archive", "captures", "CAPTURES_DIR", str, '"captures"', "the folder of the WARC files", is_path=True
    ),
    Option(
        "crawl",
        "contact",
        "CONTACT",
        str,
        '""',
        "mail address or page for operators of portals; in the User-Agent",
    ),
    Option("crawl", "portals", "PORTALS", list, "[]", "names of the portals to crawl; empty: the Party's"),
    Option(
        "crawl",
        "interval_hours",
        "CRAWL_INTERVAL_HOURS",
        int,
        "6",
        "a portal is crawled again after so many hours",
    ),
    Option("crawl", "delay_seconds", "DOWNLOAD_DELAY", float, "1.0", "between two requests to one host"),
    Option("crawl", "files", "FETCH_FILES", bool, "true", "keep images and attachments of articles"),
    Option("crawl", "file_bytes", "FILE_MAXSIZE", int, "67108864", "no larger file is fetched"),
    Option("crawl", "log_level", "LOG_LEVEL", str, '"INFO"', "DEBUG, INFO, WARNING or ERROR"),
    Option(
        "watch",
        "file",
        "WATCHES",
        str,
        '"watches.toml"',
        "saved searches, portals, articles and people of which somebody is told: see docs/watching.md",
        is_path=True,
    ),
    Option("serve", "host", "SERVE_HOST", str, '"127.0.0.1"', "address the reading room listens on"),
    Option("serve", "port", "SERVE_PORT", int, "8001", "its port"),
    Option(
        "serve",
        "metadata",
        "SERVE_METADATA",
        str,
        '""',
        "a Datasette metadata file of your own",
        True,
    ),
)
_BY_NAME = {(option.table, option.key): option for option in OPTIONS}
_TYPES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list of texts",
}


def path(environ: Mapping[str, str] = os.environ, folder: Path | None = None) -> Path | None:
    """Return the file that is in force, None where there is none. Raises ConfigError when the one named is missing."""
    if named := environ.get(VARIABLE):
        if not Path(named).is_file():
            raise ConfigError(f"{named}: there is no such file of settings")
        return Path(named)
    return next((one for one in ((folder or Path()) / NAME, SYSTEM / NAME) if one.is_file()), None)


def read(file: Path) -> dict[str, Any]:
    """Return what a file sets, by name of the program's setting; paths are relative to its folder.

    Raises ConfigError for a file that cannot be read, an unknown name or a value of another type.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from error
    return dict(_values(file, tables))


def settings(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return what the file that is in force sets; nothing where there is none."""
    file = path(environ)
    return read(file) if file else {}


def _values(file: Path, tables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            raise ConfigError(f"{file}: {table!r} stands in no table; begin with [archive] or another")
        for key, value in entries.items():
            option = _BY_NAME.get((table, key))
            if option is None:
                raise ConfigError(f"{file}: nothing is called {key!r} in [{table}]")
            if not _fits(value, option.kind):
                raise ConfigError(f"{file}: {key} in [{table}] is {_TYPES[option.kind]}, not {value!r}")
            yield option.setting, str(file.parent / value) if option.is_path and value else value


def _fits(value: object, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is kind


def new_file() -> str:
    """Return the text of a commented file in which every setting stands with the value the program has for it."""
    lines = ["# Settings of this archive; `portal-archive config` shows what is in force, and from where."]
    lines.append(
        "# Secrets (mail passwords, addresses of messages) stand in the environment: see docs/operations.md."
    )
    table = ""
    for option in OPTIONS:
        if option.table != table:
            table = option.table
            lines += ["", f"[{table}]"]
        lines += [f"# {option.says}", f"# {option.key} = {option.example}"]
    return "\n".join(lines) + "\n"
