"""A place is said within a set, and a withheld figure has none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.brain.cluster_town import ME, settle

from ballast.brain.cluster_position import (
    COMPARED,
    peers_label,
    positions,
    sealed_year,
    standings,
)
from ballast.brain.cluster_shape import Kind
from ballast.brain.cube.sealing import seal
from ballast.brain.indicators.answer import Answer, Status, Value
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC, Viewer

YEAR = Period.parse("2025")
WITHIN = Label("各集群", "the clusters")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake.create(tmp_path_factory.mktemp("sealed") / "home")
    settle(lake)
    seal(lake, ME, now=datetime(2027, 1, 1, tzinfo=UTC))
    return lake


def asked(lake: Lake, viewer: Viewer, region: str) -> Answer:
    return standings(lake, viewer, Kind.CLUSTER, region=region, period=YEAR, definition="own")


def test_without_unit_rights_a_cluster_of_one_is_withheld(sealed: Lake) -> None:
    assert sealed_year(sealed, None) == YEAR
    open_one = asked(sealed, PUBLIC, "371500").value(
        "cluster_revenue", {Dimension.CLUSTER: "copper"}
    )
    assert open_one is not None
    assert (open_one.status, open_one.value) == (Status.SUPPRESSED, None)
    whole = asked(sealed, ME, "371500").value("cluster_revenue", {Dimension.CLUSTER: "copper"})
    assert whole is not None
    assert whole.value == 2100


@pytest.mark.parametrize("part", ["371581", "371500-KFQ", "370100"])
def test_clusters_of_a_part_are_not_those_of_the_whole(sealed: Lake, part: str) -> None:
    with pytest.raises(NotPermitted):
        asked(sealed, PUBLIC, part)


def test_nothing_is_published_before_the_first_period_that_is_sealed(sealed: Lake) -> None:
    with pytest.raises(NotFound, match="2020"):
        sealed_year(sealed, Period.parse("2020"))


def answered(indicator: str, given: dict[str, float | None]) -> Answer:
    values = tuple(
        Value(
            indicator=indicator,
            cell={Dimension.CLUSTER: key},
            period=YEAR,
            value=value,
            status=Status.SUPPRESSED if value is None else Status.PUBLISHED,
            reporting=5,
        )
        for key, value in given.items()
    )
    return Answer(values, Question((indicator,), (Dimension.CLUSTER,), period=YEAR))


def test_a_place_counts_from_the_better_end() -> None:
    margin = positions(
        answered("margin", {"a": 5.0, "b": 7.0, "c": 1.0}), Kind.CLUSTER, "a", WITHIN
    )
    assert [(p.rank.place, p.rank.of, p.middle) for p in margin] == [(2, 3, 5.0)]
    energy = positions(
        answered("energy_intensity", {"a": 5.0, "b": 7.0, "c": 1.0}), Kind.CLUSTER, "b", WITHIN
    )
    assert energy[0].rank.place == 3


def test_a_withheld_figure_has_no_place_and_moves_nobody() -> None:
    found = answered("margin", {"a": 5.0, "b": None, "c": 1.0})
    own = positions(found, Kind.CLUSTER, "b", WITHIN)[0]
    assert (own.rank.place, own.value.value, own.middle) == (None, None, 3.0)
    assert positions(found, Kind.CLUSTER, "a", WITHIN)[0].rank.of == 2


def test_alone_there_is_neither_place_nor_middle() -> None:
    only = positions(answered("margin", {"a": 5.0}), Kind.CLUSTER, "a", WITHIN)[0]
    assert (only.rank.place, only.middle) == (None, None)


def test_what_was_not_answered_has_no_position() -> None:
    assert positions(answered("margin", {"a": 5.0}), Kind.CLUSTER, "z", WITHIN) == ()


def test_the_set_is_named() -> None:
    region = Label("聊城市", "Liaocheng")
    assert peers_label(Kind.DIVISION, "34", region).en == "the divisions of Liaocheng"
    assert "34" not in peers_label(Kind.GROUP, "345", region).zh
    assert peers_label(Kind.GROUP, "345", region).zh.startswith("聊城市通用设备制造业")
    assert len(set(COMPARED)) == len(COMPARED)
