"""What a native request orders: the change that the writer is to make.

Apart from ``front``, so that what a flag of the protocol means for a change
stands in one short table and not among the rules of challenges.
"""

from __future__ import annotations

from ballast.node.service.changes import (
    AddValues,
    CreateHandle,
    DeleteHandle,
    HomePrefix,
    ModifyValues,
    RemoveValues,
    UnhomePrefix,
)
from ballast.node.wire.codes import OpCode, OpFlag
from ballast.node.wire.message import Message
from ballast.node.wire.requests import HandleRequest, RemoveRequest, RequestBody, ValuesRequest
from ballast.node.wire.value import Value

__all__ = ["HandleChange", "change_of"]

HandleChange = (
    CreateHandle
    | DeleteHandle
    | AddValues
    | ModifyValues
    | RemoveValues
    | HomePrefix
    | UnhomePrefix
)


def change_of(asked: Message, body: RequestBody) -> HandleChange | None:
    """Return the change that a request asks for; None where it asks for none.

    Parameters
    ----------
    asked
        The request; its operation and flags count.
    body
        Its body.
    """
    flags, op = asked.header.flags, asked.header.op
    overwrite = bool(flags & OpFlag.OVRW)
    match body:
        case ValuesRequest(handle, values):
            packed, count = _packed(values), len(values)
            if op == OpCode.CREATE_HANDLE:
                mint = bool(flags & OpFlag.MINT)
                return CreateHandle(handle, packed, count, mint, overwrite)
            if op == OpCode.ADD_VALUE:
                return AddValues(handle, packed, count, overwrite)
            return ModifyValues(handle, packed, count)
        case RemoveRequest(handle, indexes):
            return RemoveValues(handle, indexes)
        case HandleRequest(handle):
            of_handles: dict[int, type[DeleteHandle | HomePrefix | UnhomePrefix]] = {
                OpCode.DELETE_HANDLE: DeleteHandle,
                OpCode.HOME_PREFIX: HomePrefix,
                OpCode.UNHOME_PREFIX: UnhomePrefix,
            }
            made = of_handles.get(op)
            return None if made is None else made(handle)
    return None


def _packed(values: tuple[Value, ...]) -> bytes:
    return b"".join([value.to_wire() for value in values])
