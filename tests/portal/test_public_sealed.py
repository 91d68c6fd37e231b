"""The open page tells what the cube publishes, says what is withheld, and needs no script."""

from __future__ import annotations

from typing import Any

import pytest
from tests.portal.twin_homes import CITY, VINTAGE, WITHHELD_PLACE, Twins, twins_of

from ballast.portal.city_pictures import pictures_of
from ballast.portal.public_sealed import sealed_part
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.viewer import PUBLIC

# A sealed home is made for all of it: in one worker, once.
pytestmark = pytest.mark.xdist_group("public-sealed")


@pytest.fixture(scope="module")
def twins(shared_door: Any, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    return twins_of(shared_door, tmp_path_factory.mktemp("opened"))


def page(twins: Twins, region: str, language: Language) -> str:
    text: str = twins.a.browser().get(f"/public?lang={language}&region={region}").text
    return text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headline_carries_vintage_day_and_that_it_is_made_up(
    twins: Twins, language: Language
) -> None:
    said = page(twins, CITY, language)
    assert VINTAGE in said
    assert "2026-06-01" in said
    assert {"en": "CNY bn", "zh": "亿元"}[language] in said
    assert said.count({"en": "synthetic sample", "zh": "合成样例"}[language]) >= 1
    assert "<script" not in said


def test_what_is_withheld_is_a_word_with_its_reason(twins: Twins) -> None:
    said = page(twins, WITHHELD_PLACE, "en")
    reason = "it exists, and would disclose what one enterprise reported"
    assert f'<abbr class="missing" title="{reason}">suppressed</abbr>' in said
    whole = page(twins, CITY, "en")
    assert ">suppressed</abbr>" in whole  # among places and divisions
    assert "nothing of a single enterprise" in whole


def test_a_region_that_the_cube_does_not_hold_shows_macro_items_alone(twins: Twins) -> None:
    said = page(twins, "370800", "en")
    assert VINTAGE not in said
    picture = pictures_of(twins.a.context).picture(PUBLIC, "370800", None).result()
    assert sealed_part(picture, "en") is None


def test_about_the_data_says_that_sums_are_shown(twins: Twins) -> None:
    said = twins.a.browser().get("/public/about?lang=en").text
    assert "passed disclosure control" in said
    assert "indicator_value" in said
