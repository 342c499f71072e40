"""Several portals that print each other's texts: synthetic, stored by the archive itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from portal_archive.archive.archive import Archive
from portal_archive.model.kinds import Outcome, Precision
from portal_archive.model.page import Article, Page
from portal_archive.model.records import CaptureRef, Crawl, Portal, Visit

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
# An article as a portal may have written it, with names, figures and dates.
REPORT = "\n\n".join(
    (
        "Ngày 14/3, đoàn công tác của Ban Dân vận Tỉnh ủy do bà Lò Thị Khuê dẫn đầu đã đến bản Nậm Sính, xã Hua"
        " Lả để xem việc làm của 27 hộ vừa dời nhà khỏi vùng có nguy cơ sạt lở bên suối Nậm Khao.",
        "Theo trưởng bản Giàng A Thước, từ tháng 11 năm ngoái 112 người trong bản thay nhau san nền, mỗi nhà góp"
        " 9 ngày công; huyện cho mượn hai máy xúc và cấp 640 triệu đồng mua tôn, xi măng. Ba nhà cuối cùng lợp mái"
        " xong trước Tết bốn hôm, sớm hơn lịch đã hẹn.",
        "Bà Vàng Thị Dín, người già nhất bản, kể rằng năm 2018 nước lũ cuốn mất chuồng trâu của nhà bà ngay trong"
        " đêm; nay bà ngủ yên, chỉ còn lo đường từ bản ra chợ dài 7,4 km vẫn lầy khi mưa. Lũ trẻ thì tiếc cây"
        " mận cổ thụ phải bỏ lại bên bờ suối.",
        "Đoàn đã ghi lại 16 điều bà con mong muốn, trong đó có việc kéo điện cho 5 nhà ở cuối bản và mở lớp mầm"
        " non tại chỗ. Bà Khuê hẹn trả lời từng điều trước ngày 30/4 và sẽ trở lại cùng Phòng Giáo dục huyện.",
    )
)
# Half of another article, with nothing of the first.
OTHER = "\n\n".join(
    (
        "Sáng 2/5, chợ phiên Pha Mu họp lại sau 14 tháng sửa chữa, với 86 gian hàng có mái che và hai dãy nhà"
        " dành riêng cho người bán gia súc. Ngay từ tinh mơ, người từ các bản quanh vùng đã dắt ngựa, gùi măng,"
        " gánh lợn cắp nách xuống chợ.",
        "Ban quản lý cho biết mỗi phiên thu của một gian 15.000 đồng, số tiền ấy trả công cho tổ dọn vệ sinh gồm 6"
        " người bản Huổi Đứa. Ông Mùa Sáng, bán rèn đã 31 năm, nói chỗ ngồi mới cao ráo, nhưng ông nhớ gốc đa"
        " cũ, nơi khách quen vẫn tìm đến mài dao.",
        "Dịp này, trạm y tế khám cho 203 người, phát thuốc giun cho trẻ nhỏ, còn đoàn thanh niên dựng một quầy"
        " sách, ai đọc xong một quyển thì được đổi lấy một cây quế giống mang về trồng trên nương nhà mình.",
    )
)


class Newsrooms:
    """An archive with portals that are entered as they publish."""

    def __init__(self, path: Path) -> None:
        self.archive = Archive(path)
        self.archive.claim("test")
        self._visits = 0

    def close(self) -> None:
        self.archive.close()

    def publish(
        self,
        portal: str,
        body: str,
        published: str | None = "2026-03-01T08:00:00+07:00",
        *,
        path: str = "bai",
        title: str = "Những mái nhà mới bên suối Nậm Khao",
        summary: str | None = None,
        precision: Precision = Precision.MINUTE,
        crawl: Crawl | None = None,
    ) -> int:
        """Store what a portal shows at `path`; each visit is an hour after the one before."""
        self.register(portal)
        self._visits += 1
        url = f"https://{portal}.example/{path}"
        shown = Article(
            title=title,
            summary=summary,
            body=body,
            published_at=published,
            published_precision=precision if published else None,
        )
        stored = self.archive.store(
            Visit(
                portal,
                url,
                url,
                START + timedelta(hours=self._visits),
                "article",
                status=200,
                crawl_id=crawl.id if crawl else None,
                capture=CaptureRef(f"{portal}/1.warc.gz", self._visits, 1, f"sha1:{self._visits}"),
                page=Page(url, Outcome.ARTICLE, article=shown),
            )
        )
        assert stored.article_id is not None
        return stored.article_id

    def register(self, portal: str) -> None:
        home = f"https://{portal}.example/"
        self.archive.register([Portal(portal, portal, home, "generic", "described")])

    def group(self) -> int:
        """Look at all that waits; return how many articles that were."""
        return sum(self.archive.group_stories())

    def stories(self) -> dict[int, list[int]]:
        """Return the articles of each story, in order."""
        found: dict[int, list[int]] = {}
        for story, article in self.rows(
            "SELECT story_id, article_id FROM story_articles ORDER BY story_id, position"
        ):
            found.setdefault(story, []).append(article)
        return found

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.archive.db.execute(sql, values).fetchall()


def paragraphs(text: str, *numbers: int) -> str:
    """Return some paragraphs of a text, counted from 0."""
    parts = text.split("\n\n")
    return "\n\n".join(parts[number] for number in numbers)


def replaced(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text
