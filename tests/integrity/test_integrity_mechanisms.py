"""Each mechanism of injection on a small synthetic page: what is found, and exactly where."""

import pytest

from portal_archive.archive.findings.reasons import reason
from portal_archive.integrity.check import read_and_check as read_page
from portal_archive.model.kinds import FindingKind
from portal_archive.model.messages import LANGUAGES
from portal_archive.model.page import Finding, Page
from portal_archive.reading.markup.document import parse

URL = "https://tamkhe.example.gov.vn/tin-tuc/hoi-nghi-tong-ket-cong-tac-dan-van-12.html"
TITLE = "Hội nghị tổng kết công tác dân vận năm 2023"
FIRST = (
    "Sáng 22/8, Huyện ủy tổ chức hội nghị tổng kết công tác dân vận, biểu dương các tập thể và cá nhân tiêu biểu; "
    "các đại biểu thảo luận về những việc đã làm được và những việc còn dang dở."
)
LAST = (
    "Kết luận hội nghị, đồng chí Bí thư yêu cầu các chi bộ giữ nếp sinh hoạt và lắng nghe ý kiến của bà con."
)


def page(
    *paragraphs: str, title: str = TITLE, head: str = TITLE, around: str = "", url: str = URL
) -> tuple[Page, str]:
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in (FIRST, *paragraphs, LAST))
    html = (
        f"<html><head><meta charset='utf-8'><title>{head}</title></head><body><div class='detail'><h1>{title}</h1>"
        f"<div class='date'>22/08/2023 16:50</div><div class='content'>{text}</div></div>{around}</body></html>"
    )
    return read_page(html.encode(), url), html


def flagged(seen: tuple[Page, str]) -> list[tuple[str, str, str]]:
    """(kind, field, span) of what flags a page; every span must be the text between its ends."""
    read, html = seen
    assert read.article is not None
    texts = {
        "html": parse(html.encode(), URL).source,
        "url": read.url,
        "captions": "\n\n".join(read.article.captions),
    }
    found: list[Finding] = [finding for finding in read.findings if finding.score >= 0.5]
    for finding in found:
        text = texts.get(finding.field) or getattr(read.article, finding.field)
        assert text[finding.start : finding.end] == finding.span
        assert all(reason(finding.signs, finding.details, lang) for lang in LANGUAGES)
    return [(finding.kind, finding.field, finding.span) for finding in found]


def test_a_plain_page_has_no_findings() -> None:
    assert page()[0].findings == []


# --- a phrase where a name belongs ---------------------------------------------------------------------

PHRASE = "săn hũ rồng vàng"  # in no list


@pytest.mark.parametrize(
    "paragraph",
    [
        f"Dự hội nghị tại điểm cầu {PHRASE}<br>, có lãnh đạo các phòng.",
        f"Công tác này được triển khai trên địa bàn {PHRASE}<br/>.",
        f'Các xã của <a href="https://x-1.example/">{PHRASE}</a><br>\n… đều đạt chuẩn.',
        f"Mô hình trên địa bàn {PHRASE} được nhân rộng. Trong đó, {PHRASE} có 2 tập thể được khen.",
        f"Đảng bộ {PHRASE} có 46 chi bộ. Nhân dân {PHRASE} đồng tình. Các đoàn thể của {PHRASE} vào cuộc.",
        f"UBND huyện {PHRASE} đã ban hành kế hoạch; công an huyện {PHRASE} phối hợp.",
        f"Tại xã {PHRASE}<br>, bà con phấn khởi.",
    ],
)
def test_words_in_the_place_of_a_name(paragraph: str) -> None:
    html = paragraph.count(PHRASE)
    found = [entry for entry in flagged(page(paragraph)) if entry[0] == FindingKind.NAME_SLOT]
    assert found == [(FindingKind.NAME_SLOT, "body", PHRASE)] * html


@pytest.mark.parametrize(
    "paragraph",
    [
        "Dự tại điểm cầu trung tâm có lãnh đạo tỉnh; tại điểm cầu hội trường huyện có 60 đại biểu.",
        "Trên địa bàn quản lý, đơn vị phụ trách 28 km đường biên; trên địa bàn giáp ranh được tuần tra chung.",
        "Trong đó, kinh phí hỗ trợ chiếm 18%; trong đó, tập trung cho các xã của vùng lòng hồ.",
        "Nhân dân các dân tộc Krông Búk, Ê Đê, Khơ Mú; huyện M'Đrắk, xã Y Tý, thị xã Sa Pa, buôn Akŏ Dhông.",
        "Nhân dân đồng tình, Nhân dân phấn khởi; chính quyền hỗ trợ; lãnh đạo tỉnh nhà, bà con bản làng vui mừng.",
        "Báo cáo viết: “dự tại điểm cầu sòng bài online uy tín, có đồng chí Bí thư” là do trang bị tấn công.",
    ],
)
def test_what_stands_there_by_right(paragraph: str) -> None:
    assert flagged(page(paragraph)) == []


def test_lines_of_a_poem_are_no_signs() -> None:
    poem = "<br>".join(
        ("Em về với suối với nương", "với câu hát cũ bên đường nở hoa", "với làn khói bếp", "với người")
    )
    assert flagged(page(poem)) == []


@pytest.mark.parametrize(
    ("paragraph", "found"),
    [
        (
            "Dự có đại diện 9 đơn vị trên địa bàn chuyển nhà trọn gói<br>. Hội nghị kéo dài.",
            ["chuyển nhà trọn gói"],
        ),
        ("Dự có đại diện 9 đơn vị trên địa bàn quản lý<br>. Hội nghị kéo dài.", []),
        ("Xã Hua Sát (săn hũ rồng vàng<br>) công bố kết quả rà soát các tiêu chí.", ["săn hũ rồng vàng"]),
        (
            "Nội dung<br>Thành phần<br>Thời gian<br>Ban phối hợp với các đoàn thể tour du lịch hàn quốc<br> ra mắt tổ.",
            ["tour du lịch hàn quốc"],
        ),
        ("Ta về với bà con thân thương<br>Với câu hát cũ<br>Với làn khói bếp<br>Với người thương", []),
    ],
)
def test_a_line_break_behind_words_in_one_place(paragraph: str, found: list[str]) -> None:
    assert [span for _, _, span in flagged(page(paragraph))] == found


# --- links ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["keo-bong-da.example", "www.abc12.example", "nhacai-x.com"])
def test_a_link_in_a_sentence_to_a_foreign_host(host: str) -> None:
    read = page(
        f'Các đại biểu đã <a href="https://{host}/vn">kèo bóng đá trực tuyến</a> thảo luận sôi nổi về báo cáo.'
    )
    assert flagged(read) == [(FindingKind.FOREIGN_LINK, "body", "kèo bóng đá trực tuyến")]
    assert host.removeprefix("www.") in reason(read[0].findings[0].signs, read[0].findings[0].details, "en")


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://laichau.gov.vn/tin">chương trình phối hợp</a>',
        '<a href="https://vnexpress.net/a-1.html">theo phản ánh của báo chí</a>',
        '<a href="https://www.youtube.com/watch?v=1">xem phóng sự</a>',
        '<a href="https://zalo.me/1">nhóm zalo của bản</a>',
        '<a href="https://www.facebook.com/p">mạng xã hội</a>',
        '<a href="https://docs.google.com/forms/d/1">phiếu lấy ý kiến</a>',
        '<a href="https://bit.ly/3abc">tại đây</a>',
        '<a href="https://khachsan.example.vn/">nhà nghỉ cộng đồng</a>',
        '<a href="https://www.libreoffice.org/download">LibreOffice</a>',
        '<a href="https://some-school.example/">https://some-school.example/</a>',
        '<a href="https://some-school.example/5-cach-doc-sach-cung-con.html">cách đọc sách cùng con</a>',
        '<a href="/tin-tuc/bai-khac.html">sòng bạc bị triệt phá</a>',
    ],
)
def test_links_that_official_articles_have(link: str) -> None:
    assert flagged(page(f"Nội dung chi tiết được đăng ở {link} để bà con theo dõi.")) == []


# --- hidden things -------------------------------------------------------------------------------------

SPAM = '<a href="https://abc12.example/">kèo bóng đá trực tuyến</a>'
TEXT = "kèo thơm đêm nay mời anh em"


@pytest.mark.parametrize(
    ("hidden", "span"),
    [
        (f'<div style="display:none">{SPAM}</div>', "kèo bóng đá trực tuyến"),
        (f'<span style="visibility: hidden">{SPAM}</span>', "kèo bóng đá trực tuyến"),
        (f"<div hidden>{SPAM}</div>", "kèo bóng đá trực tuyến"),
        (f'<div style="position:absolute; left:-9999px">{SPAM}</div>', "kèo bóng đá trực tuyến"),
        (f"<noscript>{SPAM}</noscript>", "kèo bóng đá trực tuyến"),
        (f'<marquee width="1" height="1">{SPAM}</marquee>', "kèo bóng đá trực tuyến"),
        (f"<!-- {SPAM} -->", "kèo bóng đá trực tuyến"),
        (f'<span style="display:none">{TEXT}</span>', TEXT),
        (f'<span style="font-size:0px">{TEXT}</span>', TEXT),
        (f'<span style="height:0;overflow:hidden">{TEXT}</span>', TEXT),
        (f'<span style="opacity:0">{TEXT}</span>', TEXT),
        (f'<span style="color:#fff">{TEXT}</span>', TEXT),
        (f'<font color="white">{TEXT}</font>', TEXT),
        (f'<span style="text-indent:-5000px">{TEXT}</span>', TEXT),
        (f"<!-- {TEXT} -->", TEXT),
    ],
)
def test_hidden_in_the_text(hidden: str, span: str) -> None:
    found = flagged(page(f"Các đại biểu đã tham luận {hidden} về kết quả của phong trào thi đua trong năm."))
    assert (FindingKind.HIDDEN, "html", span) in found


@pytest.mark.parametrize(
    "around",
    [
        "<form style='display:none'><input name='__RequestVerificationToken' value='x'>Mã xác thực của bạn</form>",
        "<noscript><img src='https://mc.example/watch/1' style='position:absolute; left:-9999px' alt=''></noscript>",
        "<noscript>Vui lòng bật JavaScript trên trình duyệt để xem trang này.</noscript>",
        "<noscript><iframe src='https://www.googletagmanager.com/ns.html?id=GTM-1' style='display:none'></iframe></noscript>",
        "<!--[if lt IE 9]><p>Bạn đang dùng trình duyệt cũ <a href='http://browsehappy.example'>nâng cấp ngay</a></p><![endif]-->",
        "<ul style='display:none'><li><a href='/gioi-thieu'>Giới thiệu chung</a></li></ul>",
        "<div id='popup' style='display:none'><p>Bạn cần đăng nhập để gửi ý kiến về bài viết này.</p></div>",
        "<div class='zalo-chat-widget' style='display:none'>Chat với chúng tôi qua Zalo</div>",
        "<a class='print' style='display:none' href='/in-bai'>In bài viết này</a>",
        "<div class='hidden' itemprop='publisher'>Cổng thông tin điện tử huyện Tam Khê</div>",
        "<!-- phần tin liên quan --><!-- <a href='https://laichau.gov.vn'>Cổng tỉnh</a> -->",
        "<div style='background:#003366'><span style='color:#fff'>Cơ quan chủ quản: Huyện ủy Tam Khê</span></div>",
    ],
)
def test_what_portals_hide_themselves(around: str) -> None:
    assert flagged(page(around=around)) == []


@pytest.mark.parametrize(
    ("sheet", "hidden", "span"),
    [
        (".q7{display:none}", f'<div class="q7">{SPAM}</div>', "kèo bóng đá trực tuyến"),
        ("div.q7 { visibility: hidden; }", f'<div class="b q7">{SPAM}</div>', "kèo bóng đá trực tuyến"),
        ("#q7{position:absolute;left:-9999px}", f"<p id=q7>{SPAM}</p>", "kèo bóng đá trực tuyến"),
        ("/* a{} */ .a,\n.q7 {font-size:0}", f'<span class="q7">{SPAM}</span>', "kèo bóng đá trực tuyến"),
        ("@media screen{.q7{opacity:0}}", f'<span class="q7">{SPAM}</span>', "kèo bóng đá trực tuyến"),
        (".q7{display:none}", '<span class="q7">soi kèo hôm nay</span>', "soi kèo"),
        (".q7{display:none}", f'<span class="q7">{TEXT}</span>', TEXT),
        (".q7{color:#FFF;background:#ffffff}", f'<span class="q7">{TEXT}</span>', TEXT),
        (".q7{text-indent:-5000px}", f'<span class="q7">{TEXT}</span>', TEXT),
    ],
)
def test_hidden_by_a_style_sheet_of_the_page(sheet: str, hidden: str, span: str) -> None:
    text = f"Các đại biểu đã tham luận {hidden} về kết quả của phong trào thi đua trong năm."
    found = flagged(page(f"<style type='text/css'>{sheet}</style>{text}"))
    assert (FindingKind.HIDDEN, "html", span) in found


@pytest.mark.parametrize(
    ("sheet", "shown"),
    [
        (".tab{display:none}.tab.active{display:block}", f'<div class="tab">{TEXT}</div>'),
        (".tab{display:none}#t1:checked~.tab{display:block}", f'<div class="tab">{SPAM}</div>'),
        (".tip{visibility:hidden}a:hover .tip{visibility:visible}", f'<span class="tip">{TEXT}</span>'),
        ("@media print{.q7{display:none}}", f'<span class="q7">{TEXT}</span>'),
        ("@media (max-width:600px){.q7{display:none}}", f'<div class="q7">{SPAM}</div>'),
        (".q7{opacity:0;transition:opacity .3s}", f'<span class="q7">{TEXT}</span>'),
        (".q7{color:#fff}", f'<span class="q7">{TEXT}</span>'),
        (".q7{display:none}", f'<div class="q7">{TEXT}</div>'),
        (".q7{display:none}</style><script>$('.q7').show()</script><style>", f'<div class="q7">{SPAM}</div>'),
        (".modal-x{display:none}", f'<div class="modal-x"><a href="https://abc.example/">{TITLE}</a></div>'),
        ("/* .q7{display:none} */ .q7 p{margin:0}", f'<span class="q7">{TEXT}</span>'),
        (".q7 a{display:none} .q8:hover{display:none}", f'<span class="q7 q8">{TEXT}</span>'),
    ],
)
def test_what_a_style_sheet_shows_at_times(sheet: str, shown: str) -> None:
    text = f"Các đại biểu đã tham luận. {shown} Về kết quả của phong trào thi đua trong năm."
    found = flagged(page(around=f"<style>{sheet}</style><div>{text}</div>"))
    assert [entry for entry in found if entry[0] == FindingKind.HIDDEN] == []


@pytest.mark.parametrize(
    "sheet",
    [
        "<style media='print'>.q7{display:none}</style>",
        "<noscript><style>.q7{display:none}</style></noscript>",
        "<style>.q7{display:none",
        "<style>}{}}.q7</style>",
    ],
)
def test_a_style_sheet_for_others_hides_nothing(sheet: str) -> None:
    assert (
        flagged(page(around=f"<div>Đại biểu tham luận <b class='q7'>{TEXT}</b> về kết quả.</div>{sheet}"))
        == []
    )


# --- spun text, diacritics, doorways -------------------------------------------------------------------


def test_a_title_without_its_first_letter_glued_into_a_sentence() -> None:
    glued = TITLE[1:].replace(" ", "")
    found = flagged(page(f"Từ đầu năm nay,{glued}philippines vs đã bùng phát ở nhiều nơi trong vùng."))
    assert [(kind, field) for kind, field, _ in found] == [(FindingKind.SPUN, "body")]
    assert found[0][2].startswith("ộinghịtổngkếtcôngtácdânvận")


def test_a_title_that_lost_its_first_letter() -> None:
    assert flagged(page(title=TITLE[1:], url="")) == [(FindingKind.SPUN, "title", TITLE[1:])]


def test_a_keyword_in_mid_sentence() -> None:
    found = flagged(page("Các xã đã đẩy mạnh link vào nhà cái tuyên truyền tới từng khu dân cư trong năm."))
    assert found == [(FindingKind.ADVERTISING, "body", "link vào nhà cái")]


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("cách nhận bỉết trang úỷ tín", "bỉết trang úỷ"),
        ("nhà cáỉ hàng đầu", "cáỉ"),
        ("nhà cаi", "cаi"),
    ],
)
def test_marks_that_no_syllable_has(words: str, span: str) -> None:
    found = flagged(page(f"Các đại biểu đã {words} thảo luận về phương hướng của năm tới."))
    assert found[0] == (FindingKind.DIACRITICS, "body", span)


@pytest.mark.parametrize(
    "text",
    [
        "Chuơng trình do nghành giáo dục tổ chưc đựơc bà con huởng ứng; ngừơi dân phấn khởi.",
        "Giáo sư Hélène Lefèvre trao đổi về école d’été, élève; bác sĩ Müller nói về β-thalassemia, 12 μg/m3.",
        "Người Khơ Mú, Ê Đê, H'Mông ở Krông Búk, Đắk Lắk; già làng Y Blôk Êban, amí H'Bia Niê, A Brŭi, Y Sŏ.",
        "Thưc hiên Kê hoach sô 45 cua Huyên ủy, cac câp ủy đa tâp trung lanh đao công tac dân vân.",
        "Đoàn РАНХиГС từ Москва; giáo sư Иванов tặng sách cho thư viện của Trường Chính trị tỉnh.",
    ],
)
def test_wrong_or_foreign_letters_are_no_disguise(text: str) -> None:
    assert flagged(page(text)) == []


def test_an_address_that_carries_another_page() -> None:
    url = "https://tamkhe.example.gov.vn/x.php?ID=ab/brand.shtml"
    assert flagged(page(url=url)) == [(FindingKind.DOORWAY, "url", "?ID=ab/brand.shtml")]


@pytest.mark.parametrize(
    "url",
    [
        "https://tamkhe.example.gov.vn/index.php?nv=news&op=dan-van/bai-viet-12",
        "https://tamkhe.example.gov.vn/chi-tiet.aspx?l=Tin&lv=11&page=95",
        "https://tamkhe.example.gov.vn/index.php?com=thongbao_ct&id_tb=46",
        "https://tamkhe.example.gov.vn/portal/Pages/2024-5-17/bai-viet-abc123.aspx",
    ],
)
def test_addresses_of_portals(url: str) -> None:
    assert flagged(page(url=url)) == []


@pytest.mark.parametrize("times", [2, 8, 40])
@pytest.mark.parametrize("end", [".", ""])
def test_a_text_that_a_script_gives_again_and_again_is_one_text(times: int, end: str) -> None:
    said = f"Sáng nay Ban Thường vụ Huyện ủy họp bàn việc trồng rừng ở các xã vùng cao, giao chỉ tiêu cho từng bản{end}"
    read, _ = page(" ".join([said] * times))
    assert read.article is not None
    assert (read.article.body or "").count("trồng rừng") == times
    assert read.findings == []


def test_a_page_of_search_phrases() -> None:
    spam = " ".join(
        f"dàn đề ba mươi số {word} dàn đề ba mươi số hay" for word in ("mới", "tốt", "rẻ", "đẹp") * 6
    )
    found = flagged(page(spam, spam))
    assert (FindingKind.DOORWAY, "body") in [(kind, field) for kind, field, _ in found]
