"""The sample's node: founded, its prefixes allotted, its identifiers loaded, its weeks lived.

Past days are lived through one by one with the clock set to them, by the same
changes that people make: so counts of the day, events and the audit trail come
out as a node leaves them, and nothing here writes any of these. Only what
nobody did is put in: the resolutions of these days.

Whatever was interrupted is continued: each day ends with a mark in the commit
of its last changes, and the lines of a day are loaded under a key.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import msgspec
import numpy as np

from ballast.errors import NotFound, Refused, StorageFailed
from ballast.node.registry.lmdb_store import FILE, LmdbStore
from ballast.node.registry.records import RecordState
from ballast.node.registry.store import Snapshot, Transaction
from ballast.node.service.answers import Answer
from ballast.node.service.caller import OPERATOR
from ballast.node.service.changes import AllotPrefix, Change, ModifyValues, SetState
from ballast.node.service.changing import apply
from ballast.node.service.founding import (
    PROVENANCE_META,
    Ports,
    found_node,
    founded_identity,
)
from ballast.node.service.lifecycle import day_of
from ballast.node.wire.value import Value
from ballast.node.writer.local import LocalWriter
from ballast.sample.identifiers import (
    COUNT,
    DAYS,
    NODE_PREFIX,
    Draw,
    Lines,
    draw,
    holders,
)
from ballast.sample.months import DEFAULT_LAST_MONTH, SEED, Calendar
from ballast.sample.population import draw as draw_people
from ballast.sample.register import register
from ballast.sample.synthetic import SOURCE, stream
from ballast.terms.handle import fold

__all__ = ["SAMPLE_META", "SampleNode", "load", "standing"]

SAMPLE_META = "sample"
TITLE = "合成样例标识节点 Synthetic sample node"
_REGISTRY, _KEYS = Path("node") / "registry", Path("node") / "keys"
_CLUSTER = "chiping-aluminium"  # whose largest enterprise the handle is of that a demo shows
_RECALLED, _CORRECTED = 300, 600  # batches, over all days
_RESOLUTIONS_A_DAY = 40.0  # of an enterprise of middling size, on a working day
_DONE = b'"code":1,'

Progress = Callable[[str, float], None]


class _Mark(msgspec.Struct, frozen=True):
    """How far the sample has come: its seed, its first day, days that are done, what it shows."""

    seed: int
    first_day: date
    days: int
    handle: str
    identifiers: int
    prefixes: int


@dataclass(frozen=True, slots=True)
class SampleNode:
    """What stands.

    Parameters
    ----------
    identifiers, prefixes
        How many.
    handle
        One identifier to look at.
    made
        Whether it was made just now.
    """

    identifiers: int
    prefixes: int
    handle: str
    made: bool


class _Clock:
    """A clock that is set by hand, epoch seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _tell(progress: Progress, template: str, done: float) -> None:
    """Tell what is being done, by the English under which the catalogue holds it."""
    progress(template, done)


def standing(home: Path) -> SampleNode | None:
    """Return the sample's node of a home where it stands whole; ``None`` where it does not.

    Parameters
    ----------
    home
        The home.
    """
    if not (home / _REGISTRY / FILE).is_file():
        return None
    try:
        store = LmdbStore.open(home / _REGISTRY, readonly=True)
    except NotFound:
        return None
    try:
        with store.snapshot() as moment:
            mark = _mark(moment)
    finally:
        store.close()
    if mark is None or mark.days < DAYS:
        return None
    return SampleNode(mark.identifiers, mark.prefixes, mark.handle, made=False)


# longer than 60 lines because its steps are told one by one
def load(
    home: Path,
    progress: Progress,
    *,
    today: date,
    ports: Ports,
    seed: int = SEED,
    count: int = COUNT,
    random: Callable[[int], bytes] = os.urandom,
) -> SampleNode:
    """Found the sample's node in a home and let it live through four weeks up to yesterday.

    Where it stands already, nothing is changed; where it was interrupted, it is continued.

    Parameters
    ----------
    home
        The home.
    progress
        Told what is being done and how much of it, 0 to 1.
    today
        The day that is not lived through any more.
    ports
        Which the node's site names.
    seed, count
        The same seed, day and number give the same identifiers.
    random
        Gives that many unpredictable bytes, for keys.

    Raises
    ------
    Refused
        If the home has a node that is not the sample's.
    HomeBusy
        If the sample is not whole and a node is running.
    """
    there = standing(home)
    if there is not None:
        return there
    _tell(progress, "drawing the identifiers", 0.0)
    people = draw_people(seed, Calendar(DEFAULT_LAST_MONTH).base)
    who = holders(people, register(people, seed))
    clock = _Clock()
    with LocalWriter(LmdbStore.open(home / _REGISTRY, random=random), clock, random) as writer:
        with writer.store.snapshot() as moment:
            mark = _mark(moment)
            identity = founded_identity(moment)
        if identity is not None and identity.prefix != NODE_PREFIX:
            raise Refused(
                "{path}: this home has an identifier node of its own, {prefix}; the sample's "
                "identifiers are invented and would mix with its own. Name another home with "
                "--home",
                path=home,
                prefix=identity.prefix,
            )
        first_day = today - timedelta(days=DAYS) if mark is None else mark.first_day
        found = draw(who, seed, first_day, count)
        lines = Lines(found, first_day)
        clock.now = _at(first_day, 8)
        if identity is None:
            _found(writer, home, ports, clock, random)
        if mark is None:
            shown = lines.handle(_shown(found))
            mark = _Mark(seed, first_day, 0, shown, len(found), len(who))
            _allot(writer, found, mark, clock.now, random)
        for day in range(mark.days, DAYS):
            _tell(progress, "registering the identifiers of four weeks", day / DAYS)
            mark = msgspec.structs.replace(mark, days=day + 1)
            _live(writer, found, lines, mark, day, clock, random)
    _tell(progress, "the sample's node is ready", 1.0)
    return SampleNode(mark.identifiers, mark.prefixes, mark.handle, made=True)


def _mark(moment: Snapshot) -> _Mark | None:
    packed = moment.meta(SAMPLE_META)
    return None if packed is None else msgspec.json.decode(packed, type=_Mark)


def _put_mark(transaction: Transaction, mark: _Mark) -> None:
    transaction.put_meta(SAMPLE_META, msgspec.json.encode(mark))


def _found(
    writer: LocalWriter,
    home: Path,
    ports: Ports,
    clock: Callable[[], float],
    random: Callable[[int], bytes],
) -> None:
    with writer.store.write() as transaction:
        transaction.put_meta(PROVENANCE_META, b"synthetic")
    found_node(
        writer.store,
        NODE_PREFIX,
        keys_dir=home / _KEYS,
        addresses=[IPv4Address("127.0.0.1")],
        ports=ports,
        clock=clock,
        random=random,
        title=TITLE,
    )


def _allot(
    writer: LocalWriter, found: Draw, mark: _Mark, now: float, random: Callable[[int], bytes]
) -> None:
    """Allot all prefixes in one commit; a thousand of them would wait for as many disks."""
    changes = [AllotPrefix(one.prefix, one.uscc, one.name, contact=SOURCE) for one in found.holders]
    with writer.store.write() as transaction:
        _apply(transaction, changes, now, random)
        _put_mark(transaction, mark)


def _live(
    writer: LocalWriter,
    found: Draw,
    lines: Lines,
    mark: _Mark,
    day: int,
    clock: _Clock,
    random: Callable[[int], bytes],
) -> None:
    """Live through one day: what is registered, corrected, recalled, and looked up on it."""
    today = mark.first_day + timedelta(days=day)
    clock.now = _at(today, 10)
    sent = registered = 0
    key = f"sample-{mark.seed}-{today}"
    for piece in writer.bulk(lines.of_day(day), OPERATOR, key=key):
        sent += piece.count(b"\n")
        registered += piece.count(_DONE)
    if sent != registered:
        raise StorageFailed(
            "{count} identifiers of the sample were not registered; run the demo again",
            count=sent - registered,
        )
    clock.now = _at(today, 15)
    with writer.store.write() as transaction:
        _apply(transaction, _mended(found, lines, mark, day), clock.now, random)
        for prefix, resolutions in _resolved(found, mark, day):
            transaction.add_daily(day_of(clock.now), prefix, resolved=resolutions)
        _put_mark(transaction, mark)


def _mended(found: Draw, lines: Lines, mark: _Mark, day: int) -> list[Change]:
    """Return the corrections and recalls of a day: of batches that were registered before it."""
    before = int(np.searchsorted(found.day, day))
    if day == 0 or before < 1000:
        return []
    rng = stream(mark.seed, f"identifiers-mended-{day}")
    drawn = rng.choice(before, (_RECALLED + _CORRECTED) // DAYS, replace=False).tolist()
    recalled = set(drawn[: _RECALLED // DAYS])
    changes: list[Change] = []
    for at in drawn:
        handle = lines.handle(at).encode()
        if at in recalled:
            changes.append(
                SetState(handle, int(RecordState.REVOKED), reason="合成样例：召回 sample recall")
            )
            continue
        url = f"https://example.com/{handle.decode()}?edition=2"
        changes.append(ModifyValues(handle, Value(1, "URL", url.encode()).to_wire(), 1))
    return changes


def _resolved(found: Draw, mark: _Mark, day: int) -> Iterable[tuple[bytes, int]]:
    """Yield how often each enterprise's identifiers were looked up on a day, in key order."""
    rng = stream(mark.seed, f"identifiers-resolved-{day}")
    weight = np.array([one.weight for one in found.holders])
    weekend = (mark.first_day + timedelta(days=day)).weekday() >= 5
    usual = _RESOLUTIONS_A_DAY * (0.6 if weekend else 1.0) * (0.4 + 0.6 * (day + 1) / DAYS)
    counts = rng.poisson(usual * weight / np.median(weight) * rng.lognormal(0, 0.3, len(weight)))
    pairs = zip(found.holders, counts.tolist(), strict=True)
    return sorted((fold(one.prefix.encode()), count) for one, count in pairs if count)


def _apply(
    transaction: Transaction, changes: Iterable[Change], now: float, random: Callable[[int], bytes]
) -> None:
    for change in changes:
        answer: Answer = apply(transaction, change, OPERATOR, now, random)
        # A record recalled on one day may be drawn again on another; that is no fault.
        if not answer.ok and isinstance(change, AllotPrefix):
            raise StorageFailed(
                "the sample's prefix {prefix} was not allotted: {reason}",
                prefix=change.prefix,
                reason=answer.message,
            )


def _shown(found: Draw) -> int:
    """Return the newest batch of the largest enterprise of one cluster."""
    largest = next(n for n, one in enumerate(found.holders) if one.cluster == _CLUSTER)
    return int(np.flatnonzero((found.holder == largest) & (found.kind == 1))[-1])


def _at(day: date, hour: int) -> float:
    """Return an hour of a day in China, epoch seconds."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
    return (midnight + timedelta(hours=hour)).timestamp()
