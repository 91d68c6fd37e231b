"""The one way in which a bulletin asks for figures, and the notes that it takes of them.

Every figure goes through ``compared``, as on a page and at the command line,
and takes its note in the same breath: a figure without one cannot be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ballast.brain.bulletin.shape import Note, marked
from ballast.brain.indicators.answer import Status, Value
from ballast.brain.indicators.cell_names import CellNames
from ballast.brain.indicators.comparing import Against, Compared, compared
from ballast.brain.indicators.contribution import Contributions
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Compare, Question
from ballast.brain.indicators.registry import INDICATORS
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.viewer import Right, Viewer

__all__ = ["MACRO", "Asked", "Found", "Notes", "Where", "ask", "sample_of_value"]

Where = Mapping[Dimension, tuple[str, ...]]
MACRO = "region_period"
_OF_ALL = Label("所列各项合计", "counted over all that are listed")
_NOBODY = Label("未报", "nobody reported")


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a bulletin is made, of what, and when.

    ``period`` is the year to date; ``units`` whether the reader may see what is not sealed.
    """

    lake: Lake
    viewer: Viewer
    region: str
    period: Period
    today: date
    cells: CellNames

    @property
    def units(self) -> bool:
        """Whether the figures are those of every enterprise's report, not the sealed ones."""
        return self.viewer.may(Right.READ_UNITS)

    @property
    def city(self) -> Where:
        """The restriction to the region."""
        return {Dimension.CITY: (self.region,)}


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked and what came back.

    Without lines where the reader may not know them (``withheld``), or nobody does.
    """

    question: Question
    lines: tuple[Compared, ...] = ()
    contributions: Mapping[str, Contributions] = field(default_factory=dict)
    withheld: bool = False
    ranked: bool = False

    def told(self, key: str, **cell: str) -> Compared | None:
        """Return the line of an indicator, of the one cell or of the named one."""
        wanted = {Dimension(k): v for k, v in cell.items()}
        return next(
            (x for x in self.lines if x.value.indicator == key and dict(x.value.cell) == wanted),
            None,
        )

    def known(self, key: str, **cell: str) -> Compared | None:
        """Return the same where it has a value that may be told."""
        line = self.told(key, **cell)
        known = line is not None and line.value.status is Status.PUBLISHED
        return line if known and line is not None and line.value.value is not None else None

    def withheld_of(self, key: str) -> int:
        """Return in how many cells an indicator is withheld: then the first shown may not be it."""
        return sum(
            x.value.indicator == key and x.value.status is Status.SUPPRESSED for x in self.lines
        )

    def published(self, key: str) -> list[Compared]:
        """Return the lines of an indicator that have a value."""
        return [
            x for x in self.lines
            if x.value.indicator == key and x.value.status is Status.PUBLISHED
            and x.value.value is not None
        ]  # fmt: skip


def ask(
    asked: Asked,
    keys: tuple[str, ...],
    by: tuple[Dimension, ...] = (),
    *,
    where: Where | None = None,
    period: Period | None = None,
    rank: bool = False,
) -> Found:
    """Return indicators with their growth, as far as the reader may know them.

    Parameters
    ----------
    asked
        For whom.
    keys, by, where, period
        As of a question; by default of the whole region, for the bulletin's year to date.
    rank
        Whether the cells are ranked.
    """
    question = Question(
        keys, by, asked.city if where is None else where, period=period or asked.period
    )
    # No sentence of a cut tells the comparable sample, and it is the dearest of all to make.
    comparable = (
        asked.units and not by and all(INDICATORS[k].numerator.table != MACRO for k in keys)
    )
    growths = (Compare.PUBLISHED, *((Compare.COMPARABLE,) if comparable else ()))
    try:
        found = compared(asked.lake, asked.viewer, question, Against(growths=growths, rank=rank))
    except NotPermitted:
        return Found(question, withheld=True)
    except NotFound:
        return Found(question)
    return Found(question, found.lines, found.contributions, ranked=rank)


class Notes:
    """The notes of one bulletin, numbered as the figures come."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._numbers: dict[tuple[object, ...], int] = {}
        self._notes: list[Note] = []
        self.synthetic = False
        self.loads: set[str] = set()

    def all(self) -> tuple[Note, ...]:
        """Return the notes in order."""
        return tuple(self._notes)

    def mark(self, text: Label, found: Found, value: Value, *, of_all: bool = False) -> Label:
        """Return a figure as written, marked with the note of its indicator, cell and period.

        ``of_all``: the figure is of all cells together, such as how many there are.
        """
        self.synthetic = self.synthetic or value.synthetic
        self.loads |= set(value.sources)
        one = INDICATORS[value.indicator]
        codes = {} if of_all else value.cell
        cell = [self._asked.cells.label(d, code) for d, code in codes.items()]
        key = (value.indicator, tuple(sorted(codes.items())), str(value.period), of_all)
        if key not in self._numbers:
            self._add(
                key,
                what=one.label,
                cell=cell[0] if cell else None,
                period=value.period.label,
                sample=_OF_ALL if of_all else sample_of_value(value, units=self._asked.units),
                value=value,
                command=self.command(found, value.indicator),
            )
        return marked(text, self._numbers[key])

    def other(
        self, text: Label, *, what: Label, period: Label, sample: Label, command: str
    ) -> Label:
        """Return a figure that is no declared indicator, marked with a note of its own."""
        key = (what.en, period.en, command)
        if key not in self._numbers:
            self._add(
                key, what=what, cell=None, period=period, sample=sample, value=None, command=command
            )
        return marked(text, self._numbers[key])

    def command(self, found: Found, key: str) -> str:
        """Return the command that makes the lines of an indicator again."""
        asked = found.question
        parts = [f"ballast measure {key}"]
        parts += [f"--by {dimension.value}" for dimension in asked.by]
        parts += [f"--where {d.value}={','.join(codes)}" for d, codes in asked.where.items()]
        parts += [f"--period {asked.period}", "--growth"]
        parts += ["--rank"] if found.ranked else []
        parts += ["--limit 100"] if asked.by else []
        parts += [] if self._asked.units else ["--public"]
        return " ".join(parts)

    def _add(
        self,
        key: tuple[object, ...],
        *,
        what: Label,
        cell: Label | None,
        period: Label,
        sample: Label,
        value: Value | None,
        command: str,
    ) -> None:
        self._numbers[key] = len(self._notes) + 1
        self._notes.append(
            Note(
                number=len(self._notes) + 1,
                what=what,
                cell=cell,
                period=period,
                sample=sample,
                as_of=None if value is None else value.as_of,
                command=command,
            )
        )


def sample_of_value(value: Value, *, units: bool) -> Label:
    """Return of whom a value is made, and how many of them reported."""
    one = INDICATORS[value.indicator]
    if one.numerator.table == MACRO:
        return Label("统计部门公布数", "as published by the statistical office")
    sealed = Label("", "") if units else Label("（封存公布数）", " (sealed figures)")
    if not value.reporting:
        return Label(f"{_NOBODY.zh}{sealed.zh}", f"{_NOBODY.en}{sealed.en}")
    if value.expected:
        return Label(
            f"应报{value.expected}家，实报{value.reporting}家{sealed.zh}",
            f"{value.reporting:,} of {value.expected:,} enterprises reported{sealed.en}",
        )
    return Label(
        f"{value.reporting}家企业{sealed.zh}", f"{value.reporting:,} enterprises{sealed.en}"
    )
