"""The bodies that run a portal, as the registry of portals names them."""

from __future__ import annotations

from enum import StrEnum


class Body(StrEnum):
    """Who speaks on a portal. A portal's own file may name another body in its own words."""

    PROVINCIAL_COMMITTEE = "tỉnh ủy"  # the Party's committee of a province
    CITY_COMMITTEE = "thành ủy"  # the same of a city, under central or provincial rule
    DISTRICT_COMMITTEE = "huyện ủy"  # the same of a district; districts ended on 1 July 2025
    BLOC_COMMITTEE = "đảng ủy khối"  # of agencies and enterprises; ended early in 2025
    PROPAGANDA = "ban tuyên giáo"  # departments of a committee
    MASS_MOBILISATION = "ban dân vận"
    PROPAGANDA_AND_MASS_MOBILISATION = "ban tuyên giáo và dân vận"  # the two since 2025
    INTERNAL_AFFAIRS = "ban nội chính"
    INSPECTION = "ủy ban kiểm tra"
    FATHERLAND_FRONT = "mặt trận tổ quốc"
    UNION = "công đoàn"
    PAPER = "báo đảng"  # the newspaper of a provincial Party organisation
    PROVINCE = "ủy ban nhân dân tỉnh"  # the government of a province
    CITY = "ủy ban nhân dân thành phố"
    DISTRICT = "ủy ban nhân dân huyện"


# The committees and their departments: what a crawl takes where nothing else is chosen.
PARTY = frozenset(
    {
        Body.PROVINCIAL_COMMITTEE,
        Body.CITY_COMMITTEE,
        Body.DISTRICT_COMMITTEE,
        Body.BLOC_COMMITTEE,
        Body.PROPAGANDA,
        Body.MASS_MOBILISATION,
        Body.PROPAGANDA_AND_MASS_MOBILISATION,
        Body.INTERNAL_AFFAIRS,
        Body.INSPECTION,
    }
)
