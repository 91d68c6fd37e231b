"""What the jobs of a bulk upload do: look at the first rows, and load all of them.

The load goes through the node's own bulk path: blocks of lines, each on the
disk before its results are told. Its idempotency key is a digest of the file's
bytes and the prefix, so that sending the same file twice registers once, and a
load that broke off is continued by sending the file again. A load that is
stopped keeps what it has registered and says so.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ballast.errors import BallastError, NotPermitted, Refused
from ballast.lake.home import storage_errors
from ballast.lake.lake import Lake
from ballast.lake.sheets import safe_cell
from ballast.node.service.caller import Caller
from ballast.node.writer.idempotency import load_key
from ballast.node.writer.results import ResultLine
from ballast.portal.data_uploads import Shelf, Upload
from ballast.portal.data_work import under_its_name
from ballast.portal.identifiers_bulk_link import load_own
from ballast.portal.identifiers_bulk_rows import (
    ROW_HEADER,
    WHY_HEADER,
    LinesFile,
    Row,
    TableFile,
    open_file,
)
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_rights import changes_records
from ballast.portal.identifiers_writing import demand_writer
from ballast.portal.jobs import Told, Work
from ballast.terms.handle import fold
from ballast.terms.label import Language
from ballast.terms.viewer import Viewer
from ballast.words import Sentence, say

__all__ = ["BulkReport", "FirstRows", "RefusedRow", "load_work", "look_work"]

_LOOKED_AT = 8
_SHOWN = 200
_CHUNK_LINES = 500
_CHUNK_BYTES = 256 * 1024
_TOLD_SECONDS = 0.5
_DONE = 1


@dataclass(frozen=True, slots=True)
class FirstRows:
    """What a file holds, as far as it was looked at.

    Parameters
    ----------
    rows
        The first of them.
    lines
        How many lines there are, empty ones included.
    columns
        Headers and the types they mean; nothing for lines of JSON.
    notes
        What the reader left out or understood.
    """

    rows: tuple[Row, ...]
    lines: int
    columns: tuple[tuple[str, str, bool], ...]
    notes: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not registered, with its number in the file, and why."""

    number: int
    handle: str
    reason: str


@dataclass(slots=True)
class BulkReport:
    """What became of a file.

    Parameters
    ----------
    registered, refused
        How many rows.
    shown
        The first of the refused.
    already
        Whether the same file had been loaded to its end before.
    ended
        Why the load ended before its end; empty where it did not.
    refused_file
        Where the refused rows stand, to be mended and sent again.
    """

    registered: int = 0
    refused: int = 0
    shown: list[RefusedRow] = field(default_factory=list)
    already: bool = False
    ended: str = ""
    refused_file: Path | None = None


def look_work(upload: Upload, prefix: str) -> Work:
    """Return the work of looking at the first rows of a file."""

    def work(lake: Lake, told: Told) -> tuple[object, object]:
        del lake
        told.at(0.1, Sentence("reading the file"))
        try:
            found = open_file(upload.path, prefix)
        except BallastError as error:
            raise under_its_name(error, upload) from error
        columns = (
            tuple((one.header, one.kind, one.public) for one in found.columns)
            if isinstance(found, TableFile)
            else ()
        )
        rows = tuple(found.rows(_LOOKED_AT))
        return FirstRows(rows, found.lines, columns, found.notes), {"lines": found.lines}

    return work


def load_work(
    desk: NodeDesk,
    shelf: Shelf,
    upload: Upload,
    prefix: str,
    viewer: Viewer,
    caller: Caller,
    language: Language,
) -> Work:
    """Return the work of registering what a file names; the upload goes once it is done.

    Parameters
    ----------
    desk
        The node.
    shelf, upload
        The file, and where its refused rows are put aside.
    prefix
        Under which everything is to be registered.
    viewer
        Whose rights count.
    caller
        As whom the node is asked.
    language
        In which reasons are written into the file of refused rows.
    """

    def work(lake: Lake, told: Told) -> tuple[object, object]:
        del lake
        told.at(0.01, Sentence("reading the file"))
        try:
            found = open_file(upload.path, prefix)
        except BallastError as error:
            raise under_its_name(error, upload) from error
        load = _Load(desk, found, prefix, viewer, caller, language, told)
        key = f"portal:{_digest(upload.path)}:{fold(prefix.encode()).hex()}"
        report = asyncio.run(load.run(key))
        if report.refused:
            report.refused_file = _put_aside(shelf, upload, found, load.reasons, language)
        if not report.ended:
            shelf.discard(upload.token)
        aside = report.refused_file
        return report, {
            "registered": report.registered,
            "refused": report.refused,
            "refused_file": None if aside is None else aside.name,
        }

    return work


class _Load:
    """One load under way, in a loop of its own."""

    def __init__(
        self,
        desk: NodeDesk,
        found: TableFile | LinesFile,
        prefix: str,
        viewer: Viewer,
        caller: Caller,
        language: Language,
        told: Told,
    ) -> None:
        self._desk, self._found, self._told = desk, found, told
        self._prefix, self._viewer = fold(prefix.encode()), viewer
        self._caller, self._language = caller, language
        self.reasons: dict[int, tuple[str, str]] = {}
        self._report = BulkReport()
        self._said_at = 0.0

    async def run(self, key: str) -> BulkReport:
        """Load everything; return what became of it.

        Raises
        ------
        NotPermitted, HomeBusy, LoadConflict
            Before anything is registered.
        """
        if not self._allowed(self._prefix):
            raise NotPermitted(
                "{who} may not register identifiers under {prefix} now",
                who=self._viewer.name,
                prefix=self._prefix.decode(),
            )
        with self._desk.reading() as moment:
            before = moment.bulk(load_key(key, self._caller))
        self._report.already = before is not None and before.finished
        writer = self._desk.writer()
        try:
            await demand_writer(writer)
            results = load_own(
                writer,
                self._chunks(),
                self._caller,
                time.time,
                self._allowed,
                key=key,
                language=self._language,
            )
            try:
                async for piece in results:
                    self._take(piece)
                    if not self._goes_on():
                        break
            finally:
                await results.aclose()
        finally:
            await writer.close()
        self._close()
        return self._report

    def _allowed(self, prefix: bytes) -> bool:
        """Return whether the file may register under a prefix: the one that was chosen, alone."""
        if prefix != self._prefix:
            return False
        with self._desk.reading() as moment:
            entry = moment.prefix(prefix)
        return entry is not None and changes_records(self._viewer, entry)

    async def _chunks(self) -> AsyncIterator[bytes]:
        if isinstance(self._found, LinesFile):
            with storage_errors(self._found.path), self._found.path.open("rb") as file:
                while chunk := file.read(_CHUNK_BYTES):
                    yield chunk
            return
        waiting: list[bytes] = []
        for line, row in enumerate(self._found.rows(), start=1):
            if row.fault is not None:
                self.reasons[line] = (row.handle, row.fault.text(self._language))
            waiting.append(row.line())
            if len(waiting) == _CHUNK_LINES:
                yield b"".join(waiting)
                waiting.clear()
                await asyncio.sleep(0)
        if waiting:
            yield b"".join(waiting)

    def _take(self, piece: bytes) -> None:
        for text in piece.splitlines():
            one = msgspec.json.decode(text, type=ResultLine)
            if one.line == 0:
                self._report.ended = one.message
            elif one.code == _DONE:
                self._report.registered += 1
            else:
                self.reasons[one.line] = (one.handle, one.message)

    def _goes_on(self) -> bool:
        """Say how far the load is; return whether nobody asked it to stop."""
        if (now := time.monotonic()) - self._said_at < _TOLD_SECONDS:
            return True
        self._said_at = now
        count = self._report.registered + len(self.reasons)
        values = {"count": count, "total": self._found.lines}
        try:
            self._told.at(
                min(0.99, count / max(self._found.lines, 1)),
                Sentence("{count} of {total} rows", values),
            )
        except Refused:
            self._report.ended = say(
                "stopped; what was registered by then stays, and sending the file again goes on",
                self._language,
            )
            return False
        return True

    def _close(self) -> None:
        found = self._found
        place: Callable[[int], int] = (
            found.number_of if isinstance(found, TableFile) else lambda line: line
        )
        self.reasons = dict(sorted(self.reasons.items()))
        self._report.refused = len(self.reasons)
        self._report.shown = [
            RefusedRow(place(line), handle, reason)
            for line, (handle, reason) in list(self.reasons.items())[:_SHOWN]
        ]


def _digest(path: Path) -> str:
    with storage_errors(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_aside(
    shelf: Shelf,
    upload: Upload,
    found: TableFile | LinesFile,
    reasons: dict[int, tuple[str, str]],
    language: Language,
) -> Path:
    """Write the refused rows, each with its number and the reason; return where they stand.

    Mended, the file can be sent again as it is: the columns in front are passed over.
    """
    path = shelf.folder / f"{upload.token}.refused.csv"
    added = [ROW_HEADER.text(language), WHY_HEADER.text(language)]
    with storage_errors(path), path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        if isinstance(found, TableFile):
            writer.writerow([safe_cell(cell) for cell in (*added, *found.headers)])
            for line, (_, reason) in reasons.items():
                cells = (str(found.number_of(line)), reason, *found.cells_of(line))
                writer.writerow([safe_cell(cell) for cell in cells])
        else:
            writer.writerow([*added, say("line as it was sent", language)])
            with found.path.open("rb") as sent:
                for line, text in enumerate(sent, start=1):
                    if line in reasons:
                        kept = text.decode("utf-8", "replace").rstrip("\r\n")
                        writer.writerow([line, safe_cell(reasons[line][1]), safe_cell(kept)])
    return path
