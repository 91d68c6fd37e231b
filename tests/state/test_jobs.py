"""Jobs: they begin, go on, and end once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update
from tests.state.conftest import START, HandClock

from ballast.errors import NotFound, Refused
from ballast.state.jobs import (
    Job,
    JobStatus,
    create_job,
    fail,
    find_job,
    finish,
    is_cancelled,
    jobs_of,
    progress,
    request_cancel,
    stop,
)
from ballast.state.schema import JOBS
from ballast.state.store import State
from ballast.state.users import User, add_user
from ballast.terms.role import Role
from ballast.words import Sentence, pack, unpack

ENDS: dict[JobStatus, Callable[[State, int], Job]] = {
    JobStatus.DONE: lambda state, job: finish(state, job, {"load_id": "L1"}),
    JobStatus.FAILED: lambda state, job: fail(state, job, "the disk is full"),
    JobStatus.CANCELLED: stop,
}


def test_a_job_is_found_as_it_was_made(state: State, zhao: User) -> None:
    job = create_job(state, "load", zhao.id, {"table": "enterprise", "表": 1})
    assert find_job(state, job.id) == job
    assert job.status is JobStatus.RUNNING
    assert not job.ended
    assert (job.detail, job.fraction, job.message) == ({"table": "enterprise", "表": 1}, 0.0, "")


def test_progress_is_seen_and_kept_within_bounds(
    state: State, zhao: User, clock: HandClock
) -> None:
    job = create_job(state, "load", zhao.id)
    clock.move(seconds=3)
    seen = []
    for fraction in (0.25, -1, 7):
        progress(state, job.id, fraction, "half \ud800")
        seen.append(find_job(state, job.id).fraction)
    now = find_job(state, job.id)
    assert seen == [0.25, 0, 1]
    assert (now.message, now.created_at, now.updated_at) == ("half ?", START, clock.now)


@pytest.mark.parametrize("status", ENDS)
def test_a_job_ends_once(state: State, zhao: User, clock: HandClock, status: JobStatus) -> None:
    job = create_job(state, "load", zhao.id)
    clock.move(minutes=1)
    ended = ENDS[status](state, job.id)
    assert (ended.status, ended.ended_at) == (status, clock.now)
    assert ended.ended
    for end in ENDS.values():
        with pytest.raises(Refused, match="ended already"):
            end(state, job.id)
    progress(state, job.id, 0.1, "late")
    request_cancel(state, job.id)
    assert find_job(state, job.id) == ended
    assert is_cancelled(state, job.id)


def test_what_came_out_is_kept(state: State, zhao: User) -> None:
    job = create_job(state, "load", zhao.id)
    assert finish(state, job.id, {"rows": [1, 2]}).result == {"rows": [1, 2]}
    assert find_job(state, job.id).fraction == 1.0


def test_a_cancel_is_seen_by_the_worker(state: State, zhao: User) -> None:
    job = create_job(state, "load", zhao.id)
    assert not is_cancelled(state, job.id)
    request_cancel(state, job.id, zhao.id)
    assert is_cancelled(state, job.id)
    assert find_job(state, job.id).cancel_requested
    assert find_job(state, job.id).status is JobStatus.RUNNING


def test_nobody_sees_or_stops_anothers_job(state: State, zhao: User) -> None:
    qian = add_user(state, "qian", role=Role.ADMINISTRATOR)
    job = create_job(state, "load", zhao.id)
    for touch in (find_job, request_cancel):
        with pytest.raises(NotFound):
            touch(state, job.id, qian.id)
    assert not is_cancelled(state, job.id)
    assert jobs_of(state, qian.id) == ()


def test_a_job_that_is_not_there(state: State) -> None:
    assert is_cancelled(state, 404)
    for end in ENDS.values():
        with pytest.raises(NotFound):
            end(state, 404)


def test_jobs_are_listed_newest_first(state: State, zhao: User) -> None:
    made = [create_job(state, "load", zhao.id) for _ in range(3)]
    assert jobs_of(state, zhao.id) == tuple(reversed(made))
    assert jobs_of(state, zhao.id, limit=1) == (made[2],)


def test_a_job_left_over_says_so_in_both_languages(
    state: State, zhao: User, clock: HandClock
) -> None:
    job = create_job(state, "load", zhao.id)
    with state.write() as connection:
        connection.execute(update(JOBS).values(holder="another-boot/1/1"))
    with State(state.path, clock) as again:
        message = find_job(again, job.id).message
    assert unpack(message, "en") == "stopped with the program; start it again"
    assert unpack(message, "zh") == "随程序停止而中断；请重新开始"


def test_a_packed_message_is_kept_as_it_is(state: State, zhao: User) -> None:
    job = create_job(state, "load", zhao.id)
    message = pack([Sentence("{count} rows were refused", {"count": 3})])
    assert message is not None
    progress(state, job.id, 0.5, message)
    assert find_job(state, job.id).message == message
