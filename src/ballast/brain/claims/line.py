"""What is at hand while the numbers of one sentence are read, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ballast.brain.claims.kinds import Said
from ballast.brain.claims.mention import Form, Mention
from ballast.brain.claims.statement import Place, Scope
from ballast.brain.claims.subjects import SubjectToken
from ballast.brain.claims.times import TimeToken
from ballast.brain.claims.tokens import Tokens
from ballast.brain.claims.vocabulary import Vocabulary
from ballast.terms.period import Period

__all__ = ["Carried", "Context", "Line", "Turn"]


@dataclass(frozen=True, slots=True)
class Context:
    """What was said earlier in the paragraph, and the enterprise that spoke last in the text."""

    place: Place | None = None
    period: Period | None = None
    enterprise: Scope | None = None
    subject: SubjectToken | None = None


@dataclass(slots=True)
class Carried:
    """What the numbers before this one were of; changed from one number to the next.

    Parameters
    ----------
    subject, place, period, against, said
        Of the number before.
    clause
        Where its clause began.
    row
        The figures that it was of, where these were several: A、B均….
    measures
        Places that numbers were measured against, or ranked within.
    """

    subject: SubjectToken | None = None
    place: Place | None = None
    period: TimeToken | None = None
    against: Place | None = None
    said: Said | None = None
    clause: int = -1
    row: list[SubjectToken] = field(default_factory=list)
    measures: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, with what is known beside it.

    Parameters
    ----------
    found
        The sentence and what is in it.
    known, context, written
        Names, what was said before, the day of writing.
    carried
        From number to number.
    """

    found: Tokens
    known: Vocabulary
    context: Context
    written: date
    carried: Carried

    @property
    def text(self) -> str:
        """The sentence."""
        return self.found.text

    @property
    def english(self) -> bool:
        """Which language it is in."""
        return self.found.english

    @property
    def listing(self) -> str | None:
        """The list that the sentence speaks of."""
        names = [m.listing for m in self.found.mentions if m.form is Form.LISTED]
        return names[0] if names else None


@dataclass(frozen=True, slots=True)
class Turn:
    """One number and the words around it.

    Parameters
    ----------
    number, mention
        Which one.
    clause, start, end
        Where its clause begins; from where on the words are its own, behind the
        number before it; up to where those behind it are.
    own
        The words for figures that stand with it.
    listing
        The list that it is a place on, if it is one.
    """

    number: int
    mention: Mention
    clause: int
    start: int
    end: int
    own: tuple[SubjectToken, ...]
    listing: str | None = None
