"""The days of the shop: orders, and what each machine did when, decided before anybody looks.

A production day begins at eight in the morning in China, which is midnight
UTC, and has two shifts of twelve hours. A day of a machine is a row of
stretches of time in one state each; what was made and how much energy went
follows from them alone. So history, live publisher and the rows that people
enter tell the same story without talking to each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from ballast.sample.factory.noise import key, normal, uniform
from ballast.sample.factory.shop import PREFIX, PRODUCTS, Code, Machine, Product
from ballast.sample.synthetic import Floats, Ints, stream

__all__ = [
    "BEARING_DAY",
    "BEARING_FAILS",
    "DAY_MS",
    "DRIFT_DAY",
    "DRIFT_FROM",
    "HOUR_MS",
    "MachineDay",
    "Order",
    "drift",
    "order_of",
    "orders_of",
    "seal_day",
    "stretches",
]

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
_SLOT_MS = 10_000
_SLOTS = DAY_MS // _SLOT_MS
_HALF = _SLOTS // 2
#: From the shop's first day: when the leak tester's seal begins to wear, and when it is replaced.
DRIFT_DAY = 27
DRIFT_FROM = 2 * HOUR_MS  # ten in the morning
_SEAL_MINUTES = 35
#: From the shop's first day: when the spindle bearing of lathe 2 fails, at twenty past one.
BEARING_DAY = 28
BEARING_FAILS = 5 * HOUR_MS + 20 * 60_000
_BEARING_MINUTES = 95
# Hours of the production day: lunch, supper, midnight, dawn; the same as in the mapping.
_BREAKS = ((3.5, 4.25), (9.0, 9.5), (15.5, 16.25), (21.0, 21.5))
_SUNDAY, _MAINTENANCE_HOURS = 6, 3.0


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the shop.

    Parameters
    ----------
    number
        As it stands on the sheet.
    product
        What is made.
    batch
        The handle of what is made.
    """

    number: str
    product: Product
    batch: str


@dataclass(frozen=True, slots=True)
class MachineDay:
    """One production day of one machine, as stretches of time.

    Parameters
    ----------
    edges
        Shape (n + 1,): where stretches begin and the last ends, epoch ms.
    code
        Shape (n,): the state of each.
    order
        Shape (n,): 0 to 3, which of the day's orders is worked on.
    cycle_ms
        Shape (n,): what a piece really takes in it.
    """

    edges: Ints
    code: npt.NDArray[np.int16]
    order: npt.NDArray[np.int8]
    cycle_ms: Floats

    @property
    def running(self) -> npt.NDArray[np.bool_]:
        """Which stretches make pieces."""
        return np.asarray(self.code == Code.RUN)


def seal_day(day: int, first_day: int) -> bool:
    """Return whether the worn seal is replaced at the beginning of a day (days since 1970)."""
    return day == first_day + DRIFT_DAY + 1


def drift(first_day: int) -> tuple[int, int]:
    """Return from when until when the leak tester drifts, epoch ms."""
    start = (first_day + DRIFT_DAY) * DAY_MS + DRIFT_FROM
    return start, (first_day + DRIFT_DAY + 1) * DAY_MS


def orders_of(seed: int, day: int) -> tuple[Order, Order, Order, Order]:
    """Return the orders of a production day: two of the day shift, two of the night shift.

    Parameters
    ----------
    seed
        Of the sample.
    day
        Days since 1970.

    Examples
    --------
    >>> orders_of(1, 20_000)[0].batch
    '88.000.9001/3443.STF-08.20241004.0001'
    """
    return tuple(order_of(seed, day, place) for place in range(4))  # type: ignore[return-value]


def order_of(seed: int, day: int, place: int) -> Order:
    """Return one order of a production day by its place, 0 to 3."""
    # The two products of a shift differ; most shifts go on with what the shift before made.
    draws = uniform(key(seed, "products"), [2 * day + place // 2])
    first = int(draws[0] * len(PRODUCTS))
    which = (first + (place % 2) * (1 + day % (len(PRODUCTS) - 1))) % len(PRODUCTS)
    product = PRODUCTS[which]
    made = datetime.fromtimestamp(day * DAY_MS / 1000, UTC)
    return Order(
        number=f"GD{made:%y%m%d}-{place + 1}",
        product=product,
        batch=f"{PREFIX}/3443.{product.model}.{made:%Y%m%d}.{place + 1:04d}",
    )


def stretches(seed: int, machine: Machine, day: int, first_day: int) -> MachineDay:
    """Return a production day of a machine.

    Parameters
    ----------
    seed
        Of the sample.
    machine
        Which.
    day, first_day
        Days since 1970: the day asked for, and the first of the shop.
    """
    rng = stream(seed, f"factory-{machine.machine}-{day}")
    code = np.full(_SLOTS, Code.RUN, np.int16)
    for fault, (hours, minutes) in machine.faults.items():
        for start in np.flatnonzero(rng.random(_SLOTS) < _SLOT_MS / HOUR_MS / hours):
            lasted = minutes * np.exp(0.6 * rng.standard_normal())
            code[start : start + max(int(lasted * 60_000 / _SLOT_MS), 3)] = fault
    order = _order_slots(machine)
    _paint_setups(code, order, seed, day, rng)
    for shift in range(2):
        if rng.random() < 0.35:  # the order is done before the shift is
            end = (shift + 1) * _HALF
            code[end - int(rng.uniform(8, 40) * 60_000 / _SLOT_MS) : end] = Code.IDLE
    _paint_events(code, machine, day, first_day)
    for begins, ends in _BREAKS:
        code[_slot(begins) : _slot(ends)] = Code.BREAK
    if datetime.fromtimestamp(day * DAY_MS / 1000, UTC).weekday() == _SUNDAY:
        code[: _slot(_MAINTENANCE_HOURS)] = Code.MAINTENANCE
    changes = np.flatnonzero((np.diff(code) != 0) | (np.diff(order) != 0)) + 1
    starts = np.concatenate([[0], changes])
    edges = day * DAY_MS + np.append(starts, _SLOTS).astype(np.int64) * _SLOT_MS
    pace = machine.pace * (1 + 0.025 * normal(key(seed, machine.machine, "pace"), edges[:-1]))
    return MachineDay(
        edges=edges,
        code=code[starts],
        order=order[starts],
        cycle_ms=machine.cycle_s * 1000 * np.maximum(pace, 0.9),
    )


def _order_slots(machine: Machine) -> npt.NDArray[np.int8]:
    order = np.empty(_SLOTS, np.int8)
    for shift in range(2):
        begin, end = shift * _HALF, (shift + 1) * _HALF
        parts = np.linspace(begin, end, len(machine.orders) + 1).astype(int)
        for which, low, high in zip(machine.orders, parts[:-1], parts[1:], strict=True):
            order[low:high] = 2 * shift + which
    return order


def _paint_setups(
    code: npt.NDArray[np.int16],
    order: npt.NDArray[np.int8],
    seed: int,
    day: int,
    rng: np.random.Generator,
) -> None:
    """Put a setup where a machine goes over to another product."""
    before = order_of(seed, day - 1, int(order[-1])).product
    for start in [0, *(np.flatnonzero(np.diff(order)) + 1).tolist()]:
        product = order_of(seed, day, int(order[start])).product
        if product is not before:
            code[start : start + int(rng.uniform(14, 34) * 60_000 / _SLOT_MS)] = Code.SETUP
        before = product


def _paint_events(code: npt.NDArray[np.int16], machine: Machine, day: int, first_day: int) -> None:
    if machine.machine == "lathe-2" and day == first_day + BEARING_DAY:
        start = BEARING_FAILS // _SLOT_MS
        code[start : start + _BEARING_MINUTES * 60_000 // _SLOT_MS] = Code.SPINDLE
    if machine.machine == "leak-tester-1" and seal_day(day, first_day):
        code[: _SEAL_MINUTES * 60_000 // _SLOT_MS] = Code.SEAL


def _slot(hours: float) -> int:
    return int(hours * HOUR_MS) // _SLOT_MS
