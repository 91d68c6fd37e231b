"""Time-of-use tariffs: the band of every instant, and bills to the last digit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.measures.tariff import (
    BANDS,
    NO_BAND,
    QUARTER_MS,
    Band,
    Season,
    Tariff,
    TariffVersion,
    bands_at,
    cost,
    exact_sum,
    total,
    wall_clock,
)

CHINA, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ALL_DAYS, ALL_MONTHS = frozenset(range(7)), frozenset(range(1, 13))
NONE: frozenset[date] = frozenset()


def hours(**spans: tuple[int, int]) -> tuple[Band, ...]:
    """Return a day that is flat but for the hours given."""
    bands = [Band.FLAT] * 96
    for name, (first, last) in spans.items():
        bands[first * 4 : last * 4] = [Band[name.upper()]] * ((last - first) * 4)
    return tuple(bands)


WINTER = Season(ALL_MONTHS - {7, 8}, ALL_DAYS, NONE, hours(peak=(8, 11), valley=(0, 7)))
SUMMER = Season(frozenset({7, 8}), ALL_DAYS, NONE, hours(sharp=(14, 15), valley=(0, 7)))
NEW_YEAR = Season(frozenset(), ALL_DAYS, frozenset({date(2024, 1, 1)}), hours(deep_valley=(10, 14)))
PRICES = {
    Band.SHARP: Decimal("1.2345"),
    Band.PEAK: Decimal("0.9876"),
    Band.FLAT: Decimal("0.6543"),
    Band.VALLEY: Decimal("0.3210"),
    Band.DEEP_VALLEY: Decimal("0.1"),
}
OLD = TariffVersion(date(2023, 1, 1), PRICES, (WINTER, SUMMER, NEW_YEAR))
NEW = TariffVersion(date(2024, 1, 1), PRICES, (WINTER, SUMMER, NEW_YEAR))
TARIFF = Tariff((OLD, NEW))


def band(text: str, tariff: Tariff = TARIFF, zone: ZoneInfo = CHINA) -> str:
    moment = datetime.fromisoformat(text).replace(tzinfo=zone)
    _, found = bands_at(tariff, [round(moment.timestamp() * 1000)], zone)
    return "none" if found[0] == NO_BAND else BANDS[int(found[0])].value


@pytest.mark.parametrize(
    ("moment", "right"),
    [
        ("2024-03-05T06:59:59", "valley"),
        ("2024-03-05T07:00:00", "flat"),
        ("2024-03-05T08:00:00", "peak"),
        ("2024-03-05T10:59:59", "peak"),
        ("2024-03-05T11:00:00", "flat"),
        ("2024-07-05T14:30:00", "sharp"),
        ("2024-06-30T14:30:00", "flat"),
        ("2024-01-01T12:00:00", "deep_valley"),
        ("2023-12-31T23:59:59", "flat"),
        ("2022-12-31T23:59:59", "none"),
    ],
)
def test_an_instant_is_in_the_band_that_the_clock_on_the_wall_says(moment: str, right: str) -> None:
    assert band(moment) == right


def test_the_night_in_which_clocks_go_back_has_its_hours_twice() -> None:
    _, quarter = wall_clock(
        np.arange(8) * 1_800_000 + round(datetime(2026, 10, 24, 23, tzinfo=UTC).timestamp()) * 1000,
        BERLIN,
    )
    assert (quarter / 4).tolist() == [1.0, 1.5, 2.0, 2.5, 2.0, 2.5, 3.0, 3.5]


@given(st.lists(st.integers(0, 2**41), max_size=50), st.sampled_from([CHINA, BERLIN]))
def test_the_clock_on_the_wall_is_that_of_the_standard_library(
    times: list[int], zone: ZoneInfo
) -> None:
    day, quarter = wall_clock(times, zone)
    for time, one, part in zip(times, day.tolist(), quarter.tolist(), strict=True):
        local = datetime.fromtimestamp(time / 1000, zone)
        assert (one, part) == (local.date(), (local.hour * 60 + local.minute) // 15)


def test_a_bill_is_made_by_hand_in_the_same_way() -> None:
    # 2024-03-05, one kWh in each quarter: 28 in the valley, 12 in the peak, 56 flat.
    start = round(datetime(2024, 3, 4, 16, tzinfo=UTC).timestamp() * 1000)
    version, found = bands_at(TARIFF, start + np.arange(96) * QUARTER_MS, CHINA)
    bill = cost(TARIFF, version, found, np.ones(96))
    assert {one.band.value: (one.kwh, one.cny) for one in bill} == {
        "peak": (Decimal(12), Decimal("11.8512")),
        "flat": (Decimal(56), Decimal("36.6408")),
        "valley": (Decimal(28), Decimal("8.9880")),
    }
    assert {one.since for one in bill} == {date(2024, 1, 1)}


def test_energy_before_the_first_version_has_no_price() -> None:
    version, found = bands_at(TARIFF, [0], CHINA)
    assert cost(TARIFF, version, found, np.array([5.0])) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(0, 4)).map(
            lambda pair: Decimal(pair[0]).scaleb(-pair[1])
        ),
        max_size=60,
    )
)
def test_energies_add_up_to_the_digit_that_a_person_gets(written: list[Decimal]) -> None:
    assert exact_sum([float(one) for one in written]) == sum(written, Decimal(0))


@given(st.lists(st.floats(0, 1e300), min_size=1, max_size=96))
def test_the_parts_of_a_bill_hold_all_of_the_energy(kwh: list[float]) -> None:
    start = round(datetime(2024, 7, 4, 16, tzinfo=UTC).timestamp() * 1000)
    version, found = bands_at(TARIFF, start + np.arange(len(kwh)) * QUARTER_MS, CHINA)
    bill = cost(TARIFF, version, found, np.array(kwh))
    assert total(one.kwh for one in bill) == exact_sum(kwh)
    assert all(Fraction(one.cny) == Fraction(one.kwh) * Fraction(one.price) for one in bill)
