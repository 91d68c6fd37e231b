"""The lake as it stands at one moment, for answers that must fit each other.

A bulletin asks half a hundred questions. Asked of the lake one by one, a load
that commits half way through would make its sections contradict each other; and
each question would open the same tables, read the same ledger and plan the same
rows again, which costs more than the figures themselves. ``as_of`` is not the
way: it is a moment of the past, and the newest one is not known until it is
looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import NoReturn, TypeVar, cast

import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from ballast.lake.lake import Lake
from ballast.lake.ledger import Ledger
from ballast.terms.viewer import Viewer

__all__ = ["laid", "remembered", "still"]

T = TypeVar("T")
MOST_LAID = 12
"""So many tables that were laid down are kept at once: of a million enterprises each is 200 MB."""


@contextmanager
def still(lake: Lake) -> Iterator[Lake]:
    """Lend a lake as it stands now, for as long as this holds.

    Parameters
    ----------
    lake
        What is lent; one that stands still already is lent as it is.

    Yields
    ------
    Lake
        For reading alone, and for one thread. What is loaded or withdrawn meanwhile is not seen;
        what was `remembered` or `laid` down on it is made once.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> lake = Lake.create(Path(tempfile.mkdtemp()) / "home")
    >>> with still(lake) as standing:
    ...     [remembered(standing, "answer", lambda: 42) for _ in range(2)]
    [42, 42]
    """
    if isinstance(lake, _StillLake):
        yield lake
        return
    standing = _StillLake(lake)
    try:
        yield standing
    finally:
        standing.close()


def remembered(lake: Lake, key: Hashable, make: Callable[[], T]) -> T:
    """Return what is made of a lake; once, where it stands still.

    Parameters
    ----------
    lake
        What it is made of.
    key
        What it is, with everything that it depends on, the viewer too.
    make
        Makes it.
    """
    return lake.known(key, make) if isinstance(lake, _StillLake) else make()


@contextmanager
def laid(lake: Lake, key: Hashable, make: Callable[[], ir.Table]) -> Iterator[ir.Table]:
    """Lend the rows of an expression, laid down in the engine; once, where the lake stands still.

    Parameters
    ----------
    lake
        What they are made of.
    key, make
        As for `remembered`.
    """
    if isinstance(lake, _StillLake):
        with lake.lying(key, make) as rows:
            yield rows
        return
    with lake.engine.lent(lake.engine.collect(make())) as rows:
        yield rows


class _StillLedger(Ledger):
    """The rows of a ledger as they were at one moment."""

    def __init__(self, ledger: Ledger) -> None:
        self._all = ledger.rows()

    def rows(self, as_of: datetime | None = None) -> pl.DataFrame:
        return self._all if as_of is None else self._all.filter(pl.col("at") <= as_of)


class _Lying:
    """Rows that lie in the engine, and how many are reading them."""

    def __init__(self, lake: Lake, rows: pa.Table) -> None:
        self._ends = ExitStack()
        self.table = self._ends.enter_context(lake.engine.lent(rows))
        self.readers = 0

    def close(self) -> None:
        self._ends.close()


class _StillLake(Lake):
    """A lake that answers from what it was.

    Rows that come later are of loads that its ledger does not know; files that are merged away
    stay as long as a backup's retention says.
    """

    def __init__(self, lake: Lake) -> None:
        super().__init__(lake.home, lake.engine, lake.clock)
        self.ledger = _StillLedger(lake.ledger)
        self._known: dict[Hashable, object] = {}
        self._lying: dict[Hashable, _Lying] = {}

    def read(
        self,
        name: str,
        viewer: Viewer,
        as_of: datetime | None = None,
        *,
        within: tuple[datetime, datetime] | None = None,
    ) -> ir.Table:
        read = partial(super().read, name, viewer, as_of, within=within)
        return self.known(("read", name, viewer, as_of, within), read)

    def withdraw(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a lake that stands still is for reading alone")

    _write = withdraw

    def known(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = make()
        return cast("T", self._known[key])

    @contextmanager
    def lying(self, key: Hashable, make: Callable[[], ir.Table]) -> Iterator[ir.Table]:
        found = self._lying.pop(key, None) or _Lying(self, self.engine.collect(make()))
        self._lying[key] = found  # the one that was asked for last is the last
        found.readers += 1
        try:
            yield found.table
        finally:
            found.readers -= 1
            idle = [name for name, rows in self._lying.items() if not rows.readers]
            for name in idle[: max(0, len(self._lying) - MOST_LAID)]:
                self._lying.pop(name).close()

    def close(self) -> None:
        for rows in self._lying.values():
            rows.close()
        self._lying.clear()
        self._known.clear()
