"""Trang thông tin điện tử huyện Tam Đường, tỉnh Lai Châu."""

from crawler.spider import PortalSpider


class TamDuong(PortalSpider):
    name = "tamduong"
    title = "Trang thông tin điện tử huyện Tam Đường"
    home = "https://tamduong.laichau.gov.vn/"
    province = "lai-chau"
    body = "huyện ủy"
    family = "vhv"
    known = "described"
    note = (
        "Only a hijacked copy of an article was seen, in which a gambling phrase stands for the district's"
        " name; that it came from this host is inferred, and so is its CMS, that of the province. District "
        "level ended on 1 July 2025."
    )
