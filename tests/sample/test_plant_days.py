"""Days of the sample's plants: invented, of those that agreed, and the same whenever asked for."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from ballast.lake.lake import Lake
from ballast.lake.shipper import shipping
from ballast.lake.tables import table
from ballast.sample.factory.shop import USCC
from ballast.sample.plant_days import BACK, MOST, SamplePlantDays, tell_days, telling
from ballast.terms.viewer import operator

ME = operator("test")
TODAY = date(2026, 11, 23)
CODES = ("91371500MA00000000", "91371500MA00000001", "91371500MA00000002")


@pytest.fixture
def lake(tmp_path: Path, sample: dict[str, pl.DataFrame]) -> Lake:
    made = Lake.create(tmp_path / "home")
    made.commit({"enterprise": sample["enterprise"]}, ME, provenance="synthetic")
    return made


def rows_of(last: date) -> dict[tuple[object, object], dict[str, object]]:
    (batch,) = SamplePlantDays(CODES, last).batches(-1, 1)
    return {(row["uscc"], row["day"]): row for row in batch.rows["plant_daily"].to_pylist()}


def test_some_hundred_enterprises_that_agreed_to_share_tell_their_days(
    lake: Lake, now: pl.DataFrame
) -> None:
    told = tell_days(lake, ME, today=TODAY)
    rows = pl.from_arrow(lake.read("plant_daily", ME).to_pyarrow())
    assert isinstance(rows, pl.DataFrame)
    assert told == rows.height > 250 * 50
    agreed = set(now.filter(pl.col("consent_share"))["uscc"])
    codes = set(rows["uscc"])
    assert 250 < len(codes) <= MOST
    assert codes <= agreed - {USCC}
    assert set(rows["provenance"]) == {"synthetic"}
    assert rows["signature_key"].null_count() == rows.height
    assert (rows["day"].max(), rows["day"].min()) == (
        TODAY - timedelta(days=1), TODAY - timedelta(days=BACK),
    )  # fmt: skip


def test_each_next_demo_brings_the_days_since(lake: Lake) -> None:
    tell_days(lake, ME, today=TODAY)
    assert tell_days(lake, ME, today=TODAY) == 0
    assert 200 < (tell_days(lake, ME, today=TODAY + timedelta(days=1)) or 0) <= MOST
    with shipping(lake):
        assert tell_days(lake, ME, today=TODAY + timedelta(days=9)) is None
    assert len(telling(lake, ME)) == MOST


def test_a_day_is_the_same_whenever_it_is_asked_for() -> None:
    early, late = rows_of(TODAY), rows_of(TODAY + timedelta(days=20))
    both = set(early) & set(late)
    assert len(both) > 60
    assert all(early[key] == late[key] for key in both)
    edge = TODAY - timedelta(days=BACK - 21)
    assert {key for key in early if key[1] >= edge} <= set(late)  # type: ignore[operator]


def test_the_figures_are_such_as_can_be() -> None:
    declared = table("plant_daily")
    for row in rows_of(TODAY).values():
        for column in declared:
            value = row[column.name]
            if column.least is not None and value is not None:
                assert float(column.least) <= float(str(value)), column.name
            if column.most is not None and value is not None:
                assert float(str(value)) <= float(column.most), column.name
        oee = float(str(row["availability"])) * float(str(row["effectiveness"]))
        assert row["oee"] == pytest.approx(oee * float(str(row["quality"])), abs=2e-4)
        assert float(str(row["good"])) <= float(str(row["produced"]))
