"""``ballast measure``: every indicator, as somebody types it, on the sample region."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ballast.brain.indicators.comparing import Against, compared
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Compare, Question
from ballast.brain.indicators.registry import INDICATORS
from ballast.brain.picture import picture
from ballast.cli.app import run
from ballast.lake.lake import Lake
from ballast.sample.region import load
from ballast.terms.period import Period
from ballast.terms.viewer import operator

Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]
COUNTIES = 8
NEWEST = "2026-05ytd"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("measure") / "home"
    load(Lake.create(path), operator("test"), lambda _text, _done: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BALLAST_HOME", str(path))
        patch.setenv("BALLAST_LANGUAGE", "en")
        yield path


@pytest.fixture(scope="module")
def lake(home: Path) -> Lake:
    return Lake.open(home)


@pytest.fixture
def ask(home: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def asked(*arguments: str) -> Rows:
        assert run(["measure", *arguments, "--format", "json", "--limit", "9999"]) == 0
        rows: Rows = json.loads(capsys.readouterr().out)
        return rows

    return asked


@pytest.fixture
def told(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def asked(*arguments: str) -> tuple[int, str, str]:
        code = run(["measure", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return asked


def test_without_an_indicator_all_of_them_are_listed(ask: Ask) -> None:
    assert [row["indicator"] for row in ask()] == [*INDICATORS, "location-quotient"]


def test_the_whole_is_the_sum_of_its_counties(ask: Ask) -> None:
    [whole] = ask("output")
    counties = ask("output", "--by", "county")
    assert len(counties) == COUNTIES
    assert sum(row["value"] for row in counties) == pytest.approx(whole["value"])
    assert sum(row["reporting"] for row in counties) == whole["reporting"]
    assert whole["as_of"] is not None


def test_points_of_the_cells_sum_to_the_growth_of_the_whole(ask: Ask, lake: Lake) -> None:
    [whole] = ask("output", "--growth")
    rows = ask("output", "--by", "region", "--growth")
    points = sum(row["contribution_points"] for row in rows)
    assert points == pytest.approx(whole["growth_published"], abs=1e-9)
    question = Question(
        ("output",), (Dimension.REGION, Dimension.INDUSTRY_DIVISION), period=Period.parse(NEWEST)
    )
    found = compared(lake, operator("test"), question, Against(growths=(Compare.PUBLISHED,)))
    made = found.contributions["output"]
    assert made.total == pytest.approx(whole["growth_published"], abs=1e-9)
    assert made.sum == pytest.approx(made.total, abs=1e-9)
    rest = [part for part in made.parts if part.key == ""]
    assert rest, "cells of last year that are gone"
    shown = {line.contribution.points for line in found.lines if line.contribution}
    assert sum(x for x in shown if x) != pytest.approx(made.total, abs=1e-9)


def test_points_of_a_ratio_sum_to_its_change_in_percentage_points(ask: Ask) -> None:
    [whole] = ask("margin", "--growth")
    rows = ask("margin", "--by", "division", "--growth")
    assert whole["growth_published_unit"] == "pp"
    assert sum(row["contribution_points"] for row in rows) == pytest.approx(
        whole["growth_published"], abs=1e-9
    )
    for row in rows:
        if row["contribution_within"] is not None:
            assert row["contribution_within"] + row["contribution_structure"] == pytest.approx(
                row["contribution_points"]
            )


def test_both_growths_are_named_and_rest_on_different_enterprises(ask: Ask) -> None:
    [row] = ask("output", "--growth")
    assert row["growth_published"] != row["growth_comparable"]
    assert 0 < row["comparable_enterprises"] < row["reporting"]
    assert row["growth_published_base"] == row["growth_comparable_base"] == "2025-05ytd"
    assert row["period"] == "2026-05ytd"


def test_a_sample_that_shrank_below_the_rule_has_no_growth_and_says_why(ask: Ask) -> None:
    rows = ask("output", "--by", "county", "--where", "group=345,385", "--growth")
    few = [row for row in rows if (row["comparable_enterprises"] or 0) < 3]
    assert few, "the sample region has such cells"
    for row in few:
        assert row["growth_comparable"] is None
        assert "below 3" in row["growth_comparable_reason"]


def test_both_growths_are_those_of_the_picture_which_sums_by_itself(lake: Lake) -> None:
    keys = ("output", "margin", "employment", "rd_intensity")
    against = Against(growths=(Compare.PUBLISHED, Compare.COMPARABLE))
    asked = Question(keys, period=Period.parse(NEWEST))
    lines = compared(lake, operator("test"), asked, against).lines
    shown = {
        one.name: one
        for one in picture(lake, operator("test"), "371500", today=date(2026, 6, 30)).indicators
    }
    for line in lines:
        other = shown[line.value.indicator]
        assert line.published is not None
        assert line.comparable is not None
        assert other.published is not None
        assert other.comparable is not None
        assert line.published.value == pytest.approx(other.published.value, rel=1e-9)
        assert line.comparable.value == pytest.approx(other.comparable.value, rel=1e-9)
        assert line.comparable.enterprises == other.comparable.enterprises


def test_a_count_of_enterprises_has_no_comparable_sample(ask: Ask) -> None:
    [row] = ask("enterprises", "--growth")
    assert row["growth_published"] is not None
    assert row["growth_comparable"] is None
    assert "no comparable sample" in row["growth_comparable_reason"]


def test_the_annual_rate_names_its_base(ask: Ask) -> None:
    [row] = ask("output", "--since", "2022")
    [then] = ask("output", "--period", "2022")
    assert row["growth_yearly_since"] == "2022"
    assert row["period"] == "2025", "the newest whole year"
    assert (1 + row["growth_yearly"] / 100) ** 3 == pytest.approx(row["value"] / then["value"])


def test_places_are_counted_within_a_set_that_is_named(ask: Ask) -> None:
    rows = ask("energy_intensity", "--by", "county", "--where", "region=Liaocheng", "--rank")
    placed = sorted(rows, key=lambda row: row["rank"])
    assert [row["rank"] for row in placed] == list(range(1, COUNTIES + 1))
    assert [row["value"] for row in placed] == sorted(row["value"] for row in rows)
    assert {row["rank_first"] for row in rows} == {"lowest"}, "lower is better"
    assert {row["rank_within"] for row in rows} == {"every county, of Liaocheng"}


def test_a_city_is_set_beside_the_cities_of_its_province(ask: Ask) -> None:
    rows = ask("rd_intensity_society", "--where", "region=聊城", "--peer", "province")
    assert len(rows) == 16
    assert {row["region"][:2] for row in rows} == {"37"}
    assert {row["rank_within"] for row in rows} == {
        "the regions of the same level in the province (Shandong)"
    }


def test_the_place_is_said_with_quartiles_and_the_set(
    told: Callable[..., tuple[int, str, str]],
) -> None:
    code, out, err = told("output", "--where", "region=Chiping", "--peer", "siblings")
    assert code == 0
    assert "1/8" in out
    assert "place 1 of 8 in the regions of the same parent (Liaocheng), highest first" in err
    assert "median" in err


def test_a_home_without_a_figure_of_the_set_says_so(
    told: Callable[..., tuple[int, str, str]],
) -> None:
    assert told("output", "--where", "region=Chiping", "--peer", "990000")[0] == 1
    code, _, err = told("output", "--peer", "siblings")
    assert (code, "name it with --where" in err) == (2, True)


def test_clusters_are_cut_where_nothing_else_is_said(ask: Ask) -> None:
    rows = ask("cluster_tier")
    assert len(rows) == 10
    assert sum(row["note"] == "100-billion class" for row in rows) == 2


@pytest.mark.parametrize(
    "key", ["title_holders", "identifiers_registered", "digitised_enterprises", "trade_exports",
            "high_tech_distance", "divisions"]
)  # fmt: skip
def test_an_indicator_of_each_kind_answers(key: str, ask: Ask) -> None:
    for row in (rows := ask(key)):
        assert (row["value"] is None) == (row["status"] != "published")
        assert row["value"] is not None or row["reason"]
    assert rows


def test_all_is_said_when_explained(told: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = told(
        "labour_productivity", "--by", "division", "--growth", "--rank", "--explain"
    )
    assert code == 0
    for part in (
        "Σ value added ÷ Σ employment at the period's end",
        "does not add",
        "growth in percent of the base",
        "2026 to the end of May on 2025 to the end of May",
        "below 3 enterprises there is none",
        "points sum to the growth of the whole",
        "places: within every industry division, highest first",
        "as of 20",
        "source: L0000001",
        "synthetic sample",
    ):
        assert part in err, part


def test_who_made_the_growth_is_said_and_sums(
    told: Callable[..., tuple[int, str, str]], ask: Ask
) -> None:
    _, _, err = told("output", "--growth", "--explain")
    line = next(row for row in err.splitlines() if row.startswith("the whole grew by"))
    words = line.replace("−", "-").replace(",", "").split()
    numbers = [float(w) for w in words if w.lstrip("-").replace(".", "").isdigit() and "." in w]
    growth, *parts = numbers
    assert len(parts) == 3
    assert sum(parts) == pytest.approx(growth, abs=0.02)
    assert growth == pytest.approx(ask("output", "--growth")[0]["growth_published"], abs=0.01)


def test_the_same_is_said_in_chinese(
    told: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "zh")
    code, out, err = told("output", "--by", "region", "--growth", "--rank", "--explain")
    assert code == 0
    assert "同口径" in out
    assert "茌平区" in out
    assert "按公布数总体增长" in err
    assert "合成样例" in err


def test_a_table_is_comma_separated_on_demand(
    told: Callable[..., tuple[int, str, str]],
) -> None:
    code, out, _ = told("margin", "--by", "county", "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == COUNTIES
    assert {"region", "region_name", "value", "unit", "status"} <= rows[0].keys()


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["fame"], "there is no indicator fame", 2),
        (["output", "--by", "colour"], "no such dimension", 2),
        (["gdp", "--by", "division"], "cannot be cut by", 2),
        (["output", "--where", "region"], "write it as DIM=VALUE", 2),
        (["output", "--where", "division=alchemy"], "is called alchemy", 1),
        (["output", "--where", "industry=alchemy"], "no industry is called alchemy", 1),
        (["output", "--where", "industry=C,32"], "of different levels", 2),
        (["output", "--period", "1999"], "1999", 0),
        (["output", "--period", "soon"], "soon", 1),
        (["output", "--since", "2025-04ytd", "--period", "2026-05ytd"], "same part of the year", 1),
        (["output", "--rank"], "cut by something", 2),
        (["lq", "--growth"], "no form, growth or rank", 2),
        (["cluster_revenue", "--where", "cluster=fame"], "called fame", 1),
    ],
)
def test_what_cannot_be_asked_is_answered_with_what_can(
    arguments: list[str], said: str, code: int, told: Callable[..., tuple[int, str, str]]
) -> None:
    ended, out, err = told(*arguments)
    assert said in err
    assert "Traceback" not in err + out
    assert ended == code


def test_location_quotients_stand_as_they_did(ask: Ask) -> None:
    rows = ask("lq", "--where", "region=Chiping", "--where", "industry=321")
    assert [row["industry"] for row in rows] == ["321"]
    assert rows[0]["location_quotient"] > 10
