"""Trang thông tin điện tử Đảng bộ tỉnh Thái Nguyên."""

from crawler.spider import PortalSpider


class ThaiNguyen(PortalSpider):
    name = "thainguyen"
    title = "Trang thông tin điện tử Đảng bộ tỉnh Thái Nguyên"
    home = "https://thainguyen.dcs.vn/"
    province = "thai-nguyen"
    body = "tỉnh ủy"
    family = "nukeviet"
    known = "described"
    note = (
        "Known to be NukeViet from the addresses of its uploads; the pages of other NukeViet sites were "
        "read, not this one's."
    )
    # NukeViet's flood blocker, on by default, locks out whoever asks 150 times in 300 seconds.
    custom_settings = {"DOWNLOAD_DELAY": 2.1}
