"""``node audit``: who did what at the node, and whether the trail is as it was written.

``--verify`` reads the whole chain and compares it with the seals that were
made; ``--seal`` makes another one and prints it, so that it can be kept where
whoever breaks into this machine cannot reach it.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from ballast.cli.context import FormatOption, HomeOption, language, tell
from ballast.cli.node_opening import home_path, keys_folder, open_registry
from ballast.cli.output import Format, Shown, print_rows
from ballast.errors import NotFound, Refused, StorageFailed, UnreadableFile
from ballast.node.registry.audit import Fault, audit_head, entries, verify
from ballast.node.registry.audit_seal import Seal, check_seals, make_seal, parse_seals
from ballast.node.registry.store import Snapshot
from ballast.node.service.founding import AUDIT_KEY, AUDIT_SEALS
from ballast.node.wire.codes import ResponseCode
from ballast.words import say

__all__ = ["audit"]


def audit(
    after: Annotated[
        int | None,
        typer.Option(
            "--after",
            min=0,
            help="Entries behind this number; the latest if left out.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many are shown.")] = 50,
    check: Annotated[
        bool, typer.Option("--verify", help="Read the whole trail and say whether it is sound.")
    ] = False,
    seal: Annotated[
        bool, typer.Option("--seal", help="Seal the trail as it stands, and print the seal.")
    ] = False,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show who did what at the node; verify or seal the trail."""
    keys = keys_folder(home_path(home))
    with open_registry(home) as store, store.snapshot() as snapshot:
        if check:
            _verify(snapshot, keys)
        if seal:
            _seal(snapshot, keys)
        if not check and not seal:
            start = max(0, audit_head(snapshot).count - limit) if after is None else after
            _show(snapshot, start, limit, form)


def _show(snapshot: Snapshot, after: int, limit: int, form: Format) -> None:
    words = language()
    rows = [
        {
            "number": entry.number,
            "at": datetime.fromtimestamp(entry.at / 1000, UTC),
            "actor": entry.actor,
            "address": entry.address,
            "channel": entry.channel,
            "action": entry.action,
            "subject": entry.subject,
            "outcome": ResponseCode(entry.outcome).name.lower(),
            "detail": entry.detail,
        }
        for entry in entries(snapshot, after, limit)
    ]
    shown = [
        Shown("number", say("number", words), 0),
        Shown("at", say("time", words)),
        Shown("actor", say("who", words)),
        Shown("address", say("from", words)),
        Shown("channel", say("door", words)),
        Shown("action", say("action", words)),
        Shown("subject", say("subject", words)),
        Shown("outcome", say("outcome", words)),
        Shown("detail", say("detail", words)),
    ]
    print_rows(pl.DataFrame(rows, schema=[one.name for one in shown]), shown, form, words)


def _verify(snapshot: Snapshot, keys: Path) -> None:
    found = verify(snapshot)
    faults: tuple[Fault, ...] = found.faults
    try:
        seals = parse_seals((keys / AUDIT_SEALS).read_text(encoding="utf-8"))
        faults += check_seals(snapshot, seals, _key(keys))
    except (OSError, UnicodeDecodeError, NotFound):
        tell(
            "{path}: the seals or their key cannot be read; the chain alone was checked", path=keys
        )
        seals = ()
    for fault in faults:
        tell(fault.template, number=fault.number, other=fault.other)
    if faults:
        raise Refused(
            "the audit trail is not as it was written; faults found: {count}", count=len(faults)
        )
    tell("entries, each as it was written: {count}", count=found.count)
    if seals:
        tell(
            "seals that agree: {count}, the last over {entries} entries",
            count=len(seals),
            entries=seals[-1].count,
        )
    else:
        tell("there is no seal yet: whoever rewrites all of it leaves no trace; make one by --seal")


def _seal(snapshot: Snapshot, keys: Path) -> None:
    made = make_seal(snapshot, _key(keys), int(time.time() * 1000))
    _append(keys / AUDIT_SEALS, made)
    tell(
        "entries sealed: {count}. Keep this line elsewhere as well; it shows whether the trail "
        "was rewritten",
        count=made.count,
    )
    typer.echo(made.line())


def _key(keys: Path) -> bytes:
    path = keys / AUDIT_KEY
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise NotFound(
            "{path}: the key of the seals cannot be read ({reason})",
            path=path,
            reason=error.strerror,
        ) from None
    except ValueError:
        raise UnreadableFile("{path}: is no key of seals; was it edited?", path=path) from None


def _append(path: Path, seal: Seal) -> None:
    try:
        opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(seal.line() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageFailed(
            "{path}: cannot be written ({reason})", path=path, reason=error.strerror
        ) from None
