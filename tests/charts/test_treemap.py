"""The squarified layout keeps areas and stays in its frame; the treemap names what fits."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.charts.figure import Caption, svg
from ballast.charts.lettering import Box
from ballast.charts.treemap import Leaf, squarified, treemap

SIZES = st.lists(st.floats(0.001, 1e9), min_size=1, max_size=60)
FRAMES = st.builds(
    Box,
    st.floats(-50, 50),
    st.floats(-50, 50),
    st.floats(1, 2000),
    st.floats(1, 2000),
)


@given(SIZES, FRAMES)
def test_areas_are_in_proportion_and_fill_the_frame(values: list[float], frame: Box) -> None:
    boxes = squarified(sorted(values, reverse=True), frame)
    whole = frame.width * frame.height
    for value, box in zip(sorted(values, reverse=True), boxes, strict=True):
        assert box.width * box.height == pytest.approx(
            whole * value / sum(values), rel=1e-6, abs=whole * 1e-9
        )
    assert sum(b.width * b.height for b in boxes) == pytest.approx(whole, rel=1e-6)


@given(SIZES, FRAMES)
def test_every_rectangle_lies_inside_the_frame_and_covers_no_other(
    values: list[float], frame: Box
) -> None:
    slack = 1e-6 * max(frame.width, frame.height, abs(frame.left), abs(frame.top))
    boxes = squarified(sorted(values, reverse=True), frame)
    for box in boxes:
        assert box.width >= 0
        assert box.height >= 0
        assert box.left >= frame.left - slack
        assert box.top >= frame.top - slack
        assert box.right <= frame.right + slack
        assert box.bottom <= frame.bottom + slack
    for one, other in combinations(boxes[:12], 2):
        shared_width = min(one.right, other.right) - max(one.left, other.left)
        shared_height = min(one.bottom, other.bottom) - max(one.top, other.top)
        assert shared_width <= slack or shared_height <= slack


def test_the_example_of_the_published_algorithm_is_laid_out_as_printed() -> None:
    # Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000), figure 4: areas 6, 6, 4, 3, 2,
    # 2, 1 in a frame of 6 by 4; the first row is 6 and 6 with sides 3 by 2, the second 4 and 3.
    boxes = squarified([6, 6, 4, 3, 2, 2, 1], Box(0, 0, 6, 4))
    assert [(b.width, b.height) for b in boxes[:2]] == [(3, 2), (3, 2)]
    assert boxes[2].width == pytest.approx(12 / 7)
    assert boxes[2].height == boxes[3].height == pytest.approx(7 / 3)


def test_values_that_are_not_positive_have_no_rectangle() -> None:
    leaves = [Leaf("a", "one", 3, "3"), Leaf("a", "nothing", 0, "0"), Leaf("b", "less", -1, "-1")]
    drawn = svg(treemap(leaves, Caption("t"), "en", width=400), inline=True)
    assert "one" in drawn
    assert "nothing" not in drawn
    assert "less" not in drawn
