"""Several periods in one question are answered as each is alone: on the sample, every indicator."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from ballast.brain.indicators.answer import Value
from ballast.brain.indicators.answering import answer, answer_series
from ballast.brain.indicators.declared import Form
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate, evaluate_series
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry import INDICATORS
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.lake.still import still
from ballast.terms.period import Period
from ballast.terms.viewer import operator

ME = operator("test")
CITY = {Dimension.REGION: ("371500",)}
# Overlapping stretches, a whole year, one of which half is missing, and one that nobody reported.
PERIODS = [
    Period.parse(t) for t in ("2026-03ytd", "2026-03", "2025-03ytd", "2025", "2026H1", "1999")
]
CUTS: list[tuple[tuple[Dimension, ...], Mapping[Dimension, tuple[str, ...]]]] = [
    ((), CITY),
    ((Dimension.REGION,), CITY),
    ((Dimension.INDUSTRY_DIVISION, Dimension.SIZE_CLASS), CITY),
    ((Dimension.CLUSTER,), CITY),
    ((), {Dimension.CLUSTER: ("linqing-bearings",), **CITY}),
]


def askable(
    by: tuple[Dimension, ...], where: Mapping[Dimension, tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the indicators that can be cut and restricted so."""
    named = {*by, *where}
    return tuple(
        one.key for one in INDICATORS.values()
        if named <= one.dimensions and one.needs <= named and not one.yearly
    )  # fmt: skip


def same(ours: Value, theirs: Value) -> bool:
    """Return whether two values say the same; floats hang on the order of summing."""
    figures = [
        [one.value, one.numerator, one.denominator] for one in (ours, theirs)
    ]  # fmt: skip
    rest = [replace(one, value=None, numerator=None, denominator=None) for one in (ours, theirs)]
    near = all(
        type(x) is type(y) and (x == y or math.isclose(x, y, rel_tol=1e-9))
        for x, y in zip(*figures, strict=True)
    )
    return near and rest[0] == rest[1]


@pytest.mark.parametrize(
    ("by", "where"), CUTS, ids=["whole", "counties", "divisions", "clusters", "a cluster"]
)
def test_each_period_of_several_is_answered_as_alone(
    region: Lake, by: tuple[Dimension, ...], where: Mapping[Dimension, tuple[str, ...]]
) -> None:
    keys = askable(by, where)
    with still(region) as lake:
        question = Question(keys, by, where, period=PERIODS[0])
        found = evaluate_series(lake, ME, question, PERIODS)
        assert list(found) == PERIODS
        for period in PERIODS:
            alone = evaluate(lake, ME, replace(question, period=period))
            assert found[period].question == alone.question
            pairs = list(zip(found[period].values, alone.values, strict=True))
            assert [pair for pair in pairs if not same(*pair)] == []
    published = [v for a in found.values() for v in a.values if v.value is not None]
    assert len(published) > 2 * len(keys)


def test_periods_that_a_form_makes_the_same_are_answered_each(region: Lake) -> None:
    periods = [Period.parse("2026-03"), Period.parse("2026-03ytd")]
    question = Question(("output",), (), CITY, period=periods[0], form=Form.YEAR_TO_DATE)
    found = evaluate_series(region, ME, question, [*periods, periods[0]])
    assert list(found) == periods
    assert [a.values[0].value for a in found.values()] == [
        evaluate(region, ME, replace(question, period=periods[1])).values[0].value
    ] * 2


def test_no_period_is_no_answer_and_a_wrong_one_is_named(region: Lake) -> None:
    year = Period.parse("2025")
    question = Question(("cluster_tier",), (Dimension.CLUSTER,), CITY, period=year)
    assert evaluate_series(region, ME, question, []) == {}
    assert len(evaluate_series(region, ME, question, [year])[year].values) > 5
    with pytest.raises(WrongUsage, match="whole years only"):
        evaluate_series(region, ME, question, [year, PERIODS[0]])


def test_who_may_not_read_units_is_answered_period_by_period_from_what_is_public(
    region: Lake,
) -> None:
    question = Question(("gdp",), (), CITY, period=Period.parse("2025"))
    years = [Period.parse("2025"), Period.parse("2024")]
    reader = replace(ME, rights=frozenset())
    assert answer_series(region, reader, question, years) == {
        year: answer(region, reader, replace(question, period=year)) for year in years
    }
