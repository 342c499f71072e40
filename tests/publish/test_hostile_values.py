"""Markup and formulas in every text column of an archive: they stay text on every page, feed and table."""

import csv
import io
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import pytest
from lxml import html
from playwright.sync_api import sync_playwright
from serving_command import datasette_command
from synthetic_library import Library

from portal_archive.archive.export.export import export
from portal_archive.archive.export.tables import EXPORTS

HOSTILE = "\"'><img src=x onerror=alert(1)></title></textarea></style><script>alert(1)</script>{{7*7}}<svg/onload=alert(1)>"
FORMULAS = ("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Columns whose values the archive itself writes, and that others refer to.
_OWN = re.compile(
    r"(^|_)(id|name|portal|province|successor|slug|url|kind|state|version|hash|digest|order|at|seen|from|to|active"
    r"|precision|methods|reasons|printed|tags|images|attachments|marks|facets|examples|offset|file|crawl|until|since)$"
)


class Walker(HTMLParser):
    """Collects what a browser would run: scripts in the page, handlers, addresses that are scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.text: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._script = tag == "script" and "src" not in values
        for name, value in values.items():
            if name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction", "xlink:href") and re.match(
                r"\s*(?:javascript|data|vbscript):", value or "", re.I
            ):
                self.found.append(f"{tag} {name}={value}")
        if tag == "img" and values.get("src") == "x":
            self.found.append("img")

    def handle_data(self, data: str) -> None:
        if self._script and "alert(1)" in data:
            self.found.append(f"script {data}")
        self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def poison(path: Path, hostile: str) -> None:
    """Write `hostile` into every text column that comes from pages or people."""
    with sqlite3.connect(path) as db:
        tables = db.execute(
            "SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_master WHERE type = 'table'"
            " AND sql NOT LIKE '%VIRTUAL%' AND name NOT LIKE 'articles_fts%' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for table, all_rows in tables:
            half = "" if all_rows else "WHERE rowid % 2 = 0"
            for _, column, kind, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
                if kind.upper() == "TEXT" and not _OWN.search(column):
                    db.execute(f'UPDATE {table} SET "{column}" = ? {half}', [hostile])
        db.execute("UPDATE portals SET title = ?, note = ?, body = ?", [hostile, hostile, hostile])
        db.execute(
            "UPDATE portals SET home_url = 'javascript:alert(1)//' || ? WHERE name = 'laichau'", [hostile]
        )
        db.execute("UPDATE articles SET title = ?, category = ?, author = ? WHERE id > 30", [hostile] * 3)
        db.execute("UPDATE articles SET html = ? WHERE id IN (1, 61)", [f"<p>{hostile}</p>"])
        db.execute("UPDATE articles SET tags = ? WHERE id = 61", [json.dumps([hostile])])
        db.execute(
            "INSERT INTO problems (portal, url, kind, detail, field, first_seen, last_seen, count) VALUES"
            " ('laichau', 'javascript:alert(1)', ?, ?, ?, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 1)",
            [hostile] * 3,
        )
        db.execute("UPDATE images SET url = 'javascript:alert(1)', caption = ?", [hostile])
        db.execute("UPDATE attachments SET url = 'javascript:alert(1)', title = ?", [hostile])
        db.execute("UPDATE articles SET url = 'javascript:alert(1)' WHERE id = 62")
    db.close()


@pytest.fixture(scope="module")
def poisoned(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("poisoned")
    with sqlite3.connect(library.path) as source, sqlite3.connect(folder / "nv.db") as copy:
        source.backup(copy)
    source.close()
    copy.close()
    shutil.copytree(library.path.parent / "captures", folder / "captures")
    poison(folder / "nv.db", HOSTILE)
    return folder / "nv.db"


@pytest.fixture(scope="module")
def reader(poisoned: Path, serve: Callable[..., Any]) -> Any:
    return serve(poisoned)


def addresses(library: Library, reader: Any) -> list[str]:
    """Return every kind of page there is, and every table, view, row and canned query."""
    changed, hostile = library.ids["changed"], quote(HOSTILE)
    described = reader.get("/nv.json").json()
    tables = [item["name"] for item in (*described["tables"], *described["views"])]
    queries = [item["name"] for item in described["queries"]]
    parameters = "portal=&province=&since=&until=&month="
    return [
        "/",
        "/search",
        f"/search?q={hostile}&category={hostile}&portal={hostile}&province={hostile}&year={hostile}&flag={hostile}",
        f"/search?q=dan&category={hostile}",
        f"/search?q=alert&since={hostile}&sort={hostile}&start={hostile}&exact={hostile}",
        "/search?q=script+onerror",
        "/search?q=dan+van&sort=relevance",
        *(f"/article/{number}" for number in (1, 2, 31, changed, *library.ids.values())),
        f"/article/{changed}/version/1",
        f"/article/{changed}/diff/1/3",
        f"/article/{changed}/diff/1/3?view=side",
        f"/article?url={hostile}",
        f"/{hostile}",
        "/portal/laichau",
        "/portal/backan",
        f"/portal/{hostile}",
        "/counters",
        "/help",
        "/status",
        *(f"/capture/{number}" for number in (1, 2, 61, 62)),
        "/-/datasette",
        "/-/versions",
        "/nv",
        *(f"/nv/{name}?_size=5" for name in tables),
        *(f"/nv/{name}?_facet=title&_search={hostile}" for name in ("articles",)),
        f"/nv/articles?_sort={hostile}",
        f"/nv/articles?title={hostile}&_facet=category&_facet=portal",
        *(f"/nv/{name}?{parameters}" for name in queries),
        f"/nv/vanished?portal={hostile}",
        *(f"/nv/{name}/{key}" for name, key in (("articles", 2), ("portals", "laichau"), ("captures", 2))),
    ]


def test_markup_stays_text_on_every_page(library: Library, reader: Any) -> None:
    shown = 0
    for path in addresses(library, reader):
        response = reader.get(path)
        assert response.status_code in (200, 302, 400, 403, 404), path
        page = Walker()
        page.feed(response.text)
        assert page.found == [], path
        assert "49" not in re.findall(r"svg/onload=alert\(1\)>(\d+)", response.text), path
        shown += "onerror=alert(1)" in "".join(page.text)
    # Else the values were not there to begin with.
    assert shown > 40


@pytest.mark.parametrize(
    "path", ["/search.json?q=dan", "/search.jsonl?q=dan", "/nv/articles.json", "/nv/portals.json"]
)
def test_json_is_json_and_no_page(reader: Any, path: str) -> None:
    response = reader.get(path)
    assert response.headers["content-type"].startswith(("application/json", "application/x-ndjson"))
    assert response.headers["x-content-type-options"] == "nosniff"
    for line in response.text.splitlines() if "jsonl" in path else [response.text]:
        json.loads(line)
    assert "onerror" in response.text


def test_the_feed_is_well_formed_and_says_it_as_text(reader: Any) -> None:
    response = reader.get("/search.atom?q=alert")
    root = ElementTree.fromstring(response.content)
    feed = feedparser.parse(response.content)
    titles = [
        entry.findtext("{http://www.w3.org/2005/Atom}title")
        for entry in root.iter("{http://www.w3.org/2005/Atom}entry")
    ]
    assert HOSTILE in titles
    assert all(element.tag.startswith("{http://www.w3.org/2005/Atom}") for element in root.iter())
    types = (None, "text/html", "application/atom+xml", "html")
    assert all(element.get("type") in types for element in root.iter())
    # What changed is told in HTML of our own tags; what the page said is text within them.
    told = [element.text or "" for element in root.iter("{http://www.w3.org/2005/Atom}content")]
    assert told
    for text in told:
        assert {one.tag for one in html.fragment_fromstring(text, "div").iter()} <= {
            "div",
            "p",
            "b",
            "del",
            "ins",
        }
    assert not feed.bozo


# --- spreadsheets ------------------------------------------------------------------------------------------


def runs(cell: str) -> bool:
    """Tell whether a spreadsheet would take a cell for a formula."""
    return cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) and not re.fullmatch(r"-\d+(\.\d+)?", cell)


@pytest.fixture(scope="module", params=FORMULAS, ids=[repr(formula) for formula in FORMULAS])
def formulas(
    request: pytest.FixtureRequest,
    library: Library,
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[..., Any],
) -> Any:
    path = tmp_path_factory.mktemp("formulas") / "nv.db"
    with sqlite3.connect(library.path) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
    source.close()
    copy.close()
    poison(path, request.param)
    return serve(path), path, request.param


TABLES = (
    "/search.csv?q=",
    "/nv/articles.csv?_size=max",
    "/nv/articles.csv?_stream=1",
    "/nv/problems.csv?_size=9",
    "/nv/portals.csv?_size=9",
    "/nv/article_versions.csv?_size=99",
    "/nv/authors.csv?portal=",
    "/nv/problems_now.csv?portal=",
    "/nv/articles.csv?_labels=1",
)


def cells(text: str) -> list[str]:
    csv.field_size_limit(10**9)
    return [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")) for cell in row]


def test_no_cell_runs_as_a_formula_until_that_is_asked_for(formulas: Any) -> None:
    reader, _, formula = formulas
    for path in TABLES:
        shown = cells(reader.get(path).text)
        assert [cell for cell in shown if runs(cell)] == [], path
        assert f"'{formula}" in shown, path
        as_it_is = cells(reader.get(f"{path}&_inert=off").text)
        assert formula in as_it_is, path
        assert f"'{formula}" not in as_it_is, path
        assert len(as_it_is) == len(shown), path


def test_every_export_is_inert_until_that_is_asked_for(formulas: Any) -> None:
    _, path, formula = formulas
    found = 0
    with sqlite3.connect(path) as db:
        for table in EXPORTS:
            for inert in (True, False):
                out = io.BytesIO()
                export(db, table, "csv", out, inert=inert)
                shown = cells(out.getvalue().decode())
                found += formula in shown
                if inert:
                    assert [cell for cell in shown if runs(cell)] == [], table
    db.close()
    assert found > 3


def test_numbers_are_no_formulas(reader: Any) -> None:
    assert reader.get("/nv/counters_by_day.csv?portal=laichau").text.count(",-") == 1


def test_the_configuration_turns_it_off(library: Library, serve: Callable[..., Any]) -> None:
    reader = serve(library.path)
    reader.datasette._metadata_local["plugins"]["portal-archive"]["inert_csv"] = False
    number = library.ids["formula"]
    for path in ("/search.csv?q=", f"/nv/articles.csv?id={number}"):
        assert "@SUM(A1)" in cells(reader.get(path).text), path


# --- in a real browser -------------------------------------------------------------------------------------


@pytest.mark.skipif(
    not CHROMIUM and os.environ.get("CI") != "true",
    reason="no Chromium on this machine: install the package chromium",
)
def test_chromium_runs_nothing_and_complains_of_nothing(poisoned: Path, library: Library) -> None:
    complaints: list[str] = []
    paths = (
        "/",
        "/search?q=alert",
        f"/article/{library.ids['changed']}",
        "/portal/laichau",
        "/capture/2",
        "/nv",
        "/nv/articles",
        "/nv/articles/2",
        "/nv/vanished?portal=",
        "/-/datasette",
    )
    with datasette_command(poisoned) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for path in paths:
            page.goto(f"{site}{path}")
            assert page.evaluate("document.querySelectorAll('img[src=x], svg[onload]').length") == 0, path
            assert complaints == [], path
        browser.close()
