"""The data reference: what the declarations say, as a page for people.

A page written by hand would be right on the day it is written. This one is
read off the declarations that the loader itself obeys, and a test compares it
with the file in ``docs/reference``. It is plain Markdown rather than a
documentation generator's own format, because people read it in the
repository as often as anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ballast.lake.declare import Choice, Column, Folded, Kind, Sensitivity, Stage, Table
from ballast.lake.recipes import Recipe
from ballast.lake.tables.macro_items import MacroItem
from ballast.terms.label import Label

KIND_LABELS: dict[Kind, Label] = {
    Kind.TEXT: Label("文本", "text"),
    Kind.CODE: Label("代码", "code"),
    Kind.USCC: Label("统一社会信用代码", "unified social credit code"),
    Kind.REGION: Label("地区代码", "region code"),
    Kind.INDUSTRY: Label("行业代码", "industry code"),
    Kind.INDUSTRY_WEIGHTS: Label("行业代码与权重", "industry codes with weights"),
    Kind.PERIOD: Label("时期", "period"),
    Kind.DATE: Label("日期", "date"),
    Kind.TIMESTAMP: Label("时刻", "point in time"),
    Kind.YEAR: Label("年份", "year"),
    Kind.INTEGER: Label("整数", "whole number"),
    Kind.DECIMAL: Label("精确小数", "exact decimal"),
    Kind.NUMBER: Label("浮点数", "floating-point number"),
    Kind.FLAG: Label("是否", "yes or no"),
    Kind.CHOICE: Label("选项", "one of a list"),
}

_STAGES: dict[Stage, Label] = {
    Stage.LOADED: Label("装载", "loaded"),
    Stage.STREAMED: Label("流入", "streamed"),
    Stage.DERIVED: Label("派生", "derived"),
}

SENSITIVITY_LABELS: dict[Sensitivity, Label] = {
    Sensitivity.PUBLIC: Label("公开", "public"),
    Sensitivity.AGGREGATE: Label("汇总数据，不公开", "aggregates that are not published"),
    Sensitivity.UNIT: Label("单位数据", "unit data"),
}

_NATURES: dict[str, Label] = {
    "flow": Label("流量，可按时间相加", "flow: adds over time"),
    "stock": Label("存量，取期末数", "stock: the value at the end"),
    "ratio": Label("比率，不可相加", "ratio: does not add"),
}

FOLDED_HEADS = (
    "值 value", "名称 name", "类型 type", "单位 unit", "属于 of", "规则 rules", "含义 meaning",
)  # fmt: skip
COLUMN_HEADS = ("列 column", "名称 name", "类型 type", "单位 unit", "规则 rules", "含义 meaning")


def tables_page(tables: Iterable[Table], items: Iterable[MacroItem] = ()) -> str:
    """Return the reference of the lake's tables as Markdown.

    Parameters
    ----------
    tables
        The declarations, in the order of the page.
    items
        The macro figures that ``region_period`` may hold.

    Returns
    -------
    str
        A page that ends in one newline; the same declarations give the same page.

    Examples
    --------
    >>> from ballast.lake.tables import TABLES
    >>> print(tables_page([TABLES["region_industry"]]).splitlines()[0])
    # 数据参考 · The tables of the lake
    """
    declared = tuple(tables)
    parts = [
        "# 数据参考 · The tables of the lake",
        "由表的声明生成（`make docs`），请勿手工修改。 "
        "Generated from the declarations by `make docs`; not edited by hand.",
        "“必填”是指每行都要有值；“其他表头”是装载时也认得的列名。"
        "金额一律以万元存储，四位小数，即精确到元。 "
        "*required*: every row must fill it. *also*: other headers under which a file may carry "
        "the column. Money is stored in 10,000 CNY with four decimals, exact to the yuan.",
        "装载的每一行另有三列来源："
        "`load_id`（装载编号）、`source_sheet`（工作表）、`source_row`（行号）。 "
        "Every loaded row also carries where it came from: "
        "`load_id`, `source_sheet`, `source_row`.",
        _grid(
            ("表 table", "名称 name", "一行是什么 what a row is"),
            ((f"[`{t.name}`](#{t.name})", _both(t.label), _stacked(t.meaning)) for t in declared),
        ),
        *(table_section(table) for table in declared),
    ]
    listed = tuple(items)
    if listed:
        parts += [
            "## 宏观指标 · Macro items",
            "`region_period.item` 的取值。 What `region_period.item` may name.",
            _grid(("值 value", "名称 name", "单位 unit", "性质 nature"), map(_item_row, listed)),
        ]
    return "\n\n".join(parts) + "\n"


def table_section(table: Table) -> str:
    """Return the section of one table as Markdown.

    Parameters
    ----------
    table
        Its declaration.

    Returns
    -------
    str
        A heading with the table's name, what it is, its columns, its lists of allowed values.
    """
    facts = [
        f"- 主键 key: {_codes(table.key)}",
        f"- 阶段 stage: {_both(_STAGES[table.stage])}",
        f"- 敏感度 sensitivity: {_both(SENSITIVITY_LABELS[table.sensitivity])}",
    ]
    if table.subject is not None:
        facts.append(f"- 所属企业 whose data: `{table.subject}`")
    if table.moment is not None:
        facts.append(f"- 时间 time of a row: `{table.moment}`")
    facts += [
        f"- 至少填一项 at least one of: {_codes(group)}" for group in table.one_of
    ]  # fmt: skip
    parts = [
        f"## {table.name}",
        f"**{_both(table.label)}**<br>{_stacked(table.meaning)}",
        "\n".join(facts),
        _grid(COLUMN_HEADS, (_column_row(column) for column in table)),
    ]
    folded = table.folded
    listed = [c for c in table if c.choices and (folded is None or c.name != folded.item)]
    if folded is not None:
        listed += [column for column in folded.columns.values() if column.choices]
        parts += [
            f"`{folded.item}` 的取值，及每一项的值是什么 What `{folded.item}` may be, and what the "
            "value is then:",
            _grid(FOLDED_HEADS, (_folded_row(c, folded) for c in folded.columns.values())),
        ]
    lists = [f"- `{column.name}`: {_choices(column.choices)}" for column in listed]
    if lists:
        parts += ["允许的值 Allowed values:", "\n".join(lists)]
    return "\n\n".join(parts)


def recipes_page(recipes: Mapping[str, Recipe]) -> str:
    """Return the reference of the recipes as Markdown.

    Parameters
    ----------
    recipes
        Name to recipe, in the order of the page.

    Returns
    -------
    str
        One section for each recipe: what it reads, from which files, into which tables.
    """
    parts = [
        "# 配方 · Recipes",
        "由配方的声明生成（`make docs`），请勿手工修改。 "
        "Generated from the recipes by `make docs`; not edited by hand.",
        "配方认得一种已知的文件，并把它写入对应的表：`ballast load --recipe 名称 文件…`。 "
        "A recipe knows one kind of file and fills its tables: `ballast load --recipe NAME FILE…`.",
    ]
    for recipe in recipes.values():
        lines = [
            *(
                f"- 文件 file {place}: {_both(file)}"
                for place, file in enumerate(recipe.files, start=1)
            ),
            *(
                f"- 选项 option `{name}`: {_both(label)}" for name, label in recipe.options.items()
            ),
            "- 写入 fills: "
            + ", ".join(f"[`{name}`](tables.md#{name})" for name in recipe.tables),
        ]  # fmt: skip
        parts += [
            f"## {recipe.name}",
            f"**{_both(recipe.label)}**<br>{_stacked(recipe.meaning)}",
            "\n".join(lines),
        ]
    return "\n\n".join(parts) + "\n"


def _column_row(column: Column) -> tuple[str, ...]:
    return (
        f"`{column.name}`",
        _both(column.label),
        f"{_both(KIND_LABELS[column.kind])} `{column.arrow_type}`",
        "" if column.unit is None else _both(column.unit.label),
        "<br>".join(_rules(column)),
        _stacked(column.meaning),
    )


def _folded_row(column: Column, folded: Folded) -> tuple[str, ...]:
    of = Label("一年", "a year") if column.name in folded.yearly else Label("一日", "a day")
    return (
        f"`{column.name}`",
        _both(column.label),
        _both(KIND_LABELS[column.kind]),
        "" if column.unit is None else _both(column.unit.label),
        _both(of),
        "<br>".join(_rules(replace(column, scheme_column=None))),
        _stacked(column.meaning),
    )


def _item_row(item: MacroItem) -> tuple[str, ...]:
    return (
        f"`{item.name}`",
        _both(item.label),
        _both(item.unit.label),
        _both(_NATURES[item.nature]),
    )


def _rules(column: Column) -> list[str]:
    rules = []
    if column.required:
        rules.append("必填 required")
    if column.default is not None:
        rules.append(f"默认 default `{column.default}`")
    if column.least is not None:
        rules.append(f"≥ {column.least}")
    if column.most is not None:
        rules.append(f"≤ {column.most}")
    if column.scheme_column is not None:
        rules.append(f"编码体系 scheme `{column.scheme_column}`")
    if column.valid_at is not None:
        rules.append(f"有效于 valid at `{column.valid_at}`")
    if column.row_unit is not None:
        rules.append(
            f"单位见 unit in `{column.row_unit.unit_column}`，"
            f"依 depends on `{column.row_unit.item_column}`"
        )
    if column.synonyms:
        rules.append("其他表头 also: " + "、".join(column.synonyms))
    return rules


def _choices(choices: Iterable[Choice]) -> str:
    return "; ".join(
        f"`{choice.value}` {_both(choice.label)}"
        + (f"（{'、'.join(choice.spellings)}）" if choice.spellings else "")
        for choice in choices
    )


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _both(label: Label) -> str:
    # A unit such as % is written alike in both languages.
    return label.zh if label.en in ("", label.zh) else f"{label.zh} {label.en}"


def _stacked(label: Label) -> str:
    return f"{label.zh}<br>{label.en}"


def _grid(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    # A bar would end the cell, a line break the row.
    return text.replace("|", "\\|").replace("\n", " ")
