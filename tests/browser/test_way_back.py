"""A portal that breaks down comes back, and so do the pages that people have open."""

from __future__ import annotations

import psutil
from playwright.sync_api import expect
from tests.browser.conftest import Opener, Portal


def portal_process(portal: Portal) -> psutil.Process:
    """Return the portal's own process among those of the supervisor."""
    (found,) = [
        child
        for child in psutil.Process(portal.process).children()
        if child.cmdline()[-1].endswith("portal_process")
    ]
    return found


def test_an_open_page_comes_back_with_a_portal_that_was_killed(
    window: Opener, portal: Portal
) -> None:
    opened = window("analyst")
    page = opened.open("/data?part=templates")
    # A page whose line never stood asks for none again: nobody has read it yet.
    page.wait_for_function("() => window.socket && window.socket.connected", timeout=30_000)
    page.evaluate("window.of_before = true")
    process = portal_process(portal)
    process.kill()
    page.wait_for_function("window.of_before === undefined", timeout=60_000)
    expect(page.get_by_role("heading", name="One workbook a table")).to_be_visible()
    assert portal_process(portal).pid != process.pid
