"""Charts with axes: where values stand, what is written, and that nothing is drawn where nothing was read."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from synthetic_library import START as LIBRARY_START
from synthetic_library import Writer

from portal_archive.model.page import Article, Counter
from portal_archive.publish.parts.axis_charts import Axes, Series, gaps, plot
from portal_archive.publish.parts.charts import Point

AXES = Axes(str, lambda first, last: f"{first} - {last}")
START = date(2026, 3, 20).toordinal()


def drawn(*series: Series, axes: Axes = AXES, days: list[float] | None = None) -> ET.Element:
    return ET.fromstring(str(plot(series, "A <b>", axes, days)))


def test_values_have_round_numbers_and_months_below() -> None:
    points = [Point(START + day, 900 + day, str(day)) for day in range(100)]
    svg = drawn(Series(points, "bars", "bar"))
    assert svg.attrib["aria-label"] == "A <b>"
    assert [text.text for text in svg.findall("text")] == ["0", "500", "04/2026", "05/2026", "06/2026"]
    bars = svg.findall("svg/rect")
    assert len(bars) == 100
    assert (bars[-1].attrib["y"], bars[-1].attrib["height"]) == ("0.0", "100.0")
    assert float(bars[0].attrib["height"]) == round(900 / 999 * 100, 1)


def test_few_days_have_the_first_and_the_last() -> None:
    svg = drawn(
        Series([Point(START, 5, ""), Point(START + 9, 8, "")]), axes=Axes(str, AXES.gap, from_zero=False)
    )
    assert [text.text for text in svg.findall("text")] == ["5", "6", "7", "8", "20/03/2026", "29/03/2026"]


def test_a_hole_breaks_the_line_and_is_said() -> None:
    days = [0, 1, 2, 3, 43, 60, 61]
    assert gaps(days) == [(3, 43), (43, 60)]
    svg = drawn(Series([Point(START + day, 10 + day, "") for day in days]))
    path = svg.find("svg/path")
    assert path is not None
    # A value between two holes is a dot.
    assert [part.count("L") for part in path.attrib["d"].split("M")[1:]] == [3, 0, 1]
    assert [rect.findtext("title") for rect in svg.findall("svg/rect")] == [
        "24/03/2026 - 01/05/2026",
        "03/05/2026 - 18/05/2026",
    ]


def test_one_value_equal_values_and_none() -> None:
    for points in ([Point(START, 7, "")], [Point(START, 0, ""), Point(START + 1, 0, "")]):
        for kind in ("bars", "line"):
            text = str(plot([Series(points, kind)], "t", AXES))
            assert "nan" not in text
            assert "inf" not in text
    assert plot([Series([])], "t", AXES) == ""


def test_counters_over_each_other_with_a_table(serve: Callable[..., Any], tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    for day in range(4):
        for portal, growth in (("laichau", 100), ("backan", 7)):
            counter = Counter(total=1_000 + growth * day)
            writer.visit(portal, "/", LIBRARY_START + timedelta(days=day), kind="list", counter=counter)
    for number in (1, 2):
        article = Article(title=f"Bài {number}", body="Một.", published_at="2026-10-02T00:00:00+07:00")
        writer.visit("laichau", f"/tin/{number}", LIBRARY_START, article=article)
    writer.close()
    reader = serve(writer.path)
    page = reader.get("/counters?with=laichau&with=backan&with=nobody").text
    compared = page[page.index('id="comparison"') : page.index('id="backan"')]
    assert compared.count("<path") == 2
    assert '<th scope="row">04/10/2026</th><td class="num">7</td><td class="num">100</td>' in compared
    alone = reader.get("/counters?with=laichau").text
    assert 'id="comparison"' not in alone
    assert 'value="laichau" checked' in alone
    assert "Lượt mỗi ngày (lượt)" in alone
    assert "<title>02/10/2026: 2 bài</title>" in alone
    assert 'href="/counters/marks.csv?portal=laichau"' in alone
