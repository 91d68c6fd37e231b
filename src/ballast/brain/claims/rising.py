"""Statements of how many places rose: 11个区域中有10个实现增长.

Counties and zones side by side, as a report lays them, those that have both
figures. Where some are withheld, a text that counts another number of places
than may be seen is not called wrong: it may know more than its reader may.
"""

from __future__ import annotations

from collections.abc import Iterator

from ballast.brain.claims.agreeing import agrees
from ballast.brain.claims.asking import Asked, Unasked
from ballast.brain.claims.attempt import Missing, Try, ours
from ballast.brain.claims.figures import Figure, Figures
from ballast.brain.claims.statement import Statement
from ballast.brain.indicators.dimensions import Dimension
from ballast.errors import BallastError
from ballast.terms.label import Label
from ballast.terms.unit import COUNT
from ballast.words import Sentence

__all__ = ["rising"]


def rising(statement: Statement, ask: Asked, figures: Figures) -> Iterator[Try | Unasked]:
    """Yield in how many counties and zones a figure rose on a year before.

    Parameters
    ----------
    statement, ask
        What was read, and the question that it puts.
    figures
        Where figures come from.
    """
    one, amount = ask.indicator, statement.amount
    if amount is None or not one.of_enterprises:
        said = {"indicator": one.label}
        yield Unasked(Sentence("{indicator} is not kept by county and zone", said))
        return
    for period in ask.periods:
        base = period.same_period_last_year()
        both = [figures.many(one.key, Dimension.PLACE, ask.where, each) for each in (period, base)]
        label = Label(
            f"{period.label.zh}{one.label.zh}同比增长的县（市、区）及功能区",
            f"Counties and zones in which {one.label.en} rose, {period.label.en}",
        )
        refused = next((each for each in both if isinstance(each, BallastError)), None)
        if refused is not None:
            yield Missing(label, Sentence(refused.template, dict(refused.values)))
            continue
        now, then = (each for each in both if not isinstance(each, BallastError))
        grew = {
            code: float(figure.value) > before
            for code, figure in now.items()
            if figure.value is not None and (before := _value(then.get(code))) > 0
        }
        withheld = any(figure.withheld for each in (now, then) for figure in each.values())
        if not grew or (withheld and statement.of != len(grew)):
            yield Missing(label, None, withheld=withheld)
            continue
        agreed = statement.of in (None, len(grew)) and agrees(amount, sum(grew.values()))
        of = [now[code] for code in grew] + [then[code] for code in grew]
        told = Label(f"{label.zh}（共{len(grew)}个）", f"{label.en} (of {len(grew)})")
        yield ours(told, sum(grew.values()), COUNT, agreed, *of)


def _value(figure: Figure | None) -> float:
    """Return a figure, 0 where there is none: nothing grows from either."""
    return 0.0 if figure is None or figure.value is None else float(figure.value)
