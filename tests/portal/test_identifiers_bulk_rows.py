"""Files of identifiers: a row is a line, a column is a type, and a fault is told by its row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import BallastError, UnreadableFile, WrongColumns
from ballast.portal.identifiers_bulk_files import template
from ballast.portal.identifiers_bulk_rows import (
    LinesFile,
    Row,
    TableFile,
    open_file,
)

PREFIX = "88.118.8"


def table(folder: Path, text: str) -> TableFile:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    found = open_file(path, PREFIX)
    assert isinstance(found, TableFile)
    return found


def test_known_headers_are_types_in_either_language_and_others_are_their_own(
    tmp_path: Path,
) -> None:
    found = table(tmp_path, "标识,网址,Model,炉号,成本（不公开）,有效期至\nA,u,m,7,12,2031-01-31\n")
    row = next(found.rows())
    assert row.values == (
        ("URL", "u", True), ("MODEL", "m", True), ("炉号", "7", True), ("成本", "12", False),
    )  # fmt: skip
    told = json.loads(row.line())
    assert (told["handle"], told["expires"]) == ("88.118.8/A", "2031-02-01T00:00:00+08:00")
    assert [value.get("permissions") for value in told["values"]] == [None, None, None, "1100"]


def test_a_row_keeps_the_number_that_a_person_sees(tmp_path: Path) -> None:
    found = table(tmp_path, "标识,网址\nA,u\n,\n88.118.9/B,u\nC,\n,u\nD,u\n")
    rows = list(found.rows())
    faults = {row.number: row.fault.text("en") for row in rows if row.fault is not None}
    assert {row.number for row in rows if row.fault is None and row.handle} == {2, 7}
    assert "not under 88.118.8" in faults[4]
    assert "no value" in faults[5]
    assert "no identifier" in faults[6]
    lines = [row.line() for row in rows]
    assert [found.number_of(n) for n, line in enumerate(lines, start=1) if line.strip()] == [2, 7]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("名称,网址\nA,u\n", "no column holds the identifiers"),
        ("标识,有效期至\nA,2030-01-01\n", "no column holds a value"),
        ("标识,网址,URL\nA,u,v\n", "mean the same"),
    ],
)
def test_columns_that_do_not_fit_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WrongColumns, match=said):
        table(tmp_path, text)


def test_a_file_of_refused_rows_is_taken_as_it_is(tmp_path: Path) -> None:
    found = table(tmp_path, "文件中的行号,拒绝原因,标识,网址\n7,错,A,u\n")
    assert next(found.rows()).values == (("URL", "u", True),)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_is_read_back_as_what_its_headers_say(tmp_path: Path, language: str) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(template(language))  # type: ignore[arg-type]
    with pytest.raises(UnreadableFile, match="no rows"):
        open_file(path, PREFIX)


def test_lines_of_json_are_looked_at_without_being_judged(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    good = {"handle": "88.118.8/A", "values": [{"index": 1, "type": "URL", "data": "u"}]}
    path.write_text(json.dumps(good) + "\n{\n\n" + json.dumps(good) + "\n")
    found = open_file(path, PREFIX)
    assert isinstance(found, LinesFile)
    rows = list(found.rows(8))
    assert [row.number for row in rows] == [1, 2, 4]
    assert rows[0].values == (("URL", "u", True),)
    assert rows[1].fault is not None
    assert found.lines == 4


@given(st.text(max_size=30), st.lists(st.tuples(st.text(max_size=9), st.text(max_size=30))))
def test_a_row_is_always_one_line(handle: str, values: list[tuple[str, str]]) -> None:
    row = Row(1, handle, tuple((kind, data, True) for kind, data in values))
    try:
        line = row.line()
    except UnicodeEncodeError:  # half a character is in no file of text
        return
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.csv", "a.ndjson"):
            path = Path(folder) / name
            path.write_bytes(data)
            try:
                found = open_file(path, PREFIX)
                list(found.rows(8))
            except BallastError:
                continue
