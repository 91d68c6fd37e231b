"""Charts of tags and of inspections: points, limits, violations, batches, capability."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.plant.reports.plant_lake import VIEWER, enter, tell

from ballast.errors import NotFound, NotPermitted, Refused
from ballast.lake.lake import Lake
from ballast.plant.measures.capability import Specification
from ballast.plant.measures.control_charts_subgroups import subgroups
from ballast.plant.measures.control_charts_variables import individuals, xbar_r, xbar_s
from ballast.plant.measures.cusum import cusum
from ballast.plant.measures.ewma import ewma
from ballast.plant.measures.run_rules import Rule
from ballast.plant.reports.charts import (
    MARKS,
    ByCount,
    ByTime,
    Characteristic,
    ChartReport,
    Kind,
    TagSubject,
    control_chart,
)
from ballast.plant.reports.window import Window, from_ms, to_ms
from ballast.plant.site.site import Site
from ballast.plant.site.tag import Tag
from ballast.terms.label import Label
from ballast.terms.unit import Unit
from ballast.terms.viewer import Viewer

ZONE = ZoneInfo("Asia/Shanghai")
ZERO = to_ms(datetime(2026, 6, 1, 8, tzinfo=ZONE))
FORCE = TagSubject("press/force")
BORE = Characteristic("mill", "bore")
NEWTON = Unit("n", "force", Decimal(1), Label("牛", "N"))
RANDOM = np.random.default_rng(5)
VALUES = np.round(RANDOM.normal(100.0, 2.0, 60), 3)
VALUES[40] = 130.0


def minute(number: float) -> int:
    return ZERO + round(number * 60_000)


def window(first: float, last: float) -> Window:
    return Window(from_ms(minute(first), ZONE), from_ms(minute(last), ZONE), ZONE)


def site(**more: object) -> Site:
    force = Tag("press/force", "press", Label("压力", "force"), "force", NEWTON, **more)  # type: ignore[arg-type]
    return Site("", Label("", ""), ZONE, tags={force.tag: force})


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake with a value a minute for an hour, one of them far off, and inspections."""
    folder: Path = tmp_path_factory.mktemp("charts")
    made = Lake.create(folder / "home", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    tell(made, {"press/force": [(minute(n), float(v)) for n, v in enumerate(VALUES)]})
    enter(
        made, "production",
        {"asset": "press", "start": minute(0), "end": minute(30), "produced": 1.0,
         "batch_handle": "88.1/A"},
        {"asset": "press", "start": minute(30), "produced": 1.0, "batch_handle": "88.1/B"},
    )  # fmt: skip
    bores = np.arange(20.0).reshape(10, 2)
    bores[:, 0] = 12.0 + (bores[:, 0] % 3) / 100
    bores[:, 1] = 12.0 + (bores[:, 1] % 5) / 100
    enter(made, "inspection", *(
        {"asset": "mill", "start": minute(10 * n), "characteristic": "bore", "sample": k + 1,
         "value": float(v), "unit": "mm", "lower": 11.9, "upper": 12.1, "batch_handle": f"88.1/{n}"}
        for n, row in enumerate(bores) for k, v in enumerate(row)
    ))  # fmt: skip
    enter(made, "inspection", *(
        {"asset": "mill", "start": minute(n), "characteristic": "look", "sample": 1,
         "inspected": 100 + n, "defectives": 2 + n % 3, "defects": 3 + n % 4}
        for n in range(12)
    ))  # fmt: skip
    return made


def charted(lake: Lake, **more: object) -> ChartReport:
    given: dict[str, object] = {"site": site(), **more}
    return control_chart(lake, VIEWER, FORCE, window(0, 60), **given)  # type: ignore[arg-type]


def test_individuals_are_those_of_the_measure_with_moments_and_batches(lake: Lake) -> None:
    report = charted(lake)
    expected = individuals(VALUES)
    np.testing.assert_array_equal(report.charts[0].chart.values, VALUES)
    np.testing.assert_allclose(report.charts[0].chart.upper, expected.location.upper)
    np.testing.assert_allclose(report.charts[1].chart.upper, expected.spread.upper)
    assert report.starts_ms.tolist() == [minute(n) for n in range(60)]
    assert report.batches[0] == ("88.1/A",)
    assert report.batches[59] == ("88.1/B",)
    assert (report.name.zh, report.unit) == ("压力", "N")
    beyond = [mark for mark in report.marks if mark.rule is Rule.NELSON_1]
    assert [mark.point for mark in beyond] == [40]
    assert any(mark.rule is None and mark.chart == 1 for mark in report.marks)
    assert 1 <= report.marked <= 60


def test_subgroups_by_count_leave_out_a_last_short_one(lake: Lake) -> None:
    report = charted(lake, kind="xbar_r", subgroup=ByCount(7))
    expected = xbar_r(subgroups(VALUES[:56].reshape(8, 7)))
    np.testing.assert_allclose(report.charts[0].chart.values, expected.location.values)
    np.testing.assert_allclose(report.charts[0].chart.lower, expected.location.lower)
    assert report.sizes.tolist() == [7] * 8
    assert report.ends_ms[0] == minute(6)
    assert report.batches[4] == ("88.1/A", "88.1/B")


def test_subgroups_by_time_count_from_the_start_of_the_window(lake: Lake) -> None:
    report = charted(lake, kind="xbar_s", subgroup=ByTime(600))
    expected = xbar_s(subgroups(VALUES.reshape(6, 10)))
    np.testing.assert_allclose(report.charts[1].chart.values, expected.spread.values)


def test_the_subgroup_of_the_mapping_is_taken_where_none_is_asked_for(lake: Lake) -> None:
    assert charted(lake, kind="xbar_r", site=site(subgroup=4)).sizes.tolist() == [4] * 15


def test_a_baseline_freezes_the_limits_and_may_lie_before_the_window(lake: Lake) -> None:
    report = control_chart(
        lake, VIEWER, FORCE, window(30, 60), baseline=window(0, 30), site=site()
    )  # fmt: skip
    expected = individuals(VALUES[:30]).location
    np.testing.assert_allclose(report.charts[0].chart.upper, expected.upper[0])
    assert len(report.starts_ms) == 30
    assert report.baseline is None
    assert charted(lake, baseline=window(0, 30)).baseline == (0, 30)


def test_each_phase_has_limits_of_its_own(lake: Lake) -> None:
    report = charted(lake, phases=[window(20, 35)], baseline=window(0, 20))
    chart = report.charts[0].chart
    assert chart.starts == (0, 20, 35)
    own = individuals(VALUES[20:35]).location.upper[0]
    np.testing.assert_allclose(chart.upper[20:35], own)
    np.testing.assert_allclose(chart.upper[[0, 40]], individuals(VALUES[:20]).location.upper[0])
    with pytest.raises(Refused, match="two phases overlap"):
        charted(lake, phases=[window(0, 30), window(20, 40)])


def test_memory_charts_mark_their_limits_alone(lake: Lake) -> None:
    smooth = charted(lake, kind="ewma")
    np.testing.assert_allclose(smooth.charts[0].chart.values, ewma(VALUES).values)
    sums = charted(lake, kind="cusum", baseline=window(0, 30))
    drawn = sums.charts[0]
    assert drawn.lower_sum is not None
    assert (drawn.lower_sum <= 0).all()
    assert drawn.chart.upper[0] == cusum(VALUES).bound
    assert {mark.rule for mark in (*smooth.marks, *sums.marks)} <= {None}
    assert 40 in {mark.point for mark in sums.marks}


def test_capability_comes_with_its_interval_and_a_warning(lake: Lake) -> None:
    report = charted(lake, site=site(lower=90.0, upper=110.0))
    found = report.capability
    assert found is not None
    assert found.cp.low is not None
    assert found.cp.value is not None
    assert found.cp.low < found.cp.value
    assert any("do not look normal" in note.text("en") for note in report.notes)
    without = charted(lake)
    assert without.capability is None
    assert without.why_no_capability is not None
    asked = charted(lake, specification=Specification(upper=140.0))
    assert asked.specification == Specification(upper=140.0)


def test_an_inspection_gives_subgroups_limits_and_its_batches(lake: Lake) -> None:
    report = control_chart(lake, VIEWER, BORE, window(0, 100), kind="xbar_r")
    assert report.sizes.tolist() == [2] * 10
    assert report.batches[3] == ("88.1/3",)
    assert report.specification == Specification(11.9, 12.1)
    assert report.unit == "mm"
    assert report.capability is not None


@pytest.mark.parametrize(("kind", "first"), [("p", 0.02), ("np", 2.0), ("c", 3.0), ("u", 0.03)])
def test_counts_are_charted_against_the_pieces_looked_at(
    lake: Lake, kind: Kind, first: float
) -> None:
    look = Characteristic("mill", "look")
    report = control_chart(lake, VIEWER, look, window(0, 12), kind=kind)
    assert report.charts[0].chart.values[0] == pytest.approx(first)
    assert report.capability is None
    assert report.why_no_capability is not None


def test_values_that_are_none_are_in_no_point_and_counted(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    said = [(minute(n), float(n % 5)) for n in range(20)]
    said[3] = (minute(3), float("nan"))
    said[4] = (minute(4), float("inf"))
    tell(lake, {"press/force": said}, quality={("press/force", minute(7)): 0})
    report = control_chart(lake, VIEWER, FORCE, window(0, 20), site=site())
    assert np.flatnonzero(np.isnan(report.charts[0].chart.values)).tolist() == [3, 4, 7]
    assert report.notes[0].text("en").startswith("3 values are missing")


def test_a_chart_set_up_wrongly_is_not_a_flood_of_marks(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    tell(lake, {"press/force": [(minute(0) + 1000 * n, float(n)) for n in range(2000)]})
    report = control_chart(lake, VIEWER, FORCE, window(0, 60), site=site())
    assert len(report.marks) == MARKS
    assert report.marked > MARKS


def test_what_cannot_be_charted_is_refused_with_the_reason(lake: Lake) -> None:
    with pytest.raises(NotFound, match="no tag press/nothing"):
        control_chart(lake, VIEWER, TagSubject("press/nothing"), window(0, 60), site=site())
    with pytest.raises(NotFound, match="nothing is inspected by the name colour"):
        control_chart(lake, VIEWER, Characteristic("mill", "colour"), window(0, 60))
    with pytest.raises(Refused, match="is made of inspections"):
        charted(lake, kind="p")
    with pytest.raises(Refused, match="takes no subgroups"):
        charted(lake, subgroup=ByCount(3))
    with pytest.raises(Refused, match="no value in this time"):
        control_chart(lake, VIEWER, FORCE, window(500, 600), site=site())
    with pytest.raises(Refused, match="fewer values in this time than one subgroup"):
        charted(lake, kind="xbar_r", subgroup=ByCount(100))
    with pytest.raises(Refused, match="no limits to judge by"):
        charted(lake, baseline=window(0, 1))
    with pytest.raises(NotPermitted):
        control_chart(lake, Viewer("stranger"), FORCE, window(0, 60), site=site())


def test_inspections_in_two_units_are_refused(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    row = {"asset": "mill", "characteristic": "bore", "sample": 1, "value": 1.0}
    enter(lake, "inspection", {**row, "start": minute(0), "unit": "mm"},
          {**row, "start": minute(1), "unit": "in"})  # fmt: skip
    with pytest.raises(Refused, match="several units"):
        control_chart(lake, VIEWER, BORE, window(0, 60))
