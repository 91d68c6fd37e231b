"""Sifting an input: each row of a file is right, or refused with its reasons.

``parsing`` says what a cell means and ``checks`` what the declaration thinks
of it; here both are run over one sheet after the other and over the file as
a whole, and the verdicts become issues that name cell, fault and remedy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import partial

import polars as pl

from ballast.errors import UnitMismatch, WrongColumns
from ballast.lake import checks
from ballast.lake.checks import Known
from ballast.lake.declare import Column, Table
from ballast.lake.folded import unfold
from ballast.lake.headers import Match
from ballast.lake.issues import Issue
from ballast.lake.parsing import Parsed, Verdict, parse_column
from ballast.lake.reversed_dates import reversed_dates
from ballast.lake.sheets import Grid
from ballast.lake.stretches import stretches
from ballast.terms.label import Language
from ballast.terms.unit import Unit

_COLUMNS_AT_ONCE = 4
MOST_ISSUES = 1_000  # told one by one; the refused file holds the reasons of every row


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one sheet under the declared names of their columns.

    Parameters
    ----------
    frame
        Declared column name to cells, text or typed; what the file lacks is absent.
    rows
        The row numbers that a person sees; ``None`` where the input has none.
    sheet
        Name of the sheet.
    positions
        Column name to its index in the file.
    units
        Column name to the unit of its figures, where the file names one.
    zone
        Whose clock times without a zone are by; ``None``: they are refused.
    """

    frame: pl.DataFrame
    rows: pl.Series | None = None
    sheet: str | None = None
    positions: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    zone: tzinfo | None = None


def cells_of(grid: Grid, match: Match, zone: tzinfo | None = None) -> Cells:
    """Return the cells of a sheet under the names of the columns that its headers were taken for.

    Parameters
    ----------
    grid
        The sheet as it was read.
    match
        What `match_headers` found for it.
    zone
        Whose its clock times without a zone are.
    """
    frame = grid.frame.select(
        pl.col(f"c{index}").alias(name) for name, index in match.columns.items()
    )
    return Cells(frame, grid.rows, grid.sheet, match.columns, match.units, zone)


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict on the rows of one sheet.

    Parameters
    ----------
    cells
        The sheet.
    offset
        Index in the whole input of the sheet's first row.
    verdict
        Which rows are wrong, and why.
    column
        The column it is about; ``None`` for whole rows.
    texts
        The cells of that column, from which the verdict draws its words;
        ``None`` where it is asked by the index of the row.
    """

    cells: Cells
    offset: int
    verdict: Verdict
    column: Column | None = None
    texts: pl.Series | None = None

    def issue(self, index: int) -> Issue:
        """Return what is wrong in a row of the sheet."""
        found = None if self.texts is None else self.texts[index]
        by_row = self.verdict.by_row or self.texts is None
        asked = str(index) if by_row else str(found or "")
        rows, column = self.cells.rows, self.column
        return Issue(
            sheet=self.cells.sheet,
            row=None if rows is None else int(rows[index]),
            column=column.label if column else None,
            position=self.cells.positions.get(column.name) if column else None,
            found=found,
            template=self.verdict.template,
            values=self.verdict.values(asked),
        )


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is right in an input, and what is not.

    Parameters
    ----------
    frame
        Every row, in declared columns and types, with ``source_sheet`` and ``source_row``.
    wrong : Series of bool
        The rows that are refused.
    findings
        Why.
    rounded
        Amounts that carried more decimals than are stored.
    """

    frame: pl.DataFrame
    wrong: pl.Series
    findings: tuple[Finding, ...]
    rounded: int

    @property
    def accepted(self) -> pl.DataFrame:
        """The rows that are right."""
        return self.frame.filter(~self.wrong)

    @property
    def issue_count(self) -> int:
        """How many things are wrong in all."""
        return sum(int(finding.verdict.wrong.sum()) for finding in self.findings)

    def issues(self, most: int = MOST_ISSUES) -> tuple[Issue, ...]:
        """Return what is wrong one by one, in the order of the file, at most so many."""
        places = [
            (finding.offset + index, number)
            for number, finding in enumerate(self.findings)
            for index in finding.verdict.wrong.arg_true().head(most).to_list()
        ]
        return tuple(
            self.findings[number].issue(index - self.findings[number].offset)
            for index, number in sorted(places)[:most]
        )

    def reasons(self, language: Language) -> dict[int, list[str]]:
        """Return for each refused row, by its index in ``frame``, all that is wrong in it."""
        told: dict[int, list[str]] = {}
        for finding in self.findings:
            for index in finding.verdict.wrong.arg_true().to_list():
                reason = finding.issue(index).reason(language)
                told.setdefault(finding.offset + index, []).append(reason)
        return told


def sift(
    declared: Table,
    sheets: Sequence[Cells],
    known: Known,
    standing: pl.DataFrame | None = None,
) -> Sifted:
    """Hold an input against the declaration of its table.

    Parameters
    ----------
    declared
        The table.
    sheets
        The sheets of the input, in their order.
    known
        Codes of schemes that the package does not carry.
    standing
        Of a table of stretches: those that stand already, which a row must not overlap.

    Returns
    -------
    Sifted

    Raises
    ------
    WrongColumns
        If the unit that a header names cannot be converted into its column's.
    """
    parts: list[Sifted] = []
    offset = 0
    for cells in sheets:
        parts.append(_sift_sheet(declared, cells, known, offset))
        offset += cells.frame.height
    frame = pl.concat([part.frame for part in parts])
    wrong = pl.concat([part.wrong for part in parts])
    findings = [finding for part in parts for finding in part.findings]
    for verdict in (
        checks.duplicates(declared, frame, ~wrong),
        *reversed_dates(declared, frame, ~wrong),
        *stretches(declared, frame, ~wrong, standing, sheets[0].zone if sheets else None),
    ):
        findings += _over_sheets(sheets, verdict)
        wrong |= verdict.wrong
    return Sifted(frame, wrong, tuple(findings), sum(part.rounded for part in parts))


def _over_sheets(sheets: Sequence[Cells], verdict: Verdict) -> Iterator[Finding]:
    """Yield a verdict on the whole input as findings on its sheets."""
    offset = 0
    for cells in sheets if verdict.wrong.any() else ():
        here = verdict.wrong.slice(offset, cells.frame.height)
        said = partial(_ask_from, verdict, offset)
        yield Finding(cells, offset, Verdict(here, verdict.template, said))
        offset += cells.frame.height


def _ask_from(verdict: Verdict, start: int, index: str) -> Mapping[str, object]:
    return verdict.values(str(int(index) + start))


def _sift_sheet(declared: Table, cells: Cells, known: Known, offset: int) -> Sifted:
    height = cells.frame.height
    findings: list[Finding] = []
    columns: dict[str, pl.Series] = {}
    faulty: dict[str, pl.Series] = {}
    rounded = 0

    def note(column: Column | None, texts: pl.Series | None, verdicts: Sequence[Verdict]) -> None:
        findings.extend(
            Finding(cells, offset, verdict, column, texts)
            for verdict in verdicts
            if verdict.wrong.any()
        )

    # Parsing a column is mostly polars' work, which lets other threads run meanwhile.
    with ThreadPoolExecutor(_COLUMNS_AT_ONCE) as pool:
        columns_parsed = list(pool.map(partial(_parsed_of, cells), declared))
    for column, parsed in zip(declared, columns_parsed, strict=True):
        note(column, parsed.texts, parsed.verdicts)
        faulty[column.name] = _any([verdict.wrong for verdict in parsed.verdicts], height)
        columns[column.name] = parsed.values.alias(column.name)
        rounded += parsed.rounded
    frame = checks.infer_schemes(pl.DataFrame(columns))
    frame = frame.with_columns(
        pl.col(name).fill_null("")
        for name in declared.key
        if not declared.column(name).required and frame.schema[name] == pl.String
    )
    for column in declared:
        frame, converted = checks.row_units(column, frame)
        found = [*converted, *checks.checks_of(column, frame, known)]
        if column.required:
            wrong = _any([faulty[column.name], *(v.wrong for v in converted)], height)
            found.append(checks.required(column, frame[column.name], wrong))
        if any(verdict.wrong.any() for verdict in found):
            note(column, frame[column.name].cast(pl.String), found)
    note(None, None, checks.one_of(declared, frame, faulty))
    unfolded = unfold(declared, frame, faulty, known)
    for name, verdict in unfolded.verdicts:
        note(declared.column(name), frame[name].cast(pl.String), [verdict])
    frame = unfolded.frame
    frame = frame.with_columns(
        pl.lit(cells.sheet, dtype=pl.String).alias("source_sheet"),
        pl.lit(None, dtype=pl.Int64).alias("source_row")
        if cells.rows is None
        else cells.rows.cast(pl.Int64).alias("source_row"),
    )
    wrong = _any([finding.verdict.wrong for finding in findings], height)
    return Sifted(frame, wrong, tuple(findings), rounded)


def _parsed_of(cells: Cells, column: Column) -> Parsed:
    texts = cells.frame[column.name] if column.name in cells.frame.columns else None
    unit = cells.units.get(column.name)
    return _parse(column, texts, cells.frame.height, unit, cells.zone)


def _parse(
    column: Column, texts: pl.Series | None, height: int, unit: Unit | None, zone: tzinfo | None
) -> Parsed:
    if texts is None:
        texts = pl.repeat(None, height, dtype=pl.String, eager=True)
    try:
        parsed = parse_column(column, texts, unit, zone)
    except UnitMismatch as error:
        raise WrongColumns(
            "{column}: the header says {unit}, which cannot be converted into {own}; "
            "give the figures in {own}",
            column=column.label,
            unit=unit.label if unit else "",
            own=column.unit.label if column.unit else "",
        ) from error
    if column.default is None:
        return parsed
    default = parse_column(column, pl.Series([column.default])).values
    empty = parsed.values.is_null()
    if not empty.any():
        return parsed
    filled = parsed.values.fill_null(default.item())
    return replace(parsed, values=filled)


def _any(masks: Sequence[pl.Series], height: int) -> pl.Series:
    whole = pl.repeat(False, height, dtype=pl.Boolean, eager=True)
    for mask in masks:
        whole = whole | mask
    return whole
