"""A waterfall: every step begins where the one above it ended, down to what is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.charts.figure import Caption, svg
from ballast.charts.waterfall import Step, placed, waterfall_chart

CAPTION = Caption("where the time went", "h")
HOSTILE = "<script>alert(1)</script>"


@given(st.lists(st.floats(-5, 5, allow_nan=False), max_size=12))
def test_steps_lead_from_the_whole_to_what_is_left(losses: list[float]) -> None:
    left = 20.0 - sum(losses)
    steps = [
        Step("all", 20.0, "", "whole"),
        *(Step(f"{n}", value, "", "time") for n, value in enumerate(losses)),
        Step("left", left, "", "left"),
    ]
    edges = placed(steps)
    assert edges[0] == (0.0, 20.0)
    reached = 20.0
    for (low, high), loss in zip(edges[1:-1], losses, strict=True):
        assert high == pytest.approx(reached)
        assert high - low == pytest.approx(loss)
        reached = low
    assert edges[-1] == (0.0, left)
    assert reached == pytest.approx(left)


@pytest.mark.parametrize("width", [340, 1040])
def test_every_step_is_named_with_its_figure_and_nothing_is_markup(width: int) -> None:
    steps = [
        Step("planned", 8.0, "8.00 h", "whole"),
        Step(HOSTILE, 2.0, "−2.00 h", "time"),
        Step("faster than planned", -0.5, "+0.50 h", "speed"),
        Step("good", 6.5, "6.50 h", "left"),
    ]
    shown = svg(waterfall_chart(steps, CAPTION, "en", width=width), inline=True)
    for text in ("8.00 h", "−2.00 h", "+0.50 h", "6.50 h"):
        assert text in shown
    assert "<script" not in shown


def test_nothing_to_take_apart_is_drawn_too() -> None:
    assert svg(waterfall_chart([], CAPTION, "zh", width=340), inline=True).startswith("<svg")
