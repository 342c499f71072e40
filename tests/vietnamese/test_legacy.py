"""The samples are the opening lines of every Vietnamese document, and words, as those fonts store them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal_archive.vietnamese.legacy import repair_legacy

MOTTO = "Cộng hòa xã hội chủ nghĩa Việt Nam - Độc lập - Tự do - Hạnh phúc"
TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam - §éc lËp - Tù do - H¹nh phóc"
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam - Ñoäc laäp - Töï do - Haïnh phuùc"


@pytest.mark.parametrize(
    ("text", "expected", "encoding"),
    [
        (TCVN3, MOTTO, "tcvn3"),
        (VNI, MOTTO, "vni"),
        (
            "§¹i héi §¶ng bé tØnh, Ban D©n vËn ®· ë c¬ së vµ «ng ®­îc c¸c © 2004",
            "Đại hội Đảng bộ tỉnh, Ban Dân vận đã ở cơ sở và ông được các © 2004",
            "tcvn3",
        ),
        (
            "Thöïc hieän nghò quyeát cuûa Ñaûng boä tænh, ñaõ ñöôïc nöôùc trôøi",
            "Thực hiện nghị quyết của Đảng bộ tỉnh, đã được nước trời",
            "vni",
        ),
        ("§¶NG Bé TØNH: HéI NGHÞ TæNG KÕT C¤NG T¸C", "ĐẢNG BỘ TỈNH: HỘI NGHỊ TỔNG KẾT CÔNG TÁC", "tcvn3"),
        ("ÑAÛNG BOÄ TÆNH: HOÄI NGHÒ TOÅNG KEÁT", "ĐẢNG BỘ TỈNH: HỘI NGHỊ TỔNG KẾT", "vni"),
    ],
)
def test_legacy_text_is_converted(text: str, expected: str, encoding: str) -> None:
    assert repair_legacy(text) == (expected, encoding)


@pytest.mark.parametrize(
    ("letters", "stored"),
    [
        ("àảãáạ", "µ¶·¸¹"),
        ("ăằẳẵắặ", "¨»¼½¾Æ"),
        ("âầẩẫấậ", "©ÇÈÉÊË"),
        ("èẻẽéẹ", "ÌÎÏÐÑ"),
        ("êềểễếệ", "ªÒÓÔÕÖ"),
        ("ìỉĩíị", "×ØÜÝÞ"),
        ("òỏõóọ", "ßáâãä"),
        ("ôồổỗốộ", "«åæçèé"),
        ("ơờởỡớợ", "¬êëìíî"),
        ("ùủũúụ", "ïñòóô"),
        ("ưừửữứự", "\xadõö÷øù"),
        ("ỳỷỹýỵ", "úûüýþ"),
    ],
)
def test_every_letter_of_tcvn3(letters: str, stored: str) -> None:
    words = " ".join(f"t{letter}" for letter in letters)
    text = " ".join(f"t{letter}" for letter in stored)
    assert repair_legacy(f"{TCVN3} {text} ®åi") == (f"{MOTTO} {words} đồi", "tcvn3")


@pytest.mark.parametrize(
    ("letters", "stored"),
    [
        ("áàảãạ", "aù aø aû aõ aï"),
        ("âấầẩẫậ", "aâ aá aà aå aã aä"),
        ("ăắằẳẵặ", "aê aé aè aú aü aë"),
        ("éèẻẽẹ", "eù eø eû eõ eï"),
        ("êếềểễệ", "eâ eá eà eå eã eä"),
        ("íìỉĩị", "í ì æ ó ò"),
        ("óòỏõọ", "où oø oû oõ oï"),
        ("ôốồổỗộ", "oâ oá oà oå oã oä"),
        ("ơớờởỡợ", "ô ôù ôø ôû ôõ ôï"),
        ("úùủũụ", "uù uø uû uõ uï"),
        ("ưứừửữự", "ö öù öø öû öõ öï"),
        ("ýỳỷỹỵ", "yù yø yû yõ î"),
    ],
)
def test_every_letter_of_vni(letters: str, stored: str) -> None:
    words = " ".join(f"t{letter}" for letter in letters)
    text = " ".join(f"t{letter}" for letter in stored.split())
    assert repair_legacy(f"{VNI} {text} ñoài") == (f"{MOTTO} {words} đồi", "vni")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain ASCII text.",
        MOTTO,
        "Hội nghị tổng kết công tác dân vận năm 2023; quán triệt Nghị quyết số 25-NQ/TW",
        "Ông bà có cô bé mà là tám hai tháng",  # Vietnamese in letters of Latin-1 alone
        "Le théâtre était très près de l'hôtel; où est né l'élève français naïf à côté ?",
        "El señor español está aquí mañana también, según él",
        "Straße über schön Köln Müller grün für Äpfel",
        "Windows® 10 µm © 2020 «a» x² 5° ½ ¼ · §",
        "São Paulo não é a capital, João; coração e nação",
    ],
)
def test_other_text_is_untouched(text: str) -> None:
    assert repair_legacy(text) == (text, None)
    assert repair_legacy(f"{text}\n" * 500) == (f"{text}\n" * 500, None)


def test_a_modern_page_with_one_old_article() -> None:
    page = '<title>Cổng thông tin «Sơn Lam»</title><p title="Cộng hòa">Lào Cai, naïve</p>\n<p>{}</p>©\n'
    assert repair_legacy(page.format(TCVN3)) == (page.format(MOTTO), "tcvn3")
    filler = "<p>Tin trong tỉnh</p>\n" * 400
    assert repair_legacy(filler + page.format(VNI)) == (filler + page.format(MOTTO), "vni")


@given(st.text(alphabet=st.characters(max_codepoint=0x1FF)) | st.text())
def test_never_raises(text: str) -> None:
    repair_legacy(text)
    repair_legacy(f"{TCVN3} {text}")
