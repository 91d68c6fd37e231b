"""Long work in the background: one worker, in turn, with progress and cancel.

One thread is enough and two would be worse: loads wait for the home's lock
anyway, and a preview of a large workbook needs the memory of the machine for
itself. A queue server would be one more program to run for the same order.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from ballast.errors import BallastError, Refused
from ballast.lake.lake import Lake
from ballast.state.jobs import (
    Job,
    create_job,
    fail,
    find_job,
    finish,
    is_cancelled,
    progress,
    request_cancel,
    stop,
)
from ballast.state.store import State
from ballast.words import Sentence, pack

__all__ = ["Told", "Work", "Worker"]

_log = logging.getLogger(__name__)
_KEPT = 40


class Told:
    """What a job's work says of itself, and hears of its user.

    Parameters
    ----------
    state
        Where the job is noted.
    job_id
        Which one.
    closing
        Set when the program ends.
    """

    def __init__(self, state: State, job_id: int, closing: threading.Event) -> None:
        self._state = state
        self.job_id = job_id
        self._closing = closing

    def check(self) -> None:
        """Go on, or not.

        Raises
        ------
        Refused
            If somebody asked for the job to stop, or the program ends.
        """
        if self._closing.is_set() or is_cancelled(self._state, self.job_id):
            raise Refused("stopped before anything was changed")

    def at(self, fraction: float, what: Sentence) -> None:
        """Say how far the work is, and what it does next.

        Parameters
        ----------
        fraction
            0 to 1.
        what
            Said in the reader's language.

        Raises
        ------
        Refused
            As ``check``.
        """
        self.check()
        progress(self._state, self.job_id, fraction, pack([what]) or "")


Work = Callable[[Lake, Told], tuple[object, object]]
"""Does a job on a lake of its own; returns what pages keep in memory, and what the state keeps."""


class Worker:
    """Runs jobs one after the other in a thread.

    Parameters
    ----------
    state
        Where jobs are noted.
    open_lake
        Opens a lake for one job: an engine's connection stays in its thread.
    """

    def __init__(self, state: State, open_lake: Callable[[], Lake]) -> None:
        self._state = state
        self._open_lake = open_lake
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ballast-jobs")
        self._results: OrderedDict[int, object] = OrderedDict()
        self._lock = threading.Lock()

    def submit(self, kind: str, user_id: int, detail: Mapping[str, object], work: Work) -> Job:
        """Note a job and put it in the queue.

        Parameters
        ----------
        kind
            What it does, one word.
        user_id
            Whose it is.
        detail
            What it was asked to do.
        work
            Does it.
        """
        job = create_job(self._state, kind, user_id, detail)
        progress(self._state, job.id, 0.0, pack([Sentence("waiting for its turn")]) or "")
        self._pool.submit(self._run, job.id, work)
        return job

    def find(self, job_id: int, user_id: int) -> Job:
        """Return a job of a user.

        Raises
        ------
        NotFound
            If there is none, or it is somebody else's.
        """
        return find_job(self._state, job_id, user_id)

    def cancel(self, job_id: int, user_id: int) -> None:
        """Ask a job to stop; it does at its next step, if nothing is committed by then.

        Raises
        ------
        NotFound
            If there is none, or it is somebody else's.
        """
        request_cancel(self._state, job_id, user_id)

    def result(self, job_id: int) -> object:
        """Return what a job left in memory; ``None`` where it is gone."""
        with self._lock:
            return self._results.get(job_id)

    def close(self) -> None:
        """Let nothing new begin and stop what has not committed."""
        self._closing.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, job_id: int, work: Work) -> None:
        told = Told(self._state, job_id, self._closing)
        try:
            told.check()
            kept, noted = work(self._open_lake(), told)
        except BallastError as error:
            self._ended(job_id, error)
        except Exception:
            # Whatever it was, the page must hear that the job is over.
            _log.exception("job %s", job_id)
            self._ended(job_id, Refused("something went wrong in the portal; nothing was changed"))
        else:
            with self._lock:
                self._results[job_id] = kept
                while len(self._results) > _KEPT:
                    self._results.popitem(last=False)
            with suppress(BallastError):  # the state may be full; the load stands all the same
                finish(self._state, job_id, noted)

    def _ended(self, job_id: int, error: BallastError) -> None:
        try:
            if is_cancelled(self._state, job_id):
                stop(self._state, job_id)
            else:
                fail(self._state, job_id, pack([Sentence(error.template, error.values)]) or "")
        except BallastError:
            _log.exception("job %s could not be noted as ended", job_id)
