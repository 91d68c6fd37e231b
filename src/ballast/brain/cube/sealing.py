"""A vintage of the cube, sealed: read once, decided on whole, written as one load.

Sealing is a step of its own and not done as somebody asks, because a decision
made for one question cannot know the next one. It holds a lock of its own, so
that no two sealings decide without each other; its rows count from the moment
their line stands in the ledger, and a sealing that is killed leaves the
vintage before it as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from ballast.brain.cube.cuts import HELD
from ballast.brain.cube.deciding import Earlier, decided
from ballast.brain.cube.figures import COUNT, figures
from ballast.brain.cube.losing import Loss, loss
from ballast.brain.cube.pool_sealing import PoolSealed, seal_pool
from ballast.brain.cube.protecting import nothing_withheld
from ballast.brain.cube.reports import Key, Reports, reporting_periods, reports, terms_of
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.brain.indicators.declared import Indicator, Measure
from ballast.brain.indicators.facts import stored_periods
from ballast.brain.indicators.registry import INDICATORS
from ballast.brain.policy.reading import laws
from ballast.errors import NotFound, NotPermitted, Refused
from ballast.lake import store
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import Right, Viewer
from ballast.words import Sentence, pack

__all__ = ["RECIPE", "TABLE", "YEARS", "Sealed", "seal"]

RECIPE, TABLE = "seal", "indicator_value"
YEARS = 3
"""How many calendar years are sealed where none are named: the newest and those before it."""
_READ = ("enterprise", "enterprise_period", "cluster_definition")

Phase = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a sealing came to.

    Parameters
    ----------
    vintage, load_id
        Its name, and the load that holds it.
    rows
        How many figures it holds, withheld ones among them.
    published, suppressed
        How many of these are published, and how many withheld.
    periods
        The reporting periods that it is made of.
    losses
        What is withheld, by the key of the indicator of an amount.
    pool
        What was sealed of the pool of titles beside it; None where nobody stated facts for it.
    """

    vintage: str
    load_id: str
    rows: int
    published: int
    suppressed: int
    periods: tuple[Period, ...]
    losses: Mapping[str, Loss]
    pool: PoolSealed | None = None


def _silent(_text: str, _done: float) -> None:
    """Say nothing."""


def seal(
    lake: Lake,
    viewer: Viewer,
    *,
    now: datetime,
    years: Sequence[int] = (),
    vintage: str | None = None,
    anew: bool = False,
    rules: PrimaryRules | None = None,
    progress: Phase = _silent,
    step: store.Step = store.no_step,
) -> Sealed:
    """Decide on the figures of all cells and write them as a vintage.

    Parameters
    ----------
    lake, viewer
        Where, and who seals: ``READ_UNITS`` and ``LOAD``.
    now
        The moment: loads that come in later are of the next vintage.
    years
        The calendar years sealed; the newest `YEARS` with reports by default.
    vintage
        Its name; by default the newest period and a running number, ``2026-05.1``.
    anew
        Take the periods of earlier vintages as they stand now. By default they stay as they were
        first sealed: one enterprise that reports late is the difference of two vintages.
    rules
        The bounds; those of `PrimaryRules` by default.
    progress
        Told what is being done, by the English of the catalogue, and how much is, 0 to 1.
    step
        Called between the steps of the write.

    Raises
    ------
    NotPermitted
        If the viewer may not read units, or not load.
    HomeBusy
        If somebody seals already.
    Refused
        If there is a vintage of that name.
    NotFound
        If no above-scale enterprise reported for any of the years.
    """
    for right in (Right.READ_UNITS, Right.LOAD):
        if not viewer.may(right):
            raise NotPermitted(
                "{who} may not seal the figures of this home; ask the home's administrator for "
                "the right {right}",
                who=viewer.name,
                right=right.value,
            )
    with lake.home.sealer_lock():
        return _seal(
            lake, viewer, now, years, vintage, anew, rules or PrimaryRules(), progress, step
        )


def _seal(
    lake: Lake,
    viewer: Viewer,
    now: datetime,
    years: Sequence[int],
    vintage: str | None,
    anew: bool,
    rules: PrimaryRules,
    progress: Phase,
    step: store.Step,
) -> Sealed:
    _tell(progress, "reading what enterprises reported", 0.0)
    indicators = tuple(INDICATORS[key] for key in sorted(HELD))
    periods = _periods(lake, viewer, years, now)
    past = _past(lake, viewer)
    frozen = {} if anew else _frozen(past)
    found = reports(lake, viewer, periods, terms_of(indicators), as_of=now, frozen=frozen)
    name = _name(lake, vintage, found.months[-1].period)
    keys = _keys(indicators, found)
    _tell(progress, "deciding what is withheld", 0.3)
    decisions = decided(found, keys, rules, _earlier(past, found, indicators), anew=anew)
    _tell(progress, "making the published figures", 0.7)
    frame = _stamped(lake, figures(found, decisions, indicators), found, name, now, frozen)
    named = {_key(one): one.key for one in indicators if one.measure is Measure.AMOUNT}
    losses = {
        named[key]: loss(found.tree, made, len(found.clusters))
        for key, made in decisions.items()
        if key in named
    }
    _tell(progress, "writing the vintage", 0.85)
    counted = dict(frame.group_by("status").len().iter_rows())
    synthetic = bool(frame["synthetic"][0])
    load_id = lake.derive(
        TABLE,
        frame,
        viewer,
        vintage=name,
        recipe=RECIPE,
        provenance="synthetic" if synthetic else "real",
        note=pack([_note(losses, counted)]),
        step=step,
    )
    _tell(progress, "deciding on the pool of the ladder", 0.95)
    pool = seal_pool(lake, viewer, laws(), now=now, vintage=name, anew=anew, rules=rules, step=step)
    _tell(progress, "sealed", 1.0)
    return Sealed(
        vintage=name,
        load_id=load_id,
        rows=frame.height,
        published=counted.get("published", 0),
        suppressed=counted.get("suppressed", 0),
        periods=tuple(month.period for month in found.months),
        losses=losses,
        pool=pool,
    )


def _tell(progress: Phase, template: str, done: float) -> None:
    """Tell what is being done, by the English under which the catalogue holds it."""
    progress(template, done)


def _note(losses: Mapping[str, Loss], counted: Mapping[str, int]) -> Sentence:
    whole = sum(losses.values(), Loss(0, 0, 0, 0, 0.0, 0.0, 0, 0, 0))
    return Sentence(
        "{published} figures published, {suppressed} withheld; of {cells} cells {primary} are "
        "sensitive themselves and {secondary} are withheld for the sake of these (at least "
        "{least} must be)",
        {
            "published": counted.get("published", 0),
            "suppressed": counted.get("suppressed", 0),
            "cells": whole.cells,
            "primary": whole.primary,
            "secondary": whole.secondary,
            "least": whole.least,
        },
    )


def _periods(lake: Lake, viewer: Viewer, years: Sequence[int], now: datetime) -> tuple[Period, ...]:
    stored = stored_periods(lake, viewer, now)
    if not stored:
        raise NotFound(
            "there are no reports of above-scale enterprises in this home: load the tables "
            "enterprise and enterprise_period first"
        )
    newest = max(period.year for period in stored)
    wanted = sorted(set(years)) or range(newest - YEARS + 1, newest + 1)
    found = reporting_periods(stored, wanted)
    if not found:
        raise NotFound(
            "no above-scale enterprise reported in {years}; reports go from {first} to {last}",
            years=", ".join(str(year) for year in wanted),
            first=min(stored).label,
            last=max(stored).label,
        )
    return found


def _keys(indicators: Sequence[Indicator], found: Reports) -> list[Key]:
    """Return the magnitudes, the largest tables first: their proofs are tried on the others."""
    keys = {(term.column, term.how) for term in terms_of(indicators)}
    month = found.months[-1]
    filled = {key: int((np.nan_to_num(month.amounts[key]) != 0).sum()) for key in keys}
    first = ("output_1e4_cny", "revenue_1e4_cny")
    order = sorted(keys, key=lambda key: (key[0] not in first, -filled[key], key[0]))
    return [key for key in order if key != COUNT] + [COUNT]


def _key(one: Indicator) -> Key:
    return one.numerator.column, one.numerator.how


def _name(lake: Lake, vintage: str | None, newest: Period) -> str:
    rows = lake.ledger.rows().filter(pl.col("tables") == TABLE)
    taken = set(rows["file"].to_list())
    if vintage is None:
        number = 1
        while f"{newest}.{number}" in taken:
            number += 1
        return f"{newest}.{number}"
    if vintage in taken:
        raise Refused(
            "there is a vintage {name} already, and what was published stays as it was; choose "
            "another name",
            name=vintage,
        )
    return vintage


def _stamped(
    lake: Lake,
    rows: pl.DataFrame,
    found: Reports,
    vintage: str,
    now: datetime,
    frozen: Mapping[str, datetime],
) -> pl.DataFrame:
    """Return rows with what they were made from."""
    standing = lake.ledger.live(now)
    read = pl.col("tables").str.split(",").list.set_intersection(list(_READ)).list.len() > 0
    live = standing.filter(read)["load_id"].to_list()
    # A load that was withdrawn since stands behind the periods that are kept as they were.
    made = lake.ledger.rows(now).filter(
        pl.col("state") == "committed", pl.col("load_id").is_in([*live, *found.loads])
    )
    return rows.with_columns(
        pl.lit(vintage).alias("vintage"),
        pl.lit(found.definition, pl.String).alias("definition"),
        pl.lit(",".join(made["load_id"].to_list())).alias("made_from"),
        pl.col("period")
        .replace_strict(frozen, default=made["at"].max(), return_dtype=pl.Datetime("us", "UTC"))
        .alias("as_of"),
        pl.lit("synthetic" in set(made["provenance"].to_list())).alias("synthetic"),
    )


@dataclass(frozen=True, eq=False)
class _Past:
    """The vintages so far, withdrawn ones too: what was told is known."""

    #: For each, oldest first: its rows without numbers.
    rows: tuple[pl.DataFrame, ...]


def _past(lake: Lake, viewer: Viewer) -> _Past:
    committed = lake.ledger.rows().filter(
        (pl.col("tables") == TABLE) & (pl.col("state") == "committed")
    )
    found = []
    for load_id, at in committed.select("load_id", "at").iter_rows():
        table = lake.read(TABLE, viewer, at)
        rows = table.filter(table.load_id == load_id).select(
            "indicator", "period", "region", "region_kind", "industry", "cluster", "status", "as_of"
        )
        found.append(pl.DataFrame(lake.engine.collect(rows)))
    return _Past(tuple(found))


def _frozen(past: _Past) -> dict[str, datetime]:
    """Return for each period that was sealed the moment of the data it was first sealed from."""
    found: dict[str, datetime] = {}
    for rows in past.rows:
        for period, moment in rows.select("period", "as_of").unique().iter_rows():
            found.setdefault(period, moment)
    return found


def _earlier(
    past: _Past, found: Reports, indicators: Sequence[Indicator]
) -> dict[tuple[Key, str], Earlier]:
    """Return what earlier vintages published and withheld of the same periods."""
    amounts = {one.key: _key(one) for one in indicators if one.measure is Measure.AMOUNT}
    periods = [str(month.period) for month in found.months]
    places = _Places(found)
    made: dict[tuple[Key, str], Earlier] = {}
    for rows in past.rows:
        mine = rows.filter(
            pl.col("period").is_in(periods), pl.col("indicator").is_in(sorted(amounts))
        )
        for indicator, period, *cell, status, _ in mine.iter_rows():
            key = amounts[indicator], period
            if key not in made:
                made[key] = places.empty()
            places.note(made[key], *cell, told=status != "suppressed")
    return made


class _Places:
    """Where the cells of a vintage stand in the trees of another."""

    def __init__(self, found: Reports) -> None:
        tree = found.tree
        self._grid = tree.grid
        self._regions: dict[tuple[str, str], tuple[int, int]] = {}
        for a, level in enumerate(tree.regions):
            for row, node in enumerate(level):
                if node is not None and tree.grid.rows.published[a][row]:
                    self._regions[node.code, node.kind] = (a, row)
        self._industries = {
            code: (b, column)
            for b, level in enumerate(tree.industries)
            for column, code in enumerate(level)
            if code is not None and tree.grid.columns.published[b][column]
        }
        self._across = {name: at for at, name in enumerate([*found.clusters, *tree.straddling])}

    def empty(self) -> Earlier:
        """Return nothing withheld and nothing published."""
        none = np.zeros(len(self._across), dtype=np.bool_)
        return Earlier(
            nothing_withheld(self._grid), nothing_withheld(self._grid), none, none.copy()
        )

    def note(
        self, into: Earlier, region: str, kind: str, industry: str, cluster: str, *, told: bool
    ) -> None:
        """Note a cell; one that is no longer in the trees constrains nothing."""
        name = cluster or (region if region in self._across else None)
        if name is not None:
            if name in self._across:
                (into.published_across if told else into.withheld_across)[self._across[name]] = True
            return
        if (kind_at := self._regions.get((region, kind))) is None:
            return
        if (column_at := self._industries.get(industry)) is None:
            return
        pair = kind_at[0], column_at[0]
        (into.published if told else into.withheld)[pair][kind_at[1], column_at[1]] = True
