"""Figures become SVG and PNG without network, with names escaped and the theme in one place."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from ballast.charts import figure as module
from ballast.charts.bar import MOST, Bar, bar_chart, ranked
from ballast.charts.figure import Caption, Figure, png, sparkline, svg
from ballast.charts.interval import Estimate, interval_chart
from ballast.charts.line import Series, line_chart
from ballast.charts.scatter import Axis, Mark, scatter
from ballast.charts.theme import ACCENT, THEME, dark_rules
from ballast.charts.tiles import Tile, tile_map
from ballast.charts.treemap import Leaf, treemap
from ballast.errors import EngineMissing

HOSTILE = 'Ltd <script>alert("1")</script> & Söhne'
CAPTION = Caption("发现", "亿元，2026年", "来源：合成样例")


def every_kind(name: str, width: int = 620) -> dict[str, Figure]:
    days = tuple((date(2026, m, 1), None if m == 3 else float(m)) for m in range(1, 7))
    return {
        "bar": bar_chart([Bar(name, 3, "3"), Bar("b", -1, "−1")], CAPTION, "zh", width=width),
        "line": line_chart([Series(name, days, True)], CAPTION, "zh", width=width),
        "treemap": treemap([Leaf(name, name, 3, "3")], CAPTION, "zh", width=width),
        "scatter": scatter(
            [Mark(name, 10, 2, 3), Mark("b", 100, 0.5, 1, True)],
            Axis("x", 50, "large"),
            Axis("y", 1, "average"),
            CAPTION,
            "zh",
            width=width,
        ),
        "interval": interval_chart(
            [Estimate(name, 1.2, 1.0, 1.5, "1.20")], CAPTION, "zh", width=width, reference=1
        ),
        "tiles": tile_map(
            [Tile("p", name, None, "无数据")], {"p": (0, 0)}, CAPTION, "zh", width=width
        ),
    }


@pytest.mark.parametrize("kind", list(every_kind("x")))
@pytest.mark.parametrize("inline", [True, False])
def test_a_hostile_name_stays_text_in_well_formed_svg(kind: str, inline: bool) -> None:
    drawn = svg(every_kind(HOSTILE)[kind], inline=inline)
    tree = ET.fromstring(drawn)
    assert not [e for e in tree.iter() if e.tag.endswith("script")]
    assert "<script>" not in drawn


@pytest.mark.parametrize("kind", list(every_kind("x")))
def test_a_figure_names_no_address_beyond_the_svg_namespace(kind: str) -> None:
    drawn = svg(every_kind("x")[kind])
    assert set(re.findall(r"https?://[^\"' ]+", drawn)) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("kind", list(every_kind("x")))
@pytest.mark.parametrize("width", [340, 620])
def test_a_figure_is_as_wide_as_asked(kind: str, width: int) -> None:
    drawn = ET.fromstring(svg(every_kind("产业", width)[kind], inline=True))
    assert float(drawn.attrib["width"]) == pytest.approx(width, abs=30)
    assert float(drawn.attrib["width"]) <= width + 2


@pytest.mark.parametrize("kind", list(every_kind("x")))
def test_every_colour_drawn_is_one_of_the_theme(kind: str) -> None:
    drawn = svg(every_kind("x")[kind], inline=True)
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{3,6})"', drawn))
    assert used <= {colour.light for colour in THEME}
    assert all(f'"{colour}"' in dark_rules() for colour in used)


def test_text_stays_text_and_a_page_can_tell_two_figures_apart() -> None:
    drawn = svg(every_kind("有色金属")["bar"], inline=True, key="k7")
    assert ">有色金属</text>" in drawn
    assert all(i.startswith("k7-") for i in re.findall(r'\bid="([^"]+)"', drawn))


def test_a_figure_that_leaves_alone_carries_title_source_and_its_own_dark_rules() -> None:
    drawn = svg(every_kind("x")["bar"])
    assert "发现" in drawn
    assert "合成样例" in drawn
    assert "prefers-color-scheme: dark" in drawn
    assert "合成样例" not in svg(every_kind("x")["bar"], inline=True)


def test_a_png_is_a_png() -> None:
    plain = bar_chart([Bar("a", 1, "1")], Caption("t"), "en", width=300)
    assert png(plain, scale=1).startswith(b"\x89PNG")


def test_chinese_without_a_chinese_font_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_chinese_can_be_drawn", lambda: False)
    with pytest.raises(EngineMissing, match="fonts-noto-cjk"):
        png(every_kind("x")["bar"])
    png(bar_chart([Bar("a", 1, "1")], Caption("t"), "en", width=300), scale=1)


def test_the_rest_beyond_fifteen_bars_becomes_one_at_the_end() -> None:
    bars = [Bar(str(i), i, str(i)) for i in range(20)]
    kept = ranked(bars, Bar("other", 15.0, "15"))
    assert len(kept) == MOST
    assert [bar.name for bar in kept[:2]] == ["19", "18"]
    assert kept[-1].name == "other"
    assert len(ranked(bars)) == MOST
    assert ranked(bars[:3]) == (bars[2], bars[1], bars[0])


def test_bars_start_at_zero_and_leave_room_for_the_figures() -> None:
    spec = bar_chart([Bar("a", 90, "90"), Bar("b", 100, "100")], CAPTION, "en", width=400).spec
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low == 0
    assert high > 100


def test_only_the_accented_bar_has_the_accent() -> None:
    bars = [Bar("a", 2, "2", accent=True), Bar("b", 1, "1")]
    drawn = svg(bar_chart(bars, CAPTION, "en", width=400), inline=True)
    assert drawn.count(f'fill="{ACCENT.light}"') == 1


def test_a_sparkline_keeps_gaps_and_needs_two_values() -> None:
    assert sparkline((1.0, 2.0, None, 3.0, 4.0), "x").count("M") == 2
    assert sparkline((None, 2.0), "x") == ""
    assert 'aria-label="a &lt;b&gt;"' in sparkline((1.0, 2.0), "a <b>")
