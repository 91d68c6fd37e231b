"""Filters on the columns of a table: read, held against the declaration, turned into Ibis.

A code that no scheme knows is refused with what would be right, like a cell
of an upload: an empty answer to a misspelt code would be taken for "there is
nothing".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, cast

import ibis
import ibis.expr.types as ir

from ballast.errors import InvalidTerm, WrongUsage
from ballast.lake.declare import Column, Kind, Table
from ballast.terms import industry, region
from ballast.terms.enterprise_code import parse_uscc
from ballast.terms.period import Period

__all__ = ["FORM", "Condition", "narrowed", "read_conditions", "read_moment", "value_of"]

FORM: Final = r"^[a-z][a-z0-9_]*(=|>=|<=)[^\x00]*$"
"""How a filter is written."""

Operator = Literal["=", ">=", "<="]
Value = str | int | float | Decimal | bool | date | datetime

_SPLIT = re.compile(r"([a-z][a-z0-9_]*)(>=|<=|=)(.*)", re.DOTALL)
_ORDERED = {Kind.DATE, Kind.TIMESTAMP, Kind.YEAR, Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER}
_SMALL, _LARGE = 2**31, 2**63
_WHOLE_DIGITS = 20  # before the point, of decimal(24, 4)


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: the values that a column may have, or a bound on it.

    An empty text stands for "nothing in it".
    """

    column: Column
    operator: Operator
    values: tuple[Value, ...]


def read_conditions(declared: Table, texts: Sequence[str]) -> tuple[Condition, ...]:
    """Return filters as written, held against the declaration of the table.

    Parameters
    ----------
    declared
        The table.
    texts
        ``column=value``; several of one column mean any of them. ``column>=value`` and
        ``column<=value`` for columns with an order.

    Raises
    ------
    WrongUsage, InvalidTerm
        If a column or a value is none; with what would be right.

    Examples
    --------
    >>> from ballast.lake.tables import table
    >>> found = read_conditions(table("region_period"), ["period=2025年", "period=2024"])
    >>> found[0].values
    ('2025', '2024')
    """
    held: dict[tuple[str, Operator], list[Value]] = {}
    columns = {column.name: column for column in declared}
    for text in texts:
        name, operator, value = _parts(text)
        if name not in columns:
            raise WrongUsage(
                "{table} has no column {column}; it has: {known}",
                table=declared.name,
                column=name,
                known=", ".join(columns),
            )
        column = columns[name]
        if operator != "=" and column.kind not in _ORDERED:
            raise WrongUsage(
                "{column} has no order; write {column}=VALUE, several times for any of them",
                column=name,
            )
        held.setdefault((name, operator), []).append(value_of(column, value))
    return tuple(
        Condition(columns[name], operator, tuple(values))
        for (name, operator), values in held.items()
    )


def narrowed(rows: ir.Table, conditions: Sequence[Condition]) -> ir.Table:
    """Return the rows that fit all conditions.

    Parameters
    ----------
    rows
        Of the table that the conditions were read for.
    conditions
        As read.

    Raises
    ------
    InvalidTerm
        If a code is in no scheme that the package knows and in none of the rows.
    """
    for condition in conditions:
        column = rows[condition.column.name]
        for code in condition.values:
            if (stranger := _stranger(condition.column, code)) is not None and _absent(
                rows.filter(column == code)
            ):
                raise stranger
        rows = rows.filter(_fits(column, condition))
    return rows


def value_of(column: Column, text: str) -> Value:
    """Return what a text means in a column.

    Raises
    ------
    WrongUsage, InvalidTerm
        If it is nothing of the kind.

    Examples
    --------
    >>> from ballast.lake.tables import table
    >>> value_of(table("project").column("planned_1e4_cny"), "1200.50")
    Decimal('1200.50')
    """
    if text == "":
        return text
    match column.kind:
        case Kind.USCC:
            return parse_uscc(text)
        case Kind.PERIOD:
            return str(Period.parse(text))
        case Kind.CHOICE:
            return _choice(column, text)
        case Kind.FLAG:
            return _flag(column, text)
        case Kind.TIMESTAMP:
            return read_moment(text)
        case Kind.DATE:
            return _date(text)
        case Kind.YEAR | Kind.INTEGER:
            return _whole(column, text)
        case Kind.DECIMAL | Kind.NUMBER:
            return _number(column, text)
        case _:
            return text


def read_moment(text: str) -> datetime:
    """Return a moment; a day alone means its end, a time without a zone is UTC.

    Raises
    ------
    WrongUsage
        If it is neither.

    Examples
    --------
    >>> read_moment("2026-05-31").isoformat()
    '2026-05-31T23:59:59.999999+00:00'
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            if len(text) == len("2026-05-31"):
                moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongUsage(
            "{text} is no moment; write 2026-05-31 or 2026-05-31T08:00:00+08:00", text=text[:40]
        ) from None


def _parts(text: str) -> tuple[str, Operator, str]:
    found = _SPLIT.fullmatch(text)
    if found is None or "\0" in text:
        raise WrongUsage(
            "{text}: write a filter as COLUMN=VALUE, COLUMN>=VALUE or COLUMN<=VALUE",
            text=text.replace("\0", "�")[:60],
        )
    name, operator, value = found.groups()
    return name, cast("Operator", operator), value


def _fits(column: ir.Column, condition: Condition) -> ir.BooleanValue:
    kind = column.type()
    if condition.operator == "=":
        known = [value for value in condition.values if value != ""]
        found = column.isin([ibis.literal(value, type=kind) for value in known])
        if len(known) < len(condition.values):
            empty = column.isnull()
            found = found | (empty | (column == "") if kind.is_string() else empty)
        return found.fill_null(False)
    fits = ibis.literal(True)
    for value in condition.values:
        if value == "":
            raise WrongUsage("{column}: a bound needs a value", column=condition.column.name)
        bound = ibis.literal(value, type=kind)
        fits = fits & (column >= bound if condition.operator == ">=" else column <= bound)
    return fits.fill_null(False)


def _stranger(column: Column, code: Value) -> InvalidTerm | None:
    """Return the refusal of a code that the package does not know, to be raised if nobody does."""
    if not isinstance(code, str) or code == "":
        return None
    try:
        if column.kind is Kind.REGION and not region.is_extension(code):
            region.region(code)
        elif column.kind is Kind.INDUSTRY:
            industry.industry(code)
    except InvalidTerm as error:
        return error
    return None


def _absent(rows: ir.Table) -> bool:
    return not rows.limit(1).count().to_pyarrow().as_py()


def _choice(column: Column, text: str) -> str:
    known = [choice.value for choice in column.choices]
    if text not in known:
        raise WrongUsage(
            "{column}: {text} is none of its values; they are: {known}",
            column=column.name,
            text=text[:60],
            known=", ".join(known),
        )
    return text


def _flag(column: Column, text: str) -> bool:
    if text not in ("true", "false"):
        raise WrongUsage(
            "{column}: {text} is neither true nor false", column=column.name, text=text[:60]
        )
    return text == "true"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage("{text} is no day; write 2026-05-31", text=text[:40]) from None


def _whole(column: Column, text: str) -> int:
    most = _SMALL if column.kind is Kind.YEAR else _LARGE
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or not -most <= int(text) < most:
        raise WrongUsage("{column}: {text} is no whole number", column=column.name, text=text[:40])
    return int(text)


def _number(column: Column, text: str) -> Decimal | float:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() >= _WHOLE_DIGITS or number.adjusted() < -40:
        raise WrongUsage("{column}: {text} is no number", column=column.name, text=text[:40])
    if column.kind is Kind.NUMBER:
        return float(number)
    if number != round(number, 4):
        raise WrongUsage(
            "{column}: {text} has more than four decimals, none of its values has",
            column=column.name,
            text=text[:40],
        )
    return number
