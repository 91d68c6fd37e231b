"""``measure``: one indicator, cut, compared, ranked and explained."""

from __future__ import annotations

from typing import Annotated

import typer

from ballast.brain.indicators.declared import Form
from ballast.brain.indicators.registry import INDICATORS
from ballast.cli.asking import LimitOption, PeriodOption
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    PublicOption,
    open_lake,
)
from ballast.cli.measure_indicator import Asked, indicator_answer
from ballast.cli.measure_quotients import NAMES as QUOTIENTS
from ballast.cli.measure_quotients import Asked as QuotientsAsked
from ballast.cli.measure_quotients import quotients
from ballast.cli.measure_tables import print_indicators
from ballast.cli.output import Format
from ballast.errors import WrongUsage

_LQ = "location-quotient"


# longer than 60 lines because an option is a parameter with its help beside it
def measure(
    indicator: Annotated[
        str | None,
        typer.Argument(
            metavar="[INDICATOR]",
            help="Its key, such as output or margin, or location-quotient; if left out, all of "
            "them are listed.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            help="A line along which to cut: region, place, zone, division, group, cluster, "
            "size-class …; several are crossed. Of location-quotient: in what order to list.",
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            help="DIM=VALUE, a code or a name, several with commas between; several are all "
            "required.",
        ),
    ] = None,
    period: PeriodOption = None,
    form: Annotated[
        Form | None,
        typer.Option(
            "--form",
            help="Of the period: the period as it stands, the year to date, or its last month. If "
            "left out: period where one is named, else the newest year to date.",
            case_sensitive=False,
        ),
    ] = None,
    growth: Annotated[
        bool,
        typer.Option(
            "--growth",
            help="Growth on the same period last year: of the published levels and on the "
            "comparable sample; and what each cell gives to the growth of the whole, in points.",
        ),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", help="Growth a year since this period, such as 2022."),
    ] = None,
    rank: Annotated[
        bool, typer.Option("--rank", help="The place of each cell among those shown.")
    ] = False,
    peer: Annotated[
        str | None,
        typer.Option(
            "--peer",
            help="Of an indicator, with --where region=…: compare the region with siblings, "
            "province, nation, similar, or codes with commas between. Of location-quotient: a "
            "region among the cells, or all.",
        ),
    ] = None,
    definition: Annotated[
        str | None, typer.Option("--definition", help="Which set of cluster definitions.")
    ] = None,
    weighted: Annotated[
        bool,
        typer.Option(
            "--weighted",
            help="Split an enterprise over its industries by their weights, rather than count it "
            "under its main one.",
        ),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Say the formula, the sample, what is compared, and the sources."
        ),
    ] = False,
    limit: LimitOption = 20,
    public: PublicOption = False,  # noqa: ARG001  heard by `context.viewer`
    home: HomeOption = None,
    engine: EngineOption = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Measure an indicator: by region, industry, cluster …, with growth, rank and peers."""
    if indicator is None:
        print_indicators(output)
        return
    name = indicator.strip().lower()
    if name.replace("_", "-") in QUOTIENTS:
        if form or growth or since or rank or definition or weighted:
            raise WrongUsage(
                "location-quotient takes --by, --where, --period and --peer; it has no form, "
                "growth or rank"
            )
        asked = QuotientsAsked(by, where, period, peer, explain, limit, output)
        quotients(open_lake(home, engine), asked)
        return
    key = name.replace("-", "_")
    if key not in INDICATORS:
        raise WrongUsage(
            "there is no indicator {name}; there are: {known}",
            name=indicator,
            known=", ".join((_LQ, *INDICATORS)),
        )
    indicator_answer(
        open_lake(home, engine),
        Asked(
            key=key,
            by=tuple(by or ()),
            where=tuple(where or ()),
            period=period,
            form=form,
            growth=growth,
            since=since,
            rank=rank,
            peer=peer,
            definition=definition,
            weighted=weighted,
            explain=explain,
            limit=limit,
            output=output,
        ),
    )
