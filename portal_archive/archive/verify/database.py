"""The database: its pages, indexes and references, and whether every row is as it was written. Only reads."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database

from portal_archive.archive import checksums, migrations
from portal_archive.archive.search import filter_terms
from portal_archive.archive.storing.content import Content
from portal_archive.archive.verify.damage import Damage

_FROM_BACKUP = "take the row from a backup; once it is right, 'scrapy verify --accept {place}'"
_ARCHIVE_FROM_BACKUP = "restore the archive from a backup"
_REREAD = (
    "'scrapy reparse' reads it again from its capture; once it is right, 'scrapy verify --accept {place}'"
)
FACETS = "search_facets"
# Safe only where the articles themselves are sound.
REBUILD = "'scrapy verify --rebuild-search', once nothing else is damaged"
_NOT_DIGITS = re.compile(r"\D")


def verify_database(db: sqlite3.Connection) -> Iterator[Damage]:
    """Give the damage to the database, but for its search index (see `search`). Raises nothing for what is damaged."""
    try:
        for (problem,) in db.execute("PRAGMA integrity_check").fetchall():
            if problem != "ok":
                yield Damage("database", problem, repair=_ARCHIVE_FROM_BACKUP)
        for table, row, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
            reason = f"refers to a row of {parent} that is not there"
            yield Damage(_place(table, row), reason, repair=_ARCHIVE_FROM_BACKUP)
        if not is_of_today(db):
            reason = "of an older version of this program: its rows are checked once it is brought up to date"
            yield Damage("database", reason, note=True)
            return
        altered = list(checksums.altered(db))
        yield from map(_altered, altered)
        for table, number in checksums.unknown(db):
            yield Damage(table, f"{number} rows that another program wrote have no checksum", note=True)
        wrong = {(one.table, one.id) for one in altered}
        # What is no text any more cannot be compared.
        if not any(one.columns for one in altered):
            yield from _texts(db, wrong)
            yield from _counters(db, wrong)
            yield from _facets(db)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        yield Damage("database", str(error), repair=_ARCHIVE_FROM_BACKUP)


def is_of_today(db: sqlite3.Connection) -> bool:
    """Tell whether an archive has the tables of this version of the program."""
    return migrations.version(Database(db)) == len(migrations.STEPS)


def _place(table: str, row_id: int) -> str:
    return f"{table}:{row_id}"


def _altered(one: checksums.Altered) -> Damage:
    place = _place(one.table, one.id)
    if one.gone:
        return Damage(place, "the row is not there any more", repair=_FROM_BACKUP.format(place=place))
    reason = "the row is not as it was written"
    if one.columns:
        reason += f"; no text any more: {', '.join(one.columns)}"
    repair = _REREAD if one.table in ("articles", "versions", "counter_readings") else _FROM_BACKUP
    return Damage(place, reason, repair=repair.format(place=place))


def _texts(db: sqlite3.Connection, wrong: set[tuple[str, int]]) -> Iterator[Damage]:
    """Hold the texts of every article and version against the hashes that were made of them."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    of_other_rules = 0
    for version in cursor.execute(
        "SELECT w.*, v.text_hash, a.id AS article, a.text_hash AS text_now, a.content_hash AS content_now"
        " FROM article_versions w JOIN versions v ON v.id = w.id JOIN articles a ON a.id = w.article_id"
    ):
        current = bool(version["is_current"])
        place = _place("articles", version["article"]) if current else _place("versions", version["id"])
        # Which of the two rows is named is no matter where one is named already.
        if wrong & {("articles", version["article"]), ("versions", version["id"])}:
            continue
        repair = _REREAD.format(place=place)
        try:
            content = Content.from_row(version)
        except (ValueError, TypeError) as error:
            yield Damage(place, f"its images or attachments cannot be read: {error}", repair=repair)
            continue
        if content.text_hash != version["text_hash"]:
            yield Damage(place, "title and body differ from their text_hash", repair=repair)
        elif content.content_hash != version["content_hash"]:
            # The row itself is as it was written: rules of what makes a version may have changed since.
            of_other_rules += 1
        if current and (version["text_hash"], version["content_hash"]) != (
            version["text_now"],
            version["content_now"],
        ):
            yield Damage(place, "article and current version have different hashes", repair=repair)
    if of_other_rules:
        reason = (
            f"{of_other_rules} have a content_hash that today's rules of what makes a version do not give"
        )
        yield Damage("versions", reason, note=True)


def _counters(db: sqlite3.Connection, wrong: set[tuple[str, int]]) -> Iterator[Damage]:
    """Hold the numbers of every visitor counter against what the page printed."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    for reading in cursor.execute("SELECT * FROM counter_readings"):
        place = _place("counter_readings", reading["id"])
        if ("counter_readings", reading["id"]) in wrong:
            continue
        repair = _REREAD.format(place=place)
        try:
            printed, reasons = json.loads(reading["printed"]), json.loads(reading["reasons"])
        except ValueError as error:
            yield Damage(place, f"what was printed cannot be read: {error}", repair=repair)
            continue
        for name, text in printed.items():
            digits = _NOT_DIGITS.sub("", str(text))
            number = reading[name] if name in reading.keys() else None  # noqa: SIM118  # a Row is no mapping
            if digits and name not in reasons and number != int(digits):
                yield Damage(place, f"{name} is {number}, and was printed as {text!r}", repair=repair)


def _facets(db: sqlite3.Connection) -> Iterator[Damage]:
    """Hold what searches count by against the articles."""
    for (article,) in db.execute(
        f"SELECT id FROM articles LEFT JOIN search_facets f USING (search_order)"
        f" WHERE f.facets IS NOT {filter_terms.facets_sql()} AND search_order NOT IN"
        " (SELECT search_order FROM search_waiting)"
    ):
        place = _place("articles", article)
        yield Damage(FACETS, f"the facets of {place} are not those of the article", repair=REBUILD)
