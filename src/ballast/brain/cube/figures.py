"""The rows of a vintage: each figure of each cell, with its number or without.

A row is made for every cell in which somebody reported, withheld or not: that
a cell is withheld is no secret, and a cell without a row is one in which
nobody stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from ballast.brain.cube.cuts import CLUSTER_ONLY
from ballast.brain.cube.deciding import MADE_OF, Decision, sums_across
from ballast.brain.cube.protecting import Pair
from ballast.brain.cube.reports import SCALE, Key, Month, Reports
from ballast.brain.disclosure.rules import Bools, Floats
from ballast.brain.indicators.declared import How, Indicator, Measure, Term
from ballast.terms.period import Period, PeriodKind, whole_year, year_to_date

__all__ = ["COUNT", "figures"]

COUNT: Key = ("uscc", How.DISTINCT)
_STATUS = ("suppressed", "published", "undefined")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Sums:
    """Amounts in every cell, flat: the cells of the trees, then the sums across them."""

    amount: Floats
    there: Bools
    shown: Bools


def figures(
    reports: Reports, decisions: Mapping[Key, Sequence[Decision]], indicators: Sequence[Indicator]
) -> pl.DataFrame:
    """Return the figures of all cells, for months, years to date and whole years.

    Parameters
    ----------
    reports
        What was reported.
    decisions
        What is published of each magnitude, as `deciding.decided` returns it.
    indicators
        Those to publish.

    Returns
    -------
    pl.DataFrame
        ``indicator``, ``region``, ``region_kind``, ``parent``, ``industry``, ``cluster``,
        ``period``, ``status``, ``value``, ``numerator``, ``denominator``, ``reporting``.
    """
    maker = _Maker(reports, decisions, indicators)
    blocks: list[pl.DataFrame] = []
    for place, month in enumerate(reports.months):
        maker.enter(place)
        for at, one in enumerate(indicators):
            for period, to_date in _forms(month.period):
                block = maker.block(one, to_date)
                blocks.append(
                    block.with_columns(
                        pl.lit(at, pl.Int16).alias("at"), pl.lit(str(period)).alias("period")
                    )
                )
    rows = pl.concat(blocks)
    names = pl.DataFrame(
        {"at": range(len(indicators)), "indicator": [one.key for one in indicators]},
        schema={"at": pl.Int16, "indicator": pl.String},
    )
    found = rows.join(names, on="at").join(maker.cells, on="cell")
    by_cluster = pl.col("cluster") != ""
    only = pl.col("indicator").is_in(sorted(CLUSTER_ONLY))
    return found.filter(~only | by_cluster).drop("at", "cell")


def _forms(period: Period) -> list[tuple[Period, bool]]:
    """Return the periods that end with one, and which of them begin with the year."""
    if period.kind is PeriodKind.YEAR:
        return [(period, False)]
    found = [(period, False), (year_to_date(period.year, period.last_month), True)]
    return [*found, (whole_year(period.year), True)] if period.last_month == 12 else found


class _Maker:
    """Sums of the months of a year so far, and what of them may be shown."""

    def __init__(
        self,
        reports: Reports,
        decisions: Mapping[Key, Sequence[Decision]],
        indicators: Sequence[Indicator],
    ) -> None:
        self._reports, self._decisions = reports, decisions
        self._pairs = list(reports.tree.grid.level_pairs())
        self.cells, self._places = _cells(reports, self._pairs)
        self._ratios = sorted(
            {
                (_key(one.numerator), _key(one.denominator))
                for one in indicators
                if one.denominator is not None
            }
            | set(MADE_OF.values())
        )
        self._year = 0
        self._sums: dict[Key, _Sums] = {}
        self._to_date: dict[Key, _Sums] = {}
        self._moved = np.zeros(0, dtype=np.bool_)
        self._stands: dict[int, tuple[int, int, tuple[float, ...]]] = {}
        self._unpaired: dict[tuple[Key, Key, bool], Bools] = {}
        self._reported: dict[Key, set[int]] = {}

    def enter(self, place: int) -> None:
        """Go on to a month."""
        month = self._reports.months[place]
        fresh = month.period.year != self._year
        if fresh:
            self._year, self._to_date, self._stands = month.period.year, {}, {}
            self._unpaired, self._reported = {}, {}
            self._moved = np.zeros(len(self.cells), dtype=np.bool_)
        self._month = month
        self._note_moves(month)
        for key, made in self._decisions.items():
            own = self._summed(month, key, made[place])
            self._sums[key] = own
            before = self._to_date.get(key)
            if before is None or key[1] is not How.SUM:
                self._to_date[key] = own
            else:
                self._to_date[key] = _Sums(
                    before.amount + own.amount, before.there | own.there, before.shown & own.shown
                )
        self._pair_up()

    def block(self, one: Indicator, to_date: bool) -> pl.DataFrame:
        """Return the figures of one indicator, by the number of the cell."""
        sums = self._to_date if to_date else self._sums
        above = sums[_key(one.numerator)]
        shown = above.shown.copy()
        if to_date and one.numerator.how is How.SUM:
            shown &= ~self._moved
        for term in one.terms:
            if (parts := MADE_OF.get(_key(term))) is not None:
                shown &= ~self._unpaired[(*parts, to_date)]
        there, status = above.there, shown.astype(np.int8)
        below = None
        value = above.amount / SCALE
        if one.measure is Measure.RATIO and one.denominator is not None:
            below = sums[_key(one.denominator)]
            shown = shown & below.shown & ~self._apart(one, to_date)
            if to_date and one.denominator.how is How.SUM:
                shown &= ~self._moved
            status = np.where(shown, np.where(below.amount == 0, 2, 1), 0).astype(np.int8)
            value = np.divide(
                above.amount, below.amount, out=np.zeros_like(value), where=below.amount != 0
            ) * float(one.scale)
            there = there & below.there
        at = np.flatnonzero(there)
        told = pl.Series("status", status[at])
        counted = self._sums[COUNT]
        known = np.round(self._counted(one)[at])
        frame = pl.DataFrame(
            {
                "cell": pl.Series(at.astype(np.int32)),
                "status": told,
                "value": value[at],
                "numerator": _tenthousandths(above.amount[at]),
                "denominator": _tenthousandths(
                    below.amount[at] if below is not None else np.zeros(len(at))
                ),
                "reporting": pl.Series(known.astype(np.int64)),
                "counted": pl.Series(counted.shown[at]),
            }
        )
        nothing = pl.lit(None)
        return frame.with_columns(
            pl.when(pl.col("status") == 1).then("value").otherwise(nothing).alias("value"),
            pl.when(pl.col("status") > 0).then("numerator").otherwise(nothing).alias("numerator"),
            pl.when((pl.col("status") > 0) & (below is not None))
            .then("denominator")
            .otherwise(nothing)
            .alias("denominator"),
            pl.when("counted").then("reporting").otherwise(nothing).alias("reporting"),
            pl.col("status").replace_strict(dict(enumerate(_STATUS)), return_dtype=pl.String),
        ).drop("counted")

    def _summed(self, month: Month, key: Key, decision: Decision) -> _Sums:
        given = month.amounts[key]
        known = ~np.isnan(given)
        amount = self._over(month, np.nan_to_num(given), decision_key=key)
        there = self._over(month, known.astype(np.float64), decision_key=COUNT) > 0
        withheld = np.concatenate([decision.shield.withheld[p].ravel() for p in self._pairs])[
            self._places
        ]
        return _Sums(amount, there, np.concatenate([~withheld, decision.across]))

    def _over(self, month: Month, values: Floats, *, decision_key: Key) -> Floats:
        """Return sums over every cell of what each enterprise of a month has."""
        grid = self._reports.tree.grid
        found = []
        for a, b in self._pairs:
            shape = grid.shape(a, b)
            flat = grid.rows.above[a][month.rows] * shape[1] + grid.columns.above[b][month.columns]
            found.append(np.bincount(flat, values, shape[0] * shape[1]))
        whole = np.concatenate(found)[self._places]
        weights = sums_across(self._reports, month, decision_key)
        return np.concatenate([whole, np.round(weights @ values)])

    def _counted(self, one: Indicator) -> Floats:
        given = self._month.amounts[_key(one.numerator)]
        if one.denominator is not None:
            given = given + self._month.amounts[_key(one.denominator)]
        return self._over(self._month, (~np.isnan(given)).astype(np.float64), decision_key=COUNT)

    def _note_moves(self, month: Month) -> None:
        """Note the cells that an enterprise left or came to since the year began."""
        weights = np.round(month.weights, 9).T
        for who, row, column, own in zip(
            month.who.tolist(), month.rows.tolist(), month.columns.tolist(), weights.tolist(),
            strict=True,
        ):  # fmt: skip
            here = (row, column, tuple(own))
            there = self._stands.setdefault(who, here)
            if there != here:
                self._moved |= self._cells_of(there) ^ self._cells_of(here)
                for at, (was, now) in enumerate(zip(there[2], here[2], strict=True)):
                    if was != now:
                        self._moved[len(self._places) + at] = True
                self._stands[who] = here

    def _cells_of(self, place: tuple[int, int, tuple[float, ...]]) -> Bools:
        grid = self._reports.tree.grid
        masks = []
        for a, b in self._pairs:
            mask = np.zeros(grid.shape(a, b), dtype=np.bool_)
            mask[grid.rows.above[a][place[0]], grid.columns.above[b][place[1]]] = True
            masks.append(mask.ravel())
        zones = [place[0] in rows for rows in self._reports.tree.straddling.values()]
        clusters = [False] * len(self._reports.clusters)
        return np.concatenate([np.concatenate(masks)[self._places], [*clusters, *zones]])

    def _apart(self, one: Indicator, to_date: bool) -> Bools:
        """Return the cells in which somebody reported one side of a ratio and not the other."""
        if one.denominator is None:
            return np.zeros(len(self.cells), dtype=np.bool_)
        return self._unpaired[_key(one.numerator), _key(one.denominator), to_date]

    def _pair_up(self) -> None:
        month = self._month
        for key, given in month.amounts.items():
            if key[1] is How.SUM:
                mine = month.who[~np.isnan(given)].tolist()
                self._reported.setdefault(key, set()).update(mine)
        for above, below in self._ratios:
            one = np.isnan(month.amounts[above]) != np.isnan(month.amounts[below])
            now = self._over(month, one.astype(np.float64), decision_key=COUNT) > 0
            before = self._unpaired.get((above, below, True))
            to_date = now if before is None else now | before
            if below[1] is How.LAST and above[1] is How.SUM:
                to_date = to_date | self._gone(above, below)
            self._unpaired[above, below, False] = now
            self._unpaired[above, below, True] = to_date

    def _gone(self, above: Key, below: Key) -> Bools:
        """Return the cells of those who reported a flow this year and no stock at its end."""
        month = self._month
        ended = set(month.who[~np.isnan(month.amounts[below])].tolist())
        found = np.zeros(len(self.cells), dtype=np.bool_)
        for who in self._reported.get(above, set()) - ended:
            found |= self._cells_of(self._stands[who])
            for at, weight in enumerate(self._stands[who][2]):
                if weight > 0:
                    found[len(self._places) + at] = True
        return found


def _key(term: Term) -> Key:
    return term.column, term.how


def _tenthousandths(amount: Floats) -> pl.Series:
    """Return whole numbers of ten-thousandths as exact decimals, by their bits."""
    low = np.round(amount).astype(np.int64)
    both = np.stack([low, low >> 63], axis=1)  # 128 bits, the higher half is the sign
    made = pa.Array.from_buffers(
        pa.decimal128(24, 4), len(low), [None, pa.py_buffer(np.ascontiguousarray(both))]
    )
    return pl.Series(made)


def _cells(reports: Reports, pairs: Sequence[Pair]) -> tuple[pl.DataFrame, npt.NDArray[np.intp]]:
    """Return what the cells are called, and where those of the trees stand among all nodes."""
    tree = reports.tree
    rows: list[tuple[str, str, str, str, str]] = []
    places: list[int] = []
    start = 0
    for a, b in pairs:
        shown = tree.grid.published(a, b) & ~tree.inner[a, b]
        for row, column in np.argwhere(shown).tolist():
            node, industry = tree.regions[a][row], tree.industries[b][column]
            if node is not None and industry is not None:
                places.append(start + row * shown.shape[1] + column)
                rows.append((node.code, node.kind, node.parent, industry, ""))
        start += shown.size
    root = next(n for n in tree.regions[-1] if n is not None)
    rows += [(root.code, root.kind, root.parent, "", cluster) for cluster in reports.clusters]
    rows += [(zone, "zone", root.code, "", "") for zone in tree.straddling]
    names = ("region", "region_kind", "parent", "industry", "cluster")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    cells = frame.with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int32))
    return cells, np.array(places, dtype=np.intp)
