"""What a portal has open of its home's plant: the mapping, the live picture, answers kept.

One for each home, used by the page and by the interface for programs alike.
Questions to the lake take up to seconds and are asked in threads of their own;
an answer is kept as long as the tables that it rests on stand as they are.
Samples arrive all the time, so how the tables stand is looked at every few
seconds only: until then everybody who asks the same gets the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Lock, local
from typing import Any, Final, TypeVar

from ballast.errors import UnreadableFile
from ballast.lake.lake import Lake
from ballast.plant.reports.window import to_ms
from ballast.plant.site import Site, read_site
from ballast.plant.spool.live import Live, read_live
from ballast.portal.context import PortalContext
from ballast.portal.kept import Kept
from ballast.terms.viewer import Viewer

__all__ = ["FactoryDesk", "desk_of"]

Answer = TypeVar("Answer")

_WORKERS = 2
_USES = 200
_KEPT = 96
"""Answers and the views drawn of them: a view in one language is about 100 kB."""
_LOOK_SECONDS: Final = 5.0
_LIVE_SECONDS: Final = 0.4
_MOST_MAPPING = 8 * 1024 * 1024
"""Bytes: a mapping of ten thousand tags is about two million."""
_STREAMED = ("telemetry", "telemetry_1min", "telemetry_event")
_LOADED = "production"  # the tables that are loaded share the ledger


class FactoryDesk:
    """The plant of one home, as its portal has it open.

    Parameters
    ----------
    lake
        The home's lake; others are opened beside it for reading.
    clock
        Tells the time, with its zone.
    """

    def __init__(self, lake: Lake, clock: Callable[[], datetime]) -> None:
        self._folder = lake.home.path / "plant"
        self._lake = lake
        self._clock = clock
        self._own = local()
        self._kept = Kept(_KEPT)
        self._pool: ThreadPoolExecutor | None = None
        self._lock = Lock()
        self._mapping: tuple[Hashable, Site | None] | None = None
        self._looked: tuple[float, str] | None = None
        self._seen: tuple[float, Live | None] | None = None

    @property
    def now_ms(self) -> int:
        """The present moment, epoch ms UTC."""
        return to_ms(self._clock())

    @property
    def exists(self) -> bool:
        """Whether anything of a plant has ever been put into the home."""
        return self._folder.is_dir()

    def site(self) -> Site | None:
        """Return the mapping of the home, read again when its file has changed; ``None``: none.

        Raises
        ------
        UnreadableFile, Refused
            If the file cannot be read, or its mapping is wrong.
        """
        stamp = self._stamp()
        with self._lock:
            if self._mapping is None or self._mapping[0] != stamp:
                self._mapping = stamp, None if stamp is None else _read(self._path)
            return self._mapping[1]

    def live(self) -> Live | None:
        """Return what the collector wrote last; blocks for a file of some hundred kilobytes.

        Many open boards ask for the same second: it is read once for all of them.
        """
        with self._lock:
            if self._seen is None or time.monotonic() - self._seen[0] > _LIVE_SECONDS:
                self._seen = time.monotonic(), read_live(self._folder / "spool")
            return self._seen[1]

    def ask(
        self,
        viewer: Viewer,
        question: tuple[Hashable, ...],
        work: Callable[[Lake], Answer],
        *,
        settled: bool = False,
    ) -> Future[Answer]:
        """Return what work with a lake gives, kept until the tables change; blocks a little.

        Parameters
        ----------
        viewer
            Who asks; its rights are part of what the answer is kept under.
        question
            Everything else that the answer depends on, except the tables and the mapping.
        work
            Makes the answer; called in a thread of its own.
        settled
            Whether it is of days that are over, of which only stragglers still arrive: it is then
            kept for an hour, unless something is loaded.
        """
        edition = self._edition()
        if settled:
            edition = f"{edition.rpartition('|')[2]}|{self.now_ms // 3_600_000}"
        key = (viewer.rights, viewer.enterprises, edition, self._stamp(), *question)

        def begin(made: Future[Answer]) -> None:
            self._threads().submit(self._make, made, work)

        return self._kept.once(key, begin)

    def close(self) -> None:
        """Let the threads end; whoever asks afterwards gets new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
            self._kept = Kept(_KEPT)  # what was begun and is not made will never be
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="factory")
            return self._pool

    @property
    def _path(self) -> Path:
        return self._folder / "site.toml"

    def _stamp(self) -> Hashable:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _edition(self) -> str:
        with self._lock:
            if self._looked is None or time.monotonic() - self._looked[0] > _LOOK_SECONDS:
                tables = (*_STREAMED, _LOADED)
                edition = "|".join(self._lake.edition(name) for name in tables)
                self._looked = time.monotonic(), edition
            return self._looked[1]

    def _make(self, made: Future[Any], work: Callable[[Lake], Any]) -> None:
        try:
            made.set_result(work(self._lent()))
        except BaseException as error:  # whoever waits is told
            self._own.lake = None  # whatever state its connection is in
            made.set_exception(error)

    def _lent(self) -> Lake:
        """Return this thread's lake: a connection of the engine belongs to one thread.

        It is given up after many questions, because each read leaves a view behind on it.
        """
        lake, uses = getattr(self._own, "lake", None), getattr(self._own, "uses", 0)
        if lake is None or uses >= _USES:
            lake, uses = Lake(self._lake.home, clock=self._lake.clock), 0
        self._own.lake, self._own.uses = lake, uses + 1
        return lake


def _read(path: Path) -> Site:
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_MAPPING + 1)
        if len(text) > _MOST_MAPPING:
            raise UnreadableFile(
                "{path}: a mapping of more than {most} bytes is not read", path=path.name,
                most=_MOST_MAPPING,
            )  # fmt: skip
        return read_site(text.decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise UnreadableFile(
            "{path}: the mapping of the home cannot be read; it is a TOML file in UTF-8",
            path=path.name,
        ) from None


_OPEN: dict[Path, FactoryDesk] = {}
_OPENING = Lock()


def desk_of(context: PortalContext) -> FactoryDesk:
    """Return the desk of a portal's home; the same one for its pages and its interface."""
    path = context.lake.home.path
    with _OPENING:
        if path not in _OPEN:
            _OPEN[path] = FactoryDesk(context.lake, context.clock)
        return _OPEN[path]
