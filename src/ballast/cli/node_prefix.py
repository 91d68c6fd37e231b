"""``node prefix``: which prefixes the node has, whose they are, where their handles are kept."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)

from ballast.cli.context import FormatOption, HomeOption, language, tell
from ballast.cli.node_opening import expect, open_registry, open_writer, operator
from ballast.cli.output import Format, Shown, print_rows
from ballast.errors import NotFound, StorageFailed, UnreadableFile, WrongUsage
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.store import Snapshot
from ballast.node.service.changes import AllotPrefix, ChangePrefix, WithdrawPrefix
from ballast.node.wire.keys import public_key_value
from ballast.node.wire.site import Interface, Purpose, Server, Site, Transport
from ballast.terms.handle import fold, prefix_handle
from ballast.terms.label import Label
from ballast.words import say

__all__ = ["prefix"]

prefix = typer.Typer(
    help="The prefixes that the node has allotted, and whose they are.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

STATE_LABELS = {
    PrefixState.HOMED: Label("本节点保存", "kept here"),
    PrefixState.DELEGATED: Label("企业节点保存", "kept by the enterprise"),
    PrefixState.UNHOMED: Label("暂不解析", "not answered for"),
}
_PAGE = 5_000
_KEY_BITS = 2048

PrefixArgument = Annotated[str, typer.Argument(metavar="PREFIX", help="Such as 88.118.8.")]


@prefix.command("list")
def list_(home: HomeOption = None, form: FormatOption = Format.TABLE) -> None:
    """List the prefixes with their enterprises and how many handles stand under each."""
    words = language()
    with open_registry(home) as store, store.snapshot() as snapshot:
        found = _prefixes(snapshot)
    rows = [
        {
            "prefix": entry.prefix,
            "state": _state(entry.state, form),
            "uscc": entry.uscc,
            "enterprise": entry.enterprise,
            "contact": entry.contact,
            "allotted_at": datetime.fromtimestamp(entry.allotted_at, UTC),
            "handles": entry.count,
        }
        for entry in found
    ]
    shown = [
        Shown("prefix", say("prefix", words)),
        Shown("state", say("state", words)),
        Shown("uscc", say("enterprise code", words)),
        Shown("enterprise", say("enterprise", words)),
        Shown("contact", say("contact", words)),
        Shown("allotted_at", say("allotted", words)),
        Shown("handles", say("handles", words), 0),
    ]
    print_rows(pl.DataFrame(rows, schema=[one.name for one in shown]), shown, form, words)


@prefix.command()
def allot(
    prefix_: PrefixArgument,
    uscc: Annotated[
        str, typer.Option("--uscc", help="Unified social credit code of the enterprise.")
    ],
    enterprise: Annotated[str, typer.Option("--enterprise", help="Name of the enterprise.")],
    contact: Annotated[
        str, typer.Option("--contact", help="A person or an office that can be reached.")
    ] = "",
    public_key: Annotated[
        Path | None,
        typer.Option("--public-key", help="The enterprise's public key (PEM).", show_default=False),
    ] = None,
    key_out: Annotated[
        Path | None,
        typer.Option(
            "--key-out", help="Make a key pair; its private key goes here.", show_default=False
        ),
    ] = None,
    secret_out: Annotated[
        Path | None,
        typer.Option(
            "--secret-out", help="Make a secret for REST; it goes here.", show_default=False
        ),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Allot a prefix to an enterprise, with the keys of its administrator."""
    if public_key and key_out:
        raise WrongUsage("--public-key and --key-out do not go together; it has one key")
    written: list[Path] = []
    try:
        with open_writer(home) as writer:
            key = None if public_key is None else _public_key(public_key)
            if key_out is not None:
                key = _new_key(key_out)
                written.append(key_out)
            secret = None
            if secret_out is not None:
                secret = base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=")
                _write_private(secret_out, secret + b"\n")
                written.append(secret_out)
            change = AllotPrefix(prefix_, uscc, enterprise, contact, key, secret)
            expect(writer.apply(change, operator()))
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    tell("{prefix}: allotted to {enterprise}", prefix=prefix_, enterprise=enterprise)
    own = prefix_handle(prefix_)
    if key_out is not None:
        tell("the private key of 300:{handle} is in {path}", handle=own, path=key_out)
    if secret_out is not None:
        tell("the secret of 301:{handle} is in {path}", handle=own, path=secret_out)
    if key is None and secret is None:
        tell("its administrator has no key yet: only this command line can register under it")


@prefix.command()
def delegate(
    prefix_: PrefixArgument,
    address: Annotated[
        list[str],
        typer.Option("--address", help="IP address of the enterprise's node; repeatable."),
    ],
    port: Annotated[
        int, typer.Option("--port", min=1, max=65_535, help="Its native port, UDP and TCP.")
    ] = 2641,
    http_port: Annotated[
        int, typer.Option("--http-port", min=0, max=65_535, help="Its HTTP port; 0: none.")
    ] = 0,
    home: HomeOption = None,
) -> None:
    """Send whoever asks for a prefix to the enterprise's own node."""
    site = _site(address, port, http_port)
    with open_writer(home) as writer:
        expect(writer.apply(ChangePrefix(prefix_, delegated_site=site.to_wire()), operator()))
    tell(
        "{prefix}: is answered for by the enterprise's node at {addresses}",
        prefix=prefix_,
        addresses=", ".join(address),
    )


@prefix.command()
def recall(prefix_: PrefixArgument, home: HomeOption = None) -> None:
    """Keep the handles of a delegated prefix here again."""
    with open_writer(home) as writer:
        expect(writer.apply(ChangePrefix(prefix_, delegated_site=b""), operator()))
    tell("{prefix}: is kept here", prefix=prefix_)


@prefix.command()
def withdraw(prefix_: PrefixArgument, home: HomeOption = None) -> None:
    """Take a prefix back from its enterprise; it must have no handles any more."""
    with open_registry(home) as store, store.snapshot() as snapshot:
        known = snapshot.prefix(fold(prefix_.encode("utf-8", "replace")))
    if known is None:
        raise NotFound(
            "{prefix}: was not allotted here; `ballast node prefix list` lists them",
            prefix=prefix_,
        )
    with open_writer(home) as writer:
        expect(writer.apply(WithdrawPrefix(known.prefix), operator()))
    tell("{prefix}: withdrawn from {enterprise}", prefix=known.prefix, enterprise=known.enterprise)


def _prefixes(snapshot: Snapshot) -> list[PrefixEntry]:
    found: list[PrefixEntry] = []
    after: bytes | None = None
    while page := snapshot.prefixes(after, _PAGE):
        found += page
        after = fold(page[-1].prefix.encode())
    return found


def _state(state: PrefixState, form: Format) -> str:
    if form is Format.TABLE:
        return STATE_LABELS[state].text(language())
    return state.name.lower()


def _site(addresses: list[str], port: int, http_port: int) -> Site:
    interfaces = [
        Interface(Purpose.BOTH, Transport.TCP, port),
        Interface(Purpose.RESOLUTION, Transport.UDP, port),
    ]
    if http_port:
        interfaces.append(Interface(Purpose.BOTH, Transport.HTTP, http_port))
    servers = []
    for number, text in enumerate(addresses, 1):
        try:
            found = ip_address(text)
        except ValueError:
            raise WrongUsage("“{text}” is no IP address", text=text[:80]) from None
        servers.append(Server(number, found, interfaces=tuple(interfaces)))
    return Site(tuple(servers))


def _public_key(path: Path) -> bytes:
    """Return the data of an HS_PUBKEY value for a public key in PEM form."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise UnreadableFile(
            "{path}: the key cannot be read ({reason})", path=path, reason=error.strerror
        ) from None
    except ValueError:
        raise UnreadableFile("{path}: this is no public key in PEM form", path=path) from None
    if not isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey):
        raise UnreadableFile("{path}: keys of RSA and DSA are understood here", path=path)
    return public_key_value(key).to_wire()


def _new_key(path: Path) -> bytes:
    """Write a new private key and return the data of the HS_PUBKEY value that goes with it."""
    key = rsa.generate_private_key(65537, _KEY_BITS)
    _write_private(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return public_key_value(key.public_key()).to_wire()


def _write_private(path: Path, content: bytes) -> None:
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WrongUsage("{path}: exists already; name another file", path=path) from None
    except OSError as error:
        raise StorageFailed(
            "{path}: cannot be written ({reason})", path=path, reason=error.strerror
        ) from None
    with os.fdopen(opened, "wb") as file:
        file.write(content)
