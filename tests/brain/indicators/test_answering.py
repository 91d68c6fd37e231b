"""Who asks decides what is read: the facts, or the sealed cube and the public tables alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.portal.twin_homes import (
    CITY,
    LOADER,
    OWN,
    PERIODS,
    WITHHELD_PLACE,
    frames,
    seal,
    sealed_amount,
)

from ballast.brain.indicators import answering
from ballast.brain.indicators.answer import Answer, Status
from ballast.brain.indicators.answering import answer, open_series
from ballast.brain.indicators.declared import Form
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry import INDICATORS
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.role import Role
from ballast.terms.viewer import Right, Viewer, viewer_for

MARCH = Period.parse("2026-03")
ANALYST = viewer_for(Role.ANALYST, "a")
OTHERS = [
    viewer_for(role, role.value, frozenset({OWN}), frozenset({"copper"}))
    for role in Role
    if role is not Role.ANALYST
]
WHOLE = (CITY, "city", "", "", "")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake.create(tmp_path_factory.mktemp("answered") / "home")
    made.commit(frames(0), LOADER, provenance="synthetic")
    seal(made)
    return made


def asked(*keys: str, by: tuple[Dimension, ...] = (), **where: str) -> Question:
    restricted = {Dimension(name): (code,) for name, code in where.items()}
    return Question(keys, by, restricted, period=MARCH)


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda v: v.name)
def test_without_the_right_to_units_the_cube_answers_and_own_units_change_nothing(
    lake: Lake, viewer: Viewer
) -> None:
    found = answer(lake, viewer, asked("output", "margin", region=CITY))
    assert found.values[0].value == sealed_amount("output", WHOLE, "2026-03")
    assert [v.status for v in found.values] == [Status.PUBLISHED] * 2


def test_with_it_the_facts_answer(lake: Lake) -> None:
    found = answer(lake, ANALYST, asked("output", region=CITY)).values[0]
    # Twelve others with 7,000 n each, and what `OWN` reported.
    assert found.value == 7000 * sum(range(1, 13)) + Decimal("1234.5")


def test_every_right_but_that_one_still_reads_the_cube(lake: Lake) -> None:
    nearly = Viewer("n", frozenset(Right) - {Right.READ_UNITS}, frozenset({OWN}))
    found = answer(lake, nearly, asked("output", region=CITY)).values[0]
    assert found.value == sealed_amount("output", WHOLE, "2026-03")


@pytest.mark.parametrize("key", ["output", "margin", "enterprises"])
def test_what_is_withheld_carries_no_number_at_all(lake: Lake, key: str) -> None:
    (found,) = answer(lake, OTHERS[0], asked(key, region=WITHHELD_PLACE)).values
    assert found.status is Status.SUPPRESSED
    assert (found.value, found.numerator, found.denominator) == (None, None, None)
    assert (found.reporting, found.expected) == (0, None)


@pytest.mark.parametrize(
    "question",
    [
        asked("output", by=(Dimension.SIZE_CLASS,)),
        asked("output", by=(Dimension.INDUSTRY_CLASS,)),
        asked("output", by=(Dimension.REGION, Dimension.OWNERSHIP)),
        asked("output", ownership="private"),
        Question(("output",), where={Dimension.REGION: ("371502", "371503")}, period=MARCH),
        Question(("output",), where={Dimension.INDUSTRY_DIVISION: ("32", "34")}, period=MARCH),
        Question(("output",), (Dimension.INDUSTRY_DIVISION,), period=MARCH, weighted=True),
        asked("titles"),
        asked("digitised_enterprises"),
    ],
)
def test_a_cut_that_is_not_sealed_is_refused_and_the_refusal_says_what_is(
    lake: Lake, question: Question
) -> None:
    with pytest.raises(NotPermitted, match=r"they are cut|these are"):
        answer(lake, OTHERS[0], question)
    assert answer(lake, ANALYST, question).values


def test_macro_items_are_answered_from_their_public_table(lake: Lake) -> None:
    question = Question(("gdp",), where={Dimension.REGION: (CITY,)}, period=Period.parse("2025"))
    for viewer in (ANALYST, *OTHERS):
        (found,) = answer(lake, viewer, question).values
        assert float(found.value or 0) == 3190.5


def test_open_and_sealed_figures_stand_side_by_side_in_the_order_asked(lake: Lake) -> None:
    question = Question(
        ("output", "gdp", "margin"), where={Dimension.REGION: (CITY,)}, period=Period.parse("2025")
    )
    found = answer(lake, OTHERS[0], question)
    assert [v.indicator for v in found.values] == ["output", "gdp", "margin"]
    assert found.question == question


def test_nothing_sealed_is_said_with_what_to_do(tmp_path: Path) -> None:
    bare = Lake.create(tmp_path / "home")
    bare.commit(frames(0), LOADER)
    with pytest.raises(NotFound, match="ballast cube seal"):
        answer(bare, OTHERS[0], asked("output"))


def test_a_series_says_what_its_periods_say_one_by_one(lake: Lake) -> None:
    question = asked("output", "margin", "employment", region=CITY)
    periods = [Period.parse(text) for text in (*PERIODS, "2019-03")]
    found = open_series(lake, question, periods)
    assert set(found) == set(periods[:-1])
    for period, one in found.items():
        alone = answer(
            lake, OTHERS[0], Question(question.indicators, (), question.where, period=period)
        )
        assert one == alone
    to_date = Question(
        question.indicators, (), question.where, period=MARCH, form=Form.YEAR_TO_DATE
    )
    assert str(open_series(lake, to_date, [MARCH])[MARCH].values[0].period) == "2026-03ytd"


def test_only_the_door_decides_between_facts_and_cube(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object, **__: object) -> Answer:
        raise AssertionError("the facts were opened for somebody without the right")

    monkeypatch.setattr(answering, "evaluate", opened)
    for viewer in OTHERS:
        assert answer(lake, viewer, asked("output", by=(Dimension.REGION,))).values
    with pytest.raises(AssertionError):
        answer(lake, ANALYST, asked("output"))


def test_what_is_declared_public_rests_on_no_enterprise() -> None:
    assert all(one.disclosure.public != one.of_enterprises for one in INDICATORS.values())
