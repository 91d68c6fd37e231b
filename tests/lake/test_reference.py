"""The reference says what the declarations say, in Markdown that renders."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from ballast.lake.declare import Choice, Column, Kind, Table
from ballast.lake.recipes import RECIPES
from ballast.lake.reference import COLUMN_HEADS, recipes_page, table_section, tables_page
from ballast.lake.tables import TABLES
from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS

STAFF = Column(
    name="staff_persons",
    kind=Kind.INTEGER,
    label=Label("从业人员", "staff"),
    meaning=Label("期末人数", "at the end | of the period"),
    unit=unit.PERSONS,
    required=True,
    least=Decimal(0),
    most=Decimal(9000),
    synonyms=("职工人数", "人数"),
)
SIZE = Column(
    name="size",
    kind=Kind.CHOICE,
    label=Label("规模", "size"),
    meaning=Label("企业规模", "how large it is"),
    choices=(
        Choice("large", Label("大型", "large"), ("大",)),
        Choice("small", Label("小型", "small")),
    ),
    default="small",
)
SHOP = Table(
    name="shop",
    label=Label("商店", "shop"),
    meaning=Label("一家商店", "one shop"),
    columns=(STAFF, SIZE),
    key=("staff_persons", "size"),
    one_of=(("staff_persons", "size"),),
)


def rows(page: str) -> list[list[str]]:
    """Return the cells of every table row of a page; an escaped bar is not a border."""
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in page.splitlines()
        if line.startswith("|")
    ]


def test_a_column_shows_its_type_unit_rules_and_meaning() -> None:
    row = next(r for r in rows(table_section(SHOP)) if r[0] == "`staff_persons`")
    assert row == [
        "`staff_persons`",
        "从业人员 staff",
        "整数 whole number `int64`",
        "人 persons",
        "必填 required<br>≥ 0<br>≤ 9000<br>其他表头 also: 职工人数、人数",
        r"期末人数<br>at the end \| of the period",
    ]


def test_a_value_whose_unit_depends_on_its_row_says_where_the_unit_stands() -> None:
    row = next(r for r in rows(table_section(TABLES["region_period"])) if r[0] == "`value`")
    assert "单位见 unit in `unit`，依 depends on `item`" in row[4]


def test_a_choice_lists_its_values_and_the_words_forms_use_for_them() -> None:
    assert (
        "- `size`: `large` 大型 large（大）; `small` 小型 small" in table_section(SHOP).splitlines()
    )


def test_a_section_says_key_stage_sensitivity_and_what_must_be_filled() -> None:
    lines = table_section(replace(SHOP, subject="size")).splitlines()
    assert "- 主键 key: `staff_persons`, `size`" in lines
    assert "- 阶段 stage: 装载 loaded" in lines
    assert "- 敏感度 sensitivity: 公开 public" in lines
    assert "- 所属企业 whose data: `size`" in lines
    assert "- 至少填一项 at least one of: `staff_persons`, `size`" in lines


@pytest.mark.parametrize("name", TABLES)
def test_every_column_of_every_table_has_one_row(name: str) -> None:
    found = rows(table_section(TABLES[name]))
    assert found[0] == list(COLUMN_HEADS)
    columns = found[2 : len(TABLES[name].columns) + 2]
    assert [row[0] for row in columns] == [f"`{column.name}`" for column in TABLES[name]]
    assert {len(row) for row in columns} == {len(COLUMN_HEADS)}


def test_a_folded_table_lists_what_its_rows_may_be_and_what_the_value_is_then() -> None:
    page = table_section(TABLES["enterprise_fact"])
    listed = {row[0]: row[1:] for row in rows(page)}
    assert {f"`{key}`" for key in FACTS} <= set(listed)
    assert listed["`niche_share`"][:5] == [
        "国内细分市场占有率 domestic niche share", "浮点数 floating-point number",
        "比值 fraction", "一年 a year", "≥ 0<br>≤ 1",
    ]  # fmt: skip
    assert "- `rd_institution`: `national` 国家级 national; " in page


def test_every_table_is_listed_first_and_linked_to_its_section() -> None:
    page = tables_page(TABLES.values())
    linked = re.findall(r"^\| \[`(\w+)`\]\(#(\w+)\)", page, flags=re.MULTILINE)
    headings = re.findall(r"^## (\w+)$", page, flags=re.MULTILINE)
    assert linked == [(name, name) for name in TABLES]
    assert headings == list(TABLES)


def test_every_macro_item_stands_with_its_unit_and_nature() -> None:
    found = {row[0]: row[1:] for row in rows(tables_page([], MACRO_ITEMS.values()))}
    assert found["`gdp`"] == [
        "地区生产总值 gross domestic product",
        "亿元 100 million CNY",
        "流量，可按时间相加 flow: adds over time",
    ]
    assert {f"`{name}`" for name in MACRO_ITEMS} <= set(found)


def test_the_page_ends_in_one_newline() -> None:
    page = tables_page(TABLES.values(), MACRO_ITEMS.values())
    assert page.endswith("|\n")
    assert not page.endswith("\n\n")


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_names_its_files_and_links_the_tables_it_fills(name: str) -> None:
    recipe = RECIPES[name]
    section = recipes_page({name: recipe})
    assert f"## {name}\n" in section
    assert section.count("- 文件 file ") == len(recipe.files)
    for table in recipe.tables:
        assert table in TABLES
        assert f"[`{table}`](tables.md#{table})" in section
    for option in recipe.options:
        assert f"option `{option}`" in section
