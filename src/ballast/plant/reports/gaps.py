"""When data of a tag are, or may be, missing: the collector's events, tag by tag.

The collector tells what befell a connection, a node, a topic or a tag. Which
tags that concerns is decided here and nowhere else, so that OEE loses trust in
a state at the very moment the data-quality report shows a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

import ibis

from ballast.lake.lake import Lake
from ballast.plant.reports.window import from_ms, to_ms
from ballast.plant.site.tag import JsonSource, SparkplugSource, Tag
from ballast.plant.spool.events import EventKind
from ballast.terms.viewer import Viewer

__all__ = ["DARK", "Befell", "befell", "gaps_of"]

DARK = (
    EventKind.GAP,
    EventKind.STALE,
    EventKind.BROKER_LOST,
    EventKind.BROKER_BACK,
    EventKind.SPOOL_FULL,
    EventKind.TORN_LOG,
    EventKind.STOPPED,
    EventKind.STARTED,
)
"""Events after which a value that is not told again must not be believed."""

# How the collector names the two sides on which it hears one broker.
_ALL_SPARKPLUG, _ALL_JSON = " (Sparkplug)", " (JSON)"
_EVERYWHERE = frozenset(DARK) - {EventKind.GAP, EventKind.STALE}


@dataclass(frozen=True, slots=True)
class Befell:
    """One event of the collector.

    Parameters
    ----------
    at_ms
        When it was noted.
    kind
        What happened.
    source, tag
        Where; ``tag`` is ``None`` where it is about all of the source.
    since_ms, until_ms
        What time it is about, epoch ms UTC; ``until_ms`` is ``None`` while it lasts.
    count
        How many samples or messages.
    detail
        As recorded.
    """

    at_ms: int
    kind: EventKind
    source: str
    tag: str | None
    since_ms: int
    until_ms: int | None
    count: int
    detail: str

    @property
    def everywhere(self) -> bool:
        """Whether it is about the collector itself, and so about every tag."""
        return self.kind in _EVERYWHERE

    def concerns(self, tag: Tag) -> bool:
        """Return whether it is about a tag."""
        if self.tag is not None:
            return self.tag == tag.tag
        return self.everywhere or _comes_from(tag, self.source)


def _comes_from(tag: Tag, source: str) -> bool:
    """Return whether a tag comes from a node, a device behind it, a topic or a whole broker."""
    match tag.source:
        case SparkplugSource(group, node, device):
            node_of = f"{group}/{node}"
            return source in (node_of, f"{node_of}/{device}") or source.endswith(_ALL_SPARKPLUG)
        case JsonSource(topic):
            return source == topic or source.endswith(_ALL_JSON)
    # A tag that the mapping does not know is named after where it comes from.
    return tag.tag.startswith((f"sparkplug:{source}/", f"json:{source}#"))


def befell(
    lake: Lake,
    viewer: Viewer,
    start_ms: int,
    end_ms: int,
    kinds: Iterable[EventKind] | None = None,
) -> list[Befell]:
    """Return the events that are about a window, in order.

    Parameters
    ----------
    lake, viewer
        Whose events, and who asks.
    start_ms, end_ms
        From when, until when; an event noted later may be about it.
    kinds
        Which; ``None``: all.

    Notes
    -----
    A gap is told when it begins, and again when it ends: of those of one source, tag, kind and
    beginning the one that was noted last holds.
    """
    rows = lake.read("telemetry_event", viewer)
    begin, end = from_ms(start_ms, UTC), from_ms(end_ms, UTC)
    since = rows.since.coalesce(rows["at"])
    until = rows.until.coalesce(rows["at"])
    rows = rows.filter((since < ibis.literal(end)) & (until >= ibis.literal(begin)))
    if kinds is not None:
        rows = rows.filter(rows.kind.isin([kind.value for kind in kinds]))
    told: dict[tuple[object, ...], Befell] = {}
    for row in sorted(rows.to_pyarrow().to_pylist(), key=lambda row: (row["at"], row["seq"])):
        one = _event(row)
        lasting = one.kind in (EventKind.GAP, EventKind.BROKER_LOST)
        key = (one.kind, one.source, one.tag, one.since_ms) if lasting else (len(told),)
        told[key] = one
    whole = _with_crashes(lake, viewer, list(told.values()))
    return sorted(whole, key=lambda one: (one.since_ms, one.at_ms))


def _with_crashes(lake: Lake, viewer: Viewer, events: Sequence[Befell]) -> list[Befell]:
    """Return events of which a start after a crash begins where the last sample had come.

    A collector that was killed says nothing when it ends. A start that follows another start
    tells of it, and how far the samples before it reach tells when.
    """
    found = []
    running: set[str] = set()
    for one in sorted(events, key=lambda one: one.at_ms):
        if one.kind is EventKind.STARTED and one.source in running:
            found.append(replace(one, since_ms=_newest(lake, viewer, one.at_ms)))
        else:
            found.append(one)
        if one.kind is EventKind.STARTED:
            running.add(one.source)
        elif one.kind is EventKind.STOPPED:
            running.discard(one.source)
    return found


def _newest(lake: Lake, viewer: Viewer, before_ms: int) -> int:
    """Return when the last sample of any tag before a moment was, to the minute."""
    before = from_ms(before_ms, UTC)
    earliest = from_ms(before_ms - 7 * 86_400_000, UTC)
    parts = lake.read("telemetry_1min", viewer, within=(earliest, before))
    parts = parts.filter(parts.last_at <= ibis.literal(before))
    newest = parts.aggregate(newest=parts.last_at.max()).to_pyarrow()["newest"][0].as_py()
    return before_ms if newest is None else to_ms(newest)


def _event(row: dict[str, Any]) -> Befell:
    at = to_ms(row["at"])
    return Befell(
        at_ms=at,
        kind=EventKind(row["kind"]),
        source=row["source"],
        tag=row["tag"],
        since_ms=at if row["since"] is None else to_ms(row["since"]),
        until_ms=None if row["until"] is None else to_ms(row["until"]),
        count=row["count"],
        detail=row["detail"] or "",
    )


def gaps_of(tag: Tag, events: Sequence[Befell]) -> list[tuple[int, int]]:
    """Return from when until when nothing that a tag said before is to be believed.

    Parameters
    ----------
    tag
        Which.
    events
        Of the kinds in ``DARK``.

    Returns
    -------
    list
        Epoch ms UTC; an event whose end is not recorded is a moment: it ends what was known, and
        the tag's next sample begins anew.
    """
    found = []
    for one in events:
        if one.kind in DARK and one.concerns(tag):
            end = one.until_ms if one.until_ms is not None else one.since_ms
            found.append((one.since_ms, max(end, one.since_ms)))
    return found
