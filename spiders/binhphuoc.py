"""Trang thông tin điện tử Tỉnh ủy Bình Phước."""

from crawler.spider import PortalSpider


class BinhPhuoc(PortalSpider):
    name = "binhphuoc"
    title = "Trang thông tin điện tử Tỉnh ủy Bình Phước"
    home = "https://tinhuybinhphuoc.vn/"
    province = "binh-phuoc"
    body = "tỉnh ủy"
    family = "nukeviet"
    known = "described"
    note = (
        "Known from addresses (/news/tag/.../page-8) and a date line; the pages of other NukeViet sites were "
        "read, not this one's. The province became part of Đồng Nai on 1 July 2025."
    )
    # NukeViet's flood blocker, on by default, locks out whoever asks 150 times in 300 seconds.
    custom_settings = {"DOWNLOAD_DELAY": 2.1}
