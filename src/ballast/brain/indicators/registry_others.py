"""The indicators that rest on other tables: trade, titles, clusters, node, plants, macro items."""

from __future__ import annotations

from decimal import Decimal

from ballast.brain.digitised import DAYS
from ballast.brain.indicators.declared import (
    Adds,
    Better,
    Comparison,
    Disclosure,
    Form,
    How,
    Indicator,
    Measure,
    Term,
)
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.registry_enterprise import CUTS, NOUN, REPORTS, SOURCES
from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.terms.label import Label
from ballast.terms.unit import (
    CNY_1E4,
    CNY_1E8,
    COUNT,
    ONE,
    PERCENTAGE_POINTS,
)

__all__ = ["OTHER_INDICATORS"]

_REGISTERED = Label(
    "范围为登记在册的工业企业（GB/T 4754-2017 的 B、C、D 门类），不限规模。",
    " Of registered enterprises of industry (sections B, C and D of GB/T 4754-2017), of any size.",
)
_MACRO_CUTS = frozenset({Dimension.REGION})
_TIERS = {
    "national": Label("国家级", "national"),
    "provincial": Label("省级", "provincial"),
    "municipal": Label("市级", "municipal"),
}


def _said(zh: str, en: str) -> Label:
    return Label(zh + _REGISTERED.zh, en + _REGISTERED.en)


def _titles(tier: str | None) -> Indicator:
    name = Label("各级", "all tiers") if tier is None else _TIERS[tier]
    only = () if tier is None else (("tier", tier),)
    return Indicator(
        key="titles" if tier is None else f"titles_{tier}",
        label=Label(f"有效企业称号（{name.zh}）", f"Titles held ({name.en})"),
        meaning=_said(
            "期末仍在有效期内的企业认定数（高新技术企业、专精特新、单项冠军等），一家企业可有多项。",
            "Recognitions in force at the period's end (high-tech enterprise, specialised SME, "
            "champion …); an enterprise may hold several.",
        ),
        unit=COUNT, numerator=Term("title", "titles", How.LAST, only), adds=Adds.STOCK,
        dimensions=CUTS | {Dimension.TIER}, disclosure=Disclosure(dominance="titles"),
        sources=("enterprise", "title"), noun=Label("项", ""),
    )  # fmt: skip


def _macro(
    key: str, item: str, *, label: Label | None = None, better: Better = Better.UP,
) -> Indicator:  # fmt: skip
    declared = MACRO_ITEMS[item]
    ratio = declared.nature == "ratio"
    english = declared.label.en[:1].upper() + declared.label.en[1:]
    return Indicator(
        key=key, label=label or Label(declared.label.zh, english),
        meaning=Label(
            f"统计机构公布的{declared.label.zh}，按地区，不由企业数据汇总。",
            f"{english} as the statistical office publishes it for the region, not summed from "
            "enterprises.",
        ),
        unit=declared.unit, numerator=Term("region_period", item),
        adds={"flow": Adds.FLOW, "stock": Adds.STOCK, "ratio": Adds.NONE}[declared.nature],
        dimensions=_MACRO_CUTS, needs=_MACRO_CUTS, forms=frozenset({Form.PERIOD}),
        comparison=Comparison.POINTS if ratio else Comparison.GROWTH,
        disclosure=Disclosure(public=True), sources=("region_period",), better=better,
    )  # fmt: skip


OTHER_INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        key="trade_exports", label=Label("海关出口额", "Exports by customs"),
        meaning=_said("海关统计的企业出口额之和，可按贸易伙伴分；不含未归到企业的地区数。",
                      "Sum of enterprises' exports by customs records, by partner where asked; "
                      "without what is recorded for the region alone."),
        unit=CNY_1E4, numerator=Term("trade", "export_1e4_cny"), adds=Adds.FLOW,
        dimensions=CUTS | {Dimension.PARTNER},
        disclosure=Disclosure(dominance="export_1e4_cny"), sources=("enterprise", "trade"),
    ),
    Indicator(
        key="export_concentration",
        label=Label("出口市场集中度（HHI）", "Concentration of export markets (HHI)"),
        meaning=_said("各贸易伙伴占海关出口额比重的平方和（0 至 1）；1 即全部出口到一个伙伴。",
                      "Sum of the squared shares of the partners in exports by customs records, "
                      "0 to 1; 1 where everything goes to one partner."),
        unit=ONE, numerator=Term("trade", "export_1e4_cny"), measure=Measure.CONCENTRATION,
        over=Dimension.PARTNER, adds=Adds.NONE, dimensions=CUTS,
        comparison=Comparison.DIFFERENCE,
        disclosure=Disclosure(dominance="export_1e4_cny"), sources=("enterprise", "trade"),
        better=Better.DOWN,
    ),
    *(_titles(tier) for tier in (None, *_TIERS)),
    Indicator(
        key="title_holders", label=Label("持有称号的企业", "Enterprises with a title"),
        meaning=_said("期末至少有一项有效认定的企业数。",
                      "Enterprises with at least one recognition in force at the period's end."),
        unit=COUNT, numerator=Term("title", "uscc", How.DISTINCT), adds=Adds.STOCK,
        dimensions=CUTS | {Dimension.TIER}, sources=("enterprise", "title"), noun=NOUN,
    ),
    Indicator(
        key="digitised_enterprises",
        label=Label(f"近 {DAYS} 天联网上报企业", f"Connected enterprises, last {DAYS} days"),
        meaning=_said(f"期末前 {DAYS} 天内至少有一天的工厂日汇总已签名送达的企业数。",
                      f"Enterprises of which a signed summary of at least one of the last {DAYS} "
                      "days before the period's end has arrived."),
        unit=COUNT, numerator=Term("plant_daily", "uscc", How.DISTINCT), adds=Adds.STOCK,
        dimensions=CUTS, sources=("enterprise", "plant_daily"), noun=NOUN,
    ),
    Indicator(
        key="identifiers_registered", label=Label("标识注册量", "Identifiers registered"),
        meaning=_said("报告期内企业前缀下新注册的标识数（注册当日计入，其后删除的不扣减）。",
                      "Identifiers newly registered under the prefixes of enterprises within the "
                      "period; later deletions are not taken off."),
        unit=COUNT, numerator=Term("handle_daily", "registered"), adds=Adds.FLOW, dimensions=CUTS,
        disclosure=Disclosure(dominance="registered"), sources=("enterprise", "handle_daily"),
    ),
    Indicator(
        key="identifiers_resolved", label=Label("标识解析量", "Identifier resolutions"),
        meaning=_said("报告期内对企业前缀下标识的解析次数。",
                      "Resolutions of identifiers under the prefixes of enterprises within the "
                      "period."),
        unit=COUNT, numerator=Term("handle_daily", "resolved"), adds=Adds.FLOW, dimensions=CUTS,
        disclosure=Disclosure(dominance="resolved"), sources=("enterprise", "handle_daily"),
        noun=Label("次", ""),
    ),
    Indicator(
        key="cluster_revenue", label=Label("集群营业收入", "Cluster revenue"),
        meaning=Label("集群所计行业按权重归入的规上企业营业收入之和；一家企业可计入多个集群，"
                      "各集群之和可大于全部。",
                      "Sum of above-scale enterprises' revenue, each with the weight of the "
                      "industries that the cluster counts; an enterprise may count in several "
                      "clusters, so that these do not add up to the whole."),
        unit=CNY_1E4, numerator=Term(REPORTS, "revenue_1e4_cny"), adds=Adds.FLOW,
        dimensions=CUTS, needs=frozenset({Dimension.CLUSTER}),
        disclosure=Disclosure(dominance="revenue_1e4_cny"),
        sources=(*SOURCES, "cluster_definition"),
    ),
    Indicator(
        key="cluster_tier", label=Label("集群规模级别", "Tier of the cluster"),
        meaning=Label("按全年营业收入划分的集群规模：千亿级、百亿级或以下；数值为该级别的下限。",
                      "Class of size by the revenue of a whole year: 100-billion, 10-billion, or "
                      "below; the value is the lower bound of the class."),
        unit=CNY_1E8, numerator=Term(REPORTS, "revenue_1e4_cny"), measure=Measure.TIER,
        adds=Adds.NONE, dimensions=CUTS, needs=frozenset({Dimension.CLUSTER}),
        forms=frozenset({Form.PERIOD}), yearly=True, comparison=Comparison.DIFFERENCE,
        disclosure=Disclosure(dominance="revenue_1e4_cny"),
        sources=(*SOURCES, "cluster_definition"),
    ),
    _macro("gdp", "gdp"),
    _macro("rd_intensity_society", "rd_intensity",
           label=Label("全社会研发投入强度", "R&D intensity of society")),
    _macro("society_rd", "society_rd"),
    _macro("high_tech_share", "high_tech_share"),
    Indicator(
        key="high_tech_distance",
        label=Label("高新技术产业产值占比与全省之差",
                    "High-tech share of output: distance to the province"),
        meaning=Label("本地区高新技术产业产值占比减去所在省的占比，以百分点计。",
                      "The region's high-tech share of output less that of its province, in "
                      "percentage points."),
        unit=PERCENTAGE_POINTS, numerator=Term("region_period", "high_tech_share"),
        measure=Measure.DISTANCE, scale=Decimal(1), adds=Adds.NONE, dimensions=_MACRO_CUTS,
        needs=_MACRO_CUTS, forms=frozenset({Form.PERIOD}), comparison=Comparison.DIFFERENCE,
        disclosure=Disclosure(public=True), sources=("region_period",),
    ),
    _macro("upgrade_investment", "upgrade_investment"),
    _macro("foreign_exports", "exports"),
    _macro("foreign_imports", "imports", better=Better.NONE),
    _macro("population", "population", better=Better.NONE),
    _macro("industrial_value_added", "industrial_value_added"),
    _macro("industrial_investment", "industrial_investment"),
    _macro("industrial_electricity", "industrial_electricity", better=Better.NONE),
    _macro("digitised_smes", "digitised_enterprises"),
)  # fmt: skip
