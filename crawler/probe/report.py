"""The report of a probe: a pure function of what was declared and what answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from statistics import mean
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from crawler.network.traps import pattern
from crawler.probe.pagers import is_later_page, last_page
from crawler.probe.pages import Answers, ProbedPage
from portal_archive.archive.moments import to_text
from portal_archive.archive.storing.fill_rates import FIELDS, NOT_FROM_THE_PAGE
from portal_archive.model.expectations import Expect, Rate, is_below
from portal_archive.model.kinds import LinkKind, Outcome, ProbeState, ScriptHelp
from portal_archive.model.page import Attachment, Image
from portal_archive.model.probe import (
    AddressesSeen,
    ArticleSeen,
    FieldSeen,
    LabelSeen,
    ListSeen,
    PageDetails,
    PageSeen,
    ProbeReport,
    ShellSeen,
    SizeSeen,
)
from portal_archive.model.records import Portal
from portal_archive.model.site import site_of

# Without these it is no article, whatever the portal's file says.
ALWAYS = ("title", "body", "published_at")
_SHOWN = 60
_LISTED = 12  # of feeds, sitemaps and endpoints, the others say no more
# Of a host that keeps files: its name says so, or it is of the same family of hosts.
_STORAGE = re.compile(r"(?:^|[.-])(?:storage|cdn|files?|static|media|datafiles|images?|img|upload)[\w-]*\.")
# So many articles that were probably tampered with, half of those read, are no slip of a detector.
_FLAGGED = 2
# A label on so many of the articles, and on no other page, is one of articles.
_COMMON = 0.6

Details = Sequence[PageDetails]


def report_of(
    portal: Portal,
    answers: Answers,
    details: Details,
    *,
    expect: Expect,
    probed_at: datetime,
    portal_at: Callable[[str], str | None],
) -> ProbeReport:
    """Return what the answers of a portal say.

    `details` belong to `answers.pages`, one each; `expect` is what the portal's file expects, `portal_at` names the
    portal that is declared for a host.
    """
    home = answers.home
    articles = tuple(_article(page) for page in answers.of_kind(Outcome.ARTICLE))
    shells = tuple(one.shell for one in details if one.shell is not None)
    missing = _missing(answers, expect) if answers.answered else ()
    linked = _linked(answers, details)
    state, reason = _state(answers, missing, shells, articles)
    moved_to = home.visit.fingerprint.redirect_to if home and home.visit.fingerprint else None
    lists = tuple(
        _list(page, one, linked) for page, one in zip(answers.pages, details, strict=True) if page.page.items
    )
    return ProbeReport(
        portal=portal.name,
        home=portal.home_url,
        probed_at=to_text(probed_at),
        state=state,
        reason=reason,
        requests=answers.requests,
        redirects=(home.url,) if home and home.url.rstrip("/") != home.visit.url.rstrip("/") else (),
        moved_to=moved_to,
        moved_portal=portal_at(moved_to) if moved_to else None,
        robots=answers.robots,
        certificate=next((page.certificate for page in answers.pages if page.certificate), None),
        declared_family=portal.family,
        families=_families(answers.pages),
        generator=_generator(answers.pages),
        title=next((one.head_title for one in details if one.head_title), ""),
        lists=lists,
        feeds=_addresses(answers, details, linked, LinkKind.FEED, Outcome.FEED),
        sitemaps=_addresses(answers, details, linked, LinkKind.SITEMAP, Outcome.SITEMAP),
        articles=articles,
        flagged=sum(page.page.flagged for page in answers.pages),
        counter=_counter(answers.pages),
        labels=_labels(details),
        unknown_labels=_unknown_labels(answers.pages, details),
        missing=missing,
        shells=shells,
        endpoints=tuple(dict.fromkeys(url for one in details for url in one.endpoints))[:_LISTED],
        storage_hosts=_storage_hosts(answers, portal.home_url),
        size=_size(answers, details, lists),
        hands=answers.hands,
        pages=tuple(_page(page) for page in answers.pages),
    )


def _state(
    answers: Answers, missing: Sequence[str], shells: Sequence[ShellSeen], articles: Sequence[ArticleSeen]
) -> tuple[ProbeState, str]:
    if answers.hands:
        return ProbeState.HIJACKED, "; ".join(answers.hands)
    if answers.verdict is not None:
        state, reason, step = answers.verdict
        return ProbeState(state), f"{reason}. {step}"
    if answers.fault:
        return ProbeState.UNREACHABLE, f"the probe crashed: {answers.fault}"
    flagged = sum(page.page.flagged for page in answers.pages)
    if flagged >= _FLAGGED and flagged * 2 >= len(articles):
        return ProbeState.HIJACKED, f"{flagged} of {len(articles)} articles carry signs of tampering"
    if not answers.answered:
        problems = [problem.detail for page in answers.pages for problem in page.visit.problems]
        return ProbeState.UNREACHABLE, problems[0] if problems else "no page answered"
    if not articles and any(shell.help is not ScriptHelp.STATE for shell in shells):
        best = min((shell.help for shell in shells), key=list(ScriptHelp).index)
        return ProbeState.SHELL, f"its pages are empty until a script has run: {best.meaning}"
    return (ProbeState.LACKING, "; ".join(missing)) if missing else (ProbeState.WORKS, "")


def _page(page: ProbedPage) -> PageSeen:
    problems = tuple(problem.kind for problem in (*page.visit.problems, *page.page.problems))
    return PageSeen(page.url, page.visit.status, page.visit.kind, problems)


def _article(page: ProbedPage) -> ArticleSeen:
    fields = {}
    for name in FIELDS:
        value = getattr(page.page.article, name, None)
        if value not in (None, [], "", {}):
            fields[name] = FieldSeen(page.page.methods.get(name, ""), shown(value))
    return ArticleSeen(page.url, fields)


def shown(value: Any) -> str:
    """Return a value of a field in a few words."""
    if isinstance(value, list):
        first = value[0]
        value = f"{len(value)}: {first.url if isinstance(first, Image | Attachment) else first}"
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _linked(answers: Answers, details: Details) -> frozenset[str]:
    """Return the addresses that the home page leads to, its own among them."""
    home = answers.home
    own = next((one for page, one in zip(answers.pages, details, strict=True) if page is home), PageDetails())
    return frozenset({link.url for link in own.links} | ({home.url} if home else set()))


def _list(page: ProbedPage, details: PageDetails, linked: Collection[str]) -> ListSeen:
    items = page.page.items
    last = last_page(page.url, details.links, len(items))
    return ListSeen(
        page.url, len(items), last, shown(items[0].title), not {page.url, page.visit.url}.isdisjoint(linked)
    )


def _addresses(
    answers: Answers, details: Details, linked: Collection[str], kind: LinkKind, outcome: Outcome
) -> tuple[AddressesSeen, ...]:
    found: dict[str, int | None] = {}
    if kind is LinkKind.SITEMAP and answers.robots:
        found |= dict.fromkeys(answers.robots.sitemaps)
    for page, one in zip(answers.pages, details, strict=True):
        found |= {
            link.url: found.get(link.url) for link in (*page.visit.links, *one.links) if link.kind == kind
        }
    for page, one in zip(answers.pages, details, strict=True):
        if page.visit.kind == outcome:
            found[page.url] = one.entries
        elif page.taken_for == kind:
            found.pop(page.visit.url, None)  # it is none
    return tuple(AddressesSeen(url, entries, url in linked) for url, entries in found.items())[:_LISTED]


def _families(pages: Sequence[ProbedPage]) -> dict[str, int]:
    read = [page.page for page in pages if page.visit.kind in (Outcome.ARTICLE, Outcome.LIST)]
    return dict(Counter(page.cms for page in read if page.cms).most_common())


def _generator(pages: Sequence[ProbedPage]) -> str | None:
    marks = [page.visit.fingerprint for page in pages if page.visit.fingerprint is not None]
    return next((mark.generator for mark in marks if mark.generator), None)


def _counter(pages: Sequence[ProbedPage]) -> Mapping[str, str] | None:
    counters = [page.page.counter for page in pages if page.page.counter is not None]
    if not counters:
        return None
    best = max(counters, key=lambda counter: len(counter.printed) - len(counter.reasons))
    return {**{name: f"({reason})" for name, reason in best.reasons.items()}, **best.printed}


def _labels(details: Details) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, Counter[str]] = {}
    for one in details:
        for what, printed in one.labels.items():
            found.setdefault(what, Counter()).update(printed)
    return {what: tuple(label for label, _ in counts.most_common()) for what, counts in found.items()}


def _unknown_labels(pages: Sequence[ProbedPage], details: Details) -> tuple[LabelSeen, ...]:
    """Return the unknown labels that most articles print, unless with one value: then it is the frame that does."""
    seen: dict[str, list[LabelSeen]] = {}
    for one in details:
        for label in one.others:
            seen.setdefault(label.label, []).append(label)
    articles = sum(page.page.article is not None for page in pages)
    return tuple(
        LabelSeen(name, shown(found[0].value), Counter(one.group for one in found).most_common(1)[0][0])
        for name, found in seen.items()
        if articles > 1 and len(found) >= _COMMON * articles and len({one.value for one in found}) > 1
    )


def _missing(answers: Answers, expect: Expect) -> tuple[str, ...]:
    """Return what is missing that the portal's file, or any portal, is expected to have, in words."""
    missing = [
        f"no {kind} was found" for kind in (Outcome.LIST, Outcome.ARTICLE) if not answers.of_kind(kind)
    ]
    for name, rate in rates_of(answers).items():
        declared = expect.filled.get(name)
        least = declared.min if declared and declared.min is not None else None
        if (least is not None and is_below(rate, least)) or (name in ALWAYS and not rate.filled):
            wanted = "" if least is None else f", at least {least:.0%} expected"
            missing.append(f"{name}: in {rate.filled} of {rate.articles} articles{wanted}")
    if expect.counter and not any(page.page.counter for page in answers.pages):
        missing.append("counter: on no page")
    return tuple(missing)


def rates_of(answers: Answers) -> dict[str, Rate]:
    """Return in how many articles each field was read from the page itself."""
    pages = [page.page for page in answers.of_kind(Outcome.ARTICLE)]
    return {
        name: Rate(
            len(pages),
            sum(
                getattr(page.article, name, None) not in (None, [], "", {})
                and page.methods.get(name) not in NOT_FROM_THE_PAGE
                for page in pages
            ),
        )
        for name in (FIELDS if pages else ())
    }


def _storage_hosts(answers: Answers, home: str) -> tuple[str, ...]:
    own = site_of(home).partition(":")[0]
    family = own.split(".", 1)[-1] if own.count(".") > 1 else own
    hosts: Counter[str] = Counter()
    for page in answers.of_kind(Outcome.ARTICLE):
        assert page.page.article is not None
        urls = [image.url for image in page.page.article.images]
        urls += [attachment.url for attachment in page.page.article.attachments]
        hosts.update({urlsplit(urljoin(page.url, url)).hostname or "" for url in urls})
    return tuple(
        host
        for host in hosts
        if host.removeprefix("www.") != own
        and (_STORAGE.search(host) or host.endswith((f".{own}", f".{family}")))
    )


def _size(answers: Answers, details: Details, lists: Sequence[ListSeen]) -> SizeSeen:
    """Estimate how many articles there are: what a sitemap lists, or what lists like those seen would hold."""
    guesses = []
    seen = {one.url for one in lists}
    listed = [
        len({link.url for link in sitemap.visit.links if link.kind == LinkKind.ARTICLE} - seen)
        for sitemap in answers.of_kind(Outcome.SITEMAP)
    ]
    if any(listed):
        guesses.append(SizeSeen(sum(listed), "listed in its sitemaps, as far as they were asked for"))
    others = [one for one in lists if urlsplit(one.url).path not in ("", "/") and not is_later_page(one.url)]
    if others and details:
        alike = {pattern(one.url) for one in others}
        linked = {link.url for link in details[0].links if link.kind == LinkKind.LIST}
        every = {url for url in linked | {one.url for one in others} if not is_later_page(url)}
        known = {unquote(url) for url in every if pattern(url) in alike}
        own = _own_items(answers)
        each = mean(own[one.url] * (one.last_page or 1) for one in others)
        pages = sum(one.last_page or 1 for one in others)
        how = f"{len(known)} lists like the {len(others)} seen, which have {pages} pages"
        guesses.append(SizeSeen(round(each * len(known)), how))
    announced = {item.url for listing in answers.pages for item in listing.page.items}
    guesses.append(SizeSeen(len(announced) or None, "announced on the pages seen" if announced else ""))
    return max(guesses, key=lambda guess: guess.articles or 0)


def _own_items(answers: Answers) -> dict[str, int]:
    """Return how many articles each list announces that no other page does, which is its frame's doing."""
    announced = {page.url: {item.url for item in page.page.items} for page in answers.pages}
    times = Counter(url for urls in announced.values() for url in urls)
    return {page: sum(times[url] == 1 for url in urls) for page, urls in announced.items()}
