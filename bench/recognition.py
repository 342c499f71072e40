"""`python -m bench.recognition`: how often the words of scans are recognised wrongly.

Pages of our own words are set by Chromium as an office sets them, at 150 and 300 dots per inch, clean and as scanners
and copiers leave them; then they go the way of any scan. `make accuracy` puts the table into docs/accuracy.md.
"""

from __future__ import annotations

import io
import os
import random
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean

from PIL import Image, ImageFilter
from rapidfuzz.distance import Levenshtein

from crawler.workers.tesseract import Tesseract
from portal_archive.reading.documents.pictures import document_picture

HEADING = "## Scans"
RESOLUTIONS = (150, 300)
_CSS_DPI = 96
_A4 = {"width": 794, "height": 1123}
_TAG = re.compile(r"<[^>]+>")
_STYLE = (
    "<style>body{margin:0;background:#fff;font:13pt/1.4 'Liberation Serif','Times New Roman','DejaVu Serif',serif}"
    "main{padding:75px 75px 75px 110px}h1{font-size:14pt;text-align:center}p{text-align:justify;margin:8px 0}"
    "table{border-collapse:collapse;width:100%}td{border:1px solid #000;padding:4px}.r{text-align:right}"
    ".s{font-family:'Liberation Sans',Arial,'DejaVu Sans',sans-serif}i{font-style:italic}</style>"
)
# Invented: places, people and figures are nobody's.
PAGES = (
    """<p class=r><b>ĐẢNG BỘ HUYỆN NẬM SƠN</b><br>Số 41-BC/BDV</p><h1>BÁO CÁO<br>Kết quả công tác dân vận sáu
    tháng đầu năm</h1>
    <p>Sáu tháng qua, thời tiết diễn biến thất thường, rét hại kéo dài làm chết 312 con trâu bò, song nhờ bám sát
    thôn bản,
    các tổ dân vận đã giúp bà con che chắn chuồng trại, dự trữ rơm rạ và khôi phục sản xuất ngay trong tháng Hai.</p>
    <p>Toàn huyện xây dựng 87 mô hình khéo vận động, trong đó 29 mô hình về giữ rừng đầu nguồn, 24 mô hình vệ
    sinh đường làng,
    còn lại là khuyến học, hòa giải và giữ gìn nghề dệt thổ cẩm.</p>
    <p>Việc đối thoại giữa người đứng đầu cấp ủy với nhân dân được duy trì ở 14 trên 16 xã; 203 ý kiến được tiếp nhận,
    188 ý kiến đã trả lời ngay tại hội nghị, số còn lại chuyển cơ quan chuyên môn xem xét.</p>""",
    """<h1>KẾ HOẠCH<br>Tổ chức tuần lễ nước sạch và vệ sinh môi trường</h1>
    <p><b>I. Mục đích.</b> Giúp mỗi gia đình hiểu rõ lợi ích của nhà tiêu hợp vệ sinh, tự nguyện di dời chuồng
    trại ra xa nguồn
    nước và cùng nhau bảo vệ các khe suối.</p><p><b>II. Nội dung.</b></p>
    <p>1. Phát động tại trung tâm xã vào sáng thứ Bảy, ngày 6 tháng 4; mỗi thôn cử ít nhất mười người tham gia.</p>
    <p>2. Khơi thông cống rãnh, thu gom vỏ thuốc trừ sâu, trồng hàng rào dâm bụt dọc lối đi.</p>
    <p>3. Chấm điểm chéo giữa các thôn theo bốn tiêu chí: sạch bếp, sạch sân, sạch ngõ, sạch nguồn nước.</p>
    <p><b>III. Kinh phí.</b> Trích từ quỹ vì cộng đồng 18.500.000 đồng; phần thiếu do các hộ tự nguyện đóng
    góp.</p>""",
    """<div class=s><h1>THÔNG BÁO</h1><p>Về việc tiếp công dân định kỳ quý III và lịch trực lãnh đạo</p>
    <table><tr><td>Ngày</td><td>Người tiếp</td><td>Địa điểm</td></tr>
    <tr><td>05/7</td><td>Vừ Thị Mỷ</td><td>Trụ sở tiếp dân</td></tr><tr><td>19/7</td><td>Đỗ Khắc
    Thưởng</td><td>Xã Bản Sen</td></tr>
    <tr><td>02/8</td><td>Tẩn Láo Lở</td><td>Xã Pha Luông</td></tr></table>
    <p>Công dân mang theo giấy tờ tùy thân, đơn thư ghi rõ họ tên, nơi thường trú. Trường hợp đông người cử không
    quá năm đại
    diện. Mọi thắc mắc xin gọi số máy trực của văn phòng trong giờ hành chính.</p></div>""",
    """<h1>QUY CHẾ<br>Phối hợp giữa chính quyền và Mặt trận Tổ quốc huyện</h1>
    <p><i>Điều 1.</i> Quy chế này quy định nguyên tắc, nội dung, phương thức phối hợp trong tuyên truyền, vận
    động, giám sát và
    phản biện các chủ trương liên quan trực tiếp đến quyền, lợi ích hợp pháp của nhân dân.</p>
    <p><i>Điều 2.</i> Hai bên bình đẳng, tôn trọng chức năng của nhau; việc gì nhân dân chưa hiểu thì giải thích
    cho rõ, việc gì làm
    sai thì công khai xin lỗi và sửa chữa kịp thời.</p>
    <p><i>Điều 3.</i> Mỗi quý một lần, thường trực hai bên họp liên tịch, đánh giá kết quả, thống nhất chương
    trình quý sau; biên bản gửi
    các phòng, ban liên quan chậm nhất bảy ngày làm việc kể từ ngày kết thúc cuộc họp.</p>""",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one kind of scan: the share of words that are wrong, and how sure the program was (0 to 100)."""

    wrong: float
    sure: float
    pages: int


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: composed, without marks around them; case counts."""
    parts = unicodedata.normalize("NFC", text).split()
    return [word for part in parts if (word := part.strip(".,;:()[]“”\"'-–"))]


def error_rate(wanted: str, got: str) -> float:
    """Return how many words must be changed, added or left out, as a share of the words that stand there."""
    known = words(wanted)
    return Levenshtein.distance(known, words(got)) / len(known)


def degraded(page: Image.Image, seed: int) -> Image.Image:
    """Return a page as a copy of a copy is scanned: askew, soft, grey, speckled, kept as a small JPEG."""
    chance = random.Random(seed)
    grey = page.convert("L").rotate(chance.uniform(-0.8, 0.8), Image.Resampling.BICUBIC, fillcolor=255)
    soft = grey.filter(ImageFilter.GaussianBlur(page.width / 1800))
    paper = soft.point(lambda tone: 40 + tone * 195 // 255)
    speckles = Image.frombytes("L", page.size, chance.randbytes(page.width * page.height))
    speckled = Image.blend(paper, speckles, 0.16)
    kept = io.BytesIO()
    speckled.save(kept, "JPEG", quality=32)
    return Image.open(kept)


def rendered() -> Iterator[tuple[int, str, Image.Image]]:
    """Give every page at every resolution: dots per inch, what it says, what it looks like."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        for dpi in RESOLUTIONS:
            page = browser.new_page(viewport=_A4, device_scale_factor=dpi / _CSS_DPI)  # type: ignore[arg-type]
            for html in PAGES:
                page.set_content(f"{_STYLE}<main>{html}</main>")
                shown = Image.open(io.BytesIO(page.screenshot()))
                yield dpi, _TAG.sub(" ", html), shown.convert("RGB")
        browser.close()


def measure(tesseract: Tesseract) -> dict[tuple[int, str], Measured]:
    """Return what was measured of each kind of scan, by dots per inch and state."""
    found: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for number, (dpi, text, page) in enumerate(rendered()):
        for state, scan in (("clean", page), ("degraded", degraded(page, number))):
            kept = io.BytesIO()
            scan.save(kept, "PNG")
            picture = document_picture(kept.getvalue())
            read = tesseract.recognise(picture) if picture else None
            wrong = error_rate(text, read.text if read else "")
            found.setdefault((dpi, state), []).append((wrong, (read and read.confidence) or 0.0))
    return {
        kind: Measured(mean(wrong for wrong, _ in pages), mean(sure for _, sure in pages), len(pages))
        for kind, pages in found.items()
    }


def section() -> str | None:
    """Return the part of docs/accuracy.md about scans; None where Tesseract or Chromium is not installed."""
    tesseract = Tesseract.find()
    if tesseract is None or shutil.which("chromium") is None:
        return None
    lines = [
        HEADING,
        "",
        f"{len(PAGES)} pages of our own words, set by Chromium and recognised as `scrapy ocr` does, with"
        " `tesseract-ocr` and `tesseract-ocr-vie` of Debian. «Wrong words» is the word error rate: words to be changed,"
        " added or left out, accents and case counted, as a share of those that stand there; «surely» is what Tesseract"
        " says of itself, which the reading room shows. Degraded is a copy of a copy: askew, soft, grey, speckled, a"
        " JPEG of quality 32.",
        "",
        "| dots per inch | state | pages | wrong words | surely |",
        "| ---: | --- | ---: | ---: | ---: |",
    ]
    for (dpi, state), one in measure(tesseract).items():
        lines.append(f"| {dpi} | {state} | {one.pages} | {one.wrong:.3f} | {one.sure:.0f} % |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the section."""
    sys.stdout.write(section() or "Tesseract with Vietnamese, or Chromium, is not installed\n")


if __name__ == "__main__":
    main()
