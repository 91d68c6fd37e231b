"""What the Sparkplug host tells, as events of the log.

The host speaks of every single message; a hostile publisher could make it fill
the log. So what lasts is an event of its own (a gap, a death, a question), and
what is over at once is counted.
"""

from __future__ import annotations

from ballast.plant.collect.tally import Tally
from ballast.plant.host.actions import (
    Action,
    AskedRebirth,
    Doubt,
    Flagged,
    Gap,
    Reason,
    Stale,
)
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.terms.label import Label
from ballast.words import Sentence, pack

__all__ = ["because", "event_of"]

_KINDS = {
    Doubt.DUPLICATE: EventKind.DUPLICATE,
    Doubt.CLASH: EventKind.ALIAS_CLASH,
    Doubt.TOO_MANY: EventKind.UNMAPPED,
    Doubt.FOREIGN: EventKind.UNREADABLE,
}
_UNREADABLE = frozenset((Reason.UNREADABLE, Reason.UNTIMED, Reason.MISFIT))


def because(reason: Label) -> str:
    """Return a reason as the detail of an event."""
    return pack([Sentence("reason: {reason}", {"reason": reason})]) or ""


def event_of(action: Action, tags: int, now: int, tally: Tally) -> CollectEvent | None:
    """Return the event that an action of the host is, or None where it is counted or none.

    Parameters
    ----------
    action
        As the host gave it.
    tags
        How many tags its source has.
    now
        Epoch ms.
    tally
        Where what is over at once is counted.
    """
    if isinstance(action, Gap):
        if action.until == action.since:
            kind = EventKind.UNREADABLE if action.reason in _UNREADABLE else EventKind.GAP
            count = action.messages + action.metrics
            detail = because(action.reason.value)
            tally.add(kind, str(action.source), None, now, count, detail)
            return None
        return CollectEvent(
            now, EventKind.GAP, str(action.source), None, action.since, action.until,
            action.messages + action.metrics, because(action.reason.value),
        )  # fmt: skip
    if isinstance(action, Stale):
        return CollectEvent(
            now, EventKind.STALE, str(action.source), None, action.since, None, tags,
            because(action.reason.value),
        )  # fmt: skip
    if isinstance(action, AskedRebirth):
        return CollectEvent(
            now, EventKind.REBIRTH_ASKED, str(action.source), None, action.at, action.at, 1,
            because(action.reason.value),
        )  # fmt: skip
    if isinstance(action, Flagged):
        kind = _KINDS.get(action.doubt, EventKind.DOUBT)
        source = "" if action.source is None else str(action.source)
        # Each doubt is a count of its own, though several are of one kind.
        detail = because(action.doubt.value)
        if kind is EventKind.DOUBT:
            return CollectEvent(now, kind, source, None, action.at, action.at, 1, detail)
        tally.add(kind, source, None, now, 1, detail)
    return None
