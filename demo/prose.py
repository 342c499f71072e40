"""Synthetic Vietnamese prose: fills the sentence parts of `demo.topics` from a seeded random generator."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

_SURNAMES = (
    "Lò",
    "Vàng",
    "Giàng",
    "Tẩn",
    "Nguyễn",
    "Trần",
    "Hoàng",
    "Lý",
    "Mùa",
    "Phùng",
    "Lường",
    "Triệu",
    "Bàn",
)
_MIDDLES = ("Văn", "Thị", "Thu", "Minh", "Đức", "Xuân", "Ngọc", "Hữu", "Mạnh", "Quang", "A", "Thanh")
_GIVEN = (
    "Khuê",
    "Thước",
    "Sính",
    "Dín",
    "Thoan",
    "Lả",
    "Tuyền",
    "Chư",
    "Sáng",
    "Thắm",
    "Lềnh",
    "Phìn",
    "Đượm",
    "Nhị",
)
_COMMUNES = (
    "Nậm Khao",
    "Pa Lin",
    "Hua Sát",
    "Tà Phừ",
    "Mường Sua",
    "Chiềng Lạ",
    "Phiêng Hoa",
    "Khe Vàng",
    "Đồng Lựu",
)
_VILLAGES = (
    "Hua Lá",
    "Nà Thẳm",
    "Pha Mu",
    "Tả Sìn",
    "Khuổi Mây",
    "Huổi Đứa",
    "Lũng Trà",
    "Cốc Nhãn",
    "Nậm Ngoan",
)
_POSTS = (
    "Phó Bí thư Thường trực {committee}",
    "Ủy viên Ban Thường vụ, Trưởng {organ}",
    "Ủy viên Ban Chấp hành, Phó Trưởng {organ}",
    "Ủy viên Ban Thường vụ, Chủ tịch Ủy ban MTTQ Việt Nam {unit}",
)
_QUARTERS = ("I", "II", "III", "IV")
_CHOICE = re.compile(r"\[([^\[\]]+)\]")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Region:
    """An invented unit: its kind ("tỉnh", "thị xã", "huyện"), its name, and its committee ("Tỉnh ủy" ...)."""

    unit: str
    name: str
    committee: str

    @property
    def place(self) -> str:
        """The unit with its kind: "huyện Tam Khê"."""
        return f"{self.unit} {self.name}"

    @property
    def organ(self) -> str:
        """Whose news this is: "Ban Dân vận Huyện ủy"."""
        return f"Ban Dân vận {self.committee}"


class Writer:
    """Writes the sentences of one article. `when` is its dateline, `published` gives year and month."""

    def __init__(self, rng: random.Random, region: Region, when: str, published: datetime) -> None:
        self._rng = rng
        self._fixed = {
            "when": when,
            "place": region.place,
            "unit": region.unit,
            "organ": region.organ,
            "committee": region.committee,
            "local": f"xã {rng.choice(_COMMUNES)}",
            "village": f"bản {rng.choice(_VILLAGES)}",
            "chair": self._person(),
            "year": str(published.year),
            "month": str(published.month),
            "quarter": f"quý {_QUARTERS[(published.month - 1) // 3]} năm {published.year}",
        }
        self._fixed["post"] = self.fill(rng.choice(_POSTS))
        for slot in ("place", "organ", "committee", "local"):
            self._fixed[slot + "_cap"] = capitalised(self._fixed[slot])

    def fill(self, template: str) -> str:
        """Write one sentence, title or caption from `template`: choices made, every slot filled."""
        chosen = _CHOICE.sub(lambda match: self._rng.choice(match[1].split("|")), template)
        filled = _SLOT.sub(lambda match: self._fixed.get(match[1]) or self._fresh(match[1]), chosen)
        return capitalised(filled)

    def rows(self, columns: tuple[str, str, str]) -> tuple[tuple[str, ...], ...]:
        """Make a small data table under `columns`: four communes or villages with two figures each."""
        names = self._rng.sample(_VILLAGES if columns[0] in {"Bản", "Điểm trường"} else _COMMUNES, 4)
        return (columns, *((name, self._fresh("n"), self._fresh("n2")) for name in names))

    def _person(self) -> str:
        return " ".join(self._rng.choice(part) for part in (_SURNAMES, _MIDDLES, _GIVEN))

    def _fresh(self, slot: str) -> str:
        rng = self._rng
        match slot:
            case "n":
                return str(rng.randint(12, 98))
            case "n2":
                return str(rng.randint(2, 9))
            case "big":
                return f"{rng.randint(1, 9)}.{rng.randint(100, 989)}"
            case "money":
                return f"{rng.randint(1, 9)}.{rng.randint(10, 98)}0 triệu đồng"
            case "pct":
                return f"{rng.randint(41, 98)},{rng.randint(1, 9)}%"
            case "person":
                return self._person()
        raise KeyError(slot)


def capitalised(text: str) -> str:
    """Return `text` with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def slugify(text: str, *, keep_case: bool = False) -> str:
    """Return `text` in ASCII letters and digits joined by hyphens, as portals make their URLs."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    ascii_only = "".join(char for char in bare if not unicodedata.combining(char))
    slug = "-".join(re.findall(r"[A-Za-z0-9]+", ascii_only))
    return slug if keep_case else slug.lower()
