"""Facts that contradict each other, or cannot be what they say: found before any rule is asked.

A rule that is asked with an R&D expense above the revenue would answer, and
the answer would be believed. So such facts are found first, are not used, and
are named. The rules are data in the language of the law's own formulas
(`RULES`), because the engine for columns must find the same ones.

What an amount alone cannot show (a value of the wrong kind, a year that has
not been) is found for one enterprise only: a column of floats has no such
values. A figure that a law names stands in the law; those here are arithmetic
(a part is not above its whole), or the order of magnitude of a unit slip.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ballast.brain.policy.facts import Doubt, Facts
from ballast.brain.policy.formula import Expression

__all__ = ["RULES", "DoubtRule", "doubts", "examined"]


@dataclass(frozen=True, slots=True)
class DoubtRule:
    """One contradiction, as a comparison of two formulas.

    Parameters
    ----------
    id
        Its name.
    left, op, right
        It is found where both can be computed and ``left op right`` holds (by more than the
        tolerance of 5e-10); ``fraction``: where ``left`` is farther than that from a whole number
        (``right`` is not read).
    shifts
        How many years back the whole is tested, each by itself; (0,) for facts of the day.
    doubted
        The facts that are then not used: key and years before last year, at shift 0.
    """

    id: str
    left: Expression
    op: Literal[">", "<", "fraction"]
    right: Expression
    shifts: tuple[int, ...]
    doubted: tuple[tuple[str, int | None], ...]


RULES: tuple[DoubtRule, ...] = ()


def doubts(facts: Facts, day: date) -> tuple[Doubt, ...]:
    """Return the facts that are not to be used, with the reason.

    Every rule is tested on all facts as they were given; that one of them is in doubt by another
    rule, or was said to be, does not keep a rule from being tested.

    Parameters
    ----------
    facts
        Of one enterprise.
    day
        Of the decision: a year after it, or a founding after it, is in doubt.
    """
    raise NotImplementedError(RULES, facts, day)


def examined(facts: Facts, day: date) -> Facts:
    """Return the facts with all their doubts: those they came with, and those found here.

    Examined twice, they are the same.
    """
    raise NotImplementedError(doubts, facts, day)
