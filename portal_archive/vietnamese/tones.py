"""The two styles of placing tone marks: hòa and hoà, khỏe and khoẻ, thủy and thuỷ.

Schools teach the old style, which marks the first vowel; much software writes the new one, which marks the second.
Only open syllables in oa, oe and uy have two styles: toàn and quý have one.
"""

from __future__ import annotations

import re

from portal_archive.vietnamese.folding import nfc

_PAIRS = (("o", "a", "òóỏõọ", "àáảãạ"), ("o", "e", "òóỏõọ", "èéẻẽẹ"), ("u", "y", "ùúủũụ", "ỳýỷỹỵ"))
NEW_OF_OLD = {
    marked_first + second: first + marked_second
    for first, second, firsts, seconds in _PAIRS
    for marked_first, marked_second in zip(firsts, seconds, strict=True)
}
OLD_OF_NEW = {new: old for old, new in NEW_OF_OLD.items()}
_OLD = re.compile("|".join(f"[{firsts}]{second}" for _, second, firsts, _ in _PAIRS))
# q is part of the consonant of quý; before another letter the mark has one place.
_NEW = re.compile(rf"(?<!q)(?:{'|'.join(OLD_OF_NEW)})(?![^\W\d_])")


def one_style(text: str) -> str:
    """Return `text` in lower case, NFC and the new tone style: what two spellings of the same words share."""
    lowered = text.lower()
    return lowered if lowered.isascii() else _OLD.sub(lambda old: NEW_OF_OLD[old[0]], nfc(lowered))


def old_style(text: str) -> str:
    """Return text of `one_style` in the old tone style."""
    return _NEW.sub(lambda new: OLD_OF_NEW[new[0]], text)
