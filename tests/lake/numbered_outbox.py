"""An outbox that makes its events up from their numbers: the same number, the same event.

So a process that was killed and one that resumes see one outbox without any
store between them. Each tenth event is of a prefix, and goes into two tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from ballast.errors import StorageFailed
from ballast.lake.streamed import Batch
from ballast.terms.enterprise_code import with_check_character

BEGUN = datetime(2026, 5, 1, tzinfo=UTC)
CODES = [with_check_character(f"91371500YL00000{n}X") for n in range(3)]


class NumberedOutbox:
    """Events 1 to ``count``; what was forgotten stands in a file."""

    tables: Sequence[str] = ("enterprise_prefix", "handle_event")

    def __init__(self, count: int, note: Path, *, name: str = "node-1") -> None:
        self.name = name
        self.count = count
        self.note = note
        self.asked: list[int] = []

    @property
    def forgotten(self) -> int:
        return int(self.note.read_text()) if self.note.exists() else 0

    def last(self) -> int:
        return self.count

    def batches(self, after: int, limit: int) -> Iterator[Batch]:
        if after > self.count:
            raise StorageFailed("set back")
        assert max(after, 0) >= self.forgotten, "the lake wants what it had let go"
        self.asked.append(after)
        first = max(after, 0) + 1
        for begin in range(first, self.count + 1, limit):
            end = min(begin + limit - 1, self.count)
            yield Batch(end, rows(range(begin, end + 1)))

    def forget(self, up_to: int) -> None:
        new = self.note.with_suffix(".new")
        new.write_text(str(up_to))
        new.rename(self.note)


def rows(numbers: range) -> dict[str, pa.Table]:
    """Return the rows of events by table."""
    events = [
        {
            "node": "88.118",
            "seq": n,
            "at": BEGUN + timedelta(minutes=n),
            "kind": "prefix-allotted" if n % 10 == 0 else "registered",
            "prefix": f"88.118.{n % 3}",
            "handle": f"0.NA/88.118.{n % 3}" if n % 10 == 0 else f"88.118.{n % 3}/A-{n}",
            "actor": "operator",
            "uscc": CODES[n % 3],
            "provenance": "synthetic",
        }
        for n in numbers
    ]
    prefixes = [
        {key: event[key] for key in ("node", "seq", "prefix", "uscc", "provenance")}
        | {"from": event["at"], "state": "held"}
        for event in events
        if event["kind"] == "prefix-allotted"
    ]
    found = {"handle_event": pa.Table.from_pylist(events)}
    return found | ({"enterprise_prefix": pa.Table.from_pylist(prefixes)} if prefixes else {})
