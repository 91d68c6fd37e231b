"""Statements of a place: among cities, among counties, on somebody's list.

A place is only right with the set it is a place in. So the set is drawn again
from the codes: the cities of the province, the parts of the city, the clusters
of the home; and of a run of years every single one is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ballast.brain.claims.agreeing import agrees
from ballast.brain.claims.answers import Ours
from ballast.brain.claims.asking import Asked, Unasked
from ballast.brain.claims.attempt import Missing, Try
from ballast.brain.claims.figures import Figure, Figures
from ballast.brain.claims.mention import PLACES
from ballast.brain.claims.statement import Amount, Bound, Kind, Statement
from ballast.brain.indicators.declared import Better, Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.ranks import Rank, ranks
from ballast.errors import BallastError
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.region import NATION, children, is_extension, region
from ballast.terms.viewer import PUBLIC
from ballast.words import Sentence

__all__ = ["listed_tries", "rank_tries"]


def rank_tries(
    statement: Statement, ask: Asked, figures: Figures, home: str
) -> Iterator[Try | Unasked]:
    """Yield the places of a figure in its set, the likeliest period first.

    Parameters
    ----------
    statement, ask
        What was read, and the question that it puts.
    figures
        Where figures come from.
    home
        The region that the home is about.
    """
    amount, one = statement.amount, ask.indicator
    if amount is None:
        return
    drawn = _set(statement, one, home)
    if isinstance(drawn, Unasked):
        yield drawn
        return
    by, where, own, label = drawn
    years = statement.years or 1
    for newest in _ends(statement, ask, figures):
        run = [newest, *(_back(newest, back) for back in range(1, years))]
        places = [_place(statement, one, by, where, own, label, p, figures) for p in run]
        yield from _run(statement, places, run, one, label)
        if not statement.years:
            continue
        break


def _ends(statement: Statement, ask: Asked, figures: Figures) -> tuple[Period, ...]:
    if statement.period is None and statement.years:
        # A run of years ends with the newest whole one.
        return figures.newest.years(ask.indicator)[:1]
    return ask.periods


def _back(period: Period, years: int) -> Period:
    for _ in range(years):
        period = period.same_period_last_year()
    return period


def _set(
    statement: Statement, one: Indicator, home: str
) -> tuple[Dimension, tuple[tuple[Dimension, tuple[str, ...]], ...], str, Label] | Unasked:
    """Return the cut, the restriction, the own code in it and the name of the set."""
    own = statement.place.codes[0] if statement.place is not None else home
    within = statement.within.codes[0] if statement.within and statement.within.codes else None
    scope = statement.scope
    if scope is not None and scope.kind in ("cluster", "industry") and scope.code is not None:
        by = Dimension.CLUSTER if scope.kind == "cluster" else Dimension.INDUSTRY_DIVISION
        if within is not None and not within.startswith(home[:4]):
            return _elsewhere(one, within)
        place = () if by is Dimension.CLUSTER else ((Dimension.REGION, (home,)),)
        return by, place, scope.code, Label("本市各集群", "the clusters of the city") if by is (
            Dimension.CLUSTER
        ) else Label("本市各行业大类", "the divisions of the city's industry")  # fmt: skip
    if within is None:
        return Unasked(
            Sentence("among whom {indicator} has its place is not said", {"indicator": one.label})
        )
    if one.of_enterprises:
        if within != home:
            return _elsewhere(one, within)
        by = Dimension.PLACE if is_extension(own) else Dimension.REGION
        return by, ((Dimension.REGION, (home,)),), own, _of(within)
    return Dimension.REGION, (), own, _of(within)


def _of(within: str) -> Label:
    name = region(within).label
    return Label(f"{name.zh}各地", f"the places of {name.en}")


def _elsewhere(one: Indicator, within: str) -> Unasked:
    return Unasked(
        Sentence("of the others in {place} there are no figures of {indicator} here",
                 {"place": region(within).label, "indicator": one.label}),
        Sentence("{indicator} of every city of {place}",
                 {"place": region(within).label, "indicator": one.label}),
    )  # fmt: skip


def _place(
    statement: Statement, one: Indicator, by: Dimension, where: Any, own: str, label: Label,
    period: Period, figures: Figures,
) -> tuple[Rank, tuple[Figure, ...]] | Missing:  # fmt: skip
    now = figures.many(one.key, by, where, period)
    if isinstance(now, BallastError):
        return Missing(one.label, Sentence(now.template, dict(now.values)))
    members = {code: f for code, f in now.items() if _member(code, own, statement, by)}
    values: dict[str, Decimal | float | None] = {code: f.value for code, f in members.items()}
    if statement.of_growth:
        values = dict(
            _growths(values, figures.many(one.key, by, where, period.same_period_last_year()))
        )
    values.setdefault(own, None)
    first = "lowest" if one.better is Better.DOWN and not statement.of_growth else "highest"
    rank = ranks(values, label, "lowest" if first == "lowest" else "highest")[own]
    if rank.place is None:
        return Missing(one.label, rank.reason)
    # Where nobody is registered there is no figure, and none is missing; macro items are of all.
    expected = rank.of + rank.without if one.of_enterprises else _expected(statement, own)
    if statement.of is not None:  # the text counts its set itself: of those with figures
        expected = statement.of
    if expected > rank.of:
        # Second of the six that told is not second of sixteen.
        said = {"count": rank.of, "all": expected, "set": label, "indicator": one.label}
        return Missing(
            Label(f"{label.zh}的{one.label.zh}", f"{one.label.en} of all of {label.en}"),
            Sentence("{count} of the {all} of {set} have a figure of {indicator}", said),
        )
    return rank, tuple(members[code] for code in members if code == own)


def _growths(
    now: Mapping[str, Decimal | float | None], then: Mapping[str, Figure] | BallastError
) -> Iterator[tuple[str, float | None]]:
    for code, value in now.items():
        before = None if isinstance(then, BallastError) or code not in then else then[code].value
        if value is None or before is None or before <= 0:
            yield code, None
        else:
            yield code, (float(value) / float(before) - 1) * 100


def _member(code: str, own: str, statement: Statement, by: Dimension) -> bool:
    """Return whether a code is one of the set: of the same level, in the same whole."""
    if by is not Dimension.REGION:
        return True
    within = statement.within.codes[0] if statement.within and statement.within.codes else NATION
    stem = "" if within == NATION else within[:2] if within.endswith("0000") else within[:4]
    return code != within and code.startswith(stem) and _level(code) == _level(own)


def _expected(statement: Statement, own: str) -> int:
    """Return how many there are of the level of a region, in the whole that a place is in."""
    within = statement.within.codes[0] if statement.within and statement.within.codes else NATION
    below = children(within)
    if below and _level(below[0]) == _level(own):
        return len(below)
    return sum(len(children(code)) for code in below)


def _level(code: str) -> int:
    return 0 if code == NATION else 1 if code.endswith("0000") else 2 if code.endswith("00") else 3


def _run(
    statement: Statement, places: list[tuple[Rank, tuple[Figure, ...]] | Missing],
    run: list[Period], one: Indicator, label: Label,
) -> Iterator[Try]:  # fmt: skip
    """Yield the places of a run; it holds only where every one does."""
    missing = next((p for p in places if isinstance(p, Missing)), None)
    if missing is not None:
        yield missing
        return
    found = [p for p in places if not isinstance(p, Missing)]
    all_agree = all(_agrees(statement, rank) for rank, _ in found)
    for (rank, of), period in zip(found, run, strict=True):
        growth = Label("增速", " growth") if statement.of_growth else Label("", "")
        own = of[0].called if of else Label("", "")
        whose = f" of {own.en}" if own.en else ""
        name = Label(
            f"{own.zh}{period.label.zh}{one.label.zh}{growth.zh}在{label.zh}（{rank.of}个）中的位次",
            f"{one.label.en}{growth.en}{whose}, {period.label.en}: place among {label.en} "
            f"({rank.of})",
        )
        yield Ours(
            label=name, value=Decimal(rank.place or 0), unit=PLACES, agrees=all_agree,
            sources=of[0].sources if of else (), as_of=of[0].as_of if of else None,
            synthetic=any(f.synthetic for f in of), command=of[0].command if of else None,
        )  # fmt: skip


def _agrees(statement: Statement, rank: Rank) -> bool:
    amount = statement.amount
    if amount is None or rank.place is None:
        return False
    if amount.bound is Bound.TOP:
        return rank.place <= math.ceil(rank.of / 3)
    return agrees(amount, rank.place)


def listed_tries(statement: Statement, figures: Figures, home: str) -> Iterator[Try | Unasked]:
    """Yield the places on a list of somebody else, newest year first.

    Parameters
    ----------
    statement, figures, home
        As for `rank_tries`.
    """
    own = (
        statement.place.codes[0] if statement.place is not None and statement.place.codes else home
    )
    rows = figures.lake.read("ranking", PUBLIC)
    named = rows.filter(rows.list == (statement.listing or ""))
    found = named.select("year", "place", "region", "load_id").to_pyarrow().to_pylist()
    if not found:
        yield Unasked(
            Sentence("the list {name} is not loaded", {"name": statement.listing or ""}),
            Sentence("the table {table} with the list {name}",
                     {"table": "ranking", "name": statement.listing or ""}),
        )  # fmt: skip
        return
    places = {row["year"]: row for row in found if row["region"] == own}
    last = statement.period.year if statement.period else max(row["year"] for row in found)
    years = range(last, last - (statement.years or 1), -1)
    yield from _on_list(statement, places, years, figures)


def _on_list(
    statement: Statement, places: Mapping[int, Mapping[str, Any]], years: range, figures: Figures
) -> Iterator[Try]:
    live = figures.lake.ledger.live().to_dicts()
    made_up = {row["load_id"] for row in live if row["provenance"] == "synthetic"}
    wanted = statement.amount
    if statement.kind is Kind.CHANGE:
        yield from _moved(statement, places, years[0], made_up)
        return
    all_on = all(year in places for year in years)
    exact = wanted if wanted is not None and wanted.low is not None else None
    for year in years:
        row = places.get(year)
        agreed = all_on and (exact is None or (row is not None and agrees(exact, row["place"])))
        name = f"{statement.listing}（{year}年）"
        if row is None:
            label = Label(f"{name}：不在榜上", f"{statement.listing} ({year}): not on it")
            synthetic = any(r["load_id"] in made_up for r in places.values())
            yield Ours(label=label, value=None, unit=PLACES, agrees=False, synthetic=synthetic)
        else:
            yield Ours(
                label=Label(name, f"{statement.listing} ({year})"), value=Decimal(row["place"]),
                unit=PLACES, agrees=agreed, sources=(row["load_id"],),
                synthetic=row["load_id"] in made_up, command="ballast show ranking",
            )  # fmt: skip


def _moved(
    statement: Statement, places: Mapping[int, Mapping[str, Any]], year: int, made_up: set[str]
) -> Iterator[Try]:
    amount: Amount | None = statement.amount
    label = Label(
        f"{statement.listing}较上年位次变化", f"{statement.listing}: places gained on a year before"
    )
    if amount is None or year not in places or year - 1 not in places:
        yield Missing(label, Sentence("there is no figure of {period}", {"period": str(year - 1)}))
        return
    moved = places[year - 1]["place"] - places[year]["place"]
    loads = (places[year]["load_id"], places[year - 1]["load_id"])
    yield Ours(label=label, value=Decimal(moved), unit=PLACES, agrees=agrees(amount, moved),
               sources=tuple(sorted(set(loads))), synthetic=bool(set(loads) & made_up),
               command="ballast show ranking")  # fmt: skip
