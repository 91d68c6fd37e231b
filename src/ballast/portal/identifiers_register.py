"""The part of the Identifiers page where an enterprise registers: one by form, or many by file.

The form shows what anyone will read before it registers, because what was
answered once has been read: a value can be taken back from a record, not from
whoever resolved it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from markupsafe import Markup
from nicegui import ui

from ballast.errors import BallastError
from ballast.node.registry.entries import PrefixEntry
from ballast.portal.context import PortalContext
from ballast.portal.data_html import Field, button, choice, entry, heading, note, show, show_table
from ballast.portal.identifiers_bulk import BulkPanel
from ballast.portal.identifiers_bulk_rows import TEMPLATE_TYPES
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_html import address
from ballast.portal.identifiers_life import end_of
from ballast.portal.identifiers_words import code_svg, type_label
from ballast.portal.identifiers_writing import (
    Given,
    creation,
    demand_change,
    done,
    own_prefixes,
    seconds_of,
)
from ballast.portal.identity import Identity, audited, current
from ballast.terms.label import Language
from ballast.words import explain, say, visible

__all__ = ["draw_register"]

_DATES = ("MADE_ON",)
_FURTHER = 3
"""Empty rows for types of the enterprise's own."""

_STYLE = """
.bi-row { display: grid; grid-template-columns: minmax(0, 28rem) max-content; gap: 4px 16px;
  align-items: end; margin: 0 0 8px; }
.bi-row.bi-own { grid-template-columns: minmax(0, 9rem) minmax(0, 18rem) max-content; }
.bi-row .bd-field input { width: 100%; }
.bi-row .bd-field:last-child > span { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); }
@media (max-width: 800px) { .bi-row.bi-own { grid-template-columns: minmax(0, 1fr) max-content; }
  .bi-row.bi-own > :first-child { grid-column: 1 / -1; } }
"""
_PUBLIC, _RESTRICTED = "public", "restricted"


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the form: what type, what it says, who may read it."""

    kind: Field
    data: Field
    readers: Field


async def draw_register(identity: Identity, context: PortalContext, desk: NodeDesk) -> None:
    """Draw the part, or why nothing can be registered."""
    words = identity.language

    def own() -> list[PrefixEntry]:
        with desk.reading() as moment:
            return own_prefixes(moment, identity.viewer)

    try:
        prefixes = await asyncio.to_thread(own)
    except BallastError as error:
        note(explain(error, words), "alert", "status")
        return
    if not prefixes:
        note(
            say(
                "Your enterprise has no prefix at this node yet; the administrator allots one. "
                "Then identifiers are registered here.",
                words,
            ),
            role="status",
        )
        return
    ui.add_css(_STYLE)
    names = [one.prefix for one in prefixes]
    heading(say("One identifier", words))
    _Form(identity, context, desk, names).draw()
    heading(say("Many at once, from a file", words))
    BulkPanel(identity, context, desk, names).draw()


class _Form:
    """The form for one identifier."""

    def __init__(
        self, identity: Identity, context: PortalContext, desk: NodeDesk, prefixes: list[str]
    ) -> None:
        self._language: Language = identity.language
        self._context, self._desk, self._prefixes = context, desk, prefixes

    def draw(self) -> None:
        """Put the form on the page that is being built."""
        self._all = ui.element("div").classes("w-full")
        with self._all:
            self._draw_fields()
        self._place = ui.element("div").classes("w-full").props('aria-live="polite"')

    def _draw_fields(self) -> None:
        words = self._language
        with ui.element("div").classes("bd-row").style("align-items: start"):
            names = {name: f"{name}/" for name in self._prefixes}
            self._prefix = choice(say("Prefix", words), names, self._prefixes[0])
            self._suffix = entry(
                say("Suffix", words),
                hint=say("such as a serial number; left empty, the node finds one", words),
            )
            self._ends = entry(
                say("Valid through", words), kind="date", hint=say("left empty: no end", words)
            )
        self._lines = [self._known(kind) for kind in TEMPLATE_TYPES]
        with ui.element("details").classes("w-full"):
            show_summary(say("Further values, with types of your own", words))
            self._lines += [self._own(number) for number in range(1, _FURTHER + 1)]
        with ui.element("div").classes("bd-row"):
            button(say("Show what will be public", words), self._preview, main=True)

    def _known(self, kind: str) -> _Line:
        words = self._language
        with ui.element("div").classes("bi-row"):
            sort = "date" if kind in _DATES else "text"
            data = entry(f"{type_label(kind, words)} · {kind}", kind=sort)
            return _Line(Field(kind), data, self._readers(type_label(kind, words)))

    def _own(self, number: int) -> _Line:
        words = self._language
        with ui.element("div").classes("bi-row bi-own"):
            kind = entry(say("Type {number}", words, number=number))
            data = entry(say("What it says", words))
            return _Line(kind, data, self._readers(say("Type {number}", words, number=number)))

    def _readers(self, label: str) -> Field:
        words = self._language
        options = {
            _PUBLIC: say("anyone", words),
            _RESTRICTED: say("administrators only", words),
        }
        return choice(say("Who reads: {label}", words, label=label), options, _PUBLIC)

    def _given(self) -> list[Given]:
        return [
            Given(line.kind.value, line.data.value.strip().encode(), line.readers.value == _PUBLIC)
            for line in self._lines
            if line.data.value.strip()
        ]

    def _asked(self) -> tuple[str, bool]:
        suffix = self._suffix.value.strip()
        return (f"{self._prefix.value}/{suffix}", False) if suffix else (self._prefix.value, True)

    async def _preview(self) -> None:
        words = self._language
        handle, mint = self._asked()
        given = self._given()
        self._place.clear()
        try:
            ends = seconds_of(end_of(self._ends.value), self._context.clock().timestamp())
            creation(handle, given, ends, mint=mint)
        except BallastError as error:
            with self._place:
                note(explain(error, words), "alert", "alert")
            return
        named = (
            say("{prefix}/… (the node finds the rest)", words, prefix=handle) if mint else handle
        )
        with self._place:
            show(
                Markup('<p class="bd-note">{} <code class="bd-handle">{}</code></p>').format(
                    say("Will be registered:", words), visible(named)
                )
            )
            self._show_values(given, public=True)
            self._show_values(given, public=False)
            button(say("Register", words), self._register, main=True)

    def _show_values(self, given: list[Given], *, public: bool) -> None:
        words = self._language
        rows = [
            [type_label(one.kind.strip(), words), visible(one.kind.strip()),
             visible(one.data.decode())]
            for one in given if one.public == public
        ]  # fmt: skip
        if not rows:
            if public:
                note(say("Anyone will read: nothing but that it is registered.", words))
            return
        caption = (
            say("Anyone will read", words) if public else say("Only administrators read", words)
        )
        show(Markup("<h3>{}</h3>").format(caption))
        heads = [say("What", words), say("Type", words), say("What it says", words)]
        show_table(caption, heads, rows)

    async def _register(self) -> None:
        words = self._language
        try:
            who = current()
            handle, mint = self._asked()
            ends = seconds_of(end_of(self._ends.value), self._context.clock().timestamp())
            change = creation(handle, self._given(), ends, mint=mint)

            def judge() -> None:
                with self._desk.reading() as moment:
                    demand_change(moment, who.viewer, handle)

            await asyncio.to_thread(judge)
            answer = done(await self._desk.change(change, who.viewer.name, who.address))
            made = answer.handle.decode()
            await asyncio.to_thread(audited, who, f"identifier {made[:200]}", 1, "register")
        except BallastError as error:
            self._place.clear()
            with self._place:
                note(explain(error, words), "alert", "alert")
                button(say("Try again", words), self._register)
            return
        # A new form: pressing the button again must not mean the same identifier once more.
        self._all.clear()
        with self._all:
            self._draw_fields()
        self._place.clear()
        with self._place:
            self._show_made(made)

    def _show_made(self, made: str) -> None:
        words = self._language
        note(say("{handle} is registered.", words, handle=made), "good", "status")
        picture = code_svg(self._desk.address_of(made) or made)
        show(
            Markup(
                '<figure class="bd-scan" style="width: 208px">{}<figcaption>{}</figcaption>'
                '</figure><p><a href="{}">{}</a></p>'
            ).format(
                picture,
                visible(made),
                address(part="record", handle=made),
                say("Open the record", words),
            )
        )


def show_summary(text: str) -> None:
    """Put the line of a fold on the page; what follows in the same block is folded away."""
    summary = ui.element("summary").style("cursor: pointer")
    with summary:
        ui.label(text).style("display: inline")
