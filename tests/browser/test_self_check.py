"""The self-check as an enterprise meets it: a form, a report, on a phone and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import DESK, PHONE, Opener, Portal
from tests.browser.test_pages import faults_of, obstacles

WRITTEN = {
    "industry": "3443", "revenue[2025]": "6800", "revenue[2024]": "6000", "revenue[2023]": "5200",
    "main_revenue[2025]": "6500", "rd[2025]": "420", "rd[2024]": "400", "assets[2025]": "9000",
    "liabilities[2025]": "0.69亿元", "staff[2025]": "150", "niche_share[2025]": "12%",
}  # fmt: skip
PAGE = "/public/check?scheme=little_giant&day=2026-06-01"


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("dark", [False, True])
def test_a_report_is_complete_and_quiet_and_as_readable(
    window: Opener, size: tuple[int, int], dark: bool
) -> None:
    opened = window(None, size=size, dark=dark)
    page = opened.open(PAGE)
    for field, text in WRITTEN.items():
        page.fill(f'[name="{field}"]', text)
    page.click(".lf-main")
    page.wait_for_selector(".lt-verdict")
    assert faults_of(opened) == []
    assert obstacles(opened) == []
    assert "Not eligible" in page.inner_text(".lt-verdict")
    assert "76.67%" in page.inner_text("main")


def test_the_whole_way_needs_no_script(browser: Browser, portal: Portal) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{portal.url}{PAGE}&lang=zh")
        page.fill('[name="revenue[2025]"]', "680万吨")
        page.click(".lf-main")
        assert page.get_attribute('[name="revenue[2025]"]', "aria-invalid") == "true"
        page.fill('[name="revenue[2025]"]', "6800")
        page.click(".lf-main")
        assert page.locator(".lt-verdict").count() == 1
        page.click(".lt-row summary >> nth=0")
        assert page.locator(".lt-basis[open]").count() == 1
    finally:
        context.close()
