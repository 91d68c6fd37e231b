from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ballast.brain.cluster_revenue import cluster_revenue
from ballast.lake.lake import Lake
from ballast.sample.clusters import CLUSTERS, DEFINITION
from ballast.sample.region import load
from ballast.terms import industry
from ballast.terms.viewer import operator

Frames = dict[str, pl.DataFrame]
ARTICLE = (
    "东昌府轴承保持器", "茌平铝加工", "临清轴承", "冠县精品钢板", "莘县绿色食品",
    "阳谷铜及铜加工", "东阿大健康", "高唐装备制造", "开发区钢管", "高新区新能源汽车",
)  # fmt: skip


@pytest.fixture(scope="session")
def revenue(sample: Frames, now: pl.DataFrame, yearly: pl.DataFrame) -> dict[str, float]:
    """Return revenue of 2025 in 1e8 CNY by cluster, by the definition as loaded."""
    firms = now.join(yearly.filter(pl.col("year") == 2025), on="uscc")
    found: dict[str, float] = {}
    for row in sample["cluster_definition"].iter_rows(named=True):
        place = "zone" if row["region_scheme"] == "ext" else "region"
        inside = firms.filter(
            pl.col("industry").str.starts_with(row["industry"]), pl.col(place) == row["region"]
        )
        own = float(inside["revenue_1e4_cny"].sum()) / 1e4
        found[row["cluster"]] = found.get(row["cluster"], 0.0) + own
    return found


def test_the_ten_clusters_of_the_article_are_defined(sample: Frames) -> None:
    definition = sample["cluster_definition"]
    assert definition["definition"].unique().to_list() == [DEFINITION]
    assert tuple(definition["name_zh"].unique(maintain_order=True)) == ARTICLE
    assert definition["name_en"].n_unique() == 10
    assert definition["traded"].all()


def test_the_clusters_have_the_size_that_they_are_declared_with(
    revenue: dict[str, float],
) -> None:
    for cluster in CLUSTERS:
        assert revenue[cluster.key] == pytest.approx(cluster.revenue_1e8_cny, rel=1e-6)


def test_two_are_of_the_100_billion_class_five_of_the_10_billion_class_three_below(
    revenue: dict[str, float],
) -> None:
    # 千亿级 is 1,000 亿 of revenue, 百亿级 is 100 亿.
    assert sum(one >= 1000 for one in revenue.values()) == 2
    assert sum(100 <= one < 1000 for one in revenue.values()) == 5
    assert {key for key, one in revenue.items() if one >= 1000} == {
        "chiping-aluminium",
        "yanggu-copper",
    }


def test_other_industries_move_little_revenue_out_of_a_cluster(
    tmp_path: Path, revenue: dict[str, float]
) -> None:
    lake = Lake.create(tmp_path / "home")
    clerk = operator("clerk")
    load(lake, clerk)
    weighted = cluster_revenue(lake, clerk, definition=DEFINITION, year=2025).to_polars()
    assert weighted.height == 10
    for row in weighted.iter_rows(named=True):
        declared = revenue[row["cluster"]] * 1e4
        assert float(row["revenue_1e4_cny"]) == pytest.approx(declared, rel=0.04)


def test_some_industries_are_given_as_groups_some_as_classes() -> None:
    levels = {len(member.industry) for cluster in CLUSTERS for member in cluster.members}
    assert levels == {3, 4}


def test_the_classes_drawn_belong_to_the_industry_declared() -> None:
    for cluster in CLUSTERS:
        for member in cluster.members:
            assert all(code.startswith(member.industry) for code in member.classes)
            assert all(industry.exists(code) for code in member.classes)


def test_the_anchors_are_enterprises_that_agreed_to_be_named(
    sample: Frames, now: pl.DataFrame
) -> None:
    agreed = set(now.filter("consent_publish")["name"])
    for anchors in sample["cluster_definition"]["anchor"]:
        assert set(anchors.split("、")) <= agreed
