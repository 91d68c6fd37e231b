"""How ``measure`` prints: values with what is said about them, and the list of indicators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from ballast.brain.indicators.answer import Status
from ballast.brain.indicators.cell_names import CellNames
from ballast.brain.indicators.comparing import Compared
from ballast.brain.indicators.declared import Indicator
from ballast.brain.indicators.dimensions import DIMENSION_LABELS, Dimension
from ballast.brain.indicators.growth import Growth
from ballast.brain.indicators.registry import INDICATORS
from ballast.cli.context import language
from ballast.cli.output import Format, Shown, print_rows
from ballast.terms.label import Label
from ballast.terms.unit import ONE, PERCENT, PERCENTAGE_POINTS, Unit
from ballast.words import say, unpack
from ballast.words.numbers import Absence, fixed

__all__ = ["ABSENCE", "decimals_of", "print_compared", "print_indicators"]

ABSENCE: dict[Status, Label] = {
    Status.SUPPRESSED: Absence.SUPPRESSED.label,
    Status.UNDEFINED: Absence.UNDEFINED.label,
    Status.MISSING: Absence.NO_DATA.label,
}
_DECIMALS = {"money_cny": 0, "persons": 0, "count": 0, "energy": 0, "electricity": 0, "carbon": 0}


def decimals_of(unit: Unit) -> int:
    """Return with how many decimals figures of a unit are printed for eyes.

    Examples
    --------
    >>> decimals_of(PERCENT)
    2
    """
    return _DECIMALS.get(unit.dimension, 2 if unit in (PERCENT, PERCENTAGE_POINTS) else 4)


def print_indicators(form: Format) -> None:
    """Print which indicators there are."""
    words = language()
    rows = [
        {
            "indicator": one.key,
            "name": one.label.text(words),
            "unit": one.unit.label.text(words),
            "cuts": ", ".join(d.value for d in Dimension if d in one.dimensions),
        }
        for one in INDICATORS.values()
    ]
    quotient = Label("区位商", "location quotient").text(words)
    ratio = Label("比值", "ratio").text(words)
    rows.append(
        {"indicator": "location-quotient", "name": quotient, "unit": ratio,
         "cuts": "region, industry"}
    )  # fmt: skip
    shown = [
        Shown("indicator", say("indicator", words)),
        Shown("name", say("name", words)),
        Shown("unit", say("unit", words)),
    ]
    if form is not Format.TABLE:
        shown.append(Shown("cuts", say("cuts", words)))
    print_rows(pl.DataFrame(rows), shown, form, words)


def print_compared(
    one: Indicator, lines: Sequence[Compared], by: Sequence[Dimension], called: CellNames,
    form: Format,
) -> None:  # fmt: skip
    """Print values with what is said about them.

    Parameters
    ----------
    one
        The indicator, of which all values are.
    lines
        In the order to print.
    by
        The cut.
    called
        Names the cells.
    form
        A table for eyes, or machine names and full precision.
    """
    words = language()
    rows = [_row(one, line, by, called) for line in lines]
    if form is not Format.TABLE:
        names = list(rows[0]) if rows else ["indicator", "period", "value"]
        frame = pl.DataFrame(rows, infer_schema_length=None) if rows else _empty(names)
        print_rows(frame, [Shown(name, name) for name in names], form, words)
        return
    shown = _heads(one, lines, by)
    texts = [
        {column.name: value for column, value in zip(shown, _texts(row, shown), strict=True)}
        for row in rows
    ]
    schema = {column.name: pl.String for column in shown}
    print_rows(pl.DataFrame(texts, schema=schema), shown, form, words)


def _row(
    one: Indicator, line: Compared, by: Sequence[Dimension], called: CellNames
) -> dict[str, Any]:
    """Return a line under machine names; columns that were not asked for are absent."""
    words, value = language(), line.value
    row: dict[str, Any] = {"indicator": one.key}
    for dimension in by:
        code = value.cell.get(dimension, "")
        row[dimension.value] = code
        row[f"{dimension.value}_name"] = called.label(dimension, code).text(words)
    row |= {
        "period": str(value.period),
        "value": None if value.value is None else float(value.value),
        "unit": one.unit.name,
        "status": value.status.value,
        "reason": None if value.reason is None else unpack(value.reason, words),
        "numerator": None if value.numerator is None else float(value.numerator),
        "denominator": None if value.denominator is None else float(value.denominator),
        "reporting": value.reporting,
        "expected": value.expected,
        "incomplete": value.incomplete,
        "as_of": None if value.as_of is None else value.as_of.isoformat(),
    }
    if value.name is not None:
        row["note"] = value.name.text(words)
    for name, growth in (("published", line.published), ("comparable", line.comparable)):
        row |= _growth(name, growth)
    if line.yearly is not None:
        row |= {
            "growth_yearly": line.yearly.value,
            "growth_yearly_since": str(line.yearly.base),
            "growth_yearly_reason": _said(line.yearly.reason),
        }
    if line.contribution is not None:
        row |= {
            "contribution_points": line.contribution.points,
            "contribution_within": line.contribution.within,
            "contribution_structure": line.contribution.structure,
        }
    if line.rank is not None:
        row |= {
            "rank": line.rank.place,
            "rank_of": line.rank.of,
            "rank_first": line.rank.first,
            "rank_within": line.rank.within.text(words),
        }
    return row


def _growth(name: str, growth: Growth | None) -> dict[str, Any]:
    if growth is None:
        return {}
    found: dict[str, Any] = {
        f"growth_{name}": growth.value,
        f"growth_{name}_unit": growth.unit.name,
        f"growth_{name}_base": str(growth.base),
        f"growth_{name}_reason": _said(growth.reason),
    }
    if growth.enterprises is not None:
        found["comparable_enterprises"] = growth.enterprises
    return found


def _said(reason: Any) -> str | None:
    return None if reason is None else str(reason.text(language()))


def _empty(names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(names, pl.String))


def _heads(one: Indicator, lines: Sequence[Compared], by: Sequence[Dimension]) -> list[Shown]:
    words = language()
    shown = []
    for dimension in by:
        shown.append(Shown(dimension.value, DIMENSION_LABELS[dimension].text(words)))
        shown.append(Shown(f"{dimension.value}_name", say("name", words)))
    unit = "" if one.unit is ONE else f", {one.unit.label.text(words)}"
    places = decimals_of(one.unit)
    shown.append(Shown("value", f"{one.label.text(words)}{unit}", places, Absence.NO_DATA))
    first = lines[0] if lines else None
    if first is not None and first.value.name is not None:
        shown.append(Shown("note", say("note", words)))
    growth = next((g for g in (first and first.published, first and first.comparable) if g), None)
    if growth is not None:
        said = growth.unit.label.text(words)
        shown += [
            Shown(
                "growth_published", say("on {base}, {unit}", words, base=growth.base, unit=said), 2
            ),
            Shown("growth_comparable", say("comparable, {unit}", words, unit=said), 2),
            Shown("comparable_enterprises", say("sample", words), 0),
        ]
    if first is not None and first.yearly is not None:
        since = first.yearly.base
        shown.append(Shown("growth_yearly", say("% a year since {base}", words, base=since), 2))
    if any(line.contribution is not None for line in lines):
        shown.append(Shown("contribution_points", say("points", words), 2))
    if any(line.rank is not None for line in lines):
        shown.append(Shown("rank", say("place", words), 0))
    shown.append(Shown("reporting", say("reporting", words), 0))
    return shown


def _texts(row: dict[str, Any], shown: Sequence[Shown]) -> list[str]:
    words = language()
    found = []
    for column in shown:
        value = row.get(column.name)
        if column.name == "value" and value is None:
            found.append(ABSENCE[Status(row["status"])].text(words))
        elif column.name == "rank" and value is not None:
            found.append(f"{value}/{row['rank_of']}")
        elif column.name == "reporting" and row["expected"] is not None:
            found.append(f"{value}/{row['expected']}")
        elif value is None:
            found.append(_gap(row, column.name))
        elif column.decimals is not None:
            found.append(fixed(value, column.decimals, words))
        else:
            found.append(str(value))
    return found


def _gap(row: dict[str, Any], name: str) -> str:
    """Return the word for a growth that is not there: undefined where it says why, else a dash."""
    undefined = row.get(f"{name}_reason") is not None
    return Absence.UNDEFINED.label.text(language()) if undefined else "—"
