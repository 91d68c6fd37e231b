"""The charts of a picture: which figures go into which chart, under which sentence."""

from __future__ import annotations

from ballast.brain.picture_shape import PlaceSize, RegionPicture
from ballast.brain.tiers import HUNDRED_BILLION_1E4_CNY, TIER_LABELS, Tier
from ballast.charts.bar import Bar, bar_chart, ranked
from ballast.charts.scatter import Axis, Mark, scatter
from ballast.charts.tiles import Tile, tile_map
from ballast.charts.treemap import Leaf, treemap
from ballast.portal import picture_growth_charts as growth
from ballast.portal import picture_words as words
from ballast.portal.picture_chart import Chart, chart
from ballast.portal.tile_layouts import LAYOUTS
from ballast.terms import unit as units
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import Absence, scale_for, written

__all__ = ["charts"]

NARROW = 480
"""Below this width a chart is one for a phone."""


def charts(picture: RegionPicture, language: Language) -> dict[str, Chart]:
    """Return the charts by key, those without figures left out.

    Parameters
    ----------
    picture, language
        What is drawn, and in which language.
    """
    found = [
        _structure(picture, language),
        _clusters(picture, language),
        _specialisation(picture, language),
        _quotients(picture, language),
        growth.contribution(picture, language),
        growth.trend(picture, language),
        _places(picture, language),
        growth.upgrade(picture, language),
        *(growth.macro(picture, item, language) for item in picture.macro),
    ]
    return {one.key: one for one in found if one is not None}


def _structure(picture: RegionPicture, language: Language) -> Chart | None:
    if not picture.groups or picture.period is None:
        return None
    names = {d.code: d.label for d in picture.divisions}
    scale = scale_for(units.CNY_1E4, language, picture.divisions[0].output or 0)
    leaves = [
        Leaf(
            words.short(names.get(group.parent or "", Label("", "")), language),
            words.short(group.label, language),
            float(group.output),
            str(written(group.output, units.CNY_1E4, language, scale=scale)),
        )
        for group in picture.groups
        if group.output
    ]
    subtitle = say(
        "Output by division and group, {unit}, {period}",
        language,
        unit=scale.name,
        period=picture.period.label.text(language),
    )
    return chart(
        picture,
        language,
        "structure",
        words.structure_finding(picture, language),
        subtitle,
        lambda caption, width: treemap(
            leaves, caption, language, width=width, height=560 if width < NARROW else 460
        ),
        wide=True,
    )


def _clusters(picture: RegionPicture, language: Language) -> Chart | None:
    sized = [c for c in picture.clusters if c.revenue is not None]
    if not sized or picture.year is None:
        return None
    scale = scale_for(units.CNY_1E4, language, sized[0].revenue or 0)
    bars = ranked(
        [
            Bar(
                c.label.text(language),
                float(c.revenue or 0) / float(scale.size),
                " · ".join(
                    part
                    for part in (
                        str(written(c.revenue or 0, units.CNY_1E4, language, scale=scale)),
                        "" if c.tier is None else c.tier.text(language),
                    )
                    if part
                ),
                accent=c.tier == TIER_LABELS[Tier.HUNDRED_BILLION],
            )
            for c in sized
        ]
    )
    subtitle = say(
        "Revenue of above-scale enterprises by cluster, {unit}, {period}",
        language,
        unit=scale.name,
        period=picture.year.label.text(language),
    )
    return chart(
        picture,
        language,
        "clusters",
        words.clusters_finding(picture, language),
        subtitle,
        lambda caption, width: bar_chart(bars, caption, language, width=width),
    )


def _specialisation(picture: RegionPicture, language: Language) -> Chart | None:
    revenue = {d.code: d for d in picture.divisions if d.revenue}
    quotients = [q for q in picture.division_quotients if q.quotient and q.code in revenue]
    if not quotients or picture.reference is None or picture.specialisation_period is None:
        return None
    scale = scale_for(units.CNY_1E4, language, HUNDRED_BILLION_1E4_CNY)
    marks = [
        Mark(
            words.short(q.label, language),
            float(revenue[q.code].revenue or 0) / float(scale.size),
            q.quotient or 0.0,
            float(q.size or 0),
            accent=(q.quotient or 0) >= 2,
        )
        for q in quotients
    ]
    special = sum(mark.accent for mark in marks)
    heading = say(
        "{count} of {all} divisions are at least twice as strong here as in {reference}.",
        language,
        count=special,
        all=len(marks),
        reference=picture.reference.text(language),
    )
    subtitle = say(
        "Divisions: revenue in {period}, location quotient by persons employed in {year}; area: "
        "persons employed",
        language,
        period="" if picture.period is None else picture.period.label.text(language),
        year=picture.specialisation_period.label.text(language),
    )
    across = Axis(say("Revenue, {unit}", language, unit=scale.name))
    up = Axis(
        say("Location quotient", language),
        1.0,
        say("1 = as in {reference}", language, reference=picture.reference.text(language)),
    )
    return chart(
        picture,
        language,
        "specialisation",
        heading,
        subtitle,
        lambda caption, width: scatter(
            marks,
            across,
            up,
            caption,
            language,
            width=width,
            height=440,
        ),
    )


def _quotients(picture: RegionPicture, language: Language) -> Chart | None:
    known = [q for q in picture.specialisations if q.quotient is not None]
    if not known or picture.reference is None or picture.specialisation_period is None:
        return None
    bars = ranked(
        [
            Bar(
                words.short(q.label, language),
                q.quotient or 0.0,
                f"{q.quotient:.1f}",
                accent=i == 0,
            )
            for i, q in enumerate(known)
        ]
    )
    subtitle = say(
        "Location quotient by persons employed, the first {count} of {all} groups, against "
        "{reference}, {year}",
        language,
        count=len(bars),
        all=len(known),
        reference=picture.reference.text(language),
        year=picture.specialisation_period.label.text(language),
    )
    return chart(
        picture,
        language,
        "quotients",
        words.specialisation_finding(picture, language),
        subtitle,
        lambda caption, width: bar_chart(bars, caption, language, width=width),
    )


def _places(picture: RegionPicture, language: Language) -> Chart | None:
    if len(picture.places) < 2 or picture.period is None:
        return None
    layout = LAYOUTS.get(picture.region)
    scale = scale_for(units.CNY_1E4, language, picture.places[0].revenue or 0)

    def text(place: PlaceSize) -> str:
        if place.revenue is None:
            return (place.absence or Absence.NO_DATA).label.text(language)
        return str(written(place.revenue, units.CNY_1E4, language, scale=scale))

    subtitle = say(
        "Revenue of above-scale enterprises by place, {unit}, {period}; counties without their "
        "zones",
        language,
        unit=scale.name,
        period=picture.period.label.text(language),
    )
    heading = words.places_finding(picture, language)
    if layout is None:
        bars = ranked(
            [
                Bar(p.label.text(language), float(p.revenue or 0), text(p), accent=i == 0)
                for i, p in enumerate(picture.places)
            ]
        )
        return chart(
            picture,
            language,
            "places",
            heading,
            subtitle,
            lambda caption, width: bar_chart(bars, caption, language, width=width),
        )
    tiles = [
        Tile(
            p.code,
            layout[p.code].label.text(language),
            None if p.revenue is None else float(p.revenue),
            text(p),
        )
        for p in picture.places
        if p.code in layout
    ]
    positions = {code: (tile.column, tile.row) for code, tile in layout.items()}
    return chart(
        picture,
        language,
        "places",
        heading,
        subtitle,
        lambda caption, width: tile_map(tiles, positions, caption, language, width=width),
    )
