"""The charts of a bulletin, drawn without a browser: for a page as SVG, for a document as PNG."""

from __future__ import annotations

from ballast.brain.bulletin.shape import Bars
from ballast.charts.bar import Bar as ChartBar
from ballast.charts.bar import bar_chart
from ballast.charts.figure import Caption, Figure
from ballast.terms.label import Language
from ballast.words.marks import SYNTHETIC

__all__ = ["drawn"]


def drawn(chart: Bars, language: Language, *, width: int, synthetic: bool) -> Figure:
    """Return a chart as a figure.

    Parameters
    ----------
    chart, language
        What is drawn, and in which language.
    width
        In pixels.
    synthetic
        Whether it wears the mark of invented data.
    """
    bars = [
        ChartBar(bar.name.text(language), bar.value, bar.text.text(language), accent=at == 0)
        for at, bar in enumerate(chart.bars)
    ]
    mark = SYNTHETIC.text(language) if synthetic else ""
    caption = Caption(chart.title.text(language), chart.unit.text(language), mark)
    return bar_chart(bars, caption, language, width=width)
