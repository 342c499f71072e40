"""Cổng thông tin điện tử tỉnh Bắc Kạn, until the province became part of Thái Nguyên."""

from crawler.spider import Expect, PortalSpider


class BacKan(PortalSpider):
    name = "backan"
    title = "Cổng thông tin điện tử tỉnh Bắc Kạn"
    home = "https://backan.gov.vn/"
    province = "bac-kan"
    body = "ủy ban nhân dân tỉnh"
    family = "sharepoint"
    known = "described"
    note = (
        "Text seen, live pages not; SharePoint is inferred from its block titles. The province ended on 1 "
        "July 2025: expect the portal to be gone, and import captures of it."
    )
    expect = Expect(closed="2025-07-01")
