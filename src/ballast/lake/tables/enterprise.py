"""What is known of an enterprise, and what it reports."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Table
from ballast.lake.tables.shared_columns import (
    INDUSTRY,
    INDUSTRY_SCHEME,
    PERIOD,
    REGION,
    REGION_SCHEME,
    USCC,
    ZERO,
)
from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.unit import Unit

SIZE_CLASSES = (
    Choice("large", Label("大型", "large"), ("大",)),
    Choice("medium", Label("中型", "medium"), ("中",)),
    Choice("small", Label("小型", "small"), ("小",)),
    Choice("micro", Label("微型", "micro"), ("微",)),
)

OWNERSHIP = (
    Choice("state", Label("国有", "state-owned"), ("国有企业", "国有控股")),
    Choice("collective", Label("集体", "collective"), ("集体企业",)),
    Choice("private", Label("民营", "private"), ("私营", "私营企业", "民营企业")),
    Choice("foreign", Label("外商投资", "foreign-invested"), ("外资", "外商投资企业", "港澳台")),
    Choice("mixed", Label("混合所有制", "mixed ownership"), ("股份制",)),
)

ENTERPRISE = Table(
    name="enterprise",
    label=Label("企业", "enterprise"),
    meaning=Label(
        "一家企业自某日起的登记情况；变更即新的一行",
        "an enterprise as registered from a day on; a change is a new row",
    ),
    key=("uscc", "valid_from"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        USCC,
        Column(name="valid_from", kind=Kind.DATE, required=True, label=Label("生效日期", "valid from"), meaning=Label("本行情况自此日起有效", "the row holds from this day on"), synonyms=("变更日期",)),
        Column(name="name", kind=Kind.TEXT, required=True, label=Label("企业名称", "name"), meaning=Label("登记的企业全称", "the registered full name"), synonyms=("单位名称", "单位详细名称", "企业全称", "公司名称")),
        Column(name="name_en", kind=Kind.TEXT, label=Label("英文名称", "English name"), meaning=Label("企业英文名称", "the name used abroad")),
        REGION_SCHEME,
        replace(REGION, valid_at="valid_from"),
        Column(name="zone", kind=Kind.REGION, scheme_column="ext", label=Label("功能区", "zone"), meaning=Label("所在开发区等的扩展代码，不在其中则空", "extension code of the development zone it lies in, empty if none"), synonyms=("开发区", "园区")),
        INDUSTRY_SCHEME,
        INDUSTRY,
        Column(name="other_industries", kind=Kind.INDUSTRY_WEIGHTS, scheme_column="industry_scheme", label=Label("其他行业及权重", "other industries"), meaning=Label("其他行业代码与权重，如 3452:0.3;2929:0.1；其余归主行业", "further industries with weights, 3452:0.3;2929:0.1; the rest is the main one's")),
        Column(name="size_class", kind=Kind.CHOICE, choices=SIZE_CLASSES, label=Label("规模", "size class"), meaning=Label("大、中、小、微型", "large, medium, small or micro"), synonyms=("企业规模", "单位规模")),
        Column(name="ownership", kind=Kind.CHOICE, choices=OWNERSHIP, label=Label("所有制", "ownership"), meaning=Label("登记注册类型归并后的所有制", "the kind of owner"), synonyms=("经济类型", "登记注册类型", "企业类型")),
        Column(name="founded", kind=Kind.DATE, label=Label("成立日期", "founded"), meaning=Label("营业执照上的成立日期", "date of establishment on the business licence"), synonyms=("成立时间", "注册日期")),
        Column(name="closed", kind=Kind.DATE, label=Label("注销日期", "closed"), meaning=Label("注销或吊销日期，存续则空", "date of deregistration, empty while it exists")),
        Column(name="consent_publish", kind=Kind.FLAG, default="false", label=Label("同意公开", "consent to publish"), meaning=Label("企业同意公开其名称与所属集群", "the enterprise agrees that its name and cluster are published")),
        Column(name="consent_share", kind=Kind.FLAG, default="false", label=Label("同意共享", "consent to share"), meaning=Label("企业同意向集群运营方共享本企业数据", "the enterprise agrees that its figures are shared with its cluster's operator")),
    ),
)  # fmt: skip


def _item(
    name: str,
    zh: str,
    en: str,
    of: Unit,
    meaning: Label,
    *synonyms: str,
    least: Decimal | None = ZERO,
) -> Column:
    kind = Kind.INTEGER if of in (unit.PERSONS, unit.COUNT) else Kind.DECIMAL
    return Column(name=name, kind=kind, unit=of, label=Label(zh, en), meaning=meaning, synonyms=synonyms, least=least)  # fmt: skip


ENTERPRISE_PERIOD = Table(
    name="enterprise_period",
    label=Label("企业报表", "enterprise figures"),
    meaning=Label(
        "一家企业一个时期的经济指标；流量为当期数，存量为期末数",
        "an enterprise's figures of one period; flows of the period, stocks at its end",
    ),
    key=("uscc", "period"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        USCC,
        PERIOD,
        Column(name="above_scale", kind=Kind.FLAG, required=True, label=Label("规上", "above scale"), meaning=Label("该时期是否在规模以上统计范围内", "in the above-scale scope of that period"), synonyms=("是否规上", "规模以上")),
        _item("output_1e4_cny", "工业总产值", "gross output", unit.CNY_1E4, Label("当期工业总产值", "gross industrial output of the period"), "总产值", "产值"),
        _item("value_added_1e4_cny", "工业增加值", "value added", unit.CNY_1E4, Label("当期工业增加值", "industrial value added of the period"), "增加值", least=None),
        _item("revenue_1e4_cny", "营业收入", "revenue", unit.CNY_1E4, Label("当期营业收入", "operating revenue of the period"), "主营业务收入", "收入"),
        _item("profit_1e4_cny", "利润总额", "total profit", unit.CNY_1E4, Label("当期利润总额，亏损为负", "total profit of the period, a loss is negative"), "利润", least=None),
        _item("tax_1e4_cny", "税金", "taxes", unit.CNY_1E4, Label("当期税金及附加与增值税", "taxes paid in the period"), "税收", least=None),
        _item("assets_1e4_cny", "资产总计", "total assets", unit.CNY_1E4, Label("期末资产总计", "total assets at the end of the period"), "总资产"),
        _item("employment_persons", "平均用工人数", "employment", unit.PERSONS, Label("期内平均用工人数", "average number of employed persons"), "从业人员", "从业人数", "用工人数", "职工人数"),
        _item("export_1e4_cny", "出口交货值", "export deliveries", unit.CNY_1E4, Label("当期出口交货值", "deliveries for export in the period"), "出口额", "出口"),
        _item("rd_expense_1e4_cny", "研发费用", "R&D expense", unit.CNY_1E4, Label("当期研究开发费用", "research and development expense of the period"), "研发投入", "研究开发费用"),
        _item("energy_tce", "综合能源消费量", "energy use", unit.TCE, Label("当期综合能源消费量（当量值）", "energy consumption of the period, calorific"), "能耗", "综合能耗"),
        _item("electricity_1e4_kwh", "用电量", "electricity use", unit.KWH_1E4, Label("当期用电量", "electricity consumption of the period"), "电力消费量"),
    ),
)  # fmt: skip
