"""``clusters --public``: what the sealed cube publishes of clusters, the withheld named."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ballast.brain.cube.reading import sealed_periods, vintages
from ballast.brain.indicators.answering import answer
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.brain.names import names
from ballast.brain.sealed_levels import absence_of, tier_label
from ballast.brain.tiers import TIER_LABELS, Tier
from ballast.cli.asking import Definition, one_region, only_cluster
from ballast.cli.context import language, tell, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.telling import tell_rest
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.terms.label import Language
from ballast.terms.period import Period, PeriodKind
from ballast.words import say
from ballast.words.numbers import Absence, Number

__all__ = ["SealedAsked", "answer_sealed"]

_KEY = "cluster_revenue"


@dataclass(frozen=True, slots=True)
class SealedAsked:
    """What was typed."""

    region: str | None
    cluster: str | None
    period: str | None
    limit: int
    form: Format


def answer_sealed(lake: Lake, defined: Definition, asked: SealedAsked) -> None:
    """Print the published revenue of clusters, largest first, the withheld ones last.

    Parameters
    ----------
    lake
        Where to read; it is read as anyone may.
    defined
        Which clusters.
    asked
        What was typed.
    """
    words = language()
    where = {}
    if asked.region is not None:
        where = {Dimension.REGION: (one_region(names(lake, viewer()), asked.region),)}
    question = Question(
        (_KEY,),
        (Dimension.CLUSTER,),
        where,
        period=_year(lake, asked.period),
        definition=defined.name,
    )
    called = {
        row["cluster"]: row[f"name_{words}"] or row["cluster"]
        for row in defined.rows.to_pyarrow().to_pylist()
    }
    rows = [
        {
            "cluster": value.cell[Dimension.CLUSTER],
            "name_zh": called.get(value.cell[Dimension.CLUSTER]),
            "name_en": called.get(value.cell[Dimension.CLUSTER]),
            "tier": _tier(value.value, words),
            "revenue_1e4_cny": None if value.value is None else float(value.value),
            "status": (absence_of(value) or Absence.NO_DATA).label.text(words)
            if value.value is None
            else say("published", words),
        }
        for value in answer(lake, viewer(), question).values
    ]
    if not rows:
        raise NotFound(
            "no figures of the clusters of {definition} are published for {period}",
            definition=defined.name,
            period=question.period.label,
        )
    frame = only_cluster(pl.DataFrame(rows), asked.cluster).sort(
        "revenue_1e4_cny", "cluster", descending=[True, False], nulls_last=True
    )
    shown = [
        Shown("cluster", say("cluster", words)),
        Shown(f"name_{words}", say("cluster name", words)),
        Shown("tier", say("tier", words), absent=Absence.SUPPRESSED),
        Shown(
            "revenue_1e4_cny",
            say("revenue of {year}, 10,000 CNY", words, year=question.period.year),
            0,
            Absence.SUPPRESSED,
        ),
        Shown("status", say("status", words)),
    ]
    print_rows(frame.head(asked.limit), shown, asked.form, words)
    tell_rest(frame.height, asked.limit)
    tell("published after disclosure control: vintage {vintage}", vintage=vintages(lake)[-1].name)


def _tier(revenue: Number | None, words: Language) -> str | None:
    if revenue is None:
        return None
    return (tier_label(revenue) or TIER_LABELS[Tier.BELOW]).text(words)


def _year(lake: Lake, text: str | None) -> Period:
    if text is not None:
        return Period.parse(text)
    years = [p for p in sealed_periods(lake) if p.kind is PeriodKind.YEAR]
    if not years:
        raise NotFound("no whole year of figures is published yet; name a period with --period")
    return max(years)
