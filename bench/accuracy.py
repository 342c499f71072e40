"""`python -m bench.accuracy`: how often readers are right, by CMS and field, on real pages with known answers.

The pages are no part of the project: `REAL_PAGES` names their folder (see tests/real_pages.py). Writes
docs/accuracy.md, always the same for the same pages and readers.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html
from readability import Document
from warcio.archiveiterator import ArchiveIterator

from bench import recognition
from bench.reading import by_newspaper, by_trafilatura
from portal_archive.reading.markup.text import decode
from portal_archive.reading.read import read_page
from tests.real_pages import PORTALS

SEARCH = "## Search"
TARGET = Path(__file__).parents[1] / "docs" / "accuracy.md"
SITES = {
    "nukeviet-egov": "NukeViet",
    "vhv-saoviet": "VHV",
    "vhv-thanhminh": "VHV",
    "cms-wordpress": "WordPress",
}
# By a word of what the index says of the page's CMS.
FAMILIES = {
    "sharepoint": "SharePoint 2010, copied",
    "easywebhub": "SharePoint 2010, copied",
    "vhv": "VHV",
    "liferay": "Liferay",
    "epi": "newspapers (ePi)",
}
FIELDS = (
    "title", "day", "minute", "author", "source", "category", "tags", "views", "comments", "body", "first line",
    "last line", "nothing else",
)  # fmt: skip
_OWN = ("title", "author", "source", "category", "tags", "views", "comments")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sample:
    """An article page and what is known of it; fields that are not known are absent."""

    cms: str
    url: str
    body: bytes
    gold: Mapping[str, Any]


@dataclass(slots=True)
class Reading:
    """What a reader says; None where it says nothing of the kind."""

    values: dict[str, Any] = field(default_factory=dict)
    text: str = ""


def samples() -> Iterator[Sample]:
    """Give the articles of the whole sites, then those of the saved pages."""
    for folder, cms in SITES.items():
        rows = [json.loads(line) for line in (PORTALS / folder / "gold.jsonl").read_text().splitlines()]
        gold = {row["url"].rstrip("/"): row for row in rows}
        for url, body in _responses(PORTALS / folder / "site.warc.gz"):
            path = re.sub(r"^https?://[^/]+", "", url.rstrip("/"))
            row = gold.pop(url.rstrip("/"), None) or gold.pop(path, None)
            if row is not None:
                yield Sample(f"{cms}, whole site", url, body, _of_site(row))
    folder = PORTALS / "saved-pages"
    for line in (folder / "index.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["gold"]["kind"] == "article" and not row["gold"].get("placeholder"):
            url = row["url"] or f"https://{row['path'].split('/')[0]}.gov.vn/{row['source_path']}"
            yield Sample(
                _family(row.get("family") or ""),
                url,
                (folder / row["path"]).read_bytes(),
                _of_page(row["gold"]),
            )


def _responses(warc: Path) -> Iterator[tuple[str, bytes]]:
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response" and "html" in (
                record.http_headers.get_header("Content-Type") or ""
            ):
                yield record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read()


def _family(named: str) -> str:
    found = next((name for word, name in FAMILIES.items() if word in named.lower()), "others")
    return f"{found}, saved pages"


def _of_site(row: Mapping[str, Any]) -> dict[str, Any]:
    known = {
        name: row[name]
        for name in ("title", "author", "source", "tags", "comments")
        if row.get(name) is not None
    }
    at = row.get("published_at") or row.get("printed_at")
    known |= {"day": at[:10], "minute": at[:16]} if at else {}
    if row.get("hits") is not None:
        known["views"] = row["hits"]
    if row.get("category") and not row["category"].islower():  # else it is the category's address
        known["category"] = row["category"]
    if paragraphs := row.get("body") or row.get("paragraphs"):
        known["body"] = "\n".join([row.get("summary") or "", *paragraphs])
    return known


def _of_page(row: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: row[name] for name in ("title", "author", "source", "views") if row.get(name) is not None}
    if at := row.get("published_at"):
        known |= {"day": at[:10]} | ({"minute": at[:16]} if "T" in at else {})
    names = {"first line": "body_first", "last line": "body_last", "nothing else": "not_in_body"}
    return known | {name: row[given] for name, given in names.items() if row.get(given)}


# --- readers -------------------------------------------------------------------------------------------


def this_project(sample: Sample) -> Reading:
    """Read a page with the project's own readers."""
    article = read_page(sample.body, sample.url).article
    if article is None:
        return Reading(dict.fromkeys(FIELDS[:9]))
    at = article.published_at or ""
    values = {
        name: getattr(article, name)
        for name in ("title", "author", "source", "category", "tags", "views", "comments")
    }
    return Reading(
        values | {"day": at[:10], "minute": at[:16]}, f"{article.summary or ''}\n{article.body or ''}"
    )


def trafilatura(sample: Sample) -> Reading:
    """Read a page with trafilatura."""
    found: Any = by_trafilatura(sample.url, sample.body)
    if found is None:
        return Reading(dict.fromkeys(("title", "day", "author", "tags")))
    return Reading(
        {"title": found.title, "day": found.date, "author": found.author, "tags": found.tags},
        found.text or "",
    )


def newspaper4k(sample: Sample) -> Reading:
    """Read a page with newspaper4k."""
    found: Any = by_newspaper(sample.url, sample.body)
    at = found.publish_date.isoformat() if found.publish_date else ""
    values = {"title": found.title, "day": at[:10], "minute": at[:16], "author": ", ".join(found.authors)}
    return Reading(values | {"tags": list(found.tags or ())}, found.text or "")


def readability(sample: Sample) -> Reading:
    """Read a page with readability-lxml."""
    document = Document(sample.body.decode(), url=sample.url)
    html = document.summary()
    text = "\n".join(lxml.html.fromstring(html).itertext()) if html.strip() else ""
    return Reading({"title": document.short_title()}, text)


READERS: dict[str, Callable[[Sample], Reading]] = {
    "this project": this_project,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "readability": readability,
}


# --- what is right -------------------------------------------------------------------------------------


def plain(value: object) -> str:
    """Return a value as it is compared: composed, in lower case, without the marks around it."""
    text = unicodedata.normalize("NFC", str(value or ""))
    return " ".join(text.split()).strip(' .…/"”').lower()


def judge(gold: Mapping[str, Any], reading: Reading) -> dict[str, float]:
    """Return for each field that is known and that the reader gives how far it is right, from 0 to 1."""
    text = plain(reading.text)
    judged: dict[str, float] = {}
    for name, wanted in gold.items():
        if name == "body":
            judged[name] = _f1(wanted, reading.text)
        elif name == "first line":
            judged[name] = plain(wanted)[:45] in text[: len(text) // 2 + 100]
        elif name == "last line":
            judged[name] = plain(wanted)[-35:] in text
        elif name == "nothing else":
            judged[name] = bool(text) and not any(plain(part) in text for part in wanted)
        elif name in reading.values:
            judged[name] = _is_right(name, wanted, reading.values[name])
    return judged


def _is_right(name: str, wanted: Any, got: Any) -> bool:
    if name == "tags":
        return sorted(map(plain, wanted)) == sorted(map(plain, got or ()))
    if name in ("views", "comments"):
        return bool((got or 0) == wanted) if name == "comments" else bool(got == wanted)
    if name == "source":
        return plain(wanted) in plain(got)
    return any(plain(one) == plain(got) for one in str(wanted).split("|"))


def _f1(wanted: str, got: str) -> float:
    """Return the harmonic mean of precision and recall of the words."""
    one, other = (Counter(_WORD.findall(plain(text))) for text in (wanted, got))
    common = (one & other).total()
    return 2 * common / (one.total() + other.total()) if common else 0.0


Scores = dict[str, dict[str, dict[str, list[float]]]]


def measure(pages: Iterator[Sample]) -> tuple[Scores, Counter[str]]:
    """Return how far each reader is right by CMS and field, a number a page, and how many pages each CMS has."""
    scores: Scores = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    counts: Counter[str] = Counter()
    for sample in pages:
        counts[sample.cms] += 1
        text = decode(sample.body).text
        for name, read in READERS.items():
            given = (
                sample
                if name == "this project"
                else Sample(sample.cms, sample.url, text.encode(), sample.gold)
            )
            try:
                reading = read(given)
            except Exception:  # a peer that fails on a page reads nothing of it
                if name == "this project":
                    raise
                reading = Reading({"title": None})
            for known, right in judge(sample.gold, reading).items():
                scores[sample.cms][name][known].append(float(right))
    return scores, counts


_ABOUT = (
    "article pages of real sites, whose answers are known: what the CMS itself has stored, what the page's own marks "
    "say, or what a person read. The pages are no part of the project (`REAL_PAGES` names their folder). All readers "
    "are given the same pages. A cell is the share of pages on which a field is right, of those that have the field; "
    "«body» is the mean F1 of the words of the text with its summary; «nothing else» means that no button, related "
    "title or byline is left in it. A dash: nothing known, or nothing the reader gives."
)


def report(scores: Scores, counts: Counter[str]) -> str:
    """Return the document."""
    lines = [
        "# How often the readers are right",
        "",
        "Written by `make accuracy` (`python -m bench.accuracy`); not to be edited.",
        "",
        f"{counts.total()} {_ABOUT}",
    ]
    for cms in counts:
        names = [name for name in FIELDS if any(scores[cms][reader][name] for reader in READERS)]
        lines += ["", f"## {cms} ({counts[cms]} pages)", ""]
        lines += _table(
            ["reader", *names], [[reader, *_cells(scores[cms][reader], names)] for reader in READERS]
        )
    return "\n".join(lines) + "\n"


def _cells(scores: Mapping[str, Sequence[float]], names: Sequence[str]) -> list[str]:
    found = [scores.get(name) or () for name in names]
    return [f"{sum(values) / len(values):.3f}" if values else "–" for values in found]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    marks = ["---", *("---:" for _ in head[1:])]
    return ["| " + " | ".join(cells) + " |" for cells in (head, marks, *rows)]


def main() -> None:
    """Measure, and write docs/accuracy.md."""
    if not PORTALS.is_dir():
        sys.exit(f"no real pages at {PORTALS}; REAL_PAGES names their folder. {TARGET.name} stays as it is.")
    for name in ("newspaper", "readability", "trafilatura"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = report(*measure(samples()))
    # The section of the search is bench.search_quality's; that of scans stays where its tools are missing.
    known, *search = TARGET.read_text(encoding="utf-8").partition(f"\n{SEARCH}\n")
    scans = recognition.section()
    text += f"\n{scans}" if scans else "".join(known.partition(f"\n{recognition.HEADING}\n")[1:])
    TARGET.write_text(text + "".join(search), encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
