"""The mark of a figure against its threshold: where it stands, and what it never does."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from ballast.charts.threshold import threshold_mark


def place(drawn: str) -> float:
    found = re.search(r'<circle class="[^"]*" cx="([0-9.]+)"', drawn)
    assert found is not None
    return float(found[1])


@pytest.mark.parametrize("less", [False, True])
def test_the_dot_stands_on_the_threshold_s_line_exactly_at_the_threshold(less: bool) -> None:
    assert place(threshold_mark(3, 3, 3, "", less=less)) == 72


def test_less_than_the_threshold_stands_left_and_more_stands_right() -> None:
    assert place(threshold_mark(2.9, 2.9, 3, "")) < 72 < place(threshold_mark(3.1, 3.1, 3, ""))


def test_the_shaded_side_is_where_the_figure_must_lie() -> None:
    def shaded(drawn: str) -> float:
        found = re.search(r'mark-side" x="([0-9.]+)"', drawn)
        assert found is not None
        return float(found[1])

    assert shaded(threshold_mark(1, 1, 3, "")) == 72
    assert shaded(threshold_mark(1, 1, 3, "", less=True)) == 8


@pytest.mark.parametrize(
    ("low", "high", "threshold"),
    [(0, 0, 0), (-5, -5, 3), (1e12, 1e12, 1), (-1e300, 1e300, 0), (0, 100, 60), (3, 3, -2)],
)
def test_nothing_is_drawn_outside_whatever_the_figures(
    low: float, high: float, threshold: float
) -> None:
    drawn = threshold_mark(low, high, threshold, "")
    root = ET.fromstring(drawn)
    assert root.get("width") == "144"
    for name in ("x", "cx", "x1", "x2", "width"):
        for found in re.findall(rf' {name}="([^"]*)"', drawn):
            assert 0 <= float(found) <= 144
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_what_leaves_the_scale_is_an_arrow_to_its_side() -> None:
    assert "<path" in threshold_mark(6.1, 6.1, 3, "")
    assert "<circle" in threshold_mark(6, 6, 3, "")
    left = re.search(r'd="M([0-9.]+)', threshold_mark(-1, -1, 3, ""))
    assert left is not None
    assert float(left[1]) < 8


def test_what_it_says_is_text() -> None:
    assert "<script" not in threshold_mark(1, 2, 3, "<script>")
