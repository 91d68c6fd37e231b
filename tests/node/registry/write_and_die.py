"""Writes one commit after another into a registry and tells of each; somebody ends it.

``write_and_die.py DIRECTORY COMMITS``: each commit holds 300 records, their events, an entry of
the audit trail and the progress of the load, all or nothing.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from ballast.node.registry.entries import BulkProgress, EventDraft, EventKind
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import pack_record, record_of
from ballast.node.wire.value import Value

RECORDS = 300
LOAD = b"load"


def main(path: Path, commits: int) -> None:
    with LmdbStore.open(path) as store:
        with store.snapshot() as moment:
            begun = (moment.bulk(LOAD) or BulkProgress()).lines // RECORDS
        print("ready", flush=True)  # noqa: T201 - it is read
        for number in range(begun, begun + commits):
            handles = [b"88.118.%d/%d-%d" % (n % 3, number, n) for n in range(RECORDS)]
            records = [record_of(h, [Value(1, "URL", h * 8)], number) for h in handles]
            with store.write() as transaction:
                transaction.put_new_records([(r.key, pack_record(r)) for r in records])
                transaction.append_events(
                    [EventDraft(number, EventKind.REGISTERED, "88.118", tuple(handles))]
                )
                transaction.forget_outbox((number - 2) * RECORDS)
                transaction.append_audit(b"%d" % number)
                transaction.add_daily(date(2026, 5, 1), b"88.118", registered=RECORDS)
                transaction.put_bulk(LOAD, BulkProgress((number + 1) * RECORDS))
            print(number + 1, flush=True)  # noqa: T201 - it is read


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
