"""The stories of energy: what was added up, at which price, with whose emission factor."""

from __future__ import annotations

from ballast.plant.reports.energy import EnergyReport
from ballast.plant.reports.window import from_ms
from ballast.plant.site import Site
from ballast.portal.factory_commands import energy_command
from ballast.portal.factory_html import number, share
from ballast.portal.factory_oee_story import window_text
from ballast.portal.factory_span import Span
from ballast.portal.story import Line, Story
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["energy_story"]

_FORMULA = Label("公式", "Formula")
_COMPUTED = Label("计算", "Computed")
_METERS = Label("电表", "Meters")
_TARIFF = Label("电价依据", "Tariff")
_FACTOR = Label("排放因子", "Emission factor")
_PERIOD = Label("时段", "Period")
_SOURCES = Label("来源", "Sources")
_COMMAND = Label("复现命令", "Command")


def energy_story(
    report: EnergyReport, site: Site, span: Span, source: str, asset: str, language: Language
) -> dict[str, Story]:
    """Return the stories of the part, by key.

    Parameters
    ----------
    report, site, span, source
        What the page shows.
    asset
        What was asked for; empty for all.
    language
        To tell them in.
    """
    whole = report.whole
    kwh = number(round(float(whole.kwh), 3), language, 9)
    window = span.window
    shared = (
        Line(_PERIOD.text(language), (window_text(window),)),
        Line(_METERS.text(language), _meters(report, language)),
        Line(_SOURCES.text(language), (source, "energy_meter, telemetry_1min, production")),
        Line(_COMMAND.text(language), (energy_command(window, asset),),
             code=True),
    )  # fmt: skip

    def story(key: str, title: str, value: str, *lines: Line) -> Story:
        told = tuple(line for line in (*lines, *shared) if any(line.texts))
        return Story(key, title, value, "", told, report.provenance == "synthetic")

    undefined = Absence.UNDEFINED.label.text(language)
    formula = _FORMULA.text(language)
    tariff = _tariff(site)
    demand = whole.demand
    stories = [
        story("energy", say("Energy", language), f"{kwh} kWh",
              Line(formula, (say("sum over the topmost meters; what is below them is in it",
                                 language),))),
        story("cost", say("Cost of energy", language),
              undefined if whole.energy_cny is None else f"CNY {whole.energy_cny}",
              Line(formula, (say("energy of each quarter of an hour × price of its band",
                                 language),)),
              Line(_TARIFF.text(language), tariff)),
        story("demand", say("Peak demand", language),
              undefined if demand is None else f"{number(round(demand.kw, 3), language, 6)} kW",
              Line(formula, (say("highest mean power of a period of 15 minutes", language),)),
              Line(_COMPUTED.text(language), _demand(report, span, language))),
        story("carbon", say("Carbon of it", language),
              undefined if whole.carbon_kg is None
              else f"{number(round(whole.carbon_kg, 3), language, 8)} kg CO₂",
              Line(formula, (say("energy of each day × emission factor of that day", language),)),
              Line(_FACTOR.text(language), tuple(
                  f"{one.kg_per_kwh} kg CO₂/kWh · {one.source}" for one in whole.factors))),
        story("factor", say("Power factor", language),
              undefined if whole.power_factor is None
              else number(round(whole.power_factor, 4), language),
              Line(formula, ("kWh / √(kWh² + kVArh²)",))),
        story("load", say("Load factor", language), share(whole.load_factor) or undefined,
              Line(formula, (say("mean power over peak demand", language),))),
        story("product", say("Energy a good piece", language), "kWh",
              Line(formula, (say("energy of a product's orders ÷ their good pieces", language),))),
    ]  # fmt: skip
    return {one.key: one for one in stories}


def _meters(report: EnergyReport, language: Language) -> tuple[str, ...]:
    return tuple(
        say(
            "{meter}: {kwh} kWh, {covered} of the time",
            language,
            meter=one.name,
            kwh=number(round(one.kwh, 3), language, 8),
            covered=share(one.covered),
        )
        for one in report.meters
        if one.counts
    )[:20]


def _tariff(site: Site) -> tuple[str, ...]:
    if site.tariff is None:
        return ()
    return tuple(f"{one.since} · {one.source}" for one in site.tariff.versions)


def _demand(report: EnergyReport, span: Span, language: Language) -> tuple[str, ...]:
    found = report.whole.demand
    if found is None:
        return ()
    moment = from_ms(found.since, span.window.zone)
    said = [
        say(
            "the highest of {periods} periods, from {time}",
            language,
            periods=found.periods,
            time=f"{moment:%Y-%m-%d %H:%M}",
        )
    ]
    if report.whole.sliding is not None:
        said.append(
            say(
                "with a window that slides by a minute: {kw} kW",
                language,
                kw=number(round(report.whole.sliding.kw, 3), language, 6),
            )
        )
    return tuple(said)
