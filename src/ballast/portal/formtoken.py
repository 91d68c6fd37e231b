"""The token of a form that somebody fills in before signing in.

There is no session yet to keep a token with, and making one for everybody who
looks at the page would fill the state. So a random cookie is set, and the form
carries its signature: another site can neither read the one nor make the other.
Without this, somebody could be signed in to a stranger's account unawares.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from starlette.requests import HTTPConnection
from starlette.responses import Response

from ballast.portal.context import PortalContext

__all__ = [
    "cookie_name",
    "expected_tokens",
    "form_token",
    "home_mark",
    "portal_folder",
    "portal_secret",
    "set_form_cookie",
    "signed",
]

_SECRET_BYTES = 32
_LONGEST_COOKIE = 64


def portal_folder(context: PortalContext) -> Path:
    """Return the portal's own folder of the home, made where there is none."""
    folder = context.lake.home.path / "portal"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def portal_secret(context: PortalContext) -> str:
    """Return what the portal signs with, the same for all its processes and after a restart."""
    return _secret(portal_folder(context) / "secret")


@lru_cache(maxsize=8)
def _secret(path: Path) -> str:
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_SECRET_BYTES))
    try:
        os.link(made, path)  # of two processes that start together, one secret stands
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_text(encoding="ascii").strip()


def signed(context: PortalContext, purpose: str, value: str) -> str:
    """Return the signature of a value for one purpose."""
    return _signature(portal_secret(context), purpose, value)


def _signature(secret: str, purpose: str, value: str) -> str:
    return hmac.new(secret.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def cookie_name(context: PortalContext, what: str) -> str:
    """Return the name of one of the portal's cookies, of which no other home has the same.

    A browser keeps cookies by host and not by port, so the portals of two homes on one machine
    would overwrite each other's: whoever signs in to the second would be signed out of the first.

    With ``__Host-`` a browser takes it from this very host by TLS alone, for the whole host:
    nothing beside the portal can plant one.

    Parameters
    ----------
    context
        Whose home.
    what
        ``session``, ``pages``, ``form``.
    """
    name = f"ballast-{what}-{home_mark(portal_folder(context))}"
    return f"__Host-{name}" if context.secure_cookies else name


def home_mark(folder: Path) -> str:
    """Return what stands in the names of a home's cookies; it stays when the home is moved.

    Parameters
    ----------
    folder
        The portal's own folder of the home.
    """
    return _signature(_secret(folder / "secret"), "cookie", "name")[:8]


def form_token(request: HTTPConnection, context: PortalContext) -> tuple[str, str]:
    """Return what the form carries, and the value of the cookie that belongs to it."""
    value = _cookie(request, context) or secrets.token_urlsafe(24)
    return signed(context, "form", value), value


def set_form_cookie(response: Response, context: PortalContext, value: str) -> None:
    """Put the cookie of a form into an answer."""
    response.set_cookie(
        cookie_name(context, "form"),
        value,
        httponly=True,
        secure=context.secure_cookies,
        samesite="lax",
        path="/",
    )


def expected_tokens(
    request: HTTPConnection, context: PortalContext, csrf: str | None
) -> tuple[str, ...]:
    """Return the tokens that an unsafe request may carry.

    Its session's alone where it has one: without TLS a neighbouring host could plant the cookie
    of a form. The sign-in takes the form's too, which may have been opened before the session.
    """
    value = _cookie(request, context)
    form = (signed(context, "form", value),) if value else ()
    if csrf is None:
        return form
    return (csrf, *form) if request.url.path == "/signin" else (csrf,)


def _cookie(request: HTTPConnection, context: PortalContext) -> str:
    value = request.cookies.get(cookie_name(context, "form"), "")
    return value if len(value) <= _LONGEST_COOKIE else ""
