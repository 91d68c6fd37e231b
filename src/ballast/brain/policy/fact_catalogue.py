"""Which facts the rules may ask for: key, unit, whether it is of a year, which document shows it.

Declared once and apart from the laws, because several laws ask for one fact
(the R&D expense of last year), the form and the sheet of the self-check are
made from it, and so are the columns for all enterprises at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.unit import Unit

__all__ = ["FACTS", "DeclaredFact", "FactKind"]


class FactKind(StrEnum):
    """What a fact's value is."""

    AMOUNT = "amount"  # a decimal in its unit: money, a share, a number of years
    COUNT = "count"  # a whole number
    FLAG = "flag"  # yes or no
    CHOICE = "choice"  # one of the declared choices
    DATE = "date"
    CODE = "code"  # an industry's code


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """One fact that rules may ask for.

    Parameters
    ----------
    key, label, meaning
        Its name, and what it is.
    kind, unit
        What its value is; ``unit`` is the unit in which it is kept.
    yearly
        Whether it is of a calendar year; else it holds on a day.
    choices
        Of a choice: value and name.
    evidence
        Which document shows it.
    shown
        The unit in which people write it, where it is another (percent for a fraction).
    """

    key: str
    label: Label
    meaning: Label
    kind: FactKind
    unit: Unit = unit.ONE
    yearly: bool = False
    choices: tuple[tuple[str, Label], ...] = ()
    evidence: Label | None = None
    shown: Unit | None = None


_DECLARED: tuple[DeclaredFact, ...] = (
    DeclaredFact(
        "revenue",
        Label("营业收入", "revenue"),
        Label("当年营业收入", "operating revenue of the year"),
        FactKind.AMOUNT,
        unit.CNY_1E4,
        yearly=True,
        evidence=Label("年度审计报告", "annual audit report"),
    ),
)

FACTS: Mapping[str, DeclaredFact] = {fact.key: fact for fact in _DECLARED}
