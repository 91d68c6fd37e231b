"""The layout in which an input–output table (投入产出表) is read; ours, for any country or city.

A UTF-8 CSV with one header row, all amounts in **10,000 CNY** at one set of
prices, codes as text. One line is one row of the table:

``row_kind``
    ``intermediate``, ``total_intermediate_input``, ``value_added``,
    ``total_value_added`` or ``total_input``.
``origin``
    ``all``, in every row of a competitive table (竞争型: flows include
    imports). In a non-competitive one (非竞争型) each sector has two
    intermediate rows, ``domestic`` and ``imported``; the other rows stand
    once, with ``all``.
``row_code``
    The sector's code; ``TII`` total intermediate input, ``VA001``
    compensation of employees, ``VA002`` net taxes on production, ``VA003``
    depreciation, ``VA004`` operating surplus, ``TVA`` total value added,
    ``TI`` total input.
``row_name_zh``, ``row_name_en``
    Names; the English one may be empty.
``sector_CODE_1e4_cny``
    One column per using sector, under the codes of the rows, in any number.
``total_intermediate_use_1e4_cny``, ``final_consumption_1e4_cny``,
``gross_fixed_capital_formation_1e4_cny``, ``inventory_change_1e4_cny``,
``exports_1e4_cny``, ``total_final_use_1e4_cny``
    Uses of the row. Imported rows may hold exports: re-exports.
``gross_output_or_total_imports_1e4_cny``
    Non-competitive: output in a domestic row, imports in an imported one.
``imports_1e4_cny``, ``gross_output_1e4_cny``
    Competitive: imports are positive and are subtracted.
``rural_household_consumption_1e4_cny``, ``urban_household_consumption_1e4_cny``,
``household_consumption_1e4_cny``, ``government_consumption_1e4_cny``,
``gross_capital_formation_1e4_cny``
    May be there or not.

In the rows of value added and of total input the columns behind
``total_intermediate_use`` (there: the sum over the sectors) are empty.

Nothing else is accepted: a column or row that is not known would stay
outside the identities, and an unchecked figure is what this layout exists
to prevent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.errors import RefusedRows, WrongColumns
from ballast.lake.recipes.io_identities import Floats, InputOutputTable
from ballast.lake.recipes.opening import (
    check_columns,
    check_filled,
    check_unique,
    numbers,
    read_csv,
)

UNIT = "_1e4_cny"
LEADING = ("row_kind", "origin", "row_code", "row_name_zh", "row_name_en")
USES = (
    "total_intermediate_use",
    "final_consumption",
    "gross_fixed_capital_formation",
    "inventory_change",
    "exports",
    "total_final_use",
)
SPLIT_USES = ("gross_output_or_total_imports",)
COMPETITIVE_USES = ("imports", "gross_output")
DETAIL_USES = (
    "rural_household_consumption",
    "urban_household_consumption",
    "household_consumption",
    "government_consumption",
    "gross_capital_formation",
)
INPUT_ROWS = {
    "TII": "total_intermediate_input",
    "VA001": "value_added",
    "VA002": "value_added",
    "VA003": "value_added",
    "VA004": "value_added",
    "TVA": "total_value_added",
    "TI": "total_input",
}

_SECTOR = re.compile(rf"^sector_([0-9A-Za-z]+){UNIT}$")
_FIRST_ROW = 2


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table as read: its numbers, and the names in both languages."""

    numbers: InputOutputTable
    names_en: tuple[str | None, ...]


def read_table(path: Path, name: str) -> ReadTable:
    """Return an input–output table of this layout; identities are not checked here.

    Parameters
    ----------
    path
        The CSV.
    name
        What the table is to be called.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged or not UTF-8.
    WrongColumns
        If columns are missing, doubled or unknown.
    RefusedRows
        If rows are missing, doubled or unknown, or a cell is no number.
    """
    frame = read_csv(path).with_row_index("line", offset=_FIRST_ROW)
    codes = [m[1] for column in frame.columns if (m := _SECTOR.match(column))]
    competitive = f"{SPLIT_USES[0]}{UNIT}" not in frame.columns
    uses = [*USES, *(COMPETITIVE_USES if competitive else SPLIT_USES)]
    uses += [item for item in DETAIL_USES if f"{item}{UNIT}" in frame.columns]
    check_columns(
        path,
        [c for c in frame.columns if c != "line"],
        [
            *LEADING,
            *(f"sector_{code}{UNIT}" for code in codes),
            *(f"{item}{UNIT}" for item in uses),
        ],
    )
    if not codes:
        raise WrongColumns(
            "{path}: there is no sector column; the using sectors are named sector_CODE_1e4_cny",
            path=path,
        )
    check_filled(path, frame, ["row_kind", "origin", "row_code", "row_name_zh"], _FIRST_ROW)
    check_unique(path, frame, ["origin", "row_code"], _FIRST_ROW)
    origins = ("all",) if competitive else ("domestic", "imported")
    _check_rows(path, frame, codes, origins)
    return _numbers(path, frame, name, codes, origins, uses)


def _check_rows(
    path: Path, frame: pl.DataFrame, codes: Sequence[str], origins: Sequence[str]
) -> None:
    wanted = [("intermediate", origin, code) for origin in origins for code in codes]
    wanted += [(kind, "all", code) for code, kind in INPUT_ROWS.items()]
    found = list(frame.select("row_kind", "origin", "row_code").iter_rows())
    known, there = set(wanted), set(found)
    for line, row in zip(frame["line"], found, strict=True):
        if row not in known:
            raise RefusedRows(
                "{path}, row {row}: {kind} {origin} {code} is not a row of this table, whose "
                "columns know the sectors {first} to {last} and whose origins are {origins}; "
                "remove the row or add the sector's column",
                path=path,
                row=line,
                kind=row[0],
                origin=row[1],
                code=row[2],
                first=codes[0],
                last=codes[-1],
                origins=", ".join(origins),
            )
    missing = [row for row in wanted if row not in there]
    if missing:
        raise RefusedRows(
            "{path}: {count} row(s) are missing: {rows}; get the whole table again from its source",
            path=path,
            count=len(missing),
            rows=", ".join(f"{code} ({kind}, {origin})" for kind, origin, code in missing[:5])
            + (" …" if len(missing) > 5 else ""),
        )


def _numbers(
    path: Path,
    frame: pl.DataFrame,
    name: str,
    codes: Sequence[str],
    origins: Sequence[str],
    uses: Sequence[str],
) -> ReadTable:
    place = {row: at for at, row in enumerate(frame.select("origin", "row_code").iter_rows())}
    supply = np.array([[place[origin, code] for code in codes] for origin in origins])
    row_of = {code: place["all", code] for code in INPUT_ROWS}
    cells = {c: numbers(path, frame, c, _FIRST_ROW) for c in frame.columns if c.endswith(UNIT)}
    last_rows = [row_of[code] for code in INPUT_ROWS if code != "TII"]
    _check_cells(path, frame, cells, last_rows)
    columns = {c: series.fill_null(0.0).to_numpy() for c, series in cells.items()}
    grid: Floats = np.stack([columns[f"sector_{code}{UNIT}"] for code in codes], axis=1)
    names = [frame["row_name_zh"][int(at)] for at in supply[0]]
    _check_names(path, frame, names, supply)
    table = InputOutputTable(
        name=name,
        codes=tuple(codes),
        names=tuple(names),
        origins=tuple(origins),
        flows=grid[supply],
        uses={item: columns[f"{item}{UNIT}"][supply] for item in uses},
        inputs={code: grid[at] for code, at in row_of.items()},
        use_totals={item: float(columns[f"{item}{UNIT}"][row_of["TII"]]) for item in uses},
        input_totals={
            code: float(columns[f"total_intermediate_use{UNIT}"][at]) for code, at in row_of.items()
        },
    )
    return ReadTable(table, tuple(frame["row_name_en"][int(at)] for at in supply[0]))


def _check_cells(
    path: Path, frame: pl.DataFrame, cells: dict[str, pl.Series], last_rows: Sequence[int]
) -> None:
    """Refuse empty cells where a figure belongs, and figures where none does."""
    total = f"total_intermediate_use{UNIT}"
    is_last = pl.Series(values=np.isin(np.arange(frame.height), last_rows))
    for column, figures in cells.items():
        filled_everywhere = column == total or _SECTOR.match(column) is not None
        empty = figures.is_null() if filled_everywhere else figures.is_null() & ~is_last
        if empty.any():
            at = empty.arg_max() or 0
            raise RefusedRows(
                "{path}, row {row}, column {column}: the cell is empty; write 0 where nothing "
                "flows, or get the table again from its source",
                path=path,
                row=frame["line"][at],
                column=column,
            )
        stray = (figures != 0).fill_null(value=False) & is_last
        if not filled_everywhere and stray.any():
            at = stray.arg_max() or 0
            raise RefusedRows(
                "{path}, row {row}, column {column}: {code} has no final use, but {cell} stands "
                "there; empty the cell",
                path=path,
                row=frame["line"][at],
                column=column,
                code=frame["row_code"][at],
                cell=frame[column][at],
            )


def _check_names(
    path: Path, frame: pl.DataFrame, names: Sequence[str], supply: npt.NDArray[np.int_]
) -> None:
    for row in supply[1:]:
        for domestic, at in zip(names, row, strict=True):
            here = frame["row_name_zh"][int(at)]
            if here != domestic:
                raise RefusedRows(
                    "{path}, row {row}: sector {code} is called {here} here and {domestic} in its "
                    "domestic row; rows may have slipped, get the table again from its source",
                    path=path,
                    row=frame["line"][int(at)],
                    code=frame["row_code"][int(at)],
                    here=here,
                    domestic=domestic,
                )
