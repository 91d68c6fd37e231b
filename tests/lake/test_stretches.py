"""Stretches in a sheet: none ends before it starts, none lies over another of its thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ballast.lake.stretches import stretches
from ballast.lake.tables import table

START = datetime(2026, 5, 31, tzinfo=UTC)
Row = tuple[str, int, int | None]
rows_of_two = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.none() | st.integers(0, 40)),
    max_size=12,
    unique_by=lambda row: row[:2],
)


def made(rows: Sequence[Row]) -> pl.DataFrame:
    def moment(minute: int | None) -> datetime | None:
        return None if minute is None else START + timedelta(minutes=minute)

    at = pl.Datetime("us", "UTC")
    return pl.DataFrame(
        {
            "asset": pl.Series([row[0] for row in rows], dtype=pl.String),
            "start": pl.Series([moment(row[1]) for row in rows], dtype=at),
            "end": pl.Series([moment(row[2]) for row in rows], dtype=at),
        }
    )


def wrong(rows: Sequence[Row], standing: Sequence[Row] = (), name: str = "downtime") -> list[int]:
    frame = made(rows)
    sound = pl.Series([True] * len(rows), dtype=pl.Boolean)
    verdicts = stretches(table(name), frame, sound, made(standing))
    for verdict in verdicts:
        for index in verdict.wrong.arg_true():
            verdict.template.format(**verdict.values(str(index)))
    return sorted({index for verdict in verdicts for index in verdict.wrong.arg_true()})


def clash(one: Row, other: Row) -> bool:
    if one[0] != other[0] or one[2] is None or other[2] is None:
        return False
    return one[1] < other[2] and other[1] < one[2]


@given(rows_of_two)
def test_exactly_the_rows_that_lie_over_others_are_wrong(rows: list[Row]) -> None:
    backward = {at for at, row in enumerate(rows) if row[2] is not None and row[2] <= row[1]}
    kept = [(at, row) for at, row in enumerate(rows) if at not in backward]
    over = {
        at
        for at, row in kept
        if any(
            clash(row, other) or (row[2] is None and other[2] is not None and row[0] == other[0]
                                  and other[1] < row[1] < other[2])
            for there, other in kept if there != at
        )
    }  # fmt: skip
    found = set(wrong(rows))
    assert backward <= found
    # A closed row that another opens in, and of three in a row the middle, may be told or not.
    assert over <= found | {at for at, row in kept if row[2] is not None}
    assert bool(over) == bool(found - backward)


def test_what_stands_already_is_not_overlapped_but_may_be_mended() -> None:
    standing = [("a", 0, 10)]
    assert wrong([("a", 5, 15)], standing) == [0]
    assert wrong([("a", 10, 15)], standing) == []
    assert wrong([("b", 5, 15)], standing) == []
    assert wrong([("a", 0, 8)], standing) == []
    assert wrong([("a", 0, 8), ("a", 8, 12)], standing) == []


def test_a_stop_lasts_some_time_and_pieces_are_of_a_moment() -> None:
    assert wrong([("a", 5, 5)]) == [0]
    assert wrong([("a", 0, 10), ("a", 5, 5)], name="production") == []
    assert wrong([("a", 5, 4)], name="production") == [0]


def test_a_row_that_goes_on_ends_where_the_next_begins() -> None:
    assert wrong([("a", 0, None), ("a", 5, 10)]) == []
    assert wrong([("a", 0, 10), ("a", 5, None)]) == [0, 1]


def test_a_table_without_stretches_has_none() -> None:
    assert stretches(table("asset"), made([("a", 5, 1)]), pl.Series([True]), None) == []
