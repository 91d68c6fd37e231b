"""Timelines: a state is told by height as well as colour, and no record is no bar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ballast.charts.figure import Caption, svg
from ballast.charts.theme import ACCENT, BEHIND
from ballast.charts.timeline import Look, Spell, Track, timeline_chart

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOOKS = {"p": Look("producing", ACCENT, 1.0), "d": Look("delayed", BEHIND, 0.8)}
CAPTION = Caption("t")


def test_states_differ_in_height_and_the_axis_shows_the_clock_of_the_shop() -> None:
    track = Track("lathe", (Spell(START, START + HOUR, "p"),
                            Spell(START + 3 * HOUR, START + 4 * HOUR, "d")))  # fmt: skip
    figure = timeline_chart([track], LOOKS, (START, START + 8 * HOUR), CAPTION, "en", width=640)
    first, second = figure.data["spells"]
    heights = [float(str(s["bottom"])) - float(str(s["top"])) for s in (first, second)]
    assert heights[0] > heights[1]
    shown = svg(figure, inline=True)
    for text in ("producing", "delayed", "lathe", "08:00"):
        assert f">{text}</text>" in shown


def test_lines_stand_below_each_other_and_long_names_are_fitted() -> None:
    tracks = [Track("a machine with a very long name indeed", ()), Track("b", ())]
    figure = timeline_chart(tracks, LOOKS, (START, START + HOUR), CAPTION, "en", width=340)
    rows = figure.data["tracks"]
    assert float(str(rows[0]["bottom"])) < float(str(rows[1]["middle"]))
    assert str(rows[0]["name"]).endswith("…")
