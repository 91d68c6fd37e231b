"""An answer as a table says all that its values say."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl

from ballast.brain.indicators.answer import Answer, Status, Value
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.terms.period import Period

MARCH = Period.parse("2026-03")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_a_frame_has_a_column_for_each_dimension_and_its_types_also_without_rows() -> None:
    question = Question(("output",), (Dimension.SIZE_CLASS,), period=MARCH)
    empty = Answer((), question).frame()
    whole = Answer(
        (
            Value(indicator="output", cell={Dimension.SIZE_CLASS: "large"}, period=MARCH,
                  value=Decimal("1.5"), numerator=Decimal("1.5"), status=Status.PUBLISHED,
                  reporting=2, expected=3, incomplete=1, as_of=NOW),
            Value(indicator="output", cell={Dimension.SIZE_CLASS: "small"}, period=MARCH,
                  value=None, status=Status.SUPPRESSED, reporting=1),
        ),
        question,
    )  # fmt: skip
    frame = whole.frame()
    assert frame.schema == empty.schema
    assert frame.schema["as_of"] == pl.Datetime("us", "UTC")
    assert frame.row(0, named=True) == {
        "indicator": "output", "size-class": "large", "period": "2026-03", "value": 1.5,
        "numerator": 1.5, "denominator": None, "status": "published", "reason": None,
        "reporting": 2, "expected": 3, "incomplete": 1, "as_of": NOW,
    }  # fmt: skip
    assert frame["value"].to_list() == [1.5, None]
    assert whole.value("output", {Dimension.SIZE_CLASS: "small"}) is whole.values[1]
    assert whole.value("output") is None
