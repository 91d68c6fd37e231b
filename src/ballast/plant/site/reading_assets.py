"""The assets of a mapping: ``[[asset]]``, made a tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ballast.errors import Refused
from ballast.plant.site.addresses import sparkplug_place, topic_name
from ballast.plant.site.asset import Asset, Level
from ballast.plant.site.entry import Entry, entries

__all__ = ["MOST_ASSETS", "Placed", "read_assets"]

MOST_ASSETS = 10_000
_RANK = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Placed:
    """An asset with what its tags take from it.

    Parameters
    ----------
    asset
        The asset.
    where
        How the mapping's table is named in a refusal.
    kind
        The kind whose tags it has, or none.
    sparkplug
        Group, node and device of the metrics of its tags, or none.
    topic
        The JSON topic of the fields of its tags, or none.
    """

    asset: Asset
    where: str
    kind: str | None = None
    sparkplug: tuple[str, str, str | None] | None = None
    topic: str | None = None


def read_assets(document: Entry, kinds: Mapping[str, Entry]) -> dict[str, Placed]:
    """Return the assets, a parent before its children, otherwise as they stand."""
    read: dict[str, Placed] = {}
    for entry in entries(document, "asset", MOST_ASSETS):
        placed = _asset(entry, kinds)
        name = placed.asset.asset
        if name in read:
            raise Refused(
                "{where}: {name} is there already; give each its own name",
                where=entry.where,
                name=name,
            )
        read[name] = placed
    return _ordered({name: _with_parent(placed, read) for name, placed in read.items()})


def _asset(entry: Entry, kinds: Mapping[str, Entry]) -> Placed:
    path = entry.path("asset")
    if path is None:
        raise entry.missing("asset")
    entry.where = f"{entry.where} ({path})"
    kind = entry.text("kind")
    if kind is not None and kind not in kinds:
        raise Refused(
            "{where}: there is no [[kind]] {kind}; add it, or mend the name",
            where=entry.where,
            kind=kind,
        )
    asset = Asset(
        asset=path,
        parent=entry.path("parent"),
        level=entry.choice("level", Level),
        name=entry.label("name", path.rpartition("/")[2]),
        handle=entry.handle("handle"),
        cycle_s=entry.number("cycle_s", above=0),
        group=entry.path("group") or "",
    )
    placed = Placed(asset, entry.where, kind, sparkplug_place(entry), topic_name(entry, "topic"))
    entry.done()
    return placed


def _with_parent(placed: Placed, read: Mapping[str, Placed]) -> Placed:
    asset = placed.asset
    parent = asset.parent
    if parent is None:
        above = asset.asset.rpartition("/")[0]
        while above and above not in read:
            above = above.rpartition("/")[0]
        if not above and "/" in asset.asset:
            raise Refused(
                "{where}: no asset stands above it; add one called {above}, or give a parent",
                where=placed.where,
                above=asset.asset.rpartition("/")[0],
            )
        parent = above or None
    elif parent not in read:
        raise Refused(
            "{where}: its parent {parent} is no asset; add it, or mend the name",
            where=placed.where,
            parent=parent,
        )
    if parent is not None:
        own, over = _RANK[asset.level], _RANK[read[parent].asset.level]
        if own < over or (own == over and asset.level is not Level.MACHINE):
            raise Refused(
                "{where}: level {level} cannot stand below {parent}, which is of level {over}; "
                "levels go enterprise, site, area, line, machine",
                where=placed.where,
                level=asset.level.value,
                parent=parent,
                over=read[parent].asset.level.value,
            )
    return replace(placed, asset=replace(asset, parent=parent))


def _ordered(read: dict[str, Placed]) -> dict[str, Placed]:
    ordered: dict[str, Placed] = {}
    for name in read:
        way: list[str] = []
        at: str | None = name
        while at is not None and at not in ordered:
            if at in way:
                raise Refused(
                    "{where}: it stands below itself ({way}); give one of these another parent",
                    where=read[name].where,
                    way=" < ".join([*way[way.index(at) :], at][:10]),
                )
            way.append(at)
            at = read[at].asset.parent
        for each in reversed(way):
            ordered[each] = _grouped(read[each], ordered)
    return ordered


def _grouped(placed: Placed, above: Mapping[str, Placed]) -> Placed:
    asset = placed.asset
    if asset.group:
        return placed
    over = above.get(asset.parent or "")
    inherits = over is not None and asset.level in (Level.LINE, Level.MACHINE)
    group = over.asset.group if over is not None and inherits else asset.asset
    return replace(placed, asset=replace(asset, group=group))
