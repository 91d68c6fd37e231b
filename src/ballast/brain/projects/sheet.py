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
from ballast.errors import Refused, RefusedRows
from ballast.lake.declare import Column, Kind, Table
from ballast.lake.known import known_codes
from ballast.lake.lake import Lake
from ballast.lake.loading import sift_file
from ballast.lake.tables import table
from ballast.terms.label import Label, Language
from ballast.terms.period import Period, PeriodKind

__all__ = ["SHEET", "SheetRow", "month_of", "read_sheet"]

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


_OTHER = (
    "project_kind", "region_scheme", "region", "industry_scheme", "industry", "planned_start",
    "planned_end",
)  # fmt: skip


def read_sheet(
    lake: Lake, path: Path, language: Language, *, sheet: str | None = None
) -> tuple[SheetRow, ...]:
    """Return the rows of a monthly sheet; every cell must be one.

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
        If the file cannot be read, lacks a column, or holds a wrong cell.
    """
    sifted = sift_file(SHEET, path, known_codes(lake), sheet=sheet)
    if sifted.issue_count:
        raise RefusedRows(
            "{file}: {count} rows are wrong; the first: {first}. Nothing was changed",
            file=path.name,
            count=int(sifted.wrong.sum()),
            first=sifted.issues(1)[0].text(language),
        )
    rows = tuple(
        _row(cells, number)
        for number, cells in enumerate(sifted.accepted.iter_rows(named=True), start=1)
    )
    if not rows:
        raise Refused("{path}: there are headers but no rows; fill some in", path=path)
    return rows


def _row(cells: Mapping[str, Any], number: int) -> SheetRow:
    return SheetRow(
        row=cells["source_row"] or number,
        sheet=cells["source_sheet"],
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
            "the sheet does not say which month it is of; name it with --period, such as 2026-05"
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
