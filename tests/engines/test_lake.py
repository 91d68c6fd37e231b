"""A home read by DuckDB and by Spark: the same rows, the same answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from tests.lake.numbered_outbox import NumberedOutbox

from ballast.brain.cluster_revenue import cluster_revenue
from ballast.brain.specialisation import specialisation
from ballast.lake.engine import DuckEngine, SparkEngine
from ballast.lake.home import open_home
from ballast.lake.lake import Lake
from ballast.lake.shipper import ship
from ballast.lake.tables import TABLES
from ballast.sample.region import load as load_sample
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme
from ballast.terms.viewer import operator

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]

ANALYST = operator("analyst")
SMALL = (
    *("region", "region_period", "ranking", "region_industry", "cluster_definition", "title"),
    *("handle_event", "enterprise_prefix"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("engines") / "home"
    lake = Lake.create(path)
    load_sample(lake, ANALYST)
    rows = lake.read("title", ANALYST).limit(3).to_pyarrow()
    # A second load, so that the newest row of a key has to be chosen.
    columns = [name for name in rows.column_names if name in TABLES["title"].arrow_schema.names]
    later = pl.DataFrame(rows.select(columns)).with_columns(batch=pl.lit("renewed"))
    lake.commit({"title": later}, ANALYST)
    ship(lake, NumberedOutbox(45, path.with_name("forgotten")))
    return path


@pytest.fixture
def lakes(home: Path, spark_side: Any) -> tuple[Lake, Lake]:
    spark: SparkEngine = spark_side.memory.__self__
    return Lake(open_home(home), DuckEngine()), Lake(open_home(home), spark)


def ordered(table: pa.Table, key: tuple[str, ...]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.sort_by([(name, "ascending") for name in key]).to_pylist()
    return rows


@pytest.mark.parametrize("name", SMALL)
def test_a_table_reads_the_same_on_both_engines(name: str, lakes: tuple[Lake, Lake]) -> None:
    duck, spark = (lake.engine.collect(lake.read(name, ANALYST)) for lake in lakes)
    key = TABLES[name].key
    assert duck.num_rows > 0
    assert duck.schema.names == spark.schema.names
    assert ordered(spark, key) == ordered(duck, key)


def test_the_newest_row_of_a_key_is_chosen_on_both_engines(lakes: tuple[Lake, Lake]) -> None:
    for lake in lakes:
        titles = lake.read("title", ANALYST)
        renewed = lake.engine.collect(titles.filter(titles.batch == "renewed"))
        assert renewed.num_rows == 3
        whole = lake.engine.collect(
            titles.aggregate(n=titles.count(), keys=titles.certificate.count())
        )
        assert whole["n"] == whole["keys"]


def test_a_table_without_rows_has_its_types_on_both_engines(lakes: tuple[Lake, Lake]) -> None:
    schemas = [lake.engine.collect(lake.read("io_flow", ANALYST)).schema for lake in lakes]
    assert schemas[0].names == schemas[1].names
    assert schemas[0].types == schemas[1].types


def test_a_question_has_one_answer(lakes: tuple[Lake, Lake], assert_same: Any) -> None:
    answers = [
        lake.engine.collect(
            specialisation(
                lake,
                ANALYST,
                region_scheme=RegionScheme.GB2260,
                industry_scheme=IndustryScheme.GBT4754_2017,
                level=IndustryLevel.DIVISION,
                period="2025",
                reference="000000",
            )
        )
        for lake in lakes
    ]
    duck, spark = (ordered(answer, ("region", "industry")) for answer in answers)
    assert len(duck) > 100
    assert_same(spark, duck)


def test_clusters_have_the_same_revenue_and_tier(
    lakes: tuple[Lake, Lake], assert_same: Any
) -> None:
    duck, spark = (
        ordered(
            lake.engine.collect(
                cluster_revenue(lake, ANALYST, definition="liaocheng-ten", year=2025)
            ),
            ("cluster",),
        )
        for lake in lakes
    )
    assert len(duck) == 10
    assert_same(spark, duck)


def test_dates_and_money_keep_their_types_on_the_way_out(lakes: tuple[Lake, Lake]) -> None:
    for lake in lakes:
        projects = lake.read("project", ANALYST).limit(5)
        (row, *_) = lake.engine.collect(projects).to_pylist()
        assert isinstance(row["planned_start"], date)
        assert row["planned_1e4_cny"] == row["planned_1e4_cny"].quantize(row["planned_1e4_cny"])
