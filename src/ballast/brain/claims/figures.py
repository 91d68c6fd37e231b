"""The figures that statements are checked against, each asked for once and kept with its source.

A report says a dozen things of the same month. Asked one by one, the same rows
would be read a dozen times; so what is wanted of one place and period is asked
together (`Figures.gather`), and everything goes through `answering.answer`,
which alone decides what the viewer may know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ballast.brain.cube.reading import sealed_periods
from ballast.brain.indicators.answer import Status, Value
from ballast.brain.indicators.answering import answer
from ballast.brain.indicators.cell_names import CellNames, cell_names
from ballast.brain.indicators.declared import Adds, Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.facts import stored_periods
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry import INDICATORS
from ballast.errors import BallastError, NotFound, NotPermitted, Refused
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind, whole_year, year_to_date
from ballast.terms.region import is_extension
from ballast.terms.viewer import PUBLIC, Right, Viewer
from ballast.words import Sentence

__all__ = ["MOST_QUESTIONS", "Figure", "Figures", "Where", "reason_of"]

Where = tuple[tuple[Dimension, tuple[str, ...]], ...]
_NOBODY = Label("", "")
MOST_QUESTIONS = 300  # of one text: of enterprises each takes the better part of a second
_PLACES = (Dimension.REGION, Dimension.ZONE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of ours, or why there is none.

    Parameters
    ----------
    key, where, period
        What it is of.
    value
        In the indicator's unit.
    called
        What it is restricted to, by name.
    reason
        Why there is none: packed sentences, or an error.
    withheld
        It exists and would tell what a single enterprise reported.
    sources, as_of, synthetic
        As of `Value`.
    """

    key: str
    where: Where
    period: Period
    value: Decimal | float | None
    called: Label = _NOBODY
    reason: str | BallastError | None = None
    withheld: bool = False
    sources: tuple[str, ...] = ()
    as_of: datetime | None = None
    synthetic: bool = False

    @property
    def command(self) -> str:
        """The command that gives the figure again."""
        asked = "".join(f" --where {d.value}={','.join(codes)}" for d, codes in self.where)
        return f"ballast measure {self.key}{asked} --period {self.period}"


_Group = tuple[tuple[Dimension, ...], Where, Period]


@dataclass
class Figures:
    """Asks, and remembers.

    Parameters
    ----------
    lake, viewer
        Where, and for whom.
    samples
        Growth on the comparable sample, once it was asked for.
    """

    lake: Lake
    viewer: Viewer
    _values: dict[tuple[str, _Group], tuple[Value, ...] | BallastError] = field(
        default_factory=dict
    )
    _wanted: dict[_Group, set[str]] = field(default_factory=dict)
    _stored: tuple[Period, ...] | None = None
    _names: CellNames | None = None
    samples: dict[tuple[str, Where, Period], object] = field(default_factory=dict)
    _asked: int = 0

    def gather(self, wanted: Iterable[tuple[str, Where, Period]]) -> None:
        """Remember what will be asked for, so that it is asked for together."""
        for key, where, period in wanted:
            if key in INDICATORS:
                self._wanted.setdefault(((), where, period), set()).add(key)

    def one(self, key: str, where: Where, period: Period) -> Figure:
        """Return one figure of a place and a period."""
        found = self._ask(key, ((), where, period))
        if isinstance(found, BallastError):
            return Figure(key, where, period, None, self._called(where), found)
        return self._figure(key, where, period, found[0] if found else None)

    def many(
        self, key: str, by: Dimension, where: Where, period: Period
    ) -> Mapping[str, Figure] | BallastError:
        """Return the figures of every cell of a cut, by code."""
        found = self._ask(key, ((by,), where, period))
        if isinstance(found, BallastError):
            return found
        return {
            value.cell[by]: self._figure(key, ((by, (value.cell[by],)),), period, value)
            for value in found
            if value.cell.get(by)
        }

    def _figure(self, key: str, where: Where, period: Period, value: Value | None) -> Figure:
        called = self._called(where)
        if value is None:
            none = NotFound("no figure of {indicator} is there", indicator=INDICATORS[key].label)
            return Figure(key, where, period, None, called, none)
        return Figure(
            key, where, value.period, value.value, called, value.reason,
            value.status is Status.SUPPRESSED, value.sources, value.as_of, value.synthetic,
        )  # fmt: skip

    def _called(self, where: Where) -> Label:
        """Return what a restriction is called: 茌平区, or of an industry 聊城市通用设备制造业."""
        if self._names is None:
            self._names = cell_names(self.lake, self.viewer)
        found = [
            _outside(self._names.label(dimension, code), dimension, code)
            for dimension, codes in sorted(where, key=lambda pair: pair[0] not in _PLACES)
            for code in codes
        ]
        return Label("".join(x.zh for x in found), ", ".join(x.en or x.zh for x in found))

    def _ask(self, key: str, group: _Group) -> tuple[Value, ...] | BallastError:
        if (key, group) not in self._values:
            if self._asked >= MOST_QUESTIONS:
                return Refused(
                    "the text speaks of more than {most} places and times; send a part of it",
                    most=MOST_QUESTIONS,
                )
            self._asked += 1
            together = {key, *self._wanted.get(group, ())}
            self._read(tuple(sorted(together)), group)
        return self._values[key, group]

    def _read(self, keys: tuple[str, ...], group: _Group) -> None:
        by, where, period = group
        question = Question(keys, by, dict(where), period=period)
        try:
            found = answer(self.lake, self.viewer, question)
        except BallastError as error:
            if len(keys) > 1:  # one of them cannot be asked so; the others can
                for key in keys:
                    self._read((key,), group)
                return
            self._values[keys[0], group] = error
            return
        for key in keys:
            self._values[key, group] = tuple(v for v in found.values if v.indicator == key)

    def candidates(self, one: Indicator) -> tuple[Period, ...]:
        """Return the periods that a text may mean which names none: the newest there are.

        Of macro items the newest year; of what enterprises report the year to
        date, the newest month of a stock, and the newest whole year.
        """
        if not one.of_enterprises:
            years = self.years(one)
            return years[:1]
        stored = self.stored()
        if not stored:
            return ()
        last = max(stored, key=lambda p: p.end)
        ends = [p.year for p in stored if p.last_month == 12]
        whole = (whole_year(max(ends)),) if ends else ()
        if one.yearly:
            return whole
        newest = last if one.adds is Adds.STOCK else year_to_date(last.year, last.last_month)
        return (newest, *whole)

    def years(self, one: Indicator) -> tuple[Period, ...]:
        """Return the whole years of which there are figures, newest first."""
        if not one.of_enterprises:
            rows = self.lake.read("region_period", PUBLIC)
            rows = rows.filter(rows.item == one.numerator.column).select("period").distinct()
            texts = rows.to_pyarrow()["period"].to_pylist()
            found = {p for p in map(Period.parse, texts) if p.kind is PeriodKind.YEAR}
            return tuple(sorted(found, reverse=True))
        ends = {p.year for p in self.stored() if p.last_month == 12}
        return tuple(whole_year(year) for year in sorted(ends, reverse=True))

    def stored(self) -> tuple[Period, ...]:
        """Return the months of which enterprises' figures are there for the viewer."""
        if self._stored is None:
            try:
                self._stored = (
                    tuple(stored_periods(self.lake, self.viewer))
                    if self.viewer.may(Right.READ_UNITS)
                    else sealed_periods(self.lake)
                )
            except NotFound:
                self._stored = ()
        return self._stored


def _outside(label: Label, dimension: Dimension, code: str) -> Label:
    """Return what a county is called where its zones are counted beside it."""
    if dimension is not Dimension.PLACE or is_extension(code):
        return label
    return Label(f"{label.zh}（不含功能区）", f"{label.en} (without its zones)")


def reason_of(figure: Figure) -> Sentence | None:
    """Return why there is no figure, as a sentence: an error's, or the first that was packed."""
    if isinstance(figure.reason, NotPermitted):
        # The cube's own words list all that it holds; beside a sentence that is too much.
        said = {"indicator": INDICATORS[figure.key].label}
        return Sentence("{indicator} is not among the published figures that you may see", said)
    if isinstance(figure.reason, BallastError):
        return Sentence(figure.reason.template, dict(figure.reason.values))
    if figure.reason is None or not figure.reason.startswith("[["):
        return None
    template, values = json.loads(figure.reason)[0]
    said = {k: Label(**v) if isinstance(v, dict) else v for k, v in values.items()}
    return Sentence(template, said)
