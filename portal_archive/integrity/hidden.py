"""Hidden links and text: not displayed, of no size, off the screen, in the colour of the page, in comments.

Portals hide much themselves: menus of small screens, forms, microdata, notices for browsers without scripts,
pictures for print. What they never hide is a link to a casino, and prose in the middle of an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape, unescape
from itertools import chain

from lxml import etree

from portal_archive.integrity.finding import HIDDEN, finding, together
from portal_archive.integrity.hosts import BRAND, host_of, is_ordinary, sells
from portal_archive.integrity.passages import Texts
from portal_archive.integrity.source import LONGEST_TAG, may_hide, named, styled
from portal_archive.integrity.styles import (
    NOT_DISPLAYED,
    SAME_COLOUR,
    ZERO_SIZE,
    Hiding,
    background_of,
    colour_of,
    hiding_of,
    plain_colour,
)
from portal_archive.integrity.words import NAMES, REPORTING, SELLS
from portal_archive.model.page import Finding
from portal_archive.reading import labels
from portal_archive.reading.elements import plain, texts_of
from portal_archive.vietnamese.folding import fold, words_of
from portal_archive.vietnamese.syllables import folded_syllables, syllables

_OPEN_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_NAMED = re.compile(r"\b(?:id|itemprop|data-target)\s*=", re.I)
_WINDOW = 600  # characters behind a tag that are looked at before the tree is
_LONGEST_NOTICE = 2000  # characters: what says more without scripts is no notice
_OF_FORMS = frozenset(
    "form input select textarea button label option script style template iframe object svg".split()
)
_HIDING = frozenset(("noscript", "marquee", "font"))
_EMPTY = frozenset("img input br hr iframe link meta".split())
_SCRIPT_NOTICE = re.compile(r"java\s*-?script|trinh duyet|browser|kich ban", re.I)
_OWN_PARTS = re.compile(
    r"print|menu|nav|modal|popup|tooltip|dropdown|collapse|toolbar|share|social|comment|login|search|captcha|token|preview"
    r"|loading|breadcrumb|widget|slide|carousel|lightbox|counter|rating|player|audio|video|lang|msg|alert|error|dialog|meta"
    r"|sr-only|visually-hidden|screen-reader|skip|imgpreview|fb-|zalo|weather|schema|author|date", re.I,
)  # fmt: skip
_ANCHOR = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*[\"']?([^\"'\s>]+)[^<>]*>(.{0,400}?)</a>", re.I | re.S)
_TAG = re.compile(r"<[^>]*>")
_PROSE_BEFORE = re.compile(r"[\w\u0300-\u036f][,;.:]?\s*\Z")
_PROSE_AFTER = re.compile(r"\s*[^\W_]")
_UNFINISHED = re.compile(r"[\w\u0300-\u036f][,;]?\s*\Z")
_PROSE = 40  # characters of text beside something hidden that make it part of an article
_LONGEST = 400
_NO_SCRIPT = Hiding("only for browsers without scripts", "chỉ hiện khi trình duyệt tắt script", False)
_LINK, _SELLING, _NAMING, _HOST, _INSIDE, _TRICK = 0.6, 0.7, 0.5, 0.6, 0.45, 0.2


def find_hidden(texts: Texts) -> Iterator[Finding]:
    """Yield a finding for each thing the page keeps from its readers and that is not its own."""
    if texts.document.is_text:
        return
    yield from _comments(texts)
    if not _may_hide(texts):
        return
    done: set[etree._Element] = set()
    names = texts.hidden_names
    for element in texts.document.tree.iter(etree.Element):
        style = element.get("style")
        how, by_name = None, False
        if (style and may_hide(style)) or element.tag in _HIDING or element.get("hidden") is not None:
            how = _how(element)
        if how is None and names and (element.get("class") or element.get("id")):
            how, by_name = _how_by_name(element, names), True
        if how is None or any(ancestor in done for ancestor in element.iterancestors()):
            continue
        done.add(element)
        yield from _judge(texts, element, how, by_name)


def _may_hide(texts: Texts) -> bool:
    """Tell by the source whether anything is hidden that is more than an empty box, a form or a picture."""
    source = texts.document.source
    if any(_is_hiding(texts, tag) for tag in chain(texts.marks.hiding, styled(source))):
        return True
    names = frozenset(name[1:] for name in texts.hidden_names)
    return bool(names) and any(_is_hiding(texts, tag, True) for tag in named(source, names))


def _is_hiding(texts: Texts, start: int, by_name: bool = False) -> bool:
    source = texts.document.source
    tag = _OPEN_TAG.match(source, max(start, 0))
    if tag is None or len(tag[0]) > LONGEST_TAG:
        return True
    name = tag[1].lower()
    hides, is_own = (True, False) if by_name else _tag_hides(name, tag[0])
    if not hides:
        return False
    end = tag.end() + _WINDOW
    if name == "noscript":
        end = source.find(f"</{tag[1]}", tag.end(), tag.end() + _LONGEST_NOTICE)
    return end < 0 or _is_worth_a_look(texts, source[tag.end() : end], not is_own)


@lru_cache(maxsize=4096)
def _tag_hides(name: str, tag: str) -> tuple[bool, bool]:
    """Tell of an opening tag whether it hides what is in it, and whether it is named as a part of the site."""
    if name in _OF_FORMS or name in _EMPTY:
        return False, False
    # Where an attribute ends, so does its last property.
    opening = tag.replace('"', ";").replace("'", ";")
    hiding = hiding_of(opening)
    colour = colour_of(opening)
    is_trick = (
        name in _HIDING
        or (hiding is not None and hiding.is_trick)
        or colour == "white"
        or (colour != "" and "background" in opening)
    )
    is_own = not is_trick and bool(_NAMED.search(opening) or _OWN_PARTS.search(opening))
    return is_trick or hiding is not None or " hidden" in opening, is_own


def _is_worth_a_look(texts: Texts, window: str, unnamed: bool) -> bool:
    """Tell whether what stands behind a hiding tag has a link to elsewhere, or words that are not a notice."""
    return (texts.leaves and texts.leads_away(window)) or _has_words(window, unnamed)


@lru_cache(maxsize=1024)
def _has_words(window: str, unnamed: bool) -> bool:
    """Tell whether a piece of HTML says more than notices do; the same ones stand on every page of a site."""
    words = _TAG.sub(" ", window).split()
    if len(words) < 2:
        return False
    folded = fold(" ".join(words))
    if unnamed and not _SCRIPT_NOTICE.search(folded):
        return True
    vocabulary = frozenset(words_of(folded))
    return bool(SELLS.spans(folded, vocabulary) or NAMES.spans(folded, vocabulary))


def _how(element: etree._Element) -> Hiding | None:
    """Say how an element is hidden by itself; None when it is not."""
    if element.tag == "noscript":
        return _NO_SCRIPT
    if element.get("hidden") is not None:
        return NOT_DISPLAYED
    style = element.get("style") or ""
    if hiding := hiding_of(style):
        return hiding
    if element.tag == "marquee" and {element.get("width"), element.get("height")} & {"0", "1"}:
        return ZERO_SIZE
    if element.tag == "font" and element.get("size") == "0":
        return ZERO_SIZE
    wanted = colour_of(style) or (plain_colour(element.get("color")) if element.tag == "font" else "")
    return SAME_COLOUR if wanted and wanted == _background(element) else None


def _how_by_name(element: etree._Element, names: Mapping[str, Hiding]) -> Hiding | None:
    """Say how a style sheet of the page hides an element by its class or id; None when none does."""
    for name in (element.get("class") or "").split():
        if hiding := names.get(f".{name}"):
            return hiding
    return names.get(f"#{element.get('id')}")


def _background(element: etree._Element) -> str:
    """Return the colour behind an element as far as the page itself says, else white; "" where a class may say."""
    for holder in (element, *element.iterancestors()):
        if background := background_of(holder.get("style") or "") or plain_colour(holder.get("bgcolor")):
            return background
        if holder is not element and holder.tag in ("th", "button", "header", "footer", "nav"):
            return ""
    return "white"


def _judge(texts: Texts, element: etree._Element, how: Hiding, by_name: bool) -> Iterator[Finding]:
    hidden = plain(element)
    if not hidden or element.tag in _OF_FORMS:
        return
    folded = fold(hidden)
    signs = [_TRICK if how.is_trick else 0.0]
    span = ""
    vocabulary = frozenset(words_of(folded))
    for lexicon, sign in ((SELLS, _SELLING), (NAMES, _NAMING)):
        spans = lexicon.spans(folded, vocabulary)
        # A sheet that hides a long text is one whose script shows it.
        if spans and not REPORTING.spans(folded, vocabulary) and not (by_name and len(hidden) > _LONGEST):
            signs.append(sign)
            span = hidden[spans[0][0] : spans[0][1]]
            break
    is_own = by_name and (len(hidden) > _LONGEST or _is_own_part(element))
    for link in element.iter("a"):
        host = host_of(texts.document.absolute(link.get("href") or ""))
        if not host or is_ordinary(host, texts.own_host):
            continue
        selling = sells(host) is not None
        if (is_own or (host.endswith(".vn") and len(signs) == 1)) and not selling:
            continue
        signs.append(_LINK if not host.endswith(".vn") else 0.2)
        if selling:
            signs.append(_HOST)
        span = plain(link) or span or (link.get("href") or "")
        break
    if len(signs) == 1:
        inside = _is_in_sentence(element) if by_name else True
        if not inside or not _is_inside(texts, element, hidden, folded, how.is_trick or by_name):
            return
        signs += [_INSIDE, 0.15]
    score = together(signs)
    source = texts.document.source
    start, end = _locate(source, span or hidden[:_LONGEST], element)
    yield finding(
        HIDDEN, score, source, "html", start, end,
        f"Text that readers do not see: {how.how}.", f"Nội dung người đọc không nhìn thấy: {how.how_vi}.",
    )  # fmt: skip


def _is_own_part(element: etree._Element) -> bool:
    """Tell whether the class or id of an element is that of a part of the site."""
    return _OWN_PARTS.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None


def _is_in_sentence(element: etree._Element) -> bool:
    """Tell whether the sentence goes on before and behind an element."""
    before = element.getprevious()
    parent = element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else None
    return bool(_UNFINISHED.search((text or "")[-40:]) and _PROSE_AFTER.match(element.tail or ""))


def _is_inside(texts: Texts, element: etree._Element, hidden: str, folded: str, trick: bool) -> bool:
    """Tell whether something hidden is prose in the middle of an article, and no part of the site."""
    if element.tag == "noscript":
        return (
            element.find(".//img") is None
            and element.find(".//iframe") is None
            and not _SCRIPT_NOTICE.search(folded)
            and _is_prose(hidden)
        )
    if not _is_prose(hidden) or labels.TOOLBAR_LINE.match(folded):
        return False
    if not trick and (element.get("id") or element.get("itemprop") or element.get("data-target")):
        return False
    if any(True for _ in element.iter(*_OF_FORMS)) or element.get("itemprop") or element.get("itemtype"):
        return False
    if _is_own_part(element):
        return False
    # What is read as text was not recognised as hidden: then it must stand there twice to be a copy.
    if sum(passage.folded.count(folded) for passage in texts.passages) > trick:
        return False
    parent = element.getparent()
    if parent is None or parent.tag in (
        "form",
        "ul",
        "ol",
        "nav",
        "header",
        "footer",
        "tr",
        "body",
        "button",
        "label",
    ):
        return False
    beside = [parent.text or "", *(child.tail or "" for child in parent)]
    if sum(len(text.strip()) for text in beside) >= _PROSE:
        return True
    paragraphs = [child for child in parent if child.tag == "p" and child is not element]
    return sum(len("".join(texts_of(child))) >= 2 * _PROSE for child in paragraphs) >= 1


def _is_prose(text: str) -> bool:
    """Tell whether a text is words, two at least, most of them Vietnamese or known as such without marks."""
    words = [word for word in re.findall(r"[^\W\d_]+", text.lower()) if len(word) > 1]
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


def _comments(texts: Texts) -> Iterator[Finding]:
    source = texts.document.source
    for first, last in texts.marks.comments:
        if last - first < 6:
            continue
        inner = source[first:last]
        signs: list[float] = []
        start, end = first, last
        for link in _ANCHOR.finditer(inner) if "href" in inner else ():
            host = host_of(unescape(link[1]))
            if not host or is_ordinary(host, texts.own_host):
                continue
            text = unescape(_TAG.sub("", link[2])).strip()
            if sells(host) or SELLS.within(fold(text)):
                signs.append(0.75)
            elif not host.endswith(".vn") and text[:1].islower() and _is_prose(text):
                signs.append(0.55)
            else:
                continue
            start, end = start + link.start(2), start + link.end(2)
            break
        if not signs:
            text = unescape(_TAG.sub(" ", inner)) if "<" in inner or "&" in inner else inner
            folded = fold(text)
            spans = SELLS.spans(folded)
            if spans and REPORTING.within(folded):
                spans = []
            if spans:
                signs.append(0.7)
            elif (
                "<" not in inner
                and len(inner) <= _LONGEST
                and _PROSE_BEFORE.search(source, max(first - 44, 0), first - len("<!--"))
                and _PROSE_AFTER.match(source, last + len("-->"))
                and _is_prose(inner)
            ):
                signs.append(0.55)
            else:
                continue
            stripped = inner.strip()
            start = first + inner.find(stripped)
            end = start + min(len(stripped), _LONGEST)
            if spans and text is inner:
                start, end = first + spans[0][0], first + spans[0][1]
        yield finding(
            HIDDEN, together(signs), source, "html", start, end,
            "Text that readers do not see: in a comment of the page.",
            "Nội dung người đọc không nhìn thấy: nằm trong chú thích của mã trang.",
        )  # fmt: skip
