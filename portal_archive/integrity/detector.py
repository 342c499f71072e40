"""What a detector is, and how the signs that it finds add up to a finding."""

from __future__ import annotations

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from math import prod
from pathlib import Path
from pkgutil import iter_modules
from typing import ClassVar

from portal_archive.integrity import detectors
from portal_archive.integrity.passages import Texts
from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import Finding

_WEIGHTS = Path(__file__).with_name("weights.toml")
MOST_SURE = 0.99
# Weaker findings are not worth anybody's time.
LEAST_SURE = 0.3


class Detector(ABC):
    """One way in which pages are tampered with; `weights` says how sure each sign of it makes us."""

    kind: ClassVar[FindingKind]

    def __init__(self) -> None:
        self.weights = all_weights()[self.kind]

    @abstractmethod
    def find(self, texts: Texts) -> Iterator[Finding]:
        """Yield the findings of an article, each with the span of a field; time grows no faster than n log n."""

    def find_in_address(self, url: str) -> Iterable[Finding]:
        """Return the findings that a page's address alone shows; the field is "url"."""
        return ()

    def score(self, signs: Iterable[str]) -> float:
        """Return how sure several independent signs make us: noisy-or of their weights, below `MOST_SURE`."""
        return min(round(1.0 - prod(1.0 - self.weights[sign] for sign in signs), 2), MOST_SURE)

    def finding(
        self, signs: Iterable[str], text: str, field: str, start: int, end: int, **details: object
    ) -> Finding:
        """Return a finding about `text[start:end]`, the text being the article's `field`.

        `details` are the values that the sentences of the signs name.
        """
        signs = tuple(signs)
        return Finding(self.kind, self.score(signs), text[start:end], signs, details, field, start, end)


@cache
def all_weights() -> Mapping[str, Mapping[str, float]]:
    """Return the weight of each sign by kind of finding, as `weights.toml` has them."""
    return tomllib.loads(_WEIGHTS.read_text(encoding="utf-8"))


@cache
def registry() -> tuple[Detector, ...]:
    """Return one of each detector that a module of `detectors` defines, in the order of the modules' names."""
    names = sorted(module.name for module in iter_modules(detectors.__path__))
    modules = [import_module(f"{detectors.__name__}.{name}") for name in names]
    return tuple(
        value()
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Detector) and value.__module__ == module.__name__
    )
