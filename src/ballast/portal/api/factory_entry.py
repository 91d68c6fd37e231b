"""Entries of people, sent by programs of theirs: stops, orders, pieces, as on the page.

An andon button, a terminal of the shop's own, a scanner at the packing table:
each sends what the page would have sent, is judged by the same rules and can
take back what it entered.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.plant.measures.time_model import MachineState
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import Shape
from ballast.portal.factory_desk import desk_of
from ballast.portal.factory_entry_records import Entered
from ballast.portal.factory_entry_writing import RECIPE, EntryDesk

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["factory"])

_PATH = "/api/v1/factory/entries"
_States = Literal["setup", "delayed", "idle", "planned_stop"]
Machine = Annotated[
    str,
    Field(min_length=1, max_length=200, description="Path of the machine in the mapping.",
          examples=["valve-shop/machining/lathe-1"]),
]  # fmt: skip
Moment = Annotated[
    datetime | None,
    Field(default=None, description="Without a zone: by the clock of the shop. Null: now."),
]
Once = Annotated[
    str,
    Field(default="", max_length=100,
          description="Your own name of this submission; sent twice, it is entered once."),
]  # fmt: skip


class NewStop(Shape):
    """A stop that began, or that is over."""

    machine: Machine
    reason: str = Field(min_length=1, max_length=200, examples=["换刀"])
    state: _States = "delayed"
    start: Moment = None
    end: datetime | None = Field(default=None, description="Null: it goes on.")
    once: Once = ""


class NewOrder(Shape):
    """An order that a machine begins, or has worked on."""

    machine: Machine
    order: str = Field(min_length=1, max_length=200)
    product: str = Field(default="", max_length=200)
    batch_handle: str = Field(default="", max_length=200)
    start: Moment = None
    end: datetime | None = Field(default=None, description="Null: it goes on.")
    once: Once = ""


class NewPieces(Shape):
    """Pieces made since the last were entered; they belong to the order that goes on."""

    machine: Machine
    good: int = Field(default=0, ge=0)
    scrap: int = Field(default=0, ge=0)
    rework: int = Field(default=0, ge=0)
    reason: str = Field(default="", max_length=200, description="Of scrap and rework.")
    at: Moment = None
    once: Once = ""


class NewEnd(Shape):
    """The end of what goes on at a machine."""

    machine: Machine
    what: Literal["stop", "order"]
    end: Moment = None
    once: Once = ""


class EntryShape(Shape):
    """One entry that stands."""

    load_id: str
    kind: Literal["stop", "order", "pieces"]
    machine: str
    start: datetime
    end: datetime | None = Field(description="Null: it goes on.")
    state: str | None
    reason: str
    order: str
    product: str
    good: float | None
    scrap: float | None
    rework: float | None


class Entries(Shape):
    """What was entered and stands, newest first."""

    entries: list[EntryShape]


class Made(Shape):
    """An entry that was carried out."""

    load_id: str = Field(description="By which it is taken back.")


@router.get(_PATH, operation_id="listEntries")
def list_entries(
    ask: Asker,
    machine: Annotated[str | None, Query(max_length=200)] = None,
    hours: Annotated[int, Query(ge=1, le=744, description="How far back.")] = 48,
) -> Entries:
    """List what people entered: what goes on, and what ended in the last hours."""
    ask.private()
    desk = _desk(ask)
    found = desk.entries(desk.now - timedelta(hours=hours), machine)
    ask.audit(f"{RECIPE}: entries of {machine or 'all machines'}", 1)
    return Entries(entries=[_shape(one) for one in found])


@router.post(f"{_PATH}/stops", operation_id="enterStop", status_code=201)
def enter_stop(ask: Asker, wish: NewStop) -> Made:
    """Enter that a machine stands, or stood."""
    desk = _desk(ask, wish.once)
    load_id = desk.stop(
        wish.machine,
        state=MachineState[wish.state.upper()],
        reason=wish.reason,
        start=_local(ask, wish.start),
        end=_local(ask, wish.end),
    )
    return _made(ask, load_id, f"stop {wish.machine}")


@router.post(f"{_PATH}/orders", operation_id="enterOrder", status_code=201)
def enter_order(ask: Asker, wish: NewOrder) -> Made:
    """Enter that a machine works on an order."""
    desk = _desk(ask, wish.once)
    load_id = desk.order(
        wish.machine,
        order=wish.order,
        product=wish.product,
        batch_handle=wish.batch_handle,
        start=_local(ask, wish.start),
        end=_local(ask, wish.end),
    )
    return _made(ask, load_id, f"order {wish.machine}")


@router.post(f"{_PATH}/pieces", operation_id="enterPieces", status_code=201)
def enter_pieces(ask: Asker, wish: NewPieces) -> Made:
    """Enter good pieces, scrap and rework."""
    desk = _desk(ask, wish.once)
    load_id = desk.pieces(
        wish.machine,
        good=wish.good,
        scrap=wish.scrap,
        rework=wish.rework,
        reason=wish.reason,
        at=_local(ask, wish.at),
    )
    return _made(ask, load_id, f"pieces {wish.machine}")


@router.post(f"{_PATH}/ended", operation_id="enterEnd", status_code=201)
def enter_end(ask: Asker, wish: NewEnd) -> Made:
    """Enter that the stop, or the order, that goes on at a machine has ended."""
    desk = _desk(ask, wish.once)
    name: Literal["downtime", "production"] = "downtime" if wish.what == "stop" else "production"
    load_id = desk.ended(name, wish.machine, _local(ask, wish.end))
    return _made(ask, load_id, f"end of {wish.what} {wish.machine}")


@router.delete(f"{_PATH}/{{load_id}}", operation_id="takeBackEntry")
def take_back(
    ask: Asker,
    load_id: Annotated[str, Path(pattern=r"^L[0-9]{7,12}-[0-9a-f]{8}$")],
) -> Made:
    """Take an entry back."""
    _desk(ask).take_back(load_id)
    return _made(ask, load_id, f"back {load_id}")


def _desk(ask: Caller, once: str = "") -> EntryDesk:
    ask.private()
    site = desk_of(ask.context).site()
    if site is None:
        raise NotFound("this home has no mapping of a plant; nothing can be entered yet")
    lake = Lake(ask.context.lake.home, clock=ask.context.lake.clock)
    return EntryDesk(lake, ask.viewer, site, ask.context.clock(), once)


def _local(ask: Caller, moment: datetime | None) -> datetime | None:
    """Return a moment with its zone; one without is the shop's."""
    if moment is None or moment.tzinfo is not None:
        return moment
    site = desk_of(ask.context).site()
    return moment.replace(tzinfo=UTC if site is None else site.zone)


def _made(ask: Caller, load_id: str, what: str) -> Made:
    ask.audit(f"{RECIPE}: {what[:200]}", 1, "enter")
    return Made(load_id=load_id)


def _shape(one: Entered) -> EntryShape:
    kind: Literal["stop", "order", "pieces"] = (
        "stop" if one.table == "downtime" else "pieces" if one.of_moment else "order"
    )
    return EntryShape(
        load_id=one.load_id,
        kind=kind,
        machine=one.asset,
        start=one.start,
        end=one.end,
        state=None if one.state is None else one.state.name.lower(),
        reason=one.reason,
        order=one.order,
        product=one.product,
        good=one.good,
        scrap=one.scrap,
        rework=one.rework,
    )
