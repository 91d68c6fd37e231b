"""The panel from the lake: whole quarters, first finishes, who may be held against."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.brain.projects.conftest import CLERK, make_project

from ballast.brain.projects.changing import frame_of, row_of
from ballast.brain.projects.effect_panel import OUTCOMES, panel_of, study
from ballast.brain.projects.effect_words import answer_of, caveats_of, sample_of
from ballast.brain.projects.ledger import ledger
from ballast.brain.projects.status import Status
from ballast.errors import NotPermitted, Undefined, WrongUsage
from ballast.lake.lake import Lake
from ballast.sample.synthetic import decimals, typed
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import Period
from ballast.terms.role import Role
from ballast.terms.viewer import viewer_for

CODES = [with_check_character(f"91371500MA{n:07d}") for n in range(4)]
QUARTER = ("2025-01..02", "2025-03", "2025-04", "2025-05", "2025-06")


def reports(rows: list[tuple[str, str, float]]) -> pl.DataFrame:
    amounts = decimals(np.array([amount for _, _, amount in rows]))
    return typed(
        "enterprise_period",
        {
            "uscc": [code for code, _, _ in rows],
            "period": [period for _, period, _ in rows],
            "above_scale": True,
            "output_1e4_cny": amounts,
            "value_added_1e4_cny": amounts,
            "employment_persons": [10 + at for at in range(len(rows))],
        },
    )


@pytest.fixture
def small(tmp_path: Path) -> Lake:
    made = Lake.create(tmp_path / "home")
    register = typed(
        "enterprise",
        {
            "uscc": [*CODES, CODES[0]],
            "valid_from": [date(2020, 1, 1)] * 4 + [date(2024, 1, 1)],
            "name": ["甲", "乙", "丙", "丁", "甲"],
            "region_scheme": "gb2260",
            "region": "371581",
            "industry_scheme": "gbt4754-2017",
            "industry": ["3443", "3451", "3252", "3252", "3252"],
        },
    )
    told = [(code, period, 10.0) for code in CODES[:3] for period in QUARTER]
    told.remove((CODES[1], "2025-05", 10.0))
    told[told.index((CODES[2], "2025-03", 10.0))] = (CODES[2], "2025-03", -50.0)
    done = {"status": Status.FINISHED, "started": date(2024, 1, 1)}
    projects = [
        make_project("1", uscc=CODES[0], finished=date(2025, 5, 9), **done),
        make_project("2", uscc=CODES[0], finished=date(2025, 2, 1), kind="digital", **done),
        make_project("3", uscc=CODES[1], finished=date(2025, 1, 31), **done),
        make_project("4", uscc=CODES[2], status=Status.PLANNED, started=None),
        make_project("5", uscc=CODES[3]),
    ]
    made.commit(
        {
            "enterprise": register,
            "enterprise_period": reports(told),
            "project": frame_of("project", map(row_of, projects)),
        },
        CLERK,
    )
    return made


def test_quarters_are_whole_and_a_loss_has_no_logarithm(small: Lake) -> None:
    of = ledger(small, CLERK)
    panel, first, last = panel_of(small, CLERK, of, outcome="output", kinds=("upgrade",))
    assert (first, last) == (Period.parse("2025Q1"), Period.parse("2025Q2"))
    values = dict(zip(panel.units, panel.values, strict=True))
    assert values[CODES[0]] == pytest.approx(np.log([20.0, 30.0]))
    assert np.isnan(values[CODES[1]][1])  # May was not reported
    assert np.isnan(values[CODES[2]][0])  # the sum is negative


def test_the_first_finish_counts_and_one_of_another_kind_takes_its_enterprise_out(
    small: Lake,
) -> None:
    of = ledger(small, CLERK)
    for kinds, wanted in (
        (("upgrade",), {CODES[0]: -1, CODES[1]: 0}),
        (("digital",), {CODES[0]: 0, CODES[1]: -1}),
        (("upgrade", "digital"), {CODES[0]: 0, CODES[1]: 0}),
    ):
        panel, _, _ = panel_of(small, CLERK, of, outcome="output", kinds=kinds)
        found = dict(zip(panel.units, panel.finished.tolist(), strict=True))
        assert found == {**wanted, CODES[2]: -1}
        free = dict(zip(panel.units, panel.eligible.tolist(), strict=True))
        assert free == {CODES[0]: False, CODES[1]: False, CODES[2]: True}


def test_the_division_is_that_of_today(small: Lake) -> None:
    panel, _, _ = panel_of(small, CLERK, ledger(small, CLERK), outcome="output", kinds=())
    assert dict(zip(panel.units, panel.strata, strict=True))[CODES[0]] == "32"


def test_a_ratio_is_of_sums_and_persons_are_those_at_the_end(small: Lake) -> None:
    panel, _, _ = panel_of(small, CLERK, ledger(small, CLERK), outcome="productivity", kinds=())
    values = dict(zip(panel.units, panel.values, strict=True))
    assert values[CODES[0]] == pytest.approx(np.log([20 / 11, 30 / 14]))


def test_who_may_not_read_units_what_there_is_not_and_too_little_are_refused(small: Lake) -> None:
    me = viewer_for(Role.ENTERPRISE, "own", frozenset({CODES[0]}))
    with pytest.raises(NotPermitted):
        study(small, me)
    with pytest.raises(WrongUsage, match="there is no outcome happiness"):
        study(small, CLERK, outcome="happiness")
    with pytest.raises(Undefined, match="only 0 enterprises"):
        study(small, CLERK)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return the sample region: 60 months, and projects that were drawn apart from its figures."""
    from ballast.sample.region import load

    made = Lake.create(tmp_path_factory.mktemp("effect") / "home")
    load(made, CLERK)
    return made


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_sample_s_projects_did_nothing_and_nothing_is_found(region: Lake, outcome: str) -> None:
    found = study(region, CLERK, outcome=outcome)
    assert found.effect.sets > 150
    assert not found.effect.mean.found
    assert found.effect.parallel
    assert found.synthetic
    said = [sentence.text("en") for sentence in answer_of(found)]
    assert said[0].startswith("No effect on ")
    assert "moved alike" in said[1]


def test_a_planted_effect_in_the_sample_s_figures_is_found(region: Lake, tmp_path: Path) -> None:
    """A tenth more output from the month after the finish on; the rest of the sample as it is."""
    planted = Decimal("1.10")
    of = ledger(region, CLERK, only=())
    first: dict[str, date] = {}
    for one in of.projects.values():
        if one.finished is not None:
            first[one.uscc] = min(first.get(one.uscc, date.max), one.finished)
    rows = region.read("enterprise_period", CLERK).drop("load_id", "source_sheet", "source_row")
    frame = pl.from_arrow(rows.to_pyarrow())
    assert isinstance(frame, pl.DataFrame)
    starts = {text: Period.parse(text).start for text in frame["period"].unique()}
    ends = pl.DataFrame({"uscc": list(first), "done": list(first.values())})
    whole = frame.join(ends, on="uscc", how="left", maintain_order="left").with_columns(
        pl.col("period").replace_strict(starts, return_dtype=pl.Date).alias("start")
    )
    lifted = pl.when(pl.col("start") > pl.col("done")).then(
        pl.col("output_1e4_cny") * planted
    ).otherwise(pl.col("output_1e4_cny"))  # fmt: skip
    moved = whole.with_columns(lifted.cast(pl.Decimal(24, 4)).alias("output_1e4_cny"))
    made = Lake.create(tmp_path / "home")
    tables = {"enterprise_period": moved.select(frame.columns)}
    for name in ("enterprise", "project"):
        kept = region.read(name, CLERK).drop("load_id", "source_sheet", "source_row")
        table = pl.from_arrow(kept.to_pyarrow())
        assert isinstance(table, pl.DataFrame)
        tables[name] = table
    made.commit(tables, CLERK)
    found = study(made, CLERK)
    value, low, high = found.effect.mean.percent
    assert low < 10 < high
    assert value == pytest.approx(10, abs=2)
    assert found.effect.parallel
    assert "% higher than that of like" in answer_of(found)[0].text("en")
    assert "高 " in answer_of(found)[0].text("zh")
    assert sample_of(found)[0].text("en").startswith(f"{found.effect.sets} enterprises")
    assert len(caveats_of(found)) == 5
