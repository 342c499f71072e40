"""Links to foreign or commercial hosts inside official text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape

from portal_archive.integrity.detector import LEAST_SURE, Detector
from portal_archive.integrity.hosts import BRAND, sells
from portal_archive.integrity.offers import offer_sign
from portal_archive.integrity.passages import Anchor, Texts
from portal_archive.integrity.words import NAMES, SELLS, is_whole, read_list
from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import Finding
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.syllables import folded_syllables
from portal_archive.vietnamese.tones import one_style

_ORDINARY_TEXT = tuple(fold(words) for words in read_list("ordinary_anchors"))
_ADDRESS = re.compile(r"https?:|www\.|[\w-]+\.(?:[a-z]{2,})(?:/|$|\s)", re.I)
_WORD = re.compile(r"[a-z\d]+")
# Top-level domains of organisations; the rest is for whoever pays.
_ORGANISED = (".org", ".museum", ".asia", ".travel")


class ForeignLinks(Detector):
    """Finds the links in the text that official articles do not have."""

    kind = FindingKind.FOREIGN_LINK

    def find(self, texts: Texts) -> Iterator[Finding]:
        """Yield a finding for each such link: its words in the text, else its address in the source."""
        anchors = texts.anchors
        hosts = Counter(anchor.host for anchor in anchors)
        cursors = {passage.field: 0 for passage in texts.passages}
        for anchor in anchors:
            signs = _signs(anchor, hosts[anchor.host])
            if self.score(signs) <= LEAST_SURE:
                continue
            for passage in texts.passages:
                start = passage.folded.find(anchor.folded, cursors[passage.field]) if anchor.folded else -1
                if start >= 0 and is_whole(passage.folded, start, start + len(anchor.folded)):
                    end = cursors[passage.field] = start + len(anchor.folded)
                    yield self.finding(signs, passage.text, passage.field, start, end, host=anchor.host)
                    break
            else:
                source = texts.document.source
                start = source.find(anchor.href)
                if start < 0:
                    start = max(source.find(escape(anchor.href)), 0)
                end = start + len(anchor.href)
                yield self.finding(signs, source, "html", start, end, host=anchor.host)


def _signs(anchor: Anchor, times: int) -> list[str]:
    """Return what speaks against a link as a part of an official text."""
    foreign = not anchor.host.endswith((".vn", *_ORGANISED))
    signs = ["foreign-host" if foreign else "unknown-host"]
    if sells(anchor.host):
        signs.append("selling-host")
    if SELLS.within(anchor.folded):
        signs.append("selling-text")
    elif NAMES.within(anchor.folded) or BRAND.search(anchor.folded):
        signs.append("naming-text")
    elif foreign and offer_sign(one_style(anchor.text)):
        signs.append("offering-text")
    if not foreign and len(signs) == 1:
        return signs
    # Who links words to a page that is named after them refers to what it says.
    names_page = "-".join(_WORD.findall(anchor.folded)) in anchor.href.partition(anchor.host)[2]
    ordinary = (
        not anchor.text or names_page or _ADDRESS.search(anchor.text) or _is_ordinary_text(anchor.folded)
    )
    if not ordinary and anchor.text[0].islower() and _is_phrase(anchor.folded):
        signs.append("in-sentence")
        if times > 1:
            signs.append("repeated-host")
        words = [word for word in _WORD.findall(anchor.folded) if len(word) > 2]
        if words and sum(word in anchor.host for word in words) * 2 >= len(words):
            signs.append("words-of-host")
    return signs


def _is_ordinary_text(folded: str) -> bool:
    """Return whether the words of a link begin as those that point somewhere on purpose."""
    return any(folded.startswith(words) and is_whole(folded, 0, len(words)) for words in _ORDINARY_TEXT)


def _is_phrase(folded: str) -> bool:
    """Return whether the words of a link are two to seven, or one that is no Vietnamese syllable."""
    spaces = folded.count(" ")
    return 1 <= spaces <= 6 or (not spaces and folded not in folded_syllables())
