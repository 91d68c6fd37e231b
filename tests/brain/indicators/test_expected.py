"""Who is asked for a report: whoever reported last time and is still there, and whoever is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from ballast.brain.indicators.expected import expected_enterprises
from ballast.lake.lake import Lake
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import Period
from ballast.terms.viewer import operator

Filled = Callable[..., Lake]
Rows = Sequence[Mapping[str, object]]
ME = operator("test")
A, B, C, D = (with_check_character(f"91371500MA{n:07d}") for n in range(4))
FEBRUARY, MARCH = (Period.parse(t) for t in ("2026-01..02", "2026-03"))


def listed(table: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return found


def test_who_closed_or_left_the_scope_is_not_expected_and_who_is_new_is(filled: Filled) -> None:
    register: Rows = [
        {"uscc": A}, {"uscc": B, "closed": date(2026, 2, 15)}, {"uscc": C}, {"uscc": D},
    ]  # fmt: skip
    reports: Rows = [
        *({"uscc": u, "period": str(FEBRUARY)} for u in (A, B, C)),
        {"uscc": C, "period": str(MARCH), "above_scale": False},
        {"uscc": D, "period": str(MARCH)},
    ]
    lake = filled(enterprise=register, enterprise_period=reports)
    assert {r["uscc"] for r in listed(expected_enterprises(lake, ME, [MARCH]))} == {A, D}
    assert listed(expected_enterprises(lake, ME, [FEBRUARY])) == []
