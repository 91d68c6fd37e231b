"""Lakes for the threads that answer: DuckDB's connection is not shared between two at once.

One lock around one lake would let a slow question hold up every other; a lake
opened for each question would open a connection for each. So a few lakes are
lent out in turn. A lake is given up after many questions, because each read
leaves a view behind on its connection.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, LifoQueue

from ballast.errors import HomeBusy
from ballast.lake.lake import Lake

__all__ = ["Lakes"]

_USES = 200
_WAIT_SECONDS = 60.0


class Lakes:
    """A few lakes of one home, lent to one thread at a time.

    Parameters
    ----------
    lake
        Whose home and clock the others share; it is never lent itself.
    most
        How many questions are answered at the same time.
    """

    def __init__(self, lake: Lake, most: int = 2) -> None:
        self._first = lake
        self._free: LifoQueue[tuple[Lake | None, int]] = LifoQueue()
        for _ in range(most):
            self._free.put((None, 0))
        self._opening = threading.Lock()

    @property
    def home(self) -> Lake:
        """The lake that the program was started with: for its home and clock, not for reading."""
        return self._first

    @contextmanager
    def lend(self) -> Iterator[Lake]:
        """Lend a lake for as long as the block runs.

        Raises
        ------
        HomeBusy
            If none came free in a minute.
        """
        try:
            held, uses = self._free.get(timeout=_WAIT_SECONDS)
        except Empty:
            raise HomeBusy("too many questions are being answered; ask again in a minute") from None
        lake = held
        try:
            if lake is None or uses >= _USES:
                with self._opening:
                    lake, uses = Lake(self._first.home, clock=self._first.clock), 0
            yield lake
        except BaseException:
            lake = None  # whatever state its connection is in, the next one gets a new one
            raise
        finally:
            self._free.put((lake, uses + 1))
