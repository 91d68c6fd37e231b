"""A portal that breaks down comes back, and so do the pages that people have open."""

from __future__ import annotations

import psutil
from playwright.sync_api import expect
from tests.browser.conftest import Opener, Portal


def test_an_open_page_comes_back_with_a_portal_that_was_killed(
    window: Opener, portal: Portal
) -> None:
    opened = window("analyst")
    page = opened.open("/data?part=templates")
    page.evaluate("window.of_before = true")
    (process,) = psutil.Process(portal.process).children()
    process.kill()
    page.wait_for_function("window.of_before === undefined", timeout=60_000)
    expect(page.get_by_role("heading", name="One workbook a table")).to_be_visible()
    (started_again,) = psutil.Process(portal.process).children()
    assert started_again.pid != process.pid
