"""``ballast plant quality`` as it is typed: counts, gaps with reasons, one line where it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.plant.reports.plant_lake import befall, enter, tell

from ballast.cli.app import run
from ballast.lake.lake import Lake

EIGHT = 1_780_272_000_000  # 2026-06-01T00:00Z
MINUTE = 60_000
WINDOW = ("--from", "2026-06-01T00:00+00:00", "--to", "2026-06-01T01:00+00:00")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home of which the broker was lost for ten minutes."""
    lake = Lake.create(tmp_path_factory.mktemp("quality") / "home")
    enter(lake, "tag", {"tag": "m/load", "asset": "m", "name": "负载", "every_s": 60.0,
                        "role": "measurement"})  # fmt: skip
    told = [(EIGHT + n * MINUTE, 1.0) for n in range(61) if not 20 < n < 30]
    tell(lake, {"m/load": told, "sparkplug:g/n//x": told})
    befall(lake, {"at": EIGHT + 30 * MINUTE, "since": EIGHT + 20 * MINUTE,
                  "until": EIGHT + 30 * MINUTE, "kind": "broker-lost", "source": "b"})  # fmt: skip
    return lake.home.path


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")


def asked(
    home: Path, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0
) -> tuple[str, str]:
    assert run(["plant", "quality", *words, "--home", str(home)]) == code
    return capsys.readouterr()


def test_expected_and_received_stand_side_by_side(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = asked(home, capsys, *WINDOW)
    row = next(line for line in out.splitlines() if line.startswith("m/load"))
    assert row.split()[1:4] == ["83.3", "60", "51"]
    assert "conflicts" not in out  # a column in which nothing stands is not shown to eyes


def test_gaps_are_listed_with_their_reasons(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = asked(home, capsys, *WINDOW, "--gaps", "--tag", "m/load")
    assert "2026-06-01T00:20:00+00:00" in out
    assert "the connection to the broker was lost" in out


def test_json_has_every_column(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = asked(home, capsys, *WINDOW, "--format", "json")
    rows = {row["tag"]: row for row in json.loads(out)}
    assert rows["m/load"]["expected"] == 60
    assert rows["m/load"]["gaps"][0]["kind"] == "broker-lost"
    assert rows["sparkplug:g/n//x"]["unmapped"] is True


def test_a_tag_that_there_is_not_is_one_line(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = asked(home, capsys, *WINDOW, "--tag", "m/nothing", code=1)
    assert "there is no tag m/nothing" in err
