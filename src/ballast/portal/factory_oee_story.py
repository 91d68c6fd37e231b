"""The story of an indicator: its formula, what was divided by what, of whom, from where.

Made from the report's row alone. A story that asked the lake again could tell
of a second in which other samples had arrived than those behind the figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ballast.plant.measures.kpi import ELEMENTS, KPIS, Element, Kpi, Quotient
from ballast.plant.reports.oee import OeeReport, OeeRow
from ballast.plant.reports.window import Window, from_ms
from ballast.portal.factory_commands import oee_command
from ballast.portal.factory_html import hours, number, share
from ballast.portal.story import Line, Story
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["kpi_text", "row_stories", "story_key", "window_text"]

_FORMULA = Label("公式", "Formula")
_COMPUTED = Label("计算", "Computed")
_ELEMENTS = Label("要素", "Elements")
_PERIOD = Label("时段", "Period")
_COVERAGE = Label("数据完整度", "Recorded")
_COUNTED = Label("件数来源", "Pieces from")
_NOTES = Label("须知", "To know")
_SOURCES = Label("来源", "Sources")
_STATUS = Label("公布状态", "Disclosure")
_COMMAND = Label("复现命令", "Command")
_OWN = Label(
    "本企业自己的设备数据，不出本厂数据空间",
    "your own enterprise's machine data; it does not leave this home",
)
_COUNTS = {
    "counter": Label("设备计数器", "counters of the machines"),
    "entries": Label("人工或文件录入的生产记录", "production as entered by people or files"),
    "none": Label("无", "nowhere: nobody counts them"),
}
_PIECES = frozenset(
    {Element.PQ, Element.GQ, Element.SQ, Element.RQ, Element.GP, Element.IP, Element.EPC}
)


def story_key(row: OeeRow, name: str) -> str:
    """Return what names the story of one indicator of one row in the address."""
    return f"{name}:{row.asset}:{row.key}" if row.key else f"{name}:{row.asset}"


def kpi_text(row: OeeRow, name: str, language: Language) -> tuple[str, str]:
    """Return an indicator as it is shown, and why there is none."""
    value = row.kpis.get(name)
    if value is None:
        why = row.why.get(name)
        return Absence.UNDEFINED.label.text(language), "" if why is None else why.text(language)
    if KPIS[name].per_second:
        return number(value, language), ""
    return share(value), ""


def window_text(window: Window) -> str:
    """Return a window as both ends by the clock of the site."""
    start, end = window.start.astimezone(window.zone), window.end.astimezone(window.zone)
    return f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M} ({start:%Z})"


def row_stories(
    row: OeeRow, report: OeeReport, title: str, asset: str, language: Language
) -> Iterator[tuple[str, Story]]:
    """Yield the stories of all indicators of a row, by their key.

    Parameters
    ----------
    row, report
        What the page shows.
    title
        What the row is of, as the page calls it.
    asset
        The machine or line that the command is to name; empty for all.
    language
        To tell them in.
    """
    window = Window(
        from_ms(row.start_ms, report.window.zone),
        from_ms(row.end_ms, report.window.zone),
        report.window.zone,
    )
    shared = _shared(row, report, window, asset, language)
    for name in row.kpis:
        wanted = KPIS[name]
        value, why = kpi_text(row, name, language)
        key = story_key(row, name)
        lines = (*_made(row, wanted, language), *shared)
        label = wanted.label.text(language)
        joint = "：" if language == "zh" else ": "
        yield (
            key,
            Story(
                key,
                f"{title}{joint}{label}",
                value,
                why,
                tuple(line for line in lines if any(line.texts)),
                report.provenance == "synthetic",
            ),
        )


def _made(row: OeeRow, wanted: Kpi, language: Language) -> tuple[Line, ...]:
    told = [_quotient(row, factor, language) for factor in wanted.factors]
    elements = tuple(
        f"{name}: {ELEMENTS[name].text(language)} = {_element(row, name, language)}"
        for name in wanted.elements
    )
    return (
        Line(_FORMULA.text(language), (wanted.formula,), code=True),
        Line(_COMPUTED.text(language), tuple(text for text in told if text)),
        Line(_ELEMENTS.text(language), elements),
    )


def _quotient(row: OeeRow, factor: Quotient, language: Language) -> str:
    over, under = 1.0, 0.0
    for name in factor.over:
        over *= row.elements.get(name, math.nan)
    for name in factor.under:
        under += row.elements.get(name, math.nan)
    if not math.isfinite(over) or not math.isfinite(under):
        return ""
    top, bottom = number(over, language, 6), number(under, language, 6)
    found = share(over / under) if under else Absence.UNDEFINED.label.text(language)
    return f"{factor} = {top} ÷ {bottom} = {found}"


def _element(row: OeeRow, name: Element, language: Language) -> str:
    value = row.elements.get(name, math.nan)
    if not math.isfinite(value):
        return Absence.NO_DATA.label.text(language)
    return number(round(value, 3), language, 7)


def _shared(
    row: OeeRow, report: OeeReport, window: Window, asset: str, language: Language
) -> tuple[Line, ...]:
    recorded = say(
        "planned {planned} h, of these without any record {unrecorded} h; busy outside the plan "
        "{overtime} h",
        language,
        planned=hours(row.planned_s, language),
        unrecorded=hours(row.unrecorded_s, language),
        overtime=hours(row.overtime_s, language),
    )
    if row.coverage is not None:
        recorded = f"{share(row.coverage)}: {recorded}"
    sources = say(
        "state tags and counters (telemetry, telemetry_1min), stops entered by people (downtime), "
        "production records (production), shifts and planned run times of the mapping",
        language,
    )
    notes = tuple(note.text(language) for note in (*row.notes, *report.notes))
    return (
        Line(_PERIOD.text(language), (window_text(window),)),
        Line(_COVERAGE.text(language), (recorded,)),
        Line(_COUNTED.text(language), (_COUNTS[row.counted].text(language),)),
        Line(_NOTES.text(language), notes),
        Line(_STATUS.text(language), (_OWN.text(language),)),
        Line(_SOURCES.text(language), (sources,)),
        Line(_COMMAND.text(language), (oee_command(window, asset),), code=True),
    )
