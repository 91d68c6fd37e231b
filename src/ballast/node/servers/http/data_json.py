"""The data of a value as JSON says them, both ways: ``{"format": …, "value": …}``.

Text, base64 and hex fit any type; ``admin``, ``vlist``, ``site`` and ``key``
are the layouts of the administrative types, member by member as Handle.Net's
REST interface names them. Where data would not survive the way there and back
(a key of a kind without numbers, a flag nobody knows) they are given as base64:
a client that reads a record and sends it back must not change it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from ipaddress import ip_address
from typing import Annotated, Any

import msgspec

from ballast.errors import BadValue, MalformedMessage
from ballast.node.wire.admin import Admin
from ballast.node.wire.keys import DsaPublicKey, RsaPublicKey, parse_public_key
from ballast.node.wire.site import (
    HashOption,
    Interface,
    Purpose,
    Server,
    Site,
    SiteFlag,
    Transport,
)
from ballast.node.wire.value import Reference
from ballast.node.wire.vlist import vlist_from_wire, vlist_to_wire

__all__ = ["SHAPES", "data_of_json", "is_shaped", "site_json"]

_Number = Annotated[int, msgspec.Meta(ge=0, le=0xFFFFFFFF)]
_Byte = Annotated[int, msgspec.Meta(ge=0, le=0xFF)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)]


class _Reference(msgspec.Struct):
    handle: str
    index: _Number


class _Admin(msgspec.Struct):
    handle: str
    index: _Number
    permissions: str


class _Formatted(msgspec.Struct):
    format: str
    value: msgspec.Raw


class _Interface(msgspec.Struct):
    query: bool
    admin: bool
    protocol: str
    port: _Port


class _Server(msgspec.Struct, rename="camel"):
    server_id: _Number
    address: str
    interfaces: list[_Interface] = []
    public_key: _Formatted | None = None


class _Attribute(msgspec.Struct):
    name: str
    value: str


class _Site(msgspec.Struct, rename="camel"):
    servers: list[_Server] = []
    version: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)] = 1
    protocol_version: str = "2.11"
    serial_number: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)] = 1
    primary_site: bool = True
    multi_primary: bool = False
    hash_option: _Byte = int(HashOption.WHOLE)
    hash_filter: str = ""
    attributes: list[_Attribute] = []


class _Key(msgspec.Struct):
    kty: str
    n: str = ""
    e: str = ""
    y: str = ""
    p: str = ""
    q: str = ""
    g: str = ""


def _formatted(name: str, value: object) -> dict[str, Any]:
    return {"format": name, "value": value}


def _base64(data: bytes) -> dict[str, Any]:
    return _formatted("base64", b64encode(data).decode())


def _number_json(number: bytes) -> str:
    """Return a number as a JWK has it: base64url without the sign byte and the padding."""
    return urlsafe_b64encode(number.lstrip(b"\0") or b"\0").rstrip(b"=").decode()


def _number(text: str) -> bytes:
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4)).lstrip(b"\0") or b"\0"
    return b"\0" + raw if raw[0] & 0x80 else raw


def _admin_json(data: bytes) -> dict[str, Any]:
    admin = Admin.parse(data)
    shown = {
        "handle": admin.handle,
        "index": admin.index,
        "permissions": admin.bit_string(),
    }
    return _formatted("admin", shown)


def _vlist_json(data: bytes) -> dict[str, Any]:
    members = vlist_from_wire(data)
    return _formatted("vlist", [{"handle": m.handle, "index": m.index} for m in members])


def _key_json(data: bytes) -> dict[str, Any]:
    key = parse_public_key(data)
    shown: dict[str, str] = {}
    match key:
        case RsaPublicKey():
            shown = {"kty": "RSA", "n": _number_json(key.modulus), "e": _number_json(key.exponent)}
        case DsaPublicKey():
            parts = {"y": key.y, "p": key.p, "q": key.q, "g": key.g}
            shown = {"kty": "DSA", **{name: _number_json(part) for name, part in parts.items()}}
    if shown and _key_of(msgspec.Raw(msgspec.json.encode(shown))) == data:
        return _formatted("key", shown)
    return _base64(data)


def _interface_json(port: Interface) -> dict[str, Any]:
    return {
        "query": bool(port.purpose & Purpose.RESOLUTION),
        "admin": bool(port.purpose & Purpose.ADMINISTRATION),
        "protocol": port.transport.name,
        "port": port.port,
    }


def site_json(site: Site) -> dict[str, Any]:
    """Return a site, member by member.

    Parameters
    ----------
    site
        What "get site info" answers.
    """
    shown: dict[str, Any] = {
        "version": site.format,
        "protocolVersion": f"{site.major}.{site.minor}",
        "serialNumber": site.serial,
        "primarySite": site.primary,
        "multiPrimary": bool(site.flags & SiteFlag.MULTI_PRIMARY),
    }
    if site.hash_option != HashOption.WHOLE:
        shown["hashOption"] = int(site.hash_option)
    if site.hash_filter:
        shown["hashFilter"] = site.hash_filter
    shown["attributes"] = [{"name": name, "value": text} for name, text in site.attributes]
    shown["servers"] = []
    for server in site.servers:
        told: dict[str, Any] = {"serverId": server.id, "address": str(server.address)}
        if server.public_key:
            told["publicKey"] = _key_or_base64(server.public_key)
        told["interfaces"] = [_interface_json(port) for port in server.interfaces]
        shown["servers"].append(told)
    return shown


def _key_or_base64(data: bytes) -> dict[str, Any]:
    try:
        return _key_json(data)
    except MalformedMessage:
        return _base64(data)


def _site_json(data: bytes) -> dict[str, Any]:
    shown = site_json(Site.parse(data))
    try:
        same = _site_of(msgspec.Raw(msgspec.json.encode(shown))) == data
    except (BadValue, ValueError):
        same = False
    return _formatted("site", shown) if same else _base64(data)


SHAPES: dict[str, Callable[[bytes], dict[str, Any]]] = {
    "HS_ADMIN": _admin_json,
    "HS_VLIST": _vlist_json,
    "HS_PUBKEY": _key_json,
    "HS_SITE": _site_json,
    "HS_NA_DELEGATE": _site_json,
}
"""Types whose data have a layout of their own, and what shows it (``MalformedMessage`` where the
data do not have it)."""


def is_shaped(kind: str) -> bool:
    """Tell whether data of a type have a layout, so that text cannot be meant."""
    return kind.upper() in SHAPES


def _decoded(raw: msgspec.Raw, kind: Any) -> Any:
    return msgspec.json.decode(raw, type=kind, strict=False)


def _admin_of(raw: msgspec.Raw) -> bytes:
    given: _Admin = _decoded(raw, _Admin)
    return Admin(Admin.from_bit_string(given.permissions), given.handle, given.index).to_wire()


def _vlist_of(raw: msgspec.Raw) -> bytes:
    given: list[_Reference] = _decoded(raw, list[_Reference])
    return vlist_to_wire([Reference(one.handle, one.index) for one in given])


def _key_of(raw: msgspec.Raw) -> bytes:
    given: _Key = _decoded(raw, _Key)
    if given.kty == "RSA" and given.n and given.e:
        return RsaPublicKey(_number(given.e), _number(given.n)).to_wire()
    if given.kty == "DSA" and given.y and given.p and given.q and given.g:
        q, p, g, y = (_number(part) for part in (given.q, given.p, given.g, given.y))
        return DsaPublicKey(q, p, g, y).to_wire()
    raise BadValue(
        "the key is of the kind “{kind}”; RSA (n, e) and DSA (y, p, q, g) are taken as numbers, "
        "others as base64",
        kind=given.kty[:20],
    )


def _server_of(given: _Server) -> Server:
    ports = []
    for port in given.interfaces:
        purpose = 2 * port.query + port.admin
        if port.protocol.upper() not in Transport.__members__ or not purpose:
            raise BadValue(
                "an interface of the site is neither for questions nor for administration, or its "
                "protocol is none of UDP, TCP, HTTP, HTTPS"
            )
        ports.append(Interface(Purpose(purpose), Transport[port.protocol.upper()], port.port))
    key = b""
    if given.public_key is not None:
        key = data_of_json("HS_PUBKEY", given.public_key.format, bytes(given.public_key.value))
    return Server(given.server_id, ip_address(given.address), key, tuple(ports))


def _site_of(raw: msgspec.Raw) -> bytes:
    given: _Site = _decoded(raw, _Site)
    major, _, minor = given.protocol_version.partition(".")
    version = int(major), int(minor)
    if not all(0 <= part <= 255 for part in version):
        raise BadValue("the site speaks version {version}", version=given.protocol_version[:20])
    flags = SiteFlag(0)
    if given.primary_site:
        flags |= SiteFlag.PRIMARY
    if given.multi_primary:
        flags |= SiteFlag.MULTI_PRIMARY
    return Site(
        tuple([_server_of(server) for server in given.servers]),
        given.serial_number,
        flags,
        HashOption(given.hash_option),
        given.hash_filter,
        tuple([(pair.name, pair.value) for pair in given.attributes]),
        *version,
        given.version,
    ).to_wire()


_READERS: dict[str, Callable[[msgspec.Raw], bytes]] = {
    "admin": _admin_of,
    "vlist": _vlist_of,
    "key": _key_of,
    "site": _site_of,
}


def data_of_json(kind: str, form: str, raw: bytes) -> bytes:
    """Return the bytes of data that say their format.

    Parameters
    ----------
    kind
        The type of the value.
    form
        The format.
    raw
        The JSON under ``value``.

    Raises
    ------
    BadValue
        If the format is unknown, or the data have not the layout of their type.
    BallastError, msgspec.MsgspecError, ValueError
        If the value is not of the format.

    Examples
    --------
    >>> data_of_json("URL", "hex", b'"68"')
    b'h'
    """
    read = _READERS.get(form)
    if read is not None:
        data = read(msgspec.Raw(raw))
    elif form == "string":
        text: str = msgspec.json.decode(raw, type=str)
        data = text.encode()
    elif form == "base64":
        data = b64decode(msgspec.json.decode(raw, type=str), validate=True)
    elif form == "hex":
        data = bytes.fromhex(msgspec.json.decode(raw, type=str))
    else:
        known = ", ".join(["string", "base64", "hex", *_READERS])
        raise BadValue(
            "the format is “{format}”; the formats are {known}", format=form[:40], known=known
        )
    if (shape := SHAPES.get(kind.upper())) is not None:
        shape(data)
    return data
