"""How states combine, written down once as small functions over states.

The truth tables stand apart from what is tested, because the engine for
columns follows them too, and because a reader must be able to check them by
eye. Three-valued logic alone would not do: what people judge is neither known
nor missing, and what does not apply must not decide.

What a missing fact may still change is never called unmet, and what it
cannot change any more is never called unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ballast.brain.policy.finding import Interval, State, Verdict
from ballast.brain.policy.shape import Operator

__all__ = [
    "TOLERANCE",
    "all_of",
    "any_of",
    "at_least",
    "compared",
    "conditional",
    "reaches",
    "score_state",
    "verdict_of",
    "waived",
]

TOLERANCE = Decimal("5e-10")
"""How far apart two amounts, in the units of the facts, still count as the same."""

MET, UNMET, UNKNOWN = State.MET, State.UNMET, State.UNKNOWN
MANUAL, NOT_APPLICABLE = State.MANUAL, State.NOT_APPLICABLE


def compared(value: Decimal, op: Operator, threshold: Decimal) -> bool:
    """Return whether a comparison holds, within the tolerance of both engines.

    ``>=`` holds from T - 5e-10 on, ``>`` above T + 5e-10, ``<=`` and ``<`` mirrored, ``==`` within
    5e-10 on either side.

    Examples
    --------
    >>> third = Decimal(1) / 3
    >>> compared(third * 3, ">=", Decimal(1)), compared(third * 3, ">", Decimal(1))
    (True, False)
    """
    match op:
        case ">=":
            return value >= threshold - TOLERANCE
        case ">":
            return value > threshold + TOLERANCE
        case "<=":
            return value <= threshold + TOLERANCE
        case "<":
            return value < threshold - TOLERANCE
        case "==":
            return abs(value - threshold) <= TOLERANCE


def all_of(states: Iterable[State]) -> State:
    """Return unmet if any is, else unknown, else manual, else met; without parts not applicable.

    Examples
    --------
    >>> all_of([State.MET, State.UNKNOWN, State.NOT_APPLICABLE]).value
    'unknown'
    """
    return _first_of(states, (UNMET, UNKNOWN, MANUAL, MET))


def any_of(states: Iterable[State]) -> State:
    """Return met if any is, else unknown, else manual, else unmet; without parts not applicable."""
    return _first_of(states, (MET, UNKNOWN, MANUAL, UNMET))


def at_least(count: int, states: Iterable[State]) -> State:
    """Return met if so many are met; unmet if so many cannot be any more.

    Between the two it is unknown if a fact is missing, else manual.
    """
    found = [state for state in states if state is not NOT_APPLICABLE]
    met = found.count(MET)
    if not found:
        return NOT_APPLICABLE
    if met >= count:
        return MET
    unknown, manual = found.count(UNKNOWN), found.count(MANUAL)
    if met + unknown + manual < count:
        return UNMET
    return UNKNOWN if unknown else MANUAL


def waived(state: State, waiver: State) -> State:
    """Return a criterion's state with its waiver: that of "this or the waiver".

    A criterion that does not apply needs no waiver and stays so.
    """
    return state if state is NOT_APPLICABLE else any_of((state, waiver))


def conditional(state: State, condition: State) -> State:
    """Return a criterion's state under a condition (``when``).

    Condition met, or itself not applicable: the state. Condition unmet: not applicable. Condition
    unknown or manual: what is met stays met (it is so either way); everything else is unknown if
    the condition or the state is, else manual, because an unmet criterion may yet not apply.
    """
    if condition in (MET, NOT_APPLICABLE) or state is NOT_APPLICABLE:
        return state
    if condition is UNMET:
        return NOT_APPLICABLE
    if state is MET:
        return MET
    return UNKNOWN if UNKNOWN in (state, condition) else MANUAL


def reaches(points: Interval, op: Operator, threshold: Decimal, *, is_open: bool) -> State:
    """Return the state of points against a bound.

    Parameters
    ----------
    points
        The two ends.
    op, threshold
        ``>=`` or ``>`` a number of points.
    is_open
        Whether a missing fact made them wide.
    """
    if compared(points.low, op, threshold):
        return MET
    if not compared(points.high, op, threshold):
        return UNMET
    return UNKNOWN if is_open else MANUAL


def score_state(total: State, groups: Iterable[State]) -> State:
    """Return the state of a score: its total and the groups with a least of their own, all."""
    return all_of((total, *groups))


def verdict_of(state: State) -> Verdict:
    """Return what is decided; a tree in which nothing applies is left to people."""
    return {
        MET: Verdict.ELIGIBLE,
        UNMET: Verdict.INELIGIBLE,
        UNKNOWN: Verdict.INCOMPLETE,
        MANUAL: Verdict.REVIEW,
        NOT_APPLICABLE: Verdict.REVIEW,
    }[state]


def _first_of(states: Iterable[State], order: tuple[State, ...]) -> State:
    found = set(states)
    return next((state for state in order if state in found), NOT_APPLICABLE)
