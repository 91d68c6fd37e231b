"""Where uploaded files stand until they are loaded: under random names, counted while they come.

The framework's own upload keeps a file whole before anybody may object, and
under the name that the sender gave it. Here the bytes go straight to the
home's disk, no further than the limit, and the sender's name is only a label.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import threading
import time
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from ballast.errors import NotFound, Refused
from ballast.lake.home import storage_errors

__all__ = ["MAX_UPLOAD_BYTES", "SUFFIXES", "Shelf", "Upload", "label_of"]

MAX_UPLOAD_BYTES = 256 * 1024 * 1024
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt", ".parquet")
MOST_OF_ONE_USER = 3
_CHUNK = 1024 * 1024
_UPLOADS_LIVE_SECONDS = 24 * 3600.0
_REFUSED_LIVE_SECONDS = 7 * 24 * 3600.0
_REFUSED = re.compile(r"[0-9a-f]{32}\.refused\.(?:xlsx|csv)")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent and not yet loaded.

    Parameters
    ----------
    token
        Random; its name on the disk and in requests.
    user_id
        Whose it is; nobody else reaches it.
    path
        Where it stands.
    name
        What the sender calls it: a label, never a path.
    size
        Bytes.
    """

    token: str
    user_id: int
    path: Path
    name: str
    size: int


def label_of(sent: str) -> str:
    r"""Return the last part of a name as it was sent, without anything that is not to be shown.

    Control characters go, and so do those that turn the direction of writing:
    with one of those, a program can be made to read as a workbook.

    Examples
    --------
    >>> label_of("../../etc/报表.xlsx"), label_of("C:\\Users\\me\\a.csv"), label_of("..")
    ('报表.xlsx', 'a.csv', 'file')
    """
    last = PureWindowsPath(PurePosixPath(sent.replace("\x00", "")).name).name
    shown = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp"))
    shown = shown.strip().strip(".") if set(shown.strip()) <= {".", " "} else shown.strip()
    if len(shown) > _LONGEST_NAME:
        suffix = PurePosixPath(shown).suffix[:10]
        shown = shown[: _LONGEST_NAME - len(suffix)] + suffix
    return shown or "file"


class Shelf:
    """The folder of uploads of one home.

    Parameters
    ----------
    folder
        ``<home>/uploads``.
    limit
        Bytes that one file may have.
    suffixes
        Kinds of files that are taken.
    """

    def __init__(
        self,
        folder: Path,
        limit: int = MAX_UPLOAD_BYTES,
        suffixes: tuple[str, ...] = SUFFIXES,
    ) -> None:
        self.folder = folder
        self.limit = limit
        self._suffixes = suffixes
        self._held: dict[str, Upload] = {}
        self._lock = threading.Lock()

    async def receive(self, chunks: AsyncIterator[bytes], sent_name: str, user_id: int) -> Upload:
        """Write a file as it comes in.

        Parameters
        ----------
        chunks
            The body of the request.
        sent_name
            What the sender calls the file.
        user_id
            Whose it becomes.

        Raises
        ------
        Refused
            If it is of a kind that is not read, empty, or over the limit; nothing is kept.
        StorageFailed
            If the disk is full.
        """
        name = label_of(sent_name)
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in self._suffixes:
            raise Refused(
                "{name}: files of this kind are not read; save it as .xlsx, .csv or .parquet",
                name=name,
            )
        token = secrets.token_hex(16)
        path = self.folder / f"{token}{suffix}"
        try:
            size = await self._write(chunks, path, name)
            if size == 0:
                raise Refused("{name}: the file is empty", name=name)
        except BaseException:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            raise
        upload = Upload(token, user_id, path, name, size)
        await asyncio.to_thread(self._keep, upload)
        return upload

    async def _write(self, chunks: AsyncIterator[bytes], path: Path, name: str) -> int:
        size = 0
        waiting = bytearray()

        def put() -> None:
            with storage_errors(path):
                self.folder.mkdir(mode=0o700, exist_ok=True)
                with path.open("ab") as file:
                    file.write(waiting)

        async for chunk in chunks:
            size += len(chunk)
            if size > self.limit:
                raise Refused(
                    "{name}: larger than {limit} MB; split it, or load it at the command line",
                    name=name,
                    limit=self.limit // (1024 * 1024),
                )
            waiting += chunk
            if len(waiting) >= _CHUNK:
                await asyncio.to_thread(put)
                waiting = bytearray()
        if waiting:
            await asyncio.to_thread(put)
        return size

    def _keep(self, upload: Upload) -> None:
        with self._lock:
            self._held[upload.token] = upload
            mine = [one for one in self._held.values() if one.user_id == upload.user_id]
            over = mine[: max(len(mine) - MOST_OF_ONE_USER, 0)]
        for one in over:
            self.discard(one.token)

    def find(self, token: str, user_id: int) -> Upload:
        """Return an upload of a user.

        Raises
        ------
        NotFound
            If there is none, or it is somebody else's.
        """
        with self._lock:
            found = self._held.get(token)
        if found is None or found.user_id != user_id:
            raise NotFound("this file is no longer here; upload it again")
        return found

    def discard(self, token: str) -> None:
        """Remove an upload; refused rows that were set aside beside it stay."""
        with self._lock:
            found = self._held.pop(token, None)
        if found is not None:
            found.path.unlink(missing_ok=True)

    def refused(self, name: str) -> Path:
        """Return where a file of refused rows stands.

        Raises
        ------
        NotFound
            If it was removed, or the name is not that of one.
        """
        path = self.folder / name
        if not _REFUSED.fullmatch(name) or not path.is_file():
            raise NotFound("these refused rows are no longer kept; load the file again")
        return path

    def sweep(self, now: float | None = None) -> int:
        """Remove what a stopped program left behind and refused rows older than a week.

        Returns
        -------
        int
            How many files.
        """
        if not self.folder.is_dir():
            return 0
        now = time.time() if now is None else now
        gone = 0
        for path in self.folder.iterdir():
            kept = _REFUSED_LIVE_SECONDS if _REFUSED.fullmatch(path.name) else _UPLOADS_LIVE_SECONDS
            if path.is_file() and now - path.stat().st_mtime > kept:
                path.unlink(missing_ok=True)
                gone += 1
        return gone
