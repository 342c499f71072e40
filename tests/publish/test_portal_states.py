"""What the home page says of each portal's state."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import time_machine
from synthetic_library import START, Writer

from portal_archive.model.page import Problem
from portal_archive.model.records import Visit


def states(reader: Any) -> dict[str, str]:
    page = reader.get("/").text
    rows = re.findall(r'<a href="/portal/(\w+)">.*?<span class="state (\w+)">(.*?)</span>', page, re.DOTALL)
    return {name: f"{kind}: {unescape(label)}" for name, kind, label in rows}


def test_states(tmp_path: Path, serve: Callable[..., Any]) -> None:
    writer = Writer(tmp_path)
    reader = serve(writer.path)
    with time_machine.travel(START, tick=False):
        assert set(states(reader).values()) == {"never: chưa thu thập"}
        writer.archive.begin_crawl("laichau", START - timedelta(minutes=5))
        writer.archive.begin_crawl("dienbien", START - timedelta(hours=2))
        finished = writer.archive.begin_crawl("backan", START - timedelta(hours=1))
        writer.archive.end_crawl(finished, START, "finished")
        assert states(reader) == {
            "laichau": "running: đang thu thập",
            "dienbien": "interrupted: lần chạy trước bị ngắt",
            "backan": "fine: bình thường",
        }
        url = "https://backan.example/tin/x"
        problems = [Problem("date-impossible", "31/02/2024", "published_at")]
        writer.archive.store(Visit("backan", url, url, START, "error", problems=problems))
        assert states(reader)["backan"] == "problems: 1 vấn đề"
        page = reader.get("/portal/backan").text
    writer.close()
    assert "date-impossible · published_at" in page
