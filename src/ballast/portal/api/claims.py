"""The statements of a text with their answers, for programs; the same rights as the page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from ballast.brain.claims.answers import Checked
from ballast.brain.claims.answers import Verdict as Answer
from ballast.brain.claims.showing import as_json
from ballast.brain.claims.statement import Bound, Kind
from ballast.portal.api.callers import Asker
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import Shape
from ballast.portal.claims import MOST_CHARACTERS, answered, audit_claims
from ballast.terms.china import day_in_china

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["claims"])


class TextShape(Shape):
    """A text that is to be checked."""

    text: str = Field(min_length=1, max_length=MOST_CHARACTERS)
    written: Annotated[
        date | None, Field(description="The day of writing: what “last year” is. Today.")
    ] = None


class NamedPlace(Shape):
    """A place as it is written, with its codes; none where it is not known."""

    words: str
    codes: list[str]


class NamedScope(Shape):
    """A cluster, an industry, an owner or an enterprise, with its code where it is known."""

    kind: str
    words: str
    code: str | None


class OurFigure(Shape):
    """A figure of ours beside a statement, and what gives it again."""

    label: str
    value: str | None
    unit: str
    agrees: bool | None
    sources: list[str]
    as_of: datetime | None
    synthetic: bool
    command: str | None


class StatementShape(Shape):
    """One statement and its answer; places count the characters of the text as sent."""

    number: int
    marked: str
    start: int
    end: int
    sentence: tuple[int, int]
    kind: Kind
    indicator: str | None = Field(description="Null: none that is kept here.")
    subject: str
    listing: str | None = Field(description="The list of somebody else that it speaks of.")
    value: str | None
    value_to: str | None
    bound: Bound | None
    unit: str | None
    place: NamedPlace | None
    scope: NamedScope | None
    period: str | None
    since: str | None
    years: int | None
    months: int | None
    yearly: bool
    against: NamedPlace | None
    within: NamedPlace | None
    of_growth: bool
    target: bool
    carried: list[str]
    verdict: Answer
    ours: list[OurFigure]
    reason: str | None
    needed: str | None
    conflicts: list[int]


class ClaimsShape(Shape):
    """What a text states, and what our figures say to it."""

    synthetic: bool = Field(description="Whether any figure of ours rests on made-up data.")
    statements: list[StatementShape]


@router.post("/api/v1/claims", operation_id="checkClaims")
def check_claims(ask: Asker, wish: TextShape) -> ClaimsShape:
    """Find what a text states in figures, ranks and counts, and check each; nothing is kept."""
    ask.private()
    today = day_in_china(ask.context.clock())
    with ask.lakes.lend() as lake:
        checked: tuple[Checked, ...] = answered(
            lake, ask.viewer, wish.text, written=wish.written or today, today=today,
            region=ask.context.region,
        )  # fmt: skip
    audit_claims(ask.identity, checked)
    return ClaimsShape(
        synthetic=any(one.synthetic for one in checked),
        statements=[StatementShape.model_validate(one) for one in as_json(wish.text, checked)],
    )
