"""Findings say what the figures show, and name what they compare with."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ballast.brain.picture import RegionPicture
from ballast.portal import picture_words as words
from ballast.portal.tile_layouts import LAYOUTS
from ballast.terms.label import LANGUAGES, Language
from ballast.words.numbers import Absence


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_of_a_sentence_is_left_open(
    small_picture: RegionPicture, language: Language
) -> None:
    said = [
        *words.answer(small_picture, language),
        words.structure_finding(small_picture, language),
        words.clusters_finding(small_picture, language),
        words.specialisation_finding(small_picture, language),
        words.contribution_finding(small_picture, language),
        words.places_finding(small_picture, language),
        words.upgrade_finding(small_picture, language),
        words.stars_finding(small_picture, language),
        words.macro_finding(small_picture.macro[0], language),
    ]
    assert not [s for s in said if re.search(r"[{}]|None", s)]
    assert all(re.search("[\u4e00-\u9fff]", s) for s in said) == (language == "zh")


def test_a_compound_rate_names_base_and_end_year(small_picture: RegionPicture) -> None:
    assert words.upgrade_finding(small_picture, "en") == (
        "Technical-upgrade investment grew by 17.5% a year from 2022 to 2025."
    )


def test_a_rank_names_the_set_it_ranks_in(small_picture: RegionPicture) -> None:
    assert "place 3 of 16 cities of Shandong" in words.macro_finding(small_picture.macro[0], "en")


def test_a_quotient_names_its_reference(small_picture: RegionPicture) -> None:
    assert "China" in words.specialisation_finding(small_picture, "en")
    assert "全国" in words.specialisation_finding(small_picture, "zh")


def test_the_two_growth_rates_are_named(small_picture: RegionPicture) -> None:
    output = small_picture.indicator("output")
    assert output is not None
    published, comparable = words.growth_texts(output, "zh")
    assert "公布数" in published
    assert "同口径" in comparable


def test_growth_without_a_year_before_says_what_it_needs(small_picture: RegionPicture) -> None:
    divisions = tuple(replace(d, contribution=None) for d in small_picture.divisions)
    said = words.contribution_finding(replace(small_picture, divisions=divisions), "en")
    assert "needs the same period of the year before" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_absence_has_a_reason_of_its_own(language: Language) -> None:
    assert len({words.absent_reason(absence, language) for absence in Absence}) == len(Absence)


def test_no_two_places_of_a_layout_share_a_tile() -> None:
    for layout in LAYOUTS.values():
        spots = [(place.column, place.row) for place in layout.values()]
        assert len(spots) == len(set(spots))
