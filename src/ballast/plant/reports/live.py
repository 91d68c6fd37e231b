"""What the machines do at this moment, from the file the collector writes once a second.

The lake is behind by as long as the shipper waits; a board on the shop floor
must not be. It reads the collector's last values and nothing else, and what
is stale is marked and never shown as if it were so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.mapping import machines_of, meaning_of
from ballast.plant.reports.segments import HOLD_EVERY
from ballast.plant.site.site import Site
from ballast.plant.site.tag import Tag, TagRole
from ballast.plant.spool.live import LastValue, Live
from ballast.plant.spool.samples import GOOD
from ballast.terms.label import Label
from ballast.terms.unit import COUNT
from ballast.words import Sentence

__all__ = ["SILENT_MS", "MachineNow", "ValueNow", "machines_now"]

SILENT_MS = 15_000
"""A collector writes once a second; one that has not for so long is not there."""


@dataclass(frozen=True, slots=True)
class ValueNow:
    """The last value of one tag.

    Parameters
    ----------
    tag, name, unit
        Which.
    role
        The tag's role as text (``measurement``, ``state``, ``produced`` …).
    value, text
        One of the two; both ``None``: the source said null.
    at_ms
        When the source says it was so; epoch ms UTC.
    stale_since_ms
        Since when it must not be believed; ``None``: it may.
    beyond
        Whether it lies beyond the limits of the tag.
    """

    tag: str
    name: Label
    unit: str
    role: str
    value: float | None
    text: str | None
    at_ms: int
    stale_since_ms: int | None
    beyond: bool


@dataclass(frozen=True, slots=True)
class MachineNow:
    """One machine at this moment.

    Parameters
    ----------
    asset, name, line
        Which, and the asset it stands under.
    state
        What it does; ``None``: not known, ``why`` says why.
    reason
        As its state tag tells it; empty where it does not.
    since_ms
        When it was first seen in the state; ``None``: not known.
    order
        The order it works on; ``None``: none is recorded.
    values
        The last values of its tags, in the order of the mapping.
    stale
        Whether any of them is stale.
    why
        Why the state is not known.
    """

    asset: str
    name: Label
    line: str
    state: MachineState | None
    reason: str
    since_ms: int | None
    order: str | None
    values: tuple[ValueNow, ...]
    stale: bool
    why: Sentence | None


def machines_now(
    site: Site | None,
    live: Live | None,
    now_ms: int,
    *,
    since: Mapping[str, int] | None = None,
    orders: Mapping[str, str] | None = None,
) -> tuple[MachineNow, ...]:
    """Return what the machines do now, in the order of the mapping.

    Parameters
    ----------
    site
        The mapping; without it each tag's path says whose it is, and no state is known.
    live
        From ``spool.live.read_live``; ``None``: no collector has written yet.
    now_ms
        Epoch ms UTC.
    since
        When each machine's state began, where the caller knows it longer than the last sample.
    orders
        The order each machine works on, from the table ``production``.
    """
    values = {} if live is None else {value.tag: value for value in live.values}
    silent = live is None or now_ms - live.at > SILENT_MS
    gone = live.at if live is not None and silent else None
    if site is None:
        return _unmapped(values, now_ms, gone)
    found = []
    for machine in machines_of(site, None):
        tags = site.tags_of(machine.asset)
        shown = [_value(tag, values[tag.tag], now_ms, gone) for tag in tags if tag.tag in values]
        state, reason, why = _state(machine.state, shown, live, silent=silent)
        begun = (since or {}).get(machine.asset)
        if begun is None and state is not None and machine.state is not None:
            begun = values[machine.state.tag].time
        asset = site.assets.get(machine.asset)
        found.append(
            MachineNow(
                asset=machine.asset,
                name=machine.name,
                line="" if asset is None or asset.parent is None else asset.parent,
                state=state,
                reason=reason,
                since_ms=begun if state is not None else None,
                order=(orders or {}).get(machine.asset),
                values=tuple(shown),
                stale=any(one.stale_since_ms is not None for one in shown),
                why=why,
            )
        )
    return tuple(found)


def _value(tag: Tag, value: LastValue, now_ms: int, gone_ms: int | None) -> ValueNow:
    number = None if math.isnan(value.value) or value.text is not None else value.value
    return ValueNow(
        tag=tag.tag,
        name=tag.name,
        unit=str(tag.unit.label),
        role=tag.role.value,
        value=number,
        text=value.text,
        at_ms=value.time,
        stale_since_ms=_stale_since(tag, value, now_ms, gone_ms),
        beyond=number is not None
        and tag.role is TagRole.MEASUREMENT
        and (
            (tag.lower is not None and number < tag.lower)
            or (tag.upper is not None and number > tag.upper)
        ),
    )


def _stale_since(tag: Tag, value: LastValue, now_ms: int, gone_ms: int | None) -> int | None:
    if value.stale_since is not None:
        return value.stale_since
    if value.quality != GOOD:
        return value.time
    if tag.every_s is not None:
        due = value.received_at + round(HOLD_EVERY * tag.every_s * 1000)
        if due < now_ms:
            return due
    return gone_ms


def _state(
    tag: Tag | None, shown: Sequence[ValueNow], live: Live | None, *, silent: bool
) -> tuple[MachineState | None, str, Sentence | None]:
    if tag is None:
        return None, "", Sentence("it has no state tag; people enter its stops")
    if live is None:
        return None, "", Sentence("no collector has run yet")
    if silent:
        return None, "", Sentence("the collector is not running")
    said = next((one for one in shown if one.tag == tag.tag), None)
    if said is None:
        return None, "", Sentence("its state tag has said nothing yet")
    if said.stale_since_ms is not None:
        return None, "", Sentence("its state tag is stale")
    meaning = meaning_of(tag, said.value, said.text)
    if meaning is None:
        return None, "", Sentence("what its state tag says has no meaning in the mapping")
    return meaning.state, meaning.reason, None


def _unmapped(
    values: Mapping[str, LastValue], now_ms: int, gone_ms: int | None
) -> tuple[MachineNow, ...]:
    """Return what is heard without a mapping: values under the path before their last part."""
    by_asset: dict[str, list[ValueNow]] = {}
    for name, value in sorted(values.items()):
        asset, _, last = name.rpartition("/")
        tag = Tag(name, asset, Label(last, last), "", COUNT)
        shown = _value(tag, value, now_ms, gone_ms)
        by_asset.setdefault(asset, []).append(replace(shown, unit=""))
    return tuple(
        MachineNow(
            asset=asset,
            name=Label(asset, asset),
            line="",
            state=None,
            reason="",
            since_ms=None,
            order=None,
            values=tuple(shown),
            stale=any(one.stale_since_ms is not None for one in shown),
            why=Sentence("there is no mapping that says what its values mean"),
        )
        for asset, shown in by_asset.items()
    )
