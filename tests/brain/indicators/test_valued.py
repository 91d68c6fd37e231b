"""The same numbers as the City page, from the same rows by another way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from ballast.brain.indicators.answer import Answer
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate
from ballast.brain.indicators.question import Question
from ballast.brain.picture import RegionPicture, picture
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import operator

ME = operator("test")
CITY = "371500"
WHERE: Mapping[Dimension, tuple[str, ...]] = {Dimension.REGION: (CITY,)}


@pytest.fixture(scope="module")
def page(region: Lake) -> RegionPicture:
    return picture(region, ME, CITY, today=date(2026, 6, 20))


def asked(
    region: Lake,
    page: RegionPicture,
    *indicators: str,
    period: Period | None,
    by: tuple[Dimension, ...] = (),
) -> Answer:
    """Return the answer with the registrations that the page takes: those of its latest month."""
    assert page.latest is not None
    assert period is not None
    question = Question(indicators, by, WHERE, period=period)
    return evaluate(region, ME, question, registered_on=page.latest.end)


def test_the_headline_of_the_city_page(region: Lake, page: RegionPicture) -> None:
    names = [i.name for i in page.indicators if i.name != "connected"]
    answer = asked(region, page, *names, period=page.period)
    assert len(names) == 10
    for name in names:
        drawn, found = page.indicator(name), answer.value(name)
        assert drawn is not None
        assert found is not None
        assert found.value == drawn.value
        assert drawn.coverage is not None
        assert (found.reporting, found.expected) == (
            drawn.coverage.reported,
            drawn.coverage.expected,
        )
        assert found.synthetic


def test_divisions_of_the_city_page(region: Lake, page: RegionPicture) -> None:
    by = (Dimension.INDUSTRY_DIVISION,)
    answer = asked(region, page, "output", "revenue", "enterprises", period=page.period, by=by)
    drawn = {d.code: d for d in page.divisions if d.enterprises}
    assert len(drawn) == 32
    for code, division in drawn.items():
        cell = {by[0]: code}
        found = [answer.value(i, cell) for i in ("output", "revenue", "enterprises")]
        assert [f and f.value for f in found] == [
            division.output, division.revenue, division.enterprises
        ]  # fmt: skip
    assert {v.cell[by[0]] for v in answer.values} == set(drawn)


def test_places_of_the_city_page(region: Lake, page: RegionPicture) -> None:
    by = (Dimension.PLACE,)
    answer = asked(region, page, "revenue", "enterprises", period=page.period, by=by)
    assert len(page.places) == 11
    for place in page.places:
        found = [answer.value(i, {by[0]: place.code}) for i in ("revenue", "enterprises")]
        assert [f and f.value for f in found] == [place.revenue, place.enterprises]


def test_clusters_of_the_city_page(region: Lake, page: RegionPicture) -> None:
    by = (Dimension.CLUSTER,)
    keys = ("cluster_revenue", "cluster_tier", "employment")
    answer = asked(region, page, *keys, period=page.year, by=by)
    assert len(page.clusters) == 10
    for cluster in page.clusters:
        revenue, tier, persons = (answer.value(i, {by[0]: cluster.key}) for i in keys)
        assert revenue is not None
        assert tier is not None
        assert persons is not None
        assert revenue.value == pytest.approx(float(cluster.revenue or 0), rel=1e-12)
        assert revenue.reporting == cluster.enterprises
        assert (tier.name if tier.value else None) == cluster.tier
        assert round(float(persons.value or 0)) == cluster.employment


def test_macro_figures_of_the_city_page(region: Lake, page: RegionPicture) -> None:
    lines = {item.item: line for item in page.macro for line in item.lines if line.own}
    for key, item in (("rd_intensity_society", "rd_intensity"), ("high_tech_share",) * 2):
        for point in lines[item].points:
            (found,) = asked(region, page, key, period=point.period).values
            assert found.value is not None
            assert float(found.value) == point.value
    assert page.upgrade is not None
    for point in page.upgrade.years:
        (found,) = asked(region, page, "upgrade_investment", period=point.period).values
        assert found.value is not None
        assert float(found.value) == point.value


def test_the_high_tech_share_stands_four_points_above_the_province_s(
    region: Lake, page: RegionPicture
) -> None:
    """As the sample is drawn, see ``sample.macro``."""
    (found,) = asked(region, page, "high_tech_distance", period=page.year).values
    assert float(found.value or 0) == pytest.approx(4.0)
