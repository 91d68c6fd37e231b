"""One native message in, one native message out, whatever the door.

UDP, TCP and the HTTP tunnel carry the same messages, so what a message means
is decided here once and knows nothing of sockets. The plain resolution, which
is nearly all of the traffic, is answered by ``hot`` before any object is made;
everything else comes through ``Front.answer``.

What only reads is answered at once; what changes something, or has to be
proved, is a promise: the writer is asked, keys are checked off the loop.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ballast.errors import MalformedMessage
from ballast.node.registry.store import Snapshot, Store
from ballast.node.servers.budget import Budgets
from ballast.node.servers.channel import Channel
from ballast.node.servers.counters import Counters
from ballast.node.servers.ordered import HandleChange, change_of
from ballast.node.servers.proving import Prover
from ballast.node.servers.replies import busy, error_reply, refuse, reply, reply_of
from ballast.node.servers.tally import Tally
from ballast.node.service.answers import Answer
from ballast.node.service.caller import Caller
from ballast.node.service.changes import HomePrefix, UnhomePrefix
from ballast.node.service.prefixes import away
from ballast.node.service.reading import list_handles, list_prefixes, resolve, site_info
from ballast.node.wire.codes import OpCode, OpFlag, ResponseCode
from ballast.node.wire.header import UNKNOWN_SERIAL
from ballast.node.wire.message import Message, parse_message
from ballast.node.wire.requests import (
    ChallengeAnswer,
    HandleRequest,
    LoginRequest,
    RequestBody,
    ResolveRequest,
    VerifyRequest,
    parse_request,
)
from ballast.node.wire.responses import VerifyResponse
from ballast.terms.handle import fold, prefix_of

if TYPE_CHECKING:
    from ballast.node.writer.client import WriterClient

__all__ = ["Channel", "Front"]

_log = logging.getLogger(__name__)

_UNSUPPORTED = "operation {number} is not supported here"
_NO_REQUEST = "the message is an answer, not a request"
_NO_SESSION = "the session is not known here; set up a new one, or ask without"
_TOO_LONG = "the list is longer than one message; ask for it over TCP"
_BY_TCP = "proofs are checked for whoever asks over TCP; ask there"
_BROKEN = "the node failed to answer; its log says why"
_NAMED = frozenset(int(op) for op in OpCode)
_ANSWERED = frozenset(
    {
        OpCode.RESOLVE,
        OpCode.GET_SITE_INFO,
        OpCode.CREATE_HANDLE,
        OpCode.DELETE_HANDLE,
        OpCode.ADD_VALUE,
        OpCode.REMOVE_VALUE,
        OpCode.MODIFY_VALUE,
        OpCode.LIST_HANDLES,
        OpCode.LIST_SUB_PREFIXES,
        OpCode.LIST_HOMED_PREFIXES,
        OpCode.CHALLENGE_ANSWER,
        OpCode.VERIFY_CHALLENGE,
        OpCode.HOME_PREFIX,
        OpCode.UNHOME_PREFIX,
        OpCode.LOGIN_IDENTITY,
    }
)


class Front:
    """What answers native messages.

    Parameters
    ----------
    store
        The records, for reading.
    writer
        The way to the process that writes; it also keeps the pending challenges.
    budgets
        What each address may.
    counters
        Where requests and answers are counted.
    tally
        Where resolutions are summed by prefix.
    clock
        Epoch seconds.
    random
        Fresh random bytes.
    """

    def __init__(
        self,
        store: Store,
        writer: WriterClient,
        budgets: Budgets,
        counters: Counters,
        tally: Tally,
        *,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
    ) -> None:
        self._store, self._writer = store, writer
        self._counters, self._tally, self._clock = counters, tally, clock
        self._prover = Prover(store, writer, budgets, clock, random)
        self.site_serial = UNKNOWN_SERIAL
        self.refresh()

    def refresh(self) -> None:
        """Read the serial number of our site information anew: bytes 4 and 5 of an HS_SITE."""
        with self._store.snapshot() as snapshot:
            answer = site_info(snapshot)
        if answer.ok:
            self.site_serial = int.from_bytes(answer.values[4:6], "big")

    def close(self) -> None:
        """End the threads in which keys are checked."""
        self._prover.close()

    def answer(self, data: bytes, channel: Channel) -> bytes | Awaitable[bytes]:
        """Return the answer to one whole native message, or the promise of it.

        Never raises for what the peer sent: whatever cannot be understood is answered by the
        protocol's own error. A list that is longer than one message leaves the messages that
        follow in ``channel.following``, where the door has such a thing as an order (TCP).

        Parameters
        ----------
        data
            Envelope and message, complete, of any content.
        channel
            How it came in; a login changes its identity.
        """
        try:
            message = parse_message(data)
            if message.header.response:
                raise MalformedMessage(_NO_REQUEST)
            if message.header.op not in _ANSWERED:
                return self._unsupported(message, channel)
            body = parse_request(message)
        except MalformedMessage as error:
            self._count(channel, OpCode.RESERVED, error.response_code)
            return refuse(data, error)
        try:
            answer = self._answer(message, body, channel)
        except Exception as error:  # whatever it is, the node stays up
            return self._broken(message, error)
        return answer if isinstance(answer, bytes) else self._guarded(message, answer)

    def refuse(self, data: bytes, error: MalformedMessage) -> bytes:
        """Return the answer to what a door could not put together to a message."""
        return refuse(data, error)

    def busy(self, data: bytes = b"") -> bytes:
        """Return a short word that there is too much to do."""
        return busy(data)

    # -- inside ----------------------------------------------------------------------------

    def _answer(
        self, message: Message, body: RequestBody, channel: Channel
    ) -> bytes | Awaitable[bytes]:
        if message.credential and message.envelope.session_id:
            # A client that hears this asks again without its session.
            return self._error(message, channel, ResponseCode.SESSION_TIMEOUT, _NO_SESSION)
        match body:
            case ChallengeAnswer():
                return self._proved(message, body, channel)
            case VerifyRequest():
                return self._verify(message, body, channel)
            case LoginRequest():
                if channel.kind != "tcp":  # there is no connection that could be the session
                    return self._unsupported(message, channel)
                return self._challenge(message, channel)
        caller = Caller(channel.identity, channel.address, channel.kind, proof=channel.proof)
        return self._carried_out(message, message, body, caller, channel)

    def _carried_out(
        self,
        message: Message,
        asked: Message,
        body: RequestBody,
        caller: Caller,
        channel: Channel,
    ) -> bytes | Awaitable[bytes]:
        """Answer what is asked by a caller; ``message`` is what the answer goes to."""
        change = change_of(asked, body)
        if change is not None:
            return self._changed(message, asked, change, caller, channel)
        with self._store.snapshot() as snapshot:
            answer = self._read(snapshot, asked, body, caller)
        if answer.need_authentication and not caller.known:
            return self._challenge(message, channel)
        if isinstance(body, ResolveRequest) and answer.ok:
            self._tally.count(fold(prefix_of(body.handle)))
        elif answer.more:
            return self._listed(message, asked, body, caller, channel, answer)
        return self._reply_of(message, answer, channel, asked.header.op)

    def _listed(
        self,
        message: Message,
        asked: Message,
        body: RequestBody,
        caller: Caller,
        channel: Channel,
        first: Answer,
    ) -> bytes:
        """Answer a list that is longer than one page."""
        op = asked.header.op
        if channel.kind != "tcp":
            # Several messages have no order there, and no address asked for so many bytes.
            return self._error(message, channel, ResponseCode.ERROR, _TOO_LONG, op)
        last = first

        def following() -> bytes | None:
            nonlocal last
            if not last.more:
                return None
            with self._store.snapshot() as snapshot:
                last = self._read(snapshot, asked, body, caller, last.cursor)
            return self._reply_of(message, last, channel, op)

        channel.following = following
        return self._reply_of(message, first, channel, op)

    def _read(
        self,
        snapshot: Snapshot,
        asked: Message,
        body: RequestBody,
        caller: Caller,
        cursor: bytes = b"",
    ) -> Answer:
        """Return what the service answers to a question that changes nothing."""
        flags, now = asked.header.flags, self._clock()
        if isinstance(body, ResolveRequest):
            return resolve(
                snapshot,
                body,
                caller,
                now,
                public_only=bool(flags & OpFlag.PUBL),
                refer=not flags & OpFlag.DNRF,
            )
        handle = body.handle if isinstance(body, HandleRequest) else b""
        match asked.header.op:
            case OpCode.GET_SITE_INFO:
                return site_info(snapshot)
            case OpCode.LIST_HANDLES:
                return list_handles(snapshot, handle, caller, now, cursor=cursor)
            case OpCode.LIST_SUB_PREFIXES:
                return list_prefixes(snapshot, caller, now, under=handle, cursor=cursor)
            case _:
                return list_prefixes(snapshot, caller, now, cursor=cursor)

    async def _changed(
        self,
        message: Message,
        asked: Message,
        change: HandleChange,
        caller: Caller,
        channel: Channel,
    ) -> bytes:
        if not caller.known:
            # Nobody may change anything without a proof; the writer need not be asked for that.
            with self._store.snapshot() as snapshot:
                elsewhere = away(snapshot, change.handle)
            if elsewhere is not None and not isinstance(change, HomePrefix | UnhomePrefix):
                return self._reply_of(message, elsewhere, channel, asked.header.op)
            return await self._challenge(message, channel)
        answer = await self._writer.apply(change, caller)
        return self._reply_of(message, answer, channel, asked.header.op)

    async def _challenge(self, message: Message, channel: Channel) -> bytes:
        sent = await self._prover.challenge(message, channel)
        code = ResponseCode.SERVER_BUSY if sent is None else ResponseCode.AUTHENTICATION_NEEDED
        self._count(channel, message.header.op, code)
        return sent or busy(message.to_wire())

    async def _proved(self, message: Message, body: ChallengeAnswer, channel: Channel) -> bytes:
        """Check an answer to a challenge, and do what waited behind it."""
        verdict, pending = await self._prover.prove(message.envelope.session_id, body, channel)
        if verdict.identity is None or pending is None:
            return self._error(message, channel, verdict.code, verdict.message)
        asked = parse_message(pending.request)
        op = asked.header.op
        if op == OpCode.LOGIN_IDENTITY:
            channel.identity, channel.proof = verdict.identity, verdict.proof
            self._count(channel, op, ResponseCode.SUCCESS)
            return reply(message, ResponseCode.SUCCESS, op=op, site_serial=self.site_serial)
        caller = Caller(verdict.identity, channel.address, channel.kind, proof=verdict.proof)
        answer = self._carried_out(message, asked, parse_request(asked), caller, channel)
        return answer if isinstance(answer, bytes) else await answer

    async def _verify(self, message: Message, body: VerifyRequest, channel: Channel) -> bytes:
        if not self._prover.hears(channel):
            return self._error(message, channel, ResponseCode.ERROR, _BY_TCP)
        fits = await self._prover.verify(message, body, channel)
        if fits is None:
            self._count(channel, message.header.op, ResponseCode.SERVER_BUSY)
            return busy(message.to_wire())
        self._count(channel, message.header.op, ResponseCode.SUCCESS)
        said = VerifyResponse(fits).to_wire()
        return reply(message, ResponseCode.SUCCESS, said, site_serial=self.site_serial)

    async def _guarded(self, message: Message, answer: Awaitable[bytes]) -> bytes:
        try:
            return await answer
        except Exception as error:  # whatever it is, the node stays up
            return self._broken(message, error)

    def _reply_of(self, message: Message, answer: Answer, channel: Channel, op: OpCode) -> bytes:
        self._count(channel, op, answer.code)
        return reply_of(message, answer, op=op, site_serial=self.site_serial)

    def _error(
        self,
        message: Message,
        channel: Channel,
        code: ResponseCode,
        said: str,
        op: OpCode | None = None,
    ) -> bytes:
        self._count(channel, message.header.op, code)
        return error_reply(message, code, said, op=op, site_serial=self.site_serial)

    def _unsupported(self, message: Message, channel: Channel) -> bytes:
        said = _UNSUPPORTED.format(number=int(message.header.op))
        return self._error(message, channel, ResponseCode.OPERATION_NOT_SUPPORTED, said)

    def _broken(self, message: Message, error: Exception) -> bytes:
        """Answer where we failed: the reason is for the log, not for the peer."""
        _log.error("a native request failed", exc_info=error)
        self._counters.add(("ballast_node_failures_total", ()))
        return error_reply(message, ResponseCode.ERROR, _BROKEN, site_serial=self.site_serial)

    def _count(self, channel: Channel, op: int, code: int) -> None:
        # Numbers without a name are a stranger's choice: they share one name.
        operation = OpCode(op).name if op in _NAMED else "OTHER"
        labels = (
            ("door", channel.kind),
            ("operation", operation),
            ("response", ResponseCode(code).name),
        )
        self._counters.add(("ballast_node_requests_total", labels))
