"""What the archive has of each province, and what it lacks."""

from html import unescape
from typing import Any

import pytest
from lxml import html


def page(room: Any, path: str) -> Any:
    response = room.get(path)
    assert response.status_code == 200
    return html.fromstring(response.text)


def texts(tree: Any, path: str) -> list[str]:
    return [" ".join(element.text_content().split()) for element in tree.xpath(path)]


def test_a_tile_for_each_of_the_34(room: Any) -> None:
    tree = page(room, "/provinces")
    tiles = texts(tree, "//ul[@class='tiles']/li")
    assert len(tiles) == 34
    assert tiles[0].startswith("An Giang 0 bài")
    (lao_cai,) = [tile for tile in tiles if tile.startswith("Lào Cai")]
    assert lao_cai == "Lào Cai 0 bài 0 cổng, còn biết 1 cổng"
    assert texts(tree, "//p[@class='lead']") == ["Kho có bài của 3 trong 34 tỉnh, thành."]


def test_a_province_says_what_it_was_and_what_is_known_of_it(room: Any) -> None:
    tree = page(room, "/province/thai-nguyen")
    facts = dict(
        zip(texts(tree, "//dl[@class='facts']//dt"), texts(tree, "//dl[@class='facts']//dd"), strict=True)
    )
    assert facts["Trước là"] == "tỉnh Bắc Kạn, tỉnh Thái Nguyên"
    assert facts["Từ ngày"] == "01/07/2025"
    assert facts["Căn cứ"] == "Nghị quyết 202/2025/QH15"
    assert texts(tree, "//table[@class='portals']/tbody/tr/th") == ["Cổng thông tin tỉnh Bắc Kạn"]
    assert len(tree.xpath("//div[@class='three']/section[1]//a[@class='headline']")) > 0


def test_what_is_known_and_not_collected_is_told(room: Any) -> None:
    tree = page(room, "/province/lao-cai")
    assert texts(tree, "//details/summary") == ["Còn 1 cổng đã biết mà chưa thu thập"]
    assert texts(tree, "//details//li") == ["Tỉnh ủy Yên Bái https://yenbai.example/"]
    assert tree.xpath("//details//a") == []


def test_a_former_province_leads_to_what_it_became(room: Any) -> None:
    response = room.get("/province/bac-kan")
    assert (response.status_code, response.headers["location"]) == (302, "/province/thai-nguyen")


@pytest.mark.parametrize("slug", ["muong-thu", "hue-2025"])
def test_there_is_no_such_province(room: Any, slug: str) -> None:
    assert room.get(f"/province/{slug}").status_code == 404


def test_in_english(room: Any) -> None:
    response = room.get("/provinces", headers={"Cookie": "room_language=en"})
    assert "The archive has articles of 3 of the 34 provinces." in unescape(response.text)
