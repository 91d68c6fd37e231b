"""``policy pool``: how many stand at each rung, how many are one criterion away, and who."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated

import polars as pl
import typer

from ballast.brain.names import names as names_of
from ballast.brain.policy.pool import pool
from ballast.brain.policy.pool_shape import PUBLISHED, Count, Pool, PoolBy, PoolCell, Standing
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.telling import article_in
from ballast.cli.asking import LimitOption
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    PublicOption,
    language,
    open_lake,
    tell,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.policy_asking import DayOption, LawOption, SchemeOption, day_of, law_of
from ballast.cli.telling import tell_rest
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["answer_pool", "pool_command"]

_PLACE = Label("地区或集群", "place")
_FORMULA = Label(
    "只差一项：所有单项条件中恰有一项不符合，其余均符合、待审核或不适用，且没有缺数据的；"
    "“满足其一”的一组条件算一项",
    "one criterion away: of all single criteria just one is not met, the others are met, for "
    "review or do not apply, and none is unknown; a group of which one is enough counts as one",
)


def pool_command(
    by: Annotated[
        list[PoolBy] | None,
        typer.Option("--by", help="county or cluster; may be repeated.", case_sensitive=False),
    ] = None,
    scheme: SchemeOption = None,
    names: Annotated[
        bool, typer.Option("--names", help="List the enterprises that can reach a rung.")
    ] = False,
    lacking: Annotated[
        bool, typer.Option("--lacking", help="List which one criterion they lack.")
    ] = False,
    day: DayOption = None,
    explain_all: Annotated[
        bool, typer.Option("--explain", help="Say how they are counted.")
    ] = False,
    limit: LimitOption = 50,
    public: PublicOption = False,
    law: LawOption = None,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Count holders, eligible and one-criterion-away enterprises at each rung."""
    if names and public:
        raise WrongUsage("--names: the published pool knows counts alone; leave out --public")
    laws = law_of(law)
    lake = open_lake(home, engine)
    if names or lacking:
        found = pool(lake, viewer(), laws, day_of(day), (), tuple(scheme or ()))
        _tell(found)
        if names:
            _print_names(lake, found, form, limit)
        else:
            _print_lacking(found, form, limit)
    else:
        answer_pool(laws, lake, day_of(day), tuple(by or ()), tuple(scheme or ()), form)
    if explain_all:
        typer.echo(_FORMULA.text(language()), err=True)


def answer_pool(
    laws: Laws,
    lake: Lake,
    day: date,
    by: Collection[PoolBy],
    schemes: Collection[str],
    form: Format,
) -> None:
    """Print the pool at each rung, as the viewer of the command may see it."""
    found = pool(lake, viewer(), laws, day, by, schemes)
    _tell(found)
    words = language()
    names = {rung.scheme: rung.label.text(words) for rung in found.rungs}
    standings = PUBLISHED if found.sealed else tuple(Standing)
    rows = [
        {
            "scheme": cell.scheme,
            "name": names[cell.scheme],
            "place": _place(cell),
            "region": cell.region,
            "cluster": cell.cluster or None,
            **{s.value: _value(cell.count(s), form) for s in standings},
        }
        for rung in found.rungs
        for cell in found.of(rung.scheme)
    ]
    eyes = form is Format.TABLE
    figure = pl.String if eyes else pl.Int64
    schema = {
        **dict.fromkeys(("scheme", "name", "place", "region", "cluster"), pl.String),
        **{s.value: figure for s in standings},
    }
    columns = [Shown("name", say("title", words)), Shown("place", _PLACE.text(words))]
    if not eyes:
        columns = [Shown(name, name) for name in ("scheme", "name", "region", "cluster", "place")]
    columns += [Shown(s.value, s.label.text(words)) for s in standings]
    print_rows(pl.DataFrame(rows, schema=schema), columns, form, words)


def _place(cell: PoolCell) -> str:
    return cell.label.text(language())


def _value(count: Count | None, form: Format) -> str | int | None:
    if form is not Format.TABLE:
        return None if count is None else count.value
    if count is None:
        return "—"
    if count.value is None:
        return Absence.SUPPRESSED.label.text(language())
    return str(count.value)


def _tell(found: Pool) -> None:
    for _, reason in found.refused:
        typer.echo(reason.text(language()), err=True)
    if found.sealed:
        tell("vintage {vintage}, as of {day}", vintage=found.vintage, day=found.day.isoformat())
    else:
        tell("as of {day}; made from facts of enterprises", day=found.day.isoformat())
    if found.synthetic:
        tell("made from invented figures")


def _print_lacking(found: Pool, form: Format, limit: int) -> None:
    words = language()
    names = {rung.scheme: rung.label.text(words) for rung in found.rungs}
    rows = [
        {
            "scheme": one.scheme,
            "name": names[one.scheme],
            "criterion": one.criterion,
            "label": one.label.text(words),
            "article": article_in(one.article, words),
            "enterprises": _value(one.count, form),
        }
        for one in found.lacking
    ]
    figure = pl.String if form is Format.TABLE else pl.Int64
    text = ("scheme", "name", "criterion", "label", "article")
    frame = pl.DataFrame(rows, schema={**dict.fromkeys(text, pl.String), "enterprises": figure})
    columns = [
        Shown("name", say("title", words)),
        Shown("label", say("the one criterion", words)),
        Shown("enterprises", say("enterprises", words)),
        Shown("article", say("article", words)),
        Shown("criterion", say("criterion", words)),
    ]
    if form is not Format.TABLE:
        columns.insert(0, Shown("scheme", "scheme"))
    print_rows(frame.head(limit), columns, form, words)
    tell_rest(frame.height, limit)


def _print_names(lake: Lake, found: Pool, form: Format, limit: int) -> None:
    words = language()
    called = names_of(lake, viewer())
    eyes = form is Format.TABLE
    names = {rung.scheme: rung.label.text(words) for rung in found.rungs}
    lacks = {(one.scheme, one.criterion): one.label.text(words) for one in found.lacking}
    rows = [
        {
            "scheme": one.scheme,
            "name": names[one.scheme],
            "uscc": one.uscc,
            "enterprise": one.name,
            "standing": one.standing.label.text(words) if eyes else one.standing.value,
            "lacks": None if one.lacks is None else lacks.get((one.scheme, one.lacks), one.lacks),
            "criterion": one.lacks,
            "county": called.region(one.county).text(words) if eyes else one.county,
            "clusters": ";".join(one.clusters) or None,
        }
        for one in found.candidates
    ]
    text = (
        "scheme", "name", "uscc", "enterprise", "standing", "lacks", "criterion", "county",
        "clusters",
    )  # fmt: skip
    frame = pl.DataFrame(rows, schema=dict.fromkeys(text, pl.String))
    columns = [
        Shown("name", say("title", words)),
        Shown("standing", say("standing", words)),
        Shown("uscc", say("enterprise code", words)),
        Shown("enterprise", say("enterprise", words)),
        Shown("lacks", say("lacks", words)),
        Shown("county", say("county", words)),
    ]
    if form is not Format.TABLE:
        columns = [Shown(name, name) for name in text]
    print_rows(frame.head(limit), columns, form, words)
    tell_rest(frame.height, limit)
