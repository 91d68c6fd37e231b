"""Which sets of cells the table ``region_industry`` holds, and which one a question means.

Sections and classes, counties and nations, several years and classifications
may all stand in one table. A measure is over one set of them that can be
added up; here the sets are counted, and a question that leaves the choice
open is answered with the newest set at the finest level, by a stated rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from ballast.errors import NotFound, WrongUsage
from ballast.terms.period import Period
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme

__all__ = ["CellSet", "cell_sets", "choose"]

# From coarse to fine; the finest level that is loaded is the one meant.
_FINENESS = (
    "total", "section", "naics2", "division", "sector", "naics3", "group", "naics4",
    "class", "naics5", "naics6",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellSet:
    """Cells of one classification, level and period, over regions that do not overlap.

    Parameters
    ----------
    region_schemes
        One scheme, or GB/T 2260 with the census units that it does not know.
    industry_scheme, level, period
        As in the table.
    cells
        How many there are.
    """

    region_schemes: tuple[RegionScheme, ...]
    industry_scheme: IndustryScheme
    level: IndustryLevel
    period: str
    cells: int

    def __str__(self) -> str:
        schemes = "+".join(self.region_schemes)
        return f"{schemes}/{self.industry_scheme}/{self.level}/{self.period}"


def cell_sets(region_industry: ir.Table) -> list[CellSet]:
    """Return the sets of cells that the table holds, in no particular order.

    Parameters
    ----------
    region_industry
        The table of that name.
    """
    zone = (region_industry.region_scheme == RegionScheme.EXT.value) & (
        region_industry.region.contains("-")
    )
    # A city's zones lie inside its counties: they are shown beside them, never added to them.
    rows = region_industry.filter(~zone)
    by = ["region_scheme", "industry_scheme", "industry_level", "period"]
    counted = rows.group_by(by).aggregate(cells=rows.count()).to_pyarrow().to_pylist()
    merged: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in counted:
        key = (row["industry_scheme"], row["industry_level"], row["period"])
        merged.setdefault(key, {})[row["region_scheme"]] = row["cells"]
    found = []
    for (industry_scheme, level, period), schemes in merged.items():
        chinese = tuple(s for s in (RegionScheme.GB2260, RegionScheme.EXT) if s in schemes)
        others = [(RegionScheme(s),) for s in schemes if RegionScheme(s) not in chinese]
        found += [
            CellSet(
                group,
                IndustryScheme(industry_scheme),
                IndustryLevel(level),
                period,
                sum(schemes[s] for s in group),
            )
            for group in (chinese, *others)
            if group
        ]
    return found


def choose(sets: list[CellSet], wanted: Mapping[str, str]) -> CellSet:
    """Return the set of cells that a question means.

    Parameters
    ----------
    sets
        What there is.
    wanted
        What the question fixes: any of ``region_scheme``, ``industry_scheme``,
        ``industry_level``, ``period``.

    Returns
    -------
    CellSet
        Of those that fit: the newest period, then the finest level, then the
        most cells.

    Raises
    ------
    NotFound
        If nothing is loaded, or nothing that fits.
    WrongUsage
        If several classifications or kinds of region fit: those are never chosen silently.
    """
    if not sets:
        raise NotFound(
            "the table region_industry holds nothing yet; load one, "
            "for example with `ballast load --recipe us-cbp FILE`"
        )
    fit = [each for each in sets if _fits(each, wanted)]
    if not fit:
        raise NotFound(
            "nothing of region_industry fits {wanted}; there are: {known}",
            wanted=", ".join(f"{key}={value}" for key, value in wanted.items()),
            known=_listed(sets),
        )
    kinds = {(each.region_schemes[0], each.industry_scheme) for each in fit}
    if len(kinds) > 1:
        raise WrongUsage(
            "several kinds of cells are loaded: {known}; say which, "
            "for example --where region_scheme={scheme} --where industry_scheme={industries}",
            known=_listed(fit),
            scheme=fit[0].region_schemes[0].value,
            industries=fit[0].industry_scheme.value,
        )
    return max(
        fit, key=lambda each: (Period.parse(each.period), _FINENESS.index(each.level), each.cells)
    )


def _fits(each: CellSet, wanted: Mapping[str, str]) -> bool:
    return (
        wanted.get("region_scheme", each.region_schemes[0]) in each.region_schemes
        and wanted.get("industry_scheme", each.industry_scheme) == each.industry_scheme
        and wanted.get("industry_level", each.level) == each.level
        and wanted.get("period", each.period) == each.period
    )


def _listed(sets: list[CellSet]) -> str:
    return "; ".join(sorted(str(each) for each in sets)[:12])
