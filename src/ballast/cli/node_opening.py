"""What the commands of the node share: its registry, its writer, who asks, what is refused.

Reading opens the registry for reading, whether the node runs or not. Writing
goes to the writer that runs, or takes its place for the length of the command;
either way the change is judged as the operator's, who has every right and
whose name stands in the audit trail.
"""

from __future__ import annotations

from pathlib import Path

from ballast.cli.context import language, settings, viewer
from ballast.errors import NotFound, Refused
from ballast.node.registry.lmdb_store import FILE, LmdbStore
from ballast.node.service.answers import Answer
from ballast.node.service.caller import Caller
from ballast.node.service.founding import Identity, founded_identity
from ballast.node.writer.local import Writing, connect

__all__ = [
    "expect",
    "home_path",
    "keys_folder",
    "no_node",
    "node_identity",
    "open_registry",
    "open_writer",
    "operator",
    "registry_folder",
]


def home_path(home: Path | None) -> Path:
    """Return the home that a command is about."""
    return home or settings().home


def registry_folder(home: Path) -> Path:
    """Return where the records of a home's node lie."""
    return home / "node" / "registry"


def keys_folder(home: Path) -> Path:
    """Return where the keys of a home's node lie."""
    return home / "node" / "keys"


def no_node(home: Path) -> NotFound:
    """Return what is said where a home has no node."""
    return NotFound(
        "{path}: this home has no identifier node; make one with `ballast node init`", path=home
    )


def open_registry(home: Path | None) -> LmdbStore:
    """Open the registry of a home's node for reading.

    Raises
    ------
    NotFound
        If the home has no node.
    """
    path = home_path(home)
    if not (registry_folder(path) / FILE).is_file():
        raise no_node(path)
    return LmdbStore.open(registry_folder(path), readonly=True)


def node_identity(store: LmdbStore, home: Path | None) -> Identity:
    """Return what the node of a home says of itself.

    Raises
    ------
    NotFound
        If a registry is there, but no node was founded in it.
    """
    with store.snapshot() as snapshot:
        found = founded_identity(snapshot)
    if found is None:
        raise no_node(home_path(home))
    return found


def open_writer(home: Path | None) -> Writing:
    """Open a way to write to the node of a home.

    Raises
    ------
    NotFound
        If the home has no node.
    """
    path = home_path(home)
    if not (registry_folder(path) / FILE).is_file():
        raise no_node(path)
    return connect(path, map_bytes=settings().node.map_gib << 30)


def operator() -> Caller:
    """Return who runs the command, as the node knows it: with every right, by name."""
    return Caller(channel="local", local=True, person=viewer().name)


def expect(answer: Answer) -> Answer:
    """Return an answer that says it was done.

    Raises
    ------
    Refused
        If it was not, with the reason and the protocol's code.
    """
    if not answer.ok:
        raise Refused(
            "{reason} (code {code})", reason=answer.said(language()), code=int(answer.code)
        )
    return answer
