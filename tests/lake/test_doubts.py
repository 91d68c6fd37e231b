"""A code that lost its leading zero is another right code: it is doubted, not refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ballast.lake.doubts import lost_zeros
from ballast.lake.lake import Lake
from ballast.lake.loading import load_file
from ballast.lake.tables import table
from ballast.terms.viewer import Viewer


def doubted(*codes: str, scheme: str = "gbt4754-2017") -> list[object]:
    frame = pl.DataFrame({"industry_scheme": scheme, "industry": list(codes)})
    return [doubt.values["codes"] for doubt in lost_zeros(table("project"), frame)]


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["0111", "111", "3452"], ["111"]),  # 0111 rice, 111 services to coal mining
        (["111", "3452", "3451"], ["111"]),
        (["21", "345", "343"], ["21"]),  # 021 trees, 21 furniture
        (["345", "3452"], []),  # no class is called 0345
        (["111", "345"], []),  # no longer code beside it
        (["111", "1110", "345", "3452"], []),  # levels on purpose
    ],
)
def test_a_short_code_among_longer_ones_is_doubted(codes: list[str], found: list[str]) -> None:
    assert doubted(*codes) == found


def test_codes_of_another_classification_are_left_alone() -> None:
    assert doubted("111", "3452", scheme="naics-2017") == []


def test_the_doubt_is_told_with_the_load(lake: Lake, analyst: Viewer, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "region,industry,period,employment_persons\n371502,111,2024,1\n371502,3452,2024,1\n"
    )
    report = load_file(lake, "region_industry", path, analyst)
    assert report.accepted == 2
    assert [note.text("en") for note in report.notes] == [
        "industry code: 111 stand among longer codes; if a leading zero was lost (0111), "
        "load it again with the codes as text."
    ]
