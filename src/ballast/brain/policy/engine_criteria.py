"""A criterion of the law before one enterprise: its own state, then its waiver and its condition.

Each kind of criterion is a small function of the criterion and the
examination; none of them knows what stands above it. A waiver is told as a
part of kind ``waiver`` (always the last but a condition), a condition as a
part of kind ``condition`` (the very last), each holding the finding of what it
tests: so that no reader takes them for demands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ballast.brain.policy.engine_compare import compare
from ballast.brain.policy.engine_examination import Examination, Found, paper, to_bring, together
from ballast.brain.policy.engine_states import all_of, any_of, at_least, conditional, waived
from ballast.brain.policy.engine_wording import bilingual, fact_value, joined, label_of, title_name
from ballast.brain.policy.facts import Fact, Held
from ballast.brain.policy.finding import Finding, Missing, State
from ballast.brain.policy.scoring import score
from ballast.brain.policy.shape import (
    All,
    Among,
    Any,
    Application,
    AtLeast,
    Compare,
    Criterion,
    Flag,
    Holds,
    Manual,
    Score,
    Size,
)
from ballast.brain.policy.size import class_name, size_class
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS

__all__ = ["examine", "is_valid"]

_ONLY = {
    Application.NEW: Label("仅在新申报时审查", "asked of new applications only"),
    Application.RENEWAL: Label("仅在复核时审查", "asked in renewals only"),
}


def examine(rule: Criterion, exam: Examination) -> Found:
    """Return what is found of a criterion, with its waiver and its condition.

    Parameters
    ----------
    rule, exam
        The criterion, and who is examined under which version.
    """
    if rule.only is not None and rule.only is not exam.application:
        note = together((label_of(rule.note) if rule.note else None, _ONLY[rule.only]))
        return Found(_told(rule, State.NOT_APPLICABLE, note=note))
    found = _own(rule, exam)
    if rule.waived_by is not None:
        found = _with_waiver(found, examine(rule.waived_by, exam))
    if rule.when is not None:
        found = _under_condition(found, examine(rule.when, exam))
    return found


def is_valid(held: Held, day: date) -> bool:
    """Return whether a title is valid on a day, its last day included."""
    return held.awarded <= day and (held.expires is None or day <= held.expires)


def _own(rule: Criterion, exam: Examination) -> Found:
    match rule:
        case All() | Any() | AtLeast():
            return _group(rule, exam)
        case Compare():
            return compare(rule, exam)
        case Flag():
            return _flag(rule, exam)
        case Among():
            return _among(rule, exam)
        case Holds():
            return _holds(rule, exam)
        case Size():
            return _size(rule, exam)
        case Manual():
            return _manual(rule, exam)
        case Score():
            return score(rule, exam, examine)


def _told(
    rule: Criterion,
    state: State,
    *,
    facts: tuple[Fact, ...] = (),
    missing: tuple[Missing, ...] = (),
    turn: Label | None = None,
    note: Label | None = None,
    parts: tuple[Finding, ...] = (),
) -> Finding:
    return Finding(
        id=rule.id,
        label=label_of(rule.label),
        article=rule.article,
        kind=rule.kind,
        state=state,
        confirmed=rule.confirmed,
        note=note or (label_of(rule.note) if rule.note else None),
        facts=facts,
        missing=missing,
        turn=turn,
        evidence=paper(rule.evidence, facts, missing),
        parts=parts,
    )


def _group(rule: All | Any | AtLeast, exam: Examination) -> Found:
    found = [examine(part, exam) for part in rule.of]
    states = [one.state for one in found]
    turn = None
    match rule:
        case All():
            state = all_of(states)
        case Any():
            state = any_of(states)
            if state is State.UNMET:
                turn = bilingual("any one of these will do")
        case AtLeast():
            state = at_least(rule.count, states)
            if state is State.UNMET:
                short = rule.count - states.count(State.MET)
                turn = bilingual("{count} more of these are needed", count=short)
    bring = _union(one.bring for one in found if one.state is State.UNKNOWN)
    parts = tuple(one.finding for one in found)
    return Found(
        _told(rule, state, turn=turn, parts=parts), bring if state is State.UNKNOWN else ()
    )


def _flag(rule: Flag, exam: Examination) -> Found:
    fact = exam.facts.get(rule.fact)
    if fact is None or not isinstance(fact.value, bool):
        return _unknown(rule, exam, (Missing(rule.fact),))
    if fact.value is rule.expected:
        return Found(_told(rule, State.MET, facts=(fact,)))
    turn = (
        bilingual("now “no”; it would have to be so")
        if rule.expected
        else bilingual("now “yes”; it must not be so")
    )
    return Found(_told(rule, State.UNMET, facts=(fact,), turn=turn))


def _among(rule: Among, exam: Examination) -> Found:
    fact = exam.facts.get(rule.fact)
    if fact is None or not isinstance(fact.value, str):
        return _unknown(rule, exam, (Missing(rule.fact),))
    if fact.value in rule.choices:
        return Found(_told(rule, State.MET, facts=(fact,)))
    declared = FACTS.get(rule.fact)
    names = dict(declared.choices) if declared is not None else {}
    wanted = joined(names.get(choice, Label(choice, choice)) for choice in rule.choices)
    turn = bilingual("now {now}; would have to be {wanted}", now=fact_value(fact), wanted=wanted)
    return Found(_told(rule, State.UNMET, facts=(fact,), turn=turn))


def _holds(rule: Holds, exam: Examination) -> Found:
    held = [one for one in exam.facts.titles if one.scheme in rule.schemes]
    valid = [one for one in held if is_valid(one, exam.day)]
    if valid:
        note = joined(_certificate(one) for one in valid)
        told = together((note, label_of(rule.note) if rule.note else None))
        return Found(_told(rule, State.MET, note=told))
    names = joined(title_name(scheme) for scheme in rule.schemes)
    if not exam.facts.titles_known:
        return _unknown(rule, exam, tuple(Missing(f"holds_{one}") for one in rule.schemes))
    ended = [one.expires for one in held if one.expires is not None and one.expires < exam.day]
    turn = (
        bilingual(
            "a valid title of {titles} is needed; the last one ended on {day}",
            titles=names,
            day=max(ended),
        )
        if ended
        else bilingual("a valid title of {titles} is needed; none is held", titles=names)
    )
    return Found(_told(rule, State.UNMET, turn=turn))


def _certificate(held: Held) -> Label:
    title = title_name(held.scheme)
    return (
        bilingual("{title}, awarded {awarded}", title=title, awarded=held.awarded)
        if held.expires is None
        else bilingual(
            "{title}, awarded {awarded}, valid to {expires}",
            title=title,
            awarded=held.awarded,
            expires=held.expires,
        )
    )


def _size(rule: Size, exam: Examination) -> Found:
    size = size_class(exam.laws, exam.facts, exam.day)
    allowed = set(rule.classes)
    now = joined(class_name(one) for one in size.classes)
    if set(size.classes) <= allowed:
        state, turn = State.MET, None
    elif allowed & set(size.classes):
        state = State.UNKNOWN
        bring = to_bring(size.finding.missing, exam.facts)
        turn = together((bilingual("may be {now}", now=now), bring))
    else:
        state = State.UNMET
        wanted = joined(class_name(one) for one in rule.classes)
        turn = bilingual("now {now}; would have to be {wanted}", now=now, wanted=wanted)
    missing = size.finding.missing if state is State.UNKNOWN else ()
    told = _told(rule, state, turn=turn, missing=missing, parts=(size.finding,))
    told = replace(told, facts=size.finding.facts)
    return Found(told, missing)


def _manual(rule: Manual, exam: Examination) -> Found:
    fact = None if rule.fact is None else exam.facts.get(rule.fact)
    if fact is not None and isinstance(fact.value, bool):
        if fact.value:
            return Found(_told(rule, State.MET, facts=(fact,)))
        turn = bilingual("the review did not accept it")
        return Found(_told(rule, State.UNMET, facts=(fact,), turn=turn))
    return Found(
        _told(rule, State.MANUAL, turn=bilingual("for the authority or its experts to judge"))
    )


def _unknown(rule: Criterion, exam: Examination, missing: tuple[Missing, ...]) -> Found:
    told = _told(rule, State.UNKNOWN, missing=missing, turn=to_bring(missing, exam.facts))
    return Found(told, missing)


def _with_waiver(found: Found, waiver: Found) -> Found:
    state = waived(found.state, waiver.state)
    is_waived = state is State.MET and found.state is not State.MET
    part = _wrapped(found.finding, waiver, "waiver", Label("可以豁免的情形", "what waives it"))
    finding = replace(
        found.finding,
        state=state,
        waived=is_waived,
        turn=None if is_waived else found.finding.turn,
        parts=(*found.finding.parts, part),
    )
    bring = _union(one.bring for one in (found, waiver) if one.state is State.UNKNOWN)
    return Found(finding, bring if state is State.UNKNOWN else ())


def _under_condition(found: Found, condition: Found) -> Found:
    state = conditional(found.state, condition.state)
    part = _wrapped(found.finding, condition, "condition", Label("适用前提", "when it applies"))
    turn = None if state is State.NOT_APPLICABLE else found.finding.turn
    finding = replace(found.finding, state=state, turn=turn, parts=(*found.finding.parts, part))
    bring = _union(one.bring for one in (found, condition) if one.state is State.UNKNOWN)
    return Found(finding, bring if state is State.UNKNOWN else ())


def _wrapped(of: Finding, found: Found, kind: str, label: Label) -> Finding:
    return Finding(
        id=f"{of.id}:{kind}",
        label=label,
        article=found.finding.article,
        kind=kind,
        state=found.state,
        parts=(found.finding,),
    )


def _union(missing: Iterable[Iterable[Missing]]) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(each for some in missing for each in some))
