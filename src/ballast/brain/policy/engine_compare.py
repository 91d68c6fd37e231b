"""A quantity against a figure of law: whether it holds, by how much, and what would turn it.

The advice is solved on the formula of the law itself and computed again with
the fact it names, so "R&D expense would have to be 180" is what the decision
would say of 180, and not a rule of thumb beside it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from ballast.brain.policy.amounts import needed
from ballast.brain.policy.engine_examination import (
    Asked,
    Examination,
    Found,
    Threshold,
    paper,
    to_bring,
    together,
)
from ballast.brain.policy.engine_states import all_of, compared
from ballast.brain.policy.engine_wording import bilingual, factor, gap, label_of, rounded, value_of
from ballast.brain.policy.engine_wording import fact_name as name_of
from ballast.brain.policy.fact_doubts import clashes
from ballast.brain.policy.finding import Finding, Interval, State
from ballast.brain.policy.formula import FactOf, Since
from ballast.brain.policy.shape import Compare, Operator
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS

__all__ = ["compare"]


def compare(rule: Compare, exam: Examination) -> Found:
    """Return what is found of a comparison; of several years, each by itself and all together.

    Of several years the finding itself tells the year that is the farthest from holding; where one
    is not known and nothing is settled, none.
    """
    threshold = exam.threshold(rule.threshold)
    if rule.years == 1:
        return _one_year(rule, exam, threshold, 0)
    years = [_one_year(rule, exam, threshold, back) for back in range(rule.years)]
    parts = tuple(found.finding for found in years)
    state = all_of(part.state for part in parts)
    open_ = next((part for part in parts if part.margin is None), None)
    known = [part for part in parts if part.margin is not None]
    worst = min(known, key=_margin) if open_ is None or state is State.UNMET else open_
    turns = [
        Label(f"{part.year}年：{part.turn.zh}", f"{part.year}: {part.turn.en}")
        for part in parts
        if part.turn is not None and part.state is state
    ]
    finding = Finding(
        id=rule.id,
        label=label_of(rule.label),
        article=rule.article,
        kind=rule.kind,
        state=state,
        confirmed=rule.confirmed and threshold.confirmed,
        note=label_of(rule.note) if rule.note else threshold.note,
        value=worst.value,
        unit=worst.unit,
        threshold=worst.threshold,
        op=rule.op,
        margin=worst.margin,
        turn=together(turns),
        evidence=parts[0].evidence,
        parts=parts,
    )
    missing = dict.fromkeys(each for found in years for each in found.bring)
    return Found(finding, tuple(missing) if state is State.UNKNOWN else ())


def _margin(part: Finding) -> Decimal:
    return Decimal(0) if part.margin is None else part.margin


def _one_year(rule: Compare, exam: Examination, threshold: Threshold, back: int) -> Found:
    asked = exam.quantity(rule.quantity, back)
    amount, unit = asked.amount, asked.unit
    value, bound = amount.value, asked.shown(threshold.value)
    year = exam.last - back if rule.years > 1 else None
    turn: Label | None = None
    shown = margin = None
    if value is None:
        state = State.UNKNOWN
        turn = amount.undefined or to_bring(amount.missing, exam.facts)
    else:
        state = State.MET if compared(value, rule.op, threshold.value) else State.UNMET
        shown = Interval(asked.shown(value), asked.shown(value))
        margin = _distance(shown.low, rule.op, bound)
        if compared(value, "==", threshold.value):
            margin = Decimal(0)
        if state is State.UNMET:
            turn = _turn(asked, value, rule.op, threshold.value, exam, back)
    finding = Finding(
        id=rule.id if year is None else f"{rule.id}[{year}]",
        label=label_of(rule.label) if year is None else asked.label,
        article=rule.article,
        kind=rule.kind,
        state=state,
        confirmed=rule.confirmed and threshold.confirmed,
        note=(label_of(rule.note) if rule.note else threshold.note) if year is None else None,
        value=shown,
        unit=unit,
        threshold=bound,
        op=rule.op,
        margin=margin,
        facts=amount.facts,
        missing=amount.missing,
        turn=turn,
        evidence=paper(rule.evidence, amount.facts, amount.missing),
        year=year,
    )
    return Found(finding, amount.missing)


def _distance(value: Decimal, op: Operator, threshold: Decimal) -> Decimal:
    """Return how far a value is on the good side; negative by how much is missing."""
    if op in (">=", ">"):
        return value - threshold
    return threshold - value if op != "==" else -abs(value - threshold)


def _turn(
    asked: Asked, value: Decimal, op: Operator, threshold: Decimal, exam: Examination, back: int
) -> Label:
    if isinstance(asked.expression, Since) and op in (">=", ">"):
        reached = _reached(asked.expression, op, threshold, exam)
        if reached is not None:
            return bilingual("holds from {day} on", day=reached)
    bound = value_of(asked.shown(threshold), asked.unit)
    if op == "==":
        return bilingual("would have to be {threshold}", threshold=bound)
    if compared(value, "==", threshold):
        return (
            bilingual("would have to be more than {threshold}", threshold=bound)
            if op == ">"
            else bilingual("would have to be less than {threshold}", threshold=bound)
        )
    distance = gap(abs(asked.shown(value) - asked.shown(threshold)), asked.unit)
    if asked.unit == "count" and op in (">=", ">"):
        distance = Label(f"{distance.zh}项", distance.en)
    short = (
        bilingual("short by {gap}", gap=distance)
        if op in (">=", ">")
        else bilingual("over by {gap}", gap=distance)
    )
    advice = _advice(asked, op, threshold, exam, back)
    return (
        short if advice is None else Label(f"{short.zh}；{advice.zh}", f"{short.en}; {advice.en}")
    )


def _advice(
    asked: Asked, op: Operator, threshold: Decimal, exam: Examination, back: int
) -> Label | None:
    """Return what one fact would have to be, where the quantity is more than that fact itself.

    Nothing is said where that would contradict what else is known.
    """
    if isinstance(asked.expression, FactOf):
        return None
    solved = needed(asked.expression, threshold, exam.facts, exam.day, back)
    if solved is None:
        return None
    declared = FACTS[solved.key]
    up = solved.value > solved.now
    value = rounded(solved.value, solved.key, up=up)
    if clashes(exam.facts, solved.key, solved.year, value, exam.day):
        return None  # nobody can have an R&D expense above the revenue
    unit = (declared.shown or declared.unit).name
    told = {
        "fact": name_of(solved.key, solved.year),
        "needed": value_of(value / factor(unit), unit),
        "now": value_of(solved.now / factor(unit), unit),
        "gap": gap(abs(value - solved.now) / factor(unit), unit),
    }
    strict = op in (">", "<")
    if up and strict:
        return bilingual(
            "all else as it is, {fact} would have to be above {needed} (now {now}, {gap} more)",
            **told,
        )
    if up:
        return bilingual(
            "all else as it is, {fact} would have to be at least {needed} (now {now}, {gap} more)",
            **told,
        )
    if strict:
        return bilingual(
            "all else as it is, {fact} would have to be below {needed} (now {now}, {gap} less)",
            **told,
        )
    return bilingual(
        "all else as it is, {fact} would have to be at most {needed} (now {now}, {gap} less)",
        **told,
    )


def _reached(since: Since, op: Operator, threshold: Decimal, exam: Examination) -> date | None:
    """Return the first day on which so much time will have passed."""
    fact = exam.facts.get(since.key)
    if fact is None or not isinstance(fact.value, date):
        return None
    full = int(threshold.to_integral_value("ROUND_CEILING"))
    if op == ">" and full == threshold:
        full += 1
    try:
        if since.name == "days":
            return fact.value + timedelta(days=full)
        if (fact.value.month, fact.value.day) == (2, 29):
            year = fact.value.year + full
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            return date(year, 2, 29) if leap else date(year, 3, 1)
        return fact.value.replace(year=fact.value.year + full)
    except (OverflowError, ValueError):
        return None
