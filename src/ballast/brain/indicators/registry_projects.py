"""The indicators of projects: how many were finished, how many are under way, what they invest."""

from __future__ import annotations

from ballast.brain.indicators.declared import (
    Adds,
    Better,
    Disclosure,
    How,
    Indicator,
    Term,
)
from ballast.brain.indicators.registry_enterprise import CUTS
from ballast.terms.label import Label
from ballast.terms.unit import CNY_1E4, COUNT

__all__ = ["PROJECT_INDICATORS"]

_OWNERS = Label(
    "按期末登记情况归属地区与行业，范围为登记在册的工业企业的项目。",
    " Of projects of registered enterprises of industry, by region and industry as registered at "
    "the end of the period.",
)
_NOUN = Label("个", "")


def _said(zh: str, en: str) -> Label:
    return Label(zh + _OWNERS.zh, en + _OWNERS.en)


PROJECT_INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        key="project_investment",
        label=Label("项目完成投资", "Investment of projects"),
        meaning=_said("台账项目在报告期内完成的投资，按项目月报汇总。",
                      "What the projects of the ledger invested over the period, summed from "
                      "their monthly reports."),
        unit=CNY_1E4, numerator=Term("project_month", "invested_1e4_cny"), adds=Adds.FLOW,
        dimensions=CUTS, disclosure=Disclosure(dominance="invested_1e4_cny"),
        sources=("enterprise", "project_month"),
    ),
    Indicator(
        key="projects_finished",
        label=Label("竣工项目", "Projects finished"),
        meaning=_said("实际竣工日期在报告期内的项目数。",
                      "Projects of which the day of completion lies in the period."),
        unit=COUNT, numerator=Term("project", "finished_projects"), adds=Adds.FLOW,
        dimensions=CUTS, disclosure=Disclosure(dominance="finished_projects"),
        sources=("enterprise", "project"), noun=_NOUN,
    ),
    Indicator(
        key="projects_under_way",
        label=Label("在建项目", "Projects under way"),
        meaning=_said("期末已开工、尚未竣工、未取消的项目数。",
                      "Projects that had started and were neither finished nor given up at the "
                      "end of the period."),
        unit=COUNT, numerator=Term("project", "open_projects", How.LAST), adds=Adds.STOCK,
        dimensions=CUTS, disclosure=Disclosure(dominance="open_projects"),
        sources=("enterprise", "project"), better=Better.NONE, noun=_NOUN,
    ),
)  # fmt: skip
