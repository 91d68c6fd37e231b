"""From the text of cells to the type of a declared column, a column at a time.

A library such as pandera checks values that already have their type; what
goes wrong in a spreadsheet goes wrong before that, and the report must name
the cell as it was written. Each parser therefore works on whole columns
(distinct values are parsed once) and gives back, beside the values, which
rows are wrong and why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial

import polars as pl

from ballast.errors import InvalidTerm
from ballast.lake.declare import Column, Kind
from ballast.lake.spellings import (
    nearest_choices,
    parse_date,
    parse_number,
    parse_timestamp,
    parse_weights,
)
from ballast.terms.enterprise_code import Verdict as Verdicts
from ballast.terms.enterprise_code import check_many, parse_uscc
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.unit import FRACTION, PERCENT, Unit, ratio

SCALE = 4  # decimals of a stored amount; of 10,000 CNY that is one yuan
DECIMAL = pl.Decimal(24, SCALE)
LONGEST_TEXT = 2_000
_MOST_LISTED = 20  # choices in one sentence; of more only those that come near
LARGEST = Decimal(10) ** 19  # decimal(24, 4) holds 20 digits before the point

_FORMULA_ERROR = r"^#(REF|DIV/0|N/A|VALUE|NAME|NUM|NULL|SPILL|CALC|GETTING_DATA)[!?]?$"
_PLAIN = rf"^[+-]?\d{{1,18}}(\.\d{{0,{SCALE}}})?$"
_POINT_ZERO = r"^([+-]?\d+)\.0$"
# Characters that show as nothing, or turn the text around them.
_TIME_OF_DAY = r"^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}$"  # as a cell with a date has it
_WITHOUT_TIME = (Kind.DATE, Kind.PERIOD, Kind.TEXT, Kind.CODE)
_UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
_NO_WIDTH = r"\s|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_STORED: dict[Kind, pl.DataType] = {
    Kind.NUMBER: pl.Float64(),
    Kind.INTEGER: pl.Int64(),
    Kind.YEAR: pl.Int32(),
    Kind.FLAG: pl.Boolean(),
    Kind.DATE: pl.Date(),
    Kind.DECIMAL: DECIMAL,
}
_TRUE = ("true", "1", "是", "yes", "y", "√", "有")
_FALSE = ("false", "0", "否", "no", "n", "×", "无")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Rows of a column that are wrong for one reason.

    Parameters
    ----------
    wrong : Series of bool, one a row
    template
        What is wrong and what would be right.
    values
        The places of the template for the text of a cell.
    by_row
        ``values`` is asked by the index of the row instead, as text: the
        reason lies in other cells of it too.
    """

    wrong: pl.Series
    template: str
    values: Callable[[str], Mapping[str, object]] = lambda _: {}
    by_row: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column with its type, and what was wrong in it (null there).

    Parameters
    ----------
    values
        The typed column.
    verdicts
        What was wrong; their ``values`` are asked by the cells of ``texts``.
    rounded
        Amounts that carried more decimals than are stored.
    texts
        The cells without blanks around them; ``None`` where they came typed.
    """

    values: pl.Series
    verdicts: list[Verdict] = field(default_factory=list)
    rounded: int = 0
    texts: pl.Series | None = None


def parse_column(
    column: Column, cells: pl.Series, unit: Unit | None = None, zone: tzinfo | None = None
) -> Parsed:
    """Return a column with its declared type.

    Parameters
    ----------
    column
        Its declaration.
    cells : Series of text, or of a type that needs no parsing
    unit
        The unit that the file gives; the column's own where ``None``.
    zone
        Whose clock times without a zone are by; ``None``: they are refused.

    Returns
    -------
    Parsed
        Wrong cells are null in the values and marked in a verdict.

    Raises
    ------
    UnitMismatch
        If the file's unit cannot be converted into the column's.
    """
    factor = Decimal(1)
    if unit is not None and column.unit is not None:
        factor = ratio(unit, column.unit)
    cells = _texts(column, cells, factor)
    if cells.dtype != pl.String:
        return Parsed(cells)
    cells = cells.str.strip_chars()
    if column.kind in _WITHOUT_TIME:
        cells = cells.str.replace(_TIME_OF_DAY, "$1")
    cells = cells.set(cells == "", None)
    texts = cells
    broken = cells.str.contains(_FORMULA_ERROR).fill_null(False)
    verdicts: list[Verdict] = []
    if broken.any():
        verdicts.append(
            Verdict(
                broken,
                "the cell holds the formula error {found}; put the value itself there",
                lambda cell: {"found": cell},
            )
        )
        cells = cells.set(broken, None)
    if column.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER):
        cells, stray = _percent_signs(column, cells, unit)
        verdicts += stray
    if column.kind is Kind.TIMESTAMP:
        parsed = _timestamp(cells, zone)
    else:
        parsed = _PARSERS[column.kind](column, cells, factor)
    return Parsed(parsed.values, verdicts + parsed.verdicts, parsed.rounded, texts)


def _percent_signs(
    column: Column, cells: pl.Series, unit: Unit | None
) -> tuple[pl.Series, list[Verdict]]:
    """Take a percent sign off where the header has one too; refuse it on what is no share."""
    signed = cells.str.contains(r"[%％]$").fill_null(False)
    if not signed.any():
        return cells, []
    if unit is PERCENT:
        return cells.str.strip_chars_end("%％ "), []
    if column.kind is Kind.NUMBER and (column.unit is None or column.unit is FRACTION):
        return cells, []
    said = "{found}: {column} is no percentage; write the figure without the percent sign"
    return cells.set(signed, None), [
        Verdict(signed, said, lambda cell: {"found": cell, "column": column.label})
    ]


def _texts(column: Column, cells: pl.Series, factor: Decimal) -> pl.Series:
    """Return typed cells with their declared type, or as text where they must be parsed."""
    dtype = cells.dtype
    if dtype == pl.String:
        return cells
    if column.kind is Kind.DATE and isinstance(dtype, pl.Datetime):
        return cells.dt.date()
    wanted = _STORED.get(column.kind)
    if factor == 1 and wanted is not None and _holds(column.kind, dtype):
        found = cells.cast(wanted, strict=False)
        finite = found.is_finite().all() if wanted == pl.Float64 else True
        if finite and found.null_count() == cells.null_count():
            return found
    texts = cells.cast(pl.String)
    # A column with a gap comes from pandas as floating point, codes and years included.
    return texts.str.replace(_POINT_ZERO, "$1") if dtype.is_float() else texts


def _holds(kind: Kind, dtype: pl.DataType) -> bool:
    """Return whether the values of a type mean the same as those of a declared kind."""
    if kind is Kind.NUMBER:
        return dtype.is_numeric() and not dtype.is_decimal()
    if kind in (Kind.INTEGER, Kind.YEAR):
        return dtype.is_integer()
    if kind is Kind.DECIMAL:
        return isinstance(dtype, pl.Decimal) and dtype.scale <= SCALE
    return dtype == _STORED[kind]


def _text(_: Column, cells: pl.Series, __: Decimal) -> Parsed:
    long = (cells.str.len_chars() > LONGEST_TEXT).fill_null(False)
    control = cells.str.contains(_UNSEEN).fill_null(False)
    return Parsed(
        cells.set(long | control, None),
        [
            Verdict(
                long,
                "the text is longer than {most} characters; shorten it",
                lambda _: {"most": LONGEST_TEXT},
            ),
            Verdict(control, "the text holds control characters; remove them"),
        ],
    )


def _classified(column: Column, cells: pl.Series, factor: Decimal) -> Parsed:
    # No code of a classification holds a point: 371502.0 went through a spreadsheet.
    return _code(column, cells.str.replace(_POINT_ZERO, "$1"), factor)


def _code(_: Column, cells: pl.Series, __: Decimal) -> Parsed:
    wrong = (cells.str.contains(_NO_WIDTH) | (cells.str.len_chars() > 200)).fill_null(False)
    return Parsed(
        cells.set(wrong, None),
        [Verdict(wrong, "{found} is not a code: no blanks, 200 characters at most", _found)],
    )


def _uscc(_: Column, cells: pl.Series, __: Decimal) -> Parsed:
    wrong = (check_many(cells) != Verdicts.OK.value).fill_null(False)
    if not wrong.any():
        return Parsed(cells)
    # What the fast look refuses may be a right code in full-width or with blanks.
    slow = _by_value(cells.filter(wrong), parse_uscc, pl.String)
    mended = cells.set(wrong, None).scatter(wrong.arg_true(), slow.values)
    return Parsed(mended, [_spread(verdict, wrong) for verdict in slow.verdicts])


def _period(_: Column, cells: pl.Series, __: Decimal) -> Parsed:
    return _by_value(cells, lambda text: str(Period.parse(text)), pl.String)


def _weights(_: Column, cells: pl.Series, __: Decimal) -> Parsed:
    return _by_value(cells, parse_weights, pl.String)


def _date(_: Column, cells: pl.Series, __: Decimal) -> Parsed:
    return _by_value(cells, parse_date, pl.Date)


def _timestamp(cells: pl.Series, zone: tzinfo | None) -> Parsed:
    return _by_value(cells, partial(parse_timestamp, zone=zone), pl.Datetime("us", "UTC"))


def _flag(_: Column, cells: pl.Series, __: Decimal) -> Parsed:
    lower = cells.str.to_lowercase()
    true, false = lower.is_in(_TRUE), lower.is_in(_FALSE)
    wrong = ~(true | false).fill_null(True)
    values = true.set((~true & ~false).fill_null(True), None)
    return Parsed(values, [Verdict(wrong, "{found} is neither yes nor no; write 是 or 否", _found)])


def _choice(column: Column, cells: pl.Series, __: Decimal) -> Parsed:
    words = {
        spelling.lower(): choice.value
        for choice in column.choices
        for spelling in (choice.label.zh, choice.label.en, *choice.spellings, choice.value)
    }
    values = cells.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.String)
    wrong = values.is_null() & cells.is_not_null()
    if len(column.choices) > _MOST_LISTED:
        said = "{found} is not one of the {count} that there are; the nearest: {near}"
        return Parsed(values, [Verdict(wrong, said, partial(_nearest, column, words))])
    allowed = Label(
        "、".join(choice.label.zh for choice in column.choices),
        ", ".join(choice.value for choice in column.choices),
    )
    said = "{found} is not one of: {allowed}"
    return Parsed(values, [Verdict(wrong, said, lambda c: {"found": c, "allowed": allowed})])


def _nearest(column: Column, words: Mapping[str, str], cell: str) -> Mapping[str, object]:
    near = nearest_choices(column.choices, words, cell)
    return {"found": cell, "count": len(column.choices), "near": near}


def _integer(_: Column, cells: pl.Series, factor: Decimal) -> Parsed:
    values = cells.cast(pl.Int64, strict=False) if factor == 1 else None
    if values is None or values.null_count() > cells.null_count():
        return _by_value(cells, lambda text: _whole(text, factor), pl.Int64)
    return Parsed(values)


def _whole(text: str, factor: Decimal, bits: int = 64) -> int:
    number = parse_number(text) * factor
    if abs(number) >= 2 ** (bits - 1):
        raise InvalidTerm("{found} is larger than any amount that is stored", found=text)
    if number != number.to_integral_value():
        raise InvalidTerm("{found} is not a whole number", found=text)
    return int(number)


def _year(_: Column, cells: pl.Series, __: Decimal) -> Parsed:
    return _by_value(
        cells.str.strip_suffix("年"), lambda text: _whole(text, Decimal(1), 32), pl.Int32
    )


def _number(_: Column, cells: pl.Series, factor: Decimal) -> Parsed:
    values = cells.cast(pl.Float64, strict=False)
    wrong = (values.is_null() & cells.is_not_null()) | ~values.is_finite().fill_null(True)
    if not wrong.any() and factor == 1:
        return Parsed(values)
    return _by_value(cells, lambda text: float(parse_number(text) * factor), pl.Float64)


def _decimal(_: Column, cells: pl.Series, factor: Decimal) -> Parsed:
    plain = cells.str.contains(_PLAIN).fill_null(True)
    if factor == 1 and plain.all():
        return Parsed(cells.cast(DECIMAL))
    rest = cells if factor != 1 else cells.filter(~plain)
    exact: dict[str, Decimal] = {}

    def store(text: str) -> Decimal:
        number = parse_number(text) * factor
        if abs(number) >= LARGEST:
            raise InvalidTerm("{found} is larger than any amount that is stored", found=text)
        stored = number.quantize(Decimal(1).scaleb(-SCALE), ROUND_HALF_EVEN)
        if stored != number:
            exact[text] = number
        return stored

    slow = _by_value(rest, store, DECIMAL)
    rounded = int(rest.is_in(list(exact)).sum() or 0)
    if factor != 1:
        return Parsed(slow.values, slow.verdicts, rounded)
    values = cells.set(~plain, None).cast(DECIMAL).scatter((~plain).arg_true(), slow.values)
    return Parsed(values, [_spread(verdict, ~plain) for verdict in slow.verdicts], rounded)


def _found(cell: str) -> Mapping[str, object]:
    return {"found": cell}


def _by_value(
    cells: pl.Series, parse: Callable[[str], object], dtype: pl.DataType | type[pl.DataType]
) -> Parsed:
    """Parse each distinct cell once; gather what is wrong by its template."""
    distinct = cells.drop_nulls().unique(maintain_order=True)
    values: list[object] = []
    wrong: dict[str, dict[str, Mapping[str, object]]] = {}
    for text in distinct.to_list():
        try:
            values.append(parse(text))
        except InvalidTerm as error:
            values.append(None)
            wrong.setdefault(error.template, {})[text] = error.values
    if not len(distinct):
        return Parsed(pl.Series(cells.name, [None] * len(cells), dtype=dtype))
    typed = pl.Series(values, dtype=dtype)
    return Parsed(
        cells.replace_strict(distinct, typed, default=None, return_dtype=dtype),
        [
            Verdict(cells.is_in(list(places)).fill_null(False), template, places.__getitem__)
            for template, places in wrong.items()
        ],
    )


def _spread(verdict: Verdict, among: pl.Series) -> Verdict:
    """Return a verdict on some of the rows as one on all of them."""
    whole = pl.repeat(False, len(among), dtype=pl.Boolean, eager=True)
    return Verdict(whole.scatter(among.arg_true(), verdict.wrong), verdict.template, verdict.values)


_PARSERS: dict[Kind, Callable[[Column, pl.Series, Decimal], Parsed]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.REGION: _classified,
    Kind.INDUSTRY: _classified,
    Kind.USCC: _uscc,
    Kind.INDUSTRY_WEIGHTS: _weights,
    Kind.PERIOD: _period,
    Kind.DATE: _date,
    Kind.YEAR: _year,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
}
