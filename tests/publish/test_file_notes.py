"""The page of an article says how surely the text of its files was recognised, and why some is missing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Reader
from synthetic_library import START, Writer, plain_article

from portal_archive.archive.archive import Archive
from portal_archive.model.file_text import FilePage, FileText
from portal_archive.model.kinds import FileReason
from portal_archive.model.page import Attachment

ROOT = Path(__file__).parents[2]
FILES = {
    "quet.pdf": FileText((FilePage("Thông báo", 91.0), FilePage("Nơi nhận", 80.0))),
    "cho.pdf": FileText((FilePage(""),), FileReason.SCAN),
    "chu.pdf": FileText.whole("Kế hoạch"),
    "khoa.doc": FileText(reason=FileReason.ENCRYPTED),
}


@pytest.fixture
def room(tmp_path: Path, serve: Callable[..., Reader]) -> Reader:
    writer = Writer(tmp_path)
    offered = [Attachment(f"https://laichau.example/{name}", name) for name in FILES]
    writer.visit("laichau", "/tin/tep", START, article=plain_article(1, attachments=offered))
    path = writer.path
    writer.close()
    with Archive(path) as archive:
        for name, read in FILES.items():
            archive.recognised("laichau", f"https://laichau.example/{name}", read, START)
    return serve(path)


@pytest.mark.parametrize(
    ("lang", "recognised", "scan", "locked"),
    [
        ("vi", "máy nhận dạng, chắc 86%", "bản quét: chưa nhận dạng chữ", "tệp có mật khẩu"),
        ("en", "recognised by machine, 86% sure", "a scan: its text has not been recognised yet", "opens with a password only"),
    ],
)  # fmt: skip
def test_notes_beside_the_files(room: Reader, lang: str, recognised: str, scan: str, locked: str) -> None:
    page = room.get("/article/1", {"cookie": f"room_language={lang}"}).text
    items = {name: page.partition(f">{name}<")[2].partition("</li>")[0] for name in FILES}
    assert {
        name: [note for note in (recognised, scan, locked) if note in item] for name, item in items.items()
    } == {
        "quet.pdf": [recognised],
        "cho.pdf": [scan],
        "chu.pdf": [],
        "khoa.doc": [locked],
    }


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_reason_has_words(lang: str) -> None:
    messages = tomllib.loads(
        (ROOT / "portal_archive" / "messages" / f"{lang}.toml").read_text(encoding="utf-8")
    )
    assert list(messages["file_reason"]) == list(FileReason)
