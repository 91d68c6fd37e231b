"""The cube as it is asked: what a question means in it, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballast.brain.cube.reading import WITHHELD, sealed_periods, sealed_values, vintages
from ballast.brain.cube.sealing import seal
from ballast.brain.indicators.answer import Status
from ballast.brain.indicators.declared import Form
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.period import Period

from .world import NOW, SEALER, ZONE, loaded, region

MARCH = Period.parse("2026-03")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = loaded(tmp_path_factory.mktemp("cube") / "home", region(3))
    seal(made, SEALER, now=NOW)
    return made


def asked(lake: Lake, *by: Dimension, **where: str) -> dict[tuple[str, ...], Status]:
    restricted = {Dimension[name.upper()]: (code,) for name, code in where.items()}
    question = Question(("revenue",), by, restricted, period=MARCH)
    return {
        tuple(value.cell[d] for d in by): value.status
        for value in sealed_values(lake, question).values
    }


def test_a_cut_gives_the_cells_of_its_level_alone(lake: Lake) -> None:
    assert set(asked(lake, Dimension.REGION)) == {
        ("371502",),
        ("371503",),
        ("371521",),
        ("371522",),
    }
    assert set(asked(lake, Dimension.ZONE)) == {(ZONE,)}
    assert set(asked(lake, Dimension.CITY)) == {("371500",)}
    assert set(asked(lake, Dimension.INDUSTRY_SECTION)) == {("C",)}
    assert all(len(code) == 2 for (code,) in asked(lake, Dimension.INDUSTRY_DIVISION))
    assert all(len(code) == 3 for (code,) in asked(lake, Dimension.INDUSTRY_GROUP))
    assert set(asked(lake, Dimension.CLUSTER)) <= {("bearings",), ("metal",), ("grain",)}


def test_places_partition_the_region_so_that_a_county_is_what_lies_in_no_zone(lake: Lake) -> None:
    places = asked(lake, Dimension.PLACE)
    assert set(places) == {("371502",), ("371503",), ("371521",), ("371522",), (ZONE,)}
    question = Question(("enterprises",), (), {Dimension.PLACE: ("371502",)}, period=MARCH)
    rest = sealed_values(lake, question).values[0]
    county = sealed_values(
        lake, Question(("enterprises",), (), {Dimension.REGION: ("371502",)}, period=MARCH)
    ).values[0]
    assert rest.value is None or county.value is None or rest.value < county.value


def test_a_restriction_leaves_what_lies_in_it(lake: Lake) -> None:
    inside = asked(lake, Dimension.INDUSTRY_GROUP, industry_division="34", region="371502")
    assert inside
    assert all(code.startswith("34") for (code,) in inside)
    assert asked(lake, region="371500") == asked(lake)


def test_a_withheld_cell_says_so_and_has_no_number(lake: Lake) -> None:
    question = Question(
        ("revenue", "export_share"), (Dimension.REGION, Dimension.INDUSTRY_GROUP), period=MARCH
    )
    withheld = [v for v in sealed_values(lake, question).values if v.status is Status.SUPPRESSED]
    assert withheld
    for value in withheld:
        assert (value.value, value.numerator, value.denominator) == (None, None, None)
        assert value.reason == WITHHELD


def test_the_year_to_date_of_flows_and_the_end_of_stocks(lake: Lake) -> None:
    def one(key: str, form: Form) -> object:
        question = Question((key,), period=MARCH, form=form)
        return sealed_values(lake, question).values[0].value

    first = Question(("revenue",), period=Period.parse("2026-01..02"))
    before = sealed_values(lake, first).values[0].value
    now, to_date = one("revenue", Form.MONTH), one("revenue", Form.YEAR_TO_DATE)
    assert to_date == before + now  # type: ignore[operator]
    assert one("employment", Form.MONTH) == one("employment", Form.YEAR_TO_DATE)


@pytest.mark.parametrize(
    "question",
    [
        Question(("revenue",), (Dimension.SIZE_CLASS,), period=MARCH),
        Question(("revenue",), (Dimension.OWNERSHIP,), period=MARCH),
        Question(("revenue",), (Dimension.INDUSTRY_CLASS,), period=MARCH),
        Question(("revenue",), (Dimension.CLUSTER, Dimension.REGION), period=MARCH),
        Question(("revenue",), (), {Dimension.REGION: ("371502", "371503")}, period=MARCH),
        Question(("revenue",), (), {Dimension.INDUSTRY_GROUP: ("345", "348")}, period=MARCH),
        Question(("revenue",), (Dimension.REGION,), period=MARCH, weighted=True),
        Question(("titles",), (Dimension.REGION,), period=MARCH),
    ],
)
def test_what_the_cube_does_not_hold_is_refused_with_what_it_holds(
    lake: Lake, question: Question
) -> None:
    with pytest.raises(NotPermitted, match="published figures"):
        sealed_values(lake, question)


def test_a_period_that_was_not_sealed_is_named_with_those_that_were(lake: Lake) -> None:
    with pytest.raises(NotFound, match="is not among the published figures"):
        sealed_values(lake, Question(("revenue",), period=Period.parse("2025-03")))
    assert MARCH in sealed_periods(lake)


def test_before_anything_is_sealed_there_is_nothing_to_read(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    assert vintages(lake) == ()
    with pytest.raises(NotFound, match="ballast cube seal"):
        sealed_values(lake, Question(("revenue",), period=MARCH))


def test_a_vintage_that_was_withdrawn_is_read_no_more(tmp_path: Path) -> None:
    lake = loaded(tmp_path / "home", region(3, enterprises=20, periods=("2026-01..02",)))
    sealed = seal(lake, SEALER, now=NOW)
    lake.withdraw(sealed.load_id, SEALER)
    assert vintages(lake) == ()
