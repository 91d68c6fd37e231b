"""What is said follows the figures: found or not, alike before or not, and never more than that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ballast.brain.projects.effect import Effect, Estimate
from ballast.brain.projects.effect_panel import Study
from ballast.brain.projects.effect_words import answer_of, caveats_of, sample_of
from ballast.terms.label import LANGUAGES
from ballast.terms.period import Period

MEAN = Estimate(None, 0.05, 0.02, 0.08, 0.015)
EFFECT = Effect(MEAN, (), 0.4, 120, 200, 30, 4, 2)
STUDY = Study(
    "output", ("upgrade", "digital"), EFFECT, Period.parse("2021Q3"), Period.parse("2026Q1"), True
)


def said(mean: tuple[float, float, float], apart: float) -> tuple[str, str]:
    effect = replace(EFFECT, mean=Estimate(None, *mean, 0.01), apart=apart)
    first, second = (one.text("en") for one in answer_of(replace(STUDY, effect=effect)))
    return first, second


@pytest.mark.parametrize(
    ("mean", "apart", "first", "second"),
    [
        ((0.05, 0.02, 0.08), 0.4, "5.1 % higher", "moved alike, as far as can be told"),
        ((-0.05, -0.08, -0.02), 0.4, "4.9 % lower", "moved alike, as far as can be told"),
        ((0.01, -0.02, 0.04), 0.4, "No effect", "moved alike, as far as can be told"),
        ((0.05, 0.02, 0.08), 0.01, "5.1 % higher", "cannot be put down to the projects"),
        ((0.01, -0.02, 0.04), 0.01, "No effect", "no fair comparison"),
    ],
)
def test_the_sentence_is_that_of_the_case(
    mean: tuple[float, float, float], apart: float, first: str, second: str
) -> None:
    found = said(mean, apart)
    assert first in found[0]
    assert second in found[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_was_left_out_and_what_cannot_be_said_is_said_each_time(language: str) -> None:
    texts = [one.text(language) for one in (*sample_of(STUDY), *caveats_of(STUDY))]  # type: ignore[arg-type]
    for number in ("120", "200", "30", "4.3"):
        assert any(number in text for text in texts), number
