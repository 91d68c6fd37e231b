"""Entry by people without machines on the network: a page for the phone beside the machine.

Rendered here and without script, unlike the rest of the Factory page: a live
line breaks in a shop of steel, a form does not. One column, large targets, and
every thing that can be done is a form of its own that the keyboard reaches.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ballast.errors import NotFound, Refused, StorageFailed
from ballast.lake.lake import Lake
from ballast.plant.measures.time_model import MachineState
from ballast.plant.site import Site
from ballast.portal.context import PortalContext, context_of
from ballast.portal.factory_desk import desk_of
from ballast.portal.factory_entry_records import going_on, machines
from ballast.portal.factory_entry_view import PATH, machine_page, machines_page
from ballast.portal.factory_entry_words import reasons_for
from ballast.portal.factory_entry_writing import RECIPE, EntryDesk
from ballast.portal.frame_address import go
from ballast.portal.identity import Identity, audited, identity_of
from ballast.portal.refusal import PAGES, status_of
from ballast.words import explain

__all__ = ["register"]

_LATELY = timedelta(days=2)
_MOST_FIELDS = 20
_MOST_SHOWN = 30


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the page to the application.

    Parameters
    ----------
    app
        The portal.
    context
        What it was started with.
    """
    del context

    @app.get(PATH)
    async def look(request: Request) -> Response:
        return await run_in_threadpool(_page, request, {}, "")

    @app.post(PATH)
    async def enter(request: Request) -> Response:
        form = await request.form(max_fields=_MOST_FIELDS)
        given = {key: value for key, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(_carried_out, request, given)


def _site(context: PortalContext) -> Site:
    found = desk_of(context).site()
    if found is None:
        raise NotFound("this home has no mapping of a plant; nothing can be entered yet")
    return found


def _desk(request: Request, site: Site, once: str = "") -> EntryDesk:
    context = context_of(request)
    lake = Lake(context.lake.home, clock=context.lake.clock)
    return EntryDesk(lake, identity_of(request).viewer, site, context.clock(), once)


def _page(request: Request, given: Mapping[str, str], wrong: str, status: int = 200) -> Response:
    identity, context = identity_of(request), context_of(request)
    site, now = _site(context), context.clock()
    desk = _desk(request, site)
    known = {one.asset: one for one in machines(site)}
    asked = given.get("machine") or request.query_params.get("machine", "")
    csrf = identity.csrf or ""
    if asked not in known:
        entries = desk.entries(now)
        open_now = {name: going_on(entries, name) for name in known}
        shown = machines_page(site, list(known.values()), open_now, identity.language, csrf, wrong)
    else:
        entries = desk.entries(now - _LATELY, asked)
        shown = machine_page(
            site,
            known[asked],
            entries[:_MOST_SHOWN],
            going_on(entries, asked),
            _own_loads(context),
            identity.language,
            csrf=csrf,
            once=secrets.token_urlsafe(12),
            now=now,
            given=given,
            done=request.query_params.get("done", ""),
            wrong=wrong,
        )
    page = PAGES.get_template("factory_entry.html.j2").render(**shown)
    return HTMLResponse(page, status, headers={"cache-control": "private, no-store"})


def _own_loads(context: PortalContext) -> frozenset[str]:
    live = context.lake.ledger.live()
    return frozenset(live.filter(pl.col("recipe") == RECIPE)["load_id"].to_list())


def _carried_out(request: Request, given: Mapping[str, str]) -> Response:
    identity = identity_of(request)
    try:
        _enter(request, identity, given)
    except (Refused, NotFound, StorageFailed) as error:
        return _page(request, given, explain(error, identity.language), status_of(error))
    address = go(
        PATH,
        machine=given.get("machine", ""),
        done=given.get("do", ""),
        lang=request.query_params.get("lang"),
    )
    return RedirectResponse(address, 303)


def _enter(request: Request, identity: Identity, given: Mapping[str, str]) -> None:
    site = _site(context_of(request))
    desk = _desk(request, site, given.get("once", ""))
    asset, what = given.get("machine", ""), given.get("do", "")
    match what:
        case "stop":
            state, reason = _reason(site, asset, given, desk, identity)
            desk.stop(
                asset, state=state, reason=reason,
                start=_moment(given, "start", site), end=_moment(given, "end", site),
            )  # fmt: skip
        case "run":
            desk.ended("downtime", asset, _moment(given, "end", site))
        case "finish":
            desk.ended("production", asset, _moment(given, "end", site))
        case "order":
            desk.order(
                asset, order=given.get("order", ""), product=given.get("product", ""),
                batch_handle=given.get("batch", ""), start=_moment(given, "start", site),
            )  # fmt: skip
        case "pieces":
            counts = {name: _count(given, name) for name in ("good", "scrap", "rework")}
            reason = given.get("text", "").strip() or given.get("reason", "")
            desk.pieces(asset, **counts, reason=reason, at=_moment(given, "at", site))
        case "back":
            desk.take_back(given.get("load", ""))
        case _:
            raise Refused("this form was not understood; open the page again")
    audited(identity, f"{RECIPE}: {what} {asset[:200]}", 1, "enter")


def _reason(
    site: Site, asset: str, given: Mapping[str, str], desk: EntryDesk, identity: Identity
) -> tuple[MachineState, str]:
    written, named = given.get("text", "").strip(), given.get("state", "")
    states = {state.name.lower(): state for state in MachineState}
    if named and named not in states:
        raise Refused("this form was not understood; open the page again")
    if written:
        return states.get(named, MachineState.DELAYED), written
    chosen = given.get("reason", "")
    entries = desk.entries(desk.now - _LATELY, asset)
    offered = {one.value: one.state for one in reasons_for(site, asset, entries, identity.language)}
    meant = offered.get(chosen, MachineState.DELAYED)
    return states.get(named, meant), chosen


def _moment(given: Mapping[str, str], name: str, site: Site) -> datetime | None:
    written = given.get(name, "").strip()
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Refused("{found} is no time; write it as 2026-05-31T08:00", found=written[:40]) from (
            None
        )
    return found.replace(tzinfo=site.zone) if found.tzinfo is None else found


def _count(given: Mapping[str, str], name: str) -> int:
    written = given.get(name, "").strip()
    if not written:
        return 0
    if not (written.isascii() and written.isdigit() and len(written) <= 9):
        raise Refused("{found} is no number of pieces; write a whole number", found=written[:40])
    return int(written)
