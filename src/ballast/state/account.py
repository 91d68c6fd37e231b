"""One account, and the rows it is made of.

Apart from ``users``, which says what may be done to an account: signing in
and the keys read accounts too, and this part changes with the tables alone.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select

from ballast.errors import NotFound, Refused
from ballast.state.schema import USER_CLUSTERS, USER_ENTERPRISES, USERS
from ballast.state.texts import storable
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.role import Role


@dataclass(frozen=True, slots=True)
class User:
    """One account.

    Parameters
    ----------
    id
        Its number, never given again.
    name, display
        How it signs in, and how pages call the person.
    role
        What the person is to the house.
    enterprises
        Codes of the enterprises an account of role enterprise speaks for.
    clusters
        Keys of the clusters an account of role operator runs.
    disabled
        Whether it may no longer come in.
    created_at
        When it was made, UTC.
    language
        In which language pages greet the person.
    """

    id: int
    name: str
    display: str
    role: Role
    enterprises: frozenset[str]
    clusters: frozenset[str]
    disabled: bool
    created_at: datetime
    language: Language


def spelling(name: str) -> str:
    """Return a name as it is kept.

    Examples
    --------
    >>> spelling(" Ｚｈａｏ ")
    'zhao'
    """
    folded = unicodedata.normalize("NFKC", storable(name)).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def language_of(text: str) -> Language:
    """Return a language of pages by its code.

    Raises
    ------
    Refused
        If it is none.
    """
    for language in LANGUAGES:
        if language == text:
            return language
    raise Refused("{code}: pages are in zh or en", code=text)


def read_one(connection: Connection, which: ColumnElement[bool], asked: str) -> User:
    """Return the one account that a condition finds; ``asked`` is what was looked for.

    Raises
    ------
    NotFound
        If there is none.
    """
    found = read_all(connection, which)
    if not found:
        raise NotFound("there is no account {name}; `ballast users list` lists them", name=asked)
    return found[0]


def read_all(connection: Connection, which: ColumnElement[bool]) -> tuple[User, ...]:
    """Return the accounts that a condition finds, by name."""
    rows = connection.execute(select(USERS).where(which).order_by(USERS.c.name)).all()
    single = rows[0].id if len(rows) == 1 else None
    enterprises = _codes(connection, USER_ENTERPRISES, single)
    clusters = _codes(connection, USER_CLUSTERS, single)
    return tuple(
        User(
            id=row.id,
            name=row.name,
            display=row.display,
            role=Role(row.role),
            enterprises=frozenset(enterprises[row.id]),
            clusters=frozenset(clusters[row.id]),
            disabled=row.disabled,
            created_at=row.created_at,
            language=language_of(row.language),
        )
        for row in rows
    )


def row_of(user: User) -> dict[str, object]:
    """Return an account's own row, but for its number and its password."""
    return {
        "name": user.name,
        "display": user.display,
        "role": user.role.value,
        "language": user.language,
        "disabled": user.disabled,
        "created_at": user.created_at,
    }


def write_codes(connection: Connection, user: User) -> None:
    """Put an account's codes and keys in the place of those before."""
    for table in (USER_ENTERPRISES, USER_CLUSTERS):
        connection.execute(delete(table).where(table.c.user_id == user.id))
    if user.enterprises:
        rows = [{"user_id": user.id, "enterprise": code} for code in sorted(user.enterprises)]
        connection.execute(insert(USER_ENTERPRISES), rows)
    if user.clusters:
        rows = [{"user_id": user.id, "cluster": key} for key in sorted(user.clusters)]
        connection.execute(insert(USER_CLUSTERS), rows)


def _codes(connection: Connection, table: Table, single: int | None) -> dict[int, set[str]]:
    wanted = select(table) if single is None else select(table).where(table.c.user_id == single)
    found: dict[int, set[str]] = defaultdict(set)
    for user_id, code in connection.execute(wanted):
        found[user_id].add(code)
    return found
