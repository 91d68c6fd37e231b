"""Which figures stand in the headline of a picture, and how each is made, in words.

Data beside the code that computes it, because the words of a figure's story
must say exactly what is summed, and are read by people who do not read code.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.unit import Unit

__all__ = [
    "EMPLOYMENT",
    "ENTERPRISES",
    "FLOWS",
    "MARGIN",
    "MONEY",
    "PRESENT",
    "RD_INTENSITY",
    "SAMPLE",
    "TABLES",
    "Count",
    "Flow",
    "Ratio",
]

TABLES = ("enterprise", "enterprise_period")
SAMPLE = Label(
    "规模以上工业企业（GB/T 4754-2017 的 B、C、D 门类），按报告期末的登记情况归属地区与行业",
    "above-scale enterprises of industry (sections B, C and D of GB/T 4754-2017), by region and "
    "industry as registered at the end of the period",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sum over the period of one column of ``enterprise_period``."""

    name: str
    label: Label
    column: str
    formula: Label


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two such sums, over the enterprises that reported both."""

    name: str
    label: Label
    above: str
    below: str
    formula: Label


@dataclass(frozen=True, slots=True)
class Count:
    """A count or a stock of the latest period."""

    name: str
    label: Label
    unit: Unit
    noun: Label | None
    formula: Label


ENTERPRISES = Count(
    "enterprises",
    Label("规上工业企业", "Above-scale enterprises"),
    unit.COUNT,
    Label("家", ""),
    Label(
        "报告期内在规模以上统计范围内的工业企业数；存量，不跨期相加",
        "industrial enterprises in the above-scale scope of the period; not added up in time",
    ),
)
FLOWS = (
    Flow(
        "output",
        Label("工业总产值", "Gross output"),
        "output_1e4_cny",
        Label("报告期内各企业工业总产值之和", "sum of gross output, over the period"),
    ),
    Flow(
        "revenue",
        Label("营业收入", "Revenue"),
        "revenue_1e4_cny",
        Label("报告期内各企业营业收入之和", "sum of operating revenue, over the period"),
    ),
    Flow(
        "profit",
        Label("利润总额", "Total profit"),
        "profit_1e4_cny",
        Label(
            "报告期内各企业利润总额之和，亏损为负",
            "sum of total profit, over the period, losses negative",
        ),
    ),
    Flow(
        "exports",
        Label("出口交货值", "Export deliveries"),
        "export_1e4_cny",
        Label("报告期内各企业出口交货值之和", "sum of deliveries for export, over the period"),
    ),
)
MARGIN = Ratio(
    "margin",
    Label("营业收入利润率", "Profit margin"),
    "profit_1e4_cny",
    "revenue_1e4_cny",
    Label(
        "利润总额之和 ÷ 营业收入之和（两项都报的企业）",
        "sum of total profit ÷ sum of revenue, over the period, of those that reported both",
    ),
)
RD_INTENSITY = Ratio(
    "rd_intensity",
    Label("研发费用占营业收入比重", "R&D over revenue"),
    "rd_expense_1e4_cny",
    "revenue_1e4_cny",
    Label(
        "研发费用之和 ÷ 营业收入之和（两项都报的企业）",
        "sum of R&D expense ÷ sum of revenue, over the period, of those that reported both",
    ),
)
EMPLOYMENT = Count(
    "employment",
    Label("平均用工人数", "Employment"),
    unit.PERSONS,
    None,
    Label(
        "报告期内各企业平均用工人数之和；不跨期相加",
        "sum of the average number employed in the latest period; not added over time",
    ),
)
PRESENT = (
    Count(
        "divisions",
        Label("工业大类", "Divisions present"),
        unit.COUNT,
        Label("个（共41个）", "of 41"),
        Label(
            "至少有 1 家规上企业的大类数（GB/T 4754-2017，工业共 41 个大类）",
            "divisions with at least one above-scale enterprise (GB/T 4754-2017; industry has 41)",
        ),
    ),
    Count(
        "groups",
        Label("工业中类", "Groups present"),
        unit.COUNT,
        Label("个（共207个）", "of 207"),
        Label(
            "至少有 1 家规上企业的中类数（GB/T 4754-2017，工业共 207 个中类）",
            "groups with at least one above-scale enterprise (GB/T 4754-2017; industry has 207)",
        ),
    ),
)
MONEY = (
    "output_1e4_cny",
    "revenue_1e4_cny",
    "profit_1e4_cny",
    "export_1e4_cny",
    "rd_expense_1e4_cny",
)
