"""Documents and people that a text names: pure functions over NFC text."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Abbreviated kinds of document: Decree 30/2020/NĐ-CP, annex III, and the Party's Hướng dẫn 36-HD/VPTW.
_KINDS = (
    "NQ|NQLT|KL|CT|CTr|CTHĐ|QĐ|QyĐ|QC|TB|HD|KH|TT|TTLT|NĐ|ĐA|BC|CV|TTr|PL|L|PA|DA|CĐ|TC"
    r"|QH\d{1,2}|UBTVQH\d{1,2}"
)
_DOCUMENT = re.compile(
    rf"(?<![\w/-])(\d{{1,5}}(?:/\d{{4}})?)\s?([-–/])\s?((?:{_KINDS})(?:[-–/][A-ZĐ]\w*)*)(?!\w)"
)
_FORM_OF_ADDRESS = re.compile(r"(?:đồng chí|[Đđ]/c|\b[Ôô]ng|\b[Bb]à|Đồng chí|ĐỒNG CHÍ)\s+")
_WORD = re.compile(r"(\w+)([^\w]*)")

# Words with a capital that begin a rank or an office, not a name.
_OFFICE = frozenset(
    [
        "Ban",
        "Bí",
        "Bộ",
        "Chánh",
        "Chủ",
        "Cục",
        "Giám",
        "Huyện",
        "Hội",
        "Nguyên",
        "Phó",
        "Thiếu",
        "Thượng",
        "Thứ",
        "Thủ",
        "Trung",
        "Trưởng",
        "Tỉnh",
        "Tổng",
        "Uỷ",
        "Viện",
        "Đại",
        "Ủy",
    ]
)


def documents(text: str | None) -> list[str]:
    """Return the numbers of the documents `text` cites ("25-NQ/TW", "203/2025/QH15"), each once, in order."""
    found = (
        f"{number}{'/' if mark == '/' else '-'}{kind.replace('–', '-')}"
        for number, mark, kind in _DOCUMENT.findall(text or "")
    )
    return list(dict.fromkeys(found))


def people(text: str | None) -> list[str]:
    """Return the names after a form of address ("đồng chí", "ông", "bà") in `text`, each once, in order."""
    return list(dict.fromkeys(_names(text or "")))


def _names(text: str) -> Iterator[str]:
    for match in _FORM_OF_ADDRESS.finditer(text):
        words: list[str] = []
        for word, gap in _WORD.findall(text[match.end() : match.end() + 60]):
            if not (word[0].isupper() and (word[1:].islower() or len(word) == 1)) or word in _OFFICE:
                break
            words.append(word)
            if gap != " " or len(words) == 5:
                break
        if len(words) > 1:
            yield " ".join(words)
