"""Registering in a browser: one by form, many by file, codes on paper; with the node as it runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import SIZES, Opener
from tests.browser.test_pages import faults_of, obstacles

PREFIX = "88.000.15"
"""Of the demo's enterprise."""

PARTS = [
    ("register", "/identifiers?part=register"),
    ("choose", "/identifiers?part=sheet"),
    ("sheet", f"/identifiers/sheet?begins={PREFIX}/3240.LB-100&columns=4"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("name", "path"), PARTS, ids=[name for name, *_ in PARTS])
def test_a_part_is_complete_quiet_and_open_to_everybody(
    name: str, path: str, dark: bool, size: str, window: Opener, tmp_path: Path
) -> None:
    language = "zh" if (size == "desk") != dark else "en"
    opened = window("enterprise", language=language, size=SIZES[size], dark=dark)
    opened.open(path)
    opened.page.screenshot(path=tmp_path / f"{name}-{language}-{size}.png", full_page=True)
    assert faults_of(opened) == []
    assert obstacles(opened) == []


def test_one_identifier_is_seen_before_it_is_public_and_registered_once(window: Opener) -> None:
    opened = window("enterprise", language="en")
    page = opened.open("/identifiers?part=register")
    page.get_by_label("Suffix").fill("browser-1")
    page.get_by_label("Address on the web · URL").fill("https://example.cn/valve")
    page.get_by_label("Name · NAME").fill("Valve <b>50</b>")
    page.get_by_label("Model · MODEL").fill("DN50")
    page.get_by_label("Who reads: Model").select_option("restricted")
    page.get_by_role("button", name="Show what will be public").click()
    public = page.get_by_role("region", name="Anyone will read")
    expect(public).to_contain_text("Valve <b>50</b>")
    expect(public).not_to_contain_text("DN50")
    expect(page.get_by_role("region", name="Only administrators read")).to_contain_text("DN50")
    # Drawing the answer must not have emptied the form.
    expect(page.get_by_label("Name · NAME")).to_have_value("Valve <b>50</b>")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_text(f"{PREFIX}/browser-1 is registered.")).to_be_visible()
    expect(page.get_by_label("Name · NAME")).to_have_value("")
    page.get_by_label("Suffix").fill("BROWSER-1")
    page.get_by_label("Address on the web · URL").fill("https://example.cn/other")
    page.get_by_role("button", name="Show what will be public").click()
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("is registered already")
    assert opened.faults == []


def send(page: Page, name: str, text: str) -> None:
    page.set_input_files(
        "#bi-file", {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )


def test_a_file_is_looked_at_registered_and_what_was_refused_taken_away(window: Opener) -> None:
    opened = window("enterprise", language="en")
    page = opened.open("/identifiers?part=register")
    text = (
        "标识,网址,有效期至\nF-1,https://example.cn/1,2031-01-31\nF-2,https://x.cn,never\nF-1,u,\n"
    )
    send(page, "机床.csv", text)
    expect(page.get_by_role("table")).to_contain_text(f"{PREFIX}/F-1")
    expect(page.get_by_role("table")).to_contain_text("is no day")
    page.get_by_role("button", name="Register 3 rows").click()
    expect(page.get_by_text("1 registered, 2 refused.")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download all refused rows").click()
    assert started.value.suggested_filename == "机床-refused.csv"
    told = Path(started.value.path()).read_text("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(told))][1:] == ["3", "4"]
    send(page, "机床 again.csv", text)
    page.get_by_role("button", name="Register 3 rows").click()
    expect(page.get_by_text("nothing was registered twice")).to_be_visible()
    send(page, "a.exe", "MZ")
    expect(page.locator("#bi-said")).to_contain_text("not read")
    assert [one for one in opened.faults if "status of 4" not in one] == []


def test_the_template_can_be_filled_in_and_sent_back(window: Opener, tmp_path: Path) -> None:
    opened = window("enterprise", language="zh")
    page = opened.open("/identifiers?part=register")
    with page.expect_download() as started:
        page.get_by_role("link", name="填报模板").click()
    path = tmp_path / "filled.xlsx"
    started.value.save_as(path)
    book = openpyxl.load_workbook(path)
    for across, cell in enumerate(("T-1", "https://example.cn/t", "阀门", "007"), start=1):
        book.active.cell(2, across, cell)
    book.save(path)
    page.set_input_files("#bi-file", path)
    page.get_by_role("button", name="注册 1 行").click()
    expect(page.get_by_text("已注册 1 个，拒绝 0 个。")).to_be_visible()
    page = opened.open(f"/identifiers?part=record&handle={PREFIX}/t-1")
    expect(page.get_by_text("007", exact=True)).to_be_visible()


def test_codes_are_chosen_and_stand_on_a_sheet(window: Opener, tmp_path: Path) -> None:
    opened = window("enterprise", language="en")
    page = opened.open("/identifiers?part=sheet")
    page.get_by_label("Prefix, slash, beginning").fill(f"{PREFIX}/3240.LB-10")
    page.get_by_role("button", name="Make the sheet").first.click()
    expect(page.get_by_role("heading")).to_contain_text("codes")
    drawn = page.locator(".sheet li")
    first = drawn.first.bounding_box()
    assert first is not None
    assert drawn.count() > 4
    assert page.locator("script").count() == 0
    page.emulate_media(media="print")
    expect(page.locator("header")).to_be_hidden()
    made = page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    assert made.startswith(b"%PDF")
    square = page.locator(".sheet svg").first.bounding_box()
    assert square is not None
    assert square["width"] == pytest.approx(30 * 96 / 25.4, abs=0.5)  # 30 mm on paper
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Choose others").click()
    handle = f"{PREFIX}/3240.LB-100"
    page.get_by_label("Identifiers, one a line").fill(f"{handle}\n88.000.1/none")
    page.get_by_role("button", name="Make the sheet").last.click()
    expect(page.locator(".sheet li")).to_have_count(1)
    expect(page.locator(".sheet b")).to_have_text(handle)
    expect(page.get_by_text("Left out: 88.000.1/none")).to_be_visible()
    assert opened.faults == []


@pytest.mark.parametrize("role", ["analyst", "administrator", "operator"])
def test_who_may_not_register_is_not_offered_to(role: str, window: Opener) -> None:
    opened = window(role, language="en")
    page = opened.open("/identifiers?part=register")
    parts = page.get_by_role("navigation", name="Parts of this page")
    expect(parts.get_by_role("link", name="Register")).to_have_count(0)
    assert page.locator("#bi-file").count() == 0
