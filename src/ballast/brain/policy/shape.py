"""How a law is written down: the shapes that the files of ``law/`` are read into.

Rules as functions would be shorter to write, but an official cannot read
them, a date cannot be asked of them, and their figures cannot be traced to an
article. Here a rule is a tree of frozen values, of few kinds, that the engine
for one enterprise and the engine for a million both walk: neither knows any
law. Unknown keys are refused, so a misspelt one is an error and not a rule
that silently does not apply.

Figures are read as decimals. A threshold stands in the unit that the law
writes (3 with ``percent``, 5000 with ``1e4_cny``); whoever compares converts
with the unit's own factor.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ballast.terms.unit import ONE, UNITS, Unit

__all__ = [
    "LAW_UNITS",
    "All",
    "Among",
    "Any",
    "Application",
    "AtLeast",
    "Band",
    "Bands",
    "Best",
    "Capped",
    "Compare",
    "Criterion",
    "Expert",
    "First",
    "Flag",
    "Holds",
    "Item",
    "Judged",
    "Manual",
    "Operator",
    "PerUnit",
    "Points",
    "Quantity",
    "Score",
    "ScoreGroup",
    "Shape",
    "Size",
    "Words",
]


LAW_UNITS: Mapping[str, Unit] = MappingProxyType({**UNITS, ONE.name: ONE})
"""The units that a law may write, by name; those that only machines speak are none of them."""


class Application(StrEnum):
    """What is applied for."""

    NEW = "new"  # 新申报
    RENEWAL = "renewal"  # 复核


Operator = Literal[">=", ">", "<=", "<", "=="]


class Shape(BaseModel):
    """What all shapes share: frozen, and nothing in them that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Shape):
    """A name or a sentence, Chinese and English."""

    zh: str
    en: str


class Quantity(Shape):
    """What is computed from facts, by a formula (`formula.parse`), ``rd[last] / revenue[last]``.

    ``unit`` is the unit in which it is shown; the value itself is in the dimension's own terms
    as the facts are stored: money in 10,000 CNY, shares as fractions.
    """

    label: Words
    unit: str
    formula: str


class _Rule(Shape):
    """What every criterion carries.

    Parameters
    ----------
    id
        Unique in its version; stable over time, because results are kept under it.
    label
        What is demanded, as an official would say it.
    article
        Where it stands in the instrument.
    confirmed
        False where no source at hand confirms it; shown to the user.
    note
        A remark shown with the criterion: what the mark means, how it is read.
    only
        The kind of application that it is tested in; null: both.
    when
        A condition without which the criterion does not apply (state "not applicable").
    waived_by
        What makes it count as met though it is not.
    evidence
        Which document shows it.
    """

    id: str
    label: Words
    article: str
    confirmed: bool = True
    note: Words | None = None
    only: Application | None = None
    when: Criterion | None = None
    waived_by: Criterion | None = None
    evidence: Words | None = None


class All(_Rule):
    """Met when all parts are."""

    kind: Literal["all"]

    of: tuple[Criterion, ...]


class Any(_Rule):
    """Met when one part is."""

    kind: Literal["any"]

    of: tuple[Criterion, ...]


class AtLeast(_Rule):
    """Met when a number of the parts are."""

    kind: Literal["at_least"]

    count: int
    of: tuple[Criterion, ...]


class Compare(_Rule):
    """A quantity against a parameter; ``years`` > 1: in each of so many years, the last one first.

    ``quantity`` and ``threshold`` name entries of the version.
    """

    kind: Literal["compare"]

    quantity: str
    op: Operator
    threshold: str
    years: int = 1


class Flag(_Rule):
    """A fact of yes or no that must be ``expected``."""

    kind: Literal["flag"]

    fact: str
    expected: bool = True


class Among(_Rule):
    """A fact of choice that must be one of ``choices``."""

    kind: Literal["among"]

    fact: str
    choices: tuple[str, ...]


class Holds(_Rule):
    """A valid title of one of ``schemes`` on the day of the decision."""

    kind: Literal["holds"]

    schemes: tuple[str, ...]


class Size(_Rule):
    """The size class under the size standard in force on the day must be one of ``classes``."""

    kind: Literal["size"]

    classes: tuple[str, ...]


class Manual(_Rule):
    """What only people can judge; a fact of yes or no with this key records their judgement."""

    kind: Literal["manual"]

    fact: str | None = None


class Points(Shape):
    """Points of an item: a figure, or, where an expert chooses within a band, the two ends."""

    low: Decimal
    high: Decimal


class Band(Shape):
    """From ``at_least`` (or strictly ``above``) on these points; null ends the list: all the rest.

    Bands are listed from the highest down; a value at a boundary takes the higher band.
    """

    at_least: Decimal | None = None
    above: Decimal | None = None
    points: Decimal | Points


class _Item(Shape):
    """What every item of a score carries."""

    id: str
    label: Words
    article: str
    confirmed: bool = True
    note: Words | None = None
    evidence: Words | None = None


class Bands(_Item):
    """Points by the band that a quantity falls into; ``unit`` is that of the bounds."""

    kind: Literal["bands"]

    quantity: str
    unit: str
    bands: tuple[Band, ...]


class Judged(Shape):
    """A condition, and the points where it is the first that is met."""

    test: Criterion
    points: Decimal | Points


class First(_Item):
    """Points of the first condition that is met; ``otherwise`` where none is."""

    kind: Literal["first"]

    of: tuple[Judged, ...]
    otherwise: Decimal | Points = Decimal(0)


class Capped(_Item):
    """The points of every condition that is met, added up to a cap."""

    kind: Literal["capped"]

    of: tuple[Judged, ...]
    cap: Decimal


class PerUnit(_Item):
    """``points`` for each full ``each`` of a quantity, up to a cap."""

    kind: Literal["per"]

    quantity: str
    each: Decimal
    points: Decimal
    cap: Decimal


class Expert(_Item):
    """Points that experts give, between two ends; a fact of this key records what they gave."""

    kind: Literal["expert"]

    points: Points
    fact: str | None = None


class Best(_Item):
    """The better of several ways to score the same item."""

    kind: Literal["best"]

    of: tuple[Item, ...]


Item = Annotated[Bands | First | Capped | PerUnit | Expert | Best, Field(discriminator="kind")]


class ScoreGroup(Shape):
    """A part of a score; ``least`` names the parameter it must reach by itself, if any."""

    id: str
    label: Words
    items: tuple[Item, ...]
    cap: Decimal
    least: str | None = None


class Score(_Rule):
    """The sum of groups against a parameter: ``>=``, or ``>`` where the law says "more than"."""

    kind: Literal["score"]

    groups: tuple[ScoreGroup, ...]
    threshold: str
    op: Literal[">=", ">"] = ">="


Criterion = Annotated[
    All | Any | AtLeast | Compare | Flag | Among | Holds | Size | Manual | Score,
    Field(discriminator="kind"),
]
