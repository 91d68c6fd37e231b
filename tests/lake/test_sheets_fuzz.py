"""Damaged files of every kind: they are read or refused, and nothing else comes out.

The generator is seeded, so that a failure can be found again. Warnings are
errors here as everywhere; what a library prints to stderr counts as a failure.
"""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import xlwt

from ballast.errors import BallastError
from ballast.lake.sheets import read_grids

ROWS: list[list[str | float]] = [["代码", "名称", "产值（万元）"]]
ROWS.extend([f"A{n}", f"厂{n}", n * 1.5] for n in range(30))


def make(path: Path) -> bytes:
    kind = path.suffix
    if kind == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for n, row in enumerate(ROWS):
                sheet.write_row(n, 0, row)
            sheet.merge_range(40, 0, 41, 1, "注：")
    elif kind == ".xls":
        old = xlwt.Workbook()
        sheet = old.add_sheet("S")
        for n, row in enumerate(ROWS):
            for m, cell in enumerate(row):
                sheet.write(n, m, cell)
        old.save(str(path))
    elif kind == ".parquet":
        pl.DataFrame(ROWS[1:], schema=[str(c) for c in ROWS[0]], orient="row").write_parquet(path)
    else:
        path.write_text(
            "\n".join(",".join(f'"{c}"' for c in row) for row in ROWS), encoding="gb18030"
        )
    return path.read_bytes()


def mutated(whole: bytes, rng: random.Random, alphabet: bytes) -> bytes:
    body = bytearray(whole)
    for _ in range(rng.choice([1, 1, 3, 10])):
        place, step = rng.randrange(len(body) + 1), rng.randrange(1, 40)
        match rng.randrange(5):
            case 0:
                body[place:] = b""
            case 1:
                del body[place : place + step]
            case 2:
                other = rng.randrange(len(body) + 1)
                body[place:place] = body[other : other + step]
            case 3:
                body[place:place] = bytes(rng.choices(b"0123456789", k=step // 4 + 1))
            case _:
                body[place : place + 1] = bytes([rng.choice(alphabet)])
    return bytes(body)


def survives(path: Path) -> bool:
    """Return whether the file was read; a refusal of ours is the only other way out."""
    said = ""
    try:
        grids = read_grids(path)
    except BallastError as error:
        said = str(error)
    if said:
        assert said.startswith(str(path))
        assert "\n" not in said
        return False
    for grid in grids:
        assert grid.frame.height == len(grid.rows)
        assert grid.frame.width == len(grid.headers)
    return True


@pytest.mark.parametrize(
    ("name", "times"), [("a.csv", 400), ("a.parquet", 300), ("a.xlsx", 200), ("a.xls", 12)]
)
def test_damaged_bytes_are_read_or_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, times: int
) -> None:
    path = tmp_path / name
    whole = make(path)
    rng = random.Random(20260531)
    outcomes = set()
    for _ in range(times):
        path.write_bytes(mutated(whole, rng, bytes(range(256))))
        outcomes.add(survives(path))
    assert False in outcomes
    assert capfd.readouterr().err == ""


def test_damaged_parts_of_a_whole_zip_are_read_or_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.xlsx"
    make(path)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    rng = random.Random(20260531)
    outcomes = set()
    for _ in range(400):
        chosen = rng.choice(sorted(parts))
        with zipfile.ZipFile(path, "w") as book:
            for name, body in parts.items():
                new = mutated(body, rng, b'0123456789"<>/= ABZ') if name == chosen else body
                book.writestr(name, new)
        outcomes.add(survives(path))
    assert outcomes == {True, False}
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.xlsx"])
def test_random_bytes_are_read_or_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    start = {"a.parquet": b"PAR1", "a.xlsx": b"PK\x03\x04"}.get(name, b"")
    rng = random.Random(20260531)
    for _ in range(200):
        path.write_bytes(start + rng.randbytes(rng.randrange(300)))
        survives(path)
