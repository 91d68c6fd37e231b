"""A program that writes the state until it is stopped; run by the tests as another process.

Arguments: the file, what to do (``pairs`` or ``audit``), a name, how many.
``pairs`` writes two tables in one transaction and says each number that stands.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from ballast.state.audit import record
from ballast.state.schema import AUDIT, TRIES
from ballast.state.store import State


def now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    path, what, who, count = sys.argv[1:]
    state = State(Path(path), now)
    for number in range(int(count)):
        if what == "audit":
            record(state, now(), who, "analyst", "read", str(number), 1, "")
            continue
        row = {"at": now(), "who": who, "role": "", "action": "", "what": "", "address": ""}
        with state.write() as connection:
            connection.execute(insert(AUDIT).values({**row, "count": number}))
            name = f"{who}-{number}".encode()
            connection.execute(insert(TRIES).values(name_digest=name, at=now()))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
