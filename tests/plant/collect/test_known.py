from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.collect.known import UNKNOWN_PRINT, Keys, Known, prints

Row = tuple[int, int, int]  # tag, time, value


def keys(rows: list[Row], message: int | list[int] = 0, ordinals: list[int] | None = None) -> Keys:
    tag, time, value = np.array(rows or np.empty((0, 3)), np.int64).reshape(-1, 3).T
    return Keys(
        tag.astype(np.int32),
        time,
        value,
        np.broadcast_to(np.array(message, np.int64), len(rows)).copy(),
        None if ordinals is None else np.array(ordinals, np.int32),
    )


def test_what_rises_is_new_and_what_comes_again_is_not() -> None:
    known = Known()
    assert known.sift(keys([(0, 10, 1), (1, 10, 1), (0, 20, 2)])).keep.all()
    again = known.sift(keys([(0, 10, 1), (1, 10, 1), (0, 20, 2), (0, 30, 3)], message=1))
    assert again.keep.tolist() == [False, False, False, True]
    assert again.duplicates == [0, 1, 2]
    assert again.conflicts == []


def test_an_older_time_that_was_never_seen_is_new() -> None:
    known = Known()
    known.sift(keys([(0, 100, 1)]))
    late = known.sift(keys([(0, 50, 1), (0, 60, 1)], message=1))
    assert late.keep.all()
    assert known.sift(keys([(0, 50, 1)], message=2)).duplicates == [0]


def test_another_value_at_the_same_time_gets_the_next_ordinal_and_is_told() -> None:
    known = Known()
    known.sift(keys([(0, 10, 1)]))
    other = known.sift(keys([(0, 10, 2)], message=1))
    assert other.keep.tolist() == [True]
    assert other.ordinal.tolist() == [1]
    assert other.conflicts == [0]
    assert known.sift(keys([(0, 10, 2), (0, 10, 1)], message=2)).duplicates == [0, 1]


def test_what_one_message_says_twice_is_said_twice_and_its_redelivery_is_known() -> None:
    known = Known()
    first = known.sift(keys([(0, 10, 1), (0, 10, 1), (0, 10, 5)], message=7))
    assert first.keep.all()
    assert first.ordinal.tolist() == [0, 1, 2]
    assert first.conflicts == []
    again = known.sift(keys([(0, 10, 1), (0, 10, 1), (0, 10, 5)], message=8))
    assert again.duplicates == [0, 1, 2]


def test_ordinals_of_the_source_tell_values_apart_and_a_contradiction_keeps_the_first() -> None:
    known = Known()
    assert known.sift(keys([(0, 10, 1), (0, 10, 1)], ordinals=[0, 1])).keep.all()
    again = known.sift(keys([(0, 10, 1), (0, 10, 2), (0, 10, 3)], message=1, ordinals=[1, 0, 2]))
    assert again.keep.tolist() == [False, False, True]
    assert again.duplicates == [0]
    assert again.conflicts == [1]


def test_a_value_that_is_forgotten_counts_as_the_same() -> None:
    known = Known()
    known.remember(keys([(0, 10, UNKNOWN_PRINT)]), np.zeros(1, np.int32))
    assert known.sift(keys([(0, 10, 99)], message=1)).duplicates == [0]


def test_the_memory_is_bounded_and_keeps_the_last_of_each_tag() -> None:
    known = Known(rows=1000)
    known.sift(keys([(7, 5, 1)]))
    for step in range(5):
        rows = [(0, 1 + step * 20_000 + n, 1) for n in range(20_000)]
        known.sift(keys(rows, message=step + 1))
    assert sum(len(part.tag) for part in known._parts) <= 1000 + (1 << 14)
    assert known.sift(keys([(7, 5, 1)], message=90)).duplicates == [0]
    assert known.sift(keys([(0, 3, 1)], message=91)).keep.all()  # forgotten, so taken for new


def test_nan_is_itself_and_null_is_no_nan_and_texts_differ() -> None:
    nan = float("nan")
    texts = np.array([None, None, "a", "b", "a"], object)
    found = prints(
        np.array([nan, nan, nan, nan, nan]), np.array([False, True, False, False, False]), texts
    )
    assert found[2] == found[4]
    assert len({found[0], found[1], found[2], found[3]}) == 4
    same = prints(np.array([0.0, -0.0]), np.zeros(2, np.bool_), None)
    assert same[0] == same[1]


batches = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6), st.integers(0, 2)), max_size=12),
    max_size=6,
)


def plainly(messages: list[list[Row]]) -> dict[tuple[int, int], list[int]]:
    """Return, by the rules as they are said, which values each tag and time has."""
    stored: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for number, rows in enumerate(messages):
        claimed: set[tuple[int, int, int]] = set()
        for tag, time, value in rows:
            there = stored.setdefault((tag, time), [])
            twin = next(
                (
                    n
                    for n, (known, of) in enumerate(there)
                    if known == value and of != number and (tag, time, n) not in claimed
                ),
                None,
            )
            if twin is None:
                there.append((value, number))
            else:
                claimed.add((tag, time, twin))
    return {key: [value for value, _ in rows] for key, rows in stored.items()}


@given(batches)
def test_whatever_comes_is_stored_once_and_again_adds_nothing(messages: list[list[Row]]) -> None:
    known, stored = Known(), dict[tuple[int, int], list[tuple[int, int]]]()

    def take(rows: list[Row], message: int) -> None:
        sifted = known.sift(keys(rows, message))
        for (tag, time, value), keep, ordinal in zip(
            rows, sifted.keep.tolist(), sifted.ordinal.tolist(), strict=True
        ):
            if keep:
                stored.setdefault((tag, time), []).append((ordinal, value))

    for number, rows in enumerate(messages):
        if rows:
            take(rows, number)
    assert {key: [value for _, value in rows] for key, rows in stored.items()} == plainly(messages)
    for rows_of in stored.values():
        assert [ordinal for ordinal, _ in rows_of] == list(range(len(rows_of)))
    before = {key: list(rows) for key, rows in stored.items()}
    for number, rows in enumerate(messages):
        if rows:
            take(rows, 100 + number)
    assert stored == before


@given(batches, st.integers(1, 5))
def test_one_batch_of_several_messages_is_as_good_as_one_each(
    messages: list[list[Row]], cut: int
) -> None:
    def run(sizes: list[int]) -> list[npt.NDArray[np.bool_]]:
        known, found, start = Known(), [], 0
        for size in sizes:
            rows = [row for part in messages[start : start + size] for row in part]
            numbers = [start + n for n, part in enumerate(messages[start : start + size])
                       for _ in part]  # fmt: skip
            start += size
            if rows:
                found.append(known.sift(keys(rows, numbers)).keep)
        return found

    together = run([cut] * (len(messages) // cut + 1))
    single = run([1] * len(messages))
    assert np.concatenate([np.empty(0, np.bool_), *together]).tolist() == (
        np.concatenate([np.empty(0, np.bool_), *single]).tolist()
    )
