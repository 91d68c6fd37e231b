"""A small input–output table that adds up, as the text of a file; tests break it cell by cell."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ballast.lake.recipes import RecipeFrames
from ballast.lake.recipes.china_io import CHINA_IO

Floats = npt.NDArray[np.float64]
UNIT = "_1e4_cny"
CODES = ("01", "02", "03")
NAMES = {"01": "农业", "02": "工业", "03": "服务业"}
INPUTS = {
    "TII": "total_intermediate_input",
    "VA001": "value_added",
    "VA002": "value_added",
    "VA003": "value_added",
    "VA004": "value_added",
    "TVA": "total_value_added",
    "TI": "total_input",
}
LEADING = ["row_kind", "origin", "row_code", "row_name_zh", "row_name_en"]


@dataclass(frozen=True)
class SmallTable:
    """Rows of cells under a header, as they stand in the file."""

    header: list[str]
    rows: list[list[str]]

    def place(self, row: str, column: str, origin: str = "all") -> tuple[int, int]:
        """Where a cell is; the unit may be left off the column."""
        at = next(i for i, r in enumerate(self.rows) if (r[1], r[2]) == (origin, row))
        name = column if column in self.header else column + UNIT
        return at, self.header.index(name)

    def cell(self, row: str, column: str, origin: str = "all") -> str:
        at, along = self.place(row, column, origin)
        return self.rows[at][along]

    def with_cell(self, place: tuple[int, int], text: str) -> SmallTable:
        rows = [list(row) for row in self.rows]
        rows[place[0]][place[1]] = text
        return SmallTable(self.header, rows)

    def added(self, place: tuple[int, int], amount: float) -> SmallTable:
        return self.with_cell(place, repr(float(self.rows[place[0]][place[1]]) + amount))

    def without_row(self, row: str, origin: str = "all") -> SmallTable:
        at = self.place(row, "origin", origin)[0]
        return SmallTable(self.header, [r for i, r in enumerate(self.rows) if i != at])

    def without_column(self, column: str) -> SmallTable:
        at = self.header.index(column + UNIT)
        return SmallTable(
            self.header[:at] + self.header[at + 1 :], [r[:at] + r[at + 1 :] for r in self.rows]
        )

    def written(self, path: Path) -> Path:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([self.header, *self.rows])
        path.write_text(text.getvalue(), encoding="utf-8")
        return path


def read(table: SmallTable, folder: Path, options: dict[str, str] | None = None) -> RecipeFrames:
    """What the recipe makes of a table that is written to a file of 2020."""
    return CHINA_IO.read([table.written(folder / "small_2020.csv")], options or {})


def figures(table: SmallTable) -> list[tuple[int, int]]:
    """Every cell of a table that holds a figure."""
    first = len(LEADING)
    return [
        (i, j)
        for i, row in enumerate(table.rows)
        for j, cell in enumerate(row)
        if j >= first and cell
    ]


def competitive() -> SmallTable:
    """Three sectors, flows including imports, consumption and capital formation in detail."""
    flows = np.array([[10.0, 40.0, 5.0], [20.0, 90.0, 30.0], [8.0, 35.0, 60.0]])
    uses: dict[str, Floats] = {"total_intermediate_use": flows.sum(axis=1)}
    uses["rural_household_consumption"] = np.array([7.0, 11.0, 13.0])
    uses["urban_household_consumption"] = np.array([20.0, 50.0, 80.0])
    uses["household_consumption"] = np.array([27.0, 61.0, 93.0])
    uses["government_consumption"] = np.array([1.0, 2.0, 40.0])
    uses["final_consumption"] = np.array([28.0, 63.0, 133.0])
    uses["gross_fixed_capital_formation"] = np.array([2.0, 70.0, 30.0])
    uses["inventory_change"] = np.array([-3.0, 4.0, 0.0])
    uses["gross_capital_formation"] = np.array([-1.0, 74.0, 30.0])
    uses["exports"] = np.array([5.0, 60.0, 12.0])
    uses["total_final_use"] = np.array([32.0, 197.0, 175.0])
    uses["imports"] = np.array([9.0, 50.0, 6.0])
    uses["gross_output"] = (
        uses["total_intermediate_use"] + uses["total_final_use"] - uses["imports"]
    )
    return _table({"all": flows}, {k: v[None, :] for k, v in uses.items()}, uses["gross_output"])


def split() -> SmallTable:
    """Three sectors, domestic and imported flows apart; re-exports in an imported row."""
    domestic = np.array([[9.0, 36.0, 5.0], [15.0, 70.0, 25.0], [8.0, 33.0, 58.0]])
    imported = np.array([[1.0, 4.0, 0.0], [5.0, 20.0, 5.0], [0.0, 2.0, 2.0]])
    flows = np.stack([domestic, imported])
    uses: dict[str, Floats] = {"total_intermediate_use": flows.sum(axis=2)}
    uses["final_consumption"] = np.array([[26.0, 58.0, 132.0], [2.0, 5.0, 1.0]])
    uses["gross_fixed_capital_formation"] = np.array([[2.0, 60.0, 30.0], [0.0, 10.0, 0.0]])
    uses["inventory_change"] = np.array([[-3.0, 4.0, 0.0], [0.5, -0.5, 0.0]])
    uses["exports"] = np.array([[5.0, 60.0, 12.0], [0.0, 3.0, 0.0]])
    uses["total_final_use"] = np.sum(
        [v for k, v in uses.items() if k != "total_intermediate_use"], axis=0
    )
    uses["gross_output_or_total_imports"] = uses["total_intermediate_use"] + uses["total_final_use"]
    return _table(
        {"domestic": domestic, "imported": imported},
        uses,
        uses["gross_output_or_total_imports"][0],
    )


def _table(flows: dict[str, Floats], uses: dict[str, Floats], output: Floats) -> SmallTable:
    header = [*LEADING, *(f"sector_{c}{UNIT}" for c in CODES), *(u + UNIT for u in uses)]
    rows: list[list[str]] = []
    for at, (origin, block) in enumerate(flows.items()):
        for i, code in enumerate(CODES):
            amounts = [*block[i], *(column[at, i] for column in uses.values())]
            rows.append(["intermediate", origin, code, NAMES[code], "", *_text(amounts)])
    used = sum(block.sum(axis=0) for block in flows.values())
    added = output - used
    lines = {"TII": used}
    for k, part in enumerate((0.5, 0.1, 0.15)):
        lines[f"VA00{k + 1}"] = added * part
    lines["VA004"] = added - lines["VA001"] - lines["VA002"] - lines["VA003"]
    lines |= {"TVA": added, "TI": output}
    for code, line in lines.items():
        totals = [line.sum()]
        if code == "TII":
            totals = [column.sum() for column in uses.values()]
        cells = _text([*line, *totals])
        rows.append([INPUTS[code], "all", code, code, "", *cells])
        rows[-1] += [""] * (len(header) - len(rows[-1]))
    return SmallTable(header, rows)


def _text(amounts: list[float]) -> list[str]:
    return [repr(float(amount)) for amount in amounts]


SMALL = {"competitive": competitive(), "split": split()}
