"""The part Search of the Identifiers page: an identifier by how it begins, a page at a time.

By its beginning and not by any part of it: the registry is kept in the order
of its names, so the ten-millionth is found as fast as the first, and no
second index of everybody's names lies about.
"""

from __future__ import annotations

import asyncio
import base64
import binascii

from markupsafe import Markup

from ballast.errors import BallastError
from ballast.portal.context import PortalContext
from ballast.portal.data_html import Content, heading, link, note, show, show_table, unbroken
from ballast.portal.data_words import count
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_html import address, asked, finder, turner
from ballast.portal.identifiers_overview import show_no_node
from ballast.portal.identifiers_reading import Hits, is_synthetic, search
from ballast.portal.identifiers_words import badge, life_mark, moment_at
from ballast.portal.identity import Identity, audited
from ballast.terms.label import Label, Language
from ballast.words import explain, say

__all__ = ["draw_search", "hit_rows"]

_A_PAGE = 50
_HEADS = (
    Label("标识", "Identifier"),
    Label("状态", "State"),
    Label("注册于", "Registered"),
    Label("有效期至", "Valid until"),
)
_PREFIX_HEADS = (
    Label("前缀", "Prefix"),
    Label("企业", "Enterprise"),
    Label("标识数", "Identifiers"),
)


async def draw_search(identity: Identity, context: PortalContext, desk: NodeDesk) -> None:
    """Draw the part."""
    words, wanted, after = identity.language, asked("of"), _after(asked("after"))
    if not desk.founded:
        show_no_node(identity.viewer, words)
        return

    def read() -> tuple[Hits, bool]:
        with desk.reading() as moment:
            synthetic = is_synthetic(moment)
            now = context.clock().timestamp()
            return search(
                moment, identity.viewer, wanted, now, after=after, limit=_A_PAGE
            ), synthetic

    try:
        found, synthetic = await asyncio.to_thread(read)
        failed = ""
    except BallastError as error:
        found, synthetic, failed = Hits(()), False, explain(error, words)
    if found.enterprises:
        await asyncio.to_thread(
            audited, identity, f"identifiers: search {wanted[:80]}", found.enterprises
        )
    show(badge(words, synthetic=synthetic))
    label = say("Identifier, or how it begins", words)
    finder(label, "of", wanted, words, part="search")
    if failed:
        note(failed, "alert", "alert")
        if desk.url and "/" in wanted:
            way = link(say("Ask the node for it", words), desk.address_of(wanted) + "?noredirect")
            show(Markup("<p>{}</p>").format(way))
    elif not wanted:
        note(
            say(
                "Enter an identifier such as 88.118.8/A-1, its beginning, or a prefix alone. "
                "Capitals do not matter.",
                words,
            )
        )
    else:
        _show(found, wanted, words)


def _show(found: Hits, wanted: str, language: Language) -> None:
    if found.hits:
        show_table(
            say("Identifiers that begin with {begun}", language, begun=wanted[:80]),
            [head.text(language) for head in _HEADS],
            hit_rows(found, language),
        )
    elif not found.prefixes:
        note(
            say("Nothing that you may see begins with {begun}.", language, begun=wanted[:80]),
            role="status",
        )
    started = asked("after")
    turner(
        language,
        address(part="search", of=wanted) if started else "",
        address(part="search", of=wanted, after=_packed(found.after)) if found.after else "",
        back=say("Back to the first", language),
    )
    if found.prefixes:
        heading(say("Prefixes that begin so", language))
        show_table(
            say("Prefixes that begin so", language),
            [head.text(language) for head in _PREFIX_HEADS],
            [
                [
                    link(entry.prefix, address(part="search", of=entry.prefix + "/")),
                    entry.enterprise or "–",
                    count(entry.count, language),
                ]
                for entry in found.prefixes
            ],
            figures=frozenset({2}),
        )


def hit_rows(found: Hits, language: Language) -> list[list[Content]]:
    """Return identifiers as the page lists them; what people typed is escaped."""
    return [
        [
            link(hit.handle, address(part="record", handle=hit.handle)),
            life_mark(hit.life, language),
            unbroken(moment_at(hit.created_at)),
            unbroken(moment_at(hit.expires_at)) if hit.expires_at else "–",
        ]
        for hit in found.hits
    ]


def _packed(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def _after(text: str) -> bytes:
    """Return where the page before ended; the beginning where the address is damaged.

    Examples
    --------
    >>> _after(_packed(b"88.118.8/a")), _after("%")
    (b'88.118.8/a', b'')
    """
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
