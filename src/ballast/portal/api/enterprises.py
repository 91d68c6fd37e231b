"""Enterprises for programs: what the Enterprise page shows, to the same readers.

Every answer is unit data: none is kept on the way, and each is written down
with who asked. The list is of what the caller may see, and so is the answer to
a code: whoever may not see an enterprise is told that there is none.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ballast.brain.enterprise_profile import enterprises, profile
from ballast.errors import WrongUsage
from ballast.portal.api.callers import Asker
from ballast.portal.api.cursors import read_cursor, write_cursor
from ballast.portal.api.enterprise_shapes import Enterprise, Enterprises
from ballast.portal.api.enterprise_telling import enterprise_shape, listed_shape
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.rows import Cursor, Limit
from ballast.terms.china import day_in_china
from ballast.terms.period import Period

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["enterprises"])
_FURTHEST = 100_000_000


@router.get("/api/v1/enterprises", operation_id="listEnterprises")
def list_enterprises(
    ask: Asker,
    q: Annotated[
        str, Query(max_length=80, description="Part of a name, or the beginning of a code.")
    ] = "",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Enterprises:
    """List the enterprises that the caller may see, by name."""
    text = " ".join(q.replace("\0", " ").split())
    question = ["enterprises", text]
    start = 0 if cursor is None else _start(question, cursor)
    today = day_in_china(ask.context.clock())
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=True, more=str(today))
        found = enterprises(lake, ask.viewer, text, today=today, limit=limit + 1, offset=start)
    shown = found[:limit]
    if shown:
        ask.audit(f"enterprises: {text}".strip(), len(shown))
    return Enterprises(
        enterprises=[listed_shape(one) for one in shown],
        next=write_cursor(question, start + limit) if len(found) > limit else None,
    )


def _start(question: list[str], cursor: str) -> int:
    found = read_cursor(question, cursor)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= _FURTHEST:
        raise WrongUsage("this cursor leads nowhere; ask again without one")
    return found


@router.get("/api/v1/enterprises/{uscc}", operation_id="readEnterprise")
def read_enterprise(
    ask: Asker,
    uscc: Annotated[str, Path(max_length=40, description="Its unified social credit code.")],
    period: Annotated[
        str | None,
        Query(max_length=40, description="With which period figures end; the newest without one."),
    ] = None,
) -> Enterprise:
    """Tell what one enterprise is, how it does and where it stands among its peers."""
    until = None if period is None else Period.parse(period)
    today, code = day_in_china(ask.context.clock()), uscc.strip().upper()
    with ask.lakes.lend() as lake:
        found = profile(lake, ask.viewer, code, region=ask.context.region, today=today, until=until)
        editions = "|".join(
            lake.edition(name) for name in ("plant_daily", "handle_daily", "enterprise_prefix")
        )
        ask.audit(f"enterprise {code}", 1)
        ask.tagged(lake, units=True, more=f"{today} {editions}")
    return enterprise_shape(found, ask.language)
