"""What an account may not see, it does not get: not by address, file, interface or way back."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opener, Portal

from ballast.lake.lake import Lake
from ballast.state.audit import entries
from ballast.state.store import State
from ballast.state.users import user_named
from ballast.terms.viewer import operator

UNIT_TABLES = ("enterprise", "enterprise_period", "title", "trade")


def codes(portal: Portal) -> tuple[str, str]:
    """Return the code of the demo's enterprise, and that of one of its neighbours."""
    with State(portal.home, lambda: datetime.now(UTC)) as state:
        (own,) = user_named(state, "enterprise").enterprises
    lake = Lake.open(portal.home)
    rows = lake.read("enterprise", operator("test"))
    other = lake.engine.collect(rows.filter(rows.uscc != own).select("uscc").limit(1))
    return own, str(other["uscc"][0])


@pytest.mark.parametrize("table", UNIT_TABLES)
def test_an_enterprise_gets_no_other_ones_rows(table: str, window: Opener, portal: Portal) -> None:
    own, other = codes(portal)
    ask = window("enterprise").page.context.request
    address = f"{portal.url}/api/v1/tables/{table}/rows"
    whole = ask.get(address).text()
    assert other not in whole
    assert set(re.findall(r'"uscc": ?"(\w{18})"', whole)) <= {own}
    assert other not in ask.get(f"{address}?where=uscc={other}").text()
    assert f'"{other}"' not in ask.get(f"{address}?uscc={other}").text().replace(
        f"uscc={other}", ""
    )


@pytest.mark.parametrize("path", ["/data", "/users", "/data/missing.csv", "/data/refused/1"])
def test_an_enterprise_does_not_open_an_analysts_page(
    path: str, window: Opener, portal: Portal
) -> None:
    assert window("enterprise").page.context.request.get(portal.url + path).status == 403


@pytest.mark.parametrize("name", ["clusters.xlsx", "structure.csv", "places.xlsx"])
def test_a_file_of_figures_holds_for_others_what_was_sealed_and_not_what_an_analyst_gets(
    name: str, window: Opener, portal: Portal
) -> None:
    address = f"{portal.url}/download/table/{name}"
    sealed = window("enterprise").page.context.request.get(address)
    assert sealed.status == 200
    assert sealed.body() != window("analyst").page.context.request.get(address).body()
    nobody = window(fresh=True).page.context.request.get(address, max_redirects=0)
    assert nobody.status in (303, 401)


def test_what_an_analyst_took_away_is_in_the_audit_trail(window: Opener, portal: Portal) -> None:
    before = datetime.now(UTC)
    answer = window("analyst").page.context.request.get(
        f"{portal.url}/download/table/structure.xlsx"
    )
    assert answer.status == 200
    assert answer.headers["cache-control"] == "private, no-store"
    with State(portal.home, lambda: datetime.now(UTC)) as state:
        (entry,) = entries(state, since=before, who="analyst", limit=10)
    assert (entry.action, "structure.xlsx" in entry.what) == ("download", True)


def test_after_signing_out_nothing_is_left_in_the_browser(window: Opener, portal: Portal) -> None:
    opened = window("analyst", fresh=True)
    opened.settle()
    page = opened.page
    cookies = page.context.cookies()
    expect(page.locator("[data-story=revenue]").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/(signin|public)"))
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("[data-story]")).to_have_count(0)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{portal.url}/city")
    expect(page).to_have_url(re.compile("/signin"))


def test_an_open_page_shows_nothing_new_once_its_session_has_ended(
    window: Opener, portal: Portal
) -> None:
    opened = window("analyst", fresh=True)
    opened.settle()
    page = opened.page
    second = page.context.new_page()
    second.goto(f"{portal.url}/city?lang=en")
    second.get_by_role("button", name="Sign out").click()
    second.wait_for_url(re.compile("/(signin|public)"))
    page.locator("[data-story=revenue]").first.click()
    page.wait_for_url(re.compile("/signin"))


def test_what_stands_in_an_address_is_never_run(window: Opener, portal: Portal) -> None:
    opened = window("analyst")
    for path in (
        "/search?q=<img src=x onerror=alert(1)>",
        "/city?region=<script>alert(1)</script>",
        "/city?period='\"><svg onload=alert(1)>",
    ):
        page = opened.open(path)
        page.on("dialog", lambda _: pytest.fail("a script of the address ran"))
        assert page.locator("img[src=x], svg[onload]").count() == 0
        expect(page.locator("h1")).to_have_count(1)
