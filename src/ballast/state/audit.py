"""The audit trail: who saw which unit data, who changed which account, when.

Append only, and the file itself refuses a change (triggers), not only this
module. Whoever may write the file past SQLite can still forge it: a home's
administrator of machines is trusted, its users are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from ballast.state.schema import AUDIT
from ballast.state.store import State
from ballast.state.texts import storable

_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail.

    Parameters
    ----------
    id
        Its number; a gap would be seen.
    at
        When, UTC.
    who, role
        The viewer's name and role at that moment.
    action
        What was done, one word: ``read``, ``export``, ``sign-in``.
    what
        To what: the table and the codes, an account.
    count
        How many units it concerned.
    address
        Whence the request came.
    """

    id: int
    at: datetime
    who: str
    role: str
    action: str
    what: str
    count: int
    address: str


def record(
    state: State,
    at: datetime,
    who: str,
    role: str,
    action: str,
    what: str,
    count: int = 0,
    address: str = "",
) -> None:
    """Append a line; it stands when this returns.

    Record before the data leave: what cannot be recorded is not shown.
    Texts longer than 2,000 signs are cut.
    """
    row = {
        "at": at,
        "who": _cut(who),
        "role": str(role),
        "action": action,
        "what": _cut(what),
        "count": count,
        "address": _cut(address),
    }
    with state.write() as connection:
        connection.execute(insert(AUDIT).values(row))


def entries(
    state: State,
    since: datetime | None = None,
    who: str | None = None,
    limit: int = 100,
    before: int | None = None,
    until: datetime | None = None,
) -> tuple[Entry, ...]:
    """Return lines of the trail, newest first.

    Parameters
    ----------
    since
        From that moment on.
    who
        Of that name alone.
    limit
        How many at most.
    before
        Only lines with a smaller number: the next page.
    until
        Before that moment.
    """
    wanted = select(AUDIT, AUDIT.c["count"].label("units")).order_by(AUDIT.c.id.desc()).limit(limit)
    if since is not None:
        wanted = wanted.where(AUDIT.c.at >= since)
    if who is not None:
        wanted = wanted.where(AUDIT.c.who == who)
    if until is not None:
        wanted = wanted.where(AUDIT.c.at < until)
    if before is not None:
        wanted = wanted.where(AUDIT.c.id < before)
    with state.read() as connection:
        return tuple(
            Entry(
                id=row.id,
                at=row.at,
                who=row.who,
                role=row.role,
                action=row.action,
                what=row.what,
                count=row.units,
                address=row.address,
            )
            for row in connection.execute(wanted)
        )


def _cut(text: str) -> str:
    return storable(text)[:_LONGEST]
