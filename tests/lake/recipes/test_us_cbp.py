"""US County Business Patterns: one level, its share, and what is refused."""

from __future__ import annotations

import timeit
from pathlib import Path

import polars as pl
import pytest

from ballast.errors import RefusedRows, WrongColumns, WrongUsage
from ballast.lake.lake import Lake
from ballast.lake.loading import load_recipe
from ballast.lake.recipes.porter_clusters import COLUMNS as PORTER_COLUMNS
from ballast.lake.recipes.us_cbp import US_CBP
from ballast.terms.viewer import operator

ROWS = [
    ("10100", "Aberdeen, SD", "micro", "00", 0, 100, 20),
    ("10100", "Aberdeen, SD", "micro", "31-33", 2, 90, 18),
    ("10100", "Aberdeen, SD", "micro", "311", 3, 40, 8),
    ("10100", "Aberdeen, SD", "micro", "332", 3, 50, 10),
    ("10100", "Aberdeen, SD", "micro", "3329", 4, 45, 9),
    ("10100", "Aberdeen, SD", "micro", "33291", 5, 45, 9),
    ("10100", "Aberdeen, SD", "micro", "332911", 6, 30, 5),
    ("10100", "Aberdeen, SD", "micro", "332912", 6, 10, 3),
]
SCHEMA = {
    "metro_code": pl.String,
    "metro_name": pl.String,
    "metro_type": pl.String,
    "naics": pl.String,
    "naics_level": pl.Int8,
    "employment": pl.Int64,
    "establishments": pl.Int64,
}


def made(tmp_path: Path, frame: pl.DataFrame | None = None) -> Path:
    path = tmp_path / "cbp_2018.parquet"
    (frame if frame is not None else pl.DataFrame(ROWS, SCHEMA, orient="row")).write_parquet(path)
    return path


def changed(row: int, column: str, value: object) -> pl.DataFrame:
    cells = [list(cells) for cells in ROWS]
    cells[row][list(SCHEMA).index(column)] = value
    return pl.DataFrame(cells, SCHEMA, orient="row")


@pytest.fixture(scope="module")
def file(shared_data: Path) -> Path:
    return shared_data / "clusters" / "us_cbp_2018.parquet"


# Rows, codes, employment, establishments: the data's README, from the table itself.
LEVELS = {
    "0": (933, 1, 120_748_082, 7_473_869, "total"),
    "2": (17_321, 20, 120_731_109, 7_472_395, "naics2"),
    "3": (54_275, 86, 119_807_320, 7_445_517, "naics3"),
    "4": (118_566, 288, 117_691_806, 7_386_918, "naics4"),
    "5": (178_112, 637, 115_641_702, 7_290_209, "naics5"),
    "6": (200_010, 963, 113_902_525, 7_234_677, "naics6"),
}


@pytest.mark.parametrize("level", list(LEVELS))
def test_each_level_has_its_published_totals(level: str, file: Path) -> None:
    rows = US_CBP.read([file], {"level": level}).frames["region_industry"]
    assert (
        rows.height,
        rows["industry"].n_unique(),
        rows["employment_persons"].sum(),
        rows["establishments"].sum(),
        rows["industry_level"].unique().item(),
    ) == LEVELS[level]


def test_the_six_digit_level_is_loaded_by_default_and_the_note_says_its_share(file: Path) -> None:
    read = US_CBP.read([file], {})
    rows, regions = read.frames["region_industry"], read.frames["region"]
    assert rows["industry_level"].unique().to_list() == ["naics6"]
    assert rows["period"].unique().to_list() == ["2018"]
    assert dict(regions["region_kind"].value_counts().iter_rows()) == {"metro": 383, "micro": 550}
    assert "level 6 alone" in read.note
    assert "94.3 % of the total of 120,748,082" in read.note
    assert "94.3%" in read.note_in("zh")


def test_the_real_file_is_read_in_less_than_two_seconds(file: Path) -> None:
    # The best of three: others may be using the machine.
    assert min(timeit.repeat(lambda: US_CBP.read([file], {}), number=1, repeat=3)) < 2.0


def test_the_period_is_the_year_of_the_option_before_that_of_the_file_name(tmp_path: Path) -> None:
    path = made(tmp_path)
    rows = US_CBP.read([path], {"year": "2019"}).frames["region_industry"]
    assert rows["period"].unique().to_list() == ["2019"]
    assert rows["source"][0] == "US Census Bureau, County Business Patterns 2019"


def test_a_level_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="level=1: there is no such NAICS level"):
        US_CBP.read([made(tmp_path)], {"level": "1"})


def test_a_level_that_the_file_lacks_is_refused_naming_those_it_has(tmp_path: Path) -> None:
    path = made(tmp_path, pl.DataFrame(ROWS[:4], SCHEMA, orient="row"))
    with pytest.raises(RefusedRows, match="no rows at NAICS level 6; it holds the levels 0, 2, 3"):
        US_CBP.read([path], {})


def test_a_file_without_totals_says_that_there_is_no_share(tmp_path: Path) -> None:
    path = made(tmp_path, pl.DataFrame(ROWS[-2:], SCHEMA, orient="row"))
    read = US_CBP.read([path], {})
    assert "40 persons employed; the file has no total" in read.note


def test_six_digit_parts_that_exceed_their_whole_are_refused_with_place_and_amount(
    tmp_path: Path,
) -> None:
    path = made(tmp_path, changed(6, "employment", 36))
    with pytest.raises(
        RefusedRows,
        match=r"area 10100, NAICS 33291: its parts at level 6 have 46 in employment, "
        r"the whole has 45: 1 too many",
    ):
        US_CBP.read([path], {})


def test_sectors_that_span_several_codes_are_checked_against_all_of_them(tmp_path: Path) -> None:
    path = made(tmp_path, changed(2, "establishments", 9))
    with pytest.raises(
        RefusedRows, match=r"NAICS 31-33: its parts at level 3 have 19 in establishments"
    ):
        US_CBP.read([path], {"level": "2"})


def test_sectors_are_checked_against_the_total(tmp_path: Path) -> None:
    path = made(tmp_path, changed(0, "employment", 80))
    with pytest.raises(RefusedRows, match=r"NAICS 00: .* the whole has 80: 10 too many"):
        US_CBP.read([path], {})


def test_a_part_without_its_whole_is_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame([*ROWS, (*ROWS[0][:3], "4441", 4, 0, 3)], SCHEMA, orient="row")
    with pytest.raises(RefusedRows, match="NAICS 444: its parts at level 4 have 0 in employment"):
        US_CBP.read([made(tmp_path, frame)], {})


def test_a_row_that_comes_twice_is_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame([*ROWS, ROWS[6]], SCHEMA, orient="row")
    with pytest.raises(RefusedRows, match="row 9: 10100 332911 6 stands in the file a second"):
        US_CBP.read([made(tmp_path, frame)], {})


@pytest.mark.parametrize(("row", "level"), [(1, 5), (6, 5), (0, 2)])
def test_a_code_at_a_level_that_is_not_its_own_is_refused(
    row: int, level: int, tmp_path: Path
) -> None:
    with pytest.raises(RefusedRows, match=rf"row {row + 1}: NAICS .* is not a code of level"):
        US_CBP.read([made(tmp_path, changed(row, "naics_level", level))], {})


def test_an_area_with_two_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedRows, match=r"area 10100 has two names or kinds: .*Elsewhere"):
        US_CBP.read([made(tmp_path, changed(3, "metro_name", "Elsewhere"))], {})


def test_a_negative_count_and_an_empty_cell_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedRows, match=r"row 7, column employment: -1 is not a count"):
        US_CBP.read([made(tmp_path, changed(6, "employment", -1))], {})
    with pytest.raises(RefusedRows, match=r"row 7, column employment: the cell is empty"):
        US_CBP.read([made(tmp_path, changed(6, "employment", None))], {})


def test_other_columns_are_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame(ROWS, SCHEMA, orient="row").rename({"employment": "emp"})
    with pytest.raises(WrongColumns, match="missing: employment; unknown: emp"):
        US_CBP.read([made(tmp_path, frame)], {})


def test_every_level_loads_beside_definitions_of_six_digit_industries(tmp_path: Path) -> None:
    porter, viewer = tmp_path / "porter.csv", operator("tester")
    rows = [f"{code},valves,Valves,true,,Valves,false\n" for code in ("332911", "332912")]
    porter.write_text(",".join(PORTER_COLUMNS) + "\n" + "".join(rows), encoding="utf-8")
    lake, file = Lake.create(tmp_path / "home"), made(tmp_path)
    load_recipe(lake, "porter-clusters", [porter], viewer)
    for level, cells in {"6": 2, "5": 1, "3": 2, "2": 1, "0": 1}.items():
        report = load_recipe(lake, "us-cbp", [file], viewer, options={"level": level})
        assert report.tables == {"region": 1, "region_industry": cells}
