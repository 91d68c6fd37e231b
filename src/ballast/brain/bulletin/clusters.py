"""Clusters and chains: how large the clusters are, which grew, which stages of chains are thin."""

from __future__ import annotations

from ballast.brain.bulletin.asking import Asked, Found, Notes, ask
from ballast.brain.bulletin.phrases import (
    DASH,
    amount,
    counted,
    direction,
    joined,
    moved,
    moved_on_year,
    moved_or_dash,
)
from ballast.brain.bulletin.sentences import no_figure
from ballast.brain.bulletin.shape import Section, Table
from ballast.brain.chains.links import LinkStatus
from ballast.brain.chains.region_chain import RegionChain, region_chains
from ballast.brain.indicators.comparing import Compared
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.registry import INDICATORS
from ballast.brain.tiers import TIER_LABELS, Tier
from ballast.errors import NotFound, NotPermitted
from ballast.terms.label import Label
from ballast.terms.period import whole_year
from ballast.words import Sentence

__all__ = ["chains", "clusters"]

_REVENUE, _TIER = "cluster_revenue", "cluster_tier"
_CLASSES = Tier.HUNDRED_BILLION, Tier.TEN_BILLION


def clusters(asked: Asked, notes: Notes) -> Section:
    """Return the section of the clusters: by the last whole year, as their classes are."""
    year = whole_year(asked.period.year - 1)
    keys = (_REVENUE, _TIER) if asked.units else (_REVENUE,)
    # Of the public's figures clusters are sealed for the whole region alone.
    found = ask(asked, keys, (Dimension.CLUSTER,), where={}, period=year)
    lines = sorted(found.published(_REVENUE), key=lambda line: -float(line.value.value or 0))
    if not lines:
        sentences = [no_figure(found, _REVENUE, INDICATORS[_REVENUE].label)]
        return Section("clusters", _TITLE, (tuple(sentences),))
    withheld = found.withheld_of(_REVENUE)
    sentences = [*_classes(asked, notes, found)]
    if withheld:
        sentences.append(
            Sentence(
                "The figures of {count} clusters are withheld; what follows is of the others.",
                {"count": Label(f"{withheld}个", f"{withheld}")},
            )
        )
    sentences.append(_largest(asked, notes, found, lines[0]))
    sentences += _fastest(asked, notes, found, lines)
    return Section("clusters", _TITLE, (tuple(sentences),), (_table(asked, found, lines),))


_TITLE = Label("产业集群", "Clusters")


def _name(asked: Asked, line: Compared) -> Label:
    return asked.cells.label(Dimension.CLUSTER, line.value.cell[Dimension.CLUSTER])


def _classes(asked: Asked, notes: Notes, found: Found) -> list[Sentence]:
    """Return how many clusters are of each class, and which; a class is known with its figure."""
    sentences = []
    for tier in _CLASSES:
        of = [x for x in found.published(_TIER) if x.value.name == TIER_LABELS[tier]]
        if not of:
            continue
        sentences.append(
            Sentence(
                "By revenue of {period}, {count} are of the {tier}: {names}.",
                {
                    "period": of[0].value.period.label,
                    "count": notes.mark(
                        counted(len(of), "个", "clusters"), found, of[0].value, of_all=True
                    ),
                    "tier": TIER_LABELS[tier],
                    "names": joined([_name(asked, line) for line in of]),
                },
            )
        )
    return sentences


def _largest(asked: Asked, notes: Notes, found: Found, line: Compared) -> Sentence:
    value = line.value
    places = {
        "cluster": _name(asked, line),
        "period": value.period.label,
        "value": notes.mark(amount(value.value or 0, INDICATORS[_REVENUE].unit), found, value),
    }
    if line.published is None or direction(line.published) is None:
        return Sentence("The largest, {cluster}, had revenue of {value} in {period}.", places)
    places["change"] = moved_on_year(line.published)
    return Sentence("The largest, {cluster}, had revenue of {value} in {period}, {change}.", places)


def _fastest(asked: Asked, notes: Notes, found: Found, lines: list[Compared]) -> list[Sentence]:
    moving = [
        line for line in lines
        if line.published is not None and line.published.value is not None
    ]  # fmt: skip
    if len(moving) < 2:
        return []
    moving.sort(key=lambda line: -float(line.published.value or 0) if line.published else 0.0)
    best, worst = moving[0], moving[-1]
    if best.published is None or worst.published is None:
        return []
    return [
        Sentence(
            "Revenue moved best in {best}, {best_change}, and worst in {worst}, {worst_change}.",
            {
                "best": _name(asked, best),
                "best_change": notes.mark(moved(best.published), found, best.value),
                "worst": _name(asked, worst),
                "worst_change": notes.mark(moved(worst.published), found, worst.value),
            },
        )
    ]


def _table(asked: Asked, found: Found, lines: list[Compared]) -> Table:
    tiers = {
        line.value.cell[Dimension.CLUSTER]: line.value.name or DASH
        for line in found.published(_TIER)
    }
    rows = tuple(
        (
            _name(asked, line),
            amount(line.value.value or 0, INDICATORS[_REVENUE].unit),
            moved_or_dash(line.published),
            tiers.get(line.value.cell[Dimension.CLUSTER], DASH),
        )
        for line in lines
    )
    year = lines[0].value.period.label
    return Table(
        Label(f"产业集群营业收入，{year.zh}", f"Revenue of the clusters, {year.en}"),
        (
            Label("集群", "Cluster"),
            Label("营业收入", "Revenue"),
            Label("同比", "On a year before"),
            Label("级别", "Class"),
        ),
        rows,
        frozenset({1, 2}),
    )


def chains(asked: Asked, notes: Notes) -> Section:
    """Return the section of chains at risk: stages that are missing, weak, or come from abroad."""
    title = Label("产业链薄弱环节", "Chains at risk")
    try:
        found = region_chains(asked.lake, asked.viewer, region=asked.region)
    except (NotFound, NotPermitted):
        unjudged = Sentence(
            "Chains are judged for whole cities with a wholly reported year; this is none."
        )
        return Section("chains", title, ((unjudged,),))
    if not found:
        nothing = Sentence("No product chain has been loaded for this region.")
        return Section("chains", title, ((nothing,),))
    links = [(chain, link) for chain in found for link in chain.links]
    thin = [pair for pair in links if pair[1].status in (LinkStatus.WEAK, LinkStatus.MISSING)]
    imported = [pair for pair in links if pair[1].stage.imported]
    noted = notes.other(
        counted(len(found), "条", "product chains"),
        what=Label("产业链环节状态", "status of the stages of chains"),
        period=Label(f"{found[0].year or '–'}年", f"{found[0].year or '–'}"),
        sample=Label("按环节规则判定", "judged by the rules of links"),
        command=f"ballast chain{'' if asked.units else ' --public'}",
    )
    places = {
        "chains": noted,
        "stages": Label(f"{len(links)}个", f"{len(links)}"),
        "thin": Label(f"{len(thin)}个", f"{len(thin)}"),
    }
    sentences = [
        Sentence(
            "Of {stages} stages of {chains}, {thin} are weak or missing.",
            places,
        )
        if thin
        else Sentence("Of {stages} stages of {chains}, none is weak or missing.", places)
    ]
    if imported:
        sentences.append(
            Sentence(
                "{count} take their product from abroad for the most part: {names}.",
                {
                    "count": Label(f"{len(imported)}个", f"{len(imported)}"),
                    "names": joined([link.stage.label for _, link in imported]),
                },
            )
        )
    return Section("chains", title, (tuple(sentences),), (_thin_table(found),) if thin else ())


def _thin_table(found: tuple[RegionChain, ...]) -> Table:
    """Return the chains with what is missing and what is weak of each; * comes from abroad."""
    rows = tuple(
        (
            chain.chain.label,
            Label(f"{len(chain.links)}", f"{len(chain.links)}"),
            _stages(chain, LinkStatus.MISSING),
            _stages(chain, LinkStatus.WEAK),
        )
        for chain in found
        if any(link.status in (LinkStatus.WEAK, LinkStatus.MISSING) for link in chain.links)
    )
    return Table(
        Label(
            "各产业链薄弱与缺失环节（*为进口依赖）",
            "Weak and missing stages of the chains (* mostly from abroad)",
        ),
        (
            Label("产业链", "Chain"),
            Label("环节数", "Stages"),
            Label("缺失", "Missing"),
            Label("弱", "Weak"),
        ),
        rows,
        frozenset({1}),
    )


def _stages(chain: RegionChain, status: LinkStatus) -> Label:
    of = [
        Label(
            link.stage.label.zh + ("*" if link.stage.imported else ""),
            link.stage.label.text("en") + ("*" if link.stage.imported else ""),
        )
        for link in chain.links
        if link.status is status
    ]
    if not of:
        return DASH
    return Label("、".join(one.zh for one in of), ", ".join(one.en for one in of))
