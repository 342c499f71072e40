"""Two texts compared word by word."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portal_archive.publish.parts.differences import Piece, compare

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
