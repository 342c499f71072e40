from __future__ import annotations

from pathlib import Path

import pytest
from visiting import LONG, Site, article, hours, url

from portal_archive.archive.moments import to_text
from portal_archive.model.messages import joined, say
from portal_archive.model.page import Attachment, Image

OTHER = LONG.replace("dân vận", "kiểm tra").replace("hội nghị", "lớp tập huấn").replace("xã", "chi bộ")


def urls(site: Site) -> list[tuple[str, int]]:
    return site.rows("SELECT url, article_id FROM article_urls ORDER BY url")


def test_an_article_with_an_id_may_have_any_slug(site: Site) -> None:
    first = site.read("tin/cu-7.html", 0, article(cms_id="7"))
    second = site.read("tin/moi-7.html", 30, article(cms_id="7", title="Tên mới"))
    assert (second.article_id, second.changed) == (first.article_id, say("change.title"))
    assert urls(site) == [(url("tin/cu-7.html"), 1), (url("tin/moi-7.html"), 1)]


def test_a_moved_article_with_its_download_url_has_not_changed(site: Site) -> None:
    site.read("a/x-7.html", 0, article(cms_id="7", attachments=[url("a/x-7.html?download=1&id=0")]))
    moved = site.read("b/x-7.html", 30, article(cms_id="7", attachments=[url("b/x-7.html?download=1&id=0")]))
    assert (moved.article_id, moved.changed) == (1, None)
    assert site.rows("SELECT url FROM attachments") == [(url("b/x-7.html?download=1&id=0"),)]


def test_a_reused_id_under_the_same_url_is_a_version(site: Site) -> None:
    site.read("x-7.html", 0, article(cms_id="7"))
    other = article(cms_id="7", title="Khác hẳn", body=OTHER * 3)
    held = site.read("x-7.html", 30, other)
    assert (held.article_id, held.is_new, held.changed) == (1, False, None)
    stored = site.read("x-7.html", 54, other)
    assert (stored.article_id, stored.is_new) == (1, False)
    assert stored.changed is not None
    assert site.rows("SELECT version, first_seen FROM versions ORDER BY version") == [
        (1, to_text(hours(0))),
        (2, to_text(hours(30))),
    ]


def test_an_id_once_known_is_kept(site: Site) -> None:
    site.read("x.html", 0)
    site.read("x.html", 10, article(cms_id="7"))
    site.read("x.html", 20, article(cms_id="8"))
    assert site.one("SELECT cms_id FROM articles") == "7"


def test_another_modules_id_under_another_url_is_another_article(site: Site) -> None:
    site.read("tin/x-7.html", 0, article(cms_id="7"))
    stored = site.read(
        "van-ban/y-7.html", 0, article(cms_id="7", title="Công văn", body="Nội dung công văn.")
    )
    assert (stored.article_id, stored.is_new) == (2, True)
    assert (
        site.read("van-ban/y-7.html", 30, article(cms_id="7", title="Công văn", body="Nội dung.")).article_id
        == 2
    )


def test_a_rewritten_article_keeps_its_id_once_the_old_url_is_gone(site: Site) -> None:
    site.read("tin/x-7.html", 0, article(cms_id="7"))
    site.gone("tin/x-7.html", 1)
    stored = site.read("tin/y-7.html", 2, article(cms_id="7", title="Viết lại", body="Viết lại từ đầu."))
    assert (stored.article_id, stored.is_new) == (1, False)


def test_the_same_text_under_two_schemes_is_one_article(site: Site) -> None:
    first = site.read("1227/27461/54439/293909/tin/bai", 0, article(images=["https://huyen.example/1.jpg"]))
    second = site.read("tin/bai-1105750", 1, article(author="Lê Hưng"))
    assert (second.article_id, second.is_new, second.changed) == (first.article_id, False, None)
    # The other template leaves out image and author: no change, whichever is visited next.
    assert (
        site.read(
            "1227/27461/54439/293909/tin/bai", 30, article(images=[Image("https://h.example/1.jpg")])
        ).changed
        is None
    )
    assert site.read("tin/bai-1105750", 31, article(author="Lê Hưng")).changed is None
    # A change that both show is one change.
    body = LONG.replace("1.245", "1.254")
    shown = article(images=["https://huyen.example/1.jpg"], body=body)
    assert site.read("1227/27461/54439/293909/tin/bai", 60, shown).changed == say(
        "change.figure", before="1.245", after="1.254"
    )
    assert site.one("SELECT count(*) FROM articles") == 1
    assert [number for _, number in urls(site)] == [1, 1]


@pytest.mark.parametrize(
    "other",
    [
        article(title="Tên khác"),
        article(body=LONG + "\n\nThêm."),
        article(published_at="2026-02-01T08:00:00+07:00"),
    ],
)
def test_what_differs_in_title_body_or_date_is_another_article(site: Site, other: object) -> None:
    site.read("a.html", 0)
    assert site.read("b.html", 0, other).article_id == 2  # type: ignore[arg-type]


def test_a_short_text_proves_nothing(site: Site) -> None:
    notice = article(title="Thông báo", body="Nội dung trong tệp đính kèm.", published_at=None)
    site.read("a.html", 0, notice)
    assert site.read("b.html", 0, notice).article_id == 2


def test_an_unknown_date_is_no_other_date(site: Site) -> None:
    site.read("a.html", 0, article(published_at=None))
    assert site.read("b.html", 0).article_id == 1


def test_the_same_text_on_another_portal_is_another_article(site: Site) -> None:
    from portal_archive.model.kinds import Outcome
    from portal_archive.model.page import Page
    from portal_archive.model.records import Portal, Visit

    site.read("a.html", 0)
    site.archive.register([Portal("tinh", "Tỉnh", "https://tinh.example/", "generic", "described")])
    page = Page(url="https://tinh.example/a", kind=Outcome.ARTICLE, article=article())
    stored = site.archive.store(Visit("tinh", page.url, page.url, hours(0), "article", status=200, page=page))
    assert stored.article_id == 2


def test_a_redirect_to_the_edited_article_is_the_same_article(site: Site) -> None:
    site.read("cu.html", 0)
    moved = site.read("cu.html", 30, article(body=LONG + "\n\nBổ sung một đoạn."), final="moi.html")
    assert (moved.article_id, moved.changed) == (1, say("change.paragraphs_added", n=1))
    assert urls(site) == [(url("cu.html"), 1), (url("moi.html"), 1)]
    assert site.one("SELECT url FROM articles") == url("moi.html")
    assert site.rows("SELECT url, state FROM pages WHERE article_id = 1 ORDER BY url") == [
        (url("cu.html"), "moved"),
        (url("moi.html"), "done"),
    ]


def test_a_removed_article_that_leads_to_a_notice_is_not_the_notice(site: Site) -> None:
    site.read("a.html", 0)
    notice = article(title="Trang đang bảo trì", body="Mời quay lại sau.")
    held = site.read("a.html", 30, notice, final="bao-tri.html")
    assert (held.article_id, held.is_new, held.newly_missing) == (1, False, False)
    stored = site.read("a.html", 54, notice, final="bao-tri.html")
    assert (stored.article_id, stored.is_new, stored.newly_missing) == (2, True, True)
    assert site.rows("SELECT title, missing_since FROM articles ORDER BY id") == [
        ("Giao ban công tác dân vận quý I", to_text(hours(54))),
        ("Trang đang bảo trì", None),
    ]


def test_a_canonical_url_names_the_article(site: Site) -> None:
    canonical = article(canonical_url=url("tin/a.html"))
    site.read("index.php?op=tin/a.html", 0, canonical)
    assert site.one("SELECT url FROM articles") == url("tin/a.html")
    assert site.read("tin/a.html", 1, canonical).article_id == 1
    assert site.one("SELECT count(*) FROM articles") == 1


def test_a_template_with_one_canonical_url_for_all_makes_no_one_article(site: Site) -> None:
    site.read("a.html", 0, article(canonical_url=url("")))
    site.read("b.html", 0, article(title="B", body=OTHER, canonical_url=url("")))
    site.read("c.html", 0, article(title="C", body=OTHER, canonical_url=url("tin")))
    site.read("d.html", 0, article(title="D", body=OTHER, canonical_url=url("tin")))
    assert site.rows("SELECT title FROM articles ORDER BY id") == [
        ("Giao ban công tác dân vận quý I",),
        ("B",),
        ("C",),
        ("D",),
    ]


def test_two_that_turn_out_to_be_one_are_joined(site: Site) -> None:
    """Moved with a new text before the old URL was looked at again: the redirect shows it afterwards."""
    site.read("cu.html", 0, article(views=10, attachments=[Attachment(url("1.pdf"))]))
    edited = article(body=LONG + "\n\nBổ sung một đoạn.", views=20, title="Tên mới")
    assert site.read("moi.html", 30, edited).article_id == 2
    stored = site.read("cu.html", 40, edited, final="moi.html")
    assert stored.article_id == 1
    assert site.rows("SELECT id, title, views, version, first_seen, last_seen, url FROM articles") == [
        (1, "Tên mới", 20, 2, to_text(hours(0)), to_text(hours(40)), url("moi.html"))
    ]
    both = joined(
        say("change.title"), say("change.paragraphs_added", n=1), say("change.attachments_removed", n=1)
    )
    assert site.rows("SELECT article_id, version, changed, body IS NULL FROM versions ORDER BY version") == [
        (1, 1, None, 0),
        (1, 2, both.as_json(), 1),
    ]
    assert site.rows("SELECT article_id, seen_at, views FROM article_views ORDER BY seen_at") == [
        (1, to_text(hours(0)), 10),
        (1, to_text(hours(30)), 20),
    ]
    assert urls(site) == [(url("cu.html"), 1), (url("moi.html"), 1)]
    assert site.rows("SELECT DISTINCT article_id FROM captures") == [(1,)]
    assert site.rows("SELECT * FROM attachments") == []
    site.archive.db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('integrity-check')")
    assert site.archive.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_two_that_were_there_together_stay_two(site: Site) -> None:
    site.read("a.html", 0)
    site.read("b.html", 0, article(title="Tên khác"))
    site.read("a.html", 30)
    stored = site.read("a.html", 40, article(title="Tên khác"), final="b.html")
    assert (stored.article_id, stored.newly_missing) == (2, True)
    assert site.one("SELECT count(*) FROM articles") == 2


def test_an_import_in_any_order_joins_the_urls_of_one_article(tmp_path: Path) -> None:
    edited = article(body=LONG + "\n\nBổ sung một đoạn.")
    visits = [("cu.html", 0, article()), ("cu.html", 10, edited), ("moi.html", 20, edited)]
    found = []
    for number, order in enumerate(([0, 1, 2], [2, 0, 1], [2, 1, 0], [1, 2, 0])):
        site = Site(tmp_path / f"{number}.db")
        for index in order:
            site.read(*visits[index])
        found.append(
            site.rows(
                "SELECT v.version, v.first_seen, v.last_seen, v.changed, v.body, a.first_seen, a.last_seen"
                " FROM article_versions v JOIN articles a ON a.id = v.article_id ORDER BY 1"
            )
            + urls(site)
        )
    assert [row[:4] for row in found[0][:2]] == [
        (1, to_text(hours(0)), to_text(hours(0)), None),
        (2, to_text(hours(10)), to_text(hours(20)), say("change.paragraphs_added", n=1).as_json()),
    ]
    assert [row[0] for row in found[0][2:]] == [url("cu.html"), url("moi.html")]
    assert found[1:] == [found[0]] * 3
