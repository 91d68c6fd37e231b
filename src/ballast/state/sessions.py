"""Sessions: a random token in the cookie, its digest here.

Not a signed cookie: that one cannot be ended from this side, and a sign-out,
a new password and a disabled account must end sessions at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from ballast.state.schema import SESSIONS, USERS
from ballast.state.store import State
from ballast.state.tokens import derived, digest, new_token

LIFETIME = timedelta(hours=12)
IDLE = timedelta(minutes=60)
_NOTE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in that stands.

    Parameters
    ----------
    id
        Its number.
    user_id
        Whose it is.
    csrf
        The token that unsafe requests must bring; it follows from the cookie's.
    opened_at, last_seen, expires_at
        UTC; ``last_seen`` is noted at most once a minute.
    """

    id: int
    user_id: int
    csrf: str
    opened_at: datetime
    last_seen: datetime
    expires_at: datetime


def open_session(state: State, user_id: int, lifetime: timedelta = LIFETIME) -> tuple[str, Session]:
    """Open a session of an account and return its token, which is kept nowhere, with it.

    Parameters
    ----------
    user_id
        An account that has just shown who it is.
    lifetime
        How long it stands at most; it ends earlier after an idle hour.
    """
    token, now = new_token(), state.clock()
    row = {
        "token_digest": digest(token),
        "user_id": user_id,
        "opened_at": now,
        "last_seen": now,
        "expires_at": now + lifetime,
    }
    with state.write() as connection:
        ended = (SESSIONS.c.expires_at <= now) | (SESSIONS.c.last_seen <= now - IDLE)
        connection.execute(delete(SESSIONS).where(ended))
        made = connection.execute(
            insert(SESSIONS).values(row).returning(SESSIONS.c.id)
        ).scalar_one()
    return token, Session(
        id=made,
        user_id=user_id,
        csrf=_csrf(token),
        opened_at=now,
        last_seen=now,
        expires_at=now + lifetime,
    )


def session_of(state: State, token: str, *, used: bool = True) -> Session | None:
    """Return the session of a token, or nothing: unknown, ended, idle, its account disabled.

    Parameters
    ----------
    token
        What the browser brought.
    used
        Whether somebody does something with it; a page that only stays open does not, and
        its session goes idle.
    """
    now = state.clock()
    found = select(SESSIONS).join(USERS).where(SESSIONS.c.token_digest == digest(token))
    with state.read() as connection:
        row = connection.execute(found.where(~USERS.c.disabled)).one_or_none()
    if row is None or now >= row.expires_at or now - row.last_seen >= IDLE:
        return None
    seen = row.last_seen
    if used and now - seen >= _NOTE_EVERY:
        with state.write() as connection:
            here = (SESSIONS.c.id == row.id) & (SESSIONS.c.last_seen < now)
            connection.execute(update(SESSIONS).where(here).values(last_seen=now))
        seen = now
    return Session(
        id=row.id,
        user_id=row.user_id,
        csrf=_csrf(token),
        opened_at=row.opened_at,
        last_seen=seen,
        expires_at=row.expires_at,
    )


def close_session(state: State, token: str) -> None:
    """End the session of a token; a token that opens none is no error."""
    with state.write() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.token_digest == digest(token)))


def close_all(state: State, user_id: int) -> int:
    """End every session of an account and return how many there were."""
    with state.write() as connection:
        return connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id)).rowcount


def _csrf(token: str) -> str:
    return derived(token, "csrf")
