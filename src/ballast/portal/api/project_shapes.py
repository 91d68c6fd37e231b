"""What the API says of projects, their effect and the goals: shapes, and how they are filled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from ballast.brain.goals.goal import Standing
from ballast.brain.projects.effect import Estimate
from ballast.brain.projects.effect_panel import Study
from ballast.brain.projects.effect_words import answer_of, caveats_of, sample_of
from ballast.brain.projects.flags import Flag
from ballast.brain.projects.ledger import Event, Month, Project
from ballast.portal.api.shapes import (
    Amount,
    LabelShape,
    Shape,
    UnitShape,
    amount,
    label_shape,
    unit_shape,
)
from ballast.terms.label import Language

__all__ = [
    "EffectShape",
    "FlagShape",
    "GoalShape",
    "Goals",
    "ProjectChange",
    "ProjectFlag",
    "ProjectFlags",
    "ProjectListed",
    "ProjectWhole",
    "Projects",
    "effect_shape",
    "flag_shape",
    "goal_shape",
    "listed_project",
    "whole_project",
]


class FlagShape(Shape):
    """One thing that is wrong with a project."""

    kind: str
    since: date
    reason: str = Field(description="With its figures, in the language asked for.")


class ProjectListed(Shape):
    """One project as it stands; amounts in 10,000 CNY."""

    number: str
    name: str
    aliases: list[str]
    uscc: str
    enterprise: LabelShape | None
    kind: str
    status: str
    region: str
    industry: str
    planned_1e4_cny: Amount
    invested_1e4_cny: Amount | None
    funds_own_1e4_cny: Amount | None
    funds_loan_1e4_cny: Amount | None
    funds_fiscal_1e4_cny: Amount | None
    planned_start: date | None
    planned_end: date | None
    started: date | None
    finished: date | None
    load_id: str = Field(description="Of the row as it stands; a change names it in `seen`.")


class Projects(Shape):
    """Projects by number, the newest first."""

    projects: list[ProjectListed]
    synthetic: bool
    next: str | None = Field(description="Cursor of the next page; null: there is none.")


class MonthShape(Shape):
    """What was told of a project for one month; amounts in 10,000 CNY."""

    period: str
    planned_1e4_cny: Amount | None
    invested_1e4_cny: Amount | None
    cumulative_1e4_cny: Amount | None
    progress: str | None


class EventShape(Shape):
    """One change to a project."""

    seq: int
    on: date
    kind: str
    field: str | None
    before: str | None
    after: str | None
    reason: str | None
    who: str
    load_id: str


class ProjectWhole(Shape):
    """One project with its flags, its months and its history."""

    project: ProjectListed
    flags: list[FlagShape]
    months: list[MonthShape]
    history: list[EventShape]
    as_of: date = Field(description="The day that it is judged on.")
    synthetic: bool


class ProjectFlag(Shape):
    """A flag, and whose."""

    number: str
    name: str
    uscc: str
    region: str
    flag: FlagShape


class ProjectFlags(Shape):
    """Everything that is flagged, by kind and day."""

    flags: list[ProjectFlag]
    as_of: date
    synthetic: bool
    next: str | None = Field(description="Cursor of the next page; null: there is none.")


class ProjectChange(Shape):
    """A change to one project: what becomes of which fields, and why."""

    changes: dict[str, str] = Field(
        min_length=1, max_length=20,
        description="Column of the table `project` to its new value as text; empty: emptied.",
        examples=[{"status": "finished", "finished": "2026-05-20"}],
    )  # fmt: skip
    reason: str = Field(min_length=2, max_length=500)
    seen: str | None = Field(
        default=None, max_length=40,
        description="`load_id` of the project as you saw it; refused if it was changed since.",
    )  # fmt: skip


class EstimateShape(Shape):
    """A difference in percent with its 95 % interval."""

    quarters: int | None = Field(description="From the finish; null: the mean after it.")
    percent: float
    low: float
    high: float


class EffectShape(Shape):
    """What finished projects did, who was compared, and what it cannot say."""

    outcome: str
    kinds: list[str]
    mean: EstimateShape
    steps: list[EstimateShape]
    apart_p: float = Field(description="Small where the two moved apart before the finish already.")
    enterprises: int
    others: int
    first: str
    last: str
    answer: list[str]
    sample: list[str]
    caveats: list[str]
    synthetic: bool


class GoalShape(Shape):
    """A goal and how it stands; figures in the indicator's unit."""

    programme: str
    item: str
    label: LabelShape
    unit: UnitShape | None
    region: str
    period: str
    measure: str
    target: Amount
    level: float | None = Field(description="The level that the target means.")
    base_period: str | None
    base: float | None
    actual: float | None
    actual_period: str | None
    path: float | None = Field(description="What should have been reached by that period.")
    gap: float | None
    standing: str
    reason: str | None = Field(description="Why it cannot be told.")
    responsible: str | None
    synthetic: bool


class Goals(Shape):
    """The goals that are set."""

    goals: list[GoalShape]
    until: str = Field(description="The newest month that was looked at.")


def listed_project(one: Project) -> ProjectListed:
    """Return a project as it travels."""
    own, loan, fiscal = one.funds
    return ProjectListed(
        number=one.number,
        name=one.name,
        aliases=list(one.aliases),
        uscc=one.uscc,
        enterprise=None if one.enterprise is None else label_shape(one.enterprise),
        kind=one.kind,
        status=one.status.value,
        region=one.region,
        industry=one.industry,
        planned_1e4_cny=amount(one.planned) or "0",
        invested_1e4_cny=amount(one.invested),
        funds_own_1e4_cny=amount(own),
        funds_loan_1e4_cny=amount(loan),
        funds_fiscal_1e4_cny=amount(fiscal),
        planned_start=one.planned_start,
        planned_end=one.planned_end,
        started=one.started,
        finished=one.finished,
        load_id=one.load_id,
    )


def flag_shape(flag: Flag, language: Language) -> FlagShape:
    """Return a flag as it travels."""
    return FlagShape(kind=flag.kind.value, since=flag.since, reason=flag.reason.text(language))


def whole_project(
    one: Project,
    flags: Sequence[Flag],
    months: Sequence[Month],
    events: Sequence[Event],
    language: Language,
    *,
    as_of: date,
    synthetic: bool,
) -> ProjectWhole:
    """Return a project with all that is known of it."""
    return ProjectWhole(
        project=listed_project(one),
        flags=[flag_shape(flag, language) for flag in flags],
        months=[
            MonthShape(
                period=str(month.period),
                planned_1e4_cny=amount(month.planned),
                invested_1e4_cny=amount(month.invested),
                cumulative_1e4_cny=amount(month.cumulative),
                progress=month.progress,
            )
            for month in months
        ],
        history=[
            EventShape(
                seq=event.seq, on=event.on, kind=event.kind, field=event.field,
                before=event.before, after=event.after, reason=event.reason, who=event.who,
                load_id=event.load_id,
            )
            for event in events
        ],
        as_of=as_of,
        synthetic=synthetic,
    )  # fmt: skip


def _estimate(one: Estimate) -> EstimateShape:
    value, low, high = one.percent
    return EstimateShape(quarters=one.step, percent=value, low=low, high=high)


def effect_shape(found: Study, language: Language) -> EffectShape:
    """Return a study as it travels."""
    return EffectShape(
        outcome=found.outcome,
        kinds=list(found.kinds),
        mean=_estimate(found.effect.mean),
        steps=[_estimate(one) for one in found.effect.steps],
        apart_p=found.effect.apart,
        enterprises=found.effect.sets,
        others=found.effect.others,
        first=str(found.first),
        last=str(found.last),
        answer=[one.text(language) for one in answer_of(found)],
        sample=[one.text(language) for one in sample_of(found)],
        caveats=[one.text(language) for one in caveats_of(found)],
        synthetic=found.synthetic,
    )


def goal_shape(one: Standing, language: Language) -> GoalShape:
    """Return a goal as it travels."""
    goal = one.goal
    return GoalShape(
        programme=goal.programme,
        item=goal.item,
        label=label_shape(one.label),
        unit=None if one.unit is None else unit_shape(one.unit),
        region=goal.region,
        period=str(goal.period),
        measure=goal.measure,
        target=amount(goal.target) or "0",
        level=one.level,
        base_period=None if goal.base_period is None else str(goal.base_period),
        base=one.base,
        actual=one.actual,
        actual_period=None if one.at is None else str(one.at),
        path=one.path,
        gap=one.gap,
        standing=one.place.value,
        reason=None if one.reason is None else one.reason.text(language),
        responsible=goal.responsible,
        synthetic=one.synthetic,
    )
