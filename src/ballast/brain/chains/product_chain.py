"""A chain of products (产品级产业链): its stages, what each takes, which come from abroad.

An input–output table has 42 or 153 sectors and cannot tell bearings from
valves. So a chain is written down by whoever knows it: each stage is a
product with the industrial classes that make it, and names the stages that
take it. This file turns the rows of ``chain_definition`` into such chains and
refuses what contradicts itself; whom the region has on them is ``links``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ballast.errors import NotFound, Refused
from ballast.terms.label import Label

__all__ = ["ChainBook", "ProductChain", "Stage", "chain_book", "find_chain", "product_chains"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One product of a chain.

    Parameters
    ----------
    key, label
        What it is called, within its chain.
    industries
        (scheme, code) of the industries that make it, at any level.
    feeds
        Keys of the stages that take it.
    imported
        Whether the chain takes it from abroad for the most part (进口依赖), as the definition says.
    basis
        Why the definition says so; None where it does not.
    """

    key: str
    label: Label
    industries: tuple[tuple[str, str], ...]
    feeds: tuple[str, ...] = ()
    imported: bool = False
    basis: str | None = None


@dataclass(frozen=True)
class ProductChain:
    """A chain: its stages from the first materials to the last product.

    Parameters
    ----------
    key, label
        What it is called.
    stages
        So ordered that whoever takes a product stands behind it.
    cluster
        Key of the cluster it is the chain of; None for none.

    Examples
    --------
    >>> steel, ring = (Stage(k, Label(k, k), (), feeds) for k, feeds in
    ...                (("steel", ("ring",)), ("ring", ())))
    >>> ProductChain("bearings", Label("轴承", "bearings"), (steel, ring)).step
    {'steel': 0, 'ring': 1}
    """

    key: str
    label: Label
    stages: tuple[Stage, ...]
    cluster: str | None = None

    def stage(self, key: str) -> Stage:
        """Return the stage of a key.

        Raises
        ------
        NotFound
            If the chain has none of that key.
        """
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise NotFound(
            "{chain}: it has no stage {stage}; its stages are {known}",
            chain=self.key,
            stage=key,
            known=", ".join(stage.key for stage in self.stages),
        )

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """From whom to whom products go."""
        return tuple((stage.key, taker) for stage in self.stages for taker in stage.feeds)

    @cached_property
    def step(self) -> Mapping[str, int]:
        """How many stages stand before each, along the longest way."""
        found: dict[str, int] = {}
        for stage in self.stages:
            found.setdefault(stage.key, 0)
            for taker in stage.feeds:
                found[taker] = max(found.get(taker, 0), found[stage.key] + 1)
        return found

    def downstream(self, key: str) -> frozenset[str]:
        """Return the stages that need a stage's product, directly or through others.

        Examples
        --------
        >>> a, b = Stage("a", Label("a", "a"), (), ("b",)), Stage("b", Label("b", "b"), ())
        >>> sorted(ProductChain("c", Label("c", "c"), (a, b)).downstream("a"))
        ['b']
        """
        feeds = {stage.key: stage.feeds for stage in self.stages}
        found: set[str] = set()
        open_ends = list(feeds[key])
        while open_ends:
            taker = open_ends.pop()
            if taker not in found:
                found.add(taker)
                open_ends.extend(feeds[taker])
        return frozenset(found)


@dataclass(frozen=True)
class ChainBook:
    """The chains of a table that are sound, and why each of the others is not.

    Parameters
    ----------
    chains
        By key.
    faults
        Key of a chain to what is wrong with it.
    """

    chains: tuple[ProductChain, ...]
    faults: Mapping[str, Refused]


def product_chains(rows: Iterable[Mapping[str, Any]]) -> tuple[ProductChain, ...]:
    """Return the chains that the rows of ``chain_definition`` write down, by key.

    Parameters
    ----------
    rows
        A row for each industry of a stage; what the rows of a stage say of the stage must agree.

    Raises
    ------
    Refused
        If the rows of a stage disagree, if a stage feeds one that is not there or itself, or if
        a product goes around in a circle.
    """
    return tuple(_chain(key, stages) for key, stages in _by_chain(rows).items())


def chain_book(rows: Iterable[Mapping[str, Any]]) -> ChainBook:
    """Return the chains of the rows; one that contradicts itself does not take the others along.

    Parameters
    ----------
    rows
        As for `product_chains`.
    """
    sound: list[ProductChain] = []
    faults: dict[str, Refused] = {}
    for key, stages in _by_chain(rows).items():
        try:
            sound.append(_chain(key, stages))
        except Refused as fault:
            faults[key] = fault
    return ChainBook(tuple(sound), faults)


def _by_chain(
    rows: Iterable[Mapping[str, Any]],
) -> dict[str, dict[str, list[Mapping[str, Any]]]]:
    found: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for row in sorted(rows, key=lambda row: (row["chain"], row["stage"], row["industry"])):
        found.setdefault(row["chain"], {}).setdefault(row["stage"], []).append(row)
    return found


def find_chain(chains: Iterable[ProductChain], asked: str) -> ProductChain | None:
    """Return the one chain of a key or a name, or of part of a name that no other has.

    Examples
    --------
    >>> one = ProductChain("linqing-bearings", Label("临清轴承产业链", "Linqing bearings"), ())
    >>> find_chain([one], "轴承") is one, find_chain([one], "阀门")
    (True, None)
    """
    held = tuple(chains)
    lower = asked.strip().lower()
    for chain in held:
        if chain.key == asked:
            return chain
    names = [(chain, (chain.label.zh.lower(), chain.label.en.lower())) for chain in held]
    whole = [chain for chain, both in names if lower in both]
    found = whole or [chain for chain, both in names if any(lower in name for name in both)]
    return found[0] if len(found) == 1 and lower else None


def _chain(key: str, rows: Mapping[str, list[Mapping[str, Any]]]) -> ProductChain:
    stages = {name: _stage(key, name, held) for name, held in rows.items()}
    for stage in stages.values():
        astray = [taker for taker in stage.feeds if taker not in stages or taker == stage.key]
        if astray:
            raise Refused(
                "chain {chain}, stage {stage}: it feeds {taker}, which is no other stage of the "
                "chain; correct the column feeds",
                chain=key,
                stage=stage.key,
                taker=astray[0],
            )
    order = TopologicalSorter({name: [] for name in stages})
    for stage in stages.values():
        for taker in stage.feeds:
            order.add(taker, stage.key)
    try:
        placed = tuple(order.static_order())
    except CycleError as circle:
        raise Refused(
            "chain {chain}: its products go around in a circle ({stages}); one of these stages "
            "must not feed the next",
            chain=key,
            stages=" → ".join(circle.args[1]),
        ) from None
    every = [row for held in rows.values() for row in held]
    zh = _agreed(key, None, "chain_zh", every)
    en = _agreed(key, None, "chain_en", every)
    return ProductChain(
        key,
        Label(zh or en or key, en or zh or key),
        tuple(stages[name] for name in placed),
        _agreed(key, None, "cluster", every),
    )


def _stage(chain: str, key: str, rows: list[Mapping[str, Any]]) -> Stage:
    zh = _agreed(chain, key, "product_zh", rows)
    en = _agreed(chain, key, "product_en", rows)
    feeds = _agreed(chain, key, "feeds", rows) or ""
    codes = {(row["industry_scheme"], row["industry"]): None for row in rows}
    return Stage(
        key,
        Label(zh or en or key, en or zh or key),
        tuple(codes),
        tuple(dict.fromkeys(taker.strip() for taker in feeds.split(";") if taker.strip())),
        bool(_agreed(chain, key, "import_dependent", rows)),
        _agreed(chain, key, "import_basis", rows),
    )


def _agreed(chain: str, stage: str | None, column: str, rows: list[Mapping[str, Any]]) -> Any:
    """Return what rows say of one thing; a row that leaves it empty agrees with the others."""
    said = {row[column] for row in rows if row[column] not in (None, "")}
    if len(said) > 1:
        raise Refused(
            "chain {chain}, stage {stage}: its rows disagree on {column} ({first} and {second}); "
            "write the same in each of them",
            chain=chain,
            stage=stage or "–",
            column=column,
            first=min(map(str, said)),
            second=max(map(str, said)),
        )
    return said.pop() if said else None
