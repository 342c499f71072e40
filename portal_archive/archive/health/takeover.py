"""Whether a host speaks for another owner than before: its software, certificate, language and topics.

A redesign changes the software, and a renewal the certificate; what cannot be explained so is a takeover:
two signs of different nature together, or another language, or articles many of which were tampered with. Who
restores a portal's old articles on its lapsed name is told by the build and the ties of the pages (see `rebuilt`),
where no news comes any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from portal_archive.archive.health import rebuilt
from portal_archive.archive.health.evidence import Evidence
from portal_archive.archive.health.rebuilt import Rebuilt
from portal_archive.model.messages import Message, say

# How sure findings of kind TAKEOVER are.
SCORE = 0.9
# Pages that must have been read, before and now, to compare them.
_ENOUGH_PAGES = 3
_MOST = 0.5
_FEW = 0.2
# Articles that carry signs of tampering, and their share, that no slip of a detector explains.
_FLAGGED_PAGES = 5
_FLAGGED_SHARE = 1 / 3
# Frequent words that must be known, before and now, and how alike (cosine) headlines of another topic still are.
# Of a real portal with 80 articles, any 20 headlines are 0.3 or more like the others, any 10 only 0.1.
_ENOUGH_WORDS = 100
_OTHER_TOPIC = 0.2
_NOTHING_IN_COMMON = 0.08
# A redesign explains all of these at once: they count as one sign.
_SOFTWARE = ("generator", "build")
# So many hosts are named.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One sign that the owner is another: what it was before and is now."""

    sign: str
    before: str
    after: str
    alone: bool = False  # enough by itself

    @property
    def said(self) -> Message:
        """What is said of it."""
        return say(f"evidence.takeover-{self.sign}", before=self.before, after=self.after)

    @property
    def span(self) -> str:
        """What a person decides about: the new software or owner; a topic in other words is the same one."""
        return f"{self.sign}: {self.after}" if self.sign in ("generator", "owner") else self.sign


def changes(now: Evidence, good: Sequence[Evidence], *, has_news: bool = False) -> list[Change]:
    """Return the signs of another owner in a crawl, compared with good crawls before, newest first.

    `has_news` says that articles came in with it that were published since. Then a portal that is built anew and
    keeps its neighbours was relaunched by its owners, whoever made it and holds its certificate.
    """
    build = rebuilt.compare([crawl.signs for crawl in good], now.signs)
    before = _together(good)
    signs = {name: now.signs.get(name, Counter[str]()) for name in before}
    found = [
        _flagged(now.signs.get("flagged", Counter[str]()), before["flagged"]),
        _language(signs["language"], before["language"]),
        _generator(signs["generator"], before["generator"]),
        _owner(signs["owner"], before["owner"]),
        _topic(signs["word"], before["word"]),
        *_rebuilt(build, has_news=has_news),
    ]
    is_relaunch = has_news and build is not None and build.ties_kept
    return [
        change
        for change in found
        if change is not None and not (is_relaunch and change.sign in (*_SOFTWARE, "owner"))
    ]


def can_tell(now: Evidence) -> bool:
    """Tell whether a crawl read enough articles to show that a portal is in its owner's hands again."""
    return now.number("flagged") >= _FLAGGED_PAGES


def is_takeover(found: Sequence[Change]) -> bool:
    """Tell whether these signs together show another owner."""
    natures = {"software" if change.sign in _SOFTWARE else change.sign for change in found}
    return len(natures) >= 2 or any(change.alone for change in found)


def _together(crawls: Sequence[Evidence]) -> dict[str, Counter[str]]:
    names = ("flagged", "language", "generator", "owner", "word")
    together = {name: Counter[str]() for name in names}
    for crawl in crawls:
        for name in names:
            together[name].update(crawl.signs.get(name, Counter[str]()))
    return together


def _share(counts: Counter[str], value: str) -> float:
    return counts[value] / counts.total() if counts else 0.0


def _flagged(now: Counter[str], before: Counter[str]) -> Change | None:
    share, was = _share(now, "yes"), _share(before, "yes")
    if now["yes"] < _FLAGGED_PAGES or share < _FLAGGED_SHARE or was > _FEW:
        return None
    return Change(
        "flagged",
        f"{was:.0%}",
        f"{share:.0%}",
        alone=True,
    )


def _language(now: Counter[str], before: Counter[str]) -> Change | None:
    share, was = _share(now, "other"), _share(before, "other")
    if min(now.total(), before.total()) < _ENOUGH_PAGES or share <= _MOST or was > _FEW:
        return None
    return Change(
        "language",
        f"{1 - was:.0%}",
        f"{1 - share:.0%}",
        alone=True,
    )


def _generator(now: Counter[str], before: Counter[str]) -> Change | None:
    if min(now.total(), before.total()) < _ENOUGH_PAGES:
        return None
    (is_now, count), (was, earlier) = now.most_common(1)[0], before.most_common(1)[0]
    if is_now == was or not is_now or count <= now.total() * _MOST or earlier <= before.total() * _MOST:
        return None
    if before[is_now] > before.total() * _FEW:
        return None
    old = was or "-"
    return Change(
        "generator",
        old,
        is_now,
    )


def _owner(now: Counter[str], before: Counter[str]) -> Change | None:
    if not now or not before:
        return None
    is_now, was = now.most_common(1)[0][0], before.most_common(1)[0][0]
    if is_now in before or _is_host(is_now):
        return None
    return Change(
        "owner",
        was,
        is_now,
    )


def _is_host(owner: str) -> bool:
    """Tell whether a certificate names a host alone: anybody gets such a one, the old owner and the next."""
    return "." in owner and " " not in owner


def _rebuilt(build: Rebuilt | None, *, has_news: bool) -> list[Change]:
    """Return that the pages are built anew, and that they lead elsewhere where no news speaks for the owners."""
    if build is None:
        return []
    found = []
    if build.build_changed:
        found.append(Change("build", "100%", f"{build.template:.0%}"))
    if build.ties_changed and not has_news:
        before, after = (", ".join(hosts[:_NAMED]) or "-" for hosts in (build.gone, build.new))
        found.append(Change("ties", before, after))
    return found


def _topic(now: Counter[str], before: Counter[str]) -> Change | None:
    if min(now.total(), before.total()) < _ENOUGH_WORDS:
        return None
    likeness = _cosine(now, before)
    if likeness >= _OTHER_TOPIC:
        return None
    old, new = (", ".join(word for word, _ in words.most_common(5)) for words in (before, now))
    return Change(
        "topic",
        old,
        new,
        alone=likeness < _NOTHING_IN_COMMON,
    )


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    product = sum(count * other[word] for word, count in one.items())
    lengths = sqrt(sum(count * count for count in one.values()) * sum(c * c for c in other.values()))
    return product / lengths if lengths else 0.0
