"""Since when a state holds: the lake's answer, what was seen since, and the longer of the two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.portal.factory_shop import IDLE, LATHE, MINUTE, NOW, OPENED, furnish, site
from tests.portal.test_factory_board import LATHE_NOW
from tests.portal.test_factory_oee import VIEWER

from ballast.lake.lake import Lake
from ballast.plant.measures.time_model import MachineState
from ballast.portal.factory_background import Background, Memory, Since, background

STOPPED = Since(MachineState.DELAYED, "刀具断裂", NOW - 60 * MINUTE)


def test_nobody_guesses_before_the_lake_has_answered() -> None:
    assert Memory().with_since(LATHE_NOW).since_ms is None


def test_the_lake_knows_longer_than_the_last_sample() -> None:
    memory = Memory(Background({LATHE: STOPPED}))
    assert memory.with_since(LATHE_NOW).since_ms == STOPPED.start_ms


def test_a_state_that_began_since_is_counted_from_its_first_sample() -> None:
    memory = Memory(Background({LATHE: STOPPED}))
    memory.with_since(LATHE_NOW)
    again = replace(LATHE_NOW, state=MachineState.PRODUCING, reason="", since_ms=NOW)
    assert memory.with_since(again).since_ms == NOW
    later = replace(again, since_ms=NOW + 5_000)
    assert memory.with_since(later).since_ms == NOW


def test_the_same_state_for_another_reason_is_another_stop() -> None:
    memory = Memory(Background({LATHE: STOPPED}))
    other = replace(LATHE_NOW, reason="待料", since_ms=NOW)
    assert memory.with_since(other).since_ms == NOW


def test_a_state_that_is_not_known_has_no_beginning() -> None:
    memory = Memory(Background({LATHE: STOPPED}))
    assert memory.with_since(replace(LATHE_NOW, state=None)).since_ms is None


def test_the_lake_tells_states_and_orders(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    furnish(lake, live=False)
    at = OPENED + (IDLE[0] + 10) * MINUTE
    found = background(lake, VIEWER, site(), at)
    since = found.since[LATHE]
    assert since.state is MachineState.IDLE
    assert since.start_ms == OPENED + IDLE[0] * MINUTE
    assert found.orders == {LATHE: "GD-1"}
