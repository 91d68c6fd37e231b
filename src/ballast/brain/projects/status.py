"""Where a project stands, and where it can go from there: one table that can be checked by eye.

A status that anybody may set to anything is a remark. Sheets and edits both
pass through `step`, so that a finished project does not quietly become planned
because somebody filled in last year's form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from ballast.errors import Refused
from ballast.lake.tables import table
from ballast.terms.label import Label

__all__ = ["OPEN", "STATUS_LABELS", "TRANSITIONS", "Status", "Step", "check_dates", "step"]


class Status(StrEnum):
    """Where a project stands."""

    PLANNED = "planned"
    BUILDING = "building"
    STALLED = "stalled"
    FINISHED = "finished"
    CANCELLED = "cancelled"


STATUS_LABELS: Mapping[str, Label] = MappingProxyType(
    {choice.value: choice.label for choice in table("project").column("status").choices}
)

OPEN = frozenset({Status.PLANNED, Status.BUILDING, Status.STALLED})
"""Those of which something is still to come."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a change of status asks for.

    Parameters
    ----------
    needs
        The date column that must be filled: a project is not under way without a start.
    reason
        Whether somebody must say why: to give up, to stop, to take back.
    """

    needs: str | None = None
    reason: bool = False


_P, _B, _S, _F, _C = Status
TRANSITIONS: Mapping[Status, Mapping[Status, Step]] = MappingProxyType(
    {
        _P: {_B: Step("started"), _C: Step(reason=True)},
        _B: {_F: Step("finished"), _S: Step(reason=True), _C: Step(reason=True)},
        _S: {_B: Step(), _F: Step("finished"), _C: Step(reason=True)},
        # What is over comes back only as a correction that somebody answers for.
        _F: {_B: Step(reason=True)},
        _C: {_P: Step(reason=True)},
    }
)
"""From which status to which, and what it asks for. What is not here is refused."""


def step(before: Status, after: Status) -> Step:
    """Return what a change of status asks for.

    Raises
    ------
    Refused
        If there is no such change; the message says which there are.

    Examples
    --------
    >>> step(Status.PLANNED, Status.BUILDING).needs
    'started'
    >>> step(Status.FINISHED, Status.PLANNED)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ballast.errors.Refused: a project that is finished cannot become planned; ...
    """
    allowed = TRANSITIONS[before]
    if after not in allowed:
        raise Refused(
            "a project that is {before} cannot become {after}; it can become: {allowed}",
            before=STATUS_LABELS[before],
            after=STATUS_LABELS[after],
            allowed=_listed(allowed),
        )
    return allowed[after]


def _listed(allowed: Mapping[Status, Step]) -> Label:
    labels = [STATUS_LABELS[one] for one in allowed]
    return Label("、".join(one.zh for one in labels), ", ".join(one.en for one in labels))


def check_dates(status: Status, started: date | None, finished: date | None, today: date) -> None:
    """Refuse dates that contradict the status, each other, or the calendar.

    Parameters
    ----------
    status
        As it is to stand.
    started, finished
        As they are to stand.
    today
        The last day that something can have happened on.

    Raises
    ------
    Refused
        Naming the first contradiction.
    """
    if started is not None and finished is not None and finished < started:
        raise Refused(
            "it cannot have finished on {finished}, before it started on {started}",
            finished=finished.isoformat(),
            started=started.isoformat(),
        )
    for day in (started, finished):
        if day is not None and day > today:
            raise Refused(
                "{day} is in the future: a day on which something happened cannot be after {today}",
                day=day.isoformat(),
                today=today.isoformat(),
            )
    if status is Status.PLANNED and started is not None:
        raise Refused("it has a start and is planned: a project that has started is under way")
    if status in (Status.BUILDING, Status.FINISHED) and started is None:
        raise Refused(
            "a project that is {status} needs the day on which it started",
            status=STATUS_LABELS[status],
        )
    if (status is Status.FINISHED) != (finished is not None):
        raise Refused(
            "a finished project needs the day on which it finished, and no other project has one"
        )
