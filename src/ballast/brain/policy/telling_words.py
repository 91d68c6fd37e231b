"""The words that a decision is told with, wherever it is told: states, comparisons, articles.

Text, JSON and pages each lay a decision out in their own way; a state that is
called "met" in one and "passed" in another would be two findings to a reader.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ballast.brain.policy.engine_wording import POINTS, bilingual, gap, joined, title_name, value_of
from ballast.brain.policy.finding import Decision, Finding, Interval, Missing, State, Verdict
from ballast.brain.policy.size import SIZE_STANDARD, class_name
from ballast.terms.label import Label, Language
from ballast.terms.policy_fact import FACTS

__all__ = [
    "ASIDE",
    "REACHED",
    "STATE_LABELS",
    "UNCONFIRMED",
    "VERDICT_LABELS",
    "article_in",
    "compared_in_words",
    "deciding",
    "is_leaf",
    "paper_of",
    "scheme_name",
    "verdict_in_words",
]

STATE_LABELS = {
    State.MET: Label("符合", "met"),
    State.UNMET: Label("不符合", "not met"),
    State.UNKNOWN: Label("数据不足", "data missing"),
    State.MANUAL: Label("需人工审核", "for people to judge"),
    State.NOT_APPLICABLE: Label("不适用", "does not apply"),
}
VERDICT_LABELS = {
    Verdict.ELIGIBLE: Label("符合条件", "eligible"),
    Verdict.INELIGIBLE: Label("不符合条件", "not eligible"),
    Verdict.INCOMPLETE: Label("数据不足，暂不能判定", "data missing, cannot be decided yet"),
    Verdict.REVIEW: Label(
        "可测算的均符合，其余待审核", "all that can be computed is met, the rest is for review"
    ),
}  # fmt: skip
REACHED = STATE_LABELS | {
    State.MET: Label("达到", "reached"),
    State.UNMET: Label("未达到", "not reached"),
}
UNCONFIRMED = Label("未经原文核实", "not confirmed by the official text")

_OPS = {
    ">=": Label("不低于", "at least"),
    ">": Label("高于", "more than"),
    "<=": Label("不高于", "at most"),
    "<": Label("低于", "less than"),
    "==": Label("等于", "exactly"),
}
_TWO_TONGUES = re.compile(r"(?P<zh>[^()]*[\u4e00-\u9fff][^()]*) \((?P<en>.*)\)")
ASIDE = ("waiver", "condition")


def deciding(finding: Finding) -> tuple[Finding, ...]:
    """Return the criteria that decide a state: those of the same state that all must be met.

    Examples
    --------
    >>> two = Finding("b", Label("乙", "b"), "", "flag", State.UNMET)
    >>> one = Finding("a", Label("甲", "a"), "", "flag", State.MET)
    >>> tree = Finding("t", Label("全部", "all"), "", "all", State.UNMET, parts=(one, two))
    >>> [each.id for each in deciding(tree)]
    ['b']
    """
    below = [part for part in finding.parts if part.state is finding.state]
    if finding.kind != "all" or finding.waived or not below:
        return (finding,)
    return tuple(each for part in below for each in deciding(part))


def article_in(article: str, language: Language) -> str:
    """Return an article's name in one language; the law writes ``第2项 (item 2)``.

    Examples
    --------
    >>> article_in("第2项 (item 2)", "en"), article_in("第2项 (item 2)", "zh")
    ('item 2', '第2项')
    """
    found = _TWO_TONGUES.fullmatch(article)
    return article if found is None else found[language]


def compared_in_words(finding: Finding) -> Label | None:
    """Return value, threshold and margin as a sentence; None where there is no value."""
    value, threshold = finding.value, finding.threshold
    if finding.state is State.NOT_APPLICABLE:
        return None
    if value is None or (finding.kind == "compare" and finding.parts and not is_leaf(finding)):
        return None
    shown = _interval(value, finding.unit, threshold)
    if threshold is None:
        return shown
    bound = value_of(threshold, finding.unit, None)
    if not finding.op:
        bare = _interval(value, "count", None)
        return Label(f"{shown.zh}（满分{bound.zh}）", f"{bare.en} of {bound.en}")
    asked = _OPS[finding.op]
    wanted = Label(f"{asked.zh}{bound.zh}", f"{asked.en} {bound.en}")
    if value.low != value.high or finding.margin is None:
        return bilingual("{value}; asked: {wanted}", value=shown, wanted=wanted)
    if finding.margin == 0 and finding.op in (">", "<"):
        return bilingual(
            "{value}; asked: {wanted}, which must not be just reached", value=shown, wanted=wanted
        )
    if finding.kind == "score" and finding.state is State.UNMET and finding.margin >= 0:
        return bilingual(
            "{value}; {wanted} is reached, but a part misses its own least",
            value=shown, wanted=wanted,
        )  # fmt: skip
    if finding.margin < 0:
        off = gap(-finding.margin, finding.unit)
        return bilingual("{value}; asked: {wanted}; {gap} off", value=shown, wanted=wanted, gap=off)
    if finding.margin == 0 or finding.op == "==":
        return bilingual("{value}; asked: {wanted}; exactly met", value=shown, wanted=wanted)
    room = gap(finding.margin, finding.unit)
    return bilingual(
        "{value}; asked: {wanted}; {gap} to spare", value=shown, wanted=wanted, gap=room
    )


def scheme_name(scheme: str) -> Label:
    """Return the name of a scheme: a title's, or that of the size standard."""
    return Label("企业划型", "size class") if scheme == SIZE_STANDARD else title_name(scheme)


def is_leaf(finding: Finding) -> bool:
    """Return whether a finding stands by itself: below it are at most a waiver and a condition."""
    return all(part.kind in ASIDE for part in finding.parts)


def verdict_in_words(decision: Decision) -> Label:
    """Return what is decided; of a classification the class."""
    if not decision.classes:
        return VERDICT_LABELS[decision.verdict]
    names = joined(class_name(one) for one in decision.classes)
    return names if len(decision.classes) == 1 else bilingual("may be {now}", now=names)


def paper_of(missing: Missing) -> Label | None:
    """Return which document shows a fact that is missing."""
    declared = FACTS.get(missing.key)
    return None if declared is None else declared.evidence


def _interval(value: Interval, unit: str, beside: Decimal | None) -> Label:
    low = value_of(value.low, unit, beside)
    if value.low == value.high:
        return low
    if unit == POINTS:  # the unit once: 8 to 30 points
        low = value_of(value.low, "count", beside)
    return bilingual("{low} to {high}", low=low, high=value_of(value.high, unit, beside))
