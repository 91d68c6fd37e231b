"""Energy as the page shows it: when it was drawn, in which band it was bought, what it made.

The day's course comes first because it is the only thing that can be changed
tomorrow: what runs in the dear hours. Money is exact and rounded to the cent
for reading; what is undefined is told with its reason.
"""

from __future__ import annotations

from datetime import tzinfo
from decimal import Decimal

from markupsafe import Markup

from ballast.charts.bar import Bar, bar_chart
from ballast.charts.figure import Caption
from ballast.plant.measures.tariff import Band
from ballast.plant.reports.energy import EnergyReport
from ballast.plant.reports.window import from_ms
from ballast.plant.site import Site
from ballast.portal.data_html import Content
from ballast.portal.factory_energy_charts import bands_card, course_card, money
from ballast.portal.factory_energy_story import energy_story
from ballast.portal.factory_html import (
    PHONE,
    WIDE,
    Card,
    Tile,
    View,
    absent,
    answer,
    card,
    figure_of,
    number,
    section,
    sentence,
    share,
    tiles,
)
from ballast.portal.factory_span import Span
from ballast.portal.factory_words import WORDS
from ballast.terms.label import Language
from ballast.words import say, visible
from ballast.words.numbers import Absence, fixed, percent

__all__ = ["energy_view"]

_DEAR = (Band.SHARP, Band.PEAK)
_MOST_BARS, _MOST_ROWS = 15, 300


def energy_view(
    report: EnergyReport, site: Site, span: Span, source: str, asset: str, language: Language
) -> View:
    """Return the part drawn.

    Parameters
    ----------
    report
        What was used.
    site
        The mapping of the home.
    span
        The stretch of time.
    source
        Where the figures come from, as written below charts.
    asset
        What was asked for; empty for all.
    language
        The reader's.
    """
    if not report.meters:
        said = Markup().join(
            Markup("<p>{}</p>").format(sentence(note.text(language))) for note in report.notes
        )
        return View(Markup('<div class="note" role="status">{}</div>').format(said), {})
    shown = _Shown(report, site, span, source, language)
    cards = [
        course_card(report, span, source, language),
        bands_card(report, span, source, language),
        shown.assets(),
        shown.products(),
        shown.orders(),
    ]
    made = [card(one, language) for one in cards if one is not None]
    top = answer(shown.said())
    body = top + tiles(shown.tiles(), language) + shown.notes()
    body += section(say("When, at which price, for what", language), *made)
    return View(body, energy_story(report, site, span, source, asset, language))


class _Shown:
    """One report, being put into markup."""

    def __init__(
        self, report: EnergyReport, site: Site, span: Span, source: str, language: Language
    ) -> None:
        self.report, self.site, self.span = report, site, span
        self.source, self.language = source, language
        self.period = span.label.text(language)

    def said(self) -> list[str]:
        """Return the finding in words."""
        whole, language = self.report.whole, self.language
        found = [
            say("{kwh} kWh were used, {period}.", language, period=self.period,
                kwh=number(round(float(whole.kwh), 1), language))
        ]  # fmt: skip
        dear = sum(
            (use.kwh for band, use in whole.bands.items() if band in _DEAR), start=Decimal(0)
        )
        paid = sum(
            (use.cny for band, use in whole.bands.items() if band in _DEAR), start=Decimal(0)
        )
        if whole.energy_cny and whole.kwh:
            found.append(
                say(
                    "{share} of it fell into the sharp and peak hours, and makes {paid} of the "
                    "energy bill of CNY {cny}.",
                    language,
                    share=percent(dear / whole.kwh),
                    paid=percent(paid / whole.energy_cny),
                    cny=money(whole.energy_cny, language),
                )
            )
        return found

    def tiles(self) -> list[Tile]:
        """Return the figures at the top."""
        whole, language = self.report.whole, self.language
        undefined = Absence.UNDEFINED.label.text(language)
        why = " ".join(one.text(language) for one in whole.why)
        made = [
            Tile("energy", say("Energy", language), number(round(float(whole.kwh), 1), language),
                 "kWh", more=say("{share} of the time metered", language,
                                 share=share(whole.covered))),
            Tile("cost", say("Cost of energy", language),
                 undefined if whole.energy_cny is None else money(whole.energy_cny, language),
                 "CNY" if language == "en" else "元", why if whole.energy_cny is None else ""),
        ]  # fmt: skip
        demand = whole.demand
        moment = "" if demand is None else f"{from_ms(demand.since, self._zone):%m-%d %H:%M}"
        made.append(
            Tile("demand", say("Peak demand", language),
                 undefined if demand is None else number(round(demand.kw, 1), language), "kW",
                 (why or undefined) if demand is None else "",
                 when=say("15 minutes from {time}", language, time=moment) if moment else "")
        )  # fmt: skip
        carbon = whole.carbon_kg
        factor = whole.factors[-1] if whole.factors else None
        made.append(
            Tile("carbon", say("Carbon of it", language),
                 undefined if carbon is None else number(round(carbon, 1), language), "kg CO₂",
                 (why or undefined) if carbon is None else "",
                 when="" if factor is None else f"{factor.kg_per_kwh} kg/kWh")
        )  # fmt: skip
        if whole.power_factor is not None:
            made.append(
                Tile("factor", say("Power factor", language),
                     number(round(whole.power_factor, 3), language))
            )  # fmt: skip
        if whole.load_factor is not None:
            made.append(
                Tile("load", say("Load factor", language), share(whole.load_factor),
                     more=say("mean over peak demand", language))
            )  # fmt: skip
        return made

    @property
    def _zone(self) -> tzinfo:
        return self.span.window.zone

    def notes(self) -> Markup:
        """Return what a reader must know, each once."""
        language = self.language
        said = dict.fromkeys(
            sentence(one.text(language)) for one in (*self.report.notes, *self.report.whole.why)
        )
        items = Markup().join(Markup("<li>{}</li>").format(text) for text in said)
        return Markup('<ul class="plain">{}</ul>').format(items) if items else Markup()

    def assets(self) -> Card | None:
        """Return what each asset used, and for how many pieces."""
        language = self.language
        found = sorted(self.report.assets, key=lambda one: -one.kwh)
        if not found:
            return None
        # What is metered above the others uses most by itself.
        whole = {one.asset for one in self.report.meters if one.counts}
        single = [one for one in found if one.asset not in whole]
        top = (single or found)[0]
        heading = say("{asset} used most: {kwh} kWh", language, asset=top.name,
                      kwh=number(round(top.kwh, 1), language))  # fmt: skip
        subtitle = say("Energy of each asset's own meter, kWh, {period}", language,
                       period=self.period)  # fmt: skip
        caption = Caption(heading, subtitle, self.source)
        bars = [
            Bar(one.name.text(language), one.kwh, number(round(one.kwh, 1), language),
                accent=one is top)
            for one in found[:_MOST_BARS]
        ]  # fmt: skip
        desk, phone = (
            figure_of(bar_chart(bars, caption, language, width=width), f"assets-{width}")
            for width in (WIDE, PHONE)
        )
        rows: list[list[Content]] = [
            [
                one.name.text(language),
                number(round(one.kwh, 3), language, 8),
                share(one.covered),
                "–" if one.good is None else number(one.good, language),
                self._each(one.kwh_per_good),
            ]
            for one in found[:_MOST_ROWS]
        ]
        heads = [WORDS["machine"].text(language), "kWh", say("Metered", language),
                 say("Good", language), say("kWh a good piece", language)]  # fmt: skip
        return Card("assets", heading, subtitle, self.source, heads, rows, desk, phone,
                    frozenset(range(1, 5)), "energy")  # fmt: skip

    def products(self) -> Card | None:
        """Return what a good piece of each product took."""
        language = self.language
        known = [one for one in self.report.products if one.kwh_per_good is not None]
        if not known:
            return None
        known.sort(key=lambda one: -(one.kwh_per_good or 0.0))
        top = known[0]
        heading = say("{product} takes most energy a piece: {kwh} kWh", language,
                      product=visible(top.product)[:60],
                      kwh=number(top.kwh_per_good or 0.0, language))  # fmt: skip
        subtitle = say(
            "Energy a good piece, kWh, over orders of which energy and good pieces are known, "
            "{period}",
            language,
            period=self.period,
        )
        caption = Caption(heading, subtitle, self.source)
        bars = [
            Bar(visible(one.product)[:60], one.kwh_per_good or 0.0,
                number(one.kwh_per_good or 0.0, language), accent=one is top)
            for one in known[:_MOST_BARS]
        ]  # fmt: skip
        desk, phone = (
            figure_of(bar_chart(bars, caption, language, width=width), f"products-{width}")
            for width in (WIDE, PHONE)
        )
        rows = [
            [visible(one.product)[:60], str(one.orders), number(round(one.kwh, 2), language, 8),
             number(one.good, language), number(one.kwh_per_good or 0.0, language)]
            for one in known[:_MOST_ROWS]
        ]  # fmt: skip
        heads = [say("Product", language), say("Orders", language), "kWh", say("Good", language),
                 say("kWh a good piece", language)]  # fmt: skip
        return Card("products", heading, subtitle, self.source, heads, rows, desk, phone,
                    frozenset(range(1, 5)), "product")  # fmt: skip

    def orders(self) -> Card | None:
        """Return what each order used."""
        language, zone = self.language, self.span.window.zone
        known = [one for one in self.report.orders if one.kwh is not None]
        if not known:
            return None
        rows: list[list[Content]] = []
        for one in sorted(known, key=lambda each: -each.start_ms)[:_MOST_ROWS]:
            asset = self.site.assets.get(one.asset)
            rows.append(
                [
                    visible(one.order)[:60] or "–",
                    visible(one.product)[:60],
                    one.asset if asset is None else asset.name.text(language),
                    f"{from_ms(one.start_ms, zone):%m-%d %H:%M}",
                    f"{from_ms(one.end_ms, zone):%m-%d %H:%M}",
                    fixed(one.kwh or 0.0, 2, language),
                    "–" if one.good is None else number(round(one.good), language),
                    self._each(one.kwh_per_good),
                ]
            )
        heads = [
            WORDS["order"].text(language), say("Product", language),
            WORDS["machine"].text(language), WORDS["from"].text(language),
            WORDS["until"].text(language), "kWh", say("Good", language),
            say("kWh a good piece", language),
        ]  # fmt: skip
        heading = say("Each order by its energy, the newest first", language)
        return Card("orders", heading, self.period, self.source, heads, rows,
                    figures=frozenset({5, 6, 7}))  # fmt: skip

    def _each(self, value: float | None) -> Content:
        if value is None:
            text = Absence.UNDEFINED.label.text(self.language)
            why = say("energy or good pieces are not known for all of it", self.language)
            return absent(text, why)
        return number(value, self.language)
