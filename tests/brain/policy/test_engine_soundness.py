"""What is settled on incomplete facts stays settled, whatever the missing ones turn out to be.

An enterprise is drawn with every fact known, some are taken away, and the carried laws are asked
twice. A verdict that a missing fact could turn would be a guess; an interval of points that does
not hold what the points turn out to be would be a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from tests.brain.policy.small_law import DAY, SOURCE

from ballast.brain.policy.engine import decide
from ballast.brain.policy.fact_doubts import examined
from ballast.brain.policy.facts import Fact, Facts, Held, Value
from ballast.brain.policy.finding import Decision, Finding, Missing, State, Verdict
from ballast.brain.policy.reading import laws
from ballast.brain.policy.shape import Application
from ballast.terms import unit
from ballast.terms.policy_fact import FACTS, DeclaredFact, FactKind

ENTERPRISES = 60
YEARS = (2025, 2024, 2023, 2022)
SETTLED = (State.MET, State.UNMET, State.NOT_APPLICABLE)
INDUSTRIES = ("3443", "C", "0610", "4710", "5211", "6513", "7010", "9011")
SHARES = ("0.02", "0.03", "0.05", "0.1", "0.5")


def value_of(fact: DeclaredFact, chance: Random) -> Value:
    match fact.kind:
        case FactKind.FLAG:
            return chance.random() < 0.5
        case FactKind.CHOICE:
            return chance.choice(fact.choices)[0]
        case FactKind.DATE:
            return DAY - timedelta(days=chance.randrange(10000))
        case FactKind.CODE:
            return chance.choice(INDUSTRIES)
        case FactKind.COUNT:
            return Decimal(chance.randint(1, 12))
        case FactKind.AMOUNT if fact.unit is unit.FRACTION:
            return Decimal(chance.randint(0, 1000)) / 1000
        case _:
            return Decimal(chance.randint(10, 900)) / 10


def enterprise(chance: Random) -> Facts:
    """Return an enterprise of whom nearly every fact is known and none contradicts another."""
    known = {
        (key, year): value_of(declared, chance)
        for key, declared in FACTS.items()
        for year in (YEARS if declared.yearly else (None,))
    }
    scale = chance.choice([1, 20, 100, 1000])
    for year in YEARS:
        for key in ("revenue", "assets", "income", "cost"):
            known[key, year] = Decimal(chance.randint(500, 900)) / 10 * scale
        revenue = known["revenue", year]
        assert isinstance(revenue, Decimal)
        for key in ("rd", "main_revenue", "liabilities", "equity_raised", "high_tech_revenue"):
            known[key, year] = revenue * Decimal(chance.choice(SHARES))
        known["rd_domestic", year] = known["rd", year]
        known["staff", year] = Decimal(chance.randint(12, 400) * scale)
    for key in ("class1_ip_in_use", "class1_ip_own", "class1_ip_high_value"):
        known[key, None] = known["class1_ip", None]
    facts = {(key, year): Fact(key, value, SOURCE, year) for (key, year), value in known.items()}
    held = chance.sample(laws().schemes, chance.randint(0, 3))
    titles = tuple(Held(scheme, date(2024, 1, 1), date(2027, 1, 1)) for scheme in held)
    clashing = {key for doubt in examined(Facts(facts), DAY).doubts for key in doubt.keys}
    return Facts({key: fact for key, fact in facts.items() if key not in clashing}, titles)


def with_less(whole: Facts, chance: Random) -> Facts:
    share = chance.choice([0.02, 0.2, 0.5, 0.95])
    known = {key: fact for key, fact in whole.known.items() if chance.random() >= share}
    told = chance.random() < 0.5
    return Facts(known, whole.titles if told else (), titles_known=told)


def below(finding: Finding) -> Iterator[Finding]:
    yield finding
    for part in finding.parts:
        yield from below(part)


def is_item(finding: Finding) -> bool:
    return finding.unit == "points" and not finding.op


def agree(little: Decision, whole: Decision) -> None:
    if little.classes:
        assert set(whole.classes) <= set(little.classes)
    elif little.verdict in (Verdict.ELIGIBLE, Verdict.INELIGIBLE):
        assert whole.verdict is little.verdict
    later = {each.id: each for each in below(whole.tree)}
    for each in below(little.tree):
        now = later.get(each.id)
        if now is None:
            continue
        if each.state in SETTLED and not is_item(each):
            assert now.state is each.state, each.id
        years = any(part.year for part in each.parts)  # tells its worst year, maybe another one
        if each.value is not None and now.value is not None and not years:
            assert each.value.low <= now.value.low, each.id
            assert now.value.high <= each.value.high, each.id


@pytest.mark.parametrize("application", Application)
@pytest.mark.parametrize("scheme", laws().schemes)
def test_a_missing_fact_never_turns_what_was_settled(scheme: str, application: Application) -> None:
    chance = Random(f"{scheme} {application}")
    seen: set[Verdict] = set()
    for _ in range(ENTERPRISES):
        whole = enterprise(chance)
        little = with_less(whole, chance)
        one = decide(laws(), scheme, little, DAY, application)
        seen.add(one.verdict)
        agree(one, decide(laws(), scheme, whole, DAY, application))
        if one.verdict is Verdict.INCOMPLETE:
            assert one.bring
            assert not set(one.bring) & {Missing(*key) for key in little.known}
    assert len(seen) > 1
