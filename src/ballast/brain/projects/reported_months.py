"""One month of one project as a sheet tells it: does it fit what was told before?

A sum to date that falls, a month that does not lead from one sum to the next,
two months that overlap: each is a slip that nobody sees in one sheet and that
every later total carries on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ballast.brain.projects.ledger import Month
from ballast.brain.projects.sheet import SheetRow
from ballast.errors import Refused
from ballast.terms.period import Period

__all__ = ["later", "skipped", "told_month"]

_EXACT = Decimal("0.01")  # 100 CNY: sheets round to two decimals


def later(months: Sequence[Month], period: Period) -> bool:
    """Return whether a later month than this one is told of already."""
    return any(one.period.end > period.end for one in months)


def _before(months: Sequence[Month], period: Period) -> Month | None:
    past = [one for one in months if one.period.end < period.start]
    return past[-1] if past else None


def skipped(months: Sequence[Month], period: Period) -> bool:
    """Return whether a report is missing between the last one told and this month."""
    last = _before(months, period)
    if last is None:
        return False
    gap = (period.start.year - last.period.end.year) * 12 + period.start.month
    return gap - last.period.end.month > 1


def told_month(
    row: SheetRow,
    before: Mapping[str, Any],
    months: Sequence[Month],
    period: Period,
    *,
    correct: bool,
) -> tuple[Mapping[str, Any] | None, Month | None, Decimal | None]:
    """Return the row of the month, the one it corrects, and the sum to date.

    Parameters
    ----------
    row
        Of the sheet.
    before
        The project that it means, as a row of ``project``.
    months
        What was told of it, oldest first.
    period
        The month of the sheet.
    correct
        Whether a month that stands already may be corrected.

    Returns
    -------
    tuple
        The row of ``project_month`` (``None`` where it stands so, or tells no amount); the month
        as it stood where that changes; invested to date, 10,000 CNY.

    Raises
    ------
    Refused
        If the month overlaps another, stands otherwise already, or the sums do not agree.
    """
    clash = [one.period for one in months if one.period != period and set(one.period.months or
             (one.period,)) & set(period.months or (period,))]  # fmt: skip
    if clash:
        raise Refused(
            "{period} overlaps {other}, which is told of already; report the same months again",
            period=period.label,
            other=clash[0].label,
        )
    invested, cumulative = _amounts(row, months, period)
    standing = next((one for one in months if one.period == period), None)
    told = {
        "project": before["project"],
        "uscc": before["uscc"],
        "period": str(period),
        "planned_1e4_cny": row.planned,
        "invested_1e4_cny": invested,
        "cumulative_1e4_cny": cumulative,
        "progress": row.progress,
    }
    if invested is None and cumulative is None and row.planned is None:
        return None, None, None
    if standing is None:
        return told, None, cumulative
    own = (standing.planned, standing.invested, standing.cumulative, standing.progress)
    given = (row.planned, invested, cumulative, row.progress)
    kept = tuple(new if new is not None else old for new, old in zip(given, own, strict=True))
    if kept == own:
        return None, None, cumulative
    if not correct:
        raise Refused(
            "{period} is told of already, with {old} invested (10,000 CNY) and not {new}; allow "
            "months that stand to be corrected, if it is to be changed",
            period=period.label,
            old=str(standing.invested),
            new=str(invested),
        )
    names = ("planned_1e4_cny", "invested_1e4_cny", "cumulative_1e4_cny", "progress")
    return told | dict(zip(names, kept, strict=True)), standing, cumulative


def _amounts(
    row: SheetRow, months: Sequence[Month], period: Period
) -> tuple[Decimal | None, Decimal | None]:
    """Return what was invested in the month and to date; each follows from the other."""
    last = _before(months, period)
    invested, cumulative = row.invested, row.cumulative
    start = Decimal(0) if not months else None if last is None else last.cumulative
    if last is not None and skipped(months, period):
        start = None
    if start is None:
        if last is not None and last.cumulative is not None and cumulative is not None:
            _refuse_fall(cumulative, last, invested)
        return invested, cumulative
    if invested is None and cumulative is not None:
        if last is not None:
            _refuse_fall(cumulative, last, None)
        return cumulative - start, cumulative
    if invested is not None and cumulative is None:
        return invested, start + invested
    if invested is not None and cumulative is not None and months:
        if last is not None:
            _refuse_fall(cumulative, last, invested)
        if abs(start + invested - cumulative) > _EXACT:
            raise Refused(
                "{cumulative} to date is not {before} before and {invested} this month "
                "(10,000 CNY); one of them is wrong",
                cumulative=str(cumulative),
                before=str(start),
                invested=str(invested),
            )
    return invested, cumulative


def _refuse_fall(cumulative: Decimal, last: Month, invested: Decimal | None) -> None:
    """Refuse a sum to date that fell, unless the month says that it was corrected downwards."""
    if last.cumulative is None or cumulative >= last.cumulative:
        return
    if invested is None or invested >= 0:
        raise Refused(
            "{cumulative} to date is less than {before} up to {period} (10,000 CNY); a correction "
            "downwards needs a negative month",
            cumulative=str(cumulative),
            before=str(last.cumulative),
            period=last.period.label,
        )
