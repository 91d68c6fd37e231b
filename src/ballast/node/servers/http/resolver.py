"""``/{handle}``: where a handle leads, for whoever holds nothing but a browser.

In this order: JSON where that is preferred; the page of the record where it was
asked for (``noredirect``), where the record is revoked, expired or has no
address that may be followed, and where there is no record; otherwise a redirect
to the record's address. Why a redirect cannot be misused stands in
``redirecting``. Aliases are followed here, because a browser cannot.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from ballast.node.servers.http.accepting import language_of, wants_json
from ballast.node.servers.http.access import Gate
from ballast.node.servers.http.context import HttpContext
from ballast.node.servers.http.handles_api import HandlesApi
from ballast.node.servers.http.hot_path import first_url, kept_for
from ballast.node.servers.http.page import Shown, record_page
from ballast.node.servers.http.paths import Query, handle_of
from ballast.node.servers.http.redirecting import url_of
from ballast.node.servers.http.requests import asker_of, query_of
from ballast.node.servers.http.statuses import status_of
from ballast.node.service import reading
from ballast.node.service.answers import Answer
from ballast.node.service.caller import Caller
from ballast.node.service.lifecycle import LifeState, life_of
from ballast.node.service.prefixes import entry_of, record_of_handle
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.value import values_from_wire
from ballast.terms.handle import fold, prefix_of
from ballast.terms.label import Language
from ballast.words import say

__all__ = ["Resolver"]

_ABSENT = {
    ResponseCode.SERVER_NOT_RESPONSIBLE: "elsewhere",
    ResponseCode.PREFIX_REFERRAL: "elsewhere",
}
_TONGUES: tuple[tuple[Language, str], ...] = (("zh", "中文"), ("en", "English"))


class Resolver:
    """The handler of ``GET /{handle}``.

    Parameters
    ----------
    context
        What the door was given.
    gate
        Finds out who asks.
    handles
        Answers in JSON.
    """

    def __init__(self, context: HttpContext, gate: Gate, handles: HandlesApi) -> None:
        self._context, self._gate, self._handles = context, gate, handles

    async def get(self, request: Request) -> Response:
        """Redirect, show a page, or answer JSON."""
        query = query_of(request)
        handle = handle_of(request.path_params["handle"])
        asker = await asker_of(request, self._gate)
        if wants_json(request.headers.get("accept", "")):
            return self._handles.looked_up(request, handle, query, asker, public_only=True)
        context = self._context
        # What was proved widens what JSON shows, never the page: it is for anyone.
        nobody = Caller(None, asker.caller.address, "http")
        wanted = ResolveRequest(handle, query.indexes(), query.types())
        with context.store.snapshot() as snapshot:
            answer = reading.resolve(
                snapshot, wanted, nobody, context.clock(), public_only=True, follow_aliases=True
            )
            at = answer.handle if answer.ok else handle
            there = answer.ok or answer.code == ResponseCode.VALUES_NOT_FOUND
            record = record_of_handle(snapshot, at) if there else None
            entry = entry_of(snapshot, at)
        life = LifeState.VALID
        if record is not None:
            life = life_of(record.state, record.expires_at, context.clock())
        if answer.ok:
            context.tally.count(fold(prefix_of(at)))
            target = first_url(answer.values, answer.count)
            link = url_of(target[0]) if target is not None else None
            stays = query.flag("noredirect") or life is not LifeState.VALID
            if target is not None and link and not stays:
                expires_at = record.expires_at if record is not None else 0
                return _redirect(link, kept_for(target[1], expires_at, context.clock()))
        language = language_of(query.last("lang") or "", request.headers.get("accept-language", ""))
        shown = Shown(
            handle=handle.decode(),
            title=context.title,
            address=self._address(request, handle) if there else "",
            state=life.value if there else _ABSENT.get(answer.code, "missing"),
            notice=_notice(answer, life, language),
            values=values_from_wire(answer.values, answer.count) if answer.ok else (),
            entry=entry,
            created_at=record.created_at if record is not None else 0,
            changed_at=record.changed_at if record is not None else 0,
            expires_at=record.expires_at if record is not None else 0,
            tongues=_tongues(request, query, language),
        )
        body, headers = record_page(shown, language)
        return Response(body, 200 if there else _status(answer), headers)

    def _address(self, request: Request, handle: bytes) -> str:
        """Return the whole address under which a handle is resolved, as its code holds it."""
        begin = self._context.base_url.rstrip("/")
        if not begin:
            begin = f"{request.url.scheme}://{request.url.netloc}"
        return f"{begin}/{quote(handle, safe='/')}"


def _redirect(link: str, ttl: int) -> Response:
    headers = {
        "cache-control": f"public, max-age={ttl}",
        "vary": "Accept",
        "referrer-policy": "no-referrer",
        "location": link,
    }
    return Response(None, 302, headers)


def _status(answer: Answer) -> int:
    """Return the status of a page without a record: to a browser, elsewhere is "not found"."""
    status = status_of(answer.code)
    return 404 if answer.code in _ABSENT else status


def _notice(answer: Answer, life: LifeState, language: Language) -> str:
    """Return what is to be said before all else."""
    if not answer.ok:
        return answer.said(language)
    if life is LifeState.REVOKED:
        return say(
            "This identifier was revoked. What is registered is shown as it last was; do not rely "
            "on it.",
            language,
        )
    if life is LifeState.EXPIRED:
        return say(
            "The registration of this identifier has expired. What is registered is shown as it "
            "last was.",
            language,
        )
    return ""


def _tongues(request: Request, query: Query, language: Language) -> list[tuple[str, str, str]]:
    """Return the other languages of a page, with the address of each."""
    kept = [("noredirect", "")] if "noredirect" in query else []
    kept += [("index", str(index)) for index in query.indexes()]
    kept += [("type", kind) for kind in query.types()]
    # Two slashes at the beginning would make another site of what follows.
    path = "/" + quote(request.scope["path"], safe="/").lstrip("/")
    return [
        (code, name, f"{path}?{urlencode([*kept, ('lang', code)])}")
        for code, name in _TONGUES
        if code != language
    ]
