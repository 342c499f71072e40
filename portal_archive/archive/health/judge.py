"""The state of a portal, told from what the archive knows of its last crawl and of those before.

At the end of a crawl `after_crawl(archive, crawl_id, expect, now)` judges it and keeps the state; it is what the
crawler calls. `archive.health.states.current(db, now)` gives the states of all portals, for `scrapy status` and the
reading room.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from portal_archive.archive.archive import Archive
from portal_archive.archive.findings import findings
from portal_archive.archive.health import believed, takeover, tallies, words
from portal_archive.archive.health.evidence import Evidence, good_before, load, news, with_articles
from portal_archive.archive.health.verdict import EXAMPLES, MAJORITY, Verdict, visited
from portal_archive.archive.moments import VIETNAM, to_text
from portal_archive.archive.sql import insert, row, update
from portal_archive.archive.storing import fill_rates
from portal_archive.model.expectations import (
    Expect,
    Range,
    Rate,
    is_below,
    longest_silence,
    unusual,
    usual_rate,
)
from portal_archive.model.kinds import FindingKind, LinkKind, Outcome, PortalState, ProblemKind
from portal_archive.model.messages import Message, joined, say
from portal_archive.model.page import Finding

# Visits that read a page.
_READ = (Outcome.ARTICLE, Outcome.LIST, Outcome.OTHER)
_TROUBLES = tuple(
    state for state in PortalState if state not in words.FINE and state is not PortalState.OVERDUE
)
# What a portal may come to when it is closed; that others took it over, or that it is back, is still said.
_ENDS = (
    PortalState.DEGRADED,
    PortalState.BLOCKED,
    PortalState.UNREACHABLE,
    PortalState.SILENT,
    PortalState.GONE,
)
# Only state bodies get names below it.
_STATE_HOSTS = ".gov.vn"
# Fields whose loss matters most come first in the reason.
_FIRST = ("article", "body", "title", "published_at")
# Of the pages taken for articles so many are, where too few were seen to tell.
_ARTICLES = 0.9
# Good crawls that all read a counter, before its absence says anything.
_COUNTED = 3


def after_crawl(archive: Archive, crawl_id: int, expect: Expect, now: datetime) -> Verdict | None:
    """Judge a crawl that has ended, and keep the state of its portal; returns it.

    None when the crawl says nothing, and the state stays: it was stopped too early, or read nothing that could show
    whether a trouble is over. `now` is an aware datetime.
    Raises ArchiveError when the archive cannot be written.
    """
    with archive.batch():
        db = archive.db.conn
        tallies.settle(db, crawl_id)
        fill_rates.count_lengths(db, crawl_id)
        state = assess(db, crawl_id, expect, now)
        if state is not None:
            record(db, crawl_id, state, now)
        return state


def assess(db: sqlite3.Connection, crawl_id: int, expect: Expect, now: datetime) -> Verdict | None:
    """Return the state of a portal as a crawl of it shows, None when the crawl says nothing about it.

    Fingerprint of a takeover are entered among the findings, where a person can dismiss them.
    """
    crawl = load(db, crawl_id)
    state = _shown(db, crawl, expect, now)
    if state is None or expect.closed is None:
        return state
    is_end = state.state in _ENDS or (
        state.state == PortalState.MOVED and f".{state.after}".endswith(_STATE_HOSTS)
    )
    if not is_end or _published_since(db, crawl, datetime.fromisoformat(expect.closed) + timedelta(days=1)):
        return state
    return Verdict(
        PortalState.CLOSED,
        joined(say("verdict.closed", day=expect.closed), state.reason),
        words.FINE_STEP,
        state.cause,
    )


def _shown(db: sqlite3.Connection, crawl: Evidence, expect: Expect, now: datetime) -> Verdict | None:
    visited = crawl.number("ended")
    if not visited and crawl.number("waited"):
        word = crawl.most("waited") or "refusal"
        return Verdict(PortalState.BLOCKED, words.cause(word), words.blocked_step(word), word)
    if not visited:
        # Stopped before the first visit; or the home page failed of late, and rests before it is asked again.
        if crawl.is_cut_short or _is_now(db, crawl.crawl["portal"], *_TROUBLES):
            return None
        return Verdict(
            PortalState.DEGRADED,
            say("verdict.nothing_visited"),
            say("step.nothing_visited"),
            "nothing-visited",
        )
    if not crawl.number("ended", *_READ) and _is_now(db, crawl.crawl["portal"], PortalState.DEGRADED):
        # Nothing was read that could show whether it is well again.
        return _no_answer(db, crawl)
    if crawl.is_cut_short and not crawl.number("ended", Outcome.ARTICLE, Outcome.UNCHANGED):
        # It had not come to the articles yet.
        return _no_answer(db, crawl) or _refuses(db, crawl) or _taken_over(db, crawl)
    state = (
        _no_answer(db, crawl)
        or believed.one_text(db, crawl)
        or _taken_over(db, crawl)
        or believed.moved_or_vanished(db, crawl)
    )
    if state is not None:
        return state
    if _is_now(db, crawl.crawl["portal"], PortalState.HIJACKED) and not takeover.can_tell(crawl):
        return None
    return (
        # A field that is lost says more than that articles do not read as before.
        _less_than_expected(db, crawl, expect)
        or believed.not_as_before(db, crawl)
        or _empty(db, crawl)
        or _quiet(db, crawl, expect, now)
        or Verdict(
            PortalState.OK,
            words.NOTHING,
            words.FINE_STEP,
            warnings=_warnings(db, crawl, expect, now),
        )
    )


def _is_now(db: sqlite3.Connection, portal: str, *states: str) -> bool:
    found = db.execute(
        "SELECT state FROM portal_states WHERE portal = ? AND until IS NULL", (portal,)
    ).fetchone()
    return found is not None and found[0] in states


# --- it does not answer, or not itself ---------------------------------------------------------------------


def _no_answer(db: sqlite3.Connection, crawl: Evidence) -> Verdict | None:
    home = crawl.most("home")
    visits = crawl.number("ended")
    answered = crawl.number(
        "ended",
        Outcome.ARTICLE,
        Outcome.LIST,
        Outcome.UNCHANGED,
        Outcome.FEED,
        Outcome.SITEMAP,
        Outcome.OTHER,
        Outcome.FILE,
    )
    failed = crawl.number("ended", Outcome.ERROR, Outcome.BLOCKED)
    if host := crawl.most("home-redirect") or (not answered and crawl.most("redirect")):
        return Verdict(
            PortalState.MOVED,
            say("verdict.moved", host=host),
            say("step.moved", host=host),
            "redirect",
            after=host,
            examples=visited(db, crawl, Outcome.REDIRECT),
        )
    if home == Outcome.REFUSED:
        word = _problem_of_home(db, crawl) or "robots"
        if word != "robots":
            return Verdict(PortalState.UNREACHABLE, words.cause(word), words.unreachable_step(word), word)
        return Verdict(PortalState.BLOCKED, words.cause(word), words.blocked_step(word), word)
    most_failed = failed > visits * MAJORITY
    if home in (Outcome.ERROR, Outcome.BLOCKED) or most_failed or (home is None and failed and not answered):
        at_home = home in (Outcome.ERROR, Outcome.BLOCKED)
        word = (crawl.most("home-cause") if at_home else crawl.most("cause")) or "unreadable"
        if home == Outcome.BLOCKED or (
            not at_home and crawl.number("ended", Outcome.BLOCKED) >= crawl.number("ended", Outcome.ERROR)
        ):
            examples = visited(db, crawl, Outcome.BLOCKED)
            return Verdict(
                PortalState.BLOCKED, words.cause(word), words.blocked_step(word), word, examples=examples
            )
        return Verdict(
            PortalState.UNREACHABLE,
            words.cause(word),
            words.unreachable_step(word),
            word,
            examples=_troubled(db, crawl, word),
        )
    if home in (Outcome.GONE, Outcome.SOFT_404):
        shows = crawl.number("ended", Outcome.ARTICLE, Outcome.LIST, Outcome.UNCHANGED)
        if shows:
            step = say("step.gone")
            return Verdict(PortalState.DEGRADED, say("verdict.home_missing"), step, "home", field="home")
        gone = visited(db, crawl, Outcome.GONE, Outcome.SOFT_404)
        return Verdict(PortalState.GONE, say("verdict.gone"), say("step.gone"), home, examples=gone)
    return None


def _refuses(db: sqlite3.Connection, crawl: Evidence) -> Verdict | None:
    """Judge a portal whose home page answers, and whose first pages after it ask to be left alone."""
    if not crawl.number("ended", Outcome.BLOCKED):
        return None
    word = crawl.most("cause") or "refusal"
    examples = visited(db, crawl, Outcome.BLOCKED)
    return Verdict(PortalState.BLOCKED, words.cause(word), words.blocked_step(word), word, examples=examples)


def _taken_over(db: sqlite3.Connection, crawl: Evidence) -> Verdict | None:
    portal = crawl.crawl["portal"]
    good = good_before(db, crawl.crawl)
    found = [
        change
        for change in takeover.changes(crawl, good, has_news=_has_news(db, crawl, good))
        if not findings.is_dismissed(db, portal, FindingKind.TAKEOVER, change.span)
    ]
    if not takeover.is_takeover(found):
        return None
    home = db.execute("SELECT home_url FROM portals WHERE name = ?", (portal,)).fetchone()[0]
    findings.note(
        db,
        findings.Sighting(portal, home, crawl.crawl["finished_at"] or crawl.crawl["last_active_at"], None),
        [
            Finding(
                FindingKind.TAKEOVER,
                takeover.SCORE,
                one.span,
                (f"takeover-{one.sign}",),
                {"before": one.before, "after": one.after},
                "host",
                0,
                len(one.span),
            )
            for one in found
        ],
    )
    return Verdict(
        PortalState.HIJACKED,
        joined(*(one.said for one in found)),
        say("step.hijacked"),
        "+".join(one.sign for one in found),
        before="; ".join(one.before for one in found),
        after="; ".join(one.after for one in found),
        examples=visited(db, crawl, Outcome.ARTICLE, Outcome.LIST, Outcome.OTHER),
    )


def _has_news(db: sqlite3.Connection, crawl: Evidence, good: Sequence[Evidence]) -> bool:
    """Tell whether a crawl brought in articles that were published since the last good one, or the day before it."""
    return bool(good) and _published_since(db, crawl, good[0].started - timedelta(days=1))


def _published_since(db: sqlite3.Connection, crawl: Evidence, moment: datetime) -> bool:
    """Tell whether a crawl read articles for the first time that were published since a moment."""
    found = db.execute(
        "SELECT 1 FROM articles WHERE portal = ? AND first_seen >= ? AND published_at >= ? LIMIT 1",
        (crawl.crawl["portal"], crawl.crawl["started_at"], moment.date().isoformat()),
    ).fetchone()
    return found is not None


def _empty(db: sqlite3.Connection, crawl: Evidence) -> Verdict | None:
    """Nothing that tells a portal from any page that says OK: no article, or no list that announces one."""
    portal = crawl.crawl["portal"]
    known = db.execute("SELECT 1 FROM articles WHERE portal = ? LIMIT 1", (portal,)).fetchone()
    announced = crawl.number("list", "announces", "unchanged") or crawl.number("ended", Outcome.FEED)
    # A crawl that goes on with what was left has read its lists before.
    if known and (announced or not crawl.number("list", "empty") or _lists_led_to_new(db, crawl)):
        return None
    if known and crawl.number("ended", Outcome.GONE) > crawl.number("ended") * MAJORITY:
        gone = visited(db, crawl, Outcome.GONE)
        return Verdict(PortalState.GONE, say("verdict.gone"), say("step.gone"), "gone", examples=gone)
    if shells := _troubled(db, crawl, ProblemKind.SCRIPT_SHELL):
        reason, step = say("verdict.shells"), say("step.shells", portal=portal)
        return Verdict(PortalState.DEGRADED, reason, step, "shells", field="article", examples=shells)
    return Verdict(
        PortalState.DEGRADED,
        say("verdict.lists_empty" if known else "verdict.nothing_found"),
        say("step.redesigned"),
        "empty",
        field="list" if known else "article",
        examples=visited(db, crawl, Outcome.LIST, Outcome.OTHER, Outcome.SOFT_404),
    )


def _lists_led_to_new(db: sqlite3.Connection, crawl: Evidence) -> bool:
    """Tell whether articles first read in this crawl were linked to on lists: a link alone did not look like one."""
    found = db.execute(
        "SELECT 1 FROM articles a JOIN pages p ON p.article_id = a.id"
        " JOIN pages source ON source.portal = p.portal AND source.url = p.found_on"
        " WHERE a.portal = ? AND a.first_seen >= ? AND source.article_id IS NULL AND source.kind != ? LIMIT 1",
        (crawl.crawl["portal"], crawl.crawl["started_at"], LinkKind.SITEMAP),
    ).fetchone()
    return found is not None


# --- it gives less than it should --------------------------------------------------------------------------


def _less_than_expected(db: sqlite3.Connection, crawl: Evidence, expect: Expect) -> Verdict | None:
    good = good_before(db, crawl.crawl, with_articles=True)
    # Where this crawl read no article, what the last one lacked is lacking still.
    recent = with_articles(db, crawl)
    fields = {name for one in recent[:1] for name in one.fields}
    lacking: list[tuple[str, str, Rate]] = []
    for name in sorted(
        fields, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)
    ):
        if name == "body_length" and any(field == "body" for field, _, _ in lacking):
            continue
        rates = [one.fields[name] for one in recent if name in one.fields]
        declared = expect.filled.get(name)
        if declared is not None:
            if declared.min is not None and is_below(rates[0], declared.min):
                lacking.append((name, f"{declared.min:.0%}", rates[0]))
            continue
        if name == "counter" and expect.counter is not None:
            continue
        usual = usual_rate([one.fields[name] for one in good if name in one.fields])
        if usual is None and name == "article" and good:
            usual = _ARTICLES
        if usual is not None and (rate := unusual(rates, usual)):
            lacking.append((name, f"{usual:.0%}", rate))
    if _counter_is_lost(crawl, expect, good):
        lacking.append(
            ("counter", "100%", Rate(1, 0, visited(db, crawl, Outcome.LIST, Outcome.ARTICLE, Outcome.OTHER)))
        )
    if not lacking:
        return None
    name, before, rate = lacking[0]
    after = f"{rate.share:.0%}"
    said = [words.lacking(one, usual, f"{its.share:.0%}") for one, usual, its in lacking]
    return Verdict(
        PortalState.DEGRADED,
        joined(*said),
        say("step.redesigned"),
        "field",
        name,
        before,
        after,
        rate.examples,
    )


def _counter_is_lost(crawl: Evidence, expect: Expect, good: Sequence[Evidence]) -> bool:
    read = crawl.number("ended", *_READ)
    if crawl.counters or not read or expect.counter is False:
        return False
    return expect.counter is True or (len(good) >= _COUNTED and all(one.counters for one in good))


def _quiet(db: sqlite3.Connection, crawl: Evidence, expect: Expect, now: datetime) -> Verdict | None:
    found = news(db, crawl.crawl["portal"], now)
    newest = found.moments[0] if found.moments else None
    day = newest.astimezone(VIETNAM).strftime("%d/%m/%Y") if newest else None
    age = now - (newest or found.watched_since)
    after = newest.astimezone(VIETNAM).date().isoformat() if newest else None
    if expect.newest_within_days is not None:
        if age > timedelta(days=expect.newest_within_days):
            reason = say("verdict.too_old", newest=day or "-", days=age.days, most=expect.newest_within_days)
            return Verdict(
                PortalState.SILENT, reason, say("step.silent"), "too-old", "published_at", after=after
            )
    else:
        # Silence counts from when somebody listened.
        heard = min(age, now - found.watched_since)
        if heard > longest_silence(found.gaps):
            return Verdict(
                PortalState.SILENT,
                _silent(day, heard.days),
                say("step.silent"),
                "nothing-new",
                after=after,
            )
    if expect.new is not None and expect.new.min is not None:
        period = timedelta(days=expect.days)
        count = found.since(now - period)
        if count < expect.new.min and now - found.watched_since >= period:
            reason = say("verdict.too_few", found=count, days=expect.days, least=f"{expect.new.min:g}")
            state = PortalState.DEGRADED if count else PortalState.SILENT
            return Verdict(
                state, reason, say("step.silent"), "too-few", "new", f"{expect.new.min:g}", str(count)
            )
    return None


def _silent(newest: str | None, days: int) -> Message:
    if newest is None:
        return say("verdict.silent_always", days=days)
    return say("verdict.silent", newest=newest, days=days)


def _warnings(db: sqlite3.Connection, crawl: Evidence, expect: Expect, now: datetime) -> tuple[Message, ...]:
    found = []
    for name, bounds in expect.filled.items():
        rate = crawl.fields.get(name, Rate(0, 0))
        if bounds.max is not None and round(rate.share, 2) > bounds.max:
            found.append(
                say("verdict.above", field=name, share=f"{rate.share:.0%}", most=f"{bounds.max:.0%}")
            )
    found += believed.counter_marks(db, crawl)
    if flagged := crawl.number("flagged", "yes"):
        found.append(say("verdict.tampered", found=flagged, read=crawl.number("flagged")))
    most = (expect.new or Range()).max
    if most is not None:
        period = timedelta(days=expect.days)
        known = news(db, crawl.crawl["portal"], now)
        if (count := known.since(now - period)) > most:
            found.append(say("verdict.too_many", found=count, days=expect.days, most=f"{most:g}"))
    return tuple(found)


# --- examples ----------------------------------------------------------------------------------------------


def _troubled(db: sqlite3.Connection, crawl: Evidence, kind: str) -> tuple[str, ...]:
    found = db.execute(
        "SELECT url FROM problems WHERE portal = ? AND kind = ? AND closed_at IS NULL AND last_seen >= ?"
        " ORDER BY id LIMIT ?",
        (crawl.crawl["portal"], kind, crawl.crawl["started_at"], EXAMPLES),
    )
    return tuple(url for (url,) in found)


def _problem_of_home(db: sqlite3.Connection, crawl: Evidence) -> str | None:
    found = db.execute(
        "SELECT kind FROM problems WHERE portal = :portal AND closed_at IS NULL AND url ="
        " (SELECT home_url FROM portals WHERE name = :portal) ORDER BY last_seen DESC LIMIT 1",
        {"portal": crawl.crawl["portal"]},
    ).fetchone()
    return found[0] if found else None


# --- kept --------------------------------------------------------------------------------------------------


def record(db: sqlite3.Connection, crawl_id: int, state: Verdict, now: datetime) -> None:
    """Keep the state that a crawl showed: the one that goes on is brought up to date, another begins now.

    A portal that is fine from the first has nothing to tell; nor has one that is fine again before anybody was
    told that it was not.
    """
    moment = to_text(now)
    db.execute("UPDATE crawls SET state = ? WHERE id = ?", (state.state, crawl_id))
    portal, started = db.execute("SELECT portal, started_at FROM crawls WHERE id = ?", (crawl_id,)).fetchone()
    values = {
        "judged_at": moment,
        "crawl_id": crawl_id,
        "cause": state.cause,
        "reason": state.reason.as_json(),
        "next_step": state.next_step.as_json(),
        "old_words": None,
        "field": state.field,
        "before": state.before,
        "after": state.after,
        "examples": json.dumps(state.examples, ensure_ascii=False),
        "warnings": json.dumps([one.clauses for one in state.warnings], ensure_ascii=False),
    }
    last = row(
        db,
        "SELECT id, state, sent_at, sent_by FROM portal_states WHERE portal = ? AND until IS NULL",
        portal,
    )
    if last is not None and last["state"] == state.state:
        update(db, "portal_states", last["id"], values)
        return
    told = None
    if state.state == PortalState.OK and (
        last is None or (last["sent_at"] is None and last["sent_by"] == "[]")
    ):
        told = moment
    if last is not None:
        update(db, "portal_states", last["id"], {"until": started})
    insert(
        db,
        "portal_states",
        {"portal": portal, "state": state.state, "since": started, "sent_at": told, **values},
    )
