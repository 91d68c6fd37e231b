"""Facts restricted to what a question names, and spread over what it cuts by.

Apart from evaluating, because who should have reported is restricted by the
same lines as who did: a coverage whose two counts were cut differently would
pass 100 %.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import ibis
import ibis.expr.types as ir

from ballast.brain.indicators.dimensions import DIMENSION_LABELS, OVERLAPPING, Dimension
from ballast.brain.indicators.facts import column_of
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.spread import as_clusters, over_groupings, over_industries
from ballast.brain.picture_clusters import definition_of
from ballast.brain.places import inside
from ballast.errors import NotFound, WrongUsage
from ballast.lake.lake import Lake
from ballast.lake.tables.bureau import TITLE
from ballast.lake.tables.enterprise import OWNERSHIP, SIZE_CLASSES
from ballast.terms.industry import industry
from ballast.terms.region import NATION, predecessor, region, successor
from ballast.terms.scheme import IndustryLevel, RegionScheme
from ballast.terms.viewer import Viewer

__all__ = ["beside", "check_codes", "restricted", "same_place"]

_LEVELS = {
    Dimension.INDUSTRY_SECTION: IndustryLevel.SECTION,
    Dimension.INDUSTRY_DIVISION: IndustryLevel.DIVISION,
    Dimension.INDUSTRY_GROUP: IndustryLevel.GROUP,
    Dimension.INDUSTRY_CLASS: IndustryLevel.CLASS,
}
_REGIONS = (Dimension.PROVINCE, Dimension.CITY, Dimension.REGION, Dimension.ZONE, Dimension.PLACE)
_CHOICES = {
    Dimension.SIZE_CLASS: tuple(choice.value for choice in SIZE_CLASSES),
    Dimension.OWNERSHIP: tuple(choice.value for choice in OWNERSHIP),
    Dimension.TIER: tuple(choice.value for choice in TITLE.column("tier").choices),
}


def check_codes(question: Question) -> None:
    """Refuse a question that is restricted to a code that does not exist.

    Raises
    ------
    InvalidTerm
        If no such region or industry is known.
    WrongUsage
        If an industry is of another level than its dimension, a choice is
        none, or a dimension is restricted to nothing.
    """
    for dimension, codes in question.where.items():
        if not codes:
            raise WrongUsage(
                "{dimension}: no code is given to restrict it to; name one, or leave it out",
                dimension=DIMENSION_LABELS[dimension],
            )
        for code in codes:
            if dimension in _REGIONS:
                region(code)
            elif dimension in _LEVELS and industry(code).level is not _LEVELS[dimension]:
                raise WrongUsage(
                    "{code} is no {dimension}: it is of the level {level}",
                    code=code,
                    dimension=DIMENSION_LABELS[dimension],
                    level=industry(code).level.value,
                )
            elif dimension in _CHOICES and code not in _CHOICES[dimension]:
                raise WrongUsage(
                    "{code} is no {dimension}; there are: {known}",
                    code=code,
                    dimension=DIMENSION_LABELS[dimension],
                    known=", ".join(_CHOICES[dimension]),
                )


def restricted(
    lake: Lake, viewer: Viewer, rows: ir.Table, question: Question, as_of: datetime | None = None
) -> ir.Table:
    """Return the rows that count for a question, with a copy for each cell they count in.

    Parameters
    ----------
    lake, viewer, as_of
        Where the definitions of clusters and chains are read.
    rows
        In the shape of `facts.industrial_enterprises` at least. Restricting
        those, one row for each enterprise, before facts are joined to them is
        the shorter way. A dimension that the rows have not (the partner of
        trade) is left to who has it.
    question
        What is asked.

    Raises
    ------
    NotFound
        If a cluster or a chain that is named, or any definition, is not there.
    """
    grouped = [
        d for d in Dimension if d in OVERLAPPING and (d in question.by or d in question.where)
    ]
    if question.weighted or grouped:
        rows = over_industries(rows, weighted=question.weighted)
    for dimension, codes in question.where.items():
        if dimension not in OVERLAPPING and column_of(dimension) in rows.columns:
            rows = rows.filter(_among(rows, dimension, codes))
    for dimension in grouped:
        definition, name = _definition(lake, viewer, dimension, question, as_of)
        rows = over_groupings(
            rows,
            definition,
            dimension=dimension,
            name=name,
            only=question.where.get(dimension),
            apart=dimension in question.by,
        )
    for dimension in question.by:
        if dimension not in OVERLAPPING and column_of(dimension) in rows.columns:
            rows = rows.filter(rows[column_of(dimension)] != "")
    return rows


def beside(rows: ir.Table, question: Question) -> ir.Table:
    """Return facts restricted along what is not the enterprise's: partner of trade, tier of title.

    Parameters
    ----------
    rows
        Facts of enterprises that are restricted already.
    question
        What is asked.
    """
    for dimension in (Dimension.PARTNER, Dimension.TIER):
        if column_of(dimension) not in rows.columns:
            continue
        if dimension in question.where:
            rows = rows.filter(_among(rows, dimension, question.where[dimension]))
        if dimension in question.by:
            rows = rows.filter(rows[column_of(dimension)] != "")
    return rows


def _among(rows: ir.Table, dimension: Dimension, codes: tuple[str, ...]) -> ir.BooleanValue:
    if dimension is not Dimension.REGION:
        return rows[column_of(dimension)].isin(list(codes))
    found: ir.BooleanValue = ibis.literal(False)
    gb = ibis.literal(RegionScheme.GB2260.value)
    for code in dict.fromkeys(each for named in codes for each in same_place(named)):
        found = found | inside(rows.region, gb, ibis.literal(code)) | (rows.zone == code)
    return found


@lru_cache(maxsize=1024)
def same_place(code: str) -> tuple[str, ...]:
    """Return the codes that a region has had, its own first.

    Figures of 2018 name Chiping 371523 and figures of 2020 name it 371503; asked
    for either, both are meant.

    Examples
    --------
    >>> same_place("371503")
    ('371503', '371523', '372524')
    """
    found = [code]
    for step in (predecessor, successor):
        other = step(code)
        while other is not None and other not in found:
            found.append(other)
            other = step(other)
    return tuple(found)


def _definition(
    lake: Lake, viewer: Viewer, dimension: Dimension, question: Question, as_of: datetime | None
) -> tuple[ir.Table, str]:
    if dimension is Dimension.CHAIN:
        definition = as_clusters(lake.read("chain_definition", viewer, as_of))
        name: str | None = "chain"
    else:
        definition = lake.read("cluster_definition", viewer, as_of)
        place = question.where.get(Dimension.REGION, (NATION,))[0]
        name = question.definition or definition_of(definition, place)
    keys = definition.filter(definition.definition == (name or "")).select("cluster").distinct()
    known = sorted(keys.to_pyarrow()["cluster"].to_pylist())
    if name is None or not known:
        raise NotFound(
            "no {dimension} is defined here: load the table {table} first",
            dimension=DIMENSION_LABELS[dimension],
            table="chain_definition" if dimension is Dimension.CHAIN else "cluster_definition",
        )
    for code in question.where.get(dimension, ()):
        if code not in known:
            raise NotFound(
                "{code} is no {dimension}; there are: {known}",
                code=code,
                dimension=DIMENSION_LABELS[dimension],
                known=", ".join(known),
            )
    return definition, name
