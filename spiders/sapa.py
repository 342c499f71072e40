"""Trang thông tin điện tử thị xã Sa Pa."""

from crawler.spider import PortalSpider


class SaPa(PortalSpider):
    name = "sapa"
    title = "Trang thông tin điện tử thị xã Sa Pa"
    home = "https://sapa.laocai.gov.vn/"
    province = "lao-cai"
    body = "ủy ban nhân dân thị xã"
    family = "vnportal"
    known = "described"
    note = (
        "Text and URLs seen, live pages not. One article stands under two addresses without a common id: "
        "/1227/27461/54439/293909/<category>/<slug> before, /<category>/<slug>-1105750 since; the archive "
        "joins them by their content. District level ended on 1 July 2025."
    )
    storage_hosts = ("storage-vnportal.vnpt.vn",)
