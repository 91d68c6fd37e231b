"""Statements about records: how many projects, holders of a title, clusters of a class.

Three counts of projects can be meant by one sentence (finished, begun,
recorded); each is laid beside it under its name, because to choose one of them
silently would let a text be right or wrong by our choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ballast.brain.claims.agreeing import agrees
from ballast.brain.claims.answers import Ours
from ballast.brain.claims.asking import Unasked
from ballast.brain.claims.attempt import Missing, Try
from ballast.brain.claims.figures import Figures
from ballast.brain.claims.records import CONCEPT_LABELS, Count, Records
from ballast.brain.claims.statement import Amount, Kind, Statement
from ballast.brain.claims.subjects import GOALS
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.registry import indicator
from ballast.errors import BallastError
from ballast.terms.label import Label
from ballast.terms.unit import COUNT, PERCENT
from ballast.words import Sentence

__all__ = ["counted_tries"]

_TIERS = {"clusters_100bn": 1000, "clusters_10bn": 100}  # the lower bounds, 1e8 CNY of a year
_FURTHEST = 5


def counted_tries(
    statement: Statement, figures: Figures, records: Records, home: str, today: date
) -> Iterator[Try | Unasked]:
    """Yield the counts that a statement about records may mean.

    Parameters
    ----------
    statement
        Its figure is one of `records.CONCEPT_LABELS`.
    figures, records
        Where counts come from.
    home
        The region that the home is about.
    today
        Until when records count where the text names no period.
    """
    key, amount = statement.subject.key or "", statement.amount
    label = CONCEPT_LABELS[key]
    if amount is None or statement.kind not in (Kind.LEVEL, Kind.GROWTH, Kind.RATIO, Kind.RANK):
        yield Unasked(
            Sentence(
                "of {indicator} only numbers and their growth can be checked", {"indicator": label}
            )
        )
        return
    if statement.scope is not None or (
        statement.place is not None and statement.place.codes != (home,)
    ):
        yield Unasked(
            Sentence("{indicator} are counted for the whole city only", {"indicator": label})
        )
        return
    if statement.kind is Kind.RANK:
        yield Unasked(
            Sentence(
                "of other cities there are no records of {indicator} here", {"indicator": label}
            ),
            Sentence(
                "the number of {indicator} in every city of the province", {"indicator": label}
            ),
        )
        return
    if key in ("clusters", *_TIERS):
        yield from _clusters(statement, amount, figures, records, home)
    elif key in GOALS:
        yield from _goals(statement, amount, figures, records, home, today)
    elif not records.may:
        yield Unasked(
            Sentence("{indicator} are records of single enterprises, which you may not count",
                     {"indicator": label})
        )  # fmt: skip
    elif key == "projects":
        yield from _projects(statement, amount, records, today)
    else:
        yield from _titles(statement, amount, records, today)


def _count(count: Count, amount: Amount) -> Ours:
    return Ours(
        label=count.label, value=count.value, unit=COUNT, agrees=agrees(amount, count.value),
        sources=count.sources, synthetic=count.synthetic, command=count.command,
    )  # fmt: skip


def _goals(
    statement: Statement, amount: Amount, figures: Figures, records: Records, home: str, today: date
) -> Iterator[Try | Unasked]:
    key = statement.subject.key or ""
    if statement.kind is not Kind.LEVEL:
        yield Unasked(
            Sentence(
                "of {indicator} only their number can be checked",
                {"indicator": CONCEPT_LABELS[key]},
            )
        )
        return
    try:
        count = records.goals(key, home, statement.period, today, figures.count)
    except BallastError as error:
        yield Missing(CONCEPT_LABELS[key], Sentence(error.template, dict(error.values)))
        return
    if count is None:
        needed = Sentence("the tables {tables}", {"tables": "goal"})
        yield Unasked(Sentence("No goal is set for this region."), needed)
    else:
        yield _count(count, amount)


def _projects(
    statement: Statement, amount: Amount, records: Records, today: date
) -> Iterator[Try | Unasked]:
    if statement.kind is not Kind.LEVEL:
        yield Unasked(
            Sentence("of {indicator} only numbers and their growth can be checked",
                     {"indicator": CONCEPT_LABELS["projects"]})
        )  # fmt: skip
        return
    until = statement.period.end if statement.period is not None else today
    since = None
    if statement.years is not None:
        since = until.replace(year=until.year - statement.years, day=1)
    elif statement.period is not None and statement.period.start.year == until.year:
        since = None if "累计" in statement.words else statement.period.start
    for count in records.projects(since, min(until, today)):
        yield _count(count, amount)


def _titles(
    statement: Statement, amount: Amount, records: Records, today: date
) -> Iterator[Try | Unasked]:
    scheme = (statement.subject.key or "").removeprefix("title:")
    above = "省级以上" in statement.subject.words and scheme == "specialised_sme"
    schemes = (scheme, "little_giant") if above else (scheme,)
    on = min(statement.period.end, today) if statement.period is not None else today
    now = records.titles(schemes, on)
    if statement.kind is Kind.LEVEL:
        yield _count(now, amount)
        return
    if statement.since is not None:
        bases = [statement.since.end]
    else:
        backs = [statement.years] if statement.years else range(1, _FURTHEST + 1)
        bases = [_years_before(on, back) for back in backs]
    for base in bases:
        then = records.titles(schemes, base)
        name = Label(
            f"{now.label.zh}较{base:%Y-%m-%d}（{then.value}家）",
            f"{now.label.en}, against {then.value} on {base:%Y-%m-%d}",
        )
        if not then.value:
            yield Missing(name, Sentence("undefined: it would be divided by zero"))
            continue
        times = now.value / then.value
        growth = (times - 1) * 100
        doubled = (
            amount.words == "番" and amount.low is not None and growth >= float(amount.low) * 0.995
        )
        ours = times if statement.kind is Kind.RATIO else growth
        unit = amount.unit if statement.kind is Kind.RATIO and amount.unit else PERCENT
        yield Ours(
            label=name, value=ours, unit=unit, agrees=doubled or agrees(amount, ours),
            sources=tuple(sorted({*now.sources, *then.sources})), synthetic=now.synthetic,
            command=now.command,
        )  # fmt: skip


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _clusters(
    statement: Statement, amount: Amount, figures: Figures, records: Records, home: str
) -> Iterator[Try | Unasked]:
    key = statement.subject.key or ""
    if statement.kind is not Kind.LEVEL:
        yield Unasked(Sentence("of {indicator} only numbers and their growth can be checked",
                               {"indicator": CONCEPT_LABELS[key]}))  # fmt: skip
        return
    if key == "clusters":
        yield _count(records.clusters(home), amount)
        return
    one = indicator("cluster_tier")
    years = (statement.period,) if statement.period else figures.newest.candidates(one)
    for year in years:
        found = figures.many(one.key, Dimension.CLUSTER, (), year)
        if isinstance(found, BallastError):
            yield Missing(CONCEPT_LABELS[key], Sentence(found.template, dict(found.values)))
            continue
        of = [f for f in found.values() if f.value is not None and int(f.value) == _TIERS[key]]
        name = Label(
            f"{year.label.zh}{CONCEPT_LABELS[key].zh}", f"{CONCEPT_LABELS[key].en}, {year.label.en}"
        )
        yield Ours(
            label=name, value=len(of), unit=COUNT, agrees=agrees(amount, len(of)),
            sources=tuple(sorted({s for f in of for s in f.sources})),
            synthetic=any(f.synthetic for f in found.values()),
            command=f"ballast clusters --period {year}",
        )  # fmt: skip
