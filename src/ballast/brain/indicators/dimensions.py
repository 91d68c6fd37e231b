"""Along which lines a figure may be cut.

A closed list rather than column names: what a cut means (a county is not a
zone, an enterprise has one class and several clusters) is decided once, and
the sealed cube, commands and pages offer the same cuts under the same words.
"""

from __future__ import annotations

from enum import StrEnum

from ballast.terms.label import Label

__all__ = ["DIMENSION_LABELS", "OVERLAPPING", "Dimension"]


class Dimension(StrEnum):
    """One line along which figures are cut, or what they are restricted to.

    Cutting by a region dimension gives codes of that level; restricting to
    ``REGION`` takes a code of any level, and what lies in it counts. ``PLACE``
    partitions a region as the bureau reports it: the zone, or the county where
    the enterprise lies in none.
    """

    PROVINCE = "province"
    CITY = "city"
    REGION = "region"  # cut: the county; restriction: any GB/T 2260 code
    ZONE = "zone"
    PLACE = "place"
    INDUSTRY_SECTION = "section"
    INDUSTRY_DIVISION = "division"
    INDUSTRY_GROUP = "group"
    INDUSTRY_CLASS = "class"
    CLUSTER = "cluster"
    CHAIN = "chain"
    SIZE_CLASS = "size-class"
    OWNERSHIP = "ownership"
    PARTNER = "partner"  # of trade
    TIER = "tier"  # of titles


DIMENSION_LABELS: dict[Dimension, Label] = {
    Dimension.PROVINCE: Label("省", "province"),
    Dimension.CITY: Label("市", "city"),
    Dimension.REGION: Label("县（市、区）", "county"),
    Dimension.ZONE: Label("功能区", "zone"),
    Dimension.PLACE: Label("县（市、区）及功能区", "county or zone"),
    Dimension.INDUSTRY_SECTION: Label("行业门类", "industry section"),
    Dimension.INDUSTRY_DIVISION: Label("行业大类", "industry division"),
    Dimension.INDUSTRY_GROUP: Label("行业中类", "industry group"),
    Dimension.INDUSTRY_CLASS: Label("行业小类", "industry class"),
    Dimension.CLUSTER: Label("产业集群", "cluster"),
    Dimension.CHAIN: Label("产业链", "chain"),
    Dimension.SIZE_CLASS: Label("企业规模", "size class"),
    Dimension.OWNERSHIP: Label("所有制", "ownership"),
    Dimension.PARTNER: Label("贸易伙伴", "trade partner"),
    Dimension.TIER: Label("称号级别", "tier of title"),
}

OVERLAPPING = frozenset({Dimension.CLUSTER, Dimension.CHAIN})
"""An enterprise may count in several cells of these: their cells do not add up to the whole."""
