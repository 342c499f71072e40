import csv
import json
import re
import sqlite3
import tracemalloc
import zipfile
from datetime import date
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
from synthetic_rows import add, add_article, add_portal, new_archive

from portal_archive.archive.export.cells import cut_json_to_excel
from portal_archive.archive.export.export import export
from portal_archive.archive.export.formats import EXPORTERS, xlsx
from portal_archive.archive.export.tables import EXPORTS
from portal_archive.model.errors import ArchiveError

PLACES = ("Cổng laichau", "Lai Châu", "Điện Biên mới")


@pytest.fixture
def db() -> sqlite3.Connection:
    db = new_archive()
    add(db, "provinces", id="dien-bien-2025", slug="dien-bien", name="Điện Biên mới", unit="tỉnh")
    add(
        db,
        "provinces",
        id="lai-chau",
        slug="lai-chau",
        name="Lai Châu",
        unit="tỉnh",
        successor="dien-bien-2025",
    )
    add_portal(db, "laichau", "lai-chau")
    add_portal(db, "dienbien")
    place = {"file": "laichau/a.warc.gz", "offset": 759, "length": 387, "digest": "sha1:ABC", "status": 200}
    add(db, "captures", portal="laichau", url="u", fetched_at="2024-01-18T01:00:00Z", kind="article", **place)
    first = add_article(
        db,
        "laichau",
        "Công tác “Dân vận”",
        "2024-01-18T00:10:00+07:00",
        body="Đoạn một.\n\nĐoạn hai, có dấu phẩy.",
        html="<p>",
        tags='["dân vận", "khéo"]',
        methods='{"title": "label"}',
        views=0,
        capture_id=1,
    )
    add_article(db, "dienbien", "=HYPERLINK(1)", "2024-01-18T23:59:59+07:00")
    add_article(db, "dienbien", "Muộn", "2024-01-19T00:00:00+07:00", rating_points=9, rating_votes=2)
    add(db, "images", article_id=first, position=2, url="https://x/2.jpg")
    add(db, "images", article_id=first, position=1, url="https://x/1.jpg", caption="Ảnh: Hòa")
    add(db, "attachments", article_id=first, position=1, url="https://x/a.pdf", title="QĐ", text="Điều 1")
    add(db, "article_views", article_id=first, seen_at="2024-01-18T01:00:00Z", views=0, capture_id=1)
    add(
        db,
        "counter_readings",
        portal="laichau",
        url="https://laichau/",
        read_at="2024-01-17T17:00:00Z",
        today=0,
        total=82336925,
        printed='{"total": "82.336.925"}',
        reasons='{"week": "script"}',
        capture_id=1,
    )
    add(
        db,
        "counter_readings",
        portal="laichau",
        url="https://laichau/",
        read_at="2024-01-18T16:59:59Z",
        total=5,
    )
    add(db, "counter_readings", portal="laichau", url="https://laichau/", read_at="2024-01-18T17:00:00Z")
    add(db, "problems", portal="laichau", url="u", kind="date-impossible", last_seen="2024-01-18T01:00:00Z")
    add(db, "crawls", portal="laichau", started_at="2024-01-18T01:00:00Z")
    add(db, "portal_states", portal="laichau", state="ok", since="2024-01-18T01:00:00Z", crawl_id=1)
    add(db, "declared_portals", name="laichau")
    add(
        db,
        "doubts",
        portal="laichau",
        url="u",
        rule="replaced",
        state="held",
        first_seen="2024-01-18T01:00:00Z",
    )
    add(db, "absences", article_id=first, gone_at="2024-01-18T01:00:00Z", came_back_at="2024-01-19T01:00:00Z")
    add(db, "crawl_fields", crawl_id=1, field="title", articles=3, filled=2)
    add(db, "article_urls", portal="laichau", url="u", article_id=first, first_seen="2024-01-18T01:00:00Z")
    add(db, "pages", portal="laichau", url="u", discovered_at="2024-01-18T01:00:00Z")
    add(db, "versions", article_id=first, version=1, first_seen="2024-01-18T01:00:00Z", url="u", capture_id=1)
    found = {
        "portal": "laichau",
        "article_id": first,
        "url": "u",
        "field": "body",
        "span": "một",
        "capture_id": 1,
    }
    seen = {"first_seen": "2024-01-18T01:00:00Z", "last_seen": "2026-11-22T05:31:28Z"}
    add(db, "stories", first_article=first, articles=2, portals=2)
    add(db, "story_articles", article_id=first, story_id=1, position=1)
    add(db, "findings", kind="spun", score=0.9, start=5, end=8, content_hash="", **found, **seen)
    return db


def exported(db: sqlite3.Connection, table: str, **options) -> list[dict[str, object]]:
    out = BytesIO()
    count = export(db, table, "jsonl", out, **options)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert count == len(rows)
    return rows


def as_rows(out: BytesIO) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def titles(rows: list[dict[str, object]]) -> list[object]:
    return [row["title"] for row in rows]


def test_an_article_comes_whole_with_its_images_attachments_and_provenance(db):
    first, _, third = exported(db, "articles")
    assert first["images"] == [
        {"url": "https://x/1.jpg", "caption": "Ảnh: Hòa"},
        {"url": "https://x/2.jpg", "caption": None},
    ]
    assert first["attachments"] == [{"url": "https://x/a.pdf", "title": "QĐ", "text": "Điều 1"}]
    assert first["tags"] == ["dân vận", "khéo"]
    assert first["methods"] == {"title": "label"}
    assert first["url"] == "https://laichau.vidu.example/0.html"
    assert first["fetched_at"] == "2026-11-22T05:31:28Z"
    place = [first[f"capture_{name}"] for name in ("file", "offset", "length", "digest")]
    assert place == ["laichau/a.warc.gz", 759, 387, "sha1:ABC"]
    assert (first["views"], first["rating_votes"], first["summary"]) == (0, None, None)
    assert (third["rating_points"], third["rating_votes"], third["images"]) == (9, 2, [])
    assert third["capture_file"] is None
    assert not {"html", "attachment_text", "search_order", "text_hash"} & set(first)


def test_csv_opens_in_excel_with_its_accents(db):
    out = BytesIO()
    assert export(db, "articles", "csv", out) == 3
    data = out.getvalue()
    assert data.startswith(b"\xef\xbb\xbfid,portal,url,")
    assert data.count(b"\xef\xbb\xbf") == 1
    rows = as_rows(out)
    assert rows[0]["title"] == "Công tác “Dân vận”"
    assert rows[0]["body"] == "Đoạn một.\n\nĐoạn hai, có dấu phẩy."
    assert (rows[0]["views"], rows[0]["summary"]) == ("0", "")
    assert json.loads(rows[0]["images"])[0] == {"url": "https://x/1.jpg", "caption": "Ảnh: Hòa"}
    assert rows[0]["tags"] == '["dân vận", "khéo"]'


@pytest.mark.parametrize("cell", ["=1+1", "+84 231", "-5", "@SUM", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_inert(db, cell):
    db.execute("UPDATE articles SET title = ?", (cell,))
    for inert, shown in ((True, "'" + cell), (False, cell)):
        out = BytesIO()
        export(db, "articles", "csv", out, inert=inert)
        assert [row["title"] for row in as_rows(out)] == [shown] * 3
    assert titles(exported(db, "articles")) == [cell] * 3


ATTACK = "Hội nghị triển khai;=1+cmd|' /C calc'!A0;x"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Tin{}=1+1", "Tin{}'=1+1"),
        ("Tin{} @SUM(A1)", "Tin{}' @SUM(A1)"),
        ('Tin{}"=1+1"', 'Tin{}\'"=1+1"'),
        ("Tin{}＋1", "Tin{}'＋1"),
        ("Tin{}một", "Tin{}một"),
    ],
)
def test_no_formula_begins_behind_another_separator(db, separator, title, shown):
    db.execute("UPDATE articles SET title = ?", (title.format(separator),))
    out = BytesIO()
    export(db, "articles", "csv", out)
    assert [row["title"] for row in as_rows(out)] == [shown.format(separator)] * 3
    cells = [
        cell for row in csv.reader(StringIO(out.getvalue().decode()), delimiter=separator) for cell in row
    ]
    assert [cell for cell in cells if cell.lstrip(' "').startswith(("=", "@", "＋"))] == []


def test_formulas_behind_line_breaks_are_told_from_lists(db):
    body = "- Một là (hai)\n+ Ba | bốn\n=SUM(A1)\n-5 độ\n-WEBSERVICE(1)\n+1+cmd|' /C calc'!A0"
    db.execute("UPDATE articles SET title = 'Tin', body = ?", (body,))
    out = BytesIO()
    export(db, "articles", "csv", out)
    expected = "'- Một là (hai)\n'+ Ba | bốn\n'=SUM(A1)\n-5 độ\n'-WEBSERVICE(1)\n'+1+cmd|' /C calc'!A0"
    assert as_rows(out)[0]["body"] == expected


def test_a_cell_is_never_longer_than_excel_allows_and_says_that_it_was_cut(db):
    db.execute("UPDATE articles SET title = 'Tin', body = ?", ("dân vận " * 5_726,))
    db.execute("UPDATE articles SET body = ? WHERE id = 2", ("a" * 32_767,))
    db.execute("UPDATE articles SET body = ? WHERE id = 3", ("😀" * 16_384,))
    out = BytesIO()
    export(db, "articles", "csv", out)
    cut, whole, wide = (row["body"] for row in as_rows(out))
    mark = " … [45808 characters: whole in JSON]"
    assert cut == ("dân vận " * 5_726)[: 32_767 - len(mark)] + mark
    assert whole == "a" * 32_767
    assert wide == "😀" * 16_365 + " … [16384 characters: whole in JSON]"
    assert len(wide.encode("utf-16-le")) // 2 <= 32_767
    out = BytesIO()
    export(db, "articles", "csv", out, inert=False)
    assert as_rows(out)[0]["body"] == "dân vận " * 5_726
    assert exported(db, "articles")[0]["body"] == "dân vận " * 5_726


def test_json_that_is_cut_stays_json(db):
    entry = {"url": "https://x/a.pdf", "title": "QĐ", "text": "Điều 1 " * 1_000}
    cell = json.dumps([entry] * 9, ensure_ascii=False)
    *kept, mark = json.loads(cut_json_to_excel(cell))
    assert kept == [entry] * 4
    assert mark == f"9 entries, [{len(cell)} characters: whole in JSON]"
    assert cut_json_to_excel("[1]") == "[1]"
    assert json.loads(cut_json_to_excel(json.dumps({"a": "b" * 40_000}))) == {
        "cut": "[40009 characters: whole in JSON]"
    }
    assert len(cut_json_to_excel("[" * 40_000)) == 32_767


def sheet(data: bytes) -> list[dict[str, str]]:
    with zipfile.ZipFile(BytesIO(data)) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    return [
        {re.sub(r"\d", "", cell.get("r")): "".join(cell.itertext()) for cell in row.iter(f"{space}c")}
        for row in root.iter(f"{space}row")
    ]


def test_a_workbook_holds_text_as_text(db):
    db.execute("UPDATE articles SET body = ? WHERE id = 1", ("dân vận " * 5_726,))
    db.execute("UPDATE articles SET views = 82336925000000001 WHERE id = 2")
    out = BytesIO()
    assert export(db, "articles", "xlsx", out, columns=["title", "views", "body", "summary"]) == 3
    names, first, second, third = sheet(out.getvalue())
    assert names == {"A": "title", "B": "views", "C": "body", "D": "summary"}
    assert (first["A"], first["B"], "D" in first) == ("Công tác “Dân vận”", "0", False)
    assert first["C"].endswith(" … [45808 characters: whole in JSON]")
    assert len(first["C"]) == 32_767
    assert second == {"A": "=HYPERLINK(1)", "B": "82336925000000001"}
    assert third == {"A": "Muộn"}
    with zipfile.ZipFile(BytesIO(out.getvalue())) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_sheet_that_is_full_says_so(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    workbook = xlsx.Xlsx(["n"])
    for number in range(4):
        workbook.row([number])
    assert sheet(b"".join(workbook.end())) == [
        {"A": "n"}, {"A": "0"}, {"A": "more rows than a sheet holds: take CSV or JSON"}
    ]  # fmt: skip


def test_chosen_columns_come_in_the_order_in_which_they_are_named(db):
    assert exported(db, "articles", columns=["province_now", "id"])[0] == {
        "province_now": "Điện Biên mới",
        "id": 1,
    }
    with pytest.raises(ArchiveError, match="no column autor in articles; there are: id, portal, url, "):
        exported(db, "articles", columns=["id", "autor"])


def test_a_format_is_a_class_that_everything_goes_by():
    assert {name: (kind.label, kind.mime_type) for name, kind in EXPORTERS.items()} == {
        "csv": ("CSV (Excel)", "text/csv; charset=utf-8"),
        "json": ("JSON", "application/json; charset=utf-8"),
        "jsonl": ("JSON Lines", "application/x-ndjson; charset=utf-8"),
        "xlsx": ("Excel (.xlsx)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    }


def test_numbers_are_left_as_they_are(db):
    db.execute("UPDATE articles SET views = -5")
    out = BytesIO()
    export(db, "articles", "csv", out)
    assert [row["views"] for row in as_rows(out)] == ["-5"] * 3


def test_json_is_one_array(db):
    out = BytesIO()
    assert export(db, "articles", "json", out) == 3
    assert json.loads(out.getvalue()) == exported(db, "articles")
    assert "Công tác" in out.getvalue().decode()
    db.executescript("DELETE FROM attachments; DELETE FROM images")
    out = BytesIO()
    assert export(db, "images", "json", out) == 0
    assert json.loads(out.getvalue()) == []


def test_the_stream_stays_open_for_the_caller(db):
    out = BytesIO()
    export(db, "provinces", "csv", out)
    out.write(b"more")
    assert out.getvalue().endswith(b"more")


def test_days_of_publication_are_those_of_vietnam_and_included(db):
    day = date(2024, 1, 18)
    assert titles(exported(db, "articles", since=day, until=day)) == ["Công tác “Dân vận”", "=HYPERLINK(1)"]
    assert titles(exported(db, "articles", since=date(2024, 1, 19))) == ["Muộn"]
    assert titles(exported(db, "articles", until=date(2024, 1, 17))) == []
    db.execute("UPDATE articles SET published_at = '2024-01-18' WHERE id = 2")
    assert titles(exported(db, "articles", since=day, until=day)) == ["Công tác “Dân vận”", "=HYPERLINK(1)"]
    db.execute("UPDATE articles SET published_at = NULL WHERE id = 3")
    assert titles(exported(db, "articles", since=date(1997, 1, 1))) == ["Công tác “Dân vận”", "=HYPERLINK(1)"]


def test_days_of_reading_are_those_of_vietnam_too(db):
    day = date(2024, 1, 18)
    found = exported(db, "counter_readings", since=day, until=day)
    assert [row["read_at"] for row in found] == ["2024-01-17T17:00:00Z", "2024-01-18T16:59:59Z"]
    reading = found[0]
    assert (reading["today"], reading["week"], reading["total"]) == (0, None, 82336925)
    assert (reading["printed"], reading["reasons"]) == ({"total": "82.336.925"}, {"week": "script"})
    assert reading["capture_offset"] == 759


def test_findings_come_with_their_article_and_its_versions(db):
    article, *others = exported(db, "articles")
    (version,) = exported(db, "article_versions")
    (finding,) = exported(db, "findings")
    one = {
        "id": 1,
        "kind": "spun",
        "field": "body",
        "span": "một",
        "start": 5,
        "end": 8,
        "score": 0.9,
        "signs": [],
        "details": {},
        "original": None,
        "verdict": None,
        "why": None,
        "first_seen": "2024-01-18T01:00:00Z",
        "last_seen": "2026-11-22T05:31:28Z",
    }
    assert article["findings"] == version["findings"] == [one]
    assert [other["findings"] for other in others] == [[], []]
    assert (version["flagged"], finding["is_current"]) == (1, 1)
    assert {name: finding[name] for name in one} == one
    assert (finding["article_title"], finding["article_url"]) == (article["title"], article["url"])
    db.execute("UPDATE findings SET verdict = 'dismissed', why = 'số đếm'")
    (version,) = exported(db, "article_versions")
    assert (version["flagged"], version["findings"]) == (0, [one | {"verdict": "dismissed", "why": "số đếm"}])
    # What an earlier capture of the same content showed, and the newest does not, is the version's alone.
    db.execute("UPDATE findings SET last_seen = '2024-01-18T01:00:00Z'")
    assert exported(db, "articles")[0]["findings"] == []
    assert exported(db, "findings")[0]["is_current"] == 0


@pytest.mark.parametrize("address", ["", "https://kho.example"])
def test_rows_say_where_their_page_is(db, address):
    def first(table: str) -> object:
        return exported(db, table, address=address)[0]["permalink"]

    assert first("articles") == f"{address}/article/1"
    assert first("article_versions") == f"{address}/article/1/version/1"
    assert first("counter_readings") == first("counter_series") == f"{address}/capture/1"
    assert first("findings") == f"{address}/article/1"
    db.execute("UPDATE findings SET article_id = NULL, capture_id = NULL")
    assert first("findings") is None
    db.execute("UPDATE findings SET capture_id = 1")
    assert first("findings") == f"{address}/capture/1"


def test_a_counter_is_a_tidy_series_with_its_marks(db):
    names = ("read_at", "day", "measure", "value", "as_printed", "reason", "marks")
    assert [tuple(row[name] for name in names) for row in exported(db, "counter_series")] == [
        ("2024-01-17T17:00:00Z", "2024-01-18", "today", 0, None, None, None),
        ("2024-01-17T17:00:00Z", "2024-01-18", "week", None, None, "script", None),
        ("2024-01-17T17:00:00Z", "2024-01-18", "total", 82336925, "82.336.925", None, None),
        ("2024-01-18T16:59:59Z", "2024-01-18", "total", 5, None, None, ["total_fell"]),
    ]
    (mark,) = exported(db, "counter_marks")
    assert (mark["reading_id"], mark["measure"], mark["kind"]) == (2, "total", "total_fell")
    assert (mark["details"], mark["day"]) == ({"before": 82336925, "after": 5}, "2024-01-18")


def test_one_portal(db):
    assert titles(exported(db, "articles", portal="dienbien")) == ["=HYPERLINK(1)", "Muộn"]
    for table, chosen in EXPORTS.items():
        if chosen.portal and table not in ("portals", "articles"):
            assert len(exported(db, table, portal="laichau")) == len(exported(db, table)) > 0
            assert exported(db, table, portal="dienbien") == []
    assert [row["name"] for row in exported(db, "portals", portal="dienbien")] == ["dienbien"]


@pytest.mark.parametrize("table", [name for name, chosen in EXPORTS.items() if chosen.moment])
def test_every_table_with_moments_goes_by_them(db, table):
    assert exported(db, table, since=date(2024, 1, 18), until=date(2024, 1, 18)) != []
    assert exported(db, table, until=date(2024, 1, 16)) == []


@pytest.mark.parametrize("table", [*EXPORTS])
def test_every_row_says_where_it_is_from(db, table):
    (row, *_) = exported(db, table)
    if table not in ("provinces", "crawls", "crawl_fields", "portal_states"):
        assert {"url", "article_url", "home_url"} & set(row)
    if table in (
        "articles",
        "article_versions",
        "counter_readings",
        "counter_series",
        "counter_marks",
        "findings",
    ):
        assert (row["portal_title"], row["province"], row["province_now"]) == PLACES
    if "capture_file" in row:
        assert row["capture_file"] == "laichau/a.warc.gz"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("bai_viet", "csv"), "no table bai_viet to export; there are: articles, article_versions, "),
        (("articles", "ods"), "no format ods; there are: csv, json, jsonl, xlsx"),
    ],
)
def test_what_there_is_not_is_answered_with_what_there_is(db, arguments, message):
    with pytest.raises(ArchiveError, match=message):
        export(db, *arguments, BytesIO())


def test_filters_that_mean_nothing_are_refused(db):
    with pytest.raises(ArchiveError, match="no portal hanoi in the archive; there are: dienbien, laichau"):
        exported(db, "articles", portal="hanoi")
    with pytest.raises(ArchiveError, match="provinces cannot be exported by portal"):
        exported(db, "provinces", portal="laichau")
    with pytest.raises(ArchiveError, match="portals cannot be exported by day"):
        exported(db, "portals", since=date(2024, 1, 1))


@pytest.mark.parametrize("table", [*EXPORTS])
def test_no_table_is_sorted_before_it_is_written(db, table):
    ran: list[str] = []
    chosen = EXPORTS[table]
    day = date(2024, 1, 18) if chosen.moment else None
    db.set_trace_callback(ran.append)
    export(db, table, "csv", BytesIO(), portal="laichau" if chosen.portal else None, since=day)
    db.set_trace_callback(None)
    plan = db.execute(f"EXPLAIN QUERY PLAN {next(sql for sql in ran if chosen.rows in sql)}").fetchall()
    is_sorted = any(step == "USE TEMP B-TREE FOR ORDER BY" for *_, step in plan)
    # What is gathered from several tables has short rows, and few.
    assert is_sorted == (table == "events")


class Nowhere(BytesIO):
    def write(self, data) -> int:
        return len(data)


@pytest.mark.parametrize("fmt", ["csv", "json", "jsonl", "xlsx"])
def test_memory_does_not_grow_with_the_table(tmp_path, fmt):
    db = new_archive(tmp_path / "archive.db")
    add_portal(db, "laichau")
    db.execute("BEGIN")
    for _ in range(200):
        add_article(db, "laichau", "Tin", "2024-01-18T00:10:00+07:00", body="dân vận " * 5000)
    db.execute("COMMIT")
    tracemalloc.start()
    try:
        assert export(db, "articles", fmt, Nowhere()) == 200
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        db.close()
    assert peak < 2_000_000
