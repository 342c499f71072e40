"""Hidden links and text: not displayed, of no size, off the screen, in the colour of the page, in comments.

Portals hide much themselves: menus of small screens, forms, microdata, notices for browsers without scripts,
pictures for print. What they never hide is a link to a casino, and prose in the middle of an article.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from itertools import islice

from lxml import etree

from portal_archive.integrity.detector import Detector
from portal_archive.integrity.hosts import BRAND, host_of, is_ordinary, sells
from portal_archive.integrity.passages import Texts
from portal_archive.integrity.styles import Hiding, colours_of, hiding_of, plain_colour
from portal_archive.integrity.words import NAMES, REPORTING, SELLS
from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import Finding
from portal_archive.reading import labels
from portal_archive.reading.markup.elements import plain, texts_of, values_of
from portal_archive.vietnamese.folding import fold, words_of
from portal_archive.vietnamese.syllables import folded_syllables, syllables

_OF_FORMS = frozenset(
    "form input select textarea button label option script style template iframe object svg".split()
)
_SCRIPT_NOTICE = re.compile(r"java\s*-?script|trinh duyet|browser|kich ban", re.I)
_OWN_PARTS = re.compile(
    r"print|menu|nav|modal|popup|tooltip|dropdown|collapse|toolbar|share|social|comment|login|search|captcha|token|preview"
    r"|loading|breadcrumb|widget|slide|carousel|lightbox|counter|rating|player|audio|video|lang|msg|alert|error|dialog|meta"
    r"|sr-only|visually-hidden|screen-reader|skip|imgpreview|fb-|zalo|weather|schema|author|date", re.I,
)  # fmt: skip
_OWN_HOLDERS = frozenset("form ul ol nav header footer tr body button label".split())
_COLOURED_HOLDERS = frozenset(("th", "button", "header", "footer", "nav"))
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,1000}?\bhref\s*=\s*[\"']?([^\"'\s<>]{1,2000})[^<>]{0,1000}>(.{0,400}?)</a>", re.I | re.S
)
_TAG = re.compile(r"<[^<>]*>")
_PROSE_BEFORE = re.compile(r"[\w\u0300-\u036f][,;.:]?\s*\Z")
_PROSE_AFTER = re.compile(r"\s*[^\W_]")
_UNFINISHED = re.compile(r"[\w\u0300-\u036f][,;]?\s*\Z")
_LETTERS = re.compile(r"[^\W\d_]+")
_PROSE = 40  # characters of text beside something hidden that make it part of an article
_LONGEST = 400  # characters of hidden text that are shown, and up to which a class hides a keyword
_MOST_WORDS = 2000  # of something hidden that are looked at
_SHINGLE = 4  # words
_MOST = 1000  # hidden elements that are looked at


class HiddenText(Detector):
    """Finds what a page keeps from its readers and that is not its own."""

    kind = FindingKind.HIDDEN

    def find(self, texts: Texts) -> Iterator[Finding]:
        """Yield a finding for each such element and comment, with its place in the page's source."""
        if texts.document.is_text:
            return
        yield from self._comments(texts)
        visible = _Visible(texts)
        for element, hiding, by_name in _hidden(texts):
            yield from self._judge(texts, visible, element, hiding, by_name)

    def _judge(
        self, texts: Texts, visible: _Visible, element: etree._Element, hiding: Hiding, by_name: bool
    ) -> Iterator[Finding]:
        hidden = " ".join(plain(element).split(None, _MOST_WORDS)[:_MOST_WORDS])
        if not hidden or element.tag in _OF_FORMS:
            return
        span, said = _keyword(hidden, by_name)
        signs = [hiding.value, *said]
        linked = _foreign_link(
            texts, element, bool(said), by_name and (len(hidden) > _LONGEST or _is_own(element))
        )
        if linked:
            signs += linked[1]
            span = linked[0] or span
        if not said and not linked:
            if by_name and not _is_in_sentence(element):
                return
            if not visible.is_inside(element, hidden, hiding.is_trick or by_name):
                return
            signs.append("in-article")
        source = texts.document.source
        start, end = _locate(source, span or hidden[:_LONGEST], element)
        yield self.finding(signs, source, "html", start, end)

    def _comments(self, texts: Texts) -> Iterator[Finding]:
        source = texts.document.source
        for first, last in texts.marks.comments:
            inner = source[first:last]
            if last - first < 6 or not (found := self._in_comment(texts, source, first, inner)):
                continue
            signs, start, end = found
            yield self.finding([Hiding.COMMENT.value, *signs], source, "html", start, end)

    def _in_comment(
        self, texts: Texts, source: str, first: int, inner: str
    ) -> tuple[list[str], int, int] | None:
        """Return what speaks against a comment, and where in the page's source that stands."""
        for link in _ANCHOR.finditer(inner) if "href" in inner else ():
            host = host_of(unescape(link[1]))
            if not host or is_ordinary(host, texts.own_host):
                continue
            text = unescape(_TAG.sub("", link[2])).strip()
            if sells(host) or SELLS.within(fold(text)):
                signs = ["link", "selling-host"]
            elif not host.endswith(".vn") and text[:1].islower() and _is_prose(text):
                signs = ["link"]
            else:
                continue
            return signs, first + link.start(2), first + link.end(2)
        text = unescape(_TAG.sub(" ", inner)) if "<" in inner or "&" in inner else inner
        folded = fold(text)
        spans = SELLS.spans(folded)
        stripped = inner.strip()
        start = first + inner.find(stripped)
        end = start + min(len(stripped), _LONGEST)
        if spans and not REPORTING.within(folded):
            if text is inner and len(folded) == len(inner):
                start, end = first + spans[0][0], first + spans[0][1]
            return ["selling-text"], start, end
        last = first + len(inner)
        if (
            "<" not in inner
            and len(inner) <= _LONGEST
            and _PROSE_BEFORE.search(source, max(first - 44, 0), first - len("<!--"))
            and _PROSE_AFTER.match(source, last + len("-->"))
            and _is_prose(inner)
        ):
            return ["in-sentence"], start, end
        return None


def _hidden(texts: Texts) -> Iterator[tuple[etree._Element, Hiding, bool]]:
    """Yield the outermost hidden elements, how each is hidden, and whether a style sheet of the page does it."""
    found = {element: (how, by_name) for element, how, by_name in islice(_each_hidden(texts), _MOST)}
    for element, (how, by_name) in found.items():
        if not any(ancestor in found for ancestor in element.iterancestors()):
            yield element, how, by_name


def _each_hidden(texts: Texts) -> Iterator[tuple[etree._Element, Hiding, bool]]:
    # A page has a thousand elements: each question is asked of all of them at once, and only where it makes sense.
    tree, names = texts.document.tree, texts.hidden_names
    elements = [element for element in tree.iter(etree.Element) if element.get("style")]
    elements += tree.iter("noscript", "marquee", "font")
    if values_of("hidden", tree):
        elements += [element for element in tree.iter(etree.Element) if element.get("hidden") is not None]
    backgrounds = _backgrounds(tree)
    for element in elements:
        if how := _how(element, backgrounds):
            yield element, how, False
    if not names:
        return
    wearers = {
        classes: how
        for classes in set(values_of("class", tree))
        if (how := next((how for name in classes.split() if (how := names.get(f".{name}"))), None))
    }
    identified = {name[1:]: how for name, how in names.items() if name.startswith("#")}
    for element in tree.iter(etree.Element):
        how = wearers.get(element.get("class", "")) or (
            identified.get(element.get("id", "")) if identified else None
        )
        if how:
            yield element, how, True


def _backgrounds(tree: etree._Element) -> set[str]:
    """Return every colour that any element of a page may have behind it, as far as the page itself says."""
    styles = (style for style in set(values_of("style", tree)) if "background" in style.lower())
    plain_ones = map(plain_colour, set(values_of("bgcolor", tree)))
    return {"white", *plain_ones, *(colours_of(style)[1] for style in styles)}


def _how(element: etree._Element, backgrounds: set[str]) -> Hiding | None:
    """Return how an element is hidden by itself; None when it is not. `backgrounds` are those of the page."""
    if element.tag == "noscript":
        return Hiding.NO_SCRIPT
    if element.get("hidden") is not None:
        return Hiding.NOT_DISPLAYED
    style = element.get("style") or ""
    if hiding := hiding_of(style):
        return hiding
    if element.tag == "marquee" and {element.get("width"), element.get("height")} & {"0", "1"}:
        return Hiding.ZERO_SIZE
    if element.tag == "font" and element.get("size") == "0":
        return Hiding.ZERO_SIZE
    wanted = colours_of(style)[0] if "color" in style.lower() else ""
    wanted = wanted or (plain_colour(element.get("color")) if element.tag == "font" else "")
    # Most text has a colour that no element of the page has behind it, which need not be looked for.
    return Hiding.SAME_COLOUR if wanted in backgrounds and wanted and wanted == _background(element) else None


def _background(element: etree._Element) -> str:
    """Return the colour behind an element as far as the page itself says, else white; "" where a class may say."""
    for holder in (element, *element.iterancestors()):
        style = holder.get("style") or ""
        background = colours_of(style)[1] if "background" in style.lower() else ""
        if background := background or plain_colour(holder.get("bgcolor")):
            return background
        if holder is not element and holder.tag in _COLOURED_HOLDERS:
            return ""
    return "white"


def _keyword(hidden: str, by_name: bool) -> tuple[str, list[str]]:
    """Return the first phrase of a hidden text that is known to be sold, and as which sign."""
    folded = fold(hidden)
    vocabulary = frozenset(words_of(folded))
    for lexicon, sign in ((SELLS, "selling-text"), (NAMES, "naming-text")):
        spans = lexicon.spans(folded, vocabulary)
        # A sheet that hides a long text is one whose script shows it.
        if spans and not REPORTING.spans(folded, vocabulary) and not (by_name and len(hidden) > _LONGEST):
            return hidden[slice(*spans[0])], [sign]
    return "", []


def _foreign_link(
    texts: Texts, element: etree._Element, is_keyword: bool, is_own: bool
) -> tuple[str, list[str]] | None:
    """Return the words of the first link to a host that the page has no reason to link to, and its signs."""
    for link in element.iter("a"):
        host = host_of(texts.document.absolute(link.get("href") or ""))
        if not host or is_ordinary(host, texts.own_host):
            continue
        selling = sells(host) is not None
        if (is_own or (host.endswith(".vn") and not is_keyword)) and not selling:
            continue
        text = plain(link)
        # A vendor or an archive names itself; a keyword is no name.
        is_name = not text or all(word[0].isupper() for word in _LETTERS.findall(text))
        sign = "link-within" if host.endswith(".vn") else "link-by-name" if is_name else "link"
        return text or link.get("href") or "", [sign, *(["selling-host"] if selling else [])]
    return None


def _is_own(element: etree._Element) -> bool:
    """Return whether the class or id of an element is that of a part of the site."""
    return _OWN_PARTS.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None


def _is_in_sentence(element: etree._Element) -> bool:
    """Return whether the sentence goes on before and behind an element."""
    before = element.getprevious()
    parent = element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else None
    return bool(_UNFINISHED.search((text or "")[-40:]) and _PROSE_AFTER.match(element.tail or ""))


class _Visible:
    """What the page shows: the words of the article, and how much text stands around what is hidden."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._shingles: dict[int, Counter[tuple[str, ...]]] = {}  # by their length
        self._is_prose: dict[etree._Element, bool] = {}  # by the holder

    def is_inside(self, element: etree._Element, hidden: str, trick: bool) -> bool:
        """Return whether something hidden is prose in the middle of an article, and no part of the site."""
        folded = fold(hidden)
        if element.tag == "noscript":
            return (
                element.find(".//img") is None
                and element.find(".//iframe") is None
                and element.find(".//style") is None
                and not _SCRIPT_NOTICE.search(folded)
                and _is_prose(hidden)
            )
        if not _is_prose(hidden) or labels.TOOLBAR_LINE.match(folded):
            return False
        if not trick and (element.get("id") or element.get("data-target")):
            return False
        if any(True for _ in element.iter(*_OF_FORMS)) or element.get("itemprop") or element.get("itemtype"):
            return False
        # What is read as text was not recognised as hidden: then it must stand there twice to be a copy.
        if _is_own(element) or self._times(folded) > trick:
            return False
        parent = element.getparent()
        return parent is not None and parent.tag not in _OWN_HOLDERS and self._holds_prose(parent)

    def _times(self, folded: str) -> int:
        """Return how often the article says these words, as far as runs of four words tell."""
        words = words_of(folded)
        length = min(_SHINGLE, len(words))
        if length not in self._shingles:
            self._shingles[length] = Counter(
                shingle
                for passage in self._texts.passages
                for shingle in _shingles(passage.folded_words, length)
            )
        return min((self._shingles[length][shingle] for shingle in _shingles(words, length)), default=0)

    def _holds_prose(self, holder: etree._Element) -> bool:
        """Return whether an element holds sentences of its own, or paragraphs."""
        if holder not in self._is_prose:
            own = [holder.text or "", *(child.tail or "" for child in holder)]
            paragraphs = (len("".join(texts_of(child))) for child in holder if child.tag == "p")
            # One of the paragraphs may be the hidden one.
            long = islice((length for length in paragraphs if length >= 2 * _PROSE), 2)
            self._is_prose[holder] = sum(len(text.strip()) for text in own) >= _PROSE or len(list(long)) > 1
        return self._is_prose[holder]


def _shingles(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[offset:] for offset in range(length)), strict=False)


@lru_cache(maxsize=1024)
def _is_prose(text: str) -> bool:
    """Return whether a text is words, two at least, most of them Vietnamese or known as such without marks."""
    words = [word for word in _LETTERS.findall(text.lower()) if len(word) > 1]
    if BRAND.search(fold(text)):
        return True
    if len(words) < 2:
        return False
    known = sum(word in syllables() or fold(word) in folded_syllables() for word in words)
    return known * 2 >= len(words)


def _locate(source: str, text: str, element: etree._Element) -> tuple[int, int]:
    """Return where a text of the tree stands in the page's source; its style where entities or tags part it."""
    for wanted in (text, escape(text), escape(text, quote=False)):
        start = source.find(wanted)
        if start >= 0:
            return start, start + len(wanted)
    style = element.get("style") or ""
    words = r"(?:\s|&nbsp;|<[^>]{0,300}>)+".join(map(re.escape, text.split()[:30]))
    position = max(source.find(style), 0) if style else 0
    match = re.compile(words).search(source, position) or re.compile(words).search(source)
    if match:
        return match.span()
    if style and (start := source.find(style)) >= 0:
        return start, start + len(style)
    return 0, 0
