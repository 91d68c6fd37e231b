"""Readers of the files that people send: Excel, CSV, Parquet."""

from __future__ import annotations

from ballast.lake.sheets.cells import safe_cell
from ballast.lake.sheets.grid import Grid, Header
from ballast.lake.sheets.reading import read_grids

__all__ = ["Grid", "Header", "read_grids", "safe_cell"]
