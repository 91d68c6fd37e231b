"""A chain in a region: whom the lake has on each stage, and what of it a viewer may see.

A viewer without the right to unit data is shown the definition and the statuses
that the disclosure rules allow, and no figure. The statuses rest on unit data
all the same, so they are worked out here, for one fixed cut (a whole city,
the newest whole year), and only what `links.shown_to_all` leaves goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ballast.brain.chains.dependence import Dependence, dependence
from ballast.brain.chains.links import (
    ChainLink,
    LinkRules,
    LinkStatus,
    links_of,
    shown_to_all,
)
from ballast.brain.chains.product_chain import ChainBook, ProductChain, chain_book, find_chain
from ballast.brain.chains.stage_facts import StageFacts, stage_facts, stage_id
from ballast.brain.chains.stage_imports import ImportEvidence, stage_imports
from ballast.brain.published import PublishedSource
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.region import is_extension
from ballast.terms.scheme import IndustryScheme
from ballast.terms.viewer import PUBLIC, Right, Viewer
from ballast.words import Sentence

__all__ = ["RegionChain", "loaded_chains", "region_chain", "region_chains", "whole_years"]

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
    imports
        What an input–output table tells of the imports of its products; None where none does.
    """

    chain: ProductChain
    region: str
    year: int | None
    links: tuple[ChainLink, ...]
    depends: Dependence | None
    restricted: bool
    rules: LinkRules
    sources: tuple[PublishedSource, ...]
    imports: ImportEvidence | None = None

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


def loaded_chains(lake: Lake) -> ChainBook:
    """Return the chains that are loaded, and what is wrong with those that are not sound.

    They are public: what a chain is rests on nobody's figures.
    """
    rows = lake.engine.collect(lake.read("chain_definition", PUBLIC))
    return chain_book(rows.to_pylist())


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
    Refused
        If the definition of that chain contradicts itself.
    NotPermitted
        As `region_chains`.
    """
    book = loaded_chains(lake)
    known = book.chains
    found = find_chain(known, asked)
    if found is None:
        if asked in book.faults:
            raise book.faults[asked]
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
    """Return the loaded chains in a region, by key; those whose definition is sound.

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
        If a viewer without the right to unit data asks for anything but a whole city, for another
        year, or by rules of one's own: several cuts beside each other tell what none tells alone.
    NotFound
        If nobody has reported in the year that is asked for.
    """
    units = viewer.may(Right.READ_UNITS)
    whole_city = not is_extension(region) and region.endswith("00") and region[2:4] != "00"
    if not units and (year is not None or rules is not None or not whole_city):
        raise NotPermitted(
            "chains are shown to your account for whole cities and the newest year alone"
        )
    reader = viewer if units else _FOR_STATUSES
    chains = tuple(c for c in loaded_chains(lake).chains if only is None or c.key == only)
    if not chains:
        return ()
    facts = stage_facts(lake, reader, chains, region, _year(lake, reader, year))
    judged = rules or LinkRules()
    imports = stage_imports(lake, PUBLIC, chains)
    seen = (_seen(viewer, chain, facts, judged, units=units) for chain in chains)
    return tuple(replace(one, imports=imports) for one in seen)


def _year(lake: Lake, reader: Viewer, asked: int | None) -> int | None:
    known = whole_years(lake, reader)
    if asked is not None and asked not in known:
        raise NotFound(
            "no enterprise has reported the whole of {year}; there are figures of {known}",
            year=asked,
            known=", ".join(map(str, known)) or "–",
        )
    return asked if asked is not None else max(known, default=None)


def _seen(
    viewer: Viewer,
    chain: ProductChain,
    facts: StageFacts,
    rules: LinkRules,
    *,
    units: bool,
) -> RegionChain:
    firms = {stage.key: facts.firms.get(stage_id(chain, stage.key), []) for stage in chain.stages}
    quotients = {s.key: facts.quotients.get(stage_id(chain, s.key)) for s in chain.stages}
    links = links_of(chain, firms, quotients, rules)
    if not facts.registered:
        links = _unknown(links, Sentence("no register of the region's enterprises is loaded"))
    elif facts.year is None:
        links = _unknown(links, Sentence("no year is wholly reported yet"))
    else:
        links = tuple(_laid_to_nobody(link) for link in links)
    depends = dependence(chain, links) if units else None
    if not units:
        links = tuple(_with_own(shown_to_all(link), link, viewer) for link in links)
    return RegionChain(
        chain, facts.region, facts.year, links, depends, not units, rules, facts.sources
    )


def _unknown(links: Iterable[ChainLink], why: Sentence) -> tuple[ChainLink, ...]:
    return tuple(replace(link, status=LinkStatus.UNKNOWN, reasons=(why,)) for link in links)


def _laid_to_nobody(link: ChainLink) -> ChainLink:
    """Return a link whose industries no enterprise could be registered in as one not known."""
    schemes = {scheme for scheme, _ in link.stage.industries}
    if link.status is not LinkStatus.MISSING or IndustryScheme.GBT4754_2017.value in schemes:
        return link
    why = Sentence("its industries are of a classification in which nobody here is registered")
    return replace(link, status=LinkStatus.UNKNOWN, reasons=(why,))


def _with_own(shown: ChainLink, link: ChainLink, viewer: Viewer) -> ChainLink:
    """Add the enterprises that the viewer may read by their codes."""
    own = tuple(firm for firm in link.firms if firm.uscc in viewer.enterprises)
    return replace(shown, firms=own)
