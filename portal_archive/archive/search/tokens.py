"""The words, quotations, brackets and operators of a search, as they stand in what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from portal_archive.archive.search.written_dates import IN_WORDS, WrittenDate, date_in_words
from portal_archive.vietnamese.folding import nfc

WORD, OPEN, CLOSE, OR, NOT = "word", "(", ")", "OR", "NOT"
# More is no question but a pasted text.
_MAX_CHARACTERS = 2000
MOST_TOKENS = 64
_DEEPEST = 8
_QUOTES = str.maketrans("“”„«»", '"""""')
_TOKEN = re.compile(
    r"""(?P<minus>-)?
    (?:(?P<field>[^\W_]\w*):(?=[^\s)|]))?
    (?:(?P<open>\()|(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"()|]+))(?P<star>\*)?)
    | (?P<close>\)) | (?P<or>\|+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a quotation, `said`; or a bracket or an operator. `source` is what was typed."""

    kind: str
    said: str
    source: str
    field: str = ""
    quoted: bool = False
    minus: bool = False
    star: bool = False
    date: WrittenDate | None = None


def tokens(text: str) -> list[Token]:
    """Return the tokens of what was typed, the first `MOST_TOKENS`; whatever it is, nothing is an error."""
    read = _read(nfc(text[:_MAX_CHARACTERS]).translate(_QUOTES))
    return list(_within_depth(islice(read, MOST_TOKENS)))


def is_cut(text: str) -> bool:
    """Return whether more was typed than is read."""
    read = _read(nfc(text[:_MAX_CHARACTERS]).translate(_QUOTES))
    return len(text) > _MAX_CHARACTERS or next(islice(read, MOST_TOKENS, None), None) is not None


def source(read: Sequence[Token]) -> str:
    """Return what was typed for tokens that follow each other."""
    text = " ".join(token.source for token in read)
    return text.replace("( ", "(").replace(" )", ")")


def _read(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        date = IN_WORDS.match(text, at) if at == 0 or not text[at - 1].isalnum() else None
        written = date_in_words(date) if date else None
        if date and written:
            yield Token(WORD, date[0], date[0], date=written)
            at = date.end()
            continue
        found = _TOKEN.match(text, at)
        if found is None:
            at += 1
            continue
        yield _token(found)
        at = max(found.end(), at + 1)


def _token(found: re.Match[str]) -> Token:
    said = found[0].strip()
    if found["close"]:
        return Token(CLOSE, said, said)
    if found["or"]:
        return Token(OR, said, said)
    minus, named = bool(found["minus"]), found["field"] or ""
    if found["open"]:
        return Token(OPEN, "(", said, named, minus=minus)
    if found["word"] in (OR, NOT, "AND") and not (minus or named):
        # AND is what stands between words anyway.
        return Token(found["word"], said, said) if found["word"] != "AND" else Token(WORD, "", said)
    is_quoted = found["word"] is None
    if is_quoted and found[0].count('"') == 1:
        said += '"'
    return Token(
        WORD,
        found["phrase"] if is_quoted else found["word"],
        said,
        named,
        quoted=is_quoted,
        minus=minus,
        star=bool(found["star"]),
    )


def _within_depth(read: Iterator[Token]) -> Iterator[Token]:
    """Leave out brackets that nothing opens or that stand too deep, with their partners."""
    opened: list[bool] = []
    for token in read:
        if token.kind == OPEN:
            opened.append(sum(opened) < _DEEPEST)
            if not opened[-1]:
                continue
        elif token.kind == CLOSE and not (opened and opened.pop()):
            continue
        yield token
    yield from (Token(CLOSE, ")", ")") for is_kept in opened if is_kept)
