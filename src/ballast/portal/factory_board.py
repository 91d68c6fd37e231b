"""The board of the shop floor as markup: what every machine does now, and since when.

Made of two things that change at different speeds: a head that stays, with
the link by which a machine is opened, and a body that is replaced when it
reads differently. Times stand as times of the clock and lengths in minutes, so
that a body changes when something has happened and not once a second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from markupsafe import Markup

from ballast.plant.measures.time_model import STATE_LABELS, MachineState
from ballast.plant.reports.live import MachineNow, ValueNow
from ballast.plant.reports.window import from_ms
from ballast.plant.site import Site
from ballast.plant.spool.live import Live
from ballast.portal.factory_html import number
from ballast.portal.factory_words import STATE_SIGNS, STATE_STYLES, UNKNOWN_STATE
from ballast.terms.label import Language
from ballast.terms.unit import COUNT, FRACTION, ONE
from ballast.words import say, visible

__all__ = ["SILENT_MS", "Tile", "clock", "finding", "lasting", "machine_tile", "pulse"]

SILENT_MS = 10_000
"""The collector writes every second; after so much silence it is taken to have stopped."""
_MOST_VALUES = 8
_LONGEST_TEXT = 60
_BARE = (COUNT, FRACTION, ONE)
"""Units that a figure is read without."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One machine on the board: what it looks like, and what stands in it."""

    style: str
    body: str


def clock(moment_ms: int, now_ms: int, zone: tzinfo) -> str:
    """Return a moment as people on a floor say it: the time of day, with its date if not today.

    Examples
    --------
    >>> from datetime import UTC
    >>> clock(0, 60_000, UTC), clock(0, 100_000_000, UTC)
    ('00:00:00', '01-01 00:00')
    """
    moment, now = from_ms(moment_ms, zone), from_ms(now_ms, zone)
    return f"{moment:%H:%M:%S}" if moment.date() == now.date() else f"{moment:%m-%d %H:%M}"


def lasting(length_ms: int, language: Language) -> str:
    """Return how long something has lasted, in words that change once a minute at most."""
    minutes = max(length_ms, 0) // 60_000
    if minutes < 1:
        return say("under a minute", language)
    if minutes < 60:
        return say("{minutes} min", language, minutes=minutes)
    if minutes < 48 * 60:
        return say("{hours} h {minutes} min", language, hours=minutes // 60, minutes=minutes % 60)
    return say("{days} days", language, days=minutes // 1440)


def finding(machines: Sequence[MachineNow], now_ms: int, language: Language) -> list[str]:
    """Return what the board says in words: how many work, and which has stood longest."""
    if not machines:
        return []
    counted = Counter(one.state for one in machines)
    producing = counted[MachineState.PRODUCING]
    said = [
        say(
            "{producing} of {all} machines are producing.",
            language,
            producing=producing,
            all=len(machines),
        )
    ]
    down = [one for one in machines if one.state is MachineState.DELAYED]
    known = [one for one in down if one.since_ms is not None]
    if known:
        first = min(known, key=lambda one: one.since_ms or 0)
        said.append(
            say(
                "{machine} has stood for {long}: {reason}",
                language,
                machine=first.name,
                long=lasting(now_ms - (first.since_ms or now_ms), language),
                reason=_reason(first, language),
            )
        )
    elif down:
        said.append(say("{count} stand.", language, count=len(down)))
    stale = sum(one.stale for one in machines)
    if stale:
        said.append(
            say(
                "Machines with stale values, struck through below: {count}.",
                language,
                count=stale,
            )
        )
    return said


def _reason(one: MachineNow, language: Language) -> str:
    return visible(one.reason)[:_LONGEST_TEXT] or say("no reason told", language)


def machine_tile(one: MachineNow, site: Site, now_ms: int, language: Language) -> Tile:
    """Return one machine as it is now.

    Parameters
    ----------
    one
        The machine.
    site
        The mapping of the home.
    now_ms
        The present moment.
    language
        The reader's.
    """
    if one.state is None:
        sign, style, state = "?", "fa-unknown", UNKNOWN_STATE.text(language)
    else:
        sign, style = STATE_SIGNS[one.state], STATE_STYLES[one.state]
        state = STATE_LABELS[one.state].text(language)
    lines, zone = [], site.zone
    # Why a machine works needs no telling.
    if one.state not in (None, MachineState.PRODUCING) and one.reason:
        lines.append(visible(one.reason)[:_LONGEST_TEXT])
    if one.why is not None:
        lines.append(one.why.text(language))
    stale = [value.stale_since_ms for value in one.values if value.stale_since_ms is not None]
    if stale:
        lines.append(say("stale since {time}", language, time=clock(min(stale), now_ms, zone)))
    if one.since_ms is not None:
        lines.append(
            say(
                "since {time} ({long})",
                language,
                time=clock(one.since_ms, now_ms, zone),
                long=lasting(now_ms - one.since_ms, language),
            )
        )
    if one.order:
        lines.append(say("order {order}", language, order=visible(one.order)[:_LONGEST_TEXT]))
    body = Markup(
        '<p class="fa-state"><i aria-hidden="true">{}</i>{}</p><p class="fa-since">{}</p>{}'
    ).format(sign, state, " · ".join(lines), _values(one, site, now_ms, language))
    return Tile(style, str(body))


def _values(one: MachineNow, site: Site, now_ms: int, language: Language) -> Markup:
    shown = [value for value in one.values if value.role != "state"]
    if not shown:
        return Markup()
    rows = Markup().join(_value(value, site, now_ms, language) for value in shown[:_MOST_VALUES])
    if len(shown) > _MOST_VALUES:
        rows += Markup('<tr><th scope="row" colspan="3">{}</th></tr>').format(
            say("and {count} more", language, count=len(shown) - _MOST_VALUES)
        )
    return Markup('<table class="fa-values"><caption class="unseen">{}</caption>{}</table>').format(
        say("Last values of {machine}", language, machine=one.name), rows
    )


def _value(value: ValueNow, site: Site, now_ms: int, language: Language) -> Markup:
    if value.value is not None:
        text = f"{number(value.value, language)} {_unit(value, site, language)}".strip()
    elif value.text is not None:
        text = visible(value.text)[:_LONGEST_TEXT]
    else:
        text = say("null", language)
    stale = value.stale_since_ms is not None
    when = say("stale", language) if stale else clock(value.at_ms, now_ms, site.zone)
    out = (
        Markup(' <span class="fa-out">{}</span>').format(say("beyond its limits", language))
        if value.beyond and not stale
        else Markup()
    )
    return Markup(
        '<tr{}><th scope="row">{}{}</th><td>{}</td><td class="fa-when">{}</td></tr>'
    ).format(
        Markup(' class="fa-old"') if stale else Markup(), value.name.text(language), out, text, when
    )


def _unit(value: ValueNow, site: Site, language: Language) -> str:
    tag = site.tags.get(value.tag)
    if tag is None:
        return value.unit
    return "" if tag.unit in _BARE else tag.unit.label.text(language)


def pulse(live: Live | None, now_ms: int, zone: tzinfo, language: Language) -> tuple[str, bool]:
    """Return how the collector does, in words, and whether what it says is of this moment."""
    if live is None:
        return say(
            "No collector has written yet: start it with `ballast plant serve`.", language
        ), False
    status = live.status
    if now_ms - live.at > SILENT_MS:
        return say(
            "The collector has been silent since {time}: what stands below is what was last "
            "known. Start it again with `ballast plant serve`.",
            language,
            time=clock(live.at, now_ms, zone),
        ), False
    if status.connected_since is None:
        return say(
            "Not connected to {broker}: values stand still until the connection is back.",
            language,
            broker=status.broker,
        ), False
    return say(
        "Connected to {broker} since {time} · {messages} messages/s · {samples} values/s · "
        "{waiting} values wait for the lake",
        language,
        broker=status.broker,
        time=clock(status.connected_since, now_ms, zone),
        messages=number(round(status.messages_per_second, 1), language),
        samples=number(round(status.samples_per_second), language),
        waiting=number(status.waiting_samples, language),
    ), True
