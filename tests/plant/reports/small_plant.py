"""A plant of a few machines with a mapping: state tags, counters, shifts; a day in Shanghai."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.window import Window, from_ms, to_ms
from ballast.plant.site.asset import Asset, Level
from ballast.plant.site.shift import Shift
from ballast.plant.site.site import Site
from ballast.plant.site.tag import SparkplugSource, StateMeaning, Tag, TagRole
from ballast.terms.label import Label
from ballast.terms.unit import COUNT

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 6, 1, tzinfo=SHANGHAI)
ZERO = to_ms(DAY)
S = MachineState
MEANINGS = {
    "0": StateMeaning(S.IDLE),
    "1": StateMeaning(S.PRODUCING),
    "2": StateMeaning(S.SETUP, "换型"),
    "3": StateMeaning(S.DELAYED, "故障"),
    "4": StateMeaning(S.PLANNED_STOP),
}
EVERY_DAY = frozenset(range(7))


def tag(asset: str, name: str, role: TagRole, every_s: float | None = None) -> Tag:
    return Tag(
        f"{asset}/{name}", asset, Label(name, name), "", COUNT, role, every_s,
        MEANINGS if role is TagRole.STATE else {},
        source=SparkplugSource("shop", asset.rsplit("/", 1)[-1], None, name),
    )  # fmt: skip


def site_of(
    *machines: str, shifts: Sequence[Shift] = (), every_s: float | None = None,
    cycle_s: float | None = 10.0, zone: ZoneInfo = SHANGHAI,
) -> Site:  # fmt: skip
    tags = [tag(one, "state", TagRole.STATE, every_s) for one in machines]
    tags += [
        tag(one, role.value, role) for one in machines for role in (TagRole.PRODUCED, TagRole.GOOD)
    ]
    return Site(
        uscc="91371500MA3C4D5E6X", name=Label("厂", "shop"), zone=zone,
        assets={"shop": Asset("shop", None, Level.SITE, Label("厂", "shop"))}
        | {
            one: Asset(one, "shop", Level.MACHINE, Label(one, one), cycle_s=cycle_s)
            for one in machines
        },
        tags={one.tag: one for one in tags}, shifts=tuple(shifts),
    )  # fmt: skip


def shift(name: str, start: str, end: str, *breaks: tuple[str, str]) -> Shift:
    return Shift(
        name, Label(name, name), time.fromisoformat(start), time.fromisoformat(end), EVERY_DAY,
        tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in breaks),
    )  # fmt: skip


def clock(hours: float) -> int:
    """Return a moment of the day, epoch ms."""
    return ZERO + round(hours * 3_600_000)


def window(first: float = 0, last: float = 24, zone: ZoneInfo = SHANGHAI) -> Window:
    return Window(from_ms(clock(first), zone), from_ms(clock(last), zone), zone)
