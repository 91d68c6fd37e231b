"""Moments keep their order and their zone as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.state.moments import moment_of, text_of

moments = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001
    timezones=st.builds(timezone, st.timedeltas(timedelta(hours=-14), timedelta(hours=14))),
)


@given(moments)
def test_a_moment_comes_back_in_utc(moment: datetime) -> None:
    assert moment_of(text_of(moment)) == moment
    assert moment_of(text_of(moment)).tzinfo is UTC


@given(moments, moments)
def test_texts_sort_as_moments_do(one: datetime, other: datetime) -> None:
    assert (text_of(one) < text_of(other)) == (one < other)


def test_a_moment_without_a_zone_is_a_fault() -> None:
    with pytest.raises(ValueError, match="zone"):
        text_of(datetime(2026, 6, 1))  # noqa: DTZ001
