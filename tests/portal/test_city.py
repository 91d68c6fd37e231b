"""The City page shows each what they may see, escaped, and says where it comes from."""

from __future__ import annotations

from typing import Any

import pytest

from ballast.brain.picture import RegionPicture
from ballast.portal.city_drill import tree
from ballast.portal.city_pictures import pictures_of
from ballast.portal.city_view import city_top, city_view
from ballast.portal.city_wall import city_wall
from ballast.state.users import change_user
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.role import Role
from ballast.terms.viewer import Right, Viewer

SHOWN = "CNY 77.8 bn"
"""The output of both, as the headline writes it: of this the other's is nearly all."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_are_text_everywhere(
    small_picture: RegionPicture, hostile: str, language: Language
) -> None:
    view = city_view(small_picture, language)
    whole = [
        city_top(small_picture, language),
        city_top(small_picture, language, wall=True),
        view.sections,
        view.wall,
    ]
    assert all("<script" not in part for part in whole)
    assert "&lt;script&gt;" in view.sections
    assert hostile not in "".join(whole)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_figure_is_a_word_that_says_why(
    small_picture: RegionPicture, language: Language
) -> None:
    top = city_top(small_picture, language)
    undefined = {"zh": "无定义", "en": "undefined"}[language]
    assert f">{undefined}</abbr>" in top
    assert 'title=""' not in top


def test_every_card_says_synthetic_and_offers_its_files(small_picture: RegionPicture) -> None:
    sections = city_view(small_picture, "en").sections
    for key in ("structure", "places", "clusters", "quotients", "upgrade"):
        assert (
            f"/download/table/{key}.xlsx?region=371500&amp;period=2026-05ytd&amp;lang=en"
            in sections
        )
        assert f"/download/chart/{key}.svg" in sections
    assert sections.count("synthetic sample") >= 8


def test_what_can_be_gone_into_adds_up_to_the_divisions(small_picture: RegionPicture) -> None:
    found = tree(small_picture, "zh")
    assert len(found) == 2
    assert [len(d["children"]) for d in found] == [1, 1]
    assert found[0]["children"][0]["value"] == pytest.approx(found[0]["value"])


def test_a_city_without_a_layout_hangs_without_tiles(small_picture: RegionPicture) -> None:
    from dataclasses import replace

    assert "wall-tiles" in city_wall(small_picture, "zh")
    assert "wall-tiles" not in city_wall(replace(small_picture, region="370100"), "zh")


def warm(door: Any) -> None:
    """Have the picture of those with unit rights kept, as after an analyst's visit."""
    viewer = Viewer("x", frozenset({Right.READ_UNITS, Right.READ_AGGREGATES, Right.LOAD}))
    for language in LANGUAGES:
        pictures_of(door.context).view(viewer, "371500", None, language).result(timeout=60)


def test_an_analyst_sees_the_figures_at_once_where_they_are_kept(door: Any, two: Any) -> None:
    two.load(door.context.lake)
    warm(door)
    with door.browser(Role.ANALYST) as client:
        page = client.get("/city?lang=en").text
    assert "77.8" in page
    assert "card-structure" in page


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR])
def test_nobody_else_sees_figures_of_units_even_where_they_are_kept(
    door: Any, role: Role, two: Any
) -> None:
    two.load(door.context.lake)
    change_user(door.state, door.users[Role.ENTERPRISE].id, enterprises=[two.own])
    warm(door)
    with door.browser(role) as client:
        for address in ("/city?lang=en", "/city?lang=en&story=output", "/city?lang=en&view=wall"):
            page = client.get(address).text
            assert "disclosure control" in page
            assert "77.8" not in page
            assert two.secret[:7] not in page


def test_a_visitor_is_sent_to_sign_in(door: Any) -> None:
    with door.browser() as client:
        assert client.get("/city").status_code in (302, 303, 401)


@pytest.mark.parametrize("query", ["region=999999", "period=soon", "region=%3Cscript%3Ealert"])
def test_an_unknown_filter_is_answered_with_a_sentence(door: Any, query: str) -> None:
    with door.browser(Role.ANALYST) as client:
        answer = client.get(f"/city?lang=en&{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "note" in answer.text
