"""Sở Thông tin và Truyền thông Hà Nội."""

from crawler.spider import PortalSpider


class HanoiIct(PortalSpider):
    name = "hanoi_ict"
    title = "Cổng thông tin điện tử Sở Thông tin và Truyền thông Hà Nội"
    home = "https://sotttt.hanoi.gov.vn/"
    province = "ha-noi"
    body = "sở"
    family = "liferay"
    known = "read from real pages"
    note = (
        "Liferay 6.2. Home and lists were read from pages saved in August 2022; no article page has been "
        "seen: an article's address answered with a list."
    )
    lists = (
        "/tin-tuc-su-kien",
        "/cong-nghe-thong-tin",
        "/buu-chinh-vien-thong",
        "/bao-chi-xuat-ban",
        "/thong-tin-dt",
        "/thanh-tra",
        "/van-ban-du-thao",
    )
