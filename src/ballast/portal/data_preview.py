"""What a file would do if it were loaded: which table, which columns, and each wrong cell in place.

The loader's own dry run says what is wrong; a person mending a file also
needs to see the cell among its neighbours, and to say which column a header
is. So the same readers and checks are run here, with the cells kept at hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ballast.errors import BallastError, InvalidTerm, UnitMismatch, WrongColumns
from ballast.lake import store
from ballast.lake.declare import Stage, Table
from ballast.lake.headers import Match, match_headers
from ballast.lake.issues import Issue, column_letters
from ballast.lake.known import known_codes
from ballast.lake.lake import Lake
from ballast.lake.loading import notes_on
from ballast.lake.refused import WHERE_AND_WHY
from ballast.lake.remembered import remembered_headers
from ballast.lake.sheets import Grid, Header, read_grids
from ballast.lake.sifting import cells_of, sift
from ballast.lake.tables import TABLES, table
from ballast.words import Sentence

__all__ = ["Cell", "Guess", "Preview", "Strange", "Wrong", "guess", "preview"]

NEIGHBOURS = 2
LONGEST_CELL = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is shown: under which header, what it holds, whether it is the wrong one."""

    letters: str
    header: str
    text: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong, with the cells around it."""

    issue: Issue
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """How well a file fits a table.

    Parameters
    ----------
    table
        Its name.
    matched, headers
        Columns found, of so many headers.
    missing
        Required columns that were not found.
    """

    table: str
    matched: int
    headers: int
    missing: int


@dataclass(frozen=True, slots=True)
class Strange:
    """A header that was not understood.

    Parameters
    ----------
    key
        What the loader is told of it under.
    shown
        All its levels.
    examples
        The first cells below it.
    """

    key: str
    shown: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a load would do.

    Parameters
    ----------
    table
        The table that it was read for.
    guesses
        Every table that some header fits, the best first.
    sheets
        The worksheets of the file; empty where it has none.
    matched
        Columns found, declared name to header.
    missing
        Required columns that no header names; then nothing was checked.
    strange
        Headers that were not understood.
    fault
        Why the file as a whole would be refused.
    accepted, refused
        Rows.
    wrong
        What is wrong, the first of it; ``wrong_count`` is of all.
    notes
        What was understood, left out or assumed.
    sample
        The first rows, as they stand in the file.
    """

    table: str
    guesses: tuple[Guess, ...]
    sheets: tuple[str, ...] = ()
    matched: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    strange: tuple[Strange, ...] = ()
    fault: BallastError | None = None
    accepted: int = 0
    refused: int = 0
    wrong: tuple[Wrong, ...] = ()
    wrong_count: int = 0
    notes: tuple[Sentence, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()

    @property
    def loads(self) -> bool:
        """Whether anything would be loaded."""
        return self.fault is None and not self.missing and self.accepted > 0


def guess(grids: Sequence[Grid], learnt: Mapping[str, Mapping[str, str]]) -> tuple[Guess, ...]:
    """Return the tables that a file may be meant for, the likeliest first.

    Parameters
    ----------
    grids
        The file.
    learnt
        Headers that earlier loads learnt, by table.

    Returns
    -------
    tuple of Guess
        By how many columns match, then by how few required ones are missing.
    """
    found = []
    headers = grids[0].headers
    for declared in TABLES.values():
        if declared.stage is not Stage.LOADED:
            continue
        try:
            match = match_headers(
                declared, headers, given={}, remembered=learnt.get(declared.name, {})
            )
        except (WrongColumns, InvalidTerm):
            continue
        if match.columns:
            found.append(Guess(declared.name, len(match.columns), len(headers), len(match.missing)))
    return tuple(sorted(found, key=lambda one: (-one.matched, one.missing)))


def preview(
    lake: Lake,
    path: Path,
    *,
    name: str | None = None,
    given: Mapping[str, str] | None = None,
    sheet: str | None = None,
    phase: store.Step = store.no_step,
) -> Preview:
    """Return what loading a file would do; nothing is changed.

    Parameters
    ----------
    lake
        Whose codes and learnt headers count.
    path
        The file.
    name
        The table; guessed from the headers where ``None``.
    given
        Header to column, as the reader chose.
    sheet
        The worksheet; all of them where ``None``.
    phase
        Called as each part begins; may raise.

    Raises
    ------
    Refused
        If the file cannot be read at all, or fits no table.
    """
    phase("reading")
    grids = read_grids(path, sheet=sheet)
    learnt = remembered_headers(lake.home)
    guesses = guess(grids, learnt)
    if name is None:
        if not guesses:
            raise WrongColumns(
                "no header of this file is known: {headers}. Choose the table, or start from its "
                "template",
                headers=", ".join(h.text for h in grids[0].headers)[:200],
            )
        name = guesses[0].table
    declared = table(name)
    sheets = tuple(grid.sheet for grid in grids if grid.sheet is not None)
    sample = _sample(grids[0])
    plain = Preview(name, guesses, sheets, sample=sample)
    try:
        matches = [
            match_headers(
                declared, grid.headers, given=dict(given or {}), remembered=learnt.get(name, {})
            )
            for grid in grids
        ]
    except (WrongColumns, InvalidTerm) as fault:
        strange = tuple(_strange(grids[0], range(len(grids[0].headers))))
        return _with(plain, fault=fault, strange=strange)
    plain = _with(plain, matched=_matched(grids, matches), strange=_unclaimed(grids, matches))
    absent = tuple(dict.fromkeys(column for match in matches for column in match.missing))
    if absent:
        return _with(plain, missing=absent)
    phase("checking")
    try:
        return _checked(lake, declared, grids, matches, plain)
    except (WrongColumns, UnitMismatch) as fault:
        return _with(plain, fault=fault)


def _with(found: Preview, **more: object) -> Preview:
    return replace(found, **more)  # type: ignore[arg-type]


def _checked(
    lake: Lake, declared: Table, grids: Sequence[Grid], matches: Sequence[Match], plain: Preview
) -> Preview:
    cells = [cells_of(grid, match) for grid, match in zip(grids, matches, strict=True)]
    sifted = sift(declared, cells, known_codes(lake))
    places = {grid.sheet: {row: at for at, row in enumerate(grid.rows.to_list())} for grid in grids}
    by_sheet = {grid.sheet: grid for grid in grids}
    wrong = tuple(
        Wrong(issue, _around(by_sheet[issue.sheet], places[issue.sheet], issue))
        for issue in sifted.issues()
    )
    return _with(
        plain,
        accepted=sifted.accepted.height,
        refused=int(sifted.wrong.sum()),
        wrong=wrong,
        wrong_count=sifted.issue_count,
        notes=notes_on(declared, grids, matches, sifted),
    )


def _around(grid: Grid, places: Mapping[int, int], issue: Issue) -> tuple[Cell, ...]:
    """Return the wrong cell of a row and those beside it; the row's start where it has none."""
    if issue.row is None or issue.row not in places:
        return ()
    row = grid.frame.row(places[issue.row])
    middle = issue.position
    start = 0 if middle is None else max(middle - NEIGHBOURS, 0)
    end = min(start + 2 * NEIGHBOURS + 1, len(row))
    start = max(min(start, end - 2 * NEIGHBOURS - 1), 0)
    return tuple(
        Cell(column_letters(at), grid.headers[at].text, _text(row[at]), at == middle)
        for at in range(start, end)
    )


def _text(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _sample(grid: Grid) -> tuple[tuple[str, ...], ...]:
    head = tuple(header.text for header in grid.headers)
    return (head, *(tuple(_text(cell) for cell in row) for row in grid.frame.head(5).rows()))


def _matched(grids: Sequence[Grid], matches: Sequence[Match]) -> dict[str, str]:
    found: dict[str, str] = {}
    for grid, match in zip(grids, matches, strict=True):
        for name, index in match.columns.items():
            found.setdefault(name, grid.headers[index].text)
    return found


def _unclaimed(grids: Sequence[Grid], matches: Sequence[Match]) -> tuple[Strange, ...]:
    ours = {name for label in WHERE_AND_WHY for name in (label.zh, label.en)}
    found: dict[str, Strange] = {}
    for grid, match in zip(grids, matches, strict=True):
        claimed = set(match.columns.values())
        free = [at for at in range(len(grid.headers)) if at not in claimed]
        for one in _strange(grid, free):
            if one.shown not in ours:
                found.setdefault(one.key, one)
    return tuple(found.values())


def _strange(grid: Grid, places: Sequence[int]) -> list[Strange]:
    texts = [header.text for header in grid.headers]
    found = []
    for at in places:
        header = grid.headers[at]
        if not header.text:
            continue
        key = header.text if texts.count(header.text) == 1 else "".join(header.path)
        cells = grid.frame[f"c{at}"].drop_nulls().head(3).to_list()
        found.append(Strange(key, _shown(header), tuple(_text(cell) for cell in cells)))
    return found


def _shown(header: Header) -> str:
    return " / ".join(header.path) if len(header.path) > 1 else header.text
