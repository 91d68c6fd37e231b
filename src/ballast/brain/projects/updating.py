"""A monthly sheet against the ledger: what it changes, and what in it cannot be.

Planned first, as a value that can be shown, and written afterwards (``writing``)
as one load: whoever sends a sheet sees which row became which project and why before
anything stands. A row that is not understood is named; none is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from ballast.brain.projects.changing import (
    Change,
    changes_between,
    check_change,
    row_of,
)
from ballast.brain.projects.deciding import Decisions, check_decisions, decided
from ballast.brain.projects.ledger import ALIAS_SIGNS, Ledger, Month, Project, same_number
from ballast.brain.projects.matching import Match, MatchKind, alike, index_of
from ballast.brain.projects.reported_months import later, skipped, told_month
from ballast.brain.projects.sheet import SheetRow
from ballast.brain.projects.status import Status
from ballast.errors import Refused
from ballast.lake.tables import table
from ballast.terms.label import LANGUAGES, Label
from ballast.terms.period import Period
from ballast.words import Sentence

__all__ = ["Planned", "Update", "plan"]

_SAME_SHARE, _SAME_LEAST = 0.8, 5
_NEEDED = ("name", "uscc", "region", "industry", "planned_1e4_cny")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What becomes of one row.

    Parameters
    ----------
    row
        The row.
    match
        What it was understood to mean.
    project
        As it was seen; ``None`` for a new one.
    after
        The row of ``project`` as it becomes.
    month
        The row of ``project_month``; ``None`` where the month stands so already.
    corrects
        The month as it stood, where the row changes it.
    changes
        Fields of the project that change.
    notes
        What was understood on the way.
    problem
        Why the row is not taken; then nothing else of it counts.
    asks
        What would have it taken: a person's ``decision`` which project it means, or leave to make
        a ``correction`` of a month that stands; ``None`` where the sheet must be mended.
    """

    row: SheetRow
    match: Match
    project: Project | None = None
    after: Mapping[str, Any] | None = None
    month: Mapping[str, Any] | None = None
    corrects: Month | None = None
    changes: tuple[Change, ...] = ()
    notes: tuple[Sentence, ...] = ()
    problem: Sentence | None = None
    asks: Literal["decision", "correction"] | None = None

    @property
    def quiet(self) -> bool:
        """Whether the row says what stands already."""
        return self.problem is None and self.month is None and not self.changes


@dataclass(frozen=True, slots=True)
class Update:
    """What a sheet would change.

    Parameters
    ----------
    period
        The month that it is of.
    rows
        What becomes of each row, in their order.
    missing
        Projects under way that the sheet does not name.
    """

    period: Period
    rows: tuple[Planned, ...]
    missing: tuple[str, ...]

    @property
    def problems(self) -> tuple[Planned, ...]:
        """The rows that are not taken."""
        return tuple(one for one in self.rows if one.problem is not None)

    @property
    def changing(self) -> tuple[Planned, ...]:
        """The rows that change something."""
        return tuple(one for one in self.rows if one.problem is None and not one.quiet)


def plan(
    of: Ledger,
    rows: Sequence[SheetRow],
    period: Period,
    *,
    today: date,
    decisions: Decisions | None = None,
) -> Update:
    """Return what a sheet would change, row by row.

    Parameters
    ----------
    of
        The ledger, with the months of every project.
    rows
        The sheet.
    period
        The month that it is of.
    today
        The last day that something can have happened on.
    decisions
        What a person has said.

    Raises
    ------
    Refused
        If the whole sheet is one that stands already under another month.
    NotFound
        If a decision names a project, or a row, that there is not.
    """
    said = decisions or Decisions()
    check_decisions(of, rows, said)
    known = index_of(of.projects.values())
    matched = [(row, decided(row, known, said)) for row in rows]
    _refuse_another_month(of, matched, period)
    meant = Counter(by.number for _, by in matched if by.number is not None and _counts(by, said))
    found = _without_twins(
        [
            _planned(of, row, by, period, today, said, twice=meant[by.number or ""] > 1)
            if _counts(by, said)
            else _planned(of, row, by, period, today, said, twice=False)
            for row, by in matched
        ]
    )
    named = {one.project.number for one in found if one.project is not None}
    missing = tuple(
        number
        for number, one in of.projects.items()
        if one.status is Status.BUILDING and number not in named
    )
    return Update(period, tuple(found), missing)


def _counts(by: Match, said: Decisions) -> bool:
    """Return whether a row means its project for good: neither contradicting nor undecided."""
    undecided = by.kind is MatchKind.EVIDENCE and said.ask
    return not undecided and by.kind is not MatchKind.CONTRADICTION


def _refuse_another_month(
    of: Ledger, matched: Sequence[tuple[SheetRow, Match]], period: Period
) -> None:
    """Refuse a sheet of which nearly every row stands already under another month."""
    told = [(row, of.months.get(by.number or "", ())) for row, by in matched]
    worth = [(row, months) for row, months in told if row.invested and months]
    if len(worth) < _SAME_LEAST:
        return
    same = Counter(
        one.period
        for row, months in worth
        for one in months
        if one.period != period
        and one.invested == row.invested
        and row.cumulative in (None, one.cumulative)
    )
    for other, count in same.most_common(1):
        if count >= _SAME_SHARE * len(worth):
            raise Refused(
                "this seems to be the sheet of {other}, not of {period}: {count} of {all} rows "
                "stand so under that month already",
                other=other.label,
                period=period.label,
                count=count,
                all=len(worth),
            )


def _planned(
    of: Ledger,
    row: SheetRow,
    by: Match,
    period: Period,
    today: date,
    said: Decisions,
    *,
    twice: bool,
) -> Planned:
    problem = _not_understood(by, row, said)
    asks = by.kind in (MatchKind.UNSURE, MatchKind.EVIDENCE) and (problem is not None or twice)
    if twice:
        problem = Sentence("another row of the sheet means project {number} too",
                           {"number": by.number or ""})  # fmt: skip
    if problem is not None:
        return Planned(row=row, match=by, problem=problem, asks="decision" if asks else None)
    seen = None if by.number is None else of.projects[by.number]
    before = _empty(row) if seen is None else row_of(seen)
    months = () if seen is None else of.months.get(seen.number, ())
    try:
        month, corrects, cumulative = told_month(row, before, months, period, correct=said.correct)
        after = _after(row, before, by, cumulative, newest=not later(months, period))
        if seen is not None or after["status"] is not None:
            check_change(before if seen is not None else after, after, today)
    except Refused as error:
        return Planned(
            row=row,
            match=by,
            problem=Sentence(error.template, error.values),
            asks="correction" if _stands_otherwise(row, before, months, period, said) else None,
        )
    notes = list(by.evidence)
    if skipped(months, period):
        notes.append(Sentence("the report before it is missing: the sum to date was not checked"))
    return Planned(
        row=row,
        match=by,
        project=seen,
        after=after,
        month=month,
        corrects=corrects,
        changes=changes_between(before, after) if seen is not None else (),
        notes=tuple(notes),
    )


def _stands_otherwise(
    row: SheetRow,
    before: Mapping[str, Any],
    months: Sequence[Month],
    period: Period,
    said: Decisions,
) -> bool:
    """Return whether a row is refused for nothing but that its month stands otherwise already."""
    if said.correct:
        return False
    try:
        told_month(row, before, months, period, correct=True)
    except Refused:
        return False
    return any(one.period == period for one in months)


def _not_understood(by: Match, row: SheetRow, said: Decisions) -> Sentence | None:
    if by.kind is MatchKind.CONTRADICTION:
        return by.evidence[0]
    if by.kind is MatchKind.LEFT_OUT:
        return Sentence("left out by your decision")
    if by.kind is MatchKind.UNSURE or (by.kind is MatchKind.EVIDENCE and said.ask):
        likely = by.candidates[0]
        return Sentence(
            "it may be project {number} ({evidence}); say whether it is, or that it is a new one",
            {"number": likely.number, "evidence": _joined(likely.evidence)},
        )
    if by.kind is MatchKind.NEW:
        if row.named.number is None:
            return Sentence("no project is called so, and a new one needs the bureau's number")
        lacking = [name for name in _NEEDED if _new_row(row).get(name) is None]
        if lacking:
            labels = [table("project").column(name).label for name in lacking]
            return Sentence(
                "there is no such project, and a new one needs: {columns}",
                {
                    "columns": Label(
                        "、".join(label.zh for label in labels),
                        ", ".join(label.en for label in labels),
                    )
                },
            )
    return None


def _joined(sentences: Sequence[Sentence]) -> Label:
    zh, en = ([one.text(language) for one in sentences] for language in LANGUAGES)
    return Label("；".join(zh), "; ".join(en))


def _new_row(row: SheetRow) -> dict[str, Any]:
    return {
        "name": row.named.name,
        "uscc": row.named.uscc,
        "planned_1e4_cny": row.named.planned,
        **row.other,
    }


def _empty(row: SheetRow) -> dict[str, Any]:
    """Return a new project as it stands before its first report."""
    blank = dict.fromkeys(table("project").arrow_schema.names)
    return blank | {
        "project": row.named.number,
        "project_kind": "upgrade",
        "region_scheme": "gb2260",
        "industry_scheme": "gbt4754-2017",
        "status": Status.PLANNED.value if row.started is None else Status.BUILDING.value,
        **_new_row(row),
    }


def _after(
    row: SheetRow,
    before: Mapping[str, Any],
    by: Match,
    cumulative: Decimal | None,
    *,
    newest: bool,
) -> dict[str, Any]:
    """Return the project as the row leaves it; an older month does not change how it stands."""
    after = dict(before)
    if not newest:
        return after
    if cumulative is not None:
        after["invested_1e4_cny"] = cumulative
    days = {"started": row.started, "finished": row.finished}
    after |= {name: day for name, day in days.items() if day is not None}
    if row.status is not None:
        after["status"] = row.status.value
    alias = _alias(row, before, by)
    if alias is not None:
        held = [before["aliases"]] if before["aliases"] else []
        after["aliases"] = ALIAS_SIGNS[0].join([*held, alias])
    return after


def _alias(row: SheetRow, before: Mapping[str, Any], by: Match) -> str | None:
    """Return what is to be written down, so that the next sheet is understood without evidence."""
    if by.kind not in (MatchKind.EVIDENCE, MatchKind.ALIAS, MatchKind.DECIDED):
        return None
    known = {same_number(str(before["project"])), same_number(before["name"])}
    known |= {same_number(one) for one in (before["aliases"] or "").split(ALIAS_SIGNS[0])}
    fresh = row.named.number or row.named.name
    if fresh is None or same_number(fresh) in known:
        return None
    return fresh.replace(ALIAS_SIGNS[0], " ").replace(ALIAS_SIGNS[1], " ")


def _without_twins(rows: Sequence[Planned]) -> list[Planned]:
    """Refuse new projects of which the sheet itself holds two under two names."""
    fresh = [one for one in rows if one.match.kind is MatchKind.NEW and one.problem is None]
    by_owner: dict[str | None, list[Planned]] = {}
    by_number: dict[str, Planned] = {}
    twins: dict[str, Sentence] = {}
    for one in fresh:
        named = one.row.named
        like = by_number.setdefault(same_number(named.number or ""), one)
        for other in [like, *by_owner.setdefault(named.uscc, [])]:
            if other is one:
                continue
            if other is like or alike(other.row.named.name or "", named.name or "") > 0.9:
                twins[other.row.place] = twins[one.row.place] = Sentence(
                    "rows {row} and {other} are one project under two names, or need names that "
                    "tell them apart",
                    {"row": other.row.place, "other": one.row.place},
                )
        by_owner[named.uscc].append(one)
    return [
        Planned(row=one.row, match=one.match, problem=twins[one.row.place])
        if one.problem is None and one.row.place in twins
        else one
        for one in rows
    ]
