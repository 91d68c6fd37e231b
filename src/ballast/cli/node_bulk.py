"""``node bulk``: registering many handles from a file, a line each.

Through the writer that runs, or in its place. With a key the same file can be
sent again after any fault: what was done is answered from what was noted, and
the rest is done.
"""

from __future__ import annotations

import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer

from ballast.cli.context import HomeOption, language, tell
from ballast.cli.node_opening import open_writer, operator
from ballast.cli.output import screen
from ballast.errors import Refused, StorageFailed, UnreadableFile, WrongUsage
from ballast.node.registry.parquet import import_parquet
from ballast.node.registry.records import Record, RecordState, record_key, unpack_record
from ballast.node.service.prefixes import AUTHORITY
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.results import ResultLine
from ballast.terms.handle import fold, prefix_of
from ballast.words import say, visible

__all__ = ["bulk"]

_PIECE_BYTES = 1 << 20
_SHOWN = 20
_EVERY_SECONDS = 0.5
_encode = msgspec.json.encode
_read_lines = msgspec.json.Decoder(ResultLine).decode_lines


@dataclass
class _Seen:
    """What became of the lines so far."""

    registered: int = 0
    refused: int = 0
    ended: str = ""

    @property
    def lines(self) -> int:
        return self.registered + self.refused

    def take(self, piece: bytes) -> list[ResultLine]:
        """Count the results of a piece; return those that were refused."""
        refused: list[ResultLine] = []
        for one in _read_lines(piece):
            if one.line == 0:
                self.ended = one.message
            elif one.code == ResponseCode.SUCCESS:
                self.registered += 1
            else:
                self.refused += 1
                refused.append(one)
        return refused


def bulk(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="NDJSON, a handle a line; - for stdin; or an exported .parquet."
        ),
    ],
    key: Annotated[
        str | None,
        typer.Option(
            "--key", help="Name of this load, to send it again after a fault.", show_default=False
        ),
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option("--results", help="File for the result of each line.", show_default=False),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace handles that exist already.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Register the handles of a file, a line each; lines that are wrong are refused."""
    if results is not None and results.resolve() == source.resolve():
        raise WrongUsage("--results names the file that is loaded")
    seen = _Seen()
    begun = time.monotonic()
    with ExitStack() as kept:
        if source.suffix == ".parquet":
            chunks = _exported(source)
        else:
            chunks = _pieces(kept.enter_context(_opened(source)))
        out = None if results is None else kept.enter_context(_written(results))
        writer = kept.enter_context(open_writer(home))
        pieces = writer.bulk(chunks, operator(), key=key, overwrite=overwrite, language=language())
        _follow(pieces, seen, out)
    _conclude(seen, time.monotonic() - begun, key)


def _follow(pieces: Iterator[bytes], seen: _Seen, out: BinaryIO | None) -> None:
    """Take the results as they come: into the file, and the first refused ones to the screen."""
    status = screen(stderr=True)
    told, last = 0, 0.0
    for piece in pieces:
        for one in seen.take(piece):
            if told < _SHOWN:
                tell(
                    "line {line}: {reason} (code {code})",
                    line=one.line, reason=_reason(one), code=one.code,
                )  # fmt: skip
            told += 1
        if out is not None:
            _write(out, piece)
        if status.is_terminal and time.monotonic() - last > _EVERY_SECONDS:
            last = time.monotonic()
            said = say("{count} lines", language(), count=seen.lines)
            status.print(f"\r{visible(said)}", end="")
    if status.is_terminal:
        status.print("\r", end="")
    if told > _SHOWN:
        tell("… and {count} more; --results keeps them all", count=told - _SHOWN)


def _reason(one: ResultLine) -> str:
    """Return why a line was refused; most reasons name the handle themselves."""
    named = not one.handle or one.handle in one.message
    return one.message if named else f"{one.handle}: {one.message}"


def _conclude(seen: _Seen, seconds: float, key: str | None) -> None:
    tell(
        "{registered} registered, {refused} refused, {seconds:.1f} s",
        registered=seen.registered,
        refused=seen.refused,
        seconds=seconds,
    )
    if seen.ended:
        again = (
            say("send it again with the same --key to go on", language())
            if key
            else say("give it a --key, so that it can be sent again", language())
        )
        raise Refused(
            "the load ended before its end: {reason}; {again}", reason=seen.ended, again=again
        )
    if seen.refused:
        raise Refused("lines refused: {count}; the others are registered", count=seen.refused)
    if not seen.lines:
        raise Refused("the file holds no line")


def _pieces(lines: BinaryIO) -> Iterator[bytes]:
    while piece := lines.read(_PIECE_BYTES):
        yield piece


def _exported(source: Path) -> Iterator[bytes]:
    """Yield the records of an export as lines to load.

    They are registered anew: when they were first registered is not taken over. The records
    of prefixes are left out, because a prefix is allotted and not registered, and so are
    records that were revoked, because a line cannot say so.
    """
    left_out = 0
    for block in import_parquet(source):
        lines: list[bytes] = []
        for handle, packed in block:
            record = unpack_record(record_key(fold(handle)), packed)
            if prefix_of(record.key) == AUTHORITY or record.state is not RecordState.VALID:
                left_out += 1
                continue
            lines.append(_encode(_line(record)))
        yield b"".join(line + b"\n" for line in lines)
    if left_out:
        tell("records left out, of prefixes or revoked: {count}", count=left_out)


def _line(record: Record) -> dict[str, object]:
    line: dict[str, object] = {
        "handle": record.handle.decode(),
        "values": [
            {
                "index": value.index,
                "type": value.type,
                "data": {"format": "base64", "value": b64encode(value.data).decode()},
                "permissions": f"{value.permissions:04b}",
                "ttl": 86_400 if value.ttl_absolute else value.ttl,
            }
            for value in record.values()
        ],
    }
    if record.expires_at:
        line["expires"] = datetime.fromtimestamp(record.expires_at, UTC)
    return line


def _opened(source: Path) -> BinaryIO:
    if str(source) == "-":
        return sys.stdin.buffer
    try:
        return source.open("rb")
    except OSError as error:
        raise UnreadableFile(
            "{path}: cannot be read ({reason})", path=source, reason=error.strerror
        ) from None


def _written(path: Path) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError as error:
        raise StorageFailed(
            "{path}: cannot be written ({reason})", path=path, reason=error.strerror
        ) from None


def _write(out: BinaryIO, piece: bytes) -> None:
    try:
        out.write(piece)
    except OSError as error:
        raise StorageFailed(
            "{path}: cannot be written ({reason})", path=out.name, reason=error.strerror
        ) from None
