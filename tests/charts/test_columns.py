"""Columns through a day: each run of slots is named, unknown slots are left open."""

from __future__ import annotations

from ballast.charts.columns import Column, columns_chart
from ballast.charts.figure import Caption, svg
from ballast.charts.theme import ACCENT, AMBER

COLOURS = {"valley": ACCENT, "peak": AMBER}
CAPTION = Caption("t", "kW")


def day(value: float | None = 5.0) -> list[Column]:
    return [Column(value, "valley" if n < 48 else "peak") for n in range(96)]


def test_runs_are_named_above_and_the_peak_is_a_line_with_its_figure() -> None:
    figure = columns_chart(
        day(), COLOURS, {0: "00:00", 48: "12:00"}, CAPTION, "en", width=640, peak=(5.0, "5 kW")
    )
    assert [one["name"] for one in figure.data["runs"]] == ["valley", "peak"]
    shown = svg(figure, inline=True)
    for text in ("valley", "peak", "5 kW", "12:00"):
        assert f">{text}</text>" in shown


def test_a_name_without_room_and_a_slot_without_a_value_are_left_out() -> None:
    slots = day()
    slots[30] = Column(None, "peak")
    figure = columns_chart(slots, COLOURS, {}, CAPTION, "en", width=340)
    assert len(figure.data["columns"]) == 95
    # The one slot of another group is too narrow for its name.
    assert [one["name"] for one in figure.data["runs"]] == ["valley", "valley", "peak"]


def test_a_day_without_anything_can_be_drawn() -> None:
    figure = columns_chart(day(None), COLOURS, {}, CAPTION, "zh", width=340)
    assert figure.data["columns"] == []
    assert svg(figure, inline=True).startswith("<svg")
