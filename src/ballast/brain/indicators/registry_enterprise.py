"""The indicators that are made of what above-scale enterprises report: amounts, stocks, ratios."""

from __future__ import annotations

from decimal import Decimal

from ballast.brain.indicators.declared import (
    Adds,
    Better,
    Comparison,
    Disclosure,
    How,
    Indicator,
    Measure,
    Term,
)
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.picture_items import EMPLOYMENT as EMPLOYMENT_ITEM
from ballast.brain.picture_items import (
    ENTERPRISES,
    FLOWS,
    MARGIN,
    PRESENT,
    RD_INTENSITY,
)
from ballast.terms.label import Label
from ballast.terms.unit import (
    CNY_1E4,
    COUNT,
    KWH_1E4,
    PERCENT,
    PERSONS,
    TCE,
    TCO2,
    Unit,
)

__all__ = ["CUTS", "ENTERPRISE_INDICATORS", "NOUN", "REPORTS"]

REPORTS = "enterprise_period"
SOURCES = ("enterprise", REPORTS)
CUTS = frozenset(set(Dimension) - {Dimension.PARTNER, Dimension.TIER})
NOUN = Label("家", "")

_TCE_PER_1E4_CNY = Unit(
    "tce_per_1e4_cny", "energy_per_money", Decimal(1),
    Label("吨标准煤/万元", "tce per 10,000 CNY"),
)  # fmt: skip
_TCO2_PER_1E4_CNY = Unit(
    "tco2_per_1e4_cny", "carbon_per_money", Decimal(1),
    Label("吨二氧化碳/万元", "tCO2 per 10,000 CNY"),
)  # fmt: skip
_CNY_1E4_PER_PERSON = Unit(
    "1e4_cny_per_person", "money_per_person", Decimal(1),
    Label("万元/人", "10,000 CNY per person"),
)  # fmt: skip

_IN_SCOPE = Label(
    "范围为规模以上工业企业（GB/T 4754-2017 的 B、C、D 门类），"
    "按报告期末的登记情况归属地区与行业。",
    " Of above-scale enterprises of industry (sections B, C and D of GB/T 4754-2017), by region "
    "and industry as registered at the end of the period.",
)


def _said(meaning: Label) -> Label:
    return Label(
        f"{meaning.zh}。{_IN_SCOPE.zh}", f"{meaning.en[:1].upper()}{meaning.en[1:]}.{_IN_SCOPE.en}"
    )


def _flow(
    key: str, label: Label, column: str, meaning: Label, unit: Unit = CNY_1E4,
    better: Better = Better.UP,
) -> Indicator:  # fmt: skip
    return Indicator(
        key=key, label=label, meaning=_said(meaning), unit=unit, numerator=Term(REPORTS, column),
        adds=Adds.FLOW, dimensions=CUTS, disclosure=Disclosure(dominance=column),
        sources=SOURCES, better=better,
    )  # fmt: skip


def _ratio(
    key: str, label: Label, meaning: Label, unit: Unit, above: Term, below: Term, *,
    scale: int = 1, comparison: Comparison = Comparison.GROWTH, better: Better = Better.UP,
) -> Indicator:  # fmt: skip
    return Indicator(
        key=key, label=label, meaning=_said(meaning), unit=unit, numerator=above,
        denominator=below, measure=Measure.RATIO, scale=Decimal(scale), adds=Adds.NONE,
        dimensions=CUTS, comparison=comparison, disclosure=Disclosure(dominance=below.column),
        sources=SOURCES, better=better,
    )  # fmt: skip


def _distinct(key: str, label: Label, column: str, meaning: Label, noun: Label) -> Indicator:
    return Indicator(
        key=key, label=label, meaning=_said(meaning), unit=COUNT,
        numerator=Term(REPORTS, column, How.DISTINCT), adds=Adds.NONE, dimensions=CUTS,
        comparison=Comparison.DIFFERENCE, disclosure=Disclosure(), sources=SOURCES, noun=noun,
    )  # fmt: skip


_AMOUNTS = tuple(_flow(flow.name, flow.label, flow.column, flow.formula) for flow in FLOWS)
_REVENUE = Term(REPORTS, "revenue_1e4_cny")
_VALUE_ADDED = Term(REPORTS, "value_added_1e4_cny")

ENTERPRISE_INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        key="enterprises", label=ENTERPRISES.label, meaning=_said(ENTERPRISES.formula), unit=COUNT,
        numerator=Term(REPORTS, "uscc", How.DISTINCT), adds=Adds.STOCK, dimensions=CUTS,
        disclosure=Disclosure(), sources=SOURCES, noun=NOUN,
    ),
    *_AMOUNTS,
    _flow("value_added", Label("工业增加值", "Value added"), "value_added_1e4_cny",
          Label("报告期内各企业工业增加值之和", "sum of industrial value added, over the period")),
    _ratio("margin", MARGIN.label, MARGIN.formula, PERCENT,
           Term(REPORTS, MARGIN.above), Term(REPORTS, MARGIN.below),
           scale=100, comparison=Comparison.POINTS),
    Indicator(
        key="employment", label=EMPLOYMENT_ITEM.label, meaning=_said(EMPLOYMENT_ITEM.formula),
        unit=PERSONS, numerator=Term(REPORTS, "employment_persons", How.LAST), adds=Adds.STOCK,
        dimensions=CUTS, disclosure=Disclosure(dominance="employment_persons"), sources=SOURCES,
    ),
    _ratio("labour_productivity", Label("劳动生产率", "Labour productivity"),
           Label("报告期工业增加值之和 ÷ 期末平均用工人数之和（两项都报的企业），未折成全年",
                 "sum of value added over the period ÷ sum of persons employed at its end, of "
                 "those that reported both; not scaled up to a year"),
           _CNY_1E4_PER_PERSON, _VALUE_ADDED, Term(REPORTS, "employment_persons", How.LAST)),
    _ratio("export_share", Label("出口交货值占营业收入比重", "Export share of revenue"),
           Label("出口交货值之和 ÷ 营业收入之和（两项都报的企业）",
                 "sum of deliveries for export ÷ sum of revenue, over the period, of those that "
                 "reported both"),
           PERCENT, Term(REPORTS, "export_1e4_cny"), _REVENUE,
           scale=100, comparison=Comparison.POINTS),
    _flow("rd_expense", Label("研发费用", "R&D expense"), "rd_expense_1e4_cny",
          Label("报告期内各企业研发费用之和", "sum of R&D expense, over the period")),
    _ratio("rd_intensity", RD_INTENSITY.label, RD_INTENSITY.formula, PERCENT,
           Term(REPORTS, RD_INTENSITY.above), Term(REPORTS, RD_INTENSITY.below),
           scale=100, comparison=Comparison.POINTS),
    _flow("energy", Label("综合能源消费量", "Energy use"), "energy_tce",
          Label("报告期内各企业综合能源消费量（当量值）之和",
                "sum of energy consumption (calorific), over the period"), TCE, Better.NONE),
    _flow("electricity", Label("用电量", "Electricity use"), "electricity_1e4_kwh",
          Label("报告期内各企业用电量之和", "sum of electricity consumption, over the period"),
          KWH_1E4, Better.NONE),
    _ratio("energy_intensity", Label("单位工业增加值能耗", "Energy intensity"),
           Label("综合能源消费量（当量值）之和 ÷ 工业增加值之和（两项都报的企业），按现价",
                 "sum of energy consumption (calorific) ÷ sum of value added at current prices, "
                 "over the period, of those that reported both"),
           _TCE_PER_1E4_CNY, Term(REPORTS, "energy_tce"), _VALUE_ADDED, better=Better.DOWN),
    _flow("carbon", Label("二氧化碳排放量（估算）", "Carbon emissions (estimate)"), "carbon_tco2",
          Label("由综合能源消费量与用电量估算的能源活动二氧化碳排放：非电能源按 2.66 吨/吨标准煤，"
                "用电按全国电网平均因子；不含工业过程排放",
                "carbon dioxide of energy use, estimated from energy and electricity reported: "
                "2.66 t per tce of what is no electricity, electricity at the nation's average "
                "factor; without emissions of processes"), TCO2, Better.DOWN),
    _ratio("carbon_intensity", Label("单位工业增加值碳排放（估算）", "Carbon intensity (estimate)"),
           Label("估算的二氧化碳排放量之和 ÷ 工业增加值之和（两项都有的企业），按现价",
                 "sum of the estimated carbon dioxide ÷ sum of value added at current prices, "
                 "over the period, of those with both"),
           _TCO2_PER_1E4_CNY, Term(REPORTS, "carbon_tco2"), _VALUE_ADDED, better=Better.DOWN),
    *(
        _distinct(count.name, count.label, column, count.formula, count.noun or NOUN)
        for count, column in zip(PRESENT, ("division", "group"), strict=True)
    ),
)  # fmt: skip
