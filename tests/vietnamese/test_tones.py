import unicodedata

import pytest

from portal_archive.vietnamese.tones import old_style, one_style


@pytest.mark.parametrize(
    ("text", "one", "old"),
    [
        ("Hòa Bình", "hoà bình", "hòa bình"),
        ("KHOẺ", "khoẻ", "khỏe"),
        ("thủy, thuỷ; Uỷ ban", "thuỷ, thuỷ; uỷ ban", "thủy, thủy; ủy ban"),
        ("toàn quốc, qúy I, quý II", "toàn quốc, quý i, quý ii", "toàn quốc, quý i, quý ii"),
        ("Plain ASCII", "plain ascii", "plain ascii"),
    ],
)
def test_both_styles(text: str, one: str, old: str) -> None:
    assert one_style(text) == one_style(unicodedata.normalize("NFD", text)) == one
    assert old_style(one) == old
