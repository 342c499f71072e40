"""Cổng thông tin điện tử tỉnh Lai Châu."""

from crawler.spider import Expect, PortalSpider


class LaiChau(PortalSpider):
    name = "laichau"
    title = "Cổng thông tin điện tử tỉnh Lai Châu"
    home = "https://laichau.gov.vn/"
    province = "lai-chau"
    body = "ủy ban nhân dân tỉnh"
    family = "vhv"
    known = "described"
    note = (
        "VHV, as its texts, addresses and uploads show; live pages of this host were not seen, but whole sites "
        "of the same CMS were. Lists /tin-tuc-su-kien, articles three category levels deep without an id."
    )
    lists = ("/tin-tuc-su-kien",)
    # «Thống kê truy cập» stands on the list of news and on the article that were seen.
    expect = Expect(counter=True)
