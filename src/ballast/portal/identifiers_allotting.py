"""What administrators do with prefixes: allot, give to another, refer elsewhere, withdraw.

Everything but the withdrawal of a prefix under which nothing stands can be
taken back here, so nothing asks twice. How much an enterprise has named is
not the administrator's to know, so a prefix that cannot be withdrawn says
that there is something under it, and not how much.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from nicegui import ui

from ballast.errors import BallastError, InvalidTerm, NotPermitted, Refused
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.service.changes import (
    AllotPrefix,
    Change,
    ChangePrefix,
    HomePrefix,
    UnhomePrefix,
    WithdrawPrefix,
)
from ballast.node.wire.site import Interface, Purpose, Server, Site, Transport
from ballast.portal.data_html import button, entry, note
from ballast.portal.data_html import heading as section
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_reading import one_prefix
from ballast.portal.identifiers_rights import manages_prefixes
from ballast.portal.identifiers_words import STATE_LABELS
from ballast.portal.identifiers_writing import done
from ballast.portal.identity import Identity, audited, current
from ballast.terms.enterprise_code import parse_uscc
from ballast.terms.handle import fold, prefix_handle
from ballast.words import Sentence, explain, say

__all__ = ["AllotForm", "PrefixPanel", "site_of"]

_PORTS = range(1, 65_536)
_NATIVE = "2641"
_BETWEEN = re.compile(r"[\s,;，；、]+")


def site_of(addresses: str, port: str, http_port: str) -> bytes:
    """Return the site of an enterprise's own node, as the node keeps it.

    Parameters
    ----------
    addresses
        IP addresses, separated by blanks, commas or lines.
    port
        Its native port, UDP and TCP.
    http_port
        Its HTTP port; empty for none.

    Raises
    ------
    InvalidTerm
        If one is none.

    Examples
    --------
    >>> len(site_of("192.0.2.7", "2641", "")) > 0
    True
    """
    texts = [text for text in _BETWEEN.split(addresses) if text]
    if not texts:
        raise InvalidTerm("enter an IP address of the enterprise's node at least")
    native = _port(port)
    interfaces = [
        Interface(Purpose.BOTH, Transport.TCP, native),
        Interface(Purpose.RESOLUTION, Transport.UDP, native),
    ]
    if http_port.strip():
        interfaces.append(Interface(Purpose.BOTH, Transport.HTTP, _port(http_port)))
    servers = []
    for number, text in enumerate(texts[:64], 1):
        try:
            found = ip_address(text)
        except ValueError:
            raise InvalidTerm("“{text}” is no IP address", text=text[:80]) from None
        servers.append(Server(number, found, interfaces=tuple(interfaces)))
    return Site(tuple(servers)).to_wire()


def _port(text: str) -> int:
    if text.strip().isdecimal() and (number := int(text.strip()[:9])) in _PORTS:
        return number
    raise InvalidTerm("“{text}” is no port: a number from 1 to 65535", text=text[:20])


async def _make(desk: NodeDesk, change: Change, what: str, action: str) -> None:
    """Make a change, if who sits at the page still may, and write it down."""
    who = current()
    if not manages_prefixes(who.viewer):
        raise NotPermitted("this is not open to your account; ask the administrator of the portal")
    done(await desk.change(change, who.viewer.name, who.address))
    await asyncio.to_thread(audited, who, what, 1, action)


class AllotForm:
    """Allots a prefix to an enterprise.

    Parameters
    ----------
    identity
        Who has opened the page.
    desk
        The node.
    free
        A prefix that nobody has, as a proposal.
    """

    def __init__(self, identity: Identity, desk: NodeDesk, free: str) -> None:
        self._language = identity.language
        self._desk = desk
        self._free = free

    def draw(self) -> None:
        """Put the form on the page that is being built."""
        words = self._language
        with ui.element("div").classes("bd-row").style("align-items: start"):
            self._prefix = entry(say("Prefix", words), self._free)
            self._uscc = entry(
                say("Unified social credit code", words), hint=say("it is checked", words)
            )
            self._name = entry(say("Enterprise (real name)", words))
            self._contact = entry(say("Contact", words), hint=say("may be left out", words))
        self._said = ui.element("div").classes("w-full").props('aria-live="polite"')
        button(say("Allot the prefix", words), self._allot, main=True)

    async def _allot(self) -> None:
        self._said.clear()
        words = self._language
        prefix, name = self._prefix.value.strip(), self._name.value.strip()
        try:
            uscc = parse_uscc(self._uscc.value)
            change = AllotPrefix(prefix, uscc, name, self._contact.value.strip())
            await _make(self._desk, change, f"{prefix} → {uscc}", "prefix-allot")
        except BallastError as error:
            with self._said:
                note(explain(error, words), "alert", "alert")
            return
        with self._said:
            note(
                say(
                    "{prefix} is allotted to {enterprise}. Accounts that hold its code can "
                    "register under it here at once.",
                    words,
                    prefix=prefix,
                    enterprise=name,
                ),
                "good",
                "status",
            )


class PrefixPanel:
    """What can be done with one prefix.

    Parameters
    ----------
    identity
        Who has opened the page.
    desk
        The node.
    held
        The prefix as it stands.
    """

    def __init__(self, identity: Identity, desk: NodeDesk, held: PrefixEntry) -> None:
        self._identity = identity
        self._language = identity.language
        self._desk = desk
        self._held = held

    def draw(self) -> None:
        """Put the panel on the page that is being built."""
        words = self._language
        if not self._held.uscc:
            note(say("This is the node's own prefix; it stays with the node.", words))
            return
        self._said = ui.element("div").classes("w-full").props('aria-live="polite"')
        self._place = ui.element("div").classes("w-full")
        self._draw_acts()

    def _draw_acts(self) -> None:
        words, held = self._language, self._held
        self._place.clear()
        with self._place:
            if held.state is PrefixState.HOMED:
                with ui.element("section").classes("bd-act"):
                    section(say("The enterprise has a node of its own", words))
                    note(say("Whoever asks for its identifiers is sent there.", words))
                    with ui.element("div").classes("bd-row").style("align-items: start"):
                        self._addresses = entry(say("IP addresses", words))
                        self._port = entry(say("Native port", words), _NATIVE)
                        self._http = entry(
                            say("HTTP port", words), hint=say("may be left out", words)
                        )
                    button(say("Refer to that node", words), self._delegate)
            with ui.element("section").classes("bd-act"):
                section(say("It belongs to another enterprise", words))
                note(
                    say(
                        "With another code, the keys of the enterprise before are taken off the "
                        "prefix.",
                        words,
                    )
                )
                with ui.element("div").classes("bd-row").style("align-items: start"):
                    self._uscc = entry(say("Unified social credit code", words), held.uscc)
                    self._name = entry(say("Enterprise (real name)", words), held.enterprise)
                    self._contact = entry(say("Contact", words), held.contact)
                button(say("Change", words), self._give)
            with ui.element("section").classes("bd-act"):
                section(say("Where it is answered", words))
                with ui.element("div").classes("bd-row"):
                    if held.state is PrefixState.HOMED:
                        button(say("Stop answering for it", words), self._unhome)
                    else:
                        button(say("Keep and answer it here again", words), self._home)
                    button(say("Withdraw the prefix", words), self._withdraw)
                note(
                    say(
                        "Stopping keeps every identifier and can be taken back; a prefix is "
                        "withdrawn for good, once nothing stands under it.",
                        words,
                    )
                )

    async def _delegate(self) -> None:
        async def act() -> None:
            site = site_of(self._addresses.value, self._port.value, self._http.value)
            change = ChangePrefix(self._held.prefix, delegated_site=site)
            await _make(self._desk, change, f"{self._held.prefix} → node", "prefix-change")

        await self._do(act)

    async def _give(self) -> None:
        async def act() -> None:
            uscc = parse_uscc(self._uscc.value)
            change = ChangePrefix(
                self._held.prefix, uscc, self._name.value.strip(), self._contact.value.strip()
            )
            await _make(self._desk, change, f"{self._held.prefix} → {uscc}", "prefix-change")

        await self._do(act)

    async def _home(self) -> None:
        async def act() -> None:
            handle = prefix_handle(self._held.prefix).encode()
            change: Change = HomePrefix(handle)
            await _make(self._desk, change, f"{self._held.prefix} → here", "prefix-change")

        await self._do(act)

    async def _unhome(self) -> None:
        async def act() -> None:
            change = UnhomePrefix(prefix_handle(self._held.prefix).encode())
            await _make(self._desk, change, f"{self._held.prefix} → off", "prefix-change")

        await self._do(act)

    async def _withdraw(self) -> None:
        async def act() -> None:
            await asyncio.to_thread(self._refuse_full)
            change = WithdrawPrefix(self._held.prefix)
            await _make(self._desk, change, self._held.prefix, "prefix-withdraw")

        await self._do(act, gone=True)

    def _refuse_full(self) -> None:
        with self._desk.reading() as moment:
            if moment.count(fold(self._held.prefix.encode())):
                raise Refused(
                    "{prefix}: identifiers stand under it; its enterprise deletes them first, or "
                    "stop answering for it",
                    prefix=self._held.prefix,
                )

    async def _do(self, act: Callable[[], Awaitable[None]], *, gone: bool = False) -> None:
        self._said.clear()
        words = self._language
        try:
            await act()
            held = None if gone else await asyncio.to_thread(self._again)
        except BallastError as error:
            with self._said:
                note(explain(error, words), "alert", "alert")
            return
        if held is None:
            said = Sentence("{prefix} is withdrawn.", {"prefix": self._held.prefix})
            self._place.clear()
        else:
            self._held = held
            said = Sentence(
                "{prefix}: of {enterprise}, {state}.",
                {
                    "prefix": held.prefix,
                    "enterprise": held.enterprise,
                    "state": STATE_LABELS[held.state],
                },
            )
            self._draw_acts()
        with self._said:
            note(said.text(words), "good", "status")

    def _again(self) -> PrefixEntry:
        with self._desk.reading() as moment:
            return one_prefix(moment, self._identity.viewer, self._held.prefix)
