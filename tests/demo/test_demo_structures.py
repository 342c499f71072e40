"""What is particular to each demo portal: the structure its stem stands for."""

import json
import re
from datetime import datetime, timedelta

import pytest
from fetching import fetch, squeezed

from demo.portal import NOW
from demo.server import serve


def test_laichau_counter_grows_and_names_month_and_year() -> None:
    with serve(["laichau"]) as sites:
        url = sites["laichau"].url + "/tin-tuc-su-kien"
        texts = [fetch(url).text for _ in range(2)]
        assert "Hôm nay : 1.441 Hôm qua : 4.819 Tháng 04 : 109.441" in texts[0].replace(
            "Hôm qua", " Hôm qua"
        ).replace("Tháng 04", " Tháng 04").replace("  ", " ")
        totals = [re.search(r"Năm 2024 : ([\d.]+?)Tổng số : ([\d.]+)", text)[2] for text in texts]  # type: ignore[index]
        assert totals == ["83.282.478", "83.282.479"]
        assert [path for path, _ in sites["laichau"].readings] == ["/tin-tuc-su-kien"] * 2
        assert [values["total"] for _, values in sites["laichau"].readings] == [83282478, 83282479]


def test_counters_depend_on_now() -> None:
    later = NOW + timedelta(hours=1)
    with serve(["laichau"]) as early, serve(["laichau"], now=later) as late:
        fetch(early["laichau"].url + "/")
        fetch(late["laichau"].url + "/")
        assert late["laichau"].readings[0][1]["today"] - early["laichau"].readings[0][1]["today"] == 180


def test_laichau_dates_can_only_be_inferred() -> None:
    with serve(["laichau"]) as sites:
        gold = sites["laichau"].gold()
        known = [article for article in gold if article["published_at"]]
        assert {article["published_precision"] for article in known} == {"inferred"}
        assert 25 <= len(known) < len(gold)
        for article in known:
            moment = datetime.fromisoformat(str(article["published_at"]))
            text = fetch(article["url"]).text
            assert re.search(rf"(?:Sáng|Chiều) nay \({moment.day}/{moment.month}\)", text)
            assert article["published_at"] == article["listed_at"]


def test_laichau_has_the_lines_of_its_family() -> None:
    with serve(["laichau"]) as sites:
        article = sites["laichau"].gold()[0]
        text = fetch(article["url"]).text
        assert article["rating"] == {"points": 14, "votes": 3}
        assert "Tổng số điểm của bài viết là: 14 trong 3 đánh giá" in text
        assert "(sonthuong.gov.vn)" in text
        for line in ("A- A A+ | Chia sẻ bài viết lên facebook", "Tăng tương phản Giảm tương phản"):
            assert line in text


def test_dienbien_is_one_list_with_an_empty_counter() -> None:
    with serve(["dienbien"]) as sites:
        article = sites["dienbien"].gold()[0]
        tree = fetch(article["url"]).tree
        moment = datetime.fromisoformat(str(article["published_at"]))
        items = [squeezed(item.text_content()) for item in tree.xpath("/html/body/ul/li")]
        assert items[1] == article["title"]
        assert items[2] == (f"Thời gian đăng: {moment:%d/%m/%Y %I:%M:%S %p} - Lượt đọc: {article['views']}")
        assert items[3] == article["summary"]
        assert items[-1] == "Thống kê truy cậpTổng truy cập:"
        assert tree.xpath("//h1") == []
        assert sites["dienbien"].readings == []
        count = json.loads(fetch(sites["dienbien"].url + "/api/ThongKe/TongTruyCap").body)
        assert count == {"TongTruyCap": "8.511.231"}
        assert sites["dienbien"].readings[0][0] == "/api/ThongKe/TongTruyCap"


def test_dienbien_pageindex_pages_related_news_on_an_article_and_the_list_elsewhere() -> None:
    with serve(["dienbien"]) as sites:
        article = sites["dienbien"].gold()[0]
        one, two = (fetch(f"{article['url']}?PageIndex={number}") for number in (1, 2))
        assert article["title"] in one.text
        assert article["title"] in two.text
        assert one.body != two.body
        listed = fetch(sites["dienbien"].url + "/ChuyenMuc/Tin-tuc?PageIndex=2").text
        assert article["title"] not in listed
        assert sites["dienbien"].gold()[10]["title"] in listed


def test_sapa_serves_an_article_under_two_addresses() -> None:
    with serve(["sapa"]) as sites:
        for article in sites["sapa"].gold()[:5]:
            new, old = article["urls"][:2]
            assert re.search(r"/[\w-]+/[\w-]+-11\d{5}$", new)
            assert re.search(r"/1227/27461/54439/29\d{4}/[\w-]+/[\w-]+$", old)
            pages = [fetch(url).tree.xpath("//div[@class='content']")[0].text_content() for url in (new, old)]
            assert pages[0] == pages[1]
        home = fetch(sites["sapa"].gold()[1]["url"]).tree.xpath("//div[@class='other']//a/@href")
        assert any(href.startswith("/1227/") for href in home)


def test_sapa_dates_a_part_of_its_articles() -> None:
    with serve(["sapa"]) as sites:
        gold = sites["sapa"].gold()
        assert [article["published_precision"] for article in gold].count("minute") == 29
        for article in gold:
            moment = datetime.fromisoformat(str(article["published_at"]))
            text = fetch(article["url"]).text
            shown = f"{moment:%d/%m/%Y %H:%M} Lượt xem" in text
            assert shown == (article["published_precision"] == "minute")
            assert f"{moment:%d/%m/%Y}" in text


def test_sapa_honours_conditional_requests_and_others_give_no_validator() -> None:
    with serve(["sapa", "laichau"]) as sites:
        url = sites["sapa"].gold()[0]["url"]
        etag = fetch(url).headers["ETag"]
        assert fetch(url, If_None_Match=etag).status == 304
        assert fetch(url, If_None_Match='"other"').status == 200
        assert fetch(sites["laichau"].gold()[0]["url"]).headers["ETag"] is None
        image = next(str(image["url"]) for article in sites["laichau"].gold() for image in article["images"])
        assert fetch(image, If_None_Match=fetch(image).headers["ETag"]).status == 304


def test_backan_leaks_block_titles_and_hides_its_counter() -> None:
    with serve(["backan"]) as sites:
        article = sites["backan"].gold()[0]
        answer = fetch(article["url"])
        moment = datetime.fromisoformat(str(article["published_at"]))
        assert (
            f"PublishingPortal - Block_BanTin_Toolbar {moment:%d/%m/%Y} Tăng cỡ chữ Giảm cỡ chữ In trang "
            f"{article['title']} {article['summary']} PublishingPortal - Block_BanTin_ViewData"
        ) in answer.text
        hidden = answer.tree.xpath("//div[@style='display:none']")[0].text_content()
        assert (
            hidden == "Tổng số truy cập: 7,778,084Trong tháng: 109,441Trong ngày: 1,441Tổng số trực tuyến : 4"
        )
        for other in sites["backan"].gold():
            date = datetime.fromisoformat(str(other["published_at"]))
            assert re.search(
                rf"/portal/Pages/{date.year}-{date.month}-{date.day}/[\w-]{{1,50}}[0-9a-f]{{6}}\.aspx$",
                other["url"],
            )
            shown = fetch(other["url"]).tree.xpath("//div[@class='comment']")
            assert [squeezed(caption.text_content()) for caption in shown] == other["captions"]


def test_hijacked_copies_the_district_portal_and_puts_the_phrase_in() -> None:
    with serve(["tamduong", "hijacked"]) as sites:
        originals = {article["key"]: article for article in sites["tamduong"].gold()}
        hits = 0
        for copy in sites["hijacked"].gold():
            answer = fetch(copy["url"])
            links = answer.tree.xpath("//a[@href='https://song-bai.example/']")
            original = originals[copy["key"]]
            if copy["hijacked"] is None:
                assert links == []
                assert copy["paragraphs"] == original["paragraphs"]
                continue
            hits += 1
            assert copy["hijacked"]["phrase"] == "sòng bài online uy tín"
            assert len(links) == copy["hijacked"]["count"]
            assert all(squeezed(link.text_content()) == "sòng bài online uy tín" for link in links)
            assert all(link.getnext().tag == "br" for link in links)
            assert "huyện Tam Khê" not in " ".join(copy["paragraphs"])
            for text, first in zip(copy["paragraphs"], original["paragraphs"], strict=True):
                restored = text.replace("sòng bài online uy tín", "huyện Tam Khê")
                assert "".join(restored.split()) == "".join(first.split())
        assert hits == 22


def test_hijacked_leaves_orphan_punctuation() -> None:
    with serve(["hijacked"]) as sites:
        sources = [
            fetch(article["url"]).body.decode() for article in sites["hijacked"].gold() if article["hijacked"]
        ]
    assert sum(bool(re.search(r"</a><br />\n[.,;)]", source)) for source in sources) >= 15


@pytest.mark.parametrize("stem", ["sapa", "hijacked", "dienbien"])
def test_pages_without_a_visitor_counter_give_no_reading(stem: str) -> None:
    with serve([stem]) as sites:
        fetch(sites[stem].url + "/")
        assert sites[stem].readings == []
