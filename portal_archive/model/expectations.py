"""What a portal is expected to give: declared in its file, else learnt from its good crawls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import takewhile
from math import ceil, comb

# A rate that is expected is never taken for more certain than this: some articles are pictures only.
_MOST_CERTAIN = 0.95
# So improbable must a low rate be that it is no accident, and so far below what is usual that it matters.
_ACCIDENT = 0.001
_MATTERS = 0.1
# Articles that must have been read in good crawls before anything is learnt from them.
_ENOUGH_ARTICLES = 10
# One crawl counts for so many articles at most, so that the first, of the whole portal, does not count alone.
_WEIGHT = 50

# Without a new article a portal is not called silent before: one that seldom or often printed dates.
LEAST_SILENCE = timedelta(days=14)
UNKNOWN_SILENCE = timedelta(days=60)
_FEW_DATES = 5
_LONGER = 1.25


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds, either or both: below `min` is an error, above `max` a warning."""

    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What a portal's file expects of it; what it does not say is learnt.

    `new`: articles published within `days` days. `filled`: field -> share of the articles of a crawl that have
    it on the page itself, 0 to 1. `counter`: True where pages have a visitor counter, False where they have
    none. `newest_within_days`: the newest article is no older. `closed`: the day on which the portal was closed, as
    it is to be shown: that nothing is there any more, or nothing new, needs nobody.
    """

    new: Range | None = None
    days: int = 30
    filled: Mapping[str, Range] = field(default_factory=dict)
    counter: bool | None = None
    newest_within_days: int | None = None
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """In `filled` of `articles` articles a field was read; `examples` are URLs of some where it was not."""

    articles: int
    filled: int
    examples: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The share with the field, 0 to 1."""
        return self.filled / self.articles if self.articles else 0.0


def is_below(rate: Rate, least: float) -> bool:
    """Tell whether a rate is below a declared one, in whole per cent; one article more may always lack it."""
    lacking = rate.articles - rate.filled
    return round(rate.share, 2) < least and lacking > ceil(rate.articles * (1 - least))


def unusual(rates: Iterable[Rate], usual: float) -> Rate | None:
    """Return the rate of the last crawls, newest first, if it is below the usual one by more than accident.

    Crawls add up as long as each is low, so that a loss shows where a crawl reads but one article.
    """
    low = list(takewhile(lambda rate: rate.share <= usual - _MATTERS, rates))
    if not low:
        return None
    together = Rate(sum(rate.articles for rate in low), sum(rate.filled for rate in low), low[0].examples)
    accident = _at_most(together.filled, together.articles, min(usual, _MOST_CERTAIN))
    return together if accident < _ACCIDENT else None


def usual_rate(rates: Sequence[Rate]) -> float | None:
    """Return the median share of earlier crawls, large ones counting more; None where they are too few to tell."""
    if sum(rate.articles for rate in rates) < _ENOUGH_ARTICLES:
        return None
    weights = sorted((rate.share, min(rate.articles, _WEIGHT)) for rate in rates)
    half = sum(weight for _, weight in weights) / 2
    for share, weight in weights:
        half -= weight
        if half <= 0:
            return share
    return None


def longest_silence(gaps: Sequence[timedelta]) -> timedelta:
    """Return how long nothing new may come, by the times that passed between one article and the next before."""
    longest = max(gaps, default=timedelta()) * _LONGER
    return max(longest, LEAST_SILENCE if len(gaps) >= _FEW_DATES else UNKNOWN_SILENCE)


def _at_most(successes: int, trials: int, probability: float) -> float:
    """Return how probable at most so many successes are, in so many independent trials."""
    # Beyond some hundred trials the rate decides, not the number of them; comb would only grow slow.
    if trials > 400:
        successes, trials = successes * 400 // trials, 400
    return sum(
        comb(trials, count) * probability**count * (1 - probability) ** (trials - count)
        for count in range(successes + 1)
    )
