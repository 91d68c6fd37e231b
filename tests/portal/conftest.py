"""A small picture, made by hand: with a hostile name, an undefined figure, and none at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ballast.brain.picture import (
    Change,
    ClusterSize,
    Coverage,
    Indicator,
    IndustrySize,
    MacroItemPicture,
    MacroLine,
    PlaceSize,
    Point,
    RankingPlace,
    RegionPicture,
    Source,
    Specialisation,
    UpgradeInvestment,
)
from ballast.brain.tiers import TIER_LABELS, Tier
from ballast.terms import unit
from ballast.terms.industry import industry
from ballast.terms.label import Label
from ballast.terms.period import Period, month, whole_year
from ballast.words.numbers import Absence

HOSTILE = '<script>alert("x")</script>&\'名'
TO_DATE = Period.parse("2026-05ytd")
BASE = TO_DATE.same_period_last_year()


@pytest.fixture(scope="session")
def hostile() -> str:
    """Return a name that would be a script in a page that does not escape."""
    return HOSTILE


def _indicator(name: str, zh: str, en: str, value: Decimal | None, **more: object) -> Indicator:
    plain = Indicator(
        name=name,
        label=Label(zh, en),
        value=value,
        unit=unit.CNY_1E4,
        period=TO_DATE,
        published=Change(6.05, unit.PERCENT, BASE),
        comparable=Change(5.95, unit.PERCENT, BASE, 1900),
        series=tuple(Point(month(2026, m), float(m)) for m in range(1, 6)),
        coverage=Coverage(1990, 2000),
        formula=Label("之和", "a sum"),
        sample=Label("规上企业", "above-scale enterprises"),
        tables=("enterprise_period",),
        command="ballast demo --no-serve",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


# longer than 60 lines because it is one value, written out, with no step in it
@pytest.fixture(scope="session")
def small_picture() -> RegionPicture:
    """Return a picture with every part filled."""
    size = Decimal("8537884.8527")
    copper = IndustrySize("32", None, industry("32").label, 3, size, size, 0.9, 7.35, 2.88)
    bearings = IndustrySize("34", None, industry("34").label, 5, Decimal(5), None, 0.1, None, -0.5)
    years = tuple(Point(whole_year(2022 + i), 100.0 * 1.175**i) for i in range(4))
    region = Label("测试市", "Testville")
    return RegionPicture(
        region="371500",
        label=region,
        as_of=date(2026, 6, 20),
        latest=month(2026, 5),
        period=TO_DATE,
        year=whole_year(2025),
        indicators=(
            _indicator(
                "enterprises",
                "规上工业企业",
                "Above-scale enterprises",
                Decimal(2028),
                unit=unit.COUNT,
                noun=Label("家", ""),
                comparable=None,
                coverage=Coverage(1800, 2000),
            ),
            _indicator("output", "工业总产值", "Gross output", Decimal("21544091.4064")),
            _indicator(
                "margin",
                "营业收入利润率",
                "Profit margin",
                None,
                unit=unit.PERCENT,
                absence=Absence.UNDEFINED,
                published=Change(None, unit.PERCENTAGE_POINTS, BASE, absence=Absence.UNDEFINED),
            ),
            _indicator("exports", "出口交货值", "Exports", None, absence=Absence.NO_DATA),
        ),
        divisions=(copper, bearings),
        groups=(
            replace(copper, code="325", parent="32", label=industry("325").label),
            replace(bearings, code="345", parent="34", label=Label(HOSTILE, HOSTILE)),
        ),
        clusters=(
            ClusterSize(
                "copper", Label(HOSTILE, HOSTILE), region, TIER_LABELS[Tier.HUNDRED_BILLION],
                Decimal(12_000_000), 80, 20_000, 6.04, 2, 6.6,
            ),
            ClusterSize(
                "none", Label("无数", "Nothing known"), None, None, None, 0, None, None, None, None,
                Absence.NO_DATA,
            ),
        ),
        cluster_definition="own",
        specialisations=(
            Specialisation("325", industry("325").label, 12.9, 0.05, 0.004, 5000),
            Specialisation("345", industry("345").label, None, 0.01, None, None),
        ),
        division_quotients=(Specialisation("32", industry("32").label, 6.0, 0.3, 0.05, 9000),),
        reference=Label("全国", "China"),
        specialisation_period=whole_year(2025),
        places=(
            PlaceSize("371503", Label("茌平区", "Chiping District"), size, 0.8, 9, 10.1),
            PlaceSize("371521", Label("阳谷县", "Yanggu County"), None, None, 1, None),
        ),
        macro=(
            MacroItemPicture(
                "rd_intensity", Label("研发强度", "R&D over GDP"), unit.PERCENT,
                (MacroLine("371500", region, True, years),), 3, 16, Label("山东省", "Shandong"),
            ),
        ),
        upgrade=UpgradeInvestment(17.5, years, unit.CNY_1E8, 1800),
        rankings=(RankingPlace("某机构", "百强市", 2025, 83),),
        sources=(
            Source("L0000001-abc", datetime(2026, 6, 1, tzinfo=UTC), ("enterprise",), None, True),
        ),
    )  # fmt: skip
