"""What factories tell this home: whose keys are known, and the inbox of signed messages.

A message is acknowledged once it is committed here, and goes into the lake by
the shipper: the portal must answer at once, and may not write streamed tables.
The inbox is append only and keeps the signed bytes as the proof of what was
told; the file itself refuses a change (triggers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, insert, select, update

from ballast.errors import NotFound, Refused
from ballast.state.schema import PLANT_INBOX, PLANT_INBOX_NAME, PLANT_KEYS
from ballast.state.store import State
from ballast.state.texts import storable

__all__ = [
    "Message", "TrustedKey", "inbox_last", "inbox_messages", "inbox_name", "take_in", "trust",
    "trusted", "trusted_key", "withdraw_trust",
]  # fmt: skip

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """The public key of a factory.

    Parameters
    ----------
    key_id
        Its short name.
    uscc
        The enterprise that it speaks for.
    public
        Its 32 bytes.
    added_at, added_by
        Since when, and by whom it is known.
    withdrawn_at
        Since when it is no longer; ``None`` while it stands.
    """

    key_id: str
    uscc: str
    public: bytes
    added_at: datetime
    added_by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message in the inbox.

    Parameters
    ----------
    seq
        Its number: the order of arrival.
    at, who
        When it arrived, and under whose name.
    uscc, made_at
        Who speaks, and when it was written.
    key_id, signature, body
        The signed bytes, and what they were checked with.
    """

    seq: int
    at: datetime
    who: str
    uscc: str
    made_at: datetime
    key_id: str
    signature: bytes
    body: bytes


def trust(state: State, key_id: str, uscc: str, public: bytes, who: str) -> TrustedKey:
    """Know a key from now on; one that is known for the enterprise already stays as it is.

    Raises
    ------
    Refused
        If it is known as another enterprise's, or was withdrawn: a key that was
        lost must not come back.
    """
    row = {
        "key_id": key_id, "uscc": uscc, "public": public, "added_at": state.clock(),
        "added_by": storable(who)[:_LONGEST_NAME], "withdrawn_at": None,
    }  # fmt: skip
    here = select(PLANT_KEYS).where(PLANT_KEYS.c.key_id == key_id)
    with state.write() as connection:
        found = connection.execute(here).one_or_none()
        if found is None:
            connection.execute(insert(PLANT_KEYS).values(row))
            found = connection.execute(here).one()
    if found.withdrawn_at is not None:
        raise Refused(
            "key {key} was withdrawn; let the factory move plant/keys/push-key.pem out of its "
            "home: `ballast plant push --show-key` then makes a new one",
            key=key_id,
        )
    if found.uscc != uscc or found.public != public:
        raise Refused(
            "key {key} is known as that of {uscc}; one key speaks for one enterprise",
            key=key_id,
            uscc=found.uscc,
        )
    return _key(found)


def withdraw_trust(state: State, key_id: str) -> TrustedKey:
    """Know a key no longer; what it signed before stays.

    Raises
    ------
    NotFound
        If it was never known.
    """
    here = PLANT_KEYS.c.key_id == key_id
    with state.write() as connection:
        still = here & PLANT_KEYS.c.withdrawn_at.is_(None)
        connection.execute(update(PLANT_KEYS).where(still).values(withdrawn_at=state.clock()))
        row = connection.execute(select(PLANT_KEYS).where(here)).one_or_none()
    if row is None:
        raise _unknown(key_id)
    return _key(row)


def trusted(state: State) -> tuple[TrustedKey, ...]:
    """Return every key that is or was known, by enterprise."""
    wanted = select(PLANT_KEYS).order_by(PLANT_KEYS.c.uscc, PLANT_KEYS.c.added_at)
    with state.read() as connection:
        return tuple(_key(row) for row in connection.execute(wanted))


def trusted_key(state: State, key_id: str) -> TrustedKey:
    """Return a key that stands.

    Raises
    ------
    NotFound
        If it is not known, or no longer.
    """
    with state.read() as connection:
        row = connection.execute(
            select(PLANT_KEYS).where(PLANT_KEYS.c.key_id == key_id)
        ).one_or_none()
    if row is None or row.withdrawn_at is not None:
        raise _unknown(key_id)
    return _key(row)


def take_in(
    state: State,
    *,
    uscc: str,
    made_at: datetime,
    key_id: str,
    signature: bytes,
    body: bytes,
    who: str,
) -> tuple[int, bool]:
    """Put a message whose signature was checked into the inbox, on the disk when this returns.

    Returns
    -------
    seq, new
        Its number, and whether it is new: the same bytes sent again are the
        message that is there already.

    Raises
    ------
    Refused
        If a later message of the enterprise has arrived: an old one that is
        sent again must not set its days back.
    """
    mine = select(PLANT_INBOX).where(PLANT_INBOX.c.uscc == uscc)
    with state.write() as connection:
        same = mine.where(PLANT_INBOX.c.made_at == made_at, PLANT_INBOX.c.body == body)
        if there := connection.execute(same).first():
            return int(there.seq), False
        newest = connection.execute(
            select(func.max(PLANT_INBOX.c.made_at)).where(PLANT_INBOX.c.uscc == uscc)
        ).scalar_one()
        if newest is not None and made_at <= newest:
            raise Refused(
                "a message of {uscc} written at {newest} has arrived; this one, of {at}, is no "
                "newer. Push again",
                uscc=uscc,
                newest=newest.isoformat(timespec="seconds"),
                at=made_at.isoformat(timespec="seconds"),
            )
        row = {
            "at": state.clock(), "who": storable(who)[:_LONGEST_NAME], "uscc": uscc,
            "made_at": made_at, "key_id": key_id, "signature": signature, "body": body,
        }  # fmt: skip
        made = connection.execute(insert(PLANT_INBOX).values(row).returning(PLANT_INBOX.c.seq))
        return int(made.scalar_one()), True


def inbox_name(state: State) -> str:
    """Return the inbox's own random name: one that was begun anew is another."""
    with state.read() as connection:
        return str(connection.execute(select(PLANT_INBOX_NAME.c.name)).scalar_one())


def inbox_last(state: State) -> int:
    """Return the number of the newest message; 0 for none."""
    with state.read() as connection:
        return int(connection.execute(select(func.max(PLANT_INBOX.c.seq))).scalar_one() or 0)


def inbox_messages(state: State, after: int, limit: int) -> Sequence[Message]:
    """Return messages numbered behind ``after``, in order, ``limit`` at most."""
    wanted = select(PLANT_INBOX).where(PLANT_INBOX.c.seq > after).order_by(PLANT_INBOX.c.seq)
    with state.read() as connection:
        return [
            Message(
                seq=row.seq, at=row.at, who=row.who, uscc=row.uscc, made_at=row.made_at,
                key_id=row.key_id, signature=row.signature, body=row.body,
            )
            for row in connection.execute(wanted.limit(limit))
        ]  # fmt: skip


def _unknown(key_id: str) -> NotFound:
    return NotFound(
        "no factory is known by the key {key}; let an administrator run `ballast plant trust USCC "
        "KEY`",
        key=key_id[:40],
    )


def _key(row: Row[tuple[object, ...]]) -> TrustedKey:
    return TrustedKey(
        key_id=row.key_id,
        uscc=row.uscc,
        public=row.public,
        added_at=row.added_at,
        added_by=row.added_by,
        withdrawn_at=row.withdrawn_at,
    )
