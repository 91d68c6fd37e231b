"""What was read: one figure of a text, with all that says what it is a figure of.

A statement keeps apart what the text says and what it leaves out. A place or
a period that nobody wrote is ``None`` here, and only whoever checks it decides
what to compare with, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.unit import Unit

__all__ = [
    "KIND_LABELS",
    "Amount",
    "Bound",
    "Kind",
    "Place",
    "Scope",
    "Span",
    "Statement",
    "Subject",
]


class Kind(StrEnum):
    """What is said of a figure."""

    LEVEL = "level"  # how much or how many there are
    GROWTH = "growth"  # by how many percent it differs from an earlier one
    CHANGE = "change"  # by how much, in its own unit, in points or places
    DISTANCE = "distance"  # how far from another place, or from another growth
    RATIO = "ratio"  # how many times another
    SHARE = "share"  # what part of a whole
    CONTRIBUTION = "contribution"  # how many points of the growth of a whole
    RISING = "rising"  # in how many places it rose, of how many
    RANK = "rank"  # which place among others
    LISTED = "listed"  # on a list that somebody else publishes


KIND_LABELS: dict[Kind, Label] = {
    Kind.LEVEL: Label("水平", "level"),
    Kind.GROWTH: Label("增速", "growth"),
    Kind.CHANGE: Label("增减", "change"),
    Kind.DISTANCE: Label("差距", "distance"),
    Kind.RATIO: Label("倍数", "multiple"),
    Kind.SHARE: Label("占比", "share"),
    Kind.CONTRIBUTION: Label("拉动", "contribution"),
    Kind.RISING: Label("增长面", "places that rose"),
    Kind.RANK: Label("位次", "rank"),
    Kind.LISTED: Label("上榜", "listed"),
}


class Bound(StrEnum):
    """How exactly a number is meant."""

    EXACT = "exact"
    ABOUT = "about"  # 约, 左右
    ODD = "odd"  # 余, 多: the number and something
    MORE = "more"  # 超过, 突破
    NEARLY = "nearly"  # 近, 接近
    LESS = "less"  # 不足, 不到
    LEAST = "least"  # 不低于, 以上
    MOST = "most"  # 不超过, 前五
    RANGE = "range"  # from, to
    TOP = "top"  # 前列: a place near the top, without a number


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text as it was given: characters from ``start`` up to ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it is written.

    Parameters
    ----------
    low, high
        In ``unit``; of a single number ``high`` is ``None``, of 前列 both are.
    bound
        How exactly it is meant.
    unit
        ``None`` where it is none of ours.
    words
        The unit as it is written.
    step
        What one in its last digit is worth: 0.1 of 17.5, 1 of 1800; to how
        many digits a figure is said is how exactly it can be checked.
    """

    low: Decimal | None
    high: Decimal | None = None
    bound: Bound = Bound.EXACT
    unit: Unit | None = None
    words: str = ""
    step: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the figure is of: the words, and the key of ours that they mean (or ``None``)."""

    words: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where: the words, and the codes that they mean; none where the place is unknown."""

    words: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Of whom alone the figure is.

    Parameters
    ----------
    kind
        ``cluster``, ``industry``, ``ownership`` or ``enterprise``.
    words
        As it is written.
    code
        Key, code, value or enterprise code; ``None`` where nothing of ours is called so.
    """

    kind: str
    words: str
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement.

    Parameters
    ----------
    span, sentence
        Where the figure stands, and the sentence around it.
    words
        The clause as it was read: simplified, mended.
    kind, amount, subject
        What is said, how much, of what. Of a list alone there may be no amount.
    place, scope
        Where and of whom; ``None`` where it is not said.
    period
        Of when.
    since
        The earlier end of a comparison.
    previous
        It is compared with the period just before (环比), not with that of a year ago.
    years, months
        Over how many it runs or is summed: 连续三年, 三年累计.
    yearly
        It is a rate a year (年均).
    against
        The place that a distance, a share or a contribution is measured against.
    within
        The region among whose parts a rank is.
    of_growth, of_share
        A rank, a distance or a change is of the growth, or of the share, not of the level.
    target
        It is what somebody wants, not what is.
    comparable
        It is the growth of the enterprises that were there in both periods (同口径).
    of
        Of how many a rank is one place, or of how many places some rose, where the text says so.
    listing
        The list of somebody else.
    carried
        Which of ``subject``, ``place``, ``period`` were said earlier in the paragraph only.
    """

    span: Span
    sentence: Span
    words: str
    kind: Kind
    amount: Amount | None
    subject: Subject
    place: Place | None = None
    scope: Scope | None = None
    period: Period | None = None
    since: Period | None = None
    previous: bool = False
    years: int | None = None
    months: int | None = None
    yearly: bool = False
    against: Place | None = None
    within: Place | None = None
    of_growth: bool = False
    of_share: bool = False
    target: bool = False
    comparable: bool = False
    of: int | None = None
    listing: str | None = None
    carried: tuple[str, ...] = ()
