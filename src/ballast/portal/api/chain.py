"""Chains of products, as the Chain page shows them, with the same rights."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from ballast.brain.chains.dependence import ASSUMPTION
from ballast.brain.chains.links import ChainLink
from ballast.brain.chains.region_chain import RegionChain
from ballast.errors import NotFound
from ballast.portal.api.callers import Asker
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import (
    About,
    Amount,
    Disclosure,
    LabelShape,
    Shape,
    amount,
    label_shape,
    source_shapes,
)
from ballast.portal.chain import ChainsRead, read_chains
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.region import is_extension
from ballast.terms.region import region as region_of
from ballast.terms.viewer import Right

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["chains"])

RegionAsked = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{6}(-[A-Z0-9]{2,8})?$",
        description="A code of GB/T 2260, or of a zone; the home's region without it. Callers "
        "without the right to unit data: whole cities alone.",
    ),
]
PeriodAsked = Annotated[
    str | None,
    Query(
        max_length=40,
        description="Whose year is asked for. Callers without the right to unit data are given "
        "the newest, whatever they ask.",
    ),
]


class ChainEntry(Shape):
    """A chain, and how many of its stages are of each status."""

    chain: str
    label: LabelShape
    cluster: str | None
    stages: int
    statuses: dict[str, int] = Field(description="Status to the number of stages.")
    import_dependent: int


class Chains(Shape):
    """The chains that are loaded, by key."""

    about: About
    region: str
    label: LabelShape
    year: int | None
    chains: list[ChainEntry]


class FirmShape(Shape):
    """An enterprise on a stage; revenue in 10,000 CNY."""

    uscc: str
    label: LabelShape
    weight: float
    revenue: Amount | None
    above_scale: bool


class SectorShape(Shape):
    """A sector of an input–output table that a stage lies in; far wider than the product."""

    sector: str
    label: LabelShape
    imported_share: float | None = Field(
        description="Of what producers use of its products, 0 to 1; null where nobody does."
    )


class StageShape(Shape):
    """A stage as the region has it; revenue in 10,000 CNY."""

    stage: str
    step: int = Field(description="How many stages stand before it, along the longest way.")
    product: LabelShape
    industries: list[str]
    feeds: list[str]
    import_dependent: bool
    import_basis: str | None
    sectors: list[SectorShape] = Field(
        description="Of the newest input–output table loaded that tells imports apart."
    )
    status: str = Field(
        description="strong, present, weak, missing, suppressed or unknown. Callers without the "
        "right to unit data are told `suppressed` below three enterprises, none included."
    )
    reasons: list[LabelShape]
    enterprises: int | None = Field(description="Null where it is not to be told.")
    above_scale: int | None
    reporting: int | None
    revenue: Amount | None
    location_quotient: float | None
    largest_share: float | None
    leans_on_one: bool | None
    firms: list[FirmShape] = Field(description="Those that the caller may see.")


class SupplierShape(Shape):
    """An enterprise, and what of the chain stands behind it; an estimate."""

    uscc: str
    label: LabelShape
    stages: list[str]
    share: float = Field(description="Of the stage on which it weighs most, 0 to 1.")
    behind: Amount = Field(description="Revenue downstream that stands behind it, 10,000 CNY.")
    weight: float
    others: int = Field(description="Other enterprises that make the same, where they are fewest.")


class ChainShape(Shape):
    """One chain as a region has it."""

    about: About
    chain: str
    label: LabelShape
    region: str
    region_label: LabelShape
    year: int | None
    rules: list[LabelShape]
    stages: list[StageShape]
    suppliers: list[SupplierShape] | None = Field(
        description="Null for callers without the right to unit data."
    )
    few: int | None = Field(description="The fewest suppliers with more than half of the weight.")
    assumption: LabelShape
    io_table: str | None = Field(description="The table behind the sectors of the stages.")


@router.get("/api/v1/chains", operation_id="listChains")
def list_chains(ask: Asker, region: RegionAsked = None, period: PeriodAsked = None) -> Chains:
    """List the chains of products, and what the region has of each."""
    code, read = _read(ask, region, period)
    first = read.chains[0] if read.chains else None
    return Chains(
        about=_about(ask, first),
        region=code,
        label=label_shape(read.region),
        year=None if first is None else first.year,
        chains=[_entry(one) for one in read.chains],
    )


@router.get("/api/v1/chains/{chain}", operation_id="readChain")
def read_chain(
    ask: Asker,
    chain: Annotated[str, Path(max_length=80, description="Key of a chain.")],
    region: RegionAsked = None,
    period: PeriodAsked = None,
) -> ChainShape:
    """Return one chain: its stages with their links, and on whom it depends."""
    _, read = _read(ask, region, period)
    found = read.find(chain)
    if found is None:
        raise NotFound(
            "no chain is called {asked}; loaded are: {known}",
            asked=chain,
            known=", ".join(one.chain.key for one in read.chains) or "–",
        )
    seen = {firm.uscc for link in found.links for firm in link.firms}
    if seen:
        ask.audit(f"chain {found.chain.key}", len(seen))
    depends = found.depends
    return ChainShape(
        about=_about(ask, found),
        chain=found.chain.key,
        label=label_shape(found.chain.label),
        region=found.region,
        region_label=label_shape(read.region),
        year=found.year,
        rules=[_both(rule.text("zh"), rule.text("en")) for rule in found.rules.sentences],
        stages=[_stage(found, link) for link in found.links],
        suppliers=None
        if depends is None
        else [
            SupplierShape(
                uscc=one.uscc,
                label=label_shape(one.name),
                stages=list(one.stages),
                share=one.share,
                behind=amount(one.behind_1e4_cny) or "0",
                weight=one.weight,
                others=one.others,
            )
            for one in depends.suppliers
        ],
        few=None if depends is None else depends.few,
        assumption=_both(ASSUMPTION.text("zh"), ASSUMPTION.text("en")),
        io_table=None if found.imports is None else found.imports.table,
    )


def _read(ask: Asker, region: str | None, period: str | None) -> tuple[str, ChainsRead]:
    code = region or ask.context.region
    if not is_extension(code):
        region_of(code)
    asked = None if period is None else Period.parse(period)
    viewer = ask.viewer
    units = viewer.may(Right.READ_UNITS) or bool(viewer.enterprises)
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=units, more=str(ask.context.clock().date()))
    made = ask.pictures.other(
        viewer, ("chains", code, asked), lambda lake: read_chains(lake, viewer, code, asked)
    )
    return code, made.result()


def _both(zh: str, en: str) -> LabelShape:
    return label_shape(Label(zh, en))


def _about(ask: Asker, found: RegionChain | None) -> About:
    restricted = found is None or found.restricted
    return About(
        as_of=ask.context.clock(),
        sources=[] if found is None else source_shapes(found.sources),
        status=Disclosure.PUBLISHED if restricted else Disclosure.UNSUPPRESSED,
        synthetic=found is not None and found.synthetic,
    )


def _entry(one: RegionChain) -> ChainEntry:
    statuses = [link.status.value for link in one.links]
    return ChainEntry(
        chain=one.chain.key,
        label=label_shape(one.chain.label),
        cluster=one.chain.cluster,
        stages=len(one.links),
        statuses={status: statuses.count(status) for status in dict.fromkeys(statuses)},
        import_dependent=sum(link.stage.imported for link in one.links),
    )


def _stage(found: RegionChain, link: ChainLink) -> StageShape:
    stage = link.stage
    return StageShape(
        stage=stage.key,
        step=found.chain.step[stage.key],
        product=label_shape(stage.label),
        industries=[code for _, code in stage.industries],
        feeds=list(stage.feeds),
        import_dependent=stage.imported,
        import_basis=stage.basis,
        sectors=[
            SectorShape(sector=one.sector, label=label_shape(one.label), imported_share=one.share)
            for one in (found.imports.of(found.chain.key, stage.key) if found.imports else ())
        ],
        status=link.status.value,
        reasons=[_both(reason.text("zh"), reason.text("en")) for reason in link.reasons],
        enterprises=link.enterprises,
        above_scale=link.above_scale,
        reporting=link.reporting,
        revenue=amount(link.revenue_1e4_cny),
        location_quotient=link.quotient,
        largest_share=link.largest,
        leans_on_one=link.leaning,
        firms=[
            FirmShape(
                uscc=firm.uscc,
                label=label_shape(firm.name),
                weight=firm.weight,
                revenue=amount(firm.revenue_1e4_cny),
                above_scale=firm.above_scale,
            )
            for firm in link.firms
        ],
    )
