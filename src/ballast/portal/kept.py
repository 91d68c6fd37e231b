"""Answers kept: made once for all who ask the same, as futures, so that nobody makes them twice.

An answer is kept under everything it depends on, the rights of the viewer
included; so nobody can be given what was made for another. Who asks for one
that is being made waits for the same. A cache of finished answers would let
ten people who open a page together start the same work ten times.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

__all__ = ["Kept"]

Answer = TypeVar("Answer")


class Kept:
    """The answers that were asked for last.

    Parameters
    ----------
    most
        How many are kept; those that nobody asked for longest go first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._held: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def once(self, key: Hashable, begin: Callable[[Future[Answer]], object]) -> Future[Answer]:
        """Return what is kept under a key, or begin to make it.

        Parameters
        ----------
        key
            Everything that the answer depends on.
        begin
            Called with the future that it is to fill, where nothing is kept; it must not wait.
        """
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            made: Future[Answer] = Future()
            made.set_running_or_notify_cancel()  # a page that is closed cancels it for no other
            self._held[key] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        begin(made)
        # What failed is not kept: the next to ask tries again.
        made.add_done_callback(lambda done: self._drop(key) if _failed(done) else None)
        return made

    def _drop(self, key: Hashable) -> None:
        with self._lock:
            self._held.pop(key, None)


def _failed(done: Future[Answer]) -> bool:
    return done.cancelled() or done.exception() is not None
