"""Stacked bars: parts in their order, figures where they fit, a key in words."""

from __future__ import annotations

from ballast.charts.figure import Caption, svg
from ballast.charts.stacked import Pile, Segment, stacked_chart
from ballast.charts.theme import ACCENT, AMBER, SKY

KINDS = [("good output", ACCENT), ("stops", AMBER), ("speed losses", SKY)]
CAPTION = Caption("t", "h")


def pile(name: str, *values: float) -> Pile:
    return Pile(name, tuple(Segment(v, f"{v:g}") for v in values), f"{sum(values):g} h")


def test_parts_follow_each_other_and_the_key_names_them() -> None:
    figure = stacked_chart([pile("lathe", 5, 2, 1)], KINDS, CAPTION, "en", width=640)
    edges = [(one["from"], one["to"]) for one in figure.data["segments"]]
    assert edges == [(0, 5), (5, 7), (7, 8)]
    shown = svg(figure, inline=True)
    for text in ("good output", "stops", "speed losses", "8 h", "lathe"):
        assert f">{text}</text>" in shown


def test_a_figure_without_room_stays_out_and_a_part_of_nothing_is_not_drawn() -> None:
    figure = stacked_chart([pile("lathe", 100, 0, 0.1)], KINDS, CAPTION, "en", width=340)
    assert [one["text"] for one in figure.data["segments"]] == ["100", ""]


def test_the_key_takes_more_lines_on_a_phone() -> None:
    wide = stacked_chart([pile("a", 1, 1, 1)], KINDS, CAPTION, "en", width=1040)
    narrow = stacked_chart([pile("a", 1, 1, 1)], KINDS, CAPTION, "en", width=220)
    lines = [len({one["y"] for one in figure.data["key"]}) for figure in (wide, narrow)]
    assert lines[0] == 1
    assert lines[1] > 1
