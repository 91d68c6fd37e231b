"""What hangs on a wall below the figures: places where they lie, clusters by size.

Set as text and not drawn as charts: a drawing scaled up to a wall has letters
of the size that the drawing leaves them, and these must be read at five metres.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.brain.picture_shape import RegionPicture
from ballast.portal import picture_words as words
from ballast.portal.city_words import shared_words
from ballast.portal.refusal import PAGES
from ballast.portal.tile_layouts import LAYOUTS
from ballast.terms import unit as units
from ballast.terms.label import Language
from ballast.words.numbers import Absence, Number, movement, written

__all__ = ["city_wall"]

_CLUSTERS = 8
_DARKEST = 45
"""Percent of the accent in the tile of the largest place: ink on it keeps its contrast."""


@dataclass(frozen=True, slots=True)
class _Tile:
    name: str
    revenue: str
    column: int
    row: int
    tint: int


def city_wall(picture: RegionPicture, language: Language) -> str:
    """Return places and clusters for a wall.

    Parameters
    ----------
    picture, language
        What is shown, and in which language.
    """
    return PAGES.get_template("city_wall_charts.html.j2").render(
        places=words.places_finding(picture, language) if picture.places else "",
        tiles=_tiles(picture, language),
        finding=words.clusters_finding(picture, language) if picture.clusters else "",
        clusters=_largest(picture, language),
        **shared_words(language),
    )


def _money(value: Number | None, language: Language, absence: Absence | None) -> str:
    if value is None:
        return (absence or Absence.NO_DATA).label.text(language)
    return str(written(value, units.CNY_1E4, language))


def _tiles(picture: RegionPicture, language: Language) -> list[_Tile]:
    layout = LAYOUTS.get(picture.region, {})
    most = max((float(place.revenue or 0) for place in picture.places), default=0.0)
    return [
        _Tile(
            name=layout[place.code].label.text(language),
            revenue=_money(place.revenue, language, place.absence),
            column=layout[place.code].column + 1,
            row=layout[place.code].row + 1,
            tint=round(_DARKEST * float(place.revenue or 0) / most) if most > 0 else 0,
        )
        for place in picture.places
        if place.code in layout
    ]


def _largest(picture: RegionPicture, language: Language) -> list[tuple[str, str, str, str]]:
    """Return the clusters of a wall: name, stars, revenue, growth, each in words."""
    return [
        (
            cluster.label.text(language),
            "" if picture.sealed is not None else words.stars_text(cluster.stars, language),
            _money(cluster.revenue, language, cluster.absence),
            (cluster.growth_absence or Absence.UNDEFINED).label.text(language)
            if cluster.growth is None
            else movement(cluster.growth, units.PERCENT, language),
        )
        for cluster in picture.clusters[:_CLUSTERS]
    ]
