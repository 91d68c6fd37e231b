"""When energy was drawn and at which price it was bought: the day's course, and the bands."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from ballast.charts.columns import Column, columns_chart
from ballast.charts.figure import Caption
from ballast.charts.stacked import Pile, Segment, stacked_chart
from ballast.charts.theme import ACCENT, AMBER, BEHIND, GREEN, QUIET, SKY, Colour
from ballast.plant.measures.tariff import BAND_LABELS, BANDS, NO_BAND, Band, wall_clock
from ballast.plant.reports.energy import EnergyReport
from ballast.portal.factory_html import HALF, PHONE, WIDE, Card, figure_of, number
from ballast.portal.factory_span import Span
from ballast.portal.factory_words import WORDS
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import grouped, percent

__all__ = ["bands_card", "course_card", "money"]

_COLOURS: dict[Band, Colour] = {
    Band.SHARP: BEHIND,
    Band.PEAK: AMBER,
    Band.FLAT: SKY,
    Band.VALLEY: ACCENT,
    Band.DEEP_VALLEY: GREEN,
}
_NO_BAND = Label("无电价", "no tariff")
_QUARTERS = 96


def money(amount: Decimal, language: Language) -> str:
    """Return an amount in yuan, rounded to the cent.

    Examples
    --------
    >>> money(Decimal("12.345"), "zh")
    '12.35'
    """
    return grouped(amount.quantize(Decimal("0.01"), ROUND_HALF_UP), language)


def course_card(report: EnergyReport, span: Span, source: str, language: Language) -> Card | None:
    """Return the mean course of the day, quarter by quarter, in the bands of the tariff."""
    profile, period = report.profile, span.label.text(language)
    known = np.isfinite(profile)
    if not known.any():
        return None
    names = _bands_of_day(report, span, language)
    columns = [
        Column(float(v) if ok else None, name)
        for v, ok, name in zip(profile, known, names, strict=True)
    ]
    colours = {BAND_LABELS[band].text(language): _COLOURS[band] for band in BANDS}
    colours[_NO_BAND.text(language)] = QUIET
    ticks = {width: _ticks(3 if width > HALF else 6) for width in (WIDE, PHONE)}
    at = int(np.nanargmax(profile))
    heading = say(
        "The most power was drawn at {time}: {kw} kW on average",
        language,
        time=_clock(at),
        kw=number(round(float(profile[at]), 1), language),
    )
    subtitle = say(
        "Mean power in each quarter of an hour of the day, kW, {period}; colours and names "
        "are the bands of the tariff",
        language,
        period=period,
    )
    caption = Caption(heading, subtitle, source)
    demand = report.whole.demand
    one_day = len(report.window.dates) == 1
    peak = None
    if demand is not None and one_day:
        peak = demand.kw, say("peak demand {kw} kW", language,
                              kw=number(round(demand.kw, 1), language))  # fmt: skip
    desk, phone = (
        figure_of(
            columns_chart(
                columns, colours, ticks[width], caption, language, width=width, peak=peak
            ),
            f"course-{width}",
        )
        for width in (WIDE, PHONE)
    )
    rows = [
        [_clock(n), name, number(round(float(v), 2), language) if ok else "–"]
        for n, (v, ok, name) in enumerate(zip(profile, known, names, strict=True))
    ]
    heads = [WORDS["time"].text(language), say("Band", language), "kW"]
    return Card("course", heading, subtitle, source, heads, rows, desk, phone,
                frozenset({2}), "demand")  # fmt: skip


def _bands_of_day(report: EnergyReport, span: Span, language: Language) -> list[str]:
    """Return the band of each quarter of the day, as most days of the window have it."""
    load = report.load
    counted = np.zeros((_QUARTERS, len(BANDS) + 1), dtype=np.int64)
    if len(load.start):
        _, quarter = wall_clock(load.start, span.window.zone)
        # The last column is for quarters without a tariff, which NO_BAND = -1 points at.
        np.add.at(counted, (quarter, load.band), 1)
    most = counted.argmax(axis=1)
    most[counted.sum(axis=1) == 0] = NO_BAND
    return [
        _NO_BAND.text(language)
        if number in (NO_BAND, len(BANDS))
        else BAND_LABELS[BANDS[number]].text(language)
        for number in most.tolist()
    ]


def bands_card(report: EnergyReport, span: Span, source: str, language: Language) -> Card | None:
    """Return energy and its cost by band."""
    whole, period = report.whole, span.label.text(language)
    if not whole.bands or not whole.kwh or not whole.energy_cny:
        return None
    used = [band for band in BANDS if band in whole.bands]
    dearest = max(used, key=lambda band: whole.bands[band].cny)
    heading = say(
        "{band} hours make {paid} of the bill with {share} of the energy",
        language,
        band=BAND_LABELS[dearest],
        paid=percent(whole.bands[dearest].cny / whole.energy_cny),
        share=percent(whole.bands[dearest].kwh / whole.kwh),
    )
    subtitle = say("Shares of energy and of its cost by band of the tariff, {period}",
                   language, period=period)  # fmt: skip
    caption = Caption(heading, subtitle, source)

    def pile(name: str, parts: Sequence[Decimal], whole_of: Decimal, text: str) -> Pile:
        segments = tuple(Segment(float(one / whole_of), percent(one / whole_of)) for one in parts)
        return Pile(name, segments, text)

    piles = [
        pile(say("Energy", language), [whole.bands[b].kwh for b in used], whole.kwh,
             f"{number(round(float(whole.kwh), 1), language)} kWh"),
        pile(say("Cost", language), [whole.bands[b].cny for b in used], whole.energy_cny,
             f"CNY {money(whole.energy_cny, language)}" if language == "en"
             else f"{money(whole.energy_cny, language)}元"),
    ]  # fmt: skip
    kinds = [(BAND_LABELS[band].text(language), _COLOURS[band]) for band in used]
    desk, phone = (
        figure_of(stacked_chart(piles, kinds, caption, language, width=width), f"bands-{width}")
        for width in (WIDE, PHONE)
    )
    rows = [
        [
            BAND_LABELS[band].text(language),
            number(round(float(whole.bands[band].kwh), 3), language, 8),
            money(whole.bands[band].cny, language),
            number(round(float(whole.bands[band].cny / whole.bands[band].kwh), 4), language)
            if whole.bands[band].kwh
            else "–",
        ]
        for band in used
    ]
    heads = [say("Band", language), "kWh", say("CNY", language), say("CNY/kWh", language)]
    return Card("bands", heading, subtitle, source, heads, rows, desk, phone,
                frozenset({1, 2, 3}), "cost")  # fmt: skip


def _ticks(every: int) -> dict[int, str]:
    return {hour * 4: f"{hour:02d}:00" for hour in range(0, 25, every)}


def _clock(quarter: int) -> str:
    return f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"
