"""The size class of an enterprise under the size standard that is in force on the day.

A lookup of two bounds would do where all is known. Where staff is known and
revenue is not, an enterprise of twelve people is micro all the same: so the
answer is the set of classes that are still possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ballast.brain.policy.facts import Facts
from ballast.brain.policy.finding import Finding
from ballast.brain.policy.reading import Laws

__all__ = ["SIZE_STANDARD", "SizeClass", "size_class"]

SIZE_STANDARD = "size_standard"


@dataclass(frozen=True, slots=True)
class SizeClass:
    """What the size standard says.

    Parameters
    ----------
    classes
        Every class that is still possible, the largest first; one where it is known.
    finding
        The comparison: a part for each measure and bound.
    """

    classes: tuple[str, ...]
    finding: Finding


def size_class(laws: Laws, facts: Facts, day: date) -> SizeClass:
    """Return the size class on a day.

    The sector is the one with the longest code that the enterprise's industry (fact ``industry``,
    GB/T 4754-2017) begins with; a section's letter counts as shorter than any digit. A class is
    reached where all its measures are (``>=``); the first from the largest down is it, and
    ``otherwise`` where none is. A measure is a fact's key: of last year where the fact is yearly. A
    measure that is not known leaves every class possible that the others do not rule out. An
    industry that is not known, or in no sector, leaves every class of the standard possible.

    Raises
    ------
    Refused
        If no version of the standard applies on that day.
    """
    raise NotImplementedError(laws, facts, day)
