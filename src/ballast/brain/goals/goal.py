"""A goal as it was set, and how things stand with it: values that pages and commands share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ballast.terms.label import Label, Language
from ballast.terms.period import Period
from ballast.terms.unit import COUNT, PERCENTAGE_POINTS, Unit
from ballast.words import Sentence
from ballast.words.numbers import scale_for, written

__all__ = ["PLACE_LABELS", "Goal", "Place", "Standing"]


class Place(StrEnum):
    """Where the actual figure is, seen from the path."""

    MET = "met"  # the goal itself is reached
    AHEAD = "ahead"
    BEHIND = "behind"
    UNKNOWN = "unknown"


PLACE_LABELS: Mapping[Place, Label] = {
    Place.MET: Label("已达目标", "goal reached"),
    Place.AHEAD: Label("不落后于进度", "on its path or ahead"),
    Place.BEHIND: Label("落后于进度", "behind its path"),
    Place.UNKNOWN: Label("无法判断", "cannot be told"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One goal as ``goal`` holds it.

    Parameters
    ----------
    programme, item, period, region
        What sets it, of which indicator, for when, where.
    measure, target, unit
        A level in the unit, or growth in percent.
    base_period, base
        Where growth and the path start.
    path
        ``even`` or ``compound``.
    responsible
        Whose task it is.
    load_id
        The load that it stands in.
    """

    programme: str
    item: str
    period: Period
    region: str
    measure: str
    target: Decimal
    unit: str | None = None
    base_period: Period | None = None
    base: Decimal | None = None
    path: str = "even"
    responsible: str | None = None
    load_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How things stand with a goal; figures in the indicator's unit.

    Parameters
    ----------
    goal
        As it was set.
    label, unit, noun
        Of the indicator; the key itself and ``None`` where there is none.
    base, level
        Where the path starts and ends.
    actual, at
        The newest figure, and the period that it is of.
    path
        What should have been reached by then.
    place
        Where it stands.
    reason
        Why it cannot be told.
    up
        Whether more is better.
    synthetic
        Whether the goal or the figure is made up.
    """

    goal: Goal
    label: Label
    unit: Unit | None = None
    noun: Label | None = None
    base: float | None = None
    level: float | None = None
    actual: float | None = None
    at: Period | None = None
    path: float | None = None
    place: Place = Place.UNKNOWN
    reason: Sentence | None = None
    up: bool = True
    synthetic: bool = False

    @property
    def gap(self) -> float | None:
        """The actual figure less the path, in the indicator's unit."""
        if self.actual is None or self.path is None:
            return None
        return self.actual - self.path

    def text(self, value: float | None, language: Language) -> str | None:
        """Return one of its figures as people read it, all of them in one unit.

        Parameters
        ----------
        value
            In the indicator's unit; ``None`` has no text.
        language
            In which it is read.
        """
        if value is None or self.unit is None:
            return None
        if self.unit is COUNT:
            value = round(value)
        largest = max((abs(one) for one in (self.level, self.actual) if one is not None), default=0)
        scale = scale_for(self.unit, language, largest or value)
        return str(written(value, self.unit, language, scale=scale, noun=self.noun))

    def goal_text(self, language: Language) -> str | None:
        """Return the goal as people read it: its level, or the growth where that is not known."""
        if self.level is not None or self.goal.measure == "level":
            return self.text(self.level, language)
        yearly = {"zh": "年均", "en": " a year"}[language]
        growth = f"{self.goal.target.normalize():+f}%".replace("-", "−")
        if self.goal.measure == "growth":
            return growth
        return f"{yearly}{growth}" if language == "zh" else f"{growth}{yearly}"

    def gap_text(self, language: Language) -> str | None:
        """Return the gap as people read it: in points of a percentage, else in percent of the path.

        Examples
        --------
        >>> from ballast.terms.unit import PERCENT
        >>> goal = Goal(programme="x", item="margin", period=Period.parse("2026"), region="371500",
        ...     measure="level", target=Decimal(6))
        >>> one = Standing(goal=goal, label=Label("", ""), unit=PERCENT, actual=4.5, path=6.0)
        >>> one.gap_text("en"), one.gap_text("zh")
        ('−1.50 pp', '−1.50个百分点')
        """
        gap = self.gap
        if gap is None or not self.path or self.unit is None:
            return None
        points = self.unit.dimension == "ratio"
        value = f"{gap:+.2f}" if points else f"{gap / abs(self.path) * 100:+.1f}%"
        name = PERCENTAGE_POINTS.label.text(language) if points else ""
        between = " " if points and language == "en" else ""
        return value.replace("-", "−") + between + name
