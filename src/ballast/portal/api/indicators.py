"""Declared indicators for programs: what there is, and their values as far as the caller may know.

One address for everybody, whether signed in or not: who asks decides whether
the facts answer or the sealed cube, in ``brain.indicators.answering`` and not
here, so that no endpoint can forget it.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from ballast.brain.cube.reading import vintages
from ballast.brain.indicators.answer import Answer, Status, Value
from ballast.brain.indicators.answering import answer
from ballast.brain.indicators.declared import Form, Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry import INDICATORS
from ballast.brain.indicators.registry import indicator as declared_as
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.portal.api.callers import Asker
from ballast.portal.api.cursors import page
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.rows import Cursor, Limit
from ballast.portal.api.shapes import (
    About,
    Amount,
    Disclosure,
    LabelShape,
    Shape,
    SourceShape,
    UnitShape,
    amount,
    label_shape,
    unit_shape,
)
from ballast.terms.label import Language
from ballast.terms.period import Period
from ballast.terms.viewer import Right
from ballast.words import unpack

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["measures"])


class IndicatorEntry(Shape):
    """A declared indicator."""

    indicator: str
    label: LabelShape
    meaning: LabelShape
    unit: UnitShape
    dimensions: list[str] = Field(description="By which it may be cut.")
    forms: list[str]
    public: bool = Field(description="Made of public tables: nothing of it is withheld.")


class Indicators(Shape):
    """Every indicator that there is."""

    indicators: list[IndicatorEntry]


class ValueShape(Shape):
    """One value of one cell, or why there is none."""

    cell: dict[str, str] = Field(description="Code by dimension of the cut; empty for the whole.")
    period: str
    value: Amount | None
    numerator: Amount | None
    denominator: Amount | None
    status: str = Field(description="`published`, `suppressed`, `undefined` or `missing`.")
    reason: str | None = Field(description="Why there is no value, in the caller's language.")
    reporting: int | None = Field(description="Enterprises that reported; null where withheld.")
    expected: int | None


class Measured(Shape):
    """The values of an indicator, cell after cell."""

    about: About
    indicator: str
    label: LabelShape
    unit: UnitShape
    values: list[ValueShape]
    next: str | None


@router.get("/api/v1/measures", operation_id="listIndicators")
def list_indicators(ask: Asker) -> Indicators:
    """List the indicators that can be measured."""
    with ask.lakes.lend() as lake:
        ask.tagged(lake)
    return Indicators(indicators=[_entry(one) for one in INDICATORS.values()])


@router.get("/api/v1/measures/{indicator}", operation_id="measureIndicator")
def measure(
    ask: Asker,
    indicator: Annotated[str, Path(max_length=60, description="Its key, as `/measures` lists.")],
    period: Annotated[str, Query(max_length=40, description="Such as 2026-05, 2026-05ytd, 2025.")],
    by: Annotated[
        list[Dimension] | None, Query(max_length=3, description="The cut; several are crossed.")
    ] = None,
    where: Annotated[
        list[str] | None,
        Query(max_length=20, description="`region=371500`: only these; codes joined by commas."),
    ] = None,
    form: Form = Form.PERIOD,
    limit: Limit = 1000,
    cursor: Cursor = None,
) -> Measured:
    """Measure an indicator: from the facts for readers of unit data, else from the sealed cube."""
    declared = declared_as(indicator)
    units = ask.viewer.may(Right.READ_UNITS) and not declared.disclosure.public
    question = Question(
        (declared.key,),
        tuple(by or ()),
        _where(where or ()),
        period=Period.parse(period),
        form=form,
    )
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=units, more=str(ask.context.clock().date()))
        found = answer(lake, ask.viewer, question)
        vintage = None
        if not units and not declared.disclosure.public:
            vintage = vintages(lake)[-1].name
        sources = _sources(lake, found)
    if units:
        ask.audit(f"measure {declared.key} {period}", _most(found))
    asked = ["measure", repr(question), vintage]
    kept, more = page(list(found.values), asked, limit, cursor)
    return Measured(
        about=About(
            as_of=max((v.as_of for v in found.values if v.as_of), default=ask.context.clock()),
            sources=sources,
            status=Disclosure.UNSUPPRESSED if units else Disclosure.PUBLISHED,
            synthetic=any(v.synthetic for v in found.values) or any(s.synthetic for s in sources),
            vintage=vintage,
        ),
        indicator=declared.key,
        label=label_shape(declared.label),
        unit=unit_shape(declared.unit),
        values=[_value(value, ask.language, told=units) for value in kept],
        next=more,
    )


def _where(texts: list[str] | tuple[str, ...]) -> dict[Dimension, tuple[str, ...]]:
    found: dict[Dimension, tuple[str, ...]] = {}
    for text in texts:
        name, _, codes = text.partition("=")
        listed = tuple(code.strip() for code in codes.split(",") if code.strip())
        known = {dimension.value: dimension for dimension in Dimension}
        if name.strip() not in known or not listed:
            raise WrongUsage(
                "{text}: it is a dimension, = and codes; the dimensions are {known}",
                text=text[:60],
                known=", ".join(known),
            )
        found[known[name.strip()]] = listed
    return found


def _most(found: Answer) -> int:
    """Return of how many enterprises an answer tells at least: those of its largest cell."""
    return max((value.reporting for value in found.values), default=0)


def _sources(lake: Lake, found: Answer) -> list[SourceShape]:
    ids = {load for value in found.values for load in value.sources}
    return [
        SourceShape(
            load_id=row["load_id"], at=row["at"], synthetic=row["provenance"] == "synthetic"
        )
        for row in lake.ledger.live().to_dicts()
        if row["load_id"] in ids
    ]


def _entry(one: Indicator) -> IndicatorEntry:
    return IndicatorEntry(
        indicator=one.key,
        label=label_shape(one.label),
        meaning=label_shape(one.meaning),
        unit=unit_shape(one.unit),
        dimensions=sorted(one.dimensions),
        forms=sorted(one.forms),
        public=one.disclosure.public,
    )


def _value(value: Value, language: Language, *, told: bool) -> ValueShape:
    known = told or (value.status is Status.PUBLISHED and value.reporting)
    return ValueShape(
        cell={dimension.value: code for dimension, code in value.cell.items()},
        period=str(value.period),
        value=amount(value.value),
        numerator=amount(value.numerator),
        denominator=amount(value.denominator),
        status=value.status.value,
        reason=None if value.reason is None else unpack(value.reason, language),
        reporting=value.reporting if known else None,
        expected=value.expected if told else None,
    )
