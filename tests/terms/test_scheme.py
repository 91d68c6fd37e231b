"""Coding schemes: the values are stored in the lake, so they must not drift."""

from __future__ import annotations

from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme


def test_the_stored_names_of_region_schemes_stay() -> None:
    assert [scheme.value for scheme in RegionScheme] == ["gb2260", "ext", "us-cbsa"]


def test_the_stored_names_of_industry_schemes_stay() -> None:
    published = {"gbt4754-2017", "naics-2017", "io42-2020", "io153-2020"}
    assert published <= {scheme.value for scheme in IndustryScheme}


def test_the_levels_of_the_national_classification_are_stored_by_their_names() -> None:
    assert [level.value for level in IndustryLevel][:4] == ["section", "division", "group", "class"]


def test_naics_levels_count_digits() -> None:
    digits = [level for level in IndustryLevel if level.value.startswith("naics")]
    assert [level.value for level in digits] == [f"naics{n}" for n in range(2, 7)]


def test_a_scheme_is_found_by_its_stored_name_and_is_text() -> None:
    assert RegionScheme("ext") is RegionScheme.EXT
    assert f"{RegionScheme.GB2260}" == "gb2260"
