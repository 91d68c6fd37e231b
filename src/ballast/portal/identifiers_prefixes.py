"""The part Prefixes of the Identifiers page: whose each prefix is, and where its handles are kept.

The list is for everybody as far as they see prefixes; what allots, moves and
withdraws them stands apart (``identifiers_allotting``), for administrators.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from markupsafe import Markup
from nicegui import ui

from ballast.brain.cluster_revenue import registered
from ballast.errors import BallastError, MalformedMessage, NotPermitted
from ballast.lake.lake import Lake
from ballast.node.registry.entries import PrefixEntry
from ballast.node.service.lifecycle import day_of
from ballast.node.wire.site import Site
from ballast.portal.city_pictures import pictures_of
from ballast.portal.context import PortalContext
from ballast.portal.data_html import Content, heading, link, note, show, show_table, unbroken
from ballast.portal.data_words import count
from ballast.portal.identifiers_allotting import AllotForm, PrefixPanel
from ballast.portal.identifiers_counts import DAYS, days_of
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_html import address, asked, facts, finder, turner
from ballast.portal.identifiers_overview import show_no_node
from ballast.portal.identifiers_reading import is_synthetic, one_prefix, prefixes_of
from ballast.portal.identifiers_rights import changes_records, counts_prefix, manages_prefixes
from ballast.portal.identifiers_words import STATE_LABELS, badge, day_at
from ballast.portal.identity import Identity, audited
from ballast.terms.label import Label, Language
from ballast.terms.viewer import Right
from ballast.words import explain, say

__all__ = ["draw_prefixes", "matching", "prefix_rows"]

_A_PAGE = 50
_HEADS = (
    Label("前缀", "Prefix"),
    Label("企业", "Enterprise"),
    Label("标识数", "Identifiers"),
    Label("状态", "State"),
    Label("分配于", "Allotted"),
)


async def draw_prefixes(identity: Identity, context: PortalContext, desk: NodeDesk) -> None:
    """Draw the part."""
    if not desk.founded:
        show_no_node(identity.viewer, identity.language)
        return
    try:
        if one := asked("prefix", 255):
            await _draw_one(one, identity, context, desk)
        else:
            await _draw_list(identity, desk)
    except BallastError as error:
        note(explain(error, identity.language), "alert", "alert")


def matching(entries: Sequence[PrefixEntry], wanted: str) -> list[PrefixEntry]:
    """Return the prefixes that begin so, or whose enterprise is called so or has such a code.

    Examples
    --------
    >>> from ballast.node.registry.entries import PrefixState
    >>> held = [PrefixEntry("88.118.8", PrefixState.HOMED, enterprise="山东阀门有限公司")]
    >>> len(matching(held, "阀门")), len(matching(held, "88.118")), len(matching(held, "x"))
    (1, 1, 0)
    """
    text = wanted.strip().lower()
    return [
        entry
        for entry in entries
        if entry.prefix.lower().startswith(text)
        or text in entry.enterprise.lower()
        or entry.uscc.lower().startswith(text)
    ]


def prefix_rows(entries: Sequence[PrefixEntry], language: Language) -> list[list[Content]]:
    """Return prefixes as the page lists them; what people typed is escaped."""
    return [
        [
            link(entry.prefix, address(part="prefixes", prefix=entry.prefix)),
            Markup("{} <small>{}</small>").format(entry.enterprise or "–", entry.uscc),
            count(entry.count, language) if entry.count >= 0 else _hidden(language),
            STATE_LABELS[entry.state].text(language),
            unbroken(day_at(entry.allotted_at)),
        ]
        for entry in entries
    ]


def _hidden(language: Language) -> Markup:
    return Markup('<abbr class="missing" title="{}">{}</abbr>').format(
        say("How much one enterprise names is unit data, which your role does not read.", language),
        say("not shown", language),
    )


async def _draw_list(identity: Identity, desk: NodeDesk) -> None:
    words, wanted = identity.language, asked("of", 200)
    number = max(int(text) if (text := asked("page", 6)).isdecimal() else 1, 1)

    def read() -> tuple[list[PrefixEntry], int, bool, str]:
        with desk.reading() as moment:
            every = prefixes_of(moment, identity.viewer)
            own = next((entry.prefix for entry in every if not entry.uscc), "")
            return matching(every, wanted), len(every), is_synthetic(moment), _free(every, own)

    found, every, synthetic, free = await asyncio.to_thread(read)
    first = (number - 1) * _A_PAGE
    shown = found[first : first + _A_PAGE]
    named = len({entry.uscc for entry in shown if entry.uscc and entry.count >= 0})
    if named:
        await asyncio.to_thread(audited, identity, f"identifiers: prefixes {wanted}", named)
    show(badge(words, synthetic=synthetic))
    finder(say("Prefix, enterprise or its code", words), "of", wanted, words, part="prefixes")
    if manages_prefixes(identity.viewer):
        said = say("Allot a prefix to an enterprise", words)
        show(Markup("<p>{}</p>").format(link(said, "#allot")))
    if not every:
        note(say("There is no prefix here that you may see.", words))
    elif not found:
        note(say("No prefix begins so, and no enterprise is called so.", words))
    else:
        note(
            say(
                "{first} to {last} of {count}",
                words,
                first=count(min(first + 1, len(found)), words),
                last=count(min(first + _A_PAGE, len(found)), words),
                count=count(len(found), words),
            )
        )
        show_table(
            say("Prefixes", words),
            [head.text(words) for head in _HEADS],
            prefix_rows(shown, words),
            figures=frozenset({2}),
        )
        turner(
            words,
            address(part="prefixes", of=wanted, page=str(number - 1)) if number > 1 else "",
            address(part="prefixes", of=wanted, page=str(number + 1))
            if first + _A_PAGE < len(found)
            else "",
        )
    if manages_prefixes(identity.viewer):
        said = say("Allot a prefix to an enterprise", words)
        show(Markup('<h2 id="allot">{}</h2>').format(said))
        AllotForm(identity, desk, free).draw()


def _free(entries: Sequence[PrefixEntry], own: str) -> str:
    """Return the next number under the node's own prefix that nobody has."""
    if not own:
        return ""
    before = own + "."
    numbers = [
        int(rest)
        for entry in entries
        if entry.prefix.startswith(before) and (rest := entry.prefix[len(before) :]).isdecimal()
    ]
    return f"{before}{max(numbers, default=0) + 1}"


async def _draw_one(
    prefix: str, identity: Identity, context: PortalContext, desk: NodeDesk
) -> None:
    words, viewer = identity.language, identity.viewer
    show(Markup("<p>← {}</p>").format(link(say("All prefixes", words), address(part="prefixes"))))

    def read() -> tuple[PrefixEntry, bool, int, int]:
        with desk.reading() as moment:
            entry = one_prefix(moment, viewer, prefix)
            if not counts_prefix(viewer, entry):
                return entry, is_synthetic(moment), 0, 0
            today = day_of(context.clock().timestamp())
            first = today.fromordinal(today.toordinal() - DAYS)
            days = days_of(moment, [entry], first, today)
            named = sum(day.registered for day in days)
            return entry, is_synthetic(moment), named, sum(day.resolved for day in days)

    entry, synthetic, named, resolved = await asyncio.to_thread(read)
    if counts_prefix(viewer, entry) and entry.uscc:
        await asyncio.to_thread(audited, identity, f"identifiers: prefix {entry.prefix}", 1)
    known = await _known_as(entry, identity, context)
    heading(say("Prefix {prefix}", words, prefix=entry.prefix))
    show(badge(words, synthetic=synthetic))
    rows = _facts(entry, known, words)
    if counts_prefix(viewer, entry):
        rows += [
            (say("Identifiers", words), count(entry.count, words)),
            (
                say("Last {days} days", words, days=DAYS),
                say(
                    "{named} registered, {resolved} look-ups",
                    words,
                    named=count(named, words),
                    resolved=count(resolved, words),
                ),
            ),
        ]
    show(facts(rows))
    ways = []
    if counts_prefix(viewer, entry):
        ways.append(link(say("Its identifiers", words), address(part="search", of=entry.prefix)))
    if changes_records(viewer, entry):
        ways.append(link(say("Register one", words), address(part="register", prefix=entry.prefix)))
    if ways:
        show(Markup('<p class="bd-turn">{}</p>').format(Markup().join(ways)))
    if manages_prefixes(viewer):
        panel = ui.element("div").classes("w-full")
        with panel:
            PrefixPanel(identity, desk, entry).draw()


def _facts(entry: PrefixEntry, known: str, language: Language) -> list[tuple[str, Content]]:
    rows: list[tuple[str, Content]] = [
        (say("Enterprise (real name)", language), entry.enterprise or "–"),
        (say("Unified social credit code", language), entry.uscc or "–"),
    ]
    if known and known != entry.enterprise:
        rows.append((say("Called in the register of enterprises", language), known))
    if entry.contact:
        rows.append((say("Contact", language), entry.contact))
    rows += [
        (say("State", language), STATE_LABELS[entry.state].text(language)),
        (say("Allotted", language), day_at(entry.allotted_at)),
    ]
    if entry.site:
        rows.append((say("The enterprise's node", language), _where(entry.site)))
    return rows


def _where(site: bytes) -> str:
    """Return addresses and ports of an enterprise's node."""
    try:
        found = Site.parse(site)
    except MalformedMessage:
        return "–"
    return ", ".join(
        f"{server.address} ({', '.join(sorted({str(i.port) for i in server.interfaces}))})"
        for server in found.servers
    )


async def _known_as(entry: PrefixEntry, identity: Identity, context: PortalContext) -> str:
    """Return how the lake calls the enterprise, where the viewer may read that; else nothing."""
    viewer = identity.viewer
    if not entry.uscc or not (viewer.may(Right.READ_UNITS) or entry.uscc in viewer.enterprises):
        return ""

    def read(lake: Lake) -> str:
        try:
            rows = registered(lake.read("enterprise", viewer), on=context.clock().date())
        except NotPermitted:
            return ""
        names = rows.filter(rows.uscc == entry.uscc).select("name").limit(1).to_pyarrow()
        return str(names["name"][0].as_py() or "") if len(names) else ""

    return await pictures_of(context).run(read)
