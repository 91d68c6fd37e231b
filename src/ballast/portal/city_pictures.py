"""Pictures kept: computed once for all who may see the same, away from the event loop.

A picture takes seconds, a page must not. So each is computed in a thread of
its own pool (with its own lake: a connection of the engine belongs to one
thread), and kept under everything it depends on: the ledger as it stands, the
region, the period, the day, and the rights of the viewer. Rights are part of
the key and not checked afterwards, so no viewer can be given what was computed
for another. Who asks for one that is being computed waits for the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from threading import Lock, local
from typing import Any, TypeVar

from ballast.brain.picture import picture, stored_periods
from ballast.brain.picture_sealed import sealed_months, sealed_picture
from ballast.brain.picture_shape import RegionPicture
from ballast.lake.lake import Lake
from ballast.lake.tables import LOAD
from ballast.lake.tables.node import HANDLE_DAILY
from ballast.lake.tables.plant_daily import PLANT_DAILY
from ballast.portal.city_view import CityView, city_view
from ballast.portal.context import PortalContext
from ballast.portal.frame_choices import Choices, choices
from ballast.portal.kept import Kept
from ballast.terms.label import Language
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC, Right, Viewer

__all__ = ["Pictures", "pictures_of"]

Answer = TypeVar("Answer")

_WORKERS = 2
_KEPT = 48
"""Pictures and views: a view in one language is about 300 kB."""
_KEPT_OTHERS = 160
"""What other pages are made of: smaller, more of them, and none of it may push a picture out."""


class Pictures:
    """The pictures of one home.

    Parameters
    ----------
    home
        Where it stands.
    clock
        Tells the day.
    region
        The region that the home is of.
    """

    def __init__(self, home: Path, clock: Callable[[], datetime], region: str) -> None:
        self._home = home
        self._clock = clock
        self._region = region
        self._own = local()
        self._kept = Kept(_KEPT)
        self._others = Kept(_KEPT_OTHERS)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="picture")

    def picture(self, viewer: Viewer, region: str, period: Period | None) -> Future[RegionPicture]:
        """Return the picture of a region as far as the viewer may see it.

        Of what every enterprise reported where the viewer may read that; of
        macro items and the sealed cube alone where not.
        """
        day, sees = self._clock().date(), _sees(viewer)
        key = ("picture", *self._standing(sees), region, period, day)
        return self._once(key, lambda lake: _made(lake, sees, region, period, day))

    def view(
        self, viewer: Viewer, region: str, period: Period | None, language: Language
    ) -> Future[CityView]:
        """Return the picture drawn in one language."""
        day = self._clock().date()
        key = ("view", *self._standing(_sees(viewer)), region, period, day, language)
        made = self.picture(viewer, region, period)
        return self._once(key, lambda _: city_view(made.result(), language), after=made)

    def choices(self, viewer: Viewer) -> Future[Choices]:
        """Return what the filters offer to a viewer."""
        viewer = _sees(viewer)
        key = ("choices", *self._standing(viewer))

        def found(lake: Lake) -> Choices:
            units = viewer.may(Right.READ_UNITS)
            periods = stored_periods(lake, viewer) if units else sealed_months(lake)
            return choices(lake, self._region, periods)

        return self._once(key, found)

    def other(
        self,
        viewer: Viewer,
        key: tuple[Hashable, ...],
        work: Callable[[Lake], Answer],
        after: Future[Any] | None = None,
    ) -> Future[Answer]:
        """Return what another page is made of, kept as pictures are.

        Parameters
        ----------
        viewer
            Whose rights the work reads with; they are part of what it is kept under.
        key
            What names it: a word that no other page uses, then all that it depends on.
        work
            Makes it, with a lake of the pool's thread.
        after
            What it waits for, where it is made from something else that is kept.
        """
        day = self._clock().date()
        whole = (*key, viewer.clusters, day, *self._standing(viewer))
        return self._once(whole, work, after=after, kept=self._others)

    async def run(self, work: Callable[[Lake], Answer]) -> Answer:
        """Return what work with the lake gives, done in the pool and not kept."""
        return await asyncio.wrap_future(self._pool.submit(lambda: work(self._lake())))

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _standing(self, viewer: Viewer) -> tuple[Hashable, ...]:
        # Every load and every withdrawal adds a file to the ledger's log and nothing else does,
        # so the newest names the loads that stand, without reading them; what factories and
        # the node tell of a day comes without a load.
        newest = (
            max((entry.name for entry in log.glob("*.json")), default="")
            for name in (LOAD.name, PLANT_DAILY.name, HANDLE_DAILY.name)
            for log in (self._home / "lake" / name / "_delta_log",)
        )
        return (*newest, viewer.rights, viewer.enterprises)

    def _lake(self) -> Lake:
        if not hasattr(self._own, "lake"):
            self._own.lake = Lake.open(self._home)
        lake: Lake = self._own.lake
        return lake

    def _once(
        self,
        key: Hashable,
        work: Callable[[Lake], Answer],
        after: Future[Any] | None = None,
        kept: Kept | None = None,
    ) -> Future[Answer]:
        """Return what is kept under a key, or begin to make it: now, or after something else."""

        def begin(made: Future[Answer]) -> None:
            # Not by waiting inside the pool for what is made there: two such waits would fill it.
            if after is None:
                self._pool.submit(self._make, made, work)
            else:
                after.add_done_callback(lambda _: self._pool.submit(self._make, made, work))

        return (self._kept if kept is None else kept).once(key, begin)

    def _make(self, made: Future[Answer], work: Callable[[Lake], Answer]) -> None:
        try:
            made.set_result(work(self._lake()))
        except BaseException as error:  # whoever waits is told
            made.set_exception(error)


def _sees(viewer: Viewer) -> Viewer:
    """Return as whom a picture is made: everybody without the right to units sees the same one."""
    return viewer if viewer.may(Right.READ_UNITS) else PUBLIC


def _made(
    lake: Lake, viewer: Viewer, region: str, period: Period | None, day: date
) -> RegionPicture:
    if viewer.may(Right.READ_UNITS):
        return picture(lake, viewer, region, today=day, period=period)
    return sealed_picture(lake, region, today=day, period=period)


_OPEN: dict[tuple[Path, str], Pictures] = {}
_OPENING = Lock()


def pictures_of(context: PortalContext) -> Pictures:
    """Return the kept pictures of a portal's home; the same ones for every page of it."""
    key = (context.lake.home.path, context.region)
    with _OPENING:
        if key not in _OPEN:
            _OPEN[key] = Pictures(key[0], context.clock, context.region)
        return _OPEN[key]
