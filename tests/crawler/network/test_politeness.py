"""How long a portal asks us to stay away."""

from datetime import UTC, datetime

import pytest

from crawler.network.politeness import retry_after, stated_wait

NOW = datetime(2026, 11, 22, 5, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("60", 60.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Sun, 22 Nov 2026 05:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 04:00:00 GMT", 0.0),
        ("9" * 40, 999_999_999.0),
        ("٦٠", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Hệ thống đang từ chối truy cập của bạn. Hãy đợi 60 giây để tiếp tục", 60.0),
        ("Hãy đợi <span id='secField'>300</span> giây", 300.0),
        ("HÃY ĐỢI 15 GIÂY", 15.0),
        ("Please wait 5 seconds", 5.0),
        ("Hãy đợi...", None),
        ("Cuộc họp kéo dài 60 giây", None),
    ],
)
def test_wait_stated_on_the_page(text: str, seconds: float | None) -> None:
    assert stated_wait(text) == seconds
