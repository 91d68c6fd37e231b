"""``plant quality``: how good the data of each tag are, the worst first.

The same report as on the page, for whoever mends cables with a terminal at
hand: what was expected, what came, and for each gap since when and why.
"""

from __future__ import annotations

import json
import sys
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from ballast.cli.context import FormatOption, HomeOption, language, open_lake, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.plant_opening import find_site, home_path, spool_folder
from ballast.cli.plant_span import DayOption, FirstOption, LastOption, ZoneOption, span_of
from ballast.terms.label import Label, Language
from ballast.words import say

if TYPE_CHECKING:
    from ballast.plant.reports.quality import Gap, TagQuality

__all__ = ["quality"]

_COLUMNS: dict[str, tuple[Label, type[pl.DataType]]] = {
    "tag": (Label("测点", "tag"), pl.String),
    "coverage": (Label("有数据 %", "covered %"), pl.Float64),
    "expected": (Label("应收", "expected"), pl.Int64),
    "received": (Label("实收", "received"), pl.Int64),
    "gaps": (Label("中断", "gaps"), pl.Int64),
    "late": (Label("迟到", "late"), pl.Int64),
    "ahead": (Label("超前", "ahead"), pl.Int64),
    "duplicates": (Label("重复", "duplicate"), pl.Int64),
    "conflicts": (Label("同刻异值", "conflicts"), pl.Int64),
    "historical": (Label("历史", "historical"), pl.Int64),
    "not_numbers": (Label("非数", "not numbers"), pl.Int64),
    "bad": (Label("质量不良", "bad"), pl.Int64),
    "unreadable": (Label("无法解读", "unreadable"), pl.Int64),
    "clock_offset_s": (Label("时差 s", "clock off s"), pl.Float64),
    "last": (Label("最新", "newest"), pl.String),
    "stale_since": (Label("过期自", "stale since"), pl.String),
    "unmapped": (Label("未映射", "unmapped"), pl.Boolean),
}


def quality(
    day: DayOption = None,
    first: FirstOption = None,
    last: LastOption = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Only this tag.", show_default=False)
    ] = None,
    gaps: Annotated[bool, typer.Option("--gaps", help="List every gap with its reason.")] = False,
    zone: ZoneOption = None,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what was expected of each tag, what came, and what was wrong with it."""
    from ballast.plant.reports.quality import data_quality
    from ballast.plant.reports.window import to_ms
    from ballast.plant.spool.live import read_live

    site = find_site(home)
    lake = open_lake(home)
    window = span_of(lake, site, day, first, last, zone)
    now_ms = to_ms(lake.clock())
    # What is stale now says nothing of a day that is over.
    live = read_live(spool_folder(home_path(home))) if window.end_ms >= now_ms else None
    found = data_quality(lake, viewer(), window, now_ms, tags=tag, site=site, live=live)
    words = language()
    if form is Format.JSON:
        rows = [_plain(one, window.zone, words) for one in found]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return
    if gaps:
        _print_gaps(found, window.zone, form, words)
    else:
        _print(found, window.zone, form, words)
    for one in found:
        for note in one.notes if form is Format.TABLE and len(found) <= len(tag or ()) else ():
            typer.echo(f"{one.tag}: {note.text(words)}", err=True)


def _cells(one: TagQuality, zone: tzinfo) -> dict[str, object]:
    return {
        "tag": one.tag,
        "coverage": one.coverage,
        "expected": one.expected,
        "received": one.received,
        "gaps": one.gap_count,
        "late": one.late,
        "ahead": one.ahead,
        "duplicates": one.duplicates,
        "conflicts": one.conflicts,
        "historical": one.historical,
        "not_numbers": one.not_numbers,
        "bad": one.bad,
        "unreadable": one.unreadable,
        "clock_offset_s": one.clock_offset_s,
        "last": _moment(one.last_ms, zone),
        "stale_since": _moment(one.stale_since_ms, zone),
        "unmapped": one.unmapped,
    }


def _moment(at_ms: int | None, zone: tzinfo) -> str | None:
    from ballast.plant.reports.window import from_ms

    return None if at_ms is None else from_ms(at_ms, zone).isoformat(timespec="seconds")


def _print(found: tuple[TagQuality, ...], zone: tzinfo, form: Format, words: Language) -> None:
    rows = [_cells(one, zone) for one in found]
    eyes = form is Format.TABLE
    if eyes:
        for row, one in zip(rows, found, strict=True):
            row["coverage"] = None if one.coverage is None else 100.0 * one.coverage
            row["unmapped"] = one.unmapped or None
    # Eyes want no column in which nothing stands.
    shown = [
        Shown(
            name, label.text(words), decimals=1 if name in ("coverage", "clock_offset_s") else None
        )
        for name, (label, _) in _COLUMNS.items()
        if not eyes or name in ("tag", "coverage", "received") or any(row[name] for row in rows)
    ]
    frame = pl.DataFrame(rows, {name: kind for name, (_, kind) in _COLUMNS.items()})
    print_rows(frame, shown, form, words)


def _gap(gap: Gap, zone: tzinfo, words: Language) -> dict[str, object]:
    return {
        "since": _moment(gap.since_ms, zone),
        "until": _moment(gap.until_ms, zone),
        "kind": gap.kind or None,
        "why": gap.why.text(words),
    }


def _print_gaps(found: tuple[TagQuality, ...], zone: tzinfo, form: Format, words: Language) -> None:
    names = {
        "tag": Label("测点", "tag"),
        "since": Label("起", "since"),
        "until": Label("止", "until"),
        "kind": Label("事件", "event"),
        "why": Label("原因", "why"),
    }
    rows = [{"tag": one.tag, **_gap(gap, zone, words)} for one in found for gap in one.gaps]
    frame = pl.DataFrame(rows, dict.fromkeys(names, pl.String))
    shown = [Shown(name, label.text(words)) for name, label in names.items()]
    print_rows(frame, shown, form, words)
    unseen = sum(one.gap_count - len(one.gaps) for one in found)
    if unseen and form is Format.TABLE:
        typer.echo(say("{count} shorter gaps are not listed", words, count=unseen), err=True)


def _plain(one: TagQuality, zone: tzinfo, words: Language) -> dict[str, object]:
    return {
        **_cells(one, zone),
        "asset": one.asset,
        "name": one.name.text(words),
        "gaps": [_gap(gap, zone, words) for gap in one.gaps],
        "gap_count": one.gap_count,
        "notes": [note.text(words) for note in one.notes],
    }
