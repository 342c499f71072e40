"""Every label of labels.toml is reached on a page of HTML and on a page of text. All pages here are synthetic."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import COUNTER_FIELDS, Page
from portal_archive.reading import labels
from portal_archive.reading.counter.counter_words import PERIODS
from portal_archive.reading.read import read_page
from portal_archive.vietnamese.folding import fold

URL = "https://muongmay.example.vn/tin-tuc/hoi-nghi-giao-ban-cong-tac-dan-van-1234567.html"
TITLE = "Hội nghị giao ban công tác dân vận quý I"
PARAGRAPHS = (
    "Sáng nay, Ban Dân vận huyện ủy Mường Mây tổ chức hội nghị giao ban công tác dân vận của các xã trong huyện.",
    "Hội nghị đã nghe báo cáo kết quả thực hiện các mô hình dân vận khéo, bàn cách làm đường liên bản trong mùa khô.",
    "Các xã thống nhất mỗi tháng một lần cùng bà con dọn đường, khơi mương và sửa nhà văn hóa của bản.",
)
LAST = "Bà con được hẹn gặp lại vào hội nghị giao ban lần sau, tổ chức tại nhà văn hóa của bản."


FIELDS: dict[str, tuple[str, object]] = {
    "author": ("Lò Thị Hương", "Lò Thị Hương"),
    "source": ("Báo Mường Mây", "Báo Mường Mây"),
    "category": ("Tin trong huyện", "Tin trong huyện"),
    "views": ("12", 12),
    "comments": ("12", 12),
    "tags": ("dân vận khéo, đường bản", ["dân vận khéo", "đường bản"]),
}


def of(*groups: str) -> list[tuple[str, str]]:
    return [(group, label) for group in groups for label in labels.of_group(group)]


def html(
    head: str = "", tail: str = "", title: str = TITLE, paragraphs: tuple[str, ...] = PARAGRAPHS
) -> Page:
    text = "".join(f"<p>{line}</p>" for line in paragraphs)
    around = f"<div class='meta'>{head}</div>" if head else ""
    body = f"<h1>{title}</h1>{around}<div>{text}</div>" + (f"<div>{tail}</div>" if tail else "")
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><div>{body}</div></body></html>"
    return read_page(page.encode(), URL, {"Content-Type": "text/html; charset=utf-8"})


def text(head: str = "", tail: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS) -> Page:
    lines = [TITLE, *([head] if head else []), *paragraphs, *([tail] if tail else [])]
    return read_page("\n".join(lines).encode(), URL, {"Content-Type": "text/plain; charset=utf-8"})


@pytest.mark.parametrize(("group", "label"), of("author", "source", "category", "views", "tags", "comments"))
def test_field_of_an_article(group: str, label: str) -> None:
    printed, wanted = FIELDS[group]
    line = f"{label}: {printed}"
    above = group in ("author", "views")
    behind = PARAGRAPHS if above else (*PARAGRAPHS, "Tin liên quan", line)
    for page in (
        html(line if above else "", paragraphs=behind),
        text(line if above else "", paragraphs=behind),
    ):
        assert page.article is not None
        assert getattr(page.article, group) == wanted


@pytest.mark.parametrize(("group", "label"), of("date.posted", "date.updated"))
def test_date(group: str, label: str) -> None:
    other = "Ngày đăng" if group == "date.updated" else "Cập nhật"
    line = f"{label}: 18/01/2024 07:34 - {other}: 19/01/2024 08:35"
    for page in (html(line), text(line)):
        assert page.article is not None
        assert page.article.published_at == (
            "2024-01-18T07:34:00+07:00" if group == "date.posted" else "2024-01-19T08:35:00+07:00"
        )


@pytest.mark.parametrize("label", labels.of_group("toolbar"))
def test_line_of_a_toolbar_is_no_text(label: str) -> None:
    for page in (html(paragraphs=(*PARAGRAPHS, label, LAST)), text(paragraphs=(*PARAGRAPHS, label, LAST))):
        assert page.article is not None
        # «Xem thêm» is a button, and a heading of what follows the article.
        ends = labels.END_LINE.match(fold(label))
        assert page.article.body == "\n\n".join(PARAGRAPHS if ends else (*PARAGRAPHS, LAST))


@pytest.mark.parametrize("label", labels.of_group("end"))
def test_article_ends(label: str) -> None:
    more = (label, "Phiêng Lót ra quân làm đường vào bản Nà Tông", "Mường Mây gieo xong mạ vụ đông xuân")
    for page in (html(paragraphs=PARAGRAPHS + more), text(paragraphs=PARAGRAPHS + more)):
        assert page.article is not None
        assert page.article.body == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(("group", "label"), of("missing", "blocked"))
def test_page_that_is_no_article(group: str, label: str) -> None:
    wanted = Outcome.SOFT_404 if group == "missing" else Outcome.BLOCKED
    pages = (
        f"<html><head><title>{label}</title></head><body><p>{label}</p></body></html>",
        label,
    )
    for body, kind in zip(pages, ("text/html", "text/plain"), strict=True):
        assert read_page(body.encode(), URL, {"Content-Type": f"{kind}; charset=utf-8"}).kind == wanted


@pytest.mark.parametrize("label", labels.of_group("blocked.wait"))
def test_time_to_wait(label: str) -> None:
    assert labels.WAIT_SECONDS.search(fold(f"{label} <b>60</b> giây"))[1] == "60"


@pytest.mark.parametrize("group", labels.groups())
def test_labels_of_a_group_differ(group: str) -> None:
    folded = [fold(label) for label in labels.of_group(group)]
    assert sorted(set(folded)) == sorted(folded)


def test_every_group_is_used() -> None:
    source = "".join(path.read_text() for path in Path(labels.__file__).parent.rglob("*.py"))
    # The fields of a counter are named by its record.
    fields = {name for field in COUNTER_FIELDS for name in (f"counter.{field}", f"counter.bare.{field}")}
    named = {name for quoted in re.findall(r"[{\"']([a-z_.|]+)[}\"']", source) for name in quoted.split("|")}
    assert set(labels.groups()) - fields - named == set()


def test_labels_of_a_portal() -> None:
    own = {"author": ("Người biên soạn",), "byline.pen": ("Tổ tin bản",)}
    line = fold("Người biên soạn: Lò Thị Hương")
    assert labels.AUTHOR_LINE.match(line) is None
    with labels.of_portal(own):
        found = labels.AUTHOR_LINE.match(line)
        assert found is not None
        assert found.end() == len("Người biên soạn: ")
        assert fold("Tổ tin bản") in labels.folded("byline.pen")
        assert labels.of_group("author")[-1] == "Người biên soạn"
    assert labels.AUTHOR_LINE.match(line) is None
    assert fold("Tổ tin bản") not in labels.folded("byline.pen")


def test_labels_of_a_group_that_is_none() -> None:
    with pytest.raises(KeyError, match="autor"), labels.of_portal({"autor": ("Người viết",)}):
        pass
    with pytest.raises(KeyError, match="autor"):
        labels.LabelPattern("{author|autor}")


def counters(lines: list[str]) -> list[Page]:
    """Read a page of HTML and one of text that print these lines beside an article."""
    around = [TITLE, *PARAGRAPHS]
    page = "".join(f"<p>{line}</p>" for line in around) + f"<div>{'<br>'.join(lines)}</div>"
    return [
        read_page(
            f"<html><body>{page}</body></html>".encode(), URL, {"Content-Type": "text/html; charset=utf-8"}
        ),
        read_page("\n".join(around + lines).encode(), URL, {"Content-Type": "text/plain; charset=utf-8"}),
    ]


# What makes a line a row of a counter where its label alone does not.
HEADED = ["Thống kê truy cập", "Đang online: 7"]


@pytest.mark.parametrize(
    ("group", "label"), [row for name in COUNTER_FIELDS for row in of(f"counter.{name}")]
)
def test_row_of_a_counter(group: str, label: str) -> None:
    field = group.removeprefix("counter.")
    lines = [f"{label}: 345"] if field not in PERIODS else [*HEADED, f"{label}: 345"]
    for page in counters(lines if field != "members" else [*lines, "Đang truy cập: 7"]):
        assert page.counter is not None
        assert getattr(page.counter, field) == 345


@pytest.mark.parametrize(
    ("group", "label"), of(*(name for name in labels.groups() if name.startswith("counter.bare.")))
)
def test_bare_row_of_a_counter(group: str, label: str) -> None:
    for page in counters([HEADED[0], f"{label}: 345", "Hôm nay: 7"]):
        assert page.counter is not None
        assert getattr(page.counter, group.removeprefix("counter.bare.")) == 345


@pytest.mark.parametrize("label", labels.of_group("counter.heading"))
def test_heading_of_a_counter(label: str) -> None:
    for page in counters([label, "Hôm nay: 12", "Tất cả: 345"]):
        assert page.counter is not None
        assert (page.counter.today, page.counter.total) == (12, 345)


@pytest.mark.parametrize("label", labels.of_group("counter.total_heading"))
def test_heading_that_is_a_total(label: str) -> None:
    for page in counters([f"{label}: 345", "Hôm nay: 12"]):
        assert page.counter is not None
        assert (page.counter.today, page.counter.total) == (12, 345)
    for page in counters([label, "Hôm nay: 12", "Tất cả: 345"]):
        assert page.counter is not None
        assert (page.counter.today, page.counter.total) == (12, 345)


@pytest.mark.parametrize(("group", "label"), of("counter.prefix", "counter.opener", "counter.unit"))
def test_word_around_a_row(group: str, label: str) -> None:
    line, field = {
        "counter.prefix": (f"{label} hôm nay: 345", "today"),
        "counter.opener": (f"{label} 345 lượt truy cập", "total"),
        "counter.unit": (f"Tổng lượt truy cập: 345 {label}", "total"),
    }[group]
    for page in counters([line]):
        assert page.counter is not None
        assert getattr(page.counter, field) == 345


@pytest.mark.parametrize("label", labels.of_group("counter.loading"))
def test_count_that_is_still_loading(label: str) -> None:
    for page in counters([f"Tổng lượt truy cập: {label}..."]):
        assert page.counter is not None
        assert page.counter.reasons == {"total": "script"}


@pytest.mark.parametrize("label", labels.of_group("counter.article"))
def test_count_of_an_article(label: str) -> None:
    for page in counters([f"{label}: Lò Thị Hương", "Lượt truy cập: 345"]):
        assert page.counter is None
