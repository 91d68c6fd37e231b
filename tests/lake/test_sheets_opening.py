"""Files that are not what they say, not there, not to be read; and Parquet."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from ballast.errors import UnreadableFile, WrongUsage
from ballast.lake.sheets import limits, opening, read_grids


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_grids(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xls", b"<html><table></table></html>", "is an HTML page, whatever its name"),
        ("a.xls", b"\xef\xbb\xbf\n<!DOCTYPE html>", "is an HTML page, whatever its name"),
        ("a.csv", b"<html>", "is an HTML page, whatever its name"),
        ("a.xls", b'<?xml version="1.0"?><Workbook>', "is an XML file, whatever its name"),
        ("a.xls", "代码,名称\n".encode("gb18030"), "those of a .csv file, not of .xls"),
        ("a.xlsx", b"a,b\n1,2\n", "those of a .csv file, not of .xlsx"),
        ("a.xls", b"PK\x03\x04xxxx", "those of a .xlsx file, not of .xls"),
        ("a.csv", b"PK\x03\x04xxxx", "those of a .xlsx file, not of .csv"),
        ("a.csv", b"PAR1xxxx", "those of a .parquet file, not of .csv"),
        ("a.parquet", b"a,b\n1,2\n", "is not a Parquet file, or is damaged"),
        ("a.csv", b"%PDF-1.7", "is not a table"),
        ("a.csv", b"\x1f\x8b\x08", "is not a table"),
        ("a.pdf", b"%PDF-1.7", "files named .pdf are not read"),
        ("a", b"x", "files named – are not read"),
        ("a.xlsx", b"", "the file is empty"),
    ],
)
def test_bytes_that_are_not_what_the_name_says_are_refused(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert said in refusal(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "there is no such file" in refusal(tmp_path / "a.csv")
    (tmp_path / "b").write_text("x")
    assert "there is no such file" in refusal(tmp_path / "b" / "a.csv")
    assert "there is no such file" in refusal(tmp_path / "a\0.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    assert "is a folder; name a file in it" in refusal(tmp_path / "a.csv")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert "is not a file" in refusal(tmp_path / "a.csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    path.chmod(0)
    assert "you have no permission to read it" in refusal(path)


def test_an_error_of_the_system_is_said_in_one_line(tmp_path: Path) -> None:
    said = opening._closed(tmp_path, PermissionError(13, "x"))
    assert str(said) == f"{tmp_path}: you have no permission to read it"
    said = opening._closed(tmp_path, OSError(5, "x"))
    assert str(said) == f"{tmp_path}: cannot be opened: Input/output error"


@pytest.mark.parametrize(
    ("name", "most"),
    [("a.xlsx", limits.MAX_WORKBOOK_BYTES), ("a.csv", limits.MAX_TEXT_BYTES)],
)
def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path, name: str, most: int) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b"a,b\n")
        file.truncate(most + 1)
    assert f"the limit is {most // limits.MIB} MB; split it" in refusal(path)


def test_a_name_with_a_pattern_in_it_is_one_file(tmp_path: Path) -> None:
    for name in ("[a]*.csv", "[a]*.parquet"):
        frame = pl.DataFrame({"a": ["1"], "b": ["2"]})
        frame.write_csv(tmp_path / "x.csv")
        (tmp_path / name).write_bytes((tmp_path / "x.csv").read_bytes())
        if name.endswith("parquet"):
            frame.write_parquet(tmp_path / "x.parquet")
            (tmp_path / name).write_bytes((tmp_path / "x.parquet").read_bytes())
        (grid,) = read_grids(tmp_path / name)
        assert grid.frame.rows() == [("1", "2")]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "代码": ["001", None],
            "产值（亿元）": [1.5, None],
            "日期": [date(2026, 5, 1)] * 2,
            "n": [1, 2],
        }
    ).with_columns(pl.Series("类", ["a", "b"], dtype=pl.Categorical))
    frame.write_parquet(tmp_path / "a.parquet")
    (grid,) = read_grids(tmp_path / "a.parquet")
    assert grid.frame.dtypes == [pl.String, pl.Float64, pl.Date, pl.Int64, pl.String]
    assert [h.text for h in grid.headers] == ["代码", "产值", "日期", "n", "类"]
    assert grid.headers[1].unit is not None
    assert grid.rows.to_list() == [1, 2]
    assert grid.rows.dtype == pl.Int64
    with pytest.raises(WrongUsage):
        read_grids(tmp_path / "a.parquet", sheet="x")


def test_a_damaged_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": list(range(1000))}).write_parquet(path)
    whole = path.read_bytes()
    for length in (4, 100, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert "is not a Parquet file, or is damaged" in refusal(path)


def test_a_parquet_of_lists_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"a": [[1, 2]]}).write_parquet(tmp_path / "a.parquet")
    assert "the column a holds List(Int64)" in refusal(tmp_path / "a.parquet")


def test_a_parquet_without_rows_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"a": []}, schema={"a": pl.Int64}).write_parquet(tmp_path / "a.parquet")
    assert "headers but no rows" in refusal(tmp_path / "a.parquet")


def test_a_parquet_with_dates_beyond_the_calendar_is_refused(tmp_path: Path) -> None:
    for dtype in (pl.Date, pl.Datetime("ms"), pl.Datetime("us")):
        frame = pl.DataFrame({"a": pl.Series([0, 2**31 - 1 if dtype == pl.Date else 2**62])})
        frame.with_columns(pl.col("a").cast(dtype)).write_parquet(tmp_path / "a.parquet")
        assert "is damaged" in refusal(tmp_path / "a.parquet")


def test_a_parquet_whose_text_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = pl.DataFrame({"a": ["xxxxyyyyzzzz"] * 3})
    for kind in (pl.String, pl.Categorical):
        frame.with_columns(pl.col("a").cast(kind)).write_parquet(path, compression="uncompressed")
        path.write_bytes(path.read_bytes().replace(b"yyyy", b"\xff\xfe\xff\xfe"))
        assert "is damaged" in refusal(path)
