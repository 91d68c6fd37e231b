"""Porter's benchmark clusters: which NAICS industry belongs to which cluster.

The file becomes rows of ``cluster_definition`` beside a city's own
definitions, so that measures know one kind of cluster, not two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from ballast.errors import RefusedRows
from ballast.lake.recipes.opening import (
    check_columns,
    check_filled,
    check_unique,
    read_csv,
    typed,
)
from ballast.lake.recipes.recipe import Recipe, RecipeFrames
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryScheme
from ballast.words import Sentence

COLUMNS = (
    "naics",
    "cluster",
    "cluster_name",
    "traded",
    "subcluster",
    "naics_title",
    "added_by_compiler",
)
DEFINITION = "porter"


def _flag(path: Path, frame: pl.DataFrame, column: str) -> pl.Series:
    parsed = frame[column].replace_strict(
        {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
    )
    if parsed.null_count():
        at = parsed.is_null().arg_max() or 0
        raise RefusedRows(
            "{path}, row {row}, column {column}: {cell} is neither true nor false; write one of "
            "the two",
            path=path,
            row=at + 2,
            column=column,
            cell=repr(frame[column][at]),
        )
    return parsed


def _clusters_of_each_kind(path: Path, frame: pl.DataFrame) -> dict[bool, int]:
    """Count the traded and the local clusters; refuse one that is both, or has two names."""
    clusters = frame.select("cluster", "cluster_name", "traded").unique()
    twice = clusters.filter(pl.col("cluster").is_duplicated()).sort("cluster")
    if twice.height:
        raise RefusedRows(
            "{path}: cluster {cluster} has two names, or is traded and local at once; "
            "give it one name and one kind",
            path=path,
            cluster=twice["cluster"][0],
        )
    return dict(clusters.group_by("traded").len().iter_rows())


def read(paths: Sequence[Path], options: Mapping[str, str]) -> RecipeFrames:  # noqa: ARG001
    """Return the cluster of each NAICS industry.

    Parameters
    ----------
    paths
        The CSV.
    options
        None are declared.

    Returns
    -------
    RecipeFrames
        ``cluster_definition`` under the definition ``porter``.

    Raises
    ------
    UnreadableFile, WrongColumns, RefusedRows
        If the file is damaged, has other columns, or empty or doubled rows.
    """
    (path,) = paths
    frame = read_csv(path)
    check_columns(path, frame.columns, COLUMNS)
    check_filled(path, frame, [c for c in COLUMNS if c != "subcluster"], 2)
    check_unique(path, frame, ["naics"], 2)
    traded = _flag(path, frame, "traded")
    added = _flag(path, frame, "added_by_compiler")
    of_kind = _clusters_of_each_kind(path, frame.with_columns(traded))
    rows = frame.select(
        pl.lit(DEFINITION).alias("definition"),
        pl.col("cluster"),
        pl.col("cluster_name").alias("name_en"),
        traded,
        pl.col("subcluster"),
        pl.lit(IndustryScheme.NAICS_2017.value).alias("industry_scheme"),
        pl.col("naics").alias("industry"),
        pl.col("naics_title").alias("industry_name"),
        # An empty region is part of the key: the cluster counts everywhere.
        pl.lit("").alias("region"),
    )
    return RecipeFrames(
        {"cluster_definition": typed("cluster_definition", rows)},
        (
            Sentence(
                "{industries} NAICS industries in {traded} traded and {local} local clusters; "
                "{added} of the industries were added by the compiler of the file and are not in "
                "the original definitions.",
                {
                    "industries": rows.height,
                    "traded": of_kind.get(True, 0),
                    "local": of_kind.get(False, 0),
                    "added": int(added.sum()),
                },
            ),
        ),
    )


PORTER_CLUSTERS = Recipe(
    name="porter-clusters",
    label=Label("波特基准集群", "Porter's benchmark clusters"),
    meaning=Label(
        "美国集群地图（Delgado、Porter、Stern）的基准集群：每个 NAICS 2017 六位行业所属的集群，"
        "分面向区外（traded）与服务本地（local）。",
        "The benchmark clusters of the US Cluster Mapping Project (Delgado, Porter and Stern): "
        "the cluster of each six-digit NAICS 2017 industry, traded or local.",
    ),
    files=(Label("CSV 文件，列：" + "、".join(COLUMNS), "CSV with columns " + ", ".join(COLUMNS)),),
    options={},
    tables=("cluster_definition",),
    reader=read,
)
