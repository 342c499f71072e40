"""Vietnamese typed for the fonts of the 1990s, which shows up as accented Latin-1 gibberish.

TCVN3 (ABC; fonts named .VnTime) gives each letter a byte of its own; VNI (fonts named VNI-Times) writes a
vowel followed by a byte for its marks. Both were read here as Windows-1252 or Latin-1. Sources of the
tables: TCVN 5712:1993 (VN3), as in glibc's charmap TCVN5712-1, and the VNI-Windows character table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from portal_archive.vietnamese.written import is_syllable, share_of_syllables

# The letters of the bytes A1-AE and B5-FE. A "." has no letter.
_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ"
)
_TCVN3 = {0xA1 + i: letter for i, letter in enumerate(_TCVN3_LETTERS) if letter != "."}

_VNI_SINGLE = dict(zip("ÑñÖöÔôÆæÓóÒòÍíÌìÎî", "ĐđƯưƠơỈỉĨĩỊịÍíÌìỴỵ", strict=True))
_TONED = "ÙØÛÕÏ"  # sắc huyền hỏi ngã nặng
_VNI_MARKED = {
    "A": (_TONED + "ÂÁÀÅÃÄ" + "ÊÉÈÚÜË", "ÁÀẢÃẠ" + "ÂẤẦẨẪẬ" + "ĂẮẰẲẴẶ"),
    "E": (_TONED + "ÂÁÀÅÃÄ", "ÉÈẺẼẸ" + "ÊẾỀỂỄỆ"),
    "O": (_TONED + "ÂÁÀÅÃÄ", "ÓÒỎÕỌ" + "ÔỐỒỔỖỘ"),
    "Ô": (_TONED, "ỚỜỞỠỢ"),
    "U": (_TONED, "ÚÙỦŨỤ"),
    "Ö": (_TONED, "ỨỪỬỮỰ"),
    "Y": (_TONED[:4], "ÝỲỶỸ"),
}
_VNI: dict[str, str] = dict(_VNI_SINGLE)
for _vowel, (_marks, _letters) in _VNI_MARKED.items():
    for _mark, _letter in zip(_marks, _letters, strict=True):
        # The case is the vowel's: both cases of the mark byte follow capitals in the wild.
        for _m in (_mark, _mark.lower()):
            _VNI[_vowel + _m] = _letter
            _VNI[_vowel.lower() + _m] = _letter.lower()
_VNI_RE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

_HIGH = re.compile("[¡-ÿ]")
_WORD = re.compile("[A-Za-z¡-ÿ]+")
_RUN = re.compile('[^<>\\n"]+')  # text between tags: a page mixes old and new text
_MODERN = re.compile("[ăĂđĐĩĨũŨơƠưƯ\u0300\u0301\u0303\u0309\u0323ạ-ỹẠ-Ỹ]")
_SYMBOLS = frozenset("©®«»°·§×¬¨")  # stand alone in any text
_PAGE_LENGTH = 5000
_LEAST_WORDS = 4


def _from_tcvn3(word: str) -> str:
    return word.translate(_TCVN3)


def _from_vni(word: str) -> str:
    return _VNI_RE.sub(lambda match: _VNI[match[0]], word)


_CONVERTERS: dict[str, Callable[[str], str]] = {"tcvn3": _from_tcvn3, "vni": _from_vni}


def _converted_share(words: Iterable[str], convert: Callable[[str], str]) -> float:
    """Which part of the words become syllables; a word with a character left over is none."""
    converted = [(word, convert(word)) for word in words]
    return share_of_syllables(new if new != old else "?" for old, new in converted)


def _high_words(run: str) -> set[str]:
    return {word for word in _WORD.findall(run) if not word.isascii()} - _SYMBOLS


def _convert_run(run: str, convert: Callable[[str], str]) -> str:
    if run.isascii():
        return run
    words = _high_words(run)
    if _MODERN.search(run) or _converted_share(words, convert) < max(0.5, share_of_syllables(words)):
        return run
    letters = "".join(filter(str.isascii, filter(str.isalpha, run)))
    shouted = len(letters) > 1 and letters.isupper()

    def replace(match: re.Match[str]) -> str:
        word = match[0]
        new = convert(word)
        if word.isascii() or word in _SYMBOLS or (len(word) == 1 and not is_syllable(new)):
            return word
        plain = "".join(filter(str.isascii, word))
        # The capital fonts (.VnTimeH) show capitals for the bytes of small letters.
        return new.upper() if shouted or (len(plain) > 1 and plain.isupper()) else new

    return _WORD.sub(replace, run)


def repair_legacy(text: str) -> tuple[str, str | None]:
    """Convert text in a legacy encoding to Unicode.

    `text` may be a line, a body or a whole HTML page, decoded as Windows-1252, Latin-1 or (a page that mixes
    both) UTF-8. Returns the text and "tcvn3" or "vni", or the very same text and None unless it is proven:
    at least four different words that are Vietnamese syllables in that encoding and make up most of the
    accented words, while few of them are syllables as they are written. Text between tags that has modern
    Vietnamese letters is never touched.
    """
    # No longer Vietnamese text does without "à" and "á" ("và", "là", "các"): these are their bytes, and
    # looking for three characters costs a page a few microseconds.
    if len(text) > _PAGE_LENGTH and "µ" not in text and "¸" not in text and "ø" not in text:
        return text, None
    if text.isascii() or (len(text) <= _PAGE_LENGTH and not _HIGH.search(text)):
        return text, None
    words: set[str] = set()
    for run in _RUN.findall(text):
        if not run.isascii() and not _MODERN.search(run):
            words |= _high_words(run)
    if len(words) < _LEAST_WORDS or share_of_syllables(words) > 0.4:
        return text, None
    shares = {name: _converted_share(words, convert) for name, convert in _CONVERTERS.items()}
    name = max(shares, key=shares.__getitem__)
    if shares[name] < 0.8 or shares[name] * len(words) < _LEAST_WORDS:
        return text, None
    convert = _CONVERTERS[name]
    return _RUN.sub(lambda match: _convert_run(match[0], convert), text), name
