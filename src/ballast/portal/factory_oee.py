"""The part *OEE*: how well the machines were used, and where the time went.

The figures first, then the losses that make them, then what each machine did.
Everything of one screen is of one report, asked once; the days before are a
second question, because they take longer and hardly ever change.
"""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta

from markupsafe import Markup

from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.plant.measures.kpi import KPIS, Element
from ballast.plant.reports.machine_time import machine_times
from ballast.plant.reports.oee import OeeReport, OeeRow, oee_report
from ballast.plant.reports.window import days, from_ms
from ballast.plant.site import Site
from ballast.portal.data_html import note, show
from ballast.portal.factory_html import (
    Card,
    Tile,
    View,
    absent,
    answer,
    card,
    chooser,
    hours,
    number,
    section,
    sentence,
    share,
    spans,
    tiles,
)
from ballast.portal.factory_oee_charts import (
    losses_card,
    machines_card,
    timeline_card,
    trend_card,
)
from ballast.portal.factory_oee_story import kpi_text, row_stories, story_key, window_text
from ballast.portal.factory_panel import FactoryPage, show_view
from ballast.portal.factory_span import SPAN_LABELS, Span, span_of
from ballast.portal.factory_words import WORDS
from ballast.portal.story import Story
from ballast.terms.label import Language
from ballast.terms.viewer import Viewer
from ballast.words import explain, say
from ballast.words.marks import SYNTHETIC

__all__ = ["draw_oee", "machine_choices", "oee_view", "source_line"]

_HEADLINE = ("oee", "availability", "effectiveness", "quality_ratio")
_TREND_DAYS = 14
_LOW = 0.95
"""A headline that rests on less than this share of the planned time says so."""
_MOST_TIMELINE = timedelta(days=2)
"""A picture of states is read by the hour; of a week it would be a barcode."""


async def draw_oee(page: FactoryPage, site: Site) -> None:
    """Put the part on the page that is being built."""
    language = page.language
    machine = page.asked("machine")
    name = page.asked("span", "today")
    offered = [key for key in SPAN_LABELS if site.shifts or "shift" not in key]
    choices = [(key, SPAN_LABELS[key].text(language)) for key in offered]
    show(spans(choices, name, language, **page.kept("span", "story")))
    show(
        chooser(
            [
                (
                    "machine",
                    WORDS["machine"].text(language),
                    machine_choices(site, language),
                    machine,
                )
            ],
            language,
            **page.kept("machine", "story"),
        )
    )
    try:
        span = span_of(name, site, page.desk.now_ms)
    except BallastError as error:
        note(explain(error, language), "alert", "alert")
        return
    viewer, desk = page.identity.viewer, page.desk

    def ask() -> Future[View]:
        key = ("oee", span.name, span.window.end_ms, machine, language)
        return desk.ask(
            viewer, key, lambda lake: oee_view(lake, viewer, site, span, machine, language),
            settled=span.over(desk.now_ms),
        )  # fmt: skip

    def ask_trend() -> Future[View]:
        today = from_ms(desk.now_ms, site.zone).date()
        key = ("trend", today, machine, language)
        return desk.ask(
            viewer, key, lambda lake: _trend(lake, viewer, site, machine, desk.now_ms, language),
            settled=True,
        )  # fmt: skip

    await show_view(page, ask, f"factory: oee {span.name} {machine}".strip())
    await show_view(page, ask_trend, f"factory: oee by day {machine}".strip())


def machine_choices(site: Site, language: Language) -> list[tuple[str, str]]:
    """Return the assets that a reader may choose, each indented below the one above it."""
    found = [("", WORDS["all_machines"].text(language))]
    depth: dict[str | None, int] = {None: -1}
    for asset in site.assets.values():
        depth[asset.asset] = depth.get(asset.parent, -1) + 1
        found.append((asset.asset, "\u2003" * depth[asset.asset] + asset.name.text(language)))
    return found


def source_line(site: Site, day: str, language: Language) -> str:
    """Return where the figures of a part come from, with the mark of synthetic data."""
    mark = SYNTHETIC.text(language) if site.provenance == "synthetic" else ""
    return say(
        "Source: the machines of {site} and what its people entered, {period}. {mark}",
        language,
        site=site.name,
        period=day,
        mark=mark,
    ).strip()


def oee_view(
    lake: Lake, viewer: Viewer, site: Site, span: Span, machine: str, language: Language
) -> View:
    """Return the part drawn; takes up to seconds.

    Parameters
    ----------
    lake
        A lake of the calling thread's own.
    viewer
        Who asks.
    site
        The mapping of the home.
    span
        The stretch of time.
    machine
        An asset; empty for all.
    language
        The reader's.
    """
    assets = [machine] if machine else None
    report = oee_report(lake, viewer, span.window, assets=assets, site=site)
    if report.total is None or not report.rows:
        return View(_nothing(span, language), {})
    title = WORDS["all_machines"].text(language)
    if machine and machine in site.assets:
        title = site.assets[machine].name.text(language)
    whole = report.rows[0] if len(report.rows) == 1 else report.total
    period, source = (
        span.label.text(language),
        source_line(site, window_text(span.window), language),
    )
    cards = [losses_card(whole, title, period, source, story_key(whole, "oee"), language)]
    cards.append(machines_card(report, source, period, language))
    if span.window.end - span.window.start <= _MOST_TIMELINE:
        held = [row.asset for row in report.rows]
        times = machine_times(lake, viewer, span.window, assets=held, site=site)
        cards.append(timeline_card(times, site, span.window, source, period, language))
    cards.append(_table(report, period, source, language))
    if len(report.rows) == 1:
        cards.append(_every(whole, period, source, language))
    body = Markup().join(card(one, language) for one in cards if one is not None)
    stories = _stories(report, whole, title, machine, language)
    top = answer(_said(whole, title, period, language)) + tiles(_tiles(whole, language), language)
    told = say("Where the time went", language)
    return View(top + _notes(report, whole, language) + section(told, body), stories)


def _nothing(span: Span, language: Language) -> Markup:
    text = say(
        "Nothing is recorded of {period}. OEE needs a state tag of each machine (role state) and "
        "its pieces (role good or produced), or stops and production entered by people.",
        language,
        period=span.label,
    )
    return Markup('<p class="note" role="status">{}</p>').format(text)


def _said(row: OeeRow, title: str, period: str, language: Language) -> list[str]:
    tree = row.tree
    if tree is None or row.kpis.get("oee") is None:
        why = sentence(kpi_text(row, "oee", language)[1])
        found = [
            say("{what}, {period}: there is no OEE. {why}", language, what=title, period=period,
                why=why)
        ]  # fmt: skip
    else:
        found = [
            say(
                "{what}, {period}: of {planned} planned hours {good} went into good pieces, an OEE "
                "of {oee}.",
                language,
                what=title,
                period=period,
                planned=hours(tree.pbt_s, language),
                good=hours(tree.good_s, language),
                oee=share(tree.oee),
            )
        ]
    if row.coverage is not None and row.coverage < _LOW:
        found.append(
            say(
                "Only {share} of the planned time is recorded: what is missing counts neither for "
                "nor against the machines.",
                language,
                share=share(row.coverage),
            )
        )
    return found


def _tiles(row: OeeRow, language: Language) -> list[Tile]:
    made = []
    for name in _HEADLINE:
        value, why = kpi_text(row, name, language)
        missing = row.kpis.get(name) is None
        made.append(
            Tile(
                story_key(row, name),
                "OEE" if name == "oee" else KPIS[name].label.text(language),
                value,
                reason=(why or value) if missing else "",
                more=KPIS[name].formula if name != "oee" else "A × E × Q",
            )
        )
    produced, good = (row.elements.get(e, float("nan")) for e in (Element.PQ, Element.GQ))
    made.append(
        Tile(
            story_key(row, "quality_ratio"),
            say("Good pieces", language),
            number(good, language) if good == good else "–",
            more=say("of {produced} made", language, produced=number(produced, language))
            if produced == produced
            else "",
        )
    )
    made.append(
        Tile(
            story_key(row, "availability"),
            say("Recorded", language),
            share(row.coverage) or "–",
            more=say("of {hours} planned hours", language, hours=hours(row.planned_s, language)),
        )
    )
    return made


def _notes(report: OeeReport, whole: OeeRow, language: Language) -> Markup:
    said = dict.fromkeys(sentence(one.text(language)) for one in (*report.notes, *whole.notes))
    if not said:
        return Markup()
    items = Markup().join(Markup("<li>{}</li>").format(text) for text in said)
    return Markup('<ul class="plain" aria-label="{}">{}</ul>').format(
        say("To know", language), items
    )


def _table(report: OeeReport, period: str, source: str, language: Language) -> Card | None:
    if len(report.rows) < 2:
        return None
    rows = []
    for row in report.rows:
        figures = [_cell(row, name, language) for name in _HEADLINE]
        pieces = [
            number(v, language) if (v := row.elements.get(e, float("nan"))) == v else "–"
            for e in (Element.PQ, Element.GQ)
        ]
        rows.append(
            [
                row.name.text(language),
                *figures,
                hours(row.planned_s, language),
                hours(row.unrecorded_s, language),
                *pieces,
            ]
        )
    heads = [
        WORDS["machine"].text(language),
        "OEE",
        *(KPIS[name].label.text(language) for name in _HEADLINE[1:]),
        say("Planned h", language),
        say("Unrecorded h", language),
        say("Made", language),
        say("Good", language),
    ]
    heading = say("Each machine by its figures", language)
    subtitle = say("Shares of time and pieces, {period}; a figure opens its story", language,
                   period=period)  # fmt: skip
    return Card(
        "machines", heading, subtitle, source, heads, rows, figures=frozenset(range(1, len(heads)))
    )


def _cell(row: OeeRow, name: str, language: Language) -> Markup:
    value, why = kpi_text(row, name, language)
    if row.kpis.get(name) is None:
        return absent(value, why)
    return Markup('<button type="button" class="told" data-story="{}">{}</button>').format(
        story_key(row, name), value
    )


def _every(row: OeeRow, period: str, source: str, language: Language) -> Card:
    rows = [
        [
            KPIS[name].label.text(language),
            _cell(row, name, language),
            Markup("<code>{}</code>").format(KPIS[name].formula),
        ]
        for name in row.kpis
    ]
    heading = say("All indicators of ISO 22400-2 that this machine has", language)
    heads = [say("Indicator", language), WORDS["value"].text(language), say("Formula", language)]
    return Card("every", heading, period, source, heads, rows, figures=frozenset({1}))


def _stories(
    report: OeeReport, whole: OeeRow, title: str, machine: str, language: Language
) -> dict[str, Story]:
    found: dict[str, Story] = {}
    for row in report.rows:
        found.update(row_stories(row, report, row.name.text(language), row.asset, language))
    found.update(row_stories(whole, report, title, machine, language))
    return found


def _trend(
    lake: Lake, viewer: Viewer, site: Site, machine: str, now_ms: int, language: Language
) -> View:
    today = from_ms(now_ms, site.zone).date()
    window = days(today - timedelta(days=_TREND_DAYS), today - timedelta(days=1), site.zone)
    assets = [machine] if machine else None
    report = oee_report(lake, viewer, window, assets=assets, by="day", site=site)
    found = trend_card(report, source_line(site, window_text(window), language), language)
    title = say("Day by day", language)
    if found is None:
        text = say("A line by day is drawn once two days are over.", language)
        return View(section(title, Markup('<p class="bd-note">{}</p>').format(text)), {})
    return View(section(title, card(found, language)), {})
