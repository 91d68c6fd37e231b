"""Labels fit, or are left out."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from ballast.charts.lettering import Box, Spot, fitted, placed, width_of

WORDS = st.text("工业部门abcXYZ 0", max_size=12)


@given(WORDS, st.floats(0, 300))
def test_a_fitted_text_is_never_wider_than_its_room(text: str, room: float) -> None:
    assert width_of(fitted(text, 12, room), 12) <= room or fitted(text, 12, room) == ""


@given(
    st.lists(
        st.builds(
            Spot,
            st.floats(0, 400),
            st.floats(0, 300),
            st.floats(2, 16),
            st.text("铝铜A", min_size=1),
        ),
        max_size=25,
    )
)
def test_no_label_covers_another_or_a_mark_or_leaves_the_frame(spots: list[Spot]) -> None:
    frame = Box(0, 0, 400, 300)
    boxes = [None if label is None else label.box for label in placed(spots, frame, 11)]
    there = [box for box in boxes if box is not None]
    assert all(frame.holds(box) for box in there)
    assert not any(one.covers(other) for one, other in combinations(there, 2))
    for i, box in enumerate(boxes):
        for j, spot in enumerate(spots):
            mark = Box(spot.x - spot.radius, spot.y - spot.radius, 2 * spot.radius, 2 * spot.radius)
            assert box is None or i == j or not box.covers(mark)
