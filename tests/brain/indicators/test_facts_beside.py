"""Plants and identifiers are counted up to the day that is known, and not before the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from ballast.brain.digitised import connected, connected_count
from ballast.brain.indicators.answer import Status, Value
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate
from ballast.brain.indicators.question import Question
from ballast.lake.lake import Lake
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import Period, month
from ballast.terms.viewer import operator

Filled = Callable[..., Lake]
ME = operator("test")
A, B, C = (with_check_character(f"91371500MA{n:07d}") for n in range(3))
TODAY = date(2026, 6, 20)  # as the clock of the lake tells it
REGISTER: Sequence[Mapping[str, object]] = [
    {"uscc": A},
    {"uscc": B, "size_class": "small"},
    {"uscc": C, "region": "370202"},
]


def ask(lake: Lake, *keys: str, period: Period) -> tuple[Value, ...]:
    question = Question(keys, where={Dimension.REGION: ("371500",)}, period=period)
    return evaluate(lake, ME, question).values


def told(uscc: str, ago: int, **more: object) -> Mapping[str, object]:
    return {"uscc": uscc, "day": TODAY - timedelta(days=ago), **more}


def test_connected_enterprises_are_those_of_the_city_page_month_by_month(filled: Filled) -> None:
    lake = filled(
        enterprise=REGISTER,
        plant_daily=[
            told(A, 0), told(A, 0, asset_group="press"), told(A, 45), told(B, 29), told(B, 30),
            told(B, 80), told(C, 1), told(A, -1), told(A, 100),
        ],
    )  # fmt: skip
    engine, rows = lake.engine, lake.read("plant_daily", ME)
    register = lake.read("enterprise", ME)
    here = register.filter(register.region.startswith("3715"))
    page = connected_count(engine, connected(rows, here), today=TODAY, command="x")
    points = {p.period: p.value for p in page.series}
    assert page.value == 2
    for period in (month(2026, n) for n in range(2, 7)):
        (found,) = ask(lake, "digitised_enterprises", period=period)
        wanted = points[period]
        assert (None if found.value is None else float(found.value)) == wanted
        assert (found.status is Status.MISSING) == (wanted is None)
    assert points[month(2026, 6)] == 2
    assert points[month(2026, 2)] is None


def test_identifiers_outside_what_was_counted_are_missing_and_within_it_may_be_none(
    filled: Filled,
) -> None:
    def day(on: date, uscc: str | None, registered: int) -> Mapping[str, object]:
        return {"day": on, "uscc": uscc, "registered": registered, "resolved": 1}

    lake = filled(
        enterprise=REGISTER,
        handle_daily=[
            day(date(2026, 3, 1), A, 7), day(date(2026, 3, 31), A, 2), day(date(2026, 5, 1), C, 5),
            day(date(2026, 3, 9), None, 100),
        ],
    )  # fmt: skip
    keys = ("identifiers_registered", "identifiers_resolved")
    assert [v.value for v in ask(lake, *keys, period=month(2026, 3))] == [9, 2]
    april = ask(lake, *keys, period=month(2026, 4))
    assert [(v.value, v.status, v.reporting) for v in april] == [(0, Status.PUBLISHED, 0)] * 2
    before = ask(lake, *keys, period=month(2026, 2))
    assert [(v.value, v.status) for v in before] == [(None, Status.MISSING)] * 2


def test_the_concentration_of_no_exports_is_undefined(filled: Filled) -> None:
    trade = [{"uscc": A, "partner": "DE", "period": "2025", "export_1e4_cny": 0}]
    lake = filled(enterprise=REGISTER, trade=trade)
    (found,) = ask(lake, "export_concentration", period=Period.parse("2025"))
    assert (found.status, found.value) == (Status.UNDEFINED, None)
