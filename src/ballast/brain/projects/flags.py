"""What is wrong with a project, each with the reason that somebody can act on.

A colour without a sentence sends people to look for what the program knew. So
a flag is a sentence with its figures, made here once for command, page,
interface and bulletin alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ballast.brain.projects.ledger import Ledger, Month, Project
from ballast.brain.projects.status import OPEN, Status
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.words import Sentence

__all__ = ["FLAG_LABELS", "Flag", "FlagKind", "Rules", "flagged", "flags"]


class FlagKind(StrEnum):
    """What can be wrong."""

    LATE = "late"
    STALLED = "stalled"
    OVER_BUDGET = "over-budget"
    SILENT = "silent"


FLAG_LABELS: Mapping[FlagKind, Label] = {
    FlagKind.LATE: Label("逾期", "late"),
    FlagKind.STALLED: Label("停滞", "stalled"),
    FlagKind.OVER_BUDGET: Label("超概算", "over budget"),
    FlagKind.SILENT: Label("断报", "silent"),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """From when on something is flagged.

    Parameters
    ----------
    silent_months
        Reporting months without a word (January and February are one).
    idle_months
        Reporting months in a row in which nothing was invested.
    over_budget
        How far above the plan, as a fraction of it.
    remembered_days
        So long after its end a project is still flagged as over budget: the accounts are open.
    """

    silent_months: int = 2
    idle_months: int = 3
    over_budget: Decimal = Decimal("0.10")
    remembered_days: int = 365


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that is wrong.

    Parameters
    ----------
    kind
        What.
    since
        The day from which it is so.
    reason
        Why, with the figures.
    """

    kind: FlagKind
    since: date
    reason: Sentence


def flags(
    project: Project,
    months: Sequence[Month],
    *,
    on: date,
    newest: Period | None,
    rules: Rules | None = None,
) -> tuple[Flag, ...]:
    """Return what is wrong with a project, in the order of `FlagKind`.

    Parameters
    ----------
    project
        As it stands.
    months
        What was told of it, oldest first.
    on
        The day that it is judged on.
    newest
        The newest month told of any project: silent is who is behind the others.
    rules
        From when on; the defaults where ``None``.

    Examples
    --------
    >>> made = Project(number="1", name="x", uscc="u", kind="upgrade", region="371500",
    ...     industry="3443", planned=Decimal(100), planned_end=date(2026, 3, 31),
    ...     started=date(2025, 1, 2), status=Status.BUILDING)
    >>> [flag.kind.value for flag in flags(made, (), on=date(2026, 5, 31), newest=None)]
    ['late']
    """
    rules = rules or Rules()
    found = (
        _late(project, on),
        _stalled(project, months, rules),
        _over_budget(project, on, rules),
        _silent(project, months, newest, rules),
    )
    return tuple(flag for flag in found if flag is not None)


def flagged(of: Ledger, *, today: date, rules: Rules | None = None) -> dict[str, tuple[Flag, ...]]:
    """Return the flags of every project that has any, by its number.

    Parameters
    ----------
    of
        The ledger, with the months of all that are open.
    today
        Judged is the end of the newest month told, or today where nothing was told.
    rules
        From when on.
    """
    on = of.as_of(today)
    found = {
        number: flags(one, of.months.get(number, ()), on=on, newest=of.newest, rules=rules)
        for number, one in of.projects.items()
    }
    return {number: some for number, some in found.items() if some}


def _late(project: Project, on: date) -> Flag | None:
    """Return that it should have ended, or begun: the end counts where both are over."""
    if project.status not in OPEN:
        return None
    if project.planned_end is not None and project.planned_end < on:
        reason = Sentence(
            "it was to end on {day}, {days} days ago, and is {share} % built by investment",
            {
                "day": project.planned_end.isoformat(),
                "days": (on - project.planned_end).days,
                "share": _share(project),
            },
        )
        return Flag(FlagKind.LATE, project.planned_end, reason)
    begin = project.planned_start
    if project.status is Status.PLANNED and begin is not None and begin < on:
        reason = Sentence(
            "it was to start on {day}, {days} days ago, and has not",
            {"day": begin.isoformat(), "days": (on - begin).days},
        )
        return Flag(FlagKind.LATE, begin, reason)
    return None


def _share(project: Project) -> int | str:
    if not project.planned:
        return "–"
    return round((project.invested or Decimal(0)) / project.planned * 100)


def _stalled(project: Project, months: Sequence[Month], rules: Rules) -> Flag | None:
    if project.status not in (Status.BUILDING, Status.STALLED):
        return None
    idle: list[Month] = []
    for one in reversed(months):
        if one.invested is None or one.invested > 0:
            break
        idle.append(one)
    said = project.status is Status.STALLED
    if len(idle) < rules.idle_months and not said:
        return None
    if not idle:
        since = months[-1].period.start if months else project.started or date.min
        return Flag(
            FlagKind.STALLED, since, Sentence("its status says that it stands still, and no month "
                                              "without investment is told of")
        )  # fmt: skip
    words = {"first": idle[-1].period.label, "last": idle[0].period.label, "count": len(idle)}
    reason = (
        Sentence("it stands still by its status; nothing was invested from {first} to {last} "
                 "({count} reports)", words)
        if said
        else Sentence("nothing was invested from {first} to {last} ({count} reports), and its "
                      "status says that it is under way", words)
    )  # fmt: skip
    return Flag(FlagKind.STALLED, idle[-1].period.start, reason)


def _over_budget(project: Project, on: date, rules: Rules) -> Flag | None:
    done = project.finished
    if project.status is Status.CANCELLED or not project.planned or project.invested is None:
        return None
    if done is not None and (on - done).days > rules.remembered_days:
        return None
    over = project.invested / project.planned - 1
    if over <= rules.over_budget:
        return None
    reason = Sentence(
        "{invested} were invested of {planned} planned (10,000 CNY): {over} % too much; "
        "{tolerance} % are borne",
        {
            "invested": round(project.invested),
            "planned": round(project.planned),
            "over": round(float(over * 100), 1),
            "tolerance": round(rules.over_budget * 100),
        },
    )
    return Flag(FlagKind.OVER_BUDGET, done or on, reason)


def _silent(
    project: Project, months: Sequence[Month], newest: Period | None, rules: Rules
) -> Flag | None:
    if newest is None or project.status not in (Status.BUILDING, Status.STALLED):
        return None
    last = months[-1].period.end if months else project.started
    if last is None:
        return None
    missing = _reports_between(last, newest)
    if missing < rules.silent_months:
        return None
    words = {"newest": newest.label, "count": missing}
    if not months:
        return Flag(
            FlagKind.SILENT, last, Sentence("nothing was ever told of it, {count} reports up to "
                                            "{newest}", words)
        )  # fmt: skip
    reason = Sentence(
        "last told of in {last}; {count} reports up to {newest} are missing",
        {"last": months[-1].period.label, **words},
    )
    return Flag(FlagKind.SILENT, last, reason)


def _reports_between(last: date, newest: Period) -> int:
    """Return how many reporting months end after a day, up to the newest: two months are one."""
    return _report(newest.end) - _report(last)


def _report(day: date) -> int:
    return day.year * 11 + max(day.month, 2)
