"""What anyone may see of a region: the published cells, what is made of them, and what is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.portal.twin_homes import (
    CITY,
    LOADER,
    SEALED_AT,
    VINTAGE,
    WITHHELD_DIVISION,
    WITHHELD_PLACE,
    frames,
    seal,
    sealed_amount,
)

from ballast.brain.picture_sealed import HEADLINE, sealed_months, sealed_picture
from ballast.brain.picture_shape import RegionPicture
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.words.numbers import Absence

TODAY = date(2026, 6, 20)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake.create(tmp_path_factory.mktemp("pictured") / "home")
    made.commit(frames(0), LOADER, provenance="synthetic")
    seal(made)
    return made


@pytest.fixture(scope="module")
def city(lake: Lake) -> RegionPicture:
    return sealed_picture(lake, CITY, today=TODAY)


def cell(code: str = "", place: str = CITY) -> tuple[str, str, str, str, str]:
    if place != CITY:
        return (place, "county", CITY, code, "")
    return (CITY, "city", "", code, "")


def test_the_headline_is_what_the_cube_publishes(city: RegionPicture) -> None:
    assert tuple(one.name for one in city.indicators) == HEADLINE
    output, staff = city.indicator("output"), city.indicator("employment")
    assert output is not None
    assert staff is not None
    assert output.value == sealed_amount("output", cell(), "2026-03ytd")
    assert str(output.period) == "2026-03ytd"
    assert (staff.value, str(staff.period)) == (1318, "2026-03")  # a stock: of the month, a count
    assert isinstance(staff.value, int)


def test_it_carries_vintage_day_source_and_that_it_is_made_up(city: RegionPicture) -> None:
    assert city.sealed is not None
    assert (city.sealed.vintage, city.sealed.as_of) == (VINTAGE, SEALED_AT)
    assert city.synthetic
    assert ("indicator_value",) in [source.tables for source in city.sources]
    assert not any("enterprise_period" in source.tables for source in city.sources)


def test_growth_is_of_the_published_levels_and_there_is_no_comparable_sample(
    city: RegionPicture,
) -> None:
    output = city.indicator("output")
    assert output is not None
    assert output.published is not None
    assert output.published.value == pytest.approx(25)
    assert output.comparable is None
    assert [point.value for point in output.series] == [
        float(sealed_amount("output", cell(), p)) / months
        for p, months in (("2025-01..02", 2), ("2025-03", 1), ("2026-01..02", 2), ("2026-03", 1))
    ]


def test_divisions_and_groups_stand_largest_first_and_the_withheld_last(
    city: RegionPicture,
) -> None:
    assert [d.code for d in city.divisions] == ["34", "32", WITHHELD_DIVISION]
    assert [(g.code, g.parent) for g in city.groups] == [("345", "34"), ("325", "32")]
    first, last = city.divisions[0], city.divisions[-1]
    whole = sealed_amount("output", cell(), "2026-03ytd")
    own = sealed_amount("output", cell("34"), "2026-03ytd")
    assert first.share == pytest.approx(float(own / whole))
    before = sealed_amount("output", cell("34"), "2025-03ytd")
    base = sealed_amount("output", cell(), "2025-03ytd")
    assert first.contribution == pytest.approx(float((own - before) / base) * 100)
    numbers = (last.output, last.revenue, last.share, last.growth, last.contribution)
    assert {*numbers, last.enterprises} == {None}
    assert last.absence is last.growth_absence is Absence.SUPPRESSED


def test_places_are_counties_and_the_withheld_one_says_so(city: RegionPicture) -> None:
    assert [p.code for p in city.places] == ["371503", "371502", WITHHELD_PLACE]
    assert city.places[-1].absence is Absence.SUPPRESSED
    assert (city.places[-1].revenue, city.places[-1].enterprises) == (None, None)


def test_clusters_are_of_the_whole_city_and_of_no_part(lake: Lake, city: RegionPicture) -> None:
    (copper,) = city.clusters
    assert (copper.key, copper.label.en) == ("copper", "Copper")
    assert isinstance(copper.revenue, Decimal)
    assert (copper.enterprises, copper.employment, copper.quotient) == (None, None, None)
    assert sealed_picture(lake, "371502", today=TODAY).clusters == ()


def test_a_withheld_region_is_words_without_a_number(lake: Lake) -> None:
    found = sealed_picture(lake, WITHHELD_PLACE, today=TODAY)
    assert {one.value for one in found.indicators} == {None}
    assert {one.absence for one in found.indicators} == {Absence.SUPPRESSED}
    assert {point.value for one in found.indicators for point in one.series} == {None}
    assert {one.published.absence for one in found.indicators if one.published} == {
        Absence.SUPPRESSED
    }
    assert all(part.value is None for one in found.indicators for part in one.parts)


def test_an_earlier_period_is_another_picture_and_an_unknown_one_is_refused(lake: Lake) -> None:
    found = sealed_picture(lake, CITY, today=TODAY, period=Period.parse("2025-03"))
    output = found.indicator("output")
    assert output is not None
    assert output.value == sealed_amount("output", cell(), "2025-03ytd")
    assert output.published is not None
    assert output.published.absence is Absence.NO_DATA
    with pytest.raises(NotFound, match="not among the published figures"):
        sealed_picture(lake, CITY, today=TODAY, period=Period.parse("2019-03"))


def test_a_region_that_is_not_sealed_has_its_macro_items_alone(lake: Lake) -> None:
    found = sealed_picture(lake, "370800", today=TODAY)
    assert (found.sealed, found.indicators, found.divisions) == (None, (), ())


def test_before_anything_is_sealed_there_are_macro_items_alone(tmp_path: Path) -> None:
    bare = Lake.create(tmp_path / "home")
    bare.commit(frames(0), LOADER, provenance="synthetic")
    found = sealed_picture(bare, CITY, today=TODAY)
    assert (found.sealed, found.indicators, found.places) == (None, (), ())
    assert found.macro
    assert sealed_months(bare) == ()


def test_the_months_that_are_published_are_offered(lake: Lake) -> None:
    assert [str(p) for p in sealed_months(lake)] == [
        "2025-01..02", "2025-03", "2026-01..02", "2026-03",
    ]  # fmt: skip
