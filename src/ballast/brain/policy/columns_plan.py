"""What a walk over a version needs at hand: its figures on the day, its facts and formulas.

One object, because rules, scores and the size standard all ask for the same
few things, and each of them twice would be two readings of the same law.
"""

from __future__ import annotations

from datetime import date

from ballast.brain.policy.columns_doubts import ColumnDoubts
from ballast.brain.policy.columns_formula import ColumnFormulas
from ballast.brain.policy.columns_staging import Bound, Staging
from ballast.brain.policy.columns_states import States
from ballast.brain.policy.engine_wording import factor
from ballast.brain.policy.formula import parse
from ballast.brain.policy.law_shape import Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import Application
from ballast.brain.policy.versions import parameter
from ballast.terms.policy_fact import FACTS

__all__ = ["Plan"]


class Plan:
    """A version of a law on a day, over one wide table.

    Parameters
    ----------
    laws
        All laws, for the size standard.
    version
        Which is walked.
    staging
        Where its values are planned.
    day
        Of the decision.
    application
        New or renewal.
    examined
        Whether the facts in doubt are null in the table already.
    """

    def __init__(
        self,
        laws: Laws,
        version: Version,
        staging: Staging,
        day: date,
        application: Application,
        *,
        examined: bool,
    ) -> None:
        self.laws = laws
        self.version = version
        self.staging = staging
        self.states = States(staging)
        self.day = day
        self.application = application
        self._facts = ColumnDoubts(staging, day, examined=examined)
        self._formulas = ColumnFormulas(staging, self._facts.fact, day)

    def fact(self, key: str) -> Bound:
        """Return the column of a fact: as of the day, or of last year where it is of a year."""
        return self._facts.fact(key, 0 if FACTS[key].yearly else None)

    def quantity(self, name: str, shift: int = 0) -> Bound:
        """Return the column of a quantity of the version, ``shift`` years back."""
        return self._formulas.value(parse(self.version.quantities[name].formula), shift)

    def threshold(self, name: str) -> float:
        """Return a figure of the version on the day, in the units of the facts."""
        figure = parameter(self.version, name, self.day).value
        return float(figure * factor(self.version.parameters[name].unit))
