"""Revoke, restore, renew: what an enterprise does with the life of one of its records.

A revoked record is still resolved and says that it is revoked, and can be
restored; so no step asks twice. Deleting is not offered: a code that was
printed would then lead nowhere, and the name could be given to another thing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta

from nicegui import ui

from ballast.errors import BallastError, InvalidTerm
from ballast.node.registry.records import RecordState
from ballast.node.service.changes import SetState
from ballast.portal.context import PortalContext
from ballast.portal.data_html import button, entry, heading, note
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_reading import Opened
from ballast.portal.identifiers_words import day_at
from ballast.portal.identifiers_writing import demand_change, done, seconds_of
from ballast.portal.identity import Identity, audited, current
from ballast.terms.china import CHINA
from ballast.words import Sentence, explain, say

__all__ = ["LifePanel", "end_of"]

# The node counts days by China's clock, which shows one time all year.
_LONGEST_REASON = 200


def end_of(text: str) -> datetime | None:
    """Return when a record ends that is valid through a day; nothing for no end.

    Parameters
    ----------
    text
        ``2030-01-31``, or empty.

    Raises
    ------
    InvalidTerm
        If it is no day.

    Examples
    --------
    >>> end_of("2030-01-31").isoformat(), end_of(" ")
    ('2030-02-01T00:00:00+08:00', None)
    """
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip()) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise InvalidTerm("“{text}” is no day; write 2030-01-31", text=text[:40]) from None
    return datetime.combine(day, time(), CHINA)


class LifePanel:
    """What can be done with one record.

    Parameters
    ----------
    identity
        Who has opened the page.
    context
        The portal.
    desk
        The node.
    found
        The record as it stands.
    again
        Draws the record anew, saying something.
    """

    def __init__(
        self,
        identity: Identity,
        context: PortalContext,
        desk: NodeDesk,
        found: Opened,
        again: Callable[[str], Awaitable[None]],
    ) -> None:
        self._language = identity.language
        self._context = context
        self._desk = desk
        self._found = found
        self._again = again

    def draw(self) -> None:
        """Put the panel on the page that is being built."""
        words, record = self._language, self._found.record
        heading(say("How long it is valid", words))
        self._said = ui.element("div").classes("w-full").props('aria-live="polite"')
        held = day_at(record.expires_at - 1) if record.expires_at else ""
        with ui.element("div").classes("bd-row").style("align-items: start"):
            self._until = entry(
                say("Valid through", words),
                held,
                kind="date",
                hint=say("left empty: no end", words),
            )
            self._reason = entry(say("Reason, for the trail", words))
        with ui.element("div").classes("bd-row"):
            button(say("Set the end", words), self._renew)
            if record.state is RecordState.VALID:
                button(say("Revoke", words), self._revoke)
            else:
                button(say("Restore", words), self._restore)
        note(
            say(
                "A revoked identifier is still found, and says that it is revoked; it can be "
                "restored here.",
                words,
            )
        )

    async def _renew(self) -> None:
        async def act() -> Sentence:
            ends = seconds_of(end_of(self._until.value), self._context.clock().timestamp())
            await self._set(None, ends, "identifier-renew")
            if not ends:
                return Sentence("{handle} is valid without end.", {"handle": self._found.handle})
            return Sentence(
                "{handle} is valid through {day}.",
                {"handle": self._found.handle, "day": day_at(ends - 1)},
            )

        await self._do(act)

    async def _revoke(self) -> None:
        async def act() -> Sentence:
            await self._set(int(RecordState.REVOKED), None, "identifier-revoke")
            return Sentence("{handle} is revoked.", {"handle": self._found.handle})

        await self._do(act)

    async def _restore(self) -> None:
        async def act() -> Sentence:
            await self._set(int(RecordState.VALID), None, "identifier-restore")
            return Sentence("{handle} is restored.", {"handle": self._found.handle})

        await self._do(act)

    async def _set(self, state: int | None, expires_at: int | None, action: str) -> None:
        """Change the record, if who sits at the page still may, and write it down."""
        who = current()
        handle = self._found.handle

        def judge() -> None:
            with self._desk.reading() as moment:
                demand_change(moment, who.viewer, handle)

        await asyncio.to_thread(judge)
        reason = self._reason.value.strip()[:_LONGEST_REASON]
        change = SetState(handle.encode(), state, expires_at, reason)
        done(await self._desk.change(change, who.viewer.name, who.address))
        await asyncio.to_thread(audited, who, f"identifier {handle[:200]}", 1, action)

    async def _do(self, act: Callable[[], Awaitable[Sentence]]) -> None:
        self._said.clear()
        try:
            said = await act()
        except BallastError as error:
            with self._said:
                note(explain(error, self._language), "alert", "alert")
            return
        await self._again(said.text(self._language))
