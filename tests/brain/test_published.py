"""Published figures: read as the public viewer, ranked among cities with figures of that year."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ballast.brain.published import PUBLIC_TABLES, published
from ballast.lake.checks import Known
from ballast.lake.declare import Sensitivity
from ballast.lake.lake import Lake
from ballast.lake.sifting import Cells, sift
from ballast.lake.tables import TABLES, table
from ballast.terms.viewer import operator
from ballast.words.numbers import Absence

ROWS = [
    ("371500", "2024", "gdp", "3000"),
    ("371500", "2025", "gdp", "3150"),
    ("370800", "2025", "gdp", "5900"),
    ("370900", "2024", "gdp", "9999"),
    ("370000", "2025", "gdp", "95000"),
    ("000000", "2025", "gdp", "1300000"),
    ("371502", "2025", "gdp", "99999"),
    ("371500", "2025-03ytd", "gdp", "700"),
    ("371500", "2024", "rd_intensity", "3.1"),
    ("371500", "2025", "rd_intensity", "3.22"),
    ("371500", "2024", "exports", "0"),
    ("371500", "2025", "exports", "5"),
]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake.create(tmp_path / "home")
    cells = pl.DataFrame(ROWS, schema=["region", "period", "item", "value"], orient="row")
    sifted = sift(table("region_period"), [Cells(cells)], Known())
    assert sifted.issue_count == 0
    made.commit({"region_period": sifted.accepted}, operator("loader"))
    return made


def test_a_city_ranks_among_cities_with_a_figure_of_its_year(lake: Lake) -> None:
    gdp = next(item for item in published(lake, "371500").items if item.name == "gdp")
    assert (gdp.rank, gdp.ranked) == (2, 2)  # not the province, not a county, not an older year
    assert gdp.own.latest.value == Decimal(3150)
    assert {line.region: line.role for line in gdp.others} == {
        "000000": "nation",
        "370000": "province",
        "370800": "peer",
        "370900": "peer",
    }


def test_changes_are_percent_points_or_undefined(lake: Lake) -> None:
    found = {item.name: item.change for item in published(lake, "371500").items}
    assert found["gdp"].value == pytest.approx(5.0)
    assert found["gdp"].unit.name == "percent"
    assert found["rd_intensity"].value == pytest.approx(0.12)
    assert found["rd_intensity"].unit.name == "pp"
    assert found["exports"].absence is Absence.UNDEFINED


def test_a_region_of_which_nothing_is_published_is_empty(lake: Lake) -> None:
    found = published(lake, "440300")
    assert (found.items, found.rankings, found.sources, found.synthetic) == ((), (), (), False)


def test_open_tables_are_those_declared_public() -> None:
    assert {"region_period", "ranking"} <= set(PUBLIC_TABLES)
    assert not [n for n in PUBLIC_TABLES if TABLES[n].sensitivity is not Sensitivity.PUBLIC]
    assert not [n for n in PUBLIC_TABLES if TABLES[n].subject is not None]
