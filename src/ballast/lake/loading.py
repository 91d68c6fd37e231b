"""Loading a file: read it, hold it against its table, commit what is right.

Rows that are right are committed together as one load; rows that are not go
to a file beside the input with the reasons. A file that cannot be read, or
lacks a column, loads nothing. A recipe's file is known to the letter, so one
wrong row refuses all of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from typing import NoReturn

import polars as pl

from ballast.errors import Refused, RefusedRows, WrongColumns, WrongUsage
from ballast.lake import store
from ballast.lake.checks import Known
from ballast.lake.declare import Column, Stage, Table
from ballast.lake.doubts import lost_zeros
from ballast.lake.headers import Match, match_headers
from ballast.lake.issues import Issue
from ballast.lake.known import known_codes, standing_stretches
from ballast.lake.lake import Lake
from ballast.lake.ledger import Provenance, same_file
from ballast.lake.recipes import find_recipe
from ballast.lake.refused import WHERE_AND_WHY, refused_sheets, write_refused
from ballast.lake.remembered import remember_headers, remembered_headers
from ballast.lake.sheets import Grid, read_grids
from ballast.lake.sifting import Cells, Sifted, cells_of, sift
from ballast.lake.tables import table
from ballast.terms.label import Label, Language
from ballast.terms.unit import CNY_1E4
from ballast.terms.viewer import Viewer
from ballast.words import Sentence, pack, visible

_NAMED_HEADERS = 20  # in one sentence


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of a load.

    Parameters
    ----------
    load_id
        The load; ``None`` where nothing was committed.
    already
        The same file stands already under that load; nothing was changed.
    accepted, refused
        Rows, over all tables.
    tables
        Rows accepted, by table.
    issues
        What is wrong, one by one, the first of them.
    issue_count
        How many things are wrong in all.
    notes
        What was understood, left out or rounded.
    refused_file
        Where the refused rows are.
    """

    load_id: str | None
    already: bool = False
    accepted: int = 0
    refused: int = 0
    tables: Mapping[str, int] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    issue_count: int = 0
    notes: tuple[Sentence, ...] = ()
    refused_file: Path | None = None


def load_file(
    lake: Lake,
    name: str,
    path: Path,
    viewer: Viewer,
    *,
    given: Mapping[str, str] | None = None,
    sheet: str | None = None,
    zone: tzinfo | None = None,
    dry_run: bool = False,
    language: Language = "en",
    provenance: Provenance = "real",
    file_name: str | None = None,
    phase: store.Step = store.no_step,
    step: store.Step = store.no_step,
) -> LoadReport:
    """Load an Excel, CSV or Parquet file into a table.

    Parameters
    ----------
    lake
        Where to.
    name
        The table.
    path
        The file.
    viewer
        Who loads.
    given
        Header of the file to column of the table, for headers that are not understood.
    sheet
        The worksheet to read; all of them where ``None``.
    zone
        Whose clock times without a zone are by; ``None``: such times are refused.
    dry_run
        Say what would happen; commit nothing and write no file.
    language
        Of the reasons in the file of refused rows.
    provenance
        ``"synthetic"`` for made-up data; it is shown wherever they are.
    file_name
        What the ledger calls the file, where it does not stand under its own name.
    phase
        Called as ``reading``, ``checking`` and ``writing`` begin; it may raise to stop the load.
    step
        Called between the steps of the write.

    Returns
    -------
    LoadReport

    Raises
    ------
    Refused
        If the file as a whole is refused; nothing was loaded.
    """
    declared = table(name)
    if declared.stage is not Stage.LOADED:
        raise WrongUsage("{name} is not a table that is loaded", name=name)
    given = dict(given or {})
    phase("reading")
    grids = read_grids(path, sheet=sheet)
    way = {"table": name, "map": given, "sheet": sheet} | ({"zone": str(zone)} if zone else {})
    file_hash = _digest([path], way)
    if not dry_run and (standing := same_file(lake.ledger.rows(), file_hash)):
        return LoadReport(standing, already=True)
    remembered = remembered_headers(lake.home).get(name, {})
    matches = [_match(declared, grid, path, given=given, remembered=remembered) for grid in grids]
    cells = [cells_of(grid, match, zone) for grid, match in zip(grids, matches, strict=True)]
    phase("checking")
    sifted = sift(declared, cells, known_codes(lake), standing_stretches(lake, declared))
    notes = notes_on(declared, grids, matches, sifted)
    accepted, refused = sifted.accepted, int(sifted.wrong.sum())
    report = _told(name, sifted, notes)
    if not refused and not accepted.height:
        raise Refused("{path}: there are headers but no rows; fill some in", path=path)
    if dry_run:
        return report
    phase("writing")
    set_aside = None
    if refused:
        rejected = refused_sheets(grids, matches, cells, sifted, language)
        set_aside = write_refused(path, lake.home.refused, rejected, language)
    if not accepted.height:
        return replace(report, refused_file=set_aside)
    load_id = lake.commit(
        {name: accepted},
        viewer,
        file=visible(file_name or path.name),
        file_hash=file_hash,
        refused=refused,
        provenance=provenance,
        note=pack(notes),
        step=step,
    )
    if given:
        remember_headers(lake.home, name, given)
    return replace(report, load_id=load_id, refused_file=set_aside)


def _told(name: str, sifted: Sifted, notes: tuple[Sentence, ...]) -> LoadReport:
    return LoadReport(
        None,
        accepted=sifted.accepted.height,
        refused=int(sifted.wrong.sum()),
        tables={name: sifted.accepted.height},
        issues=sifted.issues(),
        issue_count=sifted.issue_count,
        notes=notes,
    )


def read_rows(declared: Table, path: Path, known: Known, language: Language = "en") -> pl.DataFrame:
    """Return the rows of a file that is used once and not loaded; all must be right.

    Parameters
    ----------
    declared
        The table that the file is shaped like.
    path
        The file.
    known
        Codes of schemes that the package does not carry.
    language
        Of the first fault in the message.

    Raises
    ------
    Refused
        If anything is wrong in it.
    """
    sifted = sift_file(declared, path, known)
    if sifted.issue_count:
        _refuse_all(declared.name, path.name, sifted, language)
    return sifted.accepted.select(declared.arrow_schema.names)


def sift_file(declared: Table, path: Path, known: Known, *, sheet: str | None = None) -> Sifted:
    """Hold a file against a declaration without loading it; rows keep their sheet and number.

    Parameters
    ----------
    declared, path, known
        As for ``read_rows``.
    sheet
        The worksheet to read; all of them where ``None``.
    """
    grids = read_grids(path, sheet=sheet)
    matches = [_match(declared, grid, path, given={}, remembered={}) for grid in grids]
    cells = [cells_of(grid, match) for grid, match in zip(grids, matches, strict=True)]
    return sift(declared, cells, known)


def load_recipe(
    lake: Lake,
    name: str,
    paths: Sequence[Path],
    viewer: Viewer,
    *,
    options: Mapping[str, str] | None = None,
    dry_run: bool = False,
    language: Language = "en",
    step: store.Step = store.no_step,
) -> LoadReport:
    """Load files of a known kind into the tables that its recipe fills.

    Parameters
    ----------
    lake, viewer, dry_run, language, step
        As for ``load_file``.
    name
        The recipe.
    paths
        Its files.
    options
        Its options, such as ``{"level": "6"}``.

    Raises
    ------
    Refused
        If anything at all is wrong; nothing was loaded.
    """
    recipe = find_recipe(name)
    options = dict(options or {})
    made = recipe.read(paths, options)
    file_hash = _digest(paths, {"recipe": name, "options": options})
    if not dry_run and (standing := same_file(lake.ledger.rows(), file_hash)):
        return LoadReport(standing, already=True)
    frames: dict[str, pl.DataFrame] = {}
    for table_name, frame in made.frames.items():
        known = known_codes(lake, frames)
        sifted = sift(table(table_name), [Cells(frame)], known)
        if sifted.issue_count:
            _refuse_all(table_name, paths[0].name, sifted, language)
        frames[table_name] = sifted.accepted
    accepted = sum(frame.height for frame in frames.values())
    if not accepted:
        raise Refused("{path}: there are headers but no rows; fill some in", path=paths[0])
    report = LoadReport(
        None,
        accepted=accepted,
        tables={key: frame.height for key, frame in frames.items()},
        notes=tuple(made.sentences),
    )
    if dry_run:
        return report
    load_id = lake.commit(
        frames,
        viewer,
        file=visible(", ".join(path.name for path in paths)),
        file_hash=file_hash,
        recipe=name,
        note=pack(report.notes),
        step=step,
    )
    return replace(report, load_id=load_id)


def _refuse_all(table_name: str, file: str, sifted: Sifted, language: Language) -> NoReturn:
    raise RefusedRows(
        "{file}: {count} rows do not fit the table {table}; the first: {first}. Nothing was loaded",
        file=file,
        count=int(sifted.wrong.sum()),
        table=table_name,
        first=sifted.issues(1)[0].text(language),
    )


def _match(
    declared: Table,
    grid: Grid,
    path: Path,
    *,
    given: Mapping[str, str],
    remembered: Mapping[str, str],
) -> Match:
    match = match_headers(declared, grid.headers, given=given, remembered=remembered)
    if match.missing:
        raise WrongColumns(
            "{path}{sheet}: the table {table} needs the columns {missing}; found: {found}. "
            "Name the header with --map 'HEADER=COLUMN', or start from `ballast template {table}`",
            path=path,
            sheet=f", {grid.sheet}" if grid.sheet else "",
            table=declared.name,
            missing=", ".join(f"{declared.column(n).label.zh} ({n})" for n in match.missing),
            found=_few([header.text for header in grid.headers]),
        )
    return match


def _is_money(column: Column) -> bool:
    return column.unit is CNY_1E4


def notes_on(
    declared: Table, grids: Sequence[Grid], matches: Sequence[Match], sifted: Sifted
) -> tuple[Sentence, ...]:
    """Return what was understood, left out or rounded, for the reader to know."""
    notes = [note for grid in grids for note in grid.notes]
    told = {name for label in WHERE_AND_WHY for name in (label.zh, label.en)}
    assumed = dict.fromkeys(
        column.label
        for match in matches
        for column in declared
        if column.name in match.columns and column.name not in match.units and _is_money(column)
    )
    if assumed:
        notes.append(
            Sentence(
                "no unit stands over these columns; they were read in 10,000 CNY: {columns}.",
                {
                    "columns": Label(
                        "、".join(label.zh for label in assumed),
                        ", ".join(label.en for label in assumed),
                    )
                },
            )
        )
    unknown = dict.fromkeys(name for m in matches for name in m.unknown if name not in told)
    if unknown:
        notes.append(
            Sentence(
                "these headers are not of the table and were left out: {headers}.",
                {"headers": _few(list(unknown))},
            )
        )
    if sifted.rounded:
        notes.append(
            Sentence(
                "{count} amounts had more than four decimals and were rounded half to even.",
                {"count": sifted.rounded},
            )
        )
    return (*notes, *lost_zeros(declared, sifted.accepted))


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED_HEADERS]) + (
        f" … ({len(names)})" if names[_NAMED_HEADERS:] else ""
    )


def _digest(paths: Sequence[Path], how: Mapping[str, object]) -> str:
    digest = hashlib.sha256(json.dumps(how, sort_keys=True).encode())
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
