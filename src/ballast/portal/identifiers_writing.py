"""Changes of identifiers as the portal asks for them: whose they are, and what became of them.

The page and the API both come here, so that a refusal by the node is the same
error in both. The node is asked as its operator (``identifiers_desk.acting``)
and would refuse nothing for lack of rights: who may change what is judged
here, before it is asked, by ``identifiers_rights`` and the prefix in the
handle. The prefix's own record ``0.NA/…`` is nobody's to change here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ballast.errors import (
    BallastError,
    HomeBusy,
    InvalidTerm,
    LoadConflict,
    NotFound,
    NotPermitted,
    Refused,
    StorageFailed,
)
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.store import Snapshot
from ballast.node.service.answers import Answer
from ballast.node.service.changes import CreateHandle
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import (
    ADMIN_READ,
    ADMIN_WRITE,
    DEFAULT_PERMISSIONS,
    Value,
    values_to_wire,
)
from ballast.node.writer.client import WriterClient
from ballast.portal.identifiers_reading import every_prefix
from ballast.portal.identifiers_rights import changes_records, sees_prefix
from ballast.terms.handle import MAX_HANDLE_BYTES, Handle, fold, prefix_of
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer

__all__ = [
    "Given",
    "creation",
    "demand_change",
    "demand_writer",
    "done",
    "own_prefixes",
    "seconds_of",
]

_LAST_SECOND = 0xFFFFFFFF
_NOT_THERE = (ResponseCode.HANDLE_NOT_FOUND, ResponseCode.VALUES_NOT_FOUND)
_NOT_ALLOWED = (ResponseCode.INSUFFICIENT_PERMISSIONS, ResponseCode.AUTHENTICATION_NEEDED)


@dataclass(frozen=True, slots=True)
class Given:
    """One value as somebody gave it.

    Parameters
    ----------
    kind
        Its type, ``URL``.
    data
        What it says.
    public
        Whether anyone may read it, or administrators alone.
    """

    kind: str
    data: bytes
    public: bool = True


def own_prefixes(snapshot: Snapshot, viewer: Viewer) -> list[PrefixEntry]:
    """Return the prefixes under which a viewer may register now."""
    return [entry for entry in every_prefix(snapshot) if changes_records(viewer, entry)]


def demand_change(snapshot: Snapshot, viewer: Viewer, handle: str) -> PrefixEntry:
    """Return the prefix of a handle, under which a viewer may register and revoke.

    Raises
    ------
    NotPermitted, Refused
        If it is another's, or its handles are not kept here now.
    """
    prefix = prefix_of(fold(handle.encode("utf-8", "replace")))
    entry = snapshot.prefix(prefix) if prefix else None
    if entry is not None and changes_records(viewer, entry):
        return entry
    if entry is None or not sees_prefix(viewer, entry) or entry.state is PrefixState.HOMED:
        # The same words whether it is another's or nobody's.
        raise NotPermitted(
            "{prefix}: {who} may not change identifiers under this prefix; its own enterprise may",
            prefix=handle.partition("/")[0][:80],
            who=viewer.name,
        )
    raise Refused(
        "{prefix}: this node does not keep the identifiers of this prefix at present; "
        "change them at the node that does",
        prefix=entry.prefix,
    )


def seconds_of(moment: datetime | None, now: float) -> int:
    """Return when a record expires as the node counts it: epoch s, 0 for never.

    Raises
    ------
    InvalidTerm
        If it lies in the past, or where 32 bits end.
    """
    if moment is None:
        return 0
    seconds = moment.timestamp()
    if not now < seconds <= _LAST_SECOND:
        raise InvalidTerm(
            "the record would expire in the past, or after 2106; give a later moment or none"
        )
    return int(seconds)


def creation(handle: str, given: Sequence[Given], expires_at: int, *, mint: bool) -> CreateHandle:
    """Return the change that registers one identifier.

    Parameters
    ----------
    handle
        The whole handle; with ``mint`` the prefix, perhaps a slash and how the suffix begins.
    given
        The values, which take the indexes 1, 2, 3 ….
    expires_at
        Epoch s; 0 for never.
    mint
        Let the node find the rest of the suffix.

    Raises
    ------
    InvalidTerm
        If it is no handle.
    Refused
        If there are no values, or one of them is empty.

    Examples
    --------
    >>> creation("88.118.8/A", [Given("URL", b"https://example.cn")], 0, mint=False).count
    1
    """
    if mint:
        # 36 characters follow.
        Handle.parse(f"{handle if '/' in handle else handle + '/'}{'0' * 36}")
    else:
        Handle.parse(handle)
    if not given:
        raise Refused("an identifier needs a value at least, such as its address on the web")
    values = []
    for index, one in enumerate(given, start=1):
        if not one.kind.strip():
            raise Refused("value {index} has no type; give it one, such as URL", index=index)
        if not one.data:
            raise Refused("{type}: is empty; fill it in, or leave the row out", type=one.kind[:60])
        permissions = DEFAULT_PERMISSIONS if one.public else ADMIN_READ | ADMIN_WRITE
        values.append(Value(index, one.kind.strip(), one.data, permissions))
    wire = values_to_wire(values)
    return CreateHandle(
        handle.encode()[:MAX_HANDLE_BYTES], wire, len(values), mint=mint, expires_at=expires_at
    )


async def demand_writer(writer: WriterClient) -> None:
    """Refuse at once while the node's writer is away: a load must not begin that cannot be taken.

    Raises
    ------
    HomeBusy
        If it does not answer.
    """
    if await writer.statistics() is None:
        raise HomeBusy(
            "the node's writer does not run, so nothing can be registered now; what is registered "
            "can be read on. Try again shortly, or tell the administrator"
        )


def done(answer: Answer) -> Answer:
    """Return the node's answer to a change that was made.

    Raises
    ------
    BallastError
        Saying why it was not, of the class that tells pages and programs what to do.
    """
    if answer.ok:
        return answer
    raise _error(answer)


def _error(answer: Answer) -> BallastError:
    said = Label(answer.said("zh"), answer.said("en"))
    if answer.code == ResponseCode.SERVER_BUSY:
        return HomeBusy("the node answers: {reason}", reason=said)
    if answer.code in _NOT_THERE:
        return NotFound("the node answers: {reason}", reason=said)
    if answer.code == ResponseCode.HANDLE_ALREADY_EXISTS:
        return LoadConflict("the node answers: {reason}", reason=said)
    if answer.code in _NOT_ALLOWED:
        return NotPermitted("the node answers: {reason}", reason=said)
    if answer.code == ResponseCode.ERROR:
        return StorageFailed("the node answers: {reason}", reason=said)
    return Refused("the node answers: {reason}", reason=said)
