"""What people come to do, from sign-in to the end, as they would do it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener

from ballast.terms.enterprise_code import with_check_character

UPLOADED = ("uscc", "scheme", "certificate", "tier", "awarded")


def test_the_analyst_signs_in_reads_a_story_and_takes_a_table_away(
    window: Opener, tmp_path: Path
) -> None:
    opened = window(fresh=True)
    page = opened.open("/city")
    expect(page).to_have_url(re.compile(r"/signin\?next="))
    opened.page.fill("#name", "analyst")
    page.fill("#password", opened.portal.passwords["analyst"])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/city"))
    opened.settle()

    page.locator("[data-story=revenue]").first.click()
    story = page.get_by_role("dialog")
    expect(story).to_contain_text("ballast ")
    expect(story).to_contain_text("synthetic")
    page.screenshot(path=tmp_path / "story.png")
    page.keyboard.press("Escape")
    expect(story).to_be_hidden()

    with page.expect_download() as started:
        page.locator("#card-structure").get_by_role("link", name="xlsx").click()
    kept = tmp_path / started.value.suggested_filename
    started.value.save_as(kept)
    sheet = openpyxl.load_workbook(kept).active
    rows = list(sheet.iter_rows(values_only=True))
    assert "Source" in str(rows[1][0])
    assert rows[3][-1] == "nature"
    assert len(rows) > 30
    figures = [cell for row in rows[4:] for cell in row if isinstance(cell, (int, float))]
    assert figures
    assert {row[-1] for row in rows[4:]} == {"synthetic sample"}
    assert opened.faults == []


def test_a_filter_is_kept_in_the_address_and_on_the_way(window: Opener) -> None:
    opened = window("analyst")
    page = opened.open("/city")
    page.locator("select[name=region] option[value='371503']").wait_for(state="attached")
    page.select_option("select[name=region]", "371503")
    page.wait_for_url(re.compile("region=371503"))
    opened.settle()
    expect(page.locator(".about strong")).to_have_text("Chiping District")
    page.get_by_role("link", name="Data", exact=True).click()
    page.wait_for_url(re.compile("/data.*region=371503"))
    page.go_back()
    page.wait_for_url(re.compile("/city.*region=371503"))
    assert opened.faults == []


def write_titles(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([UPLOADED, *rows])
    return path


def title(number: int, awarded: str = "2026-03-01") -> tuple[str, ...]:
    code = with_check_character(f"91371502{number:09d}")
    return (code, "little_giant", f"T-{number}", "national", awarded)


def upload(page: Page, file: Path) -> None:
    page.set_input_files("#bd-file", file)
    expect(page.get_by_role("heading", name="What loading")).to_be_visible(timeout=30_000)


def test_a_file_with_errors_is_mended_loaded_and_taken_back(window: Opener, tmp_path: Path) -> None:
    wrong_code = title(2)[0][:-1] + ("0" if title(2)[0][-1] != "0" else "1")
    file = write_titles(
        tmp_path / "titles <b>5月<b>.csv",
        [title(1), (wrong_code, *title(2)[1:]), title(3, "the first of March")],
    )
    opened = window("analyst")
    page = opened.open("/data?part=load")
    upload(page, file)
    expect(page.get_by_text("1 rows are right and would be loaded; 2 are wrong")).to_be_visible()
    faults = page.locator(".bd-faults")
    expect(faults.locator("li")).to_have_count(2)
    expect(faults.locator("td.bd-wrong").first).to_contain_text(wrong_code)
    expect(faults).to_contain_text(title(2)[0][-1])
    page.screenshot(path=tmp_path / "faults.png", full_page=True)

    page.get_by_role("button", name="Load 1 rows").click()
    refused = page.get_by_role("link", name="Download the refused rows").first
    with page.expect_download() as started:
        refused.click()
    mended = tmp_path / started.value.suggested_filename
    started.value.save_as(mended)
    assert mended.suffix == ".csv"
    text = mended.read_text(encoding="utf-8-sig")
    assert title(1)[0] not in text
    text = text.replace(wrong_code, title(2)[0]).replace("the first of March", "2026-03-01")
    mended.write_text(text, encoding="utf-8-sig")

    page = opened.open("/data?part=load")
    upload(page, mended)
    expect(page.get_by_text("All 2 rows are right")).to_be_visible()
    page.get_by_role("button", name="Load 2 rows").click()
    expect(page.get_by_text(re.compile("2 rows are loaded as L"))).to_be_visible()

    page = opened.open("/data?part=ledger")
    page.screenshot(path=tmp_path / "ledger.png", full_page=True)
    for count in ("2 rows no longer count", "1 rows no longer count"):
        # The newest first; the sample's own load stays.
        page.get_by_role("button", name=re.compile("Take back the load")).first.click()
        expect(page.get_by_text(count)).to_be_visible()
    assert opened.faults == []


def test_a_file_that_is_none_is_refused_in_the_readers_language(
    window: Opener, tmp_path: Path
) -> None:
    file = tmp_path / "bomb.xlsx"
    file.write_bytes(b"PK\x03\x04" + bytes(2_000))
    opened = window("analyst", language="zh")
    page = opened.open("/data?part=load")
    page.set_input_files("#bd-file", file)
    alert = page.locator("[role=alert]").first
    expect(alert).to_be_visible(timeout=30_000)
    assert re.search(r"[\u4e00-\u9fff]", alert.inner_text())
    assert not list((opened.portal.home / "lake").rglob("*bomb*"))


def test_everything_to_the_first_story_is_reached_without_a_mouse(window: Opener) -> None:
    opened = window(fresh=True)
    page = opened.open("/signin")
    page.keyboard.type("analyst")  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type(opened.portal.passwords["analyst"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/city"))
    opened.settle()
    page.keyboard.press("Tab")
    assert focused(page, "className").startswith("skip") or "skip" in focused(page, "className")
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("Tab")
        if focused(page, "dataset.story"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "one sees where one is"
    page.keyboard.press("Enter")
    story = page.get_by_role("dialog")
    expect(story).to_contain_text("ballast ")
    assert page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    page.keyboard.press("Escape")
    expect(story).to_be_hidden()
    assert opened.faults == []


def focused(page: Page, what: str) -> str:
    return str(page.evaluate(f"document.activeElement.{what} ?? ''"))
