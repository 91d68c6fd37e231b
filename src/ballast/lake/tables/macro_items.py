"""The macro figures of a region: each with its unit and how it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.unit import Unit


@dataclass(frozen=True, slots=True)
class MacroItem:
    """One macro figure.

    Parameters
    ----------
    name
        The value of ``region_period.item``.
    label
        As shown.
    unit
        The unit in which the lake stores it.
    nature
        A flow adds over periods, a stock is the value at the end, a ratio does not add.
    """

    name: str
    label: Label
    unit: Unit
    nature: Literal["flow", "stock", "ratio"]


MACRO_ITEMS: dict[str, MacroItem] = {
    item.name: item
    for item in (
        MacroItem("gdp", Label("地区生产总值", "gross domestic product"), unit.CNY_1E8, "flow"),
        MacroItem("industrial_value_added", Label("工业增加值", "industrial value added"), unit.CNY_1E8, "flow"),
        MacroItem("above_scale_output", Label("规上工业总产值", "output of above-scale industry"), unit.CNY_1E8, "flow"),
        MacroItem("above_scale_revenue", Label("规上工业营业收入", "revenue of above-scale industry"), unit.CNY_1E8, "flow"),
        MacroItem("society_rd", Label("全社会研发投入", "R&D expenditure of the society"), unit.CNY_1E8, "flow"),
        MacroItem("rd_intensity", Label("全社会研发投入占 GDP 比重", "R&D over GDP"), unit.PERCENT, "ratio"),
        MacroItem("high_tech_share", Label("高新技术产业产值占比", "high-tech share of output"), unit.PERCENT, "ratio"),
        MacroItem("upgrade_investment", Label("工业技改投资", "technical-upgrade investment"), unit.CNY_1E8, "flow"),
        MacroItem("industrial_investment", Label("工业投资", "industrial investment"), unit.CNY_1E8, "flow"),
        MacroItem("exports", Label("出口总额", "exports"), unit.CNY_1E8, "flow"),
        MacroItem("imports", Label("进口总额", "imports"), unit.CNY_1E8, "flow"),
        MacroItem("population", Label("常住人口", "resident population"), unit.PERSONS_1E4, "stock"),
        MacroItem("industrial_electricity", Label("工业用电量", "industrial electricity use"), unit.KWH_1E4, "flow"),
        MacroItem("digitised_enterprises", Label("数字化转型中小企业", "SMEs gone digital"), unit.COUNT, "stock"),
        MacroItem("above_scale_enterprises", Label("规上工业企业数", "above-scale enterprises"), unit.COUNT, "stock"),
    )
}  # fmt: skip
