"""The pool at each rung: how many hold it, can hold it, lack one thing; and, for analysts, who.

Two answers to one question. Whoever may read units gets counts and names from
the facts of the day. Everybody else gets counts alone, and those from the
sealed cube (``cube.pool_sealing``), never from the facts: a count made for one
question cannot know the next one, and two counts that differ by one enterprise
tell which.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl

from ballast.brain.cluster_members import cluster_names
from ballast.brain.cube.cuts import region_kind
from ballast.brain.names import Names, names
from ballast.brain.policy.pool_shape import (
    PUBLISHED,
    Candidate,
    Count,
    Lacking,
    Pool,
    PoolBy,
    PoolCell,
    Rung,
    Standing,
)
from ballast.brain.policy.pool_survey import Survey, survey, units_of
from ballast.brain.policy.reading import Laws
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.viewer import PUBLIC, Right, Viewer

__all__ = ["pool"]

_TABLE = "policy_pool"
_NAMED = (Standing.ELIGIBLE, Standing.REVIEW, Standing.NEAR)


def pool(
    lake: Lake,
    viewer: Viewer,
    laws: Laws,
    day: date,
    by: Collection[PoolBy] = (),
    schemes: Collection[str] = (),
) -> Pool:
    """Return the pool at each rung on a day.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom: with ``READ_UNITS`` from the facts and with names, else from
        the newest sealed vintage, of the day for which that was made.
    laws
        All laws.
    day
        Of the decision; of a sealed pool the newest one that is of no later day is read.
    by
        How it is cut beside the whole: by county, by cluster.
    schemes
        The rungs; all of them by default.

    Raises
    ------
    NotFound
        If there is no such scheme, or nothing is sealed for who may not read units.
    """
    wanted = tuple(laws.law(scheme).scheme for scheme in dict.fromkeys(schemes))
    if viewer.may(Right.READ_UNITS):
        return _surveyed(lake, viewer, survey(lake, viewer, laws, day, wanted), frozenset(by))
    return _sealed(lake, laws, day, frozenset(by), wanted)


def _surveyed(lake: Lake, viewer: Viewer, found: Survey, by: frozenset[PoolBy]) -> Pool:
    called = names(lake, viewer)
    return Pool(
        day=found.day,
        rungs=found.rungs,
        cells=tuple(_cells(found, called, by)),
        lacking=tuple(_lacking(found)),
        candidates=tuple(_candidates(found)),
        synthetic=found.synthetic,
        refused=found.refused,
    )


def _cells(found: Survey, called: Names, by: frozenset[PoolBy]) -> Iterator[PoolCell]:
    rows = found.rows
    counties = sorted(code for code in rows["county"].unique().to_list() if code)
    for rung in found.rungs:
        whole = _counts(rows, rung.scheme)
        kind = region_kind(found.root)
        label = called.region(found.root)
        yield PoolCell(rung.scheme, found.root, kind, "", label, whole, whole=True)
        if PoolBy.COUNTY in by:
            for code in counties:
                own = _counts(rows.filter(pl.col("county") == code), rung.scheme)
                yield PoolCell(rung.scheme, code, region_kind(code), "", called.region(code), own)
        if PoolBy.CLUSTER in by:
            for cluster, name in found.clusters.items():
                own = _counts(rows.filter(pl.col("clusters").list.contains(cluster)), rung.scheme)
                yield PoolCell(rung.scheme, found.root, kind, cluster, name, own)


def _counts(rows: pl.DataFrame, scheme: str) -> tuple[tuple[Standing, Count], ...]:
    counted = dict(rows.group_by(scheme).len().iter_rows())
    return tuple((standing, Count(counted.get(standing.value, 0))) for standing in Standing)


def _lacking(found: Survey) -> Iterator[Lacking]:
    for rung in found.rungs:
        lacks = found.rows[f"{rung.scheme}.lacks"].drop_nulls().value_counts(sort=True)
        for criterion, number in lacks.iter_rows():
            label, article = found.criteria[rung.scheme, criterion]
            yield Lacking(rung.scheme, criterion, label, article, Count(number))


def _candidates(found: Survey) -> Iterator[Candidate]:
    order = {standing.value: at for at, standing in enumerate(_NAMED)}
    for rung in found.rungs:
        standing, lacks = rung.scheme, f"{rung.scheme}.lacks"
        rows = found.rows.filter(pl.col(standing).is_in(list(order))).select(
            "uscc", "name", "county", "clusters", standing=standing, lacks=lacks
        )
        rows = rows.sort(pl.col("standing").replace_strict(order), "lacks", "uscc", nulls_last=True)
        for row in rows.iter_rows(named=True):
            yield Candidate(
                scheme=rung.scheme,
                uscc=row["uscc"],
                name=row["name"] or row["uscc"],
                standing=Standing(row["standing"]),
                county=row["county"],
                clusters=tuple(row["clusters"]),
                lacks=row["lacks"],
            )


def _sealed(
    lake: Lake, laws: Laws, day: date, by: frozenset[PoolBy], schemes: tuple[str, ...]
) -> Pool:
    """Return the newest sealed pool; every read is made as anyone may."""
    rows = _newest(lake, day)
    if schemes:
        rows = rows.filter(pl.col("scheme").is_in(schemes))
    rungs = tuple(_rungs(rows, laws))
    first = rows.row(0, named=True) if rows.height else None
    return Pool(
        day=day if first is None else first["day"],
        rungs=rungs,
        cells=tuple(_sealed_cells(lake, rows, rungs, by)),
        lacking=tuple(_sealed_lacking(rows, laws, rungs)),
        sealed=True,
        vintage=None if first is None else first["vintage"],
        synthetic=first is not None and bool(first["synthetic"]),
    )


def _newest(lake: Lake, day: date) -> pl.DataFrame:
    live = lake.ledger.live().filter(pl.col("tables") == _TABLE)
    for load_id in reversed(live["load_id"].to_list()):
        table = lake.read(_TABLE, PUBLIC)
        # What is today here was yesterday for who counts in universal time.
        mine = table.filter(table.load_id == load_id, table.day <= day + timedelta(days=1))
        rows = pl.DataFrame(lake.engine.collect(mine))
        if not rows.is_empty():
            return rows
    raise NotFound(
        "no pool is published yet of {day} or before: seal one with `ballast cube seal`",
        day=day.isoformat(),
    )


def _rungs(rows: pl.DataFrame, laws: Laws) -> Iterator[Rung]:
    """Yield the rungs of a sealed pool in the order of the ladder, as the law has them."""
    versions = dict(rows.select("scheme", "law").unique().iter_rows())
    for scheme in laws.schemes:
        law = laws.law(scheme)
        version = next((v for v in law.versions if v.id == versions.get(scheme)), None)
        if version is None:
            continue
        instrument = next(one for one in law.instruments if one.id == version.instrument)
        yield Rung(
            scheme=scheme,
            label=Label(law.label.zh, law.label.en),
            place=law.rung,
            version=version.id,
            instrument=instrument.number,
            confirmed=instrument.confirmed,
        )


def _sealed_cells(
    lake: Lake, rows: pl.DataFrame, rungs: tuple[Rung, ...], by: frozenset[PoolBy]
) -> Iterator[PoolCell]:
    called = names(lake, PUBLIC)
    clusters = _cluster_names(lake, rows)
    cells: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for row in rows.filter(pl.col("criterion") == "").iter_rows(named=True):
        key = (row["scheme"], row["cluster"], row["region_kind"], row["region"])
        cells.setdefault(key, {})[row["standing"]] = _count(row)
    kinds = ["nation", "province", "city", "county"]
    for rung in rungs:
        own = [key for key in cells if key[0] == rung.scheme]
        wide = min((kinds.index(kind) for _, cluster, kind, _ in own if not cluster), default=0)
        for scheme, cluster, kind, region in sorted(
            own, key=lambda k: (k[1] != "", kinds.index(k[2]), k[3], k[1])
        ):
            whole = not cluster and kinds.index(kind) == wide
            part = PoolBy.CLUSTER if cluster else PoolBy.COUNTY
            if whole or part in by:
                counts = cells[scheme, cluster, kind, region]
                yield PoolCell(
                    scheme=scheme,
                    region=region,
                    region_kind=kind,
                    cluster=cluster,
                    label=clusters.get(cluster, Label(cluster, cluster))
                    if cluster
                    else called.region(region),
                    counts=tuple((s, counts[s.value]) for s in PUBLISHED if s.value in counts),
                    whole=whole,
                )


def _cluster_names(lake: Lake, rows: pl.DataFrame) -> dict[str, Label]:
    definition = rows["definition"].drop_nulls().unique().to_list()
    if len(definition) != 1:
        return {}
    named = cluster_names(lake.read("cluster_definition", PUBLIC), definition=definition[0])
    return {
        row["cluster"]: Label(row["name_zh"] or row["cluster"], row["name_en"] or row["cluster"])
        for row in lake.engine.collect(named).to_pylist()
    }


def _sealed_lacking(rows: pl.DataFrame, laws: Laws, rungs: tuple[Rung, ...]) -> Iterator[Lacking]:
    for rung in rungs:
        version = next(v for v in laws.law(rung.scheme).versions if v.id == rung.version)
        units = {} if version.criterion is None else {u.id: u for u in units_of(version.criterion)}
        own = rows.filter(pl.col("scheme") == rung.scheme, pl.col("criterion") != "")
        own = own.sort("enterprises", "criterion", descending=[True, False], nulls_last=True)
        for row in own.iter_rows(named=True):
            unit = units.get(row["criterion"])
            label = Label(row["criterion"], row["criterion"])
            if unit is not None:
                label = Label(unit.label.zh, unit.label.en)
            article = "" if unit is None else unit.article
            yield Lacking(rung.scheme, row["criterion"], label, article, _count(row))


def _count(row: dict[str, Any]) -> Count:
    withheld = row["status"] != "published"
    return Count(None if withheld else int(row["enterprises"]), withheld)
