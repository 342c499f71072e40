"""Links to foreign or commercial hosts inside official text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape

from portal_archive.integrity.finding import FOREIGN_LINK, LEAST, finding, together
from portal_archive.integrity.hosts import BRAND, sells
from portal_archive.integrity.passages import Anchor, Texts
from portal_archive.integrity.words import NAMES, SELLS, is_whole, read_list
from portal_archive.model.page import Finding
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.syllables import folded_syllables

_FOREIGN, _UNKNOWN = 0.3, 0.15  # a host outside .vn; one inside that is not known
_SELLING_HOST, _SELLING_TEXT, _NAMING_TEXT = 0.6, 0.7, 0.45
_IN_SENTENCE, _REPEATED, _SAME_WORDS = 0.4, 0.3, 0.4
_ORDINARY_TEXT = tuple(fold(words) for words in read_list("ordinary_anchors"))
_ADDRESS = re.compile(r"https?:|www\.|[\w-]+\.(?:[a-z]{2,})(?:/|$|\s)", re.I)
_WORD = re.compile(r"[a-z\d]+")
# Top-level domains of organisations; the rest is for whoever pays.
_ORGANISED = (".org", ".museum", ".asia", ".travel")


def find_links(texts: Texts) -> Iterator[Finding]:
    """Yield a finding for each link in the text that official articles do not have."""
    anchors = texts.anchors
    if not anchors:
        return
    hosts = Counter(anchor.host for anchor in anchors)
    cursors = {passage.field: 0 for passage in texts.passages}
    for anchor in anchors:
        if (score := _score(anchor, hosts[anchor.host])) < LEAST + 0.05:
            continue
        said = f"Link to {anchor.host}, a host that has nothing to do with the portal."
        said_vi = f"Liên kết tới {anchor.host}, trang không liên quan tới cổng thông tin."
        for passage in texts.passages:
            start = passage.folded.find(anchor.folded, cursors[passage.field]) if anchor.folded else -1
            if start >= 0 and is_whole(passage.folded, start, start + len(anchor.folded)):
                end = cursors[passage.field] = start + len(anchor.folded)
                yield finding(FOREIGN_LINK, score, passage.text, passage.field, start, end, said, said_vi)
                break
        else:
            source = texts.document.source
            start = source.find(anchor.href)
            if start < 0:
                start = max(source.find(escape(anchor.href)), 0)
            yield finding(FOREIGN_LINK, score, source, "html", start, start + len(anchor.href), said, said_vi)


def _score(anchor: Anchor, times: int) -> float:
    """Return how sure a link is no part of an official text."""
    foreign = not anchor.host.endswith((".vn", *_ORGANISED))
    signs = [_FOREIGN if foreign else _UNKNOWN]
    if sells(anchor.host):
        signs.append(_SELLING_HOST)
    if SELLS.within(anchor.folded):
        signs.append(_SELLING_TEXT)
    elif NAMES.within(anchor.folded) or BRAND.search(anchor.folded):
        signs.append(_NAMING_TEXT)
    if not foreign and len(signs) == 1:
        return signs[0]
    ordinary = not anchor.text or _ADDRESS.search(anchor.text) or _is_ordinary_text(anchor.folded)
    if not ordinary and anchor.text[0].islower() and _is_phrase(anchor.folded):
        # Words of the sentence itself, as nobody links who names a source.
        signs.append(_IN_SENTENCE)
        if times > 1:
            signs.append(_REPEATED)
        words = [word for word in _WORD.findall(anchor.folded) if len(word) > 2]
        if words and sum(word in anchor.host for word in words) * 2 >= len(words):
            signs.append(_SAME_WORDS)
    return together(signs)


def _is_ordinary_text(folded: str) -> bool:
    """Tell whether the words of a link begin as those that point somewhere on purpose."""
    return any(folded.startswith(words) and is_whole(folded, 0, len(words)) for words in _ORDINARY_TEXT)


def _is_phrase(folded: str) -> bool:
    """Tell whether the words of a link are two to seven, or one that is no Vietnamese syllable."""
    spaces = folded.count(" ")
    return 1 <= spaces <= 6 or (not spaces and folded not in folded_syllables())
