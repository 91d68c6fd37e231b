"""What is told of projects month by month, and what became of them: sheets and history.

Apart from ``project``, which says how a project stands: a month that a sheet
corrects, and a change that somebody made, must both be read again later, and
the newest row of a project alone would have forgotten them.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Table
from ballast.lake.tables.bureau import PROJECT
from ballast.lake.tables.shared_columns import PERIOD, SOURCE, USCC, ZERO
from ballast.terms import unit
from ballast.terms.label import Label

__all__ = ["PROJECT_EVENT", "PROJECT_MONTH"]

_NUMBER = PROJECT.column("project")

PROJECT_MONTH = Table(
    name="project_month",
    label=Label("项目月报", "project month"),
    meaning=Label(
        "一个项目一个月的计划与完成投资",
        "what a project was to invest in a month, and did",
    ),
    key=("project", "period"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    one_of=(("planned_1e4_cny", "invested_1e4_cny", "cumulative_1e4_cny"),),
    columns=(
        _NUMBER,
        USCC,
        replace(PERIOD, meaning=Label("月份，如 2026-05；1、2 月合并上报的写 2026-01..02", "the month, 2026-05; January and February reported together: 2026-01..02")),
        Column(name="planned_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, least=ZERO, label=Label("当月计划投资", "planned this month"), meaning=Label("当月计划完成的投资", "investment planned for the month"), synonyms=("本月计划", "月计划投资")),
        Column(name="invested_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, label=Label("当月完成投资", "invested this month"), meaning=Label("当月完成的投资；冲减为负", "investment of the month; a correction downwards is negative"), synonyms=("本月完成投资", "本月完成", "当月投资")),
        Column(name="cumulative_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, least=ZERO, label=Label("累计完成投资", "invested to date"), meaning=Label("自开工至当月累计完成的投资", "investment since the start, up to and with the month"), synonyms=("累计投资", "开工累计完成投资", "自开工累计")),
        Column(name="progress", kind=Kind.TEXT, label=Label("形象进度", "progress"), meaning=Label("当月形象进度，文字", "how far it is, in words"), synonyms=("进展情况", "项目进展", "备注")),
        SOURCE,
    ),
)  # fmt: skip

PROJECT_EVENT = Table(
    name="project_event",
    label=Label("项目变更记录", "project event"),
    meaning=Label(
        "项目的一次变更：状态、日期、金额、别名，何人何时因何",
        "one change to a project: its status, a date, an amount, an alias; by whom, when, why",
    ),
    key=("project", "seq"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        _NUMBER,
        Column(name="seq", kind=Kind.INTEGER, required=True, least=Decimal(1), label=Label("序号", "number"), meaning=Label("该项目的第几次变更，从 1 起", "which change of the project it is, from 1")),
        USCC,
        Column(name="on", kind=Kind.DATE, required=True, label=Label("日期", "date"), meaning=Label("变更生效的日期", "the day from which it holds")),
        Column(name="event_kind", kind=Kind.CHOICE, required=True, label=Label("变更类型", "kind"), meaning=Label("登记、状态变更、更正、别名", "registered, a change of status, a correction, an alias"),
               choices=(Choice("registered", Label("登记", "registered")), Choice("status", Label("状态变更", "status")), Choice("correction", Label("更正", "correction")), Choice("alias", Label("别名", "alias")))),
        Column(name="field", kind=Kind.CODE, label=Label("字段", "field"), meaning=Label("所改的字段", "which column was changed")),
        Column(name="before", kind=Kind.TEXT, label=Label("变更前", "before"), meaning=Label("变更前的值", "what it was")),
        Column(name="after", kind=Kind.TEXT, label=Label("变更后", "after"), meaning=Label("变更后的值", "what it is now")),
        Column(name="reason", kind=Kind.TEXT, label=Label("原因", "reason"), meaning=Label("变更原因", "why")),
        Column(name="who", kind=Kind.TEXT, required=True, label=Label("经办人", "by"), meaning=Label("经办人账户", "who made it")),
    ),
)  # fmt: skip
