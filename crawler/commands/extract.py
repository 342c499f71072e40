"""`scrapy extract [--url URL] FILE...`: what the readers read from saved pages, as JSON on standard output."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.registry import rules_for_host
from portal_archive.integrity.check import checked
from portal_archive.reading.cms import split
from portal_archive.reading.markup.document import parse
from portal_archive.reading.read import read_document


class Command(ArchiveCommand):
    """Reads saved pages; needs no archive and no network."""

    requires_project = False
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments, as the usage line shows them."""
        return "[--url URL] FILE... | --jsonl MANIFEST"

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "Read saved pages: one JSON object a file"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options."""
        super().add_options(parser)
        parser.add_argument("--url", help="the URL of the page (default: what the page says of itself)")
        parser.add_argument(
            "--jsonl", metavar="MANIFEST", help='lines {"path", "url"}; streams a JSON line each'
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print a JSON line for each file; exit 2 when one cannot be read."""
        if bool(args) == bool(opts.jsonl):
            raise UsageError("give FILE... or --jsonl MANIFEST")
        if opts.url and len(args) > 1:
            raise UsageError("--url names one page: give one FILE with it")
        self.exitcode = 0
        for path, url, failure in _manifest(Path(opts.jsonl)) if opts.jsonl else _named(args, opts.url):
            if failure is None:
                try:
                    line = extract(path.read_bytes(), url)
                except OSError as error:
                    failure = f"{path}: {error.strerror or error}"
            if failure is not None:
                self.exitcode = 2
                print(f"extract: {failure}", file=sys.stderr)  # noqa: T201
                if not opts.jsonl:
                    continue
                line = {"path": str(path), "url": url or None, "error": failure}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def extract(body: bytes, url: str) -> dict[str, Any]:
    """Read a page and return it as plain values; `url` may be "" when it is not known."""
    # A saved page cannot be younger than now: a date after that is none.
    document = parse(body, url, {"Date": format_datetime(datetime.now(UTC), usegmt=True)})
    host = split(document.url).netloc
    return checked(document, read_document(document, rules_for_host(host) if host else None)).as_dict()


def _named(files: list[str], url: str | None) -> Iterator[tuple[Path, str, str | None]]:
    for name in files:
        yield Path(name), url or "", None


def _manifest(manifest: Path) -> Iterator[tuple[Path, str, str | None]]:
    try:
        with manifest.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    entry = json.loads(line)
                    path, url = Path(entry["path"]), entry.get("url") or ""
                except (ValueError, TypeError, KeyError, AttributeError):
                    yield manifest, "", f'{manifest}:{number}: not a line {{"path", "url"}}'
                    continue
                beside = manifest.parent / path
                yield (beside if not path.exists() and beside.exists() else path), url, None
    except OSError as error:
        yield manifest, "", f"{manifest}: {error.strerror or error}"
