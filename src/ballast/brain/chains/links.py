"""Strong, weak, missing links (强链、弱链、缺链): what a region has on each stage, by stated rules.

A list drawn up by hand in an office says what somebody thought; a rule can be
checked, argued with and changed. The status rests on how many enterprises
above scale stand on a stage and on how special the region is in its
industries. Whether a stage leans on one enterprise is a mark of its own and no
part of the status, so that a status may be shown to people who must not learn
an enterprise's share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ballast.brain.chains.product_chain import ProductChain, Stage
from ballast.brain.disclosure.rules import PrimaryRules, sensitive
from ballast.errors import Refused
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["ChainLink", "LinkRules", "LinkStatus", "StageFirm", "judge", "links_of", "shown_to_all"]


class LinkStatus(StrEnum):
    """What a stage is in a region."""

    STRONG = "strong"
    PRESENT = "present"
    WEAK = "weak"
    MISSING = "missing"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Label:
        """What people call it."""
        return _STATUSES[self]


_STATUSES = {
    LinkStatus.STRONG: Label("强", "strong"),
    LinkStatus.PRESENT: Label("一般", "present"),
    LinkStatus.WEAK: Label("弱", "weak"),
    LinkStatus.MISSING: Label("缺失", "missing"),
    LinkStatus.SUPPRESSED: Label("不予公布", "suppressed"),
    LinkStatus.UNKNOWN: Label("无数据", "no data"),
}


@dataclass(frozen=True, slots=True)
class LinkRules:
    """The bounds by which a link is judged; `rules` says them in words.

    Parameters
    ----------
    few
        Fewer enterprises above scale than this: weak.
    many
        As many or more: may be strong.
    special
        A location quotient of its industries from this on: may be strong.
    ordinary
        A location quotient below this: weak.
    leaning
        A stage of which one enterprise makes more than this share leans on it.
    """

    few: int = 3
    many: int = 5
    special: float = 2.0
    ordinary: float = 1.0
    leaning: float = 0.5

    def __post_init__(self) -> None:
        if not 1 <= self.few <= self.many or not 0 <= self.ordinary <= self.special:
            raise Refused(
                "chain rules: few {few} and many {many}, ordinary {ordinary} and special {special} "
                "must each stand in this order, none below 0",
                few=self.few,
                many=self.many,
                ordinary=self.ordinary,
                special=self.special,
            )
        if not 0 < self.leaning < 1:
            raise Refused(
                "chain rules: leaning is a share between 0 and 1; it is {leaning}",
                leaning=self.leaning,
            )

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The rules in words, in the order in which they decide."""
        return (
            Sentence("missing: no enterprise of the region stands in the stage's industries"),
            Sentence(
                "weak: fewer than {few} enterprises above scale, or a location quotient below "
                "{ordinary} where it is known",
                {"few": self.few, "ordinary": f"{self.ordinary:g}"},
            ),
            Sentence(
                "strong: {many} or more enterprises above scale, and a location quotient of "
                "{special} or more where it is known; present: whatever lies between",
                {"many": self.many, "special": f"{self.special:g}"},
            ),
            Sentence(
                "leans on one: a single enterprise has more than {share} of the stage's revenue",
                {"share": f"{self.leaning:.0%}"},
            ),
        )


@dataclass(frozen=True, slots=True)
class StageFirm:
    """One enterprise on one stage.

    Parameters
    ----------
    uscc, name
        Which.
    weight
        How much of it the stage's industries are, above 0 and at most 1.
    revenue_1e4_cny
        Its revenue of the year times the weight; None where it has not reported.
    above_scale
        Whether it was in the above-scale scope of the year.
    """

    uscc: str
    name: Label
    weight: float
    revenue_1e4_cny: Decimal | None
    above_scale: bool


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A stage of a chain as the region has it.

    Parameters
    ----------
    stage
        Which.
    status
        By the rules.
    reasons
        Why, in the order of weight; empty where the reader may not learn it.
    enterprises, above_scale, reporting
        On the stage; in the above-scale scope; with a revenue. None where not to be told.
    revenue_1e4_cny
        Of the year, over those that reported; None where nobody did, or where not to be told.
    quotient
        Location quotient of the stage's industries by persons employed; None where undefined,
        not loaded, or not to be told.
    largest
        The largest enterprise's share of the revenue, 0 to 1; None as above.
    leaning
        Whether that is more than the rules' bound; None where it is not known or not to be told.
    firms
        The enterprises, the largest first; those that the reader may see.
    """

    stage: Stage
    status: LinkStatus
    reasons: tuple[Sentence, ...] = ()
    enterprises: int | None = None
    above_scale: int | None = None
    reporting: int | None = None
    revenue_1e4_cny: Decimal | None = None
    quotient: float | None = None
    largest: float | None = None
    leaning: bool | None = None
    firms: tuple[StageFirm, ...] = ()


def judge(
    enterprises: int, above_scale: int, quotient: float | None, rules: LinkRules
) -> tuple[LinkStatus, tuple[Sentence, ...]]:
    """Return what a stage is, and why.

    Parameters
    ----------
    enterprises
        Registered on the stage, above scale or not.
    above_scale
        Of those, in the above-scale scope.
    quotient
        Location quotient of the stage's industries; None where it is not known: it then decides
        nothing, and the reasons say so.
    rules
        The bounds.

    Examples
    --------
    >>> judge(9, 6, 2.4, LinkRules())[0], judge(9, 6, 0.7, LinkRules())[0]
    (<LinkStatus.STRONG: 'strong'>, <LinkStatus.WEAK: 'weak'>)
    """
    if enterprises == 0:
        return LinkStatus.MISSING, (
            Sentence("no enterprise of the region is registered in its industries"),
        )
    counted = Sentence("{count} enterprises above scale", {"count": above_scale})
    special = (
        Sentence("its location quotient is not known and decides nothing")
        if quotient is None
        else Sentence("location quotient {quotient}", {"quotient": f"{quotient:.2f}"})
    )
    below = quotient is not None and quotient < rules.ordinary
    if above_scale < rules.few or below:
        return LinkStatus.WEAK, (counted, special)
    is_special = quotient is None or quotient >= rules.special
    strong = above_scale >= rules.many and is_special
    return (LinkStatus.STRONG if strong else LinkStatus.PRESENT), (counted, special)


def links_of(
    chain: ProductChain,
    firms: Mapping[str, Iterable[StageFirm]],
    quotients: Mapping[str, float | None],
    rules: LinkRules | None = None,
) -> tuple[ChainLink, ...]:
    """Return every stage of a chain as the region has it, in the chain's order.

    Parameters
    ----------
    chain
        Which.
    firms
        Stage to the region's enterprises on it, each once.
    quotients
        Stage to the location quotient of its industries.
    rules
        The bounds; those of `LinkRules` where None.
    """
    bounds = rules or LinkRules()
    return tuple(
        _link(stage, tuple(firms.get(stage.key, ())), quotients.get(stage.key), bounds)
        for stage in chain.stages
    )


def _link(
    stage: Stage, firms: tuple[StageFirm, ...], quotient: float | None, rules: LinkRules
) -> ChainLink:
    above = sum(firm.above_scale for firm in firms)
    status, reasons = judge(len(firms), above, quotient, rules)
    known = [firm.revenue_1e4_cny for firm in firms if firm.revenue_1e4_cny is not None]
    revenue = sum(known, Decimal(0)) if known else None
    largest = float(max(known) / revenue) if revenue else None
    ordered = sorted(firms, key=_by_revenue)
    return ChainLink(
        stage,
        status,
        reasons,
        len(firms),
        above,
        len(known),
        revenue,
        quotient,
        largest,
        None if largest is None else largest > rules.leaning,
        tuple(ordered),
    )


def _by_revenue(firm: StageFirm) -> tuple[Decimal, str]:
    """Return what sorts the largest first, and those whose revenue is not known behind zero."""
    known = firm.revenue_1e4_cny
    return (Decimal(1) if known is None else -known), firm.uscc


def shown_to_all(link: ChainLink, rules: PrimaryRules | None = None) -> ChainLink:
    """Return a link as anybody may see it: its status where the disclosure rules allow, no more.

    Parameters
    ----------
    link
        As the region has it.
    rules
        The primary rules of disclosure, over the revenue of those that reported.

    Returns
    -------
    ChainLink
        The stage and its status alone: no count, no revenue, no quotient, no reason, no
        enterprise. ``SUPPRESSED`` for a stage of fewer enterprises than the rules' least, none at
        all included (else "suppressed" would say "one or two"), and for one that is nearly all
        one enterprise's.

    Examples
    --------
    >>> two = ChainLink(Stage("a", Label("a", "a"), ()), LinkStatus.WEAK, reporting=2)
    >>> shown_to_all(two).status
    <LinkStatus.SUPPRESSED: 'suppressed'>
    """
    if link.status is LinkStatus.UNKNOWN:  # rests on no enterprise
        return ChainLink(link.stage, link.status, link.reasons)
    bounds = rules or PrimaryRules()
    reporting = link.reporting or 0
    total = float(link.revenue_1e4_cny or 0)
    alone = sensitive(reporting, (link.largest or 0.0) * total, total, bounds).item()
    held = reporting < bounds.least or alone
    return ChainLink(link.stage, LinkStatus.SUPPRESSED if held else link.status)
