"""One edge node as the host knows it: born, in order, or not to be trusted.

```
state    │ NBIRTH    data in order  data ahead      time-out  NDEATH, bdSeq    NDEATH,  we lost
         │                                                    as born          other    the broker
─────────┼────────────────────────────────────────────────────────────────────────────────────────
unborn   │ → live    gap opens,     gap opens,      –         → dead           → dead   unborn
         │           ask            ask
live     │ → live:   live: emit     → waiting:      –         → dead: stale    ignored  → unborn:
         │   table                    hold, timer               (node, devices)           stale,
         │   replaced                                                                     gap opens
waiting  │ → live:   emit, drain;   waiting: hold   → unborn: → dead: stale,   ignored  → unborn:
         │   held    → live when                      gap,      gap                       stale,
         │   sifted    none is held                   ask                                 gap opens
dead     │ → live    gap opens,     gap opens,      –         dead             dead     unborn
         │           ask            ask
```

"data" is NDATA, DBIRTH, DDATA and DDEATH: they share one sequence of 0 to 255.
Out of order means held, never guessed: of what lies behind a hole that was not
filled we do not know by which table it should be read, for the hole may have
swallowed a birth. It is dropped, counted in a recorded gap, and a rebirth asked.
What the protocol cannot show: messages lost just before a birth or a death, or
exactly 256 in a row.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ballast.plant.host.actions import (
    Action,
    Born,
    Doubt,
    Flagged,
    Gap,
    Reason,
    Samples,
    Source,
    Stale,
)
from ballast.plant.wire.birth import BirthTable, birth_table
from ballast.plant.wire.payload import BD_SEQ
from ballast.plant.wire.readings import Readings, read
from ballast.plant.wire.topic import MessageKind

__all__ = ["Arrival", "EdgeNode", "State"]

# How many messages back a duplicate is known as one.
MEMORY = 64
MAX_HELD = 1024
MAX_HELD_BYTES = 32 * 1024 * 1024
MAX_DEVICES = 2048
# MQTT orders messages of one topic only: a will can overtake the birth that was on its way.
OVERTAKEN_MS = 250
OVERTAKEN_ASK_MS = 2000


class State(Enum):
    """The rows of the table above."""

    UNBORN = "unborn"
    LIVE = "live"
    WAITING = "waiting"
    DEAD = "dead"


@dataclass(slots=True)  # frozen would cost a microsecond a message
class Arrival:
    """One message of an edge node, parsed."""

    kind: MessageKind
    device: str | None
    message: Any
    data: bytes
    at: int

    @property
    def print(self) -> tuple[MessageKind, str | None, int]:
        """Return what tells it from another message."""
        return self.kind, self.device, hash(self.data)


class EdgeNode:
    """The session of one edge node and its devices; no I/O, the clock is in the arrivals."""

    def __init__(self, source: Source, *, reorder_ms: int, cooldown_ms: int) -> None:
        self.source = source
        self.state = State.UNBORN
        self.ask_at: int | None = None
        self.ask_reason = Reason.UNBORN
        self.deadline: int | None = None
        self._reorder_ms, self._cooldown_ms = reorder_ms, cooldown_ms
        self._asked_at: int | None = None
        self._table: BirthTable | None = None
        self._devices: dict[str, BirthTable] = {}
        self._bd_seq: int | None = None
        self._died_at = -OVERTAKEN_MS
        self._next = 0
        self._last_at = 0
        self._recent: deque[tuple[int, Any]] = deque(maxlen=MEMORY)
        self._held: dict[int, list[Arrival]] = {}
        self._held_bytes = 0
        self._gap: Gap | None = None
        self._flagged: set[Doubt] = set()

    @property
    def table(self) -> BirthTable | None:
        """Return the table of the node's own birth, while it is live."""
        return self._table

    def device(self, name: str) -> BirthTable | None:
        """Return the table of a device, while it is live."""
        return self._devices.get(name)

    # ── messages ────────────────────────────────────────────────────────────────────────────

    def steady(
        self, kind: MessageKind, device: str | None, message: Any, data: bytes, at: int
    ) -> Readings | None:
        """Return what a data message in its place says; None, and nothing changed, for any other.

        Nearly all messages are such: this is `arrived` without what only the others need.
        """
        seq = message.seq
        if (
            seq != self._next
            or self.state is not State.LIVE
            or self.ask_at is not None
            or (not seq and not message.HasField("seq"))
        ):
            return None
        table = self._table if device is None else self._devices.get(device)
        if table is None:
            return None
        told = read(message, table, at, data)
        if told.unknown or told.misfits or told.untimed or not told.tags:
            return None
        self._recent.append((seq, (kind, device, hash(data))))
        self._next = (seq + 1) & 255
        self._last_at = max(self._last_at, at)
        return told

    def arrived(self, arrival: Arrival) -> list[Action]:
        """Return what follows from a message that the node sent."""
        if arrival.kind is MessageKind.NBIRTH:
            return self._born(arrival)
        if arrival.kind is MessageKind.NDEATH:
            return self._died(arrival)
        if self.state in (State.UNBORN, State.DEAD):
            self.want_rebirth(arrival.at, Reason.UNBORN)
            return self._lose(Reason.UNBORN, arrival.at)
        if not arrival.message.HasField("seq"):
            return [*self._flag(Doubt.NO_SEQ, arrival.at), *self._take(arrival)]
        return self._ordered(arrival)

    def _ordered(self, arrival: Arrival) -> list[Action]:
        seq = arrival.message.seq
        if seq > 255:
            return self.unreadable(arrival.at)
        if seq == self._next:
            done = self._accept(arrival)
            return done + self._drain() if self._held else done
        twin = (seq, arrival.print)
        held = self._held.get(seq, ())
        if twin in self._recent or any(one.print == arrival.print for one in held):
            return self._flag(Doubt.DUPLICATE, arrival.at)
        if seq == (self._next - 1) & 255:
            # One seq for NDATA and DDATA: the second is data too.
            self._recent.append(twin)
            return [*self._flag(Doubt.SEQ_REUSED, arrival.at), *self._take(arrival)]
        self._held.setdefault(seq, []).append(arrival)
        self._held_bytes += len(arrival.data)
        if self.deadline is None:
            self.state, self.deadline = State.WAITING, arrival.at + self._reorder_ms
        count = sum(map(len, self._held.values()))
        if count > MAX_HELD or self._held_bytes > MAX_HELD_BYTES:
            return self._give_up(arrival.at, Reason.OVERFLOW)
        return []

    def _accept(self, arrival: Arrival) -> list[Action]:
        self._recent.append((arrival.message.seq, arrival.print))
        self._next = (arrival.message.seq + 1) & 255
        return self._take(arrival)

    def _drain(self) -> list[Action]:
        done: list[Action] = []
        while self._held and self._next in self._held:
            first, *others = self._held.pop(self._next)
            done += self._accept(first)
            for other in others:
                self._recent.append((other.message.seq, other.print))
                done += [*self._flag(Doubt.SEQ_REUSED, other.at), *self._take(other)]
        if not self._held:
            self.state, self.deadline, self._held_bytes = State.LIVE, None, 0
        return done

    def _take(self, arrival: Arrival) -> list[Action]:
        """Return what a message in its place says."""
        self._last_at = max(self._last_at, arrival.at)
        name = arrival.device
        if name is None:
            return self._sampled(self.source, self._table, arrival)
        source = Source(self.source.group, self.source.node, name)
        if arrival.kind is MessageKind.DBIRTH:
            if name not in self._devices and len(self._devices) >= MAX_DEVICES:
                return [*self._flag(Doubt.TOO_MANY, arrival.at), *self._lost(source, arrival)]
            self._devices[name] = table = birth_table(arrival.message)
            return [*self._announce(source, table, arrival.at),
                    *self._sampled(source, table, arrival)]  # fmt: skip
        if arrival.kind is MessageKind.DDEATH:
            known = self._devices.pop(name, None)
            when = arrival.message.timestamp or arrival.at
            return [Stale(source, when, Reason.DEVICE_DEATH)] if known else []
        return self._sampled(source, self._devices.get(name), arrival)

    def _lost(self, source: Source, arrival: Arrival) -> list[Action]:
        return [Gap(source, Reason.UNBORN, arrival.at, arrival.at, messages=1)]

    def _sampled(self, source: Source, table: BirthTable | None, arrival: Arrival) -> list[Action]:
        if table is None:
            self.want_rebirth(arrival.at, Reason.UNBORN)
            return self._lost(source, arrival)
        told = read(arrival.message, table, arrival.at, arrival.data)
        done: list[Action] = [Samples(source, told)] if told.tags else []
        if told.left_out:
            counts = ((Reason.UNKNOWN_METRIC, told.unknown), (Reason.MISFIT, told.misfits),
                      (Reason.UNTIMED, told.untimed))  # fmt: skip
            done += [Gap(source, r, arrival.at, arrival.at, metrics=n) for r, n in counts if n]
            birth = arrival.kind in (MessageKind.NBIRTH, MessageKind.DBIRTH)
            if (told.unknown or told.misfits) and not birth:
                why = Reason.UNKNOWN_METRIC if told.unknown else Reason.MISFIT
                self.want_rebirth(arrival.at, why)
        return done

    def _announce(self, source: Source, table: BirthTable, at: int) -> list[Action]:
        clash = self._flag(Doubt.CLASH, at) if table.clashes or table.unnamed else []
        return [Born(source, table, at), *clash]

    # ── births and deaths ───────────────────────────────────────────────────────────────────

    def _born(self, arrival: Arrival) -> list[Action]:
        at, bd_seq = arrival.at, _bd_seq(arrival.message)
        overtaken = at - self._died_at < OVERTAKEN_MS and bd_seq == self._bd_seq
        if self.state is State.DEAD and overtaken:
            self.want_rebirth(at, Reason.OVERTAKEN, after_ms=OVERTAKEN_ASK_MS)
            return self._lose(Reason.OVERTAKEN, at)
        seq = arrival.message.seq
        if seq > 255:
            return self.unreadable(at)
        done: list[Action] = [
            Stale(Source(self.source.group, self.source.node, name), at, Reason.REBIRTH)
            for name in self._devices
        ]
        kept = self._sift(arrival)
        done += self._end_gap(at)
        self._table, self._devices = birth_table(arrival.message), {}
        self._bd_seq, self.ask_at = bd_seq, None
        self._next, self._last_at = (seq + 1) & 255, at
        self._recent.clear()
        self._flagged.clear()
        self.state = State.LIVE
        done += self._announce(self.source, self._table, at)
        done += self._flag(Doubt.NO_BDSEQ, at) if bd_seq is None else []
        done += self._sampled(self.source, self._table, arrival)
        for one in kept:
            done += self._ordered(one)
        return done

    def _sift(self, birth: Arrival) -> list[Arrival]:
        """Return what was held and is of the new session; the rest goes into the gap."""
        held = [one for seq in sorted(self._held) for one in self._held[seq]]
        sent = birth.message.timestamp
        kept = [one for one in held if sent and one.message.timestamp >= sent]
        if len(kept) < len(held):
            self._open_gap(Reason.SEQUENCE, self._gap_start(birth.at), len(held) - len(kept))
        self._clear_held()
        return kept

    def _died(self, arrival: Arrival) -> list[Action]:
        at, bd_seq = arrival.at, _bd_seq(arrival.message)
        done = self._flag(Doubt.NO_BDSEQ, at) if bd_seq is None else []
        if arrival.message.HasField("seq"):
            done += self._flag(Doubt.DEATH_WITH_SEQ, at)
        alive = self.state in (State.LIVE, State.WAITING)
        # A death that names no session, or answers a birth that named none, may be ours.
        named = bd_seq is not None and self._bd_seq is not None
        if alive and named and bd_seq != self._bd_seq:
            return [*done, *self._flag(Doubt.OLD_DEATH, at)]
        if alive:
            done += self._all_stale(at, Reason.NODE_DEATH)
            if self._held:
                count = sum(map(len, self._held.values()))
                self._open_gap(Reason.SEQUENCE, self._gap_start(at), count)
            done += self._end_gap(at)
        self._forget(State.DEAD)
        self._died_at, self._bd_seq, self.ask_at = at, bd_seq, None
        return done

    def lost_broker(self, now: int) -> list[Action]:
        """Return what follows from the loss of the connection: nothing is known any more."""
        if self.state not in (State.LIVE, State.WAITING):
            return []
        count = sum(map(len, self._held.values()))
        done = self._all_stale(now, Reason.DISCONNECTED)
        done += self._open_gap(Reason.DISCONNECTED, self._gap_start(now), count)
        self._forget(State.UNBORN)
        # A node that reports by exception may be silent for hours: it is asked, once we are back.
        self.want_rebirth(now, Reason.DISCONNECTED)
        return done

    def unreadable(self, now: int) -> list[Action]:
        """Return what follows from a message that could not be read."""
        self.want_rebirth(now, Reason.UNREADABLE)
        return [Gap(self.source, Reason.UNREADABLE, now, now, messages=1)]

    def tick(self, now: int) -> list[Action]:
        """Return what follows from the time alone."""
        if self.deadline is not None and now >= self.deadline:
            return self._give_up(now, Reason.SEQUENCE)
        return []

    # ── what is missing, and what is asked ──────────────────────────────────────────────────

    def _give_up(self, now: int, reason: Reason) -> list[Action]:
        count = sum(map(len, self._held.values()))
        done = self._all_stale(now, reason)
        done += self._open_gap(reason, self._gap_start(now), count)
        self._forget(State.UNBORN)
        self.want_rebirth(now, reason)
        return done

    def want_rebirth(self, now: int, reason: Reason, after_ms: int = 0) -> None:
        """Plan a request for a rebirth, not sooner than the cool-down after the last."""
        when = now + after_ms
        if self._asked_at is not None:
            when = max(when, self._asked_at + self._cooldown_ms)
        if self.ask_at is None or when < self.ask_at:
            self.ask_at, self.ask_reason = when, reason

    def asked(self, now: int) -> Reason:
        """Take note that a rebirth was asked for; return why."""
        self._asked_at, self.ask_at = now, None
        return self.ask_reason

    def _lose(self, reason: Reason, now: int) -> list[Action]:
        """Count a message that cannot be used into the open gap, opening one where none is."""
        return self._open_gap(reason, now, 1)

    def _open_gap(self, reason: Reason, since: int, messages: int) -> list[Action]:
        if self._gap is not None:
            last = self._gap
            total = last.messages + messages
            self._gap = Gap(last.source, last.reason, last.since, None, total)
            return []
        self._gap = Gap(self.source, reason, since, None, messages)
        return [self._gap]

    def _gap_start(self, now: int) -> int:
        """Return from when on samples are missing: something held may be older than the last."""
        waiting = [one.at for held in self._held.values() for one in held]
        return min([self._last_at, *waiting]) if waiting else now

    def _end_gap(self, now: int) -> list[Action]:
        if (gap := self._gap) is None:
            return []
        self._gap = None
        return [Gap(gap.source, gap.reason, gap.since, now, gap.messages)]

    def _all_stale(self, since: int, reason: Reason) -> list[Action]:
        devices = (Source(self.source.group, self.source.node, name) for name in self._devices)
        return [Stale(source, since, reason) for source in (self.source, *devices)]

    def _clear_held(self) -> None:
        self._held, self._held_bytes, self.deadline = {}, 0, None

    def _forget(self, state: State) -> None:
        self.state, self._table, self._devices = state, None, {}
        self._clear_held()

    def _flag(self, doubt: Doubt, now: int) -> list[Action]:
        """Return the doubt, the first time in a session; duplicates are told each time."""
        if doubt in self._flagged and doubt is not Doubt.DUPLICATE:
            return []
        self._flagged.add(doubt)
        return [Flagged(self.source, doubt, now)]


def _bd_seq(message: Any) -> int | None:
    for metric in message.metrics:
        if metric.name == BD_SEQ:
            which = metric.WhichOneof("value")
            if which in ("long_value", "int_value"):
                found: int = getattr(metric, which)
                return found
    return None
