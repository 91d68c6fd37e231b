"""The ledger of projects as values: how each stands, what was told of it, what became of it.

Read whole and once: a bureau follows some thousand projects, and flags,
matching and totals all look at the same ones. What a viewer may not read is
not in it, because the lake does not give it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir

from ballast.brain.projects.status import Status
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.lake.tables import table
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind
from ballast.terms.viewer import Viewer

__all__ = [
    "ALIAS_SIGNS",
    "KIND_LABELS",
    "Event",
    "Ledger",
    "Month",
    "Project",
    "aliases_of",
    "history",
    "ledger",
    "same_number",
]

KIND_LABELS: Mapping[str, Label] = {
    choice.value: choice.label for choice in table("project").column("project_kind").choices
}
ALIAS_SIGNS = "；;"
_FUNDS = ("funds_own_1e4_cny", "funds_loan_1e4_cny", "funds_fiscal_1e4_cny")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What was told of a project for one month; amounts in 10,000 CNY."""

    period: Period
    planned: Decimal | None = None
    invested: Decimal | None = None
    cumulative: Decimal | None = None
    progress: str | None = None
    load_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change to a project, as ``project_event`` holds it."""

    seq: int
    on: date
    kind: str
    field: str | None
    before: str | None
    after: str | None
    reason: str | None
    who: str
    load_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project as it stands.

    Parameters
    ----------
    number
        The bureau's.
    name, aliases
        What it is called, and what else it was called or numbered.
    uscc, enterprise
        Whose it is; the enterprise's name where the viewer's register has it.
    kind, region, industry
        Codes; see ``KIND_LABELS``, `brain.names`.
    planned, invested
        10,000 CNY, in all and to date.
    funds
        Own, loans, grants, in 10,000 CNY; ``None`` where not told.
    planned_start, planned_end, started, finished
        Days.
    load_id
        The load of its newest row.
    """

    number: str
    name: str
    aliases: tuple[str, ...] = ()
    uscc: str
    enterprise: Label | None = None
    kind: str
    region_scheme: str = "gb2260"
    region: str
    industry_scheme: str = "gbt4754-2017"
    industry: str
    planned: Decimal
    invested: Decimal | None = None
    funds: tuple[Decimal | None, ...] = (None, None, None)
    planned_start: date | None = None
    planned_end: date | None = None
    started: date | None = None
    finished: date | None = None
    status: Status
    load_id: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The projects that a viewer may read, with what was told of them.

    Parameters
    ----------
    projects
        By the bureau's number.
    months
        By number, oldest first; a project of which nothing was told has none.
    newest
        The newest month told of any project.
    synthetic
        Whether any of it is invented.
    """

    projects: Mapping[str, Project]
    months: Mapping[str, tuple[Month, ...]]
    newest: Period | None
    synthetic: bool = False

    def project(self, number: str) -> Project:
        """Return a project by its number, or by an alias that only one project has.

        Raises
        ------
        NotFound
            If there is none that the viewer may read.
        """
        found = self.projects.get(number)
        if found is not None:
            return found
        wanted = same_number(number)
        called = [
            p
            for p in self.projects.values()
            if wanted in (same_number(p.number), *map(same_number, p.aliases))
        ]
        if len(called) == 1:
            return called[0]
        raise NotFound(
            "there is no project {number} that you may see; look for it in the ledger",
            number=number[:80],
        )

    def as_of(self, today: date) -> date:
        """Return the day that projects are judged on: the end of the newest month told, or today.

        What happened since nobody has told; to hold it against a project would
        flag all of them on the first day of a month.
        """
        return today if self.newest is None else min(today, self.newest.end)


def same_number(text: str) -> str:
    """Return a number as it is compared: case, width, blanks and dashes of any kind aside.

    Examples
    --------
    >>> same_number("ＹＬ—2025 00012") == same_number("yl-2025-00012")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def aliases_of(text: str | None) -> tuple[str, ...]:
    """Return the aliases that a cell holds.

    Examples
    --------
    >>> aliases_of("JG-7； 老厂改造;")
    ('JG-7', '老厂改造')
    """
    for sign in ALIAS_SIGNS[1:]:
        text = (text or "").replace(sign, ALIAS_SIGNS[0])
    return tuple(part.strip() for part in (text or "").split(ALIAS_SIGNS[0]) if part.strip())


def ledger(lake: Lake, viewer: Viewer, *, only: Collection[str] | None = None) -> Ledger:
    """Return the projects that a viewer may read.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    only
        Numbers to read the months of; of all projects where ``None``.

    Raises
    ------
    NotPermitted
        If the viewer may read no enterprise's data.
    """
    rows = _listed(lake.read("project", viewer))
    names = _enterprise_names(lake, viewer)
    projects = {row["project"]: _project(row, names) for row in rows}
    told = lake.read("project_month", viewer)
    newest = told.select("period").distinct().to_pyarrow()["period"].to_pylist()
    if only is not None:
        told = told.filter(told.project.isin(sorted(only)))
    months: dict[str, list[Month]] = {}
    for row in _listed(told):
        months.setdefault(row["project"], []).append(_month(row))
    used = {row["load_id"] for row in rows}
    invented = lake.ledger.live()
    synthetic = any(
        load in used and provenance == "synthetic"
        for load, provenance in invented.select("load_id", "provenance").iter_rows()
    )
    return Ledger(
        projects,
        {n: tuple(sorted(found, key=lambda m: m.period.end)) for n, found in months.items()},
        max((p for p in map(Period.parse, newest) if _is_month(p)), key=_end, default=None),
        synthetic,
    )


def history(lake: Lake, viewer: Viewer, number: str) -> tuple[Event, ...]:
    """Return what became of a project, oldest change first.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    number
        The bureau's.
    """
    rows = lake.read("project_event", viewer)
    found = [
        Event(
            seq=row["seq"],
            on=row["on"],
            kind=row["event_kind"],
            field=row["field"],
            before=row["before"],
            after=row["after"],
            reason=row["reason"],
            who=row["who"],
            load_id=row["load_id"],
        )
        for row in _listed(rows.filter(rows.project == number))
    ]
    return tuple(sorted(found, key=lambda event: event.seq))


def _listed(rows: ir.Table) -> Sequence[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = rows.to_pyarrow().to_pylist()
    return found


def _enterprise_names(lake: Lake, viewer: Viewer) -> Mapping[str, Label]:
    """Return the newest name of each enterprise that the viewer may read."""
    rows = lake.read("enterprise", viewer).select("uscc", "name", "name_en", "valid_from")
    found: dict[str, tuple[date, Label]] = {}
    for row in _listed(rows):
        when = row["valid_from"] or date.min
        if row["uscc"] not in found or found[row["uscc"]][0] <= when:
            found[row["uscc"]] = (when, Label(row["name"], row["name_en"] or row["name"]))
    return {uscc: name for uscc, (_, name) in found.items()}


def _project(row: Mapping[str, Any], names: Mapping[str, Label]) -> Project:
    return Project(
        number=row["project"],
        name=row["name"],
        aliases=aliases_of(row["aliases"]),
        uscc=row["uscc"],
        enterprise=names.get(row["uscc"]),
        kind=row["project_kind"],
        region_scheme=row["region_scheme"],
        region=row["region"],
        industry_scheme=row["industry_scheme"],
        industry=row["industry"],
        planned=row["planned_1e4_cny"],
        invested=row["invested_1e4_cny"],
        funds=tuple(row[name] for name in _FUNDS),
        planned_start=row["planned_start"],
        planned_end=row["planned_end"],
        started=row["started"],
        finished=row["finished"],
        status=Status(row["status"]),
        load_id=row["load_id"],
    )


def _month(row: Mapping[str, Any]) -> Month:
    return Month(
        period=Period.parse(row["period"]),
        planned=row["planned_1e4_cny"],
        invested=row["invested_1e4_cny"],
        cumulative=row["cumulative_1e4_cny"],
        progress=row["progress"],
        load_id=row["load_id"],
    )


def _is_month(period: Period) -> bool:
    return period.kind in (PeriodKind.MONTH, PeriodKind.JOINED)


def _end(period: Period) -> date:
    return period.end
