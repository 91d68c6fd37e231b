"""A code that does not exist is named, and never an empty answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from ballast.brain.indicators.declared import Form
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate
from ballast.brain.indicators.question import Question, checked
from ballast.brain.indicators.restrict import check_codes
from ballast.errors import BallastError, InvalidTerm, NotFound, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import operator

Filled = Callable[..., Lake]
Where = Mapping[Dimension, tuple[str, ...]]
MARCH = Period.parse("2026-03")


@pytest.mark.parametrize(
    ("where", "kind", "said"),
    [
        ({Dimension.REGION: ("999999",)}, InvalidTerm, "999999"),
        ({Dimension.REGION: ()}, WrongUsage, "no code is given"),
        ({Dimension.INDUSTRY_DIVISION: ("345",)}, WrongUsage, "of the level group"),
        ({Dimension.INDUSTRY_GROUP: ("999",)}, InvalidTerm, "999"),
        ({Dimension.SIZE_CLASS: ("huge",)}, WrongUsage, "large, medium, small, micro"),
        ({Dimension.OWNERSHIP: ("mine",)}, WrongUsage, "state, collective"),
    ],
)
def test_codes_that_do_not_exist_are_refused(
    where: Where, kind: type[BallastError], said: str
) -> None:
    with pytest.raises(kind, match=said):
        check_codes(Question(("output",), where=where, period=MARCH))


def test_codes_that_exist_pass() -> None:
    where: Where = {
        Dimension.REGION: ("371500", "371500-KFQ", "000000"), Dimension.INDUSTRY_SECTION: ("C",),
        Dimension.INDUSTRY_CLASS: ("3451",), Dimension.SIZE_CLASS: ("large",),
    }  # fmt: skip
    check_codes(Question(("output",), where=where, period=MARCH))


def test_a_cluster_that_is_not_there_is_refused_with_those_that_are(filled: Filled) -> None:
    lake = filled(cluster_definition=[{"cluster": "metal", "industry": "32"}])
    question = Question(("output",), where={Dimension.CLUSTER: ("metals",)}, period=MARCH)
    with pytest.raises(NotFound, match="metals is no cluster; there are: metal"):
        evaluate(lake, operator("test"), question)
    by_chain = Question(("output",), (Dimension.CHAIN,), period=MARCH)
    with pytest.raises(NotFound, match="load the table chain_definition first"):
        evaluate(lake, operator("test"), by_chain)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question((), period=MARCH), "no indicator is asked for"),
        (Question(("output",), (Dimension.PARTNER,), period=MARCH), "cut by trade partner"),
        (Question(("output",), (Dimension.ZONE,) * 2, period=MARCH), "names zone twice"),
        (Question(("cluster_revenue",), period=MARCH), "has no value without a cluster"),
        (
            Question(("gdp",), (Dimension.REGION,), period=MARCH, form=Form.MONTH),
            "does not exist as month",
        ),
    ],
)
def test_what_an_indicator_cannot_be_asked_is_refused_with_what_it_can(
    question: Question, said: str
) -> None:
    with pytest.raises(WrongUsage, match=said):
        checked(question)
