"""Where an enterprise stands on the ladder of titles, what comes next, and what it takes.

A decision says what is not met; it does not say what to do first. The ladder
takes the decisions of all schemes together: the rung held and until when, the
rungs above with the gap in each criterion, and the smallest sets of criteria
whose change reaches them. What a change costs only the enterprise knows, so
prices are taken and never invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from ballast.brain.policy.facts import Facts, Held
from ballast.brain.policy.finding import Decision, Finding
from ballast.brain.policy.windows import Event, Opening
from ballast.terms.label import Label
from ballast.words import Sentence

if TYPE_CHECKING:
    from ballast.brain.policy.reading import Laws

__all__ = ["Action", "Gap", "Ladder", "Need", "Path", "Renewal", "Rung", "ladder"]


class Action(StrEnum):
    """What has to be done about a criterion."""

    CHANGE = "change"  # 改变: it is tested and not met
    SHOW = "show"  # 补充: a fact is missing
    JUDGE = "judge"  # 评审: people decide
    EARN = "earn"  # 先取得: another title comes first


@dataclass(frozen=True, slots=True)
class Gap:
    """One criterion of a rung that is not met, as the decision found it.

    ``finding`` has value, threshold, margin and what would turn it; ``action`` what kind of thing
    is to be done.
    """

    finding: Finding
    action: Action


@dataclass(frozen=True, slots=True)
class Need:
    """One criterion, or one item of a score, in a path.

    Parameters
    ----------
    id, label, article, action
        Which one, and what is to be done.
    points
        Of an item of a score: what it gives now and at most.
    price
        What the user said it costs; None where nothing was said.
    """

    id: str
    label: Label
    article: str
    action: Action
    points: tuple[Decimal, Decimal] | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A smallest set of criteria whose change reaches a rung.

    ``price`` is the sum, None where one of them has no price.
    """

    needs: tuple[Need, ...]
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """A title held, until when, and when and under which law it is renewed.

    Parameters
    ----------
    held
        The certificate.
    days_left
        From the day asked about to its last day; None where it has none.
    window
        The last window for renewals that opens before it expires and is not yet over; else the
        first one afterwards; None where the law names none.
    late
        True where that window opens only after the certificate has expired.
    decision
        What the renewal would say today; None where no law applies (``refused`` says why).
    """

    held: Held
    days_left: int | None
    window: Opening | None
    late: bool
    decision: Decision | None
    refused: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """A title of the ladder as it stands for an enterprise.

    Parameters
    ----------
    scheme, label, rung
        Which one, and its place on the ladder (None: beside it).
    decision
        On a new application; None where no law applies (``refused`` says why).
    gaps
        The criteria that are not met, those with figures first.
    paths
        Smallest sets whose change reaches it, the shortest first; ``paths_complete`` False where
        there are more. Empty with no gap, or where nothing reaches it.
    cheapest
        With prices: the cheapest set of which every part has a price.
    window
        The next window for new applications: open today, or to come.
    """

    scheme: str
    label: Label
    rung: int | None
    decision: Decision | None
    gaps: tuple[Gap, ...] = ()
    paths: tuple[Path, ...] = ()
    paths_complete: bool = True
    cheapest: Path | None = None
    window: Opening | None = None
    refused: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where an enterprise stands.

    Parameters
    ----------
    day
        Asked about.
    rung
        The highest rung of the ladder that is held, 0 for none; None where it is not known which
        titles are held.
    held
        The titles that are valid, with their renewal, the highest first.
    lapsed
        Titles that were held and ended.
    next
        The rungs not held: those of the next step, then the ones above, then those beside.
    calendar
        What happens in the next 365 days.
    """

    day: date
    rung: int | None
    held: tuple[Renewal, ...]
    lapsed: tuple[Held, ...]
    next: tuple[Rung, ...]
    calendar: tuple[Event, ...]


def ladder(
    laws: Laws, facts: Facts, day: date, prices: Mapping[str, Decimal] | None = None
) -> Ladder:
    """Return the ladder of an enterprise on a day.

    Parameters
    ----------
    laws
        As read.
    facts
        What is known of it on the day.
    day
        Of the decision.
    prices
        What the change of a criterion costs, in 10,000 CNY, by its id; only the user knows.

    Raises
    ------
    Refused
        If a price is negative, or of a criterion that no law has.
    """
    raise NotImplementedError
