"""Codes combine exactly as states do: every combination of three, held against the truth tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import pyarrow as pa
import pytest

from ballast.brain.policy import engine_states
from ballast.brain.policy.columns_staging import Staging
from ballast.brain.policy.columns_states import (
    ANY_STATE,
    CODES,
    MET,
    NOT_APPLICABLE,
    STATES,
    UNKNOWN,
    UNMET,
    Stated,
    States,
)
from ballast.brain.policy.finding import State
from ballast.lake.engine import DuckEngine

Combined = Callable[[States, Sequence[Stated]], Stated]
Told = Callable[[Sequence[State]], State]

WAYS: dict[str, tuple[Combined, Told]] = {
    "all": (lambda s, of: s.all_of(of), engine_states.all_of),
    "any": (lambda s, of: s.any_of(of), engine_states.any_of),
    "at least 1": (lambda s, of: s.at_least(1, of), lambda of: engine_states.at_least(1, of)),
    "at least 2": (lambda s, of: s.at_least(2, of), lambda of: engine_states.at_least(2, of)),
    "waived": (lambda s, of: s.waived(of[0], of[1]), lambda of: engine_states.waived(of[0], of[1])),
    "under a condition": (
        lambda s, of: s.conditional(of[0], of[1]),
        lambda of: engine_states.conditional(of[0], of[1]),
    ),
}
POSSIBLE = {
    "any": ANY_STATE,
    "tested": frozenset({UNMET, UNKNOWN, MET}),
    "tested, or not applicable": frozenset({UNMET, UNKNOWN, MET, NOT_APPLICABLE}),
    "met": frozenset({MET}),
    "not applicable": frozenset({NOT_APPLICABLE}),
}


@pytest.mark.parametrize("possible", POSSIBLE)
@pytest.mark.parametrize("way", WAYS)
def test_codes_combine_as_states_do(way: str, possible: str) -> None:
    combined, told = WAYS[way]
    rows = list(product(sorted(POSSIBLE[possible]), repeat=3))
    columns = {
        name: pa.array([row[at] for row in rows], pa.int8()) for at, name in enumerate("abc")
    }
    engine = DuckEngine(threads=1)
    plan = Staging(engine.memory(pa.table(columns)))
    given = {name: plan.given(name) for name in "abc"}
    parts = [Stated(bound, POSSIBLE[possible]) for bound in given.values()]
    found = combined(States(plan), parts)
    answer = engine.collect(plan.table({**given, "found": found.bound})).to_pylist()
    for row in answer:
        wanted = told([STATES[row[name]] for name in "abc"])
        assert row["found"] == CODES[wanted], row
        assert row["found"] in found.possible, row
    assert len(answer) == len(rows)


def test_codes_are_in_the_order_in_which_states_decide() -> None:
    assert [STATES[code] for code in range(5)] == [
        State.UNMET,
        State.UNKNOWN,
        State.MANUAL,
        State.MET,
        State.NOT_APPLICABLE,
    ]
