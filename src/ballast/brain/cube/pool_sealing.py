"""The pool of the ladder sealed with a vintage: counts of standings that anyone may know.

Which enterprise can reach which title follows from its figures, so a count of
one or two tells them; and the rungs hang together, so that a difference of two
rungs tells as much as a count. All counts of all rungs are therefore decided
together (``disclosure.swaps``), for the whole, the counties and the clusters.

The rules ask for figures of whole years, so a pool is of a year: the first one
that is sealed in it stays as it was, as a month of the cube does. Where it is
sealed anew, what was withheld stays withheld, and a count that changed by one
or two is withheld with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl

from ballast.brain.cube.cuts import region_kind
from ballast.brain.disclosure.census import Census, count
from ballast.brain.disclosure.rules import Bools, PrimaryRules
from ballast.brain.disclosure.swaps import withhold
from ballast.brain.policy.pool_shape import PUBLISHED, Standing
from ballast.brain.policy.pool_survey import SOURCES, Survey, survey
from ballast.brain.policy.reading import Laws
from ballast.lake import store
from ballast.lake.lake import Lake
from ballast.terms.china import day_in_china
from ballast.terms.viewer import Viewer

__all__ = ["POOL_TABLE", "PoolSealed", "Tally", "seal_pool", "tallied"]

POOL_TABLE = "policy_pool"
_RECIPE = "seal"
_PUBLISHED, _WITHHELD = "published", "suppressed"
_CELL = ("scheme", "standing", "criterion", "region", "region_kind", "cluster")


@dataclass(frozen=True, slots=True)
class PoolSealed:
    """What the sealing of a pool came to.

    ``told`` counts of which earlier vintages tell too much; ``kept`` where the year was sealed
    already and stays as it was.
    """

    load_id: str
    day: date
    published: int
    suppressed: int
    told: int
    kept: bool


@dataclass(frozen=True, eq=False)
class Tally:
    """A survey as a census: what is counted (marks), where (areas), and of whom.

    Parameters
    ----------
    census
        Who stands where.
    marks
        Scheme, standing and criterion (empty: whichever) of each mark.
    areas
        Region, its kind and cluster (empty: the region) of each area; the whole first.
    """

    census: Census
    marks: tuple[tuple[str, Standing, str], ...]
    areas: tuple[tuple[str, str, str], ...]


def seal_pool(
    lake: Lake,
    viewer: Viewer,
    laws: Laws,
    *,
    now: datetime,
    vintage: str,
    anew: bool = False,
    rules: PrimaryRules | None = None,
    step: store.Step = store.no_step,
) -> PoolSealed | None:
    """Decide on the counts of the pool and write them beside a vintage of the cube.

    Parameters
    ----------
    lake, viewer
        Where, and who seals: ``READ_UNITS`` and ``LOAD``, as `sealing.seal` has checked, which
        holds the sealer's lock.
    laws
        The rules of the day.
    now
        The moment; its day in China is the day of the decision.
    vintage
        The name of the vintage.
    anew
        Decide again where a pool of the year was sealed.
    rules
        Of which ``least`` bounds the counts.
    step
        Called between the steps of the write.

    Returns
    -------
    PoolSealed or None
        None where no enterprise has stated a fact for policies: there is no pool then.
    """
    if not _any_facts(lake):
        return None
    day = day_in_china(now)
    past = _past(lake, viewer, str(day.year))
    kept = past is not None and not anew
    told = 0
    if past is not None and not anew:
        frame = past
    else:
        found = survey(lake, viewer, laws, day)
        if found.rows.is_empty():
            return None
        frame, told = _decided(found, (rules or PrimaryRules()).least, past)
        frame = _stamped(lake, frame, found, day)
    frame = frame.with_columns(pl.lit(vintage).alias("vintage"))
    load_id = lake.derive(
        POOL_TABLE,
        frame,
        viewer,
        vintage=vintage,
        recipe=_RECIPE,
        provenance="synthetic" if frame["synthetic"][0] else "real",
        step=step,
    )
    counted = dict(frame.group_by("status").len().iter_rows())
    return PoolSealed(
        load_id=load_id,
        day=frame["day"][0],
        published=counted.get(_PUBLISHED, 0),
        suppressed=counted.get(_WITHHELD, 0),
        told=told,
        kept=kept,
    )


def tallied(found: Survey) -> Tally:
    """Return a survey as a census of whole enterprises.

    Parameters
    ----------
    found
        Who stands where before which rung.
    """
    rows = found.rows
    marks = [(rung.scheme, standing, "") for rung in found.rungs for standing in PUBLISHED]
    has = [(rows[scheme] == standing.value).fill_null(False) for scheme, standing, _ in marks]
    for rung in found.rungs:
        lacks = rows[f"{rung.scheme}.lacks"]
        for criterion in sorted(lacks.drop_nulls().unique().to_list()):
            marks.append((rung.scheme, Standing.NEAR, criterion))
            has.append((lacks == criterion).fill_null(False))
    counties = sorted(code for code in rows["county"].unique().to_list() if code)
    areas = [(found.root, region_kind(found.root), "")]
    inside = [np.ones(rows.height, dtype=np.bool_)]
    for code in counties:
        areas.append((code, region_kind(code), ""))
        inside.append((rows["county"] == code).to_numpy())
    for cluster in found.clusters:
        areas.append((found.root, region_kind(found.root), cluster))
        inside.append(rows["clusters"].list.contains(cluster).to_numpy())
    places, leaf = np.unique(np.array(inside), axis=1, return_inverse=True)
    profiles, profile = np.unique(
        np.array([each.to_numpy() for each in has]), axis=1, return_inverse=True
    )
    kinds, size = np.unique(np.stack([leaf.ravel(), profile.ravel()]), axis=1, return_counts=True)
    shown = np.array(
        [[not criterion or not at for at in range(len(areas))] for *_, criterion in marks]
    )
    return Tally(
        Census(
            areas=places,
            marks=profiles,
            leaf=kinds[0],
            profile=kinds[1],
            size=size.astype(np.float64),
            shown=shown,
            open_marks=np.array([standing is Standing.HOLDS for _, standing, _ in marks]),
            rungs=_rungs(marks, whole=False),
            families=_rungs(marks, whole=True),
        ),
        tuple(marks),
        tuple(areas),
    )


def _rungs(marks: list[tuple[str, Standing, str]], *, whole: bool) -> tuple[tuple[int, ...], ...]:
    """Return the marks of each rung; the ``whole`` of them, or those that exclude each other."""
    groups: dict[str, list[int]] = {}
    for at, (scheme, _, criterion) in enumerate(marks):
        if whole or not criterion:
            groups.setdefault(scheme, []).append(at)
    return tuple(tuple(group) for group in groups.values())


def _decided(found: Survey, least: int, past: pl.DataFrame | None) -> tuple[pl.DataFrame, int]:
    tally = tallied(found)
    values = count(tally.census)
    before = _Before(tally, values, past, least)
    decided = withhold(
        tally.census, least, kept=before.kept, known=before.known, also=before.changed
    )
    rows = []
    for mark, (scheme, standing, criterion) in enumerate(tally.marks):
        for area, (region, kind, cluster) in enumerate(tally.areas):
            if tally.census.shown[mark, area]:
                hidden = bool(decided.mask[mark, area])
                rows.append(
                    {
                        "scheme": scheme,
                        "standing": standing.value,
                        "criterion": criterion,
                        "region": region,
                        "region_kind": kind,
                        "cluster": cluster,
                        "definition": found.definition if cluster else None,
                        "law": next(r.version for r in found.rungs if r.scheme == scheme),
                        "status": _WITHHELD if hidden else _PUBLISHED,
                        "enterprises": None if hidden else int(values[mark, area]),
                    }
                )
    text = (*_CELL, "definition", "law", "status")
    schema = {**dict.fromkeys(text, pl.String), "enterprises": pl.Int64}
    return pl.DataFrame(rows, schema=schema), len(decided.told)


class _Before:
    """What an earlier vintage published and withheld of the same counts."""

    def __init__(
        self, tally: Tally, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
        past: pl.DataFrame | None, least: int,
    ) -> None:  # fmt: skip
        self.kept: Bools = np.zeros_like(tally.census.shown)
        self.known: Bools = np.zeros_like(tally.census.shown)
        self.changed: Bools = np.zeros_like(tally.census.shown)
        if past is None:
            return
        told: Mapping[tuple[str, ...], int | None] = {
            tuple(row[name] or "" for name in _CELL): row["enterprises"]
            for row in past.iter_rows(named=True)
        }
        for mark, (scheme, standing, criterion) in enumerate(tally.marks):
            for area, place in enumerate(tally.areas):
                cell = (scheme, standing.value, criterion, *place)
                if cell not in told:
                    continue
                old, new = told[cell], values[mark, area]
                self.kept[mark, area] = old is None
                self.known[mark, area] = old is not None and old == new
                self.changed[mark, area] = old is not None and 0 < abs(old - new) < least


def _stamped(lake: Lake, rows: pl.DataFrame, found: Survey, day: date) -> pl.DataFrame:
    """Return rows with what they were made from."""
    standing = lake.ledger.live()
    read = pl.col("tables").str.split(",").list.set_intersection(list(SOURCES)).list.len() > 0
    made = standing.filter(read)
    return rows.with_columns(
        pl.lit(str(day.year)).alias("period"),
        pl.lit(day).alias("day"),
        pl.lit(",".join(made["load_id"].to_list())).alias("made_from"),
        pl.lit(made["at"].max()).alias("as_of"),
        pl.lit(found.synthetic).alias("synthetic"),
    )


def _any_facts(lake: Lake) -> bool:
    live = lake.ledger.live()
    return bool(live["tables"].str.split(",").list.contains("enterprise_fact").any())


def _past(lake: Lake, viewer: Viewer, period: str) -> pl.DataFrame | None:
    """Return the newest pool sealed of a year, withdrawn or not: what was told is known."""
    committed = lake.ledger.rows().filter(
        (pl.col("tables") == POOL_TABLE) & (pl.col("state") == "committed")
    )
    for load_id, at in reversed(committed.select("load_id", "at").rows()):
        table = lake.read(POOL_TABLE, viewer, at)
        mine = table.filter(table.load_id == load_id, table.period == period)
        rows = pl.DataFrame(lake.engine.collect(mine))
        if not rows.is_empty():
            own = [name for name in rows.columns if name not in _LOADED]
            return rows.select(own)
    return None


_LOADED = {"load_id", "source_sheet", "source_row"}
