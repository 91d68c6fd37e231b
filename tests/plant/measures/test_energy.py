"""Energy laid on the clock: nothing is lost, nothing counts twice, gaps stay gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.measures.energy import energy_within, quarters, specific_energy
from ballast.plant.measures.tariff import QUARTER_MS

intervals = st.lists(
    st.tuples(st.integers(0, 3_000_000), st.integers(1, 3_000_000), st.floats(0, 1e5)),
    min_size=1,
    max_size=30,
).map(
    lambda steps: [
        (start, start + length, kwh)
        for start, length, kwh in zip(
            np.cumsum([gap + before for (gap, _, _), before in zip(
                steps, [0, *(one[1] for one in steps)], strict=False)]).tolist(),
            [one[1] for one in steps],
            [one[2] for one in steps],
            strict=True,
        )
    ]
)  # fmt: skip


@given(intervals)
def test_all_energy_is_in_the_quarters_and_none_is_there_twice(
    rows: list[tuple[int, int, float]],
) -> None:
    start, end, kwh = (np.array(column) for column in zip(*rows, strict=True))
    found = quarters(start, end, kwh)
    assert found.kwh.sum() == pytest.approx(kwh.sum(), rel=1e-12, abs=1e-9)
    assert found.seconds.sum() == pytest.approx((end - start).sum() / 1000)
    assert (np.diff(found.start) > 0).all()
    assert (found.seconds <= QUARTER_MS / 1000 + 1e-6).all()


@given(intervals, st.randoms())
def test_the_order_of_the_rows_does_not_matter(
    rows: list[tuple[int, int, float]], random: object
) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one = quarters(*(np.array(column) for column in zip(*rows, strict=True)))
    other = quarters(*(np.array(column) for column in zip(*mixed, strict=True)))
    assert one.kwh.tolist() == other.kwh.tolist()


def test_an_interval_in_one_quarter_keeps_every_digit() -> None:
    found = quarters([900_000], [1_800_000], [3.17])
    assert found.kwh.tolist() == [3.17]
    assert found.whole.tolist() == [True]


def test_an_hour_is_spread_over_its_quarters_and_its_ends() -> None:
    found = quarters([450_000], [450_000 + 3_600_000], [8.0])
    assert found.kwh.tolist() == [1.0, 2.0, 2.0, 2.0, 1.0]
    assert found.whole.tolist() == [False, True, True, True, False]


def test_what_is_not_known_is_not_there() -> None:
    assert quarters([0, 900_000], [900_000, 1_800_000], [np.nan, 1.0]).start.tolist() == [900_000]
    assert len(quarters([], [], []).start) == 0


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [([0, 5], [10, 15], "overlap"), ([5, 5], [10, 10], "overlap"), ([5], [5], "does not end")],
)
def test_energy_that_would_count_twice_is_refused(
    start: list[int], end: list[int], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        quarters(start, end, [1.0] * len(start))


@given(intervals, st.integers(0, 10_000_000), st.integers(1, 10_000_000), st.integers(0, 100))
def test_the_energy_of_two_halves_is_that_of_the_whole(
    rows: list[tuple[int, int, float]], since: int, length: int, percent: int
) -> None:
    start, end, kwh = (np.array(column) for column in zip(*rows, strict=True))
    middle = since + length * percent // 100
    found, _ = energy_within(
        start, end, kwh, [since, since, middle], [since + length, middle, since + length]
    )
    whole, first, second = np.nan_to_num(found).tolist()
    assert whole == pytest.approx(first + second, rel=1e-6, abs=1e-3)


def test_an_order_over_a_gap_tells_how_much_of_it_is_known() -> None:
    since, until = [0, 500, 1_000], [4_000, 3_500, 3_000]
    kwh, covered = energy_within([0, 3_000], [1_000, 4_000], [1.0, 2.0], since, until)
    assert kwh[:2].tolist() == [3.0, 1.5]
    assert np.isnan(kwh[2])
    assert covered.tolist() == [0.5, pytest.approx(1 / 3), 0.0]


def test_nothing_made_has_no_energy_a_piece() -> None:
    assert np.isnan(specific_energy(5.0, 0.0))
