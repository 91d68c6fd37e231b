"""OEE of machines: pieces, indicators, totals, orders, what is refused; by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from tests.plant.reports.plant_lake import VIEWER, enter, tell
from tests.plant.reports.small_plant import (
    SHANGHAI,
    clock,
    site_of,
    window,
)

from ballast.errors import NotFound, NotPermitted, WrongUsage
from ballast.lake.lake import Lake
from ballast.plant.measures.kpi import Element
from ballast.plant.reports.oee import oee_report
from ballast.plant.site.asset import Asset, Level
from ballast.plant.site.site import Site
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))


def test_oee_and_its_loss_tree_come_from_the_same_numbers(lake: Lake) -> None:
    tell(
        lake,
        {
            "m/state": [(clock(8), 1.0), (clock(14), 3.0), (clock(15), 0.0), (clock(16), 4.0)],
            # 2,000 pieces of 10 s, of which 1,900 are good; the counter stood at 500 before.
            "m/produced": [(clock(8), 500.0), (clock(12), 1500.0), (clock(14), 2500.0)],
            "m/good": [(clock(8), 400.0), (clock(14), 2300.0)],
        },
    )
    report = oee_report(lake, VIEWER, window(8, 16), site=site_of("m"))
    (row,) = report.rows
    assert row.elements[Element.PQ] == 2000
    assert row.kpis["availability"] == 6 / 8
    assert row.kpis["effectiveness"] == pytest.approx(20_000 / (6 * 3600))
    assert row.kpis["quality_ratio"] == 0.95
    assert row.kpis["oee"] == pytest.approx(19_000 / (8 * 3600))
    assert row.tree is not None
    assert row.tree.oee == pytest.approx(row.kpis["oee"])
    assert row.tree.good_s + sum(node.seconds for node in row.tree.losses) == row.tree.pbt_s
    assert report.total is not None
    assert report.total.kpis["oee"] == pytest.approx(row.kpis["oee"])


def test_a_counter_that_began_again_counts_from_zero(lake: Lake) -> None:
    tell(
        lake,
        {
            "m/state": [(clock(8), 1.0), (clock(10), 1.0)],
            "m/produced": [
                (clock(8), 95.0),
                (clock(8.1), 99.0),
                (clock(8.2), 3.0),
                (clock(9.5), 7.0),
            ],
        },
    )
    (row,) = oee_report(lake, VIEWER, window(8, 10), site=site_of("m")).rows
    assert row.elements[Element.PQ] == 4 + 3 + 4
    assert np.isnan(row.elements[Element.GQ])
    assert row.kpis["quality_ratio"] is None
    assert row.why["oee"].text("en") == "not known: GQ"
    assert row.tree is None


def test_a_machine_that_was_never_heard_has_no_oee_and_the_reason_is_told(lake: Lake) -> None:
    tell(lake, {"other/state": [(clock(8), 1.0), (clock(12), 1.0)]})
    (row,) = oee_report(lake, VIEWER, window(8, 12), site=site_of("m")).rows
    assert set(row.kpis.values()) == {None}
    assert row.unrecorded_s == row.planned_s == 4 * 3600
    assert "nothing is recorded" in row.why["availability"].text("en")


def test_people_alone_give_orders_times_and_counts(lake: Lake) -> None:
    alone = Asset("bench", None, Level.MACHINE, Label("钳工台", "bench"), cycle_s=60.0)
    bench = Site("", Label("", ""), SHANGHAI, assets={"bench": alone})
    enter(
        lake, "production",
        {"asset": "bench", "start": clock(8), "end": clock(12), "order": "A", "produced": 200.0,
         "good": 190.0, "scrap": 10.0, "reason": "毛刺"},
        {"asset": "bench", "start": clock(13), "end": clock(17), "order": "B", "produced": 180.0,
         "good": 180.0},
    )  # fmt: skip
    stop = {"asset": "bench", "start": clock(9), "end": clock(9.5), "state": "delayed"}
    enter(lake, "downtime", {**stop, "reason": "停电"})
    report = oee_report(lake, VIEWER, window(), by="order", site=bench)
    first, second = report.rows
    assert (first.key, second.key) == ("A", "B")
    assert first.elements[Element.APT] == 3.5 * 3600
    assert first.elements[Element.AOET] == 4 * 3600
    assert first.kpis["availability"] == 3.5 / 4
    assert first.counted == "entries"
    assert first.kpis["oee"] == pytest.approx(190 * 60 / (4 * 3600))
    assert first.tree is not None
    quality = first.tree.losses[-1]
    assert [(node.reason, node.seconds) for node in quality.parts] == [("毛刺", 600.0)]
    assert second.kpis["quality_ratio"] == 1.0


def test_counters_and_entries_that_differ_are_told(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(12), 1.0)],
                "m/produced": [(clock(8), 0.0), (clock(11), 100.0)]})  # fmt: skip
    enter(lake, "production", {"asset": "m", "start": clock(8), "end": clock(12), "order": "A",
                               "produced": 120.0})  # fmt: skip
    (row,) = oee_report(lake, VIEWER, window(8, 12), site=site_of("m")).rows
    assert row.elements[Element.PQ] == 100
    assert any("counters say 100 pieces" in note.text("en") for note in row.notes)


def test_without_a_mapping_file_the_tables_tell_all(lake: Lake) -> None:
    enter(lake, "asset", {"asset": "m", "level": "machine", "name": "车床", "cycle_s": 30.0})
    enter(
        lake, "tag",
        {"tag": "m/s", "asset": "m", "name": "状态", "role": "state",
         "states": "RUN=producing; STOP=delayed:急停"},
        {"tag": "m/n", "asset": "m", "name": "产量", "role": "produced"},
        {"tag": "m/g", "asset": "m", "name": "合格", "role": "good"},
    )  # fmt: skip
    states = ((8, "RUN"), (9, "STOP"), (10, "RUN"), (12, "RUN"))
    tell(lake, {"m/s": [(clock(hour), text) for hour, text in states],
                "m/n": [(clock(8), 0.0), (clock(11), 300.0)],
                "m/g": [(clock(8), 0.0), (clock(11), 297.0)]})  # fmt: skip
    (row,) = oee_report(lake, VIEWER, window(8, 12)).rows
    assert row.name.zh == "车床"
    assert dict(row.delays_s) == {"急停": 3600}
    assert row.kpis["oee"] == pytest.approx(297 * 30 / (4 * 3600))


def test_a_total_leaves_out_what_has_no_oee_and_says_so(lake: Lake) -> None:
    for name, good in (("a", 50.0), ("b", 100.0)):
        tell(lake, {f"{name}/state": [(clock(8), 1.0), (clock(12), 1.0)],
                    f"{name}/produced": [(clock(8), 0.0), (clock(11), 100.0)],
                    f"{name}/good": [(clock(8), 0.0), (clock(11), good)]})  # fmt: skip
    report = oee_report(lake, VIEWER, window(8, 12), site=site_of("a", "b", "c"))
    assert report.total is not None
    assert report.total.kpis["oee"] == pytest.approx(150 * 10 / (8 * 3600))
    assert report.total.kpis["quality_ratio"] == 0.75
    assert report.total.notes[0].text("en") == "1 of 3 rows have no OEE and are not in the total"


def test_who_may_not_read_and_what_there_is_not_are_refused(lake: Lake) -> None:
    with pytest.raises(NotFound, match="no asset z"):
        oee_report(lake, VIEWER, window(), assets=["z"], site=site_of("m"))
    with pytest.raises(NotPermitted):
        oee_report(lake, Viewer("stranger"), window(), site=site_of("m"))
    with pytest.raises(WrongUsage, match="by moon"):
        oee_report(lake, VIEWER, window(), by="moon", site=site_of("m"))  # type: ignore[arg-type]


def test_another_enterprise_sees_nothing_of_it(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(12), 1.0)]})
    stranger = Viewer("neighbour", enterprises=frozenset({"91371500MA0000000X"}))
    (row,) = oee_report(lake, stranger, window(8, 12), site=site_of("m")).rows
    assert row.elements[Element.APT] == 0
