"""What an indicator is, declared once: from here come its expression, its page and its seal.

A query in a page would say how a figure is computed and nothing else. A
declaration also says what may be done with the figure: how it adds up, along
which lines it may be cut, how two of it compare, what its publication would
disclose. Those who cut, compare and seal read it here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ballast.brain.indicators.dimensions import Dimension
from ballast.terms.label import Label
from ballast.terms.unit import Unit

__all__ = [
    "Adds",
    "Better",
    "Comparison",
    "Disclosure",
    "Form",
    "How",
    "Indicator",
    "Measure",
    "Term",
]


class Adds(StrEnum):
    """How the parts of a figure make up the whole."""

    FLOW = "flow"  # adds over time and over space
    STOCK = "stock"  # the last value over time, the sum over space
    NONE = "none"  # a ratio, a concentration, a distinct count: does not add


class Form(StrEnum):
    """Which stretch of time of a question's period a figure is of."""

    PERIOD = "period"  # as it stands
    YEAR_TO_DATE = "year-to-date"  # January to its last month
    MONTH = "month"  # its last month; January and February where they are reported joined


class Comparison(StrEnum):
    """How two values of an indicator are set against each other."""

    GROWTH = "growth"  # percent of the base
    POINTS = "points"  # percentage points: the difference of two percentages
    DIFFERENCE = "difference"  # in the indicator's own unit


class Better(StrEnum):
    """Which way is better, where there is one."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class How(StrEnum):
    """What a term does with the rows of its table."""

    SUM = "sum"  # of the column
    LAST = "last"  # the sum of the column at the end of the period
    DISTINCT = "distinct"  # how many different values of the column there are


class Measure(StrEnum):
    """What is made of numerator and denominator."""

    AMOUNT = "amount"  # the numerator
    RATIO = "ratio"  # numerator over denominator, each summed first
    CONCENTRATION = "concentration"  # sum of the squared shares of the parts named by `over`
    TIER = "tier"  # the class of size that the numerator reaches
    DISTANCE = "distance"  # own value less that of the region above


@dataclass(frozen=True, slots=True)
class Term:
    """What is summed or counted, and of what.

    Parameters
    ----------
    table
        A table of the lake.
    column
        Its column (or one that ``facts`` derives, such as ``carbon_tco2`` or ``titles``); an
        item of ``region_period``.
    how
        What is done with it.
    filter
        Column and value that the rows must have.

    Examples
    --------
    >>> str(Term("enterprise_period", "profit_1e4_cny"))
    'sum of enterprise_period.profit_1e4_cny'
    """

    table: str
    column: str
    how: How = How.SUM
    filter: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        only = "".join(f" where {column} = {value}" for column, value in self.filter)
        return f"{self.how} of {self.table}.{self.column}{only}"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What publishing a value would tell of single enterprises, and who decides it.

    Parameters
    ----------
    public
        The figure rests on public tables; nothing is withheld.
    dominance
        The column of which one enterprise's share decides; ``None``: no amount
        stands behind the figure and only the count of enterprises decides.
    minimum
        The fewest enterprises that a published cell rests on; ``None``: the
        rule that is set for the cube.
    """

    public: bool = False
    dominance: str | None = None
    minimum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator.

    Parameters
    ----------
    key
        What machines call it: lower case, words joined by underscores.
    label, meaning
        Its name, and one or two sentences: what counts, of whom, with what left out.
    unit
        Of its value.
    measure
        What is made of the terms.
    numerator, denominator
        The terms; a ratio is a ratio of sums, never a mean of ratios. Of a
        ratio both are summed over those that reported both.
    scale
        Numerator over denominator is multiplied by it: 100 for percent.
    over
        Of a concentration: the parts whose shares are squared.
    adds
        How it adds up.
    dimensions
        By which it may be cut; restricted to ``needs`` it must be.
    needs
        Dimensions without which it has no value, such as the cluster of a
        cluster's tier: each must be in the cut or in the restriction.
    forms
        Which it exists in.
    yearly
        Only whole years.
    comparison, better, disclosure
        See these.
    sources
        The tables it is read from.
    noun
        What is counted, for counts.
    """

    key: str
    label: Label
    meaning: Label
    unit: Unit
    numerator: Term
    denominator: Term | None = None
    measure: Measure = Measure.AMOUNT
    scale: Decimal = Decimal(1)
    over: Dimension | None = None
    adds: Adds
    dimensions: frozenset[Dimension]
    needs: frozenset[Dimension] = frozenset()
    forms: frozenset[Form] = field(default_factory=lambda: frozenset(Form))
    yearly: bool = False
    comparison: Comparison = Comparison.GROWTH
    disclosure: Disclosure = Disclosure()
    sources: tuple[str, ...]
    better: Better = Better.UP
    noun: Label | None = None

    @property
    def of_enterprises(self) -> bool:
        """Whether it is made of what single enterprises reported, rather than of macro items."""
        return self.numerator.table != "region_period"

    @property
    def terms(self) -> tuple[Term, ...]:
        """Numerator, and denominator where there is one."""
        return (self.numerator,) if self.denominator is None else (self.numerator, self.denominator)
