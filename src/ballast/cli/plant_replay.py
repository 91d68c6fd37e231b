"""``plant replay``: recordings and captures into the lake, by the way that live data take.

Not ``ballast load``: a recording has no columns that a table declares, its
columns are tags, and what the collector would have done to its samples (known
again, marked, numbered) is done to them here by the same code.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
import typer

from ballast.cli.context import FormatOption, HomeOption, create_lake, language, tell, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.plant_opening import find_site, spool_folder
from ballast.errors import WrongUsage
from ballast.terms.label import Label

if TYPE_CHECKING:
    from ballast.lake.lake import Lake
    from ballast.plant.collect.capture import Clock
    from ballast.plant.collect.pipeline import Pipeline
    from ballast.plant.collect.replay import Replayed
    from ballast.plant.site import Site

__all__ = ["replay"]

_CAPTURES = (".jsonl", ".ndjson")
_DEFAULT_ZONE = "Asia/Shanghai"
# A recording is held in columns of some columns' samples at once.
_PENDING_BYTES = 256 << 20
_MOST_TAGS = 250_000
_COLUMNS = (
    ("file", Label("文件", "file")),
    ("tags", Label("测点数", "tags")),
    ("rows", Label("新增样本", "new samples")),
    ("duplicates", Label("重复", "duplicates")),
    ("conflicts", Label("同刻异值", "conflicts")),
    ("first", Label("最早", "first")),
    ("last", Label("最晚", "last")),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How the files are read."""

    prefix: str | None
    zone: ZoneInfo
    time: str | None


def replay(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="CSV, Excel or Parquet (a column a tag, or time, tag and value), or a capture of "
            "MQTT messages (.jsonl: at, topic, payload).",
        ),
    ],
    asset: Annotated[
        str | None,
        typer.Option("--asset", help="The asset whose tags the columns are.", show_default=False),
    ] = None,
    tags: Annotated[
        str | None,
        typer.Option(
            "--tags",
            help="What stands before the name of each tag; the name of the file if nothing is "
            "said.",
            show_default=False,
        ),
    ] = None,
    time_column: Annotated[
        str | None,
        typer.Option("--time", help="The column of times.", show_default=False),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            "--zone",
            help="Whose wall clock times without zone mean; that of the mapping, or "
            f"{_DEFAULT_ZONE}.",
            show_default=False,
        ),
    ] = None,
    ship: Annotated[
        bool, typer.Option("--ship/--no-ship", help="Bring it into the lake before ending.")
    ] = True,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Put recordings into the lake as if the machines said them now."""
    lake = create_lake(home)
    site = find_site(home)
    asked = _Asked(_prefix(asset, tags), _zone(zone, site), time_column)
    done = _replay_all(lake, site, files, asked, ship=ship)
    _print_replayed(done, form)


def _print_replayed(done: list[tuple[Path, Replayed]], form: Format) -> None:
    words = language()
    rows = [
        {
            "file": path.name,
            "tags": len(one.tags) or None,
            "rows": one.rows,
            "duplicates": one.duplicates,
            "conflicts": one.conflicts,
            "first": _moment(one.first),
            "last": _moment(one.last),
        }
        for path, one in done
    ]
    print_rows(
        pl.DataFrame(rows),
        [Shown(name, label.text(words)) for name, label in _COLUMNS],
        form,
        words,
    )
    for path, one in done:
        for note in one.notes:
            print(f"{path.name}: {note.text(words)}", file=sys.stderr)  # noqa: T201


def _replay_all(
    lake: Lake, site: Site | None, files: list[Path], asked: _Asked, *, ship: bool
) -> list[tuple[Path, Replayed]]:
    from ballast.plant.collect.capture import Clock
    from ballast.plant.collect.lake_known import stored_in
    from ballast.plant.collect.pipeline import Pipeline
    from ballast.plant.spool.spool import Bounds, Spool

    done = []
    bounds = Bounds(pending_bytes=_PENDING_BYTES, tags=_MOST_TAGS)
    stored = stored_in(lake, viewer())
    committed = _shipping(lake) if ship else _nothing
    with Spool.open(spool_folder(lake.home.path), bounds=bounds) as spool:
        for path in files:
            capture = Clock() if path.suffix.lower() in _CAPTURES else None
            pipeline = Pipeline(
                site, spool, clock_ms=capture or _now, max_unmapped=_MOST_TAGS, stored=stored
            )
            pipeline.recall(0)
            done.append((path, _replay_one(path, pipeline, site, asked, capture, committed)))
    return done


def _replay_one(
    path: Path,
    pipeline: Pipeline,
    site: Site | None,
    asked: _Asked,
    capture: Clock | None,
    committed: Callable[[], None],
) -> Replayed:
    from ballast.plant.collect.capture import replay_capture
    from ballast.plant.collect.replay import replay_table

    if capture is not None:
        return replay_capture(path, pipeline, zone=asked.zone, clock=capture, committed=committed)
    prefix = f"{path.stem}/" if asked.prefix is None else asked.prefix
    return replay_table(
        path, pipeline, prefix=prefix, zone=asked.zone, time=asked.time,
        mapped=lambda tag: site is not None and tag in site.tags, committed=committed,
    )  # fmt: skip


def _shipping(lake: Lake) -> Callable[[], None]:
    """Return what brings everything committed into the lake."""
    from ballast.serve.ship_once import ship_once

    def committed() -> None:
        if ship_once(lake) is None:
            tell("a shipper is at work in this home already; it brings the samples into the lake")

    return committed


def _nothing() -> None:
    return


def _prefix(asset: str | None, tags: str | None) -> str | None:
    if asset is not None and tags is not None:
        raise WrongUsage("--asset and --tags both say what stands before a tag; give one of them")
    return f"{asset.rstrip('/')}/" if asset else tags


def _zone(named: str | None, site: Site | None) -> ZoneInfo:
    if named is None:
        return ZoneInfo(_DEFAULT_ZONE) if site is None else site.zone
    try:
        return ZoneInfo(named)
    except (ZoneInfoNotFoundError, ValueError):
        raise WrongUsage(
            "{zone}: there is no such time zone; write it as Asia/Shanghai", zone=named
        ) from None


def _moment(time_ms: int | None) -> datetime | None:
    return None if time_ms is None else datetime.fromtimestamp(time_ms / 1000, UTC)


def _now() -> int:
    return time.time_ns() // 1_000_000
