"""Titles, projects, clusters, identifiers and machines of an enterprise as markup.

Where there is nothing, the page says what would be there and what brings it:
an empty table tells nobody whether something is missing or not there.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from ballast.brain.enterprise_dossier_shape import ChainPlace, HeldTitle, UpgradeProject
from ballast.brain.enterprise_shape import EnterpriseProfile
from ballast.charts.figure import Caption
from ballast.charts.line import Series, line_chart
from ballast.portal.data_html import Content, link, unbroken
from ballast.portal.enterprise_words import WORDS
from ballast.portal.factory_html import (
    PHONE,
    WIDE,
    Card,
    absent,
    badge,
    card,
    figure_of,
    number,
)
from ballast.portal.frame_address import go
from ballast.portal.picture_words import absent_reason
from ballast.terms.label import Language
from ballast.terms.unit import CNY_1E4
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence, percent, written

__all__ = [
    "chains_card",
    "clusters_card",
    "identifiers_part",
    "plants_part",
    "projects_card",
    "titles_card",
]


def _nothing(text: str) -> Markup:
    return Markup('<p class="bd-note">{}</p>').format(text)


def titles_card(profile: EnterpriseProfile, source: str, language: Language) -> Markup:
    """Return the titles, those that hold first."""
    held = profile.titles
    if not held:
        return _nothing(
            say(
                "No title is known. Titles stand here once the bureau has loaded the list of the "
                "table title.",
                language,
            )
        )
    holding = sum(one.state != "expired" for one in held)
    ending = sum(one.state == "ending" for one in held)
    heading = say("Titles that hold: {holding}; of these end within 180 days: {ending}", language,
                  holding=holding, ending=ending)  # fmt: skip
    heads = [
        WORDS[name].text(language)
        for name in ("title", "tier", "state", "awarded", "expires", "certificate")
    ]
    rows = [_title(one, language) for one in held]
    made = Card("titles", heading, _day(profile, language), source, heads, rows)
    return card(made, language)


def _title(one: HeldTitle, language: Language) -> list[Content]:
    return [
        one.label.text(language),
        "" if one.tier is None else one.tier.text(language),
        Markup('<span class="en-{}">{}</span>').format(one.state, WORDS[one.state].text(language)),
        unbroken(one.awarded.isoformat()),
        "" if one.expires is None else unbroken(one.expires.isoformat()),
        one.certificate,
    ]


def projects_card(profile: EnterpriseProfile, source: str, language: Language) -> Markup:
    """Return the projects, those under way first."""
    held = profile.projects
    if not held:
        return _nothing(
            say(
                "No project is known. Projects stand here once the project ledger has been "
                "loaded (table project).",
                language,
            )
        )
    open_ones = [one for one in held if one.status not in ("finished", "cancelled")]
    late = sum(one.late is not None for one in open_ones)
    heading = say("Projects: {count}; not finished: {open}; late: {late}", language,
                  count=len(held), open=len(open_ones), late=late)  # fmt: skip
    heads = [
        WORDS[name].text(language)
        for name in ("project", "kind", "state", "planned", "done", "start", "end")
    ]
    rows = [_project(one, language) for one in held]
    made = Card("projects", heading, _day(profile, language), source, heads, rows,
                figures=frozenset({3, 4}))  # fmt: skip
    return card(made, language)


def _project(one: UpgradeProject, language: Language) -> list[Content]:
    state: Content = one.status_label.text(language)
    if one.late is not None:
        late = say("{days} days late", language, days=one.late)
        state = Markup('{} <small class="en-behind">{}</small>').format(state, late)
    name = Markup("{}<small>{}</small>").format(one.name, one.project)
    return [
        name,
        one.kind.text(language),
        state,
        str(written(one.planned, CNY_1E4, language)),
        _done(one, language),
        _dates(one.started, one.planned_start, language),
        _dates(one.finished, one.planned_end, language),
    ]


def _done(one: UpgradeProject, language: Language) -> Content:
    if one.invested is None:
        return absent(
            Absence.NO_DATA.label.text(language), absent_reason(Absence.NO_DATA, language)
        )
    if not one.planned:
        return absent(
            Absence.UNDEFINED.label.text(language), absent_reason(Absence.UNDEFINED, language)
        )
    return percent(Decimal(one.invested) / one.planned, places=0)


def _dates(real: object, planned: object, language: Language) -> Content:
    if real is not None:
        return unbroken(str(real))
    if planned is None:
        return ""
    return unbroken(say("planned {day}", language, day=str(planned)))


def _day(profile: EnterpriseProfile, language: Language) -> str:
    return say("as of {day}", language, day=profile.as_of.isoformat())


def clusters_card(profile: EnterpriseProfile, source: str, language: Language) -> Markup:
    """Return the clusters that count the enterprise."""
    if not profile.clusters:
        return _nothing(
            say(
                "No cluster counts this enterprise: neither its industries nor its place are in a "
                "definition that is loaded.",
                language,
            )
        )
    heading = say("Clusters that count it: {count}", language, count=len(profile.clusters))
    subtitle = say("The share of it that each counts, by the weights of its industries", language)
    heads = [WORDS[name].text(language) for name in ("cluster", "weight")]
    rows: list[list[Content]] = [
        [
            Markup("{}<small>{}</small>").format(one.label.text(language), one.definition),
            percent(one.weight, places=0),
        ]
        for one in profile.clusters
    ]
    return card(
        Card("clusters", heading, subtitle, source, heads, rows, figures=frozenset({1})), language
    )


def chains_card(profile: EnterpriseProfile, source: str, language: Language) -> Markup:
    """Return the stages of chains that the enterprise stands on."""
    if not profile.chains:
        return _nothing(
            say(
                "None of its industries stands on a chain that is loaded (table chain_definition).",
                language,
            )
        )
    heading = say("Stages of chains that it stands on: {count}", language,
                  count=len(profile.chains))  # fmt: skip
    subtitle = say("By its industries; chains of its own clusters first", language)
    heads = [WORDS[name].text(language) for name in ("chain", "product", "takes_from", "goes_to")]
    rows = [_stage(one, language) for one in profile.chains]
    return card(Card("chains", heading, subtitle, source, heads, rows), language)


def _stage(one: ChainPlace, language: Language) -> list[Content]:
    name = link(one.label.text(language), go("/chain", chain=one.chain, lang=language))
    product: Content = one.product.text(language)
    if one.imported:
        mark = say("mostly imported", language)
        product = Markup('{} <small class="en-behind">{}</small>').format(product, mark)
    joint = WORDS["joint"].text(language)
    return [
        name,
        product,
        joint.join(label.text(language) for label in one.takes_from) or "–",
        joint.join(label.text(language) for label in one.goes_to) or "–",
    ]


def identifiers_part(profile: EnterpriseProfile, language: Language) -> Markup:
    """Return what the enterprise names at the node."""
    held = profile.identifiers
    heading = Markup('<h3 class="en-part">{}</h3>').format(say("Identifiers", language))
    if not held.prefixes:
        text = say(
            "It holds no prefix of the identifier node. The administrator of the node allots one; "
            "then its products, batches and machines can be named and scanned.",
            language,
        )
        return heading + _nothing(text)
    facts = [
        (say("Prefixes", language), ", ".join(held.prefixes), ""),
        (say("Registered in all", language), number(held.registered - held.deleted, language), ""),
        (
            say("Registered, last {days} days", language, days=held.days),
            number(held.recent_registered, language),
            "",
        ),
        (
            say("Resolved, last {days} days", language, days=held.days),
            number(held.recent_resolved, language),
            "" if held.last_day is None else say("until {day}", language, day=str(held.last_day)),
        ),
    ]
    more = Markup('<p><a href="{}">{}</a></p>').format(
        go("/identifiers", lang=language), say("To the identifiers", language)
    )
    return heading + badge(language, synthetic=held.synthetic) + _facts(facts) + more


def _facts(facts: list[tuple[str, str, str]]) -> Markup:
    entries = Markup().join(
        Markup("<div><dt>{}</dt><dd>{}{}</dd></div>").format(
            name, value, Markup("<small>{}</small>").format(more) if more else Markup()
        )
        for name, value, more in facts
    )
    return Markup('<dl class="bd-figures">{}</dl>').format(entries)


def plants_part(profile: EnterpriseProfile, language: Language) -> Markup:
    """Return what its plants told the city."""
    held = profile.plant_days
    heading = Markup('<h3 class="en-part">{}</h3>').format(say("Days of its plants", language))
    if held.last_day is None:
        text = say(
            "No day of a plant has been told. A factory that runs the collector and agrees to it "
            "tells the city one signed summary a day: ballast plant push.",
            language,
        )
        return heading + _nothing(text)
    until = say("until {day}", language, day=str(held.last_day))
    state = (
        say("Connected: {told} of the last {days} days were told.", language,
            told=held.told, days=held.days)
        if held.connected
        else say("Not connected: nothing was told in the last {days} days, {until}.", language,
                 days=held.days, until=until)
    )  # fmt: skip
    facts = [
        (say("OEE, last {days} days", language, days=held.days),
         Absence.NO_DATA.label.text(language) if held.oee is None else percent(held.oee), until),
        (say("Electricity, last {days} days", language, days=held.days),
         Absence.NO_DATA.label.text(language) if held.energy_kwh is None
         else f"{number(held.energy_kwh, language)} kWh", ""),
        (say("Machines", language), "" if held.machines is None else str(held.machines), ""),
    ]  # fmt: skip
    mark = badge(language, synthetic=held.synthetic)
    return heading + mark + _nothing(state) + _facts(facts) + _oee(profile, language)


def _oee(profile: EnterpriseProfile, language: Language) -> Markup:
    series = profile.plant_days.series
    if not any(a is not None and b is not None for (_, a), (_, b) in pairwise(series)):
        return Markup()
    heading = say("OEE by day", language)
    subtitle = say("Percent; a day that was not told is a gap", language)
    mark = SYNTHETIC.text(language) if profile.plant_days.synthetic else ""
    source = say(
        "Source: signed days of its plants (plant_daily). {mark}", language, mark=mark
    ).strip()
    points = tuple((day, None if oee is None else oee * 100) for day, oee in series)
    caption = Caption(heading, subtitle, source)
    drawn = [
        figure_of(
            line_chart([Series("OEE", points, accent=True)], caption, language, width=width,
                       height=160, by_day=True),
            key,
        )
        for width, key in ((WIDE, "oee"), (PHONE, "oee-phone"))
    ]  # fmt: skip
    rows: list[list[Content]] = [
        [
            unbroken(day.isoformat()),
            Absence.NO_DATA.label.text(language) if oee is None else percent(oee),
        ]
        for day, oee in reversed(series)
    ]
    heads = [WORDS["period"].text(language), "OEE"]
    return card(
        Card("oee", heading, subtitle, source, heads, rows, drawn[0], drawn[1], frozenset({1})),
        language,
    )
