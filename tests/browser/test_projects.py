"""A clerk sends the monthly sheet, looks, decides, commits, and sees the project changed."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import PHONE, SIZES, Opener, Portal

from ballast.brain.projects.ledger import Ledger, Project, ledger
from ballast.brain.projects.status import Status
from ballast.lake.lake import Lake
from ballast.terms.viewer import operator

HEADS = [
    "项目编号",
    "项目名称",
    "统一社会信用代码",
    "计划总投资（万元）",
    "当月完成投资（万元）",
    "状态",
]
WAIT = 60_000


@pytest.fixture(scope="module")
def under_way(portal: Portal) -> list[Project]:
    """Return projects under way of which an enterprise has one alone: no doubt but our own."""
    of: Ledger = ledger(Lake.open(portal.home), operator("test"))
    owners = [one.uscc for one in of.projects.values()]
    found = [
        one
        for one in of.projects.values()
        if one.status is Status.BUILDING and owners.count(one.uscc) == 1
    ]
    assert len(found) >= 4
    return found


def write(path: Path, rows: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADS, *rows):
        sheet.append(row)
    book.save(path)
    return path


def row_of(one: Project, number: str | None = None, invested: object = 12.5) -> tuple[object, ...]:
    return (number or one.number, one.name, one.uscc, float(one.planned), invested, None)


def test_a_sheet_is_looked_at_decided_committed_and_taken_back(
    window: Opener, under_way: list[Project], tmp_path: Path
) -> None:
    known, other, *_ = under_way
    file = write(
        tmp_path / "6月<b>.xlsx",
        [row_of(known), row_of(other, "XM-<i>1"), row_of(under_way[2], invested="五十")],
    )
    opened = window("analyst")
    page = opened.open("/projects?part=sheet")
    page.locator(".bd-row input").first.fill("2026-06")
    page.locator(".bd-row input").first.press("Tab")
    page.set_input_files("#ps-file", file)
    expect(page.get_by_role("heading", name="of June 2026 would change")).to_be_visible(
        timeout=WAIT
    )
    expect(page.locator(".ps-look")).to_contain_text("synthetic")
    expect(page.locator(".ps-doubts > li")).to_have_count(1)
    expect(page.locator(".ps-look")).to_contain_text("五十 is not a number")
    expect(page.get_by_role("button", name="Commit 1 rows")).to_be_visible()

    page.locator(".ps-doubts select").select_option(other.number)
    expect(page.get_by_text("Decisions not looked at yet: 1")).to_be_visible()
    expect(page.get_by_role("button", name="Commit")).to_have_count(0)
    page.get_by_role("button", name="Look again with them").click()
    page.get_by_role("button", name="Commit 2 rows").click(timeout=WAIT)
    done = page.get_by_text(re.compile(r"stands as L\d+"))
    expect(done).to_be_visible(timeout=WAIT)
    load_id = re.search(r"L\d+-[0-9a-f]{8}", done.inner_text())
    assert load_id is not None

    page = opened.open(f"/projects?project={other.number}")
    expect(page.locator("main")).to_contain_text("XM-<i>1")
    expect(page.locator("main")).to_contain_text("June 2026")

    page = opened.open("/projects?part=sheet")
    page.locator(".bd-row input").first.fill("2026-06")
    page.locator(".bd-row input").first.press("Tab")
    page.set_input_files("#ps-file", file)
    expect(page.get_by_text(f"stands already as {load_id[0]}")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Nothing in it would change anything")).to_be_visible()

    page = opened.open("/data?part=ledger")
    page.get_by_role("button", name=f"Take back the load {load_id[0]}").click()
    expect(page.get_by_text(re.compile("rows no longer count"))).to_be_visible(timeout=WAIT)
    assert opened.faults == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_look_fits_the_screen(
    window: Opener, under_way: list[Project], tmp_path: Path, language: str, size: str
) -> None:
    opened = window("analyst", language=language, size=SIZES[size], dark=language == "en")
    page = opened.open("/projects?part=sheet")
    rows = [row_of(one, f"XM-{at}" if at == 1 else None) for at, one in enumerate(under_way)]
    page.locator(".bd-row input").first.fill("2026-06")
    page.locator(".bd-row input").first.press("Tab")
    page.set_input_files("#ps-file", write(tmp_path / "六月.xlsx", rows))
    expect(page.locator(".ps-do .bd-main")).to_be_visible(timeout=WAIT)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= SIZES[size][0]
    if SIZES[size] == PHONE:
        told = page.locator(".ps-told").first.bounding_box()
        assert told is not None
        assert told["x"] + told["width"] <= PHONE[0]
    assert opened.faults == []


def test_a_file_that_is_no_sheet_is_one_line_in_the_readers_language(
    window: Opener, tmp_path: Path
) -> None:
    file = tmp_path / "bomb.xlsx"
    file.write_bytes(b"PK\x03\x04" + bytes(2_000))
    opened = window("analyst", language="zh")
    page = opened.open("/projects?part=sheet")
    page.set_input_files("#ps-file", file)
    alert = page.locator(".ps-look [role=alert]").first
    expect(alert).to_be_visible(timeout=WAIT)
    assert re.search(r"[\u4e00-\u9fff]", alert.inner_text())
    assert "bomb.xlsx" in alert.inner_text()
