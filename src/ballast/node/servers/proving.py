"""Challenges sent and their answers checked, for the native doors.

The pending challenge lies in the writer's vault, so that any worker can take
it up; the key is checked in a small pool of threads, because deriving one
takes milliseconds by design and the loop has others to serve. Who fails too
often is not checked at all for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import msgspec

from ballast.node.registry.store import Store
from ballast.node.servers.budget import Budgets
from ballast.node.servers.channel import Channel
from ballast.node.service.authentication.challenge import (
    challenge_message,
    login_claim,
    make_challenge,
)
from ballast.node.service.authentication.vault import Pending
from ballast.node.service.authentication.verifying import (
    SECRET_KEY,
    Verdict,
    check_answer,
    check_verification,
    find_credential,
)
from ballast.node.service.caller import Caller
from ballast.node.service.changes import NoteAudit
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.message import Message
from ballast.node.wire.requests import ChallengeAnswer, VerifyRequest
from ballast.node.wire.value import Reference
from ballast.node.wire.versions import answer_version
from ballast.terms.handle import fold

if TYPE_CHECKING:
    from ballast.node.writer.client import WriterClient

__all__ = ["Prover"]

_THREADS = 2
_CHECKING = 256
_TOO_MANY = "too many failed attempts from this address; wait some minutes"
_BUSY = "too many keys are being checked at present; ask again later"
_GONE = "no challenge waits under this session: it has expired, was answered, or was not ours"
_OTHER = "the proof is another administrator's than the one who logs in"

_Found = TypeVar("_Found")


class Prover:
    """Makes challenges and checks what is answered.

    Parameters
    ----------
    store
        Where the keys of administrators are read.
    writer
        Holds the vault.
    budgets
        How often an address may fail.
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
        clock: Callable[[], float],
        random: Callable[[int], bytes],
    ) -> None:
        self._store, self._writer, self._budgets = store, writer, budgets
        self._clock, self._random = clock, random
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="proofs")
        self._checking = 0

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def challenge(self, request: Message, channel: Channel) -> bytes | None:
        """Return the challenge to a request, or None where no more of them can wait."""
        made = make_challenge(request, channel.address, self._random)
        if channel.kind == "udp":
            made = msgspec.structs.replace(made, claimed=True)
        held = await self._writer.hold(made)
        return None if held is None else challenge_message(request, held).to_wire()

    async def prove(
        self, session_id: int, answer: ChallengeAnswer, channel: Channel
    ) -> tuple[Verdict, Pending | None]:
        """Return whether an answer proves who it says, and the challenge it belongs to.

        Parameters
        ----------
        session_id
            Of the answer's envelope.
        answer
            What came.
        channel
            How it came in.
        """
        if not self._budgets.may_try(channel.address, claimed=channel.kind == "udp"):
            return Verdict(ResponseCode.SERVER_BUSY, _TOO_MANY), None
        pending = await self._writer.take(session_id, channel.address)
        if pending is None or pending.expires_at <= self._clock():
            # Counted too: numbers can be guessed.
            self._budgets.failed(channel.address, claimed=channel.kind == "udp")
            return Verdict(ResponseCode.AUTHENTICATION_TIMEOUT, _GONE), None
        with self._store.snapshot() as snapshot:
            credential = find_credential(
                snapshot, answer.kind, answer.handle, answer.index, self._clock()
            )
        verdict = await self._off_loop(lambda: check_answer(credential, answer, pending))
        if verdict is None:
            return Verdict(ResponseCode.SERVER_BUSY, _BUSY), None
        claim = login_claim(pending)
        if verdict.identity is not None and claim is not None:
            verdict = _same(claim, verdict.identity, verdict)
        if verdict.identity is None:
            self._budgets.failed(channel.address, claimed=channel.kind == "udp")
            await self._note("prove", f"{answer.index}:{credential.handle}", verdict, channel)
        else:
            # Who answers a challenge receives what is sent to its address.
            self._budgets.prove(channel.address)
            if claim is not None:
                await self._note("login", f"{claim.index}:{claim.handle}", verdict, channel)
        return verdict, pending

    def hears(self, channel: Channel) -> bool:
        """Tell whether a proof may be checked for whoever asks without a challenge.

        A datagram may come from anybody; deriving a key for each would keep all processors busy.
        """
        return channel.kind != "udp" or self._budgets.is_proven(channel.address)

    async def verify(self, request: Message, body: VerifyRequest, channel: Channel) -> bool | None:
        """Return whether a proof fits a secret kept here (operation 201); None: ask later."""
        if not self._budgets.may_try(channel.address, claimed=channel.kind == "udp"):
            return None
        with self._store.snapshot() as snapshot:
            credential = find_credential(
                snapshot, SECRET_KEY, body.handle, body.index, self._clock()
            )
        version = answer_version(request.envelope)
        fits = await self._off_loop(lambda: check_verification(credential, body, version))
        if fits is False:
            self._budgets.failed(channel.address, claimed=channel.kind == "udp")
        return fits

    async def _off_loop(self, check: Callable[[], _Found]) -> _Found | None:
        """Check in the pool, unless too much waits for it."""
        if self._checking >= _CHECKING:
            return None
        self._checking += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, check)
        finally:
            self._checking -= 1

    async def _note(self, action: str, subject: str, verdict: Verdict, channel: Channel) -> None:
        caller = Caller(verdict.identity, channel.address, channel.kind)
        note = NoteAudit(action, subject, int(verdict.code), verdict.message)
        await self._writer.apply(note, caller)


def _same(claim: Reference, proved: Reference, verdict: Verdict) -> Verdict:
    """Return the verdict on a login: the proof must be given by the very identity claimed."""
    handle = fold(claim.handle.encode()) == fold(proved.handle.encode())
    if handle and claim.index in (0, proved.index):
        return verdict
    return Verdict(ResponseCode.AUTHENTICATION_FAILED, _OTHER)
