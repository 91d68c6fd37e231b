"""A home: the directory of one organisation, its format version and its lock.

A home is a plain directory so that it can be copied, mounted and backed up
with ordinary means. The lock is the operating system's (``flock``), not a
file that says "locked": it goes with the process, so a killed load never
leaves a home that nobody can write.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ballast.errors import HomeBusy, HomeVersion, NoHome, StorageFailed

FORMAT = 1
LOCK, SHIPPER_LOCK, SEALER_LOCK = "lock", "shipper.lock", "sealer.lock"
_MARK = "home.toml"
_POLL_SECONDS = 0.05
# Patterns of paths; what Delta takes for parts of a web address; bytes that are no UTF-8.
_MISREAD = re.compile(r"[*?\[\]{}|^\\\x00-\x1f\x7f\ud800-\udfff]|%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Home:
    """An opened home.

    Parameters
    ----------
    path
        Its directory.
    """

    path: Path

    @property
    def lake(self) -> Path:
        """Where the tables of the lake stand."""
        return self.path / "lake"

    @property
    def refused(self) -> Path:
        """Where refused rows go when the folder of the input cannot be written."""
        return self.path / "refused"

    @contextmanager
    def lock(self, wait_seconds: float = 600.0) -> Iterator[None]:
        """Hold the home's lock; loads take turns through it.

        Parameters
        ----------
        wait_seconds
            How long to wait for another process to finish.

        Raises
        ------
        HomeBusy
            If the lock was not had in that time.
        StorageFailed
            If the home cannot be written.
        """
        busy = HomeBusy(
            "{path}: another load has held this home for {seconds:.0f} s; "
            "wait for it to end, or end it",
            path=self.path,
            seconds=wait_seconds,
        )
        with _held(self.path / LOCK, wait_seconds, busy):
            yield

    @contextmanager
    def shipper_lock(self) -> Iterator[None]:
        """Be the one shipper of the home, or fail at once.

        It is a lock of its own: the shipper lives as long as the server, and
        loads take turns with each of its batches only.

        Raises
        ------
        HomeBusy
            If another process ships already.
        StorageFailed
            If the home cannot be written.
        """
        busy = HomeBusy(
            "{path}: another process ships events into this home; one is enough", path=self.path
        )
        with _held(self.path / SHIPPER_LOCK, 0.0, busy):
            yield

    @contextmanager
    def sealer_lock(self) -> Iterator[None]:
        """Be the one sealer of the home, or fail at once.

        Two at a time would each decide what to withhold without the other's pattern, and both
        together would tell what neither does.

        Raises
        ------
        HomeBusy
            If another process seals already.
        StorageFailed
            If the home cannot be written.
        """
        busy = HomeBusy(
            "{path}: another process seals the figures of this home; wait for it to end",
            path=self.path,
        )
        with _held(self.path / SEALER_LOCK, 0.0, busy):
            yield


@contextmanager
def _held(path: Path, wait_seconds: float, busy: HomeBusy) -> Iterator[None]:
    with storage_errors(path.parent):
        held = path.open("a")
    with held as file:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise busy from None
                time.sleep(_POLL_SECONDS)
        yield


def create_home(path: Path) -> Home:
    """Make a home, or open the one that stands there.

    Raises
    ------
    StorageFailed
        If the directory cannot be written.
    """
    if (path / _MARK).is_file():
        return open_home(path)
    _refuse_pattern(path)
    with storage_errors(path):
        (path / "lake").mkdir(parents=True, exist_ok=True)
        mark = path / f"{_MARK}.new"
        mark.write_text(
            f"# A Ballast home. Keep this file: it says which version can read the directory.\n"
            f"format = {FORMAT}\n",
            encoding="utf-8",
        )
        sync(mark)
        mark.rename(path / _MARK)
        sync(path)
    return Home(path)


def open_home(path: Path) -> Home:
    """Open a home.

    Raises
    ------
    NoHome
        If there is none.
    HomeVersion
        If its format is not one that this version reads.
    """
    _refuse_pattern(path)
    mark = path / _MARK
    try:
        written = tomllib.loads(mark.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NoHome(
            "{path}: there is no home here; make one with `ballast load` or `ballast demo`, "
            "or name another with --home",
            path=path,
        ) from None
    except (OSError, ValueError) as error:
        raise NoHome("{path}: cannot be read: {reason}", path=mark, reason=error) from None
    if written.get("format") != FORMAT:
        raise HomeVersion(
            "{path}: this home has format {found}, this version reads format {known}; "
            "use the version of Ballast that wrote it",
            path=path,
            found=written.get("format"),
            known=FORMAT,
        )
    return Home(path)


def _refuse_pattern(path: Path) -> None:
    """Refuse a path that readers of tables take for another one, or for a pattern of paths."""
    whole = str(path.absolute())
    if found := sorted(set(_MISREAD.findall(whole))):
        raise NoHome(
            "{path}: the path of a home cannot hold {found}; choose another directory",
            path=path,
            found=" ".join(found),
        )


def sync(path: Path) -> None:
    """Force a file or a directory to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system says of a write into one clear line."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC or "No space left" in str(error):
            raise StorageFailed(
                "{path}: the disk is full; nothing was committed. Free some space and load again",
                path=path,
            ) from error
        raise StorageFailed(
            "{path}: cannot be written ({reason}); nothing was committed",
            path=path,
            reason=error.strerror or str(error).splitlines()[0],
        ) from error
