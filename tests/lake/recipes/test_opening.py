"""How recipes open files: every failure is one line with the path and the remedy."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import BallastError, RefusedRows, UnreadableFile, WrongColumns, WrongUsage
from ballast.lake.recipes.opening import (
    check_columns,
    check_filled,
    check_unique,
    numbers,
    read_csv,
    read_parquet,
    typed,
    whole_numbers,
    year_of,
)

HERE = Path("made.csv")


def written(tmp_path: Path, content: bytes, name: str = "made.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_csv_is_read_as_text_with_leading_zeros_and_nulls(tmp_path: Path) -> None:
    frame = read_csv(written(tmp_path, "code,名称\n01,\n02,乙\n".encode()))
    assert frame.to_dict(as_series=False) == {"code": ["01", "02"], "名称": [None, "乙"]}


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    assert read_csv(written(tmp_path, b"\xef\xbb\xbfa,b\n1,2\n")).columns == ["a", "b"]


def test_a_csv_that_is_not_utf8_is_refused_at_its_line(tmp_path: Path) -> None:
    content = b"code,name\n1,a\n2," + "聊城".encode("gb18030") + b"\n"
    with pytest.raises(UnreadableFile, match=r"made\.csv, line 3: not UTF-8; save the file as"):
        read_csv(written(tmp_path, content))


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_csv_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="the file is empty"):
        read_csv(written(tmp_path, content))


@pytest.mark.parametrize("content", [b"a,b\n1,2,3\n", b'a,b\n1,"2\n', b"a" * 200_000])
def test_a_csv_that_does_not_parse_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="damaged or cut short"):
        read_csv(written(tmp_path, content))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongColumns, match="two columns are named a;"):
        read_csv(written(tmp_path, b"a,a,b\n1,2,3\n"))


@given(content=st.binary(max_size=60))
def test_no_bytes_bring_anything_but_a_frame_or_a_refusal(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    try:
        found: object = read_csv(path)
    except BallastError as error:
        found = str(error)
    assert isinstance(found, pl.DataFrame) or str(path) in str(found)


def test_a_parquet_file_cut_short_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    pl.DataFrame({"a": list(range(1000))}).write_parquet(whole)
    assert read_parquet(whole).height == 1000
    content = whole.read_bytes()
    for length in (1, 4, len(content) // 2, len(content) - 1):
        with pytest.raises(UnreadableFile, match=r"cut\.parquet: damaged or cut short"):
            read_parquet(written(tmp_path, content[:length], "cut.parquet"))


def test_a_parquet_file_with_damaged_pages_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    pl.DataFrame({"a": [f"text {n}" for n in range(5000)]}).write_parquet(whole)
    content = bytearray(whole.read_bytes())
    content[4:600] = bytes(596)
    with pytest.raises(UnreadableFile, match="damaged or cut short"):
        read_parquet(written(tmp_path, bytes(content), "bad.parquet"))


def test_columns_are_named_that_are_missing_or_unknown() -> None:
    check_columns(HERE, ["b", "a"], ["a", "b"])
    with pytest.raises(WrongColumns, match="missing: c; unknown: x;"):
        check_columns(HERE, ["a", "x"], ["a", "c"])


def test_an_empty_cell_is_named_by_row_and_column() -> None:
    frame = pl.DataFrame({"a": ["1", None], "b": ["1", "2"]})
    check_filled(HERE, frame, ["b"], 2)
    with pytest.raises(RefusedRows, match="row 3, column a: the cell is empty"):
        check_filled(HERE, frame, ["b", "a"], 2)


def test_a_second_row_of_one_key_is_named() -> None:
    frame = pl.DataFrame({"a": ["1", "2", "1"], "b": ["x", "x", "x"]})
    check_unique(HERE, frame[:2], ["a", "b"], 2)
    with pytest.raises(RefusedRows, match="row 4: 1 x stands in the file a second time"):
        check_unique(HERE, frame, ["a", "b"], 2)


@pytest.mark.parametrize("cell", ["x", "1,000", "NaN", "inf", "-inf", "1e999", "１"])
def test_a_cell_that_is_no_finite_number_is_named(cell: str) -> None:
    with pytest.raises(RefusedRows, match=r"row 3, column a: .* is not a number"):
        numbers(HERE, pl.DataFrame({"a": ["1.5", cell]}), "a", 2)


def test_numbers_keep_what_is_missing_and_every_digit() -> None:
    parsed = numbers(HERE, pl.DataFrame({"a": ["-0.1", None, "179170246.20290548"]}), "a", 2)
    assert parsed.to_list() == [-0.1, None, 179170246.20290548]


@pytest.mark.parametrize("cell", ["-1", "1.5"])
def test_a_cell_that_is_no_count_is_named(cell: str) -> None:
    with pytest.raises(RefusedRows, match=r"row 2, column a: .* is not a count"):
        whole_numbers(HERE, pl.DataFrame({"a": [cell]}), "a", 2)


def test_a_frame_gets_declared_types_and_order() -> None:
    frame = typed("io_sector", pl.DataFrame({"year": [2020], "sector": ["01"]}))
    assert frame.schema == {"sector": pl.String, "year": pl.Int32}


@pytest.mark.parametrize("name", ["us_cbp.csv", "2017_2018.csv", "id20180.csv", "x1918273.csv"])
def test_a_file_name_that_does_not_tell_the_year_asks_for_it(name: str) -> None:
    with pytest.raises(WrongUsage, match="does not hold one year; add the option year"):
        year_of(Path(name), {})
    assert year_of(Path(name), {"year": "2019"}) == "2019"


@pytest.mark.parametrize("given_year", ["18", "20188", "soon", "", "1066", "２０１８", "20１８"])
def test_a_year_that_is_none_is_refused(given_year: str) -> None:
    with pytest.raises(WrongUsage, match="not a year"):
        year_of(Path("us_cbp_2018.parquet"), {"year": given_year})
