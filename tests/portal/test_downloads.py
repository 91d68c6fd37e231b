"""Files carry what the page says, run nothing, and open for those alone who may see the page."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from ballast.brain.picture import RegionPicture
from ballast.portal.downloads import table_as_csv, table_as_xlsx
from ballast.portal.picture_tables import Table, tables
from ballast.state.audit import entries
from ballast.state.users import change_user
from ballast.terms.role import Role

HOSTILE = Table(
    ("name", "figure", "share"),
    (
        ('=HYPERLINK("http://x")', "\u221212.5", "28.9%"),
        ("@SUM(A1)", "21\u202f783.591", "no data"),
        ("+1-2", "12345678901234.5678", "-1"),
    ),
)


def test_a_cell_that_would_be_a_formula_is_text(small_picture: RegionPicture) -> None:
    text = table_as_csv(HOSTILE, small_picture, "en").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == ['\'=HYPERLINK("http://x")', "'@SUM(A1)", "'+1-2"]
    assert rows[1][1] == "-12.5"
    book = openpyxl.load_workbook(io.BytesIO(table_as_xlsx(HOSTILE, small_picture, "en")))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert all(cell.hyperlink is None for cell in cells)


def test_figures_are_numbers_where_a_spreadsheet_can_hold_them(
    small_picture: RegionPicture,
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(table_as_xlsx(HOSTILE, small_picture, "en")))
    rows = [list(row) for row in book.active.iter_rows(min_row=5, values_only=True)]
    assert rows[0][1:3] == [-12.5, pytest.approx(0.289)]
    assert rows[1][1:3] == [21783.591, "no data"]
    assert rows[2][1] == "12345678901234.5678"  # beyond what a double holds


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_says_that_it_is_synthetic(small_picture: RegionPicture, language: Any) -> None:
    mark = {"zh": "合成样例", "en": "synthetic sample"}[language]
    for table in tables(small_picture, language).values():
        rows = table_as_csv(table, small_picture, language).decode("utf-8-sig").splitlines()[1:]
        assert all(row.endswith(mark) for row in rows)


def get(client: Any, path: str) -> Any:
    return client.get(path + "?lang=en")


def test_an_analyst_takes_tables_and_charts_away(door: Any, two: Any) -> None:
    two.load(door.context.lake)
    with door.browser(Role.ANALYST) as client:
        table = get(client, "/download/table/structure.xlsx")
        assert openpyxl.load_workbook(io.BytesIO(table.content)).active.max_row > 5
        assert table.headers["cache-control"] == "private, no-store"
        assert "ballast-371500-2026-03" in table.headers["content-disposition"]
        assert get(client, "/download/table/structure.csv").content[:3] == b"\xef\xbb\xbf"
        assert get(client, "/download/chart/structure.svg").text.startswith("<svg")
        assert get(client, "/download/chart/structure.png").content[:4] == b"\x89PNG"
        for missing in ("table/structure.svg", "chart/structure.csv", "table/none.csv", "table/x"):
            assert get(client, f"/download/{missing}").status_code == 404
    taken = [(e.who, e.count) for e in entries(door.state) if e.action == "download"]
    assert taken == [("the-analyst", 2)] * 4


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR, Role.PUBLIC])
def test_nobody_else_gets_them_by_their_address(door: Any, role: Role, two: Any) -> None:
    two.load(door.context.lake)
    change_user(door.state, door.users[Role.ENTERPRISE].id, enterprises=[two.own])
    with door.browser(Role.ANALYST) as client:
        assert get(client, "/download/table/structure.csv").status_code == 200
        door.become(client, role)
        for path in ("table/structure.csv", "table/places.xlsx", "chart/structure.svg"):
            answer = get(client, f"/download/{path}")
            assert answer.status_code in (401, 403, 404)
            assert "7777777" not in answer.text


@pytest.mark.parametrize("query", ["region=999999", "period=soon", "period=2019-01"])
def test_an_unknown_filter_is_refused_with_a_sentence(door: Any, query: str, two: Any) -> None:
    two.load(door.context.lake)
    with door.browser(Role.ANALYST) as client:
        answer = client.get(f"/download/table/structure.csv?lang=en&{query}")
    assert answer.status_code in (400, 404)
    assert len(answer.json()["detail"]) > 20
