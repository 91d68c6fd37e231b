"""What energy a shop used: a real year against sums made in another way, and a shop by hand."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.plant.reports.plant_lake import VIEWER, enter, tell

from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.lake.loading import load_recipe
from ballast.plant.measures.tariff import Band
from ballast.plant.reports.energy import EnergyReport, energy_report
from ballast.plant.reports.energy_meters import MeterKind
from ballast.plant.reports.window import Window, days
from ballast.plant.site import Site, read_site

SEOUL, CHINA = ZoneInfo("Asia/Seoul"), ZoneInfo("Asia/Shanghai")
HEAD = '[site]\nname = "厂"\nuscc = "91371500MA0000000X"\nzone = "{zone}"\n'
TARIFF = """
[[tariff]]
since = 2018-03-01
prices = { sharp = "1.2345", peak = "0.9876", flat = "0.6543", valley = "0.3210" }
demand_price = "38.4"
[[tariff.season]]
months = [7, 8]
sharp = ["14:00-15:00"]
peak = ["08:00-11:00"]
valley = ["23:00-07:00"]
[[tariff.season]]
peak = ["08:00-11:00", "18:00-21:00"]
valley = ["23:00-07:00"]
[[carbon]]
since = 2018-01-01
kg_per_kwh = "0.5"
source = "a contract"
"""


def band_by_hand(start: datetime) -> str:
    hour = start.hour
    if hour >= 23 or hour < 7:
        return "valley"
    summer = start.month in (7, 8)
    if summer and hour == 14:
        return "sharp"
    if 8 <= hour < 11 or (not summer and 18 <= hour < 21):
        return "peak"
    return "flat"


@pytest.fixture(scope="module")
def steel(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, list[Any]]:
    """Return the report of the year, and the rows of the file read with the standard library."""
    path = shared_data / "telemetry" / "steel_energy.csv"
    lake = Lake.create(tmp_path_factory.mktemp("steel") / "home")
    load_recipe(lake, "uci-steel-energy", [path], VIEWER)
    site = read_site(HEAD.format(zone="Asia/Seoul") + TARIFF)
    year = days(datetime(2018, 1, 1).date(), datetime(2018, 12, 31).date(), SEOUL)  # noqa: DTZ001
    report = energy_report(lake, VIEWER, year, site=site)
    rows = []
    with path.open(encoding="utf-8-sig") as file:
        for at, row in enumerate(csv.DictReader(file)):
            start = datetime(2018, 1, 1, tzinfo=SEOUL) + at * timedelta(minutes=15)
            kwh = Decimal(row["Usage_kWh"])
            lagging = float(row["Lagging_Current_Reactive.Power_kVarh"])
            leading = float(row["Leading_Current_Reactive_Power_kVarh"])
            rows.append((start, kwh, lagging + leading))
    return report, rows


def test_a_real_year_adds_up_month_by_month_to_the_digit(steel: Any) -> None:
    report, rows = steel
    by_month: dict[str, Decimal] = defaultdict(Decimal)
    for start, kwh, _ in rows:
        by_month[f"{start:%Y-%m}"] += kwh
    assert {row.period: row.kwh for row in report.months} == by_month
    assert report.whole.kwh == sum(by_month.values())
    assert all(row.covered == 1.0 for row in report.months)


def test_the_bands_of_a_real_year_and_their_cost_are_those_made_by_hand(steel: Any) -> None:
    report, rows = steel
    prices = {"sharp": "1.2345", "peak": "0.9876", "flat": "0.6543", "valley": "0.3210"}
    used: dict[str, Decimal] = defaultdict(Decimal)
    for start, kwh, _ in rows:
        used[band_by_hand(start) if start.month >= 3 else "none"] += kwh
    assert report.whole.unpriced_kwh == used.pop("none")
    assert {band.value: use.kwh for band, use in report.whole.bands.items()} == used
    cost = sum((kwh * Decimal(prices[band]) for band, kwh in used.items()), Decimal(0))
    assert report.whole.energy_cny == cost
    assert any("before the first tariff" in why.text("en") for why in report.whole.why)


def test_the_maximum_demand_of_each_real_month_is_its_largest_quarter(steel: Any) -> None:
    report, rows = steel
    largest: dict[str, tuple[Decimal, datetime]] = {}
    for start, kwh, _ in rows:
        month = f"{start:%Y-%m}"
        if kwh > largest.get(month, (Decimal(-1), start))[0]:
            largest[month] = kwh, start
    for row in report.months:
        kwh, start = largest[row.period]
        assert row.demand is not None
        assert row.demand.kw == pytest.approx(float(kwh * 4))
        assert row.demand.since == round(start.timestamp() * 1000)
        mean = float(row.kwh) / (row.seconds / 3600)
        assert row.load_factor == pytest.approx(mean / row.demand.kw)
        assert row.sliding is None
    march = report.months[2]
    assert march.demand_cny == Decimal(repr(march.demand.kw)) * Decimal("38.4")


def test_power_factor_and_carbon_of_a_real_year(steel: Any) -> None:
    report, rows = steel
    active, reactive = float(sum(row[1] for row in rows)), sum(row[2] for row in rows)
    right = active / (active**2 + reactive**2) ** 0.5
    assert report.whole.power_factor == pytest.approx(right, rel=1e-9)
    assert report.whole.carbon_kg == pytest.approx(active * 0.5)
    assert [one.source for one in report.whole.factors] == ["a contract"]
    assert report.provenance == "real"


# A small shop by hand: 2026-03-02 is a Monday; times are ms of the shop's midnight.
MIDNIGHT = round(datetime(2026, 3, 2, tzinfo=CHINA).timestamp() * 1000)
MINUTE, HOUR = 60_000, 3_600_000
SHOP = (
    HEAD.format(zone="Asia/Shanghai")
    + """
[[asset]]
asset = "shop"
level = "site"
[[asset]]
asset = "shop/lathe"
level = "machine"
[[asset]]
asset = "shop/press"
level = "machine"
[[tag]]
tag = "shop/lathe/energy"
role = "energy"
[[tag]]
tag = "shop/lathe/good"
role = "good"
[[tag]]
tag = "shop/lathe/scrap"
role = "scrap"
[[tag]]
tag = "shop/press/power"
role = "power"
unit = "W"
"""
)


def window(hours: int = 24) -> Window:
    start = datetime.fromtimestamp(MIDNIGHT / 1000, CHINA)
    return Window(start, start + timedelta(hours=hours), CHINA)


def told(lake: Lake, site: Site, hours: int = 24) -> EnergyReport:
    return energy_report(lake, VIEWER, window(hours), site=site)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home")


def test_a_counter_that_starts_again_loses_nothing(lake: Lake) -> None:
    # 6 kWh an hour by tenths of a kWh a minute; at 01:00 the meter is changed and starts at 0.
    readings = [(MIDNIGHT + n * MINUTE, 100 + n / 10) for n in range(60)]
    readings += [(MIDNIGHT + n * MINUTE, (n - 60) / 10) for n in range(60, 121)]
    tell(lake, {"shop/lathe/energy": readings})
    report = told(lake, read_site(SHOP), hours=2)
    (meter,) = report.meters
    assert meter.kind is MeterKind.COUNTER
    # The minute over the change counts from zero: 0 kWh instead of 0.1.
    assert float(report.whole.kwh) == pytest.approx(11.9)
    assert report.whole.covered == pytest.approx(1.0)
    assert report.whole.demand is not None
    assert report.whole.demand.kw == pytest.approx(6.0)
    assert report.whole.sliding is not None
    assert report.whole.sliding.kw == pytest.approx(6.0)


def test_watts_become_kilowatt_hours_by_the_minute(lake: Lake) -> None:
    tell(lake, {"shop/press/power": [(MIDNIGHT + n * 30_000, 3000.0) for n in range(120)]})
    report = told(lake, read_site(SHOP))
    assert report.meters[0].kind is MeterKind.POWER
    assert float(report.whole.kwh) == pytest.approx(3.0)
    assert report.whole.covered == pytest.approx(1 / 24)
    assert report.whole.load_factor == pytest.approx(1.0)  # of the hour that is known


def test_a_meter_above_others_has_counted_theirs(lake: Lake) -> None:
    tell(lake, {"shop/press/power": [(MIDNIGHT + n * MINUTE, 3000.0) for n in range(60)]})
    enter(
        lake,
        "energy_meter",
        *(
            {"meter": "main", "asset": "shop", "start": MIDNIGHT + n * 15 * MINUTE,
             "minutes": 15.0, "kwh": 2.5, "entered_by": "file"}
            for n in range(4)
        ),
    )  # fmt: skip
    report = told(lake, read_site(SHOP))
    assert {one.meter: one.counts for one in report.meters} == {
        "main": True, "shop/press/power": False,
    }  # fmt: skip
    assert report.whole.kwh == Decimal("10.0")
    assert {one.asset: one.kwh for one in report.assets}["shop/press"] == pytest.approx(3.0)


def test_energy_of_orders_products_and_good_pieces(lake: Lake) -> None:
    tell(
        lake,
        {
            "shop/lathe/energy": [(MIDNIGHT + n * MINUTE, n / 10) for n in range(121)],
            "shop/lathe/good": [(MIDNIGHT + n * MINUTE, float(n // 2)) for n in range(121)],
        },
    )
    enter(
        lake,
        "production",
        {"asset": "shop/lathe", "start": MIDNIGHT, "end": MIDNIGHT + HOUR, "order": "PO-1",
         "product": "DN15", "produced": 32.0, "good": 30.0},
        {"asset": "shop/lathe", "start": MIDNIGHT + HOUR, "end": MIDNIGHT + 2 * HOUR,
         "order": "PO-2", "product": "DN15", "produced": 31.0, "good": 30.0},
        {"asset": "shop/press", "start": MIDNIGHT, "end": MIDNIGHT + HOUR, "order": "PO-3",
         "product": "DN20", "produced": 5.0, "good": 5.0},
    )  # fmt: skip
    report = told(lake, read_site(SHOP))
    by_order = {one.order: one for one in report.orders}
    assert by_order["PO-1"].kwh == pytest.approx(6.0)
    assert by_order["PO-1"].kwh_per_good == pytest.approx(0.2)
    assert by_order["PO-3"].kwh is None
    assert any("without a meter" in note.text("en") for note in report.notes)
    (product,) = report.products
    assert (product.product, product.orders, product.good) == ("DN15", 2, 60.0)
    assert product.kwh_per_good == pytest.approx(0.2)
    (asset,) = report.assets
    assert asset.source == "counter"
    assert asset.good == 60.0


def test_hours_have_no_maximum_demand_and_2019_no_factor(lake: Lake) -> None:
    start = round(datetime(2019, 3, 4, tzinfo=CHINA).timestamp() * 1000)
    enter(
        lake,
        "energy_meter",
        *(
            {"meter": "main", "start": start + n * HOUR, "minutes": 60.0, "kwh": 4.0,
             "entered_by": "file"}
            for n in range(3)
        ),
    )  # fmt: skip
    begin = datetime.fromtimestamp(start / 1000, CHINA)
    site = read_site(SHOP)
    report = energy_report(
        lake, VIEWER, Window(begin, begin + timedelta(hours=3), CHINA), site=site
    )
    whole = report.whole
    assert (whole.demand, whole.load_factor, whole.carbon_kg, whole.energy_cny) == (None,) * 4
    said = " ".join(why.text("en") for why in whole.why)
    for word in ("15 minutes", "no emission factor", "no tariff"):
        assert word in said
    assert whole.kwh == Decimal("12.0")


def test_two_loads_of_one_meter_under_each_other_are_refused_by_name(lake: Lake) -> None:
    shared = {"meter": "main", "kwh": 1.0, "entered_by": "file"}
    enter(lake, "energy_meter", {**shared, "start": MIDNIGHT, "minutes": 60.0})
    enter(lake, "energy_meter", {**shared, "start": MIDNIGHT + 15 * MINUTE, "minutes": 15.0})
    with pytest.raises(Refused, match="meter main: two of its intervals overlap"):
        told(lake, read_site(SHOP))


def test_a_home_without_meters_says_so_and_has_no_zero(lake: Lake) -> None:
    report = told(lake, read_site(SHOP))
    assert report.meters == ()
    assert report.whole.covered == 0.0
    assert report.whole.demand is None
    assert report.whole.carbon_kg is None
    assert "no meter" in report.notes[-1].text("en")


def test_bands_of_a_window_that_cuts_an_interval_take_its_share(lake: Lake) -> None:
    enter(
        lake,
        "energy_meter",
        {"meter": "main", "start": MIDNIGHT - 30 * MINUTE, "minutes": 60.0, "kwh": 8.0,
         "entered_by": "file"},
    )  # fmt: skip
    report = told(lake, read_site(SHOP + TARIFF))
    assert report.whole.kwh == Decimal("4.0")
    assert report.whole.bands[Band.VALLEY].cny == Decimal("4.0") * Decimal("0.3210")
    assert report.whole.energy_cny == report.whole.bands[Band.VALLEY].cny
