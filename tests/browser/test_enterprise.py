"""The Enterprise page in a browser: complete, quiet, open to everybody, and closed to others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import SIZES, Opener
from tests.browser.test_pages import faults_of, obstacles

LOOKS = [("zh", "desk", True), ("en", "phone", False)]


@pytest.mark.parametrize(("language", "size", "dark"), LOOKS, ids=["zh-desk", "en-phone"])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("enterprise", "/enterprise"),
        ("enterprise", "/enterprise?figure=margin"),
        ("operator", "/enterprise"),
        ("analyst", "/enterprise?find=轴承"),
    ],
    ids=["own", "margin", "operator", "found"],
)
def test_the_page_is_complete_quiet_and_open_to_everybody(
    role: str, path: str, language: str, size: str, dark: bool, window: Opener, tmp_path: Path
) -> None:
    opened = window(role, language=language, size=SIZES[size], dark=dark)
    page = opened.open(path)
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    assert faults_of(opened) == []
    assert obstacles(opened) == []
    expect(page.locator(".badge").first).to_have_text(re.compile("合成样例|synthetic sample"))
    assert page.locator('[role="alert"]').count() == 0


def test_a_figure_tells_how_it_was_made_and_its_address_tells_it_again(window: Opener) -> None:
    opened = window("enterprise")
    page = opened.open("/enterprise")
    page.locator(".tile[data-story=margin]").click()
    story = page.get_by_role("dialog")
    expect(story).to_contain_text("Total profit")
    expect(story).to_contain_text("/api/v1/enterprises/")
    address = story.locator("a").last.get_attribute("href")
    assert address is not None
    value = story.locator(".big").inner_text()
    page.goto(f"{opened.portal.url}{address}")
    expect(page.get_by_role("dialog").locator(".big")).to_have_text(value)


def test_the_quarters_of_peers_tell_how_they_are_shielded(window: Opener) -> None:
    opened = window("enterprise")
    page = opened.open("/enterprise")
    page.locator('.en-measure[data-story="peers-margin"]').click()
    expect(page.get_by_role("dialog")).to_contain_text("the mean of 5 enterprises around it")


def test_an_owner_is_not_led_to_another_enterprise_by_changing_the_address(
    window: Opener,
) -> None:
    analyst = window("analyst")
    listed = analyst.open("/enterprise?list=all")
    codes = [
        found[1]
        for link in listed.locator("main a, #main a").all()
        if (found := re.search(r"code=(\w{18})", link.get_attribute("href") or ""))
    ]
    opened = window("enterprise")
    own = re.search(r"\b91\w{16}\b", opened.open("/enterprise").locator(".about").inner_text())
    assert own is not None
    other = next(code for code in codes if code != own[0])
    page = opened.open(f"/enterprise?code={other}")
    expect(page.get_by_role("alert")).to_contain_text(other)
    assert page.locator(".en-name, .tile, #card-peers").count() == 0


def test_choosing_a_figure_draws_its_line(window: Opener) -> None:
    opened = window("enterprise")
    page = opened.open("/enterprise")
    page.get_by_role("link", name="Energy use").click()
    page.wait_for_url(re.compile("figure=energy"))
    opened.settle()
    expect(page.locator("#card-time h3")).to_contain_text("Energy use")
