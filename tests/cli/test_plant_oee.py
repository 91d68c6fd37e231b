"""``ballast plant oee`` as it is typed, over a small plant that only tables tell of."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.plant.reports.plant_lake import enter, tell

from ballast.cli.app import run
from ballast.lake.lake import Lake

EIGHT = 1_780_272_000_000  # 2026-06-01T00:00Z, eight in the morning in Shanghai
HOUR = 3_600_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home without a mapping: six hours of work, one stopped, one without an order."""
    lake = Lake.create(tmp_path_factory.mktemp("oee") / "home")
    enter(lake, "asset", {"asset": "m", "level": "machine", "name": "车床", "name_en": "lathe",
                          "cycle_s": 10.0})  # fmt: skip
    enter(
        lake, "tag",
        {"tag": "m/state", "asset": "m", "name": "状态", "role": "state",
         "states": "0=idle; 1=producing; 3=delayed:卡料"},
        {"tag": "m/n", "asset": "m", "name": "产量", "role": "produced"},
        {"tag": "m/g", "asset": "m", "name": "合格", "role": "good"},
    )  # fmt: skip
    states = [(0, 1.0), (6, 3.0), (7, 0.0), (8, 0.0)]
    tell(
        lake,
        {
            "m/state": [(EIGHT + hour * HOUR, state) for hour, state in states],
            "m/n": [(EIGHT, 0.0), (EIGHT + 5 * HOUR, 2000.0)],
            "m/g": [(EIGHT, 0.0), (EIGHT + 5 * HOUR, 1900.0)],
        },
        provenance="synthetic",
    )
    return lake.home.path


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")


WINDOW = ("--from", "2026-06-01T00:00+00:00", "--to", "2026-06-01T08:00+00:00")


def asked(
    home: Path, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0
) -> tuple[str, str]:
    assert run(["plant", "oee", *words, "--home", str(home)]) == code
    return capsys.readouterr()


def test_a_table_for_eyes_says_that_the_figures_are_invented(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = asked(home, capsys, *WINDOW)
    assert "lathe" in out
    assert "66.0" in out  # 1,900 pieces of 10 s in 8 h
    assert "synthetic sample" in err


def test_programs_get_the_ratios_themselves(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = asked(home, capsys, *WINDOW, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert float(row["oee"]) == pytest.approx(19_000 / 28_800)
    assert float(row["availability"]) == 0.75
    assert row["counted"] == "counter"


def test_json_holds_all_of_it_and_no_number_that_is_none(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = asked(home, capsys, *WINDOW, "--format", "json")
    assert "NaN" not in out
    found = json.loads(out)
    (row,) = found["rows"]
    assert row["delays_s"] == {"卡料": 3600.0}
    assert row["elements"]["CMT"] is None
    assert "CMT" in row["why"]["corrective_maintenance_ratio"]
    assert found["provenance"] == "synthetic"
    tree = row["tree"]
    assert tree["good_s"] + sum(node["seconds"] for node in tree["losses"]) == tree["pbt_s"]


def test_explain_writes_numerator_denominator_and_formula(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = asked(home, capsys, *WINDOW, "--explain")
    assert "availability = 75.00 % = APT / PBT = 21600 / 28800" in out
    assert "(21600 / 28800) × (10 × 2000 / 21600) × (1900 / 2000)" in out
    assert "corrective maintenance ratio: not known: CMT, PMT" in out
    assert "卡料: 1.00 h  12.5 %" in out


def test_without_a_day_it_is_the_newest_that_there_is_anything_of(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = asked(home, capsys, "--zone", "Asia/Shanghai", "--by", "day", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert row["row"] == "2026-06-01"
    assert float(row["coverage"]) == pytest.approx(8 / 24)


def test_in_chinese_as_a_shop_says_it(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "zh")
    out, err = asked(home, capsys, *WINDOW, "--explain")
    assert "设备综合效率（OEE） = 65.97 %" in out
    assert "合成" in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--day", "yesterday"), 2, "this is no moment"),
        (("--day", "2026-06-01", "--to", "2026-06-02"), 2, "either --day or --from and --to"),
        (("--asset", "nothing"), 1, "there is no asset nothing"),
        (("--from", "2026-06-02", "--to", "2026-05-01"), 1, "it must end later"),
        (("--by", "moon"), 2, "moon"),
        (("--zone", "Mars/Base"), 2, "there is no such zone"),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    home: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    _, err = asked(home, capsys, *words, code=code)
    assert said in err
    assert "Traceback" not in err


def test_by_shift_without_shifts_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = asked(home, capsys, *WINDOW, "--by", "shift")
    assert "the mapping has no shifts" in err
