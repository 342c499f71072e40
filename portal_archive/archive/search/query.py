"""What a person types into the search box, and what it asks of the search index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product

from portal_archive.archive.search.filter_terms import EVERY, of_portal
from portal_archive.archive.search.spellings import variants
from portal_archive.vietnamese.folding import fold, nfc
from portal_archive.vietnamese.tones import old_style, one_style

# Columns of the search index that may be named before a colon, and what a Vietnamese would call them.
FIELDS = {name: name for name in ("title", "summary", "body", "captions", "author", "attachment_text")} | {
    "tieude": "title",
    "tacgia": "author",
}
# More is no question but a pasted text.
_MAX_CHARACTERS = 2000
_QUOTES = str.maketrans("“”„«»", '"""""')
_TOKEN = re.compile(
    r"""(?P<minus>-)?
    (?:(?P<field>[^\W_]\w*):(?=\S))?
    (?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))
    (?P<star>\*)?""",
    re.VERBOSE,
)
_WORDS = re.compile(r"[^\W_]+")
# Kinds of documents cited by a bare number, folded; in print: "Nghị quyết 25" and "Nghị quyết số 25".
_DOCUMENTS = re.compile(
    r"(?:nghi quyet|nghi dinh|chi thi|ket luan|quyet dinh|quy dinh|quy che|huong dan|thong tu|thong tri"
    r"|thong bao|ke hoach|cong van|bao cao|chuong trinh|de an|to trinh|phap lenh|luat)( so)? \d{1,4}"
)
_MOST_SPELLINGS = 16
# Words are near each other with at most so many others between the first and the last.
_NEAR = 8


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after another; any one of the `variants` will do.

    The words are in `one_style`. `column` limits the term to one column, `prefix` leaves its last word open.
    """

    variants: tuple[tuple[str, ...], ...]
    column: str | None = None
    prefix: bool = False

    def match(self, *, folded: bool) -> str:
        """Return the term as an FTS5 expression, over folded words or over words as written."""
        star = " *" if self.prefix else ""
        said = [[fold(" ".join(words))] if folded else _spellings(words) for words in self.variants]
        phrases = [f'"{words}"{star}' for words in chain.from_iterable(said)]
        expression = phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"
        return f"{self.column} : {expression}" if self.column else expression

    def pattern(self, *, folded: bool) -> str:
        """Return a regular expression for the term, in folded text or in text in `one_style`."""
        variants = []
        for words in sorted(self.variants, key=len, reverse=True):
            said = [re.escape(fold(word) if folded else word) for word in words]
            variants.append(r"[\W_]+".join(said))
        end = r"[^\W_]*" if self.prefix else r"(?![^\W_])"
        return rf"(?<![^\W_])(?:{'|'.join(variants)}){end}"


@dataclass(frozen=True, slots=True)
class Query:
    """A search, understood.

    `match` is an FTS5 expression over `articles_fts`, "" when nothing is asked for; `exact` is the same over
    `articles_exact`, with the very letters typed in either tone style. `groups` are the alternatives that OR
    separates, each all of its terms. `portal` is the name after `portal:`.
    `has_accents`: what was typed has diacritics, so that exact matches mean more. `phrase` and `near` are `match` with
    the plain words one after another, or near each other; "" where fewer than two words were typed.
    """

    match: str
    exact: str
    groups: tuple[tuple[Term, ...], ...]
    portal: str | None
    has_accents: bool
    phrase: str = ""
    near: str = ""


def parse_query(text: str) -> Query:
    """Understand what was typed; whatever it is, nothing is an error.

    Words must all occur, in any order; "words in quotes" one after another, as must the parts of a word with
    punctuation, such as a document number (25-NQ/TW) or a date. `word*` is the beginning of a word, `-word`
    must not occur, `title:word` and `author:word` look in one column, `portal:name` in one portal. OR stands
    between alternatives and binds less than the words beside it. Case and diacritics do not count.
    """
    groups: list[list[Term]] = [[]]
    excluded: list[Term] = []
    portal: str | None = None
    for token in _TOKEN.finditer(nfc(text[:_MAX_CHARACTERS]).translate(_QUOTES)):
        field, word = token["field"], token["word"]
        if word in ("OR", "AND") and not (token["minus"] or field):
            if word == "OR" and groups[-1]:
                groups.append([])
        elif field and fold(field) == "portal" and not token["minus"]:
            portal = (word or token["phrase"]).strip() or None
        elif term := _term(token):
            (excluded if token["minus"] else groups[-1]).append(term)
    alternatives = tuple(tuple(_cite(terms)) for terms in groups if terms)
    return Query(
        match=_match(alternatives, excluded, folded=True),
        exact=_match(alternatives, excluded, folded=False),
        groups=alternatives,
        portal=portal,
        has_accents=any(_accented(term) for terms in alternatives for term in terms),
        phrase=_together(alternatives, excluded, '"{}"', " "),
        near=_together(alternatives, excluded, f"NEAR({{}}, {_NEAR})", '" "'),
    )


def _together(groups: Sequence[Sequence[Term]], excluded: list[Term], form: str, between: str) -> str:
    """Return `match` with the plain words of a search without alternatives made one expression."""
    if len(groups) != 1:
        return ""
    plain = [term for term in groups[0] if not (term.column or term.prefix)]
    if len(plain) < 2:
        return ""
    spelt = islice(product(*(term.variants for term in plain)), _MOST_SPELLINGS)
    said = [between.join(fold(" ".join(words)) for words in way) for way in spelt]
    together = " OR ".join(form.format(words if between == " " else f'"{words}"') for words in said)
    if len(said) > 1:
        together = f"({together})"
    others = [term.match(folded=True) for term in groups[0] if term not in plain]
    wanted = " AND ".join([together, *others])
    without = " OR ".join(term.match(folded=True) for term in excluded)
    return f"({wanted}) NOT ({without})" if without else wanted


def _match(groups: Iterable[Sequence[Term]], excluded: Iterable[Term], *, folded: bool) -> str:
    wanted = " OR ".join(f"({' AND '.join(term.match(folded=folded) for term in terms)})" for terms in groups)
    without = " OR ".join(term.match(folded=folded) for term in excluded)
    return f"({wanted or EVERY}) NOT ({without})" if without else wanted


def _spellings(words: Sequence[str]) -> list[str]:
    """Return words in `one_style` as they may be written: with the tone where either style puts it."""
    choices = [list(dict.fromkeys((word, old_style(word)))) for word in words]
    return [" ".join(spelling) for spelling in islice(product(*choices), _MOST_SPELLINGS)]


def to_fts_query(text: str) -> str:
    """Return what was typed as an FTS5 expression over `articles_fts`; "" when it asks for nothing."""
    query = parse_query(text)
    if query.portal is None:
        return query.match
    mark = of_portal(query.portal)
    return f"{mark} AND ({query.match})" if query.match else mark


def _term(token: re.Match[str]) -> Term | None:
    said = token["phrase"] if token["word"] is None else token["word"]
    field = token["field"]
    column = FIELDS.get(fold(field)) if field else None
    if field and column is None:
        said = f"{field} {said}"
    words = tuple(_WORDS.findall(one_style(said)))
    if not words:
        return None
    # Within a word the star stands at its end as well: the pattern takes all that is not a space.
    prefix = bool(token["star"]) or (token["word"] or "").endswith("*")
    if prefix or token["word"] is None:
        return Term((words,), column, prefix)
    others = variants(one_style(said).strip(".,;:!?()"), words)
    return Term(tuple(dict.fromkeys((words, *others))), column)


def _cite(terms: list[Term]) -> list[Term]:
    """Make one term of words that cite a document by its number: "Nghị quyết số 25"."""
    cited: list[Term] = []
    for term in terms:
        cited.append(term)
        if term.column or term.prefix or not term.variants[0][0].isdecimal():
            continue
        for length in (2, 3, 4):
            run = cited[-length:]
            if len(run) < length or any(t.column or t.prefix or len(t.variants[0]) > 1 for t in run):
                break
            words = tuple(t.variants[0][0] for t in run)
            if _DOCUMENTS.fullmatch(fold(" ".join(words))):
                kind = [word for word in words[:-1] if word != "số" and word != "so"]
                plain = (*kind, words[-1])
                cited[-length:] = [Term((plain, (*kind, "số", words[-1])))]
                break
    return cited


def _accented(term: Term) -> bool:
    return any(fold(word) != word for word in term.variants[0])
