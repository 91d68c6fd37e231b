"""Clusters and industries of a region as the Cluster page shows them, with the same rights.

Sums over enterprises go to callers with the right to unit data. Everybody else
is given the definition, and the members of their own cluster whose figures
they may read; what is published of clusters stands under the measures.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from ballast.brain.cluster_shape import ClusterBook, Kind, MemberRow, Members, Profile
from ballast.errors import NotPermitted
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.cluster_shapes import ProfileShape, profile_shape
from ballast.portal.api.cursors import page
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.rows import Cursor, Limit
from ballast.portal.api.shapes import (
    About,
    Disclosure,
    LabelShape,
    Shape,
    label_shape,
    source_shapes,
)
from ballast.portal.cluster_reading import (
    ClusterQuestion,
    ask_book,
    ask_members,
    profile_of,
)
from ballast.terms.period import Period
from ballast.terms.region import is_extension
from ballast.terms.region import region as region_of
from ballast.terms.viewer import Right

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["clusters"])

Region = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{6}(-[A-Z0-9]{2,8})?$",
        description="A code of GB/T 2260, or of a zone; the region of the home where left out.",
    ),
]
Until = Annotated[
    str | None,
    Query(max_length=40, description="What enterprises' figures end with; else the newest."),
]
Key = Annotated[str, Path(max_length=60, description="Key of a cluster, or code of an industry.")]


class Profiles(Shape):
    """The clusters, divisions or groups of a region, largest first."""

    about: About
    region: str
    label: LabelShape
    year: str | None
    base: str | None = Field(description="The year that growth compares with.")
    definition: str | None
    profiles: list[ProfileShape]


class OneProfile(Shape):
    """One cluster, division or group."""

    about: About
    region: str
    label: LabelShape
    year: str | None
    base: str | None
    profile: ProfileShape


class MemberShape(Shape):
    """An enterprise that counts to it: unit data; money in 10,000 CNY, the whole enterprise."""

    uscc: str
    name: str
    place: LabelShape
    industry: str
    industry_label: LabelShape
    weight: float = Field(description="How much of it counts here, above 0, at most 1.")
    revenue: float | None
    growth: float | None = Field(description="Of revenue on the year before, percent.")
    persons: int | None


class MemberPage(Shape):
    """A page of members that the caller may see, largest revenue first."""

    year: str | None
    members: list[MemberShape]
    next: str | None


@router.get("/api/v1/clusters/profiles", operation_id="listProfiles")
def list_profiles(
    ask: Asker, kind: Kind = Kind.CLUSTER, region: Region = None, period: Until = None
) -> Profiles:
    """Return the clusters, divisions or groups of a region: size, stars, growth and its parts."""
    book = _book(ask, region, period, f"profiles {kind}")
    return Profiles(
        about=_about(book),
        region=book.region,
        label=label_shape(book.label),
        year=_text(book.year),
        base=_text(book.base),
        definition=book.definition,
        profiles=[profile_shape(one) for one in book.of(kind)],
    )


@router.get("/api/v1/clusters/profiles/{kind}/{key}", operation_id="readProfile")
def read_profile(
    ask: Asker, kind: Kind, key: Key, region: Region = None, period: Until = None
) -> OneProfile:
    """Return one cluster, division or group."""
    book = _book(ask, region, period, f"profile {kind} {key}")
    found: Profile = profile_of(book, ClusterQuestion(book.region, None, kind, key))
    return OneProfile(
        about=_about(book),
        region=book.region,
        label=label_shape(book.label),
        year=_text(book.year),
        base=_text(book.base),
        profile=profile_shape(found),
    )


@router.get("/api/v1/clusters/profiles/{kind}/{key}/members", operation_id="listMembers")
def list_members(
    ask: Asker,
    kind: Kind,
    key: Key,
    region: Region = None,
    period: Until = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> MemberPage:
    """Return the members that the caller may see: an operator's are those that consented."""
    asked = ClusterQuestion(_region(ask, region), _until(period), kind, key)
    waiting = ask_members(ask.pictures, ask.viewer, asked)
    if waiting is None:
        raise NotPermitted(
            "{who} may not see who belongs to {key}", who=ask.viewer.name, key=key[:60]
        )
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=True, more=str(ask.context.clock().date()))
    members: Members = waiting.result()
    question = ["members", asked.region, str(asked.period), kind, key]
    kept, more = page(members.rows, question, limit, cursor)
    if kept:
        ask.audit(f"clusters: members of {kind} {key}", len(kept))
    return MemberPage(year=_text(members.year), members=[_member(one) for one in kept], next=more)


def _book(ask: Caller, region: str | None, period: str | None, what: str) -> ClusterBook:
    if not ask.viewer.may(Right.READ_UNITS):
        raise NotPermitted(
            "{who} may not see clusters as they are summed from what every enterprise reported; "
            "ask the home's administrator for the right {right}",
            who=ask.viewer.name,
            right=Right.READ_UNITS.value,
        )
    code, until = _region(ask, region), _until(period)
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=True, more=str(ask.context.clock().date()))
    book = ask_book(ask.pictures, ask.viewer, code, until).result()
    counted = sum(one.enterprises for one in book.of(Kind.DIVISION))
    ask.audit(f"clusters: {what} of {code}", counted)
    return book


def _region(ask: Caller, region: str | None) -> str:
    code = region or ask.context.region
    if region is not None and not is_extension(code):
        region_of(code)
    return code


def _until(period: str | None) -> Period | None:
    return None if period is None else Period.parse(period)


def _text(period: Period | None) -> str | None:
    return None if period is None else str(period)


def _about(book: ClusterBook) -> About:
    return About(
        as_of=book.as_of,
        sources=source_shapes(book.sources),
        status=Disclosure.UNSUPPRESSED,
        synthetic=book.synthetic,
    )


def _member(one: MemberRow) -> MemberShape:
    return MemberShape(
        uscc=one.uscc,
        name=one.name,
        place=label_shape(one.place),
        industry=one.industry,
        industry_label=label_shape(one.industry_label),
        weight=one.weight,
        revenue=one.revenue,
        growth=one.growth,
        persons=one.persons,
    )
