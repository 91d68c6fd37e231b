"""The picture counts what was reported, once, and says where a number does not exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.picture import RegionPicture, picture, stored_periods
from ballast.brain.picture_periods import frame_of, pieces
from ballast.brain.picture_public import public_picture
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.sample.synthetic import typed
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import Period, joined, month, year_to_date
from ballast.terms.viewer import PUBLIC, Viewer, operator
from ballast.words.numbers import Absence

ME = operator("test")
TODAY = date(2026, 6, 20)
A, B, C, D = (with_check_character(f"91371500MA{n:07d}") for n in range(4))
FIGURES = ("output_1e4_cny", "revenue_1e4_cny", "profit_1e4_cny", "employment_persons")

Rows = Sequence[Mapping[str, object]]


def money(values: Sequence[object]) -> pl.Series:
    return pl.Series(
        [None if v is None else Decimal(str(v)) for v in values], dtype=pl.Decimal(24, 4)
    )


def register(rows: Rows) -> pl.DataFrame:
    return typed(
        "enterprise",
        {
            "uscc": [r["uscc"] for r in rows],
            "valid_from": [r.get("valid_from", date(2020, 1, 1)) for r in rows],
            "name": [str(r["uscc"]) for r in rows],
            "region_scheme": "gb2260",
            "region": [r.get("region", "371581") for r in rows],
            "zone": [r.get("zone") for r in rows],
            "industry_scheme": "gbt4754-2017",
            "industry": [r["industry"] for r in rows],
            "closed": pl.Series([r.get("closed") for r in rows], dtype=pl.Date),
        },
    )


def reports(rows: Rows) -> pl.DataFrame:
    return typed(
        "enterprise_period",
        {
            "uscc": [r["uscc"] for r in rows],
            "period": [str(r["period"]) for r in rows],
            "above_scale": [r.get("above_scale", True) for r in rows],
            **{
                name: pl.Series([r.get(name) for r in rows], dtype=pl.Int64)
                if name == "employment_persons"
                else money([r.get(name) for r in rows])
                for name in FIGURES
            },
        },
    )


def report(uscc: str, period: str, output: object, **more: object) -> dict[str, object]:
    whole = {"uscc": uscc, "period": period, "output_1e4_cny": output, "revenue_1e4_cny": output}
    return whole | {"employment_persons": 10} | more


def drawn(tmp_path: Path, enterprises: Rows, rows: Rows, region: str = "371500") -> RegionPicture:
    lake = Lake.create(tmp_path / "home")
    lake.commit({"enterprise": register(enterprises), "enterprise_period": reports(rows)}, ME)
    return picture(lake, ME, region, today=TODAY)


THREE = [
    {"uscc": A, "industry": "3451"},
    {"uscc": B, "industry": "3252"},
    {"uscc": C, "industry": "3252", "region": "371502", "zone": "371500-KFQ"},
]


def test_joined_months_and_months_add_up_to_the_year_to_date(tmp_path: Path) -> None:
    rows = [
        report(A, "2025-01..02", 100), report(A, "2025-03", 50),
        report(A, "2026-01..02", 120), report(A, "2026-03", 60),
    ]  # fmt: skip
    found = drawn(tmp_path, THREE, rows)
    output = found.indicator("output")
    assert output is not None
    assert str(output.period) == "2026-03ytd"
    assert output.value == Decimal(180)
    assert output.published is not None
    assert output.published.value == pytest.approx(20)
    # A month of the joined two stands as their average.
    assert [p.value for p in output.series] == [50, 50, 60, 60]


def test_year_to_date_forms_give_the_same_figures(tmp_path: Path) -> None:
    rows = [
        report(A, "2025-02ytd", 100), report(A, "2025-03ytd", 150),
        report(A, "2026-02ytd", 120), report(A, "2026-03ytd", 180, employment_persons=12),
    ]  # fmt: skip
    found = drawn(tmp_path, THREE, rows)
    output, employment = found.indicator("output"), found.indicator("employment")
    assert output is not None
    assert employment is not None
    assert output.value == Decimal(180)
    assert [p.value for p in output.series] == [50, 50, 60, 60]
    assert employment.value == 12


def test_growth_on_the_comparable_sample_leaves_newcomers_out(tmp_path: Path) -> None:
    rows = [
        report(A, "2025-03", 100), report(B, "2025-03", 40),
        report(A, "2026-03", 110), report(C, "2026-03", 90),
    ]  # fmt: skip
    output = drawn(tmp_path, THREE, rows).indicator("output")
    assert output is not None
    assert output.published is not None
    assert output.comparable is not None
    assert output.published.value == pytest.approx((200 / 140 - 1) * 100)
    assert output.comparable.value == pytest.approx(10)
    assert output.comparable.enterprises == 1


def test_an_enterprise_that_entered_in_the_year_before_is_compared_month_with_month(
    tmp_path: Path,
) -> None:
    rows = [
        report(A, "2025-01..02", 100), report(A, "2025-03", 100), report(B, "2025-03", 100),
        report(A, "2026-01..02", 100), report(A, "2026-03", 100),
        report(B, "2026-01..02", 500), report(B, "2026-03", 100),
    ]  # fmt: skip
    output = drawn(tmp_path, THREE, rows).indicator("output")
    assert output is not None
    assert output.comparable is not None
    assert output.comparable.value == pytest.approx(0)


def test_an_enterprise_with_two_registrations_and_many_titles_counts_once(tmp_path: Path) -> None:
    enterprises = [
        {"uscc": A, "industry": "3451", "region": "371523", "valid_from": date(2005, 1, 1)},
        {"uscc": A, "industry": "3451", "region": "371503", "valid_from": date(2019, 10, 1)},
    ]
    found = drawn(tmp_path, enterprises, [report(A, "2026-03", 70)])
    assert [(p.code, p.revenue) for p in found.places] == [("371503", Decimal(70))]
    output = found.indicator("output")
    assert output is not None
    assert output.value == Decimal(70)


def test_below_scale_and_other_regions_do_not_count(tmp_path: Path) -> None:
    enterprises: Rows = [*THREE, {"uscc": D, "industry": "3451", "region": "370102"}]
    rows = [
        report(A, "2026-03", 70),
        report(B, "2025", 999, above_scale=False),
        report(D, "2026-03", 999),
    ]
    found = drawn(tmp_path, enterprises, rows)
    output = found.indicator("output")
    assert output is not None
    assert output.value == Decimal(70)


def test_a_service_enterprise_is_not_industry(tmp_path: Path) -> None:
    enterprises = [THREE[0], {"uscc": B, "industry": "6510"}]
    found = drawn(tmp_path, enterprises, [report(A, "2026-03", 70), report(B, "2026-03", 999)])
    assert [d.code for d in found.divisions] == ["34"]


def test_a_zone_is_a_place_of_its_own(tmp_path: Path) -> None:
    rows = [report(A, "2026-03", 10), report(C, "2026-03", 30)]
    found = drawn(tmp_path, THREE, rows)
    assert [(p.code, p.share) for p in found.places] == [("371500-KFQ", 0.75), ("371581", 0.25)]


def test_a_ratio_is_a_ratio_of_sums_over_those_that_reported_both(tmp_path: Path) -> None:
    rows = [
        report(A, "2026-03", 100, profit_1e4_cny=10),
        report(B, "2026-03", 300, profit_1e4_cny=2),
        report(C, "2026-03", 600),
    ]
    margin = drawn(tmp_path, THREE, rows).indicator("margin")
    assert margin is not None
    assert margin.value == pytest.approx(3.0)  # 12 of 400, neither the mean nor 12 of 1000


def test_a_ratio_to_nothing_is_undefined_and_an_item_nobody_reported_is_no_data(
    tmp_path: Path,
) -> None:
    found = drawn(tmp_path, THREE, [report(A, "2026-03", 0, profit_1e4_cny=-5)])
    margin, exports = found.indicator("margin"), found.indicator("exports")
    assert margin is not None
    assert exports is not None
    assert (margin.value, margin.absence) == (None, Absence.UNDEFINED)
    assert (exports.value, exports.absence) == (None, Absence.NO_DATA)


def test_growth_from_a_loss_is_undefined(tmp_path: Path) -> None:
    rows = [
        report(A, "2025-03", 10, profit_1e4_cny=-5),
        report(A, "2026-03", 10, profit_1e4_cny=5),
    ]
    profit = drawn(tmp_path, THREE, rows).indicator("profit")
    assert profit is not None
    assert profit.published is not None
    assert (profit.published.value, profit.published.absence) == (None, Absence.UNDEFINED)


def test_coverage_counts_who_reported_before_and_not_who_closed_or_left_the_scope(
    tmp_path: Path,
) -> None:
    enterprises: Rows = [*THREE, {"uscc": D, "industry": "3451", "closed": date(2026, 3, 15)}]
    rows: Rows = [
        *(report(u, "2026-03", 1) for u in (A, B, C, D)),
        report(A, "2026-04", 1),
        report(C, "2026-04", 1, above_scale=False),
    ]
    output = drawn(tmp_path, enterprises, rows).indicator("output")
    assert output is not None
    assert output.coverage is not None
    assert (output.coverage.reported, output.coverage.expected) == (1, 2)


def test_contributions_add_up_to_the_growth(tmp_path: Path) -> None:
    rows = [
        report(A, "2025-03", 100), report(B, "2025-03", 100),
        report(A, "2026-03", 130), report(B, "2026-03", 90),
    ]  # fmt: skip
    found = drawn(tmp_path, THREE, rows)
    output = found.indicator("output")
    assert output is not None
    assert output.published is not None
    assert sum(d.contribution or 0 for d in found.divisions) == pytest.approx(
        output.published.value
    )
    assert sum(g.share or 0 for g in found.groups) == pytest.approx(1)


def test_whether_the_picture_is_synthetic_is_told_by_its_loads(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    lake.commit({"enterprise": register(THREE)}, ME)
    lake.commit(
        {"enterprise_period": reports([report(A, "2026-03", 1)])}, ME, provenance="synthetic"
    )
    found = picture(lake, ME, "371500", today=TODAY)
    assert [s.synthetic for s in found.sources] == [False, True]
    assert found.synthetic


def test_an_empty_lake_says_what_would_fill_it(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    with pytest.raises(NotFound, match="ballast template enterprise_period"):
        picture(lake, ME, "371500", today=TODAY)


def test_a_region_without_enterprises_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="370100"):
        drawn(tmp_path, THREE, [report(A, "2026-03", 1)], region="370100")


def test_a_viewer_without_unit_rights_is_refused(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    with pytest.raises(NotPermitted):
        picture(lake, PUBLIC, "371500", today=TODAY)


@given(st.integers(2020, 2026), st.integers(2, 12))
def test_pieces_cover_the_year_to_date_month_by_month_and_once(year: int, last: int) -> None:
    stored = [joined(year), *(month(year, m) for m in range(3, 13))]
    found = pieces(year_to_date(year, last), stored)
    assert found is not None
    assert [m for x in found for m in x.period.months] == [
        month(year, m) for m in range(1, last + 1)
    ]


@given(st.integers(3, 12))
def test_a_month_of_year_to_date_forms_is_the_difference_of_two(last: int) -> None:
    stored = [year_to_date(2026, m) for m in range(2, 13)]
    found = pieces(month(2026, last), stored)
    assert found is not None
    assert [(str(x.period), x.sign) for x in found] == [
        (f"2026-{last:02d}ytd", 1),
        (f"2026-{last - 1:02d}ytd", -1),
    ]


def test_a_gap_in_the_year_leaves_the_year_to_date_unknown() -> None:
    assert pieces(year_to_date(2026, 4), [joined(2026), month(2026, 4)]) is None


def test_history_is_the_last_24_periods_in_order() -> None:
    stored = [
        p for y in range(2021, 2027) for p in (joined(y), *(month(y, m) for m in range(3, 13)))
    ]
    frame = frame_of(stored)
    assert frame is not None
    assert len(frame.history) == 24
    assert all(a < b for a, b in pairwise(frame.history))
    assert frame.year == Period.parse("2026")
    assert frame_of([]) is None


def test_a_picture_of_a_period_ends_with_it_and_knows_nothing_later(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    rows = [
        report(A, "2025-03", 80), report(A, "2026-03", 100), report(A, "2026-04", 500),
    ]  # fmt: skip
    lake.commit({"enterprise": register(THREE), "enterprise_period": reports(rows)}, ME)
    found = picture(lake, ME, "371500", today=TODAY, period=year_to_date(2026, 3))
    output = found.indicator("output")
    assert output is not None
    assert output.published is not None
    assert (found.latest, output.value) == (month(2026, 3), Decimal(100))
    assert output.published.value == pytest.approx(25)
    assert [p.value for p in output.series] == [80, 100]
    assert output.command == "ballast picture 371500 --period 2026-03ytd"
    assert [str(p) for p in stored_periods(lake, ME)] == ["2025-03", "2026-03", "2026-04"]


def test_a_period_for_which_nobody_reported_is_not_found(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    lake.commit(
        {"enterprise": register(THREE), "enterprise_period": reports([report(A, "2026-03", 1)])}, ME
    )
    with pytest.raises(NotFound, match="March 2026"):
        picture(lake, ME, "371500", today=TODAY, period=month(2026, 2))


def test_who_may_read_some_units_is_not_shown_their_sum_as_the_region(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    lake.commit(
        {"enterprise": register(THREE), "enterprise_period": reports([report(A, "2026-03", 1)])}, ME
    )
    with pytest.raises(NotPermitted):
        picture(lake, Viewer("a", enterprises=frozenset({A})), "371500", today=TODAY)


def test_a_public_picture_holds_no_figure_of_units(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    lake.commit(
        {"enterprise": register(THREE), "enterprise_period": reports([report(A, "2026-03", 1)])},
        ME,
        provenance="synthetic",
    )
    found = public_picture(lake, "371500", today=TODAY)
    kinds = (found.indicators, found.divisions, found.places, found.clusters)
    assert [len(kind) for kind in kinds] == [0, 0, 0, 0]
    assert found.upgrade is None
