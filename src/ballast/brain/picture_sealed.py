"""A region's picture for who may not read units: macro items, and what the sealed cube publishes.

The same shape as the picture that analysts see, so that page, files, wall and
interface show it without knowing whose it is. No table of units is opened:
every figure here is a published cell, or made of published cells alone (a
share, a growth), which tells nothing that they do not tell already. What is
withheld is ``SUPPRESSED``, never 0 and never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ballast.brain.cube.reading import Vintage, sealed_periods, vintages
from ballast.brain.indicators.answer import Status, Value
from ballast.brain.indicators.answering import answer, open_series
from ballast.brain.indicators.declared import Adds, Comparison, Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry import indicator as declared_as
from ballast.brain.names import names
from ballast.brain.picture_clusters import definition_of
from ballast.brain.picture_items import SAMPLE
from ballast.brain.picture_periods import Frame, frame_of
from ballast.brain.picture_public import public_picture
from ballast.brain.picture_shape import (
    Change,
    ClusterSize,
    IndustrySize,
    Part,
    PlaceSize,
    Point,
    RegionPicture,
    Sealed,
    Source,
)
from ballast.brain.picture_shape import Indicator as Headline
from ballast.brain.sealed_levels import (
    Cells,
    absence_of,
    amount,
    codes_of,
    contribution,
    count,
    growth,
    growth_absence,
    ratio,
    tier_label,
)
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.lake.tables import table
from ballast.terms import unit as units
from ballast.terms.industry import industry
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind
from ballast.terms.region import is_extension
from ballast.terms.viewer import PUBLIC
from ballast.words.numbers import Absence, Number

__all__ = ["sealed_months", "sealed_picture"]

HEADLINE = (
    "enterprises", "output", "revenue", "profit", "margin", "employment", "exports", "rd_intensity",
)  # fmt: skip
_STOCKS = ("enterprises", "employment")  # of the latest month; flows are of the year to date
_SIZES = ("output", "revenue", "enterprises")
_TABLES = ("indicator_value",)
REPORTING = Label("报告企业（家）", "enterprises that reported")


def sealed_months(lake: Lake) -> tuple[Period, ...]:
    """Return the reporting periods for which figures are published, oldest first; none if none."""
    if not vintages(lake):
        return ()
    kinds = (PeriodKind.MONTH, PeriodKind.JOINED)
    return tuple(p for p in sealed_periods(lake) if p.kind in kinds)


def sealed_picture(
    lake: Lake, region: str, *, today: date, period: Period | None = None
) -> RegionPicture:
    """Return the picture of a region as anyone may see it.

    Parameters
    ----------
    lake
        Where to read; it is read as the public viewer, whoever asks.
    region
        A GB/T 2260 code, such as ``"371500"``, or a zone's extension code.
    today
        The day on which it is made.
    period
        What enterprises' figures end with; the newest where it is ``None``.

    Returns
    -------
    RegionPicture
        With macro items alone while nothing is sealed, and for a region that the cube does not
        hold.

    Raises
    ------
    NotFound
        If figures are published and none ends with the period.
    """
    open_one = public_picture(lake, region, today=today)
    standing = vintages(lake)
    if not standing:
        return open_one
    known = sealed_periods(lake)
    frame = _frame(known, period)
    if frame is None:
        return open_one
    whole = answer(lake, PUBLIC, Question(("output",), (Dimension.CITY,), period=frame.to_date))
    cities = {value.cell[Dimension.CITY] for value in whole.values}
    year = max(
        (p for p in known if p.kind is PeriodKind.YEAR and p.end <= frame.latest.end), default=None
    )
    cube = _Cube(lake, region, frame, cities == {region}, year)
    indicators = cube.headline()
    if not indicators:
        return open_one
    definition = definition_of(lake.read("cluster_definition", PUBLIC), region)
    return replace(
        open_one,
        latest=frame.latest,
        period=frame.to_date,
        year=year,
        indicators=indicators,
        divisions=cube.industries(Dimension.INDUSTRY_DIVISION),
        groups=cube.industries(Dimension.INDUSTRY_GROUP),
        clusters=() if definition is None else cube.clusters(definition),
        cluster_definition=definition,
        places=cube.places(names(lake, PUBLIC).region),
        sources=(*open_one.sources, _source(standing[-1])),
        sealed=Sealed(
            standing[-1].name,
            standing[-1].at,
            max((v.as_of for v in whole.values if v.as_of is not None), default=None),
        ),
    )


def _source(vintage: Vintage) -> Source:
    return Source(vintage.load_id, vintage.at, _TABLES, None, vintage.synthetic)


def _frame(known: Sequence[Period], until: Period | None) -> Frame | None:
    """Return the periods of the picture: all of them published as such, none summed here."""
    months = [p for p in known if p.kind in (PeriodKind.MONTH, PeriodKind.JOINED)]
    frame = frame_of(months or known, until)
    if frame is None:
        if known and until is not None:
            raise NotFound(
                "{period} is not among the published figures, which go from {first} to {last}",
                period=until.label,
                first=min(known).label,
                last=max(known).label,
            )
        return None
    return frame if frame.to_date in known else replace(frame, to_date=frame.latest)


@dataclass(frozen=True, slots=True)
class _Cube:
    """What the sealed cube says of one region."""

    lake: Lake
    region: str
    frame: Frame
    whole: bool
    year: Period | None
    kept: dict[tuple[object, ...], dict[Period, Cells]] = field(default_factory=dict)

    def cells(
        self,
        keys: Sequence[str],
        period: Period,
        by: Dimension | None = None,
        definition: str | None = None,
    ) -> Cells:
        """Return what is published of the region, by the codes of a cut; empty where nothing is.

        What the picture needs of a cut it needs of several periods: all are read at once.
        """
        asked = (tuple(keys), by, definition)
        if asked not in self.kept:
            self.kept[asked] = self._cells(*asked)
        return self.kept[asked].get(period, {})

    @property
    def periods(self) -> frozenset[Period]:
        """The periods that the picture shows."""
        frame = self.frame
        ends = {frame.to_date, frame.base, frame.latest, frame.latest_base, *frame.history}
        if self.year is not None:
            ends |= {self.year, self.year.same_period_last_year()}
        return frozenset(ends)

    def _cells(
        self, keys: tuple[str, ...], by: Dimension | None, definition: str | None
    ) -> dict[Period, Cells]:
        level = Dimension.ZONE if is_extension(self.region) else Dimension.REGION
        # Clusters are sealed over the whole region of the home, and of no part of it.
        where = {} if by is Dimension.CLUSTER else {level: (self.region,)}
        frame = self.frame
        cut = () if by is None else (by,)
        question = Question(keys, cut, where, period=frame.to_date, definition=definition)
        shown = self.periods
        if by is not None:  # no history is shown of a cut
            shown -= set(frame.history) - {frame.latest, frame.latest_base, frame.to_date}
        return {
            period: {(v.indicator, "" if by is None else v.cell[by]): v for v in found.values}
            for period, found in open_series(self.lake, question, shown).items()
        }

    def headline(self) -> tuple[Headline, ...]:
        """Return the headline figures; none where the cube does not hold the region."""
        frame = self.frame
        flows = self.cells(HEADLINE, frame.to_date)
        if all(v.status is Status.MISSING for v in flows.values()):
            return ()
        before = self.cells(HEADLINE, frame.base)
        now, base = ({k: cells.get((k, "")) for k in HEADLINE} for cells in (flows, before))
        stocks, earlier = (self.cells(HEADLINE, p) for p in (frame.latest, frame.latest_base))
        for key in _STOCKS:
            now[key], base[key] = stocks.get((key, "")), earlier.get((key, ""))
        history = [(p, self.cells(HEADLINE, p)) for p in frame.history]
        return tuple(
            _headline(self.region, declared_as(key), value, base[key], history)
            for key in HEADLINE
            if (value := now[key]) is not None
        )

    def industries(self, level: Dimension) -> tuple[IndustrySize, ...]:
        """Return the divisions or groups of the region, largest first, the withheld ones last."""
        frame = self.frame
        now, base = (self.cells(_SIZES, p, level) for p in (frame.to_date, frame.base))
        counts = self.cells(_SIZES, frame.latest, level)
        whole, before = (amount(self.cells(HEADLINE, p), "") for p in (frame.to_date, frame.base))
        found = []
        for code in codes_of(now, "output"):
            size, earlier = amount(now, code), amount(base, code)
            found.append(
                IndustrySize(
                    code=code,
                    parent=code[:2] if level is Dimension.INDUSTRY_GROUP else None,
                    label=industry(code).label,
                    enterprises=count(counts, code),
                    output=size,
                    revenue=amount(now, code, "revenue"),
                    share=ratio(size, whole),
                    growth=growth(size, earlier),
                    contribution=contribution(size, earlier, before),
                    absence=absence_of(now[("output", code)]),
                    growth_absence=growth_absence(now, base, ("output", code)),
                )
            )
        return tuple(sorted(found, key=lambda one: (-(one.output or 0), one.code)))

    def places(self, called: Callable[[str], Label]) -> tuple[PlaceSize, ...]:
        """Return counties and zones, largest first, the withheld ones last."""
        frame = self.frame
        now, base = (self.cells(_SIZES, p, Dimension.PLACE) for p in (frame.to_date, frame.base))
        counts = self.cells(_SIZES, frame.latest, Dimension.PLACE)
        whole = amount(self.cells(HEADLINE, frame.to_date), "", "revenue")
        found = [
            PlaceSize(
                code=code,
                label=called(code),
                revenue=(size := amount(now, code, "revenue")),
                share=ratio(size, whole),
                enterprises=count(counts, code),
                growth=growth(size, amount(base, code, "revenue")),
                absence=absence_of(now[("revenue", code)]),
                growth_absence=growth_absence(now, base, ("revenue", code)),
            )
            for code in codes_of(now, "revenue")
            if code != self.region
        ]
        return tuple(sorted(found, key=lambda one: (-(one.revenue or 0), one.code)))

    def clusters(self, definition: str) -> tuple[ClusterSize, ...]:
        """Return the clusters of the whole, largest first, the withheld ones last."""
        if self.year is None or not self.whole:
            return ()
        key, by = "cluster_revenue", Dimension.CLUSTER
        now = self.cells((key,), self.year, by, definition)
        base = self.cells((key,), self.year.same_period_last_year(), by, definition)
        labels = _cluster_labels(self.lake, definition)
        found = [
            ClusterSize(
                key=code,
                label=labels.get(code, Label(code, code)),
                place=None,
                tier=tier_label(size := amount(now, code, key)),
                revenue=size,
                enterprises=None,
                employment=None,
                quotient=None,
                stars=None,
                growth=growth(size, amount(base, code, key)),
                absence=absence_of(now[(key, code)]),
                growth_absence=growth_absence(now, base, (key, code)),
            )
            for code in codes_of(now, key)
        ]
        return tuple(sorted(found, key=lambda one: (-(one.revenue or 0), one.key)))


def _cluster_labels(lake: Lake, definition: str) -> dict[str, Label]:
    rows = lake.read("cluster_definition", PUBLIC)
    held = rows.filter(rows.definition == definition).select("cluster", "name_zh", "name_en")
    return {
        row["cluster"]: Label(row["name_zh"] or row["cluster"], row["name_en"] or row["cluster"])
        for row in held.distinct().to_pyarrow().to_pylist()
    }


def _headline(
    region: str,
    declared: Indicator,
    now: Value,
    base: Value | None,
    history: Iterable[tuple[Period, Cells]],
) -> Headline:
    flow = declared.adds is Adds.FLOW
    return Headline(
        name=declared.key,
        label=declared.label,
        value=_whole(now.value, declared),
        absence=absence_of(now),
        unit=declared.unit,
        period=now.period,
        noun=declared.noun,
        published=_change(declared, now, base),
        series=tuple(Point(p, _point(cells, declared.key, p, flow)) for p, cells in history),
        formula=declared.meaning,
        sample=SAMPLE,
        tables=_TABLES,
        command=f"ballast picture {region} --public",
        parts=tuple(_parts(declared, now, base)),
    )


def _point(cells: Cells, key: str, period: Period, flow: bool) -> float | None:
    value = amount(cells, "", key)
    return None if value is None else float(value) / (len(period.months) if flow else 1)


def _parts(declared: Indicator, now: Value, base: Value | None) -> Iterable[Part]:
    if declared.denominator is not None and now.numerator is not None:
        for term, amount in zip(declared.terms, (now.numerator, now.denominator), strict=True):
            column = table(term.table).column(term.column)
            yield Part(column.label, now.period, amount, column.unit or units.COUNT)
    if now.reporting:
        yield Part(REPORTING, now.period, now.reporting, units.COUNT)
    if base is not None and base.value is not None:
        yield Part(declared.label, base.period, _whole(base.value, declared), declared.unit)


def _whole(value: Number | None, declared: Indicator) -> Number | None:
    """Return a count as one; the cube keeps it as an exact decimal."""
    counted = declared.unit in (units.COUNT, units.PERSONS)
    return int(value) if counted and value is not None and value == int(value) else value


def _change(declared: Indicator, now: Value, base: Value | None) -> Change:
    """Return the change between two published levels; where one is withheld, so is the change."""
    points = declared.comparison is not Comparison.GROWTH
    unit = units.PERCENTAGE_POINTS if points else units.PERCENT
    against = now.period.same_period_last_year()
    for value in (now, base):
        if value is None or value.value is None:
            absence = Absence.NO_DATA if value is None else absence_of(value)
            return Change(None, unit, against, absence=absence or Absence.NO_DATA)
    assert base is not None  # noqa: S101  the loop above has seen it
    if points:
        return Change(float(now.value or 0) - float(base.value or 0), unit, against)
    change = growth(now.value, base.value)
    return Change(change, unit, against, absence=Absence.UNDEFINED if change is None else None)
