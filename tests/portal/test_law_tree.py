"""A decision drawn: what is lacking first, what is met folded, and names that cannot be markup."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from ballast.brain.policy.engine import decide
from ballast.brain.policy.facts import Doubt, Fact, Facts
from ballast.brain.policy.finding import (
    Decision,
    Finding,
    Interval,
    Missing,
    Resolution,
    State,
    Verdict,
)
from ballast.brain.policy.reading import laws
from ballast.brain.policy.shape import Application
from ballast.portal.law_tree import decision_card, tally
from ballast.terms.label import LANGUAGES, Label, Language

DAY = date(2026, 6, 1)
HOSTILE = '<script>alert("x")</script>&\'名'
NAME = Label("小巨人", "little giant")


def finding(state: State, name: str, **more: object) -> Finding:
    return Finding(name, Label(name, name), "第1项 (item 1)", "compare", state, **more)  # type: ignore[arg-type]


def decision(*parts: Finding, verdict: Verdict = Verdict.INELIGIBLE, **more: object) -> Decision:
    told = Resolution(
        "little_giant", "v", "i", Application.NEW, DAY, Label("因为", "because"), True
    )
    tree = Finding("all", Label("全部", "all"), "", "all", State.UNMET, parts=parts)
    return Decision(told, verdict, tree, **more)  # type: ignore[arg-type]


def drawn(made: Decision, language: Language = "en") -> str:
    return str(decision_card(made, NAME, language))


def test_what_is_not_met_stands_before_what_is_unknown_judged_and_met() -> None:
    page = drawn(
        decision(
            finding(State.MET, "first"),
            finding(State.MANUAL, "second"),
            finding(State.UNKNOWN, "third"),
            finding(State.UNMET, "fourth"),
            finding(State.NOT_APPLICABLE, "fifth"),
        )
    )
    places = [page.index(name) for name in ("Fourth", "Third", "Second", "First", "Fifth")]
    assert places == sorted(places)
    folded = page[page.index('<details class="lt-fold">') :]
    assert "First" in folded
    assert "Fourth" not in folded


def test_a_value_stands_against_its_threshold_with_its_margin_and_a_mark() -> None:
    page = drawn(
        decision(
            finding(
                State.UNMET,
                "debt",
                value=Interval(Decimal("76.67"), Decimal("76.67")),
                unit="percent",
                threshold=Decimal(75),
                op="<=",
                margin=Decimal("-1.67"),
            )
        )
    )
    assert "76.67%" in page
    assert "≤ 75%" in page
    assert "1.67 percentage points short" in page
    assert 'class="mark-short"' in page
    assert 'aria-label="debt: 76.67%, demanded ≤ 75%"' in page


def test_a_value_just_short_of_its_threshold_is_not_written_as_the_threshold() -> None:
    value = Interval(Decimal("2.9999999"), Decimal("2.9999999"))
    found = finding(
        State.UNMET, "rd", value=value, unit="percent", threshold=Decimal(3), op=">=",
        margin=Decimal("-0.0000001"),
    )  # fmt: skip
    assert "2.9999999%" in drawn(decision(found))


def test_points_that_are_not_known_yet_are_an_interval_and_of_neither_colour() -> None:
    value = Interval(Decimal(55), Decimal(80))
    found = finding(
        State.UNKNOWN, "score", value=value, unit="points", threshold=Decimal(60), op=">=",
        margin=Decimal(-5),
    )  # fmt: skip
    page = drawn(decision(found, verdict=Verdict.INCOMPLETE))
    assert "55–80 points" in page
    assert "at worst 5 points short" in page
    assert "mark-open" in page
    assert "mark-short" not in page


def test_what_is_missing_and_what_is_in_doubt_stand_before_the_criteria() -> None:
    page = drawn(
        decision(
            finding(State.UNKNOWN, "criterion"),
            verdict=Verdict.INCOMPLETE,
            bring=(Missing("revenue", 2025), Missing("holds_specialised_sme")),
            doubts=(Doubt((("rd", 2025),), Label("超过收入", "above revenue")),),
        )
    )
    assert page.index("Revenue of 2025") < page.index("Criterion")
    assert "annual audit report" in page
    assert "specialised SME" in page
    assert page.index("above revenue") < page.index("Criterion")


def test_what_is_unconfirmed_or_waived_wears_its_mark() -> None:
    page = drawn(
        decision(finding(State.UNMET, "a", confirmed=False), finding(State.MET, "b", waived=True))
    )
    assert "not confirmed by the official text" in page
    assert "waived" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_source_or_reason_becomes_markup(language: Language) -> None:
    label = Label(HOSTILE, HOSTILE)
    fact = Fact("industry", HOSTILE, label)
    bad = Finding(
        HOSTILE, label, HOSTILE, "flag", State.UNMET, note=label, facts=(fact,), turn=label,
        evidence=label, missing=(Missing(HOSTILE),),
    )  # fmt: skip
    made = decision(bad, bring=(Missing(HOSTILE),), doubts=(Doubt(((HOSTILE, None),), label),))
    page = str(decision_card(made, label, language))
    assert "<script" not in page
    assert page.count("&lt;script") >= 8


@pytest.mark.parametrize("scheme", laws().schemes)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_law_is_drawn_of_facts_and_of_none(scheme: str, language: Language) -> None:
    source = Label("表", "form")
    known: dict[tuple[str, int | None], Fact] = {
        (key, year): Fact(key, Decimal(value), source, year)
        for key, value in (("revenue", 6000), ("rd", 400), ("staff", 200), ("main_revenue", 5900))
        for year in (2023, 2024, 2025)
    }
    for facts in (Facts(), Facts(known)):
        made = decide(laws(), scheme, facts, DAY)
        page = str(decision_card(made, NAME, language))
        assert page.count("<details") == page.count("</details>")
        assert len(re.findall("<li[ >]", page)) == page.count("</li>")
        assert tally(made.tree, language)
        assert "nan" not in page
        assert not re.search(r"None[^a-z]", page)
