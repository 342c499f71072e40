import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal_archive.vietnamese.names import is_person

PEOPLE = (
    "Hương Dịu|Trọng Hoản|Kim Anh|Minh Thùy|Minh Thuỳ|Lê Hưng|Vàng A Pao|Nguyễn Hữu Long|VĂN HÀO|TRẦN HỮU"
    "|Lệ Thủy|Như Huỳnh|Tố Tuấn|Phạm Quý|Bích Liên|Thu Hà|Đức Lâm|Y Thanh|Tẩn Thị Quế|Giàng Páo Mỷ"
    "|Văn Huyến|Hoà Minh|Thanh Sơn|Tân Uyên"
)
NOBODY = (
    "|Nguyễn|Sa Pa|Lai Châu|Hà Nội|Điện Biên Phủ|Quang cảnh|Trung Ương|VĂN PHÒNG|Hội Nghị|THÔNG BÁO"
    "|Kết Luận|Đồng Chí|Trân Trọng|Nguyễn Văn a|Thành ủy|Quyết Định Số|Phú Thọ|Văn Hoá Xã Hội|Hòa Bình"
    "|Hoà Bình|Ông Nguyễn Văn An|Bích Facebook|Nguyễn Văn 2|Minh Tuấn Anh Hùng Dũng"
    "|Nguyễn Thị Minh Khai Anh Hùng|Lê Hưng.|Ban Dân vận|Tin Tức|Mai Châu|Hồng Bàng|Ninh Bình Số|Huế Xưa"
)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", PEOPLE.split("|"))
def test_people(text: str, form: str) -> None:
    assert is_person(unicodedata.normalize(form, text))


@pytest.mark.parametrize("text", NOBODY.split("|"))
def test_nobody(text: str) -> None:
    assert not is_person(text)


@given(st.text())
def test_never_raises(text: str) -> None:
    is_person(text)
    is_person(f"Nguyễn {text}")
