"""Freshness and completeness, on the sample with holes planted in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from ballast.brain.quality import Quality, Share, quality
from ballast.errors import NotPermitted
from ballast.lake.lake import Lake
from ballast.sample.region import build
from ballast.terms.viewer import PUBLIC, Right, Viewer, operator

TODAY = date(2026, 6, 20)
LOADED = datetime(2026, 6, 15, 8, tzinfo=UTC)
COUNTS_ONLY = Viewer("admin", frozenset({Right.READ_AGGREGATES}))


class Holes:
    """Whose rows were taken out of the sample."""

    def __init__(self, codes: list[str]) -> None:
        self.silent = codes[:3]  # no row in the newest month
        self.gapped, self.turn, self.rested = codes[3:6]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Holes]:
    frames = build()
    reports = frames["enterprise_period"]
    faithful = (
        reports.filter(pl.col("above_scale"), pl.col("period").str.contains("-"))
        .group_by("uscc")
        .agg(pl.len().alias("n"))
        .sort("n", "uscc", descending=[True, False])["uscc"]
        .to_list()
    )
    holes = Holes(faithful)
    gone = (
        (pl.col("uscc").is_in(holes.silent) & (pl.col("period") == "2026-05"))
        | ((pl.col("uscc") == holes.gapped) & pl.col("period").is_in(["2025-07", "2025-08"]))
        | ((pl.col("uscc") == holes.turn) & (pl.col("period") == "2025-12"))
        | ((pl.col("uscc") == holes.rested) & pl.col("period").str.starts_with("2025"))
    )
    lake = Lake.create(tmp_path_factory.mktemp("holes") / "home", clock=lambda: LOADED)
    wanted = {
        "enterprise": frames["enterprise"],
        "enterprise_period": reports.filter(~gone),
        "region_industry": frames["region_industry"].filter(pl.col("period") != "2024"),
    }
    lake.commit(wanted, operator("loader"), provenance="synthetic")
    return lake, holes


@pytest.fixture(scope="module")
def found(planted: tuple[Lake, Holes]) -> Quality:
    return quality(planted[0], operator("analyst"), TODAY)


def test_those_who_have_not_reported_the_newest_month_are_named(
    planted: tuple[Lake, Holes], found: Quality
) -> None:
    reporting = found.reporting
    assert reporting is not None
    assert (str(reporting.newest), str(reporting.before)) == ("2026-05", "2026-04")
    assert {one.uscc for one in reporting.missing} == set(planted[1].silent)
    assert all(one.name.endswith("（样例）") and one.region for one in reporting.missing)
    assert reporting.coverage is not None
    assert reporting.coverage.expected - reporting.coverage.there == 3


def test_months_left_out_are_gaps_and_a_year_below_scale_is_none(
    planted: tuple[Lake, Holes], found: Quality
) -> None:
    reporting = found.reporting
    assert reporting is not None
    gaps = {gap.uscc: [str(p) for p in gap.periods] for gap in reporting.gaps}
    holes = planted[1]
    assert gaps == {holes.gapped: ["2025-07", "2025-08"], holes.turn: ["2025-12"]}
    assert (reporting.gap_enterprises, reporting.gap_periods) == (2, 3)


def test_who_may_not_read_units_gets_the_counts_alone(planted: tuple[Lake, Holes]) -> None:
    reporting = quality(planted[0], COUNTS_ONLY, TODAY).reporting
    assert reporting is not None
    assert reporting.missing == ()
    assert reporting.gaps == ()
    assert not reporting.named
    assert (reporting.gap_enterprises, reporting.gap_periods) == (2, 3)
    assert reporting.coverage is not None
    assert reporting.coverage.expected - reporting.coverage.there == 3


def test_who_may_read_some_units_gets_the_names_of_those(planted: tuple[Lake, Holes]) -> None:
    lake, holes = planted
    own = frozenset({holes.silent[0], holes.turn})
    reporting = quality(
        lake, Viewer("zone", frozenset({Right.READ_AGGREGATES}), own), TODAY
    ).reporting
    assert reporting is not None
    assert [one.uscc for one in reporting.missing] == [holes.silent[0]]
    assert [gap.uscc for gap in reporting.gaps] == [holes.turn]


def test_the_public_is_refused(planted: tuple[Lake, Holes]) -> None:
    with pytest.raises(NotPermitted):
        quality(planted[0], PUBLIC, TODAY)


def test_each_table_tells_its_age_its_ends_and_its_holes(found: Quality) -> None:
    tables = {one.table.name: one for one in found.tables}
    reports = tables["enterprise_period"]
    assert (reports.as_of, reports.loads, reports.synthetic) == (LOADED, 1, True)
    assert str(reports.newest) == "2026-05"
    assert reports.rows > 100_000
    assert [str(p) for p in tables["region_industry"].skipped] == ["2024"]
    assert (tables["trade"].rows, tables["trade"].as_of, tables["trade"].newest) == (0, None, None)
    assert tables["trade"].coverage is None


def test_coverage_is_of_the_units_of_the_period_before(found: Quality) -> None:
    reports = next(one for one in found.tables if one.table.name == "enterprise_period")
    assert found.reporting is not None
    assert reports.coverage == found.reporting.coverage


@pytest.mark.parametrize(
    ("today", "late"),
    [(date(2026, 6, 1), False), (date(2026, 7, 31), False), (date(2026, 8, 1), True)],
)
def test_the_newest_month_is_late_when_the_one_after_it_is_due(
    planted: tuple[Lake, Holes], today: date, late: bool
) -> None:
    reporting = quality(planted[0], operator("analyst"), today).reporting
    assert reporting is not None
    assert reporting.late is late


def test_an_empty_home_has_tables_and_nobody_to_report(tmp_path: Path) -> None:
    empty = quality(Lake.create(tmp_path / "home"), operator("analyst"), TODAY)
    assert empty.reporting is None
    assert {one.rows for one in empty.tables} == {0}


def test_a_share_of_nobody_is_none() -> None:
    assert Share(0, 0).fraction is None
    assert Share(3, 4).fraction == 0.75
