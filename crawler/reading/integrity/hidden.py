"""Hidden links and text: not displayed, of no size, off the screen, in the colour of the page, in comments.

Portals hide much themselves: menus of small screens, forms, microdata, notices for browsers without scripts,
pictures for print. What they never hide is a link to a casino, and prose in the middle of an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from itertools import chain

from lxml import etree

from crawler.reading import labels
from crawler.reading.body import plain, texts_of
from crawler.reading.integrity.finding import HIDDEN, finding, together
from crawler.reading.integrity.hosts import BRAND, host_of, is_ordinary, sells
from crawler.reading.integrity.passages import Texts
from crawler.reading.integrity.source import LONGEST_TAG, may_hide, styled
from crawler.reading.integrity.words import NAMES, REPORTING, SELLS
from crawler.reading.page import Finding
from vietnamese.folding import fold, words_of
from vietnamese.written import folded_syllables, syllables

_OPEN_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_NAMED = re.compile(r"\b(?:id|itemprop|data-target)\s*=", re.I)
_WINDOW = 600  # characters behind a tag that are looked at before the tree is
_LONGEST_NOTICE = 2000  # characters: what says more without scripts is no notice
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_TRICKS = (
    ("zero size", "cỡ bằng không", re.compile(
        r"font-size\s*:\s*(?:0(?![.\d]*[1-9])|0?\.\d|1px)|(?<![\w-])(?:max-)?(?:height|width)\s*:\s*[01](?:px|em|%)?\s*(?:;|$|!)"
        r"|line-height\s*:\s*0(?![.\d])|transform\s*:\s*scale\(0|clip\s*:\s*rect\(\s*[01]", re.I)),
    ("off the screen", "nằm ngoài màn hình", re.compile(
        r"(?:text-indent|left|right|top|margin-left|margin-top|margin)\s*:\s*-\d{3,}|translate\w*\(\s*-\d{3,}", re.I)),
    ("transparent", "trong suốt", re.compile(
        r"(?<![\w-])opacity\s*:\s*0?(?:\.0\d*)?\s*(?:;|$|!)|(?<![\w-])color\s*:\s*transparent", re.I)),
)  # fmt: skip
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.I)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.I)
_WHITE = frozenset(
    ("#fff", "#ffffff", "white", "rgb(255,255,255)", "#fefefe", "#fdfdfd", "rgba(255,255,255,1)", "#fffffe")
)
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
_PROSE = 40  # characters of text beside something hidden that make it part of an article
_LONGEST = 400
_LINK, _SELLING, _NAMING, _HOST, _INSIDE, _TRICK = 0.6, 0.7, 0.5, 0.6, 0.45, 0.2


def find_hidden(texts: Texts) -> Iterator[Finding]:
    """Yield a finding for each thing the page keeps from its readers and that is not its own."""
    if texts.document.is_text:
        return
    yield from _comments(texts)
    if not _may_hide(texts):
        return
    done: set[etree._Element] = set()
    for element in texts.document.tree.iter(etree.Element):
        style = element.get("style")
        if not (style and may_hide(style)) and element.tag not in _HIDING and element.get("hidden") is None:
            continue
        how = _how(element)
        if how is None or any(ancestor in done for ancestor in element.iterancestors()):
            continue
        done.add(element)
        yield from _judge(texts, element, *how)


def _may_hide(texts: Texts) -> bool:
    """Tell by the source whether anything is hidden that is more than an empty box, a form or a picture."""
    source = texts.document.source
    return any(_is_hiding(texts, tag) for tag in chain(texts.marks.hiding, styled(source)))


def _is_hiding(texts: Texts, start: int) -> bool:
    source = texts.document.source
    tag = _OPEN_TAG.match(source, max(start, 0))
    if tag is None or len(tag[0]) > LONGEST_TAG:
        return True
    name = tag[1].lower()
    hides, named = _tag_hides(name, tag[0])
    if not hides:
        return False
    end = tag.end() + _WINDOW
    if name == "noscript":
        end = source.find(f"</{tag[1]}", tag.end(), tag.end() + _LONGEST_NOTICE)
    return end < 0 or _is_worth_a_look(texts, source[tag.end() : end], not named)


@lru_cache(maxsize=4096)
def _tag_hides(name: str, tag: str) -> tuple[bool, bool]:
    """Tell of an opening tag whether it hides what is in it, and whether it is named as a part of the site."""
    if name in _OF_FORMS or name in _EMPTY:
        return False, False
    # Where an attribute ends, so does its last property.
    opening = tag.replace('"', ";").replace("'", ";")
    colour = _COLOUR.search(opening)
    trick = (
        name in _HIDING
        or (colour is not None and (_colour(colour[1]) == "white" or "background" in opening))
        or any(how.search(opening) for *_, how in _TRICKS)
    )
    named = not trick and bool(_NAMED.search(opening) or _OWN_PARTS.search(opening))
    return trick or bool(_NOT_SHOWN.search(opening)) or " hidden" in opening, named


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


def _how(element: etree._Element) -> tuple[str, str, bool] | None:
    """Say how an element is hidden, in English and Vietnamese, and whether that is a trick; None when it is not."""
    if element.tag == "noscript":
        return "only for browsers without scripts", "chỉ hiện khi trình duyệt tắt script", False
    style = element.get("style") or ""
    if element.get("hidden") is not None or _NOT_SHOWN.search(style):
        return "not displayed", "không được hiển thị", False
    for english, vietnamese, pattern in _TRICKS:
        if pattern.search(style):
            return english, vietnamese, True
    if element.tag == "marquee" and {element.get("width"), element.get("height")} & {"0", "1"}:
        return "zero size", "cỡ bằng không", True
    if element.tag == "font" and element.get("size") == "0":
        return "zero size", "cỡ bằng không", True
    colour = _COLOUR.search(style)
    wanted = _colour(colour[1] if colour else element.get("color") if element.tag == "font" else None)
    if wanted and wanted == _background(element):
        return "in the colour of the page", "cùng màu với nền", True
    return None


def _colour(value: str | None) -> str:
    squeezed = "".join((value or "").lower().split())
    return "white" if squeezed in _WHITE else squeezed


def _background(element: etree._Element) -> str:
    """Return the colour behind an element as far as the page itself says, else white; "" where a class may say."""
    for holder in (element, *element.iterancestors()):
        if match := _BACKGROUND.search(holder.get("style") or ""):
            return _colour(match[1])
        if named := holder.get("bgcolor"):
            return _colour(named)
        if holder is not element and holder.tag in ("th", "button", "header", "footer", "nav"):
            return ""
    return "white"


def _judge(texts: Texts, element: etree._Element, how: str, how_vi: str, trick: bool) -> Iterator[Finding]:
    hidden = plain(element)
    if not hidden or element.tag in _OF_FORMS:
        return
    folded = fold(hidden)
    signs = [_TRICK if trick else 0.0]
    span = ""
    if not REPORTING.within(folded):
        for lexicon, sign in ((SELLS, _SELLING), (NAMES, _NAMING)):
            if spans := lexicon.spans(folded):
                signs.append(sign)
                span = hidden[spans[0][0] : spans[0][1]]
                break
    for link in element.iter("a"):
        host = host_of(texts.document.absolute(link.get("href") or ""))
        if not host or is_ordinary(host, texts.own_host):
            continue
        selling = sells(host) is not None
        if host.endswith(".vn") and not selling and len(signs) == 1:
            continue
        signs.append(_LINK if not host.endswith(".vn") else 0.2)
        if selling:
            signs.append(_HOST)
        span = plain(link) or span or (link.get("href") or "")
        break
    if len(signs) == 1:
        if not _is_inside(texts, element, hidden, folded, trick):
            return
        signs += [_INSIDE, 0.15]
    score = together(signs)
    source = texts.document.source
    start, end = _locate(source, span or hidden[:_LONGEST], element)
    yield finding(
        HIDDEN, score, source, "html", start, end,
        f"Text that readers do not see: {how}.", f"Nội dung người đọc không nhìn thấy: {how_vi}.",
    )  # fmt: skip


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
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _OWN_PARTS.search(names):
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
