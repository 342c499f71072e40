"""The data dictionary: every column of every export, described as Datasette describes it.

`python -m portal_archive.publish.dictionary > docs/data-dictionary.md` writes it anew.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

from portal_archive.archive import migrations
from portal_archive.archive.counters import series
from portal_archive.archive.export.places import PERMALINK, PERMALINKS, PLACES
from portal_archive.archive.export.tables import EXPORTS, Export
from portal_archive.model.kinds import EVERY, Kind

METADATA = Path("datasette-metadata.json")

_INTRODUCTION = """\
# Data dictionary

What `scrapy export --table NAME` writes: the tables, and the columns of each. Written by
`python -m portal_archive.publish.dictionary` from the schema and `datasette-metadata.json`; a test fails when it
is out of date.

- **Times.** A moment of the archive is UTC (`2026-11-22T05:31:28Z`). A date that a portal printed has
  `+07:00`. `--since` and `--until` are days in Vietnam, and both are included.
- **Unknown is not zero.** An unknown value is `null` in JSON and an empty cell in CSV; `0` was printed.
- **CSV** is UTF-8 with a BOM, so that Excel shows its accents. A text that a spreadsheet would run as a
  formula begins with an apostrophe. Lists and objects are JSON within their cell; in JSON they are real ones.
- **Provenance.** `capture_file`, `capture_offset` and `capture_length` are where the record of the stored
  response lies below `captures/`, `capture_digest` is the SHA-1 of its body in base32 (WARC-Payload-Digest).
"""

# Columns that only the export has.
_ADDED = {
    "images": "Ảnh của bài, mảng JSON: url, caption / Images of the article, a JSON array of url and caption",
    "attachments": "Tệp đính kèm, mảng JSON: url, title, text / Attachments: an array of url, title, text",
    "findings": "Dấu hiệu bị chèn, mảng JSON: các cột của bảng findings / Findings, an array with that table's columns",
    "flagged": "1: có dấu hiệu bị chèn, từ 0,5 điểm và chưa bị bác bỏ / 1: a sign of tampering that counts",
    "is_current": "1: bản lưu gần nhất của bài vẫn cho thấy / 1: the newest capture of the article still shows it",
    "portal": "Cổng đã đăng / The portal",
    "article_url": "Địa chỉ chính thức của bài / Canonical URL of the article",
    "article_title": "Tiêu đề của bài / Title of the article",
    "story_id": "Câu chuyện, nếu cổng khác cũng đăng / Its story, where other portals carry it too",
    "published_at": "Ngày đăng in trên trang / Publication date as printed",
    "first_seen": "Kho thấy lần đầu, UTC / First seen by the archive, UTC",
    "fetched_at": "Giờ của bản lưu, UTC / Time of the capture, UTC",
    "started_at": "Lần thu thập bắt đầu lúc nào, UTC / When the crawl began, UTC",
    "capture_file": "Tệp WARC của bản lưu / WARC file of the capture",
    "capture_offset": "Vị trí trong tệp đó / Where its record begins in that file",
    "capture_length": "Độ dài, byte / How many bytes the record takes there",
    "capture_digest": "Dấu vân tay của nội dung / Digest of the body",
    "portal_title": "Tên cổng / Title of the portal",
    "province": "Tỉnh, thành của cổng khi cổng còn là của tỉnh ấy / The province whose portal it was",
    "province_now": "Nay là tỉnh, thành nào (34 từ 1/7/2025) / The province it is part of today",
    "permalink": "Trang trong kho, không đổi / Its page in the reading room, which stays",
    "marks": "Số này tự mâu thuẫn thế nào, mảng JSON; trống: không thấy / Contradictions at this number, a JSON array",
}

# What is worked out for an export, and stands in no table.
_COMPUTED: dict[str, dict[str, Any]] = {
    "counter_marks": {
        "title": "Chỗ bộ đếm tự mâu thuẫn · Contradictions of counters",
        "description": "Những số in ra không thể cùng đúng, mỗi loại một dòng một ngày."
        " / Printed numbers that cannot all be true, each kind once a day.",
        "columns": {
            "portal": _ADDED["portal"],
            "portal_title": _ADDED["portal_title"],
            "province": _ADDED["province"],
            "province_now": _ADDED["province_now"],
            "reading_id": "Lần đọc (counter_readings.id) / The reading",
            "url": "Trang đã đọc / The page it was read on",
            "read_at": "Giờ đọc, UTC / When, UTC",
            "day": "Ngày đọc theo giờ Việt Nam / Day of the reading in Vietnam",
            "measure": "Số nào mâu thuẫn: today, month, year, total / Which number contradicts another",
            "kind": "Loại; câu giải thích nằm trong portal_archive/messages, mục mark"
            " / The kind; its sentences stand in portal_archive/messages under mark",
            "details": "Các số điền vào câu ấy (JSON) / The numbers that the sentence names (JSON)",
            "permalink": _ADDED["permalink"],
        },
    }
}


def about(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return what an export says of the archive and of each of its tables and columns; see `package.write`."""
    described = metadata["databases"]["archive"]["tables"] | _COMPUTED
    tables = {
        name: {
            "title": described[name]["title"],
            "description": described[name]["description"],
            "columns": described[name]["columns"] | {column: _ADDED[column] for column in chosen.added},
        }
        for name, chosen in EXPORTS.items()
    }
    for name, table in tables.items():
        if name in PERMALINKS:
            table["columns"] |= {column: _ADDED[column] for column in (*PLACES, PERMALINK)}
    return {
        **{name: metadata[name] for name in ("title", "description", "source", "license")},
        "tables": tables,
    }


def data_dictionary(metadata: dict[str, Any]) -> str:
    """Return the data dictionary as Markdown, from Datasette's metadata and the archive's own schema.

    What the metadata does not describe stays without a description.
    """
    db = migrations.blank().conn
    series.define_functions(db)
    try:
        described = metadata["databases"]["archive"]["tables"] | _COMPUTED
        parts = [_table(db, chosen, described.get(name, {})) for name, chosen in EXPORTS.items()]
    finally:
        db.close()
    return "\n".join([_INTRODUCTION, *parts, "# Kinds", "", *map(_kinds, EVERY)])


def _kinds(kinds: type[Kind]) -> str:
    rows = [f"| `{kind.value}` | {kind.meaning} |" for kind in kinds]
    return "\n".join(
        [f"## {kinds.__name__}", "", str(kinds.__doc__), "", "| kind | meaning |", "|---|---|", *rows, ""]
    )


def _table(db: sqlite3.Connection, chosen: Export, described: dict[str, Any]) -> str:
    columns = described.get("columns", {})
    by = ["the portal"] if chosen.portal else []
    if chosen.moment:
        by.append(f"days of `{chosen.moment.partition('.')[2]}`")
    lines = [
        f"## {chosen.table}",
        "",
        f"{described.get('title', '')}. {described.get('description', '')}",
        "",
        f"Can be chosen by {' and '.join(by)}." if by else "Always exported whole.",
        "",
        "| column | what it is |",
        "|---|---|",
    ]
    for column in chosen.columns(db):
        about = _ADDED[column] if column in chosen.added else columns.get(column, "")
        lines.append(f"| `{column}` | {about.replace('|', chr(92) + '|')} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(data_dictionary(json.loads(METADATA.read_text())))
