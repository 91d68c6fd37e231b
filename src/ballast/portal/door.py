"""The door: who is it, may they, and did they mean it.

Every request passes here once, in this order: its row in the table of access,
the account behind it, the row's roles, and, for what changes something on the
word of a cookie, a token that another site's page cannot know. A page cannot
forget any of it, because no page does any of it.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ballast.errors import SignInRefused
from ballast.portal.access import SMALL_BODY, Access, find, methods_of
from ballast.portal.consent import Consent
from ballast.portal.context import PortalContext
from ballast.portal.formtoken import expected_tokens
from ballast.portal.identity import Identity, identify, session_cookie
from ballast.portal.live import LIVE_PATH, LiveLine
from ballast.portal.refusal import refusal, said_of
from ballast.portal.security import kind_of
from ballast.words import Sentence

__all__ = ["CSRF_FIELD", "CSRF_HEADER", "Door"]

CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
_SAFE = frozenset({"GET", "HEAD"})
_FORM, _WITH_FILE = "application/x-www-form-urlencoded", "multipart/form-data"
_MOST_FIELDS = 200
_LARGEST_WITH_FILE = 512 * 1024
"""Bytes of a form with a file that is read whole to find its token: of pages without script, which
cannot send it in a header."""


@dataclass
class Door:
    """Lets in who may come in, with an identity; answers the others itself."""

    app: ASGIApp
    context: PortalContext
    consent: Consent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request with its identity, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        scope["state"]["consent"] = self.consent
        if scope["type"] == "websocket":
            await LiveLine(self.app)(scope, receive, send)
            return
        row = find(scope["method"], scope["path"])
        if row is None or row.path == LIVE_PATH:  # the live line is no request
            await _nowhere(scope)(scope, receive, send)
            return
        answer = await self._identify(scope, row)
        if answer is None and scope["method"] not in _SAFE:
            answer, receive = await self._meant(scope, receive, row)
        if answer is None:
            await self.app(scope, receive, send)
        else:
            await answer(scope, receive, send)

    async def _identify(self, scope: Scope, row: Access) -> Response | None:
        """Put the identity into the request; return an answer where it may not come in."""
        request = HTTPConnection(scope)
        known_by = (session_cookie(self.context) in request.cookies) or (
            row.kind == "api" and "authorization" in request.headers
        )
        try:
            if known_by and row.kind != "asset":
                identity = await run_in_threadpool(identify, request, by_key=row.kind == "api")
            else:
                identity = identify(request, by_key=False)
        except SignInRefused as error:
            headers = {"www-authenticate": "Bearer"}
            return refusal(request, row.kind, 401, said_of(error), headers=headers)
        scope["state"]["identity"] = identity
        if identity.role in row.roles:
            return None
        return _not_open(request, row, identity)

    async def _meant(
        self, scope: Scope, receive: Receive, row: Access
    ) -> tuple[Response | None, Receive]:
        """Check that a page of ours sent what changes something; a key is proof in itself."""
        request = HTTPConnection(scope)
        identity: Identity = scope["state"]["identity"]
        if identity.how == "key":
            return None, receive
        given = request.headers.get(CSRF_HEADER)
        if given is None and row.body <= SMALL_BODY and _kind_of_form(request) == _FORM:
            body, receive = await _buffered(receive)
            given = _field(body)
        elif given is None and _may_hold_file(row) and _kind_of_form(request) == _WITH_FILE:
            body, receive = await _buffered(receive)
            given = await _field_beside_file(request.headers, body)
        tokens = expected_tokens(request, self.context, identity.csrf)
        wanted = given is not None and any(
            hmac.compare_digest(given.encode(), token.encode()) for token in tokens
        )
        if wanted and _own_origin(request, self.context):
            return None, receive
        why = Sentence("this form was not sent from a page of the portal; open the page again")
        return refusal(request, row.kind, 403, why, language=identity.language), receive


def _nowhere(scope: Scope) -> Response:
    request, kind = HTTPConnection(scope), kind_of(scope)
    if methods := [m for m in methods_of(scope["path"]) if m not in ("*", "WEBSOCKET")]:
        why = Sentence("this address does not take {method}", {"method": scope["method"][:16]})
        return refusal(request, kind, 405, why, headers={"allow": ", ".join(methods)})
    why = Sentence("there is nothing at this address; go back, or begin at the first page")
    return refusal(request, kind, 404, why)


def _not_open(request: HTTPConnection, row: Access, identity: Identity) -> Response:
    if identity.user is not None:
        why = Sentence("this is not open to your account; ask the administrator of the portal")
        return refusal(request, row.kind, 403, why, language=identity.language)
    if row.kind == "api":
        why = Sentence("sign in, or send a key as `Authorization: Bearer bk_…`")
        headers = {"www-authenticate": "Bearer"}
        return refusal(request, "api", 401, why, headers=headers)
    if request.scope["method"] in _SAFE:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/signin?next={quote(path, safe='')}", 303)
    return refusal(request, row.kind, 401, Sentence("sign in first"))


def _own_origin(request: HTTPConnection, context: PortalContext) -> bool:
    """Return whether the browser says that one of our pages asked; old ones say nothing."""
    if (origin := request.headers.get("origin")) is not None:
        ours = urlsplit(context.base_url).scheme, request.headers["host"].lower()
        return (urlsplit(origin).scheme, urlsplit(origin).netloc.lower()) == ours
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _kind_of_form(request: HTTPConnection) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _may_hold_file(row: Access) -> bool:
    return row.kind == "public" and row.body <= _LARGEST_WITH_FILE


def _field(body: bytes) -> str | None:
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    given = fields.get(CSRF_FIELD, [])
    return given[0] if len(given) == 1 else None


async def _field_beside_file(headers: Headers, body: bytes) -> str | None:
    async def once() -> AsyncGenerator[bytes]:
        yield body

    try:
        form = await MultiPartParser(
            headers, once(), max_files=1, max_fields=_MOST_FIELDS, max_part_size=SMALL_BODY
        ).parse()
    except (MultiPartException, ValueError, KeyError):
        return None
    given = [value for value in form.getlist(CSRF_FIELD) if isinstance(value, str)]
    await form.close()
    return given[0] if len(given) == 1 else None


async def _buffered(receive: Receive) -> tuple[bytes, Receive]:
    """Return a small body, and a way to receive it again; its size was limited before."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return body, again
