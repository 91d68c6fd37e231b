"""What an enterprise keeps of a self-check: a load of rows of its own, and the way to take it back.

An account of an enterprise may load nothing in general. Here, and for its own
enterprises alone, its facts are put down for it: the narrow right is given to
the one commit, and not to the account. Kept facts are rows like any other, so
the ledger knows who kept them, the bureau sees them under its own rights, and
taking them back is withdrawing the load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from threading import Lock

import ibis
import polars as pl

from ballast.brain.enterprise_profile import made_up
from ballast.brain.policy.facts import Facts
from ballast.brain.policy.gathering import fact_rows
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.selfcheck_answers import refusal
from ballast.errors import NotFound, NotPermitted, Refused
from ballast.lake.lake import Lake
from ballast.lake.ledger import same_file
from ballast.portal.law_checking import Asked, facts_written, questions_asked
from ballast.terms.role import Role
from ballast.terms.viewer import Right, Viewer

__all__ = ["RECIPE", "Kept", "KeptFacts", "facts_of_form"]

RECIPE = "self-check"
"""Under which the ledger knows kept facts; only such loads are taken back here."""
TABLE = "enterprise_fact"
_LONGEST = 200
# Keeping and looking whether the same form was kept already take turns.
_TURN = Lock()


@dataclass(frozen=True, slots=True)
class Kept:
    """One time that facts were kept: the load, of which enterprise, when, how many, by whom."""

    load_id: str
    uscc: str
    at: datetime
    who: str
    facts: int


def facts_of_form(given: Mapping[str, str], laws: Laws, asked: Asked) -> Facts:
    """Return the facts of a form that is to be kept.

    Raises
    ------
    Refused
        If an answer cannot be used, or there is none that can be kept.
    """
    read = facts_written(given, questions_asked(laws, asked), asked.day, laws)
    if read.problems:
        raise refusal(read.problems)
    if not read.facts.known:
        raise Refused("there is no fact to keep; titles are not kept, the lists hold")
    return read.facts


class KeptFacts:
    """The kept facts of the enterprises of one account; its methods block.

    Parameters
    ----------
    lake
        Of the home, of this thread.
    viewer
        Who keeps.

    Raises
    ------
    NotPermitted
        If it is not the account of an enterprise.
    """

    def __init__(self, lake: Lake, viewer: Viewer) -> None:
        if viewer.role is not Role.ENTERPRISE:
            raise NotPermitted("only an enterprise keeps facts of its own")
        self._lake, self._viewer = lake, viewer

    def keep(self, facts: Facts, uscc: str, today: date, once: str) -> str:
        """Put facts down as a load.

        Parameters
        ----------
        facts
            As read from a form.
        uscc
            Of one's own enterprises.
        today
            The day on which they are stated.
        once
            Names this one submission: sent twice (a double click) it is kept once.

        Returns
        -------
        str
            The load.

        Raises
        ------
        NotPermitted
            If the enterprise is not the viewer's own.
        """
        if uscc not in self._viewer.enterprises:
            raise NotPermitted("this is not an enterprise of your account")
        named = f"{RECIPE}\0{self._viewer.name}\0{once[:_LONGEST]}"
        digest = sha256(named.encode()).hexdigest() if once else None
        rows = fact_rows(facts, uscc, today)
        with _TURN:
            if digest is not None:
                before = same_file(self._lake.ledger.rows(), digest)
                if before is not None:
                    return before
            return self._lake.commit(
                {TABLE: rows},
                self._carried_out(),
                file_hash=digest,
                recipe=RECIPE,
                provenance="synthetic" if made_up(self._lake) else "real",
            )

    def all(self) -> tuple[Kept, ...]:
        """Return what was kept and stands, newest first."""
        ledger = self._lake.ledger.live().filter(pl.col("recipe") == RECIPE)
        if not ledger.height:
            return ()
        own = sorted(self._viewer.enterprises)
        rows = self._lake.read(TABLE, self._viewer).filter(ibis._.uscc.isin(own))
        counted = rows.group_by("load_id", "uscc").agg(count=ibis._.count()).to_polars()
        held = {row["load_id"]: row for row in counted.iter_rows(named=True)}
        found = [
            Kept(row["load_id"], held[row["load_id"]]["uscc"], row["at"], row["who"],
                 held[row["load_id"]]["count"])
            for row in ledger.iter_rows(named=True)
            if row["load_id"] in held
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda one: one.at, reverse=True))

    def take_back(self, load_id: str) -> None:
        """Take kept facts back.

        Raises
        ------
        NotFound
            If it is nothing that the viewer's enterprises kept, or is taken back already.
        """
        with _TURN:
            if all(one.load_id != load_id for one in self.all()):
                raise NotFound(
                    "there are no such kept facts, or they were taken back or replaced already"
                )
            self._lake.withdraw(load_id, self._carried_out(), "taken back where it was kept")

    def _carried_out(self) -> Viewer:
        """Return the viewer with the right to this one commit; the ledger keeps the name."""
        return replace(self._viewer, rights=self._viewer.rights | {Right.LOAD})
