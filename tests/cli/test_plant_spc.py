"""``ballast plant spc`` as it is typed, over a lake with a tag and inspections."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from tests.plant.reports.plant_lake import enter, tell

from ballast.cli.app import run
from ballast.lake.lake import Lake

NOON = 1_795_406_400_000  # 2026-11-23T04:00Z, noon in Shanghai
HOUR = 3_600_000
TAG = "shop/press/force"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home: a force that jumps in its last ten minutes, bores, and looks."""
    lake = Lake.create(tmp_path_factory.mktemp("spc") / "home")
    rng = np.random.default_rng(4)
    force = np.round(rng.normal(100.0, 1.0, size=130), 3)
    force[120:] += 8.0
    tell(lake, {TAG: [(NOON + 60_000 * n, float(v)) for n, v in enumerate(force)]})
    bores = np.round(rng.normal(12.0, 0.01, size=(20, 5)), 4)
    enter(lake, "inspection", *(
        {"asset": "shop/mill", "start": NOON + HOUR * n, "characteristic": "bore", "sample": k + 1,
         "value": float(v), "unit": "mm", "lower": 11.94, "upper": 12.06,
         "batch_handle": f"B{n // 5}"}
        for n, row in enumerate(bores)
        for k, v in enumerate(row)
    ))  # fmt: skip
    enter(lake, "inspection", *(
        {"asset": f"shop/line-{line}", "start": NOON + HOUR * n, "characteristic": "look",
         "sample": 1, "inspected": 200, "defectives": 3 + (n % 3) + (20 if n == 9 else 0)}
        for line in (1, 2)
        for n in range(12)
    ))  # fmt: skip
    return lake.home.path


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")


def asked(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    assert run(["plant", "spc", *words, "--home", str(home)]) == 0
    return capsys.readouterr()


def test_a_tag_is_charted_over_the_day_to_its_newest_value(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = asked(home, capsys, TAG)
    assert "individuals chart (I)" in out
    assert "1–130" in out
    assert "Nelson 1: a point beyond 3σ" in out
    assert "130 points from 2026-11-23T04:00:00+00:00 to 2026-11-23T06:09:00+00:00" in err
    assert "no specification limits are known" in err


def test_a_baseline_judges_what_came_after_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = asked(
        home, capsys, TAG, "--baseline", "2026-11-23T12:00..2026-11-23T14:00",
        "--zone", "Asia/Shanghai", "--rules", "none", "--kind", "ewma", "--format", "json",
    )  # fmt: skip
    told = json.loads(out)
    assert told["baseline"] == {"first": 1, "last": 120}
    assert {one["points"][0] for one in told["marks"]} >= set(range(122, 131))
    assert all(one["points"][0] > 120 for one in told["marks"])
    assert told["points"][0]["start"] == "2026-11-23T12:00:00+08:00"
    assert told["points"][0]["ewma_centre"] == pytest.approx(100.0, abs=0.3)


def test_an_inspection_is_found_by_its_name_with_subgroups_batches_and_capability(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = asked(home, capsys, "bore", "--format", "json")
    told = json.loads(out)
    assert told["subject"] == {"asset": "shop/mill", "characteristic": "bore"}
    assert told["kind"] == "xbar_r"
    assert [one["size"] for one in told["points"]] == [5] * 20
    assert told["points"][7]["batches"] == "B1"
    assert told["specification"] == {"lower": 11.94, "upper": 12.06}
    cpk = told["capability"]["cpk"]
    assert 1.5 < cpk["low"] < cpk["value"] < cpk["high"] < 2.5
    out, _ = asked(home, capsys, "bore")
    assert "process capability index Cpk" in out
    out, _ = asked(home, capsys, "bore", "--lower", "11.97", "--format", "json")
    told = json.loads(out)
    assert told["specification"] == {"lower": 11.97, "upper": None}
    assert told["capability"]["cp"]["value"] is None


def test_counts_get_a_chart_of_counts_and_csv_has_every_point(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = asked(home, capsys, "look", "--asset", "shop/line-2", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 12
    assert float(rows[9]["p"]) == pytest.approx(23 / 200)
    assert rows[9]["violations"].split()[0] == "nelson_1"
    assert float(rows[0]["p_centre"]) == pytest.approx((12 * 4 + 20) / 2400)
    assert "counts have no capability index" in err


def test_cusum_and_subgroups_of_time_and_phases(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = asked(home, capsys, TAG, "--kind", "cusum", "--format", "json")
    told = json.loads(out)
    assert {"cusum", "cusum_lower_sum", "cusum_upper"} <= set(told["points"][0])
    out, _ = asked(
        home, capsys, TAG, "--kind", "xbar_s", "--subgroup", "10min",
        "--phase", "2026-11-23T06:00Z..2026-11-23T07:00Z", "--format", "json",
    )  # fmt: skip
    told = json.loads(out)
    assert [one["size"] for one in told["points"]] == [10] * 13
    assert told["charts"][0]["phases"] == [1, 13]
    assert told["baseline"] is None


@pytest.mark.parametrize(
    ("subgroup", "chart"), [("10min", "(S)"), ("5", "(R)"), ("10", "(R)"), ("11", "(S)")]
)
def test_values_that_are_put_together_get_a_chart_of_means(
    home: Path, capsys: pytest.CaptureFixture[str], subgroup: str, chart: str
) -> None:
    out, _ = asked(home, capsys, TAG, "--subgroup", subgroup, "--format", "json")
    mean, spread = (one["name"] for one in json.loads(out)["charts"])
    assert mean.endswith("(X̄)")
    assert spread.endswith(chart)


def test_a_value_no_sensor_means_breaks_no_table(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = asked(home, capsys, TAG, "--lower=-1e308", "--upper", "1e308")
    assert "e+3" in out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["nothing"], 1, "nothing is inspected by that name, and no such tag has been heard"),
        (["look"], 2, "look is inspected at shop/line-1, shop/line-2; say at which with --asset"),
        (["bore", "--asset", "shop/x"], 1, "nothing is inspected by the name bore at shop/x"),
        (["bore", "--kind", "magic"], 2, "there are xbar_r, xbar_s, i_mr"),
        (["bore", "--rules", "magic"], 2, "there are nelson, western_electric, none"),
        (["bore", "--subgroup", "some"], 2, "write a number of values, 5"),
        (["bore", "--subgroup", "9" * 30 + "h"], 2, "write a number of values, 5"),
        (["bore", "--subgroup", "9" * 30], 2, "write a number of values, 5"),
        (["bore", "--baseline", "2026-11-01"], 2, "write two moments"),
        (["bore", "--from", "yesterday"], 2, "this is no moment"),
        (["bore", "--to", "0001-01-01"], 2, "this is no moment"),
        (["bore", "--zone", "Nowhere/Land"], 2, "there is no such zone"),
        (["bore", "--lower", "nan"], 1, "is no finite number"),
        (["bore", "--lower", "13", "--upper", "12"], 1, "the lower must be below"),
        (["bore", "--kind", "p"], 1, "has no defectives of which the number of pieces is known"),
        ([TAG, "--kind", "p"], 1, "is made of inspections"),
        ([TAG, "--subgroup", "5", "--kind", "i_mr"], 1, "takes no subgroups"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str
) -> None:
    assert run(["plant", "spc", *words, "--home", str(home)]) == code
    err = capsys.readouterr().err
    assert told in err
    assert len(err.strip().splitlines()) == 1
