"""A lake to write to, a clock that ticks by hand, and rows to put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import polars as pl
import pytest

from ballast.lake.checks import Known
from ballast.lake.lake import Lake
from ballast.lake.sifting import Cells, sift
from ballast.lake.tables import table
from ballast.terms.viewer import Viewer, operator

START = datetime(2026, 6, 1, tzinfo=UTC)

Rows = Callable[..., pl.DataFrame]


def minutes() -> Iterator[datetime]:
    return (START + timedelta(minutes=n) for n in count())


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return an empty lake whose commits are a minute apart."""
    ticks = minutes()
    return Lake.create(tmp_path / "home", clock=lambda: next(ticks))


@pytest.fixture
def analyst() -> Viewer:
    """Return a viewer with every right."""
    return operator("analyst")


@pytest.fixture
def employment() -> Rows:
    """Return a maker of valid rows of region_industry: region to persons employed."""

    def make(period: str = "2024", industry: str = "34", **persons: int) -> pl.DataFrame:
        cells = pl.DataFrame(
            {
                "region": [name.removeprefix("r") for name in persons],
                "industry": industry,
                "period": period,
                "employment_persons": [str(value) for value in persons.values()],
            }
        )
        return sift(table("region_industry"), [Cells(cells)], Known()).accepted

    return make
