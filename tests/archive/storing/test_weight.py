"""What a change weighs: the heaviest of what came, went or was replaced."""

import pytest

from portal_archive.archive.storing.content import Content
from portal_archive.archive.storing.weight import weigh

BODY = (
    "Sáng 18/3, Ban Dân vận Huyện ủy tổ chức hội nghị giao ban công tác dân vận.\n\n"
    "Toàn huyện hiện có 1.245 tổ dân vận; đồng chí Lò Văn Sơn, Phó Trưởng ban, chủ trì.\n\n"
    "Các xã bám sát cơ sở, lắng nghe ý kiến của Nhân dân."
)


def content(**fields: object) -> Content:
    return Content(
        **{"url": "https://huyen.example/a.html", "title": "Giao ban quý I", "body": BODY, **fields}
    )  # type: ignore[arg-type]


def edited(old: str, new: str) -> Content:
    assert old in BODY
    return content(body=BODY.replace(old, new))


@pytest.mark.parametrize(
    ("after", "weight"),
    [
        (edited("1.245", "1.254"), "figure"),
        (edited("hiện có 1.245 tổ", "hiện có tổ"), "figure"),
        (edited("Sơn", "Sáng"), "name"),
        (edited("Phó Trưởng ban", "Trưởng ban"), "name"),
        (content(author="Kim Anh"), "name"),
        (edited("18/3", "19/3"), "date"),
        (content(published_at="2026-03-01T08:00:00+07:00"), "date"),
        (content(title="Giao ban năm 2026"), "date"),
        (edited("Các xã bám sát cơ sở, lắng", "Các xã lắng"), "wording"),
        (edited("công tác dân vận.", "công tác dân vận. Hội nghị thống nhất năm nhiệm vụ."), "sentence"),
        (content(body=BODY.rpartition("\n\n")[0]), "sentence"),
        (edited("ý kiến", "các ý kiến"), "wording"),
        (content(images=("https://huyen.example/1.jpg",)), "file"),
        (edited("vận; đồng", "vận, đồng"), "comma"),
        (edited("Nhân dân", "nhân dân"), "comma"),
        (edited("Huyện ủy", "Huyện uỷ"), "comma"),
        (edited("lắng nghe", "lắng  nghe,"), "comma"),
        # The heaviest counts.
        (content(title="Giao ban quý I.", author="Kim Anh"), "name"),
        (content(author="Kim Anh", body=BODY.replace("1.245", "1.254")), "figure"),
    ],
)
def test_what_a_change_weighs(after: Content, weight: str) -> None:
    assert weigh(content(), after) == weight
    assert weigh(after, content()) == weight


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ("Ngày 5 tháng 3, huyện tổ chức.", "Ngày 6 tháng 3, huyện tổ chức.", "date"),
        ("Huyện có 5 xã.", "Huyện có 6 xã.", "figure"),
        ("Tỷ lệ đạt 12,5%.", "Tỷ lệ đạt 15,2%.", "figure"),
        ("Hội nghị bắt đầu lúc 7:30.", "Hội nghị bắt đầu lúc 8:00.", "date"),
        # A capital at the beginning of a sentence is no name; a name there is one.
        ("Huyện tổ chức.", "Xã tổ chức.", "wording"),
        ("Lò Văn Sơn phát biểu.", "Lù Văn Sơn phát biểu.", "name"),
        ("Lò Văn Sơn phát biểu.", "Vàng Thị Mỷ phát biểu.", "name"),
        ("Một câu.", "Một câu. Và " + "rất nhiều lời khác " * 5 + "có số 12.", "sentence"),
        ("", "Một đoạn mới gồm sáu chữ.", "sentence"),
    ],
)
def test_words_by_where_they_stand(old: str, new: str, weight: str) -> None:
    assert weigh(content(body=old), content(body=new)) == weight
