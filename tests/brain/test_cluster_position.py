"""A place is said within a set, and a withheld figure has none."""

from __future__ import annotations

from ballast.brain.cluster_position import COMPARED, peers_label, positions
from ballast.brain.cluster_shape import Kind
from ballast.brain.indicators.answer import Answer, Status, Value
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.terms.label import Label
from ballast.terms.period import Period

YEAR = Period.parse("2025")
WITHIN = Label("各集群", "the clusters")


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
