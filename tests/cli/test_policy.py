"""``ballast policy``: rules as they stand, a sheet checked, an enterprise, a law looked through."""

from __future__ import annotations

import csv
import io
import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.brain.enterprise_town import Town, code

from ballast.brain.policy.reading import laws
from ballast.cli.app import run

DAY = "2026-11-23"
GIANT: dict[str, Any] = {
    "industry": "3443", "founded": "2008-05-06", "revenue[2025]": ("1.2", "亿元"),
    "revenue[2024]": "11000", "revenue[2023]": "10000", "main_revenue[2025]": "11500",
    "assets[2025]": "15000", "liabilities[2025]": "6000", "rd[2025]": "700", "rd[2024]": "650",
    "staff[2025]": "230", "niche_years[2025]": "12", "niche_share[2025]": "11.5%",
    "class1_ip_in_use": "4", "platform_score": "66", "abnormal_listing": "否",
    "serious_dishonesty": "否", "major_incident_3y": "否", "fraud_3y": "否",
    "falsification_ban": "否", "six_bases": "是", "key_chain_link": "是",
    "national_prize_top3_3y": "否", "holds[specialised_sme]": "2024-12-01",
}  # fmt: skip


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    ended = run(["policy", *arguments])
    told = capsys.readouterr()
    assert "fault of ours" not in told.err
    return ended, told.out, told.err


def filled(capsys: pytest.CaptureFixture[str], path: Path, answers: dict[str, Any]) -> str:
    """Return the name of a sheet that the command wrote and somebody filled in."""
    ended, _, _ = answer(capsys, "sheet", str(path), "--scheme", "little_giant", "--day", DAY)
    assert ended == 0
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows(min_row=5):
        name = f"{row[0].value}[{row[2].value}]" if row[2].value else row[0].value
        if name in answers:
            given = answers[name]
            row[3].value, unit = given if isinstance(given, tuple) else (given, None)
            if unit is not None:
                row[4].value = unit
    book.save(path)
    return str(path)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("policy") / "home"
    Town(count=3).load(path)
    return path


def test_the_titles_are_listed_with_the_rules_that_apply_on_a_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended, out, _ = answer(capsys, "list", "--day", DAY, "--format", "json")
    assert ended == 0
    rows = {row["scheme"]: row for row in json.loads(out)}
    giant = rows["little_giant"]
    assert (giant["new"], giant["renewal"]) == ("工信部企业〔2026〕2号", "工信部企业〔2022〕63号")
    _, before, _ = answer(capsys, "list", "--day", "2026-03-31", "--format", "json")
    old = {row["scheme"]: row["new"] for row in json.loads(before)}
    assert old["little_giant"] == "工信部企业〔2022〕63号"


@pytest.mark.parametrize("scheme", laws().schemes)
@pytest.mark.parametrize("words", ["zh", "en"])
def test_every_rule_is_shown_line_by_line_in_both_languages(
    scheme: str, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", words)
    ended, out, err = answer(capsys, "show", scheme, "--day", DAY, "--format", "json")
    assert ended == 0
    rows = json.loads(out)
    assert len(rows) > 10
    assert all(row["rule"] for row in rows)
    doubtful = sum(row["confirmed"] != True for row in rows)  # noqa: E712
    assert doubtful == 0 or f"{doubtful}" in err
    assert answer(capsys, "show", scheme, "--day", DAY)[0] == 0


def test_a_rule_shows_the_figure_and_the_article_of_the_law(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "zh")
    _, out, _ = answer(capsys, "show", "little_giant", "--day", DAY, "--format", "csv")
    rows = {row["criterion"]: row for row in csv.DictReader(io.StringIO(out))}
    assert rows["revenue"]["demand"] == "营业收入 ≥ 5000万元"
    assert rows["revenue"]["article"] == "第2项"
    assert rows["rd_share"]["demand"].endswith("近 2 年每年")
    _, old, err = answer(
        capsys, "show", "little_giant", "--renewal", "--day", "2026-06-01", "--format", "csv"
    )
    assert "63号" in err
    assert "niche_share" in old


def test_a_sheet_is_written_filled_in_and_checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sheet = filled(capsys, tmp_path / "form.xlsx", GIANT)
    ended, out, _ = answer(
        capsys, "check", "--sheet", sheet, "--scheme", "little_giant", "--day", DAY
    )
    assert ended == 0
    assert "CNY 120 m; asked: at least CNY 50 m" in out
    _, told, _ = answer(
        capsys,
        "check",
        "--sheet",
        sheet,
        "--scheme",
        "little_giant",
        "--day",
        DAY,
        "--format",
        "json",
    )
    (decision,) = json.loads(told)
    assert decision["verdict"] == "review"
    short = filled(capsys, tmp_path / "short.xlsx", GIANT | {"class1_ip_in_use": "3"})
    _, table, _ = answer(
        capsys,
        "check",
        "--sheet",
        short,
        "--scheme",
        "little_giant",
        "--day",
        DAY,
        "--format",
        "csv",
    )
    rows = {row["criterion"]: row for row in csv.DictReader(io.StringIO(table))}
    assert (rows["little_giant"]["verdict"], rows["class1_ip"]["state"]) == ("ineligible", "unmet")
    assert (rows["class1_ip"]["margin"], rows["class1_ip"]["threshold"]) == ("-1", "4")


def test_what_the_sheet_did_not_ask_for_is_not_taken_for_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sheet = filled(capsys, tmp_path / "form.xlsx", GIANT)
    ended, out, _ = answer(capsys, "check", "--sheet", sheet, "--day", DAY, "--format", "json")
    assert ended == 0
    verdicts = {each["scheme"]: each["verdict"] for each in json.loads(out)}
    assert verdicts["little_giant"] == "review"
    assert verdicts["specialised_sme"] == "incomplete"  # whether it holds the rung below: not asked


def test_a_sheet_with_mistakes_is_refused_with_each_of_them_and_its_row(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wrong = GIANT | {"revenue[2025]": "about a billion", "staff[2025]": ("230", "万元")}
    sheet = filled(capsys, tmp_path / "form.xlsx", wrong)
    ended, out, err = answer(capsys, "check", "--sheet", sheet, "--day", DAY)
    assert (ended, out) == (1, "")
    assert "2 to correct" in err
    assert err.count("row ") == 2


def test_a_sheet_of_last_year_is_refused_by_its_years(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sheet = filled(capsys, tmp_path / "form.xlsx", GIANT)
    ended, _, err = answer(capsys, "check", "--sheet", sheet, "--day", "2029-05-01")
    assert ended == 1
    assert "of the wrong year, 2024" in err


def test_an_enterprise_of_the_home_is_checked_and_its_ladder_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = (code(1), "--home", str(home), "--day", DAY)
    ended, out, _ = answer(capsys, "check", *asked)
    assert ended == 0
    assert "little_giant" in out
    ended, out, _ = answer(capsys, "ladder", *asked)
    assert ended == 0
    assert len(out.splitlines()) > 10
    ended, out, _ = answer(capsys, "ladder", *asked, "--format", "json")
    found = json.loads(out)
    assert {rung["scheme"] for rung in found["next"]} >= {"little_giant", "technology_sme"}
    ended, out, _ = answer(capsys, "calendar", code(1), "--home", str(home), "--since", DAY)
    assert ended == 0


def test_a_ladder_is_told_of_a_sheet_with_prices(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sheet = filled(capsys, tmp_path / "form.xlsx", GIANT | {"class1_ip_in_use": "3"})
    ended, out, _ = answer(
        capsys, "ladder", "--sheet", sheet, "--day", DAY, "--price", "class1_ip=30",
    )  # fmt: skip
    assert ended == 0
    assert "30 × 10,000 CNY" in out


def test_the_calendar_lists_windows_by_day(capsys: pytest.CaptureFixture[str]) -> None:
    ended, out, _ = answer(
        capsys, "calendar", "--since", "2026-01-01", "--until", "2026-12-31", "--format", "json"
    )
    assert ended == 0
    rows = json.loads(out)
    days = [row["day"] for row in rows]
    assert days == sorted(days)
    assert "2026-04-01" in days  # the new measures come into force
    only = answer(
        capsys, "calendar", "--since", "2026-01-01", "--until", "2026-12-31", "--scheme",
        "technology_sme", "--format", "json",
    )[1]  # fmt: skip
    assert {row["scheme"] for row in json.loads(only)} == {"technology_sme"}


def test_the_own_law_is_sound_and_what_nobody_confirmed_is_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended, _, err = answer(capsys, "lint")
    assert ended == 0
    assert "0 faults" in err
    ended, out, _ = answer(capsys, "lint", "--unconfirmed", "--format", "json")
    assert ended == 0
    assert "little_giant" in {row["scheme"] for row in json.loads(out)}


def test_an_official_changes_a_number_in_an_own_copy_and_checks_with_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    copy = tmp_path / "law"
    shutil.copytree(str(files("ballast.brain.policy") / "law"), copy)
    sheet = filled(capsys, tmp_path / "form.xlsx", GIANT)
    asked = (
        "check",
        "--sheet",
        sheet,
        "--scheme",
        "little_giant",
        "--day",
        DAY,
        "--law",
        str(copy),
    )
    assert json.loads(answer(capsys, *asked, "--format", "json")[1])[0]["verdict"] == "review"
    text = (copy / "little_giant.yaml").read_text("utf-8")
    old = "- {since: 2026-04-01, value: 5000, article: 第2项 (item 2)}"
    assert text.count(old) == 1
    new = "          - {since: 2026-10-01, value: 20000, article: 修改决定 (amendment)}"
    (copy / "little_giant.yaml").write_text(text.replace(old, f"{old}\n{new}"), "utf-8")
    (decision,) = json.loads(answer(capsys, *asked, "--format", "json")[1])
    assert decision["verdict"] == "ineligible"
    before = answer(capsys, *asked[:-3], "2026-09-30", *asked[-2:], "--format", "json")[1]
    assert json.loads(before)[0]["verdict"] == "review"
    (copy / "little_giant.yaml").write_text(text.replace("value: 5000", "vaule: 5000"), "utf-8")
    ended, _, err = answer(capsys, *asked)
    assert ended == 1
    assert "little_giant.yaml, line " in err
    ended, out, _ = answer(capsys, "lint", str(copy), "--format", "json")
    assert ended == 1
    assert any("vaule" in row["fault"] for row in json.loads(out) if row["grave"])


@pytest.mark.parametrize(
    ("arguments", "ended"),
    [
        (["check"], 2),
        (["check", "91371500MA7T00001X", "--sheet", "x.xlsx"], 2),
        (["check", "--all", "--renewal"], 2),
        (["check", "--sheet", "nowhere.xlsx"], 1),
        (["check", "--sheet", "."], 1),
        (["check", "--sheet", "nowhere.xlsx", "--scheme", "giants"], 1),
        (["check", "--sheet", "nowhere.xlsx", "--certificate", "2023-01-01"], 2),
        (["check", "91371500MA7T00001X", "--home", "nowhere"], 1),
        (["show", "little_giants"], 1),
        (["show", "little_giant", "--day", "1999-01-01"], 1),
        (["show", "little_giant", "--day", "yesterday"], 2),
        (["show", "little_giant", "--day", "20261123"], 2),
        (["list", "--law", "nowhere"], 1),
        (["lint", "nowhere"], 1),
        (["sheet", "form.csv"], 2),
        (["sheet", "nowhere/form.xlsx"], 1),
        (["ladder", "--sheet", "x.xlsx", "--price", "rd"], 1),
        (["ladder", "--sheet", "x.xlsx", "--format", "csv"], 2),
        (["calendar", "--since", "2026-12-01", "--until", "2026-01-01"], 1),
        (["pool", "--names", "--public"], 2),
        (["pool", "--home", "nowhere"], 1),
        (["pool", "--by", "colour"], 2),
    ],
)
def test_what_cannot_be_answered_ends_with_a_reason_and_no_traceback(
    arguments: list[str], ended: int, capsys: pytest.CaptureFixture[str]
) -> None:
    found, out, err = answer(capsys, *arguments)
    assert (found, out) == (ended, "")
    assert len(err.strip()) > 10
    assert "Traceback" not in err


def test_a_home_without_a_sealed_pool_says_how_to_seal_one(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, out, err = answer(capsys, "pool", "--public", "--home", str(home))
    assert (ended, out) == (1, "")
    assert "ballast cube seal" in err
