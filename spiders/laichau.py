"""Cổng thông tin điện tử tỉnh Lai Châu."""

from crawler.spider import Expect, PortalSpider


class LaiChau(PortalSpider):
    name = "laichau"
    title = "Cổng thông tin điện tử tỉnh Lai Châu"
    home = "https://laichau.gov.vn/"
    province = "lai-chau"
    body = "ủy ban nhân dân tỉnh"
    family = "generic"
    known = "described"
    note = (
        "Text and URLs seen, live pages not. The vendor is unknown: the rating block is worded as "
        "NukeViet's, the URLs are not. Lists /tin-tuc-su-kien, articles three category levels deep without"
        " an id."
    )
    lists = ("/tin-tuc-su-kien",)
    # «Thống kê truy cập» stands on the list of news and on the article that were seen.
    expect = Expect(counter=True)
