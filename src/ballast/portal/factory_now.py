"""The part *Now*: the board of the shop floor, which follows the machines by itself.

Every second and a half the board is worked out again, and of each machine only
what reads differently is sent. The links stay where they are, so neither a
keyboard's place nor a selected text is lost while the figures move.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass, field

from markupsafe import Markup
from nicegui import ui
from starlette.concurrency import run_in_threadpool

from ballast.errors import BallastError, SignInRefused
from ballast.lake.lake import Lake
from ballast.plant.reports.live import MachineNow, machines_now
from ballast.plant.site import Site
from ballast.plant.spool.live import Live
from ballast.portal.data_html import note, show
from ballast.portal.factory_background import Background, Memory, background
from ballast.portal.factory_board import clock, finding, machine_tile, pulse
from ballast.portal.factory_desk import FactoryDesk
from ballast.portal.factory_html import capital
from ballast.portal.factory_panel import FactoryPage
from ballast.portal.identity import audited, current
from ballast.terms.viewer import Viewer
from ballast.words import say

__all__ = ["draw_now"]

_EVERY_SECONDS = 1.5
_PATIENCE = 0.5
"""Seconds for which the first look waits for the lake, which knows since when states hold."""
_MOST_MACHINES = 200
"""More do not fit a board that anybody reads; a line is chosen instead."""
_STYLES = "fa-producing fa-setup fa-delayed fa-idle fa-planned fa-unknown"


@dataclass(slots=True)
class _Shown:
    """One machine's tile: its frame, its body, and what stands in them."""

    frame: ui.element
    body: ui.html
    style: str = ""
    text: str = ""


@dataclass
class _Board:
    """One opened board."""

    page: FactoryPage
    site: Site
    shown: dict[str, _Shown] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)

    def build(self, live: Live | None) -> None:
        """Lay the board out, with what is known at this moment."""
        self.words = ui.html("", sanitize=False)
        self.words.props["aria-live"] = "polite"
        self.pulse = ui.html("", sanitize=False)
        self.grid = ui.element("div").classes("fa-board")
        self.update(live)

    def update(self, live: Live | None) -> None:
        """Show what has changed."""
        desk, language = self.page.desk, self.page.language
        now_ms, zone = desk.now_ms, self.site.zone
        orders = self.memory.lake.orders if self.memory.lake else {}
        found = machines_now(self.site, live, now_ms, orders=orders)
        wanted = self.page.asked("machine")
        machines = [self.memory.with_since(one) for one in found if _within(one, wanted)]
        machines = machines[:_MOST_MACHINES]
        text, good = pulse(live, now_ms, zone, language)
        said = finding(machines, now_ms, language) if live is not None else []
        at = "" if live is None else clock(live.at, now_ms, zone)
        self._say(said, text, good=good, at=at)
        for one in machines:
            self._show(one, now_ms)

    def _say(self, said: list[str], text: str, *, good: bool, at: str) -> None:
        if said != self.said:
            body = Markup().join(Markup("<p>{}</p>").format(capital(one)) for one in said)
            self.words.set_content(str(Markup('<div class="answer">{}</div>').format(body)))
            self.said = said
        kind = "fa-pulse" if good else "note"
        role = Markup() if good else Markup(' role="alert"')
        content = Markup('<p class="{}"{}><span>{}</span><span>{}</span></p>').format(
            kind, role, text, say("as of {time}", self.page.language, time=at) if at else ""
        )
        if self.pulse.content != str(content):
            self.pulse.set_content(str(content))

    def _show(self, one: MachineNow, now_ms: int) -> None:
        tile = machine_tile(one, self.site, now_ms, self.page.language)
        held = self.shown.get(one.asset)
        if held is None:
            held = self.shown[one.asset] = self._tile(one)
        if held.style != tile.style:
            held.frame.classes(remove=_STYLES, add=tile.style)
            held.style = tile.style
        if held.text != tile.body:
            held.body.set_content(tile.body)
            held.text = tile.body

    def _tile(self, one: MachineNow) -> _Shown:
        language = self.page.language
        line = self.site.assets.get(one.line)
        name = "" if line is None else line.name.text(language)
        with self.grid:
            frame = ui.element("article").classes("card fa-machine")
            with frame:
                ui.html(
                    str(
                        Markup('<h3><a href="{}">{}</a><small>{}</small></h3>').format(
                            self.page.address(part="oee", machine=one.asset, span="today"),
                            one.name.text(language),
                            name,
                        )
                    ),
                    sanitize=False,
                )
                body = ui.html("", sanitize=False)
        return _Shown(frame, body)

    async def tick(self) -> None:
        """Look again; leave where the session has ended."""
        try:
            current()
        except SignInRefused:
            ui.navigate.reload()
            return
        try:
            live = await self.look()
        except BallastError:
            return  # the next look may be luckier; what is shown says of when it is
        if not self.grid.is_deleted:
            self.update(live)

    async def look(self, patience: float = 0.0) -> Live | None:
        """Return the live picture, and take what the lake has answered by now.

        Parameters
        ----------
        patience
            Seconds to wait for the lake at most.
        """
        desk, viewer = self.page.desk, self.page.identity.viewer
        live = await run_in_threadpool(desk.live)
        asked = await run_in_threadpool(_asked, desk, viewer, self.site)
        if patience and not asked.done():
            await asyncio.wait(
                {asyncio.ensure_future(asyncio.wrap_future(asked))}, timeout=patience
            )
        if asked.done() and asked.exception() is None:
            self.memory.lake = asked.result()
        return live


def _within(one: MachineNow, wanted: str) -> bool:
    return not wanted or one.asset == wanted or one.asset.startswith(wanted + "/")


def _asked(desk: FactoryDesk, viewer: Viewer, site: Site) -> Future[Background]:
    def work(lake: Lake) -> Background:
        return background(lake, viewer, site, desk.now_ms)

    # By the minute: who is in which order changes a few times in a shift.
    return desk.ask(viewer, ("background", desk.now_ms // 60_000), work, settled=True)


async def draw_now(page: FactoryPage, site: Site) -> None:
    """Put the board on the page that is being built.

    Parameters
    ----------
    page
        The opened page.
    site
        The mapping of the home.
    """
    if not any(asset.level == "machine" for asset in site.assets.values()):
        note(
            say(
                "The mapping names no machines yet. Add an [[asset]] of level machine for each, "
                "and its tags; `ballast plant tags` lists what arrives.",
                page.language,
            )
        )
    board = _Board(page, site)
    board.build(await board.look(_PATIENCE))
    await run_in_threadpool(audited, page.identity, "factory: machines now", 1)
    show(Markup('<p class="source">{}</p>').format(_source(page, site)))
    ui.timer(_EVERY_SECONDS, board.tick)


def _source(page: FactoryPage, site: Site) -> str:
    return say(
        "Source: the last values that the collector of {site} has received; times are the "
        "machines' own.",
        page.language,
        site=site.name,
    )
