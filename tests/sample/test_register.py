from __future__ import annotations

from datetime import date

import polars as pl

from ballast.sample.structure import COUNTIES, ZONES
from ballast.terms import industry

Frames = dict[str, pl.DataFrame]


def test_chiping_enterprises_founded_before_2019_have_two_rows(sample: Frames) -> None:
    rows = sample["enterprise"]
    old = rows.filter(pl.col("region") == "371523")
    assert old.height > 500
    assert (old["valid_from"] < date(2019, 10, 1)).all()
    both = rows.filter(pl.col("uscc").is_in(old["uscc"].implode())).sort("uscc", "valid_from")
    assert both.height == 2 * old.height
    assert (
        both.group_by("uscc", maintain_order=True).agg("region")["region"].to_list()
        == [["371523", "371503"]] * old.height
    )
    single = rows.filter(~pl.col("uscc").is_in(both["uscc"].implode()))
    assert single["uscc"].is_unique().all()


def test_the_code_carries_the_county_that_registered(sample: Frames) -> None:
    first = sample["enterprise"].sort("valid_from").unique("uscc", keep="first")
    assert (first["uscc"].str.slice(2, 6) == first["region"]).all()


def test_all_counties_and_zones_have_enterprises(now: pl.DataFrame) -> None:
    assert set(now["region"]) == set(COUNTIES)
    assert set(now["zone"].drop_nulls()) == {zone.code for zone in ZONES}
    in_zone = now.drop_nulls("zone")
    assert in_zone["region"].unique().to_list() == ["371502"]


def test_other_industries_have_weights_below_one_in_sum(now: pl.DataFrame) -> None:
    cells = now["other_industries"].drop_nulls().to_list()
    assert len(cells) > 50
    for cell in cells:
        pairs = [pair.split(":") for pair in cell.split(";")]
        assert len({code for code, _ in pairs}) == len(pairs)
        assert all(industry.exists(code) for code, _ in pairs)
        assert 0 < sum(float(weight) for _, weight in pairs) < 1


def test_size_classes_run_from_micro_to_large(now: pl.DataFrame) -> None:
    counts = dict(now.group_by("size_class").len().rows())
    assert counts["micro"] > counts["medium"] > counts["large"] > 5
    assert counts["small"] > counts["medium"]


def test_a_closed_enterprise_reports_nothing_afterwards(sample: Frames, now: pl.DataFrame) -> None:
    closed = now.drop_nulls("closed").select("uscc", year=pl.col("closed").dt.year())
    assert closed.height > 20
    reports = sample["enterprise_period"].join(closed, on="uscc")
    assert (reports["period"].str.head(4).cast(pl.Int32) < reports["year"]).all()
    assert reports.height > 20
