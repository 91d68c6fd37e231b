"""What comes back: values that say what they are of, or why there is none.

A frame of numbers would lose on its way what the design demands of each: of
how many it is made, how fresh, from which loads, and whether a gap means
missing, undefined or withheld. So a value is an object, and a frame of it
carries the same columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import polars as pl

from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.terms.label import Label
from ballast.terms.period import Period

__all__ = ["Answer", "Status", "Value"]


class Status(StrEnum):
    """Whether there is a number, and why not."""

    PUBLISHED = "published"
    SUPPRESSED = "suppressed"  # it exists and would disclose what an enterprise reported
    UNDEFINED = "undefined"  # it does not exist for these data, such as a ratio to zero
    MISSING = "missing"  # what it rests on was not reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of one indicator in one cell.

    Parameters
    ----------
    indicator
        Its key.
    cell
        Code by dimension of the cut; empty for the whole.
    period
        What it is of, after `Form`.
    value
        In the indicator's unit; ``None`` unless ``status`` is ``PUBLISHED``.
    numerator, denominator
        What it is made of; ``None`` where there is none, or it is withheld.
    status, reason
        Whether there is a number; the English template of why not (`words.say`).
    reporting, expected
        How many enterprises reported it at the period's end, of how many that
        should have. Of macro items 1 of 1, or 0 of 1. ``expected`` is ``None``
        where nobody can know it: across a change of year the scope is redrawn.
    incomplete
        Of those in a flow, how many reported for a part of the period only.
    as_of
        When the newest load came in that it rests on.
    sources
        The loads it rests on.
    name
        A word for the value, where it has one: the tier of a cluster.
    synthetic
        Whether any of those loads is invented.
    """

    indicator: str
    cell: Mapping[Dimension, str]
    period: Period
    value: Decimal | float | None
    numerator: Decimal | float | None = None
    denominator: Decimal | float | None = None
    status: Status
    reason: str | None = None
    reporting: int
    expected: int | None = None
    incomplete: int = 0
    as_of: datetime | None = None
    sources: tuple[str, ...] = ()
    name: Label | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The values that answer a question, cell after cell in the order of codes."""

    values: tuple[Value, ...]
    question: Question

    def value(self, indicator: str, cell: Mapping[Dimension, str] | None = None) -> Value | None:
        """Return the value of an indicator in a cell (the whole by default), or ``None``."""
        wanted = dict(cell or {})
        return next(
            (v for v in self.values if v.indicator == indicator and dict(v.cell) == wanted), None
        )

    def frame(self) -> pl.DataFrame:
        """Return the values as a table: one row for each, one column for each dimension cut by.

        Returns
        -------
        pl.DataFrame
            ``indicator``, the dimensions, ``period``, ``value``, ``numerator``,
            ``denominator`` (float64), ``status``, ``reason``, ``reporting``,
            ``expected``, ``incomplete``, ``as_of``.
        """
        rows = [
            {
                "indicator": v.indicator,
                **{d.value: v.cell.get(d) for d in self.question.by},
                "period": str(v.period),
                "value": _number(v.value),
                "numerator": _number(v.numerator),
                "denominator": _number(v.denominator),
                "status": v.status.value,
                "reason": v.reason,
                "reporting": v.reporting,
                "expected": v.expected,
                "incomplete": v.incomplete,
                "as_of": v.as_of,
            }
            for v in self.values
        ]
        schema: dict[str, pl.DataType | type[pl.DataType]] = {
            "indicator": pl.String,
            **{d.value: pl.String for d in self.question.by},
            "period": pl.String,
            "value": pl.Float64,
            "numerator": pl.Float64,
            "denominator": pl.Float64,
            "status": pl.String,
            "reason": pl.String,
            "reporting": pl.Int64,
            "expected": pl.Int64,
            "incomplete": pl.Int64,
            "as_of": pl.Datetime("us", "UTC"),
        }
        return pl.DataFrame(rows, schema=schema)


def _number(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)
