"""The one way in: samples of live machines and of recordings become rows of the spool here.

Were there two ways, a recording would not show what the live one does to data.
Whatever comes is numbered, marked (late, ahead, retained …), freed of what is
known already, and put into the spool; what is odd about it is counted and told
as events. ``commit`` is the moment after which a source may forget.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused, StorageFailed
from ballast.plant.collect.json_message import JsonPlan, plan_of, read_json
from ballast.plant.collect.json_rows import GatheredJson
from ballast.plant.collect.known import Keys, Known, Sifted, prints
from ballast.plant.collect.numbering import LEFT_OUT, Numbering
from ballast.plant.collect.picture import Picture
from ballast.plant.collect.sparkplug_rows import Rows, SparkplugRows
from ballast.plant.collect.tally import Tally
from ballast.plant.collect.telling import event_of
from ballast.plant.host import actions as told
from ballast.plant.host.actions import Action, Source
from ballast.plant.site import Site
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.live import LastValue
from ballast.plant.spool.samples import Flag, Samples
from ballast.plant.spool.spool import Spool
from ballast.plant.wire.birth import BirthTable
from ballast.words import Sentence, pack

__all__ = ["Pipeline", "Taken"]

_MOST_HELD_EVENTS = 10_000
_NOBODY = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of some samples.

    Parameters
    ----------
    rows
        How many were new and go to the spool.
    duplicates
        How many were known already, value and all, and were dropped.
    conflicts
        How many had the time and ordinal of a known one and another value.
    """

    rows: int
    duplicates: int
    conflicts: int


class Pipeline:
    """The way of samples into a spool.

    A sample is known by (tag, source time, ordinal). The same again is a
    duplicate and dropped. Another value under the same tag and time, where the
    source gave no ordinal, gets the next ordinal and counts as a conflict; where
    it did, the source contradicts itself: the first stands, the other is told.

    Parameters
    ----------
    site
        The mapping; none: every tag is named automatically.
    spool
        Open for writing.
    clock_ms
        Epoch ms UTC.
    late_after_ms, ahead_after_ms
        How far a source's clock may be behind or before ours unmarked.
    max_unmapped
        How many tags that the mapping does not know are collected at most.
    """

    def __init__(
        self,
        site: Site | None,
        spool: Spool,
        *,
        clock_ms: Callable[[], int],
        late_after_ms: int = 60_000,
        ahead_after_ms: int = 60_000,
        max_unmapped: int = 20_000,
    ) -> None:
        self._spool, self._clock = spool, clock_ms
        self._tolerance = {"late_after_ms": late_after_ms, "ahead_after_ms": ahead_after_ms}
        self._numbering = Numbering(site, spool, max_unmapped)
        self._known, self._picture, self._tally = Known(), Picture(), Tally()
        self._sparkplug = SparkplugRows()
        self._json = (GatheredJson(ordered=False), GatheredJson(ordered=True))
        self._tables: dict[Source, BirthTable] = {}
        self._numbers: dict[Source, npt.NDArray[np.int64]] = {}
        self._retired: list[BirthTable] = []
        self._source_of: dict[int, str] = {}
        self._plans: dict[str, JsonPlan] = {}
        self._plan_numbers: dict[str, list[int]] = {}
        self._told_unmapped: set[Source] = set()
        self._messages = 0
        self._held: deque[Samples] = deque()
        self._held_events: deque[CollectEvent] = deque(maxlen=_MOST_HELD_EVENTS)
        self.rows_taken = 0
        if site is not None:
            topics = {one.topic: one for one in site.topics.values()}
            for topic, tags in site.json_topics.items():
                self._plans[topic] = plan_of(topics[topic], tags, site.zone)

    @property
    def topics(self) -> tuple[str, ...]:
        """The JSON topics of the mapping."""
        return tuple(self._plans)

    def recall(self, since: int) -> None:
        """Remember what the log holds of late, so that a redelivery after a restart is known.

        Parameters
        ----------
        since
            Epoch ms; samples of an earlier time are not looked at.
        """
        for samples in self._spool.recent(since):
            self.know(samples)
            self._picture.update(samples)

    def know(self, samples: Samples) -> None:
        """Take note of samples that are stored already, in the log or behind it."""
        if len(samples):
            self._known.remember(_keys(samples, np.arange(-len(samples), 0)), samples.ordinal)

    # ── what comes ──────────────────────────────────────────────────────────────────────────

    def actions(self, actions: Sequence[Action], *, retained: bool = False) -> None:
        """Take what a Sparkplug host tells: births, samples, gaps, stale marks, doubts.

        Parameters
        ----------
        actions
            In the host's order; what is to be sent (`Publish`, `Connect` …) is passed over.
        retained
            Whether the message behind them was a retained one.
        """
        born: Source | None = None
        for action in actions:
            if isinstance(action, told.Samples):
                self._sparkplug.add(action.readings, retained=retained, born=action.source == born)
            elif isinstance(action, told.Born):
                born = action.source
                self._introduce(action)
            else:
                self._tell(action)

    def json(self, topic: str, payload: bytes, now: int, *, retained: bool = False) -> int:
        """Take a JSON message by the mapping; what cannot be read becomes an event.

        Parameters
        ----------
        topic
            As received.
        payload
            As received; never trusted.
        now
            Time of receipt, epoch ms.
        retained
            Whether the broker had kept it: it may be of any age.

        Returns
        -------
        int
            How many samples it held.
        """
        plan = self._plans.get(topic)
        if plan is None or not payload:  # an empty one takes back what was retained
            return 0
        try:
            rows = read_json(payload, plan)
        except Refused as error:
            self._tally.add(EventKind.UNREADABLE, topic, None, now, 1, _detail(error))
            return 0
        numbers = self._plan_numbers.get(topic)
        if numbers is None:
            numbers = [self._numbering.of(tag, mapped=True) for tag in plan.tags]
            self._plan_numbers[topic] = numbers
            self._source_of.update(dict.fromkeys(numbers, topic))
        if rows.bad_times:
            detail = Sentence("told a time that is none; the time of receipt stands for it")
            packed = pack([detail]) or ""
            self._tally.add(EventKind.UNREADABLE, topic, None, now, rows.bad_times, packed)
        gathered = self._json[any(one is not None for one in rows.ordinals)]
        self._messages += 1
        flag = Flag.RETAINED if retained else Flag(0)
        skipped = gathered.add(rows, numbers, now, self._messages, flag)
        if skipped:
            detail = Sentence("a retained message without a time was not stored")
            self._tally.add(EventKind.DOUBT, topic, None, now, skipped, pack([detail]) or "")
        return len(rows.places)

    def samples(
        self,
        tag: str,
        times: npt.NDArray[np.int64],
        values: npt.NDArray[np.float64],
        *,
        null: npt.NDArray[np.bool_] | None = None,
        ordinals: npt.NDArray[np.int32] | None = None,
        texts: npt.NDArray[np.object_] | None = None,
        received_at: int | None = None,
        mapped: bool = True,
        source: str = _NOBODY,
    ) -> Taken:
        """Take samples of one tag, as a recording holds them; they are marked as history.

        Parameters
        ----------
        tag
            Its path.
        times
            Source times, epoch ms, shape (n,).
        values
            Shape (n,); NaN is a value that was recorded so.
        null
            Shape (n,); where there is no value.
        ordinals
            Shape (n,); none: the place among the equal times of this call.
        texts
            Shape (n,), str or None; the value where a float is not all of it.
        received_at
            Epoch ms; none: now.
        mapped
            Whether the mapping knows the tag.
        source
            Where they come from, for the events.

        Raises
        ------
        Refused
            If there is no room for another tag.
        """
        number = self._numbering.of(tag, mapped=mapped)
        if number == LEFT_OUT:
            raise Refused("{tag}: no further tag can be collected; map fewer", tag=tag)
        self._source_of[number] = source
        self._messages += 1
        samples = Samples.of(
            number, times, values, null=False if null is None else null,
            received_at=self._clock() if received_at is None else received_at,
            ordinal=0 if ordinals is None else ordinals, text=texts, flags=int(Flag.HISTORICAL),
        )  # fmt: skip
        message = np.full(len(samples), self._messages)
        extra = Rows(message, np.zeros(len(samples), np.bool_))
        return self._accept(samples, extra, ordered=ordinals is not None)

    def event(self, event: CollectEvent) -> None:
        """Take an event of the collector itself."""
        self._held_events.append(event)

    def tick(self, now: int, *, last: bool = False) -> None:
        """Let the clock pass: what was counted for a minute becomes an event.

        Parameters
        ----------
        now
            Epoch ms.
        last
            Whether nothing follows, so that everything counted is told.
        """
        self._held_events.extend(self._tally.all(now) if last else self._tally.due(now))

    # ── what goes ───────────────────────────────────────────────────────────────────────────

    @property
    def waiting(self) -> int:
        """How many samples were taken and not yet put into the spool."""
        gathered = self._sparkplug.count + sum(one.count for one in self._json)
        return gathered + sum(map(len, self._held))

    @property
    def unmapped(self) -> int:
        """How many tags that the mapping does not know are collected."""
        return self._numbering.unmapped_count

    def values(self) -> tuple[LastValue, ...]:
        """Return the last value of every tag."""
        return self._picture.values(self._spool)

    def prepare(self) -> None:
        """Turn what was taken into columns and put it into the spool, for a commit.

        Raises
        ------
        StorageFailed
            If the spool takes no more: what it did not take is kept here.
        """
        if self._sparkplug.count:
            samples, rows = self._sparkplug.take(**self._tolerance)
            base = self._messages + 1
            self._messages = base + (int(rows.message[-1]) if len(rows.message) else 0)
            self._accept(samples, Rows(rows.message + base, rows.born), ordered=False)
        if self._retired:
            self._sparkplug.forget(self._retired)
            self._retired = []
        for gathered in self._json:
            if gathered.count:
                samples, rows = gathered.take(**self._tolerance)
                self._accept(samples, rows, ordered=gathered.ordered)
        with suppress(StorageFailed):  # kept, and told once there is room
            while self._held_events:
                self._spool.put_event(self._held_events[0])
                self._held_events.popleft()
        while self._held:
            self._spool.put(self._held[0])
            self._held.popleft()

    def commit(self) -> None:
        """Bring everything taken so far to the disk; acknowledgements may go out after it.

        Raises
        ------
        StorageFailed
            Nothing of it may be acknowledged; it is kept, and may be tried again.
        """
        self.prepare()
        self._spool.commit()

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _introduce(self, born: told.Born) -> None:
        source, table = born.source, born.table
        numbers, over = self._numbering.of_table(source, table)
        before = self._tables.get(source)
        if before is not None:
            self._retired.append(before)
        self._tables[source], self._numbers[source] = table, numbers
        self._sparkplug.introduce(table, numbers)
        collected = numbers[numbers != LEFT_OUT]
        self._source_of.update(dict.fromkeys(collected.tolist(), str(source)))
        unmapped = int(self._numbering.unmapped(collected).sum())
        if (unmapped or over) and source not in self._told_unmapped:
            self._told_unmapped.add(source)
            detail = Sentence(
                "{count} tags are not in the mapping; {over} of them are over the bound and are "
                "not collected",
                {"count": unmapped + over, "over": over},
            )
            packed = pack([detail]) or ""
            self.event(CollectEvent(born.at, EventKind.UNMAPPED, str(source), None, born.at,
                                    None, unmapped + over, packed))  # fmt: skip

    def _tell(self, action: Action) -> None:
        count = 0
        if isinstance(action, told.Stale):
            numbers = self._numbers.get(action.source)
            if numbers is not None:
                collected = numbers[numbers != LEFT_OUT]
                count = len(collected)
                self.prepare_quietly()  # so that a sample before the death does not undo the mark
                self._picture.stale(collected, action.since)
        event = event_of(action, count, self._clock(), self._tally)
        if event is not None:
            self.event(event)

    def prepare_quietly(self) -> None:
        """Prepare, leaving it to the next commit to say that there is no room."""
        with suppress(StorageFailed):
            self.prepare()

    def _accept(self, samples: Samples, rows: Rows, *, ordered: bool) -> Taken:
        if not len(samples):
            return Taken(0, 0, 0)
        sifted = self._known.sift(_keys(samples, rows.message, ordered=ordered))
        flags = samples.flags
        unmapped = self._numbering.unmapped(samples.tag)
        if unmapped.any():
            flags = flags | (unmapped * np.uint8(Flag.UNMAPPED))
        kept = replace(samples, flags=flags, ordinal=sifted.ordinal)
        if not sifted.keep.all():
            kept = kept.take(sifted.keep)
        self._count(samples, sifted, rows)
        self._picture.update(kept)
        self.rows_taken += len(kept)
        if len(kept):
            self._held.append(kept)
        return Taken(len(kept), len(sifted.duplicates), len(sifted.conflicts))

    def _count(self, samples: Samples, sifted: Sifted, rows: Rows) -> None:
        if samples.flags.any():
            for flag, kind in ((Flag.LATE, EventKind.LATE), (Flag.AHEAD, EventKind.AHEAD)):
                marked = sifted.keep & ((samples.flags & np.uint8(flag)) != 0)
                if marked.any():
                    self._add(kind, samples.tag[marked])
        if sifted.duplicates:
            # A birth repeats the last value by its nature.
            told_twice = np.array(sifted.duplicates)
            self._add(EventKind.DUPLICATE, samples.tag[told_twice[~rows.born[told_twice]]])
        if sifted.conflicts:
            self._add(EventKind.CONFLICT, samples.tag[np.array(sifted.conflicts)])

    def _add(self, kind: EventKind, tags: npt.NDArray[np.int32]) -> None:
        now = self._clock()
        for number, count in zip(*(one.tolist() for one in np.unique(tags, return_counts=True)),
                                 strict=True):  # fmt: skip
            source = self._source_of.get(number, _NOBODY)
            self._tally.add(kind, source, self._spool.name(number), now, count)


def _keys(samples: Samples, message: npt.NDArray[np.int64], *, ordered: bool = False) -> Keys:
    known_by = prints(samples.value, samples.null, samples.text)
    ordinal = samples.ordinal if ordered else None
    return Keys(samples.tag, samples.time, known_by, message, ordinal)


def _detail(error: Refused) -> str:
    return pack([Sentence(error.template, error.values)]) or ""
