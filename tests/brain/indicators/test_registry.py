"""Every indicator declares what a number must carry, and declares it consistently."""

from __future__ import annotations

import pytest

from ballast.brain.indicators.declared import Adds, Comparison, Form, How, Indicator, Measure
from ballast.brain.indicators.dimensions import DIMENSION_LABELS, Dimension
from ballast.brain.indicators.registry import INDICATORS, indicator
from ballast.errors import NotFound
from ballast.lake.tables import table
from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.terms.unit import PERCENT, PERCENTAGE_POINTS

ASKED_FOR = {
    "enterprises", "output", "value_added", "revenue", "profit", "margin", "employment",
    "labour_productivity", "exports", "export_share", "trade_exports", "export_concentration",
    "rd_intensity", "rd_intensity_society", "high_tech_share", "high_tech_distance", "energy",
    "energy_intensity", "carbon_intensity", "upgrade_investment", "titles_national",
    "titles_provincial", "titles_municipal", "digitised_enterprises", "identifiers_registered",
    "divisions", "groups", "cluster_revenue", "cluster_tier",
}  # fmt: skip
DERIVED = {
    "carbon_tco2", "titles", "division", "group", "uscc", "finished_projects", "open_projects",
}  # fmt: skip
every = pytest.mark.parametrize("one", INDICATORS.values(), ids=list(INDICATORS))


def test_everything_that_a_city_asks_for_is_there() -> None:
    assert set(INDICATORS) >= ASKED_FOR


def test_an_unknown_key_is_answered_with_the_nearest_or_with_all() -> None:
    with pytest.raises(NotFound, match="did you mean employment"):
        indicator("employmnt")
    with pytest.raises(NotFound, match="there are: enterprises, output"):
        indicator("Ω")


@every
def test_terms_name_columns_that_exist(one: Indicator) -> None:
    for term in one.terms:
        if term.table == "region_period":
            assert term.column in MACRO_ITEMS
        elif term.column not in DERIVED:
            assert table(term.table).column(term.column)
        assert term.table in one.sources
        assert str(term).startswith(term.how.value)
    for source in one.sources:
        assert table(source)


@every
def test_a_ratio_has_a_denominator_and_does_not_add(one: Indicator) -> None:
    assert (one.denominator is not None) == (one.measure is Measure.RATIO)
    if one.measure is not Measure.AMOUNT:
        assert one.adds is Adds.NONE
    if one.measure is Measure.CONCENTRATION:
        assert one.over is not None
        assert one.over not in one.dimensions
    if one.numerator.how is How.LAST:
        assert one.adds is Adds.STOCK


@every
def test_percentages_are_compared_in_points_and_public_figures_rest_on_public_tables(
    one: Indicator,
) -> None:
    assert (one.unit is PERCENT) == (one.comparison is Comparison.POINTS)
    if one.unit is PERCENTAGE_POINTS:
        assert one.comparison is Comparison.DIFFERENCE
    unit_data = any(table(source).sensitivity.value == "unit" for source in one.sources)
    assert one.disclosure.public != unit_data
    assert one.of_enterprises == unit_data


@every
def test_it_can_be_cut_by_what_it_needs_and_is_said_in_both_languages(one: Indicator) -> None:
    assert one.needs <= one.dimensions
    assert Form.PERIOD in one.forms
    assert one.label.zh != one.label.en
    assert one.meaning.zh.endswith("。")
    assert one.meaning.en.endswith(".")
    assert one.meaning.en[0].isupper()


def test_every_dimension_has_a_name() -> None:
    assert set(DIMENSION_LABELS) == set(Dimension)
    assert len({label.zh for label in DIMENSION_LABELS.values()}) == len(Dimension)
