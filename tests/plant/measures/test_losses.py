from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.measures.kpi import Element, compute, kpi
from ballast.plant.measures.losses import LOSS_LABELS, Loss, loss_tree


def test_the_reasons_of_a_loss_come_largest_first() -> None:
    tree = loss_tree(
        apt_s=100, pru_s=1, produced=80, good=80,
        delays_s={"jam": 5, "tool": 20}, setup_s={"size": 10}, idle_s=3,
    )  # fmt: skip
    stops = tree.losses[0].parts
    assert [(node.loss, node.reason, node.seconds) for node in stops] == [
        (Loss.DELAY, "tool", 20), (Loss.DELAY, "jam", 5), (Loss.SETUP, "size", 10),
        (Loss.IDLE, "", 3),
    ]  # fmt: skip


def test_bad_pieces_that_nobody_explained_are_scrap_without_a_reason() -> None:
    tree = loss_tree(
        apt_s=100, pru_s=1, produced=80, good=70, delays_s={}, setup_s={},
        scrapped={"crack": 4}, reworked={"burr": 3},
    )  # fmt: skip
    assert [(n.loss, n.reason, n.seconds) for n in tree.losses[2].parts] == [
        (Loss.SCRAP, "crack", 4), (Loss.SCRAP, "", 3), (Loss.REWORK, "burr", 3),
    ]  # fmt: skip


def test_a_machine_that_was_to_be_busy_and_made_nothing_has_an_oee_of_zero() -> None:
    tree = loss_tree(apt_s=0, pru_s=1, produced=0, good=0, delays_s={"broken": 60}, setup_s={})
    assert tree.oee == 0
    assert tree.losses[0].share == 1


def test_a_machine_that_was_not_to_be_busy_has_no_oee() -> None:
    tree = loss_tree(apt_s=0, pru_s=1, produced=0, good=0, delays_s={}, setup_s={})
    assert tree.oee is None


def test_every_loss_has_its_words() -> None:
    assert set(LOSS_LABELS) == set(Loss)


seconds = st.floats(0, 1e5)


@given(st.floats(1, 1e5), st.floats(0.1, 100), st.integers(1, 10_000), st.floats(0, 1),
       st.dictionaries(st.text(max_size=3), seconds, max_size=4), seconds)  # fmt: skip
def test_good_time_and_losses_add_up_to_the_planned_busy_time_and_oee_to_its_factors(
    apt: float, pru: float, made: int, good_share: float, delays: dict[str, float], setup: float
) -> None:
    good = made * good_share
    tree = loss_tree(
        apt_s=apt, pru_s=pru, produced=made, good=good, delays_s=delays, setup_s={"": setup}
    )
    whole = tree.good_s + sum(node.seconds for node in tree.losses)
    assert whole == pytest.approx(tree.pbt_s, rel=1e-9, abs=1e-6)
    for node in tree.losses:
        if node.parts:
            assert sum(p.seconds for p in node.parts) == pytest.approx(node.seconds)
    product = compute(
        kpi("oee"),
        {
            Element.APT: apt,
            Element.PBT: tree.pbt_s,
            Element.PRU: pru,
            Element.PQ: made,
            Element.GQ: good,
        },
    )
    assert tree.oee == pytest.approx(float(product), rel=1e-9)
