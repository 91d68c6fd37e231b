"""Accounts: who they are, what they are to the house, whose data are theirs.

An account is never deleted, only disabled: the audit trail and the ledger
name it. Names are kept in one spelling (NFKC, lower case), so that Zhao and
zhao are not two people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, delete, func, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from ballast.errors import Refused, SignInRefused
from ballast.state import lockout, passwords
from ballast.state.account import (
    User,
    language_of,
    read_all,
    read_one,
    row_of,
    spelling,
    write_codes,
)
from ballast.state.schema import SESSIONS, USER_SUBJECTS, USERS
from ballast.state.store import State
from ballast.state.texts import storable
from ballast.terms.enterprise_code import parse_uscc
from ballast.terms.label import Language
from ballast.terms.role import Role

__all__ = [
    "User",
    "add_user",
    "change_user",
    "disable_user",
    "enable_user",
    "find_user",
    "language_of",
    "link_subject",
    "list_users",
    "set_password",
    "spelling",
    "user_named",
    "user_of_subject",
    "verify_password",
]

_NAME = re.compile(r"\w[\w.@+-]{0,63}")
_RESERVED = {"public"}  # the name of the viewer who did not sign in
_LONGEST = 200


def add_user(
    state: State,
    name: str,
    *,
    role: Role,
    display: str = "",
    enterprises: Iterable[str] = (),
    clusters: Iterable[str] = (),
    language: Language = "zh",
    password: str | None = None,
) -> User:
    """Make an account.

    Parameters
    ----------
    name
        How it signs in: letters of any script, digits, and ``.@+-_``.
    display
        The person's name; the account's where empty.
    enterprises, clusters
        Whose data are its own; they go with role enterprise, and operator.
    password
        Without one, only an organisation's sign-in (OpenID Connect) or a key opens it.

    Raises
    ------
    Refused
        If the name is taken or cannot be one, or codes do not go with the role.
    InvalidTerm
        If an enterprise's code is not one.
    """
    spelled = spelling(name)
    if not _NAME.fullmatch(spelled) or spelled in _RESERVED:
        raise Refused(
            "“{name}” cannot be the name of an account; use letters, digits and . @ + - _, "
            "64 at most",
            name=storable(name),
        )
    user = User(
        id=0,
        name=spelled,
        display=_display(display or name),
        role=role,
        enterprises=frozenset(enterprises),
        clusters=frozenset(clusters),
        disabled=False,
        created_at=state.clock(),
        language=language_of(language),
    )
    _check(user)
    hashed = None
    if password is not None:
        passwords.check_strength(password, spelled, user.display)
        hashed = passwords.hash_password(password)
    with state.write() as connection:
        try:
            row = row_of(user) | {"password_hash": hashed}
            made = connection.execute(insert(USERS).values(row).returning(USERS.c.id)).scalar_one()
        except IntegrityError:
            raise Refused("there is an account {name} already", name=spelled) from None
        user = replace(user, id=made)
        write_codes(connection, user)
    return user


def find_user(state: State, user_id: int) -> User:
    """Return the account of a number.

    Raises
    ------
    NotFound
        If there is none.
    """
    with state.read() as connection:
        return read_one(connection, USERS.c.id == user_id, str(user_id))


def user_named(state: State, name: str) -> User:
    """Return the account of a name, however it is spelled.

    Raises
    ------
    NotFound
        If there is none.
    """
    with state.read() as connection:
        return read_one(connection, USERS.c.name == spelling(name), name)


def list_users(state: State) -> tuple[User, ...]:
    """Return every account, by name."""
    with state.read() as connection:
        return read_all(connection, true())


def change_user(
    state: State,
    user_id: int,
    *,
    display: str | None = None,
    role: Role | None = None,
    enterprises: Iterable[str] | None = None,
    clusters: Iterable[str] | None = None,
    language: Language | None = None,
) -> User:
    """Change an account; what is left out stays. Rights change with the next request.

    Raises
    ------
    NotFound
        If there is no such account.
    Refused
        If codes do not go with the role, or no administrator would be left.
    """
    with state.write() as connection:
        before = read_one(connection, USERS.c.id == user_id, str(user_id))
        after = replace(
            before,
            display=before.display if display is None else _display(display),
            role=before.role if role is None else role,
            enterprises=before.enterprises if enterprises is None else frozenset(enterprises),
            clusters=before.clusters if clusters is None else frozenset(clusters),
            language=before.language if language is None else language_of(language),
        )
        _check(after)
        connection.execute(update(USERS).where(USERS.c.id == user_id).values(row_of(after)))
        write_codes(connection, after)
        if before.role is Role.ADMINISTRATOR and not before.disabled:
            _keep_an_administrator(connection)
    return after


def disable_user(state: State, user_id: int) -> User:
    """Shut an account out, at once: its sessions end and its keys open nothing.

    Raises
    ------
    NotFound
        If there is no such account.
    Refused
        If it is the last administrator.
    """
    with state.write() as connection:
        before = read_one(connection, USERS.c.id == user_id, str(user_id))
        connection.execute(update(USERS).where(USERS.c.id == user_id).values(disabled=True))
        connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id))
        if before.role is Role.ADMINISTRATOR and not before.disabled:
            _keep_an_administrator(connection)
    return replace(before, disabled=True)


def enable_user(state: State, user_id: int) -> User:
    """Let an account in again; its keys open again too.

    Raises
    ------
    NotFound
        If there is no such account.
    """
    with state.write() as connection:
        before = read_one(connection, USERS.c.id == user_id, str(user_id))
        connection.execute(update(USERS).where(USERS.c.id == user_id).values(disabled=False))
        lockout.forget(connection, before.name)
    return replace(before, disabled=False)


def set_password(state: State, user_id: int, password: str) -> None:
    """Give an account a password; its sessions end and a lock-out is lifted.

    Raises
    ------
    NotFound
        If there is no such account.
    Refused
        If the password may not be used.
    """
    user = find_user(state, user_id)
    passwords.check_strength(password, user.name, user.display)
    hashed = passwords.hash_password(password)
    with state.write() as connection:
        connection.execute(update(USERS).where(USERS.c.id == user_id).values(password_hash=hashed))
        connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id))
        lockout.forget(connection, user.name)


def verify_password(state: State, name: str, password: str) -> User:
    """Return the account that a name and a password open.

    An unknown name takes the time of a known one and is locked out like one.
    A try counts as wrong before it is looked at, so that many at once get no
    more of them than one after the other.

    Raises
    ------
    SignInRefused
        If they open none, or the name is locked out; the message is the same.
    """
    spelled = spelling(name)
    with passwords.AT_ONCE:
        now = state.clock()
        with state.write() as connection:
            allowed = lockout.count_try(connection, spelled, now)
        if not allowed:
            raise _refused()
        with state.read() as connection:
            wanted = select(USERS.c.id, USERS.c.password_hash, USERS.c.disabled)
            row = connection.execute(wanted.where(USERS.c.name == spelled)).one_or_none()
        stored = None if row is None else row.password_hash
        right = passwords.is_right(stored, password)
        if row is None or stored is None or not right or row.disabled:
            raise _refused()
        with state.write() as connection:
            # Before the next one may try: a crowd that knows the password is no guesser.
            lockout.forget(connection, spelled)
    if passwords.is_outdated(stored):
        newer = passwords.hash_password(password)
        # Not over a password that was changed meanwhile.
        same = (USERS.c.id == row.id) & (USERS.c.password_hash == stored)
        with state.write() as connection:
            connection.execute(update(USERS).where(same).values(password_hash=newer))
    return find_user(state, row.id)


def user_of_subject(state: State, issuer: str, subject: str) -> User | None:
    """Return the account that an organisation's sign-in opens, or nothing if it knows none.

    Parameters
    ----------
    issuer, subject
        ``iss`` and ``sub`` of the identity token, as they stand in it.

    Raises
    ------
    SignInRefused
        If the account is disabled.
    """
    here = (USER_SUBJECTS.c.issuer == issuer) & (USER_SUBJECTS.c.subject == subject)
    with state.read() as connection:
        user_id = connection.execute(select(USER_SUBJECTS.c.user_id).where(here)).scalar()
        if user_id is None:
            return None
        user = read_one(connection, USERS.c.id == user_id, str(user_id))
    if user.disabled:
        raise _refused()
    return user


def link_subject(state: State, user_id: int, issuer: str, subject: str) -> None:
    """Let an organisation's sign-in open an account.

    Raises
    ------
    NotFound
        If there is no such account.
    Refused
        If that subject opens an account already.
    """
    row = {"issuer": issuer, "subject": subject, "user_id": user_id}
    with state.write() as connection:
        user = read_one(connection, USERS.c.id == user_id, str(user_id))
        try:
            connection.execute(insert(USER_SUBJECTS).values(row))
        except IntegrityError:
            raise Refused(
                "{subject} of {issuer} opens an account already; it cannot open {name} too",
                subject=subject,
                issuer=issuer,
                name=user.name,
            ) from None


def _refused() -> SignInRefused:
    return SignInRefused(
        "the name or the password is wrong, or this name rests for {minutes} minutes after "
        "{tries} wrong tries; try again then, or ask an administrator",
        minutes=int(lockout.LOCKED.total_seconds() // 60),
        tries=lockout.MOST,
    )


def _display(text: str) -> str:
    shown = " ".join(text.split())
    if not shown or len(shown) > _LONGEST or not shown.isprintable():
        raise Refused("a person's name has 1 to {most} printable signs", most=_LONGEST)
    return shown


def _check(user: User) -> None:
    for code in user.enterprises:
        parse_uscc(code)
    for given, role in ((user.enterprises, Role.ENTERPRISE), (user.clusters, Role.OPERATOR)):
        if given and user.role is not role:
            raise Refused(
                "{codes}: go with the role {wanted}, and {name} has the role {role}; "
                "leave them out or change the role",
                codes=", ".join(sorted(given)),
                wanted=role.value,
                name=user.name,
                role=user.role.value,
            )
    if not all(key.strip() and key.isprintable() for key in user.clusters):
        raise Refused("a cluster's key is empty or unprintable; write that of cluster_definition")


def _keep_an_administrator(connection: Connection) -> None:
    able = (USERS.c.role == Role.ADMINISTRATOR.value) & ~USERS.c.disabled
    if not connection.execute(select(func.count()).select_from(USERS).where(able)).scalar():
        raise Refused("no administrator would be left; make another one first")
