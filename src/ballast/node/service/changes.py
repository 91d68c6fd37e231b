"""What can be changed at a node, as data that travels: one frozen type for each change.

Workers answer questions; one process writes. What a worker wants written goes
through a socket, so a change is a value and not a call: it can be packed,
queued, applied together with others in one commit, and tried again. Plain
method calls over a remote object would tie the two processes to one version
of each other's code, and could not be grouped.

Handles travel as the bytes that were asked for (UTF-8, at most 2,048), values
as they stand in a native message (``Value.to_wire()`` one after the other),
so that the worker need not build objects that the writer would take apart.
Times are seconds since 1970, UTC. ``apply`` in ``changing`` judges and applies
them; nothing here is trusted.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class _Change(msgspec.Struct, frozen=True, kw_only=False, tag_field="change", tag=True):
    """A change that can be packed; the field ``change`` says which."""


class CreateHandle(_Change, frozen=True):
    """Register a handle with its values.

    Parameters
    ----------
    handle
        The whole handle; with ``mint`` the prefix, "/" and the beginning of the new suffix, which
        may be empty.
    values, count
        The values in wire form, and how many.
    mint
        Append a new suffix to ``handle`` (a UUID of version 4).
    overwrite
        Replace the values where the handle exists, instead of refusing (101).
    expires_at
        When the record expires, in seconds since 1970; 0 for never.
    """

    handle: bytes
    values: bytes = b""
    count: int = 0
    mint: bool = False
    overwrite: bool = False
    expires_at: int = 0


class DeleteHandle(_Change, frozen=True):
    """Delete a handle with all its values."""

    handle: bytes


class AddValues(_Change, frozen=True):
    """Add values to a handle; with ``overwrite``, values of the same index are replaced."""

    handle: bytes
    values: bytes
    count: int
    overwrite: bool = False


class ModifyValues(_Change, frozen=True):
    """Replace values of a handle by those of the same index; every index must exist."""

    handle: bytes
    values: bytes
    count: int


class RemoveValues(_Change, frozen=True):
    """Remove the values of these indexes."""

    handle: bytes
    indexes: tuple[int, ...]


class HomePrefix(_Change, frozen=True):
    """Take a prefix in: the node answers for its handles. ``handle`` is ``0.NA/<prefix>``."""

    handle: bytes


class UnhomePrefix(_Change, frozen=True):
    """Let a prefix go: the node answers 301 for its handles, and keeps the records."""

    handle: bytes


class AllotPrefix(_Change, frozen=True):
    """Allot a new prefix to an enterprise: the entry, ``0.NA/<prefix>`` and its keys at once.

    Parameters
    ----------
    prefix
        The prefix, ``88.118.8``.
    uscc
        The unified social credit code of the enterprise; it is checked.
    enterprise
        The name of the enterprise.
    contact
        A person or an office that can be reached.
    public_key
        The data of an ``HS_PUBKEY`` value for the administrator ``300:0.NA/<prefix>``.
    secret
        The data of an ``HS_SECKEY`` value for the administrator ``301:0.NA/<prefix>``; with both
        keys, both are administrators.
    delegated_site
        The data of an ``HS_SITE`` value: the enterprise keeps a node of its own, to which
        questions are referred. Nothing where the handles are kept here.
    """

    prefix: str
    uscc: str
    enterprise: str
    contact: str = ""
    public_key: bytes | None = None
    secret: bytes | None = None
    delegated_site: bytes | None = None


class ChangePrefix(_Change, frozen=True):
    """Change whose prefix it is, its keys, or where its handles are kept; what is None stays.

    With another ``uscc`` all administrators and keys of the enterprise before are taken off
    ``0.NA/<prefix>``; give new ones.

    Parameters
    ----------
    prefix
        The prefix.
    uscc, enterprise
        The enterprise from now on; both together.
    contact
        A person or an office that can be reached.
    public_key, secret
        As for ``AllotPrefix``; they replace those there are.
    delegated_site
        The data of an ``HS_SITE`` value: refer to the enterprise's own node from now on; empty:
        the handles are kept here again.
    """

    prefix: str
    uscc: str | None = None
    enterprise: str | None = None
    contact: str | None = None
    public_key: bytes | None = None
    secret: bytes | None = None
    delegated_site: bytes | None = None


class WithdrawPrefix(_Change, frozen=True):
    """Take a prefix from its enterprise for good; it must have no handles any more."""

    prefix: str


class SetState(_Change, frozen=True):
    """Revoke, restore or renew a record; what is ``None`` stays.

    Parameters
    ----------
    handle
        The handle of the record.
    state
        A number of ``registry.records.RecordState``.
    expires_at
        When it expires, in seconds since 1970; 0 for never.
    reason
        Why, for the audit trail.
    """

    handle: bytes
    state: int | None = None
    expires_at: int | None = None
    reason: str = ""


class AddDaily(_Change, frozen=True):
    """Add resolutions to the counts of the present day, by folded prefix."""

    resolved: dict[bytes, int]


class NoteAudit(_Change, frozen=True):
    """Put something into the audit trail that changed nothing: a login, a refusal at the door."""

    action: str
    subject: str
    outcome: int
    detail: str = ""


class ForgetOutbox(_Change, frozen=True):
    """Drop the events up to this sequence number: the lake has them."""

    up_to: int


Change: TypeAlias = (
    CreateHandle
    | DeleteHandle
    | AddValues
    | ModifyValues
    | RemoveValues
    | HomePrefix
    | UnhomePrefix
    | AllotPrefix
    | ChangePrefix
    | WithdrawPrefix
    | SetState
    | AddDaily
    | NoteAudit
    | ForgetOutbox
)
