"""Which header of a file is which column of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ballast.lake.declare import Table
from ballast.lake.sheets.grid import Header
from ballast.terms.unit import Unit

__all__ = ["Match", "match_headers"]


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for the columns of a table among the headers of a file.

    Parameters
    ----------
    columns
        Column name to index in the headers.
    units
        Column name to the unit of the file's figures, where it names one.
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
    given
        Header of the file to column name, as ``--map`` says.
    remembered
        The same, learnt from earlier loads.

    Raises
    ------
    WrongColumns
        If two headers are one column.
    WrongUsage
        If ``given`` names a header or a column that is not there.
    """
    raise NotImplementedError
