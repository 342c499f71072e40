"""What can be exported: each table, its columns, and what it is chosen by."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from portal_archive.archive.export import places
from portal_archive.archive.findings.findings import COUNTS, CURRENT

# Where a row's capture stands among the WARC files.
_CAPTURE = {
    "capture_file": "c.file",
    "capture_offset": "c.offset",
    "capture_length": "c.length",
    "capture_digest": "c.digest",
}


@dataclass(frozen=True, slots=True)
class Export:
    """How a table is exported: without the columns of `hidden`, with those of `added` (name -> SQL).

    `portal` and `moment` are what a choice by portal and by days goes by; `printed` tells that the moment is
    a printed date, in Vietnam's time, and not a moment in UTC. Rows come in the order of `order`. `source` is the SQL
    of rows that stand in no table; it may use the functions of `counters.series`. Rows that have a page of their own
    say which, and what `places` says of their portal.

    `changed` is when a row was last written to, in UTC and as far as it says; `month` a moment in UTC that stays, by
    which a table is parted by months. Without them a table is always exported whole.
    """

    table: str
    portal: str | None = "t.portal"
    moment: str | None = None
    printed: bool = False
    joins: str = ""
    order: str = "t.rowid"
    hidden: frozenset[str] = frozenset()
    added: dict[str, str] = field(default_factory=dict)
    source: str = ""
    changed: str = ""
    month: str = ""

    def columns(self, db: sqlite3.Connection, address: str = "") -> dict[str, str]:
        """Return the columns of the export with their SQL, in order; permalinks begin with the site's `address`."""
        names = [column[0] for column in db.execute(f"SELECT * FROM {self._source} LIMIT 0").description]
        found = {name: f't."{name}"' for name in names if name not in self.hidden}
        if self._has_places:
            found |= places.added(self.table)
        found |= self.added
        if address and places.PERMALINK in found:
            quoted = address.replace("'", "%27")
            found[places.PERMALINK] = f"'{quoted}' || {found[places.PERMALINK]}"
        return found

    @property
    def rows(self) -> str:
        """The SQL behind FROM: the table as `t`, and what its columns need."""
        portal = places.joined(str(self.portal)) if self._has_places else ""
        return f"{self._source} t {self.joins} {portal}"

    @property
    def _source(self) -> str:
        return self.source or self.table

    @property
    def _has_places(self) -> bool:
        return self.table in places.PERMALINKS


def _list(columns: str, table: str) -> str:
    return (
        f"(SELECT json_group_array(json_object({columns})) FROM"
        f" (SELECT * FROM {table} WHERE article_id = t.id ORDER BY position))"
    )


def _latest(*moments: str) -> str:
    """Return the SQL of the latest of several moments; the first is always known."""
    known = [moments[0], *(f"coalesce({moment}, '')" for moment in moments[1:])]
    return f"max({', '.join(known)})"


def _findings(of: str) -> str:
    plain = "id kind field span start end score first_seen last_seen original verdict why"
    columns = ", ".join(f"'{name}', \"{name}\"" for name in plain.split())
    columns += ", 'signs', json(signs), 'details', json(details)"
    return (
        f"(SELECT json_group_array(json_object({columns})) FROM"
        f" (SELECT f.* FROM findings f WHERE {of} ORDER BY f.kind, f.field, f.span, f.occurrence))"
    )


_OF_ARTICLE = {"portal": "a.portal", "article_url": "a.url", "article_title": "a.title"}
_OF_VERSION = "f.article_id = t.article_id AND f.content_hash = t.content_hash"
_ARTICLE_CHANGED = _latest("a.last_seen", "a.missing_since", "a.gone_at", "a.came_back_at")
_CAPTURED = "LEFT JOIN captures c ON c.id = t.capture_id"
_ARTICLE = "CROSS JOIN articles a ON a.id = t.article_id"

_MARKS = """(
    SELECT w.portal, w.portal_title, w.province, w.province_now, r.id AS reading_id, r.url, r.read_at,
           date(r.read_at, '+7 hours') AS day, json_extract(m.value, '$.measure') AS measure,
           json_extract(m.value, '$.kind') AS kind, json_extract(m.value, '$.details') AS details,
           '/capture/' || r.capture_id AS permalink
    FROM portal_places w CROSS JOIN json_each(counter_contradictions(w.portal)) m
        CROSS JOIN counter_readings r ON r.id = json_extract(m.value, '$.reading_id')
)"""

EXPORTS = {
    export.table: export
    for export in (
        Export(
            "articles",
            changed=_ARTICLE_CHANGED.replace("a.", "t."),
            month="t.first_seen",
            moment="t.published_at",
            printed=True,
            joins=_CAPTURED,
            # HTML repeats the text; the text of attachments comes with each of them.
            hidden=frozenset({"html", "attachment_text", "removed_text", "search_order", "text_hash"}),
            added={
                "images": _list("'url', url, 'caption', caption", "images"),
                "attachments": _list("'url', url, 'title', title, 'text', text", "attachments"),
                "story_id": "(SELECT story_id FROM story_articles WHERE article_id = t.id)",
                "findings": _findings(CURRENT.replace("a.", "t.")),
                **_CAPTURE,
            },
        ),
        Export(
            "article_versions",
            changed="t.last_seen",
            month="t.first_seen",
            moment="t.first_seen",
            joins=_CAPTURED,
            order="t.id",
            added={
                "flagged": f"EXISTS (SELECT 1 FROM findings f WHERE {_OF_VERSION} AND {COUNTS})",
                "findings": _findings(_OF_VERSION),
                "fetched_at": "c.fetched_at",
                **_CAPTURE,
            },
        ),
        Export(
            "findings",
            changed=_latest("t.last_seen", "t.decided_at"),
            month="t.first_seen",
            moment="t.first_seen",
            joins=f"LEFT JOIN articles a ON a.id = t.article_id {_CAPTURED}",
            order="t.id",
            added={
                **{name: sql for name, sql in _OF_ARTICLE.items() if name != "portal"},
                "is_current": CURRENT.replace("f.", "t."),
                "fetched_at": "c.fetched_at",
                **_CAPTURE,
            },
        ),
        Export(
            "article_urls",
            moment="t.first_seen",
            hidden=frozenset({"content_hash"}),
            changed="t.last_seen",
            month="t.first_seen",
        ),
        Export(
            "article_views",
            changed="t.last_seen",
            month="t.seen_at",
            portal="a.portal",
            moment="t.seen_at",
            joins=f"{_ARTICLE} {_CAPTURED}",
            added={**_OF_ARTICLE, **_CAPTURE},
        ),
        Export(
            "images",
            changed=_ARTICLE_CHANGED,
            month="a.first_seen",
            portal="a.portal",
            moment="a.published_at",
            printed=True,
            joins=f"{_ARTICLE} LEFT JOIN captures c ON c.id = a.capture_id",
            added={**_OF_ARTICLE, "fetched_at": "a.fetched_at", **_CAPTURE},
        ),
        Export(
            "attachments",
            changed=_ARTICLE_CHANGED,
            month="a.first_seen",
            portal="a.portal",
            moment="a.published_at",
            printed=True,
            joins=f"{_ARTICLE} LEFT JOIN captures c ON c.id = coalesce(t.capture_id, a.capture_id)",
            added={**_OF_ARTICLE, "fetched_at": "c.fetched_at", **_CAPTURE},
        ),
        Export(
            "stories",
            portal="a.portal",
            moment="a.published_at",
            printed=True,
            # Without those that became part of another.
            joins="CROSS JOIN articles a ON a.id = t.first_article",
            hidden=frozenset({"joined"}),
            added={**_OF_ARTICLE, "published_at": "a.published_at"},
        ),
        Export(
            "story_articles",
            portal="a.portal",
            moment="a.published_at",
            printed=True,
            joins=f"{_ARTICLE} LEFT JOIN captures c ON c.id = a.capture_id",
            added={
                **_OF_ARTICLE,
                "published_at": "a.published_at",
                "first_seen": "a.first_seen",
                "fetched_at": "a.fetched_at",
                **_CAPTURE,
            },
        ),
        Export(
            "counter_readings",
            moment="t.read_at",
            joins=_CAPTURED,
            added=_CAPTURE,
            changed="t.read_at",
            month="t.read_at",
        ),
        Export(
            "counter_series",
            changed="t.read_at",
            month="t.read_at",
            moment="t.read_at",
            order="t.reading_id",
            added={"marks": "counter_marks(t.portal, t.reading_id, t.measure)"},
        ),
        Export(
            "counter_marks",
            moment="t.read_at",
            source=_MARKS,
            order="t.portal, t.reading_id",
        ),
        Export("events", moment="t.seen_at", order="t.seen_at, t.id", changed="t.seen_at", month="t.seen_at"),
        Export(
            "captures",
            moment="t.fetched_at",
            hidden=frozenset({"content_hash"}),
            changed="t.fetched_at",
            month="t.fetched_at",
        ),
        Export(
            "problems",
            moment="t.last_seen",
            changed=_latest("t.last_seen", "t.closed_at"),
            month="t.first_seen",
        ),
        Export("portals", portal="t.name"),
        Export("portal_states", moment="t.since", changed=_latest("t.judged_at", "t.until", "t.sent_at")),
        Export("provinces", portal=None),
        Export("declared_portals", portal="t.name"),
        Export("doubts", moment="t.first_seen", changed=_latest("t.last_seen", "t.decided_at")),
        Export(
            "absences",
            portal="a.portal",
            moment="t.gone_at",
            joins=_ARTICLE,
            added=_OF_ARTICLE,
        ),
        Export("crawls", moment="t.started_at", changed="t.last_active_at"),
        Export(
            "crawl_fields",
            changed="k.last_active_at",
            month="k.started_at",
            portal="k.portal",
            moment="k.started_at",
            joins="CROSS JOIN crawls k ON k.id = t.crawl_id",
            added={"portal": "k.portal", "started_at": "k.started_at"},
        ),
        Export(
            "pages",
            moment="t.discovered_at",
            changed=_latest("t.discovered_at", "t.last_visit"),
            month="t.discovered_at",
        ),
    )
}
