"""A small invented portal, and the bad days it may have: each is what is answered in place of what is true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta, timezone

from days import BEGIN, HTML, Answer, Days, moved

from portal_archive.model.kinds import ProblemKind

VIETNAM = timezone(timedelta(hours=7))
TOPICS = "trường học|thủy lợi|hộ nghèo|tiêm chủng|làm đường|trồng rừng|đọc sách|thể thao|chợ phiên|dệt vải|nuôi ong|hòa giải|điện lưới|nước sạch|cưới hỏi|bảo hiểm|khuyến học|chăn nuôi|nhà văn hóa|cây quế|lễ hội|sạt lở|mùa gặt|tuổi thơ|ruộng bậc thang".split(
    "|"
)
AUTHORS = ("Lò Thị Mây", "Giàng A Sử", "Nông Văn Khê")
DELETED, EDITED, EDITED_LATER = 2, 3, 4
# Articles that there are on the first day; one more comes each day.
FIRST = 12


def date(number: int) -> str:
    at = BEGIN.astimezone(VIETNAM) - timedelta(days=FIRST - number, hours=-1)
    return at.strftime("%d/%m/%Y %H:%M")


def title(number: int) -> str:
    return f"Xã Bản Mây bàn chuyện {TOPICS[number % len(TOPICS)]} ở thôn số {number}"


def path(number: int) -> str:
    return f"/tin-tuc/ban-chuyen-thon-{number}-{1000 + number}.html"


def frame(name: str, content: str, head: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{name}</title>{head}</head><body>"
        "<div id='header'>Trang thông tin Đảng bộ huyện Bản Mây</div><ul class='menu'><li><a href='/'>Trang chủ</a>"
        "</li><li><a href='/tin-tuc/'>Tin tức</a></li><li><a href='/tin-cu/'>Tin cũ</a></li></ul>"
        f"{content}<div id='footer'>Địa chỉ: khu phố 2, thị trấn Bản Mây</div></body></html>"
    ).encode()


def paragraphs(number: int, day: int) -> list[str]:
    topic = TOPICS[number % len(TOPICS)]
    households = 40 + number
    if (number == EDITED and day >= 1) or (number == EDITED_LATER and day >= 3):
        households += 500
    return [
        f"Sáng nay, chi bộ thôn số {number} họp bàn chuyện {topic}, có {households} hộ cử người đến dự và nêu ý kiến.",
        f"Trưởng thôn cho biết việc {topic} đã làm được hơn nửa, còn vướng ở khâu góp công và vật liệu chở từ xa về.",
        f"Nhiều ý kiến đề nghị xã cử cán bộ xuống tận nơi xem {topic}, ghi lại từng việc để bà con cùng theo dõi.",
        f"Cuộc họp thống nhất mỗi tháng báo cáo một lần về {topic}, niêm yết kết quả ở nhà văn hóa thôn số {number}.",
        f"Kết thúc buổi họp, bà con cùng ra thăm nơi đang làm {topic} và chia nhau phần việc của tuần tới.",
    ]


def article(
    number: int, day: int, *, author: bool = True, body: list[str] | None = None, when: str = ""
) -> bytes:
    text = "".join(f"<p>{one}</p>" for one in (paragraphs(number, day) if body is None else body))
    by = f"<p class='author'>Tác giả: {AUTHORS[number % 3]}</p>" if author else ""
    dated = when or f"Ngày đăng: {date(number)}"
    return frame(
        title(number),
        f"<div class='detail'><h1 class='title'>{title(number)}</h1><p class='date'>{dated}</p>"
        f"<div class='content'>{text}</div>{by}</div>",
    )


def numbers(day: int) -> list[int]:
    return [number for number in range(1, FIRST + 1 + day) if number != DELETED or day < 1]


def listed(which: list[int]) -> str:
    items = "".join(
        f"<li><a href='{path(number)}'>{title(number)}</a><span class='date'>{date(number)[:10]}</span></li>"
        for number in which
    )
    return f"<ul class='news-list'>{items}</ul>"


def well(where: str, day: int) -> Answer:
    """Answer as the portal does on a good day."""
    there = numbers(day)
    newest = there[::-1]
    if where == "/":
        return Answer(frame("Trang thông tin Đảng bộ huyện Bản Mây", listed(newest[:6])))
    if where in ("/tin-tuc/", "/tin-cu/"):
        half = newest[:10] if where == "/tin-tuc/" else newest[10:]
        return Answer(frame("Tin tức", f"<h1>Tin tức</h1>{listed(half)}"))
    for number in there:
        if where == path(number):
            return Answer(article(number, day))
    return Answer(frame("Không tìm thấy trang", "<h1>404</h1><p>Không tìm thấy trang.</p>"), 404)


def is_article(where: str) -> bool:
    return where.startswith("/tin-tuc/") and where.endswith(".html")


def number_of(where: str) -> int:
    return int(where.rpartition("-")[2].removesuffix(".html")) - 1000


Fault = Callable[[str, int], Answer]


def on(bad: range, fault: Fault, *, articles_only: bool = False) -> Days:
    """Return a portal that answers with a fault on these days."""

    def days(where: str, day: int) -> Answer:
        if day in bad and (is_article(where) or not articles_only):
            return fault(where, day)
        return well(where, day)

    return days


# --- the faults --------------------------------------------------------------------------------------------

NOTICE = (
    "<h1>Thông tin từ ban quản trị</h1><p>Kính thưa bạn đọc, từ hôm nay ban biên tập đang chuyển toàn bộ dữ liệu của trang"
    " sang hệ thống máy chủ mới của tỉnh, nên các chuyên mục chưa mở được như thường ngày.</p><p>Việc chuyển dữ liệu dự"
    " kiến xong trong vài ngày tới. Trong thời gian đó, bạn đọc có thể theo dõi tin tức của huyện trên đài truyền thanh"
    " và bảng tin của các xã. Ban biên tập mong được bạn đọc thông cảm và sẽ trở lại sớm nhất.</p>"
)
CASINO = (
    "<h1>Nha cai uy tin so 1 - nhan thuong 100%</h1>"
    + "<p>Tham gia ca cuoc bong da, casino truc tuyen, no hu doi"
    " thuong, nap rut nhanh trong 5 phut, khuyen mai moi ngay cho thanh vien moi dang ky tai khoan hom nay.</p>"
    * 4
)
LOGIN = (
    "<h1>Đăng nhập hệ thống</h1><form method='post'><label>Tên đăng nhập <input name='u'></label><label>Mật khẩu"
    " <input type='password' name='p'></label><button>Đăng nhập</button></form>"
)


def shows(content: str, name: str = "Trang thông tin", status: int = 200) -> Fault:
    return lambda _where, _day: Answer(frame(name, content), status)


def newest_everywhere(_where: str, day: int) -> Answer:
    return Answer(article(numbers(day)[-1], day))


def exchanged(where: str, day: int) -> Answer:
    other = {path(7): 8, path(8): 7}.get(where)
    return Answer(article(other, day)) if other else well(where, day)


def half_the_page(where: str, day: int) -> Answer:
    answer = well(where, day)
    return Answer(answer.body[: len(answer.body) * 6 // 10], answer.status) if is_article(where) else answer


def teaser(where: str, day: int) -> Answer:
    number = number_of(where)
    if number not in numbers(day):
        return well(where, day)
    return Answer(article(number, day, body=[paragraphs(number, day)[0], "Vui lòng đăng nhập để xem tiếp."]))


def loading(where: str, day: int) -> Answer:
    number = number_of(where)
    return (
        Answer(article(number, day, body=["Đang tải dữ liệu"]))
        if number in numbers(day)
        else well(where, day)
    )


def without_author(where: str, day: int) -> Answer:
    number = number_of(where)
    return Answer(article(number, day, author=False)) if number in numbers(day) else well(where, day)


def dated_today(where: str, day: int) -> Answer:
    number = number_of(where)
    today = (BEGIN + timedelta(days=day)).astimezone(VIETNAM).strftime("%d/%m/%Y")
    if number not in numbers(day):
        return well(where, day)
    return Answer(article(number, day, when=f"Ngày đăng: {today} 06:00"))


def without_date(where: str, day: int) -> Answer:
    number = number_of(where)
    return Answer(article(number, day, when=" ")) if number in numbers(day) else well(where, day)


def to_login(where: str, day: int) -> Answer:
    return moved("/dang-nhap?ve=" + where) if is_article(where) else well(where, day)


def with_login(fault: Fault) -> Fault:
    return lambda where, day: (
        shows(LOGIN)(where, day) if where.startswith("/dang-nhap") else fault(where, day)
    )


def to_another_host(_where: str, _day: int) -> Answer:
    return moved("https://khac.example/")


def refused(_where: str, _day: int) -> Answer:
    return Answer(refused=ProblemKind.ROBOTS)


def loop(where: str, _day: int) -> Answer:
    return moved(where)


def missing(_where: str, _day: int) -> Answer:
    return Answer(frame("Không tìm thấy trang", "<p>Không tìm thấy trang.</p>"), 404)


def missing_but_home(where: str, day: int) -> Answer:
    return well(where, day) if where == "/" else missing(where, day)


def plain(status: int, body: bytes = b"") -> Fault:
    return lambda _where, _day: Answer(body, status)


SHELL = b"<!DOCTYPE html><html><head><title>App</title></head><body><div id='root'></div><script src='/a.js'></script></body></html>"

# Name -> the days on which it lasts, and what is answered; after that the portal is well again.
BAD: dict[str, Days] = {
    "notice everywhere, a day": on(range(1, 2), shows(NOTICE)),
    "notice at articles, a day": on(range(1, 2), shows(NOTICE), articles_only=True),
    "notice everywhere, three days": on(range(1, 4), shows(NOTICE)),
    "notice at articles, three days": on(range(1, 4), shows(NOTICE), articles_only=True),
    "login form, four days": on(range(2, 6), shows(LOGIN), articles_only=True),
    "login by redirect, four days": on(range(2, 6), with_login(to_login)),
    "casino page, a day": on(range(1, 2), shows(CASINO), articles_only=True),
    "newest article everywhere, a day": on(range(1, 2), newest_everywhere, articles_only=True),
    "two addresses exchanged, a day": on(range(3, 4), exchanged, articles_only=True),
    "half a page, two days": on(range(2, 4), half_the_page, articles_only=True),
    "teaser, two days": on(range(2, 4), teaser, articles_only=True),
    "loading, two days": on(range(2, 4), loading, articles_only=True),
    "author lost, two days": on(range(2, 4), without_author, articles_only=True),
    "date lost, two days": on(range(2, 4), without_date, articles_only=True),
    "dated by the day of the visit, three days": on(range(2, 5), dated_today, articles_only=True),
    "no content, four days": on(range(2, 6), plain(204), articles_only=True),
    "empty answers, four days": on(range(2, 6), plain(200), articles_only=True),
    "script shell, four days": on(range(2, 6), plain(200, SHELL), articles_only=True),
    "unchanged that never was, four days": on(range(2, 6), plain(304), articles_only=True),
    "articles missing, four days": on(range(2, 6), missing, articles_only=True),
    "all but home missing, four days": on(range(2, 6), missing_but_home),
    "articles on another host, four days": on(range(2, 6), to_another_host, articles_only=True),
    "robots.txt refuses articles, four days": on(range(2, 6), refused, articles_only=True),
    "redirects without an end, four days": on(range(2, 6), loop, articles_only=True),
    "articles forbidden, four days": on(range(2, 6), plain(403, b"<h1>403</h1>"), articles_only=True),
    "server fails, three days": on(range(2, 5), plain(503, b"<h1>503</h1>")),
}
__all__ = ["BAD", "HTML", "UTC", "well"]
