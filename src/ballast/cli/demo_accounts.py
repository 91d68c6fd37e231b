"""One account of each role in the demo's home, so that every role can be looked at.

Passwords are made up anew with every demo and printed once: a password that
stands in a README would open every home that was ever tried out on a network.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.portal.consent import consenting
from ballast.state.passwords import make_up
from ballast.state.store import State
from ballast.state.users import add_user, change_user, enable_user, set_password, user_named
from ballast.terms.label import Label, Language
from ballast.terms.role import Role
from ballast.terms.viewer import Viewer

__all__ = ["Account", "demo_accounts", "enterprise_account"]

_DISPLAYS = {
    Role.ANALYST: Label("样例分析人员", "Sample analyst"),
    Role.OPERATOR: Label("样例集群运营方", "Sample cluster operator"),
    Role.ENTERPRISE: Label("样例企业", "Sample enterprise"),
    Role.ADMINISTRATOR: Label("样例管理员", "Sample administrator"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the demo, with the password that opens it this time.

    Parameters
    ----------
    role
        What it is; also its name.
    name
        How it signs in.
    password
        Made up just now; nowhere kept but as a hash.
    """

    role: Role
    name: str
    password: str

    def __repr__(self) -> str:
        """Return it without the password: a traceback or a log may show this."""
        return f"Account({self.name})"


def demo_accounts(
    lake: Lake, viewer: Viewer, language: Language, *, cluster: str
) -> tuple[Account, ...]:
    """Make the demo's accounts, or give them new passwords.

    Parameters
    ----------
    lake
        Of the home that holds the sample.
    viewer
        Who may read it.
    language
        In which the portal greets them.
    cluster
        Key of the cluster that the operator runs and the enterprise belongs to.

    Returns
    -------
    tuple of Account
        The analyst first.
    """
    uscc = _largest(lake, viewer, cluster)
    with State(lake.home.path, lake.clock) as state:
        return tuple(
            _account(
                state,
                role,
                language,
                name=role.value,
                display=_DISPLAYS[role].text(language),
                enterprises=(uscc,) if role is Role.ENTERPRISE else (),
                clusters=(cluster,) if role is Role.OPERATOR else (),
            )
            for role in _DISPLAYS
        )


def enterprise_account(
    state: State, name: str, display: str, language: Language, uscc: str
) -> Account:
    """Make an account of an enterprise's own people, or give it a new password.

    Parameters
    ----------
    state
        Of the home.
    name, display
        How it signs in, and how it is called.
    language
        In which the portal greets it.
    uscc
        The enterprise.
    """
    return _account(
        state,
        Role.ENTERPRISE,
        language,
        name=name,
        display=display,
        enterprises=(uscc,),
        clusters=(),
    )


def _account(
    state: State,
    role: Role,
    language: Language,
    *,
    name: str,
    display: str,
    enterprises: tuple[str, ...],
    clusters: tuple[str, ...],
) -> Account:
    password = make_up()
    try:
        user = user_named(state, name)
    except NotFound:
        add_user(
            state,
            name,
            role=role,
            display=display,
            enterprises=enterprises,
            clusters=clusters,
            language=language,
            password=password,
        )
        return Account(role, name, password)
    change_user(
        state,
        user.id,
        display=display,
        role=role,
        enterprises=enterprises,
        clusters=clusters,
        language=language,
    )
    if user.disabled:
        enable_user(state, user.id)
    set_password(state, user.id, password)
    return Account(role, name, password)


def _largest(lake: Lake, viewer: Viewer, cluster: str) -> str:
    """Return the enterprise of a cluster with the most revenue, of those that share figures."""
    members = consenting(lake, frozenset({cluster}), lake.clock().date())[cluster]
    rows = lake.read("enterprise_period", viewer)
    sums = (
        rows.filter(rows.uscc.isin(sorted(members)))
        .group_by("uscc")
        .aggregate(revenue=rows.revenue_1e4_cny.sum())
    )
    found = lake.engine.collect(sums).to_pylist()
    return str(max(found, key=lambda row: (row["revenue"], row["uscc"]))["uscc"])
