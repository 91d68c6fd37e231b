"""Founding a node: from nothing to one that answers, signs in its administrator and takes changes.

One call, because a node with a prefix but no key, or with a key that no record
knows, answers and cannot be changed by anyone. Key files are written first,
then everything else in one transaction, so that either the node is there with
its keys or nothing is; what was there already is never overwritten.

Where the parts lie: ``0.NA/<prefix>`` holds the site (1), the rights (100) of
the list of administrators (200), which are the public key (300) and the secret
key (301), the latter readable by administrators alone.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from ballast.errors import Refused
from ballast.node.registry import audit
from ballast.node.registry.entries import EventDraft, EventKind, PrefixEntry, PrefixState
from ballast.node.registry.records import pack_record, record_of
from ballast.node.registry.store import Snapshot, Store, Transaction
from ballast.node.service.key_files import (
    ADMIN_KEY,
    ADMIN_SECRET,
    AUDIT_KEY,
    AUDIT_SEALS,
    PUBLIC_KEY_INDEX,
    SECRET_INDEX,
    SERVER_KEY,
    NewKeys,
    new_keys,
    node_signer,
    write_keys,
)
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.site import Interface, Purpose, Server, Site, Transport
from ballast.node.wire.value import DEFAULT_PERMISSIONS, SECRET_PERMISSIONS, Reference, Value
from ballast.node.wire.vlist import vlist_to_wire
from ballast.terms.handle import Handle, prefix_handle

__all__ = [
    "ADMIN_KEY",
    "ADMIN_SECRET",
    "AUDIT_KEY",
    "AUDIT_SEALS",
    "PREFIX_META",
    "PROVENANCE_META",
    "SERVER_KEY",
    "SITE_META",
    "TITLE_META",
    "Founded",
    "Identity",
    "Ports",
    "found_node",
    "founded_identity",
    "node_signer",
]

PREFIX_META, SITE_META, TITLE_META = "prefix", "site", "title"
"""Under which names the registry keeps the node's own prefix, the data of its HS_SITE and how it
is called (UTF-8 each, the site as its bytes)."""
PROVENANCE_META = "provenance"
"""Under which name the registry keeps whether its data are ``real`` or ``synthetic``; missing:
real. The lake says it of every row that comes from the node."""

SITE_INDEX, RIGHTS_INDEX, LIST_INDEX = 1, 100, 200
_MAX_PREFIX_BYTES = 200
_MAX_TITLE = 200
_PREFIX = re.compile(r"[^\s/\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that the site names; 0 leaves one out.

    Parameters
    ----------
    native
        UDP and TCP of the native protocol; Chinese clients take up to 9999 only.
    http, https
        The REST interface.
    """

    native: int = 2641
    http: int = 8000
    https: int = 0


@dataclass(frozen=True, slots=True)
class Founded:
    """What was made.

    Parameters
    ----------
    prefix
        The prefix of the node.
    node_id
        Who this node is.
    administrators
        The identities that may do everything under the prefix: by public key, by secret key.
    key_file, secret_file
        Where the private key and the secret lie.
    site
        The data of the HS_SITE value, as they are answered to a request for site information.
    """

    prefix: str
    node_id: str
    administrators: tuple[Reference, ...]
    key_file: Path
    secret_file: Path
    site: bytes


@dataclass(frozen=True, slots=True)
class Identity:
    """What a node says of itself.

    Parameters
    ----------
    prefix
        Its own prefix.
    title
        How it is called.
    site
        The data of its HS_SITE value.
    """

    prefix: str
    title: str
    site: bytes


def founded_identity(snapshot: Snapshot) -> Identity | None:
    """Return what a node says of itself, or None where no node was founded."""
    prefix = snapshot.meta(PREFIX_META)
    if prefix is None:
        return None
    title, site = snapshot.meta(TITLE_META) or b"", snapshot.meta(SITE_META) or b""
    return Identity(prefix.decode(), title.decode(), site)


def found_node(
    store: Store,
    prefix: str,
    *,
    keys_dir: Path,
    addresses: Iterable[IPv4Address | IPv6Address],
    ports: Ports,
    clock: Callable[[], float],
    random: Callable[[int], bytes],
    title: str = "",
    actor: str = "operator",
) -> Founded:
    """Make a working node for a prefix: its keys, its site, its records, its first audit entry.

    Takes about half a second, for the keys (``key_files.new_keys``).

    Parameters
    ----------
    store
        An open registry without a node; the writer's place is the caller's.
    prefix
        ``88.118.8``.
    keys_dir
        ``<home>/node/keys``, which must not be there yet; made for its owner alone (0700, its
        files 0600).
    addresses
        Under which the node is reached; what the site tells clients.
    ports
        Likewise.
    clock
        Epoch seconds.
    random
        ``random(n)`` gives n unpredictable bytes.
    title
        How the node is called on its pages and in its site.
    actor
        Who does it, for the audit trail.

    Raises
    ------
    Refused
        If the prefix is none, or a node or keys are there already: nothing was changed.
    StorageFailed
        If the disk says no: nothing was changed.
    """
    checked = _checked_prefix(prefix)
    reached = tuple(addresses)
    if not reached:
        raise Refused("a node needs an address; give the one under which it is reached")
    if len(title) > _MAX_TITLE:
        raise Refused("the name of a node has at most {most} signs", most=_MAX_TITLE)
    with store.snapshot() as moment:
        known = founded_identity(moment)
        if known is not None or moment.prefix(checked.encode().lower()) is not None:
            raise Refused(
                "this home has a node already, for the prefix {prefix}; nothing was changed. "
                "Give it further prefixes with `ballast node prefix allot`",
                prefix=known.prefix if known else checked,
            )
    now = clock()
    keys = new_keys(random)
    site = _site(reached, ports, keys.server, title).to_wire()
    write_keys(keys_dir, keys.files)
    try:
        with store.write() as transaction:
            values = _prefix_values(checked, keys, site, int(now))
            _put_all(transaction, checked, title, site, values, now, actor)
    except BaseException:
        shutil.rmtree(keys_dir, ignore_errors=True)
        raise
    own = prefix_handle(checked)
    return Founded(
        prefix=checked,
        node_id=store.node_id,
        administrators=(Reference(own, PUBLIC_KEY_INDEX), Reference(own, SECRET_INDEX)),
        key_file=keys_dir / ADMIN_KEY,
        secret_file=keys_dir / ADMIN_SECRET,
        site=site,
    )


def _checked_prefix(prefix: str) -> str:
    """Return a prefix that can be one: parts between dots, none empty, no slash."""
    well_formed = _PREFIX.fullmatch(prefix) and all(prefix.split("."))
    if not well_formed or prefix.upper() == "0.NA":
        raise Refused("“{prefix}” is no prefix; write one such as 88.118.8", prefix=prefix[:80])
    Handle.parse(prefix_handle(prefix))
    if len(prefix.encode()) > _MAX_PREFIX_BYTES:
        raise Refused("a prefix has at most {most} bytes", most=_MAX_PREFIX_BYTES)
    return prefix


def _site(
    addresses: tuple[IPv4Address | IPv6Address, ...], ports: Ports, key: bytes, title: str
) -> Site:
    """Return the site: one server an address, all with the same ports and key."""
    interfaces = [
        Interface(Purpose.BOTH, transport, port)
        for transport, port in (
            (Transport.TCP, ports.native),
            (Transport.HTTP, ports.http),
            (Transport.HTTPS, ports.https),
        )
        if port
    ]
    if ports.native:
        # Over UDP nothing can be administered for long: answers to changes are not repeated.
        interfaces.append(Interface(Purpose.RESOLUTION, Transport.UDP, ports.native))
    servers = tuple(
        Server(number, address, key, tuple(interfaces))
        for number, address in enumerate(addresses, 1)
    )
    attributes = (("desc", title),) if title else ()
    return Site(servers, attributes=attributes)


def _prefix_values(prefix: str, keys: NewKeys, site: bytes, now: int) -> tuple[Value, ...]:
    own = prefix_handle(prefix)
    members = (Reference(own, PUBLIC_KEY_INDEX), Reference(own, SECRET_INDEX))
    rows = (
        (SITE_INDEX, "HS_SITE", site, DEFAULT_PERMISSIONS),
        (
            RIGHTS_INDEX,
            "HS_ADMIN",
            Admin(ALL_PERMISSIONS, own, LIST_INDEX).to_wire(),
            DEFAULT_PERMISSIONS,
        ),
        (LIST_INDEX, "HS_VLIST", vlist_to_wire(members), DEFAULT_PERMISSIONS),
        (PUBLIC_KEY_INDEX, "HS_PUBKEY", keys.public, DEFAULT_PERMISSIONS),
        (SECRET_INDEX, "HS_SECKEY", keys.secret, SECRET_PERMISSIONS),
    )
    return tuple(
        Value(index, kind, data, permissions, timestamp=now)
        for index, kind, data, permissions in rows
    )


def _put_all(
    transaction: Transaction,
    prefix: str,
    title: str,
    site: bytes,
    values: tuple[Value, ...],
    now: float,
    actor: str,
) -> None:
    own = prefix_handle(prefix)
    record = record_of(own.encode(), values, int(now))
    transaction.put_prefix(
        PrefixEntry(prefix, PrefixState.HOMED, enterprise=title, allotted_at=int(now))
    )
    transaction.put_record(record.key, pack_record(record))
    transaction.put_meta(PREFIX_META, prefix.encode())
    transaction.put_meta(TITLE_META, title.encode())
    transaction.put_meta(SITE_META, site)
    at = int(now * 1000)
    transaction.append_events(
        [EventDraft(at, EventKind.PREFIX_ALLOTTED, prefix, (own.encode(),), actor)]
    )
    audit.note(
        transaction,
        at=at,
        action="found",
        subject=own,
        outcome=int(ResponseCode.SUCCESS),
        actor=actor,
        channel="local",
    )
