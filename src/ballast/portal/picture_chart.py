"""One chart of a picture: the sentence above it, what it shows, how it is drawn.

A chart is drawn when a width is known and not before: a phone's is laid out
anew, not shrunk until its words cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ballast.brain.picture_shape import RegionPicture
from ballast.charts.figure import Caption, Figure
from ballast.portal.sealed_words import sealed_text
from ballast.terms.label import Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC

__all__ = ["Chart", "chart", "source_line"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that the picture has figures for.

    Parameters
    ----------
    key
        Names it in the page.
    heading
        The finding.
    subtitle
        Unit and period.
    source
        Where the figures come from, with the mark of synthetic data.
    draw
        Takes a width in pixels.
    wide
        Stands alone across the page.
    """

    key: str
    heading: str
    subtitle: str
    source: str
    draw: Callable[[int], Figure]
    wide: bool = False


def chart(
    picture: RegionPicture,
    language: Language,
    key: str,
    heading: str,
    subtitle: str,
    draw: Callable[[Caption, int], Figure],
    *,
    wide: bool = False,
) -> Chart:
    """Return a chart with the picture's source line.

    Parameters
    ----------
    picture, language
        What it is of, and in which language.
    key, heading, subtitle, wide
        As in `Chart`.
    draw
        Takes the caption and a width in pixels.
    """
    caption = Caption(heading, subtitle, source_line(picture, language))
    return Chart(key, heading, subtitle, caption.source, lambda width: draw(caption, width), wide)


def source_line(picture: RegionPicture, language: Language) -> str:
    """Return where the figures come from, with the mark of synthetic data."""
    mark = SYNTHETIC.text(language) if picture.synthetic else ""
    if picture.sealed is not None:
        return say(
            "Source: {region}, {sealed}. {mark}",
            language,
            region=picture.label,
            sealed=sealed_text(picture.sealed, language),
            mark=mark,
        ).strip()
    return say(
        "Source: the lake of {region}, as of {day}. {mark}",
        language,
        region=picture.label.text(language),
        day=picture.as_of.isoformat(),
        mark=mark,
    ).strip()
