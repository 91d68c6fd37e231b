"""What the lake promises: a load exists whole or not at all, and the past can be read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.lake.conftest import START, Rows

from ballast.errors import NotFound, NotPermitted, Refused, WrongUsage
from ballast.lake.checks import Known
from ballast.lake.lake import Lake
from ballast.lake.sifting import Cells, sift
from ballast.lake.tables import table
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.viewer import PUBLIC, Right, Viewer


def persons(lake: Lake, viewer: Viewer, **asked: object) -> dict[str, int]:
    rows = lake.read("region_industry", viewer, **asked).to_pyarrow().to_pylist()  # type: ignore[arg-type]
    return {row["region"]: row["employment_persons"] for row in rows}


def test_what_is_committed_is_read_back(lake: Lake, analyst: Viewer, employment: Rows) -> None:
    load_id = lake.commit({"region_industry": employment(r371502=7, r371503=9)}, analyst)
    assert persons(lake, analyst) == {"371502": 7, "371503": 9}
    rows = lake.read("region_industry", analyst).to_pyarrow()
    assert set(rows["load_id"].to_pylist()) == {load_id}


def test_a_table_without_loads_is_empty_and_has_its_columns(lake: Lake, analyst: Viewer) -> None:
    rows = lake.read("enterprise", analyst).to_pyarrow()
    assert rows.num_rows == 0
    assert "uscc" in rows.column_names
    assert "load_id" in rows.column_names


def test_the_newest_load_of_a_key_counts_and_the_others_stay(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    lake.commit({"region_industry": employment(r371502=7, r371503=9)}, analyst)
    lake.commit({"region_industry": employment(r371502=8)}, analyst)
    assert persons(lake, analyst) == {"371502": 8, "371503": 9}


def test_a_withdrawn_load_no_longer_counts_and_uncovers_the_older_row(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    lake.commit({"region_industry": employment(r371502=7)}, analyst)
    second = lake.commit({"region_industry": employment(r371502=8)}, analyst)
    lake.withdraw(second, analyst)
    assert persons(lake, analyst) == {"371502": 7}


def test_every_moment_of_the_past_can_be_read_again(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    first = lake.commit({"region_industry": employment(r371502=7)}, analyst)
    lake.commit({"region_industry": employment(r371502=8)}, analyst)
    lake.withdraw(first, analyst)
    lake.withdraw(lake.live_loads()[-1], analyst)
    then = [START + timedelta(minutes=n, seconds=30) for n in range(-1, 4)]
    assert [persons(lake, analyst, as_of=moment) for moment in then] == [
        {},
        {"371502": 7},
        {"371502": 8},
        {"371502": 8},
        {},
    ]


def test_a_load_of_several_tables_is_one_load(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    places = pl.DataFrame(
        {
            "region_scheme": ["ext"],
            "region": ["371500-KFQ"],
            "name": ["聊城经济技术开发区"],
            "name_en": [None],
            "parent": ["371500"],
            "region_kind": [None],
            "valid_from": [None],
            "valid_to": [None],
        }
    )
    load_id = lake.commit({"region": places, "region_industry": employment(r371502=7)}, analyst)
    lake.withdraw(load_id, analyst)
    assert persons(lake, analyst) == {}
    assert lake.read("region", analyst).count().to_pyarrow().as_py() == 0


def test_a_withdrawn_load_cannot_be_withdrawn_again(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    load_id = lake.commit({"region_industry": employment(r371502=7)}, analyst)
    lake.withdraw(load_id, analyst)
    with pytest.raises(Refused, match="withdrawn already"):
        lake.withdraw(load_id, analyst)


def test_an_unknown_load_or_table_is_named(lake: Lake, analyst: Viewer) -> None:
    with pytest.raises(NotFound, match="L9"):
        lake.withdraw("L9", analyst)
    with pytest.raises(NotFound, match="region_industry"):
        lake.read("no_such_table", analyst)


def test_the_ledger_cannot_be_loaded_into(lake: Lake, analyst: Viewer) -> None:
    with pytest.raises(WrongUsage, match="load"):
        lake.commit({"load": pl.DataFrame()}, analyst)


def test_two_loads_with_the_clock_standing_still_keep_their_order(
    tmp_path: Path, analyst: Viewer, employment: Rows
) -> None:
    lake = Lake.create(tmp_path / "home", clock=lambda: START)
    lake.commit({"region_industry": employment(r371502=7)}, analyst)
    lake.commit({"region_industry": employment(r371502=8)}, analyst)
    assert lake.loads(analyst)["at"].is_sorted()
    assert lake.loads(analyst)["at"].n_unique() == 2
    assert persons(lake, analyst) == {"371502": 8}


def test_many_one_row_loads_are_merged_on_disk_and_read_the_same(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    for value in range(105):
        lake.commit({"region_industry": employment(r371502=value)}, analyst)
    assert persons(lake, analyst) == {"371502": 104}
    moment = START + timedelta(minutes=50, seconds=30)
    assert persons(lake, analyst, as_of=moment) == {"371502": 50}


# --- rights -----------------------------------------------------------------


def test_who_may_not_load_may_neither_commit_nor_withdraw(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    load_id = lake.commit({"region_industry": employment(r371502=7)}, analyst)
    reader = Viewer("reader", frozenset({Right.READ_UNITS, Right.READ_AGGREGATES}))
    with pytest.raises(NotPermitted, match="reader"):
        lake.commit({"region_industry": employment(r371502=7)}, reader)
    with pytest.raises(NotPermitted, match="reader"):
        lake.withdraw(load_id, reader)
    assert persons(lake, analyst) == {"371502": 7}


@pytest.mark.parametrize("name", ["enterprise", "enterprise_period", "project", "title", "trade"])
def test_unit_data_are_refused_to_the_public(lake: Lake, name: str) -> None:
    with pytest.raises(NotPermitted):
        lake.read(name, PUBLIC)


def test_aggregates_and_the_ledger_are_refused_to_the_public(lake: Lake) -> None:
    with pytest.raises(NotPermitted):
        lake.read("region_industry", PUBLIC)
    with pytest.raises(NotPermitted):
        lake.read("load", PUBLIC)
    with pytest.raises(NotPermitted):
        lake.loads(PUBLIC)


def test_public_tables_are_open_to_anyone(lake: Lake) -> None:
    assert lake.read("cluster_definition", PUBLIC).count().to_pyarrow().as_py() == 0


def test_an_enterprise_reads_its_own_rows_and_no_others(lake: Lake, analyst: Viewer) -> None:
    own, other = "91371500MA3C4T6N0X", "91371500MA3C4T6N1Y"
    titles = pl.DataFrame(
        {
            "uscc": [own, other],
            "scheme": "high_tech",
            "certificate": ["GR1", "GR2"],
            "tier": None,
            "awarded": START.date(),
            "expires": None,
            "batch": None,
        }
    )
    lake.commit({"title": titles}, analyst)
    owner = Viewer("owner", enterprises=frozenset({own}))
    assert lake.read("title", owner).to_pyarrow()["uscc"].to_pylist() == [own]


def test_a_row_that_passed_to_another_enterprise_is_no_longer_ones_own(
    lake: Lake, analyst: Viewer
) -> None:
    first, second = (
        with_check_character("91371500MA0000001"),
        with_check_character("91371500MA0000002"),
    )
    cells = pl.DataFrame(
        {"project": ["P1"], "name": ["line"], "region": ["371502"], "industry": ["3451"],
         "planned_1e4_cny": ["100"]}
    )  # fmt: skip
    for owner in (first, second):
        rows = sift(table("project"), [Cells(cells.with_columns(uscc=pl.lit(owner)))], Known())
        lake.commit({"project": rows.accepted}, analyst)
    seen = [
        lake.read("project", Viewer("owner", enterprises=frozenset({code}))).to_pyarrow().num_rows
        for code in (first, second)
    ]
    assert seen == [0, 1]
