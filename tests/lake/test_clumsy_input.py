"""What clumsy hands and other programs do to files: named and refused, or rightly understood."""

from __future__ import annotations

import os
import time
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ballast.errors import Refused, UnreadableFile, WrongColumns
from ballast.lake.lake import Lake
from ballast.lake.loading import LoadReport, load_file, load_recipe
from ballast.terms.viewer import Viewer

CELL = {"region": "371502", "industry": "34", "period": "2024"}


def parquet(path: Path, **columns: object) -> Path:
    pl.DataFrame({**CELL, **columns}).write_parquet(path)
    return path


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def first(lake: Lake, viewer: Viewer, column: str, table: str = "region_industry") -> object:
    return lake.read(table, viewer)[column].to_pyarrow().to_pylist()[0]


def said(report: LoadReport) -> str:
    return "\n".join(issue.text("en") for issue in report.issues)


@pytest.mark.parametrize(
    ("header", "column", "cells", "stored"),
    [
        ("总产值（亿元）", "output_1e4_cny", pl.Series(["1.5"]).cast(pl.Decimal(10, 2)), 15_000),
        ("总产值（亿元）", "output_1e4_cny", pl.Series([1.5]), 15_000),
        ("从业人员（万人）", "employment_persons", pl.Series([3]), 30_000),
        ("从业人员占比（%）", "employment_share", pl.Series([50.0]), 0.5),
    ],
)
def test_the_unit_over_a_typed_column_counts(
    lake: Lake, analyst: Viewer, tmp_path: Path, header: str, column: str,
    cells: pl.Series, stored: float,
) -> None:  # fmt: skip
    load_file(lake, "region_industry", parquet(tmp_path / "a.parquet", **{header: cells}), analyst)
    assert first(lake, analyst, column) == stored


def test_a_unit_over_a_typed_column_that_cannot_be_converted_is_refused(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    tonnes = parquet(
        tmp_path / "a.parquet", **{"总产值（吨）": pl.Series(["1.5"]).cast(pl.Decimal(9, 2))}
    )
    with pytest.raises(WrongColumns, match="cannot be converted"):
        load_file(lake, "region_industry", tonnes, analyst)


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("employment_persons", pl.Series([2**64 - 1], dtype=pl.UInt64)),
        ("output_1e4_cny", pl.Series([Decimal("9" * 30)], dtype=pl.Decimal(38, 0))),
    ],
)
def test_a_typed_figure_too_large_to_store_is_refused(
    lake: Lake, analyst: Viewer, tmp_path: Path, column: str, cells: pl.Series
) -> None:
    large = parquet(tmp_path / "a.parquet", **{column: cells})
    report = load_file(lake, "region_industry", large, analyst)
    assert report.load_id is None
    assert "larger than any amount that is stored" in said(report)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_year_too_large_to_store_is_refused_and_not_taken_for_empty(
    lake: Lake, analyst: Viewer, tmp_path: Path, suffix: str
) -> None:
    row = {"publisher": "a", "list": "b", "year": [99_999_999_999], "place": 1, "region": "371502"}
    path = tmp_path / f"a.{suffix}"
    frame = pl.DataFrame(row)
    frame.write_csv(path) if suffix == "csv" else frame.write_parquet(path)
    report = load_file(lake, "ranking", path, analyst)
    assert "99999999999 is larger than any amount that is stored" in said(report)


def test_codes_that_went_through_floating_point_are_understood(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    pandas = tmp_path / "a.parquet"
    pl.DataFrame(
        {"region": [371502.0], "industry": [34.0], "period": [2024.0], "employment_persons": [3.0]}
    ).write_parquet(pandas)
    assert load_file(lake, "region_industry", pandas, analyst).refused == 0
    text = written(
        tmp_path / "a.csv", "region,industry,period,employment_persons", "371503.0,34.0,2024,3"
    )
    assert load_file(lake, "region_industry", text, analyst).refused == 0


def test_a_moment_in_a_typed_column_of_dates_is_its_day(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {
            "region_scheme": "ext", "region": "371500-KFQ", "name": "开发区",
            "valid_from": pl.Series(["2026-01-02T03:04:05"]).str.to_datetime(),
        }
    ).write_parquet(path)  # fmt: skip
    assert load_file(lake, "region", path, analyst).accepted == 1
    assert str(first(lake, analyst, "valid_from", "region")) == "2026-01-02"


def test_a_percent_sign_on_an_amount_is_refused_and_on_a_share_understood(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "a.csv", "region,industry,period,output_1e4_cny,从业人员占比",
        "371502,34,2024,5%,", "371503,34,2024,,25%",
    )  # fmt: skip
    report = load_file(lake, "region_industry", path, analyst)
    assert said(report) == (
        "row 2, gross output: 5%: gross output is no percentage; "
        "write the figure without the percent sign"
    )
    assert first(lake, analyst, "employment_share") == 0.25


def test_a_percent_sign_under_a_header_with_one_counts_once(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "a.csv", "region,industry,period,从业人员占比（%）", "371503,34,2024,25%"
    )
    load_file(lake, "region_industry", path, analyst)
    assert first(lake, analyst, "employment_share") == 0.25


def test_a_right_row_is_no_duplicate_of_a_row_that_is_refused(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "a.csv", "region,industry,period,employment_persons",
        "371502,34,2024,-1", "371502,34,2024,2",
    )  # fmt: skip
    report = load_file(lake, "region_industry", path, analyst)
    assert (report.accepted, report.refused) == (1, 1)


def test_a_key_that_stands_many_times_is_named_shortly_and_soon(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    lines = [f"371502,34,2024,{n}" for n in range(40_000)]
    path = written(tmp_path / "a.csv", "region,industry,period,employment_persons", *lines)
    start = time.monotonic()
    report = load_file(lake, "region_industry", path, analyst)
    assert report.refused == 40_000
    assert "stands in row 3, 4, 5, 6, 7, 8, 9, 10 … too" in report.issues[0].text("en")
    assert time.monotonic() - start < 60  # each against each would take minutes


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\x9b", "\x1b"])
def test_text_that_would_turn_a_screen_around_is_refused(
    lake: Lake, analyst: Viewer, tmp_path: Path, letter: str
) -> None:
    path = written(
        tmp_path / "a.csv", "region,industry,period,employment_persons,source",
        f"371502,34,2024,2,a{letter}b",
    )  # fmt: skip
    assert "holds control characters" in said(load_file(lake, "region_industry", path, analyst))


def test_a_code_with_letters_that_cannot_be_seen_is_refused(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", "region_scheme,region,name", "ext,371500-\u200bKFQ,开发区")
    assert "is not a code" in said(load_file(lake, "region", path, analyst))


BAD = (
    "region,industry,period,employment_persons,x\x1b[2J",
    "371502,34,2024,-1,",
    "371503,34,2024,1,",
)


@pytest.mark.parametrize("name", ["x" * 251, "阀" * 83, "a\nb", "{path}{0}", "-x", "\udcff"])
def test_a_file_of_any_name_is_loaded_and_its_refused_rows_set_aside(
    lake: Lake, analyst: Viewer, tmp_path: Path, name: str
) -> None:
    report = load_file(lake, "region_industry", written(tmp_path / f"{name}.csv", *BAD), analyst)
    assert report.accepted == 1
    assert report.refused_file is not None
    assert report.refused_file.parent == tmp_path
    assert "cannot be below 0" in report.refused_file.read_text(encoding="utf-8-sig")
    (kept,) = lake.loads(analyst)["file"]
    assert kept.isprintable()


def test_headers_that_are_left_out_are_named_visibly_and_not_all_of_hundreds(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    more = [f"x{n}" for n in range(300)]
    path = written(
        tmp_path / "a.csv", ",".join([BAD[0], *more]), ",".join([BAD[2], *("" for _ in more)])
    )
    report = load_file(lake, "region_industry", path, analyst, dry_run=True)
    (note,) = [text for n in report.notes if "left out" in (text := n.text("en"))]
    assert "x\\x1b[2J, x0, x1," in note
    assert note.endswith("x18 … (301).")


def test_each_row_is_told_of_its_own_unit_and_date(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    macro = written(
        tmp_path / "a.csv", "region,period,item,value,unit",
        "371500,2022,gdp,1,吨", "371500,2020,population,1,元", "371500,2019,gdp,1,亿元",
    )  # fmt: skip
    report = load_file(lake, "region_period", macro, analyst)
    assert report.accepted == 1
    (first_row, second_row) = said(report).splitlines()
    assert "吨" in first_row
    assert "吨" not in second_row
    early = written(
        tmp_path / "b.csv", "region,industry,period,employment_persons",
        "371503,34,2017,1", "371503,34,2018,1",
    )  # fmt: skip
    told = said(load_file(lake, "region_industry", early, analyst)).splitlines()
    assert ["in 2017" in told[0], "in 2018" in told[1]] == [True, True]


def test_a_figure_that_its_unit_makes_too_large_is_refused_once(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "a.csv", "region,period,item,value,unit",
        "371500,2023,gdp,9999999999999999999,十亿元", "371500,2022,gdp,12345.67891,万元",
    )  # fmt: skip
    report = load_file(lake, "region_period", path, analyst)
    assert said(report) == (
        "row 2, value: 9999999999999999999.0000 is larger than any amount that is stored"
    )
    assert first(lake, analyst, "value", "region_period") == Decimal("1.2346")


@pytest.mark.parametrize("scheme", ["", "gb2260", "ext"])
def test_a_zone_stands_under_one_scheme_whatever_its_row_says(
    lake: Lake, analyst: Viewer, tmp_path: Path, scheme: str
) -> None:
    zone = written(tmp_path / "z.csv", "region_scheme,region,name", "ext,371500-KFQ,开发区")
    load_file(lake, "region", zone, analyst)
    path = written(
        tmp_path / "a.csv", "region_scheme,region,industry,period,employment_persons",
        f"{scheme},371500-KFQ,34,2024,1", f"{scheme},371500-NONE,34,2024,1",
    )  # fmt: skip
    report = load_file(lake, "region_industry", path, analyst)
    assert first(lake, analyst, "region_scheme") == "ext"
    assert "371500-NONE is no region of ext that was loaded" in said(report)


def test_a_recipe_loads_no_file_without_rows(lake: Lake, analyst: Viewer, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "county_code,county_name,section,employment_share")
    with pytest.raises(Refused, match="headers but no rows"):
        load_recipe(lake, "china-census-employment", [path], analyst)
    assert lake.live_loads() == []


@pytest.mark.parametrize("recipe", ["china-census-employment", "porter-clusters"])
def test_a_recipe_does_not_wait_for_a_pipe_that_never_ends(
    lake: Lake, analyst: Viewer, tmp_path: Path, recipe: str
) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(UnreadableFile, match="is not a file"):
        load_recipe(lake, recipe, [tmp_path / "pipe.csv"], analyst)
