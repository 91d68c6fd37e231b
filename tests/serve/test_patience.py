from __future__ import annotations

import pytest

from ballast.serve.patience import Patience


def test_the_pauses_double_up_to_a_minute_and_then_nobody_tries_any_more() -> None:
    rule = Patience()
    pauses = [rule.pause(count) for count in range(1, rule.failures + 1)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, None]


@pytest.mark.parametrize(("ran", "counted"), [(0.1, 6), (119.0, 6), (120.0, 1), (1e6, 1)])
def test_a_process_that_ran_well_starts_the_count_again(ran: float, counted: int) -> None:
    assert Patience().count(5, ran) == counted
