"""What is known of an enterprise, as the rules ask for it: facts with their year and their source.

A dictionary of numbers would answer the rules, but not the enterprise that
asks where a figure comes from, and it would take the revenue of two years ago
for that of last year. A fact carries its year where it has one, and whoever
asks names the year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ballast.terms.label import Label

__all__ = ["Doubt", "Fact", "Facts", "Held", "Value"]

Value = Decimal | bool | str | date
"""Money in 10,000 CNY, shares as fractions, counts as whole decimals."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    Parameters
    ----------
    key
        As declared in ``terms.policy_fact``.
    value
        In the unit of the declaration.
    source
        Where it comes from, as shown to people.
    year
        The calendar year that it is of; None for what holds on a day.
    as_of
        The day on which it held, or was stated.
    """

    key: str
    value: Value
    source: Label
    year: int | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A title that the enterprise was given; ``expires`` is the last day on which it is valid."""

    scheme: str
    awarded: date
    expires: date | None
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What keeps facts from being used: they contradict each other, or cannot be what they say."""

    keys: tuple[tuple[str, int | None], ...]
    reason: Label


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one enterprise on a day.

    Parameters
    ----------
    known
        By key and year.
    titles
        What the enterprise holds or held.
    titles_known
        False where nobody said which titles it holds: then "holds none" is not known.
    doubts
        Facts that are not used, with the reason (``fact_doubts.doubts``); a rule that asks for one
        of them is told that it is unknown.
    """

    known: Mapping[tuple[str, int | None], Fact] = field(default_factory=dict)
    titles: tuple[Held, ...] = ()
    titles_known: bool = True
    doubts: tuple[Doubt, ...] = ()

    def get(self, key: str, year: int | None = None) -> Fact | None:
        """Return a fact, or None where it is not known or in doubt."""
        if any((key, year) in doubt.keys for doubt in self.doubts):
            return None
        return self.known.get((key, year))

    def __iter__(self) -> Iterator[Fact]:
        """Return the facts, in doubt or not."""
        return iter(self.known.values())
