"""A chain in a region: whom the lake has on each stage, and what of it a viewer may see.

Every stage is laid beside the enterprises once, by the same weights as the
clusters' (an enterprise with two industries counts in each by its weight), and
one year's revenue is joined last, so that nothing multiplies it.

A viewer without the right to unit data is shown the definition and the statuses
that the disclosure rules allow, and no figure. The statuses rest on unit data
all the same, so they are worked out here, for one fixed cut (a whole city,
the newest whole year), and only what `links.shown_to_all` leaves goes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from ballast.brain.chains.dependence import Dependence, dependence
from ballast.brain.chains.links import (
    ChainLink,
    LinkRules,
    LinkStatus,
    StageFirm,
    links_of,
    shown_to_all,
)
from ballast.brain.chains.product_chain import ProductChain, find_chain, product_chains
from ballast.brain.cluster_revenue import REVENUE, cluster_weights, registered
from ballast.brain.measures.location_quotient import location_quotients
from ballast.brain.places import inside
from ballast.brain.published import PublishedSource
from ballast.brain.specialisation import cells_of
from ballast.brain.yearly import yearly
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.industry import industries, level_of, roll_up
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.region import NATION, is_extension
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme
from ballast.terms.viewer import PUBLIC, Right, Viewer
from ballast.words import Sentence

__all__ = ["RegionChain", "loaded_chains", "region_chain", "region_chains", "whole_years"]

_PERSONS = "employment_persons"
_SET = "chains"
# Reads what the statuses rest on; what it read never leaves this module but as statuses.
_FOR_STATUSES = Viewer("statuses of chains", frozenset({Right.READ_UNITS, Right.READ_AGGREGATES}))


@dataclass(frozen=True)
class RegionChain:
    """A chain as a region has it, as far as its reader may see.

    Parameters
    ----------
    chain, region
        Which chain; the code of the region.
    year
        The year that the figures are of; None where no year is wholly reported.
    links
        The stages, in the chain's order.
    depends
        On whom it depends; None for a reader without the right to unit data.
    restricted
        Whether the reader sees statuses alone; ``firms`` of the links are then the reader's own.
    rules
        By which it was judged.
    sources
        The loads that it rests on.
    """

    chain: ProductChain
    region: str
    year: int | None
    links: tuple[ChainLink, ...]
    depends: Dependence | None
    restricted: bool
    rules: LinkRules
    sources: tuple[PublishedSource, ...]

    @property
    def synthetic(self) -> bool:
        """Whether any load behind it is made up."""
        return any(source.synthetic for source in self.sources)

    def link(self, stage: str) -> ChainLink:
        """Return the link of a stage; NotFound where the chain has no such stage."""
        self.chain.stage(stage)
        return next(link for link in self.links if link.stage.key == stage)

    def count(self, status: LinkStatus) -> int:
        """Return how many stages are of a status."""
        return sum(link.status is status for link in self.links)


def loaded_chains(lake: Lake, viewer: Viewer = PUBLIC) -> tuple[ProductChain, ...]:
    """Return the chains that are loaded, by key; they are public.

    Raises
    ------
    Refused
        If rows of the definition contradict each other.
    """
    rows = lake.engine.collect(lake.read("chain_definition", viewer))
    return product_chains(rows.to_pylist())


def whole_years(lake: Lake, viewer: Viewer) -> tuple[int, ...]:
    """Return the years whose December is reported, oldest first."""
    rows = lake.engine.collect(lake.read("enterprise_period", viewer).select("period").distinct())
    stored = [Period.parse(text) for text in rows["period"].to_pylist()]
    return tuple(sorted({p.year for p in stored if p.end == date(p.year, 12, 31)}))


def region_chain(
    lake: Lake,
    viewer: Viewer,
    asked: str,
    *,
    region: str,
    year: int | None = None,
    rules: LinkRules | None = None,
) -> RegionChain:
    """Return one chain in a region.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    asked
        Key or name of a loaded chain.
    region, year, rules
        As for `region_chains`.

    Raises
    ------
    NotFound
        If no loaded chain is called so.
    NotPermitted
        As `region_chains`.
    """
    known = loaded_chains(lake)
    found = find_chain(known, asked)
    if found is None:
        raise NotFound(
            "no chain is called {asked}; loaded are: {known}",
            asked=asked,
            known=", ".join(chain.key for chain in known) or "–",
        )
    return region_chains(lake, viewer, region=region, year=year, rules=rules, only=found.key)[0]


def region_chains(
    lake: Lake,
    viewer: Viewer,
    *,
    region: str,
    year: int | None = None,
    rules: LinkRules | None = None,
    only: str | None = None,
) -> tuple[RegionChain, ...]:
    """Return the loaded chains in a region, by key.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    region
        A GB/T 2260 code, or a zone's extension code.
    year
        The calendar year; the newest wholly reported where None.
    rules
        By which links are judged.
    only
        Key of the one chain that is asked for.

    Raises
    ------
    NotPermitted
        If a viewer without the right to unit data asks for a part of a city, another year or
        rules of one's own: several cuts beside each other tell what none tells alone.
    NotFound
        If nobody has reported in the year that is asked for.
    """
    units = viewer.may(Right.READ_UNITS)
    whole_city = not is_extension(region) and region.endswith("00")
    if not units and (year is not None or rules is not None or not whole_city):
        raise NotPermitted(
            "chains are shown to your account for whole cities and the newest year alone"
        )
    reader = viewer if units else _FOR_STATUSES
    chains = tuple(c for c in loaded_chains(lake) if only is None or c.key == only)
    if not chains:
        return ()
    facts = _facts(lake, reader, chains, region, _year(lake, reader, year))
    judged = rules or LinkRules()
    return tuple(_seen(viewer, chain, facts, judged, units=units) for chain in chains)


@dataclass(frozen=True)
class _Facts:
    """What was read once for all chains; stages under ``chain/stage``."""

    region: str
    year: int | None
    registered: bool
    firms: dict[str, list[StageFirm]]
    quotients: dict[str, float | None]
    sources: tuple[PublishedSource, ...]


def _year(lake: Lake, reader: Viewer, asked: int | None) -> int | None:
    known = whole_years(lake, reader)
    if asked is not None and asked not in known:
        raise NotFound(
            "no enterprise has reported the whole of {year}; there are figures of {known}",
            year=asked,
            known=", ".join(map(str, known)) or "–",
        )
    return asked if asked is not None else max(known, default=None)


def _id(chain: ProductChain, stage: str) -> str:
    return f"{chain.key}/{stage}"


def _facts(
    lake: Lake, reader: Viewer, chains: Sequence[ProductChain], region: str, year: int | None
) -> _Facts:
    rows = _firms(lake, reader, chains, region, year)
    firms: dict[str, list[StageFirm]] = {}
    for row in rows:
        firms.setdefault(row["cluster"], []).append(_firm(row))
    there = _registered(lake, reader, region, year).limit(1).count()
    return _Facts(
        region,
        year,
        bool(lake.engine.collect(there.as_table())[0][0].as_py()),
        firms,
        {} if year is None else _quotients(lake, reader, chains, region, year),
        _sources(lake),
    )


def _registered(lake: Lake, reader: Viewer, region: str, year: int | None) -> ir.Table:
    """Return the enterprises of a region that stood at the end of the year."""
    on = date(9999, 12, 31) if year is None else date(year, 12, 31)
    rows = registered(lake.read("enterprise", reader), on=on)
    gb, here = (ibis.literal(text) for text in (RegionScheme.GB2260.value, region))
    is_here = rows.zone == region if is_extension(region) else inside(rows.region, gb, here)
    return rows.filter(is_here, rows.closed.isnull() | (rows.closed > ibis.literal(on)))


def _firms(
    lake: Lake, reader: Viewer, chains: Sequence[ProductChain], region: str, year: int | None
) -> list[dict[str, Any]]:
    listed = [
        (_id(chain, stage.key), scheme, code)
        for chain in chains
        for stage in chain.stages
        for scheme, code in stage.industries
    ]
    ids, schemes, codes = (list(column) for column in zip(*listed, strict=True))
    definition = lake.engine.memory(
        pa.table(
            {
                "definition": [_SET] * len(ids),
                "cluster": ids,
                "industry_scheme": schemes,
                "industry": codes,
                "region_scheme": [""] * len(ids),
                "region": [""] * len(ids),
            }
        )
    )
    own = _registered(lake, reader, region, year)
    weights = cluster_weights(own, definition, definition=_SET)
    found = weights.join(own.select("uscc", "name", "name_en"), "uscc")
    if year is not None:
        figures = lake.read("enterprise_period", reader)
        scope = figures.filter(figures.period.startswith(str(year)))
        scope = scope.aggregate(above_scale=scope.above_scale.argmax(scope.period), by=["uscc"])
        revenue = yearly(figures, value=REVENUE, year=year).drop("months")
        found = found.left_join(scope, "uscc").drop("uscc_right")
        found = found.left_join(revenue, "uscc").drop("uscc_right")
    rows: list[dict[str, Any]] = lake.engine.collect(found).to_pylist()
    return rows


def _firm(row: dict[str, Any]) -> StageFirm:
    revenue = row.get(REVENUE)
    return StageFirm(
        row["uscc"],
        Label(row["name"], row["name_en"] or row["name"]),
        row["weight"],
        None if revenue is None else Decimal(f"{revenue * row['weight']:.4f}"),
        bool(row.get("above_scale")),
    )


def _quotients(
    lake: Lake, reader: Viewer, chains: Sequence[ProductChain], region: str, year: int
) -> dict[str, float | None]:
    """Return the location quotient of the groups that each stage's industries lie in."""
    pairs = sorted(
        {
            (_id(chain, stage.key), group)
            for chain in chains
            for stage in chain.stages
            for group in _groups(stage.industries)
        }
    )
    groups = lake.engine.memory(
        pa.table({"stage": [p[0] for p in pairs], "industry": [p[1] for p in pairs]})
    )
    cells = cells_of(
        lake.read("region_industry", reader),
        region_scheme=(RegionScheme.GB2260, RegionScheme.EXT),
        industry_scheme=IndustryScheme.GBT4754_2017,
        level=IndustryLevel.GROUP,
        period=str(year),
    )
    here, nation = (
        cells.filter(cells.region == code).select("region", "industry", _PERSONS)
        for code in (region, NATION)
    )
    found = location_quotients(
        here.join(groups, "industry").select("region", "stage", _PERSONS),
        value=_PERSONS,
        industry="stage",
        reference=nation.join(groups, "industry").select("stage", _PERSONS),
        region_totals=here,
        reference_total=nation,
    )
    rows = lake.engine.collect(found.select("stage", "location_quotient")).to_pylist()
    return {row["stage"]: row["location_quotient"] for row in rows}


def _groups(codes: Iterable[tuple[str, str]]) -> set[str]:
    found = set()
    for scheme, code in codes:
        if scheme == IndustryScheme.GBT4754_2017:
            if level_of(code) in (IndustryLevel.GROUP, IndustryLevel.CLASS):
                found.add(roll_up(code, IndustryLevel.GROUP))
            else:
                found |= {each.code for each in industries(IndustryLevel.GROUP, within=code)}
    return found


def _seen(
    viewer: Viewer,
    chain: ProductChain,
    facts: _Facts,
    rules: LinkRules,
    *,
    units: bool,
) -> RegionChain:
    firms = {stage.key: facts.firms.get(_id(chain, stage.key), []) for stage in chain.stages}
    quotients = {s.key: facts.quotients.get(_id(chain, s.key)) for s in chain.stages}
    links = links_of(chain, firms, quotients, rules)
    if not facts.registered:
        links = _unknown(links, Sentence("no register of the region's enterprises is loaded"))
    elif facts.year is None:
        links = _unknown(links, Sentence("no year is wholly reported yet"))
    depends = dependence(chain, links) if units else None
    if not units:
        links = tuple(_with_own(shown_to_all(link), link, viewer) for link in links)
    return RegionChain(
        chain, facts.region, facts.year, links, depends, not units, rules, facts.sources
    )


def _unknown(links: Iterable[ChainLink], why: Sentence) -> tuple[ChainLink, ...]:
    return tuple(replace(link, status=LinkStatus.UNKNOWN, reasons=(why,)) for link in links)


def _with_own(shown: ChainLink, link: ChainLink, viewer: Viewer) -> ChainLink:
    """Add the enterprises that the viewer may read by their codes."""
    own = tuple(firm for firm in link.firms if firm.uscc in viewer.enterprises)
    return replace(shown, firms=own)


def _sources(lake: Lake) -> tuple[PublishedSource, ...]:
    """Return the standing loads that wrote one of the tables read."""
    read = {"chain_definition", "enterprise", "enterprise_period", "region_industry"}
    found = []
    for row in lake.ledger.live().filter(pl.col("state") == "committed").to_dicts():
        tables = tuple(name for name in row["tables"].split(",") if name in read)
        if tables:
            synthetic = row["provenance"] == "synthetic"
            found.append(PublishedSource(row["load_id"], row["at"], tables, synthetic))
    return tuple(found)
