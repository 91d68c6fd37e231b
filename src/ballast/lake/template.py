"""The Excel form of a table, written from its declaration."""

from __future__ import annotations

from pathlib import Path

from ballast.lake.declare import Table
from ballast.terms.label import Language


def write_template(table: Table, path: Path, language: Language) -> None:
    """Write an empty workbook to fill in, with its notes."""
    raise NotImplementedError
