"""What the portal was started with: plain values, handed down once and never changed.

A module of its own because every page needs it and the application needs every
page: were it declared beside ``create_app``, the two would import each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.state.store import State

__all__ = ["OidcSettings", "PortalContext", "context_of"]


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """The provider of an organisation's accounts (OpenID Connect).

    Parameters
    ----------
    issuer
        Its address; ``<issuer>/.well-known/openid-configuration`` describes it.
    client_id
        What the provider calls this portal.
    client_secret_file
        A file that holds the secret, and nothing else; ``None`` for a public client.
    email_domains
        The administrator's declaration that an address in one of these domains names the user of
        the same name: ``li@bureau.example.cn`` may then sign in as the user
        ``li@bureau.example.cn``, if the provider says that the address is verified. Empty: only
        users with issuer and subject on file sign in.
    """

    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    email_domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PortalContext:
    """What the portal was started with.

    Parameters
    ----------
    lake, state
        Where facts and what people edit are kept.
    region
        Code of the region that the home is about.
    base_url
        How browsers reach the portal, ``https://brain.example.cn``; requests to another host are
        refused.
    secure_cookies
        Whether cookies travel by TLS only: yes wherever ``base_url`` is https.
    oidc
        The organisation's accounts, where there are any.
    clock
        Tells the time, with its zone.
    wall_refresh_seconds
        Seconds after which a page on a wall is drawn again.
    contact
        Whom to ask, as the operator of the home wants it shown; empty where nobody is named.
    node_url
        Where people reach the home's identifier node; empty where it has none, or nobody has said.
    """

    lake: Lake
    state: State
    region: str
    base_url: str
    secure_cookies: bool
    oidc: OidcSettings | None
    clock: Callable[[], datetime]
    wall_refresh_seconds: int = 300
    contact: str = ""
    node_url: str = ""
    host: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Refuse an address that browsers could not use."""
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise WrongUsage(
                "{url}: the portal's address is http:// or https://, a host and perhaps a port",
                url=self.base_url,
            )
        object.__setattr__(self, "host", parts.hostname)

    def address(self, path: str) -> str:
        """Return the whole address of one of the portal's paths."""
        return self.base_url.rstrip("/") + path


def context_of(request: HTTPConnection) -> PortalContext:
    """Return the context of the portal that answers a request, also inside an interactive page."""
    found = request.scope["state"]["context"]
    assert isinstance(found, PortalContext)  # noqa: S101  set by the outermost layer
    return found
