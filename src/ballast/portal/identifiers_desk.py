"""The portal's way to the node of its home: reading its registry, writing through its writer.

Reading opens the registry's files themselves and needs no process of the node,
so what is registered can be looked up while the node is down; asking the
node's own door instead would make the portal only as available as that. A
node may be founded, or restored from a backup, while the portal runs: what is
open is compared with the file that stands there, and opened again.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from ballast.errors import NotFound
from ballast.node.registry.lmdb_store import FILE, LmdbStore
from ballast.node.registry.store import Snapshot
from ballast.node.service.answers import Answer
from ballast.node.service.caller import Caller
from ballast.node.service.changes import Change
from ballast.node.writer.client import WriterClient
from ballast.portal.context import PortalContext

__all__ = ["NodeDesk", "acting", "keep_desk", "node_of"]

NO_NODE = (
    "this home has no identifier node yet; its operator makes one with `ballast node init`, "
    "or the demo brings one"
)


class NodeDesk:
    """The node of one home, as the portal uses it.

    Parameters
    ----------
    home
        The home; it may have no node yet.
    url
        Where people reach the node, ``https://id.example.cn``; empty where nobody has said.
    """

    def __init__(self, home: Path, url: str = "") -> None:
        self._folder = home / "node" / "registry"
        self._socket = home / "node" / "writer.sock"
        self.url = url.rstrip("/")
        self._lock = threading.Lock()
        self._store: LmdbStore | None = None
        self._file: tuple[int, int] | None = None

    @property
    def founded(self) -> bool:
        """Whether the home has a node."""
        return (self._folder / FILE).is_file()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Give one moment of the registry.

        Raises
        ------
        NotFound
            If the home has no node.
        StorageFailed
            If its registry cannot be read.
        """
        with self._opened().snapshot() as moment:
            yield moment

    async def change(self, change: Change, person: str, address: str = "") -> Answer:
        """Return what became of a change that a person made here; the portal has judged whether.

        Parameters
        ----------
        change
            What is to change.
        person
            The account, as it shall stand in the node's audit trail.
        address
            Where the person's browser is.
        """
        writer = self.writer()
        try:
            return await writer.apply(change, acting(person, address))
        finally:
            await writer.close()

    def writer(self) -> WriterClient:
        """Return a way to the writer, for the loop that asks; to be closed by who asked."""
        return WriterClient(self._socket)

    def address_of(self, handle: str) -> str:
        """Return where a handle is resolved, for a QR code; empty where nobody has said."""
        return f"{self.url}/{quote(handle, safe='/')}" if self.url else ""

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            if self._store is not None:
                self._store.close()
            self._store = self._file = None

    def _opened(self) -> LmdbStore:
        with self._lock:
            try:
                found = (self._folder / FILE).stat()
            except OSError:
                raise NotFound(NO_NODE) from None
            file = (found.st_dev, found.st_ino)
            if self._store is None or self._file != file:
                # The one before is not closed: a page may still be reading in it. It goes with
                # the last of them.
                self._store, self._file = LmdbStore.open(self._folder, readonly=True), file
            return self._store


def acting(person: str, address: str = "") -> Caller:
    """Return who acts at the node for a person of the portal."""
    return Caller(address=address, channel="local", local=True, person=f"portal:{person}")


# By home, not one for the program: two portals in one process read two nodes.
_DESKS: dict[Path, NodeDesk] = {}


def keep_desk(context: PortalContext) -> NodeDesk:
    """Return a new desk for a portal that starts; the one before it of the same home is closed."""
    home = context.lake.home.path
    if (before := _DESKS.pop(home, None)) is not None:
        before.close()
    desk = _DESKS[home] = NodeDesk(home, context.node_url)
    return desk


def node_of(context: PortalContext) -> NodeDesk:
    """Return the node of a portal's home; it may have none yet."""
    return _DESKS[context.lake.home.path]
