"""The in-house ASP.NET of Điện Biên's party portal, from its page texts and URLs; its DOM was never seen.

The whole page is one nested list; dates are .NET's 12-hour form; routes are /<Controller>/<Slug>, and `PageIndex`
on an article pages the list of related news below it.
"""

import re

from portal_archive.reading.cms.family import Family

DIENBIEN = Family(
    name="dienbien",
    marks=("TRANG THÔNG TIN ĐIỆN TỬ ĐẢNG BỘ TỈNH ĐIỆN BIÊN",),
    hosts=re.compile(r"(?:^|\.)(?:dienbien\.dcs\.vn|huyendienbien\.gov\.vn)$"),
    article_url=re.compile(
        r"^/(?!chuyen-?muc|danh-?muc|loai-?tin|nhom-?tin|category|home|tim-?kiem|tag)[\w-]+/(?:[^/?]*-){3,}[^/?]*$",
        re.I,
    ),
    page_url=re.compile(r"^/[\w-]+(?:/[^/?]*)?\?(?:.*&)?PageIndex=\d+", re.I),
    traps=re.compile(
        r"^/(?!chuyen-?muc|danh-?muc|loai-?tin|nhom-?tin|category)[\w-]+/(?:[^/?]*-){3,}[^/?]*\?.*PageIndex=",
        re.I,
    ),
    other_view=re.compile(r"\?PageIndex=\d+$", re.I),
)
