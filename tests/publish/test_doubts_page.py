"""What is held is shown with its reason, and with what it was seen on."""

import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from synthetic_library import Writer, fill

from portal_archive.model import messages
from portal_archive.model.kinds import DoubtRule, DoubtState


@pytest.fixture
def doubtful(tmp_path: Path, serve: Any) -> Any:
    writer = Writer(tmp_path)
    fill(writer)
    writer.close()
    with closing(sqlite3.connect(writer.path)) as db:
        for state, moment in (("held", "2026-10-02T01:00:00Z"), ("passed", "2026-10-01T02:00:00Z")):
            db.execute(
                "INSERT INTO doubts (portal, url, article_id, rule, state, content_hash, details, first_seen, last_seen)"
                " VALUES ('laichau', 'https://laichau.example/tin/bai-0', 1, 'replaced', ?, ?,"
                ' \'{"title": "Thông báo bảo trì"}\', ?, ?)',
                [state, state, moment, moment],
            )
        db.commit()
    return serve(writer.path)


def lines(reader: Any, path: str) -> list[str]:
    tree = html.fromstring(reader.get(path).text)
    return [" ".join(line.text_content().split()) for line in tree.xpath("//main//ul/li")]


def test_what_is_held(doubtful: Any) -> None:
    (line,) = lines(doubtful, "/doubts")
    assert line == (
        "Tiêu đề và toàn văn bị thay bằng bài khác đang giữ lại Thông báo bảo trì https://laichau.example/tin/bai-0"
        " thấy từ 02/10/2026 08:00 đến 02/10/2026 08:00, 1 lần · laichau · bài viết"
    )
    assert len(lines(doubtful, "/doubts?all=1")) == 2
    assert lines(doubtful, "/doubts?portal=dienbien") == []


def test_nothing_is_held(room: Any) -> None:
    assert "Không có điều gì đang giữ lại." in unescape(room.get("/doubts").text)


def test_every_rule_and_state_has_its_words() -> None:
    for code in [
        *(f"doubts.rule_{rule}" for rule in DoubtRule),
        *(f"doubts.state_{state}" for state in DoubtState),
    ]:
        assert messages.known(code)
