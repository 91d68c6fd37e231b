"""A portal that breaks down comes back, and so do the pages that people have open."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import expect
from tests.browser.conftest import Opener, Portal


def portal_process(portal: Portal) -> psutil.Process | None:
    """Return the process that answers at the portal's address, among those of the supervisor."""
    port = urlsplit(portal.url).port
    for child in psutil.Process(portal.process).children():
        with suppress(psutil.NoSuchProcess):
            if any(
                one.status == psutil.CONN_LISTEN and one.laddr.port == port
                for one in child.net_connections(kind="tcp")
            ):
                return child
    return None


def test_an_open_page_comes_back_with_a_portal_that_was_killed(
    window: Opener, portal: Portal
) -> None:
    opened = window("analyst")
    page = opened.open("/data?part=templates")
    # A page whose line never stood asks for none again: nobody has read it yet.
    page.wait_for_function("() => window.socket && window.socket.connected", timeout=30_000)
    page.evaluate("window.of_before = true")
    process = portal_process(portal)
    assert process is not None
    process.kill()
    page.wait_for_function("window.of_before === undefined", timeout=60_000)
    expect(page.get_by_role("heading", name="One workbook a table")).to_be_visible()
    again = portal_process(portal)
    assert again is not None
    assert again.pid != process.pid
