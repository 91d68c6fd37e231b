"""The mapping of the shop: the file that a plant's engineer would have written.

Written out as text and read by the same reader as any mapping, so that the
demo's home holds a file to look at and to change, not a special case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ballast.sample.factory.shop import (
    AREAS,
    GROUP,
    MACHINES,
    MEANINGS,
    METER,
    PREFIX,
    SHOP,
    SHOP_NAME,
    USCC,
    Code,
    Machine,
    asset_of,
)
from ballast.sample.factory.signals import METER_ASSET, STATE, Signal, signals_of
from ballast.sample.synthetic import SOURCE
from ballast.terms.label import Label

__all__ = ["machine_handle", "mapping", "reason_of"]

_HEAD = f"""\
# {SOURCE}: the mapping of a shop that does not exist. 虚构车间的映射表。
"""
_TAIL = """\
[[shift]]
shift = "day"
name = { zh = "白班", en = "Day shift" }
start = "08:00"
end = "20:00"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
breaks = ["11:30-12:15", "17:00-17:30"]

[[shift]]
shift = "night"
name = { zh = "夜班", en = "Night shift" }
start = "20:00"
end = "08:00"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
breaks = ["23:30-00:15", "05:00-05:30"]

[[tariff]]
since = 2024-01-01
source = "invented for the sample, after the shape of a real notice 样例电价，非真实价格"
prices = { sharp = "1.2300", peak = "1.0200", flat = "0.6800", valley = "0.3400", \
deep_valley = "0.2200" }
demand_price = "38.4"

[[tariff.season]]
months = [6, 7, 8]
sharp = ["18:00-22:00"]
peak = ["16:00-18:00", "22:00-23:00"]
valley = ["02:00-08:00"]

[[tariff.season]]
months = [1, 2, 3, 4, 5, 9, 10, 11, 12]
sharp = ["17:00-19:00"]
peak = ["16:00-17:00", "19:00-22:00"]
valley = ["10:00-11:00", "14:00-15:00"]
deep_valley = ["11:00-14:00"]
"""


def reason_of(code: Code) -> str:
    """Return the reason as the shop writes it, in both languages: it is a text, not a label.

    Examples
    --------
    >>> reason_of(Code.TOOL)
    '刀具破损 tool broke'
    """
    label = MEANINGS[code][1]
    return f"{label.zh} {label.en}"


def machine_handle(machine: Machine) -> str:
    """Return the handle of a machine.

    Examples
    --------
    >>> machine_handle(MACHINES[0])
    '88.000.9001/SB.lathe-1'
    """
    return f"{PREFIX}/SB.{machine.machine}"


def mapping(broker: tuple[str, int, str, str] | None = None) -> str:
    """Return the mapping as TOML.

    Parameters
    ----------
    broker
        Host, port, user and password file of the broker; none: it is told elsewhere.
    """
    return "\n".join([_HEAD, *_site(), *_broker(broker), *_assets(), *_kinds(), *_meter(), _TAIL])


def _site() -> Iterator[str]:
    yield "[site]"
    yield f"name = {_label(SHOP_NAME)}"
    yield f"uscc = {_text(USCC)}"
    yield 'zone = "Asia/Shanghai"'
    yield 'provenance = "synthetic"\n'


def _broker(broker: tuple[str, int, str, str] | None) -> Iterator[str]:
    if broker is not None:
        host, port, user, password_file = broker
        yield "[broker]"
        yield f"host = {_text(host)}\nport = {port}\nversion = 4"
        if user:
            yield f"user = {_text(user)}\npassword_file = {_text(password_file)}"
        yield ""
    yield f'[sparkplug]\nhost_id = "ballast"\ngroups = [{_text(GROUP)}]\nreorder_ms = 2000\n'


def _assets() -> Iterator[str]:
    yield from _asset(SHOP, "site", SHOP_NAME)
    for area, name in AREAS.items():
        yield from _asset(f"{SHOP}/{area}", "area", name)
    for machine in MACHINES:
        yield from _asset(asset_of(machine), "machine", machine.name)
        yield f"kind = {_text(_kind(machine))}"
        yield f"cycle_s = {machine.cycle_s}"
        yield f"handle = {_text(machine_handle(machine))}"
        place = f"group = {_text(GROUP)}, node = {_text(machine.area)}"
        yield f"sparkplug = {{ {place}, device = {_text(machine.machine)} }}\n"


def _asset(path: str, level: str, name: Label) -> Iterator[str]:
    yield f"\n[[asset]]\nasset = {_text(path)}\nlevel = {_text(level)}\nname = {_label(name)}"


def _kind(machine: Machine) -> str:
    if machine.spindle:
        return "cutting"
    return "testing" if machine.area == "inspection" else "handling"


def _kinds() -> Iterator[str]:
    shown: set[str] = set()
    for machine in MACHINES:
        kind = _kind(machine)
        if kind not in shown:
            shown.add(kind)
            yield f"[[kind]]\nkind = {_text(kind)}\n"
            for signal in signals_of(machine):
                yield "[[kind.tag]]"
                yield f"tag = {_text(signal.metric)}"
                yield from _tag(signal)


def _meter() -> Iterator[str]:
    for signal in signals_of(None):
        yield "[[tag]]"
        yield f"tag = {_text(f'{METER_ASSET}/{signal.metric}')}"
        # Of the whole shop: what the machines' own meters count has gone through it already.
        yield f"asset = {_text(SHOP)}"
        place = f'group = {_text(GROUP)}, node = "utilities", device = {_text(METER)}'
        yield f"sparkplug = {{ {place}, metric = {_text(signal.metric)} }}"
        yield from _tag(signal, named=False)


def _tag(signal: Signal, *, named: bool = True) -> Iterator[str]:
    yield f"name = {_label(signal.name)}"
    yield f"quantity = {_text(signal.quantity)}"
    yield f"role = {_text(signal.role.value)}"
    if named:
        yield f"metric = {_text(signal.metric)}"
    yield f"unit = {_text(signal.unit)}"
    if signal.every_s is not None:
        yield f"every_s = {signal.every_s}"
    for bound in ("lower", "target", "upper"):
        if (value := getattr(signal, bound)) is not None:
            yield f"{bound} = {value}"
    if signal is STATE:
        yield f"states = {{ {_states(tuple(MEANINGS))} }}"
    yield ""


def _states(codes: Sequence[Code]) -> str:
    return ", ".join(
        f"{_text(str(int(code)))} = {{ state = {_text(MEANINGS[code][0].name.lower())}, "
        f"reason = {_text(reason_of(code))} }}"
        for code in codes
    )


def _label(label: Label) -> str:
    return f"{{ zh = {_text(label.zh)}, en = {_text(label.en)} }}"


def _text(text: str) -> str:
    # A string of JSON is a basic string of TOML, but for characters that no name of ours has.
    return json.dumps(text, ensure_ascii=False)
