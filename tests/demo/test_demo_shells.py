"""The small demo portals: each shows its articles in its own way, and says that it is synthetic."""

from __future__ import annotations

from fetching import fetch

from demo.server import serve_shells
from demo.shells import SHELLS
from portal_archive.model.kinds import FileReason, Outcome
from portal_archive.reading.documents.read import read_file
from portal_archive.reading.endpoints import as_page
from portal_archive.reading.read import read_page


def test_what_each_page_shows_by_itself() -> None:
    with serve_shells() as sites:
        assert list(sites) == ["trangthai", "diemcuoi", "trinhduyet", "vanban"] == list(SHELLS)
        shown = {}
        for stem, site in sites.items():
            article = site.served.articles[0]
            answer = fetch(site.url + site.served.path(article))
            assert answer.tree.xpath("//meta[@name='generator-note']/@content")[0].startswith("synthetic")
            page = read_page(answer.body, site.url + site.served.path(article))
            shown[stem] = page.article.title == article.title if page.article else page.kind
            assert fetch(f"{site.url}/tin/khong-co-1.html").status == 404
        assert shown == {
            "trangthai": True,
            "diemcuoi": Outcome.OTHER,
            "trinhduyet": Outcome.OTHER,
            "vanban": True,
        }


def test_the_endpoint_gives_list_and_articles() -> None:
    with serve_shells() as sites:
        site = sites["diemcuoi"]
        article = site.served.articles[0]
        page = read_page(
            as_page(fetch(f"{site.url}/api/tin/{article.key}").body), site.url + site.served.path(article)
        )
        assert page.article is not None
        assert page.article.title == article.title
        assert page.article.published_at == article.published.isoformat(timespec="seconds")
        listed = read_page(as_page(fetch(f"{site.url}/api/tin?trang=3").body), f"{site.url}/")
        assert [item.url for item in listed.items] == [
            site.url + site.served.path(one) for one in site.served.articles[10:]
        ]


def test_files_and_scans() -> None:
    with serve_shells() as sites:
        url = sites["vanban"].url
        document, _ = read_file(fetch(f"{url}/tep/danh-sach.doc").body)
        assert document is not None
        assert document.text is not None
        assert "Lù Seo Páo\t140" in document.text
        sheet, _ = read_file(fetch(f"{url}/tep/cam-ket.xls").body)
        assert sheet is not None
        assert sheet.text is not None
        assert sheet.text.endswith("Tả Củ\t74\t70")
        scan, _ = read_file(fetch(f"{url}/tep/thong-bao.pdf").body)
        assert scan is not None
        assert (len(scan.pages), scan.reason) == (2, FileReason.SCAN)
        assert fetch(f"{url}/tep/..%2Fportal.py").status == 404
