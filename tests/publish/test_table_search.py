"""Datasette's own pages on an archive: `?_search=`, canned queries, metadata under any file name."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from synthetic_library import START, Writer

from portal_archive.model.page import Article

ARTICLES = {
    1: (
        "Hội nghị công tác dân vận",
        "Ban Dân vận Tỉnh ủy học Nghị quyết 25-NQ/TW. Đồng chí Lò Văn Sơn dự.",
    ),
    2: (
        "Điện Biên đẩy mạnh dân vận khéo",
        "Tỉnh uỷ chỉ đạo xây dựng nông thôn mới theo 43-KL/TW và 25-NQ/TW.",
    ),
    3: ("Ðoàn công tác thăm vùng cao", "Đoàn đã hoà giải ở bản vận động dân cư."),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., Any]) -> Any:
    writer = Writer(tmp_path_factory.mktemp("served"))
    for number, (title, body) in ARTICLES.items():
        article = Article(title=title, body=body, published_at=f"2024-05-0{number}T08:00:00+07:00")
        writer.visit("laichau", f"/tin/{number}", START, article=article)
    writer.close()
    return serve(writer.path)


def found(served: Any, query: str) -> list[int]:
    response = served.get("/nv/articles.json", _search=query, _shape="objects")
    assert response.status_code == 200, response.text
    return sorted(row["id"] for row in response.json()["rows"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("dan van", [1, 2, 3]),
        ("dân vận", [1, 2, 3]),
        ("DÂN VẬN", [1, 2, 3]),
        (unicodedata.normalize("NFD", "dân vận"), [1, 2, 3]),
        ('"dan van"', [1, 2]),
        ("“dân vận”", [1, 2]),
        ("tinh uy", [1, 2]),
        ("portal:Lai Châu khéo", [2]),
        ("portal:Điện Biên khéo", []),
        ("Tỉnh uỷ", [1, 2]),
        ("Tỉnh ủy", [1, 2]),
        ("dien bien", [2]),
        ("Điện Biên", [2]),
        ("hòa giải", [3]),
        ("doan", [3]),
        ("Đoàn", [3]),
        ("", [1, 2, 3]),
        ("   ", [1, 2, 3]),
        ('"', []),
        ('dân "', [1, 2, 3]),
        ("25-NQ/TW", [1, 2]),
        ("portal:laichau tinh uy", [1, 2]),
        ("portal:dienbien tinh uy", []),
        ("-tinh", [3]),
    ],
)
def test_search_box_folds(served: Any, query: str, expected: list[int]) -> None:
    assert found(served, query) == expected


@pytest.mark.parametrize(
    "query", ["AND", "NOT", "NEAR(", "a OR", "title:", "*", "-", "-x", "^", "(", "'", "\\", "+", "{"]
)
def test_search_box_never_fails(served: Any, query: str) -> None:
    found(served, query)


def test_every_canned_query_runs_with_empty_parameters(served: Any) -> None:
    queries = served.run(served.datasette.get_canned_queries("nv", None))
    assert len(queries) >= 10
    for name in queries:
        response = served.get(f"/nv/{name}.json?_shape=objects")
        assert response.status_code == 200, (name, response.text)
        assert response.json()["ok"], (name, response.text)


def rows(served: Any, name: str) -> list[dict[str, object]]:
    response = served.get(f"/nv/{name}.json?_shape=array")
    result: list[dict[str, object]] = response.json()
    return result


def test_documents_cited_are_counted(served: Any) -> None:
    assert [(row["document"], row["articles"]) for row in rows(served, "documents_cited")] == [
        ("25-NQ/TW", 2),
        ("43-KL/TW", 1),
    ]


def test_people_named_are_counted(served: Any) -> None:
    assert [(row["person"], row["articles"]) for row in rows(served, "most_named")] == [("Lò Văn Sơn", 1)]


def test_metadata_applies_under_any_file_name(served: Any) -> None:
    page = served.get("/nv/articles")
    assert "Bài viết · Articles" in page.text
    assert "Số của bài trong kho" in page.text


def test_settings_of_the_metadata_apply_unless_the_operator_set_them(serve: Callable[..., Any]) -> None:
    datasette = serve(settings={"sql_time_limit_ms": 77}).datasette
    assert datasette.setting("suggest_facets") is False
    assert datasette.page_size == 50
    assert datasette.setting("sql_time_limit_ms") == 77
    assert datasette.sql_time_limit_ms == 77


def test_sql_that_an_operator_allows_cannot_fill_the_memory(served: Any) -> None:
    served.datasette._metadata_local["databases"]["nv"]["allow_sql"] = True
    response = served.get("/nv.json?sql=select+length(zeroblob(200000000))+as+n&_shape=array")
    assert response.status_code == 400
