"""The bodies of the frames: what is asked of the writer, and what it says, as typed MessagePack.

Apart from the frames, which know nothing of what they carry, and from client
and server, which must not differ about it.
"""

from __future__ import annotations

import msgspec

from ballast.node.registry.entries import BulkProgress, BulkRefusal
from ballast.node.service.answers import Answer
from ballast.node.service.authentication.vault import Pending, RestSession, VaultOrder, VaultReply
from ballast.node.service.caller import Caller
from ballast.node.service.changes import Change
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.blocks import Block, Outcome
from ballast.words import unpack

__all__ = [
    "AppliedChange",
    "BlockOrder",
    "FailedOrder",
    "Lease",
    "RefusalsOrder",
    "Statistics",
    "VaultAnswer",
    "read_answer",
    "read_any",
    "read_block",
    "read_change",
    "read_failed",
    "read_lease",
    "read_outcome",
    "read_refusals",
    "read_refusals_order",
    "read_statistics",
    "read_vault_answer",
    "read_vault_order",
    "write",
]


class AppliedChange(msgspec.Struct, frozen=True, array_like=True):
    """A change, and who wants it."""

    change: Change
    caller: Caller


class BlockOrder(msgspec.Struct, frozen=True, array_like=True):
    """A block of a bulk load, and who loads it."""

    block: Block
    caller: Caller


class RefusalsOrder(msgspec.Struct, frozen=True, array_like=True):
    """Which refused lines of a load are asked for: above one number, up to another."""

    load: bytes
    after: int
    last: int


class FailedOrder(msgspec.Struct, frozen=True, array_like=True):
    """An order that was not carried out: the protocol's response code, and a packed sentence."""

    code: int
    message: str

    @classmethod
    def of(cls, answer: Answer) -> FailedOrder:
        """Return a refusal in the form in which it travels."""
        return cls(int(answer.code), answer.sentence or answer.message)

    @property
    def answer(self) -> Answer:
        """The refusal as an answer."""
        said = unpack(self.message, "en")
        return Answer(ResponseCode(self.code), said, sentence=self.message)


class VaultAnswer(msgspec.Struct, frozen=True, array_like=True):
    """What the vault answered: a challenge, a session, or neither."""

    pending: Pending | None = None
    session: RestSession | None = None

    @classmethod
    def of(cls, reply: VaultReply) -> VaultAnswer:
        """Return a reply in the form in which it travels."""
        if isinstance(reply, Pending):
            return cls(pending=reply)
        return cls(session=reply)

    @property
    def reply(self) -> VaultReply:
        """What the vault answered."""
        return self.pending or self.session


class Statistics(msgspec.Struct, frozen=True):
    """How the writer is doing.

    Parameters
    ----------
    orders, commits, undone
        Since its start: orders written, commits made, groups undone.
    waiting
        Orders that wait now.
    connections
        Processes that are connected.
    pending, sessions
        Challenges and sessions in the vault.
    loads
        Bulk loads under a key that are under way.
    """

    orders: int = 0
    commits: int = 0
    undone: int = 0
    waiting: int = 0
    connections: int = 0
    pending: int = 0
    sessions: int = 0
    loads: int = 0


class Lease(msgspec.Struct, frozen=True, array_like=True):
    """Whether a load may begin under its key, and how far it had come."""

    granted: bool
    progress: BulkProgress | None = None


write = msgspec.msgpack.Encoder().encode
read_change = msgspec.msgpack.Decoder(AppliedChange).decode
read_block = msgspec.msgpack.Decoder(BlockOrder).decode
read_vault_order = msgspec.msgpack.Decoder(VaultOrder).decode
read_vault_answer = msgspec.msgpack.Decoder(VaultAnswer).decode
read_answer = msgspec.msgpack.Decoder(Answer).decode
read_outcome = msgspec.msgpack.Decoder(Outcome).decode
read_lease = msgspec.msgpack.Decoder(Lease).decode
read_refusals_order = msgspec.msgpack.Decoder(RefusalsOrder).decode
read_refusals = msgspec.msgpack.Decoder(list[BulkRefusal]).decode
read_any = msgspec.msgpack.Decoder().decode
read_failed = msgspec.msgpack.Decoder(FailedOrder).decode
read_statistics = msgspec.msgpack.Decoder(Statistics).decode
