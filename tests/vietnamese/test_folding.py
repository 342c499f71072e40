import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal_archive.vietnamese.folding import ACCENTED, fold, fold_keep_length, nfc, nfd, sort_key, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tỉnh uỷ", "tinh uy"),
        ("Tỉnh ủy", "tinh uy"),
        ("HOÀ BÌNH, Hòa Bình", "hoa binh, hoa binh"),
        ("ĐẢNG BỘ đảng bộ", "dang bo dang bo"),
        ("Ðảng ủy viết bằng chữ Ð của Iceland, ð", "dang uy viet bang chu d cua iceland, d"),
        ("“Dân vận khéo” – năm 2024…", "“dan van kheo” – nam 2024…"),
        ("3.104 m² · São Tomé, Müller, naïve", "3.104 m² · sao tome, muller, naive"),
        ("北京 → Điện Biên 🙂 Lai Châu", "北京 → dien bien 🙂 lai chau"),
        ("Ελλάς Άνθρωπος 한국 Й", "ελλας ανθρωπος 한국 и"),
        ("", ""),
        ("plain ASCII", "plain ascii"),
        ("lone \ud800 surrogate ở đây", "lone \ud800 surrogate o day"),
        ("a\x00b\x07 ế", "a\x00b\x07 e"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected
    assert fold(nfd(text)) == expected


def test_every_letter_folds_to_its_base() -> None:
    bases = "a" * 17 + "e" * 11 + "i" * 5 + "o" * 17 + "u" * 11 + "y" * 5 + "d"
    assert fold(ACCENTED) == bases
    assert fold(ACCENTED.upper()) == bases
    assert fold_keep_length(ACCENTED + ACCENTED.upper()) == bases * 2


def test_many_rare_characters_fold_like_few() -> None:
    assert fold("→ Ế " * 500) == "→ e " * 500


def test_fold_keep_length_keeps_positions() -> None:
    text = "İstanbul, ﬁ, ẞ, Đảng bộ Ủy ban 한국"
    folded = fold_keep_length(text)
    assert folded == "istanbul, ﬁ, ß, dang bo uy ban 한국"
    start = folded.index("uy ban")
    assert text[start : start + 6] == "Ủy ban"


@given(st.text())
def test_folding_never_raises_and_keeps_length(text: str) -> None:
    fold(text)
    assert len(fold_keep_length(text)) == len(text)
    sort_key(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Huyện ủy Phong Thổ (tỉnh Lai Châu), 25-NQ/TW", "Huyện ủy Phong Thổ tỉnh Lai Châu 25 NQ TW"),
        ("“Dân vận_khéo”…năm\n\n2024\u00a0•", "Dân vận khéo năm 2024"),
        ("điê\u0323n", "điê n"),  # a mark that no letter took
        ("12 m² ở 北京, Москва → Điện Biên_", "12 m² ở 北京 Москва Điện Biên"),
        (" ,.", ""),
    ],
)
def test_words_of(text: str, expected: str) -> None:
    assert words_of(text) == expected.split()


@given(st.text() | st.text(alphabet=ACCENTED + ACCENTED.upper() + "abzABZ019 _-,.–“”°·\u0301\u0323\t\n"))
def test_words_are_runs_of_letters_and_digits(text: str) -> None:
    assert words_of(text) == re.findall(r"[^\W_]+", text)


@given(st.text(alphabet=ACCENTED + ACCENTED.upper() + "abcxyzABC ,.;–“”"))
def test_fold_is_the_same_for_both_unicode_forms(text: str) -> None:
    assert fold(nfd(text)) == fold(text) == fold_keep_length(nfc(text))


def test_alphabetical_order() -> None:
    ordered = [
        "An Giang",
        "Bà Rịa - Vũng Tàu",
        "Bạc Liêu",
        "Bắc Giang",
        "Bắc Kạn",
        "Bình Dương",
        "Cao Bằng",
        "Cần Thơ",
        "Du Già",
        "Đà Nẵng",
        "Đắk Lắk",
        "Điện Biên",
        "Hà Nội",
        "Hải Dương",
        "Lai Châu",
        "Lào Cai",
        "Lâm Đồng",
        "Oanh",
        "Ô Môn",
        "Ơ Đu",
        "Thanh Hóa",
        "Ứng Hòa",
        "Vĩnh Phúc",
        "Yên Bái",
    ]
    assert sorted(random.sample(ordered, len(ordered)), key=sort_key) == ordered
    assert sorted((nfd(name).upper() for name in ordered[::-1]), key=sort_key) == [
        nfd(name).upper() for name in ordered
    ]


def test_order_of_tones_and_of_letters_before_tones() -> None:
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["mab", "mà", "ma", "mă", "mâ"], key=sort_key) == ["ma", "mà", "mab", "mă", "mâ"]


def test_sort_key_ignores_case_and_spaces() -> None:
    assert sort_key("  LAI   Châu ") == sort_key("Lai Châu")


ACUTE, DOT = "\u0301", "\u0323"  # above (class 230) and below (220): the dot comes first in order


def test_marks_in_the_wrong_order_are_ordered_and_thirty_stay_together() -> None:
    assert nfc("e" + (ACUTE + DOT) * 15) == "ẹ" + DOT * 14 + ACUTE * 15
    assert nfd("e" + (ACUTE + DOT) * 15) == "e" + DOT * 15 + ACUTE * 15


def test_longer_runs_of_marks_are_parted_as_stream_safe_text() -> None:
    run = DOT * 15 + ACUTE * 15
    assert nfd("e" + (ACUTE + DOT) * 40) == f"e{run}\u034f{run}\u034f{DOT * 10}{ACUTE * 10}"
    assert fold("Ế" + (ACUTE + DOT) * 40 + "x") == "ex"


@given(st.text(st.sampled_from("aeăâư" + ACUTE + DOT + "\u0302\u0327\u0345\u05b0 \u200d-"), max_size=200))
def test_no_run_of_marks_is_longer_than_thirty(text: str) -> None:
    for form in (nfc(text), nfd(text)):
        runs = re.split("0", "".join("1" if unicodedata.combining(one) else "0" for one in form))
        assert max(map(len, runs)) <= 30 + 2  # what a letter of the alphabet brings along
    assert nfc(nfc(text)) == nfc(text)
    assert sorted(nfd(text).replace("\u034f", "")) == sorted(unicodedata.normalize("NFD", text))
