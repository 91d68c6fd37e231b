"""API keys: an account's second way in, for programs.

A key has the rights of its account and no more, ends on a day, and can be
taken back. Its beginning ``bk_`` lets people and scanners see what they found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, insert, select, update

from ballast.errors import NotFound, Refused, SignInRefused
from ballast.state.schema import KEYS, USERS
from ballast.state.store import State
from ballast.state.tokens import digest, new_token
from ballast.state.users import User, find_user

PREFIX = "bk_"
LONGEST = timedelta(days=400)
_NOTE_EVERY = timedelta(minutes=1)
_LABEL_SIGNS = 100


@dataclass(frozen=True, slots=True)
class Key:
    """One key, without its secret.

    Parameters
    ----------
    id
        Its number.
    user_id
        Whose rights it has.
    label
        What it is for.
    created_at, expires_at
        UTC.
    last_used
        UTC, noted at most once a minute.
    revoked_at
        When it was taken back.
    """

    id: int
    user_id: int
    label: str
    created_at: datetime
    expires_at: datetime
    last_used: datetime | None
    revoked_at: datetime | None


def issue_key(state: State, user_id: int, label: str, expires: datetime) -> tuple[str, Key]:
    """Make a key and return its secret, which is kept nowhere and shown once, with it.

    Parameters
    ----------
    user_id
        Whose rights it has.
    label
        What it is for.
    expires
        When it ends, with its zone; 400 days from now at most.

    Raises
    ------
    NotFound
        If there is no such account.
    Refused
        If the label is empty, the account disabled, or the end not within 400 days.
    """
    user, now, shown = find_user(state, user_id), state.clock(), " ".join(label.split())
    if not 0 < len(shown) <= _LABEL_SIGNS or not shown.isprintable():
        raise Refused("a key's label has 1 to {most} printable signs", most=_LABEL_SIGNS)
    if not now < expires <= now + LONGEST:
        raise Refused("a key ends between now and {days} days from now", days=LONGEST.days)
    if user.disabled:
        raise Refused("{name} is disabled; enable the account first", name=user.name)
    secret = PREFIX + new_token()
    row = {
        "secret_digest": digest(secret),
        "user_id": user_id,
        "label": shown,
        "created_at": now,
        "expires_at": expires,
    }
    with state.write() as connection:
        made = connection.execute(insert(KEYS).values(row).returning(KEYS)).one()
    return secret, _key(made)


def user_of_key(state: State, secret: str) -> User:
    """Return the account whose rights a key has.

    Raises
    ------
    SignInRefused
        If the key is unknown, has ended or was taken back, or its account is disabled.
    """
    now = state.clock()
    found = select(KEYS).join(USERS).where(KEYS.c.secret_digest == digest(secret))
    with state.read() as connection:
        row = connection.execute(found.where(~USERS.c.disabled)).one_or_none()
    if row is None or row.revoked_at is not None or now >= row.expires_at:
        raise SignInRefused(
            "this key opens nothing: it is unknown, has ended or was taken back; issue a new one"
        )
    if row.last_used is None or now - row.last_used >= _NOTE_EVERY:
        with state.write() as connection:
            connection.execute(update(KEYS).where(KEYS.c.id == row.id).values(last_used=now))
    return find_user(state, row.user_id)


def list_keys(state: State, user_id: int | None = None) -> tuple[Key, ...]:
    """Return the keys of an account, or of all, newest first."""
    wanted = select(KEYS).order_by(KEYS.c.id.desc())
    if user_id is not None:
        wanted = wanted.where(KEYS.c.user_id == user_id)
    with state.read() as connection:
        return tuple(_key(row) for row in connection.execute(wanted))


def revoke_key(state: State, key_id: int, user_id: int | None = None) -> Key:
    """Take a key back, at once; one taken back already stays as it was.

    Parameters
    ----------
    key_id
        Its number.
    user_id
        Whose it must be; an administrator leaves it out.

    Raises
    ------
    NotFound
        If there is no such key, or it is another's.
    """
    here = KEYS.c.id == key_id
    if user_id is not None:
        here &= KEYS.c.user_id == user_id
    with state.write() as connection:
        still = here & KEYS.c.revoked_at.is_(None)
        connection.execute(update(KEYS).where(still).values(revoked_at=state.clock()))
        row = connection.execute(select(KEYS).where(here)).one_or_none()
    if row is None:
        raise NotFound(
            "there is no key {number}; `ballast users keys list` lists them", number=key_id
        )
    return _key(row)


def _key(row: Row[tuple[object, ...]]) -> Key:
    return Key(
        id=row.id,
        user_id=row.user_id,
        label=row.label,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used=row.last_used,
        revoked_at=row.revoked_at,
    )
