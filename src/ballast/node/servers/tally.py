"""Resolutions by day and prefix, summed in the worker and handed to the writer.

A resolution must not cost a write. A worker adds up what it answered and sends
the sums once a second; a worker that is killed loses at most that second of
statistics, never a record.
"""

from __future__ import annotations

__all__ = ["Tally"]


class Tally:
    """The resolutions since the last hand-over.

    Examples
    --------
    >>> tally = Tally()
    >>> tally.count(b"88.118.8"); tally.count(b"88.118.8"); tally.take()
    {b'88.118.8': 2}
    >>> tally.take()
    {}
    """

    __slots__ = ("_prefixes",)

    # Prefixes that do not exist could otherwise fill the memory: only what was found is counted,
    # and the rest of a second beyond so many prefixes is one sum.
    _KEPT = 65_536

    def __init__(self) -> None:
        self._prefixes: dict[bytes, int] = {}

    def count(self, prefix: bytes, times: int = 1) -> None:
        """Count resolutions of handles under a folded prefix that exists."""
        known = self._prefixes.get(prefix)
        if known is None:
            if len(self._prefixes) >= self._KEPT:
                return
            known = 0
        self._prefixes[prefix] = known + times

    def take(self) -> dict[bytes, int]:
        """Return the sums and begin anew."""
        taken, self._prefixes = self._prefixes, {}
        return taken
