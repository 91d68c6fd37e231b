"""The one way in: samples of live machines and of recordings become rows of the spool here.

Were there two ways, a recording would not show what the live one does to data.
Whatever comes is numbered, marked (late, ahead, retained …), freed of what is
known already, and put into the spool; what is odd about it is counted and told
as events. ``commit`` is the moment after which a source may forget.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused, StorageFailed
from ballast.plant.collect.json_topics import JsonTopics
from ballast.plant.collect.known import Keys, Known, prints
from ballast.plant.collect.noted import Noted
from ballast.plant.collect.numbering import LEFT_OUT, Numbering
from ballast.plant.collect.picture import Picture
from ballast.plant.collect.sparkplug_rows import Rows, SparkplugRows
from ballast.plant.collect.telling import event_of
from ballast.plant.host import actions as told
from ballast.plant.host.actions import Action, Source
from ballast.plant.site import Site
from ballast.plant.spool.events import CollectEvent
from ballast.plant.spool.live import LastValue
from ballast.plant.spool.samples import Flag, Samples
from ballast.plant.spool.spool import Spool
from ballast.plant.wire.birth import BirthTable

__all__ = ["Pipeline", "Stored", "Taken"]

Stored = Callable[[Mapping[str, int], int, int], Samples | None]

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
    stored
        ``stored(tags, since, until)`` gives what is stored behind the log of some tags (name to
        number) between two times, ms; recordings ask it before they put anything. None: the log
        and what this pipeline took are all there is.
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
        stored: Stored | None = None,
    ) -> None:
        self._spool, self._clock = spool, clock_ms
        self._tolerance = {"late_after_ms": late_after_ms, "ahead_after_ms": ahead_after_ms}
        self._numbering = Numbering(site, spool, max_unmapped)
        self._known, self._picture, self._noted = Known(), Picture(), Noted(spool)
        self._sparkplug = SparkplugRows()
        self._json = JsonTopics(site, self._numbering, self._noted)
        self._tables: dict[Source, BirthTable] = {}
        self._numbers: dict[Source, npt.NDArray[np.int64]] = {}
        self._retired: list[BirthTable] = []
        self._messages = 0
        self._stored = stored
        self._held: deque[Samples] = deque()
        self.rows_taken = self._duplicates = self._conflicts = 0

    @property
    def topics(self) -> tuple[str, ...]:
        """The JSON topics of the mapping."""
        return self._json.topics

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

    def number(self, tag: str, *, mapped: bool) -> int:
        """Return the number of a tag in the spool.

        Raises
        ------
        Refused
            If there is no room for another tag.
        """
        number = self._numbering.of(tag, mapped=mapped)
        if number == LEFT_OUT:
            raise Refused("{tag}: no further tag can be collected; map fewer", tag=tag)
        return number

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
        self._messages += 1
        return self._json.take(topic, payload, now, self._messages, retained=retained)

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
        number = self.number(tag, mapped=mapped)
        self._noted.comes_from((number,), source)
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
        self._noted.event(event)

    def tick(self, now: int, *, last: bool = False) -> None:
        """Let the clock pass: what was counted for a minute becomes an event.

        Parameters
        ----------
        now
            Epoch ms.
        last
            Whether nothing follows, so that everything counted is told.
        """
        self._noted.tick(now, last=last)

    # ── what goes ───────────────────────────────────────────────────────────────────────────

    @property
    def waiting(self) -> int:
        """How many samples were taken and not yet put into the spool."""
        gathered = self._sparkplug.count + sum(one.count for one in self._json.gathered)
        return gathered + sum(map(len, self._held))

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many rows were new, known already, and in conflict, since the beginning."""
        return self.rows_taken, self._duplicates, self._conflicts

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
        for gathered in self._json.gathered:
            if gathered.count:
                samples, rows = gathered.take(**self._tolerance)
                self._accept(samples, rows, ordered=gathered.ordered)
        self._noted.put()
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
        self._noted.comes_from(collected.tolist(), str(source))
        unmapped = int(self._numbering.unmapped(collected).sum())
        if unmapped or over:
            self._noted.unmapped(str(source), born.at, unmapped, over)

    def _tell(self, action: Action) -> None:
        count = 0
        if isinstance(action, told.Stale):
            numbers = self._numbers.get(action.source)
            if numbers is not None:
                collected = numbers[numbers != LEFT_OUT]
                count = len(collected)
                self.prepare_quietly()  # so that a sample before the death does not undo the mark
                self._picture.stale(collected, action.since)
        event = event_of(action, count, self._clock(), self._noted.tally)
        if event is not None:
            self.event(event)

    def prepare_quietly(self) -> None:
        """Prepare, leaving it to the next commit to say that there is no room."""
        with suppress(StorageFailed):
            self.prepare()

    def _accept(self, samples: Samples, rows: Rows, *, ordered: bool) -> Taken:
        if not len(samples):
            return Taken(0, 0, 0)
        if self._stored is not None:
            names = {self._spool.name(n): n for n in np.unique(samples.tag).tolist()}
            behind = self._stored(names, int(samples.time.min()), int(samples.time.max()))
            if behind is not None:
                self.know(behind)
        sifted = self._known.sift(_keys(samples, rows.message, ordered=ordered))
        flags = samples.flags
        unmapped = self._numbering.unmapped(samples.tag)
        if unmapped.any():
            flags = flags | (unmapped * np.uint8(Flag.UNMAPPED))
        kept = replace(samples, flags=flags, ordinal=sifted.ordinal)
        if not sifted.keep.all():
            kept = kept.take(sifted.keep)
        self._noted.count(samples, sifted, rows, self._clock())
        self._picture.update(kept)
        self.rows_taken += len(kept)
        self._duplicates += len(sifted.duplicates)
        self._conflicts += len(sifted.conflicts)
        if len(kept):
            self._held.append(kept)
        return Taken(len(kept), len(sifted.duplicates), len(sifted.conflicts))


def _keys(samples: Samples, message: npt.NDArray[np.int64], *, ordered: bool = False) -> Keys:
    known_by = prints(samples.value, samples.null, samples.text)
    ordinal = samples.ordinal if ordered else None
    return Keys(samples.tag, samples.time, known_by, message, ordinal)
