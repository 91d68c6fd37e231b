"""Answers of the REST interface: a response code in JSON, and the status that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from ballast.errors import HttpRefused
from ballast.node.servers.http.statuses import status_of
from ballast.node.service.authentication.rest_challenge import www_authenticate
from ballast.node.service.authentication.vault import RestSession
from ballast.terms.label import Language
from ballast.words import explain

__all__ = ["CORS", "JSON_TYPE", "json_reply", "refusal_reply", "unauthorized_headers"]

JSON_TYPE = "application/json;charset=UTF-8"
# Any page may read; none may bring a proof along, and so none can change anything.
CORS = {"access-control-allow-origin": "*"}
_encode = msgspec.json.Encoder().encode


def json_reply(
    told: Mapping[str, Any],
    *,
    status: int | None = None,
    asking: bool = False,
    pretty: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a JSON answer.

    Parameters
    ----------
    told
        What is said; its ``responseCode`` gives the status where none is given.
    status
        The status of HTTP.
    asking
        Whether a question is answered, not a change.
    pretty
        Whether a person is to read it.
    headers
        More headers.
    """
    body = _encode(told)
    if pretty:
        body = msgspec.json.format(body, indent=2)
    if status is None:
        status = status_of(told.get("responseCode", 1), asking=asking)
    kept = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(body, status, {**kept, **(headers or {})}, JSON_TYPE)


def unauthorized_headers(session: RestSession | None) -> dict[str, str]:
    """Return the headers of a 401: which proofs are taken, and a nonce for one of them."""
    return {"www-authenticate": www_authenticate(session)}


def refusal_reply(
    error: HttpRefused,
    language: Language,
    *,
    handle: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer to a request that was turned away at the door."""
    told: dict[str, Any] = {
        "responseCode": error.response_code,
        "message": explain(error, language),
    }
    if handle:
        told["handle"] = handle
    return json_reply(told, status=error.http_status, headers=headers)
