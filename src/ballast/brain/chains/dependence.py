"""The few suppliers on whom most of a chain depends (关键供应商).

No table says who buys from whom. What can be said without inventing
deliveries: if the stages behind a product took it from the region's makers,
each by its size, then an enterprise with 40 % of the makers' revenue stands
behind 40 % of what is made downstream. That is an estimate under this one
assumption, and wherever it is shown it says so. Stages that the region is weak
in, lacks, or imports are left out: what they supply is bought elsewhere, and a
workshop that makes a little of it would look like the pillar of an industry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ballast.brain.chains.links import ChainLink, LinkStatus
from ballast.brain.chains.product_chain import ProductChain
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["ASSUMPTION", "Dependence", "Supplier", "dependence"]

ASSUMPTION = Sentence(
    "an estimate: as if every stage took its inputs from the region's makers, from each by its "
    "revenue; stages that are weak, missing or import-dependent are left out; no deliveries are "
    "known"
)


_SUPPLYING = frozenset({LinkStatus.STRONG, LinkStatus.PRESENT})


@dataclass(frozen=True, slots=True)
class Supplier:
    """One enterprise, and what of the chain stands behind it.

    Parameters
    ----------
    uscc, name
        Which.
    stages
        The stages that it makes and others take, by key, in the chain's order.
    share
        Its share of the revenue of the stage on which it weighs most, 0 to 1.
    behind_1e4_cny
        Revenue downstream that stands behind it: over its stages, its share of the stage times
        the revenue of all stages downstream.
    weight
        That over the sum of all suppliers' of the chain, 0 to 1.
    others
        How many other enterprises with a revenue make what it makes, where they are fewest.
    """

    uscc: str
    name: Label
    stages: tuple[str, ...]
    share: float
    behind_1e4_cny: Decimal
    weight: float
    others: int


@dataclass(frozen=True, slots=True)
class Dependence:
    """On whom a chain depends.

    Parameters
    ----------
    suppliers
        Those that others in the region stand behind, the weightiest first.
    few
        The fewest of them that together have more than half of the weight; 0 where there are none.
    """

    suppliers: tuple[Supplier, ...]
    few: int


def dependence(chain: ProductChain, links: Sequence[ChainLink]) -> Dependence:
    """Return the suppliers of a chain, the weightiest first.

    Parameters
    ----------
    chain
        Which.
    links
        Its stages as the region has them, with their enterprises.

    Notes
    -----
    Equations: behind_k = Σ_s (r_ks / r_s) Σ_{t ∈ D(s)} r_t, with r_ks the revenue of enterprise k
    on stage s, r_s the stage's, D(s) the stages downstream of s; weight_k = behind_k / Σ behind.
    s runs over the stages that are strong or present and not import-dependent. Enterprises
    without a revenue weigh nothing and are not listed.
    """
    revenue = {link.stage.key: link.revenue_1e4_cny or Decimal(0) for link in links}
    found: dict[str, list[tuple[str, float, Decimal, int]]] = {}
    names: dict[str, Label] = {}
    for link in links:
        stage = link.stage.key
        downstream = sum((revenue[taker] for taker in chain.downstream(stage)), Decimal(0))
        made = revenue[stage]
        supplies = link.status in _SUPPLYING and not link.stage.imported
        if not supplies or downstream <= 0 or made <= 0:
            continue
        sellers = [firm for firm in link.firms if (firm.revenue_1e4_cny or 0) > 0]
        for firm in sellers:
            part = (firm.revenue_1e4_cny or Decimal(0)) / made
            names[firm.uscc] = firm.name
            found.setdefault(firm.uscc, []).append(
                (stage, float(part), part * downstream, len(sellers) - 1)
            )
    behind = {uscc: sum((each[2] for each in held), Decimal(0)) for uscc, held in found.items()}
    whole = sum(behind.values(), Decimal(0))
    suppliers = tuple(
        Supplier(
            uscc,
            names[uscc],
            tuple(stage for stage, *_ in found[uscc]),
            max(part for _, part, *_ in found[uscc]),
            behind[uscc],
            float(behind[uscc] / whole),
            min(others for *_, others in found[uscc]),
        )
        for uscc in sorted(behind, key=lambda code: (-behind[code], code))
    )
    return Dependence(suppliers, _fewest(suppliers))


def _fewest(suppliers: Sequence[Supplier]) -> int:
    """Return how many of the first make more than half."""
    reached = 0.0
    for count, supplier in enumerate(suppliers, 1):
        reached += supplier.weight
        if reached > 0.5:
            return count
    return len(suppliers)
