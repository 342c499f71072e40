"""Whether pages that show the old articles are built and tied by others than before.

Who restores an expired portal from an archive shows its old titles and texts: no word gives it away. The build does:
another template that loads other things, without the links to the neighbours of the real portal, or with new ones. A
redesign changes the build and keeps the ties; a new partner changes a tie and keeps the build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# The tallies of what pages are built of, and of how many were looked at; see `model.page_build`.
BUILT, FRAME, ASSET, TIE = "built", "frame", "asset", "tie"
# The builds of so many article pages of a crawl are counted.
BUILT_PAGES = 30
# Pages that must be known, before and now, and the share of them on which a part is part of the site.
ENOUGH_PAGES = 3
COMMON = 0.5
# Likeness (Jaccard) of the common parts below which they are others; a template that is only touched up stays above.
_OTHER_TEMPLATE = 0.25
_OTHER_ASSETS = 0.5
_OTHER_LINKS = 0.34
# Hosts that a site must have linked to, for their loss to say anything.
_LEAST_LINKS = 3
# Only state bodies and the party get names below these.
_OFFICIAL = (".gov.vn", ".dcs.vn")

# What stands on article pages: tally -> value -> pages.
Builds = Mapping[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How alike the builds are, each from 0 to 1, and what is gone and new; None where too little is known."""

    template: float
    assets: float | None
    links: float | None
    gone: tuple[str, ...]  # hosts linked to before and not now, in order
    new: tuple[str, ...]  # the other way round

    @property
    def build_changed(self) -> bool:
        """Whether the template is another, and nothing that it loads speaks against it."""
        return self.template < _OTHER_TEMPLATE and (self.assets is None or self.assets < _OTHER_ASSETS)

    @property
    def ties_changed(self) -> bool:
        """Whether the links to other sites are others, and lead to no other office: an owner would link to those."""
        if self.links is None or self.links >= _OTHER_LINKS:
            return False
        return not any(f".{host}".endswith(_OFFICIAL) for host in self.new)

    @property
    def ties_kept(self) -> bool:
        """Whether most neighbours of before are linked to still."""
        return self.links is not None and self.links >= COMMON


def compare(before: Sequence[Builds], now: Builds) -> Rebuilt | None:
    """Compare the article pages of a crawl with those of good ones before it, newest first.

    Taken before are the newest crawls that read three articles together. Returns None where fewer are known of
    either. The certificate and the generator are compared in `takeover`, to which this adds.
    """
    known: dict[str, Counter[str]] = {name: Counter() for name in (BUILT, FRAME, ASSET, TIE)}
    for builds in before:
        for name, counts in known.items():
            counts.update(builds.get(name, {}))
        if known[BUILT].total() >= ENOUGH_PAGES:
            break
    if min(known[BUILT].total(), now.get(BUILT, Counter()).total()) < ENOUGH_PAGES:
        return None
    template = _likeness(_common(known, FRAME), _common(now, FRAME))
    if template is None:
        return None
    old, new = _common(known, TIE), _common(now, TIE)
    return Rebuilt(
        template,
        _likeness(_common(known, ASSET), _common(now, ASSET)),
        _likeness(old, new) if len(old) >= _LEAST_LINKS else None,
        tuple(sorted(old - new)),
        tuple(sorted(new - old)),
    )


def _common(builds: Builds, part: str) -> frozenset[str]:
    """Return what stands on most pages: what one article links to says nothing about its site."""
    least = COMMON * min(builds[BUILT].total(), BUILT_PAGES)
    return frozenset(value for value, count in builds.get(part, {}).items() if count >= least)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float | None:
    return len(one & other) / len(one | other) if one or other else None
