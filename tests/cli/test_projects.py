"""``ballast projects`` and ``ballast goals``: tables, sheets, edits, refusals in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.brain.projects.conftest import CLERK, small_tables

from ballast.cli.app import run
from ballast.lake.lake import Lake


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    path = tmp_path / "home"
    Lake.create(path).commit(small_tables(), CLERK)
    return path


@pytest.fixture
def ballast(home: Path, capsys: pytest.CaptureFixture[str]) -> object:
    def call(*arguments: str, group: str = "projects") -> tuple[int, str, str]:
        code = run([group, *arguments, "--home", str(home)])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return code, printed.out, printed.err

    return call


def test_list_shows_finds_and_adds_up(ballast: object) -> None:
    code, out, _ = ballast("list", "--format", "json")  # type: ignore[operator]
    assert code == 0
    assert [row["project"] for row in json.loads(out)] == ["JG-1", "JG-2", "JG-3", "JG-4"]
    _, out, _ = ballast("list", "--find", "老编号", "--format", "csv")  # type: ignore[operator]
    assert "JG-1" in out
    assert "JG-2" not in out
    _, out, _ = ballast("list", "--by", "status", "--format", "json")  # type: ignore[operator]
    assert {row["group"]: row["projects"] for row in json.loads(out)} == {
        "building": 2, "finished": 1, "planned": 1,
    }  # fmt: skip
    for wrong in (("--by", "colour"), ("--kind", "x"), ("--status", "done")):
        assert ballast("list", *wrong)[0] == 2  # type: ignore[operator]


def test_show_and_flags_say_why(ballast: object) -> None:
    code, out, _ = ballast("show", "jg1")  # type: ignore[operator]
    assert code == 0
    assert "under way" in out
    code, out, err = ballast("flags", "--format", "json")  # type: ignore[operator]
    assert [(row["project"], row["flag"]) for row in json.loads(out)] == [("JG-3", "late")]
    assert "judged as of 2026-04-30" in err
    assert ballast("show", "JG-9")[0] == 1  # type: ignore[operator]
    assert ballast("flags", "--on", "soon")[0] == 2  # type: ignore[operator]


def test_a_sheet_is_tried_loaded_and_then_stands(ballast: object, tmp_path: Path) -> None:
    sheet = tmp_path / "五月.csv"
    sheet.write_text(
        "项目编号,项目名称,本月完成投资（万元）,累计完成投资（万元）\n"
        "JG-1,阀门生产线技术改造,50,550\nJG-9,没有的项目,5,5\n", encoding="utf-8",
    )  # fmt: skip
    arguments = ("update", str(sheet), "--period", "2026-05")
    code, out, err = ballast(*arguments, "--dry-run")  # type: ignore[operator]
    assert (code, out) == (1, "")
    assert "row 3: there is no such project" in err
    code, out, err = ballast(*arguments)  # type: ignore[operator]
    assert (code, out) == (1, "")
    assert "nothing was changed" in err
    code, out, _ = ballast(*arguments, "--partly")  # type: ignore[operator]
    assert (code, out[:8]) == (1, "L0000002")
    _, out, _ = ballast("show", "JG-1", "--format", "json")  # type: ignore[operator]
    assert json.loads(out)[-1]["period"] == "2026-05"
    code, out, err = ballast(*arguments, "--partly")  # type: ignore[operator]
    assert out == ""
    assert "stands already" in err


def test_a_row_is_decided_or_left_out_and_the_same_file_is_named(
    ballast: object, tmp_path: Path
) -> None:
    sheet = tmp_path / "五月.csv"
    sheet.write_text(
        "项目编号,项目名称,建设单位,总投资（万元）,当月完成投资（万元）\n"
        "XM-1,余热回收利用,东阿轴承有限公司,300,5\n"
        "JG-1,,,,五十\n", encoding="utf-8",
    )  # fmt: skip
    arguments = ("update", str(sheet), "--period", "2026-05")
    code, out, err = ballast(*arguments)  # type: ignore[operator]
    assert (code, out) == (1, "")
    assert "row 2: it may be project JG-2" in err
    assert "--same ROW=PROJECT, --new ROW or --leave-out ROW" in err
    assert "五十 is not a number" in err
    code, out, _ = ballast(*arguments, "--same", "2=JG-2", "--partly")  # type: ignore[operator]
    assert (code, out[:8]) == (1, "L0000002")
    _, out, err = ballast(*arguments, "--leave-out", "2", "--partly")  # type: ignore[operator]
    assert "五月.csv stands already as L0000002" in err
    assert out == ""
    assert ballast(*arguments, "--leave-out", "7")[0] == 1  # type: ignore[operator]


def test_a_file_that_is_no_sheet_is_one_line_and_the_template_is_there(
    ballast: object, tmp_path: Path
) -> None:
    other = tmp_path / "x.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    code, _, err = ballast("update", str(other), "--period", "2026-05")  # type: ignore[operator]
    assert code == 1
    assert err.count("\n") == 1
    assert "ballast template project_sheet" in err
    assert run(["template", "project_sheet", str(tmp_path / "sheet.xlsx")]) == 0
    assert (tmp_path / "sheet.xlsx").stat().st_size > 1000


def test_a_project_is_changed_by_hand_with_a_reason(ballast: object) -> None:
    edit = ("update", "--project", "JG-1", "--set", "status=stalled")
    code, _, err = ballast(*edit)  # type: ignore[operator]
    assert code == 1
    assert "say why" in err
    code, out, _ = ballast(*edit, "--reason", "资金未到位")  # type: ignore[operator]
    assert code == 0
    assert "status: building → stalled" in out
    _, out, _ = ballast("show", "JG-1")  # type: ignore[operator]
    assert "资金未到位" in out
    code, _, err = ballast(*edit[:3], "--set", "status=planned", "--reason", "改回")  # type: ignore[operator]
    assert code == 1
    assert "cannot become planned" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("update",),
        ("update", "x.csv", "--project", "JG-1"),
        ("update", "--project", "JG-1"),
        ("update", "--project", "JG-1", "--set", "status"),
        ("update", "--project", "JG-1", "--set", "name=x", "--period", "2026-05"),
        ("update", "x.csv", "--reason", "because"),
        ("update", "--project", "JG-1", "--set", "uscc=x", "--reason", "because"),
        ("effect", "--kind", "wonder"),
        ("effect", "--outcome", "luck"),
    ],
)
def test_wrong_usage_ends_with_2(ballast: object, arguments: tuple[str, ...]) -> None:
    assert ballast(*arguments)[0] == 2  # type: ignore[operator]


def test_too_little_for_an_effect_is_said_and_no_goal_too(ballast: object) -> None:
    code, _, err = ballast("effect")  # type: ignore[operator]
    assert code == 1
    assert "whole quarter" in err
    code, _, err = ballast(group="goals")  # type: ignore[operator]
    assert code == 1
    assert "no goal is set here" in err
