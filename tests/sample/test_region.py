from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from ballast.errors import InvalidTerm, NotPermitted
from ballast.lake.checks import Known
from ballast.lake.declare import Kind
from ballast.lake.lake import Lake
from ballast.lake.sifting import Cells, sift
from ballast.lake.tables import table
from ballast.sample.region import build, load
from ballast.terms import enterprise_code, industry, region
from ballast.terms.period import Period, month
from ballast.terms.viewer import PUBLIC, operator

Frames = dict[str, pl.DataFrame]
TABLES = (
    "region", "enterprise", "enterprise_period", "region_period", "ranking", "region_industry",
    "cluster_definition", "chain_definition", "project", "project_month",
    "project_event", "goal", "title", "trade", "enterprise_fact",
)  # fmt: skip


def test_the_sample_holds_the_tables_it_promises(sample: Frames) -> None:
    assert set(sample) == set(TABLES)
    assert all(frame.height for frame in sample.values())


@pytest.mark.parametrize("name", TABLES)
def test_every_frame_has_the_declared_columns_and_types(sample: Frames, name: str) -> None:
    arrow = sample[name].to_arrow(compat_level=pl.CompatLevel.oldest())
    assert arrow.column_names == table(name).arrow_schema.names
    cast = arrow.cast(table(name).arrow_schema)
    for field in table(name).arrow_schema:
        before, after = arrow.column(field.name), cast.column(field.name)
        assert before.null_count == after.null_count
        if not pa.types.is_string(field.type):
            assert before.type == field.type, field.name


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_unique_and_required_cells_are_filled(sample: Frames, name: str) -> None:
    declared, frame = table(name), sample[name]
    assert not frame.select(declared.key).is_duplicated().any()
    for column in declared:
        if column.required or column.name in declared.key:
            assert frame[column.name].null_count() == 0, column.name
    for group in declared.one_of:
        filled = [pl.col(c).is_not_null() & (pl.col(c).cast(pl.String) != "") for c in group]
        assert frame.select(pl.any_horizontal(filled).all()).item()


@pytest.mark.parametrize("name", TABLES)
def test_choices_and_bounds_are_kept(sample: Frames, name: str) -> None:
    for column in table(name):
        cells = sample[name][column.name].drop_nulls()
        if column.kind is Kind.CHOICE:
            assert set(cells.unique()) <= {c.value for c in column.choices}, column.name
        if column.least is not None and len(cells):
            assert cells.min() >= column.least, column.name  # type: ignore[operator]
        if column.most is not None and len(cells):
            assert cells.max() <= column.most, column.name  # type: ignore[operator]


@pytest.mark.parametrize("name", TABLES)
def test_codes_and_periods_are_valid(sample: Frames, name: str) -> None:
    checks: dict[Kind, Callable[[str], object]] = {
        Kind.USCC: enterprise_code.parse_uscc,
        Kind.INDUSTRY: industry.industry,
        Kind.PERIOD: Period.parse,
    }
    for column in table(name):
        check = checks.get(column.kind)
        if check is not None:
            for cell in sample[name][column.name].drop_nulls().unique():
                if cell != "":
                    check(cell)


@pytest.mark.parametrize("name", TABLES)
def test_regions_are_valid_at_their_date(sample: Frames, name: str) -> None:
    for column in table(name):
        if column.kind is not Kind.REGION:
            continue
        frame = sample[name].filter(pl.col(column.name).is_not_null() & (pl.col(column.name) != ""))
        if column.valid_at is None:
            assert all(region.exists(code) for code in frame[column.name].unique())
            continue
        for code, at in frame.select(column.name, column.valid_at).unique().rows():
            day = at if isinstance(at, date) else Period.parse(at).start
            assert region.valid_on(code, day), (code, at)


@pytest.mark.parametrize("name", TABLES)
def test_the_loader_would_refuse_nothing_and_change_nothing(sample: Frames, name: str) -> None:
    known = Known(regions={"ext": frozenset(sample["region"]["region"])})
    sifted = sift(table(name), [Cells(sample[name])], known)
    assert sifted.issue_count == 0
    assert sifted.rounded == 0
    assert sifted.frame.select(sample[name].columns).equals(sample[name])


def test_texts_of_source_say_synthetic(sample: Frames) -> None:
    for name in ("region_period", "ranking", "region_industry", "enterprise_fact"):
        assert sample[name]["source"].unique().to_list() == ["合成样例 Synthetic sample"]
    assert sample["ranking"]["publisher"].unique().to_list() == ["合成样例"]
    assert sample["project"]["name"].str.ends_with("（样例）").all()


def test_a_seed_gives_the_same_sample_again_and_another_seed_another(sample: Frames) -> None:
    again, other = build(), build(7)
    for name in TABLES:
        assert again[name].equals(sample[name]), name
        if name not in ("region", "chain_definition", "goal"):  # these are written down, not drawn
            assert not other[name].equals(sample[name]), name


@pytest.mark.parametrize("last", [month(2025, 12), month(2026, 2), month(2027, 9)])
def test_another_last_month_moves_the_whole_sample(last: Period) -> None:
    frames = build(3, last_month=last)
    periods = [Period.parse(text) for text in frames["enterprise_period"]["period"].unique()]
    assert max(period.end for period in periods) == last.end
    assert min(p.start for p in periods if p.months != ()) <= (last - 59).start
    assert frames["project"].drop_nulls("finished")["finished"].max() <= last.end  # type: ignore[operator]


def test_a_january_cannot_end_the_sample() -> None:
    with pytest.raises(InvalidTerm, match="February to December"):
        build(last_month=month(2026, 1))


def test_loading_commits_one_synthetic_load_and_loading_again_changes_nothing(
    tmp_path: Path, sample: Frames
) -> None:
    lake = Lake.create(tmp_path / "home")
    clerk = operator("clerk")
    heard: list[tuple[str, float]] = []
    load_id = load(lake, clerk, lambda text, done: heard.append((text, done)))
    assert load(lake, clerk) == load_id
    (entry,) = lake.loads(clerk).to_dicts()
    assert (entry["provenance"], entry["recipe"], entry["file"]) == ("synthetic", "sample", None)
    assert "合成样例 Synthetic sample" in entry["note"]
    assert entry["accepted"] == sum(frame.height for frame in sample.values())
    assert lake.read("enterprise_period", clerk).count().to_pyarrow().as_py() == (
        sample["enterprise_period"].height
    )
    assert [done for _, done in heard] == sorted(done for _, done in heard)
    assert heard[-1][1] == 1.0


def test_who_may_not_load_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        load(Lake.create(tmp_path / "home"), PUBLIC)
