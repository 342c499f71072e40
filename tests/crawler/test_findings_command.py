"""`scrapy findings`, as it is typed; and the demo's hijacked copy, from its pages to the reading room."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from crawling import ROOT, Crawl
from datasette.app import Datasette
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.commands.findings import Command
from demo.server import serve
from portal_archive.archive.archive import Archive
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Finding, Page
from portal_archive.model.records import Portal, Visit

PHRASE = "cổng game đổi thưởng"
BODY = f"Tại điểm cầu {PHRASE}\n, có đồng chí Bí thư. Trên địa bàn {PHRASE}\n, bà con phấn khởi."


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with a finding of two places, and a weak one of another portal."""
    path = tmp_path_factory.mktemp("findings") / "archive.db"
    with Archive(path) as archive:
        archive.claim("test")
        for name, score in (("huyen", 0.93), ("tinh", 0.4)):
            home = f"https://{name}.example/"
            archive.register([Portal(name, name, home, "generic", "described")])
            found = [
                Finding("spun-text", score, PHRASE, ("glued",), {}, "body", match.start(), match.end())
                for match in re.finditer(PHRASE, BODY)
            ]
            page = Page(home + "a", Outcome.ARTICLE, article=Article("Giao ban", body=BODY), findings=found)
            at = datetime(2026, 3, 2, 1, tzinfo=UTC)
            archive.store(Visit(name, page.url, page.url, at, "article", status=200, page=page))
    return path


@pytest.fixture
def archived(stored: Path, crawl: Crawl) -> Crawl:
    shutil.copy(stored, crawl.archive)
    return crawl


def test_list_names_each_once_and_as_json_every_place(
    archived: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = archived.command("findings", "list")
    assert (done.returncode, done.stderr) == (0, "")
    told = " ".join(re.sub(r"[┃│┏━┳┓┡╇┩└─┴┘]", " ", done.stdout).split())
    assert "id portal kind score span since verdict article" in told
    assert "1 huyen spun-text 0.93 cổng 2026-03-02 - Giao ban game đổi thưởng ×2" in told
    assert "3 tinh spun-text 0.40 cổng 2026-03-02 - Giao ban game đổi thưởng ×2" in told
    found = json.loads(archived.command("findings", "list", "--portal", "huyen", "--json").stdout)
    assert [(one["id"], one["span"], one["start"], one["score"], one["verdict"]) for one in found] == [
        (1, PHRASE, 13, 0.93, None),
        (2, PHRASE, 69, 0.93, None),
    ]
    assert found[0]["article_title"] == "Giao ban"


def test_a_verdict_is_kept_with_its_reason_and_can_be_changed(archived: Crawl) -> None:
    done = archived.command("findings", "dismiss", "1", "--why", " tên một trò chơi ")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "1: dismissed: spun-text in https://huyen.example/a",
        "2: dismissed: spun-text in https://huyen.example/a",
    ]
    kept = "SELECT verdict, why, decided_at IS NULL FROM findings ORDER BY id"
    assert archived.query(kept) == [("dismissed", "tên một trò chơi", 0)] * 2 + [(None, None, 1)] * 2
    assert archived.query("SELECT flagged FROM articles") == [(0,), (0,)]
    assert run(archived, "confirm", "2", "3", why="đã gọi hỏi") == 0
    assert archived.query(kept) == [("confirmed", "đã gọi hỏi", 0)] * 4
    assert archived.query("SELECT flagged FROM articles") == [(1,), (1,)]


def run(crawl: Crawl, *arguments: str, why: str | None = None, portal: str | None = None) -> int:
    """Run the command in this process; return its exit code."""
    command = Command()
    command.settings = Settings({"ARCHIVE_DB": str(crawl.archive)})
    command.run(list(arguments), Namespace(why=why, who=None, portal=portal, json=False))
    return command.exitcode


@pytest.mark.parametrize(
    ("arguments", "why", "said"),
    [
        ([], None, None),
        (["delete", "1"], "x", None),
        (["list", "1"], None, None),
        (["dismiss", "1"], None, "say why, for those who come after: --why TEXT"),
        (["dismiss", "1"], " ", "say why"),
        (["confirm"], "x", "name a finding by its number"),
        (["confirm", "một"], "x", "'một' is no number of a finding"),
    ],
)
def test_what_is_no_use_of_it_is_said(
    archived: Crawl, arguments: list[str], why: str | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        run(archived, *arguments, why=why)
    assert archived.query("SELECT count(verdict) FROM findings") == [(0,)]


def test_what_cannot_be_done_is_said(archived: Crawl, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(archived, "confirm", "1", "9", why="x") == 1
    assert "no finding 9 in the archive" in capsys.readouterr().err
    assert archived.query("SELECT count(verdict) FROM findings") == [(0,)]
    assert run(archived, "list", portal="khong-co") == 1
    assert "no portal khong-co in the archive; there are: huyen, tinh" in capsys.readouterr().err
    archived.archive.unlink()
    for arguments in (["list"], ["dismiss", "1"]):
        assert run(archived, *arguments, why="x") == 1
        assert str(archived.archive) in capsys.readouterr().err
    assert not archived.archive.exists()


# --- the demo's hijacked copy ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hijacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawl, list[dict[str, Any]]]]:
    """Crawl the district's portal and its copy; give the archive, and what was done to each article."""
    crawl = Crawl(tmp_path_factory.mktemp("hijacked"))
    with serve(["tamduong", "hijacked"]) as sites:
        for command in (
            ("crawl", "tamduong", "-a", f"home={sites['tamduong'].url}/"),
            ("crawl", "portal", "-a", f"url={sites['hijacked'].url}/"),
        ):
            done = crawl.command(*command)
            assert done.returncode == 0, done.stderr
        yield crawl, sites["hijacked"].gold()


def test_each_hijacked_article_is_flagged_and_shows_the_original_words(
    hijacked: tuple[Crawl, list[dict[str, Any]]],
) -> None:
    crawl, gold = hijacked
    flagged = dict(
        crawl.query("SELECT u.url, a.flagged FROM article_urls u JOIN articles a ON a.id = u.article_id")
    )
    for article in gold:
        (flag,) = {flagged[url] for url in article["urls"] if url in flagged}
        assert bool(flag) == bool(article["hijacked"]), article["urls"]
    put_in = next(article["hijacked"] for article in gold if article["hijacked"])
    found = crawl.query(
        "SELECT DISTINCT span, original, original_article IS NULL FROM findings WHERE article_id IS NOT NULL"
    )
    assert found == [(put_in["phrase"], put_in["place"], 0)]
    assert crawl.query("SELECT count(*) FROM articles WHERE flagged AND portal = 'tamduong'") == [(0,)]


def test_the_reading_room_names_what_was_put_in_and_what_stood_there(
    hijacked: tuple[Crawl, list[dict[str, Any]]],
) -> None:
    crawl, gold = hijacked
    article = next(one for one in gold if one["hijacked"])
    metadata = json.loads((ROOT / "datasette-metadata.json").read_text(encoding="utf-8"))
    room = Datasette([str(crawl.archive)], metadata=metadata)
    marks = ", ".join("?" * len(article["urls"]))
    number = crawl.query(f"SELECT article_id FROM article_urls WHERE url IN ({marks})", *article["urls"])[0][
        0
    ]
    page = asyncio.run(_get(room, f"/article/{number}"))
    phrase, place = article["hijacked"]["phrase"], article["hijacked"]["place"]
    told = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert f"{phrase} ×{article['hijacked']['count']} Chữ gốc: {place} theo bài trên Trang thông tin" in told
    body = page[page.index('<div class="body">') :]
    marked = re.findall(r'<mark class="injected">(?:<span id="finding-\d+"></span>)+([^<]+)</mark>', body)
    assert marked == [phrase] * article["hijacked"]["count"]
    assert article["hijacked"]["href"] not in body


async def _get(room: Datasette, path: str) -> str:
    await room.invoke_startup()
    response = await room.client.get(path)
    assert response.status_code == 200
    text: str = response.text
    return text
