"""``chain``: chains of products with their links; and what a sector of a table draws along.

One verb for both, because the question is one: who supplies whom, and what is
missing. A chain that is loaded answers by its key or name; whatever else is
asked for is looked for among the sectors of an input–output table.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import polars as pl
import typer

from ballast.brain.chains.imports import ImportContent, import_content, vertical_specialisation
from ballast.brain.chains.leontief import Inverses, inverses
from ballast.brain.chains.linkages import extraction, linkages
from ballast.brain.chains.product_chain import ChainBook, ProductChain, find_chain
from ballast.brain.chains.reading import LoadedTable, read_table, table_names
from ballast.brain.chains.region_chain import loaded_chains
from ballast.cli.asking import LimitOption
from ballast.cli.chain_products import print_chain, print_chains, print_suppliers
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    language,
    open_lake,
    tell,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.telling import tell_rest, tell_sources
from ballast.errors import NotFound, Undefined, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.words import explain as explained
from ballast.words import say
from ballast.words.numbers import Absence

_FORMULAS = (
    Label(
        "a_ij = z_ij / x_j；L = (I − A)⁻¹；影响力系数取 Σ_i l_ij，感应度系数取 Σ_j g_ij"
        "（Ghosh，按行），均除以各部门均值",
        "a_ij = z_ij / x_j; L = (I − A)⁻¹; backward Σ_i l_ij, forward Σ_j g_ij (Ghosh, by row), "
        "each over its mean over the sectors",
    ),
    Label(
        "完全进口含量 = M (I − A)⁻¹ 的列和，M 为进口投入除以产出；与完全国内增加值之和为 1",
        "total import content = column sums of M (I − A)⁻¹, M the imported inputs over output; "
        "with the total domestic value added it makes 1",
    ),
    Label(
        "抽取损失：该部门若不存在，全部产出减少的份额 = x_k Σ_i l_ik / l_kk ÷ Σx",
        "lost without it: the share of all output that would be missing, x_k Σ_i l_ik / l_kk ÷ Σx",
    ),
)
NO_CHAINS = ChainBook((), {})
_ORDERS = ("imports", "backward", "forward", "loss")


def chain(
    asked: Annotated[
        str | None,
        typer.Argument(
            metavar="[CHAIN|SECTOR]",
            help="A loaded chain: its key, its name, or part of it; or a sector of a table.",
        ),
    ] = None,
    table: Annotated[
        str | None, typer.Option("--table", help="Name of a loaded input–output table.")
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(
            "--by", help="Of sectors: imports, backward, forward or loss; what is listed first."
        ),
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", help="Of a chain: a code, a name, or part of a name.")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="Of a chain: a year; the newest if left out.")
    ] = None,
    suppliers: Annotated[
        bool, typer.Option("--suppliers", help="Of a chain: on whom most of it depends.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say the formulas or rules, and the sources.")
    ] = False,
    limit: LimitOption = 20,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Chains of products with their links; or sectors of an input–output table."""
    if order not in (None, *_ORDERS):
        raise WrongUsage("--by {by}: it is {known}", by=order, known=", ".join(_ORDERS))
    lake = open_lake(home, engine)
    of_sectors = table is not None or order is not None
    of_chains = region is not None or period is not None or suppliers
    if of_sectors and of_chains:
        raise WrongUsage(
            "--table and --by are for sectors, --region, --period and --suppliers for chains; "
            "leave out one or the other"
        )
    book = NO_CHAINS if of_sectors else loaded_chains(lake)
    if asked is None and (book.chains or book.faults or of_chains) and not suppliers:
        _tell_faults(book)
        _require(book.chains)
        print_chains(lake, region, period, explain=explain, limit=limit, form=form)
    elif asked is not None and (of_chains or _is_chain(lake, book, asked)):
        answer = print_suppliers if suppliers else print_chain
        answer(lake, asked, region, period, explain=explain, limit=limit, form=form)
    elif suppliers:
        raise WrongUsage("--suppliers: of which chain? Name one")
    else:
        _print_sectors(lake, asked, table, order, explain=explain, limit=limit, form=form)


def _is_chain(lake: Lake, book: ChainBook, asked: str) -> bool:
    """Return whether a chain is meant; where there are chains and no sectors, it must be."""
    if find_chain(book.chains, asked) is not None or asked in book.faults:
        return True
    return bool(book.chains) and not table_names(lake, viewer())


def _tell_faults(book: ChainBook) -> None:
    for fault in book.faults.values():
        typer.echo(explained(fault, language()), err=True)


def _require(known: tuple[ProductChain, ...]) -> None:
    if not known:
        raise NotFound(
            "no chain is loaded; write one with `ballast template chain_definition OUT.xlsx` and "
            "load it with `ballast load chain_definition FILE`"
        )


def _print_sectors(
    lake: Lake,
    sector: str | None,
    table: str | None,
    order: str | None,
    *,
    explain: bool,
    limit: int,
    form: Format,
) -> None:
    loaded = read_table(lake, viewer(), table)
    of = inverses(loaded.table)
    try:
        imports = import_content(of)
    except Undefined as none:
        imports = None
        if order == "imports":
            raise
        typer.echo(explained(none, language()), err=True)
    if sector is None:
        frame = _sectors(loaded, of, imports, order or ("imports" if imports else "backward"))
        print_rows(frame.head(limit), _sector_columns(imports is not None), form, language())
        tell_rest(frame.height, limit)
        _tell_exports(of, imports)
    else:
        place = _place(loaded, sector)
        frame = _suppliers(loaded, of, imports, place)
        tell(
            "{sector} {name}: what it takes for one yuan of its output, along its whole chain",
            sector=loaded.table.sectors[place],
            name=loaded.names[place].text(language()),
        )
        print_rows(frame.head(limit), _supplier_columns(imports is not None), form, language())
        tell_rest(frame.height, limit)
    tell("table: {table}, {year}", table=loaded.table.name, year=loaded.year)
    if explain:
        for formula in _FORMULAS:
            typer.echo(formula.text(language()), err=True)
        tell_sources(lake, list(loaded.load_ids))


def _sectors(
    loaded: LoadedTable, of: Inverses, imports: ImportContent | None, order: str
) -> pl.DataFrame:
    found = linkages(of)
    whole = extraction(of).whole / loaded.table.output.sum()
    nothing = np.full(len(whole), np.nan)
    frame = pl.DataFrame(
        {
            "sector": loaded.table.sectors,
            "name": [name.text(language()) for name in loaded.names],
            "imports_direct": imports.direct if imports else nothing,
            "imports": imports.total if imports else nothing,
            "backward": found.relative_backward,
            "forward": found.relative_forward,
            "loss": whole,
            "kind": [kind.label.text(language()) for kind in found.kinds()],
        }
    )
    return frame.fill_nan(None).sort(order, descending=True, nulls_last=True, maintain_order=True)


def _suppliers(
    loaded: LoadedTable, of: Inverses, imports: ImportContent | None, place: int
) -> pl.DataFrame:
    total = of.leontief[:, place].copy()
    total[place] -= 1  # its own unit of output is no input
    nothing = np.full(len(total), np.nan)
    frame = pl.DataFrame(
        {
            "sector": loaded.table.sectors,
            "name": [name.text(language()) for name in loaded.names],
            "direct": of.technical[:, place],
            "total": total,
            "imported": imports.by_product[:, place] if imports else nothing,
            "sold_to": of.allocation[place],
        }
    ).fill_nan(None)
    return frame.sort("total", descending=True, nulls_last=True, maintain_order=True)


def _place(loaded: LoadedTable, asked: str) -> int:
    codes = loaded.table.sectors
    if asked in codes:
        return codes.index(asked)
    names = [(name.zh, name.en.lower()) for name in loaded.names]
    exact = [n for n, each in enumerate(names) if asked == each[0] or asked.lower() == each[1]]
    held = exact or [
        n for n, each in enumerate(names) if asked in each[0] or asked.lower() in each[1]
    ]
    if len(held) != 1:
        raise NotFound(
            "{asked}: {count} sectors of {table} are called so ({known}); give a code or more of "
            "the name",
            asked=asked,
            count=len(held),
            table=loaded.table.name,
            known=", ".join(f"{codes[n]} {loaded.names[n].text(language())}" for n in held[:6])
            or "–",
        )
    return held[0]


def _tell_exports(of: Inverses, imports: ImportContent | None) -> None:
    if imports is None:
        return
    try:
        share = vertical_specialisation(of)
    except Undefined:
        return
    tell("imported inputs make {share} of the exports", share=f"{share:.1%}")


def _sector_columns(split: bool) -> list[Shown]:
    words = language()
    imports = [
        Shown("imports_direct", say("imports, direct", words), 3, Absence.UNDEFINED),
        Shown("imports", say("imports, total", words), 3, Absence.UNDEFINED),
    ]
    return [
        Shown("sector", say("sector", words)),
        Shown("name", say("name", words)),
        *(imports if split else []),
        Shown("backward", say("backward linkage", words), 2, Absence.UNDEFINED),
        Shown("forward", say("forward linkage", words), 2, Absence.UNDEFINED),
        Shown("loss", say("lost without it", words), 3, Absence.UNDEFINED),
        Shown("kind", say("kind", words)),
    ]


def _supplier_columns(split: bool) -> list[Shown]:
    words = language()
    imported = [Shown("imported", say("imported input", words), 4, Absence.UNDEFINED)]
    return [
        Shown("sector", say("sector", words)),
        Shown("name", say("name", words)),
        Shown("direct", say("direct input", words), 4, Absence.UNDEFINED),
        Shown("total", say("total input", words), 4, Absence.UNDEFINED),
        *(imported if split else []),
        Shown("sold_to", say("share of its output sold to it", words), 4, Absence.UNDEFINED),
    ]
