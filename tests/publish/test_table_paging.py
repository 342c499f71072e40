"""Every table, view and canned query gives all its rows once, page by page, in every sort and format."""

import csv
import io
import json
import re
import sqlite3
from typing import Any
from urllib.parse import urlsplit

import pytest
from synthetic_library import Library

from portal_archive.publish.tables.database import in_total_order, rows_chosen_first
from portal_archive.publish.tables.view import LONG_COLUMNS


def local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def walk_json(room: Any, path: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for _ in range(400):
        page = room.get(path)
        assert page.status_code == 200, (path, page.text[:300])
        rows += [tuple(row) for row in page.json()["rows"]]
        following = page.json().get("next_url")
        if not following:
            return rows
        path = local(following)
    raise AssertionError(f"no end: {path}")


def walk_html(room: Any, path: str) -> list[str]:
    rows: list[str] = []
    for _ in range(400):
        text = room.get(path).text
        body = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
        rows += re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
        following = re.search(r'<a href="([^"]+)">[^<]*Next page</a>', text)
        if not following:
            return rows
        path = local(following[1].replace("&amp;", "&"))
    raise AssertionError(f"no end: {path}")


def rows_of_csv(room: Any, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(room.get(path).text.removeprefix("\ufeff"), newline="")))[1:]


def tables(room: Any, db: sqlite3.Connection) -> dict[str, list[str]]:
    described = room.datasette.metadata("databases")["nv"]["tables"]
    names = db.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'"
        " AND name NOT LIKE 'articles\\__%' ESCAPE '\\' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    )
    return {
        name: [row[1] for row in db.execute(f"PRAGMA table_info([{name}])")]
        for (name,) in names.fetchall()
        if not described.get(name, {}).get("hidden")
    }


def test_every_sort_of_every_table_is_complete(room: Any, library: Library) -> None:
    db = sqlite3.connect(library.path)
    walked = 0
    for table, columns in tables(room, db).items():
        count = db.execute(f"SELECT count(*) FROM [{table}]").fetchone()[0]
        shown = [column for column in columns if column not in LONG_COLUMNS]
        key = room.get(f"/nv/{table}.json?_size=1").json()["primary_keys"]
        for sort in ["", *(f"&{way}={column}" for column in shown for way in ("_sort", "_sort_desc"))]:
            size = max(2, count // 3)
            rows = walk_json(room, f"/nv/{table}.json?_size={size}&_nofacet=1{sort}")
            assert len(rows) == count, (table, sort)
            if key:
                page = room.get(f"/nv/{table}.json?_size=1").json()
                places = [page["columns"].index(name) for name in page["primary_keys"]]
                assert len({tuple(row[place] for place in places) for row in rows}) == count, (table, sort)
            walked += 1
    db.close()
    assert walked > 300


@pytest.mark.parametrize(
    "table", ["articles", "versions", "article_versions", "findings", "problems", "portal_states", "pages"]
)
def test_html_and_csv_are_complete(room: Any, library: Library, table: str) -> None:
    db = sqlite3.connect(library.path)
    count = db.execute(f"SELECT count(*) FROM [{table}]").fetchone()[0]
    db.close()
    for size in ("", "_size=3", "_size=max"):
        rows = walk_html(room, f"/nv/{table}?{size}")
        assert (len(rows), len(set(rows))) == (count, count), size
    for options in ("", "_stream=1", "_size=max", "_labels=on", "_sort=portal&_size=max"):
        if options.startswith("_sort") and table == "versions":
            continue
        lines = rows_of_csv(room, f"/nv/{table}.csv?{options}")
        assert (len(lines), len(set(map(tuple, lines)))) == (count, count), options
    assert len(rows_of_csv(room, f"/nv/{table}.csv?_size=2")) == min(2, count)


def test_canned_queries_go_on_beyond_a_page(room: Any, library: Library) -> None:
    db = sqlite3.connect(library.path)
    db.row_factory = sqlite3.Row
    sql = room.datasette.metadata("databases")["nv"]["queries"]["counters_by_day"]["sql"]
    rows = [dict(row) for row in db.execute(sql, {"portal": ""})]
    wanted = [(*list(row.values())[:-1], f"http://localhost{row['permalink']}") for row in rows]
    db.close()
    assert len(wanted) > 20
    assert walk_json(room, "/nv/counters_by_day.json?portal=&_size=7") == wanted
    assert len(walk_html(room, "/nv/counters_by_day?portal=&_size=7")) == len(wanted)
    assert len(rows_of_csv(room, "/nv/counters_by_day.csv?portal=")) == len(wanted)
    first = room.get("/nv/counters_by_day.json?portal=&_size=7").json()
    assert (first["truncated"], first["next"], len(first["rows"])) == (True, 7, 7)
    assert first["query"]["sql"] == sql


def test_no_canned_query_has_a_limit_of_its_own(room: Any) -> None:
    queries = room.datasette.metadata("databases")["nv"]["queries"]
    assert [name for name, query in queries.items() if re.search(r"\blimit \d+\s*$", query["sql"])] == []


def test_a_page_of_some_columns_knows_where_the_next_begins(room: Any) -> None:
    page = room.get("/nv/articles.json?_labels=on&_size=1&_col=portal").json()
    assert page["columns"] == ["id", "portal", "published_at"]
    assert page["next"]


def test_long_texts_are_left_out_of_lists_unless_they_are_named(room: Any) -> None:
    columns = room.get("/nv/articles.json?_size=1").json()["columns"]
    assert LONG_COLUMNS.isdisjoint(columns)
    assert room.get("/nv/articles.json?_size=1&_col=body").json()["columns"] == ["id", "body", "published_at"]
    assert room.get("/nv/articles/1.json").json()["columns"].count("body") == 1


@pytest.mark.parametrize(
    "query", ["_facet=body", "_facet_array=images", "&".join(f"_facet={c}" for c in "abcde")]
)
def test_nobody_counts_long_texts_or_many_columns(room: Any, query: str) -> None:
    answer = room.get(f"/nv/articles.json?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"] == "At most 4 facets, none of a long text"


def test_nobody_sorts_by_long_texts(room: Any) -> None:
    answer = room.get("/nv/articles.json?_sort=body")
    assert (answer.status_code, answer.json()["error"]) == (400, "Cannot sort table by body")


def test_the_order_of_a_page_is_total() -> None:
    sql = "select a from t where b = 1 order by a desc limit 31"
    assert in_total_order(sql, "id") == "select a from t where b = 1 order by a desc, id limit 31"
    assert (
        in_total_order("select a from v limit 31 offset 30", "id, a")
        == "select a from v order by id, a limit 31 offset 30"
    )
    assert in_total_order(sql, "") == sql
    assert in_total_order("select count(*) from t", "id") == "select count(*) from t"


def test_rows_are_chosen_before_their_long_texts_are_read() -> None:
    sql = "select id, body from articles where portal = :p0 order by published_at desc, id limit 11"
    assert rows_chosen_first(sql) == (
        "select id, body from articles where rowid in (select rowid from articles where portal = :p0"
        " order by published_at desc, id limit 11) order by published_at desc, id"
    )
    assert rows_chosen_first("select 1") == "select 1"


def test_lists_with_long_texts_have_few_rows(room: Any) -> None:
    page = room.get("/nv/articles.json?_size=max&_col=body&portal=laichau").json()
    assert len(page["rows"]) == 10
    assert len(walk_json(room, "/nv/articles.json?_col=body&_sort_desc=author")) == 66
    assert len(walk_json(room, "/nv/article_versions.json?_col=body")) > 66


def test_json_of_an_array_names_its_next_page(room: Any) -> None:
    answer = room.get("/nv/articles.json?_size=2&_shape=array")
    assert len(json.loads(answer.text)) == 2
    assert answer.headers["link"].endswith('rel="next"')
