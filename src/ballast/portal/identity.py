"""Who asks: the account behind a request, and what it may read.

Found once for each request, from a session's cookie or from a key, and kept
with the request; inside an interactive page, which lives longer than its
request, the session is looked up again whenever the page asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from nicegui import ui
from starlette.requests import HTTPConnection

from ballast.errors import NotPermitted, SignInRefused
from ballast.portal.context import PortalContext, context_of
from ballast.portal.formtoken import cookie_name
from ballast.portal.language import language_of
from ballast.state.audit import record
from ballast.state.keys import user_of_key
from ballast.state.sessions import Session, session_of
from ballast.state.users import User, find_user
from ballast.terms.label import Language
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, Viewer, viewer_for

__all__ = [
    "Identity",
    "address_of",
    "audited",
    "current",
    "identify",
    "identity_of",
    "require",
    "session_cookie",
    "token_of",
]

How = Literal["nobody", "session", "key"]

_LONGEST_TOKEN = 512
"""Characters: longer than any token that was ever given out."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks.

    Parameters
    ----------
    user
        The account; ``None`` for somebody who has not signed in.
    viewer
        What may be read of the lake; for an operator the codes that consented are worked out.
    csrf
        What an unsafe request by this session must carry; ``None`` without a session.
    language
        In which language to answer.
    how
        By what the account was known.
    address
        Where the request came from, for the audit trail.
    context
        The portal that was asked.
    """

    user: User | None
    viewer: Viewer
    csrf: str | None
    language: Language
    how: How = "nobody"
    address: str = ""
    context: PortalContext | None = field(default=None, repr=False, compare=False)

    @property
    def role(self) -> Role:
        """What the account is to the house."""
        return self.viewer.role


def session_cookie(context: PortalContext) -> str:
    """Return the name of the cookie that holds the session's token; each home has its own."""
    return cookie_name(context, "session")


def address_of(request: HTTPConnection) -> str:
    """Return where a request came from."""
    return request.client.host if request.client else ""


def identify(request: HTTPConnection, *, by_key: bool, used: bool = True) -> Identity:
    """Find out who asks; reads the state, so call it off the event loop.

    Parameters
    ----------
    request
        A request or a websocket.
    by_key
        Whether this address may be opened by a key.
    used
        Whether somebody does something; an open page that only says that it is there does not
        keep its session from going idle.

    Raises
    ------
    SignInRefused
        If a key is given that opens nothing: an answer to nobody would hide that.
    """
    context = context_of(request)
    authorization = request.headers.get("authorization", "")
    if by_key and authorization:
        user = user_of_key(context.state, _bearer(authorization))
        return _identity(request, context, user, None, "key")
    if (session := _session(request, context, used=used)) is not None:
        user = find_user(context.state, session.user_id)
        return _identity(request, context, user, session.csrf, "session")
    return _identity(request, context, None, None, "nobody")


def identity_of(request: HTTPConnection) -> Identity:
    """Return who asks, as found when the request came in."""
    found = request.scope["state"]["identity"]
    assert isinstance(found, Identity)  # noqa: S101  set by the door, which every request passes
    return found


def current() -> Identity:
    """Return who looks at the interactive page that is being built or answered.

    Raises
    ------
    SignInRefused
        If the session has ended since the page was opened.
    """
    request = ui.context.client.request
    opened = identity_of(request)
    context = context_of(request)
    if opened.how == "session" and _session(request, context, used=False) is None:
        raise SignInRefused("your session has ended; sign in again")
    return opened


def require(identity: Identity, *roles: Role) -> None:
    """Refuse whoever has none of some roles.

    Raises
    ------
    NotPermitted
        Naming nothing but that it is not open to this account.
    """
    if identity.role not in roles:
        raise NotPermitted("this is not open to your account; ask the administrator of the portal")


def audited(identity: Identity, what: str, count: int, action: str = "read") -> None:
    """Write down that somebody saw unit data; call it off the event loop, before answering.

    Parameters
    ----------
    identity
        Who.
    what
        Which table, page or file, with its filters.
    count
        How many enterprises' rows.
    action
        What was done with it: ``read``, ``download``.
    """
    context = identity.context
    if context is None:
        raise ValueError("an identity without its portal cannot be audited")
    record(
        context.state,
        at=context.clock(),
        who=identity.viewer.name,
        role=identity.role,
        action=action,
        what=what,
        count=count,
        address=identity.address,
    )


def token_of(request: HTTPConnection, context: PortalContext) -> str:
    """Return the session's token that a browser brought; empty where it brought none."""
    token = request.cookies.get(session_cookie(context), "")
    return token if len(token) <= _LONGEST_TOKEN else ""


def _session(request: HTTPConnection, context: PortalContext, *, used: bool) -> Session | None:
    token = token_of(request, context)
    return session_of(context.state, token, used=used) if token else None


def _bearer(authorization: str) -> str:
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or len(secret) > _LONGEST_TOKEN:
        raise SignInRefused("send a key as `Authorization: Bearer bk_…`, or none")
    return secret.strip()


def _identity(
    request: HTTPConnection,
    context: PortalContext,
    user: User | None,
    csrf: str | None,
    how: How,
) -> Identity:
    return Identity(
        user=user,
        viewer=PUBLIC if user is None else _viewer(request, user),
        csrf=csrf,
        language=language_of(request, user.language if user else None),
        how=how,
        address=address_of(request),
        context=context,
    )


def _viewer(request: HTTPConnection, user: User) -> Viewer:
    codes = user.enterprises
    if user.role is Role.OPERATOR:
        codes = request.scope["state"]["consent"].enterprises(user.clusters)
    return viewer_for(user.role, user.name, frozenset(codes), frozenset(user.clusters))
