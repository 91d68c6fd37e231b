"""One try at a statement: a figure of ours that it may mean, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ballast.brain.claims.answers import Ours
from ballast.brain.claims.figures import Figure, reason_of
from ballast.brain.indicators.declared import Indicator
from ballast.terms.label import Label
from ballast.terms.unit import Unit
from ballast.words import Sentence

__all__ = ["Missing", "Try", "figure_label", "missing", "ours"]


@dataclass(frozen=True, slots=True)
class Missing:
    """A try that found no figure: of what, and why."""

    label: Label
    reason: Sentence | None
    withheld: bool = False


Try = Ours | Missing


def figure_label(figure: Figure, one: Indicator, extra: Label | None = None) -> Label:
    """Return what a figure is called: indicator, what it is restricted to, period."""
    tail = extra or Label("", "")
    of = f" of {figure.called.en}" if figure.called.en else ""
    return Label(
        f"{figure.called.zh}{figure.period.label.zh}{one.label.zh}{tail.zh}",
        f"{one.label.en}{of}{tail.en}, {figure.period.label.en}",
    )


def missing(figure: Figure, one: Indicator) -> Missing:
    """Return that a figure is not there, with its reason."""
    return Missing(figure_label(figure, one), reason_of(figure), figure.withheld)


def ours(
    label: Label, value: Decimal | float, unit: Unit, agreed: bool | None, *of: Figure
) -> Ours:
    """Return a figure of ours that rests on one or more figures, with their sources."""
    stamps = [f.as_of for f in of if f.as_of is not None]
    return Ours(
        label=label, value=value, unit=unit, agrees=agreed,
        sources=tuple(sorted({load for f in of for load in f.sources})),
        as_of=max(stamps, default=None), synthetic=any(f.synthetic for f in of),
        command=of[0].command if of else None,
    )  # fmt: skip
