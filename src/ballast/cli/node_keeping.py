"""``node export``, ``backup``, ``restore``, ``stats``: the registry as a whole.

``ballast backup`` saves the home with its node; these are for the registry
alone, which may be a thousand times as large as everything else.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from ballast.cli.context import FormatOption, HomeOption, language, open_lake, tell, viewer
from ballast.cli.node_opening import home_path, keys_folder, open_registry, registry_folder
from ballast.cli.output import Format, Shown, print_rows
from ballast.errors import NotFound, Refused
from ballast.node.registry.entries import DayCount
from ballast.node.registry.keeping import backup as back_up_registry
from ballast.node.registry.keeping import restore as restore_registry
from ballast.node.registry.parquet import export_parquet
from ballast.node.service.lifecycle import day_of
from ballast.terms.handle import fold
from ballast.words import say

__all__ = ["backup", "export", "restore", "stats"]


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT.parquet", help="The file to write.")],
    prefix: Annotated[
        str | None, typer.Option("--prefix", help="Of one prefix alone.", show_default=False)
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write the records of the node, or of one prefix, into a Parquet file."""
    with open_registry(home) as store, store.snapshot() as snapshot:
        folded = None if prefix is None else fold(prefix.encode("utf-8", "replace"))
        if folded is not None and snapshot.prefix(folded) is None:
            raise NotFound(
                "{prefix}: was not allotted here; `ballast node prefix list` lists them",
                prefix=prefix,
            )
        count = export_parquet(snapshot, out, folded)
    tell("{path}: {count} records, restricted values included", path=out, count=count)


def backup(
    out: Annotated[Path, typer.Argument(metavar="OUT.mdb", help="The file to write.")],
    home: HomeOption = None,
) -> None:
    """Save the registry into one file while the node runs."""
    with open_registry(home) as store:
        size = back_up_registry(store, out)
    tell("{path}: saved, {size:.1f} MB", path=out, size=size / 1e6)
    tell(
        "the node's keys are not in it; keep a copy of {path} apart",
        path=keys_folder(home_path(home)),
    )


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE.mdb", help="A backup of a registry.")],
    home: HomeOption = None,
) -> None:
    """Put a saved registry into a home that has none; the file is checked."""
    lake = open_lake(home)
    path = lake.home.path
    events = lake.read("handle_event", viewer())
    shipped = events.seq.max().to_pyarrow().as_py() or 0
    restore_registry(source, registry_folder(path), shipped=shipped)
    with open_registry(path) as store, store.snapshot() as snapshot:
        tell("{path}: restored, {count} records", path=path, count=snapshot.total())
    if not keys_folder(path).is_dir():
        tell("the node's keys are not here; put them back into {path}", path=keys_folder(path))


def stats(
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help="How many days.")] = 30,
    prefix: Annotated[
        str | None, typer.Option("--prefix", help="Of one prefix alone.", show_default=False)
    ] = None,
    by_prefix: Annotated[
        bool, typer.Option("--by-prefix", help="A row for each prefix, not for each day.")
    ] = False,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show how much was registered, changed, deleted and resolved, by day or by prefix."""
    words = language()
    # The node's days are those of China, whatever the hour in Greenwich.
    today = day_of(datetime.now(UTC).timestamp())
    folded = None if prefix is None else fold(prefix.encode("utf-8", "replace"))
    with open_registry(home) as store, store.snapshot() as snapshot:
        if folded is not None and snapshot.prefix(folded) is None:
            raise Refused(
                "{prefix}: was not allotted here; `ballast node prefix list` lists them",
                prefix=prefix,
            )
        counts = snapshot.daily(today - timedelta(days=days - 1), today, folded)
        total = snapshot.total() if folded is None else snapshot.count(folded)
        last = snapshot.outbox_last()
    key = "prefix" if by_prefix else "day"
    rows = _summed(counts, by_prefix=by_prefix)
    shown = [
        Shown(key, say(key, words)),
        Shown("registered", say("registered", words), 0),
        Shown("changed", say("changed", words), 0),
        Shown("deleted", say("deleted", words), 0),
        Shown("resolved", say("resolved", words), 0),
    ]
    print_rows(pl.DataFrame(rows, schema=[one.name for one in shown]), shown, form, words)
    tell("{total} records now; {events} events since the beginning", total=total, events=last)


def _summed(counts: list[DayCount], *, by_prefix: bool) -> list[dict[str, object]]:
    """Return the sums by day or by prefix, in order."""
    sums: dict[date | str, list[int]] = {}
    for one in counts:
        held = sums.setdefault(one.prefix if by_prefix else one.day, [0, 0, 0, 0])
        for place, number in enumerate((one.registered, one.changed, one.deleted, one.resolved)):
            held[place] += number
    name = "prefix" if by_prefix else "day"
    return [
        {name: key, "registered": a, "changed": b, "deleted": c, "resolved": d}
        for key, (a, b, c, d) in sorted(sums.items(), key=lambda item: str(item[0]))
    ]
