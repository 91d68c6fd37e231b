"""OEE on the page: its figures are the report's, its losses add up, its story can be made again."""

from __future__ import annotations

import re
import shlex
from html import unescape
from pathlib import Path

import pytest
import typer.main
from tests.portal.factory_shop import (
    BROKE,
    DARK,
    IDLE,
    LATHE,
    NOW,
    SET_UP,
    furnish,
    site,
)
from typer.core import TyperGroup

from ballast.cli.app import app
from ballast.lake.lake import Lake
from ballast.plant.reports.charts import ByCount, ByTime, Characteristic, TagSubject
from ballast.plant.reports.oee import oee_report
from ballast.portal.factory_commands import (
    chart_command,
    energy_command,
    oee_command,
    quality_command,
)
from ballast.portal.factory_html import View
from ballast.portal.factory_oee import oee_view
from ballast.portal.factory_oee_charts import leaves
from ballast.portal.factory_span import Span, span_of
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.role import Role
from ballast.terms.viewer import viewer_for

VIEWER = viewer_for(Role.ENTERPRISE, "boss", frozenset({"91371500MA0000000X"}))


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake.create(tmp_path_factory.mktemp("oee") / "home")
    furnish(made, live=False)
    return made


def shift() -> Span:
    return span_of("shift", site(), NOW)


def viewed(lake: Lake, language: Language = "en", machine: str = LATHE) -> View:
    return oee_view(lake, VIEWER, site(), shift(), machine, language)


def text(view: View) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", str(view.markup))))


def test_the_figures_are_those_of_the_report(lake: Lake) -> None:
    row = oee_report(lake, VIEWER, shift().window, assets=[LATHE], site=site()).rows[0]
    view = viewed(lake)
    for name in ("oee", "availability", "effectiveness"):
        value = row.kpis[name]
        assert value is not None
        assert view.stories[f"{name}:{LATHE}"].value == f"{value * 100:.1f}%"
    assert row.elements is not None


def test_the_losses_and_the_good_time_are_the_planned_time(lake: Lake) -> None:
    row = oee_report(lake, VIEWER, shift().window, assets=[LATHE], site=site()).rows[0]
    tree = row.tree
    assert tree is not None
    assert sum(node.seconds for node in leaves(tree)) + tree.good_s == pytest.approx(tree.pbt_s)
    stopped = {node.reason: node.seconds for node in leaves(tree) if node.reason}
    assert stopped["刀具断裂"] == 60 * (BROKE[1] - BROKE[0])
    planned_h = (480 - (DARK[1] - DARK[0])) / 60
    # A sample in front of the gap is believed for a while; nothing else of it is.
    assert tree.pbt_s / 3600 == pytest.approx(planned_h, abs=2 / 60)
    told = text(viewed(lake))
    assert "most time was lost to" in told
    assert f"{(BROKE[1] - BROKE[0]) / 60:.2f}" in told


def test_a_story_tells_formula_numbers_coverage_and_command(lake: Lake) -> None:
    story = viewed(lake).stories[f"availability:{LATHE}"]
    told = {line.name: " ".join(line.texts) for line in story.lines}
    assert told["Formula"] == "APT / PBT"
    apt = 60 * (480 - sum(end - first for first, end in (BROKE, SET_UP, IDLE, DARK)))
    computed = told["Computed"].replace("\u202f", "")
    numerator = float(re.search(r"= ([\d.]+) ÷", computed)[1])  # type: ignore[index]
    assert numerator == pytest.approx(apt, abs=120)
    assert "without any record 0.5" in told["Recorded"]
    assert told["Command"].startswith("ballast plant oee --from 2026-06-01T08:00 --to ")
    assert story.synthetic


@pytest.mark.parametrize("language", LANGUAGES)
def test_time_without_a_record_is_said_before_the_figures_are_believed(
    lake: Lake, language: Language
) -> None:
    told = text(viewed(lake, language))
    assert ("is recorded" if language == "en" else "有记录") in told


def test_a_day_without_anything_says_what_would_fill_it(lake: Lake) -> None:
    span = span_of("2025-01-01", site(), NOW)
    view = oee_view(lake, VIEWER, site(), span, "", "en")
    assert "there is no OEE" in text(view) or "Nothing is recorded" in text(view)


def test_another_enterprise_s_viewer_reads_nothing_of_it(lake: Lake) -> None:
    stranger = viewer_for(Role.ENTERPRISE, "other", frozenset({"91371500MA1111111F"}))
    view = oee_view(lake, stranger, site(), shift(), "", "en")
    assert "刀具断裂" not in str(view.markup)
    assert not any("100" in story.value for story in view.stories.values())


def test_every_command_of_a_story_is_one_that_there_is(tmp_path: Path) -> None:
    window = shift().window
    said = [
        oee_command(window, LATHE),
        oee_command(window, ""),
        quality_command(window),
        energy_command(window, LATHE),
        chart_command(TagSubject(f"{LATHE}/bore"), window, "xbar_r", ByCount(5), "nelson"),
        chart_command(Characteristic(LATHE, "外径 x"), window, "p", ByTime(600.0), "western"),
    ]
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    plant = group.commands["plant"]
    assert isinstance(plant, TyperGroup)
    for command in said:
        program, room, name, *rest = shlex.split(command)
        assert (program, room) == ("ballast", "plant")
        plant.commands[name].make_context(name, [*rest, "--home", str(tmp_path)])
