"""China's national input–output tables (投入产出表), and any other in the same layout.

One file fills three tables of the lake: the sectors, the flows between them,
and the vectors beside them. It is stored long rather than as a matrix, so
that tables of 42, 153 or any number of sectors share one declaration. All
zeros are kept: an absent flow would be an unknown one.

Layout: ``io_layout``. What must hold: ``io_identities``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from ballast.errors import BrokenIdentity, WrongUsage
from ballast.lake.recipes.io_identities import (
    IDENTITIES,
    TOLERANCE,
    Breach,
    InputOutputTable,
    check_identities,
)
from ballast.lake.recipes.io_layout import ReadTable, read_table
from ballast.lake.recipes.opening import typed, year_of
from ballast.lake.recipes.recipe import Recipe, RecipeFrames
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryScheme
from ballast.words import Sentence

INPUT_ITEMS = {
    "TII": "intermediate_input",
    "VA001": "compensation",
    "VA002": "production_taxes",
    "VA003": "depreciation",
    "VA004": "operating_surplus",
    "TVA": "value_added",
    "TI": "input",
}
USE_ITEMS = {
    "total_intermediate_use": "intermediate_use",
    "rural_household_consumption": "rural_consumption",
    "urban_household_consumption": "urban_consumption",
    "household_consumption": "household_consumption",
    "government_consumption": "government_consumption",
    "final_consumption": "final_consumption",
    "gross_fixed_capital_formation": "fixed_capital_formation",
    "inventory_change": "inventory_change",
    "gross_capital_formation": "capital_formation",
    "exports": "exports",
    "total_final_use": "final_use",
    "imports": "imports",
    "gross_output": "output",
}
_NATIONAL = re.compile(r"^china_\d{4}_(?:42|153)$")
_LOOSEST = 1e-3


def refuse_broken(table: InputOutputTable, tolerance: float = TOLERANCE) -> None:
    """Refuse a table that does not add up.

    Raises
    ------
    BrokenIdentity
        Naming the first sector and identity, both amounts and the
        difference, and up to three of the others.
    """
    breaches = check_identities(table, tolerance)
    if not breaches:
        return
    first, others = breaches[0], breaches[1:]
    said = {
        "table": table.name,
        "place": first.place,
        "identity": first.identity.label,
        "formula": first.identity.formula,
        "left": f"{first.left:,.4f}",
        "right": f"{first.right:,.4f}",
        "difference": amount(first.difference),
    }
    if not others:
        raise BrokenIdentity(
            "{table}, {place}: broken identity: {identity} ({formula}): {left} against {right}, "
            "a difference of {difference} (in 10,000 CNY); correct the cell, or get the table "
            "again from its source",
            **said,
        )
    raise BrokenIdentity(
        "{table}, {place}: broken identity: {identity} ({formula}): {left} against {right}, "
        "a difference of {difference} (in 10,000 CNY); {count} more are broken: {others}; correct "
        "the cell where they meet, or get the table again from its source",
        **said,
        count=len(others),
        others="; ".join(_brief(breach) for breach in others[:3])
        + ("; …" if len(others) > 3 else ""),
    )


def amount(value: float) -> str:
    """Return an amount as text that never hides a difference by rounding.

    Examples
    --------
    >>> amount(-1234.5), amount(0.00002)
    ('-1,234.5000', '2e-05')
    """
    return f"{value:,.4f}" if abs(value) >= 1e-3 else f"{value:.3g}"


def _brief(breach: Breach) -> str:
    return f"{breach.place}: {breach.identity.formula}: {amount(breach.difference)}"


def _flows(table: InputOutputTable) -> pl.DataFrame:
    n, codes = len(table.codes), np.array(table.codes)
    return pl.DataFrame(
        {
            "io_table": pl.repeat(table.name, table.flows.size, eager=True),
            "origin": np.repeat(np.array(table.origins), n * n),
            "from_sector": np.tile(np.repeat(codes, n), len(table.origins)),
            "to_sector": np.tile(codes, n * len(table.origins)),
            "value_1e4_cny": table.flows.ravel(),
        }
    )


def _vectors(table: InputOutputTable) -> pl.DataFrame:
    parts = [("all", item, table.inputs[code]) for code, item in INPUT_ITEMS.items()]
    for at, origin in enumerate(table.origins):
        parts += [
            (origin, item, table.uses[name][at])
            for name, item in USE_ITEMS.items()
            if name in table.uses
        ]
        if not table.competitive:
            item = "output" if origin == "domestic" else "imports"
            parts.append((origin, item, table.uses["gross_output_or_total_imports"][at]))
    n = len(table.codes)
    return pl.DataFrame(
        {
            "io_table": pl.repeat(table.name, len(parts) * n, eager=True),
            "origin": np.repeat(np.array([origin for origin, _, _ in parts]), n),
            "item": np.repeat(np.array([item for _, item, _ in parts]), n),
            "sector": np.tile(np.array(table.codes), len(parts)),
            "value_1e4_cny": np.concatenate([values for _, _, values in parts]),
        }
    )


def _sectors(read: ReadTable, scheme: str, year: str, source: str | None) -> pl.DataFrame:
    table = read.numbers
    return pl.DataFrame(
        {"sector": table.codes, "name_zh": table.names, "name_en": read.names_en},
        schema={"sector": pl.String, "name_zh": pl.String, "name_en": pl.String},
    ).with_columns(
        pl.lit(table.name).alias("io_table"),
        pl.lit(scheme).alias("industry_scheme"),
        pl.lit(int(year)).alias("year"),
        pl.lit("producer").alias("valuation"),
        pl.lit(table.competitive).alias("competitive"),
        pl.lit(source, dtype=pl.String).alias("source"),
    )


def _scheme(table: InputOutputTable, options: Mapping[str, str]) -> str:
    given = options.get("scheme")
    known = [s.value for s in IndustryScheme]
    if given is not None and given not in known:
        raise WrongUsage(
            "scheme={given}: there is no such industry scheme; write one of {known}",
            given=given,
            known=", ".join(known),
        )
    if given is not None:
        return given
    if table.codes == tuple(f"{k:02d}" for k in range(1, 43)):
        return IndustryScheme.IO42_2020.value
    if table.codes == tuple(f"{k:03d}" for k in range(1, 154)):
        return IndustryScheme.IO153_2020.value
    return IndustryScheme.IO_OWN.value


def _tolerance(options: Mapping[str, str]) -> float:
    given = options.get("tolerance")
    if given is None:
        return TOLERANCE
    try:
        tolerance = float(given)
    except ValueError:
        tolerance = -1.0
    if not 0 <= tolerance <= _LOOSEST:
        raise WrongUsage(
            "tolerance={given}: not a relative error from 0 to {most}; a table rounded to whole "
            "10,000 CNY needs about 1e-6",
            given=given,
            most=_LOOSEST,
        )
    return tolerance


def _summary(table: InputOutputTable, tolerance: float) -> Sentence:
    said = {
        "table": table.name,
        "sectors": len(table.codes),
        "count": sum(identity.applies(table) for identity in IDENTITIES),
        "tolerance": f"{tolerance:g}",
        "output": f"{table.output.sum() / 1e4:,.1f}",
        "added": f"{table.inputs['TVA'].sum() / 1e4:,.1f}",
    }
    if table.competitive:
        return Sentence(
            "{table}: {sectors} sectors, competitive (flows include imports); all {count} "
            "identities hold within {tolerance}; gross output {output}, value added {added} "
            "(100 million CNY).",
            said,
        )
    return Sentence(
        "{table}: {sectors} sectors, domestic and imported flows apart; all {count} "
        "identities hold within {tolerance}; gross output {output}, value added {added} "
        "(100 million CNY).",
        said,
    )


def read(paths: Sequence[Path], options: Mapping[str, str]) -> RecipeFrames:
    """Return the sectors, flows and vectors of one table, every identity checked.

    Parameters
    ----------
    paths
        The CSV.
    options
        ``table`` (file name), ``year`` (from the file name), ``scheme``
        (from the codes), ``tolerance`` (1e-9), ``source``.

    Returns
    -------
    RecipeFrames
        ``io_sector``, ``io_flow``, ``io_vector``, amounts in 10,000 CNY. In
        a non-competitive table ``output`` has the origin ``domestic``,
        ``imports`` the origin ``imported``; inputs always ``all``.

    Raises
    ------
    WrongUsage
        If an option is wrong.
    UnreadableFile, WrongColumns, RefusedRows
        If the file is not in the layout.
    BrokenIdentity
        If the table does not add up.
    """
    (path,) = paths
    name = options.get("table", path.stem)
    if not name or any(c.isspace() for c in name):
        raise WrongUsage(
            "table={name}: the name of a table has no blanks; add the option table=NAME", name=name
        )
    year, tolerance = year_of(path, options), _tolerance(options)
    found = read_table(path, name)
    table = found.numbers
    scheme = _scheme(table, options)
    refuse_broken(table, tolerance)
    source = options.get("source")
    if source is None and _NATIONAL.match(path.stem):
        source = f"国家统计局，{year} 年全国投入产出表"
    return RecipeFrames(
        {
            "io_sector": typed("io_sector", _sectors(found, scheme, year, source)),
            "io_flow": typed("io_flow", _flows(table)),
            "io_vector": typed("io_vector", _vectors(table)),
        },
        (_summary(table, tolerance),),
    )


CHINA_IO = Recipe(
    name="china-io",
    label=Label("投入产出表", "input–output table"),
    meaning=Label(
        "国家统计局的全国投入产出表（42 部门非竞争型，153 部门竞争型），"
        "以及同一格式的其他国家或城市的表。每条核算恒等式都检查，不平则拒绝并指明部门与金额。",
        "China's national tables (42 sectors with domestic and imported flows apart, 153 sectors "
        "with flows including imports), and any other table in the same layout. Every accounting "
        "identity is checked; a table that breaks one is refused with the sector and the amount.",
    ),
    files=(
        Label(
            "CSV 文件，每行为表的一行，每列为一个使用部门，单位万元",
            "CSV: a line per row of the table, a column per using sector, in 10,000 CNY",
        ),
    ),
    options={
        "table": Label("表的名称；缺省为文件名", "name of the table; default: the file name"),
        "year": Label("表的年份；缺省取自文件名", "year of the table; default: from the file name"),
        "scheme": Label(
            "部门的编码体系；缺省按部门代码识别，不识别则为该表自有部门",
            "scheme of the sectors; default: known by their codes, else the table's own",
        ),
        "tolerance": Label(
            "恒等式允许的相对误差；缺省 1e-9",
            "relative error that the identities may have; default 1e-9",
        ),
        "source": Label(
            "发布单位与资料名称；全国表缺省为国家统计局",
            "publisher and title; default for the national tables: the National Bureau",
        ),
    },
    tables=("io_sector", "io_flow", "io_vector"),
    reader=read,
)
