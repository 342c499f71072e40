"""The measure of recognition itself."""

import pytest
from PIL import Image

from bench.recognition import PAGES, degraded, error_rate, words


def test_words_without_marks_around_them() -> None:
    assert words("“Dân vận”, khéo; (năm) 2024 –") == ["Dân", "vận", "khéo", "năm", "2024"]


@pytest.mark.parametrize(
    ("got", "rate"),
    [("Dân vận khéo năm", 0.0), ("dân vận khéo năm", 0.25), ("Dân vận năm", 0.25), ("Dân van kheo năm x", 0.75), ("", 1.0)],
)  # fmt: skip
def test_the_share_of_wrong_words(got: str, rate: float) -> None:
    assert error_rate("Dân vận khéo, năm.", got) == rate


def test_a_copy_of_a_copy_is_the_same_every_time() -> None:
    page = Image.new("RGB", (90, 120), "white")
    assert degraded(page, 3).tobytes() == degraded(page, 3).tobytes()
    assert degraded(page, 3).mode == "L"


def test_the_pages_differ() -> None:
    assert len(set(PAGES)) == len(PAGES) == 4
