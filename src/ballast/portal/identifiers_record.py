"""The part Record of the Identifiers page: one identifier, its values, its code, its history.

What happened to it comes from the lake, which takes longer than the registry
and gets news some seconds later, so it is filled in when the rest stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis
from markupsafe import Markup
from nicegui import background_tasks, ui

from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.lake.tables.node import EVENT_KINDS
from ballast.node.registry.entries import PrefixEntry
from ballast.node.service.lifecycle import LifeState
from ballast.node.wire.value import PUBLIC_READ
from ballast.portal.city_pictures import pictures_of
from ballast.portal.context import PortalContext
from ballast.portal.data_html import Content, heading, link, note, show, show_table, unbroken
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_html import address, asked, facts, finder
from ballast.portal.identifiers_life import LifePanel
from ballast.portal.identifiers_overview import show_no_node
from ballast.portal.identifiers_reading import Opened, open_record
from ballast.portal.identifiers_rights import changes_records
from ballast.portal.identifiers_words import (
    badge,
    code_svg,
    life_mark,
    moment_at,
    type_label,
    value_content,
)
from ballast.portal.identity import Identity, audited
from ballast.terms.handle import fold, prefix_of
from ballast.terms.label import Label, Language
from ballast.words import explain, say, visible

__all__ = ["draw_record", "event_rows", "value_rows"]

_MOST_EVENTS = 20
_VALUE_HEADS = (
    Label("名称", "Name"),
    Label("内容", "What it says"),
)
_EVENT_HEADS = (
    Label("时间", "When"),
    Label("事件", "What happened"),
    Label("操作者", "By whom"),
)
_KINDS = {choice.value: choice.label for choice in EVENT_KINDS}


@dataclass(frozen=True, slots=True)
class _Event:
    """One thing that happened to an identifier."""

    at: datetime
    kind: str
    actor: str


async def draw_record(identity: Identity, context: PortalContext, desk: NodeDesk) -> None:
    """Draw the part."""
    words, wanted = identity.language, asked("handle")
    if not desk.founded:
        show_no_node(identity.viewer, words)
        return
    if not wanted:
        finder(say("Identifier", words), "handle", "", words, part="record")
        return
    panel = _Record(identity, context, desk, wanted)
    panel.place = ui.element("div").classes("w-full")
    await panel.draw()


class _Record:
    """One record on one reader's page; drawn again after it was changed."""

    place: ui.element

    def __init__(
        self, identity: Identity, context: PortalContext, desk: NodeDesk, handle: str
    ) -> None:
        self._identity, self._context, self._desk = identity, context, desk
        self._handle = handle
        self._language = identity.language

    async def draw(self, said: str = "") -> None:
        """Put the record as it stands now into its place."""
        words = self._language
        self.place.clear()
        try:
            found = await asyncio.to_thread(self._open)
        except BallastError as error:
            with self.place:
                note(explain(error, words), "alert", "alert")
                finder(say("Identifier", words), "handle", self._handle, words, part="record")
                self._elsewhere()
            return
        with self.place:
            if said:
                note(said, "good", "status")
            self._draw(found)

    def _open(self) -> Opened:
        now = self._context.clock().timestamp()
        with self._desk.reading() as moment:
            found = open_record(moment, self._identity.viewer, self._handle, now)
        if found.entry.uscc:
            audited(self._identity, f"identifiers: record {found.handle[:200]}", 1)
        return found

    def _elsewhere(self) -> None:
        if self._desk.url:
            at_node = self._desk.address_of(self._handle) + "?noredirect"
            show(
                Markup("<p>{}</p>").format(
                    link(say("Ask the node for it", self._language), at_node)
                )
            )

    def _draw(self, found: Opened) -> None:
        words = self._language
        show(Markup('<h2 class="bd-handle">{}</h2>').format(visible(found.handle)))
        if name := found.name(words):
            show(Markup('<p class="bd-named">{}</p>').format(name))
        show(badge(words, synthetic=found.synthetic))
        with ui.element("div").classes("bd-record"):
            show(facts(_facts(found, words)))
            self._scan(found)
        heading(say("What is registered", words))
        show_table(
            say("Values", words),
            [head.text(words) for head in _VALUE_HEADS],
            value_rows(found, words),
        )
        hidden = len(found.record.values()) - len(found.readable)
        if hidden:
            note(say("{count} values are not open to your account.", words, count=hidden))
        own = fold(prefix_of(found.record.handle)) == fold(found.entry.prefix.encode())
        if own and changes_records(self._identity.viewer, found.entry):
            LifePanel(self._identity, self._context, self._desk, found, self.draw).draw()
        heading(say("What happened to it", words))
        place = ui.element("div").classes("w-full").props('aria-busy="true"')
        with place:
            note(say("Looking through the events …", words), role="status")
        background_tasks.create(self._history(place, found), name="events of an identifier")

    def _scan(self, found: Opened) -> None:
        words = self._language
        target = self._desk.address_of(found.handle)
        if not target:
            note(
                say(
                    "A code can be printed once it is known where people reach the node "
                    "(BALLAST_NODE_BASE_URL).",
                    words,
                )
            )
            return
        name = say("QR code that leads to {address}", words, address=target)
        # The frame's own script does the copying.
        show(
            Markup(
                '<figure class="bd-scan"><div role="img" aria-label="{}">{}</div>'
                '<figcaption><a href="{}">{}</a></figcaption><button type="button" '
                'class="bd-button" data-copy="{}" data-copied="{}">{}</button></figure>'
            ).format(
                name,
                code_svg(target),
                target + "?noredirect",
                target,
                target,
                say("Copied.", words),
                say("Copy the link", words),
            )
        )

    async def _history(self, place: ui.element, found: Opened) -> None:
        words = self._language
        try:
            events = await pictures_of(self._context).run(
                lambda lake: _events(lake, self._identity, found)
            )
            failed = ""
        except BallastError as error:
            events, failed = (), explain(error, words)
        if place.is_deleted:
            return
        place.clear()
        with place:
            if failed:
                note(failed, "alert", "alert")
            elif not events:
                note(say("No event has reached the lake yet; news take some seconds.", words))
            else:
                show_table(
                    say("Events, the newest first", words),
                    [head.text(words) for head in _EVENT_HEADS],
                    event_rows(events, words),
                )
        place.props["aria-busy"] = "false"


def _facts(found: Opened, language: Language) -> list[tuple[str, Content]]:
    record, entry = found.record, found.entry
    rows: list[tuple[str, Content]] = [
        (say("State", language), life_mark(found.life, language)),
        (say("Enterprise (real name)", language), _holder(entry)),
        (
            say("Prefix", language),
            link(entry.prefix, address(part="prefixes", prefix=entry.prefix)),
        ),
        (say("Registered", language), moment_at(record.created_at)),
    ]
    if record.changed_at != record.created_at:
        rows.append((say("Last changed", language), moment_at(record.changed_at)))
    rows.append(
        (
            say("Valid until", language),
            moment_at(record.expires_at) if record.expires_at else say("no end is set", language),
        )
    )
    if found.life is not LifeState.VALID:
        rows.append(
            (
                say("Whoever scans it", language),
                say("sees that it is no longer valid, and is not sent on", language),
            )
        )
    return rows


def _holder(entry: PrefixEntry) -> Content:
    if not entry.uscc:
        return entry.enterprise or "–"
    return Markup("{} <small>{}</small>").format(entry.enterprise, entry.uscc)


def value_rows(found: Opened, language: Language) -> list[list[Content]]:
    """Return the values that a viewer reads as the page lists them; all of it is escaped."""
    locked = " · " + say("read by its administrators alone", language)
    return [
        [
            Markup("{} <small>{} · {}{}</small>").format(
                type_label(value.type, language),
                visible(value.type),
                value.index,
                "" if value.permissions & PUBLIC_READ else locked,
            ),
            value_content(value, language),
        ]
        for value in found.record.values()
        if value.index in found.readable
    ]


def event_rows(events: Sequence[_Event], language: Language) -> list[list[Content]]:
    """Return what happened as the page lists it."""
    return [
        [
            unbroken(moment_at(int(one.at.timestamp()))),
            _KINDS[one.kind].text(language) if one.kind in _KINDS else one.kind,
            visible(one.actor) or "–",
        ]
        for one in events
    ]


def _events(lake: Lake, identity: Identity, found: Opened) -> tuple[_Event, ...]:
    """Return what the lake knows of an identifier, the newest first, as the viewer may read it."""
    rows = lake.read("handle_event", identity.viewer)
    of_it = (rows.prefix == found.entry.prefix.lower()) & (rows.handle == found.handle)
    newest = rows.filter(of_it).order_by(ibis.desc("seq")).limit(_MOST_EVENTS)
    return tuple(
        _Event(row["at"], row["kind"], row["actor"] or "")
        for row in newest.select("at", "kind", "actor", "seq").to_pyarrow().to_pylist()
    )
