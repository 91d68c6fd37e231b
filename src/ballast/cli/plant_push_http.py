"""One message to a city's portal over HTTP: sent, answered, done.

The standard library's client: one request a day needs no pool and no retry,
since a message that is sent again changes nothing.
"""

from __future__ import annotations

import http.client
import json
import ssl
from urllib.parse import urlsplit

from ballast.errors import NotFound, Refused, WrongUsage
from ballast.serve.listening import is_loopback

__all__ = ["check_address", "post"]

_PATH = "/api/v1/plant-days"
_SECONDS = 30.0
_ANSWER_BYTES = 64 * 1024
_CREATED = 201
_SIGNS = 300


def check_address(url: str) -> None:
    """Look at the address of a portal before anything is made for it.

    Raises
    ------
    WrongUsage
        If it is none, or would carry the key readable over a network.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongUsage("“{url}” is no address of a portal; write https://…", url=url[:120])
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise WrongUsage(
            "{url}: the key would travel readable to everybody on the way; the portal must be "
            "reached over https",
            url=url[:120],
        )


def post(url: str, envelope: bytes, api_key: str) -> bool:
    """Send an envelope; return whether the city had it already.

    Parameters
    ----------
    url
        The address of the portal, which was checked.
    envelope
        What is sent.
    api_key
        Of an account of the enterprise there.

    Raises
    ------
    NotFound
        If nobody answers there.
    Refused
        If the city refuses, with what it says.
    """
    parts = urlsplit(url)
    try:
        status, answer = _exchanged(parts.scheme, parts.netloc, parts.path, envelope, api_key)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFound(
            "{url}: nobody answers there ({reason}); the message can be sent again at any time",
            url=url[:120],
            reason=str(error).splitlines()[0][:_SIGNS] if str(error) else type(error).__name__,
        ) from None
    try:
        found = json.loads(answer)
    except ValueError:
        found = None
    if status == _CREATED and isinstance(found, dict) and "repeated" in found:
        return bool(found["repeated"])
    said = found.get("detail") if isinstance(found, dict) else None
    raise Refused(
        "{url}: did not take it ({status}): {said}",
        url=url[:120],
        status=status,
        said=_printable(said) if isinstance(said, str) else "–",
    )


def _exchanged(
    scheme: str, where: str, path: str, envelope: bytes, api_key: str
) -> tuple[int, bytes]:
    line = (
        http.client.HTTPSConnection(where, timeout=_SECONDS, context=ssl.create_default_context())
        if scheme == "https"
        else http.client.HTTPConnection(where, timeout=_SECONDS)
    )
    try:
        line.request(
            "POST",
            path.rstrip("/") + _PATH,
            envelope,
            {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"},
        )
        answer = line.getresponse()
        return answer.status, answer.read(_ANSWER_BYTES)
    finally:
        line.close()


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)[:_SIGNS]
