import pytest

from portal_archive.vietnamese.written import is_syllable, share_of_syllables


@pytest.mark.parametrize(
    "word",
    [
        "đảng",
        "NGHIÊNG",
        "khuỷu",
        "quyết",
        "giếng",
        "gì",
        "uống",
        "yếu",
        "thuở",
        "hoà",
        "hòa",
        "oằn",
        "ở",
        "ngoằn",
    ],
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word",
    [
        "",
        *[
            "été",
            "für",
            "thùc",
            "hiÖn",
            "cáć",
            "càc",
            "Müller",
            "cña",
            "señor",
            "độngviên",
            "m²",
            "cac",
            "ng",
            "ẻch",
        ],
    ],
)
def test_not_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_nfd_and_share() -> None:
    assert is_syllable("đa\u0309ng")
    assert share_of_syllables(["đảng", "bộ", "été", "für"]) == 0.5
    assert share_of_syllables([]) == 0.0
