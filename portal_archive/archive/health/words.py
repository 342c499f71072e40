"""What is said of a portal's state: why, and what to do, in English and Vietnamese."""

from __future__ import annotations

from typing import NamedTuple

from portal_archive.model.kinds import PortalState


class Message(NamedTuple):
    """The same sentence in both languages."""

    en: str
    vi: str


# States in which nobody is needed.
FINE = (PortalState.OK, PortalState.NEW, PortalState.CLOSED)

# Why a portal did not answer or refused, by the stable word in `portal_states.cause`.
CAUSES = {
    "dns": Message("its name is not found (DNS)", "không tìm thấy tên miền (DNS)"),
    "connection-refused": Message("the connection is refused", "kết nối bị từ chối"),
    "connection": Message("the connection breaks off", "kết nối bị ngắt"),
    "cut-short": Message("its answers break off", "trang trả về bị cắt giữa chừng"),
    "timeout": Message("it does not answer in time", "hết thời gian chờ mà không trả lời"),
    "tls": Message("no secure connection can be made (TLS)", "không lập được kết nối an toàn (TLS)"),
    "tls-expired": Message("its certificate has expired (TLS)", "chứng thư đã hết hạn (TLS)"),
    "tls-wrong-name": Message(
        "its certificate is for another name (TLS)", "chứng thư cấp cho tên miền khác (TLS)"
    ),
    "tls-weak": Message("its certificate is too weak (TLS)", "chứng thư quá yếu (TLS)"),
    "unreadable": Message("its answers cannot be read", "không đọc được trang trả về"),
    "flood": Message("it shows its flood page", "hiện trang chống truy cập dồn dập"),
    "captcha": Message("it asks for a captcha", "đòi mã xác nhận (captcha)"),
    "cookie-wall": Message(
        "it answers with a script that sets a cookie (the D1N wall)",
        "trả về đoạn mã đặt cookie (tường D1N)",
    ),
    "refusal": Message("it answers with a refusal", "trả về trang từ chối"),
    "robots": Message("its robots.txt forbids the home page", "robots.txt cấm trang chủ"),
    "redirects": Message("it redirects without an end", "chuyển hướng không dứt"),
    "private-address": Message(
        "its name leads to an address of a private network", "tên miền trỏ vào địa chỉ mạng riêng"
    ),
    "too-large": Message("its home page is larger than is read", "trang chủ lớn quá mức đọc"),
}

_UNREACHABLE_STEPS = {
    "dns": Message(
        "Open the home page in a browser. If the name is gone for good, find the new address and enter it as `home`"
        " in the portal's file; watch who registers the old name.",
        "Mở trang chủ bằng trình duyệt. Nếu tên miền mất hẳn, tìm địa chỉ mới rồi ghi vào `home` trong tệp của cổng;"
        " theo dõi ai đăng ký lại tên miền cũ.",
    ),
    "tls-expired": Message(
        "Write to the portal's operators: their certificate must be renewed. The next crawl tries again.",
        "Báo cho đơn vị quản lý cổng gia hạn chứng thư. Lần sau sẽ thử lại.",
    ),
    "tls-wrong-name": Message(
        "See in a browser whether the portal has another name now; if so, enter it as `home` in its file.",
        "Mở bằng trình duyệt xem cổng đã đổi tên miền chưa; nếu đã đổi, ghi vào `home` trong tệp của cổng.",
    ),
    "tls": Message(
        "See in a browser whether the connection is secure. An old server may need an exception in the portal's file.",
        "Mở bằng trình duyệt xem kết nối có an toàn không. Máy chủ cũ có thể cần một ngoại lệ trong tệp của cổng.",
    ),
}
_UNREACHABLE_STEP = Message(
    "The next crawl tries again. If it lasts longer than a day, open the home page from another network: if it"
    " answers there, this machine is shut out.",
    "Lần sau sẽ thử lại. Nếu kéo dài quá một ngày, mở trang chủ từ mạng khác: nếu nơi đó vào được thì máy này bị"
    " chặn.",
)
_BLOCKED_STEPS = {
    "flood": Message(
        "Ask more slowly: raise DOWNLOAD_DELAY in the portal's file, then crawl it again after an hour.",
        "Hỏi chậm lại: tăng DOWNLOAD_DELAY trong tệp của cổng, một giờ sau thu thập lại.",
    ),
    "robots": Message(
        "Nothing is read until robots.txt allows it. Ask the operators, and set CONTACT so that they know who asks.",
        "Chưa đọc gì khi robots.txt chưa cho phép. Xin phép đơn vị quản lý, và đặt CONTACT để họ biết ai hỏi.",
    ),
}
_BLOCKED_STEP = Message(
    "Open the home page in a browser from this machine. If people get in, ask the operators to let the crawler in, and"
    " set CONTACT so that they know who asks.",
    "Từ máy này mở trang chủ bằng trình duyệt. Nếu người vào được, đề nghị đơn vị quản lý cho phép thu thập, và đặt"
    " CONTACT để họ biết ai hỏi.",
)

FINE_STEP = Message("Nothing to do.", "Không cần làm gì.")
NEW_REASON = Message("never crawled", "chưa thu thập lần nào")
NOT_JUDGED = Message("no crawl has ended that could be judged", "chưa có lần thu thập nào kết thúc để xét")


def new_step(portal: str, home_url: str | None = None) -> Message:
    """Return how a portal is crawled; by its `home_url` where it has no file and is called as its host."""
    command = f"scrapy crawl portal -a url={home_url}" if home_url else f"scrapy crawl {portal}"
    return Message(command, command)


def closed(day: str, shown: Message) -> Message:
    """Return what is said of a portal whose file states since when it is closed, and of what it shows now."""
    return Message(
        f"closed since {day}, as its file says; {shown.en}", f"đã đóng từ {day} theo tệp của cổng; {shown.vi}"
    )


def cause(word: str) -> Message:
    """Return a cause in words."""
    if word in CAUSES:
        return CAUSES[word]
    if word.startswith("http-"):
        status = word.removeprefix("http-")
        return Message(f"it answers with status {status}", f"trả về mã lỗi {status}")
    return Message(f"it cannot be read ({word})", f"không đọc được ({word})")


def unreachable_step(word: str) -> Message:
    """Return what to do about a portal that does not answer."""
    return _UNREACHABLE_STEPS.get(word) or (
        _UNREACHABLE_STEPS["tls"] if word.startswith("tls") else _UNREACHABLE_STEP
    )


def blocked_step(word: str) -> Message:
    """Return what to do about a portal that refuses."""
    return _BLOCKED_STEPS.get(word, _BLOCKED_STEP)


def moved(host: str) -> tuple[Message, Message]:
    """Return reason and next step of a portal that leads away to another host."""
    return (
        Message(f"the home page redirects to {host}", f"trang chủ chuyển hướng sang {host}"),
        Message(
            f"See whose {host} is. If it is the portal's new address, enter it as `home` in its file; if not, the host"
            " is in other hands.",
            f"Xem {host} là của ai. Nếu là địa chỉ mới của cổng, ghi vào `home` trong tệp của cổng; nếu không, máy chủ"
            " đã vào tay người khác.",
        ),
    )


GONE_REASON = Message(
    "the home page is not there any more, nor is anything else", "trang chủ và các trang khác không còn nữa"
)
GONE_STEP = Message(
    "See whether the portal has a new address, and enter it as `home` in its file; if it was closed, say so there by"
    " `expect`. What was stored stays; `scrapy import --wayback` may fill what is lacking.",
    "Xem cổng có địa chỉ mới không rồi ghi vào `home` trong tệp của cổng; nếu đã đóng, ghi vào `expect`."
    " Những gì đã lưu vẫn còn; `scrapy import --wayback` có thể bổ sung phần thiếu.",
)
HOME_MISSING = Message(
    "the home page is not there, other pages still are", "trang chủ không còn, các trang khác vẫn còn"
)
HIJACKED_STEP = Message(
    "Look at the examples and do not rely on what was read since. Tell the portal's owner and the national cyber"
    " security centre (NCSC). If the owner is the same, dismiss the host-takeover findings: scrapy findings.",
    "Xem các trang ví dụ và đừng tin những gì đọc được từ đó. Báo chủ quản của cổng và Trung tâm Giám sát an toàn"
    " không gian mạng quốc gia (NCSC). Nếu chủ quản vẫn như cũ, bác các dấu hiệu host-takeover: scrapy findings.",
)

NOTHING_VISITED = Message("not one page was visited", "không thăm được trang nào")
NOTHING_FOUND = Message(
    "it answers, but no page shows an article or a list of articles",
    "cổng trả lời nhưng không trang nào có bài hay danh sách bài",
)
LISTS_EMPTY = Message("its lists announce no article any more", "các danh sách không còn giới thiệu bài nào")
NOTHING_VISITED_STEP = Message(
    "Read the log of the last crawl, and crawl it again.", "Xem nhật ký lần chạy cuối rồi thu thập lại."
)
REDESIGNED_STEP = Message(
    "Open the examples in a browser. If people see what is missing, the portal was rebuilt: teach the readers, then"
    " `scrapy reparse`. If the portal gives no more, say so in `expect` in its file.",
    "Mở các trang ví dụ bằng trình duyệt. Nếu người đọc thấy phần thiếu, cổng đã đổi giao diện: sửa bộ đọc rồi chạy"
    " `scrapy reparse`. Nếu cổng không đăng phần đó nữa, ghi vào `expect` trong tệp của cổng.",
)
SILENT_STEP = Message(
    "Look whether the portal has something newer than the archive. If so, its lists are read wrongly or have moved;"
    " if not, say in its file by `expect` how seldom it writes, or that it is closed.",
    "Xem cổng có tin mới hơn kho không. Nếu có, danh sách bị đọc sai hoặc đã dời; nếu không, ghi trong tệp của cổng"
    " bằng `expect` rằng cổng ít đăng, hoặc đã đóng.",
)


def silent(newest: str | None, days: int) -> Message:
    """Return the reason of a portal that gives nothing new; `newest` is the day of its newest article."""
    if newest is None:
        return Message(f"no article for {days} days", f"{days} ngày không có bài nào")
    return Message(
        f"nothing new for {days} days, longer than ever before; the newest article is of {newest}",
        f"{days} ngày không có bài mới, lâu hơn mọi lần trước; bài mới nhất ngày {newest}",
    )


def too_old(newest: str, days: int, most: int) -> Message:
    """Return the reason of a portal whose newest article is older than its file allows."""
    return Message(
        f"the newest article is of {newest}, {days} days old; at most {most} are expected",
        f"bài mới nhất ngày {newest}, đã {days} ngày; dự kiến không quá {most} ngày",
    )


def too_few(found: int, least: float, days: int) -> Message:
    """Return the reason of a portal with fewer new articles than its file expects."""
    return Message(
        f"{found} new articles in {days} days; at least {least:g} are expected",
        f"{found} bài mới trong {days} ngày; dự kiến ít nhất {least:g}",
    )


def too_many(found: int, most: float, days: int) -> Message:
    """Return the warning about a portal with more new articles than its file expects."""
    return Message(
        f"{found} new articles in {days} days; at most {most:g} are expected",
        f"{found} bài mới trong {days} ngày; dự kiến không quá {most:g}",
    )


def tampered(found: int, read: int) -> Message:
    """Return the warning about a portal some of whose articles carry signs of tampering."""
    return Message(
        f"{found} of {read} pages read carry signs of tampering: scrapy findings",
        f"{found} trên {read} trang vừa đọc có dấu hiệu bị can thiệp: scrapy findings",
    )


def above(field: str, share: str, most: str) -> Message:
    """Return the warning about a field that more articles have than expected."""
    return Message(
        f"{field}: {share} of articles, at most {most} expected", f"{field}: {share} số bài, dự kiến ≤ {most}"
    )


def degraded(field: str, before: str, after: str) -> Message:
    """Return the reason of a portal where a field is read more seldom than it should be."""
    if field == "counter":
        return Message("the visitor counter is not found any more", "không còn thấy bộ đếm truy cập")
    if field == "article":
        return Message(
            f"pages that should be articles show one in {after} of cases, {before} expected",
            f"trang lẽ ra là bài viết chỉ có bài ở {after} số lần, dự kiến {before}",
        )
    return Message(
        f"{field} is found in {after} of articles, {before} expected",
        f"{field} chỉ có ở {after} số bài, dự kiến {before}",
    )


def overdue(since: str, days: int) -> tuple[Message, Message]:
    """Return reason and next step of a portal that nobody crawls."""
    return (
        Message(f"not crawled for {days} days, since {since}", f"{days} ngày chưa thu thập, từ {since}"),
        Message(
            "See whether cron or systemd still starts the crawl, and what its log says.",
            "Xem cron hoặc systemd còn chạy lệnh thu thập không, và nhật ký nói gì.",
        ),
    )


def unreachable(word: str) -> Message:
    """Return the reason of a portal that does not answer."""
    return cause(word)
