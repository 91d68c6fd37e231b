"""Linkages and extraction, against solved systems and the published figures of China 2020."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.chains.leontief import inverses
from ballast.brain.chains.linkages import LinkageKind, extraction, linkages
from ballast.brain.chains.table import Floats, InputOutput
from ballast.errors import Refused

from .tables import china, made


@pytest.mark.parametrize(
    ("sector", "backward", "forward"),
    [
        ("有色金属压延加工品", 1.16, 1.40),
        ("泵、阀门、压缩机及类似机械", 1.18, 0.96),
        ("其他通用设备", 1.16, 1.05),
    ],
)
def test_the_linkages_of_china_2020_are_the_known_ones(
    shared_data: Path, sector: str, backward: float, forward: float
) -> None:
    """Source: the figures that the indicators' page of the design names for 153 sectors."""
    table, names = china(shared_data / "io" / "china_2020_153.csv")
    found = linkages(inverses(table))
    place = names.index(sector)
    assert found.relative_backward[place] == pytest.approx(backward, abs=0.005)
    assert found.relative_forward[place] == pytest.approx(forward, abs=0.005)


@given(st.integers(0, 2**32 - 1), st.integers(2, 10))
def test_relative_linkages_have_the_mean_one(seed: int, sectors: int) -> None:
    found = linkages(inverses(made(np.random.default_rng(seed), sectors)))
    assert found.relative_backward.mean() == pytest.approx(1)
    assert found.relative_forward.mean() == pytest.approx(1)
    assert (found.backward >= 1).all()
    assert (found.forward >= 1).all()


def _solved(coefficients: Floats, final: Floats) -> float:
    return float(np.linalg.solve(np.eye(len(final)) - coefficients, final).sum())


@given(st.integers(0, 2**32 - 1), st.integers(2, 8))
def test_extraction_is_what_solving_the_reduced_systems_gives(seed: int, sectors: int) -> None:
    table = made(np.random.default_rng(seed), sectors)
    of = inverses(table)
    found = extraction(of)
    final = table.output - table.flows.sum(axis=1)
    primary = table.output - table.flows.sum(axis=0)
    for gone in range(sectors):
        without, buys_nothing = of.technical.copy(), of.technical.copy()
        without[gone], without[:, gone], buys_nothing[:, gone] = 0, 0, 0
        others = np.where(np.arange(sectors) == gone, 0, final)
        sells_nothing = of.allocation.copy()
        sells_nothing[gone] = 0
        total = table.output.sum()
        assert found.whole[gone] == pytest.approx(total - _solved(without, others))
        assert found.backward[gone] == pytest.approx(total - _solved(buys_nothing, final))
        assert found.forward[gone] == pytest.approx(total - _solved(sells_nothing.T, primary))


def test_a_sector_without_output_has_no_linkage_and_no_kind() -> None:
    table = InputOutput(
        "t", ("a", "b", "c"), np.diag([1.0, 1.0, 0.0]), np.array([4.0, 2.0, 0.0]), np.zeros(3)
    )
    found = linkages(inverses(table))
    assert np.isnan(found.backward[2])
    assert found.kinds()[2] is LinkageKind.UNDEFINED
    assert np.isnan(extraction(inverses(table)).whole[2])
    assert found.relative_backward[:2].mean() == pytest.approx(1)


def test_every_kind_has_words() -> None:
    assert len({kind.label.zh for kind in LinkageKind}) == len(LinkageKind)


def test_a_table_in_which_nothing_is_made_is_refused_before_any_mean_is_taken() -> None:
    nothing = np.zeros(2)
    with pytest.raises(Refused, match="idle: no sector has any output"):
        InputOutput("idle", ("a", "b"), np.zeros((2, 2)), nothing, nothing)
    with pytest.raises(Refused, match="no sector has any output"):
        InputOutput("empty", (), np.zeros((0, 0)), np.zeros(0), np.zeros(0))
