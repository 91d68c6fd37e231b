"""The names of things on the Enterprise page, and how its figures are written."""

from __future__ import annotations

from decimal import Decimal

from ballast.brain.enterprise_shape import EnterpriseFigure, Number
from ballast.terms.label import Label, Language
from ballast.terms.unit import Unit
from ballast.words.numbers import (
    Absence,
    Written,
    grouped,
    movement,
    scale_for,
    significant,
    written,
)

__all__ = [
    "OWN_TITLE",
    "TITLE",
    "WORDS",
    "change_text",
    "quantile_text",
    "standing_of_change",
    "value_text",
]

TITLE = Label("这家企业处在什么位置？", "Where does this enterprise stand?")
OWN_TITLE = Label("我的企业处在什么位置？", "Where does my enterprise stand?")

WORDS: dict[str, Label] = {
    "headline": Label("主要指标", "Headline figures"),
    "story": Label("口径与来源", "How it is made"),
    "table": Label("数据表", "The figures"),
    "code": Label("统一社会信用代码", "Credit code"),
    "name": Label("企业", "Enterprise"),
    "place": Label("地区", "Place"),
    "industry": Label("行业", "Industry"),
    "size": Label("规模", "Size"),
    "period": Label("时期", "Period"),
    "figure": Label("指标", "Figure"),
    "own": Label("本企业", "This enterprise"),
    "lower": Label("下四分位", "Lower quarter"),
    "middle": Label("中位", "Middle"),
    "upper": Label("上四分位", "Upper quarter"),
    "standing": Label("所处位置", "Standing"),
    "rank": Label("位次", "Rank"),
    "title": Label("称号", "Title"),
    "tier": Label("级别", "Tier"),
    "certificate": Label("证书编号", "Certificate"),
    "awarded": Label("认定日期", "Awarded"),
    "expires": Label("有效期至", "Valid until"),
    "state": Label("状态", "State"),
    "project": Label("项目", "Project"),
    "kind": Label("类型", "Kind"),
    "planned": Label("计划总投资", "Planned"),
    "invested": Label("完成投资", "Invested"),
    "done": Label("完成比例", "Done"),
    "start": Label("开工", "Start"),
    "end": Label("竣工", "End"),
    "cluster": Label("集群", "Cluster"),
    "chain": Label("产业链", "Chain"),
    "product": Label("产品环节", "Its product"),
    "takes_from": Label("上游产品", "Takes"),
    "goes_to": Label("下游产品", "Goes into"),
    "joint": Label("、", ", "),
    "weight": Label("计入比重", "Counted share"),
    "above_scale": Label("规上", "Above scale"),
    "yes": Label("是", "yes"),
    "no": Label("否", "no"),
    "find": Label("查找", "Find"),
    "held": Label("有效", "held"),
    "ending": Label("即将到期", "ends soon"),
    "expired": Label("已过期", "expired"),
    "all": Label("全部企业", "All enterprises"),
}


def value_text(
    value: Number | None, of: Unit, absence: Absence | None, language: Language
) -> Written:
    """Return a figure as a headline writes it, or the word for its absence.

    Examples
    --------
    >>> from ballast.terms.unit import PERSONS
    >>> str(value_text(18, PERSONS, None, "zh")), str(value_text(None, PERSONS, None, "en"))
    ('18人', 'no data')
    """
    if value is None:
        return Written((absence or Absence.NO_DATA).label.text(language), "")
    scale = scale_for(of, language, value)
    if isinstance(value, int) and scale.size == 1:  # 18 persons, not 18.0
        return Written(grouped(Decimal(value), language), scale.name)
    return written(value, of, language)


def change_text(figure: EnterpriseFigure, language: Language) -> str:
    """Return how a figure changed against a year before, or the word for its absence."""
    if figure.change is None:
        return (figure.change_absence or Absence.NO_DATA).label.text(language)
    return movement(figure.change, figure.change_unit, language)


def quantile_text(value: float, of: Unit, language: Language) -> str:
    """Return a quantile with the two digits that it is rounded to, and no more.

    Examples
    --------
    >>> from ballast.terms.unit import CNY_1E4, PERCENT
    >>> quantile_text(7200.0, CNY_1E4, "en"), quantile_text(0.099, PERCENT, "zh")
    ('CNY 72 m', '0.099%')
    """
    scale = scale_for(of, language, value)
    amount = significant(Decimal(str(value)) / scale.size, 2)
    return str(Written(grouped(amount, language), scale.name))


def standing_of_change(figure: EnterpriseFigure) -> str:
    """Return ``ahead``, ``behind``, or nothing where neither is better."""
    # What is written as 0.0 is no movement, whatever stands behind the point.
    if figure.better == "none" or figure.change is None or not round(figure.change, 1):
        return ""
    return "ahead" if (figure.change > 0) == (figure.better == "up") else "behind"
