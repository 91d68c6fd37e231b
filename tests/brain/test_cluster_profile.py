"""A small town's clusters and industries: what can be worked out by hand comes out."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.brain.cluster_town import CODES, ME, TODAY, frames, settle

from ballast.brain.cluster_profile import cluster_book
from ballast.brain.cluster_shape import ClusterBook, Kind, PartKey, Profile
from ballast.brain.picture import RegionPicture, picture
from ballast.errors import NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.role import Role
from ballast.terms.viewer import viewer_for


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    found = Lake.create(tmp_path_factory.mktemp("town") / "home")
    settle(found)
    return found


@pytest.fixture(scope="module")
def seen(lake: Lake) -> RegionPicture:
    return picture(lake, ME, "371500", today=TODAY)


@pytest.fixture(scope="module")
def book(lake: Lake, seen: RegionPicture) -> ClusterBook:
    return cluster_book(lake, ME, seen)


def one(book: ClusterBook, kind: Kind, key: str) -> Profile:
    found = book.find(kind, key)
    assert found is not None
    return found


def test_the_book_and_the_picture_agree(book: ClusterBook, seen: RegionPicture) -> None:
    for cluster in seen.clusters:
        held = one(book, Kind.CLUSTER, cluster.key)
        assert held.revenue == pytest.approx(float(cluster.revenue or 0))
        assert held.growth == pytest.approx(cluster.growth)
        assert held.quotient == cluster.quotient
        assert (None if held.stars is None else held.stars.total) == cluster.stars
    assert {p.key for p in book.of(Kind.DIVISION)} == {d.code for d in seen.divisions}
    assert book.synthetic
    assert str(book.base) == "2024"


def test_clusters_stand_largest_first(book: ClusterBook) -> None:
    assert [p.key for p in book.of(Kind.CLUSTER)] == ["copper", "bearings"]


def test_growth_of_a_cluster_is_taken_apart_against_the_nation(book: ClusterBook) -> None:
    """B counts by a half to 345 and by a half to 339: 1200 + 300 before, 1720 + 310 after."""
    [parts] = one(book, Kind.CLUSTER, "bearings").parts
    assert (parts.reference, parts.start, parts.end) == ("000000", 1500.0, 2030.0)
    whole = 43000 / 40000 - 1
    national, mix = parts.part(PartKey.NATIONAL), parts.part(PartKey.MIX)
    assert national is not None
    assert mix is not None
    assert national.amount == pytest.approx(1500 * whole)
    assert mix.amount == pytest.approx(1200 * (0.2 - whole) + 300 * (-0.1 - whole))
    assert parts.shift is not None
    assert parts.shift.amount == pytest.approx(1200 * (1720 / 1200 - 1.2) + 300 * (310 / 300 - 0.9))
    assert sum(p.amount for p in parts.parts) == pytest.approx(parts.change)
    assert sum(p.points or 0 for p in parts.parts) == pytest.approx(parts.growth)


def test_parts_sum_to_the_change_in_every_profile(book: ClusterBook) -> None:
    assert len(book.profiles) > 6
    for profile in book.profiles:
        for parts in profile.parts:
            assert sum(p.amount for p in parts.parts) == pytest.approx(parts.change)
            assert sum(i.end for i in parts.industries) == pytest.approx(parts.end)


def test_growth_by_enterprises_and_by_industries_is_one_growth(book: ClusterBook) -> None:
    for profile in book.profiles:
        assert profile.turnover is not None
        assert profile.turnover.growth_published == pytest.approx(profile.parts[0].growth)


def test_an_enterprise_out_of_scope_left_and_one_new_to_it_entered(book: ClusterBook) -> None:
    copper = one(book, Kind.CLUSTER, "copper")
    assert copper.turnover is not None
    assert (copper.turnover.stayed, copper.turnover.entered, copper.turnover.left) == (1, 0, 1)
    assert copper.turnover.from_left == pytest.approx(-20)
    assert (copper.enterprises, copper.persons) == (1, 60.0)
    bearings = one(book, Kind.CLUSTER, "bearings").turnover
    assert bearings is not None
    assert (bearings.stayed, bearings.entered, bearings.left) == (3, 1, 0)


def test_an_industry_counts_whole_enterprises_by_their_main_one(book: ClusterBook) -> None:
    group = one(book, Kind.GROUP, "345")
    assert (group.enterprises, group.revenue) == (3, 1300 + 440 + 200)
    assert group.parts[0].start == 1400


def test_what_the_nation_does_not_have_leaves_the_parts_unsaid(
    lake: Lake, seen: RegionPicture
) -> None:
    own = Lake.create(lake.home.path.parent / "other")
    tables = frames()
    tables["region_industry"] = tables["region_industry"].filter(
        tables["region_industry"]["industry"] != "339"
    )
    own.commit(tables, ME)
    parts = one(
        cluster_book(own, ME, picture(own, ME, "371500", today=TODAY)), Kind.CLUSTER, "bearings"
    ).parts[0]
    assert (parts.parts, parts.undefined, parts.shift) == ((), ("339",), None)
    assert parts.growth == pytest.approx(530 / 15)


def test_without_a_year_before_nothing_is_said_to_have_entered(
    lake: Lake, seen: RegionPicture
) -> None:
    early = picture(lake, ME, "371500", today=TODAY, period=seen.year and seen.year - 1)
    book = cluster_book(lake, ME, early)
    assert str(book.year) == "2024"
    for profile in book.profiles:
        assert profile.growth is None
        assert profile.parts == ()
        assert profile.turnover is None


def test_some_months_of_a_year_are_no_base_of_growth(lake: Lake) -> None:
    own = Lake.create(lake.home.path.parent / "months")
    tables = frames()
    reports = tables["enterprise_period"]
    tables["enterprise_period"] = reports.with_columns(
        period=pl.col("period").replace({"2024": "2024-12"})
    )
    own.commit(tables, ME)
    seen = picture(own, ME, "371500", today=TODAY)
    assert {cluster.growth for cluster in seen.clusters} == {None}
    book = cluster_book(own, ME, seen)
    assert book.base is None
    assert all(p.growth is None and p.turnover is None and not p.parts for p in book.profiles)


def test_a_picture_without_a_year_has_an_empty_book(lake: Lake, seen: RegionPicture) -> None:
    assert cluster_book(lake, ME, replace(seen, year=None)).profiles == ()


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ANALYST])
def test_nobody_without_the_right_to_units_is_given_sums(
    lake: Lake, seen: RegionPicture, role: Role
) -> None:
    viewer = viewer_for(role, "x", frozenset({CODES["A"]}), frozenset({"bearings"}))
    with pytest.raises(NotPermitted):
        cluster_book(lake, viewer, seen)
