"""Where an enterprise stands on the ladder of titles, what comes next, and what it takes.

A decision says what is not met; it does not say what to do first. The ladder
takes the decisions of all schemes together: the rung held and until when, the
rungs above with the gap in each criterion, and the smallest sets of criteria
whose change reaches them. What a change costs only the enterprise knows, so
prices are taken and never invented.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ballast.brain.policy.engine import decide
from ballast.brain.policy.engine_criteria import is_valid
from ballast.brain.policy.engine_wording import label_of
from ballast.brain.policy.facts import Facts, Held
from ballast.brain.policy.finding import Decision, Resolution, Verdict
from ballast.brain.policy.ladder_needs import Action, Gap, Need, Open, open_criteria
from ballast.brain.policy.law_shape import Version
from ballast.brain.policy.minimal_sets import smallest
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import (
    All,
    Any,
    Application,
    AtLeast,
    Criterion,
    Score,
)
from ballast.brain.policy.versions import resolve, version_of
from ballast.brain.policy.windows import Event, Opening, calendar, openings
from ballast.errors import Refused
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["Action", "Gap", "Ladder", "Need", "Path", "Renewal", "Rung", "ladder"]

MOST_PATHS = 12
"""So many sets of criteria are listed for a rung."""
_YEAR = timedelta(days=365)
_HORIZON = timedelta(days=4 * 366)
"""How far ahead a window is looked for: longer than any title is valid."""


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
    law
        Which version applies on the last day of the window, or of the certificate where the law
        names no window: it may be another than today's. None where that cannot be told.
    """

    held: Held
    days_left: int | None
    window: Opening | None
    late: bool
    decision: Decision | None
    refused: Sentence | None = None
    law: Resolution | None = None

    @property
    def otherwise(self) -> Sentence | None:
        """That another law applies when it is renewed than does today; None where the same one."""
        today = None if self.decision is None else self.decision.resolution.version
        if self.law is None or self.law.version == today:
            return None
        number = self.law.instrument
        return Sentence("when it is due for renewal, {number} applies", {"number": number})


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
        What the change of a criterion or of an item of a score costs, in 10,000 CNY, by its id;
        only the user knows. To show a fact and to be judged cost nothing where nothing is said.

    Raises
    ------
    Refused
        If a price is negative or no number, or of a criterion that no law has.
    """
    _check(laws, prices or {})
    valid = _valid(facts, day)
    lapsed = {
        held.scheme: held
        for held in sorted(facts.titles, key=lambda one: one.expires or date.max)
        if held.scheme not in valid and held.expires is not None and held.expires < day
    }
    places = {scheme: laws.law(scheme).rung for scheme in laws.schemes}
    rung = max((places.get(scheme) or 0 for scheme in valid), default=0)
    order = sorted(
        (scheme for scheme in laws.schemes if scheme not in valid and _is_title(laws, scheme)),
        key=lambda scheme: _order(places[scheme], rung),
    )
    held = sorted(valid.values(), key=lambda one: -(places.get(one.scheme) or 0))
    return Ladder(
        day=day,
        rung=rung if facts.titles_known else None,
        held=tuple(_renewal(laws, facts, one, day) for one in held),
        lapsed=tuple(lapsed.values()),
        next=tuple(_rung(laws, facts, scheme, day, prices) for scheme in order),
        calendar=calendar(laws, day, _later(day, _YEAR), tuple(valid.values())),
    )


def _valid(facts: Facts, day: date) -> dict[str, Held]:
    """Return the valid title of each scheme; of several the one that ends last."""
    found: dict[str, Held] = {}
    for held in facts.titles:
        if is_valid(held, day):
            other = found.get(held.scheme)
            if other is None or (other.expires or date.max) < (held.expires or date.max):
                found[held.scheme] = held
    return found


def _order(place: int | None, rung: int) -> tuple[int, int]:
    """Return where a rung stands in the list: above, beside, at or below what is held."""
    if place is None:
        return 1, 0
    return (0, place) if place > rung else (2, place)


def _later(day: date, span: timedelta) -> date:
    return day + span if day <= date.max - span else date.max


def _is_title(laws: Laws, scheme: str) -> bool:
    """Return whether a scheme is one to apply for, and no classification."""
    return any(version.criterion is not None for version in laws.law(scheme).versions)


def _rung(
    laws: Laws, facts: Facts, scheme: str, day: date, prices: Mapping[str, Decimal] | None
) -> Rung:
    law = laws.law(scheme)
    bare = Rung(scheme, label_of(law.label), law.rung, None, window=_next(laws, scheme, day))
    try:
        decision = decide(laws, scheme, facts, day)
    except Refused as refused:
        return replace(bare, refused=Sentence(refused.template, refused.values))
    criterion = version_of(laws, decision.resolution).criterion
    if criterion is None or decision.verdict is Verdict.ELIGIBLE:
        return replace(bare, decision=decision)
    found = open_criteria(criterion, decision.tree)
    paths, complete = _paths(found, prices)
    return replace(
        bare,
        decision=decision,
        gaps=found.gaps,
        paths=paths,
        paths_complete=complete,
        cheapest=None if prices is None else _cheapest(found, prices),
    )


def _paths(found: Open, prices: Mapping[str, Decimal] | None) -> tuple[tuple[Path, ...], bool]:
    if found.rule is None:
        return (), True
    sets = smallest(found.rule, MOST_PATHS)
    return tuple(_path(found, one, prices or {}) for one in sets.of if one), sets.complete


def _cheapest(found: Open, prices: Mapping[str, Decimal]) -> Path | None:
    """Return the cheapest set of which every part has a price; None where there is none."""
    free = {name: Decimal(0) for name, need in found.needs.items() if _is_free(need)}
    known = {name: price for name, price in prices.items() if name in found.needs}
    if found.rule is None or not known:
        return None
    sets = smallest(found.rule, 1, free | known)
    return next((_path(found, one, free | known) for one in sets.of if one), None)


def _is_free(need: Need) -> bool:
    return need.action in (Action.SHOW, Action.JUDGE)


def _path(found: Open, names: frozenset[str], prices: Mapping[str, Decimal]) -> Path:
    """Return a set of needs in the order of the law, with its price where it can be known."""
    needs = tuple(
        replace(need, price=prices.get(name)) for name, need in found.needs.items() if name in names
    )
    costs = [Decimal(0) if n.price is None and _is_free(n) else n.price for n in needs]
    known = [cost for cost in costs if cost is not None]
    priced = len(known) == len(costs) and any(need.price is not None for need in needs)
    return Path(needs, sum(known, Decimal(0)) if priced else None)


def _next(laws: Laws, scheme: str, day: date) -> Opening | None:
    """Return the window for new applications that is open, or the next one."""
    found = openings(laws, scheme, day, _later(day, _HORIZON))
    return next((one for one in found if _takes(one, Application.NEW)), None)


def _takes(opening: Opening, application: Application) -> bool:
    return not opening.is_deadline and opening.application in (None, application)


def _renewal(laws: Laws, facts: Facts, held: Held, day: date) -> Renewal:
    days_left = None if held.expires is None else (held.expires - day).days
    bare = Renewal(held, days_left, None, late=False, decision=None)
    if held.scheme not in laws.schemes:
        return bare
    if held.expires is not None:
        found = [
            one
            for one in openings(laws, held.scheme, day, _later(day, _HORIZON))
            if _takes(one, Application.RENEWAL)
        ]
        before = [one for one in found if one.opens <= held.expires]
        window = before[-1] if before else next(iter(found), None)
        due = held.expires if window is None else window.closes
        law = _law_then(laws, held, max(due, day))
        bare = replace(bare, window=window, late=window is not None and not before, law=law)
    try:
        decision = decide(laws, held.scheme, facts, day, Application.RENEWAL, held.awarded)
    except Refused as refused:
        return replace(bare, refused=Sentence(refused.template, refused.values))
    return replace(bare, decision=decision)


def _law_then(laws: Laws, held: Held, day: date) -> Resolution | None:
    try:
        return resolve(laws, held.scheme, day, Application.RENEWAL, held.awarded)
    except Refused:
        return None


def _check(laws: Laws, prices: Mapping[str, Decimal]) -> None:
    if not prices:
        return
    known = {
        name
        for scheme in laws.schemes
        for version in laws.law(scheme).versions
        for name in _names(version)
    }
    for name, price in prices.items():
        if name not in known:
            raise Refused(
                "{name} is no criterion and no item of a score of any law here; there are {near}",
                name=name[:60],
                near=", ".join(difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.4))
                or ", ".join(sorted(known)[:5]),
            )
        if not price.is_finite() or price < 0:
            raise Refused(
                "the price of {name} is {price}; give an amount of 10,000 CNY that is not negative",
                name=name,
                price=price,
            )


def _names(version: Version) -> Iterator[str]:
    """Yield what of a version can have a price: criteria that are tested, and items of scores."""
    open_ = [version.criterion]
    while open_:
        rule: Criterion | None = open_.pop()
        if rule is None:
            continue
        open_.append(rule.waived_by)
        if isinstance(rule, All | Any | AtLeast):
            open_ += rule.of
        elif isinstance(rule, Score):
            yield from (item.id for group in rule.groups for item in group.items)
        else:
            yield rule.id
