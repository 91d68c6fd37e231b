"""What a decision says: a tree of findings, each with its value, its threshold and its reason.

A rule that answers yes or no is of no use to an enterprise that asks what it
lacks, and of danger to one whose figures are incomplete. So there are five
states, scores are intervals, and every finding names the facts it stands on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ballast.brain.policy.facts import Doubt, Fact
from ballast.brain.policy.shape import Application
from ballast.terms.label import Label

__all__ = ["Decision", "Finding", "Interval", "Missing", "Resolution", "State", "Verdict"]


class State(StrEnum):
    """What is found of a criterion."""

    MET = "met"  # 符合
    UNMET = "unmet"  # 不符合
    UNKNOWN = "unknown"  # 数据不足: a fact is missing
    MANUAL = "manual"  # 需人工审核
    NOT_APPLICABLE = "not-applicable"  # 不适用


class Verdict(StrEnum):
    """What is decided."""

    ELIGIBLE = "eligible"  # every criterion met
    INELIGIBLE = "ineligible"  # at least one is not, whatever else is brought
    INCOMPLETE = "incomplete"  # facts are missing
    REVIEW = "review"  # all that can be computed is met; people decide the rest


@dataclass(frozen=True, slots=True)
class Interval:
    """A number between two ends; both are the same where it is known."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not known, and the year that it is asked for."""

    key: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found of one criterion, one group of a score or one item of it.

    Parameters
    ----------
    id, label, article, confirmed
        Of the criterion.
    kind
        Its tag in the law (``all``, ``compare``, ``score``, …), ``group`` or the item's tag;
        ``waiver`` and ``condition`` hold what waives a criterion and when it applies, ``class`` and
        ``bound`` what the size standard says.
    state
        What is found; for groups without a bound and for items ``NOT_APPLICABLE`` is not used:
        their ``value`` tells.
    value, unit
        What was computed, in the unit that it is shown in (percent as 3.2); for scores the points.
    threshold, op
        What it is compared with, in the same unit.
    margin
        Value less threshold (threshold less value where less is better), of the unfavourable end:
        negative by how much is missing.
    facts
        What it stands on.
    missing
        What was asked for and is not known.
    turn
        What would turn it, in words; None where it is met or nothing can be said.
    waived
        Whether it counts as met by a waiver, which is then the last of the parts.
    year
        Of a part that tests one of several years.
    parts
        The findings below.
    """

    id: str
    label: Label
    article: str
    kind: str
    state: State
    confirmed: bool = True
    note: Label | None = None
    value: Interval | None = None
    unit: str = ""
    threshold: Decimal | None = None
    op: str = ""
    margin: Decimal | None = None
    facts: tuple[Fact, ...] = ()
    missing: tuple[Missing, ...] = ()
    turn: Label | None = None
    evidence: Label | None = None
    waived: bool = False
    year: int | None = None
    parts: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which version of a law applies, and why."""

    scheme: str
    version: str
    instrument: str
    application: Application
    day: date
    why: Label
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a scheme says of an enterprise on a day.

    ``bring`` lists the facts that are missing and could still change the verdict. ``size`` is what
    the size standard says for a classification (then ``tree`` tells the comparison).
    """

    resolution: Resolution
    verdict: Verdict
    tree: Finding
    bring: tuple[Missing, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    classes: tuple[str, ...] = ()
