"""Rounds of the shipper: what has come is shipped, a trouble is said once, nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lake.numbered_outbox import NumberedOutbox
from tests.serve.founded import found

from ballast.errors import StorageFailed
from ballast.lake.lake import Lake
from ballast.lake.shipper import position, shipping
from ballast.lake.streamed import Batch
from ballast.serve.ship_once import ship_once
from ballast.serve.shipper_orders import ShipperOrders
from ballast.serve.shipper_process import Rounds
from ballast.serve.supervisor import REFUSED
from ballast.terms.viewer import operator


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home")


class Failing(NumberedOutbox):
    """An outbox that cannot be read while ``broken`` says why."""

    broken = ""

    def batches(self, after: int, limit: int) -> Iterator[Batch]:
        if self.broken:
            raise StorageFailed(self.broken)
        return super().batches(after, limit)


def test_each_round_ships_what_has_come_since(lake: Lake, tmp_path: Path) -> None:
    outbox = NumberedOutbox(5, tmp_path / "note")
    rounds = Rounds(lake, [outbox], print)
    assert rounds.go() == 5
    assert rounds.go() == 0
    outbox.count = 9
    assert rounds.go() == 4
    assert position(lake, outbox) == outbox.forgotten == 9


def test_a_round_without_news_does_not_look_into_the_lake(lake: Lake, tmp_path: Path) -> None:
    outbox = NumberedOutbox(5, tmp_path / "note")
    rounds = Rounds(lake, [outbox], print)
    for _ in range(4):
        rounds.go()
    assert outbox.asked == [-1]


def test_what_a_killed_shipper_did_not_forget_is_forgotten_by_the_next(
    lake: Lake, tmp_path: Path
) -> None:
    Rounds(lake, [NumberedOutbox(5, tmp_path / "note")], print).go()
    (tmp_path / "note").unlink()
    outbox = NumberedOutbox(5, tmp_path / "note")
    assert Rounds(lake, [outbox], print).go() == 0
    assert outbox.forgotten == 5


def test_a_trouble_is_told_once_and_the_other_outboxes_go_on(lake: Lake, tmp_path: Path) -> None:
    told: list[str] = []
    bad = Failing(5, tmp_path / "bad", name="bad")
    good = NumberedOutbox(1, tmp_path / "good", name="good")
    rounds = Rounds(lake, [bad, good], told.append)
    bad.broken = "the disk is full"
    for count in range(1, 4):
        good.count = count
        assert rounds.go() == 1
    assert told == ["the disk is full"]
    bad.broken = "the disk is gone"
    rounds.go()
    bad.broken = ""
    assert rounds.go() == 5
    bad.count, bad.broken = 6, "the disk is full"
    rounds.go()
    assert told == ["the disk is full", "the disk is gone", "the disk is full"]


def start(home: Path, seconds: float = 0.2) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "ballast.serve.shipper_process"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(ShipperOrders(str(home), "en", seconds).line() + "\n")
    process.stdin.flush()
    return process


def told_at_end(process: subprocess.Popen[str]) -> tuple[int, str]:
    with process:
        code = process.wait(60)
        return code, process.stderr.read() if process.stderr else ""


def test_a_shipper_ends_when_asked_and_when_its_supervisor_is_gone(tmp_path: Path) -> None:
    home = found(tmp_path / "home")
    lake = Lake.open(home)
    for way in ("terminate", "close the line"):
        process = start(home)
        deadline = time.monotonic() + 60
        while lake.read("handle_event", operator("test")).count().to_pyarrow().as_py() < 1:
            assert time.monotonic() < deadline, way
            time.sleep(0.05)
        if way == "terminate":
            process.terminate()
        elif process.stdin is not None:
            process.stdin.close()
            process.stdin = None
        code, told = told_at_end(process)
        assert (code, told) == (0, ""), way


def test_a_second_shipper_says_why_it_ends_and_may_be_tried_again(tmp_path: Path) -> None:
    home = found(tmp_path / "home")
    with shipping(Lake.open(home)):
        code, told = told_at_end(start(home))
    assert code == 1
    assert told.count("\n") == 1
    assert "another process ships events into this home" in told


def test_a_shipper_without_a_home_says_so_and_is_not_tried_again(tmp_path: Path) -> None:
    code, told = told_at_end(start(tmp_path / "nowhere"))
    assert code == REFUSED
    assert "there is no home here" in told


def test_a_home_is_shipped_once_without_a_process(tmp_path: Path) -> None:
    home = found(tmp_path / "home")
    lake = Lake.open(home)
    assert ship_once(lake) == 2, "the node's own prefix: an event, and whose it is"
    assert ship_once(lake) == 0
    with shipping(lake):
        assert ship_once(Lake.open(home)) is None


def test_a_home_without_a_node_has_nothing_to_ship(lake: Lake) -> None:
    assert ship_once(lake) == 0


def test_orders_are_one_line() -> None:
    told = ShipperOrders("数据之家", "zh", 1.5)
    assert "\n" not in told.line()
    assert json.loads(told.line())["seconds"] == 1.5
    assert ShipperOrders.parse(told.line()) == told
