"""The place of a page where a job of the worker is waited for: how far it is, a way to stop it.

A page may be left while its job runs; what is waited for here is only its
answer. One job at a time: who starts another hears of that one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui

from ballast.errors import BallastError
from ballast.portal.data_html import button, note
from ballast.portal.jobs import Work, Worker
from ballast.state.jobs import Job
from ballast.terms.label import Language
from ballast.words import explain, say, unpack

__all__ = ["JobPanel"]

_POLL_SECONDS = 0.4


class JobPanel:
    """Where one page waits for its jobs, and shows what they answer.

    Parameters
    ----------
    worker
        Runs them.
    language
        The reader's.
    ended
        Called with a job that has ended, within the emptied place; what it refuses is said there.
    after
        Called once that is drawn.
    """

    def __init__(
        self,
        worker: Worker,
        language: Language,
        ended: Callable[[Job], Awaitable[None]],
        after: Callable[[Job], Awaitable[None]] | None = None,
    ) -> None:
        self._worker, self._language = worker, language
        self._ended, self._after = ended, after
        self._job: Job | None = None

    def draw(self, style: str = "") -> None:
        """Put the place on the page that is being built.

        Parameters
        ----------
        style
            Classes that it has besides.
        """
        self._place = ui.element("div").classes(f"w-full {style}").props('aria-live="polite"')
        self._timer = ui.timer(_POLL_SECONDS, self._poll, active=False)

    @property
    def waits(self) -> bool:
        """Whether a job has not ended yet."""
        return self._job is not None

    async def start(
        self, kind: str, user_id: int, detail: Mapping[str, object], work: Work
    ) -> None:
        """Have a job done, and wait for it.

        Parameters
        ----------
        kind, user_id, detail, work
            As for `Worker.submit`.
        """
        self._job = await asyncio.to_thread(self._worker.submit, kind, user_id, detail, work)
        self._draw_progress(self._job)
        self._timer.activate()

    def refuse(self, error: BallastError) -> None:
        """Say an error in the place of an answer."""
        self._place.clear()
        with self._place:
            note(explain(error, self._language), "alert", "alert")

    def clear(self) -> None:
        """Empty the place."""
        self._place.clear()

    async def _poll(self) -> None:
        if self._job is None:
            self._timer.deactivate()
            return
        job = await asyncio.to_thread(self._worker.find, self._job.id, self._job.user_id)
        if self._job is None or job.id != self._job.id:
            return
        if not job.ended:
            self._bar.props["value"] = job.fraction
            self._at.set_text(unpack(job.message, self._language))
            return
        self._timer.deactivate()
        self._job = None
        self._place.clear()
        try:
            with self._place:
                await self._ended(job)
        except BallastError as error:
            self.refuse(error)
        if self._after is not None:
            await self._after(job)

    def _draw_progress(self, job: Job) -> None:
        words = self._language
        self._place.clear()
        with self._place:
            self._at = ui.label(unpack(job.message, words) or say("waiting for its turn", words))
            self._at.props('role="status"')
            self._bar = ui.element("progress").classes("bd-bar").props('max="1"')
            self._bar.props["value"] = 0
            self._bar.props["aria-label"] = say("Done so far", words)
            button(say("Stop", words), self._cancel)

    async def _cancel(self) -> None:
        if self._job is not None:
            await asyncio.to_thread(self._worker.cancel, self._job.id, self._job.user_id)
            self._at.set_text(say("stopping …", self._language))
