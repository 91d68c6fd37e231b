"""The command line as a user meets it: what it prints, where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from ballast import __version__
from ballast.cli import data
from ballast.cli.app import run

GOOD = "region,industry,period,employment_persons\n371502,34,2024,7\n371503,33,2024,9\n"


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BALLAST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "--version") == (0, f"{__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["load"],
        ["load", "region_industry"],
        ["show", "region", "--limit", "none"],
        ["measure", "fame"],
        ["template", "region", "x.csv"],
        ["clusters", "--by", "taste"],
    ],
)
def test_wrong_usage_ends_with_2_or_says_what_is_missing(
    arguments: list[str], capsys: pytest.CaptureFixture[str], good: Path
) -> None:
    assert run(["load", "region_industry", str(good)]) == 0
    capsys.readouterr()
    code, out, err = answer(capsys, *arguments)
    assert code in (1, 2)
    assert out == ""
    assert "Traceback" not in err
    assert len(err.strip()) > 10


def test_a_load_prints_its_identifier_and_says_the_rest_on_stderr(
    capsys: pytest.CaptureFixture[str], good: Path
) -> None:
    code, out, err = answer(capsys, "load", "region_industry", str(good))
    assert code == 0
    assert out.startswith("L0000001-")
    assert "region_industry: 2 rows accepted" in err


def test_a_refused_row_ends_with_1_and_the_rest_is_loaded(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(GOOD + "999999,34,2024,1\n", encoding="utf-8")
    code, out, err = answer(capsys, "load", "region_industry", str(path))
    assert code == 1
    assert out.startswith("L0000001-")
    assert "row 4, region code: 999999" in err
    assert "bad.refused.csv" in err


def test_a_dry_run_leaves_no_load(capsys: pytest.CaptureFixture[str], good: Path) -> None:
    code, out, err = answer(capsys, "load", "region_industry", str(good), "--dry-run")
    assert (code, out) == (0, "")
    assert "nothing was changed" in err
    assert not Path("home").exists()


def test_a_home_that_is_not_there_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = answer(capsys, "loads")
    assert (code, out) == (1, "")
    assert "there is no home here" in err
    assert err.count("\n") == 1


def test_a_home_of_a_later_format_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, good: Path
) -> None:
    run(["load", "region_industry", str(good)])
    (tmp_path / "home" / "home.toml").write_text("format = 99\n", encoding="utf-8")
    capsys.readouterr()
    code, _, err = answer(capsys, "loads")
    assert code == 1
    assert "format 99" in err


def test_rows_are_shown_as_table_csv_and_json(
    capsys: pytest.CaptureFixture[str], good: Path
) -> None:
    run(["load", "region_industry", str(good)])
    capsys.readouterr()
    _, table, _ = answer(capsys, "show", "region_industry")
    assert "371502" in table
    assert "region code" in table
    _, text, _ = answer(capsys, "show", "region_industry", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["employment_persons"] for row in rows] == ["7", "9"]
    _, text, _ = answer(capsys, "show", "region_industry", "--format", "json", "--limit", "1")
    (row,) = json.loads(text)
    assert (row["region"], row["employment_persons"], row["source_row"]) == ("371502", 7, 2)


def test_rows_can_be_filtered_and_read_at_a_moment(
    capsys: pytest.CaptureFixture[str], good: Path
) -> None:
    run(["load", "region_industry", str(good)])
    capsys.readouterr()
    _, text, _ = answer(
        capsys, "show", "region_industry", "--where", "region=371503", "--format", "json"
    )
    assert [row["region"] for row in json.loads(text)] == ["371503"]
    _, text, _ = answer(
        capsys, "show", "region_industry", "--as-of", "2000-01-01", "--format", "json"
    )
    assert json.loads(text) == []
    code, _, err = answer(capsys, "show", "region_industry", "--as-of", "yesterday")
    assert code == 2
    assert "2026-05-31" in err


def test_a_load_is_taken_back(capsys: pytest.CaptureFixture[str], good: Path) -> None:
    run(["load", "region_industry", str(good)])
    load_id = capsys.readouterr().out.strip()
    code, _, err = answer(capsys, "unload", load_id, "--note", "wrong year")
    assert code == 0
    assert "2 rows no longer count" in err
    _, text, _ = answer(capsys, "show", "region_industry", "--format", "json")
    assert json.loads(text) == []
    _, text, _ = answer(capsys, "loads", "--format", "json")
    assert [(row["state"], row["note"]) for row in json.loads(text)][1] == (
        "withdrawn",
        "wrong year",
    )
    code, _, err = answer(capsys, "unload", load_id)
    assert code == 1
    assert "withdrawn already" in err


def test_a_template_is_filled_in_and_loaded(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["template", "region_industry", "form.xlsx"]) == 0
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    sheet = book.worksheets[0]
    head = {str(cell.value): cell.column for row in sheet.iter_rows() for cell in row if cell.value}
    empty = sheet.max_row + 1

    for label, value in {
        "region code": "371502",
        "industry code": "34",
        "period": "2024",
        "employment": 7,
    }.items():
        names = [text for text in head if text.split("（")[0].split("(")[0].strip(" *") == label]
        sheet.cell(empty, head[names[0]], value)
    book.save(tmp_path / "form.xlsx")
    capsys.readouterr()
    code, _, err = answer(capsys, "load", "region_industry", "form.xlsx")
    assert code == 0, err
    assert "1 rows accepted" in err


def test_a_backup_is_restored_elsewhere(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, good: Path
) -> None:
    run(["load", "region_industry", str(good)])
    assert run(["backup", "out.tar.gz"]) == 0
    assert run(["restore", "out.tar.gz", "--home", str(tmp_path / "other")]) == 0
    capsys.readouterr()
    _, text, _ = answer(capsys, "show", "region_industry", "--home", "other", "--format", "json")
    assert len(json.loads(text)) == 2


def test_the_doctor_finds_a_sound_home_sound(
    capsys: pytest.CaptureFixture[str], good: Path
) -> None:
    run(["load", "region_industry", str(good)])
    code, _, err = answer(capsys, "doctor", "--repair")
    assert code == 0
    assert "all is well" in err


def test_the_doctor_names_missing_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, good: Path
) -> None:
    run(["load", "region_industry", str(good)])
    for path in (tmp_path / "home" / "lake" / "region_industry").glob("*.parquet"):
        path.unlink()
    code, _, err = answer(capsys, "doctor")
    assert code == 1
    assert "region_industry: 1 files are missing or damaged" in err


def test_the_doctor_finds_a_load_of_which_a_commit_was_taken_away(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, good: Path
) -> None:
    run(["load", "region_industry", str(good)])
    log = tmp_path / "home" / "lake" / "region_industry" / "_delta_log"
    good.write_text(GOOD.replace("2024", "2023"), encoding="utf-8")
    run(["load", "region_industry", str(good)])
    (log / "00000000000000000001.json").unlink()
    capsys.readouterr()
    code, _, err = answer(capsys, "doctor")
    assert code == 1
    assert "0 of its 2 rows are there" in err


def test_what_is_said_is_chinese_where_that_is_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, good: Path
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "zh")
    _, _, err = answer(capsys, "load", "region_industry", str(good))
    assert "接受 2 行" in err
    monkeypatch.setenv("BALLAST_LANGUAGE", "fr")
    code, _, err = answer(capsys, "loads")
    assert code == 2
    assert "BALLAST_LANGUAGE" in err


def test_a_fault_of_ours_is_called_so_and_kept_in_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, good: Path
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("ballast.cli.data.load_file", broken)
    code, _, err = answer(capsys, "load", "region_industry", str(good))
    assert code == 70
    assert "Traceback" not in err
    path = Path(err.strip().rsplit(" ", 1)[1])
    assert "a bug" in path.read_text(encoding="utf-8")
    path.unlink()


def test_a_reader_that_goes_away_is_no_error(good: Path) -> None:
    run(["load", "region_industry", str(good)])
    command = [sys.executable, "-m", "ballast", "show", "region_industry"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ.copy()
    ) as shown:
        assert shown.stdout is not None
        assert shown.stderr is not None
        shown.stdout.close()
        assert b"Traceback" not in shown.stderr.read()


def test_the_demo_refuses_a_home_with_real_data(
    capsys: pytest.CaptureFixture[str], good: Path
) -> None:
    run(["load", "region_industry", str(good)])
    capsys.readouterr()
    code, out, err = answer(capsys, "demo", "--no-serve")
    assert (code, out) == (1, "")
    assert "would mix" in err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_damaged_lake_is_told_in_one_line_by_every_command_that_reads_it(
    capsys: pytest.CaptureFixture[str],
    good: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    answer(capsys, "load", "region_industry", str(good))
    monkeypatch.setenv("BALLAST_LANGUAGE", language)
    (file,) = (tmp_path / "home" / "lake" / "load").glob("*.parquet")
    file.write_bytes(file.read_bytes()[:100])
    for command in (
        ["loads"],
        ["show", "region_industry"],
        ["load", "region_industry", str(good)],
        ["unload", "L0000001-00000000"],
        ["clusters"],
    ):
        code, out, err = answer(capsys, *command)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert {"zh": "请从备份恢复", "en": "restore the home from a backup"}[language] in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--limit", str(2**63)],
        ["--as-of", "0000-01-01"],
        ["--as-of", "9999-12-31T23:59:59-12:00"],
        ["--as-of", "2026-05-31T25:00"],
    ],
)
def test_a_number_or_a_moment_out_of_range_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], good: Path, arguments: list[str]
) -> None:
    answer(capsys, "load", "region_industry", str(good))
    code, out, _ = answer(capsys, "show", "region_industry", *arguments)
    assert (code, out) == (2, "")


@pytest.mark.parametrize(
    ("language", "line"), [("en", "stopped; nothing was half-done"), ("zh", "已停止")]
)
def test_ctrl_c_ends_a_load_with_a_line_and_a_code_of_its_own(
    capsys: pytest.CaptureFixture[str],
    good: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    line: str,
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setenv("BALLAST_LANGUAGE", language)
    monkeypatch.setattr(data, "load_file", interrupted)
    code, out, err = answer(capsys, "load", "region_industry", str(good))
    assert (code, out) == (130, "")
    assert err.startswith(line)


def test_ctrl_c_while_the_program_starts_shows_no_traceback() -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import ballast.cli; raise KeyboardInterrupt"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert started.returncode != 0
    assert started.stderr == ""


def test_a_panic_of_a_library_is_a_fault_of_ours_and_no_traceback(
    capsys: pytest.CaptureFixture[str], good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PanicException(BaseException):
        """What libraries written in Rust raise."""

    def panicking(*_: object, **__: object) -> None:
        raise PanicException

    monkeypatch.setattr(data, "load_file", panicking)
    code, out, err = answer(capsys, "load", "region_industry", str(good))
    assert (code, out, err.count("\n")) == (70, "", 1)
