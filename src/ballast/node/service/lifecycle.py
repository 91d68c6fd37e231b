"""The life of a record: valid, expired, revoked; and how an answer says so.

A code that was printed on a machine is scanned for decades. So a record that
is revoked or has expired is still resolved, as it last was, with one value
more that says what has become of it: type ``STATUS`` at index 1900. Answering
"not found" instead would tell the scanner of a recalled machine that it is no
machine of ours.

Nobody stores a value at index 1900: it is made while answering, so that it
cannot be forged, and expiry needs no process that marks records at midnight.

Who may do what to a record that is not valid is settled in ``rights``.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ballast.node.registry.records import Record, RecordState
from ballast.node.wire.value import ADMIN_READ, PUBLIC_READ, Value
from ballast.terms.china import CHINA

__all__ = ["STATUS_INDEX", "STATUS_TYPE", "LifeState", "day_of", "life_of", "status_value"]

STATUS_INDEX = 1900
STATUS_TYPE = "STATUS"
# Short, because a record can be restored within the hour.
_STATUS_TTL_SECONDS = 3600
# China keeps one time zone and no summer time.


class LifeState(StrEnum):
    """What has become of a record; also the data of its status value."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def life_of(state: int, expires_at: int, now: float) -> LifeState:
    """Return what has become of a record; revoked, where it is both.

    Parameters
    ----------
    state
        A ``RecordState``.
    expires_at
        Epoch s, 0 for never; from that second on it has expired.
    now
        Epoch s.

    Examples
    --------
    >>> life_of(0, 1_750_000_000, 1_750_000_000).value, life_of(0, 0, 1_750_000_000).value
    ('expired', 'valid')
    """
    if state != RecordState.VALID:
        return LifeState.REVOKED
    return LifeState.EXPIRED if expires_at and expires_at <= now else LifeState.VALID


def status_value(record: Record, now: float) -> Value | None:
    """Return the value that says what has become of a record; nothing while it is valid.

    Its timestamp is when that happened: the expiry, or the last change, which was the revocation.

    Parameters
    ----------
    now
        Epoch s.
    """
    life = life_of(record.state, record.expires_at, now)
    if life is LifeState.VALID:
        return None
    since = record.changed_at if life is LifeState.REVOKED else record.expires_at
    return Value(
        STATUS_INDEX,
        STATUS_TYPE,
        life.value.encode(),
        permissions=PUBLIC_READ | ADMIN_READ,
        ttl=_STATUS_TTL_SECONDS,
        timestamp=since,
    )


def day_of(now: float) -> date:
    """Return the day of China's calendar, by which the node counts.

    Parameters
    ----------
    now
        Epoch s.

    Examples
    --------
    >>> day_of(1_750_003_200.0).isoformat()  # 16:00 in Greenwich, midnight in Beijing
    '2025-06-16'
    """
    return datetime.fromtimestamp(now, CHINA).date()
