"""A capture of MQTT messages, one JSON object a line, through the same host and pipeline.

``{"at": 1767225600000, "topic": "…", "payload": …, "retained": false}``: ``at`` is epoch ms
or ISO 8601 with zone; a payload that is a text is base64, any other JSON is the
message itself. So ``mosquitto_sub -F '{"at":"%I","topic":"%t","payload":%p}'``
makes one of JSON topics. The clock is that of the capture: what was late then is
late now.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ballast.errors import Refused, UnreadableFile
from ballast.plant.collect.instants import instant
from ballast.plant.collect.pipeline import Pipeline
from ballast.plant.collect.replay import Replayed
from ballast.plant.host.application import Host, HostSettings
from ballast.plant.wire.topic import NAMESPACE

__all__ = ["replay_capture"]

_MOST_LINE_BYTES = 64 * 1024 * 1024
_COMMIT_ROWS = 50_000


class _Line(msgspec.Struct, frozen=True):
    at: int | float | str
    topic: str
    payload: msgspec.Raw = msgspec.Raw(b"null")
    retained: bool = False


def replay_capture(
    path: Path,
    pipeline: Pipeline,
    *,
    zone: ZoneInfo | None,
    clock: Clock,
    committed: Callable[[], None],
) -> Replayed:
    """Put the messages of a capture into a pipeline and commit them.

    Parameters
    ----------
    path
        Of the file.
    pipeline
        Made with ``clock`` as its clock.
    zone
        Whose wall clock a time without zone means.
    clock
        Told the time of each message.
    committed
        Called after each commit; may ship.

    Raises
    ------
    UnreadableFile
        If it cannot be read, naming the line.
    StorageFailed
        If the log takes no more.
    """
    host = Host(HostSettings("replay", primary=False))
    host.connect(0)
    host.connected(0)
    found, before = Replayed(), pipeline.counts
    for at, line, payload in _lines(path, zone):
        clock.now = at
        if line.topic.startswith(NAMESPACE + "/"):
            actions = (*host.tick(at), *host.received(line.topic, payload, at))
            pipeline.actions(actions, retained=line.retained)
        else:
            pipeline.json(line.topic, payload, at, retained=line.retained)
        found.first = at if found.first is None else min(found.first, at)
        found.last = at if found.last is None else max(found.last, at)
        if pipeline.waiting >= _COMMIT_ROWS:
            pipeline.commit()
            committed()
    # A message that never came is given up once its time is over.
    pipeline.actions(host.tick(clock.now + host.settings.reorder_ms))
    pipeline.tick(clock.now, last=True)
    pipeline.commit()
    committed()
    after = pipeline.counts
    found.rows, found.duplicates, found.conflicts = (
        b - a for a, b in zip(before, after, strict=True)
    )
    return found


class Clock:
    """The clock of a capture: what it was last told."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        """Return the time, epoch ms."""
        return self.now


def _lines(path: Path, zone: ZoneInfo | None) -> Iterator[tuple[int, _Line, bytes]]:
    decoder = msgspec.json.Decoder(_Line)
    number = 0
    try:
        with path.open("rb") as file:
            while raw := file.readline(_MOST_LINE_BYTES):
                number += 1
                if not raw.strip():
                    continue
                try:
                    line = decoder.decode(raw)
                    at = instant(line.at, "ms", zone)
                    yield at, line, _payload(bytes(line.payload))
                except (msgspec.DecodeError, binascii.Error, Refused, RecursionError) as error:
                    raise UnreadableFile(
                        "{path}, line {line}: no captured message ({why}); each line is "
                        '{{"at": …, "topic": …, "payload": …}}',
                        path=path, line=number, why=str(error)[:200],
                    ) from None  # fmt: skip
    except OSError as error:
        raise UnreadableFile(
            "{path}: cannot be read ({why})", path=path, why=error.strerror
        ) from None


def _payload(raw: bytes) -> bytes:
    raw = raw.strip()
    if not raw.startswith(b'"'):
        return b"" if raw == b"null" else raw
    return base64.b64decode(msgspec.json.decode(raw, type=str), validate=True)
