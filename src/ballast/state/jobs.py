"""Jobs: work that outlives the request that asked for it, with progress and cancel.

Only what pages must show and what ends a job stands here; the work itself
runs in a worker of its caller. A job belongs to the process that made it:
when that one is gone, the next opening of the state marks the job as failed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, insert, select, update

from ballast.errors import NotFound, Refused
from ballast.state.holder import this_process
from ballast.state.schema import JOBS
from ballast.state.store import State
from ballast.state.texts import json_text, storable


class JobStatus(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """One job.

    Parameters
    ----------
    id
        Its number.
    kind
        What it does, one word.
    user_id
        Who asked for it.
    detail
        What it was asked to do, as JSON holds it.
    status
        Where it stands.
    fraction
        How much is done, 0 to 1.
    message
        What it is at, or why it failed; packed by ``words.pack``, to be said by
        ``words.unpack`` in the reader's language. Plain text is said as it is.
    result
        What came out, as JSON holds it.
    cancel_requested
        Whether someone wants it stopped.
    created_at, updated_at, ended_at
        UTC.
    """

    id: int
    kind: str
    user_id: int
    detail: Mapping[str, object]
    status: JobStatus
    fraction: float
    message: str
    result: object
    cancel_requested: bool
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status is not JobStatus.RUNNING


def create_job(
    state: State, kind: str, user_id: int, detail: Mapping[str, object] | None = None
) -> Job:
    """Note a job that begins now, held by this process."""
    now = state.clock()
    row = {
        "kind": kind,
        "user_id": user_id,
        "detail": json_text(dict(detail or {})),
        "status": JobStatus.RUNNING.value,
        "fraction": 0.0,
        "message": "",
        "cancel_requested": False,
        "holder": this_process(),
        "created_at": now,
        "updated_at": now,
    }
    with state.write() as connection:
        return _job(connection.execute(insert(JOBS).values(row).returning(JOBS)).one())


def progress(state: State, job_id: int, fraction: float, message: str = "") -> None:
    """Note how far a job is; on one that has ended, nothing changes.

    Parameters
    ----------
    fraction
        0 to 1; what lies outside is taken as the nearer end.
    message
        What it is at; packed by ``words.pack``.
    """
    values = {
        "fraction": min(max(fraction, 0.0), 1.0),
        "message": storable(message),
        "updated_at": state.clock(),
    }
    with state.write() as connection:
        connection.execute(update(JOBS).where(_running(job_id)).values(values))


def finish(state: State, job_id: int, result: object = None) -> Job:
    """Note that a job is done, with what came out.

    Raises
    ------
    NotFound
        If there is no such job.
    Refused
        If it has ended already.
    """
    values = {"status": JobStatus.DONE.value, "fraction": 1.0, "result": json_text(result)}
    return _end(state, job_id, values)


def fail(state: State, job_id: int, message: str) -> Job:
    """Note that a job failed, and why.

    Raises
    ------
    NotFound
        If there is no such job.
    Refused
        If it has ended already.
    """
    return _end(state, job_id, {"status": JobStatus.FAILED.value, "message": storable(message)})


def stop(state: State, job_id: int) -> Job:
    """Note that a job was stopped because someone wanted it so.

    Raises
    ------
    NotFound
        If there is no such job.
    Refused
        If it has ended already.
    """
    return _end(state, job_id, {"status": JobStatus.CANCELLED.value})


def request_cancel(state: State, job_id: int, user_id: int | None = None) -> None:
    """Ask a job to stop; its worker looks with ``is_cancelled``.

    Parameters
    ----------
    user_id
        Whose job it must be; an administrator leaves it out.

    Raises
    ------
    NotFound
        If there is no such job, or it is another's.
    """
    find_job(state, job_id, user_id)
    with state.write() as connection:
        connection.execute(update(JOBS).where(_running(job_id)).values(cancel_requested=True))


def is_cancelled(state: State, job_id: int) -> bool:
    """Return whether a job should not go on: asked to stop, ended, or not there."""
    with state.read() as connection:
        row = connection.execute(select(JOBS.c.cancel_requested).where(_running(job_id))).first()
    return row is None or bool(row.cancel_requested)


def find_job(state: State, job_id: int, user_id: int | None = None) -> Job:
    """Return a job.

    Parameters
    ----------
    user_id
        Whose it must be; an administrator leaves it out.

    Raises
    ------
    NotFound
        If there is no such job, or it is another's.
    """
    here = JOBS.c.id == job_id
    if user_id is not None:
        here &= JOBS.c.user_id == user_id
    with state.read() as connection:
        row = connection.execute(select(JOBS).where(here)).one_or_none()
    if row is None:
        raise NotFound("there is no job {number}", number=job_id)
    return _job(row)


def jobs_of(state: State, user_id: int, limit: int = 50) -> tuple[Job, ...]:
    """Return an account's jobs, newest first."""
    wanted = select(JOBS).where(JOBS.c.user_id == user_id).order_by(JOBS.c.id.desc()).limit(limit)
    with state.read() as connection:
        return tuple(_job(row) for row in connection.execute(wanted))


def _running(job_id: int) -> ColumnElement[bool]:
    return (JOBS.c.id == job_id) & (JOBS.c.status == JobStatus.RUNNING.value)


def _end(state: State, job_id: int, values: Mapping[str, object]) -> Job:
    now = state.clock()
    ended = update(JOBS).where(_running(job_id)).returning(JOBS)
    with state.write() as connection:
        row = connection.execute(
            ended.values({**values, "updated_at": now, "ended_at": now})
        ).one_or_none()
    if row is None:
        found = find_job(state, job_id)
        raise Refused(
            "job {number} has ended already ({status})", number=job_id, status=found.status.value
        )
    return _job(row)


def _job(row: Row[tuple[object, ...]]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        user_id=row.user_id,
        detail=json.loads(row.detail),
        status=JobStatus(row.status),
        fraction=float(row.fraction),
        message=row.message,
        result=None if row.result is None else json.loads(row.result),
        cancel_requested=row.cancel_requested,
        created_at=row.created_at,
        updated_at=row.updated_at,
        ended_at=row.ended_at,
    )
