"""A monthly sheet as a file: headers as counties write them, one month, cells that are wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.brain.projects.conftest import CLERK, TODAY

from ballast.brain.projects.ledger import history, ledger
from ballast.brain.projects.sheet import month_of, read_sheet
from ballast.brain.projects.updating import plan
from ballast.brain.projects.writing import write
from ballast.errors import Refused, RefusedRows
from ballast.lake.lake import Lake
from ballast.terms.period import Period

HEADS = (
    "项目编号,项目名称,建设单位,总投资（亿元）,本月完成投资（万元）,累计完成投资（万元）,状态,"
    "竣工日期"
)


def sheet(folder: Path, *rows: str, heads: str = HEADS) -> Path:
    path = folder / "月报.csv"
    path.write_text("\n".join([heads, *rows]) + "\n", encoding="utf-8")
    return path


def test_headers_as_counties_write_them_are_understood_and_units_converted(
    lake: Lake, tmp_path: Path
) -> None:
    path = sheet(tmp_path, "JG-1,阀门生产线技术改造,临清阀门有限公司,0.1,50,550,在建,")
    [row] = read_sheet(lake, path, "en").rows
    assert row.row == 2
    assert row.named.planned == Decimal(1000)
    assert (row.invested, row.cumulative) == (Decimal(50), Decimal(550))
    assert row.named.enterprise == "临清阀门有限公司"


def test_a_sheet_is_written_as_one_load_and_again_changes_nothing(
    lake: Lake, tmp_path: Path
) -> None:
    path = sheet(
        tmp_path,
        "JG-1,阀门生产线技术改造,,,50,550,在建,",
        "JG-2,余热回收利用,,,20,100,竣工,2026-05-20",
        heads=HEADS.replace("竣工日期", "实际竣工"),
    )
    may = Period.parse("2026-05")
    rows = read_sheet(lake, path, "en").rows
    found = plan(ledger(lake, CLERK), rows, may, today=TODAY)
    assert found.problems == ()
    load_id = write(lake, CLERK, found, today=TODAY, file=path.name)
    of = ledger(lake, CLERK)
    assert of.newest == may
    assert of.projects["JG-2"].finished == date(2026, 5, 20)
    assert of.projects["JG-1"].invested == Decimal(550)
    assert {one.load_id for one in of.months["JG-1"]} == {lake.live_loads()[0], load_id}
    events = history(lake, CLERK, "JG-2")
    assert {(e.field, e.after) for e in events} == {
        ("status", "finished"), ("finished", "2026-05-20")
    }  # fmt: skip
    again = plan(of, rows, may, today=TODAY)
    assert again.changing == ()
    assert write(lake, CLERK, again, today=TODAY, file=path.name) == ""
    lake.withdraw(load_id, CLERK)
    assert ledger(lake, CLERK).newest == Period.parse("2026-04")


def test_a_wrong_cell_refuses_the_sheet_and_says_where(lake: Lake, tmp_path: Path) -> None:
    path = sheet(tmp_path, "JG-1,阀门,,,五十,550,在建,")
    with pytest.raises(RefusedRows, match="1 rows are wrong; the first: row 2"):
        read_sheet(lake, path, "en")


def test_an_end_before_its_start_is_refused(lake: Lake, tmp_path: Path) -> None:
    path = sheet(
        tmp_path, "JG-1,5,2026-05-01,2026-04-01", heads="项目编号,当月完成投资,实际开工,实际竣工"
    )
    with pytest.raises(RefusedRows, match="finished is 2026-04-01 and started is 2026-05-01"):
        read_sheet(lake, path, "en")


@pytest.mark.parametrize(
    ("asked", "cells", "said"),
    [
        (None, "", "does not say which month"),
        ("2026-04", "2026-05", "is of April 2026 and of May 2026"),
        ("2026", "", "is no month"),
        ("2026-07", "", "is in the future"),
    ],
)
def test_a_month_that_cannot_be_is_refused(
    lake: Lake, tmp_path: Path, asked: str | None, cells: str, said: str
) -> None:
    path = sheet(tmp_path, f"JG-1,5,{cells}", heads="项目编号,当月完成投资,月份")
    with pytest.raises(Refused, match=said):
        month_of(asked, read_sheet(lake, path, "en").rows, TODAY)


def test_the_month_may_stand_in_the_sheet(lake: Lake, tmp_path: Path) -> None:
    path = sheet(tmp_path, "JG-1,5,2026年5月", heads="项目编号,当月完成投资,月份")
    assert month_of(None, read_sheet(lake, path, "en").rows, TODAY) == Period.parse("2026-05")
