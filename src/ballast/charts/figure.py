"""A figure, drawn: what a chart function returns, and how it becomes SVG or PNG.

Drawing is vl-convert's work (Vega in the process, no browser, no network):
``allowed_base_urls=[]`` refuses every load, and the data are in the
specification. A page shows the caption as its own text, so that it wraps and
can be selected; a figure that leaves the house alone carries the caption
inside the picture.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Final

import vl_convert

from ballast.charts.theme import FONT_STACK, GROUND, configuration, dark_rules, number_locale
from ballast.errors import EngineMissing
from ballast.terms.label import Language

VEGA_LITE: Final = "6.4"

Rows = Sequence[Mapping[str, object]]

_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Caption:
    """What is written around a figure.

    Parameters
    ----------
    title
        The finding, as a sentence.
    subtitle
        Unit and period.
    source
        Where the figures come from, with the mark of synthetic or provisional data.
    """

    title: str
    subtitle: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as data: a Vega-Lite specification, its rows, its caption.

    Parameters
    ----------
    spec
        Vega-Lite that names its data, without theme or caption.
    data
        The rows under those names. They are kept beside the specification
        because Altair would check every cell of them against its schema.
    caption
        What is written around it.
    language
        Decides how axes write numbers.
    description
        What a reader who cannot see the figure is told; the title where empty.
    """

    spec: Mapping[str, Any]
    data: Mapping[str, Rows]
    caption: Caption
    language: Language
    description: str = ""

    def told(self) -> str:
        """Return the description, or the title and subtitle where there is none."""
        said = self.description or f"{self.caption.title} ({self.caption.subtitle})"
        return said.removesuffix(" ()")


def svg(figure: Figure, *, inline: bool = False, key: str = "") -> str:
    """Return a figure as SVG; text stays text.

    Parameters
    ----------
    figure
        What to draw.
    inline
        For a page: without caption and ground, to be coloured by the page's
        own rules (``theme.dark_rules``). Otherwise complete in itself.
    key
        Distinguishes the identifiers of several figures in one page.

    Returns
    -------
    str
        One ``<svg>`` element.
    """
    drawn: str = vl_convert.vegalite_to_svg(_complete(figure, caption=not inline), **_how(figure))
    return _named(drawn, figure.told(), key, style=None if inline else dark_rules("svg"))


def png(figure: Figure, *, scale: float = 2.0) -> bytes:
    """Return a figure with its caption as PNG on a light ground.

    Raises
    ------
    EngineMissing
        If Chinese is to be drawn and no installed font has it.
    """
    complete = _complete(figure, caption=True)
    if _CHINESE.search(repr(complete)) and not _chinese_can_be_drawn():
        raise EngineMissing(
            "no installed font has Chinese characters, so the picture would show empty boxes: "
            "install one, on Debian with: apt-get install fonts-noto-cjk"
        )
    drawn: bytes = vl_convert.vegalite_to_png(complete, scale=scale, **_how(figure))
    return drawn


def _how(figure: Figure) -> dict[str, Any]:
    return {
        "vl_version": VEGA_LITE,
        "allowed_base_urls": [],
        "format_locale": number_locale(figure.language),
    }


def _complete(figure: Figure, *, caption: bool) -> dict[str, Any]:
    whole = dict(figure.spec) | {"config": configuration()}  # Altair's own defaults give way
    whole["datasets"] = figure.data
    whole["padding"] = {"left": 0, "top": 2, "right": 2, "bottom": 2}
    if not caption:
        return whole
    whole |= {"background": GROUND.light, "padding": 16}
    written = figure.caption
    subtitle = [line for line in (written.subtitle, written.source) if line]
    whole["title"] = {"text": written.title, "subtitle": subtitle}
    return whole


def _named(drawn: str, told: str, key: str, style: str | None) -> str:
    """Give the element a name for screen readers, and its identifiers a key of their own."""
    head, _, body = drawn.partition(">")
    head = re.sub(r' (class|version|xmlns:xlink)="[^"]*"', "", head)
    # Vega gives each group of marks a role; roles without names are noise inside a named picture.
    body = re.sub(r' (role="graphics-\w+"|aria-roledescription="[^"]*")', "", body)
    if key:
        body = re.sub(r'\bid="', f'id="{key}-', body)
        body = re.sub(r"url\(#", f"url(#{key}-", body)
    sheet = f"<style>@media (prefers-color-scheme: dark){{{style}}}</style>" if style else ""
    return f'{head} class="chart" role="img" aria-label="{escape(told)}">{sheet}{body}'


@cache
def _chinese_can_be_drawn() -> bool:
    # Two different characters come out alike exactly when both are the empty box. Asking
    # the engine that draws is surer than looking for font files by name.
    sheet = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">'
        '<text x="2" y="18" font-size="18" font-family="{font}">{character}</text></svg>'
    )
    first, second = (
        vl_convert.svg_to_png(sheet.format(font=escape(FONT_STACK), character=character))
        for character in "国业"
    )
    return bool(first != second)


def sparkline(
    values: tuple[float | None, ...], told: str, *, width: int = 96, height: int = 24
) -> str:
    """Return a small line without axes as inline SVG; gaps stay gaps.

    Parameters
    ----------
    values
        In order of time; ``None`` where there is no figure.
    told
        What a screen reader says.
    width, height
        In pixels.

    Returns
    -------
    str
        One ``<svg>`` element; empty text when fewer than two values are known.

    Examples
    --------
    >>> sparkline((1.0, None), "x")
    ''
    """
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = (width - 6) / (len(values) - 1)
    path, pen_up, last = [], True, (0.0, 0.0)
    for i, value in enumerate(values):
        if value is None:
            pen_up = True
            continue
        last = (3 + i * step, height - 4 - (value - low) / span * (height - 8))
        path.append(f"{'M' if pen_up else 'L'}{last[0]:.1f} {last[1]:.1f}")
        pen_up = False
    return (
        f'<svg class="spark" role="img" aria-label="{escape(told)}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">'
        f'<path d="{"".join(path)}" fill="none" stroke="currentColor" stroke-width="1.5" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2.5" fill="currentColor"/></svg>'
    )
