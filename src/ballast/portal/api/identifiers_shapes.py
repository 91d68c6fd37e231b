"""Identifiers as they travel: prefixes, records, values, counts of a day.

Moments are ISO 8601 in UTC although the node counts seconds: a program that
reads JSON should not have to know since when. Values keep what the protocol
says of them (index, type, time to live, who may read), because whoever asks
for a record by the API wants to see what a resolver will be told.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, date, datetime
from typing import Literal

from pydantic import Field

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.wire.value import PUBLIC_READ, Value
from ballast.portal.api.shapes import Shape
from ballast.portal.identifiers_reading import Hit, Opened

__all__ = [
    "Daily",
    "DayShape",
    "Found",
    "FoundShape",
    "PrefixShape",
    "Prefixes",
    "RecordShape",
    "ValueShape",
    "found_shape",
    "moment_of",
    "prefix_shape",
    "record_shape",
]

_STATES: dict[PrefixState, Literal["homed", "delegated", "unhomed"]] = {
    PrefixState.HOMED: "homed",
    PrefixState.DELEGATED: "delegated",
    PrefixState.UNHOMED: "unhomed",
}


class PrefixShape(Shape):
    """A prefix and the enterprise behind it."""

    prefix: str
    state: Literal["homed", "delegated", "unhomed"] = Field(
        description="`homed`: its identifiers are kept here. `delegated`: by a node of the "
        "enterprise's own. `unhomed`: not answered for at present."
    )
    uscc: str = Field(description="Empty for the node's own.")
    enterprise: str
    allotted_at: datetime | None
    count: int | None = Field(
        description="How many identifiers are registered under it; null where the account may "
        "not see it."
    )


class Prefixes(Shape):
    """A page of prefixes, in order."""

    prefixes: list[PrefixShape]
    next: str | None


class DayShape(Shape):
    """What happened in one day, by the calendar of China."""

    day: date
    registered: int
    changed: int
    deleted: int
    resolved: int = Field(description="How often somebody asked for one of them.")


class Daily(Shape):
    """What happened, day by day."""

    prefix: str | None = Field(description="Null: under all prefixes together.")
    days: list[DayShape] = Field(description="Every day asked for, also those without anything.")


class FoundShape(Shape):
    """An identifier that was found."""

    handle: str
    state: Literal["valid", "expired", "revoked"]
    registered_at: datetime
    expires_at: datetime | None


class Found(Shape):
    """A page of identifiers, in order."""

    identifiers: list[FoundShape]
    prefixes: list[str] = Field(description="Further prefixes that begin so.")
    next: str | None


class ValueShape(Shape):
    """One value of a record."""

    index: int
    type: str
    format: Literal["string", "base64"]
    data: str
    public: bool = Field(description="Whether the node answers it to anyone.")
    ttl: int = Field(description="Seconds for which it may be cached.")


class RecordShape(Shape):
    """A record: one identifier with its values."""

    handle: str
    prefix: str
    uscc: str
    state: Literal["valid", "expired", "revoked"]
    registered_at: datetime
    changed_at: datetime
    expires_at: datetime | None
    values: list[ValueShape]
    hidden: int = Field(description="How many values there are that the account may not read.")
    address: str | None = Field(
        description="Where a code of it leads; null where nobody has said where the node answers."
    )


def moment_of(seconds: int) -> datetime | None:
    """Return an epoch second as a moment; nothing for 0, which means never.

    Examples
    --------
    >>> moment_of(1_750_000_000).isoformat(), moment_of(0)
    ('2025-06-15T15:06:40+00:00', None)
    """
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def prefix_shape(entry: PrefixEntry) -> PrefixShape:
    """Return a prefix as it travels; a count below 0 is one that is not the caller's to see."""
    return PrefixShape(
        prefix=entry.prefix,
        state=_STATES[entry.state],
        uscc=entry.uscc,
        enterprise=entry.enterprise,
        allotted_at=moment_of(entry.allotted_at),
        count=None if entry.count < 0 else entry.count,
    )


def found_shape(hit: Hit) -> FoundShape:
    """Return what a list says of an identifier."""
    return FoundShape(
        handle=hit.handle,
        state=hit.life.value,
        registered_at=_at(hit.created_at),
        expires_at=moment_of(hit.expires_at),
    )


def record_shape(opened: Opened, address: str) -> RecordShape:
    """Return a record as it travels.

    Parameters
    ----------
    opened
        The record, as the caller may see it.
    address
        Where a code of it leads; may be empty.
    """
    record = opened.record
    values = [_value(value) for value in record.values() if value.index in opened.readable]
    return RecordShape(
        handle=opened.handle,
        prefix=opened.entry.prefix,
        uscc=opened.entry.uscc,
        state=opened.life.value,
        registered_at=_at(record.created_at),
        changed_at=_at(record.changed_at),
        expires_at=moment_of(record.expires_at),
        values=values,
        hidden=record.public_count + record.restricted_count - len(values),
        address=address or None,
    )


def _value(value: Value) -> ValueShape:
    text: str | None
    try:
        text = value.data.decode()
    except UnicodeDecodeError:
        text = None
    return ValueShape(
        index=value.index,
        type=value.type,
        format="base64" if text is None else "string",
        data=b64encode(value.data).decode() if text is None else text,
        public=bool(value.permissions & PUBLIC_READ),
        ttl=value.ttl,
    )
