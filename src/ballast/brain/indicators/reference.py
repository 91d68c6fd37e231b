"""The page of an indicator, read off its declaration: what a number under its name means.

A page written by hand would be right on the day it is written, and a glossary
would say what the indicator ought to be. This one says what the program does
with it: the same declaration makes the expression, the seal and the page.
"""

from __future__ import annotations

from collections.abc import Iterable

from ballast.brain.indicators.declared import (
    Adds,
    Better,
    Comparison,
    Form,
    How,
    Indicator,
    Measure,
    Term,
)
from ballast.brain.indicators.dimensions import DIMENSION_LABELS, Dimension
from ballast.lake.tables import TABLES
from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.terms.label import Label

__all__ = [
    "ADDS_LABELS",
    "BETTER_LABELS",
    "COMPARISON_LABELS",
    "FORM_LABELS",
    "formula",
    "index_page",
    "indicator_page",
    "term_label",
    "withheld",
]

ADDS_LABELS: dict[Adds, Label] = {
    Adds.FLOW: Label("流量：按时间、按地区都可相加", "a flow: adds over time and over space"),
    Adds.STOCK: Label(
        "存量：按时间取期末数，按地区相加",
        "a stock: over time the last value, over space the sum",
    ),
    Adds.NONE: Label("不可相加：每个范围都从分子、分母重新计算",
                     "does not add: made anew from its terms in every cell"),
}  # fmt: skip
COMPARISON_LABELS: dict[Comparison, Label] = {
    Comparison.GROWTH: Label("增速，%", "growth in percent of the base"),
    Comparison.POINTS: Label("差值，百分点", "difference in percentage points"),
    Comparison.DIFFERENCE: Label("差值，以本指标单位计", "difference in its own unit"),
}
FORM_LABELS: dict[Form, Label] = {
    Form.PERIOD: Label("当期", "the period as it stands"),
    Form.YEAR_TO_DATE: Label("累计", "year to date"),
    Form.MONTH: Label("当月（1-2 月合并）", "single month (January with February)"),
}
BETTER_LABELS: dict[Better, Label] = {
    Better.UP: Label("越高越好", "higher is better"),
    Better.DOWN: Label("越低越好", "lower is better"),
    Better.NONE: Label("无优劣方向", "neither way is better"),
}
_HOW: dict[How, Label] = {
    How.SUM: Label("Σ {what}", "Σ {what}"),
    How.LAST: Label("Σ 期末{what}", "Σ {what} at the period's end"),
    How.DISTINCT: Label("不同{what}的个数", "number of different {what}"),
}
_DERIVED: dict[str, Label] = {
    "uscc": Label("企业", "enterprises"),
    "titles": Label("有效认定", "recognitions in force"),
    "carbon_tco2": Label("二氧化碳排放量（估算）", "carbon dioxide (estimate)"),
    "division": Label("行业大类", "industry divisions"),
    "group": Label("行业中类", "industry groups"),
    "finished_projects": Label("竣工项目", "projects finished"),
    "open_projects": Label("在建项目", "projects under way"),
}


def term_label(term: Term) -> Label:
    """Return how a term is written in a formula.

    Examples
    --------
    >>> term_label(Term("enterprise_period", "employment_persons", How.LAST)).en
    "Σ employment at the period's end"
    """
    if term.table == "region_period":
        return MACRO_ITEMS[term.column].label
    table = TABLES[term.table]
    columns = {column.name: column for column in table.columns}
    own = columns.get(term.column)
    what = _DERIVED.get(term.column) or (own.label if own is not None else table.label)
    if term.how is How.DISTINCT and term.table != "enterprise_period":
        what = Label(f"{what.zh}（{table.label.zh}）", f"{what.en} ({table.label.en})")
    only = [
        (columns[name].label, next(c.label for c in columns[name].choices if c.value == value))
        for name, value in term.filter
    ]
    shape = _HOW[term.how]
    return Label(
        shape.zh.format(what=what.zh) + "".join(f"，{x.zh}为{y.zh}" for x, y in only),
        shape.en.format(what=what.en) + "".join(f", {x.en} = {y.en}" for x, y in only),
    )


def formula(one: Indicator) -> Label:
    """Return the formula of an indicator in the words of its terms.

    Examples
    --------
    >>> from ballast.brain.indicators.registry import indicator
    >>> formula(indicator("margin")).en
    'Σ total profit ÷ Σ revenue × 100'
    """
    above = term_label(one.numerator)
    match one.measure:
        case Measure.RATIO if one.denominator is not None:
            below = term_label(one.denominator)
            times = f" × {one.scale}" if one.scale != 1 else ""
            return Label(f"{above.zh} ÷ {below.zh}{times}", f"{above.en} ÷ {below.en}{times}")
        case Measure.CONCENTRATION if one.over is not None:
            over = DIMENSION_LABELS[one.over]
            return Label(
                f"Σ（各{over.zh}的 {above.zh} ÷ 合计）²",
                f"Σ over each {over.en} of ({above.en} ÷ the total)²",
            )
        case Measure.TIER:
            return Label(
                f"{above.zh} 所达到的规模级别", f"the class of size that {above.en} reaches"
            )
        case Measure.DISTANCE:
            return Label(f"本地区{above.zh} − 上级地区{above.zh}",
                         f"{above.en} here − {above.en} of the region above")  # fmt: skip
        case _:
            times = f" × {one.scale}" if one.scale != 1 else ""
            return Label(above.zh + times, above.en + times)


def withheld(one: Indicator) -> Label:
    """Return what its publication would tell, and when a value is therefore withheld."""
    rule = one.disclosure
    if rule.public:
        return Label("来自公开数据，不作抑制", "rests on public tables; nothing is withheld")
    few = Label("企业数低于发布规则的下限时不予公布", "withheld where too few enterprises report")
    if rule.minimum is not None:
        few = Label(
            f"少于 {rule.minimum} 家企业时不予公布",
            f"withheld below {rule.minimum} enterprises",
        )
    if rule.dominance is None:
        return few
    # The column may be of a table beside the one that is summed.
    known = {c.name: c.label for t in TABLES.values() for c in t.columns}
    column = _DERIVED.get(rule.dominance) or known.get(rule.dominance)
    name = column or TABLES[one.numerator.table].label
    return Label(
        f"{few.zh}；或一家企业占{name.zh}的份额超过上限时不予公布",
        f"{few.en}, or where one of them holds too much of {name.en}",
    )


def indicator_page(one: Indicator) -> str:
    """Return the page of an indicator as Markdown.

    Parameters
    ----------
    one
        Its declaration.

    Returns
    -------
    str
        A page that ends in one newline; the same declaration gives the same page.

    Examples
    --------
    >>> from ballast.brain.indicators.registry import indicator
    >>> print(indicator_page(indicator("margin")).splitlines()[0])
    # 营业收入利润率 · Profit margin
    """
    said = formula(one)
    rows: list[tuple[str, str]] = [
        ("单位 unit", _both(one.unit.label)),
        ("公式 formula", f"`{said.zh}`<br>`{said.en}`"),
        ("加总 how it adds up", _stacked(ADDS_LABELS[one.adds])),
        ("比较 comparison", _stacked(COMPARISON_LABELS[one.comparison])),
        ("方向 which way", _stacked(BETTER_LABELS[one.better])),
        ("形式 forms", _listed(FORM_LABELS[form] for form in Form if form in one.forms)),
        ("可按此细分 cuts", _dimensions(one.dimensions)),
    ]
    if one.needs:
        rows.append(("必须指定 needs", _dimensions(one.needs)))
    if one.yearly:
        rows.append(("时期 periods", "只有全年数<br>whole years only"))
    rows += [
        ("不予公布 withheld", _stacked(withheld(one))),
        ("来源 sources", ", ".join(f"[`{n}`](../tables.md#{n})" for n in one.sources)),
    ]
    grid = ["| | |", "|---|---|", *(f"| {head} | {text} |" for head, text in rows)]
    example = f"ballast measure {one.key}" + "".join(
        f" --by {dimension.value}" for dimension in sorted(one.needs)
    )
    parts = [
        f"# {one.label.zh} · {one.label.en}",
        "由指标声明生成（`make docs`），请勿手工修改。 "
        "Generated from the declaration by `make docs`; not edited by hand.",
        one.meaning.zh,
        one.meaning.en,
        "\n".join(grid),
        f"```text\n{example} --growth --rank --explain\n```",
        "[全部指标 All indicators](../indicators.md)",
    ]
    return "\n\n".join(parts) + "\n"


def index_page(indicators: Iterable[Indicator]) -> str:
    """Return the list of indicators as Markdown, each linked to its page.

    Parameters
    ----------
    indicators
        The declarations, in the order of the page.
    """
    heads = ["| 指标 indicator | 名称 name | 单位 unit | 比较 comparison |", "|---|---|---|---|"]
    rows = [
        f"| [`{one.key}`](indicators/{one.key}.md) | {_stacked(one.label)} "
        f"| {_both(one.unit.label)} | {_stacked(COMPARISON_LABELS[one.comparison])} |"
        for one in indicators
    ]
    parts = [
        "# 指标 · Indicators",
        "由指标声明生成（`make docs`），请勿手工修改。 "
        "Generated from the declarations by `make docs`; not edited by hand.",
        "每个数值都带有截止时间、覆盖面、来源和状态；增速分按公布数与同口径两种，各自注明。 "
        "Every value carries as-of, coverage, sources and status; growth is of the published "
        "levels or on the comparable sample, and says which. `ballast measure INDICATOR --explain` "
        "says all of it for a figure.",
        "\n".join([*heads, *rows]),
    ]
    return "\n\n".join(parts) + "\n"


def _both(label: Label) -> str:
    return label.zh if label.zh == label.en or not label.en else f"{label.zh} {label.en}"


def _stacked(label: Label) -> str:
    return label.zh if label.zh == label.en or not label.en else f"{label.zh}<br>{label.en}"


def _listed(labels: Iterable[Label]) -> str:
    every = list(labels)
    return _stacked(Label("、".join(x.zh for x in every), ", ".join(x.en for x in every)))


def _dimensions(dimensions: frozenset[Dimension]) -> str:
    return ", ".join(
        f"`{each.value}` {DIMENSION_LABELS[each].zh}" for each in Dimension if each in dimensions
    )
