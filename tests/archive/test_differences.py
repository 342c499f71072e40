"""Two texts compared word by word."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal_archive.archive import differences
from portal_archive.archive.differences import Piece, Row, compare, cut, reflow

TEXT = st.lists(
    st.lists(st.sampled_from(["dân", "vận", "khéo", "1.245", "1.254", "bản", "–", "ủy"]), min_size=1).map(
        " ".join
    )
).map("\n\n".join)


def shown(before: str | None, after: str | None) -> list[str]:
    signs = {"same": "{}", "removed": "[-{}]", "added": "[+{}]"}
    return [
        "".join(signs[piece.kind].format(piece.text) for piece in row.merged)
        for row in compare(before, after)
    ]


def test_words_are_compared_within_a_paragraph() -> None:
    assert shown("Có 1.245 mô hình ở bản.", "Có 1.254 mô hình tại bản.") == [
        "Có [-1.245][+1.254] mô hình [-ở][+tại] bản."
    ]


def test_a_new_paragraph_does_not_disturb_its_neighbours() -> None:
    assert shown(
        "Một hai ba bốn.\n\nSáu bảy tám chín.", "Mở đầu mới hẳn.\n\nMột hai ba năm.\n\nSáu bảy tám chín."
    ) == [
        "[+Mở đầu mới hẳn.]",
        "Một hai ba [-bốn][+năm].",
        "Sáu bảy tám chín.",
    ]


def test_a_paragraph_that_went_and_one_that_came_are_not_mixed() -> None:
    assert shown("Một hai ba bốn năm.", "Sáu bảy tám chín mười.") == [
        "[-Một hai ba bốn năm.]",
        "[+Sáu bảy tám chín mười.]",
    ]


def test_nothing_and_something() -> None:
    assert shown(None, None) == []
    assert shown(None, "Có.") == ["[+Có.]"]
    assert shown("Có.", None) == ["[-Có.]"]


@settings(deadline=None)  # a busy machine is no fault of the code
@given(TEXT, TEXT)
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    rows = compare(before, after)

    def side(pieces: list[tuple[Piece, ...]]) -> list[str]:
        return ["".join(piece.text for piece in row) for row in pieces if row]

    assert side([row.before for row in rows]) == [line for line in before.split("\n") if line]
    assert side([row.after for row in rows]) == [line for line in after.split("\n") if line]
    kept = [piece.text for row in rows for piece in row.merged if piece.kind != "added"]
    assert "".join(kept) == "".join(line for line in before.split("\n") if line)


def numbered(paragraphs: int, words: int, first: int) -> str:
    numbers = count(first)
    return "\n".join(" ".join(f"w{next(numbers)}" for _ in range(words)) for _ in range(paragraphs))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(numbered(3000, 12, 0), numbered(3000, 12, 100_000), id="nothing alike"),
        pytest.param(numbered(1, 40_000, 0), numbered(1, 40_000, 100_000), id="one endless paragraph"),
        pytest.param("x\n" * 3000, "\n".join(f"x\ny{n}" for n in range(3000)), id="a line again and again"),
        pytest.param("x y " * 9000, "y x " * 9000, id="two words again and again"),
    ],
)
def test_hostile_texts_are_read_back_whole(before: str, after: str) -> None:
    # Quadratic alignment would take minutes for each.
    rows = compare(before, after)
    assert "".join(piece.text for row in rows for piece in row.before) == before.replace("\n", "")
    assert "".join(piece.text for row in rows for piece in row.after) == after.replace("\n", "")
    assert "".join(reflow(before, after).split()) == "".join(after.split())


def test_edited_paragraphs_find_each_other_in_a_long_stretch() -> None:
    old = [f"đoạn {n} nói về việc số w{n} của xã x{n}" for n in range(100)]
    new = [f"{text} nay đã sửa" for text in old]
    rows = compare("\n".join(old), "\n".join(new))
    assert [len(row.before) > 0 and len(row.after) > 0 for row in rows] == [True] * 100


def test_what_is_too_long_to_align_is_compared_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "_MOST_PAIRS", 20)
    assert shown("Có 1.245 mô hình ở bản.", "Có 1.245 mô hình tại bản.") == [
        "[-Có 1.245 mô hình ở bản.][+Có 1.245 mô hình tại bản.]"
    ]


def test_long_differences_are_cut() -> None:
    row = Row((Piece("removed", "x" * 1000),), ())
    assert cut([row] * 10) == ([row] * 10, False)
    shown_rows, is_cut = cut([row] * 1000)
    assert (len(shown_rows), is_cut) == (400, True)
    assert cut([Row((Piece("removed", "x" * 1_000_000),), ())])[1] is False
