"""Which header of a file is which column of a table.

Forms of ten years and three offices name one column in ten ways. A header is
therefore looked up under what the user says (``--map``), what earlier loads
learnt, the declared name, the labels and the synonyms, in that order; of a
header of several levels first its last part, then all of it, then any part.
Similar spellings are not guessed at: 营业收入 and 营业外收入 differ by one character.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ballast.errors import WrongColumns, WrongUsage
from ballast.lake.declare import Column, Kind, Table
from ballast.lake.sheets.grid import Header
from ballast.lake.sheets.header_text import bracketed, is_unit_like, normal, numbered, split_unit
from ballast.terms.unit import Unit, parse_unit

__all__ = ["Match", "match_headers"]

_GIVEN, _REMEMBERED, _NAME, _LABEL, _SYNONYM = range(5)
_LAST, _JOINED, _PART = range(3)
_NUMERIC = (Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER)

Rank = tuple[int, int]
"""How a header came to its column: by what, and by which part; lower is surer."""


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for the columns of a table among the headers of a file.

    Parameters
    ----------
    columns
        Column name to index in the headers.
    units
        Column name to the unit of the file's figures, where the file names one.
    unknown
        Headers of the file that no column claims.
    missing
        Required columns without a default that the file does not carry.
    """

    columns: dict[str, int]
    units: dict[str, Unit]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def match_headers(
    table: Table,
    headers: Sequence[Header],
    *,
    given: Mapping[str, str],
    remembered: Mapping[str, str],
) -> Match:
    """Find the columns of a table among the headers of a file.

    Parameters
    ----------
    table
        The declaration.
    headers
        As `read_grids` gives them.
    given
        Header of the file to column name, as ``--map`` says. A header of
        several levels is named by its last part or by all of them.
    remembered
        The same, learnt from earlier loads; what does not fit is passed over.

    Returns
    -------
    Match

    Raises
    ------
    WrongColumns
        If two headers are equally surely one column.
    WrongUsage
        If ``given`` names a header or a column that is not there.
    InvalidTerm
        If a column's header names a unit that is not known.

    Examples
    --------
    >>> from ballast.lake.tables import table
    >>> headers = [Header("信用代码"), Header("月份"), Header("是否规上")]
    >>> match = match_headers(table("enterprise_period"), headers, given={}, remembered={})
    >>> match.columns
    {'uscc': 0, 'period': 1, 'above_scale': 2}
    """
    names = _names(table)
    told = _given(table, headers, given)
    learnt = {normal(header): name for header, name in remembered.items()}
    claims: dict[str, list[tuple[Rank, int]]] = {}
    for index, header in enumerate(headers):
        found = (told[index], (_GIVEN, _LAST)) if index in told else _find(header, learnt, names)
        if found is not None:
            name, rank = found
            claims.setdefault(name, []).append((rank, index))
    columns = {
        column.name: _surest(column, claims[column.name], headers)
        for column in table
        if column.name in claims
    }
    claimed = set(columns.values())
    return Match(
        columns,
        _units(table, columns, headers),
        tuple(_shown(h) for i, h in enumerate(headers) if i not in claimed and h.text),
        tuple(c.name for c in table if c.required and c.default is None and c.name not in columns),
    )


def _names(table: Table) -> dict[str, tuple[str, int]]:
    """Return every spelling of a column: its normal form to the column and the kind of name."""
    names: dict[str, tuple[str, int]] = {}
    for kind in (_NAME, _LABEL, _SYNONYM):
        for column in table:
            spellings = {
                _NAME: (column.name,),
                _LABEL: (column.label.zh, column.label.en),
                _SYNONYM: column.synonyms,
            }[kind]
            for spelling in filter(normal, spellings):
                names.setdefault(normal(spelling), (column.name, kind))
    return names


def _find(
    header: Header, learnt: Mapping[str, str], names: Mapping[str, tuple[str, int]]
) -> tuple[str, Rank] | None:
    """Return the column that a header names, and how surely."""
    known = {name for name, _ in names.values()}
    path = header.path or (header.text,)
    whole = "".join(path)
    for spelling in (header.text, path[-1], whole):
        name = learnt.get(normal(spelling))
        if name in known:
            return name, (_REMEMBERED, _LAST)
    parts = [split_unit(part)[0] for part in path]
    for spellings, part in (((header.text, path[-1]), _LAST), (("".join(parts), whole), _JOINED)):
        found = _by_name(spellings, names)
        if found is not None:
            return found[0], (found[1], part)
    by_part = {found for part in parts if (found := _by_name((part,), names)) is not None}
    if len({name for name, _ in by_part}) == 1:
        name, kind = min(by_part, key=lambda found: found[1])
        return name, (kind, _PART)
    return None


def _by_name(
    spellings: Sequence[str], names: Mapping[str, tuple[str, int]]
) -> tuple[str, int] | None:
    """Return the column of the first spelling that names one.

    A remark in brackets and a leading number are tried without: 企业代码（18位）, 一、营业收入.
    """
    for spelling in spellings:
        bare = numbered(spelling)
        for variant in (spelling, bare, *(b[0] for b in (bracketed(bare),) if b is not None)):
            found = names.get(normal(variant))
            if found is not None:
                return found
    return None


def _given(table: Table, headers: Sequence[Header], given: Mapping[str, str]) -> dict[int, str]:
    """Return which header the user says is which column."""
    told: dict[int, str] = {}
    columns = _names(table)
    for wanted, name in given.items():
        found = columns.get(normal(name))
        if found is None or found[1] == _SYNONYM:
            raise WrongUsage(
                "--map {header}={name}: {table} has no column {name}; the nearest is {nearest}",
                header=wanted,
                name=name,
                table=table.name,
                nearest=_nearest(name, [c.name for c in table]),
            )
        places = [i for i, header in enumerate(headers) if _is_called(header, wanted)]
        if not places:
            raise WrongUsage(
                "--map {header}={name}: the file has no header {header}; the nearest is {nearest}",
                header=wanted,
                name=name,
                nearest=_nearest(wanted, [_shown(header) for header in headers]),
            )
        if len(places) > 1:
            raise WrongColumns(
                "--map {header}={name}: {count} headers are called so: {headers};"
                " write all parts of the one",
                header=wanted,
                name=name,
                count=len(places),
                headers=", ".join(_shown(headers[i]) for i in places),
            )
        told[places[0]] = found[0]
    return told


def _is_called(header: Header, wanted: str) -> bool:
    names = (header.text, *header.path[-1:], "".join(header.path))
    return normal(wanted) in {normal(name) for name in names if name}


def _nearest(wanted: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(wanted, names, n=1, cutoff=0.0)
    return close[0] if close else "–"


def _surest(column: Column, claims: Sequence[tuple[Rank, int]], headers: Sequence[Header]) -> int:
    """Return the index of the header that a column takes."""
    best = min(rank for rank, _ in claims)
    places = [index for rank, index in claims if rank == best]
    if len(places) > 1:
        raise WrongColumns(
            "the headers {first} and {second} are both {column} ({name}); say which it is with"
            " --map, or rename one",
            first=_shown(headers[places[0]]),
            second=_shown(headers[places[1]]),
            column=column.label.zh,
            name=column.name,
        )
    return places[0]


def _units(table: Table, columns: Mapping[str, int], headers: Sequence[Header]) -> dict[str, Unit]:
    """Return the units that the file gives for its figures."""
    units: dict[str, Unit] = {}
    for name, index in columns.items():
        column, header = table.column(name), headers[index]
        if column.kind not in _NUMERIC:
            continue
        unit = header.unit
        if unit is None and column.unit is not None:
            remark = bracketed(header.path[-1] if header.path else header.text)
            if remark is not None and is_unit_like(remark[1]):
                parse_unit(remark[1])  # a unit that is not known must not pass for none
            dimension = column.unit.dimension
            unit = next((u for u in header.sheet_units if u.dimension == dimension), None)
        if unit is not None:
            units[name] = unit
    return units


def _shown(header: Header) -> str:
    """Return a header as a person would name it."""
    return "/".join(header.path) if len(header.path) > 1 else header.text
