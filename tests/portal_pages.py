"""Synthetic pages in the manner of portals nobody here may copy: one invented article in many templates.

Every name, place and figure is invented. A template takes a `Story` and returns the HTML of its page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

TITLE = "Huyện Bắc Khê tuyên dương 36 mô hình “Dân vận khéo” giai đoạn 2021 - 2024"
SUMMARY = (
    "Sáng 14/5, Huyện ủy Bắc Khê tổ chức hội nghị tuyên dương các tập thể, cá nhân tiêu biểu trong phong trào "
    "thi đua “Dân vận khéo”; đồng chí Nông Thị Hiền, Phó Bí thư Tỉnh ủy dự và phát biểu."
)
PARAGRAPHS = (
    "Theo báo cáo của Ban Dân vận Huyện ủy, sau ba năm triển khai, toàn huyện đăng ký xây dựng 182 mô hình, trong đó "
    "157 mô hình được công nhận; nhiều cách làm hay được nhân rộng ra các xã vùng cao, nơi đồng bào dân tộc thiểu số "
    "chiếm trên 80% dân số.",
    "Tại xã Nà Pán, tổ dân vận thôn Khuổi Lặng đã vận động 64 hộ hiến 7.350 m² đất để mở rộng đường liên thôn. "
    "Ông Triệu Văn Phin, tổ trưởng, cho biết: “Muốn dân tin thì cán bộ phải làm trước, nói sau, việc gì cũng bàn "
    "với dân cho đến khi thông”.",
    "Phát biểu tại hội nghị, đồng chí Nông Thị Hiền ghi nhận những kết quả mà Đảng bộ và Nhân dân các dân tộc trong "
    "huyện đã đạt được; đồng thời yêu cầu cấp ủy các cấp tiếp tục đổi mới nội dung, phương thức công tác dân vận, "
    "lấy sự hài lòng của người dân làm thước đo.",
    "Dịp này, Ban Chấp hành Đảng bộ huyện tặng giấy khen cho 36 mô hình tiêu biểu.",
)
CAPTION = "Đồng chí Nông Thị Hiền trao giấy khen cho các tập thể tiêu biểu"
OTHERS = (
    "Xã Nà Pán ra mắt tổ tự quản đường biên, mốc giới",
    "Hội Nông dân huyện trao 40 con trâu giống cho hộ nghèo",
    "Đoàn công tác của Tỉnh ủy làm việc với Đảng bộ xã Lũng Slàng",
    "Khai giảng lớp bồi dưỡng nghiệp vụ công tác dân vận năm 2024",
    "Bế mạc hội thi cán bộ dân vận khéo cụm các xã phía Đông",
)


@dataclass(frozen=True)
class Story:
    """What the editor typed."""

    title: str = TITLE
    summary: str | None = SUMMARY
    paragraphs: tuple[str, ...] = PARAGRAPHS
    caption: str | None = CAPTION
    image: str | None = "/uploads/anh-hoi-nghi.jpg"
    author: str | None = "Hoàng Thị Mây"
    source: str | None = "Ban Dân vận Huyện ủy"
    tags: tuple[str, ...] = ("dân vận khéo", "thi đua")
    file: str | None = "/uploads/quyet-dinh-khen-thuong.pdf"

    @property
    def body(self) -> str:
        """The body as it must be read."""
        return "\n\n".join(self.paragraphs)

    def with_(self, **changes: object) -> Story:
        return replace(self, **changes)  # type: ignore[arg-type]


def paragraphs(story: Story, *, figure: bool = True) -> str:
    """The body as an editor of today makes it, its picture after the first paragraph."""
    parts = [f'<p style="text-align:justify">{escape(text, quote=False)}</p>' for text in story.paragraphs]
    if figure and story.image:
        caption = f"<figcaption>{story.caption}</figcaption>" if story.caption else ""
        parts.insert(1, f'<figure class="image"><img alt="" src="{story.image}">{caption}</figure>')
    return "\n".join(parts)


def others(
    prefix: str = "/tin-tuc/bai-viet-so-", suffix: str = ".html", date: str = " <em>(12/05/2024)</em>"
) -> str:
    """Links to other articles."""
    return "".join(
        f'<li><a href="{prefix}{number}{suffix}" title="{title}">{title}</a>{date}</li>'
        for number, title in enumerate(OTHERS, 201)
    )


def page(body: str, *, title: str = TITLE, head: str = "") -> str:
    return (
        '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8">\n'
        f"<title>{title}</title>\n{head}</head>\n<body>{body}</body></html>"
    )


COUNTER = (
    '<div class="thong-ke"><h3>Thống kê truy cập</h3><ul><li>Đang truy cập: 12</li><li>Hôm nay: 1.204</li>'
    "<li>Tổng lượt truy cập: 3.456.789</li></ul></div>"
)
MENU = (
    '<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/gioi-thieu">Giới thiệu</a></li>'
    '<li><a href="/tin-tuc">Tin tức - Sự kiện</a></li><li><a href="/van-ban">Văn bản chỉ đạo điều hành</a></li>'
    '<li><a href="/lien-he">Liên hệ</a></li></ul>'
)
FOOTER = (
    '<div class="footer"><p>Cơ quan chủ quản: Huyện ủy Bắc Khê, tỉnh Hà Lương. Chịu trách nhiệm: Văn phòng Huyện ủy. '
    "Giấy phép số 15/GP-TTĐT ngày 02/03/2019.</p><p>Địa chỉ: Tổ dân phố 3, thị trấn Bắc Khê - Điện thoại: 0206.3812.345"
    " - Email: huyenuy@backhe.example.vn</p></div>"
)
CLOCK = '<div class="top"><span id="clock">Thứ năm, 16/05/2024 08:15</span> | Hotline: 0206.3812.345</div>'
TOOLS = (
    '<div class="tools"><a href="#">A-</a> <a href="#">A</a> <a href="#">A+</a> | <a href="#">Tăng tương phản</a> '
    '<a href="#">Giảm tương phản</a> <a href="javascript:print()">In trang</a></div>'
)


def site(article: str, *, title: str = TITLE, head: str = "", sidebar: str = "") -> str:
    """A whole page of a portal around an article."""
    return page(
        f'{CLOCK}<div id="header"><a href="/"><img src="/logo.png" alt=""></a>'
        "<h2>TRANG THÔNG TIN ĐIỆN TỬ HUYỆN ỦY BẮC KHÊ</h2></div>"
        f'{MENU}<div class="wrap"><div class="col-left">{article}</div>'
        f'<div class="col-right"><h3>TIN MỚI NHẤT</h3><ul>{others("/tin-tuc/bai-moi-so-")}</ul>{sidebar}'
        f"{COUNTER}</div></div>{FOOTER}",
        title=title,
        head=head,
    )


# --- NukeViet ------------------------------------------------------------------------------------------


def _nukeviet(content: str, story: Story, url: str, head: str = "") -> str:
    return page(
        f'<header><h1 class="hidden">Huyện ủy Bắc Khê</h1></header><ul class="temp-breadcrumbs hidden">'
        f'<li><a href="/"><span>Trang nhất</span></a></li><li><a href="/tin-hoat-dong/"><span>Tin hoạt động</span></a>'
        f"</li></ul>{content}"
        '<ul class="counter list-none display-table"><li><span>Đang truy cập</span><span>7</span></li>'
        "<li><span>Hôm nay</span><span>1,024</span></li><li><span>Tháng hiện tại</span><span>20,480</span></li>"
        "<li><span>Tổng lượt truy cập</span><span>1,048,576</span></li></ul>",
        title=f"{story.title} - Tin hoạt động - Huyện ủy Bắc Khê",
        head=f'<meta name="generator" content="NukeViet v4.5"><link rel="canonical" href="{url}">'
        '<meta property="article:published_time" content="2024-05-14+0716:50:00">'
        '<meta property="og:image" content="/uploads/no-image.jpg"><script>var nv_module_name="news";</script>'
        + head,
    )


_SCHEMA = (
    '<div class="hidden hide d-none" itemprop="author" itemscope><span itemprop="name">quantri</span></div>'
    '<span class="hidden hide d-none" itemprop="datePublished">2024-05-20T09:00:00+07:00</span>'
    '<span class="hidden hide d-none" itemprop="description">Mô tả ẩn</span>'
)


def _nukeviet_files(story: Story, url: str) -> str:
    if not story.file:
        return ""
    name = story.file.rsplit("/", 1)[1]
    return (
        '<div class="panel panel-default"><div class="panel-heading"><i class="fa fa-download"></i> '
        '<strong>File đính kèm</strong></div><div class="list-group news-download-file"><div class="list-group-item">'
        '<span class="badge"><a role="button" data-toggle="collapse" href="#file-0"><i class="fa fa-eye"></i></a></span>'
        f'<a href="{url}{"&amp;" if "?" in url else "?"}download=1&amp;id=0" title="Tải về {name}" download>Tải về: <strong>{name}</strong></a>'
        "</div></div></div>"
    )


def _nukeviet_tags(story: Story) -> str:
    links = ", ".join(f'<a title="{tag}" href="/tag/{tag}"><em>{tag}</em></a>' for tag in story.tags)
    return f'<em class="fa fa-tags">&nbsp;</em><strong>Tags: </strong>{links}' if story.tags else ""


_STARS = (
    '<form id="form3B" action=""><div class="h5 clearfix"><p id="stringrating">Tổng số điểm của bài viết là: 18 trong 4 '
    'đánh giá</p><span>Xếp hạng: <span id="numberrating">4.5</span> - <span id="click_rating">4</span> phiếu bầu</span>'
    '<div><span id="hover-test">Click để đánh giá bài viết</span></div></div></form>'
)


def nukeviet_default(story: Story, url: str) -> str:
    """The default theme of NukeViet 4.5."""
    author = f'<p class="h5 text-right"><strong>Tác giả: </strong>{story.author}</p>' if story.author else ""
    source = (
        f'<p class="h5 text-right"><strong>Nguồn tin: </strong>{story.source}</p>' if story.source else ""
    )
    return _nukeviet(
        '<div class="news_column panel panel-default" itemtype="http://schema.org/NewsArticle" itemscope>'
        f'<div class="panel-body"><h1 class="title margin-bottom-lg" itemprop="headline">{story.title}</h1>{_SCHEMA}'
        '<div class="row margin-bottom-lg"><div class="col-md-12"><span class="h5">Thứ ba - 14/05/2024 16:50</span></div>'
        '<div class="col-md-12"><ul class="list-inline text-right"><li><a title="In ra" href="javascript:void(0)"></a>'
        '<div class="modal fade"><div class="modal-title h2"><strong>Giới thiệu bài viết cho bạn bè</strong></div></div>'
        '</li></ul></div></div><div class="clearfix"><figure class="article left pointer"><div style="width:100px;">'
        '<p class="text-center"><img alt="" src="/assets/news/dai-dien.jpg" class="img-thumbnail"/></p>'
        '<figcaption>Quang cảnh hội nghị</figcaption></div></figure><div id="imgpreview" style="display:none">'
        '<p class="text-center"><img alt="" src="/uploads/news/dai-dien.jpg"/></p><figcaption>Quang cảnh hội nghị'
        f'</figcaption></div><div class="hometext m-bottom" itemprop="description">{story.summary or ""}</div></div>'
        f'<div id="news-bodyhtml" class="bodytext margin-bottom-lg">{paragraphs(story)}</div>'
        f'{_nukeviet_files(story, url)}<div class="margin-bottom-lg">{author}{source}</div>'
        '<div class="alert alert-info margin-bottom-lg">Chú ý: Việc đăng lại bài viết trên phải ghi rõ nguồn.</div>'
        '</div></div><div class="news_column panel panel-default"><div class="panel-body"><div class="h5">'
        f'{_nukeviet_tags(story)}</div></div></div><div class="news_column panel panel-default"><div class="panel-body">'
        f'{_STARS}</div></div><div class="news_column panel panel-default"><div class="panel-body other-news">'
        '<p class="h3"><strong>Những tin mới hơn</strong></p><ul class="detail-related related list-none list-items">'
        f"{others('/tin-hoat-dong/bai-')}</ul></div></div>",
        story,
        url,
    )


def nukeviet_mobile(story: Story, url: str) -> str:
    """The mobile theme of NukeViet eGovernment: no itemtype, no id on the body, everything in one wrapper."""
    author = (
        f'<p class="text-right"><strong>Tác giả bài viết: </strong>{story.author}</p>' if story.author else ""
    )
    source = f'<p class="text-right"><strong>Nguồn tin: </strong>{story.source}</p>' if story.source else ""
    return _nukeviet(
        '<div class="news_column panel panel-default"><div class="panel-body">'
        f'<h1 itemprop="headline">{story.title}</h1>{_SCHEMA}<em class="time">Thứ ba - 14/05/2024 16:50</em><hr />'
        '<div id="hometext"><div class="imghome text-center"><a href="#" id="pop" title="Ảnh hội nghị">'
        '<img id="imageresource" alt="Ảnh hội nghị" src="/uploads/news/dai-dien.jpg" width="460" class="img-thumbnail">'
        '</a><div class="modal fade" id="imagemodal"><div class="modal-header"><h4 class="modal-title" id="myModalLabel">'
        'Ảnh hội nghị</h4></div><div class="modal-body"><img src="" id="imagepreview"></div></div>'
        '<em class="show">Quang cảnh hội nghị</em><hr /></div>'
        f'<div itemprop="description">{story.summary or ""}</div></div><div class="bodytext">{paragraphs(story)}</div>'
        f'{_nukeviet_files(story, url)}{author}{source}<div class="alert alert-info copyright">Ghi rõ nguồn khi đăng lại.'
        f'</div><hr /><div class="row"><div class="col-md-12"><div class="keywords">{_nukeviet_tags(story)}</div></div>'
        f'<div class="col-md-12">{_STARS}</div></div><p><strong>Những tin cũ hơn</strong></p><ul class="related">'
        f"{others('/tin-hoat-dong/bai-')}</ul></div></div>",
        story,
        url,
    )


def nukeviet_3(story: Story, url: str) -> str:
    """NukeViet 3, as portals still run it."""
    return _nukeviet(
        '<div class="news_column"><div id="news_detail">'
        f'<h1>{story.title}</h1><span class="time">Thứ ba - 14/05/2024 16:50</span><div class="control"><ul><li>'
        '<a class="print" title="In ra" href="javascript: void(0)"></a></li></ul></div><div id="hometext">'
        '<div id="imghome" class="fl"><a href="/uploads/news/dai-dien.jpg" rel="shadowbox"><img alt="" '
        'src="/uploads/news/dai-dien.jpg" width="200"/></a><p><em>Quang cảnh hội nghị</em></p></div>'
        f'{story.summary or ""}</div><div class="bodytext">{paragraphs(story)}</div>'
        f'<p style="text-align: right;"><strong>Tác giả bài viết: </strong>{story.author}</p>'
        f'<p style="text-align: right;"><strong>Nguồn tin: </strong>{story.source}</p></div>{_STARS}'
        f'<div class="keywords">{_nukeviet_tags(story)}</div><p><strong>Những tin mới hơn</strong></p>'
        f"<ul class='related'>{others('/tin-hoat-dong/bai-')}</ul></div>",
        story,
        url,
    )


def nukeviet_print(story: Story, url: str) -> str:
    """The print view, which takes its own address for the article's."""
    return page(
        '<div id="print"><div id="hd_print"><h2 class="pull-left">Huyện ủy Bắc Khê</h2><p class="pull-right">'
        '<a href="http://backhe.example.vn/">http://backhe.example.vn</a></p></div><div class="clear"></div><hr />'
        f'<div id="content"><h1>{story.title}</h1><ul class="list-inline"><li>Thứ ba - 14/05/2024 16:50</li>'
        '<li class="hidden-print"><a href="javascript:;">In ra</a></li><li class="hidden-print"><a href="javascript:;">'
        'Đóng cửa sổ này</a></li></ul><div id="hometext"><div class="pull-left imghome"><img alt="" '
        'src="/uploads/news/dai-dien.jpg" width="160"/><p><em>Quang cảnh hội nghị</em></p></div>'
        f'{story.summary or ""}</div><div id="bodytext" class="clearfix">{paragraphs(story)}</div><div id="author">'
        f"<p><strong>Tác giả:</strong>\n{story.author}</p><p><strong>Nguồn tin:</strong>\n{story.source}</p></div></div>"
        f'<div id="footer" class="clearfix"><div id="url"><strong>URL của bản tin này: </strong>{url}</div>'
        '<div class="copyright">&copy; Huyện ủy Bắc Khê</div></div></div>',
        title=f"{story.title} - In bài viết",
        head='<meta name="generator" content="NukeViet v4.5"><meta name="robots" content="noindex">',
    )


# --- Liferay -------------------------------------------------------------------------------------------

_LIFERAY_HEAD = '<link class="lfr-css-file" rel="stylesheet" href="/html/css/main.css">'


def liferay_62(story: Story, url: str) -> str:
    """A full article of Liferay 6.2's asset publisher, as sotttt.hanoi.gov.vn lays out its lists."""
    return page(
        '<a href="#main-content" id="skip-to-content">Truy cập nội dung luôn</a><div id="wrapper">'
        '<div class="portlet-boundary portlet-asset-publisher" id="p_p_id_101_"><header class="portlet-topper">'
        '<h1 class="portlet-title"><span class="portlet-title-text">Tin tức - Sự kiện</span></h1></header>'
        '<div class="portlet-body"><div class="asset-full-content default-asset-publisher no-title">'
        f'<h3 class="asset-title">{story.title}</h3><div class="assetPublishDate block_timer"> Ngày đăng 14/05/2024 | '
        '04:50 PM | View count: 1549 </div><div class="asset-content"><div class="journal-content-article">'
        f"<p><strong>{story.summary}</strong></p>{paragraphs(story)}</div></div></div></div>"
        f'<div class="asset-other"><h4>Tin liên quan</h4><ul>{others("/tin/-/view_content/", "-bai-khac.html")}</ul>'
        '</div></div></div><div class="visitor-tracking-wraper"><h3>Số lượng truy cập</h3><p>Đang truy cập: 27</p>'
        "<p>Tổng: 4.798.809</p></div>",
        title=f"{story.title} - Cổng thông tin điện tử Sở Nội vụ",
        head=_LIFERAY_HEAD,
    )


def liferay_hoabinh(story: Story, url: str) -> str:
    """Liferay 7 with the theme of Hòa Bình."""
    return page(
        '<header id="banner"><h1 class="site-title">Cổng TTĐT tỉnh Hà Lương</h1></header><nav><ul class="breadcrumb">'
        '<li><a href="/">Trang chủ</a></li><li><a href="/tin-hoat-dong">Tin hoạt động</a></li></ul></nav>'
        '<div class="portlet-boundary"><div id="content_detail_news"><div class="tool"><a id="tangtuongphan">Tăng tương '
        'phản</a><a id="giamtuongphan">Giảm tương phản</a></div>'
        f'<h1 class="title" id="titleDetail">{story.title}</h1><span class="date_time">14/05/2024 16:50</span>'
        f'<div class="summary" id="leadDetail">{story.summary}</div><div class="img-title"><img src="/documents/'
        'dai-dien.jpg"><p class="note">Quang cảnh hội nghị</p></div>'
        f'<div class="textdetail" id="contentDetail">{paragraphs(story)}</div><div class="author">{story.author}</div>'
        f'<div class="source">Nguồn: {story.source}</div><div class="attachment"><ul><li><a href="{story.file}">'
        "Quyết định khen thưởng</a></li></ul></div></div>"
        '<div class="list_detail"><h3>Danh sách bài viết mới</h3><ul>'
        f"{others('/chi-tiet/-/asset_publisher/x/content/', '', ' <span class=time>(12/05/2024 08:00)</span>')}</ul></div>"
        "</div>",
        title=f"{story.title} - Cổng thông tin điện tử tỉnh Hà Lương",
        head=_LIFERAY_HEAD,
    )


def liferay_bacgiang(story: Story, url: str) -> str:
    """Liferay 7 with a theme like Bắc Giang's: the portlet's own h1 comes before the title."""
    return page(
        '<div class="portlet-boundary portlet-asset-publisher"><h1 class="portlet-title">Chi tiết tin tức</h1>'
        f'<div class="asset-full"><div class="title-news"><h1>{story.title}</h1></div>'
        '<div class="date-news"><span>Ngày đăng: 14/05/2024 16:50</span> <span>Lượt xem: 1.549</span></div>'
        f'<div class="journal-content-article" data-analytics-asset-id="1"><p><b>{story.summary}</b></p>'
        f'{paragraphs(story)}<p style="text-align:right"><strong>{story.author}</strong></p></div></div>'
        f'<div class="related-news"><h3>Tin khác</h3><ul>{others("/web/guest/-/", "")}</ul></div></div>',
        title=f"{story.title} - Bắc Khê",
        head=_LIFERAY_HEAD,
    )


def liferay_vietsoftware(story: Story, url: str) -> str:
    """VietSoftware's news portlet: layout tables."""
    return page(
        '<div class="portlet-boundary"><table class="chanel-news" width="100%"><tr><td>'
        f'<p class="title01">{story.title}</p><span class="time">(14/05/2024 04:50 PM)</span><br>'
        f'<b class="hot-line">{story.summary}</b>{paragraphs(story)}</td></tr></table>'
        f'<table class="others"><tr><td><b>Các tin khác</b><ul>{others("/tin?articleId=", "")}</ul></td></tr></table></div>',
        title="Cổng thông tin điện tử",
        head=_LIFERAY_HEAD,
    )


def liferay_dongthap(story: Story, url: str) -> str:
    """Liferay 7 where a template prints «null» before the title."""
    return page(
        '<div class="portlet-boundary portlet-asset-publisher"><div class="asset-full-content">null'
        f'<h4 class="component-title">null {story.title}</h4><div class="metadata-publish-date">Ngày đăng: 14/05/2024</div>'
        f'<div class="asset-content"><div class="journal-content-article"><p>{story.summary}</p>{paragraphs(story)}'
        "</div></div></div></div>",
        title=f"{story.title} - Chi tiết bài viết",
        head=_LIFERAY_HEAD,
    )


# --- SharePoint and other ASP.NET ----------------------------------------------------------------------

_SHAREPOINT_HEAD = '<meta name="GENERATOR" content="Microsoft SharePoint">'


def sharepoint_publishing(story: Story, url: str) -> str:
    """A publishing page in the manner of Thanh Hóa's and Ninh Thuận's."""
    return page(
        '<form id="aspnetForm"><div id="s4-workspace"><div class="ms-breadcrumb"><a href="/">Trang chủ</a></div>'
        f'<div class="newsdetail"><h3 class="news-header">{story.title}</h3><div class="info"><span>Đăng ngày 14 - 05 - '
        "2024</span> <span>Lượt xem: 400</span></div><div class='zoom'><a href='#'>-</a><span>100%</span><a href='#'>+</a>"
        f'</div><div class="ArticleContent" id="ctl00_PlaceHolderMain_Content"><p><strong>{story.summary}</strong></p>'
        f'{paragraphs(story)}</div></div><div class="othernews"><h4>Các tin khác</h4><ul>'
        f"{others('/portal/Pages/2024-5-1/', '.aspx')}</ul></div></div></form>",
        title=f"\n\t{story.title}\n",
        head=_SHAREPOINT_HEAD,
    )


def sharepoint_description(story: Story, url: str) -> str:
    """Web parts of national portals: divArticleDescription1 to 3, date in pnHide, source in pnNguontin."""
    prefix = "ctl00_SPWebPartManager1_g_0f1e_ctl00_"
    return page(
        f'<form id="aspnetForm"><div id="{prefix}pnHide"><span>14/05/2024 16:50</span></div>'
        f'<div id="divArticleDescription3"><h1>{story.title}</h1></div>'
        f'<div id="divArticleDescription1">{story.summary}</div>'
        f'<div id="divArticleDescription2">{paragraphs(story)}</div>'
        f'<div id="{prefix}pnNguontin">Nguồn: {story.source}</div>'
        f'<div id="{prefix}pnListNews"><b>Tin cùng chuyên mục</b><ul>{others()}</ul></div></form>',
        title="Chi tiết tin",
        head=_SHAREPOINT_HEAD,
    )


def sharepoint_quangninh(story: Story, url: str) -> str:
    """CQ.SharePoint.QN web parts: the date before the title, sapo p > b, captions in div.comment."""
    body = paragraphs(story, figure=False).replace(
        "</p>",
        f'</p><div class="image"><img src="{story.image}"></div><div class="comment">{story.caption}</div>',
        1,
    )
    return page(
        '<form id="aspnetForm"><div style="display:none">Đang online: 3 Hôm nay: 120 Tổng: 45.678</div>'
        '<div class="detail"><span id="ctl00_m_g_1_lblCreatedDate">14/05/2024 16:50</span>'
        f'<h2><span id="ctl00_m_g_1_lblTitle">{story.title}</span></h2><p><b>{story.summary}</b></p>{body}</div>'
        f'<div class="other"><a href="?Page=1">Trước</a><ul>{others()}</ul><a href="?Page=3">Sau</a></div></form>',
        title="Trang tin tức",
        head=_SHAREPOINT_HEAD,
    )


def sharepoint_backan(story: Story, url: str) -> str:
    """A SharePoint page whose block titles leak into the text."""
    parts = [f"<p>{text}</p>" for text in story.paragraphs]
    parts.insert(
        1,
        f'<p style="text-align:center"><img src="/PictureLibrary/9f35/image003.jpg"></p><p style="'
        f'text-align:center"><em>{story.caption}</em></p>',
    )
    return page(
        '<form id="aspnetForm"><div class="ms-webpart-zone"><h2 class="ms-webpart-titleText">PublishingPortal - '
        'Block_BanTin_Toolbar</h2><div>14/05/2024</div><div><a href="#">Tăng cỡ chữ</a> <a href="#">Giảm cỡ chữ</a></div>'
        f'<div class="tieude">{story.title}</div><div class="trichdan">{story.summary}</div></div>'
        '<div class="ms-webpart-zone"><h2 class="ms-webpart-titleText">PublishingPortal - Block_BanTin_ViewData</h2>'
        f'<div class="noidung">{"".join(parts)}<p style="text-align:right"><b>{story.author}</b></p></div></div></form>',
        title="Cổng thông tin điện tử",
        head=_SHAREPOINT_HEAD,
    )


def moet(story: Story, url: str) -> str:
    return site(
        f'<div id="news-title">{story.title}</div><div class="date">Cập nhật ngày 14/05/2024</div>'
        f'<div id="news-des">{story.summary}</div><div id="news-detail">{paragraphs(story)}</div>',
        title="Chi tiết tin",
    )


def moha(story: Story, url: str) -> str:
    return site(
        f'<h1 class="tieude">{story.title}</h1><span class="ngay">14/05/2024 16:50</span>'
        f'<div id="show_description">{story.summary}</div><div id="show_content">{paragraphs(story)}</div>',
        title="Chi tiết tin",
    )


def mojoportal(story: Story, url: str) -> str:
    """mojoPortal as Vietnamese agencies run it."""
    return site(
        '<div class="articleview"><div class="panel"><h2 class="articletitle">'
        f'{story.title}&nbsp;</h2><div class="width100 info-article-more"><div class="pull-right" id="tuongphan"><span>'
        'Tương phản: </span><a id="tangtuongphan" href="javascript:;"><img src="/i/c2.png" alt="Tăng tương phản"></a></div>'
        '<div class="left-article-more"><span class="left-article-more-container">14/05/2024 16:50<span>|&nbsp;Lượt truy '
        'cập: <span class="texthit">1549</span></span></span></div></div>'
        f'<div class="sapo">{story.summary}</div><div class="articletext" id="article_text">{paragraphs(story)}</div>'
        f'<div class="article-file"><div class="blogattachment"><span class="label">Tệp đính kèm</span><div '
        f'class="file-item"><a href="{story.file}">Quyết định khen thưởng</a></div></div></div></div>'
        f'<div class="article-author">{story.author}</div><div class="article-tool"><a href="#" class="gotop">Về đầu '
        "trang</a></div></div>",
        title=story.title,
    )


def vsw(story: Story, url: str) -> str:
    return site(
        f'<div class="titleContainer"><span>{story.title}</span><span class="pull-right">14/05/2024 16:50:07</span></div>'
        f'<div class="contentNews">{paragraphs(story)}</div>',
        title="Trang thông tin điện tử",
    )


def dotnetnuke(story: Story, url: str) -> str:
    return site(
        '<div class="DnnModule DnnModule-Announcements"><div class="DNNContainer_Title"><span class="Head">CHI TIẾT TIN'
        f'</span></div><div class="Normal"><h1 class="edn_articleTitle">{story.title}</h1><span class="edn_date">'
        f'14/05/2024 4:50:00 CH</span><div class="edn_summary">{story.summary}</div><div class="edn_article_text">'
        f"{paragraphs(story)}</div></div></div>",
        title="Huyện ủy Bắc Khê > Tin tức > Chi tiết tin",
    )


# --- the five structures known by their text -----------------------------------------------------------


def laichau(story: Story, url: str) -> str:
    """No date line: only the dateline of the first paragraph, and the counter's year."""
    return page(
        '<ul><li>: </li><li>: </li></ul><div>A- A A+ | <a href="#">Chia sẻ bài viết lên facebook</a> <a href="#">Chia sẻ '
        'bài viết lên twitter</a> <a href="#">Tăng tương phản</a> <a href="#">Giảm tương phản</a></div>'
        f"<h1>{story.title}</h1><p>(backhe.example.vn)</p><p>{story.summary}</p>"
        f'<p><img src="/upload/2000066/20240514/anh_1a2b3.jpg"></p><p>Quang cảnh Hội nghị.</p>'
        + "".join(f"<p>{text}</p>" for text in story.paragraphs)
        + f"<div>Tác giả: {story.author}</div><div>Tổng số điểm của bài viết là: 0 trong 0 đánh giá</div><div>Click để "
        "đánh giá bài viết</div><div>Bản đồ địa giới hành chính</div><div>Thống kê truy cập</div><div>Hôm nay : 3.002</div>"
        "<div>Hôm qua : 9.410</div><div>Tháng 05 : 199.242</div><div>Năm 2024 : 870.832</div><div>Tổng số : 82.336.925"
        "</div>",
        title="Cổng thông tin điện tử",
    )


def dienbien(story: Story, url: str) -> str:
    """The whole page is one nested list."""
    return page(
        "<div>TRANG THÔNG TIN ĐIỆN TỬ ĐẢNG BỘ TỈNH ĐIỆN BIÊN</div><ul>"
        f"<li>{story.title}</li><li>Thời gian đăng: 14/05/2024 04:50:34 PM - Lượt đọc: 2923</li><li>{story.summary}</li>"
        f'<li><p><img src="/upload/14-5-dan-van.jpg"></p><p>{story.caption}</p>'
        + "".join(f"<p>&nbsp;&nbsp;&nbsp; {text}</p>" for text in story.paragraphs)
        + f"<p>Tin, ảnh: {story.author}</p></li><li>BẢN ĐỒ HÀNH CHÍNH<br>Liên kết web</li>"
        "<li>Thống kê truy cập<br>Tổng truy cập: <span id='t'></span></li></ul>",
        title="Trang thông tin điện tử",
    )


def sapa(story: Story, url: str) -> str:
    """Slug-id portal: title, date and reads, paragraphs with captions between them, byline last."""
    first, *rest = story.paragraphs
    return page(
        f'<div class="menu">{MENU}</div><div class="article"><div class="tit">{story.title}</div><div class="meta">'
        f'14/05/2024 16:50 Lượt xem: 14</div><div class="content"><p>{story.summary}</p><p>{first}</p>'
        '<p align="center"><img src="https://storage-vnportal.vnpt.vn/lci/1/anh.jpg"></p><p align="center">Các đại biểu dự '
        f'hội nghị</p>{"".join(f"<p>{text}</p>" for text in rest)}<p align="right"><b>{story.author} (Trung tâm VH,TT-TT '
        "huyện)</b></p></div></div>",
        title=f"{story.title}",
    )


# --- unknown themes, read by density -------------------------------------------------------------------


def wordpress(story: Story, url: str) -> str:
    return site(
        f'<article class="post type-post"><header class="entry-header"><h1 class="entry-title">{story.title}</h1>'
        '<div class="entry-meta"><span class="posted-on">Tháng Năm 14, 2024</span> <span class="byline">bởi <a href="/author/'
        f'admin">admin</a></span></div></header><div class="entry-content"><p><strong>{story.summary}</strong></p>'
        f'{paragraphs(story)}</div><footer class="entry-footer">Chuyên mục: <a href="/c">Tin tức</a></footer></article>'
        f'<div class="related-posts"><h3>Bài viết liên quan</h3><ul>{others("/", "/")}</ul></div>'
        '<div id="comments"><h3>Bình luận</h3><p>Bạn đọc Nguyễn Văn Tám: Phong trào rất thiết thực, mong huyện tiếp tục '
        "nhân rộng ra các xã còn khó khăn trong thời gian tới để bà con được nhờ.</p></div>",
        title=f"{story.title} – Huyện ủy Bắc Khê",
    )


def logo_h1(story: Story, url: str) -> str:
    """The only h1 is the name of the site; the title is a div below the date."""
    return page(
        f'<h1><a href="/">Huyện ủy Bắc Khê</a></h1>{CLOCK}{MENU}<div class="detail"><div class="d-date">Thứ ba, '
        f'14/05/2024, 16:50 (GMT+7)</div><div class="d-name">{story.title}</div>{TOOLS}<div class="d-lead">'
        f"{story.summary}</div><div class='d-body'>{paragraphs(story)}<p style='text-align:right'><em>{story.author}</em>"
        f"</p></div></div><div class='d-more'><b>Các tin khác</b><ul>{others()}</ul></div>{COUNTER}{FOOTER}",
        title=f"Huyện ủy Bắc Khê | {story.title}",
    )


def br_only(story: Story, url: str) -> str:
    """Lines broken by br alone, directly in the cell of a layout table."""
    text = "<br><br>".join((story.summary or "", *story.paragraphs))
    return page(
        f'<table width="1000"><tr><td colspan="2">{CLOCK}</td></tr><tr><td width="200"><table><tr><td>{MENU}</td></tr>'
        f'<tr><td>{COUNTER}</td></tr></table></td><td valign="top"><table><tr><td class="TitleNews"><b>{story.title}</b>'
        f"</td></tr><tr><td>Cập nhật lúc: 16:50 |14/05/2024</td></tr><tr><td>{text}<br><br><b>{story.author}</b></td></tr>"
        f"<tr><td><b>Các tin đã đưa:</b><br>"
        + "<br>".join(f'<a href="?id={n}">{title}</a> (12/05/2024)' for n, title in enumerate(OTHERS))
        + f"</td></tr></table></td></tr><tr><td colspan=2>{FOOTER}</td></tr></table>",
        title="Trang tin Huyện ủy Bắc Khê",
    )


def nested_tables(story: Story, url: str) -> str:
    """A page of the 2000s: tables in tables, fonts, a spacer for every gap."""
    rows = "".join(
        f'<tr><td><font face="Arial" size="2">{text}</font></td></tr><tr><td><img src="/images/spacer.gif" height="5">'
        "</td></tr>"
        for text in story.paragraphs
    )
    return page(
        f'<center><table border="0" width="780"><tr><td>{MENU}</td></tr><tr><td><table><tr><td width="560"><table><tr><td>'
        f'<font size="4" color="#990000"><b>{story.title}</b></font></td></tr><tr><td><font size="1">Ngày đăng: 14/05/2024'
        f'</font></td></tr><tr><td><table>{rows}</table></td></tr></table></td><td width="200"><table>'
        + "".join(f'<tr><td><a href="xem.asp?id={n}">{title}</a></td></tr>' for n, title in enumerate(OTHERS))
        + f"</table></td></tr></table></td></tr><tr><td>{FOOTER}</td></tr></table></center>",
        title="Huyen uy Bac Khe",
    )


def related_inside(story: Story, url: str) -> str:
    """«Tin liên quan» stands in the middle of the text and again after it, all in one container."""
    first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
    return site(
        f'<div class="view"><h1>{story.title}</h1><div>14-05-2024, 16:50 (GMT+7)</div><h2 class="sapo">{story.summary}</h2>'
        f'<div class="view-body">{first}<div class="box-lq"><b>Tin liên quan:</b><ul>{others(date="")}</ul></div>'
        f"{''.join(rest)}<p>Nguồn: {story.source}</p><p><b>Tin liên quan</b></p><ul>{others()}</ul></div></div>",
        title=f"{story.title} - Trang tin điện tử Bắc Khê",
    )


def title_only_in_head(story: Story, url: str) -> str:
    return site(
        f'<div class="ngay">(14/05/2024 | 04:50 CH)</div><div class="noi-dung">{paragraphs(story)}</div>',
        title=f"{story.title} | Huyện ủy Bắc Khê",
    )
