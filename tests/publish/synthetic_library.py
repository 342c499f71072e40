"""A small archive with a little of everything: synthetic, and stored by the project's own writer."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from portal_archive.archive.archive import Archive
from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.model.kinds import Outcome, Precision
from portal_archive.model.page import Article, Attachment, Counter, Image, Page
from portal_archive.model.records import Fetch, Portal, Visit

START = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63b8bc730100"
    "03ff01e6b7b4b2a70000000049454e44ae426082"
)
PORTALS = (
    Portal(
        "laichau",
        "Cổng thông tin tỉnh Lai Châu",
        "https://laichau.example/",
        "generic",
        "described",
        "lai-chau",
    ),
    Portal(
        "dienbien",
        "Đảng bộ tỉnh Điện Biên",
        "https://dienbien.example/",
        "dienbien",
        "described",
        "dien-bien",
    ),
    Portal(
        "backan", "Cổng thông tin tỉnh Bắc Kạn", "https://backan.example/", "sharepoint", "generic", "bac-kan"
    ),
)
TOPICS = (
    "công tác dân vận",
    "xây dựng nông thôn mới",
    "chuyển đổi số",
    "giảm nghèo bền vững",
    "bảo vệ rừng",
    "phòng, chống thiên tai",
)
PLACES = ("Mường Tè", "Sìn Hồ", "Phong Thổ", "Tủa Chùa", "Ba Bể", "Chợ Đồn")


@dataclass(frozen=True)
class Library:
    """The archive file, and the ids of articles that tests speak of by name."""

    path: Path
    ids: dict[str, int]


class Writer:
    """Stores visits as a crawl would: capture first, then the visit."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "nv.db"
        self.archive = Archive(self.path)
        self.archive.claim("test")
        self.archive.register(PORTALS)
        declared = Portal(
            "yenbai", "Tỉnh ủy Yên Bái", "https://yenbai.example/", "generic", "address only", "yen-bai"
        )
        self.archive.declare([*PORTALS, declared])
        self.captures = {
            portal.name: CaptureWriter(folder / "captures", portal.name, "1") for portal in PORTALS
        }

    def visit(
        self,
        portal: str,
        path: str,
        at: datetime,
        *,
        kind: str = "article",
        article: Article | None = None,
        counter: Counter | None = None,
        body: bytes | None = None,
        content_type: str = "text/html; charset=utf-8",
        status: int = 200,
    ) -> int | None:
        url = f"https://{portal}.example{path}"
        if body is None:
            title = article.title if article else kind
            text = article.body if article else ""
            body = f"<html><title>{title}</title><body><h1>{title}</h1><p>{text}</p></body></html>".encode()
        headers = [("Content-Type", content_type)]
        ref = self.captures[portal].write(Fetch(url, status, headers, body, at))
        page = None
        if article or counter:
            page = Page(url, Outcome(kind), article=article, counter=counter)
        stored = self.archive.store(
            Visit(
                portal,
                url,
                url,
                at,
                kind,
                status=status,
                content_type=content_type,
                capture=ref,
                page=page,
            )
        )
        return stored.article_id

    def close(self) -> None:
        for captures in self.captures.values():
            captures.close()
        sum(self.archive.group_stories())
        self.archive.close()


def text(place: str, topic: str, number: int) -> str:
    return "\n\n".join(
        [
            f"Sáng {number % 28 + 1}/5, tại {place}, Ban Dân vận Tỉnh ủy tổ chức hội nghị về {topic}.",
            f"Đồng chí Lò Văn Sơn, Phó Trưởng ban, nêu {number * 13 + 7} kết quả theo Nghị quyết 25-NQ/TW và"
            " Kết luận 43-KL/TW; cấp ủy các cấp tập trung lãnh đạo, phát huy vai trò của Mặt trận Tổ quốc.",
            f"Bà Giàng Thị Mỷ, bản {place}, cho biết đường về bản đã được bê tông hóa {number + 3} km.",
        ]
    )


def plain_article(number: int, **fields: Any) -> Article:
    place, topic = PLACES[number % len(PLACES)], TOPICS[number % len(TOPICS)]
    month, day = number % 12 + 1, number % 27 + 1
    given: dict[str, Any] = {
        "title": f"{place}: hội nghị về {topic} lần thứ {number}",
        "summary": f"Hội nghị bàn giải pháp {topic} tại {place}.",
        "body": text(place, topic, number),
        "author": ("Kim Anh", "Minh Thùy", None)[number % 3],
        "source": ("Báo Lai Châu", None)[number % 2],
        "published_at": f"{2023 + number % 3}-{month:02}-{day:02}T07:{number % 60:02}:00+07:00",
        "published_precision": Precision.MINUTE,
        "category": ("Tin tức", "Chuyên đề")[number % 2],
        "tags": [topic],
        "views": 100 + number * 11,
    }
    return Article(**{**given, **fields})


def fill(writer: Writer) -> dict[str, int]:
    """Store the library; return the ids of the articles that tests speak of by name."""
    for number in range(60):
        portal, at = PORTALS[number % 3].name, START + timedelta(minutes=number)
        writer.visit(portal, f"/tin/bai-{number}", at, article=plain_article(number))
    ids = {"changed": _change(writer), "gone": _remove(writer)}
    for name, portal, number in (("copy_a", "laichau", 102), ("copy_b", "backan", 103)):
        copied = plain_article(
            number,
            title="Thông báo kết luận 65-KL/TW ngày 30/10/2019",
            body=text("Tam Đường", "công tác dân tộc", 65),
        )
        ids[name] = writer.visit(portal, "/tin/ban-sao", START, article=copied)
    formula = plain_article(104, title='=HYPERLINK("https://e.example","bấm")', author="@SUM(A1)")
    ids["formula"] = writer.visit("backan", "/tin/cong-thuc", START, article=formula)
    script = plain_article(
        105,
        title="<script>alert(1)</script> Hội nghị",
        published_at="2024-03-18T00:00:00+07:00",
        published_precision=Precision.INFERRED,
    )
    ids["script"] = writer.visit("backan", "/tin/script", START, article=script)
    _count(writer)
    return {name: number for name, number in ids.items() if number}


def _change(writer: Writer) -> int | None:
    first = plain_article(
        100,
        title="Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ năm 2024",
        summary="Sáng 18/01, Ban Dân vận Tỉnh ủy tổ chức hội nghị triển khai nhiệm vụ.",
        body="Đoạn mở đầu về công tác dân vận.\n\nToàn tỉnh có 1.245 mô hình.\n\nĐoạn kết giữ nguyên.",
        html="<p>Đoạn mở đầu về công tác dân vận.</p><p>Toàn tỉnh có <b>1.245</b> mô hình.</p>"
        '<p onclick="x()">Đoạn kết<script>alert(1)</script> giữ nguyên.</p><img src="https://e.example/x.png">',
        published_at="2024-01-18T07:34:00+07:00",
        images=[
            Image("https://laichau.example/anh.png", "Quang cảnh hội nghị"),
            Image("https://laichau.example/x.jpg"),
        ],
        captions=["Quang cảnh hội nghị"],
        attachments=[Attachment("https://laichau.example/kh.pdf", "Kế hoạch 12-KH/BDV")],
        views=120,
    )
    second = replace(
        first,
        body=str(first.body).replace("1.245", "1.254"),
        html=str(first.html).replace("1.245", "1.254"),
        views=340,
    )
    third = replace(second, title="Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ", views=355)
    writer.visit("laichau", "/anh.png", START, kind="file", body=PNG, content_type="image/png")
    number = None
    for days, article in ((0, first), (3, second), (9, third)):
        at = START + timedelta(days=days, hours=1)
        number = writer.visit("laichau", "/tin/nhiem-vu-2024", at, article=article)
    return number


def _remove(writer: Writer) -> int | None:
    gone = plain_article(101, title="Bài đã bị gỡ về bản Nậm Cầy", published_at="2024-06-02T10:00:00+07:00")
    number = writer.visit("dienbien", "/tin/nam-cay", START, article=gone)
    for days in (2, 4, 20):
        # The rest of the portal answers, or nothing would count as gone.
        at = START + timedelta(days=days)
        writer.visit("dienbien", "/tin/bai-1", at, article=plain_article(1))
        writer.visit("dienbien", "/tin/bai-4", at + timedelta(hours=1), article=plain_article(4))
        writer.visit("dienbien", "/tin/nam-cay", at + timedelta(hours=2), kind="gone", status=404)
    return number


def _count(writer: Writer) -> None:
    total = 82_336_925
    for day in range(40):
        total += 3_000 + day * 17 % 211
        if day == 25:
            total -= 50_000
        counter = Counter(today=3002, month=10 if day == 30 else 199_242, year=870_832, total=total)
        writer.visit("laichau", "/", START + timedelta(days=day, hours=3), kind="list", counter=counter)
    for hour in range(8):
        counter = Counter(total=1000 + 83 * hour)
        writer.visit("backan", "/", START + timedelta(hours=hour), kind="list", counter=counter)
    writer.visit("dienbien", "/", START, kind="list", counter=Counter(reasons={"total": "script"}))
