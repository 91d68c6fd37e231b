"""Data quality by tag: what was expected, what came, what was missing and why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.plant.reports.plant_lake import VIEWER, befall, tell
from tests.plant.reports.small_plant import clock, shift, site_of, window

from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.plant.reports.quality import TagQuality, data_quality
from ballast.plant.site.site import Site
from ballast.plant.spool.live import CollectorStatus, LastValue, Live
from ballast.terms.viewer import Viewer

STATUS = CollectorStatus("broker:1883", 0, 1.0, 1.0, 0, 0)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))


def every(seconds: int, first: float, last: float) -> list[tuple[int, float | str | None]]:
    return [(at, 1.0) for at in range(clock(first), clock(last), seconds * 1000)]


def of(
    lake: Lake, site: Site, first: float, last: float, *, now: float = 100, live: Live | None = None
) -> dict[str, TagQuality]:
    found = data_quality(lake, VIEWER, window(first, last), clock(now), site=site, live=live)
    return {one.tag: one for one in found}


def test_what_came_is_counted_against_what_was_promised(lake: Lake) -> None:
    tell(lake, {"m/state": every(10, 8, 9) + every(10, 10, 12)})
    found = of(lake, site_of("m", every_s=10), 8, 12)["m/state"]
    assert (found.expected, found.received) == (1440, 1080)
    assert found.coverage == pytest.approx((3 * 3600 + 20 - 10) / (4 * 3600), abs=0.001)
    (gap, *_) = found.gaps
    assert gap.since_ms == clock(9) + 20_000  # three times ten seconds behind the last value
    assert gap.until_ms == clock(10)
    assert "noted no reason" in gap.why.text("en")


def test_a_gap_says_what_the_collector_noted_of_it(lake: Lake) -> None:
    tell(lake, {"m/state": every(10, 8, 9) + every(10, 10, 12)})
    befall(lake, {"at": clock(10), "since": clock(9), "until": clock(10), "kind": "broker-lost",
                  "source": "broker"})  # fmt: skip
    gap = of(lake, site_of("m", every_s=10), 8, 12)["m/state"].gaps[0]
    assert gap.kind == "broker-lost"
    assert gap.since_ms == clock(9)
    assert "broker was lost" in gap.why.text("en")
    assert "消息服务器" in gap.why.text("zh")


def test_time_that_was_not_planned_is_neither_expected_nor_missed(lake: Lake) -> None:
    tell(lake, {"m/state": every(10, 8, 10)})
    site = site_of("m", every_s=10, shifts=[shift("early", "08:00", "10:00", ("09:00", "09:30"))])
    found = of(lake, site, 0, 24)["m/state"]
    assert found.expected == 90 * 60 / 10
    assert found.coverage == pytest.approx(1.0 - 10 / 5400)
    assert found.gap_count <= 1


def test_a_tag_that_tells_changes_has_gaps_only_where_its_source_was_lost(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(11.5), 1.0)], "m/produced": every(60, 8, 12)})
    befall(lake, {"at": clock(11), "since": clock(10), "until": clock(11), "kind": "stale",
                  "source": "shop/m"})  # fmt: skip
    found = of(lake, site_of("m"), 8, 11.9)["m/state"]
    assert found.expected is None
    assert [(gap.since_ms, gap.until_ms) for gap in found.gaps] == [(clock(10), clock(11.5))]
    assert found.gaps[0].kind == "stale"


def test_oddities_are_counted_tag_by_tag(lake: Lake) -> None:
    odd = [(clock(8), 1.0), (clock(8) + 1, float("nan")), (clock(9), float("inf"))]
    tell(lake, {"m/state": odd,
                "m/good": [(clock(8), 3.0)]},
         quality={("m/state", clock(8)): 0})  # fmt: skip
    tell(lake, {"m/produced": [(clock(8), 1.0), (clock(8.5), 2.0)]}, historical=True, late=True)
    befall(
        lake,
        {"at": clock(8), "kind": "duplicate", "source": "shop/m", "tag": "m/state", "count": 4},
        {"at": clock(8), "kind": "conflict", "source": "shop/m", "tag": "m/state", "count": 2},
        {"at": clock(8), "kind": "ahead", "source": "shop/m", "tag": "m/good", "count": 3},
        {"at": clock(8), "kind": "unreadable", "source": "shop/m", "count": 5},
        {"at": clock(7), "kind": "duplicate", "source": "shop/m", "tag": "m/state", "count": 8},
        {"at": clock(30), "kind": "duplicate", "source": "shop/m", "tag": "m/state", "count": 9},
    )
    found = of(lake, site_of("m"), 8, 12)
    state = found["m/state"]
    assert (state.duplicates, state.conflicts, state.not_numbers, state.bad) == (4, 2, 2, 1)
    assert state.unreadable == found["m/good"].unreadable == 5
    assert found["m/good"].ahead == 3
    assert found["m/produced"].historical == 2
    assert state.clock_offset_s == pytest.approx(0.5, abs=1.0)


def test_a_single_nan_among_numbers_is_counted(lake: Lake) -> None:
    tell(lake, {"m/good": [(clock(8), 1.0), (clock(8) + 1, float("nan")), (clock(9), 2.0)]})
    assert of(lake, site_of("m"), 8, 12)["m/good"].not_numbers == 1


def test_a_tag_that_the_mapping_does_not_know_is_told_all_the_same(lake: Lake) -> None:
    tell(lake, {"sparkplug:shop/m//load": [(clock(8), 1.0)], "m/state": every(60, 8, 9)})
    found = of(lake, site_of("m"), 8, 12)
    assert found["sparkplug:shop/m//load"].unmapped
    assert not found["m/state"].unmapped
    assert found["m/good"].received == 0
    assert found["m/good"].coverage == 0.0


def test_what_is_stale_now_the_collector_says(lake: Lake) -> None:
    tell(lake, {"m/state": every(10, 8, 9)})
    now = clock(9)
    last = LastValue("m/state", now - 10_000, now - 9_000, 1.0, None, 192, now - 5_000)
    live = Live(now, STATUS, (last, LastValue("m/good", now, now, 1.0, None, 192, None)))
    found = of(lake, site_of("m", every_s=10), 8, 10, now=9, live=live)
    assert found["m/state"].stale_since_ms == now - 5_000
    assert found["m/good"].stale_since_ms is None


def test_samples_on_their_way_to_the_lake_are_no_gap(lake: Lake) -> None:
    tell(lake, {"m/state": every(10, 8, 9)})
    on_the_way = of(lake, site_of("m", every_s=10), 8, 12, now=9.1)["m/state"]
    assert on_the_way.gap_count == 0
    silent = of(lake, site_of("m", every_s=10), 8, 12, now=11)["m/state"]
    assert silent.gap_count == 1


def test_the_worst_stand_first_and_strangers_see_nothing(lake: Lake) -> None:
    tell(lake, {"m/state": every(10, 8, 12), "m/good": [(clock(8), 1.0)]})
    order = [one.tag for one in data_quality(
        lake, VIEWER, window(8, 12), clock(100), site=site_of("m", every_s=10))]  # fmt: skip
    assert order[0] == "m/produced"
    with pytest.raises(NotFound, match="no tag m/speed"):
        data_quality(lake, VIEWER, window(8, 12), clock(100), site=site_of("m"), tags=["m/speed"])
    with pytest.raises(NotPermitted):
        data_quality(lake, Viewer("stranger"), window(8, 12), clock(100), site=site_of("m"))
