"""The figures that statements are checked against, each asked for once and kept with its source.

A report says a dozen things of the same month, and each of a dozen counties.
Asked one by one, the same rows would be read and the same questions planned a
hundred times; so what is wanted is told first (`Figures.gather`), what one cut
answers is asked as that cut (``cuts``), and everything goes through
`answering.answer`, which alone decides what the viewer may know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import product

from ballast.brain.claims.behind import Behind
from ballast.brain.claims.cuts import Codes, Cut, Where, cut_of
from ballast.brain.claims.newest import Newest
from ballast.brain.cube.cuts import HELD
from ballast.brain.indicators.answer import Status, Value
from ballast.brain.indicators.answering import answer_series
from ballast.brain.indicators.cell_names import CellNames, cell_names
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Compare, Question
from ballast.brain.indicators.registry import INDICATORS
from ballast.brain.indicators.sample import Sample, samples_of
from ballast.errors import BallastError, NotFound, NotPermitted, Refused
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind
from ballast.terms.region import is_extension
from ballast.terms.viewer import Right, Viewer
from ballast.words import Sentence

__all__ = ["MOST_QUESTIONS", "Figure", "Figures", "Where", "reason_of"]

_NOBODY = Label("", "")
_LEAST = 3  # enterprises of a comparable sample
MOST_QUESTIONS = 300  # of one text: of enterprises each takes the better part of a second
_MOST_PERIODS = 7  # beside the first: the rows of all of them lie in memory at once
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
_Answer = tuple[Value, ...] | BallastError


@dataclass
class Figures:
    """Asks, and remembers.

    Parameters
    ----------
    lake, viewer
        Where, and for whom.
    newest
        Which periods there are.
    asked
        How many questions were put to the lake.
    """

    lake: Lake
    viewer: Viewer
    newest: Newest = field(init=False)
    asked: int = 0
    _answers: dict[tuple[str, _Group], _Answer] = field(default_factory=dict)
    _wanted: dict[_Group, set[str]] = field(default_factory=dict)
    _cells: dict[_Group, set[Codes]] = field(default_factory=dict)
    _samples: dict[tuple[str, _Group], Sample | None] = field(default_factory=dict)
    _grown: dict[_Group, set[str]] = field(default_factory=dict)
    _grown_cells: dict[_Group, set[Codes]] = field(default_factory=dict)
    _behind: Behind | None = None
    _names: CellNames | None = None

    def __post_init__(self) -> None:
        self.newest = Newest(self.lake, self.viewer)

    def gather(
        self,
        levels: Iterable[tuple[str, Where, Period]] = (),
        cuts: Iterable[tuple[str, Dimension, Where, Period]] = (),
        samples: Iterable[tuple[str, Where, Period]] = (),
    ) -> None:
        """Remember what will be asked for, so that it is asked for together.

        Parameters
        ----------
        levels, cuts, samples
            What `one`, `many` and `sample` will be called with.
        """
        for key, where, period in levels:
            self._wanted.setdefault(((), where, period), set()).add(key)
            if (found := cut_of(INDICATORS[key], where)) is not None:
                group = found[0].by, found[0].rest, period
                self._wanted.setdefault(group, set()).add(key)
                self._cells.setdefault(group, set()).add(found[1])
        for key, by, where, period in cuts:
            self._wanted.setdefault(((by,), where, period), set()).add(key)
        for key, where, period in samples:
            self._grown.setdefault(((), where, period), set()).add(key)
            if (found := cut_of(INDICATORS[key], where)) is not None:
                group = found[0].by, found[0].rest, period
                self._grown.setdefault(group, set()).add(key)
                self._grown_cells.setdefault(group, set()).add(found[1])

    def one(self, key: str, where: Where, period: Period) -> Figure:
        """Return one figure of a place and a period.

        The same as asked for alone, also where it is read off a cut: sources,
        ``as_of`` and ``synthetic`` are those of the cell (``behind``), and a
        cell that is not in the cut is asked for alone.
        """
        found = self._of_cut(key, where, period)
        if found is None:
            alone = self._ask(key, ((), where, period))
            found = alone if isinstance(alone, BallastError) else next(iter(alone), None)
        if isinstance(found, BallastError):
            return Figure(key, where, period, None, self._called(where), found)
        return self._figure(key, where, period, found)

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

    def sample(self, key: str, where: Where, period: Period) -> float | None:
        """Return the growth on the comparable sample; ``None`` where there is none.

        Parameters
        ----------
        key, where, period
            Of what; the base is the same period of the year before.
        """
        alone = (), where, period
        found = cut_of(INDICATORS[key], where)
        if found is not None and (key, alone) not in self._samples:
            cut, codes = found
            group = cut.by, cut.rest, period
            if (key, group) in self._samples or len(self._grown_cells.get(group, ())) > 1:
                sample = self._sampled(key, group)
                others = cut.other_names(codes)
                if sample is not None and not any(cell in sample.cells for cell in others):
                    return sample.growth(codes).value
        sample = self._sampled(key, alone)
        return None if sample is None else sample.growth(()).value

    def _sampled(self, key: str, group: _Group) -> Sample | None:
        if (key, group) not in self._samples:
            together = {key, *self._grown.get(group, ())}
            left = (k for k in together if (k, group) not in self._samples)
            self._read_samples(tuple(sorted(left)), group)
        return self._samples[key, group]

    def _read_samples(self, keys: tuple[str, ...], group: _Group) -> None:
        by, where, period = group
        of = {INDICATORS[key]: INDICATORS[key].disclosure.minimum or _LEAST for key in keys}
        asked = Question(keys, by, dict(where), period=period, compare=Compare.COMPARABLE)
        base, found = period.same_period_last_year(), dict[str, Sample]()
        try:
            self.count()
            found = samples_of(self.lake, self.viewer, of, asked, base=base, end=period)
        except BallastError:
            if len(keys) > 1:  # one of them cannot be asked so; the others can
                for key in keys:
                    self._read_samples((key,), group)
                return
        self._samples |= {(key, group): found.get(key) for key in keys}

    def _of_cut(self, key: str, where: Where, period: Period) -> Value | BallastError | None:
        """Return a figure as the cell of a cut that was gathered; ``None``: ask for it alone."""
        placed = cut_of(INDICATORS[key], where)
        if placed is None or (key, ((), where, period)) in self._answers:
            return None
        cut, codes = placed
        group = cut.by, cut.rest, period
        if (key, group) not in self._answers and (
            len(self._cells.get(group, ())) < 2 or not self._may_cut(key)
        ):
            return None
        found = self._ask(key, group)
        if isinstance(found, BallastError):
            return found if isinstance(found, NotFound) and self._sealed(key) else None
        cells = {tuple(value.cell.get(d, "") for d in cut.by): value for value in found}
        # Of a period that nobody reported there is one value; alone, a cluster would be looked up.
        whole = None if Dimension.CLUSTER in cut.by else cells.get(("",) * len(cut.by))
        value = cells.get(codes, whole if len(cells) == 1 else None)
        if value is None or any(other in cells for other in cut.other_names(codes)):
            return None
        exact = not INDICATORS[key].of_enterprises or not self.viewer.may(Right.READ_UNITS)
        if exact or value is whole:
            return value
        if value.status is Status.MISSING:  # with or without rows behind it: that is not told
            return None
        return value if len(value.sources) < 2 else self._loaded(value, cut, codes)

    def _may_cut(self, key: str) -> bool:
        """Return whether a cut may hold an indicator for the viewer at all."""
        one = INDICATORS[key]
        return self.viewer.may(Right.READ_UNITS) or one.disclosure.public or key in HELD

    def _sealed(self, key: str) -> bool:
        """Return whether the sealed cube answers it, in which a period is there for all or none."""
        return not self.viewer.may(Right.READ_UNITS) and key in HELD

    def _loaded(self, value: Value, cut: Cut, codes: Codes) -> Value:
        """Return the value of a cell with the loads of that cell alone."""
        if self._behind is None or value.period not in self._behind.periods:
            self._behind = Behind(self.lake, self.viewer, {group[2] for group in self._wanted})
        loads = self._behind.of(cut, codes, value.period)
        return replace(value, sources=loads.names, as_of=loads.as_of, synthetic=loads.synthetic)

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

    def _ask(self, key: str, group: _Group) -> _Answer:
        if (key, group) not in self._answers:
            together = {key, *(k for k in self._wanted.get(group, ()) if self._may_cut(k))}
            self._read(tuple(sorted(k for k in together if (k, group) not in self._answers)), group)
        return self._answers[key, group]

    def _read(self, keys: tuple[str, ...], group: _Group) -> None:
        by, where, period = group
        periods = (period, *self._others(keys, group))
        try:
            self.count(len(periods))
            question = Question(keys, by, dict(where), period=period)
            found = answer_series(self.lake, self.viewer, question, periods)
        except BallastError as error:
            # That a period is not published is so of all that is sealed; else one of several
            # cannot be asked so, and the others can.
            whole = isinstance(error, NotFound) and all(map(self._sealed, keys))
            if len(keys) > 1 and not whole:
                for key in keys:
                    self._read((key,), group)
                return
            self._answers |= {(key, group): error for key in keys}
            return
        for key, (each, told) in product(keys, found.items()):
            own = tuple(v for v in told.values if v.indicator == key)
            self._answers[key, (by, where, each)] = own

    def _others(self, keys: tuple[str, ...], group: _Group) -> tuple[Period, ...]:
        """Return the other periods of which one of these figures is wanted, of the same cells.

        Of the facts they are read as one question; what is sealed is read period by period.
        """
        by, where, period = group
        if not self.viewer.may(Right.READ_UNITS):
            return ()
        whole = any(INDICATORS[key].yearly for key in keys)  # exists for whole years only
        return tuple(
            other
            for (by_, where_, other), wanted in self._wanted.items()
            if (by_, where_) == (by, where)
            and other != period
            and not wanted.isdisjoint(keys)
            and not all((key, (by, where, other)) in self._answers for key in keys)
            and (not whole or other.kind is PeriodKind.YEAR)
        )[:_MOST_PERIODS]

    def count(self, questions: int = 1) -> None:
        """Count questions; refuse them where a text has put too many."""
        if self.asked >= MOST_QUESTIONS:
            raise Refused(
                "the text speaks of more than {most} places and times; send a part of it",
                most=MOST_QUESTIONS,
            )
        self.asked += questions


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
