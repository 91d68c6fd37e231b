"""When, since when, for how long: the times that belong to a number.

The nearest period to the left counts, in English also one to the right. 比2020年
is the base of a comparison; 比上年 is only how a year-on-year growth is said,
and is what is meant where nothing is said at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ballast.brain.claims.line import Line, Turn
from ballast.brain.claims.statement import Kind
from ballast.brain.claims.times import TimeToken
from ballast.terms.period import Period, PeriodKind

__all__ = ["When", "when"]

_YEARLY = re.compile(
    r"年均|每年(?:保持|增长|以)|平均每年|average annual|(?<!on )\ba year\b(?! earlier| ago| before)"
    r"|annually|per year",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    r"环比|month[- ]on[- ]month|比上月|较上月|quarter[- ]on[- ]quarter", re.IGNORECASE
)
_COMPARABLE = re.compile(r"同口径|可比口径|comparable sample", re.IGNORECASE)
_DEFAULT_BASE = re.compile(
    r"^(?:比|较|与|同)?(?:上年|去年)(?:末|底|同期)?$|^(?:比|较)?年初$|^(?:比|较)?(?:上|去)年年?[末底]$"
)
_RUNNING = re.compile(r"连续|consecutive|running|straight|successive|in a row")


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The times of a figure; names as of `Statement`."""

    period: Period | None = None
    since: Period | None = None
    previous: bool = False
    years: int | None = None
    months: int | None = None
    yearly: bool = False
    comparable: bool = False
    carried: bool = False


def when(line: Line, turn: Turn, kind: Kind) -> When:
    """Return the times of a figure.

    Parameters
    ----------
    line, turn
        The sentence, and the number in it.
    kind
        What the number says: only a growth is a rate a year.
    """
    times, mention = line.found.times, turn.mention
    left = [t for t in times if t.end <= mention.start + 1]
    # A bracket behind a number (5500亿元（2025年）) is a clause of its own and belongs to it.
    bracket = line.text[turn.end : turn.end + 1] in ("（", "(") or line.text[
        turn.end - 1 : turn.end
    ] in ("（", "(")
    right = [t for t in times if mention.end <= t.start < turn.end + 12 * bracket]
    token = _period(line, turn, left, right)
    period = token.period if token is not None else line.context.period
    if token is not None:
        line.carried.period = token
    since = _since(line, [t for t in left if t.start >= turn.start], left, token)
    before = line.found.mentions[turn.number - 1].end if turn.number else 0
    previous = _PREVIOUS.search(line.text[before : mention.start]) is not None
    if previous and period is not None and period.kind in (PeriodKind.MONTH, PeriodKind.QUARTER):
        since = period - 1
    years, months = _runs(line, turn, [*left, *right])
    yearly = kind is Kind.GROWTH and _YEARLY.search(line.text[turn.clause : turn.end]) is not None
    return When(
        comparable=_COMPARABLE.search(line.text[before : mention.start]) is not None,
        period=period, since=since, previous=previous, years=years, months=months, yearly=yearly,
        carried=token is None and period is not None,
    )  # fmt: skip


def _period(
    line: Line, turn: Turn, left: Sequence[TimeToken], right: Sequence[TimeToken]
) -> TimeToken | None:
    """Return the period nearest to a number: its own words, its clause, what was said before."""
    dated = [t for t in left if t.period is not None and not t.base]
    behind = [
        t for t in right
        if t.period is not None and not t.base
        and (line.english or not line.text[turn.mention.end : t.start].strip("（( "))
    ]  # fmt: skip
    own = [t for t in dated if t.start >= turn.clause]
    if own:
        return own[-1]
    if behind and (not dated or behind[0].start < turn.end):
        return behind[0]
    return dated[-1] if dated else line.carried.period


def _since(
    line: Line, near: Sequence[TimeToken], left: Sequence[TimeToken], period: TimeToken | None
) -> Period | None:
    bases = [t for t in near if t.base and not _DEFAULT_BASE.match(line.text[t.start : t.end])]
    if bases:
        return bases[-1].period
    if period is not None and period.since is not None:
        return period.since
    opened = [t for t in left if t.since is not None and t.period is None]
    return opened[-1].since if opened else None


def _runs(line: Line, turn: Turn, tokens: Sequence[TimeToken]) -> tuple[int | None, int | None]:
    """Return years and months that run: 连续三年 of its own clause, 三年来 of any before."""
    found: tuple[int | None, int | None] = (None, None)
    for token in tokens:
        if not (token.years or token.months):
            continue
        running = _RUNNING.search(line.text[token.start : token.end]) is not None
        if token.start >= turn.clause or not running:
            found = token.years, token.months
    return found
