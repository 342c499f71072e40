"""The data dictionary: every column of every export, described as Datasette describes it.

`python -m portal_archive.publish.dictionary > docs/data-dictionary.md` writes it anew.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portal_archive.archive import migrations
from portal_archive.archive.counters import series
from portal_archive.archive.export.columns import Column, columns_of, exported_columns, primary_key
from portal_archive.archive.export.places import PERMALINK, PERMALINKS, PLACES
from portal_archive.archive.export.tables import EXPORTS, Export
from portal_archive.model.kinds import EVERY, Kind

METADATA = Path("datasette-metadata.json")

_INTRODUCTION = """\
# Data dictionary

Every column of every table that one meets: in what `scrapy export` writes, in Datasette, and with `sqlite3`. Written by
`python -m portal_archive.publish.dictionary` from the schema and `datasette-metadata.json`; a test fails when it
is out of date. [data.md](data.md) shows how to work with them.

- **Types** are those of Frictionless Table Schema, as in the `datapackage.json` of `export --all`. `array` and
  `object` are JSON: real ones in JSON, text in CSV and Parquet. `boolean` is 1 or 0 in SQLite, CSV and JSON.
- **Times.** `datetime` is UTC (`2026-11-22T05:31:28Z`). A date that a portal printed is text with `+07:00`; midnight
  with `published_precision` `day` means the day. `--since` and `--until` are days in Vietnam, and both are included.
- **NULL** is unknown, or not there: `null` in JSON, an empty cell in CSV; `0` was printed. `never`: there is always a
  value, which may be an empty text.
- **Values**: all that are allowed, a pattern, or `table.column` whose values they are.
- **CSV** is UTF-8 with a BOM, so that Excel shows its accents. A text that a spreadsheet would run as a
  formula begins with an apostrophe; one of more than 32,767 characters is cut, and says so at its end.
- **Provenance.** `capture_file`, `capture_offset` and `capture_length` are where the record of the stored
  response lies below `captures/`, `capture_digest` is the SHA-1 of its body in base32 (WARC-Payload-Digest).
"""

_STORED = """\
# What is stored

Tables and views of `archive.db` that are not exported, or have columns that are not. `articles_fts` and
`articles_exact` are FTS5 indexes: `articles_fts` wants words without accents and with `d` for `đ`.
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
    """Return the data dictionary as Markdown, from Datasette's metadata and the archive's own schema."""
    db = migrations.blank().conn
    series.define_functions(db)
    said = about(metadata)["tables"]
    stored = metadata["databases"]["archive"]["tables"]
    try:
        exports = [_export(db, chosen, said[name]) for name, chosen in EXPORTS.items()]
        others = [_stored(db, name, described) for name, described in sorted(stored.items())]
    finally:
        db.close()
    kinds = ["# Kinds", "", *map(_kinds, EVERY)]
    return "\n".join([_INTRODUCTION, "# What is exported\n", *exports, _STORED, *others, *kinds])


def _kinds(kinds: type[Kind]) -> str:
    rows = [f"| `{kind.value}` | {kind.meaning} |" for kind in kinds]
    return "\n".join(
        [f"## {kinds.__name__}", "", str(kinds.__doc__), "", "| kind | meaning |", "|---|---|", *rows, ""]
    )


def _export(db: sqlite3.Connection, chosen: Export, described: dict[str, Any]) -> str:
    by = ["the portal"] if chosen.portal else []
    if chosen.moment:
        by.append(f"days of `{chosen.moment.partition('.')[2]}`")
    choice = f"Can be chosen by {' and '.join(by)}." if by else "Always exported whole."
    changed = (
        "Tells when its rows were written to." if chosen.changed else "`--changed-since` gives it whole."
    )
    return _table(db, chosen.table, exported_columns(db, chosen.table), described, f"{choice} {changed}")


def _stored(db: sqlite3.Connection, name: str, described: dict[str, Any]) -> str:
    """Return what there is to say of a table or view that the exports do not have, or have otherwise."""
    columns = columns_of(db, name)
    if name in EXPORTS:
        known = {column.name for column in exported_columns(db, name)}
        columns = [column for column in columns if column.name not in known]
    if name in EXPORTS and not columns:
        return f"## {name}, stored\n\nAll its columns are exported, see [{name}](#{name}).\n"
    only = f"These columns are not exported, the others stand [above](#{name})." if name in EXPORTS else ""
    title = f"{name}, stored" if name in EXPORTS else name
    return _table(db, name, columns, described, only, title)


def _table(
    db: sqlite3.Connection,
    name: str,
    columns: Sequence[Column],
    described: dict[str, Any],
    said: str,
    title: str = "",
) -> str:
    vi, en = languages(described["description"])
    key = primary_key(db, name)
    lines = [
        f"## {title or name}",
        "",
        f"**{described['title']}.** {vi} / {en}",
        "",
        *([said, ""] if said else []),
        *([f"Key: {', '.join(f'`{column}`' for column in key)}.", ""] if key else []),
        "| column | type | NULL | values | tiếng Việt | English |",
        "|---|---|---|---|---|---|",
    ]
    for column in columns:
        vi, en = languages(described["columns"][column.name])
        null = "never" if column.required else "allowed"
        cells = (f"`{column.name}`", _type(column), null, _values(column), vi, en)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join([*lines, ""])


def languages(text: str) -> tuple[str, str]:
    """Return the Vietnamese and the English half of a description. Raises ValueError where it has not two."""
    vi, en = text.split(" / ")
    return vi, en


def _type(column: Column) -> str:
    return f"{column.type}, {column.unit}" if column.unit else column.type


def _values(column: Column) -> str:
    if column.refers:
        return f"`{'.'.join(column.refers)}`"
    if column.allowed:
        return ", ".join(f"`{value}`" for value in column.allowed)
    return f"`{column.pattern}`" if column.pattern else ""


if __name__ == "__main__":
    sys.stdout.write(data_dictionary(json.loads(METADATA.read_text())))
