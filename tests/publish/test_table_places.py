"""Rows of tables say which portal and province they are of, and where their page is."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from synthetic_library import Library

PLACES = ["portal_title", "province", "province_now"]
LAI_CHAU = ["Cổng thông tin tỉnh Lai Châu", "Lai Châu", "Lai Châu"]


def first(room: Any, path: str) -> dict[str, Any]:
    row: dict[str, Any] = room.get(f"/nv/{path}&_shape=array&_size=1&_nofacet=1").json()[0]
    return row


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("articles.json?id={changed}", "/article/{changed}"),
        ("versions.json?article_id={changed}&version=2", "/article/{changed}/version/2"),
        ("article_versions.json?article_id={changed}&version=2", "/article/{changed}/version/2"),
        ("events.json?kind=changed&version=2", "/article/{changed}/diff/1/2"),
    ],
)
@pytest.mark.parametrize("labels", ["", "&_labels=on"])
def test_rows_say_where_they_are_from(room: Any, library: Library, path: str, page: str, labels: str) -> None:
    row = first(room, path.format(**library.ids) + labels)
    assert [row[name] for name in PLACES] == LAI_CHAU
    assert row["permalink"] == f"http://localhost{page.format(**library.ids)}"


def test_readings_lead_to_their_capture(room: Any) -> None:
    for table in ("counter_readings", "counter_series"):
        row = first(room, f"{table}.json?portal=laichau")
        assert [row[name] for name in PLACES] == LAI_CHAU
        assert row["permalink"] == f"http://localhost/capture/{row['capture_id']}"


def test_csv_has_them_too_and_a_choice_of_columns_has_not(room: Any, library: Library) -> None:
    lines = list(csv.DictReader(io.StringIO(room.get("/nv/articles.csv?_size=max").text)))
    assert {line["province_now"] for line in lines} == {"Lai Châu", "Điện Biên", "Thái Nguyên"}
    assert {line["province"] for line in lines} == {"Lai Châu", "Điện Biên", "Bắc Kạn"}
    assert lines[0]["permalink"] == f"http://localhost/article/{lines[0]['id']}"
    chosen = room.get("/nv/articles.json?_col=title&_size=1").json()["columns"]
    assert set(PLACES).isdisjoint(chosen)


def test_events_of_a_kind_of_a_province_since_a_day(room: Any, library: Library) -> None:
    page = room.get(
        "/nv/events.json?kind=gone&province_now=Điện Biên&seen_at__gte=2026-10-01&_shape=array"
    ).json()
    assert [(row["article_id"], row["kind"]) for row in page] == [(library.ids["gone"], "gone")]
    assert room.get("/nv/events.json?seen_at__gte=2027-01-01&_shape=array").json() == []


def test_counters_are_taken_away_as_a_series_with_marks(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal_archive.publish.pages.counters._READINGS_A_PART", 3)
    rows = room.get("/counters.json").json()
    assert {row["portal"] for row in rows} == {"laichau", "backan", "dienbien"}
    assert len({(row["reading_id"], row["measure"]) for row in rows}) == len(rows) == 169
    fallen = [row for row in rows if row["marks"] and "total_fell" in row["marks"]]
    assert [(row["portal"], row["day"], row["measure"]) for row in fallen] == [
        ("laichau", "2026-10-26", "total")
    ]
    assert fallen[0]["permalink"] == f"http://localhost/capture/{fallen[0]['capture_id']}"
    (unknown,) = [row for row in rows if row["portal"] == "dienbien"]
    assert (unknown["measure"], unknown["value"], unknown["reason"]) == ("total", None, "script")
    marks = room.get("/counters/marks.json").json()
    assert sum(len(row["marks"] or ()) for row in rows) == len(marks) > 1
    one = room.get("/counters/marks.json?portal=backan").json()
    assert one == [row for row in marks if row["portal"] == "backan"]
    assert len(room.get("/counters.csv?portal=backan").text.splitlines()) == 9
    assert room.get("/counters.json?portal=nobody").json() == []


@pytest.mark.parametrize(
    "path",
    [
        "changed_after_publication.json?portal=laichau",
        "vanished.json?portal=dienbien",
        "counters_by_day.json?portal=laichau",
        "province_articles.json?province=bac-kan",
    ],
)
def test_stored_queries_say_where_their_rows_are_from(room: Any, path: str) -> None:
    rows = room.get(f"/nv/{path}&_shape=objects").json()["rows"]
    places = {
        "laichau": ("Cổng thông tin tỉnh Lai Châu", "Lai Châu", "Lai Châu"),
        "dienbien": ("Đảng bộ tỉnh Điện Biên", "Điện Biên", "Điện Biên"),
        "backan": ("Cổng thông tin tỉnh Bắc Kạn", "Bắc Kạn", "Thái Nguyên"),
    }
    assert rows
    for row in rows:
        assert tuple(row[name] for name in PLACES) == places[row["portal"]]
        assert row["permalink"].startswith("http://localhost/")
        assert room.get(row["permalink"].removeprefix("http://localhost")).status_code in (200, 302)
