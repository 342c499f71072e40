"""How an archive of an older version becomes one of this version.

The version of an archive is SQLite's ``user_version``: the number of steps that were applied. `schema.sql` is
step 1 and stays as it was first released; every later change to tables is a further step at the end of
`STEPS`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from sqlite_utils import Database

from portal_archive.archive.search import filter_terms
from portal_archive.archive.search.order import ALL_AT_ONCE
from portal_archive.model.errors import ArchiveError

Step = Callable[[Database], None]


def create(db: Database) -> None:
    """Make the tables of the first version."""
    db.executescript(files(__package__).joinpath("schema.sql").read_text())


def index_what_is_asked(db: Database) -> None:
    """Cover what filters and facet counts of a search ask of each hit; look only at first payloads."""
    db.execute(
        "CREATE INDEX IF NOT EXISTS articles_facets ON articles(search_order, portal, category,"
        " published_precision, version, missing_since, gone_at, came_back_at)"
    )
    db.execute("DROP INDEX captures_digest")
    db.execute("CREATE INDEX captures_digest ON captures(digest) WHERE revisit_of IS NULL")


def keep_findings(db: Database) -> None:
    """Keep what shows that an article was tampered with, and flag the article."""
    db.execute("ALTER TABLE articles ADD COLUMN flagged INTEGER NOT NULL DEFAULT 0")
    db.execute(
        "CREATE TABLE findings ("
        " id INTEGER PRIMARY KEY, portal TEXT NOT NULL REFERENCES portals(name),"
        " article_id INTEGER REFERENCES articles(id),"  # NULL: of a page that shows no article
        " url TEXT NOT NULL,"
        " content_hash TEXT,"  # of the version: numbers of versions change when an older capture is imported
        " kind TEXT NOT NULL, field TEXT NOT NULL, span TEXT NOT NULL,"
        " occurrence INTEGER NOT NULL,"  # which of the equal spans of that field, from 1
        " start INTEGER NOT NULL, end INTEGER NOT NULL, score REAL NOT NULL,"
        " reason TEXT NOT NULL, reason_vi TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,"
        " capture_id INTEGER REFERENCES captures(id),"  # the first that showed it
        " original TEXT,"  # the words of a clean text in its place; '': there are none; NULL: not known
        " original_article INTEGER REFERENCES articles(id), original_hash TEXT,"
        " verdict TEXT, why TEXT, decided_at TEXT)"
    )
    same = "kind, field, span, occurrence"
    db.execute(f"CREATE UNIQUE INDEX findings_version ON findings(article_id, content_hash, {same})")
    # NULL equals nothing, so that the index above lets findings without an article in twice.
    db.execute(f"CREATE UNIQUE INDEX findings_page ON findings(portal, url, {same}) WHERE article_id IS NULL")
    db.execute("CREATE INDEX findings_first_seen ON findings(first_seen)")
    db.execute("CREATE INDEX findings_portal ON findings(portal, first_seen)")
    db.execute("CREATE INDEX findings_kind ON findings(kind, first_seen)")
    db.execute(
        "CREATE INDEX findings_original ON findings(original_article) WHERE original_article IS NOT NULL"
    )


def keep_health(db: Database) -> None:
    """Keep by what a crawl is judged, and what state of its portal that shows."""
    db.execute("ALTER TABLE portals ADD COLUMN exceptions TEXT")
    db.execute("ALTER TABLE crawls ADD COLUMN state TEXT")  # as its end was judged; NULL: it could not be
    db.execute(
        "ALTER TABLE crawl_fields ADD COLUMN examples TEXT NOT NULL DEFAULT '[]'"
    )  # JSON: pages without
    db.execute(
        "CREATE TABLE crawl_signs ("  # see portal_archive/archive/health/tallies.py
        " crawl_id INTEGER NOT NULL REFERENCES crawls(id), sign TEXT NOT NULL, value TEXT NOT NULL,"
        " pages INTEGER NOT NULL, PRIMARY KEY (crawl_id, sign, value)) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE portal_states ("
        " id INTEGER PRIMARY KEY, portal TEXT NOT NULL REFERENCES portals(name), state TEXT NOT NULL,"
        " since TEXT NOT NULL, until TEXT,"  # NULL: it is the state now
        " judged_at TEXT NOT NULL, crawl_id INTEGER REFERENCES crawls(id),"
        " cause TEXT, reason TEXT NOT NULL, reason_vi TEXT NOT NULL,"
        " next_step TEXT NOT NULL, next_step_vi TEXT NOT NULL,"
        " field TEXT, before TEXT, after TEXT, examples TEXT NOT NULL DEFAULT '[]',"
        " warnings TEXT NOT NULL DEFAULT '[]',"
        " told_by TEXT NOT NULL DEFAULT '[]', told_at TEXT)"  # JSON: the ways it was told; when by all of them
    )
    db.execute("CREATE INDEX portal_states_since ON portal_states(portal, since)")
    db.execute("CREATE UNIQUE INDEX portal_states_now ON portal_states(portal) WHERE until IS NULL")
    # That robots.txt forbids a page is no fault of the portal; only its home page matters to anybody.
    db.execute(
        "UPDATE problems SET closed_at = last_seen WHERE kind = 'robots' AND closed_at IS NULL"
        " AND url NOT IN (SELECT home_url FROM portals)"
    )


def drop_the_first_index(db: Database) -> None:
    """Make room for the search index that `index_letters` makes."""
    for trigger in ("insert", "delete", "forget", "learn"):
        db.execute(f"DROP TRIGGER articles_fts_{trigger}")
    db.execute("DROP TABLE articles_fts")
    db.execute("DROP VIEW articles_folded")
    db.execute("DROP INDEX articles_facets")


def group_stories(db: Database) -> None:
    """Keep which articles are one text in several portals; have all that there are looked at."""
    db.execute(
        "CREATE TABLE stories ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT,"  # an address that was given away is not given again
        " first_article INTEGER REFERENCES articles(id),"
        " articles INTEGER NOT NULL, portals INTEGER NOT NULL,"
        " joined INTEGER REFERENCES stories(id))"  # the story that this one turned out to be
    )
    db.execute("CREATE INDEX stories_portals ON stories(portals)")
    db.execute("CREATE INDEX stories_first ON stories(first_article)")
    db.execute("CREATE INDEX stories_joined ON stories(joined) WHERE joined IS NOT NULL")
    db.execute(
        "CREATE TABLE story_articles ("
        " article_id INTEGER PRIMARY KEY REFERENCES articles(id),"
        " story_id INTEGER NOT NULL REFERENCES stories(id), position INTEGER NOT NULL,"
        " words_left_out INTEGER, words_added INTEGER, percent_changed INTEGER)"
    )
    db.execute("CREATE INDEX story_articles_story ON story_articles(story_id, position)")
    # How copies are found, see portal_archive/archive/stories/stories.py.
    db.execute("CREATE TABLE story_sketches (article_id INTEGER PRIMARY KEY, keys BLOB NOT NULL)")
    db.execute(
        "CREATE TABLE story_keys (key INTEGER NOT NULL, article_id INTEGER NOT NULL,"
        " PRIMARY KEY (key, article_id)) WITHOUT ROWID"
    )
    db.execute("CREATE TABLE stories_waiting (article_id INTEGER PRIMARY KEY)")
    db.execute("INSERT INTO stories_waiting SELECT id FROM articles")
    wait = "INSERT OR IGNORE INTO stories_waiting"
    columns = ("text_hash", "summary", "published_at", "published_precision", "flagged")
    changes = " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)
    db.execute(f"CREATE TRIGGER stories_learn AFTER INSERT ON articles BEGIN {wait} VALUES (new.id); END")
    db.execute(
        f"CREATE TRIGGER stories_change AFTER UPDATE OF {', '.join(columns)} ON articles WHEN {changes}"
        f" BEGIN {wait} VALUES (new.id); END"
    )
    db.execute(
        "CREATE TRIGGER stories_forget BEFORE DELETE ON articles BEGIN"
        f" {wait} SELECT article_id FROM story_articles WHERE story_id ="
        " (SELECT story_id FROM story_articles WHERE article_id = old.id);"
        f" {wait} VALUES (old.id);"
        " DELETE FROM story_articles WHERE article_id = old.id;"
        " UPDATE stories SET first_article = NULL WHERE first_article = old.id; END"
    )


def index_letters(db: Database) -> None:
    """Index words without and with their accents, and let marks narrow a search."""
    for trigger in ("insert", "delete", "forget", "learn"):
        db.execute(f"DROP TRIGGER IF EXISTS articles_fts_{trigger}")
    for table in ("articles_fts", "search_facets"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    db.execute("DROP VIEW IF EXISTS articles_folded")
    _draw_places_together(db)

    texts = ("title", "summary", "body", "captions", "author", "attachment_text")
    columns = ", ".join((*texts, "marks"))
    folded = "replace(replace(replace(replace({0}, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), 'ð', 'd') AS {0}"
    written = "replace({0}, 'Ð', 'Đ') AS {0}"  # a frequent mistyping that looks the same
    indexes = {
        "articles_fts": ("articles_folded", folded, 2),
        "articles_exact": ("articles_written", written, 0),
    }
    for index, (view, letters, remove_diacritics) in indexes.items():
        db.execute(
            f"CREATE VIEW {view} AS SELECT search_order, {', '.join(map(letters.format, texts))},"
            f" {filter_terms.sql()} AS marks FROM articles"
        )
        db.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content = '{view}', content_rowid = 'search_order',"
            f' tokenize = "unicode61 remove_diacritics {remove_diacritics}")'
        )
        # A batch is a segment of the index, as is each article of a crawl: merging four at a time, as is usual, would
        # write every word ten times over at a million. 16 MB of words hold the whole batch of an import.
        for setting, value in (("automerge", 16), ("crisismerge", 64), ("hashsize", 2**24)):
            db.execute(f"INSERT INTO {index}({index}, rank) VALUES (?, ?)", (setting, value))
        # FTS5's own 'rebuild' takes articles as they were stored; in the index's order it is several times faster.
        db.execute(
            f"INSERT INTO {index}(rowid, {columns}) SELECT search_order, {columns} FROM {view} ORDER BY search_order"
        )
        # Else every article stored from then on would pay a part of merging what was just written.
        db.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
    db.execute("CREATE TABLE search_facets (search_order INTEGER PRIMARY KEY, facets TEXT NOT NULL)")
    facets = f"SELECT search_order, {filter_terms.facets_sql()} FROM articles"
    db.execute(f"INSERT INTO search_facets {facets} ORDER BY search_order")

    # FTS5 writes a segment whenever a savepoint begins, as it does with each visit of a batch; all at once, and in the
    # index's order, costs half. So what is stored while `ALL_AT_ONCE` is among the waiting is indexed when it leaves.
    db.execute("CREATE TABLE search_waiting (search_order INTEGER PRIMARY KEY)")
    waiting = "search_waiting w CROSS JOIN {} a ON a.search_order = w.search_order"
    learn = (
        f"INSERT INTO search_facets {facets} WHERE search_order IN (SELECT search_order FROM search_waiting);"
    )
    forget = "DELETE FROM search_facets WHERE search_order = old.search_order;"
    for index, (view, *_) in indexes.items():
        learn += (
            f" INSERT INTO {index}(rowid, {columns}) SELECT a.search_order, {columns} FROM {waiting.format(view)}"
            " ORDER BY w.search_order;"
        )
        forget += (
            f" INSERT INTO {index}({index}, rowid, {columns}) SELECT 'delete', search_order, {columns} FROM {view}"
            " WHERE search_order = old.search_order AND search_order NOT IN (SELECT search_order FROM search_waiting);"
        )
    learn += " DELETE FROM search_waiting;"
    forget += " DELETE FROM search_waiting WHERE search_order = old.search_order;"
    db.execute(
        "CREATE TRIGGER search_waiting_one AFTER INSERT ON search_waiting"
        f" WHEN NOT EXISTS (SELECT 1 FROM search_waiting WHERE search_order = {ALL_AT_ONCE}) BEGIN {learn} END"
    )
    db.execute(
        "CREATE TRIGGER search_waiting_all AFTER DELETE ON search_waiting"
        f" WHEN old.search_order = {ALL_AT_ONCE} BEGIN {learn} END"
    )
    wait = "INSERT INTO search_waiting VALUES (new.search_order);"
    # One change must make the index forget an article once, and as it was: the view still shows the old words before.
    of = (*texts, "search_order", "portal", "category", *filter_terms.COLUMNS)
    was, now = (", ".join(f"{row}.{column}" for column in of) for row in ("old", "new"))
    changes = f"UPDATE OF {', '.join(of)} ON articles WHEN ({was}) IS NOT ({now})"
    db.execute(f"CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN {wait} END")
    db.execute(f"CREATE TRIGGER articles_fts_delete BEFORE DELETE ON articles BEGIN {forget} END")
    db.execute(f"CREATE TRIGGER articles_fts_forget BEFORE {changes} BEGIN {forget} END")
    db.execute(f"CREATE TRIGGER articles_fts_learn AFTER {changes} BEGIN {wait} END")


def _draw_places_together(db: Database) -> None:
    """Have places in the search index number sixteenths of a second: it holds the distances between them."""
    db.execute("CREATE TEMP TABLE places (id INTEGER PRIMARY KEY, place INTEGER NOT NULL)")
    db.execute(
        "INSERT INTO places SELECT id, n + max((search_order >> 20) * 16 - n) OVER (ORDER BY n)"
        " FROM (SELECT id, search_order, row_number() OVER (ORDER BY search_order) AS n FROM articles)"
    )
    db.execute("DROP INDEX articles_search_order")
    db.execute("UPDATE articles SET search_order = (SELECT place FROM places WHERE places.id = articles.id)")
    db.execute("CREATE UNIQUE INDEX articles_search_order ON articles(search_order)")
    db.execute("DROP TABLE places")


def shorten_indexes(db: Database) -> None:
    """Find texts and payloads by the beginning of their hash: an index that fits into memory is not read from disk."""
    db.execute("DROP INDEX articles_text")
    db.execute("DROP INDEX versions_text")
    db.execute("CREATE INDEX versions_text ON versions(substr(text_hash, 1, 16))")
    db.execute("DROP INDEX captures_digest")
    db.execute("CREATE INDEX captures_digest ON captures(substr(digest, 6, 10)) WHERE revisit_of IS NULL")


STEPS: tuple[Step, ...] = (
    create,
    index_what_is_asked,
    keep_findings,
    keep_health,
    drop_the_first_index,
    group_stories,
    index_letters,
    shorten_indexes,
)


def blank() -> Database:
    """Return an empty archive of this version, in memory."""
    db = Database(memory=True)
    for step in STEPS:
        step(db)
    return db


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
    """Apply the steps the archive at `path` lacks, all in one transaction.

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
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[version(db) :]:
            step(db)
        db.execute(f"PRAGMA user_version = {len(STEPS)}")
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
    return kept
