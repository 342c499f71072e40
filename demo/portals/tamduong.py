"""A synthetic district portal of the slug-id family: where the hijacked copy took its articles."""

from __future__ import annotations

from datetime import datetime

from demo.newsroom import Article
from demo.portals.sapa import SaPa
from demo.prose import Region


class TamDuong(SaPa):
    """District portal: /<category>/<slug>-<id>, all dated, no summary, a counter without separators."""

    stem = "tamduong"
    title = "Trang thông tin điện tử huyện Tam Khê"
    region = Region("huyện", "Tam Khê", "Huyện ủy")
    has_summary = False
    conditional = False
    two_schemes = False
    always_dated = True
    has_maintenance_day = True
    first_id = 610_000
    base_visits = 411_321

    def dateline(self, published: datetime) -> str:
        """Give day and month alone."""
        return f"{'Sáng' if published.hour < 12 else 'Chiều'} {published.day}/{published.month}"

    def sidebar(self) -> str:
        """Return the visitor counter."""
        count = self.count_visit()
        return (
            f"<div><h4>Thống kê</h4><p>Đang truy cập: {count['online']}<br>Hôm nay: {count['today']}<br>"
            f"Tháng hiện tại: {count['month']}<br>Tổng lượng truy cập: {count['total']}</p></div>"
        )

    def _byline(self, article: Article) -> str | None:
        return article.author
