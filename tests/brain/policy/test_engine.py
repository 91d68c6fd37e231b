"""A decision: which law, what is decided, what to bring, what is in doubt; the carried laws too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from tests.brain.policy.small_law import DAY, SOURCE, facts, laws_of, least, rule

from ballast.brain.policy.engine import decide
from ballast.brain.policy.facts import Fact, Facts, Held, Value
from ballast.brain.policy.finding import Finding, Missing, State, Verdict
from ballast.brain.policy.reading import laws
from ballast.brain.policy.shape import Application
from ballast.brain.policy.versions import resolve
from ballast.errors import NotFound, Refused
from ballast.terms.policy_fact import FACTS, FactKind

TREE = rule(
    "all",
    "tree",
    of=[
        least("revenue", "revenue", "revenue_least"),
        rule("flag", "clean", fact="fraud_3y", expected=False),
        rule("manual", "known", fact="reputation"),
    ],
)
LAWS = laws_of(TREE)


@pytest.mark.parametrize(
    ("revenue", "clean", "reputation", "verdict"),
    [
        (5000, True, True, Verdict.ELIGIBLE),
        (5000, True, None, Verdict.REVIEW),
        (5000, None, None, Verdict.INCOMPLETE),
        (4000, None, None, Verdict.INELIGIBLE),
        (5000, None, False, Verdict.INELIGIBLE),
    ],
)
def test_verdicts(
    revenue: int, clean: bool | None, reputation: bool | None, verdict: Verdict
) -> None:
    given: dict[str, Any] = {"revenue": {2025: revenue}}
    if clean is not None:
        given["fraud_3y"] = not clean
    if reputation is not None:
        given["reputation"] = reputation
    decision = decide(LAWS, "little_giant", facts(**given), DAY)
    assert decision.verdict is verdict
    wanted = (Missing("fraud_3y"),) if verdict is Verdict.INCOMPLETE else ()
    assert decision.bring == wanted


def test_figures_of_another_year_are_no_figures_of_last_year() -> None:
    known = facts(revenue={2024: 9000}, fraud_3y=False, reputation=True)
    assert decide(LAWS, "little_giant", known, DAY).bring == (Missing("revenue", 2025),)
    before = decide(LAWS, "little_giant", known, date(2025, 12, 31))
    assert before.verdict is Verdict.ELIGIBLE


def test_facts_in_doubt_are_named_and_asked_for_again() -> None:
    known = facts(revenue={2025: 9000}, rd={2025: 9001}, fraud_3y=False, reputation=True)
    decision = decide(LAWS, "little_giant", known, DAY)
    assert decision.verdict is Verdict.INCOMPLETE
    assert decision.bring == (Missing("revenue", 2025),)
    assert "研发费用大于营业收入" in decision.doubts[0].reason.zh


def test_no_law_no_decision() -> None:
    with pytest.raises(NotFound):
        decide(LAWS, "littel_giant", facts(), DAY)
    with pytest.raises(Refused):
        decide(LAWS, "little_giant", facts(), date(2019, 12, 31))


def test_a_size_standard_classifies() -> None:
    known = facts(industry="34", staff={2025: 80}, revenue={2025: 6000})
    decision = decide(LAWS, "size_standard", known, DAY)
    assert (decision.verdict, decision.classes) == (Verdict.ELIGIBLE, ("small",))
    unknown = decide(LAWS, "size_standard", facts(industry="34", staff={2025: 80}), DAY)
    assert unknown.classes == ("small", "micro")
    assert unknown.bring == (Missing("revenue", 2025),)


# From here on the laws that Ballast carries.

VALVES = facts(
    titles=[Held("specialised_sme", date(2024, 6, 1), date(2027, 5, 31))],
    industry="3443", founded=date(2010, 3, 1), staff={2025: 180, 2024: 170, 2023: 150},
    revenue={2025: 6200, 2024: 5800, 2023: 5500}, main_revenue={2025: 5900, 2024: 5500, 2023: 5100},
    rd={2025: 700, 2024: 600, 2023: 500}, rd_staff={2025: 30}, technical_staff={2025: 40},
    assets={2025: 9000, 2024: 8500, 2023: 8000}, liabilities={2025: 5200, 2024: 5000, 2023: 4900},
    class1_ip_in_use=4, class1_ip=6, class2_ip=9, niche_years={2025: 9},
    niche_share={2025: Decimal("0.12")}, six_bases=True, platform_score=66,
    abnormal_listing=False, serious_dishonesty=False, major_incident_3y=False,
    fraud_3y=False, falsification_ban=False, reputation=True,
)  # fmt: skip


def test_the_valve_maker_is_a_little_giant_of_2026() -> None:
    decision = decide(laws(), "little_giant", VALVES, DAY)
    assert (decision.resolution.version, decision.verdict) == ("2026-2", Verdict.ELIGIBLE)


def test_the_renewal_of_2026_still_follows_the_rule_of_2022() -> None:
    day, certificate = date(2026, 7, 1), date(2023, 7, 14)
    renewal = Application.RENEWAL
    decision = decide(laws(), "little_giant", VALVES, day, renewal, certificate)
    assert decision.resolution.version == "2022-63"
    assert "117号" in decision.resolution.why.zh


def leaves(finding: Finding) -> list[Finding]:
    """Return what stands by itself; nobody is advised how to reach another size class."""
    if finding.kind == "class":
        return [finding]
    below = [one for part in finding.parts for one in leaves(part)]
    return below or [finding]


DAYS = (date(2025, 6, 1), date(2026, 5, 1), date(2027, 6, 1))


def applies(scheme: str, application: Application, day: date) -> bool:
    try:
        resolve(laws(), scheme, day, application)
    except Refused:
        return False
    return True


CASES = [case for case in product(laws().schemes, Application, DAYS) if applies(*case)]


@pytest.mark.parametrize(("scheme", "application", "day"), CASES)
def test_every_carried_law_says_why_whatever_it_finds(
    scheme: str, application: Application, day: date
) -> None:
    empty = decide(laws(), scheme, Facts(titles_known=False), day, application)
    assert empty.verdict is Verdict.INCOMPLETE
    assert empty.bring
    full = decide(laws(), scheme, VALVES, day, application)
    for leaf in leaves(full.tree):
        if leaf.state is State.UNMET and leaf.kind in ("compare", "flag", "holds", "among"):
            assert leaf.turn is not None, leaf.id
        if leaf.state is State.UNKNOWN and leaf.kind != "bound":
            assert leaf.missing or leaf.turn is not None, leaf.id


@pytest.mark.parametrize("scheme", laws().schemes)
def test_whoever_brings_what_is_asked_for_is_not_asked_again(scheme: str) -> None:
    """Bring every fact that is asked for, one after the other: the questions come to an end."""
    known = Facts(titles_known=True)
    for _ in range(200):
        decision = decide(laws(), scheme, known, DAY)
        if not decision.bring:
            break
        one = decision.bring[0]
        fact = VALVES.known.get((one.key, one.year)) or made(one)
        known = replace(known, known={**known.known, (one.key, one.year): fact})
    assert decision.verdict is not Verdict.INCOMPLETE


def made(missing: Missing) -> Fact:
    declared = FACTS[missing.key]
    values: dict[FactKind, Value] = {
        FactKind.FLAG: True, FactKind.CODE: "3443", FactKind.DATE: date(2010, 1, 1),
        FactKind.CHOICE: declared.choices[0][0] if declared.choices else "",
    }  # fmt: skip
    return Fact(missing.key, values.get(declared.kind, Decimal(1)), SOURCE, missing.year)
