"""The Factory page in a browser, with the demo's machines running behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import SIZES, Opener, Portal
from tests.browser.test_pages import faults_of, obstacles

PARTS = {
    "now": "/factory",
    "oee": "/factory?part=oee&span=yesterday",
    "machine": "/factory?part=oee&span=yesterday&machine=valve-shop/machining/lathe-1",
    "quality": "/factory?part=quality&span=week",
    "energy": "/factory?part=energy&span=yesterday",
    "data": "/factory?part=data&span=yesterday",
}
# Each part in either language, at either size, light and dark, in two looks.
LOOKS = [("zh", "desk", True), ("en", "phone", False)]


@pytest.fixture(scope="module")
def portal(portal: Portal) -> Portal:
    """Return the sample factory's own portal in place of the city's."""
    return replace(portal, url=portal.factory)


@pytest.mark.parametrize(("language", "size", "dark"), LOOKS, ids=["zh-desk", "en-phone"])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_complete_quiet_and_open_to_everybody(
    part: str, language: str, size: str, dark: bool, window: Opener, tmp_path: Path
) -> None:
    opened = window("owner", language=language, size=SIZES[size], dark=dark)
    page = opened.open(PARTS[part])
    page.screenshot(path=tmp_path / f"{part}-{language}-{size}.png", full_page=True)
    assert faults_of(opened) == []
    assert obstacles(opened) == []
    expect(page.locator(".badge").first).to_have_text(re.compile("合成样例|synthetic sample"))
    assert page.locator('[role="alert"]').count() == 0


def test_the_board_follows_the_machines_without_being_loaded_again(window: Opener) -> None:
    opened = window("owner", language="en")
    page = opened.open("/factory")
    page.evaluate("window.keptByTheTest = true")
    when = page.locator(".fa-pulse span").last
    first = when.inner_text()
    link = page.locator(".fa-machine h3 a").first
    link.focus()
    expect(when).not_to_have_text(first, timeout=15_000)
    values = page.locator(".fa-values").first.inner_text()
    page.wait_for_function(
        "before => document.querySelector('.fa-values').innerText !== before",
        arg=values, timeout=15_000,
    )  # fmt: skip
    assert page.evaluate("window.keptByTheTest")
    assert link.evaluate("it => it === document.activeElement")
    assert opened.faults == []


def test_a_figure_tells_how_it_was_made_and_its_address_tells_it_again(window: Opener) -> None:
    opened = window("owner", language="en")
    page = opened.open("/factory?part=oee&span=yesterday")
    page.locator(".fa-tiles .tile").first.click()
    story = page.get_by_role("dialog")
    expect(story).to_contain_text("(APT / PBT) × (PRU × PQ / APT) × (GQ / PQ)")
    expect(story).to_contain_text("ballast plant oee --from ")
    address = story.locator("a").last.get_attribute("href")
    assert address is not None
    value = story.locator(".big").inner_text()
    page.goto(f"{opened.portal.url}{address}")
    expect(page.get_by_role("dialog").locator(".big")).to_have_text(value)


def test_choosing_a_machine_changes_the_address(window: Opener) -> None:
    opened = window("owner", language="en")
    page = opened.open("/factory?part=oee&span=yesterday")
    page.locator("select[name=machine]").select_option("valve-shop/machining/lathe-2")
    page.wait_for_url(re.compile(r"machine=valve-shop%2Fmachining%2Flathe-2"))
    opened.settle()
    expect(page.locator("#card-every")).to_be_visible()
    assert "span=yesterday" in page.url


def test_city_and_factory_on_one_host_do_not_sign_each_other_out(
    window: Opener, portal: Portal
) -> None:
    opened = window("owner", fresh=True)
    page = opened.page
    # One host, two ports: a browser sends the cookies of either to both.
    assert portal.city.rpartition(":")[0] == portal.factory.rpartition(":")[0]
    opened.portal = replace(portal, url=portal.city)
    opened.sign_in("analyst")
    page.goto(f"{portal.url}/factory")
    expect(page.locator("nav [aria-current=page]").first).to_have_text(re.compile("Factory|工厂"))
    page.get_by_role("button", name=re.compile("Sign out|退出")).click()
    page.wait_for_url(re.compile("/signin"))
    page.goto(f"{portal.city}/city")
    expect(page.locator("h1")).to_be_visible()
    assert "/signin" not in page.url
