"""Jobs in the background: in turn, with progress, stopped when asked, never left hanging."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ballast.errors import NotFound, Refused
from ballast.lake.lake import Lake
from ballast.portal.jobs import Told, Worker
from ballast.state.jobs import Job, JobStatus
from ballast.state.store import State
from ballast.state.users import add_user
from ballast.terms.role import Role
from ballast.words import Sentence, unpack


class Bench:
    """A worker, and somebody who asks it."""

    def __init__(self, state: State, home: Path) -> None:
        self.user = add_user(state, "li", role=Role.ANALYST).id
        self.other = add_user(state, "wu", role=Role.ANALYST).id
        self.worker = Worker(state, lambda: Lake.open(home))

    def ended(self, job: Job) -> Job:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = self.worker.find(job.id, self.user)
            if found.ended:
                return found
            time.sleep(0.01)
        raise AssertionError("the job did not end")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    from datetime import UTC, datetime

    lake = Lake.create(tmp_path / "home")
    with State(lake.home.path, lambda: datetime.now(UTC)) as state:
        bench = Bench(state, lake.home.path)
        yield bench
        bench.worker.close()
        bench.worker._pool.shutdown(wait=True)


def test_a_job_tells_how_far_it_is_and_leaves_its_result(bench: Bench) -> None:
    seen, go = threading.Event(), threading.Event()

    def work(lake: Lake, told: Told) -> tuple[object, object]:
        told.at(0.4, Sentence("checking every cell"))
        seen.set()
        assert go.wait(10)
        return lake.live_loads(), {"rows": 3}

    job = bench.worker.submit("load", bench.user, {"file": "a.csv"}, work)
    assert seen.wait(10)
    running = bench.worker.find(job.id, bench.user)
    assert (running.status, running.fraction) == (JobStatus.RUNNING, 0.4)
    assert unpack(running.message, "zh") == "正在逐格检查"
    go.set()
    ended = bench.ended(job)
    assert (ended.status, ended.result, ended.fraction) == (JobStatus.DONE, {"rows": 3}, 1.0)
    assert bench.worker.result(job.id) == []


def test_a_refusal_is_kept_to_be_said_in_either_language(bench: Bench) -> None:
    def work(lake: Lake, told: Told) -> tuple[object, object]:
        raise Refused("{name}: the file is empty", name="a.csv")

    ended = bench.ended(bench.worker.submit("load", bench.user, {}, work))
    assert ended.status is JobStatus.FAILED
    assert unpack(ended.message, "en") == "a.csv: the file is empty"
    assert unpack(ended.message, "zh") == "a.csv：文件为空"


def test_a_fault_of_ours_ends_the_job_and_tells_nothing_of_the_inside(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def work(lake: Lake, told: Told) -> tuple[object, object]:
        raise ZeroDivisionError("secret path")

    ended = bench.ended(bench.worker.submit("load", bench.user, {}, work))
    assert ended.status is JobStatus.FAILED
    assert "secret" not in ended.message
    assert "secret path" in caplog.text


def test_a_job_that_is_stopped_ends_at_its_next_step(bench: Bench) -> None:
    seen, go = threading.Event(), threading.Event()
    after = []

    def work(lake: Lake, told: Told) -> tuple[object, object]:
        seen.set()
        assert go.wait(10)
        told.check()
        after.append("went on")
        return None, None

    job = bench.worker.submit("load", bench.user, {}, work)
    assert seen.wait(10)
    bench.worker.cancel(job.id, bench.user)
    go.set()
    assert bench.ended(job).status is JobStatus.CANCELLED
    assert after == []


def test_a_job_stopped_while_it_waits_never_begins(bench: Bench) -> None:
    go, begun = threading.Event(), []

    def first(lake: Lake, told: Told) -> tuple[object, object]:
        assert go.wait(10)
        return None, None

    def second(lake: Lake, told: Told) -> tuple[object, object]:
        begun.append(1)
        return None, None

    bench.worker.submit("load", bench.user, {}, first)
    waiting = bench.worker.submit("load", bench.user, {}, second)
    bench.worker.cancel(waiting.id, bench.user)
    go.set()
    assert bench.ended(waiting).status is JobStatus.CANCELLED
    assert begun == []


def test_nobody_sees_or_stops_the_job_of_another(bench: Bench) -> None:
    job = bench.worker.submit("load", bench.user, {}, lambda lake, told: (None, None))
    with pytest.raises(NotFound):
        bench.worker.find(job.id, bench.other)
    with pytest.raises(NotFound):
        bench.worker.cancel(job.id, bench.other)


def test_a_program_that_ends_stops_its_work(bench: Bench) -> None:
    seen, go = threading.Event(), threading.Event()

    def work(lake: Lake, told: Told) -> tuple[object, object]:
        seen.set()
        assert go.wait(10)
        told.check()
        return None, None

    job = bench.worker.submit("load", bench.user, {}, work)
    assert seen.wait(10)
    bench.worker.close()
    go.set()
    ended = bench.ended(job)
    assert ended.status is JobStatus.FAILED
    assert unpack(ended.message, "en") == "stopped before anything was changed"
