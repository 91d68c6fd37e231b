"""Titles and their law for programs: the rules, the calendar, a check, the ladder, the pool.

The rules and the calendar are public, as law is. A check reads nothing of the
lake and keeps nothing: facts come in, decisions go out. The ladder of an
enterprise is unit data, read with the caller's own rights and written down;
the pool is as much of it as the caller may know.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from ballast.brain.policy.gathering import facts_of
from ballast.brain.policy.ladder import ladder
from ballast.brain.policy.law_shape import Law
from ballast.brain.policy.pool import pool
from ballast.brain.policy.pool_shape import Pool, PoolBy
from ballast.brain.policy.reading import laws
from ballast.brain.policy.selfcheck_answers import refusal
from ballast.brain.policy.shape import Application
from ballast.brain.policy.telling import as_json
from ballast.brain.policy.windows import calendar
from ballast.lake.lake import Lake
from ballast.portal.api.callers import Asker
from ballast.portal.api.policy_shapes import (
    CalendarShape,
    CheckedShape,
    CheckShape,
    LadderShape,
    PoolShape,
    SchemeShape,
    event_shape,
    ladder_shape,
    pool_shape,
    scheme_shape,
)
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import Shape
from ballast.portal.law_checking import Asked, checked, facts_written, questions_asked
from ballast.terms.china import day_in_china

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["policy"])

Scheme = Annotated[str, Path(max_length=60, description="Its key, such as `little_giant`.")]
_YEAR = timedelta(days=365)
_MOST_ANSWERS = 400


class Schemes(Shape):
    """The titles that there are rules of, in the order of the ladder."""

    schemes: list[SchemeShape]


class CheckIn(Shape):
    """What is to be checked: facts as they stand on the form of the self-check."""

    day: date | None = Field(default=None, description="Of the decision; today without one.")
    schemes: list[Annotated[str, Field(max_length=60)]] = Field(
        default_factory=list, max_length=20, description="All of them where none is named."
    )
    application: Application = Application.NEW
    certificate: date | None = Field(
        default=None, description="Of a renewal: the day of the certificate."
    )
    facts: dict[Annotated[str, Field(max_length=80)], Annotated[str, Field(max_length=80)]] = Field(
        max_length=_MOST_ANSWERS,
        description="Answers by field: `revenue[2025]`, `staff[2025]`, `six_bases`, "
        "`holds[specialised_sme]`; figures with their unit where it is another than the form's.",
    )


@router.get("/api/v1/policy/schemes", operation_id="listSchemes")
def list_schemes(ask: Asker) -> Schemes:
    """List the titles with the versions of their law."""
    del ask
    held = laws()
    return Schemes(schemes=[scheme_shape(held.law(key)) for key in held.schemes])


@router.get("/api/v1/policy/schemes/{scheme}", operation_id="readScheme")
def read_scheme(ask: Asker, scheme: Scheme) -> Law:
    """Return the whole law of a title as data: instruments, versions, parameters, criteria."""
    del ask
    return laws().law(scheme)


@router.get("/api/v1/policy/calendar", operation_id="readCalendar")
def read_calendar(
    ask: Asker,
    since: Annotated[date | None, Query(description="Today without one.")] = None,
    until: Annotated[date | None, Query(description="A year later without one.")] = None,
) -> CalendarShape:
    """Return windows of application, and laws that begin or end, between two days."""
    first = since or day_in_china(ask.context.clock())
    last = until or _year_after(first)
    found = calendar(laws(), first, last)
    return CalendarShape(since=first, until=last, events=[event_shape(one) for one in found])


def _year_after(day: date) -> date:
    return date.max if date.max - day < _YEAR else day + _YEAR


@router.post("/api/v1/policy/check", operation_id="checkTitles")
def check_titles(ask: Asker, body: CheckIn) -> CheckShape:
    """Decide facts that are sent, and keep nothing of them."""
    held, day = laws(), body.day or day_in_china(ask.context.clock())
    named = tuple(held.law(one).scheme for one in dict.fromkeys(body.schemes))
    asked = Asked(day, named or held.schemes, True, body.application, body.certificate)
    read = facts_written(body.facts, questions_asked(held, asked), day, held, only_asked=False)
    if read.problems:
        raise refusal(read.problems)
    found = checked(held, read.facts, asked)
    return CheckShape(
        day=day,
        application=body.application,
        decisions=[
            CheckedShape(
                scheme=one.scheme,
                decision=None if one.decision is None else as_json(one.decision, ask.language),
                refused=None if one.refused is None else one.refused.text(ask.language),
            )
            for one in found
        ],
    )


@router.get("/api/v1/enterprises/{uscc}/ladder", operation_id="readLadder")
def read_ladder(
    ask: Asker,
    uscc: Annotated[str, Path(max_length=40, description="Its unified social credit code.")],
    day: Annotated[date | None, Query(description="Of the decision; today without one.")] = None,
) -> LadderShape:
    """Tell which titles an enterprise holds, the next ones, and what each lacks."""
    code, when = uscc.strip().upper(), day or day_in_china(ask.context.clock())
    with ask.lakes.lend() as lake:
        found = ladder(laws(), facts_of(lake, ask.viewer, code, when), when)
        ask.audit(f"enterprise {code}: ladder", 1)
        ask.tagged(lake, units=True, more=str(when))
    return ladder_shape(found, code, ask.language)


@router.get("/api/v1/policy/pool", operation_id="readPool")
def read_pool(
    ask: Asker,
    scheme: Annotated[
        list[str] | None, Query(max_length=20, description="Only these titles.")
    ] = None,
) -> PoolShape:
    """Return how many enterprises stand where before each title; names to who may read units."""
    viewer, today = ask.viewer, day_in_china(ask.context.clock())
    wanted = tuple(scheme or ())

    def read(lake: Lake) -> Pool:
        return pool(lake, viewer, laws(), today, (PoolBy.COUNTY, PoolBy.CLUSTER), wanted)

    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=True, more=str(today))
    found = ask.pictures.other(viewer, ("law-pool-api", today, wanted), read).result()
    if found.candidates:
        ask.audit("law: pool", len(found.candidates))
    return pool_shape(found)
