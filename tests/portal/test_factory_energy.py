"""Energy on the page: sums that are the report's, bands that add up, a factor with its source."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from tests.portal.factory_shop import LATHE, NOW, furnish, site
from tests.portal.test_factory_oee import VIEWER

from ballast.lake.lake import Lake
from ballast.plant.reports.energy import EnergyReport, energy_report
from ballast.portal.factory_energy_charts import money
from ballast.portal.factory_energy_view import energy_view
from ballast.portal.factory_html import View
from ballast.portal.factory_span import span_of
from ballast.terms.label import LANGUAGES, Language

SPAN = span_of("shift", site(), NOW)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake.create(tmp_path_factory.mktemp("energy") / "home")
    furnish(made, live=False)
    return made


@pytest.fixture(scope="module")
def report(lake: Lake) -> EnergyReport:
    return energy_report(lake, VIEWER, SPAN.window, site=site())


def viewed(report: EnergyReport, language: Language = "en") -> View:
    return energy_view(report, site(), SPAN, "source", "", language)


def text(view: View) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", str(view.markup))))


def test_the_headline_is_the_report_s(report: EnergyReport) -> None:
    told = text(viewed(report)).replace("\u202f", "")
    assert f"{round(float(report.whole.kwh), 1):g} kWh were used" in told
    assert report.whole.energy_cny is not None
    assert money(report.whole.energy_cny, "en").replace("\u202f", "") in told


def test_bands_are_the_whole(report: EnergyReport) -> None:
    bands = report.whole.bands
    assert sum(use.kwh for use in bands.values()) == report.whole.kwh
    assert sum(use.cny for use in bands.values()) == report.whole.energy_cny
    told = text(viewed(report, "zh"))
    assert "峰" in told
    assert "平" in told


def test_carbon_names_the_source_of_its_factor(report: EnergyReport) -> None:
    story = viewed(report).stories["carbon"]
    factor = next(line for line in story.lines if line.name == "Emission factor")
    assert report.whole.factors[-1].source in factor.texts[0]
    assert str(report.whole.factors[-1].kg_per_kwh) in factor.texts[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_has_a_story_with_its_command(
    report: EnergyReport, language: Language
) -> None:
    view = viewed(report, language)
    asked = set(re.findall(r'data-story="([^"]+)"', str(view.markup)))
    assert asked <= set(view.stories)
    for key in asked:
        command = view.stories[key].lines[-1]
        assert command.code
        assert command.texts[0].startswith("ballast plant energy --from 2026-06-01")


def test_a_product_tells_what_a_good_piece_took(report: EnergyReport) -> None:
    assert "JZF-10" in text(viewed(report))
    assert any(one.asset == LATHE for one in report.assets)


def test_a_shop_without_a_meter_says_what_would_fill_it(tmp_path: Path) -> None:
    empty = Lake.create(tmp_path / "home")
    view = viewed(energy_report(empty, VIEWER, SPAN.window, site=site()))
    assert "energy_meter" in text(view)
    assert "data-story" not in str(view.markup)


def test_money_is_rounded_half_up_to_the_cent() -> None:
    assert [money(Decimal(text), "zh") for text in ("0.005", "2.675", "-0.001")] == [
        "0.01", "2.68", "0.00",
    ]  # fmt: skip
