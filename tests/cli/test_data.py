"""A sheet of stops as a shop fills it in: from the template, by the shop's own clock."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from ballast.cli.app import run
from ballast.plant.site.example import EXAMPLE

LATHE = "valve-shop/machining/lathe-1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "plant"
    folder.mkdir(parents=True)
    (folder / "site.toml").write_text(EXAMPLE, encoding="utf-8")
    return tmp_path / "home"


def filled(tmp_path: Path, *rows: tuple[object, object, str, str], table: str = "downtime") -> Path:
    """Return the template with stops in it: from, to, state, why."""
    path = tmp_path / "sheet.xlsx"
    assert run(["template", table, str(path)]) == 0
    book = openpyxl.load_workbook(path)
    for start, end, state, reason in rows:
        book.worksheets[0].append([None, LATHE, start, end, state, reason])
    book.save(path)
    return path


def load(home: Path, path: Path, *more: str) -> int:
    return run(["load", "downtime", str(path), "--home", str(home), *more])


def stops(capsys: pytest.CaptureFixture[str], home: Path) -> list[tuple[str, str, str]]:
    capsys.readouterr()
    assert run(["show", "downtime", "--home", str(home), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    return sorted((row["start"][:16], row["end"][:16], row["reason"]) for row in rows)


def test_times_as_people_and_excel_write_them_are_by_the_shops_clock(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("BALLAST_LANGUAGE", "zh")
    path = filled(
        tmp_path,
        ("2026-05-31 08:00", "2026-05-31 08:20", "故障停机", "换刀"),
        ("2026/5/31 9:00", "2026年5月31日 9:30", "换型", "换型调整"),
        (datetime(2026, 5, 31, 10, 0), datetime(2026, 5, 31, 10, 30), "休息", "休息"),  # noqa: DTZ001
        ("2026-05-31T04:00:00Z", "2026-05-31T13:00:00+08:00", "故障", "待料"),
    )
    assert load(home, path) == 0
    assert "Asia/Shanghai" in capsys.readouterr().err
    assert stops(capsys, home) == [
        ("2026-05-31T00:00", "2026-05-31T00:20", "换刀"),
        ("2026-05-31T01:00", "2026-05-31T01:30", "换型调整"),
        ("2026-05-31T02:00", "2026-05-31T02:30", "休息"),
        ("2026-05-31T04:00", "2026-05-31T05:00", "待料"),
    ]


def test_what_overlaps_or_runs_backward_is_refused_with_its_row(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
) -> None:
    first = filled(tmp_path, ("2026-05-31 08:00", "2026-05-31 08:20", "delayed", "换刀"))
    assert load(home, first) == 0
    again = filled(
        tmp_path,
        ("2026-05-31 08:10", "2026-05-31 08:30", "delayed", "over what stands"),
        ("2026-05-31 09:10", "2026-05-31 09:00", "delayed", "backward"),
        ("2026-05-31 10:00", "2026-05-31 10:30", "delayed", "right"),
        ("2026-05-31 08:00", "2026-05-31 08:05", "delayed", "mended"),
    )
    capsys.readouterr()
    assert load(home, again) == 1
    said = capsys.readouterr().err
    assert "row 3: it ends at 2026-05-31 09:00 and starts at 2026-05-31 09:10" in said
    assert [reason for _, _, reason in stops(capsys, home)] == [
        "mended", "over what stands", "right",
    ]  # fmt: skip


def test_without_a_mapping_the_zone_is_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = filled(tmp_path, ("2026-05-31 08:00", "2026-05-31 08:20", "delayed", "换刀"))
    bare = tmp_path / "bare"
    assert load(bare, path) == 1
    assert "no time with a zone" in capsys.readouterr().err
    assert load(bare, path, "--zone", "Mars/Base") == 2
    assert load(bare, path, "--zone", "Europe/Berlin") == 0
    assert stops(capsys, bare)[0][0] == "2026-05-31T06:00"
