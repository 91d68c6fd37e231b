"""CSV and its kin: encodings, separators, and the line on which a record stands."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import UnreadableFile, WrongUsage
from ballast.lake.sheets import Grid, read_grids
from ballast.lake.sheets.delimited import read_delimited
from ballast.lake.sheets.encodings import from_gb18030
from ballast.lake.sheets.records import scan_records, stray_quote

TEXT = "代码,名称,产值（万元）\n001,聊城轴承,1.50\n002,临清阀门,\n"


def read(tmp_path: Path, data: bytes | str, name: str = "a.csv") -> Grid:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (grid,) = read_grids(path)
    return grid


def refusal(tmp_path: Path, data: bytes | str, name: str = "a.csv") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path, data, name)
    return str(caught.value).removeprefix(str(tmp_path / name) + ": ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_encodings_of_chinese_systems_are_read(tmp_path: Path, encoding: str, end: str) -> None:
    grid = read(tmp_path, TEXT.replace("\n", end).encode(encoding))
    assert [h.text for h in grid.headers] == ["代码", "名称", "产值"]
    assert grid.headers[2].unit is not None
    assert grid.frame.rows() == [("001", "聊城轴承", "1.50"), ("002", "临清阀门", None)]
    assert grid.rows.to_list() == [2, 3]
    assert grid.sheet is None


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_separator_is_found_in_the_header(tmp_path: Path, separator: str) -> None:
    grid = read(tmp_path, TEXT.replace(",", separator), "a.txt")
    assert grid.frame["c1"].to_list() == ["聊城轴承", "临清阀门"]


def test_a_word_of_gb18030_that_looks_like_utf8_does_not_confuse(tmp_path: Path) -> None:
    text = "代码,名称\n1,聊城\n2,联通\n"
    assert read(tmp_path, text.encode("gb18030")).frame["c1"].to_list() == ["聊城", "联通"]


def test_gb18030_that_begins_far_down_is_read(tmp_path: Path) -> None:
    rows = "".join(f"{n},x\n" for n in range(200_000))
    grid = read(tmp_path, ("code,name\n" + rows + "9,轴承\n").encode("gb18030"))
    assert grid.frame[-1, 1] == "轴承"


def test_mixed_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    head, row = "代码,名称\n1,聊城轴承有限公司\n", "2,临清阀门有限公司\n"
    assert refusal(tmp_path, head.encode() + row.encode("gb18030")).startswith(
        "line 3 is not UTF-8 like the lines before it"
    )
    assert refusal(tmp_path, head.encode("gb18030") + row.encode()).startswith(
        "line 3 is not GB18030 like the lines before it"
    )


def test_a_mix_far_down_is_refused_with_the_line(tmp_path: Path) -> None:
    rows = "".join(f"{n},轴承{n}\n" for n in range(200_000)).encode()
    said = refusal(tmp_path, "代码,名称\n".encode() + rows + "9,阀门\n".encode("gb18030"))
    assert said.startswith("line 200002 is not UTF-8")


@given(st.lists(st.text("聊城轴承阀门有限公司东昌府区临清市", min_size=4), min_size=1, max_size=8))
def test_no_mix_of_encodings_passes(names: list[str]) -> None:
    path = Path("a.csv")
    for first, second in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
        lines = [f"{n},{name}\n".encode(first) for n, name in enumerate(names)]
        mixed = b"".join([*lines, "9,临清阀门有限公司\n".encode(second)])
        with pytest.raises(UnreadableFile, match=f"line {len(names) + 1} is not"):
            from_gb18030(mixed, path)


def test_utf16_that_breaks_off_is_refused(tmp_path: Path) -> None:
    assert "UTF-16" in refusal(tmp_path, TEXT.encode("utf-16")[:-1])


def test_nul_bytes_are_refused_with_the_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"a,b\n1,2\n\x00,3\n").startswith("line 3 holds a NUL byte")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a,b,c\n1,2,3\n1,2\n1,2,3\n", "3"),
        ("a,b,c\n1,2,3\n1,2,3,4\n", "3"),
        ("a,b,c\n1,2\n1,2,3,4\n1,2,3\n1\n", "2, 3, 5"),
        ('a,b,c\n"x\ny",2,3\n1,2\n', "4"),
        ("a,b,c\n\n1,2\n", "3"),
        ("标题\na,b,c\n1,2\n", "3"),
        ("a,b,c\n" + "1,2\n" * 7, "2, 3, 4, 5, 6 …"),
    ],
)
def test_ragged_rows_are_refused_with_their_lines(tmp_path: Path, text: str, lines: str) -> None:
    said = refusal(tmp_path, text)
    assert f"do not have the 3 fields of the header: line {lines};" in said


@pytest.mark.parametrize(
    ("text", "line"),
    [('a,b\n1,5" pipe\n', 2), ('a,b\n1,2\n1,"x\n3,4\n', 3), ('a,b\n"x"y,2\n', 2)],
)
def test_a_stray_quotation_mark_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    assert refusal(tmp_path, text).startswith(f"line {line}: a quotation mark")


def test_row_numbers_are_lines_where_fields_hold_line_breaks(tmp_path: Path) -> None:
    grid = read(tmp_path, 'a,"b\nb"\n"x\ny",1\n\nz,2\r\n"p\r\nq",3')
    assert grid.frame.rows() == [("x\ny", "1"), ("z", "2"), ("p\r\nq", "3")]
    assert grid.rows.to_list() == [3, 6, 7]


def test_blank_lines_and_empty_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    grid = read(tmp_path, "a,b\n\n1,2\n,\n3,4\n\n\n")
    assert grid.frame.rows() == [("1", "2"), ("3", "4")]
    assert grid.rows.to_list() == [3, 5]


def test_lines_above_the_header_give_the_unit(tmp_path: Path) -> None:
    grid = read(tmp_path, "2026年5月,,\n\n单位：万元,,\n代码,名称,产值\n1,甲,2\n")
    assert [u.name for u in grid.headers[2].sheet_units] == ["1e4_cny"]
    assert grid.rows.to_list() == [5]


def test_quoted_fields_are_unquoted_and_empty_ones_null(tmp_path: Path) -> None:
    grid = read(tmp_path, 'a,b,c\n"x, ""y""","",1\n')
    assert grid.frame.rows() == [('x, "y"', None, "1")]


def test_a_single_column_is_read(tmp_path: Path) -> None:
    grid = read(tmp_path, "代码\n001\n\n002\n")
    assert grid.frame.rows() == [("001",), ("002",)]
    assert grid.rows.to_list() == [2, 4]


def test_lines_that_end_in_a_carriage_return_alone_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\r1,2\r3,4\r").frame.rows() == [("1", "2"), ("3", "4")]


def test_columns_without_a_header_are_left_out_and_said(tmp_path: Path) -> None:
    grid = read(tmp_path, "a,b,,\n1,2,3,\n")
    assert grid.frame.rows() == [("1", "2")]
    assert [n.text("en") for n in grid.notes] == ["left out, because it has no header: column C."]


@pytest.mark.parametrize("text", ["a,b\n", "a,b", "a,b\n\n\n", "a,b\n,\n"])
def test_headers_without_rows_are_refused(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text) == "there are headers but no rows; fill some in"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n", b"\xff\xfe"])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data).startswith("the file is empty")


def test_a_csv_has_no_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(WrongUsage, match="only workbooks have sheets"):
        read_grids(path, sheet="1")


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    row = ",".join("x" * 16_385)
    assert "has 16385 columns" in refusal(tmp_path, f"{row}\n{row}\n")


def test_semicolons_in_the_cells_of_a_csv_do_not_separate(tmp_path: Path) -> None:
    grid = read(
        tmp_path, "代码,其他行业\n1,3452:0.3;2929:0.1;3451:0.1\n2,3452:0.3;2929:0.1;1:0.1\n"
    )
    assert grid.frame[0, 1] == "3452:0.3;2929:0.1;3451:0.1"


CELL = st.text(st.sampled_from('ab"\n, 阀'), max_size=6)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6), st.sampled_from("\n\r"))
def test_what_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], end: str
) -> None:
    end = {"\r": "\r\n"}.get(end, end)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(["x", "y", "z"])
    lines = []
    for row in rows:
        lines.append(out.getvalue().count("\n") + 1)
        writer.writerow(row)
    path = tmp_path_factory.getbasetemp() / "back.csv"
    path.write_bytes(out.getvalue().encode())
    expected = [
        (line, tuple(cell or None for cell in row))
        for line, row in zip(lines, rows, strict=True)
        if any(row)
    ]
    if not expected:
        return
    grid = read_delimited(path)
    assert list(zip(grid.rows, grid.frame.rows(), strict=True)) == expected


@given(st.text(st.sampled_from('ab",\n\r'), max_size=40))
def test_records_are_counted_as_the_csv_module_counts_them(text: str) -> None:
    data = text.encode()
    if stray_quote(data, ",") is not None or "\r" in text.replace("\r\n", ""):
        return
    found = scan_records(data, ",")
    reader = csv.reader(io.StringIO(text, newline="\n"))
    expected, line = [], 1
    for record in reader:
        expected.append((line, len(record)))
        line = reader.line_num + 1
    assert list(zip(found.lines.tolist(), found.fields.tolist(), strict=True)) == expected
