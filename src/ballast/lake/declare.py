"""How a table of the lake is declared: once, and everything follows from it.

Validation, loader, Excel template, reference page and rights are all read
from these declarations; nothing about a table is written down anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import pyarrow as pa

from ballast.terms.label import Label
from ballast.terms.unit import Unit


class Kind(StrEnum):
    """What a cell of a column holds; decides parsing, storage and the check."""

    TEXT = "text"
    CODE = "code"  # text without blanks, compared as it stands
    USCC = "uscc"  # unified social credit code, GB 32100 (统一社会信用代码)
    REGION = "region"  # a code of the scheme in `scheme_column`
    INDUSTRY = "industry"  # a code of the scheme in `scheme_column`
    INDUSTRY_WEIGHTS = "industry_weights"  # "3452:0.3;2929:0.1", weights below 1 in sum
    PERIOD = "period"
    DATE = "date"
    TIMESTAMP = "timestamp"
    YEAR = "year"
    INTEGER = "integer"
    DECIMAL = "decimal"  # exact: money, and whatever adds up in a form
    NUMBER = "number"  # binary floating point: shares, measured values, IO flows
    FLAG = "flag"
    CHOICE = "choice"


class Stage(StrEnum):
    """Which of the three stages a table belongs to."""

    LOADED = "loaded"
    STREAMED = "streamed"
    DERIVED = "derived"


class Sensitivity(StrEnum):
    """Who may read a table at all."""

    PUBLIC = "public"
    AGGREGATE = "aggregate"
    UNIT = "unit"


ARROW_TYPES: dict[Kind, pa.DataType] = {
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    Kind.YEAR: pa.int32(),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: pa.decimal128(24, 4),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value of a choice column, with the words that forms use for it."""

    value: str
    label: Label
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowUnit:
    """How the unit of a value is told row by row.

    Parameters
    ----------
    item_column
        The column that says which figure a row is.
    unit_column
        The column with the unit that the file gives; empty means the item's own.
    units
        Item to the unit in which the lake stores it.
    """

    item_column: str
    unit_column: str
    units: Mapping[str, Unit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Snake case; carries the unit where it has one (``output_1e4_cny``).
    kind
        What a cell holds.
    label
        The header of forms and pages.
    meaning
        One sentence for the reference page and the template's notes.
    unit
        Of a numeric column. A header that names another unit of the same
        dimension is converted; one of another dimension is refused.
    required
        An empty cell is refused.
    choices
        The allowed values of a ``CHOICE``.
    least, most
        Bounds, inclusive.
    synonyms
        Other headers under which forms carry this column.
    scheme_column
        For a region or an industry: the column that holds its scheme.
    valid_at
        For a region: the period or date column at which the code must be valid.
    default
        Fills the column where the file does not carry it.
    row_unit
        For a value whose unit depends on the row.
    """

    name: str
    kind: Kind
    label: Label
    meaning: Label
    unit: Unit | None = None
    required: bool = False
    choices: tuple[Choice, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    synonyms: tuple[str, ...] = ()
    scheme_column: str | None = None
    valid_at: str | None = None
    default: str | None = None
    row_unit: RowUnit | None = None

    @property
    def arrow_type(self) -> pa.DataType:
        """The type in which the lake stores the column."""
        return ARROW_TYPES.get(self.kind, pa.string())


@dataclass(frozen=True, slots=True)
class Stretch:
    """That a row is a stretch of time of one thing, which is in one such stretch at a time.

    Parameters
    ----------
    of, start, end
        The columns with the thing, with the begin and with the end; an empty end: it goes on.
    moments
        Whether a row may last no time: it is then of a moment and overlaps nothing.
    """

    of: str
    start: str
    end: str
    moments: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """That each row is one cell of a table that would be too wide: its key says of which column.

    Parameters
    ----------
    item
        The column with the key.
    number, text
        The two columns in which the value stands: a figure in the one, all else in the other.
    year, day
        The column with the year, which is part of the table's key, and the one with the day; an
        empty year is that of the day.
    columns
        Key to the column of the wide table, as if it were one.
    yearly
        The keys of what is of a year; all else holds on a day, and its year says nothing more.
    """

    item: str
    number: str
    text: str
    year: str
    day: str
    columns: Mapping[str, Column]
    yearly: frozenset[str]


FIGURES = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER})

PROVENANCE = ("load_id", "source_sheet", "source_row")


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the files of a large table stand.

    Parameters
    ----------
    columns
        The columns of the order, the first one first.
    moment
        The column whose bounds are kept for each file.
    """

    columns: tuple[str, ...]
    moment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of the lake.

    Parameters
    ----------
    name, label, meaning
        What it is called and what a row is.
    columns
        In the order of the form.
    key
        The columns of which no two current rows share all values.
    stage
        Loaded, streamed or derived.
    subject
        The column with the code of the enterprise whose unit data a row is.
    sensitivity
        Who may read it.
    one_of
        Groups of columns of which a row must fill at least one.
    stretch
        That rows are stretches of time; two of one thing must not overlap.
    folded
        That its rows are the cells of a wide table.
    ordered
        Pairs of date columns, of which the second is never before the first.
    moment
        Of a streamed table: the column with the time or the day that a row is
        of, by which the past is read again. (Loaded tables have the ledger.)
    sorted_by
        The columns by which the rows of a file stand in order, so that a read
        of few of them skips most row groups; of large tables alone.
    """

    name: str
    label: Label
    meaning: Label
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    stage: Stage = Stage.LOADED
    subject: str | None = None
    sensitivity: Sensitivity = Sensitivity.PUBLIC
    one_of: tuple[tuple[str, ...], ...] = ()
    stretch: Stretch | None = None
    folded: Folded | None = None
    ordered: tuple[tuple[str, str], ...] = ()
    moment: str | None = None
    sorted_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: two columns share a name")
        grouped = (name for group in (*self.one_of, *self.ordered) for name in group)
        for name in (*self.key, *self.sorted_by, *grouped):
            if name not in names:
                raise ValueError(f"{self.name}: no column {name}")
        for role in (self.subject, self.moment):
            if role is not None and role not in names:
                raise ValueError(f"{self.name}: no column {role}")

    @property
    def order(self) -> Order | None:
        """In which order its files stand; none for a table that stays small."""
        if not self.sorted_by or self.moment is None:
            return None
        return Order(self.sorted_by, self.moment)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def column(self, name: str) -> Column:
        """Return the column of a name.

        Raises
        ------
        KeyError
            If the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}: no column {name}")

    @property
    def arrow_schema(self) -> pa.Schema:
        """The declared columns, as stored, without the provenance columns."""
        return pa.schema([(c.name, c.arrow_type) for c in self.columns])

    @property
    def stored_schema(self) -> pa.Schema:
        """The schema of the table on disk: declared columns, then provenance."""
        schema = self.arrow_schema
        if self.stage is Stage.LOADED:
            for name, kind in zip(PROVENANCE, (pa.string(), pa.string(), pa.int64()), strict=True):
                schema = schema.append(pa.field(name, kind))
        elif self.stage is Stage.DERIVED:
            schema = schema.append(pa.field(PROVENANCE[0], pa.string()))
        return schema
