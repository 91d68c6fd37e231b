"""The open pages: complete without a script, in both languages, and without a unit's figure."""

from __future__ import annotations

import importlib.util
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ballast.terms.role import Role

_SPEC = importlib.util.spec_from_file_location(
    "stocked_portal", Path(__file__).parent / "api" / "conftest.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
stocked_portal = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = stocked_portal
_SPEC.loader.exec_module(stocked_portal)

PAGES = ("/public", "/public/about")


class Reader(HTMLParser):
    """Collects tags, attributes and text, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def stocked(shared_door: Any) -> Any:
    return stocked_portal.stock(shared_door)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_complete_without_script_or_any_other_host(
    stocked: Any, path: str, language: str
) -> None:
    answer = stocked.caller(Role.PUBLIC).get(path, params={"lang": language})
    assert answer.status_code == 200
    page = Reader(answer.text)
    assert page.open == []
    assert "script" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value for name, value in page.attributes if name in ("href", "src")]
    assert links
    assert all(link.startswith(("/", "#")) for link in links)
    assert ("lang", "zh-CN" if language == "zh" else "en") in page.attributes
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_no_figure_or_name_of_an_enterprise_is_on_a_page(stocked: Any, door: Any) -> None:
    for role in (Role.PUBLIC, Role.ANALYST):
        for path in PAGES:
            text = stocked.caller(role).get(path).text
            for secret in (stocked_portal.OWN, stocked_portal.OTHER, stocked_portal.SECRET):
                assert secret not in text
            assert "7777" not in text
            assert "8777" not in text
            assert "自家铜业" not in text


def test_the_page_says_value_change_rank_status_and_that_it_is_made_up(stocked: Any) -> None:
    page = Reader(stocked.caller(Role.PUBLIC).get("/public?lang=en").text)
    for words in ("CNY 319 bn", "place 2 of 2", "preliminary", "synthetic sample", "↑\u00a0+6.4%"):
        assert words in page.text.replace("319CNY bn", "CNY 319 bn"), words
    assert "Where does our industry stand?" in page.text


def test_a_hostile_name_is_text_and_never_markup(stocked: Any) -> None:
    text = stocked.caller(Role.PUBLIC).get("/public").text
    assert "某<b>院" not in text
    assert "某&lt;b&gt;院" in text


def test_a_region_without_figures_says_what_would_fill_it(stocked: Any) -> None:
    answer = stocked.caller(Role.PUBLIC).get("/public?region=440300&lang=en")
    assert answer.status_code == 200
    assert "ballast template region_period" in answer.text
    assert stocked.caller(Role.PUBLIC).get("/public?region=999999").status_code == 400
    hostile = stocked.caller(Role.PUBLIC).get('/public?region="><script>')
    assert hostile.status_code == 400
    assert "<script" not in hostile.text


def test_a_page_that_is_held_is_not_sent_again_and_a_load_makes_a_new_one(door: Any) -> None:
    filled = stocked_portal.stock(door)
    browser = filled.caller(Role.PUBLIC)
    tag = browser.get("/public").headers["etag"]
    assert browser.get("/public", headers={"if-none-match": tag}).status_code == 304
    from ballast.terms.viewer import operator

    door.context.lake.withdraw(filled.load_id, operator("loader"))
    again = browser.get("/public", headers={"if-none-match": tag})
    assert again.status_code == 200
    assert "319" not in again.text


def test_about_names_sources_editions_licence_and_whom_to_ask(door: Any) -> None:
    filled = stocked_portal.stock(door)
    text = filled.caller(Role.PUBLIC).get("/public/about?lang=en").text
    for words in (filled.load_id, "2026-06-01", "GB/T 4754-2017", "Apache License 2.0", "统计年鉴"):
        assert words in text, words
    assert "has named no contact" in text
    named = stocked_portal.Stocked(
        door.again(contact="工信局 <0635>"), filled.keys, filled.load_id
    ).caller(Role.PUBLIC)
    assert "工信局 &lt;0635&gt;" in named.get("/public/about").text
