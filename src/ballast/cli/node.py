"""``node``: the identifier node of a home, made, served, asked and changed at the command line."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Annotated

import typer

from ballast.cli import node_audit, node_bulk, node_keeping, node_prefix, node_state
from ballast.cli.context import (
    FormatOption,
    HomeOption,
    create_lake,
    language,
    settings,
    tell,
)
from ballast.cli.node_opening import (
    expect,
    home_path,
    keys_folder,
    node_identity,
    open_registry,
    open_writer,
    operator,
    registry_folder,
)
from ballast.cli.node_remote import ask_server
from ballast.cli.node_values import parse_value, print_values, said_type
from ballast.cli.output import Format
from ballast.cli.serving import serve_node
from ballast.errors import NotFound, Refused, WrongUsage
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.caller import ANONYMOUS
from ballast.node.service.changes import CreateHandle
from ballast.node.service.founding import Ports, found_node
from ballast.node.service.reading import resolve as resolve_here
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.value import Value, values_from_wire, values_to_wire
from ballast.serve.listening import is_loopback

__all__ = ["node"]

node = typer.Typer(
    help="The identifier node of a home: prefixes, registration, resolution.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
node.add_typer(node_prefix.prefix, name="prefix")

_URL_INDEX = 1
_EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - recognised, not bound


@node.command()
def init(
    prefix: Annotated[
        str, typer.Argument(metavar="PREFIX", help="The node's own prefix, such as 88.118.")
    ],
    title: Annotated[str, typer.Option("--title", help="How the node is called.")] = "",
    address: Annotated[
        list[str] | None,
        typer.Option(
            "--address",
            help="IP address under which the node is reached; repeatable. BALLAST_NODE_HOST if "
            "left out.",
            show_default=False,
        ),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Make a working node for a prefix: its keys, its site, its administrator."""
    found = settings().node
    reached = _addresses(address or [found.host])
    path = create_lake(home).home.path
    _refuse_second(path)
    ports = Ports(found.port, found.http_port, found.https_port if found.certificate else 0)
    with LmdbStore.open(registry_folder(path), map_bytes=found.map_gib << 30) as store:
        made = found_node(
            store,
            prefix,
            keys_dir=keys_folder(path),
            addresses=reached,
            ports=ports,
            clock=time.time,
            random=os.urandom,
            title=title,
            actor=operator().name,
        )
    tell("{path}: the node for the prefix {prefix} is made", path=path, prefix=made.prefix)
    tell(
        "its administrator by key is {who}: {path}", who=made.administrators[0], path=made.key_file
    )
    tell(
        "its administrator by secret is {who}: {path}",
        who=made.administrators[1],
        path=made.secret_file,
    )
    if all(is_loopback(str(one)) for one in reached):
        tell("its site names this machine alone; others need its address (--address)")
    tell("`ballast node serve` starts it")


@node.command()
def serve(home: HomeOption = None) -> None:
    """Serve the node of a home until stopped (Ctrl-C); `ballast up` serves the portal as well."""
    serve_node(home_path(home))


@node.command()
def resolve(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help="Such as 88.118.8/A-1.")],
    index: Annotated[
        list[int] | None,
        typer.Option("--index", min=1, help="Values of this index; repeatable."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--type", help="Values of this type; repeatable. “URL.”: all below it."),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            "--server",
            help="Ask the node at host:port by its native protocol.",
            show_default=False,
        ),
    ] = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Also values that only administrators may read.")
    ] = False,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the values of a handle, as anybody may read them."""
    types = [said_type(one) for one in kind or []]
    indexes = list(index or [])
    if server is not None:
        if restricted:
            raise WrongUsage("--restricted and --server do not go together")
        print_values(handle, ask_server(server, handle, indexes, types), form, language())
        return
    request = ResolveRequest(handle.encode(), tuple(indexes), tuple(types))
    with open_registry(home) as store, store.snapshot() as snapshot:
        caller = operator() if restricted else ANONYMOUS
        answer = resolve_here(snapshot, request, caller, time.time())
    expect(answer)
    print_values(handle, values_from_wire(answer.values, answer.count), form, language())


@node.command()
def register(
    handle: Annotated[
        str,
        typer.Argument(metavar="HANDLE", help="Such as 88.118.8/A-1; with --mint its beginning."),
    ],
    url: Annotated[
        str | None,
        typer.Option("--url", help="Where it leads; value 1.", show_default=False),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option("--value", metavar="INDEX:TYPE=DATA", help="A value; repeatable."),
    ] = None,
    expires: Annotated[
        datetime | None,
        typer.Option("--expires", help="When it ends, UTC.", show_default=False),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the values of a handle that exists.")
    ] = False,
    mint: Annotated[
        bool, typer.Option("--mint", help="Let the node make up the rest of the handle.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Register a handle with its values, and print it."""
    values = [parse_value(one) for one in value or []]
    if url is not None:
        values.insert(0, Value(_URL_INDEX, "URL", url.encode()))
    if not values:
        raise WrongUsage("a handle needs a value: --url, or --value INDEX:TYPE=DATA")
    ends = 0 if expires is None else int(expires.replace(tzinfo=UTC).timestamp())
    change = CreateHandle(
        handle.encode(), values_to_wire(values), len(values), mint, overwrite, ends
    )
    with open_writer(home) as writer:
        answer = expect(writer.apply(change, operator()))
    named = answer.handle.decode() or handle
    tell("{handle}: registered; values: {count}", handle=named, count=len(values))
    typer.echo(named)


for command in (
    node_state.state,
    node_bulk.bulk,
    node_keeping.export,
    node_keeping.backup,
    node_keeping.restore,
    node_keeping.stats,
    node_audit.audit,
):
    node.command()(command)


def _refuse_second(home: Path) -> None:
    """Say that there is a node already, also while it runs and holds the registry."""
    try:
        with open_registry(home) as store:
            known = node_identity(store, home)
    except NotFound:
        return
    raise Refused(
        "this home has a node already, for the prefix {prefix}; nothing was changed. Give it "
        "further prefixes with `ballast node prefix allot`",
        prefix=known.prefix,
    )


def _addresses(texts: list[str]) -> list[IPv4Address | IPv6Address]:
    """Return the addresses that the site will name."""
    found: list[IPv4Address | IPv6Address] = []
    for text in texts:
        if text in _EVERYWHERE:
            raise WrongUsage(
                "{text} is every address of this machine; name with --address the one under "
                "which others reach the node",
                text=text or "''",
            )
        try:
            found.append(ip_address("127.0.0.1" if text == "localhost" else text))
        except ValueError:
            raise WrongUsage("“{text}” is no IP address", text=text[:80]) from None
    return found
