"""What a statement asks the lake: which figure, of which place, of which periods.

Nothing is guessed here. A place that is not known, an enterprise that nobody
registered, a figure that the house does not keep ends as `Unasked`, which says
what would be needed; a period that the text leaves out becomes the few that it
may mean, and the answer names the one that was taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.brain.claims.figures import Figures, Where
from ballast.brain.claims.statement import Place, Statement
from ballast.brain.indicators.declared import Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.registry import INDICATORS
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.region import NATION, is_extension, region
from ballast.words import Sentence

__all__ = ["Asked", "Unasked", "asked", "where_of", "without_zones"]

_SCOPES = {
    "cluster": Dimension.CLUSTER,
    "industry": Dimension.INDUSTRY_DIVISION,
    "ownership": Dimension.OWNERSHIP,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the lake: the indicator, the restriction, the periods that may be meant."""

    indicator: Indicator
    where: Where
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Unasked:
    """Why a statement cannot be put as a question, and which data it would need."""

    reason: Sentence
    needed: Sentence | None = None


def asked(statement: Statement, figures: Figures, home: str) -> Asked | Unasked:
    """Return the question that a statement puts.

    Parameters
    ----------
    statement
        What was read; its figure must be one of the indicators.
    figures
        Knows which periods there are.
    home
        The region that the home is about.
    """
    one = INDICATORS[statement.subject.key or ""]
    where = where_of(statement, one, home)
    if isinstance(where, Unasked):
        return where
    periods = (statement.period,) if statement.period else figures.newest.candidates(one)
    if not periods:
        return Unasked(
            Sentence("no figure of {indicator} is loaded", {"indicator": one.label}),
            _load(one),
        )
    return Asked(one, where, periods)


def without_zones(ask: Asked) -> Asked | None:
    """Return the same of what lies in a county outside its zones; None of anything else.

    Parameters
    ----------
    ask
        A question. Where a text lays counties and zones side by side, a county
        is what the zones leave of it.
    """
    code = next((codes[0] for d, codes in ask.where if d is Dimension.REGION and len(codes) == 1),
                None)  # fmt: skip
    if code is None or code.endswith("00") or not ask.indicator.of_enterprises:
        return None
    where = tuple((Dimension.PLACE if d is Dimension.REGION else d, c) for d, c in ask.where)
    return Asked(ask.indicator, where, ask.periods)


def where_of(
    statement: Statement, one: Indicator, home: str, place: Place | None = None
) -> Where | Unasked:
    """Return the restriction of a statement, or of another place in its stead.

    Parameters
    ----------
    statement, one, home
        As for `asked`.
    place
        Asked about instead of the statement's own place.
    """
    asked_place = place or statement.place
    if asked_place is not None and not asked_place.codes:
        return Unasked(
            Sentence("no place that is known here is called {name}", {"name": asked_place.words})
        )
    codes = asked_place.codes if asked_place is not None else (home,)
    scope = statement.scope
    if scope is not None and scope.code is None:
        return _unknown_scope(statement)
    if not one.of_enterprises:
        if scope is not None:
            return Unasked(
                Sentence(
                    "{indicator} is published for whole regions only, not for {scope}",
                    {"indicator": one.label, "scope": scope.words},
                )
            )
        return ((Dimension.REGION, codes),)
    outside = [code for code in codes if not _inside(code, home)]
    if outside:
        return Unasked(
            Sentence(
                "of enterprises elsewhere than in {home} there are no reports here",
                {"home": _called(home)},
            ),
            Sentence(
                "{indicator} of {place}, as its statistical office publishes it",
                {"indicator": one.label, "place": _words(asked_place, outside[0])},
            ),
        )
    return _restriction(codes, statement, one, place is not None)


def _restriction(
    codes: tuple[str, ...], statement: Statement, one: Indicator, other: bool
) -> Where | Unasked:
    scope = None if other else statement.scope
    found: list[tuple[Dimension, tuple[str, ...]]] = []
    if scope is not None and scope.kind in _SCOPES and scope.code is not None:
        found.append((_SCOPES[scope.kind], (scope.code,)))
    if scope is None or scope.kind != "cluster":  # a cluster counts in its own place
        zones = tuple(code for code in codes if is_extension(code))
        regions = tuple(code for code in codes if not is_extension(code))
        if zones and regions:
            return Unasked(Sentence("a zone and a county together are no figure of ours"))
        found.append((Dimension.ZONE, zones) if zones else (Dimension.REGION, regions))
    missing = one.needs - {dimension for dimension, _ in found}
    if missing:
        return Unasked(
            Sentence(
                "the text does not say of which cluster {indicator} is", {"indicator": one.label}
            )
        )
    return tuple(found)


def _unknown_scope(statement: Statement) -> Unasked:
    scope = statement.scope
    name = scope.words if scope is not None else ""
    if scope is not None and scope.kind == "enterprise":
        return Unasked(
            Sentence("no enterprise that you may see is registered here as {name}", {"name": name}),
            Sentence("the registration and the monthly reports of {name}", {"name": name}),
        )
    if scope is not None and scope.kind == "cluster":
        return Unasked(
            Sentence("no cluster is defined here that is called {name}", {"name": name}),
            Sentence("which industries {name} holds, as a definition of clusters", {"name": name}),
        )
    return Unasked(
        Sentence("{name} is no industry of the classification that is kept here", {"name": name}),
        Sentence("which industries {name} holds, as a definition of clusters", {"name": name}),
    )


def _inside(code: str, home: str) -> bool:
    stem = home[:2] if home.endswith("0000") else home[:4] if home.endswith("00") else home
    return home == NATION or code.startswith(stem)


def _called(code: str) -> Label:
    return region(code).label


def _words(place: Place | None, code: str) -> str | Label:
    return place.words if place is not None else _called(code)


def _load(one: Indicator) -> Sentence:
    return Sentence("the tables {tables}", {"tables": ", ".join(one.sources)})
