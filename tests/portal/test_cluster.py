"""The Cluster page: each reader sees what is theirs to see, escaped, and sums that close."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.brain.cluster_town import CODES, HOSTILE, settle

from ballast.brain.cluster_profile import cluster_book
from ballast.brain.cluster_shape import ClusterBook, Kind
from ballast.brain.picture import picture
from ballast.errors import NotFound
from ballast.portal.city_pictures import pictures_of
from ballast.portal.cluster_more import members_card
from ballast.portal.cluster_reading import (
    ClusterQuestion,
    ask_members,
    profile_of,
)
from ballast.portal.cluster_story import story_html
from ballast.portal.cluster_view import cards_html, overview_html, profile_html
from ballast.portal.frame_address import go
from ballast.state.users import change_user
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.role import Role
from ballast.terms.viewer import Right, Viewer, operator, viewer_for

ME = operator("test")
ANALYST = Viewer("x", frozenset({Right.READ_UNITS, Right.READ_AGGREGATES, Right.LOAD}))


@pytest.fixture(scope="module")
def town(shared_door: Any) -> Any:
    """Return a portal with the town in it, an operator of one cluster, an owner of one firm."""
    settle(shared_door.context.lake)
    change_user(shared_door.state, shared_door.users[Role.OPERATOR].id, clusters=["bearings"])
    change_user(shared_door.state, shared_door.users[Role.ENTERPRISE].id, enterprises=[CODES["B"]])
    return shared_door


@pytest.fixture(scope="module")
def book(town: Any) -> ClusterBook:
    lake = town.context.lake
    return cluster_book(lake, ME, picture(lake, ME, "371500", today=town.clock().date()))


def address(**changes: str | None) -> str:
    return go("/clusters", **changes)


def text_of(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(Kind))
def test_the_overview_names_each_and_links_to_it(
    book: ClusterBook, kind: Kind, language: Language
) -> None:
    page = overview_html(book, kind, language, address)
    for profile in book.of(kind):
        assert f"/clusters?kind={kind.value}&amp;key={profile.key}" in page
        assert profile.label.text(language) in page
    assert ("合成样例" if language == "zh" else "synthetic sample") in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_cluster_shows_parts_that_sum_to_its_growth(
    book: ClusterBook, language: Language
) -> None:
    profile = book.find(Kind.CLUSTER, "bearings")
    assert profile is not None
    page = profile_html(book, profile, "", language, address)
    [card] = re.findall(r'id="card-growth".*?</figure>', page, flags=re.DOTALL)
    rows = re.findall(r"<tr><td.*?</tr>", card, flags=re.DOTALL)
    points = [
        float(re.findall(r"[↑↓→] ([+−]?[\d.]+)", text_of(row))[-1].replace("−", "-"))
        for row in rows
    ]
    assert sum(points[:-1]) == pytest.approx(points[-1], abs=0.03)
    assert points[-1] == pytest.approx(530 / 15, abs=0.01)
    assert "35.3" in text_of(page)
    assert "card-turnover" in page
    assert "card-places" in page


def test_a_reference_that_is_not_there_is_the_first_that_is(book: ClusterBook) -> None:
    profile = book.find(Kind.CLUSTER, "bearings")
    assert profile is not None
    page = profile_html(book, profile, "<script>", "en", address)
    assert "against China" in text_of(page)
    assert "<script" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_names_sources_status_and_command(book: ClusterBook, language: Language) -> None:
    told = story_html(book, Kind.CLUSTER, "bearings", language)
    assert "ballast clusters --region 371500 --by revenue --explain --period 2025" in told
    assert "L0000001" in told
    assert "enterprise_period" in told
    assert ("未经保密处理" if language == "zh" else "not suppressed") in told


def test_the_page_opens_for_every_account_and_not_for_a_visitor(town: Any) -> None:
    with town.browser(Role.ANALYST) as client:
        for role in (Role.ANALYST, Role.OPERATOR, Role.ENTERPRISE, Role.ADMINISTRATOR):
            page = town.become(client, role).get("/clusters?lang=en")
            assert page.status_code == 200
            assert "Which clusters and industries are strong" in page.text
            assert HOSTILE not in page.text
        assert town.become(client, Role.PUBLIC).get("/clusters").status_code == 303


@pytest.mark.parametrize("query", ["region=999999", "period=soon", "kind=%3Cscript%3Ealert&key=x"])
def test_an_unknown_filter_is_answered_without_a_fault(town: Any, query: str) -> None:
    with town.browser(Role.ANALYST) as client:
        answer = client.get(f"/clusters?lang=en&{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_members_are_those_whom_the_reader_may_read(town: Any) -> None:
    pictures = pictures_of(town.context)
    asked = ClusterQuestion("371500", None, Kind.CLUSTER, "bearings")

    def names(viewer: Viewer) -> list[str] | None:
        waiting = ask_members(pictures, viewer, asked)
        return None if waiting is None else [m.name for m in waiting.result(60).rows]

    everybody = names(ANALYST)
    assert everybody is not None
    assert HOSTILE in everybody
    runs = viewer_for(Role.OPERATOR, "o", frozenset({CODES["A"]}), frozenset({"bearings"}))
    assert names(runs) == ["Works A"]
    assert names(viewer_for(Role.OPERATOR, "o", frozenset({CODES["A"]}))) is None
    assert names(viewer_for(Role.ADMINISTRATOR, "a")) is None


def test_a_key_that_is_not_there_is_refused_by_its_name(book: ClusterBook) -> None:
    with pytest.raises(NotFound, match="nothing"):
        profile_of(book, ClusterQuestion("371500", None, Kind.CLUSTER, "nothing"))


def test_hostile_names_are_text(town: Any, book: ClusterBook) -> None:
    asked = ClusterQuestion("371500", None, Kind.CLUSTER, "bearings")
    waiting = ask_members(pictures_of(town.context), ANALYST, asked)
    assert waiting is not None
    page = cards_html([members_card(waiting.result(60), ANALYST, "en")], "en")
    assert "<b>B</b>" not in page
    assert "&lt;b&gt;B&lt;/b&gt; Secret" in page
