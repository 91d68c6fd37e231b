from __future__ import annotations

from decimal import Decimal

import pytest

from ballast.brain.claims.agreeing import BOUND_RULES, agrees, comparable, in_unit
from ballast.brain.claims.statement import Amount, Bound
from ballast.terms.unit import CNY_1E4, CNY_1E8, PERCENT


def amount(
    low: str, bound: Bound = Bound.EXACT, step: str = "1", high: str | None = None
) -> Amount:
    return Amount(
        Decimal(low), None if high is None else Decimal(high), bound, PERCENT, "%", Decimal(step)
    )


@pytest.mark.parametrize(
    ("said", "yes", "no"),
    [
        (amount("17.5", step="0.1"), (17.45, 17.5, 17.549), (17.44, 17.56, -17.5)),
        (amount("-3.4", step="0.1"), (-3.4, -3.36), (3.4, -3.3)),
        (amount("1800", Bound.ODD), (1800, 1899), (1799, 1900)),
        (amount("2000", Bound.ODD), (2000, 2999), (1999, 3000)),
        (amount("1200", Bound.MORE), (1200.1, 5000), (1200, 1100)),
        (amount("200", Bound.NEARLY), (181, 199.9), (200, 179)),
        (amount("30", Bound.ABOUT), (27, 33), (26.9, 33.1)),
        (amount("2", Bound.LESS), (1.9, 0), (2, 2.1)),
        (amount("95", Bound.LEAST), (95, 99), (94.9,)),
        (amount("5", Bound.MOST), (1, 5), (6,)),
        (amount("9", Bound.RANGE, high="11"), (9, 10, 11), (8.4, 11.6)),
        (amount("-5", Bound.RANGE, high="-6"), (-5, -5.5, -6), (5.5, -7)),
        (amount("-33.33", Bound.NEARLY), (-31, -33), (-34, 31)),
    ],
)  # fmt: skip
def test_the_text_decides_how_close_is_close(
    said: Amount, yes: tuple[float, ...], no: tuple[float, ...]
) -> None:
    assert all(agrees(said, value) for value in yes)
    assert not any(agrees(said, value) for value in no)


def test_a_place_without_a_number_agrees_with_none_by_itself() -> None:
    assert not agrees(Amount(None, bound=Bound.TOP), 1)


def test_an_amount_is_laid_beside_figures_of_its_dimension_only() -> None:
    said = Amount(Decimal("12.5"), unit=CNY_1E8, step=Decimal("0.1"))
    assert comparable(said, CNY_1E4)
    assert not comparable(said, PERCENT)
    assert not comparable(Amount(Decimal(300), words="亩"), PERCENT)
    assert in_unit(said, CNY_1E4).low == Decimal(125_000)
    assert in_unit(said, CNY_1E4).step == Decimal(1000)


def test_every_bound_has_its_rule_in_words() -> None:
    assert set(BOUND_RULES) == set(Bound)
