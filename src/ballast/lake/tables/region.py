"""Figures about places: macro items, industries in a region, external lists."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ballast.lake.declare import Choice, Column, Kind, RowUnit, Sensitivity, Table
from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.lake.tables.shared_columns import (
    INDUSTRY,
    INDUSTRY_LEVEL,
    INDUSTRY_SCHEME,
    PERIOD,
    REGION_SCHEME,
    SOURCE,
    ZERO,
)
from ballast.lake.tables.shared_columns import REGION as REGION_CODE
from ballast.terms import unit
from ballast.terms.label import Label

REGION = Table(
    name="region",
    label=Label("地区", "region"),
    meaning=Label(
        "GB/T 2260 之外的地区：开发区等扩展代码、国外统计区，及其名称与上级",
        "regions that GB/T 2260 does not know: zones with extension codes, foreign statistical areas",
    ),
    key=("region_scheme", "region"),
    columns=(
        replace(REGION_SCHEME, default=None),
        replace(REGION_CODE, kind=Kind.CODE, scheme_column=None),
        Column(name="name", kind=Kind.TEXT, required=True, label=Label("名称", "name"), meaning=Label("地区名称", "what it is called"), synonyms=("地区名称",)),
        Column(name="name_en", kind=Kind.TEXT, label=Label("英文名称", "English name"), meaning=Label("英文名称", "what it is called in English")),
        Column(name="parent", kind=Kind.CODE, label=Label("上级代码", "parent"), meaning=Label("所属地区的代码（GB/T 2260）", "the GB/T 2260 code of the region it lies in")),
        Column(name="region_kind", kind=Kind.TEXT, label=Label("类型", "kind"), meaning=Label("如开发区、高新区、metro、micro", "development zone, metro, micro, …")),
        Column(name="valid_from", kind=Kind.DATE, label=Label("启用日期", "valid from"), meaning=Label("代码自此日起有效，空为不限", "the code is valid from this day on, empty: always")),
        Column(name="valid_to", kind=Kind.DATE, label=Label("停用日期", "valid to"), meaning=Label("代码至此日止有效，空为仍有效", "the last day of the code, empty: still valid")),
    ),
)  # fmt: skip

REGION_PERIOD = Table(
    name="region_period",
    label=Label("宏观指标", "macro items"),
    meaning=Label(
        "一个地区一个时期的一项宏观数据：本市、同类城市、全省、全国",
        "one macro figure of a region and period: the city, its peers, province and nation",
    ),
    key=("region_scheme", "region", "period", "item"),
    columns=(
        REGION_SCHEME,
        replace(REGION_CODE, valid_at="period"),
        PERIOD,
        Column(name="item", kind=Kind.CHOICE, required=True, choices=tuple(Choice(i.name, i.label) for i in MACRO_ITEMS.values()), label=Label("指标", "item"), meaning=Label("宏观指标的名称", "which figure"), synonyms=("指标名称", "项目")),
        Column(name="value", kind=Kind.DECIMAL, required=True, label=Label("数值", "value"), meaning=Label("以该指标的规定单位计", "in the item's own unit"), row_unit=RowUnit("item", "unit", {i.name: i.unit for i in MACRO_ITEMS.values()}), synonyms=("指标值",)),
        Column(name="unit", kind=Kind.TEXT, label=Label("单位", "unit"), meaning=Label("数值的单位；可换算的自动换算，不可换算的拒绝", "unit of the value; converted into the item's own, or refused"), synonyms=("计量单位",)),
        Column(name="status", kind=Kind.CHOICE, default="final", label=Label("数据状态", "status"), meaning=Label("初步数、最终数或估计数", "preliminary, final or estimated"),
               choices=(Choice("preliminary", Label("初步", "preliminary")), Choice("final", Label("最终", "final")), Choice("estimated", Label("估计", "estimated")))),
        SOURCE,
    ),
)  # fmt: skip

RANKING = Table(
    name="ranking",
    label=Label("外部榜单", "external ranking"),
    meaning=Label("外部机构榜单上的一个名次", "one place on a list that somebody else publishes"),
    key=("publisher", "list", "year", "place"),
    columns=(
        Column(name="publisher", kind=Kind.TEXT, required=True, label=Label("发布机构", "publisher"), meaning=Label("发布榜单的机构", "who publishes the list")),
        Column(name="list", kind=Kind.TEXT, required=True, label=Label("榜单", "list"), meaning=Label("榜单名称", "name of the list")),
        Column(name="year", kind=Kind.YEAR, required=True, label=Label("年度", "year"), meaning=Label("榜单年度", "year of the list"), least=Decimal(1949), most=Decimal(2100)),
        Column(name="place", kind=Kind.INTEGER, required=True, least=Decimal(1), label=Label("名次", "place"), meaning=Label("名次，从 1 起", "the place, from 1"), synonyms=("排名", "位次")),
        REGION_SCHEME,
        REGION_CODE,
        SOURCE,
    ),
)  # fmt: skip

REGION_INDUSTRY = Table(
    name="region_industry",
    label=Label("地区行业", "industry in a region"),
    meaning=Label(
        "一个地区一个行业一个时期的规模；各项均可缺",
        "the size of an industry in a region and period; each figure may be missing",
    ),
    sensitivity=Sensitivity.AGGREGATE,
    key=("region_scheme", "region", "industry_scheme", "industry", "period"),
    one_of=(("employment_persons", "establishments", "output_1e4_cny", "employment_share"),),
    columns=(
        REGION_SCHEME,
        replace(REGION_CODE, valid_at="period"),
        INDUSTRY_SCHEME,
        INDUSTRY_LEVEL,
        INDUSTRY,
        PERIOD,
        Column(name="employment_persons", kind=Kind.INTEGER, unit=unit.PERSONS, least=ZERO, label=Label("从业人员", "employment"), meaning=Label("从业人员数", "persons employed"), synonyms=("从业人数", "就业人数")),
        Column(name="establishments", kind=Kind.INTEGER, unit=unit.COUNT, least=ZERO, label=Label("单位数", "establishments"), meaning=Label("产业活动单位数", "number of establishments"), synonyms=("企业数", "单位个数")),
        Column(name="output_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, least=ZERO, label=Label("总产值", "gross output"), meaning=Label("当期总产值", "gross output of the period"), synonyms=("工业总产值", "产值")),
        Column(name="employment_share", kind=Kind.NUMBER, unit=unit.FRACTION, least=ZERO, most=Decimal(1), label=Label("从业人员占比", "employment share"), meaning=Label("占该地区全部从业人员的比重，0 至 1", "share of the region's employment, 0 to 1")),
        Column(name="basis", kind=Kind.CHOICE, default="reported", label=Label("数据依据", "basis"), meaning=Label("从业人员数为统计数或估计数", "the count of persons is reported or estimated"),
               choices=(Choice("reported", Label("统计", "reported")), Choice("estimated", Label("估计", "estimated")))),
        SOURCE,
    ),
)  # fmt: skip
