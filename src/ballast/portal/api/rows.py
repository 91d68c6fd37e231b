"""Tables: what they declare, and their rows as far as the caller may see them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import ibis
import ibis.expr.types as ir
import polars as pl
from fastapi import APIRouter, Path, Query
from pydantic import Field

from ballast.errors import WrongUsage
from ballast.lake.declare import Column, Sensitivity, Table
from ballast.lake.lake import Lake
from ballast.lake.streamed import is_shipped
from ballast.lake.tables import TABLES, table
from ballast.portal.api.callers import Asker
from ballast.portal.api.cursors import read_cursor, write_cursor
from ballast.portal.api.filters import FORM, narrowed, read_conditions, read_moment, value_of
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import (
    About,
    Disclosure,
    LabelShape,
    Shape,
    SourceShape,
    UnitShape,
    label_shape,
    unit_shape,
)

__all__ = ["Cursor", "Limit", "TableName", "router"]

router = APIRouter(route_class=ProblemRoute, tags=["tables"])

Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many.")]
Cursor = Annotated[
    str | None, Query(max_length=2000, description="`next` of the page before, to go on there.")
]
TableName = Annotated[
    str,
    Path(
        description="Name of a table, as `/tables` lists them.",
        json_schema_extra={"enum": list(TABLES)},  # told, not checked: an unknown name is not found
    ),
]
Cell = Annotated[
    str | int | float | bool | None,
    Field(
        description="Exact amounts (columns of kind `decimal`) are decimal text; days and moments "
        "are ISO 8601 text."
    ),
]


class ChoiceShape(Shape):
    """One allowed value."""

    value: str
    label: LabelShape


class ColumnShape(Shape):
    """One column as declared."""

    name: str
    kind: str
    label: LabelShape
    meaning: LabelShape
    unit: UnitShape | None
    required: bool
    choices: list[ChoiceShape]


class TableShape(Shape):
    """A table as declared; the rights to it follow from `sensitivity`."""

    name: str
    label: LabelShape
    meaning: LabelShape
    stage: str
    sensitivity: str
    key: list[str]


class Declaration(TableShape):
    """A table as declared, with its columns."""

    columns: list[ColumnShape]


class Tables(Shape):
    """Every table of the lake."""

    tables: list[TableShape]


class Rows(Shape):
    """A page of rows, in the order of the table's key."""

    about: About
    table: str
    rows: list[dict[str, Cell]]
    next: str | None = Field(description="Cursor of the next page; null at the end.")


@router.get("/api/v1/tables", operation_id="listTables")
def list_tables(ask: Asker) -> Tables:
    """List the tables of the lake."""
    with ask.lakes.lend() as lake:
        ask.tagged(lake)
    return Tables(tables=[TableShape(**_told(declared)) for declared in TABLES.values()])


@router.get("/api/v1/tables/{name}", operation_id="describeTable")
def describe_table(ask: Asker, name: TableName) -> Declaration:
    """Describe one table: its columns, with kinds, units and allowed values."""
    declared = table(name)
    with ask.lakes.lend() as lake:
        ask.tagged(lake)
    columns = [_column(column) for column in declared]
    return Declaration(**_told(declared), columns=columns)


@router.get("/api/v1/tables/{name}/rows", operation_id="readRows")
def read_rows(
    ask: Asker,
    name: TableName,
    where: Annotated[
        list[Annotated[str, Field(pattern=FORM, max_length=300)]] | None,
        Query(
            max_length=40,
            description="`column=value`, `column>=value` or `column<=value`; several of one column "
            "with `=` mean any of them, different columns are all required.",
        ),
    ] = None,
    as_of: Annotated[
        str | None, Query(max_length=40, description="As the lake stood then; a day means its end.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Rows:
    """Read the current rows of a table that the caller may see.

    All pages of one question are read at the moment of the first.
    """
    declared = table(name)
    conditions = read_conditions(declared, where or [])
    units = declared.sensitivity is Sensitivity.UNIT
    with ask.lakes.lend() as lake:
        question = [name, sorted(where or []), as_of]
        moment, after = _place(lake, declared, question, as_of, cursor)
        rows = lake.read(name, ask.viewer, moment)
        ask.tagged(lake, units=units, more=lake.edition(name))
        rows = _behind(narrowed(rows, conditions), declared, after)
        found = lake.engine.collect(rows.order_by(list(declared.key)).limit(limit + 1)).to_pylist()
        kept, more = found[:limit], len(found) > limit
        sources = _sources(lake, {row["load_id"] for row in kept if "load_id" in row}, moment)
    if units and kept:
        ask.audit(f"{name} {' '.join(sorted(where or []))}".strip(), len(kept))
    last = [str(_cell(kept[-1][column])) for column in declared.key] if more else None
    return Rows(
        about=About(
            as_of=moment,
            sources=sources,
            status=_disclosure(declared),
            # Streamed rows come with no load; they say themselves what they are.
            synthetic=any(source.synthetic for source in sources)
            or (is_shipped(declared) and any(r["provenance"] == "synthetic" for r in kept)),
        ),
        table=name,
        rows=[{key: _cell(value) for key, value in row.items()} for row in kept],
        next=None if last is None else write_cursor(question, [moment.isoformat(), last]),
    )


def _disclosure(declared: Table) -> Disclosure:
    public = declared.sensitivity is Sensitivity.PUBLIC
    return Disclosure.PUBLISHED if public else Disclosure.UNSUPPRESSED


def _told(declared: Table) -> dict[str, Any]:
    return {
        "name": declared.name,
        "label": label_shape(declared.label),
        "meaning": label_shape(declared.meaning),
        "stage": declared.stage.value,
        "sensitivity": declared.sensitivity.value,
        "key": list(declared.key),
    }


def _column(column: Column) -> ColumnShape:
    return ColumnShape(
        name=column.name,
        kind=column.kind.value,
        label=label_shape(column.label),
        meaning=label_shape(column.meaning),
        unit=None if column.unit is None else unit_shape(column.unit),
        required=column.required,
        choices=[ChoiceShape(value=c.value, label=label_shape(c.label)) for c in column.choices],
    )


def _place(
    lake: Lake, declared: Table, question: list[Any], as_of: str | None, cursor: str | None
) -> tuple[datetime, list[str] | None]:
    """Return the moment to read at, and the key after which to go on."""
    asked = None if as_of is None else read_moment(as_of)
    if cursor is None:
        newest = None if is_shipped(declared) else lake.ledger.rows()["at"].max()
        now = newest if isinstance(newest, datetime) else lake.clock()
        return asked or now, None
    held = read_cursor(question, cursor)
    match held:
        case [str(moment), [*after]] if len(after) == len(declared.key) and all(
            isinstance(part, str) and "\0" not in part for part in after
        ):
            return asked or read_moment(moment), [str(part) for part in after]
        case _:
            raise WrongUsage("this cursor leads nowhere; ask again without one")


def _behind(rows: ir.Table, declared: Table, after: list[str] | None) -> ir.Table:
    """Return the rows whose key comes after another, in the order of the key's columns."""
    if after is None:
        return rows
    keep: ir.BooleanValue = ibis.literal(False)
    same: ir.BooleanValue = ibis.literal(True)
    for name, text in zip(declared.key, after, strict=True):
        column = rows[name]
        # The key of a row is read as it stands: a code that is of no scheme any more still sorts.
        typed = text if column.type().is_string() else value_of(declared.column(name), text)
        bound = ibis.literal(typed, type=column.type())
        keep = keep | (same & (column > bound))
        same = same & (column == bound)
    return rows.filter(keep)


def _sources(lake: Lake, ids: set[str], moment: datetime) -> list[SourceShape]:
    standing = lake.ledger.live(moment).filter(pl.col("load_id").is_in(sorted(ids)))
    return [
        SourceShape(
            load_id=row["load_id"], at=row["at"], synthetic=row["provenance"] == "synthetic"
        )
        for row in standing.to_dicts()
    ]


def _cell(value: object) -> str | int | float | bool | None:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value != value:  # not a number: JSON has no word for it
        return None
    assert value is None or isinstance(value, str | int | float | bool)  # noqa: S101
    return value
