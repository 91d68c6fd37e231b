"""The monthly sheet of projects: what it is shaped like, and its rows as values.

Declared as a table so that headers, units and cells are understood exactly as
everywhere else; it is none of the lake's, because a row of it is no statement
of its own but one about a project, which must first be found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ballast.brain.projects.matching import Named
from ballast.brain.projects.status import Status
from ballast.errors import Refused, RefusedRows, WrongColumns
from ballast.lake.declare import Column, Kind, Table
from ballast.lake.headers import Match, match_headers
from ballast.lake.issues import Issue
from ballast.lake.known import known_codes
from ballast.lake.lake import Lake
from ballast.lake.loading import notes_on
from ballast.lake.sheets import Grid, read_grids
from ballast.lake.sifting import cells_of, sift
from ballast.lake.tables import table
from ballast.terms.label import Label, Language
from ballast.terms.period import Period, PeriodKind
from ballast.words import Sentence

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "SHEET", "Sheet", "SheetRow", "month_of", "read_sheet"]

MOST_ROWS, MOST_COLUMNS = 5_000, 200
"""Of a monthly sheet: three times the projects of a city; what is larger is another file."""

_PROJECT, _MONTH = table("project"), table("project_month")


def _own(name: str, **changes: Any) -> Column:
    """Return a column of ``project`` that a sheet may leave empty."""
    return replace(_PROJECT.column(name), required=False, default=None, **changes)


SHEET = Table(
    name="project_sheet",
    label=Label("项目月报表", "monthly sheet of projects"),
    meaning=Label("各县区上报的项目月报", "what counties send of their projects each month"),
    key=("project", "name", "uscc"),
    one_of=(("project", "name"), ("invested_1e4_cny", "cumulative_1e4_cny", "status")),
    ordered=_PROJECT.ordered,
    columns=(
        _own("project", synonyms=("项目代码", "编号", "序列号")),
        _own("name"),
        _own("uscc"),
        Column(
            name="enterprise",
            kind=Kind.TEXT,
            label=Label("企业名称", "enterprise"),
            meaning=Label("项目单位的名称", "whose project it is"),
            synonyms=("建设单位", "项目单位", "单位名称", "实施企业"),
        ),
        replace(_MONTH.column("period"), required=False),
        _own("project_kind"),
        _own("region_scheme"),
        _own("region"),
        _own("industry_scheme"),
        _own("industry"),
        Column(
            name="total_1e4_cny",
            kind=Kind.DECIMAL,
            unit=_PROJECT.column("planned_1e4_cny").unit,
            least=Decimal(0),
            label=Label("计划总投资", "planned investment"),
            meaning=Label("计划总投资", "investment planned in all"),
            synonyms=("总投资",),
        ),
        _MONTH.column("planned_1e4_cny"),
        _MONTH.column("invested_1e4_cny"),
        _MONTH.column("cumulative_1e4_cny"),
        _own("planned_start"),
        _own("planned_end"),
        _own("started"),
        _own("finished"),
        _own("status"),
        _MONTH.column("progress"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row of a monthly sheet; amounts in 10,000 CNY.

    Parameters
    ----------
    row, sheet
        Where it stands in the file.
    place
        What people call it by in a decision: its number, after ``SHEET!`` where the file has rows
        on more than one worksheet.
    named
        What it says of the project that it means.
    period
        The month that the row itself names.
    planned, invested, cumulative, progress
        Of the month.
    status, started, finished
        As the row has them.
    other
        The other columns of ``project`` that the row fills.
    """

    row: int
    sheet: str | None = None
    place: str = ""
    named: Named
    period: Period | None = None
    planned: Decimal | None = None
    invested: Decimal | None = None
    cumulative: Decimal | None = None
    progress: str | None = None
    status: Status | None = None
    started: date | None = None
    finished: date | None = None
    other: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not self.place:
            object.__setattr__(self, "place", f"{self.row}")


_OTHER = (
    "project_kind", "region_scheme", "region", "industry_scheme", "industry", "planned_start",
    "planned_end",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A monthly sheet as it was read.

    Parameters
    ----------
    rows
        The rows of which every cell is one.
    issues, issue_count
        What is wrong in the others, the first of it, and how much in all.
    wrong
        How many rows that are.
    notes
        What was understood, left out or assumed.
    """

    rows: tuple[SheetRow, ...]
    issues: tuple[Issue, ...] = ()
    issue_count: int = 0
    wrong: int = 0
    notes: tuple[Sentence, ...] = ()


def read_sheet(lake: Lake, path: Path, language: Language, *, sheet: str | None = None) -> Sheet:
    """Return a monthly sheet: its right rows, and what is wrong in the others.

    Parameters
    ----------
    lake
        Whose codes of zones are known.
    path
        The file.
    language
        Of the first fault in the message.
    sheet
        The worksheet to read; all of them where ``None``.

    Raises
    ------
    Refused
        If the file cannot be read, is larger than a monthly sheet is, has not its columns, or
        no row of it is right.
    """
    grids = read_grids(path, sheet=sheet)
    matches = [_columns(grid, path) for grid in grids]
    height = sum(grid.frame.height for grid in grids)
    if height > MOST_ROWS:
        raise Refused(
            "{file}: {count} rows; a monthly sheet has at most {most}: is it another file?",
            file=path.name,
            count=height,
            most=MOST_ROWS,
        )
    cells = [cells_of(grid, found) for grid, found in zip(grids, matches, strict=True)]
    sifted = sift(SHEET, cells, known_codes(lake))
    wrong = int(sifted.wrong.sum())
    several = len({grid.sheet for grid in grids if grid.frame.height}) > 1
    rows = tuple(
        _row(cells, number, several=several)
        for number, cells in enumerate(sifted.accepted.iter_rows(named=True), start=1)
    )
    if wrong and not rows:
        raise RefusedRows(
            "{file}: {count} rows are wrong; the first: {first}. Nothing was changed",
            file=path.name,
            count=wrong,
            first=sifted.issues(1)[0].text(language),
        )
    if not rows:
        raise Refused("{path}: there are headers but no rows; fill some in", path=path)
    notes = notes_on(SHEET, grids, matches, sifted)
    return Sheet(rows, sifted.issues(), sifted.issue_count, wrong, notes)


def _columns(grid: Grid, path: Path) -> Match:
    """Return the columns of a monthly sheet among the headers, or refuse what is none."""
    if len(grid.headers) > MOST_COLUMNS:
        raise WrongColumns(
            "{file}: {count} columns; a monthly sheet has at most {most}: is it another file?",
            file=path.name,
            count=len(grid.headers),
            most=MOST_COLUMNS,
        )
    found = match_headers(SHEET, grid.headers, given={}, remembered={})
    lacking = [group for group in SHEET.one_of if not set(group) & set(found.columns)]
    if lacking:
        raise WrongColumns(
            "{file}: a monthly sheet needs one of the columns {columns}; found: {found}. Name the "
            "header so, or start from the template (`ballast template project_sheet`)",
            file=path.name if grid.sheet is None else f"{path.name}, {grid.sheet}",
            columns=_named(lacking[0]),
            found=", ".join(header.text for header in grid.headers)[:200],
        )
    return found


def _named(columns: tuple[str, ...]) -> Label:
    labels = [SHEET.column(name).label for name in columns]
    return Label("、".join(one.zh for one in labels), ", ".join(one.en for one in labels))


def _row(cells: Mapping[str, Any], number: int, *, several: bool) -> SheetRow:
    row, sheet = cells["source_row"] or number, cells["source_sheet"]
    return SheetRow(
        row=row,
        sheet=sheet,
        place=f"{sheet}!{row}" if several else f"{row}",
        named=Named(
            number=cells["project"] or None,
            name=cells["name"] or None,
            uscc=cells["uscc"] or None,
            enterprise=cells["enterprise"],
            planned=cells["total_1e4_cny"],
        ),
        period=None if cells["period"] is None else Period.parse(cells["period"]),
        planned=cells["planned_1e4_cny"],
        invested=cells["invested_1e4_cny"],
        cumulative=cells["cumulative_1e4_cny"],
        progress=cells["progress"],
        status=None if cells["status"] is None else Status(cells["status"]),
        started=cells["started"],
        finished=cells["finished"],
        other={name: cells[name] for name in _OTHER if cells[name] is not None},
    )


def month_of(asked: str | None, rows: tuple[SheetRow, ...], today: date) -> Period:
    """Return the month that a sheet is of: as asked, as its rows say, both alike where both do.

    Parameters
    ----------
    asked
        The month that the user names.
    rows
        The rows, some of which may name a month of their own.
    today
        A month that is not over is no month to report.

    Raises
    ------
    Refused
        If nobody names a month, two do, it is none, or it lies in the future.
    """
    named = {row.period for row in rows if row.period is not None}
    period = None if asked is None else Period.parse(asked)
    if period is not None:
        named.add(period)
    if not named:
        raise Refused(
            "the sheet does not say which month it is of; name the month, such as 2026-05 "
            "(--period at the command line)"
        )
    if len(named) > 1:
        first, second = sorted(named)[:2]
        raise Refused(
            "the sheet is of {first} and of {second}: one sheet is of one month",
            first=first.label,
            second=second.label,
        )
    [found] = named
    if found.kind not in (PeriodKind.MONTH, PeriodKind.JOINED):
        raise Refused("{period} is no month; write 2026-05, or 2026-01..02", period=str(found))
    if found.start > today:
        raise Refused(
            "{period} is in the future; today is {today}",
            period=found.label,
            today=today.isoformat(),
        )
    return found
