"""Group commit: many samples, one sync, and only then their acknowledgements.

A sync for each message would let one disk write a few hundred messages a
second. So a commit is made when the first sample has waited ten milliseconds
or ten thousand wait, whichever is sooner; what comes while the disk works
waits for the next one. The sync runs in a thread: meanwhile the loop hears on.

Where the disk is full, or the lake is so far behind that the log may not grow,
nothing is acknowledged: the commit is tried again until there is room.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ballast.errors import StorageFailed
from ballast.plant.collect.pipeline import Pipeline
from ballast.plant.spool.spool import Spool

__all__ = ["Committer"]

_AGAIN_SECONDS = 1.0


class Committer:
    """Commits what a pipeline takes.

    Parameters
    ----------
    pipeline, spool
        What is committed. Both are used in the loop's thread, the spool's commit in another.
    commit_ms, commit_rows
        When: so long after the first sample, or so many.
    on_full
        Told of the first commit that failed.
    on_room
        Told when one succeeds again.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        spool: Spool,
        *,
        commit_ms: float,
        commit_rows: int,
        on_full: Callable[[StorageFailed], None],
        on_room: Callable[[], None],
    ) -> None:
        self._pipeline, self._spool = pipeline, spool
        self._delay, self._rows = commit_ms / 1000, commit_rows
        self._on_full, self._on_room = on_full, on_room
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._timer: asyncio.TimerHandle | None = None
        self._running: asyncio.Task[None] | None = None
        self._open: asyncio.Future[None] | None = None  # of what is taken now
        self._unsettled: list[asyncio.Future[None]] = []  # of what a commit is to bring to disk
        self._room = asyncio.Event()
        self._room.set()
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def full(self) -> bool:
        """Whether nothing can be stored."""
        return not self._room.is_set()

    async def room(self) -> None:
        """Wait until something can be stored."""
        await self._room.wait()

    def fail(self, error: BaseException) -> None:
        """Say that the program is wrong: nothing may be acknowledged any more."""
        if not self._broken.done():
            self._broken.set_exception(error)

    async def watch(self) -> None:
        """Wait until something failed that should not, and raise it."""
        await asyncio.shield(self._broken)

    def touch(self) -> None:
        """Say that something was taken."""
        if self._running is not None:
            return  # it looks again when it is done
        if self._pipeline.waiting >= self._rows and not self.full:
            self._start()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._delay, self._start)

    async def committed(self) -> None:
        """Wait until everything taken so far is on the disk."""
        if self._open is None:
            self._open = asyncio.get_running_loop().create_future()
        self.touch()
        # Of many that wait, one that is cancelled must not take the others with it.
        await asyncio.shield(self._open)

    async def close(self) -> None:
        """Commit what is left, once; what cannot be is lost with the process, unacknowledged.

        Raises
        ------
        StorageFailed
            If it could not be committed.
        """
        if self._running is not None:
            await asyncio.wait((self._running,))
        if self._timer is not None:
            self._timer.cancel()
        if self._broken.done():
            self._thread.shutdown()
            return  # what is wrong would go wrong again
        try:
            self._gather()
            self._pipeline.commit()
            self._settle()
        finally:
            self._thread.shutdown()

    def _start(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._running is None:
            self._running = asyncio.ensure_future(self._commit())
            self._running.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(error)

    async def _commit(self) -> None:
        loop = asyncio.get_running_loop()
        failed: StorageFailed | None = None
        self._gather()
        try:
            self._pipeline.prepare()
        except StorageFailed as error:
            failed = error
        try:
            # Even where samples are refused, events are taken: that there was no room is one.
            await loop.run_in_executor(self._thread, self._spool.commit)
        except StorageFailed as error:
            failed = error
        self._running = None
        if failed is not None:
            self._timer = loop.call_later(_AGAIN_SECONDS, self._start)
            if not self.full:
                self._room.clear()
                self._on_full(failed)
            return
        self._settle()
        if self.full:
            self._room.set()
            self._on_room()
        if self._pipeline.waiting or self._open is not None:
            self.touch()

    def _gather(self) -> None:
        if self._open is not None:
            self._unsettled.append(self._open)
            self._open = None

    def _settle(self) -> None:
        for one in self._unsettled:
            if not one.done():
                one.set_result(None)
        self._unsettled.clear()
