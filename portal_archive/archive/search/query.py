"""What a person types into the search box, and what it asks of the search index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import chain, islice, product
from typing import Protocol

from portal_archive.archive.search import tokens
from portal_archive.archive.search.filter_terms import EVERY, of_portal
from portal_archive.archive.search.spellings import longest_name, same_name, variants
from portal_archive.archive.search.tokens import Token
from portal_archive.archive.search.written_dates import WrittenDate, numeric_date
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.tones import old_style, one_style

# Columns of the search index that may be named before a colon, and what a Vietnamese would call them.
FIELDS = {name: name for name in ("title", "summary", "body", "captions", "author", "attachment_text")} | {
    "tieude": "title",
    "tacgia": "author",
    "sapo": "summary",
    "chuthich": "captions",
    "tep": "attachment_text",
}
_PORTAL_FIELDS = ("portal", "cong", "province", "tinh")
_WORDS = re.compile(r"[^\W_]+")
# Kinds of documents cited by a bare number, folded; in print: "Nghị quyết 25" and "Nghị quyết số 25".
_DOCUMENTS = re.compile(
    r"(?:nghi quyet|nghi dinh|chi thi|ket luan|quyet dinh|quy dinh|quy che|huong dan|thong tu|thong tri"
    r"|thong bao|ke hoach|cong van|bao cao|chuong trinh|de an|to trinh|phap lenh|luat)( so)? \d{1,4}"
)
_NUMBERED = re.compile(r"\d{1,5}(?:/\d{4})?[-/][^\W\d_]\S*")
_MOST_SPELLINGS = 16
_MOST_SPELT = 12
# So many are looked for in texts, to be marked; the index is asked for all.
_MOST_TERMS = 24
_REMOVED, _CURRENT = "removed_text", "current_text"
# Words are near each other with at most so many others between the first and the last.
_NEAR_FORM = "NEAR({}, 8)"
# So many words after `author:` or `portal:` may belong to the name.
_LONGEST_VALUE = 8


class Kind(StrEnum):
    """What words were taken for."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"
    NAME = "name"
    DOCUMENT = "document"
    DATE = "date"


class Known(Protocol):
    """What the archive has, by which names without quotes are told from the words after them."""

    def portals(self, words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """Return how many of the words, from the first, name portals, and which; (0, ()) for none."""

    def author(self, words: Sequence[str]) -> int:
        """Return how many of the words, from the first, are an author's name; 0 for none."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after another; any one of the `variants` will do.

    The words are in `one_style`. `column` limits the term to one column, `prefix` leaves its last word open.
    `source` is what was typed; `date` what it was read as.
    """

    variants: tuple[tuple[str, ...], ...]
    column: str | None = None
    prefix: bool = False
    source: str = field(default="", compare=False)
    kind: Kind = field(default=Kind.WORD, compare=False)
    date: WrittenDate | None = field(default=None, compare=False)

    def match(self, *, folded: bool, column: str | None = None) -> str:
        """Return the term as an FTS5 expression, over folded words or over words as written.

        `column` is asked in place of its own.
        """
        star = " *" if self.prefix else ""
        phrases = [f'"{words}"{star}' for words in self.spellings(folded=folded)]
        expression = phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"
        asked = column or self.column
        return f"{asked} : {expression}" if asked else expression

    def spellings(self, *, folded: bool) -> list[str]:
        """Return the ways to write it, folded or as written in either tone style."""
        said = [[fold(" ".join(words))] if folded else _spellings(words) for words in self.variants]
        return list(dict.fromkeys(chain.from_iterable(said)))

    def pattern(self, *, folded: bool) -> str:
        """Return a regular expression for the term, in folded text or in text in `one_style`."""
        ways = []
        for words in sorted(self.variants, key=len, reverse=True):
            said = [re.escape(fold(word) if folded else word) for word in words]
            ways.append(r"[\W_]+".join(said))
        end = r"[^\W_]*" if self.prefix else r"(?![^\W_])"
        return rf"(?<![^\W_])(?:{'|'.join(ways)}){end}"


@dataclass(frozen=True, slots=True)
class Portals:
    """Articles of these portals; of none where no portal has the name that was typed, `said`."""

    names: tuple[str, ...]
    said: str
    source: str = field(default="", compare=False)

    def match(self, *, folded: bool, column: str | None = None) -> str:
        """Return the marks of the portals."""
        marks = [of_portal(name) for name in self.names or ("",)]
        return marks[0] if len(marks) == 1 else f"({' OR '.join(marks)})"


@dataclass(frozen=True, slots=True)
class Level:
    """What stands between two brackets, or in the whole: alternatives, each all of its parts, and what is excluded."""

    alternatives: tuple[tuple[Term | Portals | Level, ...], ...]
    excluded: tuple[Term | Portals | Level, ...] = ()
    source: str = field(default="", compare=False)

    def match(self, *, folded: bool, column: str | None = None) -> str:
        """Return it as an FTS5 expression; `column` is asked in place of those of its terms."""
        # What was typed twice is asked for once.
        asked = (dict.fromkeys(_inner(part, folded, column) for part in parts) for parts in self.alternatives)
        wanted = " OR ".join(f"({' AND '.join(parts)})" for parts in asked)
        return _without(wanted or EVERY, self.excluded, folded, column) if self.excluded else wanted

    def terms(self) -> Iterator[Term]:
        """Give the terms that what is found may contain."""
        for part in chain.from_iterable(self.alternatives):
            if isinstance(part, Level):
                yield from part.terms()
            elif isinstance(part, Term):
                yield part


Part = Term | Portals | Level


@dataclass(frozen=True, slots=True)
class Query:
    """A search, understood.

    `match` and `exact` are FTS5 expressions, "" for nothing asked: over `articles_fts`, which is folded, and over
    `articles_exact`, with the very letters typed in either tone style. `level` is how it was read; `terms` are the
    words that what is found may contain. `has_accents`: what was typed has diacritics, so that exact matches mean
    more. `phrase` and `near` are `match` with the plain words one after another, or near each other, `phrase_exact` and
    `near_exact` the same of `exact`; "" where fewer than two words were typed.
    """

    match: str
    exact: str
    level: Level
    has_accents: bool
    phrase: str = ""
    near: str = ""
    phrase_exact: str = ""
    near_exact: str = ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words that what is found may contain; of a pasted text, the first."""
        return tuple(islice(self.level.terms(), _MOST_TERMS))

    def runs(self) -> str:
        """Return `match` for the articles that have two or three of the words one after another; "" for fewer words.

        Such as a name with something else that was typed beside it.
        """
        words = [term.spellings(folded=True)[0] for term in _plain(self.level)]
        length = min(3, len(words) - 1)
        if not 2 < len(words) <= _MOST_SPELT:
            return ""
        together = (words[at : at + length] for at in range(len(words) - length + 1))
        return f"({self.match}) AND ({' OR '.join(_quoted(run) for run in together)})"

    def plain_terms(self) -> list[Term]:
        """Return the words that are to stand together: of a search without alternatives, those of no column."""
        return _plain(self.level)[:_MOST_TERMS]

    def in_removed(self) -> list[str]:
        """Return what to ask of `articles_removed`, closest first: said before, and not said any more.

        What was excluded may be the reason why a text is no hit today: only what was wanted must be gone.
        """
        # Some of the words may stand in what was kept: the article said all of them once, and does not any more.
        before = self.level.match(folded=True, column=f"{{{_REMOVED} {_CURRENT}}}")
        if not self.terms:
            return [before]
        wanted = Level(self.level.alternatives)
        asked = [(before, wanted.match(folded=True, column=_CURRENT))]
        if self.phrase:
            together = [
                _together(level, '"{}"', " ", column=column)
                for level, column in ((self.level, _REMOVED), (wanted, _CURRENT))
            ]
            asked.insert(0, (together[0], together[1]))
        return [f"({before}) NOT ({today})" for before, today in asked]

    def spans(self) -> list[tuple[date, date]]:
        """Return the days and months that were named with their year: first and last day."""
        return [span for term in self.terms if term.date and (span := term.date.span())]


def parse_query(text: str, known: Known | None = None) -> Query:
    """Understand what was typed; whatever it is, nothing is an error.

    Words must all occur, in any order; "words in quotes" one after another, as must the parts of a word with
    punctuation, such as a document number (25-NQ/TW) or a date. `word*` is the beginning of a word, `-word`
    and `NOT word` must not occur, `title:word` and `author:word` look in one column, `portal:name` in one portal or
    in those of a province. OR and | stand between alternatives and bind less than the words beside them; brackets
    keep together. Case and diacritics do not count. `known` tells where a name without quotes ends.
    """
    level = _Reader(tokens.tokens(text), known).level()
    match = level.match(folded=True)
    return Query(
        match=match,
        exact=level.match(folded=False),
        level=level,
        has_accents=any(_accented(term) for term in level.terms()),
        phrase=_together(level, '"{}"', " "),
        near=_together(level, _NEAR_FORM, '" "'),
        phrase_exact=_together(level, '"{}"', " ", folded=False),
        near_exact=_together(level, _NEAR_FORM, '" "', folded=False),
    )


def to_fts_query(text: str, known: Known | None = None) -> str:
    """Return what was typed as an FTS5 expression over `articles_fts`; "" when it asks for nothing."""
    return parse_query(text, known).match


class _Reader:
    """Reads tokens into levels; what does not fit, such as a bracket that nothing opens, is passed over."""

    def __init__(self, read: Sequence[Token], known: Known | None) -> None:
        self._tokens = read
        self._at = 0
        self._known = known
        self._spellings = 0

    def level(self, column: str | None = None, *, inner: bool = False) -> Level:
        alternatives: list[list[Part]] = [[]]
        excluded: list[Part] = []
        begins = self._at
        negated = False
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.kind == tokens.CLOSE:
                if inner:
                    break
            elif token.kind == tokens.OR:
                if alternatives[-1]:
                    alternatives.append([])
            elif token.kind == tokens.NOT:
                negated = True
            elif part := self._part(token, column):
                is_wanted = not (negated or token.minus)
                (alternatives[-1] if is_wanted else excluded).append(part)
                negated = False
        source = tokens.source(self._tokens[begins : self._at])
        read = tuple(tuple(self._spelt(_joined(parts))) for parts in alternatives if parts)
        return Level(read, tuple(excluded), source)

    def _spelt(self, parts: Iterator[Part]) -> Iterator[Part]:
        """Give parts of which so many in all are looked for in other spellings, too."""
        for part in parts:
            if isinstance(part, Term) and len(part.variants) > 1:
                self._spellings += 1
                if self._spellings > _MOST_SPELT:
                    yield replace(part, variants=part.variants[:1])
                    continue
            yield part

    def _part(self, token: Token, column: str | None) -> Part | None:
        named = fold(token.field) if token.field else ""
        if token.kind == tokens.OPEN:
            begins = self._at - 1
            level = self.level(FIELDS.get(named) or column, inner=True)
            source = tokens.source(self._tokens[begins : self._at])
            return Level(level.alternatives, level.excluded, source) if level.alternatives else None
        if named in _PORTAL_FIELDS and token.said:
            return self._portals(token)
        if FIELDS.get(named) == "author" and not token.quoted:
            return self._author(token)
        return _term(token, FIELDS.get(named) or column)

    def _following(self) -> list[Token]:
        """Return the plain words that follow, which may belong to a name."""
        found = []
        for token in self._tokens[self._at : self._at + _LONGEST_VALUE - 1]:
            if token.kind != tokens.WORD or token.minus or token.field or token.quoted or token.date:
                break
            found.append(token)
        return found

    def _portals(self, token: Token) -> Portals:
        if self._known is None:
            return Portals((token.said,), token.said, token.source)
        following = [] if token.quoted else self._following()
        said = [*(token.said.split() if token.quoted else [token.said]), *(one.said for one in following)]
        taken, names = self._known.portals(said)
        if token.quoted:
            return Portals(names if taken == len(said) else (), token.said, token.source)
        own = following[: max(taken, 1) - 1]
        self._at += len(own)
        return Portals(names, " ".join(said[: len(own) + 1]), tokens.source([token, *own]))

    def _author(self, token: Token) -> Term | None:
        following = self._following()
        said = [token.said, *(one.said for one in following)]
        count = self._known.author(said) if self._known else 0
        if not count:
            # A name that the archive does not have is as long as its words have capitals.
            count = 1 + next(
                (at for at, word in enumerate(said[1:]) if not word[:1].isupper()), len(said) - 1
            )
            count = count if said[0][:1].isupper() else 1
        own = following[: count - 1]
        self._at += len(own)
        whole = Token(
            tokens.WORD,
            " ".join(said[:count]),
            tokens.source([token, *own]),
            quoted=len(own) > 0,
            minus=token.minus,
        )
        return _term(whole, "author")


def _term(token: Token, column: str | None) -> Term | None:
    said = token.said
    if token.field and FIELDS.get(fold(token.field)) is None:
        said = f"{token.field} {said}"
    words = tuple(_WORDS.findall(one_style(said)))
    if not words:
        return None
    if token.date:
        ways = tuple(dict.fromkeys((words, *token.date.spellings())))
        return Term(ways, column, source=token.source, kind=Kind.DATE, date=token.date)
    # Within a word the star stands at its end as well: the pattern takes all that is not a space.
    if token.star or (said.endswith("*") and not token.quoted):
        return Term((words,), column, prefix=True, source=token.source, kind=Kind.PREFIX)
    if token.quoted:
        return Term((words,), column, source=token.source, kind=Kind.PHRASE)
    bare = one_style(said).strip(".,;:!?")
    written = numeric_date(bare)
    kind = Kind.DATE if written else Kind.DOCUMENT if _NUMBERED.fullmatch(bare) else Kind.WORD
    others = variants(bare, words)
    return Term(tuple(dict.fromkeys((words, *others))), column, source=token.source, kind=kind, date=written)


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    """Make one term of words that are one name, or cite a document by its number: "Nghị quyết số 25"."""
    at = 0
    while at < len(parts):
        for length in range(min(longest_name(), len(parts) - at), 0, -1):
            run = parts[at : at + length]
            if (joined := _one_name(run)) or (joined := _cited(run)):
                yield joined
                at += length
                break
        else:
            yield parts[at]
            at += 1


def _words_of(run: Sequence[Part]) -> tuple[str, ...]:
    """Return the words of plain terms; nothing where there is another part among them."""
    words: list[str] = []
    for part in run:
        if not isinstance(part, Term) or part.column or part.kind not in (Kind.WORD, Kind.DOCUMENT):
            return ()
        words += part.variants[0]
    return tuple(words)


def _one_name(run: Sequence[Part]) -> Term | None:
    words = _words_of(run)
    ways = same_name(words) if words else ()
    if not ways:
        return None
    folded = fold(" ".join(words))
    others = [way for way in ways if fold(" ".join(way)) != folded]
    return Term((words, *others), source=" ".join(part.source for part in run), kind=Kind.NAME)


def _cited(run: Sequence[Part]) -> Term | None:
    words = _words_of(run)
    if len(words) != len(run) or not 2 <= len(run) <= 4 or not _DOCUMENTS.fullmatch(fold(" ".join(words))):
        return None
    kind = [word for word in words[:-1] if word not in ("số", "so")]
    ways = ((*kind, words[-1]), (*kind, "số", words[-1]))
    return Term(ways, source=" ".join(part.source for part in run), kind=Kind.DOCUMENT)


def _plain(level: Level) -> list[Term]:
    if len(level.alternatives) != 1:
        return []
    parts = level.alternatives[0]
    # The last word may be a beginning: "tuyên tru*".
    return [
        part
        for part in parts
        if isinstance(part, Term) and not part.column and (not part.prefix or part is parts[-1])
    ]


def _together(
    level: Level, form: str, between: str, *, folded: bool = True, column: str | None = None
) -> str:
    """Return `match` with the plain words of a search without alternatives made one expression."""
    plain = _plain(level)
    is_near = form == _NEAR_FORM
    if len(plain) < 2 or (is_near and (len(plain) > _MOST_SPELT or plain[-1].prefix)):
        return ""
    form += " *" if plain[-1].prefix else ""
    parts = level.alternatives[0]
    spelt = [term.spellings(folded=folded) for term in plain]
    most = _MOST_SPELLINGS if len(plain) <= _MOST_SPELT else 1
    said = dict.fromkeys(between.join(way) for way in islice(product(*spelt), most))
    together = " OR ".join(form.format(words if between == " " else f'"{words}"') for words in said)
    if len(said) > 1:
        together = f"({together})"
    if column:
        together = f"{column} : {together}"
    others = [_inner(part, folded, column) for part in parts if part not in plain]
    wanted = " AND ".join([together, *others])
    return _without(wanted, level.excluded, folded, column) if level.excluded else wanted


def _quoted(words: Sequence[str]) -> str:
    return f'"{" ".join(words)}"'


def _without(wanted: str, excluded: Sequence[Part], folded: bool, column: str | None) -> str:
    without = " OR ".join(part.match(folded=folded, column=column) for part in excluded)
    return f"({wanted}) NOT ({without})"


def _inner(part: Part, folded: bool, column: str | None) -> str:
    match = part.match(folded=folded, column=column)
    return f"({match})" if isinstance(part, Level) else match


def _spellings(words: Sequence[str]) -> list[str]:
    """Return words in `one_style` as they may be written: with the tone where either style puts it."""
    choices = [list(dict.fromkeys((word, old_style(word)))) for word in words]
    return [" ".join(spelling) for spelling in islice(product(*choices), _MOST_SPELLINGS)]


def _accented(term: Term) -> bool:
    return any(fold(word) != word for word in term.variants[0])
