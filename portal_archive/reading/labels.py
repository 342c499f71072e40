"""Every Vietnamese (and English) label the readers look for, with its diacritics, in one place.

Readers compare text folded by `vietnamese.folding.fold`, so that NFD pages, both tone styles and capitals meet the same
constant. Sources: the pages and templates named in docs/design.md.
"""

import re
from collections.abc import Iterable, Mapping

from portal_archive.vietnamese.folding import fold


def folded_pattern(labels: Iterable[str], *, before: str = "", after: str = "") -> re.Pattern[str]:
    """Return a pattern that finds any of the labels in folded text, the longest first.

    A space in a label stands for any run of spaces; `before` and `after` are patterns put around.
    """
    folded = sorted({fold(label) for label in labels}, key=len, reverse=True)
    alternatives = "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in folded)
    return re.compile(f"{before}(?:{alternatives}){after}")


# --- dates ---------------------------------------------------------------------------------------------

# What stands before the date an article was published, and before the one it was last changed.
DATE_POSTED_LABELS = (
    "Thời gian đăng", "Thời gian đăng tin", "Ngày đăng", "Ngày đăng tin", "Đăng ngày", "Đăng lúc",
    "Đăng tin lúc", "Được đăng", "Được đăng ngày", "Được đăng vào", "Đăng vào",
    "Gửi lúc", "Ngày gửi", "Gửi ngày", "Ngày xuất bản", "Xuất bản",
    "Xuất bản ngày", "Ngày viết", "Viết ngày", "Ngày tạo", "Ngày phát hành", "Posted", "Posted on",
    "Published", "Published on", "Publish date", "Date",
)  # fmt: skip
DATE_UPDATED_LABELS = (
    "Cập nhật", "Cập nhật lúc", "Cập nhật ngày", "Ngày cập nhật", "Cập nhật lần cuối", "Lần cập nhật cuối",
    "Cập nhật mới nhất", "Sửa lần cuối", "Chỉnh sửa lần cuối", "Updated", "Last updated", "Modified",
)  # fmt: skip
_BEFORE_DATE = r"(?:\s+(?:vao|luc|ngay))?[\s:.|\-–]*$"
DATE_POSTED = folded_pattern(DATE_POSTED_LABELS, before=r"(?<![a-z])", after=_BEFORE_DATE)
DATE_UPDATED = folded_pattern(DATE_UPDATED_LABELS, before=r"(?<![a-z])", after=_BEFORE_DATE)
# A date after one of these is the clock of the page, as is a weekday's date in its top lines that is followed
# by one of the second kind.
CLOCK_LABELS = ("Hôm nay", "Bây giờ là", "Today")
CLOCK_BEFORE = folded_pattern(CLOCK_LABELS, before=r"(?<![a-z])", after=r"(?:\s+la)?[\s:,|\-–]*$")
CLOCK_NEIGHBOURS = (
    "Hotline", "Đường dây nóng", "Điện thoại", "Email", "Thư điện tử", "Trang chủ", "Trang nhất",
    "Đăng nhập", "Đăng ký", "Tìm kiếm", "Liên hệ", "Giới thiệu", "Sơ đồ cổng", "Sơ đồ trang", "Sơ đồ site",
    "Sitemap", "RSS", "English", "Tiếng Việt", "Menu", "Home", "Góp ý", "Hỏi đáp", "Facebook", "Youtube",
    "Zalo", "Tin tức", "Truyền hình", "E-Magazine",
)  # fmt: skip
CLOCK_NEIGHBOUR = folded_pattern(CLOCK_NEIGHBOURS, before=r"^[^a-z]*", after=r"(?![a-z])")

# --- bylines -------------------------------------------------------------------------------------------

# «Tin, ảnh: », «Bài và ảnh: », «Thực hiện: » before a name at the end (or the beginning) of a body.
BYLINE_MATTERS = (
    "Tin", "Bài", "Ảnh", "Tin bài", "Tin ảnh", "Bài ảnh", "Bài viết", "Hình ảnh", "Phóng sự",
    "Phóng sự ảnh", "Clip", "Video", "Đồ họa", "Hình",
)  # fmt: skip
BYLINE_ROLES = (
    "Tác giả", "Tác giả bài viết", "Người viết", "Người viết bài", "Người đăng", "Người đăng tin",
    "Đăng bởi", "Thực hiện", "Người thực hiện", "Nhóm thực hiện", "Nhóm phóng viên", "Nhóm PV", "Biên tập",
    "Tổng hợp", "Sưu tầm", "Phóng viên", "PV", "Author", "By",
)  # fmt: skip
_MATTER = folded_pattern(BYLINE_MATTERS).pattern
_ROLE = folded_pattern(BYLINE_ROLES).pattern
_AND_MATTER = rf"(?:\s*(?:[,/&+\-–]|va)\s*{_MATTER})"
BYLINE_LABEL = re.compile(rf"(?<![a-z])(?:{_MATTER}{_AND_MATTER}{{0,3}}|(?P<role>{_ROLE}))\s*:\s*")
# The same without its colon: «Tin, ảnh Minh Thùy».
BYLINE_BARE_LABEL = re.compile(rf"{_MATTER}{_AND_MATTER}{{1,3}}\s+")
# Who made the pictures; such a label may also begin a caption.
PICTURE_LABELS = tuple(fold(label) for label in ("Ảnh", "Hình", "Clip", "Video", "Đồ họa"))
BYLINE_SOURCES = ("Nguồn", "Nguồn tin", "Nguồn ảnh", "Theo nguồn", "Source")
BYLINE_SOURCE = folded_pattern(BYLINE_SOURCES, after=r"(?P<colon>\s*:)?\s*")
BYLINE_ACCORDING = folded_pattern(("Theo",), after=r"\s*:?\s+")
# What a source begins with where it is no domain and in small letters.
SOURCE_KINDS = ("báo", "tạp chí", "cổng", "trang", "đài", "website", "bản tin")
BYLINE_SOURCE_KINDS = folded_pattern(SOURCE_KINDS, after=r"\s")
# Bylines that name nobody.
PENS = ("PV", "P.V", "BBT", "BTV", "CTV", "Ban Biên tập", "Nhóm PV", "Phóng viên")
BYLINE_PENS = frozenset(fold(name) for name in PENS)
# «TS (tổng hợp)»
NOTES = ("tổng hợp", "t/h", "th", "sưu tầm", "st", "theo", "lược", "ghi", "biên soạn")
BYLINE_NOTES = folded_pattern(NOTES, after=r"(?![a-z])")
# A name after one of these is the signature of a document.
SIGNATURE_OPENERS = ("TM.", "KT.", "TL.", "TUQ.", "T/M", "K/T", "(Đã ký)", "Đã ký", "Nơi nhận", "Người ký")
SIGNATURE_START = folded_pattern(SIGNATURE_OPENERS)
OFFICES = (
    "Ủy viên", "Bí thư", "Phó Bí thư", "Chủ tịch", "Phó Chủ tịch", "Trưởng", "Phó Trưởng", "Trưởng ban",
    "Phó ban", "Giám đốc", "Phó Giám đốc", "Chánh", "Phó Chánh", "Hiệu trưởng", "Thủ trưởng",
    "Tỉnh ủy viên", "Huyện ủy viên", "Thành ủy viên", "Đại biểu", "Thạc sĩ", "Tiến sĩ", "ThS", "TS", "PGS",
    "GS",
)  # fmt: skip
OFFICE_START = folded_pattern(OFFICES, after=r"(?![a-z])")
# Accounts of a CMS that stand where an author should.
ACCOUNT_NAMES = frozenset(
    fold(name)
    for name in (
        "Admin", "Administrator", "Quản trị", "Quản trị viên", "Quản trị hệ thống", "Quản trị website",
        "Quản trị cổng", "Ban quản trị", "Super User", "Super Administrator", "SuperUser Account",
        "Super Admin", "Webmaster", "Web Admin", "Portal Admin", "System", "System Account", "Test User",
        "Guest", "Khách", "Default", "Unknown", "Anonymous", "None", "Editor", "Author", "User", "Host",
        "Root", "Null",
    )
)  # fmt: skip

# --- visitor counters ----------------------------------------------------------------------------------

# The read count of one article. "Lượt truy cập" is the site's in most portals, an article's in mojoPortal.
VIEW_LABELS = (
    "Lượt đọc", "Lượt xem", "Số lượt đọc", "Số lượt xem", "Số lần đọc", "Số lần xem", "Lần đọc", "Lần xem",
    "Đã xem", "Đã đọc", "Lượt view", "View count", "Views", "Hits", "Lượt truy cập", "Số lượt truy cập",
)  # fmt: skip
RATING_LABEL = "Tổng số điểm của bài viết là"

# The rows of a site's visitor counter. These say by themselves that they count visits ...
COUNTER_LABELS: Mapping[str, tuple[str, ...]] = {
    "online": (
        "Đang truy cập", "Đang online", "Đang trực tuyến", "Online hiện tại", "Khách đang online",
        "Số người online", "Số lượt đang online", "Số người đang online", "Số người đang truy cập",
        "Số lượt đang truy cập", "Lượt đang truy cập", "Hiện đang truy cập",
        "Người đang online", "Người đang truy cập", "Tổng số trực tuyến", "Số người trực tuyến",
        "Số lượt trực tuyến", "Trực tuyến hiện tại", "Người online", "Số khách online",
        "Truy cập hiện tại", "Đang xem online", "Số người đang trực tuyến",
    ),
    "members": ("Thành viên online", "Thành viên đang online", "Thành viên trực tuyến"),
    # The second as a scan of such a block has it.
    "bots": ("Máy chủ tìm kiếm", "Máy chủ bận kiệm"),
    "guests": ("Khách viếng thăm", "Khách vãng lai"),
    "total": (
        "Tổng truy cập", "Tổng lượt truy cập", "Tổng lượng truy cập", "Tổng số truy cập",
        "Tổng số lượt truy cập", "Tổng số lượng truy cập", "Tổng cộng lượt truy cập",
        "Tất cả lượt truy cập", "Tất cả truy cập", "Tổng số người truy cập", "Tổng lượt người truy cập",
        "Tổng số lượt người truy cập", "Tổng lượt khách truy cập", "Tổng số khách truy cập",
        "Tổng số lượt khách truy cập", "Tổng lượt truy cập website", "Đã truy cập",
        "Số lượt đã truy cập", "Số lần truy cập", "Tổng số lần truy cập", "Bạn là người truy cập thứ",
    ),
}  # fmt: skip
# ... these only in a block that has a row of the first kind or a heading ...
COUNTER_BARE_LABELS: Mapping[str, tuple[str, ...]] = {
    "online": ("Online", "Trực tuyến", "Đang xem", "Hiện tại"),
    "members": ("Thành viên",),
    "guests": ("Khách",),
    "total": ("Tổng", "Tổng số", "Tổng cộng", "Tất cả", "Thống kê", "Total", "Tổng lượt", "Tổng số lượt"),
}
# ... and these bare ones are of the first kind when a prefix says what is counted: "Truy cập hôm nay".
COUNTER_PERIODS: Mapping[str, tuple[str, ...]] = {
    "today": ("Hôm nay", "Ngày hôm nay", "Trong ngày", "Ngày", "Today"),
    "yesterday": ("Hôm qua", "Ngày hôm qua", "Yesterday"),
    "week": ("Tuần", "Tuần này", "Trong tuần", "Tuần hiện tại", "This week"),
    "month": ("Tháng", "Tháng này", "Trong tháng", "Tháng hiện tại", "This month"),
    "last_month": ("Tháng trước", "Last month"),
    "year": ("Năm", "Năm nay", "Trong năm", "Năm hiện tại", "Năm này", "This year"),
}
COUNTER_PERIOD_PREFIXES = (
    "Truy cập", "Lượt truy cập", "Số lượt truy cập", "Số truy cập", "Tổng lượt truy cập", "Tổng truy cập",
    "Số người truy cập", "Lượng truy cập",
)  # fmt: skip
# Headings of the block that stand for its total when a number follows at once ("Lượt truy cập: 1.000.000").
COUNTER_TOTAL_HEADINGS = (
    "Lượt truy cập", "Số lượt truy cập", "Số lượng truy cập", "Lượng truy cập", "Số người truy cập",
    "Lượt người truy cập", "Người truy cập", "Lượt khách truy cập", "Bộ đếm lượt truy cập",
    "Số lượng người truy cập", "Số truy cập", "Số lượt người truy cập",
)  # fmt: skip
COUNTER_HEADINGS = (
    "Thống kê truy cập", "Thống kê lượt truy cập", "Thống kê lượng truy cập", "Thống kê số lượt truy cập",
    "Thống kê người truy cập", "Thống kê website", "Thống kê trực tuyến", "Thông tin truy cập", "Bộ đếm",
    "Bộ đếm truy cập", "Thống kê người dùng", "Visitor counter", "Khách truy cập",
)  # fmt: skip
# "Đã có 2.500 lượt truy cập": before the number, the label behind it.
COUNTER_OPENERS = ("Đã có", "Website đã có", "Trang web đã có", "Cổng đã có", "Hiện có", "Đang có")
# What may stand behind the number.
COUNTER_UNITS = ("lượt", "lượt truy cập", "lượt người", "người", "khách", "truy cập", "lần", "hits")
# Parts of the words above that stand in the source of every page with a counter, however its accented letters
# are composed or encoded; and those that are looked for where the first give no total.
COUNTER_NEEDLES = ("ruy c", "nline")
COUNTER_RARE_NEEDLES = (
    "ruy C", "RUY C", "ruy\u00a0c", "ruy&nbsp;c", "NLINE", "c tuy", "c Tuy", "C TUY", "ộ đếm", "Ộ ĐẾM",
    "o\u0323\u0302 đe\u0302\u0301m", "isitor counter",
)  # fmt: skip
COUNTER_LOADING = ("Đang tải", "Đang tải dữ liệu", "Đang cập nhật", "Loading")
# A line with one of these and «Lượt truy cập» is about an article, not the site.
ARTICLE_META = folded_pattern(
    (
        "Ngày đăng", "Đăng ngày", "Thời gian đăng", "Đăng lúc", "Cập nhật", "Ngày cập nhật", "Gửi lúc",
        "Tác giả", "Lượt xem", "Lượt đọc", "Người đăng", "Nguồn tin", "Bình luận",
    ),
    before=r"(?<!\w)", after=r"(?!\w)",
)  # fmt: skip
# A date on a line with one of these is the site's.
SITE_META = folded_pattern(("Giấy phép", "Bản quyền", "GP", "Copyright", "©"), before=r"(?<!\w)")

# --- article meta, toolbars, related links, page kinds -------------------------------------------------

# What the text of a caption begins with, where neither markup nor place gives it away.
CAPTION_OPENERS = (
    "Quang cảnh", "Toàn cảnh", "Các đại biểu", "Đại biểu", "Đồng chí", "Đ/c", "Các đồng chí", "Lãnh đạo",
    "Ảnh:", "Ảnh minh họa", "Ảnh minh hoạ", "Khung cảnh", "Một góc", "Hình ảnh", "Ông", "Bà",
)  # fmt: skip
CAPTION_START = folded_pattern(CAPTION_OPENERS, after=r"\b")
SCENE_START = folded_pattern(("Quang cảnh", "Toàn cảnh", "Khung cảnh", "Ảnh minh họa"), after=r"\b")
# What a byline begins with, which after a picture must not be taken for its caption.
BYLINE_OPENERS = (
    "Tin, ảnh", "Tin và ảnh", "Bài, ảnh", "Bài và ảnh", "Tin bài", "Tin:", "Bài:", "Tác giả", "Nguồn", "Thực hiện",
    "Theo",
)  # fmt: skip
BYLINE_START = folded_pattern(BYLINE_OPENERS, before=r"^\W*")

# Lines of toolbars and buttons that leak into the text.
TOOLBAR_LABELS = (
    "A- A A+", "A A+", "A+ A-", "A-", "A+", "A", "Tăng cỡ chữ", "Giảm cỡ chữ", "Cỡ chữ", "Tăng tương phản",
    "Giảm tương phản", "Tương phản", "Chia sẻ bài viết lên facebook", "Chia sẻ bài viết lên twitter",
    "Chia sẻ bài viết lên google+", "Chia sẻ", "Chia sẻ qua", "In ấn", "In trang", "In bài", "In bài này",
    "In bài viết", "In ra", "In tin", "Bản in", "Print", "Gửi bài này", "Gửi email", "Gửi mail",
    "Gửi bài viết qua email",
    "Giới thiệu bài viết cho bạn bè", "Lưu bài viết này", "Lưu bài", "Quay lại", "Trở về", "Trở lại",
    "Đầu trang", "Lên đầu trang", "Về đầu trang", "Xem với cỡ chữ", "Đọc bài viết", "Nghe bài viết", "Nghe đọc bài",
    "Xem tiếp", "Xem thêm", "Chi tiết", "Đọc tiếp", "Tweet", "Facebook", "Zalo", "Google+", "Twitter", "Email",
    "Copy link", "Sao chép liên kết", "Truy cập nội dung luôn", "Like", "Share", "null", "100%", "Gốc", "Trước",
    "Tiếp", "Sau", "Giọng nữ", "Giọng nam", "Tốc độ", "Mặc định", "Theo dõi", "Google News",
    "Xem cỡ chữ", "Đóng", "Phóng to", "Thu nhỏ", "Tin bài", "Kích thước chữ", "Màu sắc",
)  # fmt: skip
TOOLBAR_LINE = folded_pattern(TOOLBAR_LABELS, before=r"^(?>(?>", after=r")[\s|/·•:,+.-]*+)++$")
# Titles of page blocks that SharePoint pages print among the text.
BLOCK_TITLE = re.compile(r"^(?:publishingportal\s*-\s*)?block_\w+$|^publishingportal\b.*$", re.I)

# What the name of a site begins with.
SITE_NAME_OPENERS = (
    "Trang thông tin điện tử", "Cổng thông tin điện tử", "Trang chủ", "Cổng TTĐT", "Trang TTĐT", "Cổng thông tin",
    "Trang tin điện tử", "Trang tin",
)  # fmt: skip

# Where the article is over: everything after such a line belongs to the page.
END_LABELS = (
    "Tổng số điểm của bài viết là", "Click để đánh giá bài viết", "Đánh giá bài viết", "Xếp hạng",
    "Những tin mới hơn", "Những tin cũ hơn", "Tin mới hơn", "Tin cũ hơn", "Các tin khác", "Tin khác",
    "Tin liên quan", "Tin cùng chuyên mục", "Tin cùng loại", "Bài viết liên quan", "Bài liên quan", "Bài viết khác",
    "Các bài khác", "Các bài viết khác", "Các tin đã đưa", "Tin đã đưa", "Tin mới nhất", "Tin mới", "Tin đọc nhiều",
    "Tin xem nhiều", "Xem nhiều", "Bài viết cùng chuyên mục", "Cùng chuyên mục", "Danh sách bài viết mới",
    "Danh sách bài viết cũ", "Bài viết mới", "Các bài viết cùng chuyên mục", "Các tin liên quan", "Tin tức khác",
    "Tin tức liên quan", "Các bài viết liên quan", "Bài đọc nhiều", "Tin nổi bật", "Các tin mới", "Các tin cũ hơn",
    "Các tin mới hơn", "Các tin cũ", "Các tin cùng chuyên mục", "Tin tiếp theo", "Tin tức cùng chuyên mục",
    "Ý kiến bạn đọc", "Bình luận", "Gửi bình luận", "Ý kiến của bạn", "Phản hồi", "Gửi ý kiến", "Viết bình luận",
    "Thống kê truy cập", "Số lượng truy cập", "Lượt truy cập", "Bộ đếm truy cập", "Liên kết web",
    "Liên kết website", "Bản đồ hành chính", "Bản đồ địa giới hành chính", "File đính kèm", "Tập tin đính kèm",
    "Tệp đính kèm", "Tài liệu đính kèm", "Văn bản đính kèm", "Tags", "Từ khóa", "Từ khoá", "Tag", "Related news",
    "Other news", "Comments",
)  # fmt: skip
END_LINE = re.compile(
    folded_pattern(END_LABELS, before=r"^\W*", after=r"(?:\s*\(\d+\))?\W*(?:$|:|trong\b|\d)").pattern
    # «Các tin bài khác», «Những bài viết cùng chuyên mục», «Tin đã đăng» ...
    + r"|^\W*(?:cac |nhung |mot so )?(?:(?:tin|bai|viet|tuc|thong tin|su kien|van ban|noi dung),? ?(?:va )?){1,3}"
    r"(?:lien quan|khac|cung (?:chuyen muc|loai|chu de)|moi(?: nhat| hon| dang)?|cu(?: hon)?|da (?:dua|dang)"
    r"|noi bat|(?:doc|xem) nhieu(?: nhat)?|tiep theo|quan tam)(?:\s*\(\d+\))?\W*$"
    r"|^\W*(?:co the ban quan tam|doc them|xem them|(?:doc|xem) nhieu(?: nhat)?)\W*$"
)
# What the lines at the foot of every page of a site begin with.
SITE_FOOT = folded_pattern(
    ("Bản quyền", "Giấy phép", "Cơ quan chủ quản", "Chịu trách nhiệm", "Đơn vị chủ quản", "©", "Copyright",
     "Cơ quan quản lý", "Trưởng ban biên tập", "Ghi rõ nguồn"),
    before=r"^\W*", after=r"(?!\w)",
)  # fmt: skip

# Labels of the fields of an article, as printed before their value.
AUTHOR_LABELS = (
    "Tác giả bài viết",
    "Tác giả",
    "Người viết",
    "Người đăng",
    "Người đăng tin",
    "Đăng bởi",
    "Author",
)
SOURCE_LABELS = ("Nguồn tin", "Nguồn", "Nguồn bài", "Theo nguồn", "Source")
TAG_LABELS = ("Tags", "Tag", "Từ khóa", "Từ khoá", "Thẻ", "Chủ đề")
COMMENT_LABELS = ("Phản hồi", "Bình luận", "Ý kiến", "Comments")
CATEGORY_LABELS = ("Chuyên mục", "Category")
HOME_LABELS = ("Trang chủ", "Trang nhất", "Home", "Trang Chính")
AUTHOR_LINE = folded_pattern(AUTHOR_LABELS, before=r"^\W*", after=r"\s*:\s*")
SOURCE_LINE = folded_pattern(SOURCE_LABELS, before=r"^\W*", after=r"\s*:\s*")
# What parts the fields of one line: «Tác giả: X | Ngày đăng: ... - Lượt xem: 9».
FIELD_BREAK = folded_pattern(
    (
        *AUTHOR_LABELS,
        *SOURCE_LABELS,
        *VIEW_LABELS,
        *DATE_POSTED_LABELS,
        *DATE_UPDATED_LABELS,
        *COMMENT_LABELS,
    ),
    before=r"\s*[|•·]\s*|\s+[-–—]\s+(?=(?:",
    after=r")\s*:)",
)
TRAIL = folded_pattern(HOME_LABELS, before=r"^\W*", after=r"\s*[>»›/|→]+\s*")
# A line that begins with one of these is no text.
FIELD_LINE = folded_pattern(
    (*AUTHOR_LABELS, *VIEW_LABELS, *DATE_POSTED_LABELS, *DATE_UPDATED_LABELS), before=r"^\W*", after=r"\s*:"
)
CATEGORY_LINE = folded_pattern(CATEGORY_LABELS, before=r"^\W*", after=r"\s*:\s*")
TAG_LINE = folded_pattern(TAG_LABELS, before=r"^\W*", after=r"\s*:\s*")
COMMENT_LINE = folded_pattern(COMMENT_LABELS, before=r"^\W*", after=r"\s*:?\s*\(?(\d+)\)?\s*$")

# A page that says with status 200 that there is nothing here.
MISSING_LABELS = (
    "Lỗi truy cập 404", "Không tìm thấy trang", "Trang không tồn tại", "Trang bạn yêu cầu không tồn tại",
    "Bài viết không tồn tại", "Bài viết này không tồn tại", "Nội dung không tồn tại", "Tin không tồn tại",
    "Không tìm thấy bài viết", "Không tìm thấy nội dung", "Bài viết đã bị xóa", "Bài viết đã bị xoá",
    "Nội dung bạn yêu cầu không tồn tại", "Bài viết không còn tồn tại", "Bài viết không tìm thấy",
    "Đường dẫn không tồn tại", "Liên kết không tồn tại", "Địa chỉ không tồn tại", "Trang này không tồn tại",
    "Không tìm thấy trang yêu cầu", "Không tìm thấy dữ liệu", "Không tồn tại bài viết", "Bài viết đã bị gỡ",
    "Trang bạn tìm không tồn tại", "Trang bạn đang tìm kiếm không tồn tại", "Xin lỗi, trang bạn tìm",
    "Bài viết không có hoặc đã bị xóa", "Tin bài không tồn tại", "Page not found", "404 Not Found", "Not Found",
    "Error 404", "404 error", "HTTP 404", "File or directory not found", "The resource cannot be found",
    "Nội dung này không tồn tại", "Nội dung đã bị xóa", "Bài viết bạn tìm không tồn tại",
    "Bài viết bạn yêu cầu không tồn tại", "Bài viết không tồn tại hoặc đã bị xóa",
)  # fmt: skip
MISSING = folded_pattern(MISSING_LABELS, before=r"(?<!\w)", after=r"(?!\w)")

# A page that a portal's defences put in place of the one that was asked for.
BLOCKED_LABELS = (
    "Hệ thống đang từ chối truy cập của bạn", "từ chối truy cập của bạn", "Bạn đã bị chặn",
    "Truy cập của bạn bị từ chối", "Truy cập bị từ chối", "Access Denied", "Request Rejected",
    "The requested URL was rejected", "Attention Required", "Just a moment", "Checking your browser",
    "Bạn không phải là robot", "Xác minh bạn là con người", "Verify you are human", "unusual traffic",
    "Too Many Requests", "Web Application Firewall", "Nhập mã xác nhận để tiếp tục", "Địa chỉ IP của bạn đã bị chặn",
)  # fmt: skip
BLOCKED = folded_pattern(BLOCKED_LABELS)
# How long a flood page asks to stay away.
WAIT_LABELS = ("Hãy đợi", "Vui lòng đợi", "Vui lòng chờ", "Thử lại sau", "Please wait")
WAIT_SECONDS = folded_pattern(
    WAIT_LABELS, after=r"(?:<[^>]{0,80}>|[^<\d]){0,20}(\d{1,4})(?:<[^>]{0,80}>|\s){0,5}(?:giay|s\b|sec)"
)
