"""Goals that were set: what is to be reached, where, by when, and whose task it is.

A goal names an indicator by its key rather than a table and a column, so that
it is held against the same figure that every page shows under that name.
"""

from __future__ import annotations

from dataclasses import replace

from ballast.lake.declare import Choice, Column, Kind, Table
from ballast.lake.tables.shared_columns import PERIOD, REGION, REGION_SCHEME, SOURCE
from ballast.terms.label import Label

__all__ = ["GOAL"]

GOAL = Table(
    name="goal",
    label=Label("目标", "goal"),
    meaning=Label(
        "一个方案对一个地区一项指标在一个时期的目标值",
        "what a programme wants an indicator of a region to be in a period",
    ),
    key=("programme", "item", "period", "region"),
    columns=(
        Column(name="programme", kind=Kind.TEXT, required=True, label=Label("方案", "programme"), meaning=Label("规划、行动方案或年度计划的名称", "the plan that sets it: a three-year action, the plan of a year"), synonyms=("行动方案", "规划名称", "计划名称")),
        Column(name="item", kind=Kind.CODE, required=True, label=Label("指标", "item"), meaning=Label("指标的键，见指标清单", "key of the indicator, as in the list of indicators"), synonyms=("指标代码", "指标键")),
        replace(PERIOD, meaning=Label("达到目标的时期，如 2027、2026", "the period of which the goal is: 2027, 2026")),
        REGION_SCHEME,
        REGION,
        Column(name="measure", kind=Kind.CHOICE, required=True, default="level", label=Label("目标形式", "form"), meaning=Label("水平、比基期增长、年均增长", "a level, growth over the base, growth a year"),
               choices=(Choice("level", Label("水平", "level"), ("数值", "绝对值")), Choice("growth", Label("比基期增长", "growth over the base"), ("增长",)), Choice("yearly_growth", Label("年均增长", "growth a year"), ("年均增速",)))),
        Column(name="target", kind=Kind.DECIMAL, required=True, label=Label("目标值", "target"), meaning=Label("水平以“单位”计；增长以 % 计", "a level in the unit given; growth in percent"), synonyms=("目标",)),
        Column(name="unit", kind=Kind.TEXT, label=Label("单位", "unit"), meaning=Label("目标值的单位；空为指标自己的单位", "unit of the target; empty: the indicator's own"), synonyms=("计量单位",)),
        Column(name="base_period", kind=Kind.PERIOD, label=Label("基期", "base period"), meaning=Label("增长与路径的起点，如 2024", "where growth and the path start, such as 2024"), synonyms=("基年",)),
        Column(name="base", kind=Kind.DECIMAL, label=Label("基期值", "base value"), meaning=Label("基期的值，以“单位”计；空则取本库的实际值", "what it was then, in the unit given; empty: as the lake has it"), synonyms=("基数",)),
        Column(name="path", kind=Kind.CHOICE, required=True, default="even", label=Label("路径", "path"), meaning=Label("自基期到目标如何推进：匀速，或按同一增速", "how the base becomes the target: by equal steps, or at one growth rate"),
               choices=(Choice("even", Label("匀速", "equal steps"), ("线性",)), Choice("compound", Label("同一增速", "one growth rate"), ("复合",)))),
        Column(name="unit_responsible", kind=Kind.TEXT, label=Label("责任单位", "unit responsible"), meaning=Label("牵头单位", "who answers for it"), synonyms=("牵头单位", "责任部门")),
        SOURCE,
    ),
)  # fmt: skip
