"""``/api/sessions``: sessions of the REST interface, proved once and then only named."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ballast.errors import ProofNeeded, Refused, TooMuchAsked
from ballast.node.servers.http.access import Asker, Gate
from ballast.node.servers.http.context import HttpContext
from ballast.node.servers.http.replies import json_reply
from ballast.node.servers.http.requests import address_of, asker_of, body_of
from ballast.node.service.authentication.rest_challenge import rest_claim, session_json
from ballast.node.service.authentication.vault import EndSession

__all__ = ["SessionsApi"]

_MAX_BODY = 16_384


class SessionsApi:
    """The handlers of sessions.

    Parameters
    ----------
    context
        What the door was given.
    gate
        Finds out who asks.
    """

    def __init__(self, context: HttpContext, gate: Gate) -> None:
        self._context, self._gate = context, gate

    async def open(self, request: Request) -> Response:
        """Open a session."""
        session = await self._gate.open_session(address_of(request))
        if session is None:
            raise TooMuchAsked("no session can be opened at present; try again in a minute")
        return json_reply(session_json(session), status=201)

    async def show(self, request: Request) -> Response:
        """Answer with the session that the header names."""
        return _told(await asker_of(request, self._gate))

    async def prove(self, request: Request) -> Response:
        """Take a proof, from the header or from the body."""
        body = await body_of(request, _MAX_BODY)
        if not body.strip():
            return _told(await asker_of(request, self._gate))
        try:
            fields = msgspec.json.decode(body, type=dict[str, object])
            claim = rest_claim(fields)
        except (msgspec.MsgspecError, UnicodeDecodeError, Refused) as error:
            raise ProofNeeded("the proof cannot be read: {reason}", reason=error) from error
        return _told(await self._gate.prove(claim, address_of(request)))

    async def end(self, request: Request) -> Response:
        """End the session that the header names."""
        asker = await asker_of(request, self._gate)
        if asker.session is None:
            raise ProofNeeded("no session is named in the Authorization header")
        await self._context.writer.vault(EndSession(asker.session.session_id))
        return Response(None, 204)


def _told(asker: Asker) -> Response:
    if asker.session is None:
        raise ProofNeeded("no session is named in the Authorization header")
    return json_reply({"authenticated": False, **session_json(asker.session)}, status=200)
