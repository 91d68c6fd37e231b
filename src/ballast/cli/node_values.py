"""Handle values on the command line: how they are written, and how they are shown to eyes.

A secret key is never shown, whoever asks, and is not taken as an argument:
arguments stand in the history of the shell and in the list of processes.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
import typer

from ballast.cli.output import Format, Shown, print_rows
from ballast.errors import MalformedMessage, WrongUsage
from ballast.node.servers.http.record_json import record_body
from ballast.node.service.values import SECRET_TYPE
from ballast.node.wire.admin import Admin
from ballast.node.wire.keys import DsaPublicKey, RsaPublicKey, parse_public_key
from ballast.node.wire.site import Site
from ballast.node.wire.value import Value, values_to_wire
from ballast.node.wire.vlist import vlist_from_wire
from ballast.terms.label import Language
from ballast.words import say, visible

__all__ = ["parse_value", "print_values", "shown_data"]

_WRITTEN = re.compile(r"([0-9]{1,10}):([^=]+)=(.*)", re.DOTALL)
_MOST_INDEX = 0xFFFFFFFF
_BINARY_SHOWN = 48
_LETTERS = "rwrw"


def parse_value(text: str) -> Value:
    """Return the value that ``INDEX:TYPE=DATA`` writes.

    Raises
    ------
    WrongUsage
        If it is written otherwise, or holds a secret.

    Examples
    --------
    >>> parse_value("2:DESC=阀门").data.decode()
    '阀门'
    """
    found = _WRITTEN.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= _MOST_INDEX:
        raise WrongUsage(
            "“{text}” is no value; write INDEX:TYPE=DATA, such as 2:DESC=valve", text=text[:80]
        )
    kind = found[2].strip()
    if kind.upper() == SECRET_TYPE:
        raise WrongUsage(
            "a secret does not belong on a command line, where others can read it; put it into "
            "a file for `ballast node bulk`"
        )
    return Value(int(found[1]), kind, found[3].encode())


def shown_data(value: Value, language: Language) -> str:
    """Return the data of a value for eyes: text as it is, what has a shape in words."""
    kind = value.type.upper()
    if kind == SECRET_TYPE:
        return say("(secret, not shown)", language)
    try:
        shaped = _shaped(kind, value.data)
    except MalformedMessage:
        shaped = None
    if shaped is not None:
        return shaped
    try:
        return value.data.decode()
    except UnicodeDecodeError:
        whole = base64.b64encode(value.data).decode()
        return f"base64 {whole[:_BINARY_SHOWN]}{'…' if len(whole) > _BINARY_SHOWN else ''}"


def _shaped(kind: str, data: bytes) -> str | None:
    """Return the data of an administrative value in words."""
    match kind:
        case "HS_ADMIN":
            admin = Admin.parse(data)
            return f"{admin.index}:{admin.handle} {admin.bit_string()}"
        case "HS_VLIST":
            return ", ".join(str(member) for member in vlist_from_wire(data))
        case "HS_SITE":
            return "; ".join(
                f"{server.address} "
                + ", ".join(f"{one.transport.name} {one.port}" for one in server.interfaces)
                for server in Site.parse(data).servers
            )
        case "HS_PUBKEY":
            key = parse_public_key(data)
            if isinstance(key, RsaPublicKey | DsaPublicKey):
                return f"{key.kind} {key.to_cryptography().key_size} bit"
            return key.kind
    return None


def print_values(handle: str, values: Sequence[Value], form: Format, language: Language) -> None:
    """Print the values of a handle: a table, CSV, or JSON in the shape of the REST interface."""
    if form is Format.JSON:
        hidden = [
            value if value.type.upper() != SECRET_TYPE else _emptied(value) for value in values
        ]
        body, _ = record_body(handle.encode(), values_to_wire(hidden), len(hidden))
        told = {"handle": handle, "values": json.loads(body)["values"]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    rows = [
        {
            "index": value.index,
            "type": value.type,
            "data": shown_data(value, language),
            "permissions": _permissions(value),
            "ttl": _ttl(value),
            "changed_at": datetime.fromtimestamp(value.timestamp, UTC),
        }
        for value in values
    ]
    shown = [
        # A name and not a figure: 1900, as it is asked for, never 1,900.
        Shown("index", say("index", language)),
        Shown("type", say("type", language)),
        Shown("data", say("data", language)),
        Shown("permissions", say("permissions", language)),
        Shown("ttl", say("cached for", language)),
        Shown("changed_at", say("changed", language)),
    ]
    frame = pl.DataFrame(rows, schema=[one.name for one in shown])
    print_rows(frame, shown, form, language)


def _emptied(value: Value) -> Value:
    return Value(value.index, value.type, b"", value.permissions, timestamp=value.timestamp)


def _permissions(value: Value) -> str:
    """Return the permissions as letters: administrators read and write, everybody does."""
    bits = (value.admin_read, value.admin_write, value.public_read, value.public_write)
    letters = [letter if bit else "-" for letter, bit in zip(_LETTERS, bits, strict=True)]
    return "".join(letters[:2]) + " " + "".join(letters[2:])


def _ttl(value: Value) -> str:
    if value.ttl_absolute:
        return f"{datetime.fromtimestamp(value.ttl, UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"{value.ttl} s"


def said_type(text: str) -> str:
    """Return a type of value as it can be asked for.

    Raises
    ------
    WrongUsage
        If it holds what no type holds.
    """
    if not text or visible(text) != text:
        raise WrongUsage("“{text}” is no type of value; write one such as URL", text=text[:80])
    return text
