"""``ballast plant tags``: the tree of a mapping, what each tag said last, what is unmapped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ballast.cli.app import run
from ballast.plant.site import read_site
from ballast.plant.site.example import EXAMPLE
from ballast.plant.spool.live import CollectorStatus, LastValue, Live, write_live

AT = 1_780_300_800_000
LOAD = "valve-shop/machining/lathe-1/spindle-load"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "plant"
    (folder / "spool").mkdir(parents=True)
    (folder / "site.toml").write_text(EXAMPLE, encoding="utf-8")
    values = (
        LastValue(LOAD, AT, AT, 41.5, None, 192, None),
        LastValue("valve-shop/press-1/oil-temperature", AT, AT, 60.0, None, 192, AT + 1),
        LastValue(
            "sparkplug:shop/line//Uptime", AT, AT, np.nan, "123456789012345678901", 192, None
        ),
    )
    status = CollectorStatus("127.0.0.1:1883", AT, 1.0, 1.0, 0, 0)
    write_live(folder / "spool", Live(AT, status, values))
    return tmp_path / "home"


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(["plant", "tags", "--format", "json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_example_is_printed_whole_and_is_a_mapping(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plant", "tags", "--example"]) == 0
    assert read_site(capsys.readouterr().out).tags


def test_each_tag_says_its_last_value_or_that_there_is_none(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    rows = {row["tag"]: row for row in asked(capsys, "--home", str(home))}
    assert (rows[LOAD]["last"], rows[LOAD]["unit"], rows[LOAD]["status"]) == ("41.5", "%", "heard")
    assert rows[LOAD]["at"] == "2026-06-01T16:00:00+08:00"
    assert rows["valve-shop/press-1/oil-temperature"]["status"] == "stale"
    assert rows["valve-shop/machining/lathe-1/good"]["status"] == "silent"
    strange = rows["sparkplug:shop/line//Uptime"]
    assert (strange["status"], strange["last"]) == ("unmapped", "123456789012345678901")
    (alone,) = asked(capsys, "--home", str(home), "--unmapped")
    assert alone == strange


def test_the_tree_is_drawn_for_eyes(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "zh")
    assert run(["plant", "tags", "--home", str(home)]) == 0
    said = capsys.readouterr()
    assert "    lathe-1" in said.out
    assert "1号数控车床" in said.out
    assert "未映射" in said.out
    assert "7 个测点，其中 2 个有数据" in said.err


def test_a_mapping_is_tried_without_being_taken(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "new.toml"
    wrong.write_text(EXAMPLE.replace('"°C"', '"furlong"'), encoding="utf-8")
    capsys.readouterr()
    assert run(["plant", "tags", "--check", str(wrong), "--home", str(home)]) == 1
    said = capsys.readouterr().err
    assert "furlong" in said
    assert said.count("\n") == 1
    wrong.write_bytes(b"\xff\xfe")
    assert run(["plant", "tags", "--check", str(wrong), "--home", str(home)]) == 1


def test_a_home_that_knows_nothing_says_how_to_begin(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["plant", "tags", "--home", str(tmp_path / "none")]) == 1
    assert "--example" in capsys.readouterr().err
