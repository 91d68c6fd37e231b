"""A headline figure as its tile says it: on the City page, on a wall, in the page of one file.

The three are laid out apart, and what they say of a figure is the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ballast.brain.picture_shape import Indicator
from ballast.charts.figure import sparkline
from ballast.portal import picture_words as words
from ballast.terms.label import Language
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["Tile", "tile"]


@dataclass(frozen=True, slots=True)
class Tile:
    """What a tile says.

    Parameters
    ----------
    indicator
        The figure.
    number, unit
        Its value as written.
    reason
        Why there is none; else empty.
    change, comparable
        The growth published, and that on the comparable sample; empty where there is none.
    growth
        Both growths, with what they are against.
    period
        What it is of.
    spark
        Its history as a line.
    coverage
        How many of those asked reported.
    low_coverage
        The same where these are few; else empty.
    """

    indicator: Indicator
    number: str
    unit: str
    reason: str
    change: str
    comparable: str
    growth: tuple[str, ...]
    period: str
    spark: Markup
    coverage: str
    low_coverage: str


def tile(indicator: Indicator, language: Language, *, width: int) -> Tile:
    """Return the tile of a headline figure.

    Parameters
    ----------
    indicator, language
        What is told, and in which language.
    width
        Of the line, in pixels.
    """
    text = words.value_of(indicator, language)
    change, same, coverage = indicator.published, indicator.comparable, indicator.coverage
    told = say(
        "{count} periods of {what}", language, count=len(indicator.series), what=indicator.label
    )
    line = sparkline(tuple(point.value for point in indicator.series), told, width=width)
    reported = words.coverage_text(coverage, language)
    low = coverage is not None and (coverage.share or 0.0) < words.LOW_COVERAGE
    return Tile(
        indicator=indicator,
        number=text.number,
        unit=text.unit,
        reason=""
        if indicator.value is not None
        else words.absent_reason(indicator.absence or Absence.NO_DATA, language),
        change="" if change is None else words.change_text(change, language),
        comparable="" if same is None else words.change_text(same, language),
        growth=words.growth_texts(indicator, language),
        period=indicator.period.label.text(language),
        spark=Markup(line),  # noqa: S704 - the label in it is escaped where it is made
        coverage=reported,
        low_coverage=reported if low else "",
    )
