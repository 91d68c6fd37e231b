"""The rows that indicators are summed from: one for each enterprise and stored period.

Everything that could multiply an enterprise (several registrations, titles,
trade rows, days of plants) is reduced to one row for each enterprise before
it meets what the enterprise is; the joins that do multiply, on purpose and
with weights, are made in ``spread`` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from ballast.brain.indicators.carbon import CARBON_TCO2, carbon
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.picture_periods import Piece, frame_of, pieces
from ballast.lake.declare import PROVENANCE
from ballast.lake.lake import Lake
from ballast.lake.still import laid, remembered
from ballast.terms.industry import INDUSTRIAL_SECTIONS, industries
from ballast.terms.period import Period
from ballast.terms.scheme import IndustryLevel, IndustryScheme
from ballast.terms.viewer import Viewer

__all__ = [
    "ATTRIBUTES",
    "Times",
    "column_of",
    "enterprise_facts",
    "industrial_enterprises",
    "legs",
    "literal_rows",
    "registered_enterprises",
    "stored_periods",
    "times",
]

ATTRIBUTES = (
    Dimension.PROVINCE,
    Dimension.CITY,
    Dimension.REGION,
    Dimension.ZONE,
    Dimension.PLACE,
    Dimension.INDUSTRY_SECTION,
    Dimension.INDUSTRY_DIVISION,
    Dimension.INDUSTRY_GROUP,
    Dimension.INDUSTRY_CLASS,
    Dimension.SIZE_CLASS,
    Dimension.OWNERSHIP,
)
"""What an enterprise has one of."""

_REGISTERED = ("industry_scheme", "industry", "other_industries", "closed")


def column_of(dimension: Dimension) -> str:
    """Return the column of facts that holds a dimension.

    Examples
    --------
    >>> column_of(Dimension.SIZE_CLASS)
    'size_class'
    """
    return dimension.value.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Times:
    """The periods wanted and what they are made of.

    Parameters
    ----------
    made_of
        Each wanted period that can be put together, as stored ones.
    before
        Of each, the reporting period before its last, in the same year: who
        reported then is expected at its end. Absent where there is none.
    """

    made_of: Mapping[Period, tuple[Piece, ...]]
    before: Mapping[Period, Period]

    @property
    def stored(self) -> frozenset[Period]:
        """Every stored period that is read for the sums."""
        return frozenset(x.period for parts in self.made_of.values() for x in parts)

    def last(self, wanted: Period) -> Period:
        """Return the stored period at whose end a wanted one ends."""
        return max(x.period for x in self.made_of[wanted] if x.sign > 0)


def times(wanted: Collection[Period], stored: Collection[Period]) -> Times:
    """Return how the wanted periods are made of stored ones; those that cannot be are left out.

    Examples
    --------
    >>> have = [Period.parse(t) for t in ("2026-01..02", "2026-03")]
    >>> found = times([Period.parse("2026-03ytd"), Period.parse("2026-04ytd")], have)
    >>> [str(p) for p in found.made_of], [str(p) for p in found.before.values()]
    (['2026-03ytd'], ['2026-01..02'])
    """
    return _times(tuple(wanted), tuple(stored))


@lru_cache(maxsize=256)
def _times(wanted: tuple[Period, ...], stored: tuple[Period, ...]) -> Times:
    made = {p: parts for p in wanted if (parts := pieces(p, stored)) is not None}
    before = {}
    for p in made:
        frame = frame_of(stored, p)
        if frame is not None and frame.before_latest is not None:
            before[p] = max(
                (x for x in frame.made_of[frame.before_latest] if x.sign > 0),
                key=lambda x: x.period,
            ).period
    return Times(MappingProxyType(made), MappingProxyType(before))


def stored_periods(lake: Lake, viewer: Viewer, as_of: datetime | None = None) -> list[Period]:
    """Return the periods for which above-scale enterprises reported, oldest first."""
    return list(
        remembered(lake, ("stored_periods", viewer, as_of), lambda: _stored(lake, viewer, as_of))
    )


def _stored(lake: Lake, viewer: Viewer, as_of: datetime | None) -> tuple[Period, ...]:
    reported = lake.read("enterprise_period", viewer, as_of)
    rows = reported.filter(reported.above_scale).select("period").distinct()
    return tuple(sorted(Period.parse(text) for text in rows.to_pyarrow()["period"].to_pylist()))


def industrial_enterprises(enterprise: ir.Table, days: Mapping[Period, date]) -> ir.Table:
    """Return the industrial enterprises as registered on a day, for each period wanted.

    Parameters
    ----------
    enterprise
        The table of that name, a row for every change.
    days
        The day for each period. An enterprise of which only later rows are
        known is taken as the earliest of them says.

    Returns
    -------
    ir.Table
        One row for each ``target`` and ``uscc``: the columns of `ATTRIBUTES`
        (empty where unknown), ``industry_scheme``, ``industry``,
        ``other_industries``, ``closed``, ``register_load``.
    """
    targets = literal_rows(
        [{"target": str(p), "on": day} for p, day in days.items()],
        {"target": "string", "on": "date"},
    )
    rows = enterprise.cross_join(targets)
    known_by = (rows.valid_from <= rows.on).fill_null(True)
    distance = known_by.ifelse(rows.on.delta(rows.valid_from, unit="day"), 0)
    place = ibis.row_number().over(
        group_by=[rows.target, rows.uscc],
        order_by=[known_by.desc(), distance.asc(), rows.valid_from.asc()],
    )
    rows = rows.mutate(place__=place)
    rows = rows.filter(rows.place__ == 0, rows.industry_scheme == IndustryScheme.GBT4754_2017.value)
    divisions = {
        d.code: section
        for section in INDUSTRIAL_SECTIONS
        for d in industries(IndustryLevel.DIVISION, within=section)
    }
    division = rows.industry.substr(0, 2)
    rows = rows.filter(division.isin(list(divisions)))
    return _attributes(rows, division, divisions)


@contextmanager
def registered_enterprises(
    lake: Lake, viewer: Viewer, days: Mapping[Period, date], as_of: datetime | None = None
) -> Iterator[ir.Table]:
    """Lend the industrial enterprises as registered on a day, laid down in the engine.

    Parameters
    ----------
    lake, viewer, as_of
        As for `enterprise_facts`.
    days
        As for `industrial_enterprises`.
    """

    def everybody() -> ir.Table:
        return industrial_enterprises(lake.read("enterprise", viewer, as_of), days)

    with laid(lake, ("industrial", viewer, tuple(days.items()), as_of), everybody) as rows:
        yield rows


def _attributes(rows: ir.Table, division: ir.StringValue, sections: Mapping[str, str]) -> ir.Table:
    zone = rows.zone.fill_null("")
    length = rows.industry.length()
    found: dict[Dimension, ir.StringValue] = {
        Dimension.PROVINCE: rows.region.substr(0, 2) + ibis.literal("0000"),
        Dimension.CITY: rows.region.substr(0, 4) + ibis.literal("00"),
        Dimension.REGION: rows.region,
        Dimension.ZONE: zone,
        Dimension.PLACE: (zone == "").ifelse(rows.region, zone),
        Dimension.INDUSTRY_SECTION: division.cases(*sections.items(), else_=""),
        Dimension.INDUSTRY_DIVISION: division,
        Dimension.INDUSTRY_GROUP: (length >= 3).ifelse(rows.industry.substr(0, 3), ""),
        Dimension.INDUSTRY_CLASS: (length == 4).ifelse(rows.industry, ""),
        Dimension.SIZE_CLASS: rows.size_class.fill_null(""),
        Dimension.OWNERSHIP: rows.ownership.fill_null(""),
    }
    return rows.select(
        "target",
        "uscc",
        *_REGISTERED,
        register_load=rows.load_id,
        **{column_of(d): value for d, value in found.items()},
    )


def enterprise_facts(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
    registered: ir.Table | None = None,
) -> ir.Table:
    """Return what above-scale industrial enterprises reported, with what each is.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom (``READ_UNITS``).
    periods
        The periods wanted; each is put together from stored ones. One that
        cannot be has no rows.
    registered_on
        The day whose registration decides region and industry; by default the
        last day of each period wanted.
    as_of
        The moment of the lake; now where it is ``None``.
    registered
        What `industrial_enterprises` gave for these periods, restricted and
        spread or not, where that was done already.

    Returns
    -------
    ir.Table
        One row for each enterprise, period wanted (``target``) and stored
        period that it is made of (``period``): ``uscc``; ``plus`` (counts for,
        else against the sum) and ``last`` (the target's end: stocks are of
        it), ``parts`` (of how many stored periods the target is made); one
        column for each simple `Dimension` (by its value, ``-`` read as ``_``;
        empty where unknown); ``industry``, ``other_industries``, ``closed``;
        the columns of ``enterprise_period`` and ``carbon_tco2``; ``load_id``
        and ``register_load``.
    """
    found = times(periods, stored_periods(lake, viewer, as_of))
    if registered is None:
        days = {p: registered_on or p.end for p in found.made_of}
        registered = industrial_enterprises(lake.read("enterprise", viewer, as_of), days)
    reported = lake.read("enterprise_period", viewer, as_of)
    rows = reported.filter(
        reported.above_scale, reported.period.isin(sorted(str(p) for p in found.stored))
    )
    rows = rows.drop(*(set(PROVENANCE) - {"load_id"}))
    rows = rows.mutate(
        **{CARBON_TCO2: carbon(rows.energy_tce, rows.electricity_1e4_kwh, rows.period)}
    )
    return _targeted(rows, found).inner_join(registered, ["uscc", "target"])


def _targeted(rows: ir.Table, found: Times) -> ir.Table:
    """Return the rows with the columns of `legs`.

    As expressions where every stored period is of one target: of two joins an engine may begin
    with that of legs and registrations, which is every enterprise times every period.
    """
    whole = {str(x.period): (p, x) for p, parts in found.made_of.items() for x in parts}
    if not whole or len(whole) < sum(len(parts) for parts in found.made_of.values()):
        return rows.inner_join(legs(found), "period")
    lasts = [str(found.last(p)) for p in found.made_of]
    taken_off = [text for text, (_, x) in whole.items() if x.sign < 0]
    parts = {text: ibis.literal(len(found.made_of[p]), "int64") for text, (p, _) in whole.items()}
    return rows.mutate(
        target=rows.period.cases(*((text, str(p)) for text, (p, _) in whole.items())),
        plus=~rows.period.isin(taken_off),
        last=rows.period.isin(lasts),
        parts=rows.period.cases(*parts.items()),
    )


def legs(found: Times) -> ir.Table:
    """Return the periods wanted and what they are made of, as rows beside the facts.

    Returns
    -------
    ir.Table
        ``target``, ``period``, ``plus``, ``last``, ``parts``.
    """
    rows: list[dict[str, object]] = [
        {
            "target": str(p),
            "period": str(x.period),
            "plus": x.sign > 0,
            "last": x.sign > 0 and x.period == found.last(p),
            "parts": len(parts),
        }
        for p, parts in found.made_of.items()
        for x in parts
    ]
    kinds = {"plus": "boolean", "last": "boolean", "parts": "int64"}
    return literal_rows(rows, {"target": "string", "period": "string", **kinds})


def literal_rows(rows: Sequence[Mapping[str, object]], kinds: Mapping[str, str]) -> ir.Table:
    """Return a short list as a table that lives in the expression alone.

    Laid down in the engine instead, a list would stay with the connection for
    each question that a page ever asked.

    Parameters
    ----------
    rows
        Column to value.
    kinds
        The type of each column, as Ibis names it.

    Examples
    --------
    >>> literal_rows([], {"target": "string"}).schema()
    ibis.Schema {
      target  string
    }
    """
    if not rows:
        nothing = {name: ibis.null(kind) for name, kind in kinds.items()}
        whole = ibis.array([ibis.struct(nothing)]).unnest().name("row__").as_table()
        return whole.unpack("row__").filter(ibis.literal(False))
    listed = ibis.array(
        [
            ibis.struct({name: ibis.literal(row[name], type=kind) for name, kind in kinds.items()})
            for row in rows
        ]
    )
    return listed.unnest().name("row__").as_table().unpack("row__")
