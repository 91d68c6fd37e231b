"""Who made a growth: what each part gives to it, in points that add up to it (拉动, 百分点).

A share of the change (贡献率) alone is not offered: it blows up when the whole
hardly moves, and changes its sign when the whole falls. Points stay readable in
both cases, and a reader who wants the share divides two numbers he sees. What is
not among the parts is a part of its own, so that the points always sum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ballast.errors import Refused
from ballast.words import Sentence
from ballast.words.numbers import Number

__all__ = [
    "Contribution",
    "Contributions",
    "Portion",
    "RatioPortion",
    "contributions",
    "ratio_contributions",
]


@dataclass(frozen=True, slots=True)
class Portion:
    """What one part of a whole was and is; ``None`` is unknown, a part that was not there has 0."""

    key: str
    base: Number | None
    end: Number | None


@dataclass(frozen=True, slots=True)
class RatioPortion:
    """Numerator and denominator of one part of a ratio of sums, in both periods."""

    key: str
    base_numerator: Number | None
    base_denominator: Number | None
    end_numerator: Number | None
    end_denominator: Number | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one part gives.

    Parameters
    ----------
    key
        Which part; the empty text is what no part accounts for.
    points
        Percentage points of the growth; ``None`` where ``reason`` says why.
    within, structure
        Of a ratio alone, and they sum to ``points``: what the part's own ratio gives, and what its
        changed weight does. ``None`` for a part that has no ratio in one of the periods, of which
        the two cannot be told apart.
    """

    key: str
    points: float | None
    within: float | None = None
    structure: float | None = None
    reason: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Contributions:
    """A growth and what it is made of.

    Parameters
    ----------
    total
        The growth in percent, or the change of a ratio in points; ``None`` where ``reason`` says
        why.
    parts
        In the order that was given, then the rest if something is not in any part.
    """

    total: float | None
    parts: tuple[Contribution, ...]
    reason: Sentence | None = None

    @property
    def sum(self) -> float:
        """The sum of the points that are known; equal to ``total`` where it is."""
        return math.fsum(part.points for part in self.parts if part.points is not None)


REST = ""


def contributions(
    parts: Sequence[Portion], whole: tuple[Number, Number] | None = None
) -> Contributions:
    """Return what each part gives to the growth of a whole.

    Parameters
    ----------
    parts
        A partition of a flow or a stock; each key once.
    whole
        Base and end of the whole, where the parts may not be all of it (a list cut short, cells
        withheld). What is missing becomes a part with an empty key. If left out: the sum of the
        parts, and then none of them may be unknown.

    Returns
    -------
    Contributions
        points_i = (x1_i − x0_i) / X0 × 100, in points of the growth (X1 / X0 − 1) × 100 of the
        whole. Nothing is defined where X0 is zero or negative.

    Raises
    ------
    Refused
        If a key stands twice: the part would be counted twice.

    Notes
    -----
    Source: an identity. It is how statistical communiqués write 拉动 (drawn growth).

    Examples
    --------
    >>> found = contributions([Portion("a", 60, 66), Portion("b", 40, 38)])
    >>> found.total, [part.points for part in found.parts]
    (4.0, [6.0, -2.0])
    """
    _refuse_twice([part.key for part in parts])
    known = [
        (p.key, float(p.base), float(p.end))
        for p in parts
        if p.base is not None and p.end is not None
    ]
    if whole is None:
        if len(known) < len(parts):
            reason = Sentence("a part of the whole is unknown, so the whole is")
            return _nothing([p.key for p in parts], reason)
        first, last = math.fsum(x for _, x, _ in known), math.fsum(x for _, _, x in known)
    else:
        first, last = float(whole[0]), float(whole[1])
    if first <= 0:
        reason = Sentence("the whole was {value} in the base period; growth from it has no rate",
                          {"value": first})  # fmt: skip
        return _nothing([p.key for p in parts], reason)
    points = {key: (end - base) / first * 100 for key, base, end in known}
    total = (last - first) / first * 100
    found = [
        Contribution(p.key, points[p.key])
        if p.key in points
        else Contribution(p.key, None, reason=_UNKNOWN)
        for p in parts
    ]
    if whole is not None:
        left = (last - math.fsum(x for _, _, x in known)) - (
            first - math.fsum(x for _, x, _ in known)
        )
        if len(known) < len(parts) or abs(left) > _NOTHING * max(abs(first), abs(last)):
            found.append(Contribution(REST, left / first * 100))
    return Contributions(total, tuple(found))


def ratio_contributions(parts: Sequence[RatioPortion], *, scale: float = 100.0) -> Contributions:
    """Return what each part gives to the change of a ratio of sums.

    Parameters
    ----------
    parts
        A partition; numerators may be negative, denominators are ≥ 0.
    scale
        100 gives percentage points of a percentage.

    Returns
    -------
    Contributions
        With D the sum of denominators, w_i = d_i / D, r_i = n_i / d_i, R = Σ n_i / D and
        c = (R0 + R1) / 2: points_i = w1_i (r1_i − c) − w0_i (r0_i − c), which sum to R1 − R0
        because weights sum to 1 in both periods. Where a part has a ratio in both,
        within_i = ½ (w0_i + w1_i) (r1_i − r0_i) and structure_i is the remainder,
        (w1_i − w0_i) (½ (r0_i + r1_i) − c).

    Notes
    -----
    The symmetric form is chosen because weighting by the first or by the last period leaves an
    interaction that belongs to nobody. Source: an identity, written out above.

    Examples
    --------
    >>> found = ratio_contributions([
    ...     RatioPortion("a", 10, 100, 12, 100), RatioPortion("b", 40, 100, 60, 150)])
    >>> round(found.total, 9), [round(part.points, 9) for part in found.parts]
    (3.8, [2.49, 1.31])
    """
    _refuse_twice([part.key for part in parts])
    keys = [part.key for part in parts]
    rows = []
    for part in parts:
        given = (
            part.base_numerator, part.base_denominator, part.end_numerator, part.end_denominator
        )  # fmt: skip
        if any(value is None for value in given):
            return _nothing(keys, Sentence("a part of the whole is unknown, so the whole is"))
        rows.append(tuple(float(value) for value in given if value is not None))
    d0, d1 = (math.fsum(row[at] for row in rows) for at in (1, 3))
    if d0 <= 0 or d1 <= 0:
        which = Sentence("the denominator of the whole is zero in one of the two periods")
        return _nothing(keys, which)
    before, after = (math.fsum(row[at] for row in rows) / d for at, d in ((0, d0), (2, d1)))
    middle = (before + after) / 2
    found = []
    for key, (n0, e0, n1, e1) in zip(keys, rows, strict=True):
        w0, w1 = e0 / d0, e1 / d1
        # w r is n / D, defined even for a part that had no denominator yet.
        points = (n1 / d1 - w1 * middle) - (n0 / d0 - w0 * middle)
        within = (w0 + w1) / 2 * (n1 / e1 - n0 / e0) if e0 > 0 and e1 > 0 else None
        structure = None if within is None else (points - within) * scale
        found.append(
            Contribution(key, points * scale, None if within is None else within * scale, structure)
        )
    return Contributions((after - before) * scale, tuple(found))


# Binary fractions of sums that are equal differ by less than this share of them.
_NOTHING = 1e-12
_UNKNOWN = Sentence("not known in both periods; its points are in the rest")


def _nothing(keys: Sequence[str], reason: Sentence) -> Contributions:
    return Contributions(None, tuple(Contribution(k, None, reason=reason) for k in keys), reason)


def _refuse_twice(keys: Sequence[str]) -> None:
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise Refused(
            "contributions: {keys} stands more than once among the parts, and would count twice; "
            "give each part once",
            keys=", ".join(twice),
        )
