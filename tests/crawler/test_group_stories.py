"""Texts that two portals share, found by a crawl, an import and a re-parse."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawling import Crawl, page

from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.model.records import Fetch

TEXT = (
    "Ngày 14/3, đoàn công tác của huyện đến bản Nậm Sính để xem việc làm của 27 hộ vừa dời nhà khỏi vùng có nguy cơ"
    " sạt lở bên suối.",
    "Từ tháng 11 năm ngoái 112 người trong bản thay nhau san nền, mỗi nhà góp 9 ngày công; huyện cho mượn hai máy"
    " xúc và cấp 640 triệu đồng mua tôn, xi măng.",
    "Đoàn đã ghi lại 16 điều bà con mong muốn, trong đó có việc kéo điện cho 5 nhà ở cuối bản và mở lớp mầm non tại"
    " chỗ, rồi hẹn trả lời trước ngày 30/4.",
)


@pytest.fixture
def imported(tmp_path: Path) -> Crawl:
    """Return an archive into which one text of two portals was imported."""
    with CaptureWriter(tmp_path, "hai-cong", "1") as writer:
        for host, when in (("bao.example", "15/03/2024 09:30"), ("huyen.example", "16/03/2024 07:34")):
            text = "".join(f"<p>{part}</p>" for part in TEXT)
            body = page(
                "Những mái nhà mới bên suối", f"<p>Ngày đăng: {when}</p><div class='content'>{text}</div>"
            )
            at = datetime(2026, 3, 2, tzinfo=UTC)
            ref = writer.write(
                Fetch(
                    f"https://{host}/tin/nhung-mai-nha.html", 200, [("Content-Type", "text/html")], body, at
                )
            )
    crawl = Crawl(tmp_path)
    done = crawl.command("import", str(tmp_path / ref.file), "--cores", "1")
    assert done.returncode == 0, done.stderr
    return crawl


STORIES = (
    "SELECT s.story_id, s.position, a.portal FROM story_articles s JOIN articles a ON a.id = s.article_id"
    " ORDER BY s.story_id, s.position"
)


def test_an_import_groups_what_it_stored(imported: Crawl) -> None:
    assert imported.query(STORIES) == [(1, 1, "bao.example"), (1, 2, "huyen.example")]
    assert imported.query("SELECT * FROM stories_waiting") == []


def test_a_reparse_groups_what_it_corrected(imported: Crawl) -> None:
    with closing(sqlite3.connect(imported.archive)) as db, db:
        db.execute("UPDATE articles SET body = 'Đọc sai.', text_hash = '' WHERE portal = 'bao.example'")
    assert imported.command("reparse", "--cores", "1").returncode == 0
    assert imported.query(STORIES) == [(1, 1, "bao.example"), (1, 2, "huyen.example")]
    assert imported.command("verify").returncode == 0
