"""The picture in a terminal fits the width, needs no colour, and reads in both languages."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from ballast.brain.picture import Point, RegionPicture, picture
from ballast.cli.picture_text import print_picture, spark
from ballast.lake.lake import Lake
from ballast.sample import region as sample
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.period import month
from ballast.terms.viewer import operator

WIDTH = 100


@pytest.fixture(scope="module")
def sample_picture(tmp_path_factory: pytest.TempPathFactory) -> RegionPicture:
    home: Path = tmp_path_factory.mktemp("home")
    lake, me = Lake.create(home / "home"), operator("test")
    sample.load(lake, me)
    return picture(lake, me, "371500", today=date(2026, 6, 20))


def printed(found: RegionPicture, language: Language) -> str:
    text = io.StringIO()
    print_picture(
        found, Console(file=text, width=WIDTH, no_color=True, force_terminal=False), language
    )
    return text.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_wider_than_the_console(
    sample_picture: RegionPicture, language: Language
) -> None:
    lines = printed(sample_picture, language).splitlines()
    assert max(cell_len(line) for line in lines) <= WIDTH


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_never_cut(sample_picture: RegionPicture, language: Language) -> None:
    for line in printed(sample_picture, language).splitlines():
        name, cut, rest = line.partition("…")
        assert not cut or ("…" not in rest and cell_len(name) <= 2 + 36)


def test_it_answers_structure_clusters_tiers_stars_quotients_and_growth(
    sample_picture: RegionPicture,
) -> None:
    text = printed(sample_picture, "zh")
    for part in (
        "有色金属冶炼和压延加工业",
        "茌平铝加工",
        "千亿级",
        "百亿级",
        "★★",
        "区位商",
        "↑",
        "年均增长 17.5%",
    ):
        assert part in text
    assert "[合成样例]" in text.splitlines()[1]


def test_the_sample_shows_the_shape_it_was_made_to(sample_picture: RegionPicture) -> None:
    divisions, groups = sample_picture.indicator("divisions"), sample_picture.indicator("groups")
    assert divisions is not None
    assert groups is not None
    assert (divisions.value, groups.value) == (32, 137)
    assert len(sample_picture.clusters) == 10
    assert sample_picture.upgrade is not None
    assert sample_picture.upgrade.growth == pytest.approx(17.5, abs=0.05)
    assert len(sample_picture.places) == 11
    assert sample_picture.synthetic


def test_the_printed_picture_has_no_escape_sequences(sample_picture: RegionPicture) -> None:
    assert "\x1b" not in printed(sample_picture, "en")


def test_a_gap_in_a_series_is_a_blank() -> None:
    points = [Point(month(2026, m), v) for m, v in ((3, 0.0), (4, None), (5, 7.0))]
    assert spark(points) == "▁ █"
    assert spark([Point(month(2026, 3), None)]) == ""
