"""Group commit: one thread takes everything that waits, and makes it durable with one fsync.

A commit costs a fsync whatever it holds, so the more wait, the cheaper each
becomes; nobody has to be made to wait for others to come. A thread and not the
event loop, because a fsync blocks and the loop must go on reading; one thread
and not several, because LMDB has one writer anyway.

An order that fails by a fault of the program must not take along those that
happened to be in its group: the group is undone and each is tried alone.

A thread that is no more, or a store that serves this process no more, must not
leave behind a writer that only looks alive: what waits is answered, nothing
more is taken, and whoever hosts the commits is told, so that it can end and be
started anew.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ballast.errors import BallastError, StorageFailed
from ballast.node.registry.store import Store, Transaction
from ballast.node.service.answers import declined
from ballast.node.wire.codes import ResponseCode

__all__ = ["CommitCounts", "Failed", "GroupCommit", "Order"]


class Failed(NamedTuple):
    """An order of which nothing was done.

    Parameters
    ----------
    code
        The protocol's response code.
    message
        Why, a packed sentence.
    """

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Order:
    """Something to be written.

    Parameters
    ----------
    work
        Does it; its result is given to ``done`` once it is on the disk.
    done
        Is called in the thread of the commits; must return at once.
    weight
        About how many records it writes.
    size_bytes
        What it holds in memory while it waits.
    """

    work: Callable[[Transaction], object]
    done: Callable[[object], None]
    weight: int = 1
    size_bytes: int = 0


@dataclass(slots=True)
class CommitCounts:
    """What was done since the start: orders, commits, groups that were undone."""

    orders: int = 0
    commits: int = 0
    undone: int = 0


class GroupCommit:
    """The thread that owns the write transaction.

    Parameters
    ----------
    store
        The registry, opened for writing.
    max_orders, max_bytes
        What may wait; beyond it ``put`` says no.
    group_weight
        About how many records go into one commit.
    delivered
        Called after each group, once, in the thread of the commits.
    broken
        Called once, in the thread of the commits, if they can go no further; ``fault`` says why.
    """

    def __init__(
        self,
        store: Store,
        *,
        max_orders: int = 16_384,
        max_bytes: int = 256 << 20,
        group_weight: int = 20_000,
        delivered: Callable[[], None] = lambda: None,
        broken: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._max_orders, self._max_bytes = max_orders, max_bytes
        self._group_weight = group_weight
        self._delivered, self._broken = delivered, broken
        self._waiting: deque[Order] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="commits", daemon=True)
        self.counts = CommitCounts()
        self.fault: StorageFailed | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def put(self, order: Order) -> bool:
        """Queue an order; False where too much waits already, or the end has come."""
        with self._changed:
            if (
                self._ending
                or len(self._waiting) >= self._max_orders
                or (self._waiting and self._bytes + order.size_bytes > self._max_bytes)
            ):
                return False
            self._waiting.append(order)
            self._bytes += order.size_bytes
            self._changed.notify()
        return True

    def waiting(self) -> int:
        """Return how many orders wait."""
        return len(self._waiting)

    def end(self) -> None:
        """Do what waits, then end."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        try:
            while self.fault is None and (group := self._take()):
                for order, result in zip(group, self._commit(group), strict=True):
                    _deliver(order, result)
                self._delivered()
        except Exception as error:  # whatever it is, no order may be taken that nobody carries out
            _log(error)
            self.fault = StorageFailed("the node could not do this; its log says why")
        if self.fault is not None:
            self._give_up(self.fault)

    def _give_up(self, fault: StorageFailed) -> None:
        with self._changed:
            self._ending = True
            left, self._waiting = self._waiting, deque()
        for order in left:
            _deliver(order, _failed(fault))
        self._broken()

    def _take(self) -> list[Order]:
        with self._changed:
            while not self._waiting:
                if self._ending:
                    return []
                self._changed.wait()
            group = [self._waiting.popleft()]
            weight = group[0].weight
            while self._waiting and weight + self._waiting[0].weight <= self._group_weight:
                group.append(self._waiting.popleft())
                weight += group[-1].weight
            self._bytes -= sum(order.size_bytes for order in group)
        return group

    def _commit(self, group: Sequence[Order]) -> list[object]:
        self.counts.orders += len(group)
        self.counts.commits += 1
        try:
            with self._store.write() as transaction:
                return [order.work(transaction) for order in group]
        except StorageFailed as error:
            self.counts.undone += 1
            if self._store.has_failed:
                self.fault = error
            return [_failed(error)] * len(group)
        except BallastError as error:
            failed = _failed(error)
        except Exception as error:  # whatever it is, the others must not suffer from it
            failed = _failed(BallastError("the node could not do this; its log says why"))
            if len(group) == 1:
                _log(error)
        self.counts.undone += 1
        if len(group) == 1:
            return [failed]
        return [result for order in group for result in self._commit([order])]


def _deliver(order: Order, result: object) -> None:
    """Give an order its result; one that cannot be given takes nobody else's along."""
    try:
        order.done(result)
    except Exception as error:
        _log(error)


def _failed(error: BallastError) -> Failed:
    return Failed(int(ResponseCode.ERROR), declined(error, ResponseCode.ERROR).sentence)


def _log(error: Exception) -> None:
    """Say in one line what a fault of the program was, and where."""
    *_, last = traceback.extract_tb(error.__traceback__)
    where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
    print(f"writer: {type(error).__name__} at {where}: {error}", file=sys.stderr, flush=True)  # noqa: T201
