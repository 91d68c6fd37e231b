"""How moments stand in the state: UTC text of one width, so that it sorts and can be read.

SQLite has no type for time, and SQLAlchemy's own drops the zone without a
word; a clock without a zone is refused here instead.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


class Moment(TypeDecorator[datetime]):
    """A moment with a zone, stored as ``2026-06-01T08:00:00.000000Z``."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the stored text."""
        return None if value is None else text_of(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment of a stored text, in UTC."""
        return None if value is None else moment_of(value)


def text_of(moment: datetime) -> str:
    """Return a moment as it is stored.

    Raises
    ------
    ValueError
        If it has no zone: a fault of the caller's clock.

    Examples
    --------
    >>> text_of(datetime(2026, 6, 1, 8, tzinfo=UTC))
    '2026-06-01T08:00:00.000000Z'
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment}: a moment needs a zone")
    return moment.astimezone(UTC).strftime(_FORM)


def moment_of(text: str) -> datetime:
    """Return the moment of a stored text.

    Examples
    --------
    >>> moment_of("2026-06-01T08:00:00.000000Z").hour
    8
    """
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
