"""The City page as markup: numbers first, drawings after, each in one language.

Markup and not a tree of interactive elements: a page of two thousand cells
would otherwise be two thousand objects on the server for every reader. What
is interactive (a story, a filter) is a link or a button in the markup, which
the page listens to.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ballast.brain.picture_shape import RegionPicture
from ballast.charts.figure import svg
from ballast.portal import picture_words as words
from ballast.portal.city_wall import city_wall
from ballast.portal.city_words import shared_words
from ballast.portal.frame_address import go
from ballast.portal.headline_tile import tile
from ballast.portal.picture_chart import Chart, source_line
from ballast.portal.picture_charts import charts
from ballast.portal.picture_tables import Table, tables
from ballast.portal.refusal import PAGES
from ballast.portal.sealed_words import sealed_text
from ballast.terms.label import Label, Language
from ballast.words import say

__all__ = ["CLUSTER_LIST", "CityView", "city_top", "city_view"]

WIDE, PHONE, HALF = 1040, 340, 480
"""Widths in which charts are drawn, in pixels."""

CLUSTER_LIST = "cluster-list"
_SECTIONS: tuple[tuple[str, Label, tuple[str, ...]], ...] = (
    ("structure", Label("产业结构", "Structure"), ("structure",)),
    ("places-section", Label("县区与园区", "Counties and zones"), ("places", "trend")),
    ("clusters-section", Label("产业集群", "Clusters"), (CLUSTER_LIST, "clusters")),
    ("special", Label("专业化", "Specialisation"), ("quotients", "specialisation")),
    ("growth", Label("增长与技改投入", "Growth and investment"), ("contribution", "upgrade")),
    (
        "others",
        Label("与全省、全国相比", "Beside the province and the nation"),
        ("macro-rd-intensity", "macro-high-tech-share"),
    ),
)
_KEYS = {
    "structure": "industry", "contribution": "industry", "places": "place",
    "quotients": "quotient", "specialisation": "quotient",
}  # fmt: skip
"""Charts whose table holds in its first cell the code that names the story of the row."""


@dataclass(frozen=True, slots=True)
class CityView:
    """The drawn part of the page.

    Parameters
    ----------
    sections
        Charts and tables, for desk and phone.
    wall
        Places and clusters, large.
    """

    sections: str
    wall: str


@dataclass(frozen=True, slots=True)
class _Row:
    story: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Card:
    key: str
    heading: str
    subtitle: str
    source: str
    heads: tuple[str, ...]
    rows: tuple[_Row, ...]
    names: int
    story: str = ""
    wide: bool = False
    drawn: Markup | None = None
    phone: Markup | None = None


def city_top(picture: RegionPicture, language: Language, *, wall: bool = False) -> str:
    """Return the answer and the headline: what is ready as soon as the picture is.

    Parameters
    ----------
    picture, language
        What is shown, and in which language.
    wall
        For a wall: the figures alone, large.
    """
    template = PAGES.get_template("city_wall.html.j2" if wall else "city_top.html.j2")
    return template.render(
        picture=picture,
        region=picture.label.text(language),
        period="" if picture.period is None else picture.period.label.text(language),
        answer=words.answer(picture, language),
        tiles=[tile(indicator, language, width=72) for indicator in picture.indicators],
        sealed="" if picture.sealed is None else sealed_text(picture.sealed, language),
        **shared_words(language),
    )


def city_view(picture: RegionPicture, language: Language) -> CityView:
    """Draw the charts of a picture and lay them out with their tables; takes a second or two.

    Parameters
    ----------
    picture, language
        What is shown, and in which language.
    """
    drawable, behind = charts(picture, language), tables(picture, language)
    sections = []
    for key, title, names in _SECTIONS:
        cards = [
            _cluster_list(picture, behind[name], language)
            if name == CLUSTER_LIST
            else _card(picture, drawable[name], behind[name])
            for name in names
            if name in drawable or (name == CLUSTER_LIST and name in behind and picture.clusters)
        ]
        if cards:
            sections.append((key, title.text(language), cards))
    shared = shared_words(language) | {"picture": picture, "address": _address(picture, language)}
    return CityView(
        PAGES.get_template("city_sections.html.j2").render(sections=sections, **shared),
        city_wall(picture, language),
    )


def _address(picture: RegionPicture, language: Language) -> object:
    """Return a function from a path to an address that asks for this very picture."""
    period = None if picture.period is None else str(picture.period)

    def address(path: str) -> str:
        return go(path, region=picture.region, period=period, lang=language)

    return address


def _markup(chart: Chart, width: int, key: str) -> Markup:
    # Vega escapes every name it draws; what comes back is markup.
    return Markup(svg(chart.draw(width), inline=True, key=key))  # noqa: S704


def _card(picture: RegionPicture, chart: Chart, table: Table) -> _Card:
    story = ""
    if chart.key == "upgrade":
        story = "upgrade"
    elif chart.key == "trend":
        story = "output"
    else:
        of_macro = {f"macro-{m.item.replace('_', '-')}": f"macro:{m.item}" for m in picture.macro}
        story = of_macro.get(chart.key, "")
    kind = _KEYS.get(chart.key, "")
    rows = [_Row(f"{kind}:{row[0]}" if kind else "", row) for row in table.rows]
    if chart.key == "clusters":
        rows = _cluster_rows(picture, table)
    return _Card(
        key=chart.key,
        heading=chart.heading,
        subtitle=chart.subtitle,
        source=chart.source,
        heads=table.heads,
        rows=tuple(rows),
        names=table.names,
        story=story,
        wide=chart.wide,
        drawn=_markup(chart, WIDE if chart.wide else HALF, chart.key),
        phone=_markup(chart, PHONE, f"{chart.key}-phone") if chart.wide else None,
    )


def _cluster_rows(picture: RegionPicture, table: Table) -> list[_Row]:
    return [
        _Row(f"cluster:{cluster.key}", row)
        for cluster, row in zip(picture.clusters, table.rows, strict=True)
    ]


def _cluster_list(picture: RegionPicture, table: Table, language: Language) -> _Card:
    return _Card(
        key=CLUSTER_LIST,
        heading=words.stars_finding(picture, language),
        subtitle=say(
            "A star each for size, specialisation and focus by persons employed, among the places "
            "of the region; LQ: location quotient there",
            language,
        ),
        source=source_line(picture, language),
        heads=table.heads,
        rows=tuple(_cluster_rows(picture, table)),
        names=table.names,
    )
