"""Which samples are known already: the memory that makes a redelivery harmless.

A dictionary of all keys would cost a hundred bytes and a microsecond a sample.
A live source is almost always ahead of its own past, so per tag only the
latest time is asked at first, for a whole batch by one comparison. Only rows
that are not later than it are looked for one by one, among the newest million
rows, which lie in arrays of 24 bytes a row and are sorted when first asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["UNKNOWN_PRINT", "Keys", "Known", "Sifted", "prints"]

Ints = npt.NDArray[np.int64]

#: The print of a value that is not known any more: whatever it was counts as the same.
UNKNOWN_PRINT = -0x7FFF_FFFF_FFFF_FF01
_NEVER = -1
# Times are below 2**48 ms (the year 10889); so a group's number fits above them.
_SHIFT = 48
_MOST_AT_ONCE = 1 << 14
_MIX = np.uint64(0x9E37_79B9_7F4A_7C15)


def prints(
    value: npt.NDArray[np.float64],
    null: npt.NDArray[np.bool_],
    text: npt.NDArray[np.object_] | None,
) -> Ints:
    """Return a number for each value by which two are told apart; NaN is the same as NaN.

    A text tells its value alone: the number beside it is read from it.

    Examples
    --------
    >>> nan = float("nan")
    >>> one, two = prints(np.array([nan, nan]), np.array([False, True]), None)
    >>> bool(one == two)
    False
    """
    found = (value + 0.0).view(np.int64).copy()  # -0.0 and 0.0 are one
    found[np.isnan(value)] = 0x7FF8 << 48
    found[null] = 1
    if text is not None:
        rows = np.flatnonzero(text != None)  # noqa: E711 - of every row
        found[rows] = np.array([hash(one) for one in text[rows].tolist()], np.int64)
    return found


@dataclass(frozen=True, slots=True)
class Keys:
    """What samples are known by; all arrays have shape (n,).

    Parameters
    ----------
    tag
        int32; numbers of the spool.
    time
        int64, ms.
    print
        int64, of the value (`prints`).
    message
        int64; rows of one message have one number: what one message says twice
        is said twice.
    ordinal
        int32, as the source gave it; none where it gave none.
    """

    tag: npt.NDArray[np.int32]
    time: Ints
    print: Ints
    message: Ints
    ordinal: npt.NDArray[np.int32] | None = None

    def take(self, rows: slice) -> Keys:
        """Return some of the rows."""
        ordinal = None if self.ordinal is None else self.ordinal[rows]
        return Keys(self.tag[rows], self.time[rows], self.print[rows], self.message[rows], ordinal)


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is new of a batch.

    Parameters
    ----------
    keep
        bool, shape (n,).
    ordinal
        int32, shape (n,); of the kept rows.
    duplicates, conflicts
        Row numbers. A conflict is kept under another ordinal where the source gave
        none, and dropped where it did.
    """

    keep: npt.NDArray[np.bool_]
    ordinal: npt.NDArray[np.int32]
    duplicates: list[int]
    conflicts: list[int]


@dataclass(slots=True)
class _Entry:
    """One known sample of a tag and time."""

    ordinal: int
    print: int
    message: int = _NEVER
    claimed_by: int = _NEVER


@dataclass(slots=True)
class _Part:
    """Rows that were taken together, sorted by their mixed key once somebody asks."""

    tag: npt.NDArray[np.int32]
    time: Ints
    ordinal: npt.NDArray[np.int32]
    print: Ints
    sorted_keys: npt.NDArray[np.uint64] | None = field(default=None)

    def find(self, keys: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
        """Return from where to where the rows of each key lie."""
        if self.sorted_keys is None:
            mixed = _mixed(self.tag, self.time)
            order = np.argsort(mixed, kind="stable")
            self.tag, self.time = self.tag[order], self.time[order]
            self.ordinal, self.print = self.ordinal[order], self.print[order]
            self.sorted_keys = mixed[order]
        left = np.searchsorted(self.sorted_keys, keys, "left")
        return left, np.searchsorted(self.sorted_keys, keys, "right")


def _mixed(tag: npt.NDArray[np.int32], time: Ints) -> npt.NDArray[np.uint64]:
    return np.asarray((tag.astype(np.uint64) * _MIX) ^ time.astype(np.uint64))


class Known:
    """The memory of one collector.

    Parameters
    ----------
    rows
        How many of the newest rows are remembered; older ones that come again are taken
        for new, unless they are the last of their tag.

    Examples
    --------
    >>> known = Known()
    >>> def keys(*times):
    ...     n = len(times)
    ...     return Keys(np.zeros(n, np.int32), np.array(times), np.ones(n, np.int64),
    ...                 np.arange(n))
    >>> known.sift(keys(1000, 2000)).keep.tolist()
    [True, True]
    >>> known.sift(keys(1000, 1500, 2500)).keep.tolist()
    [False, True, True]
    """

    def __init__(self, rows: int = 1_000_000) -> None:
        self._rows = rows
        self._last = np.full(1024, _NEVER, np.int64)
        self._last_print = np.zeros(1024, np.int64)
        self._last_ordinal = np.zeros(1024, np.int32)
        self._parts: deque[_Part] = deque()
        self._young: list[_Part] = []
        self._young_rows = self._old_rows = 0

    def remember(self, keys: Keys, ordinal: npt.NDArray[np.int32]) -> None:
        """Take note of samples that are in the log already."""
        if len(keys.tag):
            self._grow(int(keys.tag.max()))
            self._add(keys, ordinal)
            order = np.lexsort((keys.time, keys.tag))
            ends = order[np.flatnonzero(np.diff(keys.tag[order], append=-1))]
            newer = ends[keys.time[ends] >= self._last[keys.tag[ends]]]
            self._note_last(keys, ordinal, newer)

    def sift(self, keys: Keys) -> Sifted:
        """Return what is new, and remember it.

        Parameters
        ----------
        keys
            In the order of arrival.
        """
        count = len(keys.tag)
        done = [
            self._sift(keys.take(slice(start, start + _MOST_AT_ONCE)))
            for start in range(0, count, _MOST_AT_ONCE)
        ]
        if len(done) == 1:
            return done[0]
        starts = range(0, count, _MOST_AT_ONCE)
        return Sifted(
            np.concatenate([one.keep for one in done] or [np.empty(0, np.bool_)]),
            np.concatenate([one.ordinal for one in done] or [np.empty(0, np.int32)]),
            [s + row for s, one in zip(starts, done, strict=True) for row in one.duplicates],
            [s + row for s, one in zip(starts, done, strict=True) for row in one.conflicts],
        )

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _sift(self, keys: Keys) -> Sifted:
        count = len(keys.tag)
        self._grow(int(keys.tag.max()))
        order = np.argsort(keys.tag, kind="stable")
        tag, time = keys.tag[order], keys.time[order]
        begins = np.empty(count, np.bool_)
        begins[0] = True
        np.not_equal(tag[1:], tag[:-1], out=begins[1:])
        group = np.cumsum(begins) << _SHIFT
        highest = np.maximum.accumulate(time + group)
        behind = time <= self._last[tag]
        behind[1:] |= ~begins[1:] & ((time + group)[1:] <= highest[:-1])

        keep = np.ones(count, np.bool_)
        ordinal = np.zeros(count, np.int32) if keys.ordinal is None else keys.ordinal.copy()
        duplicates: list[int] = []
        conflicts: list[int] = []
        if behind.any():
            asked = np.sort(order[behind])
            self._ask(keys, asked, keep, ordinal, duplicates, conflicts)
        if keep.all():
            self._add(keys, ordinal)
            # The last row of the highest time of each tag.
            ends = np.flatnonzero(np.append(begins[1:], True))
            top = order[_last_of_highest(time + group, highest, ends)]
            newer = top[keys.time[top] >= self._last[keys.tag[top]]]
            self._note_last(keys, ordinal, newer)
        else:
            self.remember(_only(keys, keep), ordinal[keep])
        return Sifted(keep, ordinal, duplicates, conflicts)

    def _ask(
        self,
        keys: Keys,
        asked: Ints,
        keep: npt.NDArray[np.bool_],
        ordinal: npt.NDArray[np.int32],
        duplicates: list[int],
        conflicts: list[int],
    ) -> None:
        """Decide the rows that may be known; marks are written into the arrays given."""
        entries = self._entries(keys, asked, ordinal)
        explicit = keys.ordinal is not None
        for row in asked.tolist():
            key = (int(keys.tag[row]), int(keys.time[row]))
            known = entries.get(key)
            print_, message = int(keys.print[row]), int(keys.message[row])
            if known is None:
                entries[key] = [_Entry(int(ordinal[row]), print_, message)]
                continue
            same = _explicit(known, int(ordinal[row])) if explicit else None
            if explicit and same is not None:
                keep[row] = False
                alike = same.print in (print_, UNKNOWN_PRINT)
                (duplicates if alike else conflicts).append(row)
                continue
            twin = None if explicit else _twin(known, print_, message)
            if twin is not None:
                twin.claimed_by = message
                keep[row] = False
                duplicates.append(row)
                continue
            if not explicit:
                ordinal[row] = 1 + max(one.ordinal for one in known)
                if all(one.message != message for one in known):
                    conflicts.append(row)
            known.append(_Entry(int(ordinal[row]), print_, message))

    def _entries(
        self, keys: Keys, asked: Ints, ordinal: npt.NDArray[np.int32]
    ) -> dict[tuple[int, int], list[_Entry]]:
        """Return what is known of the tags and times that are asked for."""
        tags, times = keys.tag[asked], keys.time[asked]
        mixed = np.unique(_mixed(tags, times))
        wanted = set(zip(tags.tolist(), times.tolist(), strict=True))
        found: dict[tuple[int, int], list[_Entry]] = {}

        def note(tag: int, time: int, entry: _Entry) -> None:
            if (tag, time) in wanted:
                known = found.setdefault((tag, time), [])
                if all(one.ordinal != entry.ordinal for one in known):
                    known.append(entry)

        self._settle()
        for part in self._parts:
            left, right = part.find(mixed)
            for at in np.flatnonzero(right > left).tolist():
                for row in range(left[at], right[at]):
                    entry = _Entry(int(part.ordinal[row]), int(part.print[row]))
                    note(int(part.tag[row]), int(part.time[row]), entry)
        for row in np.flatnonzero(self._last[tags] == times).tolist():
            tag = int(tags[row])
            entry = _Entry(int(self._last_ordinal[tag]), int(self._last_print[tag]))
            note(tag, int(times[row]), entry)
        sure = np.setdiff1d(np.arange(len(keys.tag)), asked, assume_unique=True)
        near = sure[np.isin(_mixed(keys.tag[sure], keys.time[sure]), mixed)]
        for row in near.tolist():
            entry = _Entry(int(ordinal[row]), int(keys.print[row]), int(keys.message[row]))
            note(int(keys.tag[row]), int(keys.time[row]), entry)
        return found

    def _add(self, keys: Keys, ordinal: npt.NDArray[np.int32]) -> None:
        if len(keys.tag):
            self._young.append(_Part(keys.tag, keys.time, ordinal, keys.print))
            self._young_rows += len(keys.tag)
            if self._young_rows >= _MOST_AT_ONCE:
                self._settle()
        while self._old_rows > self._rows:
            self._old_rows -= len(self._parts.popleft().tag)

    def _settle(self) -> None:
        """Put the young rows together; a last part that is still small is taken in again."""
        if not self._young:
            return
        if self._parts and len(self._parts[-1].tag) + self._young_rows <= _MOST_AT_ONCE:
            small = self._parts.pop()
            self._old_rows -= len(small.tag)
            self._young.insert(0, small)
        parts = self._young
        whole = parts[0] if len(parts) == 1 else _Part(
            np.concatenate([one.tag for one in parts]),
            np.concatenate([one.time for one in parts]),
            np.concatenate([one.ordinal for one in parts]),
            np.concatenate([one.print for one in parts]),
        )  # fmt: skip
        whole.sorted_keys = None
        self._parts.append(whole)
        self._old_rows += len(whole.tag)
        self._young, self._young_rows = [], 0

    def _note_last(self, keys: Keys, ordinal: npt.NDArray[np.int32], rows: Ints) -> None:
        tags = keys.tag[rows]
        self._last[tags] = keys.time[rows]
        self._last_print[tags] = keys.print[rows]
        self._last_ordinal[tags] = ordinal[rows]

    def _grow(self, highest: int) -> None:
        if highest >= len(self._last):
            size = max(highest + 1, 2 * len(self._last))
            more = size - len(self._last)
            self._last = np.append(self._last, np.full(more, _NEVER, np.int64))
            self._last_print = np.append(self._last_print, np.zeros(more, np.int64))
            self._last_ordinal = np.append(self._last_ordinal, np.zeros(more, np.int32))


def _only(keys: Keys, keep: npt.NDArray[np.bool_]) -> Keys:
    return Keys(keys.tag[keep], keys.time[keep], keys.print[keep], keys.message[keep])


def _last_of_highest(time: Ints, highest: Ints, ends: Ints) -> Ints:
    """Return, for each group that ends there, a place where it reaches its highest."""
    reached = np.where(time == highest, np.arange(len(time)), -1)
    found: Ints = np.maximum.accumulate(reached)[ends]
    return found


def _explicit(known: Iterable[_Entry], ordinal: int) -> _Entry | None:
    return next((one for one in known if one.ordinal == ordinal), None)


def _twin(known: Iterable[_Entry], print_: int, message: int) -> _Entry | None:
    """Return a known sample of another message that this one repeats."""
    for one in known:
        alike = one.print in (print_, UNKNOWN_PRINT)
        if alike and message not in (one.message, one.claimed_by):
            return one
    return None
