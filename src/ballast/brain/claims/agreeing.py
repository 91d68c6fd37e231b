"""Whether a figure of ours is the one that a text states, as exactly as the text states it.

The text decides how close is close: 17.5 % is said to a tenth, so 17.46 agrees
and 17.44 does not. Of bounds (余, 近, 约) there is no law; the tolerances are
written down here once, in words too, and shown with an answer.
"""

from __future__ import annotations

from decimal import Decimal

from ballast.brain.claims.statement import Amount, Bound
from ballast.terms.label import Label
from ballast.terms.unit import Unit, ratio

__all__ = ["ABOUT", "BOUND_RULES", "agrees", "comparable", "in_unit"]

ABOUT = Decimal("0.10")  # 约, 左右: a tenth of the figure to either side
_NEAR = Decimal("0.10")  # 近: at most a tenth below
_TINY = Decimal("1e-9")

BOUND_RULES: dict[Bound, Label] = {
    Bound.EXACT: Label("按所写位数四舍五入后相等", "equal when rounded to the digits written"),
    Bound.ABOUT: Label("“约、左右”：上下 10% 以内", "“about”: within 10 % to either side"),
    Bound.ODD: Label(
        "“余、多”：不小于该数，且不到最末非零位再加一",
        "“and some”: at least the number, and less than one more in its last digit that is not 0",
    ),
    Bound.MORE: Label("“超过、突破”：大于该数", "“more than”: above the number"),
    Bound.NEARLY: Label(
        "“近”：略低于该数，相差不到 10%", "“nearly”: below the number, by less than 10 %"
    ),
    Bound.LESS: Label("“不足、以下”：小于该数", "“less than”: below the number"),
    Bound.LEAST: Label("“至少、以上”：不小于该数", "“at least”: the number or above"),
    Bound.MOST: Label("“至多、以内”：不大于该数", "“at most”: the number or below"),
    Bound.RANGE: Label("在所写区间内", "within the range written"),
    Bound.TOP: Label("“前列”：在前三分之一", "“among the first”: in the first third"),
}


def comparable(amount: Amount, unit: Unit) -> bool:
    """Return whether an amount can be laid beside a figure in a unit."""
    return amount.unit is not None and amount.unit.dimension == unit.dimension


def in_unit(amount: Amount, unit: Unit) -> Amount:
    """Return an amount in another unit of its dimension; the step with it."""
    if amount.unit is None or amount.unit.name == unit.name:
        return amount
    worth = ratio(amount.unit, unit)
    return Amount(
        None if amount.low is None else amount.low * worth,
        None if amount.high is None else amount.high * worth,
        amount.bound, unit, amount.words, amount.step * worth,
    )  # fmt: skip


def agrees(amount: Amount, ours: Decimal | float) -> bool:
    """Return whether a figure is what an amount says.

    Parameters
    ----------
    amount
        In the figure's unit.
    ours
        The figure.

    Notes
    -----
    Of a negative amount (下降近3%) "more" and "nearly" are meant of its size.

    Examples
    --------
    >>> from ballast.brain.claims.statement import Amount
    >>> rounded = Amount(Decimal("17.5"), step=Decimal("0.1"))
    >>> agrees(rounded, 17.46), agrees(rounded, 17.44)
    (True, False)
    >>> agrees(Amount(Decimal(1800), bound=Bound.ODD), 1899), agrees(
    ...     Amount(Decimal(1800), bound=Bound.ODD), 1900)
    (True, False)
    """
    low, figure = amount.low, Decimal(str(ours))
    if low is None:
        return False
    if low < 0 or (amount.high is not None and amount.high < 0):
        low, figure = -low, -figure
    high = None if amount.high is None else abs(amount.high)
    half = amount.step / 2 + abs(low) * _TINY
    if high is not None:
        first, last = sorted((low, high))
        return first - half <= figure <= last + half
    match amount.bound:
        case Bound.EXACT:
            return abs(figure - low) <= half
        case Bound.ABOUT:
            return abs(figure - low) <= max(abs(low) * ABOUT, half)
        case Bound.ODD:
            return low <= figure < low + _last_place(low)
        case Bound.MORE:
            return figure > low
        case Bound.NEARLY:
            return low * (1 - _NEAR) <= figure < low
        case Bound.LESS:
            return figure < low
        case Bound.LEAST:
            return figure >= low - abs(low) * _TINY
        case _:
            return figure <= low + abs(low) * _TINY


def _last_place(number: Decimal) -> Decimal:
    """Return what one in the last digit that is not 0 is worth.

    Examples
    --------
    >>> str(_last_place(Decimal("1800"))), str(_last_place(Decimal("2000")))
    ('1E+2', '1E+3')
    """
    normal = number.normalize()
    exponent = normal.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
