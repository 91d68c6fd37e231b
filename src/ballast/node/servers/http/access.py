"""Who asks by HTTP: nobody in particular, a name and a password, or a session.

What a proof is worth is decided in ``service.authentication``; here it is only
decided whether a proof may be offered at all. A password over a connection that
others can read is refused before it is compared, unless the node was told to
take it: whoever listens has it by then, but will not learn that it was right.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ballast.errors import PlainPassword, ProofNeeded, ProofRefused, Refused, TooMuchAsked
from ballast.node.servers.http.context import HttpContext
from ballast.node.service.authentication.basic import parse_basic, verify_basic
from ballast.node.service.authentication.rest_challenge import (
    RestClaim,
    check_rest,
    find_rest_credential,
    parse_rest,
)
from ballast.node.service.authentication.vault import (
    OpenSession,
    ProveSession,
    RestSession,
    TakeNonce,
    ViewSession,
)
from ballast.node.service.authentication.verifying import Verdict
from ballast.node.service.caller import Caller
from ballast.node.wire.value import Reference

__all__ = ["Asker", "Gate"]

# Proofs cost milliseconds; more of them at once than this are turned away.
_MOST_PROOFS = 16
_NOBODY = Reference("", 0)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and the session by which that is known, if one is.

    Parameters
    ----------
    caller
        For the service.
    session
        The session named by the request.
    """

    caller: Caller
    session: RestSession | None = None


class Gate:
    """Finds out who asks.

    Parameters
    ----------
    context
        What the door was given.
    """

    def __init__(self, context: HttpContext) -> None:
        self._context = context
        self._under_way = 0

    async def identify(self, authorization: str, address: str, *, secure: bool) -> Asker:
        """Return who asks.

        Parameters
        ----------
        authorization
            The ``Authorization`` header; empty where there is none.
        address
            The other end's address.
        secure
            Whether nobody on the way can read along.

        Raises
        ------
        HttpRefused
            If a proof was offered and not taken.
        """
        if not authorization:
            return Asker(Caller(None, address, "http"))
        scheme = authorization.partition(" ")[0].lower()
        if scheme == "basic":
            return self._by_basic(authorization, address, secure=secure)
        if scheme == "handle":
            return await self.prove(_understood(parse_rest, authorization), address)
        raise ProofNeeded("the Authorization header is neither Basic nor Handle")

    def _by_basic(self, authorization: str, address: str, *, secure: bool) -> Asker:
        context = self._context
        if not (secure or context.basic_over_plain):
            raise PlainPassword(
                "a password is taken over HTTPS only; use https, or a session at /api/sessions"
            )
        self._check_tries(address)
        try:
            claim = _understood(parse_basic, authorization)
        except ProofRefused:
            context.budgets.failed(address)
            raise
        with context.store.snapshot() as snapshot:
            verdict = verify_basic(snapshot, claim, context.clock())
        return Asker(self._judged(verdict, address))

    async def prove(self, claim: RestClaim, address: str) -> Asker:
        """Return whose session a claim names, once what it brings is proved.

        Raises
        ------
        HttpRefused
            If there is no such session, or the proof is wrong.
        """
        writer = self._context.writer
        if not claim.session_id:
            return Asker(Caller(None, address, "http"))
        if not claim.proves:
            return _asker(await writer.vault(ViewSession(claim.session_id)), address)
        self._check_tries(address)
        if self._under_way >= _MOST_PROOFS:
            raise TooMuchAsked("too many proofs are being checked; try again in a second")
        self._under_way += 1
        try:
            session = await writer.vault(TakeNonce(claim.session_id))
            if not isinstance(session, RestSession):
                raise _no_session()
            with self._context.store.snapshot() as snapshot:
                credential = find_rest_credential(snapshot, claim, self._context.clock())
            # Deriving a key takes milliseconds, in which the loop would answer nobody.
            verdict = await asyncio.to_thread(check_rest, credential, claim, session.nonce)
        finally:
            self._under_way -= 1
        caller = self._judged(verdict, address)
        who = caller.identity or _NOBODY
        order = ProveSession(claim.session_id, who.index, who.handle, caller.proof)
        return _asker(await writer.vault(order), address)

    async def open_session(self, address: str) -> RestSession | None:
        """Return a new session for an address; None where there is no room or no writer."""
        opened = await self._context.writer.vault(OpenSession(address))
        return opened if isinstance(opened, RestSession) else None

    def _check_tries(self, address: str) -> None:
        if not self._context.budgets.may_try(address):
            raise TooMuchAsked("too many wrong proofs from this address; wait a minute")

    def _judged(self, verdict: Verdict, address: str) -> Caller:
        if verdict.identity is None:
            self._context.budgets.failed(address)
            refused = ProofRefused("not accepted: {reason}", reason=verdict.message)
            refused.response_code = int(verdict.code)
            raise refused
        return Caller(verdict.identity, address, "http", proof=verdict.proof)


_Claim = TypeVar("_Claim")


def _understood(parse: Callable[[str], _Claim], header: str) -> _Claim:
    try:
        return parse(header)
    except Refused as error:
        raise ProofRefused("not accepted: {reason}", reason=str(error)) from None


def _no_session() -> ProofNeeded:
    return ProofNeeded("the session is unknown or over; ask for one at /api/sessions")


def _asker(session: object, address: str) -> Asker:
    if not isinstance(session, RestSession):
        raise _no_session()
    who = Reference(session.handle, session.index) if session.handle else None
    return Asker(Caller(who, address, "http", proof=session.proof), session)
