"""Goals for programs: what was set, the figure, the path to it, and where things stand.

What was set is public; a figure is told as far as the caller may know it, and
a goal whose figure is withheld says so.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from ballast.brain.goals.standing import goals, newest_month, standings
from ballast.portal.api.callers import Asker
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.project_shapes import Goals, goal_shape
from ballast.terms.china import day_in_china
from ballast.terms.period import Period
from ballast.terms.viewer import Right

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["goals"])


@router.get("/api/v1/goals", operation_id="listGoals")
def list_goals(
    ask: Asker,
    region: Annotated[
        str | None, Query(max_length=20, description="Of this region alone, by its code.")
    ] = None,
    programme: Annotated[
        str | None, Query(max_length=80, description="Of programmes whose name holds this.")
    ] = None,
    period: Annotated[
        str | None, Query(max_length=40, description="The newest month looked at.")
    ] = None,
) -> Goals:
    """List the goals, each held against its figure and against the path to it."""
    until = None if period is None else Period.parse(period)
    today = day_in_china(ask.context.clock())
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=ask.viewer.may(Right.READ_UNITS), more=str(today))
        found = goals(lake, region=region, programme=programme)
        last = until or newest_month(lake, ask.viewer, today)
        standing = standings(lake, ask.viewer, found, until=last)
    return Goals(goals=[goal_shape(one, ask.language) for one in standing], until=str(last))
