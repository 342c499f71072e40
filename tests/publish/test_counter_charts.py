"""Contradictions are looked for in all readings of a year, of which few have to be read."""

import random
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from synthetic_library import Library

from portal_archive.archive.counters.marks import Reading, marks
from portal_archive.archive.counters.series import contradictions
from portal_archive.archive.moments import from_text, to_text


def raw(db: sqlite3.Connection, portal: str) -> list[Reading]:
    rows = db.execute(
        "SELECT id, read_at, url, today, month, year, total FROM counter_readings WHERE portal = ? ORDER BY read_at, id",
        [portal],
    )
    return [Reading(row[0], from_text(row[1]), *tuple(row)[2:]) for row in rows]


def told(found: list[Any]) -> set[tuple[Any, ...]]:
    return {(mark.kind, mark.reading.day, *mark.values.values()) for mark in found}


def test_a_year_of_readings_tells_what_all_readings_tell(library: Library, tmp_path: Any) -> None:
    db = sqlite3.connect(tmp_path / "nv.db")
    db.row_factory = sqlite3.Row
    with sqlite3.connect(library.path) as source:
        source.backup(db)
    source.close()
    chance, total, start = random.Random(7), 700_000, datetime(2026, 3, 1, tzinfo=UTC)
    numbers: list[tuple[Any, ...]] = []
    for hour in range(24 * 100):
        for minute in sorted(chance.sample(range(60), chance.choice((1, 1, 1, 5)))):
            moment = start + timedelta(hours=hour, minutes=minute)
            total += chance.randint(0, 40) - (900 if chance.random() < 0.01 else 0)
            today, month = chance.randint(0, 3000), chance.randint(2500, 3500)
            shown = None if chance.random() < 0.05 else total
            numbers.append(("sapa", f"https://sapa.example/{minute}", to_text(moment), today, month, shown))
    db.execute("DELETE FROM counter_readings WHERE portal = 'sapa'")
    db.executemany(
        "INSERT INTO counter_readings (portal, url, read_at, today, month, total) VALUES (?, ?, ?, ?, ?, ?)",
        numbers,
    )
    for portal in ("laichau", "sapa"):
        everything = told(marks(raw(db, portal)))
        assert told(contradictions(db, str(tmp_path), portal)) >= everything, portal
        assert {kind for kind, *_ in everything} >= {"mark.total_fell", "mark.today_over_month"}, portal
    newest = db.execute("SELECT max(id) FROM counter_readings WHERE portal = 'laichau'").fetchone()[0]
    db.execute("UPDATE counter_readings SET today = 9, month = 8 WHERE id = ?", [newest])
    before = contradictions(db, str(tmp_path), "laichau")
    db.execute(
        "INSERT INTO counter_readings (portal, url, read_at, total) VALUES ('laichau', 'x', '2027-01-01T00:00:00Z', 1)"
    )
    after = contradictions(db, str(tmp_path), "laichau")
    assert told(after) - told(before) >= {("mark.today_over_month", raw(db, "laichau")[-2].day, 9, 8)}
    db.close()
