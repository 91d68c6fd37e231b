"""The sealed cube, read: the one source of figures of enterprises for whoever may not see units.

A question is turned into a choice of sealed rows and nothing is computed: a
sum made here, of cells that were decided one by one, would be a cut that
nobody decided on. What the cube does not hold is refused with what it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import ibis.expr.types as ir

from ballast.brain.cube.cuts import Cut, cut_of, inside
from ballast.brain.indicators.answer import Answer, Status, Value
from ballast.brain.indicators.declared import Measure
from ballast.brain.indicators.question import Question, checked, target
from ballast.brain.indicators.registry import INDICATORS
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC, Viewer
from ballast.words import Sentence, pack

__all__ = ["WITHHELD", "Vintage", "sealed_periods", "sealed_series", "sealed_values", "vintages"]


WITHHELD = pack([Sentence("withheld: published, it would tell what a single enterprise reported")])
_ZERO = pack([Sentence("undefined: it would be divided by zero")])
_NO_ROW = pack([Sentence("no enterprise of the cell reported")])


@dataclass(frozen=True, slots=True)
class Vintage:
    """One sealing.

    Parameters
    ----------
    name
        As ``2026-05.1``: the newest month in it, and a running number.
    load_id, at
        The load that wrote it, and when.
    rows
        How many rows it holds.
    synthetic
        Whether what it was made from is invented.
    note
        What the sealing said of itself, packed (`words.unpack`): what was withheld and lost.
    """

    name: str
    load_id: str
    at: datetime
    rows: int
    synthetic: bool
    note: str | None


def vintages(lake: Lake) -> tuple[Vintage, ...]:
    """Return the vintages that stand, oldest first.

    Parameters
    ----------
    lake
        Whose cube.
    """
    return tuple(
        Vintage(
            name=row["file"],
            load_id=row["load_id"],
            at=row["at"],
            rows=row["accepted"],
            synthetic=row["provenance"] == "synthetic",
            note=row["note"],
        )
        for row in lake.ledger.live().iter_rows(named=True)
        if row["tables"] == "indicator_value"
    )


def sealed_periods(lake: Lake, vintage: str | None = None) -> tuple[Period, ...]:
    """Return the periods of a vintage, in order; of the newest one by default.

    Raises
    ------
    NotFound
        If nothing is sealed, or there is no such vintage.
    """
    rows = _rows(lake, PUBLIC, _vintage(lake, vintage))
    texts = rows.select("period").distinct().to_pyarrow()["period"].to_pylist()
    return tuple(sorted(Period.parse(text) for text in texts))


def sealed_values(
    lake: Lake, question: Question, *, viewer: Viewer = PUBLIC, vintage: str | None = None
) -> Answer:
    """Return what the cube holds in answer to a question.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom; anyone may.
    question
        One or more indicators made of what enterprises report, cut and restricted as the cube is:
        by a level of region and a level of industry, or by cluster.
    vintage
        The newest by default.

    Returns
    -------
    Answer
        A value for each cell in which an enterprise stands; withheld ones have the status
        ``SUPPRESSED``. A single cell that is asked for and not there is ``MISSING``.

    Raises
    ------
    NotFound
        If nothing is sealed, no such vintage, or not that period; the message says which are.
    NotPermitted
        If the cube does not hold such a cut; the message says which it holds.
    WrongUsage
        If the question is none (`question.checked`).
    """
    checked(question)
    cut = cut_of(question)
    chosen = _vintage(lake, vintage)
    period = target(question.period, question.form)
    found = _found(lake, viewer, chosen, question, cut, (period,))
    if not found:
        _require_period(lake, chosen, period)
    return _answer(question, cut, period, found)


def sealed_series(
    lake: Lake,
    question: Question,
    periods: Collection[Period],
    *,
    viewer: Viewer = PUBLIC,
    vintage: str | None = None,
) -> dict[Period, Answer]:
    """Return what the cube holds in answer to a question of several periods, read at once.

    Parameters
    ----------
    lake, question, viewer, vintage
        As for `sealed_values`; the question's own period is not read, its form is.
    periods
        What is asked for instead.

    Returns
    -------
    dict
        The answer by the period asked for; one of which nothing is published is left out.

    Raises
    ------
    NotFound, NotPermitted, WrongUsage
        As for `sealed_values`, but for the periods.
    """
    checked(question)
    cut = cut_of(question)
    chosen = _vintage(lake, vintage)
    wanted = {asked: target(asked, question.form) for asked in periods}
    found = _found(lake, viewer, chosen, question, cut, tuple(wanted.values()))
    by_period: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        by_period.setdefault(str(row["period"]), []).append(row)
    return {
        asked: _answer(replace(question, period=asked), cut, period, by_period[str(period)])
        for asked, period in wanted.items()
        if str(period) in by_period
    }


def _found(
    lake: Lake,
    viewer: Viewer,
    vintage: Vintage,
    question: Question,
    cut: Cut,
    periods: tuple[Period, ...],
) -> list[dict[str, Any]]:
    """Return the rows of a cut."""
    rows = _rows(lake, viewer, vintage)
    here = rows.filter(
        rows.period.isin(sorted({str(p) for p in periods})),
        rows.indicator.isin(question.indicators),
    )
    found = _of_cut(here, cut).to_pyarrow().to_pylist()
    if cut.by_cluster:
        for row in found:
            _require_whole(row, cut)
    return [row for row in found if cut.holds(row)]


def _require_whole(row: Mapping[str, Any], cut: Cut) -> None:
    """Refuse the clusters of a part of what was sealed: they are cells that nobody decided on."""
    if cut.regions and not inside(row, cut.regions[0]):
        raise NotPermitted(
            "clusters are published of {region} as a whole, not of a part of it or of another "
            "region",
            region=row["region"],
        )


def _answer(question: Question, cut: Cut, period: Period, found: list[dict[str, Any]]) -> Answer:
    """Return the values of the rows of one period, cell after cell."""
    if cut.of_places:
        found = _of_places(found)
    kept = {key: place for place, key in enumerate(question.indicators)}
    values = [_value(row, cut, period) for row in found]
    if cut.single:
        there = {value.indicator for value in values}
        values += [_missing(key, period) for key in kept if key not in there]
    values.sort(key=lambda v: (tuple(v.cell.get(d, "") for d in question.by), kept[v.indicator]))
    return Answer(tuple(values), question)


def _vintage(lake: Lake, name: str | None) -> Vintage:
    standing = vintages(lake)
    if name is None and standing:
        return standing[-1]
    for each in standing:
        if each.name == name:
            return each
    if name is None:
        raise NotFound(
            "no figures of enterprises are published yet: seal them with `ballast cube seal`"
        )
    raise NotFound(
        "there is no vintage {name}; there are: {known}",
        name=name,
        known=", ".join(each.name for each in standing) or "–",
    )


def _rows(lake: Lake, viewer: Viewer, vintage: Vintage) -> ir.Table:
    rows = lake.read("indicator_value", viewer)
    return rows.filter(rows.load_id == vintage.load_id)


def _of_cut(rows: ir.Table, cut: Cut) -> ir.Table:
    """Return the rows that may be of a cut, sifted by what an engine can compare."""
    if cut.by_cluster:
        return rows.filter(rows.cluster != "")
    rows = rows.filter(rows.cluster == "")
    if cut.kinds:
        rows = rows.filter(rows.region_kind.isin(sorted(cut.kinds)))
    elif cut.regions:
        rows = rows.filter(rows.region == cut.regions[0])
    else:
        rows = rows.filter(rows.parent == "")
    if cut.industry_by is None:
        rows = rows.filter(rows.industry == (cut.industries[0] if cut.industries else ""))
    return rows


def _of_places(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the counties of which the rest outside of zones stands there too."""
    rests = {row["region"] for row in found if row["region_kind"] == "rest"}
    return [r for r in found if r["region_kind"] != "county" or r["region"] not in rests]


def _missing(key: str, period: Period) -> Value:
    return Value(
        indicator=key,
        cell={},
        period=period,
        value=None,
        status=Status.MISSING,
        reason=_NO_ROW,
        reporting=0,
    )


def _require_period(lake: Lake, vintage: Vintage, period: Period) -> None:
    known = sealed_periods(lake, vintage.name)
    if period not in known:
        raise NotFound(
            "{period} is not among the published figures, which go from {first} to {last}",
            period=period.label,
            first=known[0].label if known else "–",
            last=known[-1].label if known else "–",
        )


def _value(row: dict[str, Any], cut: Cut, period: Period) -> Value:
    key = str(row["indicator"])
    status = Status(str(row["status"]))
    told = status is Status.PUBLISHED
    amount = INDICATORS[key].measure is Measure.AMOUNT
    numerator = row["numerator"]
    return Value(
        indicator=key,
        cell=cut.cell(row),
        period=period,
        value=(numerator if amount and numerator is not None else row["value"]) if told else None,
        numerator=numerator if told else None,
        denominator=row["denominator"] if told else None,
        status=status,
        reason={Status.SUPPRESSED: WITHHELD, Status.UNDEFINED: _ZERO}.get(status),
        reporting=row["reporting"] or 0,
        as_of=row["as_of"],
        sources=tuple(str(row["made_from"]).split(",")),
        synthetic=bool(row["synthetic"]),
    )
