"""What is visited and what is not: the addresses of every family, and the links of whole pages."""

from __future__ import annotations

import portal_pages as pages
import pytest

from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Link
from portal_archive.reading.cms import FAMILIES
from portal_archive.reading.listing.links import classify, find_links
from portal_archive.reading.markup.document import parse
from portal_archive.reading.read import read_document

HOST = "backhe.example.vn"
HOME = f"https://{HOST}"

ARTICLES = {
    "nukeviet": {
        "/cong-tac-dan-van/bai-viet-hay-13.html": "13",
        "/news/cong-tac-dan-van/bai-viet-hay-13.html": "13",
        "/vi/news/cong-tac-dan-van/bai-viet-hay-13.html": "13",
        "/vi/news/cong-tac-dan-van/bai-viet-hay-13/": "13",
        "/index.php?language=vi&nv=news&op=cong-tac-dan-van/bai-viet-hay-13.html": "13",
    },
    "liferay": {
        "/tin-tuc/-/view_content/4418033-bai-viet-hay.html": "4418033",
        "/web/guest/-/huyen-bac-khe-tuyen-duong": None,
        "/chi-tiet/-/asset_publisher/Xk2/content/bai-viet-hay": None,
        "/web/btg/chi-tiet-bai-viet/-/asset_publisher/Xk2/content/id/417": "417",
        "/tin?p_p_id=news&jspPage=%2Fdetail.jsp&categoryId=12&articleId=417": "417",
        "/tin/-/asset_publisher/content/mo-duong-vao-ban": None,
        "/tin/-/view-content/417/mo-duong-vao-ban": "417",
        "/chi-tiet-tin/-/view-article/1/13848241113627/1589692995213": "13848241113627",
        "/en/news/-/details/417/mo-duong-vao-ban-93458101": "417",
        "/web/muong/w/mo-duong-vao-ban": None,
        "/chi-tiet-tin?/mo-duong-vao-ban/21670156": "21670156",
    },
    "sharepoint": {
        "/portal/Pages/2024-5-14/bai-viet-ve-cong-tac-dan-van-cua-huyenx1y2z3.aspx": None,
        "/pages/tin-hoat-dong-417.aspx": "417",
        "/Trang/ChiTietTinTuc.aspx?nid=417": "417",
        "/tintuc/Lists/Posts/Post.aspx?CategoryId=11&ItemID=417&PublishedDate=2019-03-12T07:00:00Z": "417",
        "/tin/View_Detail.aspx?ItemID=417": "417",
        "/noidung/tintuc/Pages/chi-tiet-tin-tuc.aspx?l=TinSonganh&lv=11&page=95": "TinSonganh",
        "/mo-duong-vao-ban-na-tong-325987.html": "325987",
    },
    "vhv": {
        "/tin-tuc-su-kien/tin-trong-huyen/mo-duong-vao-ban-na-tong2.html": None,
        "/tin-tuc-su-kien/lam-duong-lien-ban-tu-dau-mua-kho-nam-.html": None,
        "/web/portal-muong/chi-tiet/-/asset_publisher/Content/mo-duong-vao-ban": None,
    },
    "dotnetnuke": {
        "/tin-tuc-su-kien/ndid/11738/key/mac-dinh": "11738",
        "/tin-tuc/type/detail/id/4417/task/228": "4417",
        "/Trang-chu/post/1520/mo-duong-vao-ban": "1520",
        "/tin/mlid/0f9c2a51-77d4-4e0b-9d61-3c1b2a4d5e6f": "0f9c2a51-77d4-4e0b-9d61-3c1b2a4d5e6f",
        "/tin-tuc/tb/Mo-duong-vao-ban-417": "417",
        "/xem-chi-tiet-tin-tuc/id/228793": "228793",
        "/tin-tuc/chitiet/8316/categoryid/5/mo-duong-vao-ban": "8316",
    },
    "wordpress": {
        "/2024/03/12/mo-duong/": None,
        "/?p=417": "417",
        "/dan-van/ba-con-ban-na-tong-ra-quan-mo-duong/": None,
        "/archives/417": "417",
    },
    "joomla": {
        "/index.php?option=com_content&view=article&id=417:mo-duong&catid=8": "417",
        "/index.php/tin-tuc/417-mo-duong-vao-ban": "417",
        "/8-tin-tuc/417-mo-duong-vao-ban.html": "417",
        "/8-tin-tuc/417-mo-duong-vao-ban.html?showall=1": "417",
    },
    "drupal": {
        "/node/417": "417",
        "/?q=node/417": "417",
        "/vi/node/417": "417",
        "/dan-van/ba-con-ban-na-tong-ra-quan-mo-duong-vao-ban": None,
        "/?q=dan-van/ba-con-ban-na-tong-ra-quan-mo-duong-vao-ban": None,
    },
    "websphere": {
        "/wps/wcm/connect/muongmay/sitecuatinh/tintuc/mo+duong+vao+ban+na+tong": None,
        "/wps/portal/trang-chu/chi-tiet/mo-duong-vao-ban/!ut/p/z1/04_Sj9CPykssy0x": None,
    },
    "hungyen": {"/mo-duong-vao-ban-c417.html": "417", "/mo-duong-vao-ban-c417.html/": "417"},
    "epi": {
        "/mo-duong-vao-ban-post417.html": "417",
        "/mo-duong-vao-ban-a41700.html": "41700",
        "/thoi-su/202403/mo-duong-vao-ban-417000/": "417000",
        "/mo-duong-vao-ban-postid417000.bbg": "417000",
    },
    "vnportal": {
        "/tin-hoat-dong/hoi-nghi-tong-ket-1105750": "1105750",
        "/namnhun/cai-cach-hanh-chinh/hoi-nghi-tong-ket--610697": "610697",
        "/1227/27461/54439/293909/thanh-lap-thi-xa-sa-pa/hoi-nghi-tong-ket": "293909",
        "/snn/1282/30591/53960/371205/Thong-tin-san-xuat/Mo-duong-vao-ban": "371205",
        "/mDefault.aspx?sid=1444&pageid=6591&catid=71012&id=417&catname=mo-duong": "417",
    },
    "generic": {
        "/TinTuc/Hoi-nghi-tong-ket-cong-tac-dan-van": None,
        "/T/HOI-NGHI---TONG-KET-CONG-TAC-DAN-VAN?PageIndex=76": None,
        "/DetailView/148090/40/Mo-duong-vao-ban.html": "148090",
        "/vi-vn/tin/mo-duong-vao-ban/417000-21-5": "417000-21-5",
        "/tin-tuc/mo-duong-vao-ban-1491862230": "1491862230",
        "/mo-duong-vao-ban-na-tong-a417i5.html": None,
        "/ba-con-ban-na-tong-cung-nhau-ra-quan-mo-duong-truoc-mua-mua-nam-nay": None,
        "/tin-tuc/mo-duong-vao-ban-.html": None,
        "/mo-duong-vao-ban-24000417.htm": "24000417",
        "/tin-tuc/hoi-nghi-tong-ket-cong-tac-dan-van.html": None,
        "/vi/tin-bai/hoi-nghi-tong-ket?id=130235&type=NEWS": "130235",
        "/tin-bai/xay-dung-dang/hoi-nghi-tong-ket-160": "160",
        "/ves-portal/1234/hoi-nghi-tong-ket.html": "1234",
        "/Trang-chu/post/1520/hoi-nghi-tong-ket": "1520",
        "/2024/05/14/hoi-nghi-tong-ket": None,
        "/index.php?com=thongbao_ct&id_tb=46": "46",
        "/index.php?option=com_content&view=article&id=46&catid=5&Itemid=7": "46",
        "/tin.php?action=view&id=46": "46",
        "/tin.php?id=46&date=2024-05-14": "46",
        "/lich-su-dang-bo/46-nam-xay-dung-dang-bo.html": None,
        "/tin-tuc/hoi-nghi-tong-ket-cong-tac-dan-van.html?lang=vn&id=46": "46",
        "/tin-tuc/" + "%E1%BB%99i-ngh%E1%BB%8B-" * 30 + "46000.html": "46000",
    },
}
LISTS = {
    "nukeviet": (
        "/",
        "/cong-tac-dan-van/",
        "/cong-tac-dan-van/page-2/",
        "/vi/news/cong-tac-dan-van/page-2/",
        "/index.php?language=vi&nv=news&op=cong-tac-dan-van",
        "/index.php?language=vi&nv=news&op=cong-tac-dan-van/page-2",
    ),
    "liferay": ("/tin-tuc", "/tin-tuc?p_p_id=101&p_p_lifecycle=0&_101_cur=2"),
    "sharepoint": (
        "/Pages/tin-tuc.aspx",
        "/Pages/tin-tuc.aspx?Page=2",
        "/Pages/tin.aspx?date=&EventID=0&Page=3",
    ),
    "vhv": (
        "/tin-tuc-su-kien",
        "/tin-tuc-su-kien/tin-trong-huyen",
        "/tin-tuc?module=Content.Listing&moduleId=18&cmd=redraw&site=77&url_mode=rewrite&orderBy=x&pageNo=2",
    ),
    "dotnetnuke": ("/tin-tuc", "/tin-tuc/page/2", "/Default.aspx?tabid=1689"),
    "wordpress": ("/category/tin-tuc/", "/category/tin-tuc/page/2/", "/gioi-thieu/", "/?cat=4"),
    "joomla": ("/8-tin-tuc", "/index.php?option=com_content&view=category&id=8", "/8-tin-tuc?start=10"),
    "drupal": ("/taxonomy/term/4", "/tin-tuc", "/tin-tuc?page=2", "/?q=taxonomy/term/4"),
    "websphere": ("/wps/portal/trang-chu/tin-tuc",),
    "hungyen": ("/tin-trong-tinh-c21073-1.html", "/tin-trong-tinh-c21073-2.html"),
    "epi": ("/thoi-su/", "/thoi-su/?page=2"),
    "vnportal": ("/tin-hoat-dong", "/tin-hoat-dong?page=2", "/1227/27461/54439"),
    "generic": (
        "/TinTuc",
        "/ChuyenMuc/Xay-dung-Dang?PageIndex=3",
        "/ChuyenMuc/Cong-tac-Dan-van-cua-Tinh-uy",
        "/ChuyenMuc/Cong-tac-Dan-van-cua-Tinh-uy?PageIndex=2",
        "/?q=node/1",
        "/?q=tin-tuc/trong-tinh",
        "/lich-su-dang-bo/thoi-ky-1930",
        "/index.php?option=com_content&view=category&id=4",
        "/tin-tuc",
        "/tin-tuc?page=2",
        "/tin-tuc/page/2",
        "/trang-20.html",
        "/van-ban/&cpage=2",
    ),
}
TRAPS = {
    "nukeviet": (
        "/print/tin-tuc/bai-viet-hay-13.html",
        "/vi/news/print/tin-tuc/bai-viet-hay-13.html",
        "/savefile/tin-tuc/bai-viet-hay-13.html",
        "/index.php?language=vi&nv=news&op=print/tin-tuc/bai-viet-hay-13.html",
        "/tin-tuc/bai-viet-hay-13.html?download=1&id=0",
        "/sendmail/tin-tuc/",
        "/tag/dai-doan-ket",
        "/news/tag/dai-doan-ket/page-8",
        "/seek/?q=dan-van",
        "/index.php?language=vi&nv=seek&q=dan-van",
        "/users/login/",
        "/statistics/allbots/",
        "/banners/click/?id=1&s=0a1b",
        "/index.php?language=en",
        "/voting/",
    ),
    "liferay": (
        "/c/portal/update_language?p_l_id=1&languageId=fi_FI",
        "/c/portal/login?p_l_id=3",
        "/tin?p_p_id=101&p_p_lifecycle=1&_101_cur=2",
        "/tin?p_p_id=58&_58_struts_action=login",
        "/tin?p_p_id=8&_8_calendar_day=2",
        "/tin/-/tag/dan-van",
        "/web/guest/-/vanbanconfig/12/GET?p_auth=aB3",
        "/search?q=dan-van",
    ),
    "sharepoint": (
        "/_layouts/15/Authenticate.aspx?Source=%2F",
        "/_vti_bin/owssvr.dll",
        "/Lists/Calendar/calendar.aspx",
        "/Pages/lich.aspx?date=2024-05-01",
        "/Pages/default.aspx?Source=/Pages/a.aspx",
    ),
    "vhv": (
        "/?page=Article.Print.detail&id=65f012ab34cd56ef78901234",
        "/?page=login",
        "/?module=Account&cmd=redraw",
    ),
    "dotnetnuke": ("/Login?returnurl=%2f", "/tin-tuc/ctl/Login", "/tin-tuc/mid/417/popUp/true"),
    "wordpress": (
        "/mo-duong-vao-ban/print/",
        "/mo-duong-vao-ban/amp/",
        "/wp-json/wp/v2/posts",
        "/feed/atom/",
    ),
    "joomla": (
        "/8-tin-tuc/417-mo-duong.html?tmpl=component&print=1",
        "/component/mailto/?tmpl=component&link=aHR0",
        "/component/tags/tag/2-dan-van",
        "/8-tin-tuc?format=feed&type=atom",
    ),
    "drupal": ("/comment/35", "/comment/reply/417", "/user/login", "/node/417/edit", "/?q=comment/35"),
    "websphere": ("/wps/myportal/trang-chu",),
    "epi": ("/print/417.html", "/rss-reader/1"),
    "vnportal": (
        "/tim-kiem?keyword=dan-van",
        "/lich-cong-tac?date=2024-05-01",
        "/print/hoi-nghi-tong-ket-1105750",
    ),
    "generic": (
        "/lich-cong-tac?thang=5&nam=2024",
        "/lich-cong-tac/2024/05",
        "/lich-tiep-cong-dan/5",
        "/2024/05/14/",
        "/2024/05/page/2/",
        "/comment/reply/41",
        "/index.php?option=com_users&view=login",
        "/index.php?option=com_content&view=category&id=4&format=feed",
        "/?q=user/login",
        "/?q=dan+van",
        "/?feed=comments-rss2",
        "/?feed=rss2&p=12",
        "/tin-tuc/hoi-nghi-tong-ket-cong-tac.html?lang=en",
        "/calendar/2024-05-01",
        "/in-tin/123",
        "/tag/dan-van",
        "/tim-kiem?q=dan-van",
        "/login",
        "/dang-nhap?returnUrl=/",
        "/?lang=en",
        "/?s=dan-van",
        "/author/admin?sort=date",
        "/tin-tuc/hoi-nghi-tong-ket-cong-tac.html?replytocom=5",
        "/tin-tuc/hoi-nghi-tong-ket-cong-tac.html?share=facebook",
        "/a/b/a/b/a/b",
        "/uploads/anh.jpg",
        "/uploads/quyet-dinh.doc",
        "/" + "x" * 700,
    ),
}
FEEDS = ("/rss/", "/rss/cong-tac-dan-van/", "/feed", "/rss.aspx", "/tin/-/asset_publisher/Xk2/rss")
SITEMAPS = ("/sitemap.xml", "/sitemap-vi.news.xml", "/sitemap_index.xml")


def _kind(path: str, family: str) -> LinkKind | None:
    return classify(FAMILIES[family].canonical(HOME + path), FAMILIES[family], HOST)


@pytest.mark.parametrize(
    ("family", "path"), [(name, path) for name, paths in ARTICLES.items() for path in paths]
)
def test_articles_and_their_ids(family: str, path: str) -> None:
    assert _kind(path, family) is LinkKind.ARTICLE
    assert FAMILIES[family].article_id(HOME + path) == ARTICLES[family][path]


@pytest.mark.parametrize("family", ["epi", "wordpress", "joomla", "drupal", "dotnetnuke", "hungyen", "vhv"])
def test_general_addresses_are_articles_of_a_family_too(family: str) -> None:
    path = "/tin-tuc/mo-duong-vao-ban-na-tong-1234567"
    assert _kind(path, family) is LinkKind.ARTICLE
    # The id is that of a general rule, and not one that the CMS counts by.
    assert FAMILIES[family].article_id(HOME + path) is None


@pytest.mark.parametrize(
    ("family", "path"), [(name, path) for name, paths in LISTS.items() for path in paths]
)
def test_lists_and_their_pages(family: str, path: str) -> None:
    assert _kind(path, family) is LinkKind.LIST


@pytest.mark.parametrize(
    ("family", "path"), [(name, path) for name, paths in TRAPS.items() for path in paths]
)
def test_traps_are_never_visited(family: str, path: str) -> None:
    assert _kind(path, family) is None


@pytest.mark.parametrize("path", FEEDS)
def test_feeds(path: str) -> None:
    assert _kind(path, "generic") is LinkKind.FEED


@pytest.mark.parametrize("path", SITEMAPS)
def test_sitemaps(path: str) -> None:
    assert _kind(path, "generic") is LinkKind.SITEMAP


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example.vn/tin-tuc/",
        f"https://{HOST}.evil.example/tin-tuc/",
        f"https://{HOST}:8443/tin-tuc/",
        f"ftp://{HOST}/tin-tuc/",
        f"mailto:huyenuy@{HOST}",
        "https://[broken/",
    ],
)
def test_other_hosts_are_never_visited(url: str) -> None:
    assert all(classify(url, family, HOST) is None for family in FAMILIES.values())


@pytest.mark.parametrize(
    ("family", "address", "wanted"),
    [
        ("nukeviet", "/?nvvithemever=r&nv_redirect=0a1b2c", "/"),
        ("nukeviet", "/tin/bai-13.html?fbclid=abc&utm_source=x#top", "/tin/bai-13.html"),
        (
            "nukeviet",
            "/index.php?language=vi&nv=news&op=tin/bai-13.html&checkss=1",
            "/index.php?language=vi&nv=news&op=tin/bai-13.html",
        ),
        ("liferay", "/tin;jsessionid=A1B2?_101_delta=20&_101_cur=2", "/tin?_101_cur=2"),
        ("generic", "/tin?PHPSESSID=abc&page=2", "/tin?page=2"),
        ("generic", "", "/"),
        ("generic", "/(S(0a1b2c3d4e5f))/tin-tuc/bai.aspx?id=5", "/tin-tuc/bai.aspx?id=5"),
        ("generic", "/kho/(X(1)S(0a1b2c3d4e5f))/bai.aspx", "/kho/bai.aspx"),
        ("generic", "/tin?sid=0a1b2c3d4e5f6a7b&page=2", "/tin?page=2"),
        ("generic", "/tin?sid=417", "/tin?sid=417"),
        ("generic", "/tin.cfm?CFID=81&CFTOKEN=9911&id=4", "/tin.cfm?id=4"),
        ("generic", "/tin.asp?ASPSESSIONIDQQAB=XYZ&id=4", "/tin.asp?id=4"),
        ("generic", "/tin?sessionid=0a1b2c3d-4e5f-6a7b-8c9d&id=4", "/tin?id=4"),
        ("generic", "/tin-(moi)/bai.html", "/tin-(moi)/bai.html"),
        ("generic", "/TinTuc/Hoi-nghi-tong-ket-dan-van?PageIndex=7", "/TinTuc/Hoi-nghi-tong-ket-dan-van"),
        ("generic", "/ChuyenMuc/Xay-dung-Dang?PageIndex=3", "/ChuyenMuc/Xay-dung-Dang?PageIndex=3"),
        ("liferay", "/en/web/muong/-/mo-duong-vao-ban", "/web/muong/-/mo-duong-vao-ban"),
        ("liferay", "/entry/web", "/entry/web"),
        ("liferay", "/en/tin-tuc", "/en/tin-tuc"),
        ("liferay", "/en/news/-/details/417/mo-duong", "/news/-/details/417/mo-duong"),
        (
            "websphere",
            "/wps/portal/tin/chi-tiet/mo-duong/!ut/p/z1/04_Sj9CP/dz/d5",
            "/wps/portal/tin/chi-tiet/mo-duong",
        ),
        ("joomla", "/8-tin/417-mo-duong.html?start=1", "/8-tin/417-mo-duong.html"),
        ("joomla", "/8-tin?start=10", "/8-tin?start=10"),
        ("drupal", "/node/417?page=2", "/node/417"),
        ("drupal", "/tin-tuc?page=2", "/tin-tuc?page=2"),
        (
            "sharepoint",
            "/Lists/Posts/Post.aspx?ItemID=4&PublishedDate=2019-03-12",
            "/Lists/Posts/Post.aspx?ItemID=4",
        ),
    ],
)
def test_canonical_urls_hold_nothing_volatile(family: str, address: str, wanted: str) -> None:
    assert FAMILIES[family].canonical(HOME + address) == HOME + wanted
    assert (
        FAMILIES[family].canonical(HOME.upper().replace("HTTPS", "https") + ":443" + address) == HOME + wanted
    )


def _links(html: str, url: str) -> dict[str, LinkKind]:
    document = parse(html.encode(), url)
    return {link.url.removeprefix(HOME): link.kind for link in find_links(document, read_document(document))}


def test_links_of_a_list_page() -> None:
    items = pages.others("/tin-hoat-dong/bai-viet-so-")
    html = pages.page(
        '<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/xay-dung-dang/">Xây dựng Đảng</a></li></ul>'
        f'<div class="news_column"><ul class="related">{items}</ul></div>'
        '<ul class="pagination"><li class="active"><a href="#">1</a></li><li><a rel="next" href="/tin-hoat-dong/page-2/">2'
        '</a></li></ul><a rel="nofollow" href="/?nvvithemever=d&amp;nv_redirect=77aa">Giao diện tối</a>'
        '<a href="/users/register/">Đăng ký</a><a href="http://chinhphu.example.vn/">Chính phủ</a>'
        '<a href="/tag/dan-van">dân vận</a><a href="mailto:a@b.vn">Thư</a><a href="javascript:void(0)">In</a>',
        title="Tin hoạt động",
        head='<meta name="generator" content="NukeViet v4.5"><link rel="alternate" type="application/rss+xml" '
        'href="/rss/tin-hoat-dong/"><link rel="next" href="/tin-hoat-dong/page-2/">',
    )

    assert _links(html, f"{HOME}/tin-hoat-dong/") == {
        **{f"/tin-hoat-dong/bai-viet-so-{number}.html": LinkKind.ARTICLE for number in range(201, 206)},
        "/rss/tin-hoat-dong/": LinkKind.FEED,
        "/tin-hoat-dong/page-2/": LinkKind.LIST,
        "/": LinkKind.LIST,
        "/xay-dung-dang/": LinkKind.LIST,
    }


def test_files_of_an_article_are_links_and_the_article_itself_is_none() -> None:
    url = f"{HOME}/tin-hoat-dong/bai-viet-13.html"
    links = _links(pages.nukeviet_default(pages.Story(), url), url)

    assert {address for address, kind in links.items() if kind is LinkKind.FILE} == {
        "/uploads/news/dai-dien.jpg",
        "/uploads/anh-hoi-nghi.jpg",
        "/tin-hoat-dong/bai-viet-13.html?download=1&id=0",
    }
    assert "/tin-hoat-dong/bai-viet-13.html" not in links
    assert links["/tin-hoat-dong/bai-201.html"] is LinkKind.ARTICLE


def test_items_of_a_list_carry_their_dates_as_hints() -> None:
    document = parse(
        pages.site(
            f"<h1>Tin tức</h1><ul>{pages.others('/tin-tuc/bai-viet-so-hay-')}</ul>", title="Tin tức"
        ).encode(),
        f"{HOME}/tin-tuc",
    )
    links = find_links(document, read_document(document))

    assert links[0] == Link(
        f"{HOME}/tin-tuc/bai-viet-so-hay-201.html", LinkKind.ARTICLE, "2024-05-12T00:00:00+07:00"
    )


def test_a_refusal_has_no_links() -> None:
    html = (
        "<title>Hãy đợi...</title><div>Hệ thống đang từ chối truy cập của bạn. Hãy đợi 60 giây"
        ' <a href="/">Trang chủ</a></div>'
    )

    assert _links(html, f"{HOME}/tin-tuc") == {}


@pytest.mark.parametrize(
    ("head", "path"),
    [
        ('<meta http-equiv="Refresh" content="0; URL=/Pages/trang-chu.aspx">', "/Pages/trang-chu.aspx"),
        ("<meta http-equiv=refresh content=\"3;url='/cong/vi'\">", "/cong/vi"),
        ('<script>window.location = "/cong/vi";</script>', "/cong/vi"),
        ("<script>top.location.href='/cong/vi'</script>", "/cong/vi"),
        ("<script>location.replace('/cong/vi')</script>", "/cong/vi"),
        ("<script>document.location.assign( '/cong/vi' )</script>", "/cong/vi"),
    ],
)
def test_a_page_that_jumps_is_followed_within_the_site(head: str, path: str) -> None:
    html = f"<html><head>{head}</head><body></body></html>"

    assert _links(html, f"{HOME}/") == {path: LinkKind.LIST}
    assert _links(html.replace(path, f"https://khac.example.vn{path}"), f"{HOME}/") == {}


def test_the_header_that_makes_a_page_jump() -> None:
    document = parse(b"", f"{HOME}/di/5", {"Refresh": "0; url=/tin/bai-5.html"})

    assert [link.url for link in find_links(document, read_document(document))] == [f"{HOME}/tin/bai-5.html"]


def test_www_and_the_bare_host_are_one_site() -> None:
    items = pages.others(f"https://www.{HOST}/tin-tuc/bai-viet-so-hay-")
    document = parse(pages.page(f"<ul>{items}</ul>", title="Tin tức").encode(), f"{HOME}/")
    links = find_links(document, read_document(document), host=HOST)

    assert {link.url for link in links} == {
        f"https://www.{HOST}/tin-tuc/bai-viet-so-hay-{number}.html" for number in range(201, 206)
    }


def test_feeds_of_a_page_are_no_start_pages() -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="{}">'
    head = "".join(
        feed.format(address)
        for address in (
            "/feed/", "/comments/feed/", "/lam-duong-len-ban/feed/", "/?feed=rss2&amp;p=12",
            "/tim-kiem?format=feed", "https://khac.example.vn/feed/", "/lam-duong-len-ban/?format=feed",
        )
    )  # fmt: skip
    links = _links(pages.page("<p>Đang cập nhật</p>", head=head), f"{HOME}/lam-duong-len-ban/")

    assert links == {"/feed/": LinkKind.FEED}


@pytest.mark.parametrize(
    ("path", "parts", "others"),
    [
        (
            "/dan-van/lam-duong-len-ban",
            ("?start=1", "?limitstart=0", "/2/", "/trang-3", "/page/2"),
            ("-na-pan", "-2", "/binh-luan-cua-ban-doc", "?showall=1"),
        ),
        ("/dan-van/lam-duong-len-ban.html", ("?page=2", "?trang=3"), ("?muc=5",)),
        ("/xem.aspx?id=41&m=2", ("&page=2",), ("1&page=2", "&page=2&id=42")),
    ],
)
def test_the_pages_of_an_article_in_parts_are_no_articles_of_their_own(
    path: str, parts: tuple[str, ...], others: tuple[str, ...]
) -> None:
    story = "".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS)
    links = "".join(f'<a href="{path}{part}">{part}</a>' for part in (*parts, *others))
    html = pages.page(
        f"<h1>{pages.TITLE}</h1><div>14/05/2024 16:50</div>{story}<p>{links}</p>", title=pages.TITLE
    )

    assert set(_links(html, HOME + path)) == {path + other for other in others}


def test_a_viewer_of_a_document_is_no_page() -> None:
    text = "".join(
        f"<p>Đoạn {number}: bà con các bản góp công làm con đường mới trong vụ xuân.</p>"
        for number in range(5)
    )
    frames = '<iframe src="/pdfjs/web/viewer.html?file=/u/kh-9.pdf"></iframe><iframe src="/video-gioi-thieu"></iframe>'
    links = _links(
        f"<h1>Làm đường</h1><div>{text}{frames}</div>", "https://xa.example.vn/tin/lam-duong-1.html"
    )
    assert links == {
        "https://xa.example.vn/video-gioi-thieu": LinkKind.LIST,
        "https://xa.example.vn/u/kh-9.pdf": LinkKind.FILE,
    }
