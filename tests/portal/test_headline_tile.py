"""The tile of a headline figure says its value, or why there is none, and who reported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ballast.brain.picture import RegionPicture
from ballast.brain.picture_shape import Coverage
from ballast.portal.headline_tile import tile
from ballast.terms.label import LANGUAGES, Language
from ballast.words.numbers import Absence


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_is_told_with_both_growths_and_its_history(
    small_picture: RegionPicture, language: Language
) -> None:
    output = small_picture.indicator("output")
    assert output is not None
    found = tile(output, language, width=60)
    assert found.number
    assert not found.reason
    assert found.change != found.comparable
    assert found.growth[0].endswith(found.change) or found.change in found.growth[0]
    assert f"{len(output.series)}" in found.spark
    assert ("periods of" in found.spark) == (language == "en")


def test_a_figure_that_is_not_there_gives_its_reason(small_picture: RegionPicture) -> None:
    output = small_picture.indicator("output")
    assert output is not None
    found = tile(replace(output, value=None, absence=Absence.SUPPRESSED), "en", width=60)
    assert "would disclose what one enterprise reported" in found.reason


def test_few_reports_are_named_beside_the_figure_and_many_are_not(
    small_picture: RegionPicture,
) -> None:
    output = small_picture.indicator("output")
    assert output is not None
    few = tile(replace(output, coverage=Coverage(3, 9)), "zh", width=60)
    many = tile(replace(output, coverage=Coverage(9, 9)), "zh", width=60)
    assert few.low_coverage == few.coverage != ""
    assert many.coverage
    assert many.low_coverage == ""
