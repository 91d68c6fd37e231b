"""A disk that loses what was not synced: what a power cut can make of the log.

Files are written as ever, and beside them it is kept what each held when it
was last synced, and which names the directory had then. A cut mixes the two:
of every sector (512 bytes) that was written since, the old or the new stands,
lengths may be either, and names that were made, changed or removed since may
be so or not. Real file systems keep more order than that.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SECTOR = 512


class PowerCutError(BaseException):
    """The moment of the cut."""


class Disk:
    """A directory whose syncs are watched.

    Parameters
    ----------
    directory
        The only directory that is written.
    cut_at
        The cut comes at the so many-th thing that happens.
    """

    def __init__(self, directory: Path, cut_at: int) -> None:
        self.directory = directory
        self._left = cut_at
        self._synced: dict[int, bytes] = {}
        self._names: dict[str, int] = {}
        self._held: dict[int, int] = {}  # opened, so that no number of a file is used twice

    def happened(self, _: str = "") -> None:
        """Count, and cut the power when it is time."""
        self._hold()
        self._left -= 1
        if self._left == 0:
            raise PowerCutError

    def _hold(self) -> None:
        for path in self.directory.iterdir():
            handle = os.open(path, os.O_RDONLY)
            number = os.fstat(handle).st_ino
            if number in self._held:
                os.close(handle)
            else:
                self._held[number] = handle

    def _current(self) -> dict[str, int]:
        return {path.name: path.stat().st_ino for path in self.directory.iterdir()}

    def _content(self, number: int) -> bytes:
        handle = self._held[number]
        return os.pread(handle, os.fstat(handle).st_size, 0)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch the syncs for as long as this holds."""
        fsync = os.fsync

        def sync(handle: int) -> None:
            self.happened()
            fsync(handle)
            status = os.fstat(handle)
            if status.st_ino == self.directory.stat().st_ino:
                self._names = self._current()
            else:
                self._hold()
                if status.st_ino in self._held:
                    self._synced[status.st_ino] = self._content(status.st_ino)
            self.happened()

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(os, "fsync", sync)
            patched.setattr(os, "fdatasync", sync)
            yield

    def after_the_cut(self, target: Path, chance: random.Random) -> None:
        """Make a directory of what may be left."""
        target.mkdir()
        now = self._current()
        for name in {*now, *self._names}:
            options = [self._names.get(name), now.get(name)]
            number = chance.choice(options) if options[0] != options[1] else options[0]
            if number is not None:
                (target / name).write_bytes(self._mixed(number, chance))

    def _mixed(self, number: int, chance: random.Random) -> bytes:
        old, new = self._synced.get(number, b""), self._content(number)
        length = chance.choice([len(old), len(new)])
        pieces = []
        for place in range(0, length, SECTOR):
            source = chance.choice([old, new])
            pieces.append(source[place : place + SECTOR].ljust(SECTOR, b"\0"))
        return b"".join(pieces)[:length]

    def close(self) -> None:
        """Give the files free."""
        for handle in self._held.values():
            os.close(handle)
