"""Recognising personal names in Vietnamese text by their first syllable."""

from __future__ import annotations

import re

from portal_archive.vietnamese.folding import nfc
from portal_archive.vietnamese.places import districts, is_place
from portal_archive.vietnamese.tones import one_style
from portal_archive.vietnamese.written import is_syllable

# Family names of the Kinh, of the peoples of the northern mountains and of the central highlands.
_FAMILY = """
An Âu Bạch Bàn Bàng Bành Bế Bùi Cà Cao Cầm Châu Chẩu Chẻo Chu Cù Cung Cứ Danh Diệp Doãn Dương Đàm Đào Đặng
Đậu Điêu Điểu Đinh Đoàn Đồng Đỗ Đới Đường Giàng Giáp Hà Hạ Hạng Hảng Hầu Hoa Hoàng Hồ Hờ Hứa Huỳnh Khoàng
Khổng Khuất Khúc Khương Kiều Kim La Lại Lâm Lê Lò Lồ Lù Lục Lừu Lường Lương Lưu Lữ Ly Lỳ Lý Ma Má Mã Mạc Mai
Mạnh Mùa Mùi Nghiêm Ngô Ngọ Nguyễn Nhâm Nhữ Ninh Nông Nùng Phạm Phan Phàn Phà Phí Phùng Poòng Pờ Quách
Quàng Quảng Quản Sầm Sần Sình Sùng Tạ Tao Tăng Tẩn Tần Thạch Thái Thào Thân Tô Tôn Tòng Tống Tráng Trần
Triệu Trình Trịnh Trương Từ Ung Uông Vàng Văn Vi Vì Viên Võ Vũ Vừ Vương Xa Y
Alăng Arất Ayun Bhling Bríu Êban Kbuôr Knul Kpă Ksor Mlô Nay Niê Pơloong Rah Rmah Rơ Siu Zơrâm
"""
# Syllables that names without a family name begin with: pen names such as "Hương Dịu".
_GIVEN = """
Anh Ái Ánh Ân Bảo Bằng Bích Bình Cẩm Cảnh Chí Chiến Chinh Công Cúc Cường Diễm Diệu Dịu Doanh Dung Dũng Duy
Duyên Đại Đan Đăng Đạt Điệp Đình Đông Đức Gia Giang Hà Hải Hạnh Hân Hằng Hậu Hiền Hiển Hiếu Hiệp Hoài Hoan Hoàn
Hòa Hồng Hợp Huân Huế Huệ Hùng Huy Huyền Hương Hường Hưng Hữu Khải Khang Khánh Khoa Khôi Khuê Kiên Kiệt Kỳ
Lan Lập Lệ Liên Liễu Linh Loan Long Lộc Luân Lực Mến Minh Mỹ My Nam Nga Ngân Nghĩa Ngọc Nguyên Nguyệt Nhã
Nhàn Nhân Nhật Nhi Nhung Như Oanh Phi Phong Phú Phúc Phương Phượng Quân Quang Quế Quốc Quý Quyên Quyết Quỳnh
Sáng Sơn Sinh Song Tài Tâm Tân Thanh Thành Thảo Thắm Thắng Thế Thi Thị Thiên Thiện Thịnh Thoa Thơ Thơm Thu
Thủy Thùy Thúy Thuận Thư Thương Tiên Tiến Tín Tình Toàn Tố Trà Trang Trâm Trí Triều Trinh Trọng Trung Trúc
Trường Tú Tuấn Tuệ Tùng Tuyên Tuyết Tường Tươi Uyên Vân Việt Vinh Vĩnh Vượng Xuân Yến
"""
# Phrases of official texts, and names of the country's, that begin as a personal name does.
_PHRASES = """
Việt Nam|Trung Ương|Trung Tâm|Thành Phố|Thành Ủy|Thành Đoàn|Thị Ủy|Thị Xã|Thị Trấn|Quốc Hội|Quốc Gia
|Văn Phòng|Văn Hóa|Văn Nghệ|Văn Học|Đại Hội|Đại Biểu|Công An|Công Đoàn|Công Tác|Công Ty|Công Chức
|Công Nghệ|Đoàn Thanh|Đoàn Đại|Đoàn Công|Đoàn Viên|Đoàn Kết|Thanh Niên|Thanh Tra|Thanh Thiếu|Gia Đình
|Quân Đội|Quân Sự|Quân Khu|Hồ Chí|Trường Học|Trường Chính|Nhân Dân|Nông Dân|Nông Nghiệp|Nông Thôn
|Nông Lâm|Lâm Nghiệp|Sinh Viên|Phương Án|Phương Hướng|Thi Đua|Thế Giới|Thiên Tai|Tuyên Giáo|Tuyên Truyền
|Hải Quan|Y Tế|Tình Hình|Kiên Quyết|Quyết Tâm|Quyết Định|Quyết Thắng|Hạnh Phúc|Hợp Tác
|Phong Trào|Đồng Chí|Đồng Bào|Mạnh Thường|Lưu Ý|Chu Đáo|Xa Xôi|Kim Ngạch|Tài Chính|Tài Nguyên|Tài Liệu
|Cao Tốc|Văn Bản|Danh Mục|Danh Sách|Quản Trị|Quảng Cáo|Trang Chủ|Công Văn|Công Báo|Công Khai|Thư Viện|Thư Mời
|Tài Khoản|Đường Dây
"""

_FAMILY_NAMES = frozenset(map(one_style, _FAMILY.split()))
_GIVEN_NAMES = frozenset(map(one_style, _GIVEN.split()))
_NOT_NAMES = frozenset(one_style(words) for entry in _PHRASES.split("|") if (words := entry.strip()))
_PROVINCES = frozenset(one_style(district.province) for district in districts())
# «H'Linh Niê», «K'Brel»: what names of the central highlands begin with.
_HIGHLAND = re.compile(r"(?:[HK]|Bh)['’](?=\w)")


def is_person(text: str) -> bool:
    """Say whether `text` is nothing but one personal name: two to five capitalised syllables.

    The first is a family name, or one that pen names begin with (then three syllables at the most). Provinces,
    and phrases of official texts that begin so, are none; districts are where their last syllable is no given name.
    """
    words = nfc(text).split()
    if not 2 <= len(words) <= 5 or not all(_is_capitalised(word) for word in words):
        return False
    syllables = [one_style(word) for word in words]
    if not {syllables[0], " ".join(syllables[:2])}.isdisjoint(_NOT_NAMES | _PROVINCES):
        return False
    if is_place(text) and syllables[-1] not in _GIVEN_NAMES:
        return False
    if syllables[0] in _FAMILY_NAMES or _HIGHLAND.match(words[0]):
        return True
    return syllables[0] in _GIVEN_NAMES and len(words) <= 3 and all(is_syllable(word) for word in words)


def _is_capitalised(word: str) -> bool:
    if (prefix := _HIGHLAND.match(word)) is not None:
        return word[prefix.end() :].isalpha()
    letters = word.replace("'", "").replace("’", "")
    return letters.isalpha() and letters[0].isupper() and (letters[1:].islower() or letters.isupper())
