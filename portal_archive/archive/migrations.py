"""How an archive of an older version becomes one of this version.

`schema.sql` is the schema of today. To change it:

1. Edit `schema.sql`: a column goes to the end of its table, with a DEFAULT where it is NOT NULL.
2. Append a `Step` to `STEPS`. `before` runs on the tables as they were (rename a table or column, drop one), `after`
   on those of today (fill what is new). Most changes need neither: ``Step("pages: referrer")``.
3. Describe table or column in `datasette-metadata.json`, and run `python -m portal_archive.publish.dictionary`.
4. Run `tests/archive/test_migrations.py`. A step is never edited once it has landed.

Tables, indexes, views, triggers and search indexes are then compared with those of `schema.sql`, and what differs is
made anew, all in one transaction. The version of an archive is SQLite's ``user_version``: the number of steps.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby, pairwise
from pathlib import Path

from sqlite_utils import Database

from portal_archive.archive import checksums
from portal_archive.archive.search import filter_terms
from portal_archive.archive.storing import removed
from portal_archive.archive.storing.content import Content
from portal_archive.archive.storing.versions import TEXTS
from portal_archive.archive.storing.weight import weigh
from portal_archive.model import messages
from portal_archive.model.errors import ArchiveError

# The search indexes, and the views whose words they have.
INDEXES = {
    "articles_fts": "articles_folded",
    "articles_exact": "articles_written",
    "articles_removed": "articles_dropped",
}
Change = Callable[[sqlite3.Connection], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the schema: what it is about, and what it does beside the change of `schema.sql`."""

    about: str
    before: Change | None = None
    after: Change | None = None


def _close_problems_of_robots(db: sqlite3.Connection) -> None:
    # That robots.txt forbids a page is no fault of the portal; only its home page matters to anybody.
    db.execute(
        "UPDATE problems SET closed_at = last_seen WHERE kind = 'robots' AND closed_at IS NULL"
        " AND url NOT IN (SELECT home_url FROM portals)"
    )


def _look_for_stories(db: sqlite3.Connection) -> None:
    db.execute("INSERT OR IGNORE INTO stories_waiting SELECT id FROM articles")


def _draw_places_together(db: sqlite3.Connection) -> None:
    """Have places in the search index number sixteenths of a second: it holds the distances between them."""
    _drop_search(db)
    db.execute("CREATE TEMP TABLE places (id INTEGER PRIMARY KEY, place INTEGER NOT NULL)")
    db.execute(
        "INSERT INTO places SELECT id, n + max((search_order >> 20) * 16 - n) OVER (ORDER BY n)"
        " FROM (SELECT id, search_order, row_number() OVER (ORDER BY search_order) AS n FROM articles)"
    )
    db.execute("DROP INDEX IF EXISTS articles_search_order")
    db.execute("UPDATE articles SET search_order = (SELECT place FROM places WHERE places.id = articles.id)")
    db.execute("DROP TABLE places")


def _name_tallies(db: sqlite3.Connection) -> None:
    if _exists(db, "crawl_signs"):
        db.execute("ALTER TABLE crawl_signs RENAME TO crawl_tallies")
        db.execute("ALTER TABLE crawl_tallies RENAME COLUMN sign TO tally")
    if _exists(db, "portal_states"):
        db.execute("ALTER TABLE portal_states RENAME COLUMN told_by TO sent_by")
        db.execute("ALTER TABLE portal_states RENAME COLUMN told_at TO sent_at")


def _tell_imports(db: sqlite3.Connection) -> None:
    db.execute("UPDATE captures SET imported = 1 WHERE crawl_id IS NULL AND file LIKE '%/%-import-%'")


def _keep_reasons(db: sqlite3.Connection) -> None:
    if _exists(db, "findings"):
        db.execute("ALTER TABLE findings RENAME COLUMN reason TO old_reason")
        db.execute("UPDATE findings SET old_reason = json_object('en', old_reason, 'vi', reason_vi)")
        db.execute("ALTER TABLE findings DROP COLUMN reason_vi")


def _keep_words(db: sqlite3.Connection) -> None:
    if _exists(db, "portal_states"):
        db.execute("ALTER TABLE portal_states ADD COLUMN old_words TEXT")
        db.execute(
            "UPDATE portal_states SET old_words = json_array(reason, reason_vi, next_step, next_step_vi)"
        )
        db.execute("UPDATE portal_states SET reason = '[]', next_step = '[]'")


def _keep_precision(db: sqlite3.Connection) -> None:
    """Let superseded versions with the date of the current one know how exactly it is known."""
    db.execute(
        "UPDATE versions SET published_precision = (SELECT published_precision FROM articles a WHERE a.id = article_id)"
        " WHERE published_at = (SELECT published_at FROM articles a WHERE a.id = article_id)"
    )


def _know_pages(db: sqlite3.Connection) -> None:
    """Let texts that were stored whole be one page each."""
    for table in ("attachments", "unclaimed_texts"):
        db.execute(
            f"UPDATE {table} SET page_spans = json_array(json_array(0, length(text), NULL)) WHERE text != ''"
        )


# "2 paragraphs added" and "figure 1.245 -> 1.254", as older programs wrote what had changed.
_OLD_COUNT = re.compile(r"(\d+) (paragraph|caption|image|attachment)s? (added|removed|changed)")
_OLD_FIGURE = re.compile(r"figure (\S+) -> (\S+)")


def _clauses_of(words: str) -> str | None:
    """Return what an older program wrote in `versions.changed` as clauses; None where it is not all understood."""
    clauses: list[tuple[str, dict[str, object]]] = []
    for part in words.split(", ") if words else ():
        if counted := _OLD_COUNT.fullmatch(part):
            number, noun, what = counted.groups()
            clauses.append((f"change.{noun}s_{what}", {"n": int(number)}))
        elif figure := _OLD_FIGURE.fullmatch(part):
            clauses.append(("change.figure", {"before": figure[1], "after": figure[2]}))
        elif messages.known(code := f"change.{part.replace(' ', '_')}"):
            clauses.append((code, {}))
        else:
            return None
    return json.dumps(clauses, ensure_ascii=False)


def _reread_changes(db: sqlite3.Connection) -> None:
    db.create_function("clauses_of", 1, _clauses_of, deterministic=True)
    db.execute(
        "UPDATE versions SET changed = coalesce(clauses_of(changed), '[]'),"
        " old_changed = iif(clauses_of(changed) IS NULL, changed, NULL) WHERE changed IS NOT NULL"
    )


def _weigh_changes(db: sqlite3.Connection) -> None:
    texts = ", ".join(f"iif(v.version = a.version, a.{name}, v.{name}) AS {name}" for name in TEXTS)
    versions = db.cursor()
    versions.row_factory = sqlite3.Row
    versions.execute(
        f"SELECT v.id, v.article_id, v.url, v.images, v.attachments, {texts}"
        " FROM versions v JOIN articles a ON a.id = v.article_id WHERE a.version > 1 ORDER BY v.article_id, v.version"
    )
    found: list[tuple[str, int]] = []
    for _, of_article in groupby(versions, key=lambda version: version["article_id"]):
        contents = [(version["id"], Content.from_row(version)) for version in of_article]
        found += [(weigh(before, after), number) for (_, before), (number, after) in pairwise(contents)]
    db.executemany("UPDATE versions SET weight = ? WHERE id = ?", found)


def _gather_removed(db: sqlite3.Connection) -> None:
    for (number,) in db.execute("SELECT id FROM articles WHERE version > 1").fetchall():
        removed.renew(db, number)


STEPS: tuple[Step, ...] = (
    Step("the first schema"),
    Step("indexes that cover filters and facets"),
    Step("findings"),
    Step("health of portals", after=_close_problems_of_robots),
    Step("the first search index is dropped"),
    Step("stories", after=_look_for_stories),
    Step("search with accents, and by marks", after=_draw_places_together),
    Step("shorter indexes of hashes"),
    Step("crawl_signs are crawl_tallies; told_by, told_at are sent_by, sent_at", before=_name_tallies),
    Step("counter_readings: last_week, last_year"),
    Step("provinces: source"),
    Step("captures: sha256, imported, lost", after=_tell_imports),
    Step("findings: signs and details instead of sentences", before=_keep_reasons),
    Step("declared_portals"),
    Step("row_checksums"),
    Step("doubts; merges that can be undone"),
    Step("portal_states: codes and values instead of sentences", before=_keep_words),
    Step("versions: published_precision", after=_keep_precision),
    Step("attachments: page_spans, reason, recognised_at; images: text", after=_know_pages),
    Step("absences; events and counters as tables"),
    Step("versions: codes and values instead of what changed in words", after=_reread_changes),
    Step("versions: weight", after=_weigh_changes),
    Step("articles: removed_text, and its index", after=_gather_removed),
    Step("watch_progress, watch_sent"),
    Step("the index of removed text has the current text beside it"),
    Step("decisions"),
    Step("captures: rendered, page_url"),
    Step("events: a takeover leads to its portal"),
    Step("probes"),
)


def blank() -> Database:
    """Return an empty archive of this version, in memory."""
    db = Database(memory=True)
    create(db.conn)
    return db


def create(db: sqlite3.Connection) -> None:
    """Make the tables of today in an empty database, and write its version. Begins no transaction."""
    statement = ""
    for line in (
        files(__package__).joinpath("schema.sql").read_text(encoding="utf-8").splitlines(keepends=True)
    ):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement.strip())
            statement = ""
    db.execute(f"PRAGMA user_version = {len(STEPS)}")


def version(db: Database) -> int:
    """Return the version of an open archive; 0 for an empty file."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def check(db: Database, path: Path) -> bool:
    """Return whether the archive at `path` must be migrated before it can be used.

    Raises ArchiveError when it was written by a newer program, or is another program's database.
    """
    found = version(db)
    if found > len(STEPS):
        raise ArchiveError(
            f"{path}: written by a newer version of this program (schema {found}, this program knows"
            f" {len(STEPS)}): update the program"
        )
    if found == 0 and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise ArchiveError(f"{path}: a database of another program, not an archive: choose another file")
    return found < len(STEPS)


def migrate(db: Database, path: Path) -> Path | None:
    """Bring the archive at `path` to the version of today, or make it, in one transaction.

    Before, an archive that is not empty is copied to ``<name>.schema-<version>`` beside it; returns that
    path. A step that fails leaves the archive as it was.
    """
    found = version(db)
    kept = None
    if found:
        kept = path.with_name(f"{path.name}.schema-{found}")
        copy = sqlite3.connect(kept)
        try:
            db.conn.backup(copy)
        finally:
            copy.close()
    # References to a table that is made anew stay references to its name.
    db.execute("PRAGMA foreign_keys = off")
    db.execute("PRAGMA legacy_alter_table = on")
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another program may have done it since.
        found = version(db)
        if found:
            _upgrade(db.conn, STEPS[found:])
            checksums.renew(db.conn)
        else:
            create(db.conn)
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
    finally:
        db.execute("PRAGMA legacy_alter_table = off")
    return kept


# --- from what there is to what there should be ------------------------------------------------------------


def _upgrade(db: sqlite3.Connection, steps: tuple[Step, ...]) -> None:
    wanted = _schema(blank().conn)
    for kind, name in _schema(db):
        # What is only derived is in the way of changes to tables.
        if kind in ("trigger", "view"):
            db.execute(f"DROP {kind} {name}")
    for step in steps:
        if step.before:
            step.before(db)
    for (kind, name), sql in wanted.items():
        if kind == "table" and not _is_virtual(sql):
            _shape(db, name, sql)
    for step in steps:
        if step.after:
            step.after(db)
    _derive(db, wanted)
    db.execute(f"PRAGMA user_version = {len(STEPS)}")


def _shape(db: sqlite3.Connection, table: str, sql: str) -> None:
    """Give a table the columns it has today; those it has already keep what they hold."""
    now = _schema(db).get(("table", table))
    if now is None:
        db.execute(sql)
        return
    if _bare(now) == _bare(sql):
        return
    for (index,) in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (table,)
    ).fetchall():
        db.execute(f"DROP INDEX {index}")
    db.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    db.execute(sql)
    before = {column[1] for column in db.execute(f"PRAGMA table_info({table}_before)")}
    kept, values = [], []
    for _, name, kind, required, default, _key in db.execute(f"PRAGMA table_info({table})").fetchall():
        if name in before:
            kept.append(name)
            values.append(name)
        elif required and default is None:
            kept.append(name)
            values.append("''" if kind == "TEXT" else "0")
    db.execute(f"INSERT INTO {table} ({', '.join(kept)}) SELECT {', '.join(values)} FROM {table}_before")
    db.execute(f"DROP TABLE {table}_before")


def _derive(db: sqlite3.Connection, wanted: dict[tuple[str, str], str]) -> None:
    """Make indexes, views, search indexes and triggers those of today."""
    now = _schema(db)
    searches = [name for (kind, name), sql in wanted.items() if kind == "table" and _is_virtual(sql)]
    for name in searches:
        if ("table", name) in now and _bare(now["table", name]) != _bare(wanted["table", name]):
            db.execute(f"DROP TABLE {name}")
    for (kind, name), sql in now.items():
        if kind == "index" and _bare(wanted.get((kind, name), "")) != _bare(sql):
            db.execute(f"DROP INDEX {name}")
    now = _schema(db)
    new = [name for name in searches if ("table", name) not in now]
    for key, sql in wanted.items():
        if key not in now:
            db.execute(sql)
            if key[1] in new:
                _fill_search(db, key[1])
        elif key[1] in searches:
            _set_search(db, key[1])
    if new:
        db.execute("DELETE FROM search_facets")
        db.execute(
            f"INSERT INTO search_facets SELECT search_order, {filter_terms.facets_sql()} FROM articles"
            " ORDER BY search_order"
        )


def _drop_search(db: sqlite3.Connection) -> None:
    for (kind, name), sql in _schema(db).items():
        if kind == "table" and _is_virtual(sql):
            db.execute(f"DROP TABLE {name}")


def _fill_search(db: sqlite3.Connection, index: str) -> None:
    """Fill a new search index from its view."""
    _set_search(db, index)
    columns = ", ".join(column[1] for column in db.execute(f"PRAGMA table_info({index})"))
    view = INDEXES[index]
    # FTS5's own 'rebuild' takes articles as they were stored; in the index's order it is several times faster.
    db.execute(
        f"INSERT INTO {index}(rowid, {columns}) SELECT search_order, {columns} FROM {view} ORDER BY search_order"
    )
    # Else every article stored from then on would pay a part of merging what was just written.
    db.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")


def _set_search(db: sqlite3.Connection, index: str) -> None:
    settings = blank().conn.execute(f"SELECT k, v FROM {index}_config WHERE k != 'version'")
    for name, value in settings.fetchall():
        db.execute(f"INSERT INTO {index}({index}, rank) VALUES (?, ?)", (name, value))


def _exists(db: sqlite3.Connection, table: str) -> bool:
    return ("table", table) in _schema(db)


def _schema(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return the SQL of everything in a database, by type and name, in the order in which it was made."""
    found = {(kind, name): sql for kind, name, sql in _objects(db)}
    virtual = tuple(f"{name}_" for (_, name), sql in found.items() if _is_virtual(sql))
    return {
        key: sql
        for key, sql in found.items()
        if not (virtual and key[1].startswith(virtual) and key[0] == "table")
    }


def _objects(db: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    yield from db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        " ORDER BY rowid"
    ).fetchall()


def _is_virtual(sql: str) -> bool:
    return sql.startswith("CREATE VIRTUAL TABLE")


def _bare(sql: str) -> str:
    """Return SQL as it is compared: without comments, white space, and the quotes that ALTER TABLE leaves."""
    sql = re.sub(r"--[^\n]*", "", sql)
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(sql.replace('"', "").split()))
