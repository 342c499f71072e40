"""Doorway pages: an address that carries another one, search phrases one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from portal_archive.integrity.detector import Detector
from portal_archive.integrity.hosts import BRAND
from portal_archive.integrity.passages import Passage, Texts
from portal_archive.integrity.words import NAMES, SELLS
from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import Finding

# «/x.php?ID=ab/brand.shtml»: a page name inside a parameter, below two or three random letters.
_CARRIED = re.compile(
    r"[?&][\w\[\]-]{1,12}=(?:[a-z0-9]{1,6}/)+[\w%.+-]+\.(?:s?html?|asp|aspx|php|jsp|xml|shtm)(?:$|[&#])", re.I
)
_SHTML = re.compile(r"\.php[?/].*\.shtml?(?:$|[&#?])", re.I)
_PART = re.compile(r"[^,;|/•·–\n-]+")
_WORD = re.compile(r"[^\W_]+")
_LEAST_WORDS = 60
_MOST_DIFFERENT = 250  # words: a text with more of them says something
_PASSAGE = 12  # words that stand together again, so far apart at least, are a copy
_LONGEST_ADDRESS = 2000


class Doorways(Detector):
    """Finds pages that were made for search engines."""

    kind = FindingKind.DOORWAY

    def find_in_address(self, url: str) -> Iterator[Finding]:
        """Yield a finding where an address carries the address of another page; the field is "url"."""
        plain = unquote(url[:_LONGEST_ADDRESS])
        match = _CARRIED.search(plain) or _SHTML.search(plain)
        if match is None:
            return
        signs = ["carried-name", "random-folder" if match.re is _CARRIED else "page-in-script"]
        words = " ".join(_WORD.findall(match[0].lower()))
        if SELLS.within(words) or NAMES.within(words) or BRAND.search(words):
            signs.append("known-phrase")
        carried = match[0].rstrip("&#?")
        start = max(url.find(carried), 0)
        yield self.finding(signs, url, "url", start, start + len(carried) if carried in url else len(url))

    def find(self, texts: Texts) -> Iterator[Finding]:
        """Yield a finding where the text is search phrases instead of sentences."""
        for passage in texts.passages:
            if passage.field == "title" and _is_list_of_phrases(passage):
                yield self.finding(
                    ["phrases-only", "two-phrases"], passage.text, "title", 0, len(passage.text)
                )
            elif passage.field == "body":
                yield from self._repeated(passage)

    def _repeated(self, body: Passage) -> Iterator[Finding]:
        """Find a text that says the same few words over and over."""
        words = body.folded_words
        if len(words) < _LEAST_WORDS or len(body.vocabulary) >= min(0.45 * len(words), _MOST_DIFFERENT):
            return
        sells = SELLS.within(body.folded) or NAMES.within(body.folded)
        if not sells:
            # A text that a script gives again and again is one text; search phrases come again within it.
            words = _without_copies(words)
        triples = Counter(zip(words, words[1:], words[2:], strict=False))
        triple, most = triples.most_common(1)[0]
        start = body.folded.find(" ".join(triple))
        if most < 6 or most * 3 <= 0.12 * len(words) or start < 0:
            return
        signs = ["said-again", "few-words"]
        if sells:
            signs.append("known-phrase")
        yield self.finding(signs, body.text, "body", start, start + len(" ".join(triple)))


def _without_copies(words: Sequence[str]) -> list[str]:
    """Return words without those of passages that were said before: longer ones than any search phrase."""
    last: dict[tuple[str, ...], int] = {}
    kept = []
    for place, word in enumerate(words):
        passage = tuple(words[place : place + _PASSAGE])
        before = last.get(passage)
        last[passage] = place
        if before is None or place - before < _PASSAGE:
            kept.append(word)
    return kept


def _is_list_of_phrases(title: Passage) -> bool:
    parts = [part for part in _PART.findall(title.folded) if part.strip()]
    if len(parts) < 3 or len(title.folded_words) > 8 * len(parts):
        return False
    return sum(len(lexicon.spans(title.folded, title.vocabulary)) for lexicon in (SELLS, NAMES)) >= 2
