"""The cells of a wide table that stand as rows: each is held against the column that it would be.

The check of a column looks at one kind of values; in a folded table a column
holds flags, dates and sums of money, and a key that is misspelt, or a share of
85 where 0.85 was meant, would be stored and never used. So the rows of each
key are taken together and read as that column is: the same parsers, the same
bounds, the same words, and text comes out in one spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from ballast.lake import checks
from ballast.lake.checks import Known
from ballast.lake.declare import FIGURES, Column, Folded, Kind, Table
from ballast.lake.parsing import Verdict, parse_column

__all__ = ["Unfolded", "unfold"]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A folded table as its columns say.

    Parameters
    ----------
    frame
        The rows, text in one spelling and years filled; what is wrong is empty.
    verdicts
        By the name of the column of the table in which the fault stands.
    """

    frame: pl.DataFrame
    verdicts: tuple[tuple[str, Verdict], ...]


def unfold(
    declared: Table, frame: pl.DataFrame, faulty: Mapping[str, pl.Series], known: Known
) -> Unfolded:
    """Hold each row against the column that its key names, and fill the years of what has one.

    Parameters
    ----------
    declared
        The table; one that is not folded is left as it is.
    frame
        Its rows, typed; a key that there is not is empty.
    faulty
        By column, the cells that were refused already.
    known
        Codes of schemes that the package does not carry.
    """
    kind = declared.folded
    if kind is None or not frame.height:
        return Unfolded(frame, ())
    verdicts = list(_misplaced_years(declared, kind, frame))
    for key in frame[kind.item].drop_nulls().unique(maintain_order=True):
        column = kind.columns[key]
        here = frame[kind.item] == key
        here = here.fill_null(value=False)
        own, other = (kind.number, kind.text)[:: 1 if column.kind in FIGURES else -1]
        stray = here & frame[other].is_not_null() & ~faulty[own]
        verdicts.append((other, _misplaced(declared, column, own, other, stray)))
        mine = here & ~stray & frame[own].is_not_null()
        frame, found = _read(column, own, frame, mine, known)
        verdicts += ((own, verdict) for verdict in found)
    # Also of what holds on a day: the year is part of the key, and no part of a key is empty.
    told = pl.col(kind.day).dt.year().cast(pl.Int32)
    filled = pl.col(kind.year).fill_null(told)
    return Unfolded(frame.with_columns(filled), tuple(verdicts))


def _misplaced(declared: Table, column: Column, own: str, other: str, stray: pl.Series) -> Verdict:
    values: dict[str, object] = {
        "fact": column.label,
        "own": declared.column(own).label,
        "other": declared.column(other).label,
    }
    if column.kind in FIGURES:
        values["unit"] = column.unit.label if column.unit else ""
        said = "{fact} is a number ({unit}): write it into {own}, and leave {other} empty"
    else:
        said = "{fact} is no number: write it into {own}, and leave {other} empty"
    return Verdict(stray, said, lambda _: values)


def _misplaced_years(
    declared: Table, kind: Folded, frame: pl.DataFrame
) -> list[tuple[str, Verdict]]:
    of_a_day = ~frame[kind.item].is_in(sorted(kind.yearly))
    other = frame[kind.year] != frame[kind.day].dt.year()
    names = frame[kind.item]
    label = declared.column(kind.year).label

    def told(index: str) -> Mapping[str, object]:
        return {"fact": kind.columns[names[int(index)]].label, "year": label}

    said = "{fact} holds on a day, and {year} is another than the day's: leave it empty"
    wrong = (of_a_day & other).fill_null(value=False)
    return [(kind.year, Verdict(wrong, said, told, by_row=True))]


def _read(
    column: Column, own: str, frame: pl.DataFrame, mine: pl.Series, known: Known
) -> tuple[pl.DataFrame, list[Verdict]]:
    """Return the rows with one column's values read, and what is wrong in them."""
    at = mine.arg_true()
    cells = frame[own].gather(at)
    if column.kind in FIGURES:
        values, found = cells, _whole(cells) if column.kind is Kind.INTEGER else []
    else:
        parsed = parse_column(column, cells)
        values, found = parsed.values, list(parsed.verdicts)
    found += checks.checks_of(column, pl.DataFrame([values.alias(column.name)]), known)
    if column.kind not in FIGURES:
        frame = frame.with_columns(frame[own].scatter(at, values.cast(pl.String)))
    return frame, [_over_rows(verdict, at, frame.height) for verdict in found]


def _whole(values: pl.Series) -> list[Verdict]:
    broken = values != values.round()
    return [Verdict(broken, "{found} is not a whole number", lambda cell: {"found": cell})]


def _over_rows(verdict: Verdict, at: pl.Series, height: int) -> Verdict:
    """Return a verdict on some rows as one on all of them."""
    whole = pl.repeat(False, height, dtype=pl.Boolean, eager=True).scatter(at, verdict.wrong)
    if not verdict.by_row:
        return Verdict(whole, verdict.template, verdict.values)
    places = {str(index): str(place) for place, index in enumerate(at.to_list())}
    return Verdict(whole, verdict.template, partial(_asked_at, verdict, places), by_row=True)


def _asked_at(verdict: Verdict, places: Mapping[str, str], index: str) -> Mapping[str, object]:
    return verdict.values(places[index])
