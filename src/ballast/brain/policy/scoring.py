"""A score against its figure: items to groups, groups to a total, and what the intervals decide.

Points as such stand in ``scoring_items``. Here is what a sum of intervals
means: from the threshold up with its lower end it is met whatever experts
give; below it with its upper end nothing helps; in between it is unknown
where a missing fact could decide, and else for people.
"""

from __future__ import annotations

from decimal import Decimal

from ballast.brain.policy.engine_examination import Examination, Found, together
from ballast.brain.policy.engine_states import reaches, score_state
from ballast.brain.policy.engine_wording import POINTS, bilingual, joined, label_of
from ballast.brain.policy.finding import Finding, Interval, Missing, State
from ballast.brain.policy.scoring_items import Scored, Test, points_of, scored, state_of
from ballast.brain.policy.shape import (
    Score,
    ScoreGroup,
)
from ballast.terms.label import Label

__all__ = ["score"]

TELLING_LOSSES = 3


def score(rule: Score, exam: Examination, test: Test) -> Found:
    """Return what is found of a score.

    Parameters
    ----------
    rule, exam
        The score and who is examined.
    test
        Finds the state of a condition in it (`engine_criteria.examine`).
    """
    threshold = exam.threshold(rule.threshold)
    groups = [_group(group, exam, test) for group in rule.groups]
    total = Interval(
        sum((one.points.low for one in groups), Decimal(0)),
        sum((one.points.high for one in groups), Decimal(0)),
    )
    open_total = reaches(
        total, rule.op, threshold.value, is_open=any(one.is_open for one in groups)
    )
    own = [
        one.finding.state
        for one, group in zip(groups, rule.groups, strict=True)
        if group.least is not None
    ]
    state = score_state(open_total, own)
    bring: dict[Missing, None] = {}
    for one, group in zip(groups, rule.groups, strict=True):
        waits = group.least is not None and one.finding.state is State.UNKNOWN
        if state is State.UNKNOWN and one.is_open and (open_total is State.UNKNOWN or waits):
            bring |= dict.fromkeys(one.bring)
    turn = _turn(total, rule, threshold.value, groups, open_total, state)
    finding = Finding(
        id=rule.id,
        label=label_of(rule.label),
        article=rule.article,
        kind=rule.kind,
        state=state,
        confirmed=rule.confirmed and threshold.confirmed,
        note=label_of(rule.note) if rule.note else threshold.note,
        value=total,
        unit=POINTS,
        threshold=threshold.value,
        op=rule.op,
        margin=total.low - threshold.value,
        missing=tuple(bring),
        turn=turn,
        evidence=None if rule.evidence is None else label_of(rule.evidence),
        parts=tuple(one.finding for one in groups),
    )
    return Found(finding, tuple(bring))


def _turn(
    total: Interval, rule: Score, threshold: Decimal, groups: list[Scored], found: State,
    state: State,
) -> Label | None:  # fmt: skip
    if state is State.MET:
        return None
    said: list[Label | None] = []
    short = points_of(threshold - total.low)
    if found is State.UNMET:
        said.append(
            bilingual(
                "{high} at best, {gap} short of {threshold}",
                high=points_of(total.high), gap=points_of(threshold - total.high),
                threshold=points_of(threshold),
            )
        )  # fmt: skip
    elif found is State.MANUAL and rule.op == ">":
        said.append(bilingual("what is left to experts must give more than {gap}", gap=short))
    elif found is State.MANUAL:
        said.append(bilingual("what is left to experts must give at least {gap}", gap=short))
    elif found is State.UNKNOWN and rule.op == ">":
        said.append(bilingual("what is not yet known must give more than {gap}", gap=short))
    elif found is State.UNKNOWN:
        said.append(bilingual("what is not yet known must give at least {gap}", gap=short))
    for group, one in zip(rule.groups, groups, strict=True):
        if group.least is not None and one.finding.state is State.UNMET:
            said.append(one.finding.turn)
    if state is State.UNMET:
        said.append(_losses(groups))
    return together(said)


def _losses(groups: list[Scored]) -> Label | None:
    """Return the items where most points are lost for sure."""
    items = [item for group in groups for item in group.finding.parts]
    lost = [
        (item.threshold - item.value.high, item)
        for item in items
        if item.value is not None and item.threshold is not None
    ]
    most = sorted((one for one in lost if one[0] > 0), key=lambda one: -one[0])[:TELLING_LOSSES]
    if not most:
        return None
    named = joined(
        Label(
            f"{item.label.zh}（少{points_of(gap).zh}）",
            f"{item.label.en} ({points_of(gap).en} lost)",
        )
        for gap, item in most
    )
    return bilingual("most is lost in {items}", items=named)


def _group(group: ScoreGroup, exam: Examination, test: Test) -> Scored:
    items = [scored(item, exam, test) for item in group.items]
    low = min(group.cap, sum((one.points.low for one in items), Decimal(0)))
    high = min(group.cap, sum((one.points.high for one in items), Decimal(0)))
    points = Interval(low, high)
    is_open = low < high and any(one.is_open for one in items)
    most = min(group.cap, sum((one.most for one in items), Decimal(0)))
    state, least, turn = state_of(points, most, is_open=is_open), most, None
    article, confirmed, note = "", True, None
    if group.least is not None:
        figure = exam.threshold(group.least)
        state, least = reaches(points, ">=", figure.value, is_open=is_open), figure.value
        article, confirmed, note = figure.article, figure.confirmed, figure.note
        if state is State.UNMET:
            turn = bilingual(
                "{group}: {high} at best, {gap} short of its own least of {least}",
                group=label_of(group.label), high=points_of(high), gap=points_of(least - high),
                least=points_of(least),
            )  # fmt: skip
    bring = dict.fromkeys(each for one in items if one.is_open for each in one.bring)
    finding = Finding(
        id=group.id,
        label=label_of(group.label),
        article=article,
        kind="group",
        state=state,
        confirmed=confirmed,
        note=note,
        value=points,
        unit=POINTS,
        threshold=least,
        op="" if group.least is None else ">=",
        margin=low - least,
        turn=turn,
        parts=tuple(one.finding for one in items),
    )
    return Scored(finding, points, most, is_open, tuple(bring) if is_open else ())
