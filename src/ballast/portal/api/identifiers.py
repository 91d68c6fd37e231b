"""Prefixes, what happened day by day, and the search over identifiers.

What the Identifiers page shows, for programs: the same node is read, and the
same functions judge who sees what (``identifiers_rights``). Lists of an
enterprise's identifiers are unit data; reading them is written down.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from ballast.errors import NotPermitted, WrongUsage
from ballast.node.registry.entries import DayCount
from ballast.node.registry.store import Snapshot
from ballast.node.service.changes import AllotPrefix
from ballast.node.service.lifecycle import day_of
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.cursors import page, read_cursor, write_cursor
from ballast.portal.api.identifiers_shapes import (
    Daily,
    DayShape,
    Found,
    Prefixes,
    PrefixShape,
    found_shape,
    prefix_shape,
)
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.rows import Cursor, Limit
from ballast.portal.api.shapes import Shape
from ballast.portal.identifiers_counts import days_of
from ballast.portal.identifiers_desk import node_of
from ballast.portal.identifiers_reading import every_prefix, one_prefix, prefixes_of, search
from ballast.portal.identifiers_rights import counts_prefix, manages_prefixes, reads_totals
from ballast.portal.identifiers_writing import done
from ballast.terms.enterprise_code import parse_uscc
from ballast.terms.handle import fold

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["identifiers"])

_DAYS, _MOST_DAYS = 30, 366
_EARLIEST, _LATEST = date(2000, 1, 1), date(2106, 1, 1)
_SOONEST = _EARLIEST + timedelta(days=_DAYS)
Prefix = Annotated[
    str | None, Query(max_length=250, description="A prefix; of all together where none is given.")
]


class NewPrefix(Shape):
    """A prefix that is to be allotted."""

    prefix: str = Field(min_length=1, max_length=250, examples=["88.118.8"])
    uscc: str = Field(min_length=18, max_length=18, description="Of the enterprise; checked.")
    enterprise: str = Field(min_length=1, max_length=200, description="Its real name.")
    contact: str = Field(default="", max_length=200)


@router.get("/api/v1/identifiers/prefixes", operation_id="listPrefixes")
def list_prefixes(ask: Asker, limit: Limit = 100, cursor: Cursor = None) -> Prefixes:
    """List the prefixes of the node that the account sees."""
    ask.private()
    with node_of(ask.context).reading() as moment:
        seen = prefixes_of(moment, ask.viewer)
    kept, more = page(seen, ["prefixes"], limit, cursor)
    whose = {entry.uscc for entry in kept if entry.uscc and entry.count >= 0}
    if whose:
        ask.audit("identifiers: prefixes, counts", len(whose))
    return Prefixes(prefixes=[prefix_shape(entry) for entry in kept], next=more)


@router.post("/api/v1/identifiers/prefixes", operation_id="allotPrefix", status_code=201)
async def allot_prefix(ask: Asker, wish: NewPrefix) -> PrefixShape:
    """Allot a prefix to an enterprise; its identifiers are kept at this node."""
    ask.private()
    if not manages_prefixes(ask.viewer):
        raise NotPermitted("{who} may not allot prefixes", who=ask.viewer.name)
    node = node_of(ask.context)
    with node.reading():  # no node: say so, and not that its writer is away
        pass
    change = AllotPrefix(wish.prefix, parse_uscc(wish.uscc), wish.enterprise, wish.contact)
    done(await node.change(change, ask.viewer.name, ask.identity.address))
    with node.reading() as moment:
        return prefix_shape(one_prefix(moment, ask.viewer, wish.prefix))


@router.get("/api/v1/identifiers/search", operation_id="searchIdentifiers")
def search_identifiers(
    ask: Asker,
    begins: Annotated[
        str,
        Query(
            min_length=1,
            max_length=200,
            description="A prefix or its beginning; or a prefix, a slash, and how the suffix "
            "begins.",
            examples=["88.118.8/"],
        ),
    ],
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Found:
    """Find identifiers by how they begin, in order."""
    ask.private()
    question = ["identifiers", fold(begins.strip().encode("utf-8", "replace")).hex()]
    after = b"" if cursor is None else _after(question, cursor)
    now = ask.context.clock().timestamp()
    with node_of(ask.context).reading() as moment:
        found = search(moment, ask.viewer, begins, now, after=after, limit=limit)
    if found.enterprises:
        ask.audit(f"identifiers: {begins[:100]}", found.enterprises)
    return Found(
        identifiers=[found_shape(hit) for hit in found.hits],
        prefixes=[entry.prefix for entry in found.prefixes],
        next=write_cursor(question, found.after.hex()) if found.after else None,
    )


@router.get("/api/v1/identifiers/daily", operation_id="dailyIdentifiers")
def daily(
    ask: Asker,
    prefix: Prefix = None,
    first: Annotated[date | None, Query(description="The first day; 30 days by default.")] = None,
    last: Annotated[date | None, Query(description="The last day; today by default.")] = None,
) -> Daily:
    """Count registrations, changes and resolutions day by day, by the calendar of China."""
    ask.private()
    until = last or day_of(ask.context.clock().timestamp())
    since = first or max(until, _SOONEST) - timedelta(days=_DAYS - 1)
    if not _EARLIEST <= since <= until <= _LATEST or (until - since).days >= _MOST_DAYS:
        raise WrongUsage(
            "the days from {first} to {last} cannot be counted; give at most {most} in order",
            first=since.isoformat(),
            last=until.isoformat(),
            most=_MOST_DAYS,
        )
    with node_of(ask.context).reading() as moment:
        counts, whose = _counts(ask, moment, prefix, since, until)
    if whose:
        ask.audit(f"identifiers: days {since} to {until}, {(prefix or 'own')[:100]}", whose)
    return Daily(prefix=prefix, days=_days(since, until, counts))


def _counts(
    ask: Caller, moment: Snapshot, prefix: str | None, since: date, until: date
) -> tuple[list[DayCount], int]:
    """Return the counts asked for, and of how many enterprises; of none, where of all."""
    if prefix is None and reads_totals(ask.viewer):
        return days_of(moment, None, since, until), 0
    if prefix is None:
        entries = [one for one in every_prefix(moment) if counts_prefix(ask.viewer, one)]
    else:
        entries = [one_prefix(moment, ask.viewer, prefix)]
        if not counts_prefix(ask.viewer, entries[0]):
            raise NotPermitted(
                "{who} may not see how much is named under {prefix}",
                who=ask.viewer.name,
                prefix=entries[0].prefix,
            )
    whose = {entry.uscc for entry in entries if entry.uscc}
    return days_of(moment, entries, since, until), len(whose)


def _days(since: date, until: date, counts: list[DayCount]) -> list[DayShape]:
    sums = {since + timedelta(days=n): [0, 0, 0, 0] for n in range((until - since).days + 1)}
    for one in counts:
        held = sums[one.day]
        for at, more in enumerate((one.registered, one.changed, one.deleted, one.resolved)):
            held[at] += more
    return [
        DayShape(day=day, registered=held[0], changed=held[1], deleted=held[2], resolved=held[3])
        for day, held in sums.items()
    ]


def _after(question: object, cursor: str) -> bytes:
    found = read_cursor(question, cursor)
    try:
        return bytes.fromhex(str(found))
    except ValueError:
        raise WrongUsage("this cursor leads nowhere; ask again without one") from None
