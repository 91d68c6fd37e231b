"""``plant tags``: the assets of a site with their tags, what each said last, and what is unmapped.

What a shop sees first after its mapping is written: which line of the file has
come to life, which has not, and which signals on the network it does not name.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from ballast.cli.context import FormatOption, HomeOption, language, open_lake, tell, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.plant_opening import find_site, home_path, read_site_file, spool_folder
from ballast.errors import NotFound
from ballast.terms.label import Label, Language

if TYPE_CHECKING:
    from ballast.plant.site.asset import Asset
    from ballast.plant.site.site import Site

__all__ = ["tags"]

_COLUMNS = (
    ("asset", Label("设备", "asset")),
    ("tag", Label("测点", "tag")),
    ("name", Label("名称", "name")),
    ("role", Label("用途", "role")),
    ("last", Label("最新值", "last value")),
    ("unit", Label("单位", "unit")),
    ("at", Label("时间", "at")),
    ("status", Label("状况", "status")),
)
_STATUS = {
    "heard": Label("有数据", "heard"),
    "silent": Label("尚无数据", "nothing yet"),
    "stale": Label("已过期", "stale"),
    "unmapped": Label("未映射", "unmapped"),
    "asset": Label("", ""),
}


@dataclass(frozen=True, slots=True)
class _Last:
    """What a tag said last: value as text, when, and whether its source is silent since."""

    value: str | None
    at: int
    stale: bool


def tags(
    example: Annotated[
        bool, typer.Option("--example", help="Print a mapping to copy, and end.")
    ] = False,
    check: Annotated[
        Path | None,
        typer.Option("--check", help="Read this mapping instead of the home's; change nothing."),
    ] = None,
    unmapped: Annotated[
        bool, typer.Option("--unmapped", help="Only what the mapping does not name.")
    ] = False,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the assets of the plant with their tags and what each said last."""
    from ballast.plant.site.example import EXAMPLE

    if example:
        sys.stdout.write(EXAMPLE)
        return
    site = find_site(home) if check is None else read_site_file(check)
    last = _lasts(home)
    if site is None and not last:
        raise NotFound(
            "{path}: this home has no mapping of a plant and has heard nothing; "
            "`ballast plant tags --example` prints a mapping to copy",
            path=home_path(home),
        )
    words = language()
    rows = [] if site is None or unmapped else _mapped(site, last, words, tree=form is Format.TABLE)
    known = {} if site is None else site.tags
    zone: tzinfo = UTC if site is None else site.zone
    strangers = [
        _row(tag, {"tag": tag}, one, zone, "unmapped")
        for tag, one in sorted(last.items())
        if tag not in known
    ]
    rows += strangers
    if form is Format.TABLE:
        rows = [{**row, "status": _STATUS[str(row["status"])].text(words)} for row in rows]
    columns = [Shown(name, label.text(words)) for name, label in _COLUMNS]
    frame = pl.DataFrame(rows, dict.fromkeys((name for name, _ in _COLUMNS), pl.String()))
    print_rows(frame.with_columns(pl.col("last").fill_null("")) if form is Format.TABLE else frame,
               columns, form, words)  # fmt: skip
    if site is not None:
        heard = sum(1 for tag in site.tags if tag in last)
        tell(
            "{assets} assets, {tags} tags, {heard} of them heard, {unmapped} signals unmapped",
            assets=len(site.assets),
            tags=len(site.tags),
            heard=heard,
            unmapped=len(strangers),
        )
        if site.provenance == "synthetic":
            tell("synthetic sample: these figures are invented")


def _row(
    asset: str | None, told: Mapping[str, str | None], last: _Last | None, zone: tzinfo, status: str
) -> dict[str, object]:
    return {
        "asset": asset if status != "unmapped" else None,
        "tag": told.get("tag"),
        "name": told.get("name"),
        "role": told.get("role"),
        "last": None if last is None else last.value,
        "unit": told.get("unit"),
        "at": None
        if last is None
        else datetime.fromtimestamp(last.at / 1000, UTC)
        .astimezone(zone)
        .isoformat(timespec="seconds"),
        "status": status,
    }


def _mapped(
    site: Site, last: Mapping[str, _Last], words: Language, *, tree: bool
) -> list[dict[str, object]]:
    from ballast.plant.site.asset import LEVEL_LABELS
    from ballast.plant.site.tag import ROLE_LABELS

    rows: list[dict[str, object]] = []
    for asset, depth in _in_order(site):
        shown = "  " * depth + asset.asset.rpartition("/")[2] if tree else asset.asset
        if tree:
            told = {"name": asset.name.text(words), "role": LEVEL_LABELS[asset.level].text(words)}
            rows.append(_row(shown, told, None, site.zone, "asset"))
        for tag in site.tags_of(asset.asset):
            one = last.get(tag.tag)
            status = "silent" if one is None else "stale" if one.stale else "heard"
            told = {
                "tag": tag.tag.removeprefix(f"{asset.asset}/") if tree else tag.tag,
                "name": tag.name.text(words),
                "role": ROLE_LABELS[tag.role].text(words) if tree else tag.role.value,
                "unit": tag.unit.label.text(words) if tree else tag.unit.label.en,
            }
            rows.append(_row("" if tree else asset.asset, told, one, site.zone, status))
    return rows


def _in_order(site: Site) -> list[tuple[Asset, int]]:
    """Return the assets as a tree is written: each followed by what stands below it."""
    below: dict[str | None, list[Asset]] = {}
    for asset in site.assets.values():
        below.setdefault(asset.parent, []).append(asset)
    found: list[tuple[Asset, int]] = []
    waiting = [(asset, 0) for asset in reversed(below.get(None, []))]
    while waiting:
        asset, depth = waiting.pop()
        found.append((asset, depth))
        waiting += [(one, depth + 1) for one in reversed(below.get(asset.asset, []))]
    return found


def _lasts(home: Path | None) -> dict[str, _Last]:
    """Return what every tag said last: of the collector, or of the lake where none has run."""
    from ballast.plant.spool.live import read_live

    live = read_live(spool_folder(home_path(home)))
    if live is not None:
        return {
            one.tag: _Last(_said(one.value, one.text), one.time, one.stale_since is not None)
            for one in live.values
        }
    if not home_path(home).is_dir():
        return {}
    rows = open_lake(home).read("telemetry_1h", viewer())
    newest = rows.group_by("tag").agg(
        at=rows.last_at.max().epoch_seconds(), value=rows["last"].argmax(rows.last_at)
    )
    return {
        row["tag"]: _Last(_said(row["value"], None), row["at"] * 1000, stale=False)
        for row in newest.to_pyarrow().to_pylist()
        if row["at"] is not None
    }


def _said(value: float | None, text: str | None) -> str | None:
    if text is not None:
        return text
    return None if value is None or value != value else f"{value:.12g}"
