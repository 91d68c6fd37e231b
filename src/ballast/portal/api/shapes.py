"""Shapes that the answers share: names in both languages, and what every number carries.

Exact amounts (money, counts of a form, macro items) travel as decimal text:
JSON has binary floating point only, and an amount that passed through it is
no longer the amount. Ratios, shares and growth are computed in binary floating
point here already and travel as JSON numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ballast.brain.picture_shape import Source as PictureSource
from ballast.brain.published import PublishedSource
from ballast.terms.label import Label
from ballast.terms.unit import Unit
from ballast.words.numbers import Number

__all__ = [
    "About",
    "Amount",
    "CoverageShape",
    "Disclosure",
    "LabelShape",
    "Shape",
    "SourceShape",
    "UnitShape",
    "amount",
    "label_shape",
    "source_shapes",
    "unit_shape",
]


class Shape(BaseModel):
    """What every shape of an answer is: these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Amount = Annotated[
    str,
    Field(
        pattern=r"^-?\d+(\.\d+)?$",
        description="An exact decimal number as text, in the unit named beside it.",
        examples=["21544091.4064"],
    ),
]


class Disclosure(StrEnum):
    """Whether a figure may be passed on."""

    PUBLISHED = "published"
    UNSUPPRESSED = "unsuppressed"


class LabelShape(Shape):
    """A name in both languages."""

    zh: str
    en: str


class UnitShape(Shape):
    """A unit: its machine name, and what people call it."""

    name: str
    label: LabelShape


class SourceShape(Shape):
    """A load that figures rest on."""

    load_id: str
    at: datetime = Field(description="When it was loaded.")
    synthetic: bool = Field(description="Made-up data: says nothing of any real place.")


class CoverageShape(Shape):
    """How many units reported of how many expected."""

    reported: int
    expected: int


class About(Shape):
    """What every number of an answer carries, unless it says otherwise beside it."""

    as_of: datetime | date = Field(
        description="The moment, or the day, at which the lake was read."
    )
    coverage: CoverageShape | None = Field(
        default=None, description="Null where nothing is expected to report."
    )
    sources: list[SourceShape]
    status: Disclosure = Field(
        description="`published`: for anyone. `unsuppressed`: not suppressed, for readers with the "
        "right to it, not to be passed on."
    )
    synthetic: bool = Field(description="Whether any source is made-up data.")
    vintage: str | None = Field(
        default=None, description="Of figures of the sealed cube: which sealing, as `2026-05.1`."
    )


def label_shape(label: Label) -> LabelShape:
    """Return a name as it travels."""
    return LabelShape(zh=label.zh, en=label.en)


def unit_shape(unit: Unit) -> UnitShape:
    """Return a unit as it travels."""
    return UnitShape(name=unit.name, label=label_shape(unit.label))


def source_shapes(sources: Iterable[PictureSource | PublishedSource]) -> list[SourceShape]:
    """Return sources as they travel: without file names and without who loaded them."""
    return [SourceShape(load_id=s.load_id, at=s.at, synthetic=s.synthetic) for s in sources]


def amount(value: Number | None) -> str | None:
    """Return a number as exact decimal text, without an exponent.

    Examples
    --------
    >>> amount(Decimal("1E+4")), amount(0.25), amount(None)
    ('10000', '0.25', None)
    """
    if value is None:
        return None
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return f"{exact:f}"
