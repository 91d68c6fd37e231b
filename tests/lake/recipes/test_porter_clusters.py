"""Porter's benchmark clusters as rows of cluster_definition."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ballast.errors import RefusedRows, WrongColumns
from ballast.lake.recipes.porter_clusters import COLUMNS, PORTER_CLUSTERS
from ballast.lake.recipes.us_cbp import US_CBP

GOOD = [
    "113110,forestry,Forestry,true,Forestry,Timber Tract Operations,false",
    "236220,local_construction,Local Construction,false,,Building Construction,true",
]


def made(tmp_path: Path, *lines: str, header: str = ",".join(COLUMNS)) -> Path:
    path = tmp_path / "porter.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def definition(shared_data: Path) -> pl.DataFrame:
    path = shared_data / "clusters" / "porter_clusters_naics.csv"
    return PORTER_CLUSTERS.read([path], {}).frames["cluster_definition"]


def test_the_counts_are_those_of_the_published_definitions(definition: pl.DataFrame) -> None:
    of_kind = {
        traded: rows["cluster"].n_unique() for (traded,), rows in definition.group_by("traded")
    }
    assert (definition.height, of_kind) == (976, {True: 51, False: 16})
    traded = definition.filter(pl.col("traded"))
    assert traded.select(pl.struct("cluster", "subcluster").n_unique()).item() == 223


def test_location_quotients_from_both_recipes_are_the_known_ones(
    definition: pl.DataFrame, shared_data: Path
) -> None:
    # Base: traded employment; figures of the data's README.
    path = shared_data / "clusters" / "us_cbp_2018.parquet"
    jobs = US_CBP.read([path], {}).frames["region_industry"]
    cells = (
        jobs.join(definition.filter(pl.col("traded")), on=["industry_scheme", "industry"])
        .group_by("region", "cluster")
        .agg(e=pl.col("employment_persons").sum())
        .with_columns(
            e_r=pl.col("e").sum().over("region"),
            e_i=pl.col("e").sum().over("cluster"),
            all=pl.col("e").sum(),
        )
        .with_columns(lq=(pl.col("e") / pl.col("e_r")) / (pl.col("e_i") / pl.col("all")))
    )
    known = {
        ("48620", "aerospace_vehicles_and_defense"): (25_705, 30.04),
        ("19820", "automotive"): (95_759, 11.08),
        ("26420", "upstream_chemical_products"): (20_125, 8.62),
        ("41940", "information_technology_and_analytical_instruments"): (90_029, 5.22),
    }
    for (area, cluster), (persons, lq) in known.items():
        cell = cells.filter((pl.col("region") == area) & (pl.col("cluster") == cluster))
        assert cell["e"].item() == persons
        assert cell["lq"].item() == pytest.approx(lq, abs=0.005)


def test_a_row_becomes_a_definition_that_counts_everywhere(tmp_path: Path) -> None:
    read = PORTER_CLUSTERS.read([made(tmp_path, *GOOD)], {})
    assert read.frames["cluster_definition"].rows(named=True)[1] == {
        "definition": "porter",
        "cluster": "local_construction",
        "name_en": "Local Construction",
        "traded": False,
        "subcluster": None,
        "industry_scheme": "naics-2017",
        "industry": "236220",
        "industry_name": "Building Construction",
        "region": "",
    }
    assert read.note.startswith("2 NAICS industries in 1 traded and 1 local clusters; 1 of the")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("113110,other,Other,true,,Twice,false", "row 4: 113110 stands in the file a second"),
        ("113210,forestry,Forestry,yes,,X,false", "row 4, column traded: 'yes' is neither true"),
        ("113210,forestry,Forestry,true,,X,", "row 4, column added_by_compiler: the cell is empty"),
        ("113210,forestry,Forests,true,,X,false", "cluster forestry has two names"),
        ("113210,forestry,Forestry,false,,X,false", "cluster forestry has two names, or is traded"),
        ("113210,forestry", "row 4, column cluster_name: the cell is empty"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused(line: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedRows, match=said):
        PORTER_CLUSTERS.read([made(tmp_path, *GOOD, line)], {})


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongColumns, match="missing: naics; unknown: code"):
        PORTER_CLUSTERS.read(
            [made(tmp_path, *GOOD, header=",".join(COLUMNS).replace("naics,", "code,", 1))], {}
        )
