"""A peer set is named, drawn by a rule, and holds whoever asks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.indicators.peers import PEER_SETS, PeerSet, alike, peer_set, place_among
from ballast.errors import NotFound, WrongUsage
from ballast.terms.label import Label

REGIONS = (
    "000000", "370000", "370100", "371500", "371600", "371502", "371503", "371602", "410000",
    "410100", "371500-KFQ", "371500-GXQ", "370100-GXQ",
)  # fmt: skip


def called(code: str) -> Label:
    return Label(f"地区{code}", f"region {code}")


def drawn(asked: str, own: str) -> PeerSet:
    return peer_set(asked, own, REGIONS, called=called)


@pytest.mark.parametrize(
    ("asked", "own", "members"),
    [
        ("siblings", "371502", ("371502", "371503")),
        ("siblings", "371500", ("370100", "371500", "371600")),
        ("siblings", "371500-KFQ", ("371500-GXQ", "371500-KFQ")),
        ("province", "371500", ("370100", "371500", "371600")),
        ("province", "371502", ("371502", "371503", "371602")),
        ("nation", "371500", ("370100", "371500", "371600", "410100")),
        ("nation", "370000", ("370000", "410000")),
        ("371600,370000", "371500", ("370000", "371500", "371600")),
    ],
)
def test_a_set_holds_regions_of_one_level_by_its_rule(
    asked: str, own: str, members: tuple[str, ...]
) -> None:
    found = drawn(asked, own)
    assert found.members == members
    assert found.own == own
    assert found.label.zh
    assert found.label.en


def test_the_label_says_of_what_the_set_is() -> None:
    assert drawn("siblings", "371502").label.zh == "同一上级的地区（地区371500）"
    assert drawn("province", "371502").label.en.endswith("(region 370000)")


def test_who_has_no_figure_is_in_his_set_all_the_same() -> None:
    assert "371700" in drawn("province", "371700").members


def test_regions_of_like_size_are_at_most_double_or_half() -> None:
    sizes = {"371500": 100.0, "370100": 201.0, "371600": 50.0, "410100": 199.0, "371502": 100.0}
    found = peer_set(
        "similar", "371500", REGIONS, called=called, sizes=sizes, size_label=Label("产值", "GDP")
    )
    assert found.members == ("371500", "371600", "410100")
    assert "GDP" in found.label.en


@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.floats(-10, 1e6)))
def test_likeness_is_mutual(sizes: dict[str, float | None]) -> None:
    for one in sizes:
        for other in alike(one, sizes) - {one}:
            assert one in alike(other, sizes)


def test_a_size_that_is_unknown_is_like_nobody_else() -> None:
    assert alike("a", {"a": None, "b": 0.0}) == {"a"}


def test_what_is_asked_for_wrongly_is_answered_with_what_there_is() -> None:
    with pytest.raises(WrongUsage, match="siblings"):
        drawn("friends", "371500")
    with pytest.raises(WrongUsage, match="gdp"):
        drawn("similar", "371500")
    with pytest.raises(NotFound, match="990000"):
        drawn("990000", "371500")
    assert "listed" not in PEER_SETS


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_quartiles_are_those_of_linear_interpolation(line: list[float]) -> None:
    codes = [f"{i:02d}" for i in range(len(line))]
    peers = PeerSet("listed", Label("", ""), tuple(codes), codes[0])
    found = place_among(dict(zip(codes, line, strict=True)), peers)
    drawn = [found.lowest, found.lower, found.median, found.upper, found.highest]
    assert drawn == pytest.approx(np.quantile(line, [0, 0.25, 0.5, 0.75, 1]), rel=1e-9, abs=1e-6)


def test_regions_outside_the_set_do_not_count() -> None:
    peers = drawn("siblings", "371502")
    found = place_among({"371502": 2, "371503": 4, "371602": 100}, peers, "lowest")
    assert (found.highest, found.rank.place, found.rank.of) == (4, 1, 2)
    assert found.to_median == -1


def test_a_set_without_figures_says_so() -> None:
    found = place_among({}, drawn("siblings", "371502"))
    assert found.median is None
    assert found.reason is not None
    assert found.to_median is None
