"""One identifier: read it, register it, revoke, restore or renew it.

The handle stands in the query and not in the path: it holds slashes, and a
proxy that decodes them would ask for another one.
"""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from ballast.errors import Refused, WrongUsage
from ballast.node.registry.records import RecordState
from ballast.node.registry.store import Snapshot
from ballast.node.service.changes import SetState
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.identifiers_shapes import RecordShape, record_shape
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import Shape
from ballast.portal.identifiers_desk import node_of
from ballast.portal.identifiers_reading import open_record
from ballast.portal.identifiers_writing import (
    Given,
    creation,
    demand_change,
    done,
    seconds_of,
)
from ballast.portal.identity import audited

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["identifiers"])

_PATH = "/api/v1/identifiers/records"
AnyHandle = Annotated[
    str,
    Query(
        min_length=3,
        max_length=2048,
        description="The whole identifier; case of ASCII letters does not count.",
        examples=["88.118.8/A-1"],
    ),
]


class NewValue(Shape):
    """A value of a new record."""

    type: str = Field(min_length=1, max_length=200, examples=["URL"])
    data: str = Field(min_length=1, max_length=100_000)
    format: Literal["string", "base64"] = "string"
    public: bool = Field(default=True, description="Whether the node answers it to anyone.")


class NewRecord(Shape):
    """An identifier that is to be registered."""

    handle: str = Field(
        min_length=3,
        max_length=2048,
        description="The whole identifier; with `mint` the prefix, perhaps a slash and how the "
        "suffix begins.",
        examples=["88.118.8/A-1"],
    )
    mint: bool = Field(default=False, description="Let the node find the rest of the suffix.")
    values: list[NewValue] = Field(min_length=1, max_length=500)
    expires_at: datetime | None = Field(default=None, description="Null: never.")


class NewState(Shape):
    """What is to become of a record; what is not given stays."""

    state: Literal["valid", "revoked"] | None = None
    expires_at: datetime | None = Field(default=None, description="Null, if given: never.")
    reason: str = Field(default="", max_length=400, description="For the node's audit trail.")


@router.get(_PATH, operation_id="readIdentifier")
def read_record(ask: Asker, handle: AnyHandle) -> RecordShape:
    """Read a record, with the values that the account may read."""
    ask.private()
    with node_of(ask.context).reading() as moment:
        shape = _shape(ask, moment, handle)
    if shape.uscc:
        ask.audit(f"identifier {shape.handle[:200]}", 1)
    return shape


@router.post(_PATH, operation_id="registerIdentifier", status_code=201)
async def register(ask: Asker, wish: NewRecord) -> RecordShape:
    """Register one identifier, or let the node find a suffix for it."""
    ask.private()
    node, now = node_of(ask.context), ask.context.clock().timestamp()
    with node.reading() as moment:
        demand_change(moment, ask.viewer, wish.handle)
    given = [Given(one.type, _data(one, at), one.public) for at, one in enumerate(wish.values)]
    change = creation(wish.handle, given, seconds_of(_aware(wish.expires_at), now), mint=wish.mint)
    answer = done(await node.change(change, ask.viewer.name, ask.identity.address))
    made = answer.handle.decode()
    await run_in_threadpool(audited, ask.identity, f"identifier {made[:200]}", 1, "register")
    with node.reading() as moment:
        return _shape(ask, moment, made)


@router.patch(_PATH, operation_id="changeIdentifier")
async def change_state(ask: Asker, handle: AnyHandle, wish: NewState) -> RecordShape:
    """Revoke, restore or renew a record; it stays resolvable and says what has become of it."""
    ask.private()
    renewed = "expires_at" in wish.model_fields_set
    if wish.state is None and not renewed:
        raise WrongUsage("give a state, or when the record expires")
    node, now = node_of(ask.context), ask.context.clock().timestamp()
    with node.reading() as moment:
        demand_change(moment, ask.viewer, handle)
        _shape(ask, moment, handle)  # that it is there
    change = SetState(
        handle.encode(),
        None if wish.state is None else int(RecordState[wish.state.upper()]),
        seconds_of(_aware(wish.expires_at), now) if renewed else None,
        wish.reason,
    )
    done(await node.change(change, ask.viewer.name, ask.identity.address))
    await run_in_threadpool(
        audited, ask.identity, f"identifier {handle[:200]}", 1, wish.state or "renew"
    )
    with node.reading() as moment:
        return _shape(ask, moment, handle)


def _shape(ask: Caller, moment: Snapshot, handle: str) -> RecordShape:
    opened = open_record(moment, ask.viewer, handle, ask.context.clock().timestamp())
    return record_shape(opened, node_of(ask.context).address_of(opened.handle))


def _data(value: NewValue, at: int) -> bytes:
    try:
        if value.format == "base64":
            return b64decode(value.data, validate=True)
        return value.data.encode()
    except ValueError:
        raise Refused("values.{at}.data is not of the format it names", at=at) from None


def _aware(moment: datetime | None) -> datetime | None:
    """Return a moment with its zone; one without is UTC, as elsewhere in the API."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)
