"""How every figure looks, in one place: colours, type, and what becomes of them in the dark.

Colours are named by what they are for, not by hue, so that a chart never
picks one. Dark mode is a style sheet that matches the light colours by
attribute (``[fill="#0072b2"]``) instead of a second drawing: the figure is
made once, the reader's browser chooses, and no script is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ballast.terms.label import Language

FONT_STACK = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
)
"""System type first; the Chinese fonts of each system, then Debian's."""

NARROW_SPACE = "\u202f"
"""Thousands in English text: the thin space of ISO 80000, in its unbreakable form."""


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour of the theme on a light ground and on a dark one."""

    light: str
    dark: str


# The hues are Okabe and Ito's, "Color Universal Design" (2008). On a dark ground blue and
# green are lifted until they keep a contrast of 4.5 : 1 with it.
INK = Colour("#1f2328", "#e6edf3")
MUTED = Colour("#57606a", "#9ba5b0")
RULE = Colour("#d4d9df", "#3a424c")
GROUND = Colour("#ffffff", "#161b22")
QUIET = Colour("#a3acb6", "#6b7683")
ACCENT = Colour("#0072b2", "#56b4e9")
BEHIND = Colour("#d55e00", "#f08a3c")
SKY = Colour("#55b3e8", "#3f9fd6")
GREEN = Colour("#009e73", "#2bbf96")
YELLOW = Colour("#c9b800", "#f0e442")
PURPLE = Colour("#cc79a7", "#d993ba")
AMBER = Colour("#e69f00", "#f0b429")

CATEGORIES = (ACCENT, AMBER, GREEN, PURPLE, SKY, BEHIND, YELLOW)
"""For things told apart by hue (with a direct label, always); the eighth is ``QUIET``."""

THEME = (INK, MUTED, RULE, GROUND, QUIET, *CATEGORIES)

TEXT_SIZE = 12
SMALL_SIZE = 11


def dark_rules(selector: str = ".chart") -> str:
    """Return the style rules that turn light figures under a selector into dark ones.

    Parameters
    ----------
    selector
        Of the elements that hold the figures.

    Returns
    -------
    str
        CSS rules, to be put inside ``@media (prefers-color-scheme: dark)``.

    Examples
    --------
    >>> '[fill="#0072b2"]{fill:#56b4e9}' in dark_rules()
    True
    """
    return "".join(
        f'{selector} [{what}="{colour.light}"]{{{what}:{colour.dark}}}'
        for colour in THEME
        for what in ("fill", "stroke")
    )


def configuration() -> dict[str, Any]:
    """Return the Vega-Lite configuration that carries the theme."""
    quiet_axis = {
        "domain": False,
        "ticks": False,
        "grid": False,
        "labelColor": MUTED.light,
        "labelFontSize": SMALL_SIZE,
        "labelPadding": 6,
        "titleColor": MUTED.light,
        "titleFontSize": SMALL_SIZE,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    }
    return {
        "aria": False,  # one description on the figure says more than a role on each mark
        "background": None,
        "font": FONT_STACK,
        "view": {"stroke": "transparent"},
        "axis": quiet_axis,
        "axisY": {"grid": True, "gridColor": RULE.light, "gridWidth": 0.7},
        "text": {"color": INK.light, "fontSize": TEXT_SIZE, "font": FONT_STACK},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": INK.light,
            "fontSize": 15,
            "fontWeight": 600,
            "subtitleColor": MUTED.light,
            "subtitleFontSize": TEXT_SIZE,
            "subtitlePadding": 4,
            "offset": 14,
        },
    }


def number_locale(language: Language) -> dict[str, Any]:
    """Return how axes write numbers: thin spaces in English, no grouping in Chinese.

    Examples
    --------
    >>> number_locale("zh")["thousands"]
    ''
    """
    return {
        "decimal": ".",
        "thousands": NARROW_SPACE if language == "en" else "",
        "grouping": [3],
        "currency": ["", ""],
        "minus": "\u2212",
    }
