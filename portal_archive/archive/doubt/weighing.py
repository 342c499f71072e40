"""Whether what a visit showed of an article is believed, held or refused."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from portal_archive.archive.doubt import doubts, fields, site_texts
from portal_archive.archive.doubt.doubts import Shown
from portal_archive.archive.doubt.rules import RULES, has_collapsed, is_replaced
from portal_archive.archive.frontier.schedule import CONFIRM_AFTER, EARLY
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.sql import row
from portal_archive.archive.storing import identity
from portal_archive.archive.storing.identity import By, Match
from portal_archive.archive.storing.observation import Observation
from portal_archive.model.kinds import DoubtRule, DoubtState
from portal_archive.model.page import READER_VERSION, Problem

# What lasts so long is believed while other articles read normally; so much longer, it is believed anyhow.
LASTS = CONFIRM_AFTER - EARLY
LASTS_ALONE = timedelta(days=7)
# Visits so recent show whether other articles read normally: a day's crawl, and one that was late.
_RECENT = timedelta(hours=36)
# For one article that is held, so many must read normally.
_NORMAL = 4
# So many others that are held at the same time are no edits.
_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is to be made of an observation.

    `seen` is what is to be stored of it, for the articles in `matches`; `shown` says what is not believed, and is
    None for what is. `problems` are of single fields. `is_unreadable`: the page shows neither title nor body as before.
    `lasted` is the doubt that is over since this is believed now.
    """

    seen: Observation
    matches: Sequence[Match] = ()
    shown: Shown | None = None
    state: DoubtState = DoubtState.BELIEVED
    problems: list[Problem] = field(default_factory=list)
    is_unreadable: bool = False
    lasted: doubts.Doubt | None = None


def weigh(db: sqlite3.Connection, seen: Observation) -> Weighed:
    """Return what is to be made of what a visit showed.

    Captures of an import come in any order, and nobody can look again. What replaces or cuts an article in one of them
    is held until another, a day before or after, shows the same. An import alone never overrides what was crawled:
    what it shows of a later time stays held until a crawl sees the same.
    """
    matches = identity.find(db, seen)
    own = identity.by_url(db, seen.portal, seen.url)
    if own is None and seen.visit.url != seen.url:
        own = identity.by_url(db, seen.portal, seen.visit.url)
        if own is not None and _is_known_by_another(matches, own):
            # An address that leads to another article is no longer its own article's.
            own = None
    looks = seen.visit.crawl_id is not None or seen.visit.imported
    if own is None and looks and site_texts.stands_everywhere(db, seen, matches):
        return Weighed(seen, matches, _shown(seen, DoubtRule.SAME_TEXT, None), DoubtState.REFUSED)
    subject = own if own is not None else matches[0].article_id if matches else None
    stored = row(db, "SELECT * FROM articles WHERE id = ?", subject) if subject is not None else None
    if stored is None:
        return _of_new_address(db, seen, matches)
    kept, problems, unreadable = fields.keep(db, stored, seen)
    believed = Weighed(kept, matches, problems=problems, is_unreadable=unreadable)
    if seen.visit.imported and not unreadable and _overrides_crawl(db, stored, kept, matches):
        # Not even when it is imported again: it takes a crawl that sees the same.
        return Weighed(
            kept, matches, _shown(kept, DoubtRule.IMPORTED, stored["id"]), DoubtState.HELD, problems
        )
    if seen.visit.imported and not unreadable and own is not None:
        return _of_import(db, stored, kept, believed)
    if seen.visit.crawl_id is None or unreadable or seen.seen < stored["fetched_at"]:
        return believed
    if _is_as_before(db, stored, kept, matches):
        return believed
    rule = next((rule for rule, holds in RULES if holds(stored, kept)), None)
    if rule is None and _shows_another(db, kept, matches, stored):
        # Reports written after one template are alike, and yet not one.
        rule = DoubtRule.OTHERS
    text = kept.content.text_hash
    if rule is None and text != stored["text_hash"] and site_texts.is_doubted(db, seen.portal, text):
        rule = DoubtRule.SAME_TEXT
    if rule is None:
        return believed
    return _held(db, kept, matches, believed, rule, stored["id"])


def _of_import(db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation, believed: Weighed) -> Weighed:
    """Weigh what a capture of others shows at an address of an article, be it from before the newest or after."""
    is_known = row(
        db,
        "SELECT 1 FROM versions WHERE article_id = ? AND text_hash = ?",
        stored["id"],
        seen.content.text_hash,
    )
    if is_known is not None:
        return believed
    rule = DoubtRule.REPLACED if is_replaced(stored, seen) else None
    if rule is None and seen.seen > stored["fetched_at"] and has_collapsed(stored, seen):
        # An article that was shorter before has grown.
        rule = DoubtRule.COLLAPSED
    if rule is None and not site_texts.is_doubted(db, seen.portal, seen.content.text_hash):
        return believed
    known = doubts.of(db, seen.portal, seen.visit.url, seen.content.content_hash)
    apart = abs(from_text(seen.seen) - from_text(known.first_seen)) if known else timedelta()
    if known is not None and known.state is DoubtState.HELD and apart >= LASTS:
        return dataclasses.replace(believed, lasted=known)
    return _held(db, seen, believed.matches, believed, rule or DoubtRule.SAME_TEXT, stored["id"])


def _shows_another(
    db: sqlite3.Connection, seen: Observation, matches: Sequence[Match], own: sqlite3.Row
) -> bool:
    """Tell whether an address that had a text of its own shows that of another article."""
    if identity.by_url(db, seen.portal, seen.url) is None:
        return False
    others = [match for match in matches if match.article_id != own["id"]]
    if not any(match.by is By.TEXT or identity.shows(db, match.article_id, seen.content) for match in others):
        return False
    # An edit that was met first under a new address of the same article is that article's.
    return identity.likeness(own["body"], seen.content.body) < identity.EDITED


def _is_known_by_another(matches: Sequence[Match], own: int) -> bool:
    return any(match.article_id != own and match.by is not By.TEXT for match in matches)


def _is_as_before(
    db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation, matches: Sequence[Match]
) -> bool:
    """Whether an article reads as it did, under this URL or at all, or only its reader is another."""
    if seen.content.content_hash == stored["content_hash"]:
        return not matches or matches[0].article_id == stored["id"]
    here = row(
        db,
        "SELECT content_hash FROM article_urls WHERE portal = ? AND url = ? AND article_id = ?",
        seen.portal,
        seen.url,
        stored["id"],
    )
    if here is not None and here["content_hash"] == seen.content.content_hash:
        return True
    if stored["reader_version"] == READER_VERSION or None in (stored["capture_id"], seen.capture_id):
        return False
    same = row(
        db,
        "SELECT 1 FROM captures a JOIN captures b ON b.digest = a.digest WHERE a.id = ? AND b.id = ?",
        stored["capture_id"],
        seen.capture_id,
    )
    return same is not None


def _of_new_address(db: sqlite3.Connection, seen: Observation, matches: Sequence[Match]) -> Weighed:
    believed = Weighed(seen, matches)
    looks = seen.visit.crawl_id is not None or seen.visit.imported
    if not looks or not site_texts.is_doubted(db, seen.portal, seen.content.text_hash):
        return believed
    return _held(db, seen, matches, believed, DoubtRule.SAME_TEXT, None)


def _held(
    db: sqlite3.Connection,
    seen: Observation,
    matches: Sequence[Match],
    believed: Weighed,
    rule: DoubtRule,
    article_id: int | None,
) -> Weighed:
    content, url = seen.content, seen.visit.url
    known = doubts.of(db, seen.portal, url, content.content_hash)
    if known is not None and known.state in (DoubtState.ACCEPTED, DoubtState.BELIEVED):
        return Weighed(seen, matches, problems=believed.problems, lasted=known)
    state = DoubtState.HELD
    if site_texts.is_of_site(db, seen.portal, content.text_hash, url):
        rule, state = DoubtRule.SAME_TEXT, DoubtState.REFUSED
    elif known is not None and known.state is DoubtState.HELD and _lasts(db, seen, known):
        return Weighed(seen, matches, problems=believed.problems, lasted=known)
    if known is not None and known.state is DoubtState.REJECTED:
        state = DoubtState.REJECTED
    return Weighed(seen, matches, _shown(seen, rule, article_id), state, believed.problems)


def _shown(seen: Observation, rule: DoubtRule, article_id: int | None) -> Shown:
    content = seen.content
    details = {"title": content.title, "letters": len(content.body or "")}
    return Shown(
        seen.portal,
        seen.visit.url,
        rule,
        article_id,
        content.text_hash,
        content.content_hash,
        details,
        seen.capture_id,
    )


def was_crawled(db: sqlite3.Connection, article_id: int) -> bool:
    """Tell whether this archive has seen an article itself, and not only in captures of others."""
    sql = "SELECT 1 FROM captures WHERE article_id = ? AND content_hash IS NOT NULL AND NOT imported LIMIT 1"
    return row(db, sql, article_id) is not None


def _overrides_crawl(
    db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation, matches: Sequence[Match]
) -> bool:
    """Tell whether an imported capture would take the place of the text that was crawled last."""
    return (
        seen.seen >= stored["fetched_at"]
        and was_crawled(db, stored["id"])
        and not _is_as_before(db, stored, seen, matches)
    )


def _lasts(db: sqlite3.Connection, seen: Observation, known: doubts.Doubt) -> bool:
    """Tell whether what was held has lasted, while other articles of the portal read normally."""
    lasting = from_text(seen.seen) - from_text(known.first_seen)
    if lasting < LASTS:
        return False
    return lasting >= LASTS_ALONE or _others_are_normal(db, seen)


def _others_are_normal(db: sqlite3.Connection, seen: Observation) -> bool:
    since = to_text(from_text(seen.seen) - _RECENT)
    held = db.execute(
        "SELECT count(*) FROM doubts WHERE portal = ? AND last_seen >= ? AND url != ?"
        " AND state IN ('held', 'refused')",
        (seen.portal, since, seen.visit.url),
    ).fetchone()[0]
    if held >= _AT_ONCE:
        return False
    normal = db.execute(
        "SELECT count(*) FROM (SELECT 1 FROM pages WHERE portal = ? AND last_visit >= ? AND state = 'done'"
        " AND kind = 'article' AND attempts = 0 LIMIT ?)",
        (seen.portal, since, held * _NORMAL),
    ).fetchone()[0]
    return bool(normal >= held * _NORMAL)
