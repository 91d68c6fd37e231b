"""Control charts: limits and what stands out are told without colour; text cannot become markup."""

from __future__ import annotations

import re

from ballast.charts.control import ControlPoint, control_figure
from ballast.charts.figure import Caption, svg

CAPTION = Caption("bore", "mm")
NAMES = ("UCL 13", "CL 10", "LCL 7")


def points(count: int, marks: dict[int, str]) -> list[ControlPoint]:
    return [ControlPoint(10.0 + n % 3, 10.0, 7.0, 13.0, marks.get(n, "")) for n in range(count)]


def drawn(count: int, marks: dict[int, str], **more: object) -> str:
    figure = control_figure(
        points(count, marks), {0: "08:00", count - 1: "16:00"}, NAMES, CAPTION, "en", width=640,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return svg(figure, inline=True, key="c")


def test_limits_carry_their_names_and_a_broken_rule_its_number() -> None:
    shown = drawn(40, {7: "1", 20: "2, 6"}, phases=[(0, "first"), (25, "phase 2")])
    for text in (*NAMES, "2, 6", "phase 2", "08:00", "16:00"):
        assert f">{text}</text>" in shown
    assert ">first</text>" not in shown  # the first phase needs no mark


def test_a_run_of_one_rule_is_numbered_once_in_a_while() -> None:
    shown = drawn(120, dict.fromkeys(range(60, 120), "2"))
    assert 1 <= len(re.findall(r">2</text>", shown)) <= 12


def test_a_gap_stays_a_gap_and_no_limits_are_no_lines() -> None:
    bare = [ControlPoint(None if n == 5 else 1.0 + n % 2, None, None, None) for n in range(10)]
    figure = control_figure(bare, {0: "a"}, ("", "", ""), CAPTION, "zh", width=340)
    shown = svg(figure, inline=True)
    assert "UCL" not in shown
    assert shown.count("<svg") == 1


def test_the_lower_sum_of_a_cusum_is_a_line_of_its_own() -> None:
    one, both = drawn(20, {}), drawn(20, {}, below=[-float(n % 4) for n in range(20)])
    green = [re.findall(r'<path[^>]* d="(M[^"]+)"[^>]*stroke="#009e73"', it) for it in (one, both)]
    assert green[0] == []
    assert len(green[1]) == 1


def test_one_point_and_none_can_be_drawn() -> None:
    for some in (points(1, {}), []):
        figure = control_figure(some, {0: "t"}, NAMES, CAPTION, "en", width=340)
        assert svg(figure, inline=True).startswith("<svg")
