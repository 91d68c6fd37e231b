from __future__ import annotations

import pytest

from ballast.errors import InvalidTerm
from ballast.sample.months import Calendar
from ballast.terms.period import Period, month, whole_year


@pytest.mark.parametrize("last", [month(2026, number) for number in range(2, 13)])
def test_sixty_months_are_covered_once(last: Period) -> None:
    slots = Calendar(last).slots
    covered = [one for slot in slots for one in slot.period.months]
    assert len(covered) == len(set(covered)) == 60
    assert covered == sorted(covered)
    assert covered[-1] == last


@pytest.mark.parametrize("slot", Calendar(month(2026, 5)).slots, ids=lambda slot: str(slot.period))
def test_a_slot_says_where_its_months_stand_in_the_year(slot: object) -> None:
    first, after = slot.first, slot.after  # type: ignore[attr-defined]
    numbers = [one.first_month for one in slot.period.months]  # type: ignore[attr-defined]
    assert numbers == list(range(first + 1, after + 1))


def test_the_base_year_is_the_last_full_one() -> None:
    assert Calendar(month(2026, 11)).base == 2025
    assert Calendar(month(2026, 12)).base == 2026
    assert Calendar(month(2026, 12)).full_years == (2022, 2023, 2024, 2025, 2026)


@pytest.mark.parametrize("wrong", [month(2026, 1), whole_year(2025)])
def test_a_sample_cannot_end_there(wrong: Period) -> None:
    with pytest.raises(InvalidTerm, match="write 2026-05"):
        Calendar(wrong)
