"""Drafts: what a person has begun and not yet handed in, one a kind.

JSON and not columns: each form knows its own fields, and a draft may be
half-filled or wrong, which no table should have to allow.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from ballast.errors import Refused
from ballast.state.schema import DRAFTS
from ballast.state.store import State
from ballast.state.texts import json_text

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft.

    Parameters
    ----------
    kind
        Of which form.
    body
        What JSON holds: dictionaries, lists, texts, numbers, truth values, nothing.
    saved_at
        UTC.
    """

    kind: str
    body: object
    saved_at: datetime


def save_draft(state: State, user_id: int, kind: str, body: object) -> Draft:
    """Keep a draft in the place of the one before.

    Raises
    ------
    Refused
        If it takes more than 1 MB as JSON.
    """
    text = json_text(body)
    if len(text.encode()) > MOST_BYTES:
        raise Refused("the draft is larger than {most} MB; hand in what is done", most=1)
    now = state.clock()
    row = insert(DRAFTS).values(user_id=user_id, kind=kind, body=text, saved_at=now)
    kept = row.on_conflict_do_update(set_={"body": text, "saved_at": now})
    with state.write() as connection:
        connection.execute(kept)
    return Draft(kind, json.loads(text), now)


def load_draft(state: State, user_id: int, kind: str) -> Draft | None:
    """Return the draft of a kind, or nothing."""
    here = (DRAFTS.c.user_id == user_id) & (DRAFTS.c.kind == kind)
    with state.read() as connection:
        row = connection.execute(select(DRAFTS).where(here)).one_or_none()
    return None if row is None else Draft(row.kind, json.loads(row.body), row.saved_at)


def drop_draft(state: State, user_id: int, kind: str) -> None:
    """Forget the draft of a kind; that there is none is no error."""
    with state.write() as connection:
        here = (DRAFTS.c.user_id == user_id) & (DRAFTS.c.kind == kind)
        connection.execute(delete(DRAFTS).where(here))
