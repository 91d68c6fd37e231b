"""Chains of products on the command line: the list of them, and one with its links."""

from __future__ import annotations

import polars as pl
import typer

from ballast.brain.chains.dependence import ASSUMPTION
from ballast.brain.chains.links import LinkStatus
from ballast.brain.chains.region_chain import RegionChain, region_chain, region_chains, whole_years
from ballast.brain.names import names
from ballast.cli.asking import one_region
from ballast.cli.context import language, settings, tell, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.telling import tell_rest, tell_sources
from ballast.errors import NotFound, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.period import Period, PeriodKind
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["print_chain", "print_chains", "print_suppliers"]

_FIRST = 5
"""Suppliers named below a chain's stages; ``--suppliers`` lists them all."""


def print_chains(
    lake: Lake, region: str | None, period: str | None, *, explain: bool, limit: int, form: Format
) -> None:
    """Print the chains that are loaded, and what each lacks in the region."""
    found = region_chains(lake, viewer(), region=_region(lake, region), year=_year(period))
    words = language()
    rows = [
        {
            "chain": one.chain.key,
            "name": one.chain.label.text(words),
            "stages": len(one.links),
            **{status.value: one.count(status) for status in _COUNTED},
            "imported": sum(link.stage.imported for link in one.links),
            "few": None if one.depends is None else one.depends.few,
        }
        for one in found
    ]
    columns = [
        Shown("chain", say("chain", words)),
        Shown("name", say("name", words)),
        Shown("stages", say("stages", words), 0),
        *(Shown(s.value, s.label.text(words), 0) for s in _COUNTED),
        Shown("imported", say("import-dependent", words), 0),
        Shown("few", say("suppliers that make half", words), 0, Absence.NO_DATA),
    ]
    print_rows(pl.DataFrame(rows).head(limit), columns, form, words)
    tell_rest(len(rows), limit)
    _tell_place(lake, found[0])
    tell("one chain with its links: ballast chain CHAIN; sectors: ballast chain --by imports")
    _tell_end(lake, found[0], explain=explain)


_COUNTED = (LinkStatus.STRONG, LinkStatus.PRESENT, LinkStatus.WEAK, LinkStatus.MISSING)


def print_chain(
    lake: Lake,
    asked: str,
    region: str | None,
    period: str | None,
    *,
    explain: bool,
    limit: int,
    form: Format,
) -> None:
    """Print one chain: its stages with their links, and the few on whom it depends."""
    found = _found(lake, asked, region, period)
    words = language()
    tell("{chain}: its stages, from the first materials on", chain=found.chain.label)
    print_rows(_stages(found).head(limit), _stage_columns(found), form, words)
    tell_rest(len(found.links), limit)
    if form is Format.TABLE and found.depends is not None and found.depends.suppliers:
        tell(
            "{few} of {count} suppliers stand behind more than half of what is made downstream:",
            few=found.depends.few,
            count=len(found.depends.suppliers),
        )
        print_rows(_suppliers(found).head(_FIRST), _supplier_columns(), form, words)
        typer.echo(ASSUMPTION.text(words), err=True)
    _tell_place(lake, found)
    _tell_end(lake, found, explain=explain)


def print_suppliers(
    lake: Lake,
    asked: str,
    region: str | None,
    period: str | None,
    *,
    explain: bool,
    limit: int,
    form: Format,
) -> None:
    """Print on whom one chain depends, the weightiest first."""
    found = _found(lake, asked, region, period)
    frame = _suppliers(found)
    print_rows(frame.head(limit), _supplier_columns(), form, language())
    tell_rest(frame.height, limit)
    typer.echo(ASSUMPTION.text(language()), err=True)
    _tell_place(lake, found)
    _tell_end(lake, found, explain=explain)


def _found(lake: Lake, asked: str, region: str | None, period: str | None) -> RegionChain:
    return region_chain(lake, viewer(), asked, region=_region(lake, region), year=_year(period))


def _region(lake: Lake, asked: str | None) -> str:
    """Return the code of the region that is asked for; else the home's, else the only city."""
    wanted = asked or settings().region
    if wanted:
        return one_region(names(lake, viewer()), wanted)
    rows = lake.read("enterprise", viewer())
    cities = lake.engine.collect(rows.select(city=rows.region.substr(0, 4)).distinct())
    codes = sorted(f"{stem}00" for stem in cities["city"].to_pylist())
    if len(codes) != 1:
        raise NotFound(
            "which region? Enterprises are registered in {known}; name one with --region",
            known=", ".join(codes) or "–",
        )
    return codes[0]


def _year(period: str | None) -> int | None:
    if period is None:
        return None
    asked = Period.parse(period)
    if asked.kind is not PeriodKind.YEAR:
        raise WrongUsage(
            "--period {period}: chains are of a year, such as {year}",
            period=period,
            year=asked.year,
        )
    return asked.year


def _stages(found: RegionChain) -> pl.DataFrame:
    words = language()
    known = found.imports
    return pl.DataFrame(
        [
            {
                "step": found.chain.step[link.stage.key] + 1,
                "stage": link.stage.key,
                "product": link.stage.label.text(words),
                "status": link.status.label.text(words),
                "imported": link.stage.imported,
                "leaning": link.leaning,
                "enterprises": link.enterprises,
                "above_scale": link.above_scale,
                "revenue_1e4_cny": link.revenue_1e4_cny,
                "location_quotient": link.quotient,
                "largest_share": link.largest,
                "industries": " ".join(code for _, code in link.stage.industries),
                "sector_imports": None
                if known is None
                else max(
                    (
                        one.share
                        for one in known.of(found.chain.key, link.stage.key)
                        if one.share is not None
                    ),
                    default=None,
                ),
                "feeds": " ".join(link.stage.feeds) or None,
            }
            for link in found.links
        ],
        infer_schema_length=None,
    )


def _stage_columns(found: RegionChain) -> list[Shown]:
    words = language()
    imports = Shown("sector_imports", say("its sector's imports", words), 2, Absence.UNDEFINED)
    return [
        Shown("step", say("step", words), 0),
        Shown("stage", say("stage", words)),
        Shown("product", say("product", words)),
        Shown("status", say("link", words)),
        Shown("imported", say("import-dependent", words)),
        Shown("leaning", say("leans on one", words), absent=Absence.NO_DATA),
        Shown("enterprises", say("enterprises", words), 0, Absence.NO_DATA),
        Shown("above_scale", say("above scale", words), 0, Absence.NO_DATA),
        Shown("revenue_1e4_cny", say("revenue, 10,000 CNY", words), 0, Absence.NO_DATA),
        Shown("location_quotient", say("location quotient", words), 2, Absence.NO_DATA),
        Shown("largest_share", say("share of the largest", words), 2, Absence.NO_DATA),
        *([] if found.imports is None else [imports]),
        Shown("industries", say("industries", words)),
        Shown("feeds", say("feeds", words)),
    ]


def _suppliers(found: RegionChain) -> pl.DataFrame:
    words = language()
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "uscc": pl.String,
        "name": pl.String,
        "stages": pl.String,
        "share": pl.Float64,
        "behind_1e4_cny": pl.Decimal(38, 4),
        "weight": pl.Float64,
        "others": pl.Int64,
    }
    rows = [
        {
            "uscc": one.uscc,
            "name": one.name.text(words),
            "stages": " ".join(found.chain.stage(key).label.text(words) for key in one.stages),
            "share": one.share,
            "behind_1e4_cny": one.behind_1e4_cny,
            "weight": one.weight,
            "others": one.others,
        }
        for one in (() if found.depends is None else found.depends.suppliers)
    ]
    return pl.DataFrame(rows, schema=schema)


def _supplier_columns() -> list[Shown]:
    words = language()
    return [
        Shown("uscc", say("credit code", words)),
        Shown("name", say("name", words)),
        Shown("stages", say("makes", words)),
        Shown("share", say("share of its stage", words), 2),
        Shown("behind_1e4_cny", say("revenue behind it, 10,000 CNY", words), 0),
        Shown("weight", say("weight", words), 3),
        Shown("others", say("other makers", words), 0),
    ]


def _tell_place(lake: Lake, found: RegionChain) -> None:
    where = names(lake, viewer()).region(found.region)
    if found.year is None:
        tell("region: {region}", region=where)
    else:
        tell("region: {region}; year: {year}", region=where, year=found.year)


def _tell_end(lake: Lake, found: RegionChain, *, explain: bool) -> None:
    if found.imports is not None:
        tell(
            "its sector's imports: share of what the nation's producers use of the sector's "
            "products that is imported, {table}; a sector is far wider than a product",
            table=found.imports.table,
        )
    if explain:
        for rule in found.rules.sentences:
            typer.echo(rule.text(language()), err=True)
        tell(
            "enterprises count on a stage by their industries, and the location quotient is of the "
            "groups that these lie in: both are wider than a product"
        )
        evidence = () if found.imports is None else found.imports.load_ids
        tell_sources(lake, [*(source.load_id for source in found.sources), *evidence])
        years = whole_years(lake, viewer())
        tell("years wholly reported: {years}", years=", ".join(map(str, years)) or "–")
    elif found.synthetic:
        tell("synthetic sample: these figures are invented")
