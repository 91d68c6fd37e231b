"""How much is named and looked up, by day and by prefix, as far as the viewer may see it.

Counted from the registry and not from the lake, where a day arrives once it is
over: people look at today first. Today stands apart from the days that are
over, or every line would end in a fall that means nothing but the hour.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ballast.node.registry.entries import DayCount, PrefixEntry
from ballast.node.registry.records import HEAD
from ballast.node.registry.store import Snapshot
from ballast.node.service.lifecycle import LifeState, day_of, life_of
from ballast.node.service.prefixes import AUTHORITY
from ballast.portal.identifiers_reading import every_prefix, is_synthetic
from ballast.portal.identifiers_rights import counts_prefix, reads_totals, sees_prefix
from ballast.terms.handle import fold
from ballast.terms.viewer import Viewer

__all__ = ["DAYS", "Overview", "days_of", "lives_of", "overview"]

DAYS = 30
"""How many days that are over an overview shows, besides today."""

_PAGE = 1_000
_MOST_SCANNED = 20_000
"""Records: so many are looked through for what became of them; a tenth of a second."""
_DAY_BY_DAY = 50
"""Prefixes: above so many, all counts are read at once instead of prefix by prefix."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What is named, and who looks it up, as far as a viewer sees it.

    Parameters
    ----------
    synthetic
        Whether the node is a sample's.
    whole
        Whether the sums are over all enterprises, or over the viewer's own.
    states
        Prefixes by ``PrefixState``.
    enterprises
        How many enterprises hold these.
    identifiers
        How many identifiers are registered under the prefixes that the viewer counts.
    counted
        How many prefixes these are.
    days
        Days that are over, without gaps, the oldest first; ``prefix`` is empty.
    today
        What has happened since midnight.
    top
        The prefixes with most identifiers that the viewer counts, and how often these were
        looked up in the days.
    lives
        How many identifiers are valid, expired, revoked; nothing where they are too many to look
        through.
    """

    synthetic: bool
    whole: bool
    states: Counter[int]
    enterprises: int
    identifiers: int
    counted: int
    days: tuple[DayCount, ...]
    today: DayCount
    top: tuple[tuple[PrefixEntry, int], ...]
    lives: Counter[LifeState] | None


def overview(moment: Snapshot, viewer: Viewer, now: datetime, most: int = 10) -> Overview:
    """Return what is named and looked up.

    Parameters
    ----------
    moment
        Of the registry.
    viewer
        Who asks.
    now
        The present time, with its zone.
    most
        How many prefixes stand at the top.
    """
    every = [entry for entry in every_prefix(moment) if sees_prefix(viewer, entry)]
    whole = reads_totals(viewer)
    summed = every if whole else [entry for entry in every if counts_prefix(viewer, entry)]
    today = day_of(now.timestamp())
    first = max(
        today - timedelta(days=DAYS),
        min((day_of(entry.allotted_at) for entry in summed), default=today),
    )
    counts = days_of(moment, None if whole else summed, first, today)
    ranked = sorted(
        (entry for entry in summed if counts_prefix(viewer, entry) and entry.count),
        key=lambda entry: -entry.count,
    )[:most]
    resolved: Counter[bytes] = Counter()
    for one in counts:
        resolved[fold(one.prefix.encode())] += one.resolved
    # Prefixes are records too, but nothing that an enterprise has named.
    named = [one for one in counts if fold(one.prefix.encode()) != AUTHORITY]
    by_day = _by_day(named, first, today)
    return Overview(
        synthetic=is_synthetic(moment),
        whole=whole,
        states=Counter(int(entry.state) for entry in every),
        enterprises=len({entry.uscc for entry in every if entry.uscc}),
        identifiers=sum(entry.count for entry in summed),
        counted=len(summed),
        days=by_day[:-1],
        today=by_day[-1],
        top=tuple((entry, resolved[fold(entry.prefix.encode())]) for entry in ranked),
        lives=None if whole else lives_of(moment, summed, now.timestamp()),
    )


def days_of(
    moment: Snapshot, entries: Sequence[PrefixEntry] | None, first: date, last: date
) -> list[DayCount]:
    """Return the counts of some prefixes, or of all, by day and prefix.

    Parameters
    ----------
    entries
        Whose; ``None`` for all there are.
    first, last
        Days of China's calendar, both included.
    """
    if entries is not None and len(entries) <= _DAY_BY_DAY:
        return [
            count
            for entry in entries
            for count in moment.daily(first, last, fold(entry.prefix.encode()))
        ]
    counts = moment.daily(first, last)
    if entries is None:
        return counts
    wanted = {fold(entry.prefix.encode()) for entry in entries}
    return [count for count in counts if fold(count.prefix.encode()) in wanted]


def _by_day(counts: Sequence[DayCount], first: date, last: date) -> tuple[DayCount, ...]:
    held: defaultdict[date, list[DayCount]] = defaultdict(list)
    for count in counts:
        held[count.day].append(count)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(
        DayCount(
            day,
            "",
            registered=sum(one.registered for one in held[day]),
            changed=sum(one.changed for one in held[day]),
            deleted=sum(one.deleted for one in held[day]),
            resolved=sum(one.resolved for one in held[day]),
        )
        for day in days
    )


def lives_of(
    moment: Snapshot, entries: Sequence[PrefixEntry], now: float
) -> Counter[LifeState] | None:
    """Return how many identifiers are valid, expired, revoked; None where there are too many."""
    if sum(entry.count for entry in entries) > _MOST_SCANNED:
        return None
    found: Counter[LifeState] = Counter()
    for entry in entries:
        prefix, after = fold(entry.prefix.encode()), None
        while page := moment.records(prefix, after, _PAGE):
            for _, packed in page:
                state, expires_at, *_ = HEAD.unpack_from(packed)
                found[life_of(state, expires_at, now)] += 1
            after = page[-1][0]
    return found
