"""Lock-out: five wrong tries of a name within a quarter of an hour, then a quarter of rest.

By name and not by address: a guesser has many addresses, and an office has
one. Tries are kept under a digest of the name, because people type their
password into the wrong field. A name that does not exist is counted too, or
the lock would tell which ones do.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from ballast.state.schema import TRIES

WITHIN = timedelta(minutes=15)
LOCKED = timedelta(minutes=15)
MOST = 5


def count_try(connection: Connection, name: str, now: datetime) -> bool:
    """Count a try of a name as wrong; return whether it may be made at all.

    Parameters
    ----------
    connection
        In a write transaction.
    name
        In the spelling of accounts.
    now
        The moment of the try.

    Returns
    -------
    bool
        Whether the name is not locked out; a try refused here is not counted,
        so that a lock ends by itself.
    """
    connection.execute(delete(TRIES).where(TRIES.c.at < now - WITHIN - LOCKED))
    mine = TRIES.c.name_digest == _digest(name)
    wanted = select(TRIES.c.at).where(mine).order_by(TRIES.c.at.desc()).limit(MOST)
    last = list(connection.execute(wanted).scalars())
    if len(last) == MOST and last[0] - last[-1] < WITHIN and now < last[0] + LOCKED:
        return False
    connection.execute(insert(TRIES).values(name_digest=_digest(name), at=now))
    return True


def forget(connection: Connection, name: str) -> None:
    """Forget the tries of a name: it came in, or an administrator lets it."""
    connection.execute(delete(TRIES).where(TRIES.c.name_digest == _digest(name)))


def _digest(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
