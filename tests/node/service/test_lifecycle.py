"""What has become of a record, and when."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ballast.node.registry.records import RecordState, record_of
from ballast.node.service.lifecycle import LifeState, day_of, life_of, status_value
from ballast.node.wire.value import Value

SECONDS = st.integers(1, 2**32 - 1)


@given(SECONDS, SECONDS)
def test_a_record_expires_with_its_second_and_never_without_a_date(end: int, now: int) -> None:
    assert life_of(0, 0, now) is LifeState.VALID
    assert life_of(0, end, now) is (LifeState.EXPIRED if now >= end else LifeState.VALID)
    assert life_of(1, end, now) is LifeState.REVOKED


def test_a_state_of_a_later_version_is_not_taken_for_valid() -> None:
    assert life_of(7, 0, 1) is LifeState.REVOKED


def test_a_valid_record_has_no_status() -> None:
    record = record_of(b"88.118.8/A", [Value(1, "URL", b"x")], 100)
    assert status_value(record, 200) is None


def test_the_status_of_an_expired_record_dates_from_its_expiry() -> None:
    record = record_of(b"88.118.8/A", [], 100, expires_at=150)
    status = status_value(record, 200)
    assert status is not None
    assert (status.data, status.timestamp, status.index) == (b"expired", 150, 1900)
    assert status.public_read
    assert not status.public_write
    assert not status.admin_write


def test_the_status_of_a_revoked_record_dates_from_the_revocation() -> None:
    record = record_of(b"88.118.8/A", [], 100, expires_at=150, state=RecordState.REVOKED)
    status = status_value(record, 200)
    assert status is not None
    assert (status.data, status.timestamp) == (b"revoked", 100)


def test_days_begin_at_midnight_in_china() -> None:
    assert day_of(1_750_003_199.9) == date(2025, 6, 15)
    assert day_of(1_750_003_200.0) == date(2025, 6, 16)
