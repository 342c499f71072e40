"""Recognising personal names in Vietnamese text by their first syllable."""

from __future__ import annotations

import re
import unicodedata

from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.written import is_syllable

# Family names of the Kinh and of the peoples of the northern mountains.
_FAMILY = """
An Âu Bạch Bàn Bàng Bành Bế Bùi Cà Cao Cầm Châu Chẩu Chẻo Chu Cù Cung Cứ Danh Diệp Doãn Dương Đàm Đào Đặng
Đậu Điêu Điểu Đinh Đoàn Đồng Đỗ Đới Đường Giàng Giáp Hà Hạ Hạng Hảng Hầu Hoa Hoàng Hồ Hờ Hứa Huỳnh Khoàng
Khổng Khuất Khúc Khương Kiều Kim La Lại Lâm Lê Lò Lồ Lù Lục Lừu Lường Lương Lưu Lữ Ly Lỳ Lý Ma Má Mã Mạc Mai
Mạnh Mùa Mùi Nghiêm Ngô Ngọ Nguyễn Nhâm Nhữ Ninh Nông Nùng Phạm Phan Phàn Phà Phí Phùng Poòng Pờ Quách
Quàng Quảng Quản Sầm Sần Sình Sùng Tạ Tao Tăng Tẩn Tần Thạch Thái Thào Thân Tô Tôn Tòng Tống Tráng Trần
Triệu Trình Trịnh Trương Từ Ung Uông Vàng Văn Vi Vì Viên Võ Vũ Vừ Vương Xa Y
"""
# Syllables that names without a family name begin with: pen names such as "Hương Dịu".
_GIVEN = """
Anh Ái Ánh Ân Bảo Bằng Bích Bình Cẩm Cảnh Chí Chiến Chinh Công Cúc Cường Diễm Diệu Dịu Doanh Dung Dũng Duy
Duyên Đại Đan Đăng Đạt Điệp Đình Đông Đức Gia Giang Hải Hạnh Hân Hằng Hậu Hiền Hiển Hiếu Hiệp Hoài Hoan Hoàn
Hòa Hồng Hợp Huân Huế Huệ Hùng Huy Huyền Hương Hường Hưng Hữu Khải Khang Khánh Khoa Khôi Khuê Kiên Kiệt Kỳ
Lan Lập Lệ Liên Liễu Linh Loan Long Lộc Luân Lực Mến Minh Mỹ My Nam Nga Ngân Nghĩa Ngọc Nguyên Nguyệt Nhã
Nhàn Nhân Nhật Nhi Nhung Như Oanh Phi Phong Phú Phúc Phương Phượng Quân Quang Quế Quốc Quý Quyên Quyết Quỳnh
Sáng Sơn Sinh Song Tài Tâm Tân Thanh Thành Thảo Thắm Thắng Thế Thi Thị Thiên Thiện Thịnh Thoa Thơ Thơm Thu
Thủy Thùy Thúy Thuận Thư Thương Tiên Tiến Tín Tình Toàn Tố Trà Trang Trâm Trí Triều Trinh Trọng Trung Trúc
Trường Tú Tuấn Tuệ Tùng Tuyên Tuyết Tường Tươi Uyên Vân Việt Vinh Vĩnh Vượng Xuân Yến
"""
# What begins as a name does and is none: provinces before and after 1 July 2025, districts of Lai Châu,
# Điện Biên, Lào Cai and Bắc Kạn, and phrases of official texts.
_NOT_NAMES = """
An Giang|Bình Dương|Bình Định|Bình Phước|Bình Thuận|Cao Bằng|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam
|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hưng Yên|Khánh Hòa|Kiên Giang|Lai Châu|Lâm Đồng
|Lạng Sơn|Lào Cai|Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam
|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Thừa Thiên|Tiền Giang
|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái|Huế|Đà Nẵng|Cần Thơ|Đắk Lắk|Điện Biên|Bắc Kạn|Phong Thổ
|Tân Uyên|Than Uyên|Tam Đường|Sìn Hồ|Nậm Nhùn|Mường Tè|Tuần Giáo|Tủa Chùa|Sa Pa|Bát Xát|Bảo Thắng|Bảo Yên
|Bắc Hà|Văn Bàn|Ngân Sơn|Bạch Thông|Ba Bể|Chợ Đồn|Chợ Mới|Na Rì|Việt Nam|Trung Ương|Trung Tâm|Thành Phố
|Thành Ủy|Thành Đoàn|Thị Ủy|Thị Xã|Thị Trấn|Quốc Hội|Quốc Gia|Văn Phòng|Văn Hóa|Văn Bản|Văn Nghệ|Văn Học
|Đại Hội|Đại Biểu|Công An|Công Đoàn|Công Tác|Công Ty|Công Chức|Công Nghệ|Đoàn Thanh|Đoàn Đại|Đoàn Công
|Đoàn Viên|Đoàn Kết|Thanh Niên|Thanh Tra|Thanh Thiếu|Gia Đình|Quân Đội|Quân Sự|Quân Khu|Hồ Chí|Hoàng Sa
|Trường Sa|Trường Học|Trường Chính|Nhân Dân|Nông Dân|Nông Nghiệp|Nông Thôn|Nông Lâm|Lâm Nghiệp|Sinh Viên
|Phương Án|Phương Hướng|Thi Đua|Thế Giới|Thiên Tai|Tuyên Giáo|Tuyên Truyền|Hải Quan|Y Tế|Ông Bà|Ninh Kiều
|Điện Lực|Hội Nghị|Minh Họa|Tình Hình|Kiên Quyết|Quyết Tâm|Quyết Định|Quyết Thắng|Hạnh Phúc|Hợp Tác|Xuân Quê
|Phong Trào|Phú Quốc|Đồng Chí|Đồng Bào|Mạnh Thường|Lưu Ý|Chu Đáo|Xa Xôi|Kim Ngạch|Tài Chính|Tài Nguyên
|Tài Liệu|Hà Tiên|Cao Tốc|Mai Châu
"""

_MARKS = re.compile("[\u0300-\u036f]")


def _key(text: str) -> str:
    """Bring both tone styles (Thuỷ, Thủy) and letter cases together, but not words of different marks."""
    return (
        fold(text)
        + "".join(sorted(_MARKS.findall(unicodedata.normalize("NFD", text))))
        + "đ" * text.lower().count("đ")
    )


_FAMILY_KEYS = frozenset(map(_key, _FAMILY.split()))
_GIVEN_KEYS = frozenset(map(_key, _GIVEN.split()))
_NOT_NAME_KEYS = frozenset(_key(words) for entry in _NOT_NAMES.split("|") if (words := entry.strip()))


def is_person(text: str) -> bool:
    """Say whether `text` is nothing but one personal name: two to five capitalised syllables.

    The first is a family name, or one that pen names begin with (then three syllables at the most). Names of
    provinces and phrases of official texts that begin so are none.
    """
    words = unicodedata.normalize("NFC", text).split()
    if not 2 <= len(words) <= 5 or not all(_is_capitalised(word) for word in words):
        return False
    if _key(" ".join(words[:2])) in _NOT_NAME_KEYS or _key(words[0]) in _NOT_NAME_KEYS:
        return False
    first = _key(words[0])
    if first in _FAMILY_KEYS:
        return True
    return first in _GIVEN_KEYS and len(words) <= 3 and all(is_syllable(word) for word in words)


def _is_capitalised(word: str) -> bool:
    letters = word.replace("'", "").replace("’", "")
    return letters.isalpha() and letters[0].isupper() and (letters[1:].islower() or letters.isupper())
