"""How a style hides what it is given to, and which classes and ids the style sheets of a page hide.

A portal's own classes stand in several rules, one that hides and one that shows, and scripts name them. A class
that was made to hide something stands in one rule, and in the tags.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

import tinycss2
from lxml import etree
from tinycss2.ast import AtRule, Node, QualifiedRule
from tinycss2.color3 import RGBA, parse_color

from portal_archive.reading.markup.elements import values_of

# What a style must have to hide anything; most have none of it, and need not be parsed.
_MAY_HIDE = re.compile(r"none|hidden|collapse|-\d{3}|opacity|scale|rect|transparent|color|:\s*[01.]", re.I)
_OFF_SCREEN = frozenset("text-indent left right top margin margin-left margin-top".split())
_SIZES = frozenset("font-size height width max-height max-width line-height".split())
_FAR = -100.0  # pixels
_INVISIBLE = 0.1  # opacity
_ALMOST_WHITE = 0.97  # of each of red, green and blue
# A sheet for print, or for browsers without scripts.
_ELSEWHERE = re.compile(r"<noscript[^<>]*>\s*<style|media\s*=\s*[\"']?(?!all|screen)", re.I)
_NAMING = re.compile(r"(?:[.#]|\(\s?[\"'])\Z")
_LONGER = re.compile(r"[\w-]")
_MOVES = ("transition", "animation")  # what a script shows in time
_MOST_NAMES = 50  # each is looked for on the whole page
_LONGEST_SHEET = 50_000  # characters; a whole framework's is longer
_DEEPEST = 4  # at-rules within each other

Declarations = dict[str, list[Node]]


class Hiding(StrEnum):
    """How something is kept from readers; the value is the name of the sentence that says so."""

    NOT_DISPLAYED = "not-displayed"
    ZERO_SIZE = "zero-size"
    OFF_SCREEN = "off-screen"
    TRANSPARENT = "transparent"
    SAME_COLOUR = "same-colour"
    NO_SCRIPT = "no-script"
    COMMENT = "comment"

    @property
    def is_trick(self) -> bool:
        """Whether portals never hide in this way what they mean to show at times."""
        return self in (Hiding.ZERO_SIZE, Hiding.OFF_SCREEN, Hiding.TRANSPARENT, Hiding.SAME_COLOUR)


@lru_cache(maxsize=4096)
def hiding_of(style: str) -> Hiding | None:
    """Return how the value of a style attribute hides; None when it does not, or only by its colour."""
    return _hiding(_declarations(style)) if _MAY_HIDE.search(style) else None


@lru_cache(maxsize=4096)
def colours_of(style: str) -> tuple[str, str]:
    """Return the colours that a style sets for text and background, in one spelling; "" for none."""
    found = _declarations(style)
    return _colour(found.get("color")), _colour(found.get("background-color") or found.get("background"))


def plain_colour(value: str | None) -> str:
    """Return a colour in one spelling, "white" for all that look like it; "" for none."""
    colour = parse_color(value) if value else None
    return _spelled(colour) if isinstance(colour, RGBA) else ""


def _spelled(colour: RGBA) -> str:
    if colour.alpha == 0:
        return "transparent"
    return "white" if min(colour[:3]) >= _ALMOST_WHITE else ",".join(f"{part:.2f}" for part in colour)


def hidden_names(source: str, starts: Iterable[int], tree: etree._Element) -> dict[str, Hiding]:
    """Return the classes (".x") and ids ("#x") of a page that its style sheets at these places hide for good.

    Of those that no element of the parsed page wears none is told.
    """
    used: Counter[str] = Counter()
    hidden: dict[str, Hiding] = {}
    last = 0
    for start in starts:
        if not 0 <= last <= start:
            continue  # part of the sheet before
        first = source.find(">", start) + 1
        if not first:
            break
        last = source.find("</", first)
        if first <= last <= first + _LONGEST_SHEET and not _ELSEWHERE.search(
            source, max(start - 40, 0), first
        ):
            names, hides = _names_of(source[first:last])
            used.update(names)
            hidden.update(hides)
    once = [name for name in hidden if used[name] == 1]
    worn = _worn(tree) if once else frozenset()
    looked_at = [name for name in once if name in worn][:_MOST_NAMES]
    return {name: hidden[name] for name in looked_at if not _is_scripted(name[1:], source)}


def _worn(tree: etree._Element) -> frozenset[str]:
    """Return the classes and ids of the elements of a page."""
    named = {f".{name}" for value in set(values_of("class", tree)) for name in value.split()}
    return frozenset(named.union(f"#{value}" for value in values_of("id", tree) if value))


def _is_scripted(name: str, source: str) -> bool:
    """Return whether more than one rule names a class or id: then a script does."""
    return (
        sum(
            bool(_NAMING.search(before[-3:])) and not _LONGER.match(after)
            for before, after in pairwise(source.split(name))
        )
        > 1
    )


@lru_cache(maxsize=256)
def _names_of(sheet: str) -> tuple[Counter[str], dict[str, Hiding]]:
    """Return how many rules name each class and id, and those that a simple rule hides."""
    used: Counter[str] = Counter()
    hidden: dict[str, Hiding] = {}
    for rule, always in _rules(tinycss2.parse_stylesheet(sheet, skip_comments=True), _DEEPEST):
        used.update({name for part in _selectors(rule.prelude) for name in _names(part)})
        found = _declarations(rule.content)
        hiding = _hiding(found)
        if hiding is None and (colour := _colour(found.get("color"))):
            background = found.get("background-color") or found.get("background")
            hiding = Hiding.SAME_COLOUR if colour == _colour(background) else None
        if hiding is None or not always or any(name.endswith(_MOVES) for name in found):
            continue
        for part in _selectors(rule.prelude):
            if name := _simple(part):
                hidden[name] = hiding
    return used, hidden


def _rules(nodes: Sequence[Node], depth: int, always: bool = True) -> Iterator[tuple[QualifiedRule, bool]]:
    """Yield the rules of a sheet, and whether they hold on every screen."""
    for node in nodes:
        if isinstance(node, QualifiedRule):
            yield node, always
        elif isinstance(node, AtRule) and node.content is not None and depth:
            words = [token.lower_value for token in node.prelude if token.type == "ident"]
            everywhere = node.lower_at_keyword == "media" and words in (["all"], ["screen"])
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True)
            yield from _rules(inner, depth - 1, always and everywhere)


def _selectors(prelude: Sequence[Node]) -> list[list[Node]]:
    parts: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def _names(selector: Sequence[Node]) -> Iterator[str]:
    for before, token in pairwise([None, *selector]):
        if token.type == "hash":
            yield f"#{token.value}"
        elif token.type == "ident" and before == ".":
            yield f".{token.value}"


def _simple(selector: Sequence[Node]) -> str | None:
    """Return the class or id of a selector that is nothing else, but for the name of a tag; None for any other."""
    tokens = [token for token in selector if token.type != "whitespace"]
    if tokens and tokens[0].type == "ident":
        tokens = tokens[1:]
    names = list(_names(tokens))
    length = 1 if tokens and tokens[0].type == "hash" else 2
    return names[0] if len(names) == 1 and len(tokens) == length else None


def _declarations(css: str | Sequence[Node]) -> Declarations:
    """Return the values of each property, of one that is set again the last."""
    return {
        node.lower_name: [token for token in node.value if token.type != "whitespace"]
        for node in tinycss2.parse_blocks_contents(css)
        if node.type == "declaration"
    }


def _hiding(found: Declarations) -> Hiding | None:
    words = {
        name: [token.lower_value for token in value if token.type == "ident"] for name, value in found.items()
    }
    if "none" in words.get("display", ()) or {"hidden", "collapse"} & set(words.get("visibility", ())):
        return Hiding.NOT_DISPLAYED
    transforms = {
        token.lower_name: _numbers(token.arguments)
        for name in ("transform", "clip")
        for token in found.get(name, ())
        if token.type == "function"
    }
    if any(_is_tiny(name, value) for name, value in found.items() if name in _SIZES):
        return Hiding.ZERO_SIZE
    if 0.0 in transforms.get("scale", ())[:1] or any(
        number <= 1 for number in transforms.get("rect", ())[:1]
    ):
        return Hiding.ZERO_SIZE
    distances = [number for name in _OFF_SCREEN & found.keys() for number in _numbers(found[name])]
    distances += [
        number for name in transforms if name.startswith("translate") for number in transforms[name]
    ]
    if any(number <= _FAR for number in distances):
        return Hiding.OFF_SCREEN
    opacity = _numbers(found.get("opacity", ()))
    if (opacity and opacity[0] < _INVISIBLE) or _colour(found.get("color")) == "transparent":
        return Hiding.TRANSPARENT
    return None


def _numbers(tokens: Iterable[Node]) -> list[float]:
    return [token.value for token in tokens if token.type in ("number", "dimension", "percentage")]


def _is_tiny(name: str, value: Sequence[Node]) -> bool:
    """Return whether a size leaves nothing to see: none, or a pixel."""
    if len(value) != 1 or value[0].type not in ("number", "dimension", "percentage"):
        return False
    size = value[0]
    in_pixels = size.type == "number" or (size.type == "dimension" and size.lower_unit == "px")
    if name == "line-height":
        return bool(size.value == 0)
    return bool(size.value == 0 or (in_pixels and 0 <= size.value <= 1))


def _colour(value: Sequence[Node] | None) -> str:
    """Return the first colour of a value in one spelling; "" for none."""
    colours = (parse_color(token) for token in value or () if token.type in ("ident", "hash", "function"))
    colour = next((colour for colour in colours if isinstance(colour, RGBA)), None)
    return _spelled(colour) if colour else ""
