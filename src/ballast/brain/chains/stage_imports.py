"""What an input–output table knows of the imports of a chain's products.

The definition of a chain says which products come from abroad; somebody judged
that. A table of the nation tells, for the sector that a product lies in, which
share of what producers use is imported. A sector is far wider than a product
(42 sectors cannot tell bearings from valves), so this stands beside the
judgement, with the sector's name, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ballast.brain.chains.concordance import sectors_by_class
from ballast.brain.chains.imports import imported_use
from ballast.brain.chains.product_chain import ProductChain, Stage
from ballast.brain.chains.reading import read_table, table_names
from ballast.lake.lake import Lake
from ballast.terms.industry import industries
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryLevel, IndustryScheme
from ballast.terms.viewer import Viewer

__all__ = ["ImportEvidence", "SectorImport", "stage_imports"]

_SCHEMES = (IndustryScheme.IO42_2020, IndustryScheme.IO153_2020)


@dataclass(frozen=True, slots=True)
class SectorImport:
    """A sector that a stage lies in, and which share of its products, as used, is imported.

    ``share`` is 0 to 1; None for a sector whose products no producer uses.
    """

    sector: str
    label: Label
    share: float | None


@dataclass(frozen=True)
class ImportEvidence:
    """What one table tells of the stages of chains.

    Parameters
    ----------
    table, year
        Which table.
    sectors
        (chain, stage) to the sectors that its industries lie in.
    load_ids
        The loads that it was read from.
    """

    table: str
    year: int
    sectors: Mapping[tuple[str, str], tuple[SectorImport, ...]]
    load_ids: tuple[str, ...]

    def of(self, chain: str, stage: str) -> tuple[SectorImport, ...]:
        """Return the sectors of a stage; none where its industries lie in none."""
        return self.sectors.get((chain, stage), ())


def stage_imports(
    lake: Lake, viewer: Viewer, chains: Iterable[ProductChain]
) -> ImportEvidence | None:
    """Return what the newest table with imports tells of chains.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    chains
        Whose stages are asked for.

    Returns
    -------
    ImportEvidence or None
        None where no table is loaded that tells imports apart, or where its sectors are none that
        industrial classes can be laid to.
    """
    if not table_names(lake, viewer):
        return None
    loaded = read_table(lake, viewer)
    if loaded.table.imported is None:
        return None
    rows = lake.read("io_sector", viewer)
    schemes = lake.engine.collect(
        rows.filter(rows.io_table == loaded.table.name).select("industry_scheme").distinct()
    )["industry_scheme"].to_pylist()
    scheme = next((each for each in _SCHEMES if schemes == [each.value]), None)
    if scheme is None:
        return None
    shares = imported_use(loaded.table)
    known = {
        sector: SectorImport(sector, label, None if np.isnan(share) else float(share))
        for sector, label, share in zip(loaded.table.sectors, loaded.names, shares, strict=True)
    }
    return ImportEvidence(
        loaded.table.name,
        loaded.year,
        {
            (chain.key, stage.key): tuple(
                known[sector] for sector in _sectors(stage, scheme) if sector in known
            )
            for chain in chains
            for stage in chain.stages
        },
        loaded.load_ids,
    )


def _sectors(stage: Stage, scheme: IndustryScheme) -> list[str]:
    """Return the sectors that a stage's classes lie in, in the order of their codes."""
    by_class = sectors_by_class(scheme)
    classes = {
        each.code
        for of, code in stage.industries
        if of == IndustryScheme.GBT4754_2017
        for each in industries(IndustryLevel.CLASS, within=code)
    }
    return sorted({by_class[code] for code in classes if code in by_class})
