"""`scrapy watch`: by mail and webhook, each once, with the words that hit; what goes wrong is said and told again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mail_sink import Sink, serving
from pytest_httpserver import HTTPServer

from crawler import watching
from portal_archive.archive.archive import Archive
from portal_archive.archive.watches.declared import Watch
from portal_archive.model.errors import WatchError
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Page
from portal_archive.model.records import Portal, Visit

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
KHEO = Watch("Khéo", search='"dân vận khéo"')
RUN = "from crawler.cli import main; main()"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive.db") as opened:
        # As a crawl does that is running meanwhile.
        opened.claim("crawl huyen")
        opened.register(
            [Portal("huyen", "Huyện Mường Mây", "https://huyen.example/", "generic", "described")]
        )
        yield opened


def publish(archive: Archive, name: str, days: float, body: str) -> None:
    url = f"https://huyen.example/{name}"
    article = Article(title=f"Bài {name}", body=f"{body} Hội nghị bàn nhiều việc của huyện và các xã. " * 3)
    page = Page(url, Outcome.ARTICLE, article=article)
    archive.store(Visit("huyen", url, url, AT + timedelta(days=days), "article", status=200, page=page))


def look(archive: Archive, days: float, watches: list[Watch], **environ: str) -> list[str]:
    now = AT + timedelta(days=days)
    made = watching.digests(archive, watches, now, environ, dry_run=False)
    return list(watching.send(archive, made, now, environ))


def hook(httpserver: HTTPServer, path: str = "/hook") -> str:
    return httpserver.url_for(path).replace("http://", "json://")


def test_by_mail_and_webhook_each_once(archive: Archive, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    sink = Sink()
    with serving(sink) as port:
        mail = f"mailto://localhost:{port}?mode=insecure&from=kho@example.vn&to=mot@example.vn"
        environ = {
            "ARCHIVE_WATCH_URLS": f"{mail} {hook(httpserver)}",
            "ARCHIVE_ADDRESS": "https://kho.example/",
        }
        assert look(archive, 0, [KHEO], **environ) == []
        publish(archive, "a", 1, "Mô hình dân vận khéo ở bản.")
        publish(archive, "b", 1, "Chuyện khác.")
        lines = look(archive, 2, [KHEO], **environ)
        assert [line.partition(": ")[2] for line in lines] == ["[kho] 1 tin: Khéo (1)"] * 2
        assert look(archive, 3, [KHEO], **environ) == []
    (message,) = sink.mails
    assert message["subject"] == "[kho] 1 tin: Khéo (1)"
    text = message.get_body(("plain",))
    assert text is not None
    assert "Mô hình «dân vận khéo» ở bản." in text.get_content()
    assert "https://kho.example/article/1" in text.get_content()
    ((request, _),) = httpserver.log
    assert request.json["title"] == "[kho] 1 tin: Khéo (1)"
    assert "Bài mới: Bài a" in request.json["message"]


def test_who_did_not_take_it_is_told_again_and_nobody_else(archive: Archive, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/good", method="POST").respond_with_data("ok")
    httpserver.expect_request("/bad", method="POST").respond_with_data("no", status=500)
    environ = {"ARCHIVE_NOTIFY_URLS": f"{hook(httpserver, '/good')} {hook(httpserver, '/bad')}"}
    look(archive, 0, [KHEO], **environ)
    publish(archive, "a", 1, "Mô hình dân vận khéo ở bản.")
    good, bad = look(archive, 2, [KHEO], **environ)
    assert good.endswith(": [kho] 1 tin: Khéo (1)")
    assert bad.startswith("! json-")
    assert bad.endswith(": not told, which the next run tries again: it was not taken")
    httpserver.clear_log()
    httpserver.clear_all_handlers()
    httpserver.expect_request("/bad", method="POST").respond_with_data("ok")
    assert len(look(archive, 3, [KHEO], **environ)) == 1
    assert [request.path for request, _ in httpserver.log] == ["/bad"]
    assert look(archive, 4, [KHEO], **environ) == []


def test_each_watch_has_its_recipients_and_language(archive: Archive, httpserver: HTTPServer) -> None:
    for path in ("/ban-mot", "/chung"):
        httpserver.expect_request(path, method="POST").respond_with_data("ok")
    watches = [
        Watch("Một", search="khéo", to="bàn một"),
        Watch("Hai", search="khéo", language="en"),
        Watch("Ba", portals=("huyen",)),
    ]
    environ = {
        "ARCHIVE_WATCH_URLS_BÀN_MỘT".encode("ascii", "replace").decode().replace("?", "_"): hook(
            httpserver, "/ban-mot"
        ),
        "ARCHIVE_WATCH_URLS": hook(httpserver, "/chung"),
        "ARCHIVE_NOTIFY_URLS": "json://127.0.0.1:1/",
    }
    assert watching.variable(watches[0]) == "ARCHIVE_WATCH_URLS_B_N_M_T"
    look(archive, 0, watches, **environ)
    publish(archive, "a", 1, "Mô hình dân vận khéo ở bản.")
    look(archive, 2, watches, **environ)
    assert [(request.path, request.json["title"]) for request, _ in httpserver.log] == [
        ("/ban-mot", "[kho] 1 tin: Một (1)"),
        ("/chung", "[archive] 1 news: Hai (1)"),
        ("/chung", "[kho] 1 tin: Ba (1)"),
    ]


def test_what_a_service_does_not_take_at_once_comes_in_parts(
    archive: Archive, httpserver: HTTPServer
) -> None:
    token = "a" * 26
    httpserver.expect_request(f"/hooks/{token}", method="POST").respond_with_data("ok")
    environ = {"ARCHIVE_WATCH_URLS": f"mmost://localhost:{httpserver.port}/{token}"}
    look(archive, 0, [KHEO], **environ)
    for number in range(14):
        publish(archive, f"n{number}", 1, f"Mô hình dân vận khéo số {number} ở bản, kể cho rõ từng việc một.")
    (line,) = look(archive, 2, [KHEO], **environ)
    assert line.endswith(": [kho] 14 tin: Khéo (14)")
    parts = [request.json["text"] for request, _ in httpserver.log]
    assert len(parts) > 1
    assert all(len(part) <= 4000 for part in parts)
    assert all(f"Bài n{number}\n" in "".join(parts) for number in range(14))


def test_a_watch_of_nobody_is_refused(archive: Archive) -> None:
    with pytest.raises(
        WatchError, match="watch 'Khéo': nobody is told: set ARCHIVE_WATCH_URLS in the environment"
    ):
        look(archive, 0, [KHEO])


def run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, "watch", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
    )


def test_the_command(archive: Archive, tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    environ = {"ARCHIVE_WATCH_URLS": hook(httpserver)}
    assert run(tmp_path).stdout == "nothing is watched: there is no watches.toml\n"
    file = tmp_path / "watches.toml"
    file.write_text(
        '[[watch]]\nname = "Khéo"\nsearch = "dân vận khéo"\nsince = 2026-11-01\n'
        '[[watch]]\nname = "Mới"\nsearch = "dân vận khéo"\n'
    )
    publish(archive, "a", 1, "Mô hình dân vận khéo ở bản.")
    shown = run(tmp_path, "--dry-run", **environ)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert (
        "Mới: begins with the first run; 1 articles are of it now\n[kho] 1 tin: Khéo (1)\n\nKhéo: 1 mục"
        in shown.stdout
    )
    assert httpserver.log == []
    sent = run(tmp_path, **environ)
    assert (sent.returncode, sent.stdout.partition(": ")[2]) == (0, "[kho] 1 tin: Khéo (1)\n")
    assert len(httpserver.log) == 1
    file.write_text("[[watch]]\nname = 'a'\n")
    wrong = run(tmp_path, **environ)
    assert (wrong.returncode, wrong.stderr.splitlines()[-1]) == (
        *(
            1,
            "watch: watches.toml: watch 'a': it says nothing to watch: one of search, people, articles, portals, provinces",
        ),
    )
