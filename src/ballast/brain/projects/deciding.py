"""What a person says of rows that the program would not decide, and what rows then mean.

Kept apart from the matching: the same row is matched anew each time, and a decision
is laid over it, so that it can be taken back, and what the row may mean besides stays in sight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ballast.brain.projects.ledger import Ledger, same_number
from ballast.brain.projects.matching import Index, Match, MatchKind, match
from ballast.brain.projects.sheet import SheetRow
from ballast.errors import NotFound, WrongUsage
from ballast.words import Sentence

__all__ = ["Decisions", "check_decisions", "decided"]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person said; rows are named by their place (`SheetRow.place`).

    Parameters
    ----------
    same
        Row to the number of the project that it means.
    new
        Rows that are new projects.
    out
        Rows that are not to be taken.
    correct
        Whether months that stand already may be corrected.
    ask
        Whether a row that evidence alone decides waits for a person too.
    """

    same: Mapping[str, str] = field(default_factory=dict)
    new: frozenset[str] = frozenset()
    out: frozenset[str] = frozenset()
    correct: bool = False
    ask: bool = False

    def told(self) -> str:
        """Return the decisions as a text that is the same for the same decisions."""
        same = sorted(self.same.items())
        return f"{same} {sorted(self.new)} {sorted(self.out)} {self.correct} {self.ask}"


def check_decisions(of: Ledger, rows: Sequence[SheetRow], said: Decisions) -> None:
    """Refuse decisions about projects or rows that are not there, and two about one row.

    Parameters
    ----------
    of
        The ledger.
    rows
        The sheet.
    said
        The decisions.

    Raises
    ------
    NotFound
        If a project or a row is not there.
    WrongUsage
        If a row is decided in two ways.
    """
    for number in said.same.values():
        if number not in of.projects:
            raise NotFound(
                "there is no project {number} that you may see; look for it in the ledger",
                number=number[:80],
            )
    named = [*said.same, *said.new, *said.out]
    unknown = set(named) - {row.place for row in rows}
    for place in sorted(unknown):
        raise NotFound(
            "the sheet has no right row {row}; rows are {first} to {last}, with SHEET! before the "
            "number where there are several worksheets",
            row=place[:80],
            first=rows[0].place,
            last=rows[-1].place,
        )
    for place in named:
        if named.count(place) > 1:
            raise WrongUsage("row {row} is decided in two ways; keep one of them", row=place[:80])


def decided(row: SheetRow, known: Index, said: Decisions) -> Match:
    """Return what a row means, a person's decision before what the program found.

    Parameters
    ----------
    row
        Of the sheet.
    known
        The ledger.
    said
        What a person has said.
    """
    found = match(row.named, known)
    if row.place in said.same:
        by = (Sentence("by your decision"),)
        return replace(found, kind=MatchKind.DECIDED, number=said.same[row.place], evidence=by)
    if row.place in said.new:
        taken = known.numbers.get(same_number(row.named.number or ""), ())
        if taken:
            why = Sentence(
                "it cannot be new: project {number} has its number", {"number": taken[0]}
            )
            return replace(found, kind=MatchKind.CONTRADICTION, number=None, evidence=(why,))
        return replace(found, kind=MatchKind.NEW, number=None, evidence=())
    if row.place in said.out:
        return replace(found, kind=MatchKind.LEFT_OUT, number=None, evidence=())
    return found
