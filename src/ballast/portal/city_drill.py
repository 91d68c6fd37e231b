"""The structure to go into: a division opens to its groups, by pointer.

The one chart where moving through it tells more than its drawing. It is
loaded when it is asked for, and what it shows stands in the table under the
drawing too, for those who use neither pointer nor script.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from ballast.brain.picture_shape import IndustrySize, RegionPicture
from ballast.charts.theme import CATEGORIES, FONT_STACK
from ballast.portal import picture_words as words
from ballast.portal.city_words import WORDS
from ballast.terms import unit as units
from ballast.terms.label import Language
from ballast.words.numbers import scale_for, written

__all__ = ["drill_down", "tree"]


def tree(picture: RegionPicture, language: Language) -> list[dict[str, Any]]:
    """Return divisions with their groups as the chart takes them.

    Parameters
    ----------
    picture, language
        What is shown, and in which language.

    Returns
    -------
    list of dict
        ``name`` with the figure in words, ``value`` in the scale of the region, ``children``.
    """
    largest = max((d.output or 0 for d in picture.divisions), default=0)
    scale = scale_for(units.CNY_1E4, language, largest)

    def leaf(size: IndustrySize) -> dict[str, Any]:
        output = size.output or 0
        figure = written(output, units.CNY_1E4, language, scale=scale)
        return {
            "name": f"{words.short(size.label, language)} {figure}",
            "value": float(output) / float(scale.size),
        }

    held: dict[str, list[dict[str, Any]]] = {}
    for group in picture.groups:
        if group.parent is not None and (group.output or 0) > 0:
            held.setdefault(group.parent, []).append(leaf(group))
    return [
        leaf(division)
        | {
            "children": held.get(division.code, []),
            "itemStyle": {"color": CATEGORIES[place % len(CATEGORIES)].light},
        }
        for place, division in enumerate(picture.divisions)
        if (division.output or 0) > 0
    ]


def drill_down(picture: RegionPicture, language: Language, close: Callable[[], object]) -> None:
    """Draw the structure to go into, in the element that is open.

    Parameters
    ----------
    picture, language
        What is shown, and in which language.
    close
        Called when the reader has seen enough.
    """
    with ui.element("div").classes("story explore"):
        button = ui.element("button").classes("story-close").on("click", close)
        button.props["type"] = "button"
        with button:
            ui.html(WORDS["close"].text(language), sanitize=True, tag="span")
        finding = ui.html(words.structure_finding(picture, language), sanitize=True, tag="h2")
        finding.props["id"] = "story-title"
        if picture.synthetic:
            ui.html(WORDS["synthetic"].text(language), sanitize=True, tag="p").classes("badge")
        options = {
            "animation": False,
            "textStyle": {"fontFamily": FONT_STACK},
            "series": [
                {
                    "type": "treemap",
                    "name": picture.label.text(language),
                    "data": tree(picture, language),
                    "leafDepth": 1,
                    "roam": False,
                    "left": 0,
                    "right": 0,
                    "top": 0,
                    "bottom": 40,
                    "label": {"fontSize": 13, "color": "#000", "overflow": "break"},
                    "itemStyle": {"gapWidth": 2, "borderWidth": 0},
                    "breadcrumb": {
                        "height": 28,
                        "itemStyle": {"color": "#57606a", "textStyle": {"color": "#fff"}},
                    },
                    "colorAlpha": [0.55, 0.8],
                }
            ],
        }
        ui.echart(options).style("height:min(560px,70vh);width:100%")
