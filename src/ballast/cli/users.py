"""``users``: the accounts of a home, their passwords and keys.

A password is asked on the terminal or read from standard input, never taken
as an argument: arguments stand in the history of the shell and in the list
of processes. What is generated goes to standard output alone, once.
"""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from ballast.cli.context import FormatOption, HomeOption, language, settings, tell, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.errors import Refused, WrongUsage
from ballast.lake.home import open_home
from ballast.state import audit, keys, passwords
from ballast.state import users as accounts
from ballast.state.store import State
from ballast.terms.role import ROLE_LABELS, Role
from ballast.words import say

users = typer.Typer(
    help="The accounts of a home, their passwords and keys.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
users_keys = typer.Typer(
    help="Keys for programs: each has the rights of its account.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
users.add_typer(users_keys, name="keys")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account.")]
RoleOption = Annotated[Role | None, typer.Option("--role", help="What the person is to the house.")]
DisplayOption = Annotated[
    str | None, typer.Option("--display", help="The person's name.", show_default=False)
]
EnterprisesOption = Annotated[
    list[str] | None,
    typer.Option("--enterprise", help="Code of an enterprise of its own; role enterprise."),
]
ClustersOption = Annotated[
    list[str] | None, typer.Option("--cluster", help="Key of a cluster it runs; role operator.")
]
LanguageOption = Annotated[
    str | None, typer.Option("--language", help="Language of its pages: zh or en.")
]
GenerateOption = Annotated[
    bool, typer.Option("--generate", help="Make a password up and print it, once.")
]


@users.command("list")
def list_(home: HomeOption = None, form: FormatOption = Format.TABLE) -> None:
    """List the accounts."""
    words = language()
    with _state(home) as state:
        found = accounts.list_users(state)
    rows = [
        {
            "name": user.name,
            "display": user.display,
            "role": ROLE_LABELS[user.role].text(words) if form is Format.TABLE else user.role.value,
            "enterprises": ", ".join(sorted(user.enterprises)),
            "clusters": ", ".join(sorted(user.clusters)),
            "disabled": user.disabled,
            "language": user.language,
            "created_at": user.created_at,
        }
        for user in found
    ]
    shown = [
        Shown("name", say("account", words)),
        Shown("display", say("person", words)),
        Shown("role", say("role", words)),
        Shown("enterprises", say("enterprise codes", words)),
        Shown("clusters", say("clusters", words)),
        Shown("disabled", say("disabled", words)),
        Shown("language", say("language", words)),
        Shown("created_at", say("made", words)),
    ]
    print_rows(pl.DataFrame(rows, schema=[one.name for one in shown]), shown, form, words)


@users.command()
def add(
    name: NameArgument,
    role: Annotated[Role, typer.Option("--role", help="What the person is to the house.")],
    display: DisplayOption = None,
    enterprise: EnterprisesOption = None,
    cluster: ClustersOption = None,
    tongue: LanguageOption = None,
    generate: GenerateOption = False,
    no_password: Annotated[
        bool,
        typer.Option("--no-password", help="Let only the organisation's sign-in or a key open it."),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Make an account; its password is asked, or read from standard input."""
    if generate and no_password:
        raise WrongUsage("--generate and --no-password do not go together")
    with _state(home) as state:
        password = None if no_password else _password(name, generate=generate)
        made = accounts.add_user(
            state,
            name,
            role=role,
            display=display or "",
            enterprises=enterprise or (),
            clusters=cluster or (),
            language=accounts.language_of(tongue or language()),
            password=password,
        )
        _note(state, "user-add", f"{made.name}, {made.role.value}")
    tell("{name}: made, role {role}", name=made.name, role=ROLE_LABELS[made.role])
    if generate:
        _show_once(made.name, password)


@users.command()
def change(
    name: NameArgument,
    role: RoleOption = None,
    display: DisplayOption = None,
    enterprise: EnterprisesOption = None,
    cluster: ClustersOption = None,
    tongue: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Change an account; what is left out stays, except codes that a new role has no use for."""
    with _state(home) as state:
        before = accounts.user_named(state, name)
        new = before.role if role is None else role
        after = accounts.change_user(
            state,
            before.id,
            display=display,
            role=role,
            enterprises=enterprise or (None if new is Role.ENTERPRISE else ()),
            clusters=cluster or (None if new is Role.OPERATOR else ()),
            language=None if tongue is None else accounts.language_of(tongue),
        )
        _note(state, "user-change", f"{after.name}, {after.role.value}")
    tell("{name}: changed, role {role}", name=after.name, role=ROLE_LABELS[after.role])


@users.command()
def password(name: NameArgument, generate: GenerateOption = False, home: HomeOption = None) -> None:
    """Give an account a new password; it is asked, or read from standard input."""
    with _state(home) as state:
        user = accounts.user_named(state, name)
        new = _password(user.name, generate=generate)
        accounts.set_password(state, user.id, new)
        _note(state, "user-password", user.name)
    tell("{name}: the password is new, and every session has ended", name=user.name)
    if generate:
        _show_once(user.name, new)


@users.command()
def disable(name: NameArgument, home: HomeOption = None) -> None:
    """Shut an account out at once, with its sessions and keys."""
    with _state(home) as state:
        user = accounts.disable_user(state, accounts.user_named(state, name).id)
        _note(state, "user-disable", user.name)
    tell("{name}: disabled, and every session has ended", name=user.name)


@users.command()
def enable(name: NameArgument, home: HomeOption = None) -> None:
    """Let an account in again."""
    with _state(home) as state:
        user = accounts.enable_user(state, accounts.user_named(state, name).id)
        _note(state, "user-enable", user.name)
    tell("{name}: enabled", name=user.name)


@users_keys.command("list")
def list_keys(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Of one account alone.")
    ] = None,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List keys; their secrets are kept nowhere."""
    words = language()
    with _state(home) as state:
        owners = {user.id: user.name for user in accounts.list_users(state)}
        one = None if name is None else accounts.user_named(state, name).id
        found = keys.list_keys(state, one)
    rows = [
        {
            "key": key.id,
            "name": owners[key.user_id],
            "label": key.label,
            "expires_at": key.expires_at,
            "last_used": key.last_used,
            "revoked_at": key.revoked_at,
        }
        for key in found
    ]
    shown = [
        Shown("key", say("key", words), 0),
        Shown("name", say("account", words)),
        Shown("label", say("label", words)),
        Shown("expires_at", say("ends", words)),
        Shown("last_used", say("last used", words)),
        Shown("revoked_at", say("taken back", words)),
    ]
    print_rows(pl.DataFrame(rows, schema=[one.name for one in shown]), shown, form, words)


@users_keys.command("issue")
def issue_key(
    name: NameArgument,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="What the key is for.")],
    days: Annotated[int, typer.Option("--days", min=1, help="How long it opens.")] = 90,
    home: HomeOption = None,
) -> None:
    """Make a key and print its secret, once."""
    with _state(home) as state:
        user = accounts.user_named(state, name)
        ends = _now() + timedelta(days=min(days, 10 * keys.LONGEST.days))
        secret, key = keys.issue_key(state, user.id, label, ends)
        _note(state, "key-issue", f"{user.name}, {key.label}")
    tell(
        "the key “{label}” of {name}, shown this once; it ends on {day}:",
        label=key.label,
        name=user.name,
        day=key.expires_at.date(),
    )
    typer.echo(secret)


@users_keys.command("revoke")
def revoke_key(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the key.")],
    home: HomeOption = None,
) -> None:
    """Take a key back at once."""
    with _state(home) as state:
        key = keys.revoke_key(state, number)
        _note(state, "key-revoke", f"{accounts.find_user(state, key.user_id).name}, {key.label}")
    tell("key {number} “{label}” was taken back", number=key.id, label=key.label)


def _now() -> datetime:
    return datetime.now(UTC)


def _state(home: Path | None) -> State:
    return State(open_home(home or settings().home).path, _now)


def _note(state: State, action: str, what: str) -> None:
    """Record in the audit trail what was done at the command line."""
    asked = viewer()
    audit.record(state, _now(), asked.name, asked.role, action, what, 1, "command line")


def _password(name: str, *, generate: bool) -> str:
    if generate:
        return passwords.make_up()
    words = language()
    if sys.stdin.isatty():
        first = getpass.getpass(say("password of {name}: ", words, name=name))
        if getpass.getpass(say("the same again: ", words)) != first:
            raise Refused("the two passwords differ; nothing was changed")
        return first
    try:
        given = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused("the password holds signs that are no text; type it anew") from None
    if not given:
        raise WrongUsage(
            "standard input holds no password; write it as one line, or use --generate"
        )
    return given


def _show_once(name: str, password: str | None) -> None:
    tell("the password of {name}, shown this once:", name=name)
    typer.echo(password)
