"""`/status`: what it says of portals in every state, in both languages."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from synthetic_library import START, Writer, plain_article

from portal_archive.archive.health import words as health_words
from portal_archive.archive.moments import to_text
from portal_archive.archive.sql import insert
from portal_archive.model.page import Problem
from portal_archive.model.records import Visit

ROOT = Path(__file__).parents[2]
NOW = START + timedelta(days=60)
HOSTILE = "<script>alert(1)</script>"


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def crawl(writer: Writer, portal: str, days_ago: float, new: int) -> int:
    """Store a finished crawl that found so many articles; return its id."""
    at = NOW - timedelta(days=days_ago)
    begun = writer.archive.begin_crawl(portal, at)
    writer.archive.end_crawl(begun, at + timedelta(minutes=5), "finished")
    writer.archive.db.execute("UPDATE crawls SET new_articles = ?, pages = 9 WHERE id = ?", [new, begun.id])
    return begun.id


def keep(
    writer: Writer, portal: str, state: str, since: float, until: float | None = None, **given: str
) -> None:
    """Store a state that began and ended so many days ago."""
    insert(
        writer.archive.db.conn,
        "portal_states",
        {
            "portal": portal,
            "state": state,
            "since": to_text(NOW - timedelta(days=since)),
            "until": to_text(NOW - timedelta(days=until)) if until is not None else None,
            "judged_at": to_text(NOW),
            "next_step": health_words.FINE_STEP.as_json(),
            **given,
        },
    )


@pytest.fixture(scope="module")
def health(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with a portal that is fine, one that lost a field, and one never crawled."""
    writer = Writer(tmp_path_factory.mktemp("health"))
    for days_ago in range(59, -1, -1):
        crawl(writer, "laichau", days_ago + 0.1, 900 if days_ago == 59 else days_ago % 4)
        crawl(writer, "dienbien", days_ago + 0.2, 1)
    keep(
        writer,
        "laichau",
        "unreachable",
        50,
        45,
        reason=health_words.cause("dns").as_json(),
    )
    keep(writer, "laichau", "ok", 45)
    keep(writer, "dienbien", "ok", 80, 10)
    keep(
        writer,
        "dienbien",
        "degraded",
        10,
        old_words=json.dumps(
            [
                "author is found in 20% of articles, 95% expected",
                "author chỉ có ở 20% số bài, dự kiến 95%",
                f"Teach the readers {HOSTILE}",
                f"Sửa bộ đọc {HOSTILE}",
            ]
        ),
        field="author",
        before="95%",
        after="20%",
        examples=json.dumps(["https://dienbien.example/tin/1", "javascript:alert(1)"]),
        warnings=json.dumps([{"en": "40 new articles in 30 days", "vi": "40 bài mới trong 30 ngày"}]),
    )
    url = "https://dienbien.example/tin/1"
    problems = [Problem("date-impossible", "31/02/2024", "published_at")]
    writer.archive.store(Visit("dienbien", url, url, NOW, "error", problems=problems))
    writer.visit("laichau", "/tin/x", NOW, article=plain_article(1))
    writer.close()
    return writer.path


@pytest.fixture
def reader(health: Path, serve: Callable[..., Any]) -> Any:
    return serve(health)


def section(page: str, portal: str) -> str:
    found = re.search(rf'<section class="health" id="{portal}">.*?</section>', page, re.DOTALL)
    assert found
    return found[0]


@time_machine.travel(NOW, tick=False)
def test_what_needs_a_person_comes_first_with_what_to_do(reader: Any) -> None:
    response = reader.get("/status")
    assert response.status_code == 200
    page = response.text
    assert re.findall(r'<section class="health" id="(\w+)">', page) == ["dienbien", "backan", "laichau"]
    assert "1 cổng cần người xem." in words(page)
    assert "đọc thiếu 1 chưa đánh giá 1 bình thường 1" in words(page)
    shown = words(section(page, "dienbien"))
    assert shown.startswith(
        "Đảng bộ tỉnh Điện Biên đọc thiếu từ 20/11/2026 author chỉ có ở 20% số bài, dự kiến 95%"
        f" 40 bài mới trong 30 ngày Việc cần làm: Sửa bộ đọc {HOSTILE} https://dienbien.example/tin/1"
    )
    assert "Bài mới 7 ngày 7 Vấn đề còn mở 1" in shown
    html = section(page, "dienbien")
    assert '<li class="address">https://dienbien.example/tin/1</li>' in html
    assert 'href="javascript' not in html
    assert HOSTILE not in html
    assert 'href="/archive/problems?portal=dienbien&amp;closed_at__isnull=1"' in html.replace(
        "/nv/", "/archive/"
    )


@time_machine.travel(NOW, tick=False)
def test_english_says_the_same(reader: Any) -> None:
    page = reader.get("/status", headers={"cookie": "room_language=en"}).text
    assert "Portals that need a person: 1." in words(page)
    shown = words(section(page, "dienbien"))
    assert "degraded since 20/11/2026 author is found in 20% of articles, 95% expected" in shown
    assert "What to do: Teach the readers" in shown
    assert "laichau" in page
    assert words(section(page, "backan")).startswith(
        "Cổng thông tin tỉnh Bắc Kạn new never crawled What to do: scrapy crawl backan"
    )


@time_machine.travel(NOW, tick=False)
def test_charts_show_ninety_days(reader: Any) -> None:
    html = section(reader.get("/status").text, "laichau")
    path = re.search(r'<path class="bar" d="([^"]*)"', html)
    assert path
    bars = re.findall(r"M(\d+) 100v-(\d+)h\d+V100", path[1])
    # 60 days ago 900 articles, cut at the upper end; later 1, 2 or 3 a day, and none every fourth day.
    assert len(bars) == 1 + 44
    assert bars[0] == ("333", "100")
    assert {height for _, height in bars[1:]} == {"12", "25", "38"}  # of 8, four times the usual 2
    assert "Bài mới mỗi ngày trong 90 ngày: tổng 987, nhiều nhất 900 một ngày" in html
    strip = re.findall(r'<rect class="(\w+)" x="([\d.]+)" y="0" height="100" width="([\d.]+)">', html)
    assert strip == [("unreachable", "444.4", "55.6"), ("ok", "500.0", "500.0")]
    assert "11/10/2026 – 16/10/2026: không truy cập được (không tìm thấy tên miền (DNS))" in unescape(html)
    assert "16/10/2026 – nay: bình thường" in html


@time_machine.travel(NOW, tick=False)
def test_a_state_that_began_earlier_fills_the_strip_from_its_start(reader: Any) -> None:
    html = section(reader.get("/status").text, "dienbien")
    strip = re.findall(r'<rect class="(\w+)" x="([\d.]+)" y="0" height="100" width="([\d.]+)">', html)
    assert strip == [("ok", "111.1", "777.8"), ("degraded", "888.9", "111.1")]


@time_machine.travel(NOW + timedelta(days=30), tick=False)
def test_a_portal_that_nobody_crawls_is_overdue(reader: Any) -> None:
    page = reader.get("/status").text
    assert "quá hạn thu thập" in words(section(page, "laichau"))
    assert "không phải" not in page


def test_json_is_what_the_command_prints(reader: Any, health: Path) -> None:
    command = [sys.executable, "-m", "scrapy", "status", "--json", "-s", f"ARCHIVE_DB={health}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    printed = {state["portal"]: state for state in json.loads(done.stdout)}
    answered = reader.get("/status.json").json()
    assert [state["portal"] for state in answered] == ["backan", "dienbien", "laichau"]
    assert all(printed[state["portal"]] == state for state in answered)


@time_machine.travel(NOW, tick=False)
def test_it_is_one_click_from_every_page(reader: Any) -> None:
    for path in ("/", "/search", "/status", "/help"):
        assert 'href="/status"' in reader.get(path).text, path
    assert 'href="/status"' in reader.get("/nv/portals").text
    home = reader.get("/").text
    assert '<span class="state degraded">đọc thiếu</span>' in home


@time_machine.travel(NOW, tick=False)
def test_every_question_it_asks_has_an_index(health: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    from portal_archive.publish.pages import status

    db = sqlite3.connect(health)
    db.row_factory = sqlite3.Row
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    status._read(db, NOW)
    db.set_trace_callback(None)
    big = ("articles", "captures", "versions", "pages", "article_views", "counter_readings")
    for sql in asked:
        plan = [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step.startswith("SCAN") and step.split()[1] in big], (sql, plan)
    db.close()
