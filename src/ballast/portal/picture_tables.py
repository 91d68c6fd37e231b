"""The tables behind the charts: every figure, with all its digits.

Rows of text, because a table is read and copied: the page and the terminal
lay them out, neither formats a number.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.brain.picture_shape import IndustrySize, Point, RegionPicture, Specialisation
from ballast.portal import picture_words as words
from ballast.terms import unit as units
from ballast.terms.label import Label, Language
from ballast.terms.unit import Unit
from ballast.words.numbers import (
    Absence,
    Number,
    exact,
    exact_scale,
    movement,
    percent,
    scale_for,
    written,
)

__all__ = ["Table", "tables"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text: column heads, and rows of which the first cells are names.

    ``names`` says how many columns from the left hold names; the others hold figures.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: int = 1


_BELOW = Label("百亿级以下", "below")
_OUTPUT = Label("工业总产值", "output")
_REVENUE = Label("营业收入", "revenue")
_ENTERPRISES = Label("规上企业（家）", "enterprises")
_SHARE = Label("占比", "share")
_GROWTH = Label("同比（%）", "growth (%)")
_QUOTIENT = Label("区位商", "location quotient")


def tables(picture: RegionPicture, language: Language) -> dict[str, Table]:
    """Return the table behind each chart, by the chart's key.

    Parameters
    ----------
    picture, language
        What is shown, and in which language.
    """
    found = {
        "structure": _industries((*picture.divisions, *picture.groups), language),
        "contribution": _industries(picture.divisions, language),
        "clusters": _clusters(picture, language),
        "cluster-list": _cluster_list(picture, language),
        "specialisation": _quotients(picture.division_quotients, picture, language),
        "quotients": _quotients(picture.specialisations, picture, language),
        "places": _places(picture, language),
    }
    if picture.sealed is not None:  # stars and quotients of clusters are not among what is sealed
        del found["cluster-list"]
    output = picture.indicator("output")
    if output is not None:
        found["trend"] = Table(
            (Label("时期", "period").text(language), _money(_OUTPUT, language)),
            tuple(
                (p.period.label.text(language), _cell(p.value, output.unit, language))
                for p in output.series
            ),
        )
    if picture.upgrade is not None:
        found["upgrade"] = _years(
            {picture.label.text(language): picture.upgrade.years}, picture.upgrade.unit, language
        )
    for item in picture.macro:
        lines = {line.label.text(language): line.points for line in item.lines}
        found[f"macro-{item.item.replace('_', '-')}"] = _years(lines, item.unit, language)
    return found


def _money(label: Label, language: Language) -> str:
    unit = exact_scale(units.CNY_1E4, language).name
    return f"{label.text(language)}（{unit}）" if language == "zh" else f"{label.en} ({unit})"


def _cell(
    value: Number | None, unit: Unit, language: Language, absence: Absence | None = None
) -> str:
    return (
        (absence or Absence.NO_DATA).label.text(language)
        if value is None
        else exact(value, unit, language).number
    )


def _undefined(
    value: float | None, places: int, language: Language, absence: Absence | None = None
) -> str:
    if value is None:
        return (absence or Absence.UNDEFINED).label.text(language)
    return exact(round(value, places), units.FRACTION, language).number


def _part(value: float | None, language: Language, absence: Absence | None = None) -> str:
    if value is None:
        return (absence or Absence.UNDEFINED).label.text(language)
    return percent(value, places=4)


def _industries(rows: tuple[IndustrySize, ...], language: Language) -> Table:
    heads = (
        Label("代码", "code").text(language),
        Label("行业", "industry").text(language),
        _ENTERPRISES.text(language),
        _money(_OUTPUT, language),
        _money(_REVENUE, language),
        _SHARE.text(language),
        _GROWTH.text(language),
        Label("拉动（百分点）", "contribution (pp)").text(language),
    )
    ordered = sorted(rows, key=lambda row: row.code)
    return Table(
        heads,
        tuple(
            (
                row.code,
                row.label.text(language),
                words.count_text(row.enterprises, language),
                _cell(row.output, units.CNY_1E4, language, row.absence),
                _cell(row.revenue, units.CNY_1E4, language, row.absence),
                _part(row.share, language, row.absence),
                _undefined(row.growth, 4, language, row.growth_absence),
                _undefined(row.contribution, 4, language, row.growth_absence),
            )
            for row in ordered
        ),
        names=2,
    )


def _clusters(picture: RegionPicture, language: Language) -> Table:
    if picture.sealed is not None:
        return _sealed_clusters(picture, language)
    heads = (
        Label("集群", "cluster").text(language),
        Label("所在地", "place").text(language),
        Label("级别", "tier").text(language),
        Label("星级", "stars").text(language),
        _money(_REVENUE, language),
        _GROWTH.text(language),
        _ENTERPRISES.text(language),
        Label("用工（人）", "employment (persons)").text(language),
        _QUOTIENT.text(language),
    )
    below = _BELOW.text(language)
    anywhere = Label("不限", "anywhere").text(language)
    return Table(
        heads,
        tuple(
            (
                cluster.label.text(language),
                anywhere if cluster.place is None else cluster.place.text(language),
                below if cluster.tier is None else cluster.tier.text(language),
                words.stars_text(cluster.stars, language),
                _cell(cluster.revenue, units.CNY_1E4, language, cluster.absence),
                _undefined(cluster.growth, 4, language, cluster.growth_absence),
                words.count_text(cluster.enterprises, language),
                _cell(cluster.employment, units.PERSONS, language),
                _undefined(cluster.quotient, 4, language),
            )
            for cluster in picture.clusters
        ),
        names=4,
    )


def _sealed_clusters(picture: RegionPicture, language: Language) -> Table:
    """Return of clusters what the cube publishes: the revenue of a year, and what follows of it."""
    heads = (
        Label("集群", "cluster").text(language),
        Label("级别", "tier").text(language),
        _money(_REVENUE, language),
        _GROWTH.text(language),
    )
    return Table(
        heads,
        tuple(
            (
                cluster.label.text(language),
                words.sealed_tier(cluster, language),
                _cell(cluster.revenue, units.CNY_1E4, language, cluster.absence),
                _undefined(cluster.growth, 4, language, cluster.growth_absence),
            )
            for cluster in picture.clusters
        ),
        names=2,
    )


def _cluster_list(picture: RegionPicture, language: Language) -> Table:
    """Return the clusters as they are read at a glance, with rounded figures."""
    largest = max((c.revenue or 0 for c in picture.clusters), default=0)
    scale = scale_for(units.CNY_1E4, language, largest)
    revenue = _REVENUE.text(language)
    heads = (
        Label("集群", "cluster").text(language),
        Label("级别", "tier").text(language),
        Label("星级", "stars").text(language),
        f"{revenue}（{scale.name}）" if language == "zh" else f"{revenue} ({scale.name})",
        Label("同比", "growth").text(language),
        Label("区位商", "LQ").text(language),
    )
    below = _BELOW.text(language)
    rows = []
    for cluster in picture.clusters:
        size, missing = cluster.revenue, (cluster.absence or Absence.NO_DATA).label.text(language)
        growth, quotient = cluster.growth, cluster.quotient
        undefined = Absence.UNDEFINED.label.text(language)
        rows.append(
            (
                cluster.label.text(language),
                below if cluster.tier is None else words.tier_text(cluster.tier, language),
                words.stars_text(cluster.stars, language),
                missing
                if size is None
                else written(size, units.CNY_1E4, language, scale=scale).number,
                (cluster.growth_absence or Absence.UNDEFINED).label.text(language)
                if growth is None
                else movement(growth, units.PERCENT, language),
                undefined if quotient is None else f"{quotient:.1f}",
            )
        )
    return Table(heads, tuple(rows), names=3)


def _quotients(
    rows: tuple[Specialisation, ...], picture: RegionPicture, language: Language
) -> Table:
    reference = Label("", "") if picture.reference is None else picture.reference
    heads = (
        Label("代码", "code").text(language),
        Label("行业", "industry").text(language),
        _QUOTIENT.text(language),
        Label("用工（人）", "employment (persons)").text(language),
        Label("本地占比", "share here").text(language),
        Label(f"{reference.zh}占比", f"share in {reference.en}").text(language),
    )
    return Table(
        heads,
        tuple(
            (
                row.code,
                row.label.text(language),
                _undefined(row.quotient, 4, language),
                _cell(None if row.size is None else int(row.size), units.PERSONS, language),
                _part(row.share, language),
                _part(row.reference_share, language),
            )
            for row in rows
        ),
        names=2,
    )


def _places(picture: RegionPicture, language: Language) -> Table:
    heads = (
        Label("代码", "code").text(language),
        Label("地区", "place").text(language),
        _ENTERPRISES.text(language),
        _money(_REVENUE, language),
        _SHARE.text(language),
        _GROWTH.text(language),
    )
    return Table(
        heads,
        tuple(
            (
                place.code,
                place.label.text(language),
                words.count_text(place.enterprises, language),
                _cell(place.revenue, units.CNY_1E4, language, place.absence),
                _part(place.share, language, place.absence),
                _undefined(place.growth, 4, language, place.growth_absence),
            )
            for place in picture.places
        ),
        names=2,
    )


def _years(lines: dict[str, tuple[Point, ...]], unit: Unit, language: Language) -> Table:
    """Return yearly series side by side, in the unit in which they are kept."""
    periods = sorted({point.period for points in lines.values() for point in points})
    name = exact_scale(unit, language).name
    values = {
        (line, point.period): point.value for line, points in lines.items() for point in points
    }
    return Table(
        (
            Label("年份", "year").text(language),
            *(f"{line}（{name}）" if language == "zh" else f"{line} ({name})" for line in lines),
        ),
        tuple(
            (
                str(period.year),
                *(_cell(values.get((line, period)), unit, language) for line in lines),
            )
            for period in periods
        ),
    )
