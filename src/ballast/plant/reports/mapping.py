"""The mapping that a report goes by: the site's file, or the lake's tables where there is none.

Reports would otherwise ask two places for each name, unit and cycle. The
tables ``asset`` and ``tag`` are made into the very object that the file gives,
once, and everything behind this module knows only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ballast.errors import InvalidTerm, NotFound
from ballast.lake.lake import Lake
from ballast.plant.site.asset import Asset, Level
from ballast.plant.site.site import Site
from ballast.plant.site.states import read_states
from ballast.plant.site.tag import JsonSource, SparkplugSource, StateMeaning, Tag, TagRole
from ballast.terms.label import Label
from ballast.terms.unit import COUNT, Unit, parse_measured
from ballast.terms.viewer import Viewer

__all__ = ["COUNTERS", "Machine", "machines_of", "mapping_of", "meaning_of", "value_text"]

COUNTERS = (TagRole.PRODUCED, TagRole.GOOD, TagRole.SCRAP, TagRole.REWORK)


@dataclass(frozen=True, slots=True)
class Machine:
    """What a report of times and pieces needs of a machine.

    Parameters
    ----------
    asset, name, cycle_s
        As in `Asset`.
    state
        Its state tag, or none.
    counters
        Its counters of pieces, by role.
    """

    asset: str
    name: Label
    cycle_s: float | None = None
    state: Tag | None = None
    counters: Mapping[TagRole, Tag] = field(default_factory=dict)

    @property
    def mute(self) -> bool:
        """Whether it says nothing itself: people enter what it does."""
        return self.state is None and not self.counters


def mapping_of(lake: Lake, viewer: Viewer, site: Site | None) -> Site:
    """Return the mapping of a home.

    Parameters
    ----------
    lake, viewer
        Whose tables, and who asks.
    site
        What the mapping file says; ``None``: there is none, the tables are asked.

    Raises
    ------
    NotPermitted
        If the viewer may not read the tables.
    Refused
        If a row of ``tag`` says of its states what is not understood.
    """
    if site is not None:
        return site
    assets = lake.read("asset", viewer).to_pyarrow().to_pylist()
    tags = lake.read("tag", viewer).to_pyarrow().to_pylist()
    uscc = next((row["uscc"] for row in (*assets, *tags) if row["uscc"]), "")
    return Site(
        uscc=uscc,
        name=Label("", ""),
        zone=ZoneInfo("UTC"),
        assets={row["asset"]: _asset(row) for row in assets},
        tags={row["tag"]: _tag(row) for row in tags},
    )


def _asset(row: Mapping[str, Any]) -> Asset:
    return Asset(
        asset=row["asset"],
        parent=row["parent"],
        level=Level(row["level"]),
        name=Label(row["name"], row["name_en"] or ""),
        handle=row["handle"],
        cycle_s=row["cycle_s"],
        group=row["asset_group"] or "",
    )


def _tag(row: Mapping[str, Any]) -> Tag:
    return Tag(
        tag=row["tag"],
        asset=row["asset"],
        name=Label(row["name"], row["name_en"] or ""),
        quantity=row["quantity"] or "",
        unit=_unit(row["unit"]),
        role=TagRole(row["role"]),
        every_s=row["every_s"],
        states=read_states(row["states"]),
        lower=row["lower"],
        upper=row["upper"],
        target=row["target"],
        subgroup=row["subgroup"] or 1,
        handle=row["handle"],
        source=_source(row["source"]),
    )


def _unit(text: str | None) -> Unit:
    if not text:
        return COUNT
    try:
        return parse_measured(text)
    except InvalidTerm:  # it is shown as it was written; nothing here converts it
        return Unit(text, text, Decimal(1), Label(text, text))


def _source(text: str | None) -> SparkplugSource | JsonSource | None:
    kind, _, rest = (text or "").partition(":")
    if kind == "json":
        topic, _, path = rest.partition("#")
        return JsonSource(topic, path)
    parts = rest.split("/", 3)
    if kind == "sparkplug" and len(parts) == 4:
        return SparkplugSource(parts[0], parts[1], parts[2] or None, parts[3])
    return None


def machines_of(
    site: Site, assets: Sequence[str] | None, entered: Iterable[str] = ()
) -> tuple[Machine, ...]:
    """Return the machines that are asked for, in the order of the mapping.

    Parameters
    ----------
    site
        The mapping.
    assets
        Machines, or what stands above them; ``None``: all.
    entered
        Assets of which people entered work or stops: those that the mapping does not know are
        machines too.

    Raises
    ------
    NotFound
        If an asset is asked for that neither the mapping nor anybody knows.

    Notes
    -----
    A machine is an asset of that level, and any other that has a state tag or a counter of
    pieces. An asset above them that is asked for and has no machine under it stands for itself:
    a line whose people report it as a whole.
    """
    strangers = sorted(set(entered) - set(site.assets))
    own: dict[str, list[Tag]] = {}
    for tag in site.tags.values():
        if tag.role is TagRole.STATE or tag.role in COUNTERS:
            own.setdefault(tag.asset, []).append(tag)
            if tag.asset not in site.assets and tag.asset not in strangers:
                strangers.append(tag.asset)
    speaking = {
        one.asset for one in site.assets.values() if one.level is Level.MACHINE or one.asset in own
    }
    if assets is None:
        wanted = [name for name in site.assets if name in speaking] + strangers
    else:
        wanted = _under(site, assets, speaking, set(strangers))
    return tuple(_machine(site, name, own.get(name, [])) for name in wanted)


def _under(site: Site, assets: Sequence[str], speaking: set[str], strangers: set[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in assets:
        if name not in site.assets:
            if name not in strangers:
                raise NotFound(
                    "there is no asset {asset}; ballast plant tags lists those there are",
                    asset=name,
                )
            found[name] = None
            continue
        below = [one.asset for one in site.under(name) if one.asset in speaking]
        found.update(dict.fromkeys(below or [name]))
    return list(found)


def _machine(site: Site, name: str, tags: Sequence[Tag]) -> Machine:
    asset = site.assets.get(name)
    by_role = {tag.role: tag for tag in reversed(tags)}  # of two, the first of the mapping
    return Machine(
        asset=name,
        name=Label(name, name) if asset is None else asset.name,
        cycle_s=None if asset is None else asset.cycle_s,
        state=by_role.get(TagRole.STATE),
        counters={role: by_role[role] for role in COUNTERS if role in by_role},
    )


def value_text(value: float) -> str:
    """Return a number as a mapping writes it among the values of a state tag.

    Examples
    --------
    >>> value_text(3.0), value_text(2.5)
    ('3', '2.5')
    """
    return str(int(value)) if value.is_integer() else repr(value)


def meaning_of(tag: Tag, value: float | None, text: str | None) -> StateMeaning | None:
    """Return what a value of a state tag means; ``None`` where the mapping does not say.

    Parameters
    ----------
    tag
        A state tag.
    value, text
        What it said; the text goes before. ``1`` and ``true`` are one value, as numbers carry
        no other truth.
    """
    said = text if text is not None else (None if value is None else value_text(value))
    if said is None:
        return None
    found = tag.states.get(said)
    return (
        found if found is not None else tag.states.get({"1": "true", "0": "false"}.get(said, said))
    )
