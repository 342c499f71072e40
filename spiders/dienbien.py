"""Trang thông tin điện tử Đảng bộ tỉnh Điện Biên."""

from crawler.spider import Expect, PortalSpider, Range


class DienBien(PortalSpider):
    name = "dienbien"
    title = "Trang thông tin điện tử Đảng bộ tỉnh Điện Biên"
    home = "http://dienbien.dcs.vn/"
    province = "dien-bien"
    body = "tỉnh ủy"
    family = "generic"
    known = "described"
    note = (
        "Text and URLs seen, live pages not. In-house ASP.NET; the visitor counter is filled in by a "
        "script whose address is unknown. Same software: huyendienbien.gov.vn."
    )
    lists = ("/GioiThieu/Dang-bo-tinh-Dien-Bien",)
    counter_by_script = True
    # «Thời gian đăng» stands on news and on introductions alike.
    expect = Expect(filled={"published_at": Range(min=0.8)})
