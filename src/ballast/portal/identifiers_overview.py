"""The part Overview of the Identifiers page: how much is named, and how often it is looked up.

Counting a month of a thousand prefixes and drawing it takes a second, so the
page stands before its figures do. Nothing of it is kept: today's figures are
what people come back for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from markupsafe import Markup
from nicegui import background_tasks, ui

from ballast.charts.figure import Caption, svg
from ballast.charts.line import Series, line_chart
from ballast.errors import BallastError
from ballast.node.registry.entries import DayCount, PrefixState
from ballast.node.service.lifecycle import LifeState
from ballast.portal.context import PortalContext
from ballast.portal.data_html import heading, link, note, show, show_table, table_html
from ballast.portal.data_words import count
from ballast.portal.frame import go
from ballast.portal.identifiers_counts import Overview, overview
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_rights import lists_records, manages_prefixes, registers_somewhere
from ballast.portal.identifiers_words import LIFE_LABELS, STATE_LABELS, badge, moment_at
from ballast.portal.identity import Identity, audited
from ballast.terms.label import Label, Language
from ballast.terms.viewer import Viewer
from ballast.words import explain, say
from ballast.words.marks import SYNTHETIC

__all__ = ["draw_overview", "show_no_node"]

_WIDTH = 440
_HEADS = (
    Label("前缀", "Prefix"),
    Label("企业", "Enterprise"),
    Label("标识数", "Identifiers"),
    Label("所示各日解析次数", "Look-ups in these days"),
)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is put on the page, ready."""

    found: Overview
    charts: tuple[Markup, ...]


async def draw_overview(identity: Identity, context: PortalContext, desk: NodeDesk) -> None:
    """Draw the part."""
    if not desk.founded:
        show_no_node(identity.viewer, identity.language)
        return
    place = ui.element("div").classes("w-full").props('aria-busy="true"')
    with place:
        note(say("Counting what is named and looked up …", identity.language), role="status")
    background_tasks.create(_fill(place, identity, context, desk), name="count identifiers")


def show_no_node(viewer: Viewer, language: Language) -> None:
    """Say that the home has no node, and what would change that, as far as it is for the reader."""
    note(
        say(
            "Nothing is named here yet: this home has no identifier node. With "
            "one, enterprises get prefixes under which they register products, batches and "
            "machines, and anyone can look these up.",
            language,
        )
    )
    if manages_prefixes(viewer):
        note(
            say(
                "Make one on this machine, for the prefix that you were allotted. It stands here "
                "at once, and answers when the home is started again:",
                language,
            )
        )
        show(
            Markup('<p><code class="bd-secret">{}</code></p>').format(
                "ballast node init 88.118 --home HOME"
            )
        )
    else:
        note(say("The administrator of the portal can have one made.", language))


async def _fill(
    place: ui.element, identity: Identity, context: PortalContext, desk: NodeDesk
) -> None:
    words = identity.language
    try:
        drawn = await asyncio.to_thread(_counted, identity, context, desk)
    except BallastError as error:
        if not place.is_deleted:
            with place:
                place.clear()
                note(explain(error, words), "alert", "alert")
            place.props["aria-busy"] = "false"
        return
    if place.is_deleted:
        return
    place.clear()
    with place:
        _show(drawn, identity, desk)
    place.props["aria-busy"] = "false"


def _counted(identity: Identity, context: PortalContext, desk: NodeDesk) -> _Drawn:
    with desk.reading() as moment:
        found = overview(moment, identity.viewer, context.clock())
    named = len({entry.uscc for entry, _ in found.top if entry.uscc})
    if named:
        audited(identity, "identifiers: counts by enterprise", named)
    return _Drawn(found, _charts(found, identity.language))


def _charts(found: Overview, language: Language) -> tuple[Markup, ...]:
    days = found.days
    if len(days) < 2:
        return ()
    registered = sum(day.registered for day in days)
    resolved = sum(day.resolved for day in days)
    period = say("by day, {first} to {last}", language, first=days[0].day, last=days[-1].day)
    busiest = max(days, key=lambda day: day.resolved)
    return (
        _card(
            say(
                "{count} were registered in {days} days",
                language,
                count=count(registered, language),
                days=len(days),
            ),
            say("Identifiers registered {period}", language, period=period),
            Label("注册", "registered"),
            tuple((day, day.registered) for day in days),
            found,
            language,
        ),
        _card(
            say(
                "{count} look-ups; the busiest day was {day} with {most}",
                language,
                count=count(resolved, language),
                day=busiest.day,
                most=count(busiest.resolved, language),
            ),
            say("Look-ups answered by the node {period}", language, period=period),
            Label("解析", "look-ups"),
            tuple((day, day.resolved) for day in days),
            found,
            language,
        ),
    )


def _card(
    title: str,
    subtitle: str,
    name: Label,
    points: tuple[tuple[DayCount, int], ...],
    found: Overview,
    language: Language,
) -> Markup:
    source = say("Source: the node's own registry.", language)
    if found.synthetic:
        source += " " + SYNTHETIC.text(language)
    # The one line is named by the title; at its end stands its last figure.
    last = count(points[-1][1], language)
    series = Series(last, tuple((d.day, float(n)) for d, n in points), accent=True)
    caption = Caption(title, subtitle, source)
    figure = line_chart(
        [series], caption, language, width=_WIDTH, height=180, from_zero=True, by_day=True
    )
    # Vega escapes every name that it draws; what comes back is markup.
    drawn = Markup(svg(figure, inline=True, key=f"days-{name.en}"))  # noqa: S704
    table = table_html(
        title,
        [Label("日期", "Day").text(language), name.text(language)],
        [[f"{day.day}", count(number, language)] for day, number in reversed(points)],
        figures=frozenset({1}),
    )
    return Markup(
        '<section class="card one"><figure><figcaption><h3>{}</h3><p>{}</p></figcaption>{}'
        '</figure><p class="source">{}</p>'
        '<details class="behind"><summary>{}</summary>{}</details></section>'
    ).format(title, subtitle, drawn, source, say("The figures behind it", language), table)


def _show(drawn: _Drawn, identity: Identity, desk: NodeDesk) -> None:
    found, words = drawn.found, identity.language
    show(badge(words, synthetic=found.synthetic))
    _answer(found, identity)
    _figures(found, words)
    if not found.whole and not found.states:
        _nothing_of_own(identity.viewer, words)
        return
    if drawn.charts:
        show(Markup('<div class="pair">{}</div>').format(Markup().join(drawn.charts)))
    elif found.states:
        note(say("Lines by day are drawn once two days are over.", words))
    if found.top:
        _top(found, identity)
    if desk.url:
        note(say("Identifiers are answered at {address} to anyone.", words, address=desk.url))
        door = link(say("Look one up as anyone can", words), f"/public/identifiers?lang={words}")
        show(Markup("<p>{}</p>").format(door))


def _answer(found: Overview, identity: Identity) -> None:
    words = identity.language
    resolved = sum(day.resolved for day in found.days) + found.today.resolved
    if found.whole:
        said = say(
            "{enterprises} enterprises have named {count} things; these were looked up {resolved} "
            "times since {day}.",
            words,
            enterprises=count(found.enterprises, words),
            count=count(found.identifiers, words),
            resolved=count(resolved, words),
            day=(found.days[0] if found.days else found.today).day,
        )
    elif found.states:
        said = say(
            "{count} identifiers are registered under {prefixes} prefixes whose names you may "
            "count; they were looked up {resolved} times since {day}.",
            words,
            count=count(found.identifiers, words),
            prefixes=count(found.counted, words),
            resolved=count(resolved, words),
            day=(found.days[0] if found.days else found.today).day,
        )
    else:
        return
    show(Markup('<div class="answer"><p>{}</p></div>').format(said))
    if found.counted < found.states.total():
        note(
            say(
                "How much is named under the other prefixes is unit data: its sums stand in the "
                "sealed cube, as far as they disclose no single enterprise.",
                words,
            )
        )


def _figures(found: Overview, language: Language) -> None:
    if not found.states and not found.whole:
        return
    joint = "，" if language == "zh" else ", "
    states = joint.join(
        f"{STATE_LABELS[PrefixState(state)].text(language)} {count(number, language)}"
        for state, number in sorted(found.states.items())
    )
    items = [
        (say("Prefixes", language), found.states.total(), states),
        (say("Identifiers", language), found.identifiers, _lives(found, language)),
        (
            say("Registered today", language),
            found.today.registered,
            say(
                "{changed} changed, {deleted} deleted",
                language,
                changed=count(found.today.changed, language),
                deleted=count(found.today.deleted, language),
            ),
        ),
        (
            say("Looked up today", language),
            found.today.resolved,
            say("so far; days end at midnight in China", language),
        ),
    ]
    body = Markup().join(
        Markup("<div><dt>{}</dt><dd>{} <small>{}</small></dd></div>").format(
            name, count(number, language), more
        )
        for name, number, more in items
    )
    show(Markup('<dl class="bd-figures">{}</dl>').format(body))


def _lives(found: Overview, language: Language) -> str:
    if found.lives is None:
        return ""
    joint = "，" if language == "zh" else ", "
    return joint.join(
        f"{LIFE_LABELS[life].text(language)} {count(found.lives[life], language)}"
        for life in LifeState
        if found.lives[life]
    )


def _nothing_of_own(viewer: Viewer, language: Language) -> None:
    if registers_somewhere(viewer):
        note(
            say(
                "Your enterprise has no prefix at this node yet. The administrator of the portal "
                "allots one to its unified social credit code.",
                language,
            )
        )
    else:
        note(
            say(
                "No enterprise that consented to be seen by you has a prefix at this node yet.",
                language,
            )
        )


def _top(found: Overview, identity: Identity) -> None:
    words = identity.language
    lang = ui.context.client.request.query_params.get("lang")
    heading(say("Who names most", words) if found.whole else say("By prefix", words))
    show_table(
        say("The prefixes with most identifiers", words),
        [head.text(words) for head in _HEADS],
        [
            [
                link(entry.prefix, go("/identifiers", part="search", of=entry.prefix, lang=lang))
                if lists_records(identity.viewer, entry)
                else entry.prefix,
                entry.enterprise,
                count(entry.count, words),
                count(resolved, words),
            ]
            for entry, resolved in found.top
        ],
        figures=frozenset({2, 3}),
    )
    if found.states.total() > len(found.top):
        every = link(say("All prefixes", words), go("/identifiers", part="prefixes", lang=lang))
        show(Markup("<p>{}</p>").format(every))
    note(say("As of {moment}.", words, moment=moment_at(_now(identity))))


def _now(identity: Identity) -> int:
    context = identity.context
    return 0 if context is None else int(context.clock().timestamp())
