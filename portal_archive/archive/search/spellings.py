"""Words that are written in more than one way, and are one to whoever searches."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from portal_archive.vietnamese.folding import fold, nfc

Words = tuple[str, ...]

# "kỹ" and "kĩ", "lý" and "lí": after these consonants the last vowel is written either way.
_I_OR_Y = re.compile(r"(?:h|k|l|m|qu|s|t)[iy]")
# Names of the highlands end in either letter: Đắk Lắk, Đắc Lắc.
_K_OR_C = {"dak": "c", "lak": "c", "dac": "k", "lac": "k"}
# Names that some write as one word, or shorten.
_SHORT = {
    "sapa": ("sa", "pa"),
    "tphcm": ("thành", "phố", "hồ", "chí", "minh"),
    "hcm": ("hồ", "chí", "minh"),
    "ubnd": ("ủy", "ban", "nhân", "dân"),
    "hdnd": ("hội", "đồng", "nhân", "dân"),
    "mttq": ("mặt", "trận", "tổ", "quốc"),
}
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DATE = re.compile(r"\d{1,2}([/.-])\d{1,2}(?:\1\d{4})?")


def variants(said: str, words: Words) -> Iterator[Words]:
    """Give the other ways to write a word as it was typed; `words` are its parts, as the index has them."""
    if _NUMBER.fullmatch(said):
        yield ("".join(words),)
    elif said.isdecimal() and len(said) > 3:
        yield _grouped(said)
    elif _DATE.fullmatch(said):
        yield from _dates(words)
    elif len(words) == 1:
        yield from _of_word(words[0])


def _grouped(digits: str) -> Words:
    first = len(digits) % 3
    parts = [digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3))]
    return tuple(part for part in parts if part)


def _dates(words: Words) -> Iterator[Words]:
    bare = tuple(word.lstrip("0") or "0" for word in words[:2])
    full = tuple(word.zfill(2) for word in bare)
    for day_and_month in dict.fromkeys((bare, full, (full[0], bare[1]), (bare[0], full[1]))):
        if (*day_and_month, *words[2:]) != words:
            yield (*day_and_month, *words[2:])


def _of_word(word: str) -> Iterator[Words]:
    folded = fold(word)
    if _I_OR_Y.fullmatch(folded):
        last = {"i": "y", "y": "i"}
        letters = unicodedata.normalize("NFD", word)
        at = max(letters.rfind("i"), letters.rfind("y"))
        yield (nfc(letters[:at] + last[letters[at]] + letters[at + 1 :]),)
    if _K_OR_C.get(folded):
        yield (word[:-1] + _K_OR_C[folded],)
    if folded in _SHORT:
        yield _SHORT[folded]
