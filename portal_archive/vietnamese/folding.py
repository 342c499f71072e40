"""Comparing, marking and ordering Vietnamese text without regard to case and diacritics.

Both tone styles (``uỷ``/``ủy``), NFC and NFD fold alike, because the marks themselves are dropped.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

# The 67 accented lower-case letters of the Vietnamese alphabet, in alphabetical and tone order.
ACCENTED = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"

_MARKS = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
_ANY_MARK = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_PUNCTUATION = "\xa0“”–’‘…•—·«»°"
_MOST_MARKS = 30  # combining marks in a row that Stream-Safe Text (UAX #15, section 13) allows
_LONG_RUN = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_GRAPHEME_JOINER = "\u034f"


def nfc(text: str) -> str:
    """Return `text` in Unicode form NFC, in which every Vietnamese letter is one code point.

    Longer runs of combining marks than any script has are parted as Stream-Safe Text of UAX #15 parts them:
    CPython puts the marks of a run in order in quadratic time, and cannot be interrupted there.
    """
    # What is in order already costs linear time in either form, and nearly every text is.
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _LONG_RUN.sub(_part_marks, text))


def nfd(text: str) -> str:
    """Return `text` in Unicode form NFD, letters and marks apart; long runs of marks as in `nfc`."""
    if not unicodedata.is_normalized("NFC", text):
        text = _LONG_RUN.sub(_part_marks, text)
    return unicodedata.normalize("NFD", text)


def _part_marks(run: re.Match[str]) -> str:
    """Put a grapheme joiner, which sorts with nothing, behind every thirtieth combining mark in a row."""
    parted: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MOST_MARKS:
            parted.append(_GRAPHEME_JOINER)
            marks = 1
        parted.append(character)
    return "".join(parted)


def _base(letter: str) -> str:
    return "d" if letter in "đĐðÐ" else nfd(letter)[0].lower()


def _single_byte_tables() -> tuple[str, bytes, bytes, bytes, bytes]:
    """Lay out a private 8-bit code page with room for exactly what a Vietnamese page is written in.

    Encoding to it, folding with ``bytes.translate`` and decoding again takes a ninth of the time of
    ``str.translate``, which looks up a dictionary for every character.
    """
    letters = ACCENTED + ACCENTED.upper() + "Ðð"
    own = [i for i in range(256) if i in (0, 9, 10, 13) or 32 <= i < 127]
    page = [chr(i) if i in own else "\ufffe" for i in range(256)]
    folded = bytearray(range(256))
    folded[ord("A") : ord("Z") + 1] = range(ord("a"), ord("z") + 1)
    dropped = bytearray()
    free = (i for i in range(256) if i not in own)
    for slot, character in zip(free, letters + _MARKS + _PUNCTUATION, strict=True):
        page[slot] = character
        if character in letters:
            folded[slot] = ord(_base(character))
        elif character in _MARKS:
            dropped.append(slot)
    parted = bytes(i if page[i].isalnum() else ord(" ") for i in range(256))
    letters_alone = bytes(i if page[i].isalpha() else ord(" ") for i in range(256))
    return "".join(page), bytes(folded), bytes(dropped), parted, letters_alone


_PAGE, _FOLDED, _DROPPED, _PARTED, _LETTERS_ALONE = _single_byte_tables()
_ENCODER = codecs.charmap_build(_PAGE)
_RARE_LIMIT = 50  # every rare character costs a slice of the rest: give up on the fast way in time


def _fold_any(text: str) -> str:
    """Fold text of any script; keeps everything but case and combining diacritics."""
    lowered = text.lower().replace("đ", "d").replace("ð", "d")
    return nfc(_ANY_MARK.sub("", nfd(lowered)))


def fold(text: str) -> str:
    """Return `text` in lower case without any diacritic, ``đ Đ ð Ð`` as ``d``.

    Takes NFC and NFD alike. Characters of other scripts and punctuation are kept.
    """
    if text.isascii():
        return text.lower()
    parts: list[str] = []
    start = 0
    while start < len(text):
        try:
            encoded, _ = codecs.charmap_encode(text[start:] if start else text, "strict", _ENCODER)
            stop = rare = len(text)
        except UnicodeEncodeError as error:
            stop, rare = start + error.start, start + error.end
            if len(parts) > _RARE_LIMIT:
                parts.append(_fold_any(text[start:]))
                break
            encoded, _ = codecs.charmap_encode(text[start:stop], "strict", _ENCODER)
        parts.append(codecs.charmap_decode(encoded.translate(_FOLDED, _DROPPED), "strict", _PAGE)[0])
        if rare > stop:
            parts.append(_fold_any(text[stop:rare]))
        start = rare
    return "".join(parts)


class _OneForOne(dict[int, int]):
    """Folds a code point to one code point; filled as characters are met."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        decomposed = nfd(character)
        base = decomposed[0] if len(_ANY_MARK.sub("", decomposed)) == 1 else character
        lowered = "d" if base in "đĐðÐ" else base.lower()
        self[code] = ord(lowered) if len(lowered) == 1 else code
        return self[code]


_ONE_FOR_ONE = _OneForOne()


def fold_keep_length(text: str) -> str:
    """Fold `text` one code point to one code point, so that positions in the result are positions in it.

    For NFC text the result is that of `fold`; combining marks that have no precomposed letter stay.
    """
    if text.isascii():
        return text.lower()
    try:
        encoded, _ = codecs.charmap_encode(text, "strict", _ENCODER)
    except UnicodeEncodeError:
        return text.translate(_ONE_FOR_ONE)
    return codecs.charmap_decode(encoded.translate(_FOLDED), "strict", _PAGE)[0]


def words_of(text: str) -> list[str]:
    """Return the runs of letters and digits in `text`, as they stand there."""
    try:
        encoded, _ = codecs.charmap_encode(text, "strict", _ENCODER)
    except UnicodeEncodeError:
        return _WORD.findall(text)
    return codecs.charmap_decode(encoded.translate(_PARTED), "strict", _PAGE)[0].split()


def letters_of(text: str) -> list[str]:
    """Return the runs of letters in `text`, as they stand there."""
    try:
        encoded, _ = codecs.charmap_encode(text, "strict", _ENCODER)
    except UnicodeEncodeError:
        return _LETTERS.findall(text)
    return codecs.charmap_decode(encoded.translate(_LETTERS_ALONE), "strict", _PAGE)[0].split()


# A letter with a quality mark comes after every word with the plain letter: its mark sorts after "z".
_QUALITY = {"\u0306": "{", "\u0302": "|", "\u031b": "}"}
# The tone order of the Unicode collation for Vietnamese (CLDR): huyền, hỏi, ngã, sắc, nặng.
_TONE = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def sort_key(text: str) -> str:
    """Return a string whose plain order is the Vietnamese alphabetical order of `text`.

    a ă â b c d đ e ê ... o ô ơ ... u ư; tones decide only between words of the same letters, in the order
    ngang huyền hỏi ngã sắc nặng. Case and outer or repeated spaces do not count. Can be a column of a table.
    """
    letters: list[str] = []
    tones: list[str] = []
    for character in nfd(" ".join(text.lower().split())):
        if character in _TONE:
            if tones:
                tones[-1] = _TONE[character]
        elif character in _QUALITY:
            letters.append(_QUALITY[character])
        else:
            letters.append("d{" if character in "đð" else character)
            tones.append("0")
    return f"{''.join(letters)}\t{''.join(tones).rstrip('0')}"
