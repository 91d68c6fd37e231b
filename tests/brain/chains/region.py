"""A small region for these tests: a chain of four stages, and whoever a test puts on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from ballast.lake.lake import Lake
from ballast.sample.synthetic import typed
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.viewer import operator

ME = operator("test")
CITY, COUNTY, OTHER_CITY = "371500", "371581", "371302"
STEEL, RINGS, BALLS, BEARINGS = "3130", "3484", "3073", "3451"


def code(number: int) -> str:
    return with_check_character(f"91371581MA{number:07d}")


@dataclass(frozen=True)
class Firm:
    """An enterprise: its number, its industries, its revenue of 2025, and what is odd about it."""

    number: int
    industry: str
    revenue: str | None = "100"
    others: str | None = None
    region: str = COUNTY
    zone: str | None = None
    closed: date | None = None
    above: bool = True
    periods: tuple[str, ...] = ("2025",)

    @property
    def uscc(self) -> str:
        return code(self.number)


def definition(**more: object) -> pl.DataFrame:
    """Return steel → rings → bearings, with balls from abroad; 3130 and 3120 make the steel."""
    stages = (
        ("steel", "轴承钢", "rings", STEEL, False),
        ("steel", "轴承钢", "rings", "3120", False),
        ("rings", "套圈", "bearings", RINGS, False),
        ("balls", "陶瓷球", "bearings", BALLS, True),
        ("bearings", "轴承", None, "345", False),
    )
    return typed(
        "chain_definition",
        {
            "chain": "bearings",
            "chain_zh": "轴承产业链",
            "chain_en": "Bearings",
            "stage": [stage for stage, *_ in stages],
            "product_zh": [zh for _, zh, *_ in stages],
            "feeds": [feeds for _, _, feeds, *_ in stages],
            "industry_scheme": "gbt4754-2017",
            "industry": [industry for *_, industry, _ in stages],
            "import_dependent": [imported for *_, imported in stages],
            **more,
        },
    )


def load(lake: Lake, firms: Sequence[Firm], *, synthetic: bool = False) -> None:
    """Put the chain and some enterprises into a lake."""
    frames = {"chain_definition": definition()}
    if firms:
        frames["enterprise"] = typed(
            "enterprise",
            {
                "uscc": [f.uscc for f in firms],
                "valid_from": date(2020, 1, 1),
                "name": [f"企业{f.number}" for f in firms],
                "region_scheme": "gb2260",
                "region": [f.region for f in firms],
                "zone": [f.zone for f in firms],
                "industry_scheme": "gbt4754-2017",
                "industry": [f.industry for f in firms],
                "other_industries": [f.others for f in firms],
                "closed": [f.closed for f in firms],
            },
        )
    reports = [(f, p) for f in firms for p in f.periods if f.revenue is not None]
    if reports:
        frames["enterprise_period"] = typed(
            "enterprise_period",
            {
                "uscc": [f.uscc for f, _ in reports],
                "period": [p for _, p in reports],
                "above_scale": [f.above for f, _ in reports],
                "revenue_1e4_cny": [Decimal(f.revenue or 0) for f, _ in reports],
            },
        )
    lake.commit(frames, ME, provenance="synthetic" if synthetic else "real")


def employment(lake: Lake, cells: Sequence[tuple[str, str, int | None]]) -> None:
    """Put persons employed into a lake: region, group, persons."""
    rows = typed(
        "region_industry",
        {
            "region_scheme": "gb2260",
            "region": [region for region, *_ in cells],
            "industry_scheme": "gbt4754-2017",
            "industry_level": "group",
            "industry": [group for _, group, _ in cells],
            "period": "2025",
            "employment_persons": [persons for *_, persons in cells],
        },
    )
    lake.commit({"region_industry": rows}, ME)
