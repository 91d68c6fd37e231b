"""Whether this factory agreed that its days are told to another home, and since when.

Given explicitly once, recorded with who gave it, and taken back at any time.
Append only: that it was once given, or refused, is itself a fact.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select

from ballast.state.schema import PLANT_CONSENTS
from ballast.state.store import State
from ballast.state.texts import storable

__all__ = ["Consent", "note_consent", "standing_consent"]

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Consent:
    """What was last said about telling.

    Parameters
    ----------
    at, who
        When, and by whom.
    uscc
        For which enterprise.
    given
        Given, or taken back.
    """

    at: datetime
    who: str
    uscc: str
    given: bool


def note_consent(state: State, uscc: str, who: str, *, given: bool) -> Consent:
    """Note that an enterprise agrees from now on, or no longer."""
    said = Consent(state.clock(), storable(who)[:_LONGEST_NAME], uscc, given)
    with state.write() as connection:
        connection.execute(insert(PLANT_CONSENTS).values(asdict(said)))
    return said


def standing_consent(state: State, uscc: str) -> Consent | None:
    """Return what was last said for an enterprise; ``None`` where nothing was."""
    wanted = (
        select(PLANT_CONSENTS)
        .where(PLANT_CONSENTS.c.uscc == uscc)
        .order_by(PLANT_CONSENTS.c.id.desc())
        .limit(1)
    )
    with state.read() as connection:
        row = connection.execute(wanted).one_or_none()
    return None if row is None else Consent(row.at, row.who, row.uscc, row.given)
