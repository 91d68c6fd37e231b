"""Formulas: what is read, what is refused and where, what is asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.policy.formula import FactOf, Number, Operation, asked, parse
from ballast.errors import Refused


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("a[last] + b * c", "a[last] + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a / b / c", "(a / b) / c"),
        ("a × b ÷ c − d", "a * b / c - d"),
        ("  a\t+\n b ", "a+b"),
        ("sum(rd[last], 2)", "sum(rd, 2)"),
        ("-a + b", "(0 - a) + b"),
    ],
)
def test_two_ways_to_write_one_formula_are_one(written: str, same: str) -> None:
    assert parse(written) == parse(same)


def test_a_fact_without_a_year_is_one_of_the_day_and_last_a_year() -> None:
    assert parse("staff") == FactOf("staff", None)
    assert parse("staff[last]") == FactOf("staff", 0)
    assert parse("staff[last-3]") == FactOf("staff", 3)


def test_a_figure_stays_exact() -> None:
    assert parse("0.10") == Number(Decimal("0.10"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 1),
        ("   ", 1),
        ("a +", 4),
        ("a b", 3),
        ("(a", 3),
        ("a)", 2),
        ("a ** 9", 4),
        ("__import__('os')", 1),
        ("a.b", 2),
        ("a[0]", 3),
        ("a[last-0]", 8),
        ("a[last-99999999999]", 8),
        ("a[last+1]", 7),
        ("sum(a)", 6),
        ("sum(a, b)", 8),
        ("sum(a, 0)", 8),
        ("sum(a, 11)", 8),
        ("sum(a, 1.5)", 8),
        ("sum + 1", 1),
        ("last", 1),
        ("log(a)", 1),
        ("years_since(a + b)", 15),
        ("years_since(3)", 13),
        ("1e9", 2),
        ("a == b", 3),
        ("A", 1),
        ("阀门", 1),
        ("a; b", 2),
        ("³", 1),
        ("٣", 1),
    ],
)
def test_what_is_no_formula_is_refused_with_its_place(text: str, place: int) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert refused.value.values["place"] == place


def test_length_and_depth_are_bounded() -> None:
    with pytest.raises(Refused, match="401 characters"):
        parse("a" * 401)
    with pytest.raises(Refused, match="nested too deeply"):
        parse("(" * 60 + "a" + ")" * 60)
    assert parse("(" * 15 + "a" + ")" * 15) == FactOf("a")
    assert isinstance(parse("+".join(["1"] * 200)), Operation)


@given(st.text(alphabet="ab1.+-*/()[], lastsumcagr×÷−years_since", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except Refused:
        return
    asked(tree)


def test_what_is_asked_for_has_its_years() -> None:
    assert asked(parse("sum(rd / revenue, 2)")) == {
        ("rd", 0), ("rd", 1), ("revenue", 0), ("revenue", 1),
    }  # fmt: skip
    assert asked(parse("cagr(revenue, 3)"), 1) == {("revenue", 1), ("revenue", 4)}
    assert asked(parse("mean(cagr(x, 1), 2)")) == {("x", 0), ("x", 1), ("x", 2)}
    assert asked(parse("most(a, b[last]) + years_since(c) + 3"), 2) == {
        ("a", None), ("b", 2), ("c", None),
    }  # fmt: skip
