"""``complexity``: which places can do much, and what lies near what a place can do."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import polars as pl
import typer

from ballast.brain.complexity.paths import Path, paths
from ballast.brain.complexity.reading import Landscape, landscape
from ballast.brain.coverage import CellSet, cell_sets, choose
from ballast.brain.names import Names, names
from ballast.cli.asking import (
    CELL_KEYS,
    LimitOption,
    PeriodOption,
    WhereOption,
    one_region,
    wanted_of,
)
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
from ballast.cli.telling import named, tell_rest, tell_sources, tell_synthetic
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.words import say
from ballast.words.numbers import Absence

_FORMULAS = (
    Label(
        "就业的显性比较优势 RCA ≥ 1 视为具备；ECI 为 D^−½ M U^−1 Mᵀ D^−½ 的第二特征向量，"
        "经标准化，与多样性同号；地区 ECI 即其所具备行业 PCI 的均值",
        "present: revealed comparative advantage by employment ≥ 1; ECI: the second eigenvector of "
        "D^−½ M U^−1 Mᵀ D^−½, standardised, its sign that of diversity; a region's ECI is the mean "
        "PCI of what is present there",
    ),
    Label(
        "邻近度 φ = 同时具备的地区数 ÷ 较大的普遍性；密度 ω = Σ M φ / Σ φ；"
        "前景收益 = Σ (1−M) φ PCI / Σ φ",
        "proximity φ = regions that have both over the larger ubiquity; density ω = Σ M φ / Σ φ; "
        "gain = Σ (1−M) φ PCI / Σ φ",
    ),
    Label(
        "近：密度在本地尚不具备的行业中居前四分之一。壮大：近且 RCA ≥ 0.5；"
        "招引：近、RCA < 0.5 且 PCI 高于本地 ECI；"
        "关注：不近，PCI 高于本地 ECI，前景收益居前四分之一",
        "near: density in the upper quarter of what is absent here. Strengthen: near and "
        "RCA ≥ 0.5; attract: near, RCA < 0.5, PCI above the region's ECI; watch: not near, PCI "
        "above the region's ECI, gain in the upper quarter",
    ),
)


def complexity(
    region: Annotated[
        str | None, typer.Option("--region", help="What lies near what this region can do.")
    ] = None,
    where: WhereOption = None,
    period: PeriodOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say the formulas and the sources.")
    ] = False,
    limit: LimitOption = 20,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Complexity of regions; with --region, industries to strengthen, to attract, to watch."""
    lake = open_lake(home, engine)
    rows = lake.read("region_industry", viewer())
    cells = choose(cell_sets(rows), wanted_of(where, period, CELL_KEYS))
    called = names(lake, viewer())
    chosen = None if region is None else one_region(called, region)
    found = landscape(lake, rows, cells)
    if chosen is None:
        _print_regions(found, called, cells, form, limit)
    else:
        _print_paths(found, called, cells, chosen, form, limit)
    tell(
        "cells: {cells}; regions compared: {regions}, industries: {industries}",
        cells=cells,
        regions=len(found.regions),
        industries=len(found.industries),
    )
    if explain:
        _explain(lake, cells)
    else:
        tell_synthetic(lake, "region_industry")


def _print_regions(
    found: Landscape, called: Names, cells: CellSet, form: Format, limit: int
) -> None:
    words = language()
    frame = pl.DataFrame(
        {
            "region": found.regions,
            "eci": found.complexity.eci,
            # Its values run towards 0 for all but a few as the iteration goes on; its order stands.
            "fitness_rank": pl.Series(found.fitness.fitness)
            .fill_nan(None)
            .rank("min", descending=True),
            "diversity": found.complexity.diversity.astype(np.int64),
            "outlook": found.outlook.outlook,
        }
    ).fill_nan(None)
    frame = named(frame, called, cells.industry_scheme)
    frame = frame.sort("eci", "region", descending=[True, False], nulls_last=True)
    shown = [
        Shown("region", say("region", words)),
        Shown("region_name", say("name", words)),
        Shown("eci", say("complexity (ECI)", words), 3, Absence.UNDEFINED),
        Shown("fitness_rank", say("rank by fitness", words), 0, Absence.UNDEFINED),
        Shown("diversity", say("industries present", words), 0),
        Shown("outlook", say("outlook (COI)", words), 2, Absence.UNDEFINED),
    ]
    print_rows(frame.head(limit), shown, form, words)
    tell_rest(frame.height, limit)


def _print_paths(
    found: Landscape, called: Names, cells: CellSet, region: str, form: Format, limit: int
) -> None:
    words, place = language(), found.place(region)
    eci = float(found.complexity.eci[place])
    kinds = paths(
        found.advantage[place],
        found.present[place],
        found.density[place],
        found.outlook.gain[place],
        found.complexity.pci,
        eci,
    )
    frame = pl.DataFrame(
        {
            "path": [str(kind) for kind in kinds],
            "industry": found.industries,
            "rca": found.advantage[place],
            "density": found.density[place],
            "pci": found.complexity.pci,
            "gain": found.outlook.gain[place],
        }
    ).fill_nan(None)
    order = [Path.STRENGTHEN, Path.ATTRACT, Path.WATCH]
    kept = frame.filter(pl.col("path").is_in([path.value for path in order]))
    kept = kept.with_columns(pl.col("path").cast(pl.Enum([path.value for path in order])))
    # Near things by how near they are, far ones by what they would open.
    first = pl.when(pl.col("path") == Path.WATCH.value).then("gain").otherwise("density")
    kept = kept.with_columns(first.alias("first")).sort(
        "path", "first", "industry", descending=[False, True, False]
    )
    each = max(1, limit // len(order))
    kept = named(
        kept.group_by("path", maintain_order=True).head(each), called, cells.industry_scheme
    )
    kept = kept.with_columns(pl.col("path").cast(pl.String))
    if form is Format.TABLE:
        labels = {path.value: path.label.text(words) for path in order}
        kept = kept.with_columns(pl.col("path").replace(labels))
    shown = [
        Shown("path", say("path", words)),
        Shown("industry", say("industry", words)),
        Shown("industry_name", say("name", words)),
        Shown("rca", say("advantage (RCA)", words), 2, Absence.UNDEFINED),
        Shown("density", say("density", words), 3, Absence.UNDEFINED),
        Shown("pci", say("complexity (PCI)", words), 2, Absence.UNDEFINED),
        Shown("gain", say("gain (COG)", words), 2, Absence.UNDEFINED),
    ]
    print_rows(kept, shown, form, words)
    tell(
        "{region}: complexity {eci}; near or worth much, of {absent} industries that are absent: "
        "{strengthen} to strengthen, {attract} to attract, {watch} to watch",
        region=called.region(region).text(words),
        eci=f"{eci:.2f}",
        absent=int((~found.present[place]).sum()),
        **{path.value: int((kinds == path).sum()) for path in order},
    )


def _explain(lake: Lake, cells: CellSet) -> None:
    for formula in _FORMULAS:
        typer.echo(formula.text(language()), err=True)
    rows = lake.read("region_industry", viewer())
    used = rows.filter(
        rows.region_scheme.isin([scheme.value for scheme in cells.region_schemes]),
        rows.industry_scheme == cells.industry_scheme.value,
        rows.industry_level == cells.level.value,
        rows.period == cells.period,
    )
    tell_sources(lake, used.select("load_id").distinct().to_pyarrow()["load_id"].to_pylist())
