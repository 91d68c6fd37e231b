"""A story tells how a figure is made, from what, and how to make it again."""

from __future__ import annotations

import pytest

from ballast.brain.picture import RegionPicture
from ballast.portal.refusal import PAGES
from ballast.portal.story import Story, story_of
from ballast.terms.label import LANGUAGES, Language

KEYS = (
    "output", "margin", "industry:32", "industry:345", "cluster:copper", "cluster:none",
    "place:371503", "place:371521", "quotient:325", "quotient:345", "macro:rd_intensity", "upgrade",
)  # fmt: skip


def told(story: Story) -> dict[str, tuple[str, ...]]:
    return {line.name: line.texts for line in story.lines}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_figure_has_one_with_status_and_command(
    small_picture: RegionPicture, key: str, language: Language
) -> None:
    story = story_of(small_picture, key, language)
    assert story is not None
    assert story.key == key
    assert story.synthetic
    assert story.value
    assert "None" not in story.value + str(told(story))
    command = next(line for line in story.lines if line.code)
    assert command.texts[0].startswith("ballast ")


def test_the_story_of_a_headline_names_formula_sample_and_loads(
    small_picture: RegionPicture,
) -> None:
    story = story_of(small_picture, "output", "en")
    assert story is not None
    lines = told(story)
    assert lines["Formula"] == ("a sum",)
    assert lines["Sample"] == ("above-scale enterprises",)
    assert "1900 enterprises" in lines["Change"][1]
    assert "1990 of 2000" in lines["Coverage"][0]
    assert "not suppressed" in lines["Disclosure"][0]


def test_a_figure_that_does_not_exist_says_why(small_picture: RegionPicture) -> None:
    story = story_of(small_picture, "margin", "en")
    assert story is not None
    assert story.value == "undefined"
    assert "divide by zero" in story.reason


def test_what_was_published_is_not_called_unsuppressed(small_picture: RegionPicture) -> None:
    story = story_of(small_picture, "macro:rd_intensity", "en")
    assert story is not None
    assert told(story)["Disclosure"] == ("published",)


@pytest.mark.parametrize("key", ["", "nothing", "industry:99", "cluster:", "macro:x", "../etc"])
def test_an_unknown_figure_has_none(small_picture: RegionPicture, key: str) -> None:
    assert story_of(small_picture, key, "zh") is None


def test_a_hostile_name_is_text(small_picture: RegionPicture, hostile: str) -> None:
    story = story_of(small_picture, "cluster:copper", "zh")
    page = PAGES.get_template("city_story.html.j2").render(
        story=story, address='/city?story="><b>', w={"link": "", "copied": "", "synthetic": ""}
    )
    assert hostile not in page
    assert "<script" not in page
    assert '"><b>' not in page
