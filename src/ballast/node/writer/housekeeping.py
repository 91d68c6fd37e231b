"""What the writer does besides: readers that were killed, and bulk loads nobody asks for again.

A reader that was killed keeps its moment, and with it every page that was
freed since: the registry would grow without end. What was kept of a bulk load
is of use while somebody may send it again. Both are done here, because only
the writer is always there and always one.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from itertools import count

from ballast.errors import BallastError
from ballast.node.registry.store import Store, Transaction
from ballast.node.writer.commits import GroupCommit, Order
from ballast.node.writer.idempotency import KEEP_SECONDS

__all__ = ["forget_loads", "keep_house", "stale_loads"]

EVERY_SECONDS = 60.0
_LOADS_EVERY = 60  # rounds
_LOADS_AT_ONCE = 200


async def keep_house(
    store: Store,
    commits: GroupCommit,
    clock: Callable[[], float],
    *,
    every_seconds: float = EVERY_SECONDS,
) -> None:
    """Tidy up now and then, until cancelled.

    Parameters
    ----------
    store
        The registry.
    commits
        Writes it.
    clock
        Epoch seconds.
    every_seconds
        How often.
    """
    for turn in count():
        try:
            store.check_readers()
            # Each load is looked at; once an hour is enough for what is kept a week.
            if turn % _LOADS_EVERY == 0 and await asyncio.to_thread(stale_loads, store, clock()):
                commits.put(Order(lambda t: forget_loads(t, clock()), lambda _: None))
        except BallastError as error:
            print(f"writer: {error}", file=sys.stderr, flush=True)  # noqa: T201
        await asyncio.sleep(every_seconds)


def stale_loads(store: Store, now: float) -> bool:
    """Return whether there are loads to forget; looks only, so that no commit is made for nothing.

    Parameters
    ----------
    store
        The registry.
    now
        Epoch seconds.
    """
    with store.snapshot() as snapshot:
        return bool(snapshot.bulks(int(now) - KEEP_SECONDS, 1))


def forget_loads(transaction: Transaction, now: float) -> int:
    """Forget bulk loads that nobody went on with for a week; return how many.

    Parameters
    ----------
    transaction
        The commit that it becomes part of.
    now
        Epoch seconds.
    """
    stale = transaction.bulks(int(now) - KEEP_SECONDS, _LOADS_AT_ONCE)
    for key in stale:
        transaction.delete_bulk(key)
    return len(stale)
