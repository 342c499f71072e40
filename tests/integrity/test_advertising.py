"""Advertising put into an official text, on small synthetic pages: what is found, where, and what is left alone."""

import pytest
from test_integrity_mechanisms import TITLE, flagged, page

from portal_archive.model.kinds import FindingKind

SLUG = "https://tamkhe.example.gov.vn/tin-tuc/hoi-nghi-tong-ket-cong-tac-dan-van-nam-2023.html"
LONG = (
    "Báo cáo tại hội nghị nêu rõ các xã đã củng cố tổ dân vận, hòa giải nhiều việc khó, vận động bà con hiến đất mở "
    "đường vào khu sản xuất và giữ vệ sinh chung. Nhiều bản đã có nhà văn hóa, loa truyền thanh, đội văn nghệ và quy ước "
    "riêng. Những nơi còn chậm được phân tích nguyên nhân, chỉ ra cách sửa và người chịu trách nhiệm theo dõi từng quý."
)


@pytest.mark.parametrize("mark", [" ", " - ", " | ", ": ", ", "])
@pytest.mark.parametrize("keyword", ["nấu cỗ lưu động", "sửa khóa tận nhà", "fb88"])
def test_a_keyword_behind_the_title(mark: str, keyword: str) -> None:
    found = flagged(page(LONG, title=f"{TITLE}{mark}{keyword}", url=SLUG))
    # Behind a comma it stands where a name may stand, too.
    kind = FindingKind.NAME_SLOT if (mark, keyword) == (", ", "fb88") else FindingKind.ADVERTISING
    assert found == [(kind, "title", keyword)]


@pytest.mark.parametrize(
    ("behind", "url"),
    [
        (" - Bài 2", SLUG),
        (" và kế hoạch 2024", SLUG),
        (" - giữ vệ sinh chung", SLUG),  # the text says it
        (": hòa giải nhiều việc khó", SLUG),
        (" m2", SLUG),
        (
            " - nhìn từ cơ sở",
            "https://tamkhe.example.gov.vn/chi-tiet.aspx?id=12",
        ),  # an address that has no words
        (" - nhìn từ cơ sở", f"{SLUG[:-5]}-nhin-tu-co-so.html"),
    ],
)
def test_what_stands_behind_a_title_by_right(behind: str, url: str) -> None:
    assert flagged(page(LONG, title=TITLE + behind, url=url)) == []


@pytest.mark.parametrize(
    "paragraph",
    [
        "Bạn đang tìm thợ nấu cỗ? Gọi ngay 0912 345 678 để nhận báo giá.",
        "Nồi đất nung – mua ngay hôm nay, giao hàng tận nơi, hoàn tiền nếu vỡ.",
        "Kèo thơm mỗi đêm, nạp lần đầu nhận ngay quà, chơi ngay!",
    ],
)
def test_a_paragraph_that_only_advertises(paragraph: str) -> None:
    assert flagged(page(LONG, paragraph)) == [(FindingKind.ADVERTISING, "body", paragraph)]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Mọi chi tiết xin liên hệ Văn phòng, điện thoại 0213 000 111; quý khách để xe ở sân sau.",
        "Bà con bán chè qua mạng, khách đặt mua cả tạ, giao hàng tận nơi trong tỉnh.",
        "Công an cảnh báo lời mời “nạp lần đầu nhận ngay quà, chơi ngay” là lừa đảo.",
    ],
)
def test_paragraphs_that_officials_write(paragraph: str) -> None:
    assert flagged(page(LONG, paragraph)) == []


def test_an_offer_put_into_a_sentence() -> None:
    found = flagged(page("Buổi sáng hôm ấy thẩm mỹ trọn gói giá rẻ mọi người thảo luận sôi nổi về báo cáo."))
    assert found == [(FindingKind.ADVERTISING, "body", "thẩm mỹ trọn gói giá rẻ")]
    assert flagged(page("Tổ hợp tác nhận may quần áo giá rẻ cho học sinh bán trú của các xã.")) == []
