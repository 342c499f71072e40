"""The measure of accuracy itself. All pages here are synthetic."""

from collections import Counter

import pytest

from bench.accuracy import Reading, Sample, judge, measure, report

GOLD = {
    "title": "Bản Nà Tông ra quân làm đường",
    "day": "2024-05-17",
    "minute": "2024-05-17T08:30",
    "author": "Lò Thị Hương|Hương Lò",
    "source": "Báo Mường Mây",
    "tags": ["đường bản", "góp công"],
    "views": 12,
    "comments": 0,
    "first line": "Từ sáng sớm, hơn bốn mươi hộ dân bản Nà Tông",
    "last line": "bà con hẹn nhau tuần sau tiếp tục đổ bê tông",
    "nothing else": ["Quay lại", "Bản in"],
}
TEXT = "Từ sáng sớm, hơn bốn mươi hộ dân bản Nà Tông đã có mặt.\nĐến chiều, bà con hẹn nhau tuần sau tiếp tục đổ bê tông."
RIGHT = {
    "title": "bản Nà Tông ra quân làm đường.",
    "day": "2024-05-17",
    "minute": "2024-05-17T08:30",
    "author": "Hương Lò",
    "source": "Theo Báo Mường Mây",
    "tags": ["góp công", "đường bản"],
    "views": 12,
    "comments": None,
}


def test_all_right() -> None:
    assert judge(GOLD, Reading(RIGHT, TEXT)) == dict.fromkeys(GOLD, 1)


def test_all_wrong() -> None:
    wrong = dict.fromkeys(RIGHT) | {"comments": 3}
    assert judge(GOLD, Reading(wrong, "Quay lại")) == dict.fromkeys(GOLD, 0)


def test_what_a_reader_does_not_give_is_not_judged() -> None:
    assert set(judge(GOLD, Reading({"title": None}, TEXT))) == {
        "title",
        "first line",
        "last line",
        "nothing else",
    }


@pytest.mark.parametrize(
    ("text", "f1"), [("một hai ba", 1.0), ("một hai", 0.8), ("một hai ba bốn năm sáu", 2 / 3), ("", 0.0)]
)
def test_body_is_judged_by_its_words(text: str, f1: float) -> None:
    assert judge({"body": "Một hai ba."}, Reading({}, text))["body"] == pytest.approx(f1)


def test_report() -> None:
    html = f"<title>{GOLD['title']}</title><h1>{GOLD['title']}</h1><p>17/05/2024 08:30</p>" + "".join(
        f"<p>{line} {line}</p>" for line in TEXT.split("\n")
    )
    gold = {name: GOLD[name] for name in ("title", "minute")}
    page = Sample(
        "CMS, saved pages", "https://muongmay.example.vn/tin/lam-duong-nam-2024-123.html", html.encode(), gold
    )
    scores, counts = measure(iter([page]))
    assert counts == Counter({"CMS, saved pages": 1})
    lines = report(scores, counts).splitlines()
    start = lines.index("## CMS, saved pages (1 pages)")
    assert lines[start + 2 : start + 5] == [
        "| reader | title | minute |",
        "| --- | ---: | ---: |",
        "| this project | 1.000 | 1.000 |",
    ]
