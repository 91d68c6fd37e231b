"""Who I am, and my keys: listed, issued, taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from ballast.errors import NotPermitted
from ballast.portal.api.callers import Asker
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import LabelShape, Shape, label_shape
from ballast.state.keys import Key, issue_key, list_keys, revoke_key
from ballast.terms.role import ROLE_LABELS

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["me"])

_MOST_DAYS = 366


class Me(Shape):
    """The account that calls, and what it may see."""

    name: str
    display: str
    role: str
    role_label: LabelShape
    rights: list[str]
    enterprises: list[str] = Field(
        description="Codes whose unit data may be read without the right."
    )
    clusters: list[str]


class KeyShape(Shape):
    """A key, without its secret."""

    id: int
    label: str
    created_at: datetime
    expires_at: datetime
    last_used: datetime | None
    revoked_at: datetime | None


class IssuedKey(Shape):
    """A new key. The secret is shown this once."""

    secret: str
    key: KeyShape


class Keys(Shape):
    """One's own keys, newest first."""

    keys: list[KeyShape]


class Wish(Shape):
    """A key that is asked for."""

    label: str = Field(min_length=1, max_length=100, description="What it is for.")
    days: int = Field(default=90, ge=1, le=_MOST_DAYS, description="How long it lives.")


@router.get("/api/v1/me", operation_id="me")
def me(ask: Asker) -> Me:
    """Say who calls and what that account may see."""
    ask.private()
    user, viewer = ask.user, ask.viewer
    return Me(
        name=user.name,
        display=user.display,
        role=viewer.role.value,
        role_label=label_shape(ROLE_LABELS[viewer.role]),
        rights=sorted(right.value for right in viewer.rights),
        enterprises=sorted(viewer.enterprises),
        clusters=sorted(viewer.clusters),
    )


@router.get("/api/v1/keys", operation_id="listKeys")
def keys(ask: Asker) -> Keys:
    """List one's own keys."""
    ask.private()
    return Keys(keys=[_shape(key) for key in list_keys(ask.context.state, ask.user.id)])


@router.post("/api/v1/keys", operation_id="issueKey", status_code=201)
def issue(ask: Asker, wish: Wish) -> IssuedKey:
    """Issue a key with the rights of one's own account.

    Only from a signed-in session: a stolen key cannot make itself a successor.
    """
    ask.private()
    if ask.by_key:
        raise NotPermitted("a key cannot issue keys; sign in and issue it there")
    expires = ask.context.clock() + timedelta(days=wish.days)
    secret, key = issue_key(ask.context.state, ask.user.id, wish.label, expires)
    return IssuedKey(secret=secret, key=_shape(key))


@router.delete("/api/v1/keys/{key_id}", operation_id="revokeKey")
def revoke(
    ask: Asker,
    key_id: Annotated[int, Path(ge=1, le=2**62, description="Number of a key of one's own.")],
) -> KeyShape:
    """Take one of one's own keys back."""
    ask.private()
    return _shape(revoke_key(ask.context.state, key_id, ask.user.id))


def _shape(key: Key) -> KeyShape:
    return KeyShape(
        id=key.id,
        label=key.label,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used=key.last_used,
        revoked_at=key.revoked_at,
    )
