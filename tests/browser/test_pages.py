"""Every page in both languages, at a desk and on a phone: complete, quiet, open to everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.conftest import SIZES, WALL, Opener, Window

PAGES = [
    ("public", None, "/public"),
    ("about", None, "/public/about"),
    ("check", None, "/public/check?form=long"),
    ("open-rules", None, "/public/law?scheme=high_tech"),
    ("signin", None, "/signin"),
    ("city", "analyst", "/city"),
    ("story", "analyst", "/city?story=revenue"),
    ("data", "analyst", "/data"),
    ("clusters", "analyst", "/clusters"),
    ("one-cluster", "operator", "/clusters?key=linqing-bearings"),
    ("chains", "analyst", "/chain"),
    ("one-chain", "operator", "/chain?chain=linqing-bearings"),
    ("stage", "analyst", "/chain?chain=yanggu-copper&stage=smelting"),
    ("pool", "analyst", "/law?scheme=little_giant"),
    ("rules", "operator", "/law?part=rules"),
    ("calendar", "enterprise", "/law?part=calendar"),
    ("search", "analyst", "/search?q=Chiping"),
    ("users", "administrator", "/users"),
    ("mine", "enterprise", "/city"),
    ("cluster", "operator", "/city"),
]
GRAVE = ("serious", "critical")
# Looking closely takes seconds: once in either language, once at either size.
LOOKED_AT_CLOSELY = {("zh", "desk"), ("en", "phone")}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "role", "path"), PAGES, ids=[name for name, *_ in PAGES])
def test_a_page_is_complete_and_quiet(
    name: str, role: str | None, path: str, language: str, size: str, window: Opener, tmp_path: Path
) -> None:
    opened = window(role, language=language, size=SIZES[size])
    opened.open(path)
    opened.page.screenshot(path=tmp_path / f"{name}-{language}-{size}.png", full_page=True)
    assert faults_of(opened) == []
    if (language, size) in LOOKED_AT_CLOSELY:
        assert obstacles(opened) == []


def test_the_wall_shows_the_city_without_a_frame(window: Opener, tmp_path: Path) -> None:
    opened = window("analyst", language="zh", size=WALL)
    page = opened.open("/city?view=wall")
    page.screenshot(path=tmp_path / "wall.png")
    assert faults_of(opened) == []
    assert obstacles(opened) == []
    assert page.locator("nav").count() == 0
    assert page.evaluate("document.documentElement.scrollHeight") <= WALL[1]


def test_dark_pages_are_as_readable(window: Opener, tmp_path: Path) -> None:
    for role, path in [("analyst", "/city"), (None, "/public"), (None, "/signin")]:
        opened = window(role, dark=True)
        page = opened.open(path)
        page.screenshot(path=tmp_path / f"dark{path.replace('/', '-')}.png")
        assert obstacles(opened) == []
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(map(int, ground.strip("rgba()").split(",")[:3])) < 64


def faults_of(opened: Window) -> list[str]:
    """Return what is wrong with a page for everybody."""
    page, language = opened.page, opened.language
    found = list(opened.faults)
    if page.locator("html").get_attribute("lang") != ("zh-CN" if language == "zh" else "en"):
        found.append("the page does not say its language")
    if page.locator("h1").count() != 1:
        found.append("the page has no heading, or several")
    if (wider := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"the page is {wider} px wider than the screen")
    return found


def obstacles(opened: Window) -> list[str]:
    """Return what keeps some people from using a page, as axe finds it."""
    violations = Axe().run(opened.page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in violations
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]
