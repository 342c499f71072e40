"""What somebody who is not logged in may see: every route there is, decided one by one."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from synthetic_library import Library

from portal_archive.publish.tables import view

ROOT = Path(__file__).parents[2]
# Each pattern of the router: an address to ask for, and the status it must have. A route that is not here fails.
DECIDED: dict[str, dict[str, int]] = {
    r"^/$": {"/": 200},
    r"^/search$": {"/search?q=dan": 200},
    r"^/search\.(?P<form>csv|json|jsonl|xlsx)$": {"/search.csv?q=dan": 200, "/search.jsonl?q=dan": 200},
    r"^/search\.wacz$": {"/search.wacz?q=dan": 200, "/search.wacz?q=zzzzqqq": 404},
    r"^/search\.atom$": {"/search.atom": 200},
    r"^/article/(?P<id>\d{1,18})$": {"/article/1": 200},
    r"^/article/(?P<id>\d{1,18})/version/(?P<version>\d{1,9})(?:/(?P<hash>[0-9a-f]{16}))?$": {
        "/article/{changed}/version/1": 200,
        "/article/{changed}/version/1/0123456789abcdef": 404,
    },
    r"^/article/(?P<id>\d{1,18})/(?P<kind>file|image)/(?P<position>\d{1,6})$": {"/article/1/file/9": 404},
    r"^/article/(?P<id>\d{1,18})\.wacz$": {"/article/1.wacz": 200, "/article/999999.wacz": 404},
    r"^/article/(?P<id>\d{1,18})/diff/(?P<before>\d{1,9})/(?P<after>\d{1,9})$": {
        "/article/{changed}/diff/1/2": 200
    },
    r"^/article/?$": {"/article?url=https://laichau.example/x": 404},
    r"^/article/(?P<address>https?(:|%3[Aa])/.+)$": {"/article/https://laichau.example/tin/bai-0": 302},
    r"^/capture/(?P<id>\d{1,18})(?:/(?P<digest>[A-Z2-7]{16}))?$": {
        "/capture/1": 200,
        "/capture/1/AAAAAAAAAAAAAAAA": 404,
    },
    r"^/capture/(?P<id>\d{1,18})/page$": {"/capture/1/page": 200},
    r"^/capture/(?P<id>\d{1,18})/style$": {"/capture/1/style": 404},
    r"^/capture/(?P<id>\d{1,18})/raw$": {"/capture/1/raw": 200},
    r"^/capture/(?P<id>\d{1,18})/file$": {"/capture/1/file": 200},
    r"^/portal/(?P<name>[^/]+)$": {"/portal/laichau": 200},
    r"^/counters$": {"/counters": 200},
    r"^/counters\.(?P<form>csv|json|jsonl|xlsx)$": {"/counters.csv": 200, "/counters.jsonl": 200},
    r"^/counters/marks\.(?P<form>csv|json|jsonl|xlsx)$": {"/counters/marks.csv": 200},
    r"^/provinces$": {"/provinces": 200},
    r"^/province/(?P<slug>[a-z-]+)$": {
        "/province/lai-chau": 200,
        "/province/bac-kan": 302,
        "/province/muong-thu": 404,
    },
    r"^/changes$": {"/changes": 200, "/changes?article=999999": 404},
    r"^/changes\.atom$": {"/changes.atom": 200},
    r"^/doubts$": {"/doubts": 200},
    r"^/review$": {"/review": 403},
    r"^/status$": {"/status": 200},
    r"^/status\.json$": {"/status.json": 200},
    r"^/findings$": {"/findings": 200},
    r"^/findings\.(?P<form>csv|json|jsonl|xlsx)$": {"/findings.csv": 200, "/findings.json": 200},
    r"^/findings\.atom$": {"/findings.atom": 200},
    r"^/stories$": {"/stories": 200, "/stories?start=9999999999": 200},
    r"^/story/(?P<id>\d{1,18})$": {"/story/999": 404},
    r"^/help$": {"/help": 200},
    r"^/robots\.txt$": {"/robots.txt": 200},
    r"^/-/datasette(\.(?P<format>json))?$": {"/-/datasette": 200, "/-/datasette.json": 200},
    # What Datasette tells its operator.
    r"^/-/(?:actor|allow-debug|config|databases|messages|metadata|patterns|permissions|plugins|settings|threads|versions)(?:\.json)?$": {
        f"/-/{name}{end}": 403
        for name in (
            *("actor", "allow-debug", "config", "databases", "messages", "metadata"),
            *("patterns", "permissions", "plugins", "settings", "threads", "versions"),
        )
        for end in ("", ".json")
    },
    r"/-/metadata(\.(?P<format>json))?$": {},
    r"/-/versions(\.(?P<format>json))?$": {},
    r"/-/plugins(\.(?P<format>json))?$": {},
    r"/-/settings(\.(?P<format>json))?$": {},
    # Redirects to the closed page of settings.
    r"/-/config.json": {"/-/configxjson": 301},
    r"/-/config": {"/-/config/x": 301},
    r"/-/threads(\.(?P<format>json))?$": {},
    r"/-/databases(\.(?P<format>json))?$": {},
    r"/-/actor(\.(?P<format>json))?$": {},
    r"/-/permissions$": {},
    r"/-/messages$": {},
    r"/-/allow-debug$": {},
    r"/-/patterns$": {},
    # Logging in with the token of `datasette --root`, and out again.
    r"/-/auth-token$": {"/-/auth-token": 403, "/-/auth-token?token=guessed": 403},
    r"/-/logout$": {"/-/logout": 302},
    # Our front page comes before Datasette's; its JSON is that of /-/datasette.json.
    r"/(\.(?P<format>jsono?))?$": {"/.json": 200},
    "/favicon.ico": {"/favicon.ico": 200},
    r"/-/static/(?P<path>.*)$": {"/-/static/app.css": 200, "/-/static/../app.py": 404},
    "/-/static-plugins/portal-archive/(?P<path>.*)$": {
        "/-/static-plugins/portal-archive/room.css": 200,
        "/-/static-plugins/portal-archive/..%2Froom.py": 404,
    },
    "/-/static-plugins/portal_archive/(?P<path>.*)$": {"/-/static-plugins/portal_archive/room.css": 200},
    "/:memory:(?P<rest>.*)$": {"/:memory:": 301},
    r"/(?P<database>[^\/\.]+)\.db$": {"/nv.db": 403, "/_internal.db": 403},
    r"/(?P<database>[^\/\.]+)(\.(?P<format>\w+))?$": {
        "/nv": 200,
        "/nv.json": 200,
        "/nv?sql=select+1": 403,
        "/nv.json?sql=select+1": 403,
        "/nv.csv?sql=select+1": 403,
        "/_internal": 403,
        "/_internal.json": 403,
        "/_memory": 404,
        "/_memory?sql=select+1": 404,
    },
    r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$": {
        "/nv/articles": 200,
        "/nv/articles.json": 200,
        "/nv/articles.csv": 200,
        "/nv/articles?_where=1=1": 403,
        "/nv/watch_sent": 403,
        "/nv/watch_progress.json": 403,
        "/_internal/databases": 403,
    },
    r"/(?P<database>[^\/\.]+)/(?P<table>[^/]+?)/(?P<pks>[^/]+?)(\.(?P<format>\w+))?$": {
        "/nv/articles/1": 200,
        "/nv/articles/1.json": 200,
        "/_internal/databases/nv": 403,
    },
    r"^/dossier$": {
        "/dossier": 200,
        "/dossier?item=article:1&note=x": 200,
        "/dossier?item=x&item=version:1:0": 200,
    },
    r"^/dossier/add$": {"/dossier/add?item=article:1": 302},
    r"^/dossier/keep$": {"/dossier/keep?item=article:1&remove=0": 302},
    r"^/dossier\.(?P<form>csv|json|jsonl|xlsx)$": {"/dossier.csv?item=article:1": 200, "/dossier.xlsx": 200},
    r"^/dossier\.wacz$": {"/dossier.wacz?item=article:1": 200, "/dossier.wacz": 404},
    r"^/leaving$": {
        "/leaving?to=https://laichau.example/": 200,
        "/leaving": 404,
        "/leaving?to=javascript:alert(1)": 404,
        "/leaving?to=https://[": 404,
    },
    # The same for archives, complete and within limits.
    view.DATABASE: {"/nv.csv?sql=select+1": 403, "/nowhere.csv": 404},
    view.TABLE: {
        "/nv/versions": 200,
        "/nv/nothing.json": 404,
        "/nowhere/articles.json": 404,
        "/nv/sqlite_sequence.json": 403,
        "/nv/articles_fts.json": 403,
        "/nv/articles_fts_data.json": 403,
        "/nv/articles_folded": 403,
        "/nv/search_facets.csv": 403,
    },
    view.ROW: {"/nv/articles/1.csv": 200, "/nv/articles_fts_data/1.csv": 403},
}


def status(room: Any, path: str) -> int:
    return int(room.get(path).status_code)


def test_every_route_is_decided(room: Any) -> None:
    routes = [pattern.pattern for pattern, _ in room.datasette._routes()]
    assert set(routes) == set(DECIDED)


@pytest.mark.parametrize(
    ("path", "wanted"), [item for addresses in DECIDED.values() for item in addresses.items()]
)
def test_route_answers_as_decided(room: Any, library: Library, path: str, wanted: int) -> None:
    assert status(room, path.format(**library.ids)) == wanted


def test_every_table_view_and_canned_query_is_open(room: Any) -> None:
    described = room.get("/nv.json").json()
    names = [table["name"] for table in described["tables"] if not table["hidden"]]
    names += [item["name"] for item in (*described["views"], *described["queries"])]
    assert {"articles", "article_versions", "problems", "vanished", "authors"} <= set(names)
    for name in names:
        assert status(room, f"/nv/{name}?portal=&province=&since=&until=&month=&_size=1") == 200, name


@pytest.mark.parametrize(
    "path", ["/nv/articles", "/nv/articles/1", "/nv", "/-/datasette", "/nv/vanished?portal="]
)
def test_no_page_offers_sql(room: Any, path: str) -> None:
    page = room.get(path).text
    assert "View and edit SQL" not in page
    assert "<textarea" not in page


def test_nothing_is_written(room: Any) -> None:
    database = room.datasette.get_database("nv")

    def attempt(connection: sqlite3.Connection) -> str:
        with pytest.raises(sqlite3.OperationalError) as error:
            connection.execute("DELETE FROM articles")
        return str(error.value)

    assert room.run(database.execute_fn(attempt)) == "attempt to write a readonly database"
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for path in ("/nv/articles", "/nv/articles/1", "/nv/vanished", "/nv"):
            response = room.run(room.datasette.client.request(method, path))
            assert response.status_code in (403, 405), (method, path)
    assert status(room, "/article/1") == 200


def test_rows_and_time_are_limited(room: Any) -> None:
    assert room.datasette.max_returned_rows == 1000
    assert room.datasette.sql_time_limit_ms == 3000
    assert room.get("/nv/articles.json?_size=2000").json()["error"] == "_size must be <= 1000"
    answer = room.get("/nv/captures.json?_size=max&_shape=objects").json()
    assert len(answer["rows"]) <= 1000


def test_sql_is_for_those_whom_a_setting_lets(library: Library, serve: Callable[..., Any]) -> None:
    reader = serve(library.path)
    reader.datasette._metadata_local["databases"]["archive"]["allow_sql"] = True
    reader.datasette._metadata_local["databases"]["nv"]["allow_sql"] = True
    answer = reader.get("/nv.json?sql=select+count(*)+as+n+from+portals&_shape=array").json()
    assert answer == [{"n": 3}]
    # Even then nothing but reading.
    refused = reader.get("/nv.json?sql=delete+from+articles")
    assert (refused.status_code, refused.json()["error"]) == (400, "Statement must be a SELECT")


@pytest.mark.parametrize("path", ["/-/versions", "/nv.db", "/_internal", "/nv?sql=select+1"])
@pytest.mark.parametrize(
    ("lang", "words"), [("vi", "không mở cho công chúng"), ("en", "Not open to the public")]
)
def test_a_closed_page_says_so(room: Any, path: str, lang: str, words: str) -> None:
    page = room.get(path, headers={"cookie": f"room_language={lang}"})
    assert page.status_code == 403
    assert words in page.text
    assert room.get("/-/versions.json").json() == {
        "ok": False,
        "error": "Forbidden",
        "status": 403,
        "title": None,
    }


def test_the_operator_sees_what_is_closed(room: Any) -> None:
    cookie = room.datasette.sign({"a": {"id": "root"}}, "actor")
    for name in ("versions", "plugins", "settings", "threads", "databases", "metadata", "permissions"):
        response = room.get(f"/-/{name}", headers={"cookie": f"ds_actor={cookie}"})
        assert response.status_code == 200, name
    versions = room.get("/-/versions.json", headers={"cookie": f"ds_actor={cookie}"}).json()
    assert versions["datasette"]["version"].startswith("0.65")


@pytest.mark.parametrize("path", ["/", "/counters", "/portal/laichau", "/article/1", "/capture/1/page"])
def test_a_failure_tells_nothing(
    library: Library,
    serve: Callable[..., Any],
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reader = serve(library.path)

    def fail(*_: Any) -> None:
        raise RuntimeError("password=hunter2 in /srv/secret.py")

    monkeypatch.setattr("portal_archive.publish.page_context.PageContext.read", fail)
    for lang, words in (("vi", "Kho gặp lỗi"), ("en", "Something failed here")):
        response = reader.get(path, headers={"cookie": f"room_language={lang}"})
        assert response.status_code == 500
        assert words in response.text
        assert "hunter2" not in response.text
        assert "Traceback" not in response.text
    assert "hunter2" in caplog.text  # the operator's log has it


def test_a_failure_of_the_archive_itself_tells_nothing(
    library: Library, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise sqlite3.DatabaseError("malformed: /srv/archive.db")

    reader = serve(library.path)
    monkeypatch.setattr("portal_archive.publish.hardening.serving.archives", fail)
    response = reader.get("/counters")
    assert (response.status_code, response.text) == (500, "Internal server error")


def test_debugging_parameters_do_nothing(room: Any) -> None:
    for path in ("/nv/articles?_context=1", "/nv/articles.json?_trace=1", "/article/1?_context=1"):
        page = room.get(path)
        assert page.status_code == 200
        assert "_trace" not in (page.json() if path.find(".json") > 0 else {})
        assert "datasette_version" not in page.text.replace("Powered by", "")


def test_no_answer_names_a_folder_or_the_environment(
    library: Library, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "s3cret-value")
    monkeypatch.setenv("WEBHOOK_URL", "https://hooks.example/s3cret-value")
    reader = serve(library.path)
    reader.datasette._metadata_local["plugins"]["mail"] = {"password": {"$env": "SMTP_PASSWORD"}}
    for addresses in DECIDED.values():
        for path in addresses:
            answer = reader.get(path.format(**library.ids)).text
            assert str(library.path.parent) not in answer, path
            assert "s3cret-value" not in answer, path
            assert "SMTP_PASSWORD" not in answer, path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nv",
        "/nv/articles",
        "/nv/articles.json",
        "/nv/articles.csv",
        "/nv/articles/1",
        "/-/datasette",
        "/search.csv",
        "/search.atom",
        "/robots.txt",
        "/nowhere",
        "/-/versions",
        "/-/static/app.css",
        "/capture/1/page",
    ],
)
def test_every_answer_has_the_headers(room: Any, path: str) -> None:
    headers = room.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "access-control-allow-origin" not in headers
    if headers["content-type"].startswith("text/html"):
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "'unsafe-inline'" not in re.sub(r"style-src[^;]*", "", policy)
        assert "'unsafe-eval'" not in policy


def test_robots_are_told_what_they_may_read(room: Any) -> None:
    text = room.get("/robots.txt").text
    assert room.get("/robots.txt").headers["content-type"].startswith("text/plain")
    from protego import Protego

    rules = Protego.parse(text)
    host = "https://kho.example"
    for path in (
        "/",
        "/article/1",
        "/portal/laichau",
        "/counters",
        "/help",
        "/article/1/version/1",
        "/changes",
    ):
        assert rules.can_fetch(f"{host}{path}", "Googlebot"), path
    for path in (
        "/search?q=x",
        "/changes?kind=gone",
        "/search.csv",
        "/nv",
        "/nv.json",
        "/nv/articles",
        "/nv/articles/1",
        "/-/datasette",
        "/capture/1",
        "/capture/1/page",
        "/article/1/diff/1/2",
        "/article?url=x",
    ):
        assert not rules.can_fetch(f"{host}{path}", "Googlebot"), path
    assert rules.can_fetch(f"{host}/capture/1/page", "archive.org_bot")
    assert not rules.can_fetch(f"{host}/nv/articles", "archive.org_bot")
    assert rules.crawl_delay("Googlebot") == 5


# --- as it is started by hand ------------------------------------------------------------------------------


def ask(*arguments: str) -> dict[str, Any]:
    """Return what `datasette --get` answers, started as a command."""
    done = subprocess.run(
        [sys.executable, "-m", "datasette", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("with_metadata", [True, False])
@pytest.mark.parametrize("setting", [None, "on"])
def test_the_command_is_closed_until_a_setting_opens_it(
    library: Library, with_metadata: bool, setting: str | None
) -> None:
    arguments = [str(library.path), "--get", "/nv.json?sql=select+1+as+n&_shape=array"]
    if with_metadata:
        arguments += ["-m", "datasette-metadata.json"]
    if setting:
        arguments += ["--setting", "default_allow_sql", setting]
    answer = ask(*arguments)
    assert answer == [{"n": 1}] if setting else answer["error"] == "Forbidden"
