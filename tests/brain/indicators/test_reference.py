"""The page of an indicator says what its declaration says."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from ballast.brain.indicators.declared import Disclosure, Measure
from ballast.brain.indicators.reference import (
    ADDS_LABELS,
    COMPARISON_LABELS,
    formula,
    index_page,
    indicator_page,
    term_label,
    withheld,
)
from ballast.brain.indicators.registry import INDICATORS, indicator

KEYS = sorted(INDICATORS)


@pytest.mark.parametrize("key", KEYS)
def test_the_page_carries_name_meaning_unit_formula_and_rules(key: str) -> None:
    one = indicator(key)
    page = indicator_page(one)
    assert page.startswith(f"# {one.label.zh} · {one.label.en}\n")
    said = [
        one.meaning.zh, one.meaning.en, one.unit.label.zh, formula(one).zh, formula(one).en,
        ADDS_LABELS[one.adds].zh, COMPARISON_LABELS[one.comparison].en, withheld(one).zh,
        *(f"`{dimension.value}`" for dimension in one.dimensions | one.needs),
        *(f"../tables.md#{source}" for source in one.sources),
    ]  # fmt: skip
    assert [text for text in said if text not in page] == []
    assert f"ballast measure {key}" in page


@pytest.mark.parametrize("key", KEYS)
def test_a_formula_speaks_of_terms_and_not_of_columns(key: str) -> None:
    one = indicator(key)
    said = formula(one)
    for term in one.terms:
        assert term_label(term).en in said.en
        assert term_label(term).zh in said.zh
    assert not re.search(r"[a-z]_[a-z0-9]", said.zh + said.en), "a machine's name"
    if one.measure is Measure.RATIO:
        assert "÷" in said.en
    if one.scale != 1:
        assert str(one.scale) in said.en


def test_the_index_links_every_indicator_once() -> None:
    page = index_page(INDICATORS.values())
    assert re.findall(r"\(indicators/(\w+)\.md\)", page) == list(INDICATORS)


def test_a_changed_declaration_changes_its_page() -> None:
    one = indicator("margin")
    other = replace(one, scale=Decimal(1000), disclosure=Disclosure(minimum=7))
    assert "× 1000" in indicator_page(other)
    assert "7" in withheld(other).zh
    assert indicator_page(one) != indicator_page(other)


def test_public_figures_say_that_nothing_is_withheld() -> None:
    assert withheld(indicator("gdp")).en == "rests on public tables; nothing is withheld"
