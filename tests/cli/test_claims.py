"""``ballast claims`` as somebody types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.brain.claims.conftest import city

from ballast.cli.app import run

Told = tuple[int, str, str]
Tell = Callable[..., Told]
TEXT = "2025年全市规上工业營業收入52.8亿元，同比增长11%。\n火星市产值增长3%。\n抓落实。"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "home"
    city(path, "synthetic")
    return path


@pytest.fixture
def tell(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tell:
    monkeypatch.setenv("BALLAST_HOME", str(home))
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")

    def told(*arguments: str) -> Told:
        code = run(["claims", *arguments, "--region", "371500"])
        said = capsys.readouterr()
        return code, said.out, said.err

    return told


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "news.txt"
    path.write_text(TEXT, encoding="gb18030")
    return path


def test_every_statement_is_a_block_with_its_answer(tell: Tell, text: Path) -> None:
    code, out, err = tell(str(text), "--date", "2026-04-20")
    assert code == 0
    assert out.count("in the text:") == 2 + 1
    assert "[consistent with the synthetic sample]" in out
    assert "[does not hold]" in out
    assert "growth since 2024, 2025: 10.00% (synthetic sample)" in out
    assert "no place that is known here is called 火星市" in out
    assert err.startswith("3 statements: consistent with the synthetic sample 1, does not hold 1")


def test_json_marks_the_text_and_names_the_loads(tell: Tell, text: Path) -> None:
    code, out, _ = tell(str(text), "--date", "2026-04-20", "--format", "json")
    assert code == 0
    first, second, third = json.loads(out)
    assert TEXT[first["start"] : first["end"]] == first["marked"] == "52.8亿元"
    assert (first["verdict"], second["verdict"]) == ("consistent", "fails")
    assert first["ours"][0]["sources"]
    assert first["ours"][0]["command"].startswith("ballast measure revenue --where region=371500")
    assert third["place"] == {"words": "火星市", "codes": []}


def test_csv_has_a_line_for_each(tell: Tell, text: Path) -> None:
    code, out, _ = tell(str(text), "--date", "2026-04-20", "--format", "csv")
    assert code == 0
    assert out.splitlines()[0] == "said,words,verdict,ours,reason"
    assert len(out.splitlines()) == 4


def test_reading_alone_gives_no_answers(tell: Tell, text: Path) -> None:
    code, out, err = tell(str(text), "--read")
    assert (code, err) == (0, "")
    assert "[" not in out


def test_a_text_without_statements_says_so(tell: Tell, tmp_path: Path) -> None:
    empty = tmp_path / "a.txt"
    empty.write_text("会议强调，抓落实。", encoding="utf-8")
    assert tell(str(empty)) == (0, "", "a.txt: nothing in it is stated in figures\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nosuch.txt",), 1, "cannot be read"),
        (("{file}", "--date", "yesterday"), 2, "write a day as"),
        (("{pdf}",), 1, "only text, web pages and .docx are read"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    tell: Tell, text: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    ended, out, err = tell(*(a.format(file=text, pdf=pdf) for a in arguments))
    assert (ended, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1


def test_anybody_gets_no_answer_from_reports_of_enterprises(tell: Tell, text: Path) -> None:
    _, out, _ = tell(str(text), "--date", "2026-04-20", "--public")
    assert "does not hold" not in out
    assert "52" not in out.replace("52.8亿元", "")
