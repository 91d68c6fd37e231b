"""What the house says to a statement: a verdict, its own figures, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ballast.brain.claims.statement import Statement
from ballast.terms.label import Label, Language
from ballast.terms.unit import Unit
from ballast.words import Sentence
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Written, fixed, scale_for

__all__ = ["VERDICT_LABELS", "Checked", "Ours", "Verdict"]


class Verdict(StrEnum):
    """How a statement stands against the figures."""

    HOLDS = "holds"
    CONSISTENT = "consistent"  # with figures that are invented: no more can be said
    FAILS = "fails"
    UNCHECKED = "unchecked"


VERDICT_LABELS: dict[Verdict, Label] = {
    Verdict.HOLDS: Label("相符", "holds"),
    Verdict.CONSISTENT: Label("与合成样例相符", "consistent with the synthetic sample"),
    Verdict.FAILS: Label("不符", "does not hold"),
    Verdict.UNCHECKED: Label("无法核对", "cannot be checked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """One figure of ours beside a statement.

    Parameters
    ----------
    label
        What it is a figure of: indicator, place, period, basis.
    value, unit
        The figure; ``None`` where it is only named.
    agrees
        Whether it is what the statement says; ``None``: it only says what ours is made of.
    sources, as_of
        The loads it rests on, and when the newest came in.
    synthetic
        Whether any of them is invented.
    command
        What gives it again.
    """

    label: Label
    value: Decimal | float | None
    unit: Unit
    agrees: bool | None = None
    sources: tuple[str, ...] = ()
    as_of: datetime | None = None
    synthetic: bool = False
    command: str | None = None

    def text(self, language: Language) -> str:
        """Return the figure in words, with its unit."""
        said = self.label.text(language)
        if self.value is not None:
            colon = "：" if language == "zh" else ": "
            said = f"{said}{colon}{_written(self.value, self.unit, language)}"
        if not self.synthetic:
            return said
        mark = SYNTHETIC.text(language)
        return f"{said}（{mark}）" if language == "zh" else f"{said} ({mark})"


def _written(value: Decimal | float, unit: Unit, language: Language) -> str:
    """Return a figure to three places at most, so that it can be laid beside a text."""
    if unit.name == "place":
        return f"第{value:.0f}位" if language == "zh" else f"place {value:.0f}"
    if unit.dimension in ("ratio", "ratio_difference", "multiple", "money_per_person"):
        gap = "" if unit.name == "percent" or language == "zh" else " "
        return f"{fixed(value, 2, language)}{gap}{unit.label.text(language)}"
    scale = scale_for(unit, language, value)
    amount = Decimal(str(value)) / scale.size
    return str(Written(fixed(amount, 0 if amount == int(amount) else 2, language), scale.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A statement and its answer.

    Parameters
    ----------
    statement
        What was read.
    verdict
        How it stands.
    ours
        Our figures, those that decide first.
    reason
        Why it cannot be checked, or what was decided on the reader's behalf.
    needed
        Which data would be needed.
    conflicts
        Which other statements of the text, by their number from 0, say another thing of the same.
    """

    statement: Statement
    verdict: Verdict
    ours: tuple[Ours, ...] = ()
    reason: Sentence | None = None
    needed: Sentence | None = None
    conflicts: tuple[int, ...] = ()

    @property
    def synthetic(self) -> bool:
        """Whether any of our figures is invented."""
        return any(one.synthetic for one in self.ours)
