"""One project as markup: how it stands, what is flagged, its months, its history."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from markupsafe import Markup

from ballast.brain.projects.flags import FLAG_LABELS
from ballast.brain.projects.ledger import KIND_LABELS, Event, Month, Project
from ballast.brain.projects.status import STATUS_LABELS
from ballast.charts.figure import Caption
from ballast.charts.line import Series, line_chart
from ballast.lake.tables import table
from ballast.portal.data_html import Content, table_html
from ballast.portal.factory_html import PHONE, WIDE, Card, badge, card, figure_of
from ballast.portal.frame_address import go
from ballast.portal.projects_view import Seen, money
from ballast.portal.projects_words import PAGE, WORDS
from ballast.terms.label import Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC

__all__ = ["history_markup", "project_markup"]

_FUNDS = ("own", "loan", "fiscal")


def project_markup(seen: Seen, one: Project, language: Language) -> Markup:
    """Return a project: facts, flags, months.

    Parameters
    ----------
    seen
        What the reader may see.
    one
        The project.
    language
        The reader's.
    """
    back = say("All projects", language)
    name = Markup('<p class="en-name"><strong>{}</strong> {}</p>').format(
        one.name, badge(language, synthetic=seen.ledger.synthetic)
    )
    return Markup().join(
        [
            Markup('<p class="en-back"><a href="{}">{}</a></p>').format(
                go(PAGE, part="ledger", lang=language), back
            ),
            name,
            _facts(seen, one, language),
            _flags(seen, one, language),
            _months(seen, one, language),
        ]
    )


def _facts(seen: Seen, one: Project, language: Language) -> Markup:
    def day(name: str) -> str:
        found = getattr(one, name)
        return "–" if found is None else str(found.isoformat())

    owner = one.uscc
    if one.enterprise is not None:
        owner = f"{one.enterprise.text(language)} ({one.uscc})"
    place = seen.names.region(one.region).text(language)
    industry = seen.names.industry(one.industry_scheme, one.industry).text(language)
    funds = " · ".join(
        f"{WORDS[name].text(language)} {money(amount, language)}"
        for name, amount in zip(_FUNDS, one.funds, strict=True)
        if amount is not None
    )
    facts = {
        "project": one.number,
        "enterprise": owner,
        "place": f"{place} · {one.industry} {industry}",
        "kind": KIND_LABELS[one.kind].text(language),
        "status": STATUS_LABELS[one.status].text(language),
        "planned": money(one.planned, language),
        "invested": money(one.invested, language),
        "funds": funds,
        "aliases": "; ".join(one.aliases),
    }
    facts |= {name: day(name) for name in ("planned_start", "planned_end", "started", "finished")}
    listed = Markup().join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(WORDS[name].text(language), text)
        for name, text in facts.items()
        if text
    )
    return Markup('<dl class="pj-facts">{}</dl>').format(listed)


def _flags(seen: Seen, one: Project, language: Language) -> Markup:
    found = seen.flags.get(one.number, ())
    if not found:
        return Markup()
    listed = Markup().join(
        Markup("<li><strong>{}</strong> {}</li>").format(
            FLAG_LABELS[flag.kind].text(language), flag.reason.text(language)
        )
        for flag in found
    )
    return Markup('<ul class="pj-flags">{}</ul>').format(listed)


def _months(seen: Seen, one: Project, language: Language) -> Markup:
    months = seen.ledger.months.get(one.number, ())
    if not months:
        text = say("No month has been told of it yet.", language)
        return Markup('<p class="bd-note">{}</p>').format(text)
    heads = [WORDS[key].text(language) for key in ("month", "month_plan", "month_done", "to_date",
                                                   "progress")]  # fmt: skip
    rows: list[list[Content]] = [
        [
            month.period.label.text(language),
            money(month.planned, language),
            money(month.invested, language),
            money(month.cumulative, language),
            month.progress or "",
        ]
        for month in reversed(months)
    ]
    heading = _finding(one, months, language)
    mark = SYNTHETIC.text(language) if seen.ledger.synthetic else ""
    source = say("Source: monthly sheets of projects. {mark}", language, mark=mark).strip()
    subtitle = say("Invested to date beside the plan, 10,000 CNY", language)
    caption = Caption(heading, subtitle, source)
    lines = _lines(months, language)
    drawn = {
        width: figure_of(
            line_chart(lines, caption, language, width=width, from_zero=True), f"months-{width}"
        )
        for width in (WIDE, PHONE)
    }
    made = Card(
        "months", heading, subtitle, source, heads, rows, drawn[WIDE], drawn[PHONE],
        frozenset({1, 2, 3}),
    )  # fmt: skip
    title = WORDS["months"].text(language)
    return Markup("<section><h2>{}</h2>{}</section>").format(title, card(made, language))


def _lines(months: Sequence[Month], language: Language) -> list[Series]:
    done = [
        (month.period.end, None if month.cumulative is None else float(month.cumulative))
        for month in months
    ]
    plan = accumulate(float(month.planned or 0) for month in months)
    planned = [(month.period.end, value) for month, value in zip(months, plan, strict=True)]
    return [
        Series(WORDS["plan_line"].text(language), tuple(planned)),
        Series(WORDS["done_line"].text(language), tuple(done), accent=True),
    ]


def _finding(one: Project, months: Sequence[Month], language: Language) -> str:
    last = months[-1]
    if not one.planned or last.cumulative is None:
        return say("Last told of in {month}", language, month=last.period.label)
    return say(
        "{share} % of the planned investment is made by {month}",
        language,
        share=round(last.cumulative / one.planned * Decimal(100)),
        month=last.period.label,
    )


def history_markup(events: Sequence[Event], language: Language) -> Markup:
    """Return what became of a project, newest change first.

    Parameters
    ----------
    events
        Oldest first.
    language
        The reader's.
    """
    title = WORDS["history"].text(language)
    if not events:
        text = say("Nothing has been changed since it was loaded.", language)
        return Markup('<section><h2>{}</h2><p class="bd-note">{}</p></section>').format(title, text)
    heads = [WORDS[key].text(language) for key in ("day", "what", "before", "after", "who",
                                                   "reason")]  # fmt: skip
    rows: list[list[Content]] = [
        [
            Markup('<span class="bd-once">{}</span>').format(event.on.isoformat()),
            _what(event, language),
            _value(event, event.before, language),
            _value(event, event.after, language),
            event.who,
            event.reason or "",
        ]
        for event in reversed(events)
    ]
    return Markup("<section><h2>{}</h2>{}</section>").format(title, table_html(title, heads, rows))


def _what(event: Event, language: Language) -> str:
    declared = table("project")
    if event.field is not None and any(c.name == event.field for c in declared):
        return declared.column(event.field).label.text(language)
    kinds = {c.value: c.label for c in table("project_event").column("event_kind").choices}
    return kinds[event.kind].text(language) if event.kind in kinds else event.kind


def _value(event: Event, text: str | None, language: Language) -> str:
    if text is None:
        return "–"
    field = "status" if event.kind == "registered" else event.field or ""
    labels = {"status": STATUS_LABELS, "project_kind": KIND_LABELS}.get(field, {})
    return labels[text].text(language) if text in labels else text
