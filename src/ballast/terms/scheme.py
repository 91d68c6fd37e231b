"""The coding schemes that a code can belong to.

A code never travels without its scheme: 01 is 农业 in GB/T 4754, 农林牧渔 in
the 42-sector table, and nothing at all in NAICS.
"""

from __future__ import annotations

from enum import StrEnum


class RegionScheme(StrEnum):
    """Where a region code comes from."""

    GB2260 = "gb2260"  # administrative divisions of the PRC, GB/T 2260 (行政区划代码)
    EXT = "ext"  # extension codes of zones that GB/T 2260 does not know
    US_CBSA = "us-cbsa"  # core based statistical areas of the United States


class IndustryScheme(StrEnum):
    """Where an industry code comes from."""

    GBT4754_2017 = "gbt4754-2017"
    NAICS_2017 = "naics-2017"
    IO42_2020 = "io42-2020"
    IO153_2020 = "io153-2020"
    IO_OWN = "io-own"  # the sectors of one IO table alone, of no common classification


class IndustryLevel(StrEnum):
    """A level of GB/T 4754 (门类, 大类, 中类, 小类), a digit count of NAICS, or an IO sector."""

    SECTION = "section"
    DIVISION = "division"
    GROUP = "group"
    CLASS = "class"
    TOTAL = "total"
    NAICS2 = "naics2"
    NAICS3 = "naics3"
    NAICS4 = "naics4"
    NAICS5 = "naics5"
    NAICS6 = "naics6"
    SECTOR = "sector"
