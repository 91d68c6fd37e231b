"""Which stored periods make up the one that is asked for.

Forms report months, January with February, year to date, or years, and a
picture wants the year to date, the same a year before, and 24 periods of
history. Rather than three queries for three kinds of forms, each wanted
period becomes a signed sum of stored ones (2026-01..02 + 2026-03, or
2026-03ytd − 2026-02ytd), and the engine only ever sees that list.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ballast.terms.period import Period, PeriodKind, month, year_to_date

__all__ = ["Frame", "Piece", "frame_of", "pieces"]

HISTORY = 24

_BASIC = (PeriodKind.MONTH, PeriodKind.JOINED)
_ADDING = (*_BASIC, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stored period and whether it counts for or against the sum."""

    period: Period
    sign: int = 1


def pieces(wanted: Period, stored: Collection[Period]) -> tuple[Piece, ...] | None:
    """Return the stored periods that add up to a wanted one, or ``None``.

    Parameters
    ----------
    wanted
        The period of a flow.
    stored
        The periods that the lake holds.

    Returns
    -------
    tuple of Piece or None
        The period itself where it is stored; else shorter ones side by side;
        else one year to date less another.

    Examples
    --------
    >>> have = [Period.parse(t) for t in ("2026-01..02", "2026-03", "2026-02ytd", "2026-04ytd")]
    >>> [str(piece.period) for piece in pieces(Period.parse("2026-03ytd"), have)]
    ['2026-01..02', '2026-03']
    >>> pieces(Period.parse("2026-05"), have) is None
    True
    """
    same = [p for p in stored if p.span == wanted.span]
    if same:
        return (Piece(wanted if wanted in same else min(same)),)
    laid = _side_by_side(wanted.first_month, wanted, stored)
    if laid is not None:
        return tuple(Piece(p) for p in laid)
    return _difference(wanted, stored)


def _side_by_side(
    first: int, wanted: Period, stored: Collection[Period]
) -> tuple[Period, ...] | None:
    if first > wanted.last_month:
        return ()
    fitting = [
        p
        for p in stored
        if p.year == wanted.year
        and p.kind in _ADDING
        and p.first_month == first
        and p.last_month <= wanted.last_month
    ]
    for p in sorted(fitting, key=lambda p: p.last_month):
        rest = _side_by_side(p.last_month + 1, wanted, stored)
        if rest is not None:
            return (p, *rest)
    return None


def _difference(wanted: Period, stored: Collection[Period]) -> tuple[Piece, ...] | None:
    whole = year_to_date(wanted.year, wanted.last_month)
    before = year_to_date(wanted.year, wanted.first_month - 1) if wanted.first_month > 1 else None
    if before is not None and whole in stored and before in stored:
        return (Piece(whole), Piece(before, -1))
    return None


@dataclass(frozen=True, slots=True)
class Frame:
    """The periods of a picture.

    Parameters
    ----------
    latest
        The newest reporting period: stocks and counts are of it.
    before_latest
        The one before it in the same year, if there is one: who reported
        then is expected now.
    to_date
        The year to date that ends with ``latest``, or ``latest`` itself where
        the year is not known from its start; flows are summed over it.
    year
        The newest full year: clusters are sized over it.
    history
        Up to 24 reporting periods, oldest first, ending with ``latest``.
    made_of
        Each wanted period, as stored ones.
    """

    latest: Period
    before_latest: Period | None
    to_date: Period
    year: Period | None
    history: tuple[Period, ...]
    made_of: dict[Period, tuple[Piece, ...]]

    @property
    def stored(self) -> frozenset[Period]:
        """Every stored period that the picture reads."""
        return frozenset(x.period for parts in self.made_of.values() for x in parts)

    @property
    def base(self) -> Period:
        """The year to date a year before."""
        return self.to_date.same_period_last_year()

    @property
    def latest_base(self) -> Period:
        """The latest reporting period a year before."""
        return self.latest.same_period_last_year()


def frame_of(stored: Collection[Period], until: Period | None = None) -> Frame | None:
    """Return the periods of a picture from those that the lake holds; ``None`` if none.

    Parameters
    ----------
    stored
        The periods that the lake holds.
    until
        What the picture ends with; the newest where it is ``None``. There is
        no frame where nothing is stored that ends on its last day.

    Examples
    --------
    >>> have = [Period.parse(t) for t in ("2025-12", "2026-01..02", "2026-03")]
    >>> frame = frame_of(have)
    >>> str(frame.latest), str(frame.to_date), [str(p) for p in frame.history]
    ('2026-03', '2026-03ytd', ['2025-12', '2026-01..02', '2026-03'])
    """
    if not stored:
        return None
    known = frozenset(p for p in stored if until is None or p.end <= until.end)
    if until is not None and all(p.end != until.end for p in known):
        return None
    history = _history(known)
    latest = history[-1]
    to_date = year_to_date(latest.year, latest.last_month)
    if latest.kind is PeriodKind.YEAR or pieces(to_date, known) is None:
        to_date = latest  # a home that begins in March has no January to add
    year = next(
        (
            p
            for y in range(latest.year, min(p.year for p in known) - 1, -1)
            for p in [Period(PeriodKind.YEAR, y)]
            if pieces(p, known) is not None
        ),
        None,
    )
    earlier = [p for p in history[:-1] if p.year == latest.year]
    wanted = {
        *history,
        latest.same_period_last_year(),
        to_date,
        to_date.same_period_last_year(),
    }
    if year is not None:
        wanted |= {year, year.same_period_last_year()}
    made = {p: pieces(p, known) for p in sorted(wanted)}
    return Frame(
        latest=latest,
        before_latest=earlier[-1] if earlier else None,
        to_date=to_date,
        year=year,
        history=history,
        made_of={p: found for p, found in made.items() if found is not None},
    )


def _history(known: frozenset[Period]) -> tuple[Period, ...]:
    """Return the reporting periods, the finest kind that reaches the newest day."""
    end = max(p.end for p in known)
    finest = max((p for p in known if p.end == end), key=lambda p: p.start)
    if finest.kind in _BASIC:
        line = [p for p in known if p.kind in _BASIC]
        months = {p.span[0] for p in line if p.kind is PeriodKind.MONTH}
        line = [p for p in line if p.kind is PeriodKind.MONTH or p.start not in months]
    elif finest.kind is PeriodKind.YEAR_TO_DATE:
        # The flow of a month is its year to date less the one before.
        line = [
            step
            for p in known
            if p.kind is PeriodKind.YEAR_TO_DATE
            for step in [_last_step(p)]
            if pieces(step, known) is not None
        ]
        line = line or [finest]
    else:
        line = [p for p in known if p.kind is finest.kind]
    return tuple(sorted(line)[-HISTORY:])


def _last_step(to_date: Period) -> Period:
    if to_date.number == 2:
        return Period(PeriodKind.JOINED, to_date.year)
    return month(to_date.year, to_date.number)
