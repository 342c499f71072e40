"""The reading room's pages on a small archive: what they say, to whom, in which language."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from synthetic_library import PNG, START, Library, Writer, fill

from portal_archive.model.kinds import Precision
from portal_archive.model.page import Article
from portal_archive.publish import routes
from portal_archive.publish.parts import portals

PATHS = (
    "/",
    "/search",
    "/search?q=dan+van",
    "/search?q=d%C3%A2n+v%E1%BA%ADn&sort=relevance&exact=1",
    "/article/{changed}",
    "/article/{changed}/version/1",
    "/article/{changed}/diff/1/3",
    "/article/{changed}/diff/1/3?view=side",
    "/article/{gone}",
    "/story/1",
    "/portal/laichau",
    "/counters",
    "/findings",
    "/status",
    "/help",
    "/capture/1",
)


def words(page: str) -> str:
    """Return the text of a page, white space as single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_answers_in_both_languages(room: Any, library: Library, path: str, lang: str) -> None:
    response = room.get(path.format(**library.ids), headers={"cookie": f"room_language={lang}"})
    assert response.status_code == 200
    assert f'<html lang="{lang}">' in response.text
    assert len(response.content) < 100_000
    assert response.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon\w+=|style=", response.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!\w+\.example)', response.text)


def test_home_tells_the_week(room: Any, library: Library) -> None:
    with time_machine.travel(START.replace(month=12), tick=False):
        page = words(room.get("/").text)
    assert "66 bài từ 3 cổng" in page
    assert "Bảy ngày qua các cổng chưa đăng bài mới." in page
    assert "Bảy ngày qua kho không tìm thêm bài cũ nào." in page
    assert "Bảy ngày qua không bài nào bị sửa." in page
    assert "Bảy ngày qua không bài nào biến mất." in page
    with time_machine.travel(START.replace(day=12), tick=False):
        page = words(room.get("/").text)
    assert "Biến mất trong tuần Bài đã bị gỡ về bản Nậm Cầy đã biến mất" in page
    assert "Bị sửa trong tuần Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ đã sửa tiêu đề" in page
    assert "số 1.245 → 1.254" not in page  # more than a week before


def test_home_names_portals_with_province_state_and_newest_article(room: Any) -> None:
    page = words(room.get("/").text)
    assert "Cổng thông tin tỉnh Bắc Kạn tỉnh Thái Nguyên chỉ có bản nhập 23" in page
    assert "Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ 18/01/2024" in page


def test_datasettes_own_index_is_one_click_away(room: Any) -> None:
    assert 'href="/-/datasette"' in room.get("/").text
    index = room.get("/-/datasette")
    assert index.status_code == 200
    assert 'href="/nv"' in index.text
    assert room.get("/-/datasette.json").json()["nv"]["tables_count"] > 10
    assert "datasette.css" in room.get("/nv/portals").text
    assert "datasette.css" not in room.get("/").text


def test_language_is_remembered(room: Any) -> None:
    switched = room.get("/search?q=dan+van&lang=en")
    assert switched.status_code == 302
    assert switched.headers["location"] == "/search?q=dan+van"
    assert switched.headers["set-cookie"].startswith("room_language=en; Max-Age=31536000")
    page = room.get("/", headers={"cookie": "room_language=en"}).text
    assert "What the portals publish, change and delete" in page
    assert 'href="/?lang=vi"' in page
    assert 'href="/?lang=en"' in room.get("/").text


def test_numbers_follow_the_language(room: Any) -> None:
    assert "82.410.901" in room.get("/counters").text
    assert "82,410,901" in room.get("/counters", headers={"cookie": "room_language=en"}).text


def test_article_shows_text_and_provenance(room: Any, library: Library) -> None:
    response = room.get(f"/article/{library.ids['changed']}")
    page = words(response.text)
    assert "Cổng thông tin tỉnh Lai Châu · tỉnh Lai Châu · Tin tức" in page
    assert "Đăng 18/01/2024 07:34 (chính xác đến phút) · Tác giả Minh Thùy · Nguồn tin: Báo Lai Châu" in page
    assert "Đã sửa 2 lần" in page
    assert "Thấy lần đầu 01/10/2026 09:00 Thấy lần cuối 10/10/2026 09:00 Giờ lưu 10/10/2026 09:00" in page
    assert re.search(
        r"Mã băm sha1:[A-Z2-7]{32} Tệp WARC laichau/laichau-1-00001.warc.gz, vị trí [\d.]+, \d+ byte", page
    )
    assert "tiêu đề" in page
    assert "số 1.245 → 1.254" in page
    assert 'href="https://laichau.example/tin/nhiem-vu-2024"' in response.text
    assert "<p>Toàn tỉnh có <b>1.254</b> mô hình.</p>" in response.text


def test_article_runs_nothing_and_fetches_nothing_from_elsewhere(room: Any, library: Library) -> None:
    page = room.get(f"/article/{library.ids['changed']}").text
    assert "onclick" not in page
    assert "alert(1)" not in page
    assert re.findall(r'<img src="([^"]+)"', page) == ["/capture/61/file"]
    title = room.get(f"/article/{library.ids['script']}").text
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt; Hội nghị</h1>" in title


def test_article_states_how_exactly_its_date_is_known(room: Any, library: Library) -> None:
    assert "Đăng 18/03/2024 (năm suy ra từ bài)" in words(room.get(f"/article/{library.ids['script']}").text)


def test_article_links_documents_and_people_to_their_searches(room: Any, library: Library) -> None:
    page = room.get(f"/article/{library.ids['copy_a']}").text
    assert 'href="/search?q=25-NQ%2FTW">25-NQ/TW</a>' in page
    assert ">Lò Văn Sơn</a>" in page
    assert ">Giàng Thị Mỷ</a>" in page


def test_article_that_is_gone_says_since_when(room: Any, library: Library) -> None:
    assert "Biến mất từ 03/10/2026 10:00" in words(room.get(f"/article/{library.ids['gone']}").text)


def test_article_names_its_copies_on_other_portals(room: Any, library: Library) -> None:
    page = room.get(f"/article/{library.ids['copy_a']}").text
    assert (
        f'<li><a href="/article/{library.ids["copy_b"]}">Cổng thông tin tỉnh Bắc Kạn, 23/08/2024</a></li>'
        in page
    )
    assert "Cổng khác cũng đăng" not in room.get(f"/article/{library.ids['gone']}").text


def test_citation_in_both_languages_names_version_and_capture(room: Any, library: Library) -> None:
    raw = room.get(f"/article/{library.ids['changed']}").text
    version = re.search(rf"http://localhost(/article/{library.ids['changed']}/version/3/[0-9a-f]{{16}})", raw)
    capture = re.search(r"http://localhost(/capture/(\d+)/[A-Z2-7]{16})", raw)
    assert version
    assert capture
    page = words(raw)
    start = "Minh Thùy, “Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ”, Cổng thông tin tỉnh Lai Châu, 18/01/2024 07:34, "
    where = "https://laichau.example/tin/nhiem-vu-2024 "
    digest = re.search(r"sha1:[A-Z2-7]{32}", raw)
    assert digest
    for label, kept, number in (("Tiếng Việt", "lưu", "bản"), ("Tiếng Anh", "captured", "version")):
        zone = "(giờ Việt Nam)" if number == "bản" else "(UTC+7)"
        assert (
            f"{label} {start}{where}[{number} 3: {version[0]}, {kept} 10/10/2026 09:00 {zone}: {capture[0]}, {digest[0]}]."
        ) in page
    assert f"url = {{{version[0]}}}" in page
    assert f"UR - {version[0]} L2 - {capture[0]} " in page
    assert "Toàn tỉnh có 1.254 mô hình." in words(room.get(version[1]).text)
    assert f"/article/{library.ids['changed']}" in room.get(capture[1]).text
    assert digest[0] in room.get(capture[1]).text


def test_a_permalink_never_shows_another_text(room: Any, library: Library) -> None:
    number = library.ids["changed"]
    page = room.get(f"/article/{number}").text
    found = re.findall(rf'href="(/article/{number}/version/(\d)/([0-9a-f]{{16}}))"', page)
    permalinks = list(dict.fromkeys(found))
    assert [version for _, version, _ in permalinks] == ["3", "2", "1"]
    for (path, version, content_hash), figure in zip(permalinks, ("1.254", "1.254", "1.245"), strict=True):
        assert f"Toàn tỉnh có {figure} mô hình." in words(room.get(path).text)
        # By its text, whatever number it has now.
        moved = room.get(f"/article/{number}/version/{int(version) % 3 + 1}/{content_hash}")
        assert (moved.status_code, moved.headers["location"]) == (302, path)
    gone = room.get(f"/article/{number}/version/1/0123456789abcdef")
    assert gone.status_code == 404
    assert "Kho không đưa văn bản khác thay vào" in gone.text
    assert f'href="/article/{number}"' in gone.text
    assert "1.245" not in gone.text


@pytest.mark.parametrize(
    "path",
    [
        "/article?url=https://laichau.example/tin/nhiem-vu-2024",
        "/article?url=http://laichau.example/tin/nhiem-vu-2024/",
        "/article/https://laichau.example/tin/nhiem-vu-2024",
        "/search?q=https://laichau.example/tin/nhiem-vu-2024",
    ],
)
def test_an_address_finds_its_article(room: Any, library: Library, path: str) -> None:
    response = room.get(path)
    assert (response.status_code, response.headers["location"]) == (302, f"/article/{library.ids['changed']}")


@pytest.mark.parametrize(
    "path",
    [
        "/article/999999",
        "/article/1/version/9",
        "/article/1/diff/1/9",
        "/article?url=https://laichau.example/x",
        "/portal/nowhere",
        "/capture/999999",
        "/capture/999999/page",
    ],
)
def test_what_is_missing_is_a_404_in_words(room: Any, path: str) -> None:
    response = room.get(path)
    assert response.status_code == 404
    assert "Không có trang này" in response.text
    assert 'role="search"' in response.text


def test_unknown_paths_are_a_404_too(room: Any) -> None:
    for path in ("/a/b/c/d/e", "/nowhere/articles", "/nv/nowhere"):
        response = room.get(path)
        assert response.status_code == 404, path
        assert "Không có trang này" in response.text, path
    assert room.get("/nv/nowhere.json").json()["status"] == 404


def test_versions_are_compared_by_word(room: Any, library: Library) -> None:
    page = room.get(f"/article/{library.ids['changed']}/diff/1/2").text
    assert "<p>Toàn tỉnh có <del>1.245</del><ins>1.254</ins> mô hình.</p>" in page
    assert "số 1.245 → 1.254" in page
    side = room.get(f"/article/{library.ids['changed']}/diff/1/3?view=side").text
    assert '<div class="cell">Toàn tỉnh có <del>1.245</del> mô hình.</div>' in side
    assert '<div class="cell">Toàn tỉnh có <ins>1.254</ins> mô hình.</div>' in side
    assert "<h2>Tiêu đề</h2>" in side
    assert "<h2>Sapô</h2>" not in side


def test_an_old_version_says_that_it_is_old(room: Any, library: Library) -> None:
    number = library.ids["changed"]
    page = words(room.get(f"/article/{number}/version/1").text)
    assert "Đây là bản 1, đã bị thay." in page
    assert "Toàn tỉnh có 1.245 mô hình." in page
    newest = words(room.get(f"/article/{number}/version/3").text)
    assert "Đây là bản 3, nay vẫn là bản hiện hành" in newest
    assert "Toàn tỉnh có 1.254 mô hình." in newest


def test_an_old_version_states_no_more_of_its_date_than_is_known(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    writer = Writer(tmp_path)
    first = Article(
        title="Bài",
        body="Một.",
        published_at="2024-03-26T00:00:00+07:00",
        published_precision=Precision.INFERRED,
    )
    number = writer.visit("laichau", "/tin/1", START, article=first)
    moved = replace(
        first, body="Hai.", published_at="2024-03-27T08:15:00+07:00", published_precision=Precision.MINUTE
    )
    writer.visit("laichau", "/tin/1", START + timedelta(days=1), article=replace(first, body="Ba."))
    writer.visit("laichau", "/tin/1", START + timedelta(days=2), article=moved)
    writer.close()
    reader = serve(writer.path)
    for version in (1, 2):
        page = words(reader.get(f"/article/{number}/version/{version}").text)
        assert "Đăng 26/03/2024 (năm suy ra từ bài)" in page
        assert "00:00" not in page
    assert "Đăng 27/03/2024 08:15 (chính xác đến phút)" in words(reader.get(f"/article/{number}").text)


def test_a_stored_page_has_its_pictures_and_styles_and_leads_to_what_stood_then(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    writer = Writer(tmp_path)
    page = (
        '<html><head><link rel="stylesheet" href="/kieu.css"></head><body><img src="/anh.png" alt="Ảnh">'
        '<a href="/tin/2">Hai</a> <a href="/tin/3">Ba</a></body></html>'
    ).encode()

    def visit(path: str, day: int, body: bytes, content_type: str = "text/html; charset=utf-8") -> None:
        at = START + timedelta(days=day)
        kind = "article" if content_type.startswith("text/html") else "file"
        article = Article(title=path, body="Bài.") if kind == "article" else None
        writer.visit("laichau", path, at, kind=kind, article=article, body=body, content_type=content_type)

    visit("/tin/2", 0, b"<p>Som</p>")
    visit("/anh.png", 0, PNG, "image/png")
    visit("/tin/1", 4, page)
    visit("/tin/2", 6, b"<p>Gan</p>")
    visit("/kieu.css", 6, b"@import 'x'; p{background:url(/search)}h1{color:red}", "text/css")
    visit("/tin/2", 30, b"<p>Muon</p>")
    writer.close()
    reader = serve(writer.path)
    answer = reader.get("/capture/3/page")
    assert answer.headers["content-security-policy"] == (
        "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
    )
    assert '<link rel="stylesheet" media="all" href="/capture/5/style">' in answer.text
    assert '<img src="/capture/2/file" alt="Ảnh">' in answer.text
    assert '<a href="/capture/4/page" rel="nofollow noopener noreferrer">Hai</a>' in answer.text
    assert 'href="/leaving?to=https%3A%2F%2Flaichau.example%2Ftin%2F3"' in answer.text
    digest = re.search(r"sha1:[A-Z2-7]{32}", answer.text)
    assert digest
    assert digest[0] in reader.get("/capture/3").text
    assert "lưu 05/10/2026 08:00 (giờ Việt Nam) từ https://laichau.example/tin/1" in words(answer.text)
    assert "Gan" in reader.get("/capture/4/page").text
    style = reader.get("/capture/5/style")
    assert style.text == "@none 'x'; p{background:none(/search)}h1{color:red}"
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert reader.get("/capture/2/style").status_code == 404


def test_stored_page_is_shown_in_a_sandbox(room: Any) -> None:
    assert "sandbox></iframe>" in room.get("/capture/1").text
    page = room.get("/capture/1/page")
    assert "<h1>Mường Tè: hội nghị về công tác dân vận lần thứ 0</h1>" in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    source = room.get("/capture/1/raw")
    assert source.headers["content-type"] == "text/plain; charset=utf-8"
    assert b"<h1>" in source.content
    file = room.get("/capture/1/file")
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"] == 'attachment; filename="bai-0"'


def test_a_link_out_is_shown_in_words_and_lead_to_what_the_archive_has(room: Any) -> None:
    known = room.get("/leaving?to=https://laichau.example/").text
    assert '<a href="https://laichau.example/" rel="noreferrer nofollow">Mở trang ngoài</a>' in known
    address = room.get("/nv/articles/1.json").json()["rows"][0][2]
    assert (
        '<a class="button" href="/article/1">Đọc bài này trong kho</a>'
        in room.get(f"/leaving?to={address}").text
    )
    unknown = room.get("/leaving?to=https://nha-cai.example/x").text
    assert "https://nha-cai.example/x" in unknown
    assert 'href="https://nha-cai.example' not in unknown


def test_stored_picture_is_a_picture(room: Any) -> None:
    response = room.get("/capture/61/file")
    assert response.headers["content-type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


def test_portal_tells_province_then_and_now_and_coverage(room: Any) -> None:
    response = room.get("/portal/backan")
    page = words(response.text)
    assert "Tỉnh, thành tỉnh Bắc Kạn Nay thuộc tỉnh Thái Nguyên" in page
    assert "Bài sớm nhất 18/03/2024, muộn nhất 24/12/2025; 0 bài không rõ ngày." in page
    assert "<title>12/2025: 5 bài</title>" in response.text
    assert "Không có vấn đề nào." in page


def test_counters_show_contradictions(room: Any) -> None:
    page = words(room.get("/counters").text)
    assert "26/10/2026 11:00 : tổng số giảm từ 82.414.493 xuống 82.367.496" in page
    assert "31/10/2026 11:00 : hôm nay 3.002 lớn hơn tháng này 10" in page
    assert "01/11/2026 11:00 : sang tháng mới mà số tháng không về 0: 10 rồi 199.242" in page
    assert "tăng đều 83 mỗi giờ suốt 7 giờ liền; nếu là ngẫu nhiên thì 900 năm chưa chắc gặp một lần" in page
    assert "Bộ đếm này chưa cho biết tổng số (số do mã chạy điền vào)." in page


def test_counters_table_is_a_csv(room: Any) -> None:
    address = re.search(
        r'href="(/nv/counters_by_day\.csv[^"]*portal=laichau[^"]*)"', room.get("/counters").text
    )
    assert address
    lines = room.get(unescape(address[1])).text.splitlines()
    columns = lines[0].removeprefix("\ufeff").split(",")
    newest = dict(zip(columns, lines[1].split(","), strict=True))
    assert (newest["portal"], newest["day"], newest["total"]) == ("laichau", "2026-11-09", "82410901")
    assert len(lines) == 41


def test_without_an_archive_datasette_is_as_it_was(serve: Callable[..., Any]) -> None:
    reader = serve()
    assert reader.get("/").headers["location"] == "/-/datasette"
    assert reader.get("/-/datasette").status_code == 200


def test_base_url_is_kept(library: Library, serve: Callable[..., Any]) -> None:
    reader = serve(library.path, settings={"base_url": "/kho/"})
    page = reader.get("/").text
    assert not re.search(r'(?:href|src|action)="/(?!kho/)', page)
    assert reader.get("/search?q=dan+van").status_code == 200
    assert reader.get("/search?lang=en").headers["location"] == "/kho/search"


def test_a_database_that_may_not_be_seen_is_not_shown(library: Library, serve: Callable[..., Any]) -> None:
    reader = serve(library.path)
    reader.datasette._metadata_local["databases"]["nv"]["allow"] = False
    for pattern, _ in routes.ROUTES:
        if pattern in ("^/$", "^/search$", "^/counters$"):
            assert reader.get(pattern.strip("^$")).status_code == 403


def test_titles_on_datasettes_pages_lead_to_the_article(room: Any, library: Library) -> None:
    link = f'<a href="/article/{library.ids["gone"]}">Bài đã bị gỡ về bản Nậm Cầy</a>'
    assert link in room.get("/nv/articles?gone_at__notblank=1").text
    assert link in room.get("/nv/vanished?portal=").text
    assert "/article/" not in room.get("/nv/portals").text


def test_long_counts_are_kept_for_a_minute(monkeypatch: pytest.MonkeyPatch, library: Library) -> None:
    clock = [1000.0]
    monkeypatch.setattr(portals, "monotonic", lambda: clock[0])
    db, empty = sqlite3.connect(library.path), sqlite3.connect(":memory:")
    assert portals.article_counts(db, "quick") == {"laichau": 22, "dienbien": 21, "backan": 23}
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        portals.article_counts(empty, "quick")
    monkeypatch.setattr(portals, "_LONG_SECONDS", -1.0)
    counted = portals.article_counts(db, "slow")
    clock[0] += 59
    assert portals.article_counts(empty, "slow") is counted
    clock[0] += 2
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        portals.article_counts(empty, "slow")
    db.close()
    empty.close()


def test_portals_stand_in_vietnamese_order(
    library: Library, tmp_path: Path, serve: Callable[..., Any]
) -> None:
    path = tmp_path / "order.db"
    with closing(sqlite3.connect(library.path)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
        copy.execute("DELETE FROM portal_states")
        copy.execute("UPDATE crawls SET state = NULL")
        for name, title in (("laichau", "Hà Giang"), ("dienbien", "Đồng Nai"), ("backan", "Yên Bái")):
            copy.execute("UPDATE portals SET title = ? WHERE name = ?", (title, name))
        copy.commit()
    page = serve(path).get("/status").text
    assert re.findall("Đồng Nai|Hà Giang|Yên Bái", page)[:3] == ["Đồng Nai", "Hà Giang", "Yên Bái"]


def test_whose_evidence_a_capture_is_stands_with_it(tmp_path: Path, serve: Any) -> None:
    writer = Writer(tmp_path)
    fill(writer)
    said = {"kho này tự chụp từ cổng": 0, "kho khác chụp, được nhập vào": 1}
    for words, imported in said.items():
        writer.archive.db.execute("UPDATE captures SET imported = ?", [imported])
        reader = serve(writer.path)
        for path in ("/capture/1", "/article/1"):
            page = unescape(reader.get(path).text)
            assert [other for other in said if other in page] == [words], path
    writer.close()
