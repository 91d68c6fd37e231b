"""The part *Energy*: what was used, when and at which price, for what, and its carbon."""

from __future__ import annotations

from concurrent.futures import Future

from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.plant.reports.energy import energy_report
from ballast.plant.site import Site
from ballast.portal.data_html import note, show
from ballast.portal.factory_energy_view import energy_view
from ballast.portal.factory_html import View, chooser, spans
from ballast.portal.factory_oee import machine_choices, source_line
from ballast.portal.factory_oee_story import window_text
from ballast.portal.factory_panel import FactoryPage, show_view
from ballast.portal.factory_span import SPAN_LABELS, span_of
from ballast.portal.factory_words import WORDS
from ballast.words import explain

__all__ = ["draw_energy"]


async def draw_energy(page: FactoryPage, site: Site) -> None:
    """Put the part on the page that is being built."""
    language, desk, viewer = page.language, page.desk, page.identity.viewer
    name, machine = page.asked("span", "today"), page.asked("machine")
    offered = [key for key in SPAN_LABELS if site.shifts or "shift" not in key]
    choices = [(key, SPAN_LABELS[key].text(language)) for key in offered]
    show(spans(choices, name, language, **page.kept("span", "story")))
    options = machine_choices(site, language)
    show(
        chooser(
            [("machine", WORDS["machine"].text(language), options, machine)],
            language,
            **page.kept("machine", "story"),
        )
    )
    try:
        span = span_of(name, site, desk.now_ms)
    except BallastError as error:
        note(explain(error, language), "alert", "alert")
        return

    def work(lake: Lake) -> View:
        chosen = [machine] if machine else None
        report = energy_report(lake, viewer, span.window, site=site, assets=chosen)
        source = source_line(site, window_text(span.window), language)
        return energy_view(report, site, span, source, machine, language)

    def ask() -> Future[View]:
        key = ("energy", span.name, span.window.end_ms, machine, language)
        return desk.ask(viewer, key, work, settled=span.over(desk.now_ms))

    await show_view(page, ask, f"factory: energy {span.name} {machine}".strip())
