"""Every fact that can be asked for is asked for by a law, and says what it is and who shows it."""

from __future__ import annotations

import re

from ballast.brain.policy.formula import parse
from ballast.brain.policy.law_formulas import facts_in
from ballast.brain.policy.law_rules import places
from ballast.brain.policy.reading import laws
from ballast.terms import unit
from ballast.terms.policy_fact import FACTS, GROUP_LABELS, FactGroup, FactKind


def asked_for() -> set[str]:
    found = {"industry"}  # the sector of the size standard
    for law in laws().by_scheme.values():
        for version in law.versions:
            for quantity in version.quantities.values():
                found |= {leaf.key for leaf in facts_in(parse(quantity.formula))}
            for _, rule in places(version):
                found |= {key for key in [getattr(rule, "fact", None)] if key}
            for sector in version.sectors:
                found |= set(sector.units)
    return found


def test_no_fact_is_declared_that_no_law_asks_for_and_none_is_missing() -> None:
    assert asked_for() == set(FACTS)


def test_every_fact_says_what_it_is_in_both_languages_and_which_paper_shows_it() -> None:
    for fact in FACTS.values():
        assert re.search(r"[\u4e00-\u9fff]", fact.label.zh + fact.meaning.zh), fact.key
        assert fact.label.en, fact.key
        assert not re.search(r"[\u4e00-\u9fff]", fact.label.en + fact.meaning.en), fact.key
        assert fact.evidence is not None, fact.key
        assert fact.group in GROUP_LABELS


def test_two_facts_are_never_called_alike() -> None:
    assert len({fact.label.zh for fact in FACTS.values()}) == len(FACTS)
    assert len({fact.label.en for fact in FACTS.values()}) == len(FACTS)


def test_kind_unit_and_year_go_together() -> None:
    for fact in FACTS.values():
        if fact.unit is unit.CNY_1E4:
            assert fact.yearly, fact.key
            assert fact.kind is FactKind.AMOUNT, fact.key
        if fact.kind in (FactKind.FLAG, FactKind.CHOICE, FactKind.DATE, FactKind.CODE):
            assert not fact.yearly, fact.key
        assert bool(fact.choices) == (fact.kind is FactKind.CHOICE), fact.key
        if fact.shown is not None:
            assert fact.shown.dimension == fact.unit.dimension, fact.key
    assert [fact.key for fact in FACTS.values() if fact.signed] == ["net_profit"]
    assert set(GROUP_LABELS) == set(FactGroup)
