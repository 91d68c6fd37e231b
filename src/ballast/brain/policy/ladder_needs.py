"""What of a rule is still open, as its findings say it: gaps to read, and a rule to search.

The law knows how criteria hang together, the findings how each of them stands.
Walked side by side they give both answers that an enterprise asks for: the
list of what is not met, and, through `minimal_sets`, which few of it would do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ballast.brain.policy.finding import Finding, State
from ballast.brain.policy.minimal_sets import Count, Group, Leaf, Node, Reach, Step
from ballast.brain.policy.shape import All, Any, AtLeast, Criterion, Holds, Score
from ballast.terms.label import Label

__all__ = ["Action", "Gap", "Need", "Open", "open_criteria"]


class Action(StrEnum):
    """What has to be done about a criterion."""

    CHANGE = "change"  # 改进: it is tested and not met
    SHOW = "show"  # 补充数据: a fact is missing
    JUDGE = "judge"  # 评审: people decide
    EARN = "earn"  # 先取得: another title comes first


_ORDER = list(Action)


@dataclass(frozen=True, slots=True)
class Gap:
    """One criterion of a rung that is not met, as the decision found it.

    Parameters
    ----------
    finding
        Has value, threshold, margin and what would turn it.
    action
        What kind of thing is to be done.
    choice
        Where it is one of several of which not all are needed: the id of that group.
    """

    finding: Finding
    action: Action
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One criterion, or one item of a score, that would have to change.

    Parameters
    ----------
    id, label, article, action
        Which one, and what is to be done.
    points
        Of an item of a score: what it gives now and at most.
    price
        What the user said it costs; None where nothing was said.
    """

    id: str
    label: Label
    article: str
    action: Action
    points: tuple[Decimal, Decimal] | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """What is open in a decision.

    Parameters
    ----------
    gaps
        In the order of the law, what can be changed first, what others judge last.
    rule
        For `minimal_sets.smallest`; None where no criterion applies.
    needs
        What each name of the rule stands for.
    """

    gaps: tuple[Gap, ...]
    rule: Node | None
    needs: Mapping[str, Need]


def open_criteria(rule: Criterion, finding: Finding) -> Open:
    """Return what is open in a decision.

    Parameters
    ----------
    rule
        The criterion of the version that applied.
    finding
        What was found of it: the tree of the decision.
    """
    walk = _Walk()
    node = walk.node(rule, finding)
    gaps = sorted(_gaps(rule, finding, None), key=lambda gap: _ORDER.index(gap.action))
    return Open(tuple(gaps), node, walk.needs)


def _gaps(rule: Criterion, finding: Finding, choice: str | None) -> Iterator[Gap]:
    """Yield the criteria that are not met, of groups that are not; no waivers, no conditions."""
    if finding.state in (State.MET, State.NOT_APPLICABLE):
        return
    if not isinstance(rule, All | Any | AtLeast):
        yield Gap(finding, _action(rule, finding.state), choice)
        return
    inner = choice if isinstance(rule, All) else rule.id
    for part, found in zip(rule.of, finding.parts, strict=False):
        yield from _gaps(part, found, inner)


def _action(rule: Criterion, state: State) -> Action:
    if state is State.UNKNOWN:
        return Action.SHOW
    if state is State.MANUAL:
        return Action.JUDGE
    return Action.EARN if isinstance(rule, Holds) else Action.CHANGE


class _Walk:
    """The law and the findings side by side; ``needs`` fills on the way."""

    def __init__(self) -> None:
        self.needs: dict[str, Need] = {}

    def node(self, rule: Criterion, finding: Finding) -> Node | None:
        """Return a criterion as a rule to search; None where it does not apply."""
        if finding.state is State.NOT_APPLICABLE:
            return None
        if finding.state is State.MET:
            return Leaf(rule.id, holds=True)
        own = self._own(rule, finding)
        waiver = next((part for part in finding.parts if part.kind == "waiver"), None)
        if own is None or rule.waived_by is None or waiver is None:
            return own
        waived = self.node(rule.waived_by, waiver.parts[0])
        return own if waived is None else Count(1, (own, waived))

    def _own(self, rule: Criterion, finding: Finding) -> Node | None:
        match rule:
            case All() | Any() | AtLeast():
                return self._group(rule, finding)
            case Score():
                return self._score(rule, finding)
        action = _action(rule, finding.state)
        self.needs[rule.id] = Need(rule.id, finding.label, finding.article, action)
        return Leaf(rule.id)

    def _group(self, rule: All | Any | AtLeast, finding: Finding) -> Node | None:
        nodes = [self.node(p, f) for p, f in zip(rule.of, finding.parts, strict=False)]
        applying = tuple(node for node in nodes if node is not None)
        if not applying:
            return None
        match rule:
            case All():
                return Count(len(applying), applying)
            case Any():
                return Count(1, applying)
            case AtLeast():
                return Count(rule.count, applying)

    def _score(self, rule: Score, finding: Finding) -> Node:
        groups = []
        for group, found in zip(rule.groups, finding.parts, strict=False):
            steps = tuple(self._item(item) for item in found.parts)
            least = found.threshold if group.least is not None else None
            groups.append(Group(steps, group.cap, least))
        return Reach(tuple(groups), finding.threshold or Decimal(0), strict=rule.op == ">")

    def _item(self, found: Finding) -> Step:
        """Return an item of a score: its lower end counts, more of it has to be brought about."""
        low = Decimal(0) if found.value is None else found.value.low
        most = low if found.threshold is None else found.threshold
        action = {State.UNKNOWN: Action.SHOW, State.MANUAL: Action.JUDGE}.get(
            found.state, Action.CHANGE
        )
        self.needs[found.id] = Need(found.id, found.label, found.article, action, (low, most))
        return Step(found.id, low, most)
