"""The rows of a site are rows of the lake's tables, columns and all."""

from __future__ import annotations

from ballast.lake.tables import table
from ballast.plant.site import asset_rows, read_site, tag_rows
from ballast.plant.site.example import EXAMPLE
from ballast.terms.unit import parse_measured

SITE = read_site(EXAMPLE)


def test_every_asset_and_tag_is_a_row_with_the_columns_of_its_table() -> None:
    for name, rows, known in (
        ("asset", asset_rows(SITE), SITE.assets),
        ("tag", tag_rows(SITE), SITE.tags),
    ):
        columns = {column.name for column in table(name)}
        assert len(rows) == len(known)
        assert all(set(row) == columns for row in rows), name


def test_the_unit_of_a_row_is_read_back_as_the_unit_of_its_tag() -> None:
    for row, tag in zip(tag_rows(SITE), SITE.tags.values(), strict=True):
        assert parse_measured(str(row["unit"])) is tag.unit


def test_the_source_of_a_row_says_where_the_value_stands() -> None:
    rows = {row["tag"]: row["source"] for row in tag_rows(SITE)}
    assert rows["valve-shop/press-1/oil-temperature"] == "json:shop/press-1#oil.temp"
    assert rows["valve-shop/machining/lathe-1/good"] == (
        "sparkplug:valve-shop/machining/lathe-1/Counter/Good"
    )
