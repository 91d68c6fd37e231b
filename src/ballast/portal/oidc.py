"""Signing in with an organisation's account: OpenID Connect, code flow with PKCE, by Authlib.

Authlib's own way keeps state and nonce in a session of Starlette's; here they
stand in a signed cookie that lives ten minutes and holds nothing else, so that
nobody has a session before having signed in.

The provider says who somebody is; it never says what they may do, and it makes
no accounts: an account has the subject on file, or the administrator declared
that verified addresses of a domain name accounts. Everybody else is told so.
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
import warnings
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ballast.errors import NotFound, Refused, SignInRefused, WrongUsage
from ballast.portal.context import OidcSettings, PortalContext
from ballast.portal.formtoken import signed
from ballast.portal.identity import identity_of
from ballast.portal.refusal import refusal, said_of
from ballast.portal.signin import let_in, own_path
from ballast.state.users import User, link_subject, user_named, user_of_subject
from ballast.words import Sentence

__all__ = ["register"]

_log = logging.getLogger(__name__)

_LOGIN, _CALLBACK = "/oidc/login", "/oidc/callback"
_MINUTES = timedelta(minutes=10)
_SECONDS_FOR_AN_ANSWER = 10.0
# Signatures made with the provider's own key; one made with our secret, or none, proves nothing.
_SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)


class _Unsound(Exception):
    """What the provider said of itself, or of somebody, cannot be relied on."""


@dataclass(frozen=True, slots=True)
class _Errand:
    """What we must remember while somebody is at the provider."""

    state: str
    nonce: str
    verifier: str
    after: str
    until: float


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the way to the provider and back; without one, both say that there is none."""
    client = None if context.oidc is None else _client(context.oidc)

    @app.get(_LOGIN)
    async def login(request: Request) -> Response:
        if context.oidc is None or client is None:
            return _no(request, 404, Sentence("no organisation's sign-in is set up here"))
        try:
            await _metadata(client, context.oidc)
            asked = await client.create_authorization_url(context.address(_CALLBACK))
        except Exception as error:
            return _unreachable(request, error)
        after = own_path(request.query_params.get("next", "/"))
        until = (context.clock() + _MINUTES).timestamp()
        errand = _Errand(asked["state"], asked["nonce"], asked["code_verifier"], after, until)
        response = RedirectResponse(asked["url"], 303)
        response.set_cookie(
            _cookie(context),
            _packed(context, errand),
            max_age=int(_MINUTES.total_seconds()),
            path="/",
            secure=context.secure_cookies,
            httponly=True,
            samesite="lax",  # the way back is a link from the provider
        )
        return response

    @app.get(_CALLBACK)
    async def callback(request: Request) -> Response:
        if context.oidc is None or client is None:
            return _no(request, 404, Sentence("no organisation's sign-in is set up here"))
        response = await _returned(request, context, context.oidc, client)
        response.delete_cookie(
            _cookie(context), path="/", secure=context.secure_cookies, httponly=True
        )
        return response


async def _returned(
    request: Request, context: PortalContext, settings: OidcSettings, client: Any
) -> Response:
    errand = _unpacked(context, request.cookies.get(_cookie(context), ""))
    state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    if errand is None or not hmac.compare_digest(errand.state.encode(), state.encode()):
        return _no(
            request, 400, Sentence("this sign-in was not begun here, or long ago; begin again")
        )
    if request.query_params.get("error") or not code:
        return _no(request, 403, Sentence("the organisation's sign-in let nobody in; begin again"))
    try:
        await _metadata(client, settings)
    except Exception as error:
        return _unreachable(request, error)
    try:
        claims = await _claims(client, settings, errand, code, context.address(_CALLBACK))
    except Exception as error:
        _log.warning("the answer of %s is refused: %s", settings.issuer, type(error).__name__)
        why = Sentence("the answer of the organisation's sign-in cannot be trusted; begin again")
        return _no(request, 403, why)
    try:
        user = await run_in_threadpool(_user, context, settings, claims)
    except SignInRefused as error:
        return _no(request, 403, said_of(error))
    if user is None:
        why = Sentence(
            "your organisation knows you, but there is no account for you here; give the "
            "administrator this: {subject} of {issuer}",
            {"subject": str(claims["sub"])[:200], "issuer": settings.issuer},
        )
        return _no(request, 403, why)
    return await run_in_threadpool(let_in, request, context, user, errand.after)


def _client(settings: OidcSettings) -> Any:
    secret = None
    if settings.client_secret_file is not None:
        try:
            secret = settings.client_secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongUsage(
                "{path}: the secret of the organisation's sign-in cannot be read",
                path=settings.client_secret_file,
            ) from error
    return _authlib()(
        None,
        "organisation",
        client_id=settings.client_id,
        client_secret=secret,
        server_metadata_url=settings.issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email" if settings.email_domains else "openid",
            "code_challenge_method": "S256",
            "timeout": _SECONDS_FOR_AN_ANSWER,
            "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
        },
    )


def _authlib() -> Any:
    """Return Authlib's client, loaded only where there is a provider.

    It says on loading that it will one day want the successor of httpx; nobody at the portal can
    do anything about that.
    """
    import authlib.deprecate  # noqa: F401  it turns its warnings on when it is loaded

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from authlib.integrations.starlette_client import StarletteOAuth2App

        return StarletteOAuth2App


async def _metadata(client: Any, settings: OidcSettings) -> None:
    """Fetch what the provider says of itself, once, and hold it to what we were told."""
    found = await client.load_server_metadata()
    # OpenID Connect Discovery 1.0, 4.3: the issuer must be the one that was asked.
    if str(found.get("issuer", "")).rstrip("/") != settings.issuer.rstrip("/"):
        found.pop("_loaded_at", None)
        raise _Unsound("issuer")
    offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
    found["id_token_signing_alg_values_supported"] = sorted(_SIGNATURES & set(offered))


async def _claims(
    client: Any, settings: OidcSettings, errand: _Errand, code: str, callback: str
) -> dict[str, Any]:
    """Change the code for an identity token, check it, and return what it says."""
    token = await client.fetch_access_token(
        redirect_uri=callback, code=code, code_verifier=errand.verifier
    )
    said = await client.parse_id_token(
        token,
        nonce=errand.nonce,
        claims_options={
            "iss": {"essential": True, "values": [client.server_metadata["issuer"]]},
            "aud": {"essential": True, "value": settings.client_id},
        },
    )
    if not said or not isinstance(said.get("sub"), str) or not said["sub"]:
        raise _Unsound("sub")
    claims = dict(said)
    if settings.email_domains and "email" not in claims:
        more = await client.userinfo(token=token)
        # OpenID Connect Core 1.0, 5.3.2: another subject's claims must not be used.
        if more.get("sub") != claims["sub"]:
            raise _Unsound("sub")
        claims = {**more, **claims}
    return claims


def _user(context: PortalContext, settings: OidcSettings, claims: dict[str, Any]) -> User | None:
    """Return the account of somebody whom the provider knows; none is made."""
    issuer, subject = settings.issuer, claims["sub"]
    if (user := user_of_subject(context.state, issuer, subject)) is not None:
        return user
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return None
    if email.rpartition("@")[2].lower() not in {one.lower() for one in settings.email_domains}:
        return None
    try:
        named = user_named(context.state, email)
        # On file from now on: an address that is given to somebody else does not open it again.
        link_subject(context.state, named.id, issuer, subject)
    except (NotFound, Refused):
        return None
    return user_of_subject(context.state, issuer, subject)


def _cookie(context: PortalContext) -> str:
    return "__Host-ballast-oidc" if context.secure_cookies else "ballast-oidc"


def _packed(context: PortalContext, errand: _Errand) -> str:
    said = [errand.state, errand.nonce, errand.verifier, errand.after, errand.until]
    body = base64.urlsafe_b64encode(json.dumps(said).encode()).decode("ascii")
    return f"{body}.{signed(context, 'oidc', body)}"


def _unpacked(context: PortalContext, value: str) -> _Errand | None:
    body, _, signature = value.partition(".")
    if not hmac.compare_digest(signed(context, "oidc", body).encode(), signature.encode()):
        return None
    errand = _Errand(*json.loads(base64.urlsafe_b64decode(body)))
    return errand if context.clock().timestamp() < errand.until else None


def _unreachable(request: Request, error: Exception) -> Response:
    _log.warning("the organisation's sign-in does not answer: %s", type(error).__name__)
    why = Sentence("the organisation's sign-in does not answer; try again, or use a local account")
    return _no(request, 502, why)


def _no(request: Request, status: int, why: Sentence) -> Response:
    return refusal(request, "public", status, why, language=identity_of(request).language)
