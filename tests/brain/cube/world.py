"""A small region whose every figure is known, in a lake; and an attacker who reads its cube.

The attacker knows all that is published, of every vintage; who stands where, in which industry
and cluster, and who reported; and that amounts are not negative. What each enterprise reported
in each month is its unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from ballast.brain.disclosure.rules import PrimaryRules
from ballast.lake.lake import Lake
from ballast.lake.tables import table
from ballast.terms.industry import roll_up
from ballast.terms.scheme import IndustryLevel
from ballast.terms.viewer import PUBLIC, operator

SEALER = operator("sealer")
NOW = datetime(2026, 8, 1, tzinfo=UTC)
AMOUNTS = {
    "output": "output_1e4_cny",
    "revenue": "revenue_1e4_cny",
    "exports": "export_1e4_cny",
    "employment": "employment_persons",
}
RATIOS = {"export_share": ("exports", "revenue", 100.0)}
COUNTIES = ("371502", "371503", "371521", "371522")
ZONE = "371500-KFQ"
CLASSES = ("3451", "3452", "3489", "3216", "3252", "1312", "1352", "1371")
CLUSTERS = {"bearings": ("345", "371502"), "metal": ("32", ""), "grain": ("1312", "371503")}
RULES = PrimaryRules()


@dataclass
class Enterprise:
    """One enterprise: where it stands from which month on, its industry, what it reported."""

    code: str
    places: list[tuple[date, str, str]]
    industry: str
    amounts: dict[str, dict[str, float]]  # period to column to amount

    def place(self, period: str) -> tuple[str, str]:
        year, month = int(period[:4]), int(period[-2:])
        end = date(year, month, 28)
        county, zone = "", ""
        for start, own_county, own_zone in self.places:
            if start <= end or not county:
                county, zone = own_county, own_zone
        return county, zone


def code(number: int) -> str:
    """Return an enterprise code; the loader's check of digits is not between here and the lake."""
    return f"91371500MA{number:07d}X"


def region(
    seed: int, *, enterprises: int = 90, periods: Sequence[str] = ("2026-01..02", "2026-03")
) -> list[Enterprise]:
    """Return enterprises that are spread unevenly, as they are; one moves from county to county."""
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.full(len(COUNTIES) * len(CLASSES), 0.6))
    found = []
    for number in range(enterprises):
        at = int(random.choice(len(weights), p=weights))
        county, industry = COUNTIES[at // len(CLASSES)], CLASSES[at % len(CLASSES)]
        zone = ZONE if county == "371502" and random.random() < 0.4 else ""
        size = float(random.lognormal(6, 1.4))
        amounts = {}
        for period in periods:
            now = size * float(random.uniform(0.85, 1.15))
            exports = now * 0.3 * float(random.uniform(0.5, 1)) if random.random() < 0.5 else 0.0
            amounts[period] = {
                "output_1e4_cny": now,
                "revenue_1e4_cny": now * float(random.uniform(0.9, 1.1)),
                "export_1e4_cny": exports,
                "employment_persons": float(max(1, int(size / 40))),
            }
        found.append(
            Enterprise(code(number), [(date(2015, 1, 1), county, zone)], industry, amounts)
        )
    if len(periods) > 1:
        moved = found[0]
        last = int(periods[-1][-2:])
        other = next(c for c in COUNTIES[1:] if c != moved.places[0][1])
        moved.places.append((date(2026, last, 1), other, ""))
    return found


def framed(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows in the shape of a table; what is not given is empty."""
    schema = pl.DataFrame(table(name).arrow_schema.empty_table()).schema
    whole = [{column: row.get(column) for column in schema} for row in rows]
    return pl.DataFrame(whole, schema=schema)


def frames(enterprises: Iterable[Enterprise]) -> dict[str, pl.DataFrame]:
    """Return the tables that the enterprises fill."""
    registered: list[dict[str, object]] = []
    reported: list[dict[str, object]] = []
    for one in enterprises:
        registered += [
            {
                "uscc": one.code, "valid_from": start, "name": one.code, "region_scheme": "gb2260",
                "region": county, "zone": zone or None, "industry_scheme": "gbt4754-2017",
                "industry": one.industry, "consent_publish": False, "consent_share": False,
            }
            for start, county, zone in one.places
        ]  # fmt: skip
        for period, amounts in one.amounts.items():
            row: dict[str, object] = {"uscc": one.code, "period": period, "above_scale": True}
            for column, amount in amounts.items():
                whole = column == "employment_persons"
                row[column] = int(amount) if whole else Decimal(f"{amount:.4f}")
            reported.append(row)
    defined: list[dict[str, object]] = [
        {
            "definition": "own", "cluster": cluster, "name_zh": cluster, "name_en": cluster,
            "traded": True, "industry_scheme": "gbt4754-2017", "industry": industry,
            "region_scheme": "gb2260" if county else None, "region": county or None,
        }
        for cluster, (industry, county) in CLUSTERS.items()
    ]  # fmt: skip
    return {
        "enterprise": framed("enterprise", registered),
        "enterprise_period": framed("enterprise_period", reported),
        "cluster_definition": framed("cluster_definition", defined),
    }


def loaded(path: Path, enterprises: Iterable[Enterprise]) -> Lake:
    """Return a new lake that holds the enterprises."""
    lake = Lake.create(path, clock=lambda: datetime(2026, 7, 1, tzinfo=UTC))
    lake.commit(frames(enterprises), SEALER)
    return lake


def public(lake: Lake) -> pl.DataFrame:
    """Return all that anyone may read of the cube, every vintage of it."""
    return pl.DataFrame(lake.engine.collect(lake.read("indicator_value", PUBLIC)))


def stands_in(one: Enterprise, row: dict[str, object], period: str) -> float:
    """Return how much of an enterprise a cell counts in a month: 0 or 1."""
    county, zone = one.place(period)
    if row["cluster"]:
        industry, place = CLUSTERS[str(row["cluster"])]
        return float(one.industry.startswith(industry) and place in ("", county))
    match row["region_kind"]:
        case "county":
            here = county == row["region"]
        case "zone":
            here = zone == row["region"]
        case "rest":
            here = county == row["region"] and not zone
        case _:
            here = True
    industry = str(row["industry"])
    if industry.isalpha():
        return float(here and roll_up(one.industry, IndustryLevel.SECTION) == industry)
    return float(here and one.industry.startswith(industry))


def months_of(period: str, periods: Iterable[str]) -> list[str]:
    """Return the months that a period of the cube is made of, of those that were reported."""
    if period.endswith("ytd"):
        last = int(period[5:7])
        return [p for p in periods if p[:4] == period[:4] and int(p[-2:]) <= last]
    return [p for p in periods if p == period]


class Attacker:
    """Works out what a withheld cell can be, by linear programming.

    Parameters
    ----------
    enterprises
        Who stands where, and who reported when; the amounts are not looked at.
    rows
        What is published.
    amounts
        The indicators whose amounts are sought.
    own
        Enterprises whose own figures the attacker knows.
    of
        Vintages that rest on some of the enterprises only: their codes.
    """

    def __init__(
        self,
        enterprises: Sequence[Enterprise],
        rows: pl.DataFrame,
        amounts: Sequence[str],
        own: Sequence[Enterprise] = (),
        of: dict[str, set[str]] | None = None,
    ) -> None:
        self._of = of or {}
        self._enterprises = enterprises
        self._periods = sorted({p for one in enterprises for p in one.amounts})
        self._place: dict[tuple[str, str, str], int] = {}
        for name in amounts:
            for one in enterprises:
                for period in one.amounts:
                    self._place[name, period, one.code] = len(self._place)
        lines: list[dict[int, float]] = []
        known: list[float] = []
        for row in rows.filter(pl.col("status") == "published").iter_rows(named=True):
            for line, value in self._told(row, amounts):
                lines.append(line)
                known.append(value)
        for one in own:
            for name in amounts:
                for period, given in one.amounts.items():
                    lines.append({self._place[name, period, one.code]: 1.0})
                    known.append(given[AMOUNTS[name]])
        entries = [(at, place, by) for at, line in enumerate(lines) for place, by in line.items()]
        at, place, by = zip(*entries, strict=True)
        shape = (len(lines), len(self._place))
        self._equations = csr_matrix((by, (at, place)), shape=shape)
        self._known = np.array(known)

    def _told(
        self, row: dict[str, object], amounts: Sequence[str]
    ) -> Iterable[tuple[dict[int, float], float]]:
        name = str(row["indicator"])
        if name in amounts:
            yield self.line(name, row), float(str(row["numerator"]))
        elif name in RATIOS:
            above, below, scale = RATIOS[name]
            if above in amounts and below in amounts:
                line = self.line(above, row)
                share = float(str(row["value"])) / scale
                for place, by in self.line(below, row).items():
                    line[place] = line.get(place, 0.0) - by * share
                yield line, 0.0

    def line(self, name: str, row: dict[str, object]) -> dict[int, float]:
        """Return how much of each unknown a cell holds."""
        period = str(row["period"])
        months = months_of(period, self._periods)
        if name == "employment":
            months = months[-1:]
        found = {}
        members = self._of.get(str(row["vintage"]))
        for one in self._enterprises:
            if members is not None and one.code not in members:
                continue
            # The place at the end decides, for all months of a year to date.
            if (by := stands_in(one, row, months[-1])) > 0:
                for month in months:
                    if (place := self._place.get((name, month, one.code))) is not None:
                        found[place] = by
        return found

    def bounds(self, name: str, row: dict[str, object]) -> tuple[float, float]:
        """Return the least and the greatest amount that a cell can have."""
        aim = np.zeros(len(self._place))
        for place, by in self.line(name, row).items():
            aim[place] = by
        found = []
        for sign in (1, -1):
            answer = linprog(
                sign * aim, A_eq=self._equations, b_eq=self._known, bounds=(0, None), method="highs"
            )
            if answer.status == 2:  # of published roundings the last digit may clash
                slack = 1e-6 * (1 + np.abs(self._known))
                both = csr_matrix(
                    np.vstack([self._equations.toarray(), -self._equations.toarray()])
                )
                limit = np.concatenate([self._known + slack, -self._known + slack])
                answer = linprog(
                    sign * aim, A_ub=both, b_ub=limit, bounds=(0, None), method="highs"
                )
            found.append(sign * answer.fun if answer.status == 0 else sign * -np.inf)
        return found[0], found[1]


def truth(
    enterprises: Sequence[Enterprise], name: str, row: dict[str, object]
) -> tuple[float, bool]:
    """Return the amount of a cell of a month, and whether it is sensitive by itself."""
    period = str(row["period"])
    held = [
        one.amounts[period][AMOUNTS[name]] * stands_in(one, row, period)
        for one in enterprises
        if period in one.amounts
    ]
    there = [amount for amount in held if amount > 0]
    whole = sum(there)
    few = 0 < len(there) < 3
    return whole, few or bool(there and max(there) > 0.85 * whole)


Naive = Callable[[pl.DataFrame], pl.DataFrame]


def unprotected(
    enterprises: Sequence[Enterprise], rows: pl.DataFrame, sensitive_only: bool = True
) -> pl.DataFrame:
    """Return a cube in which a month's cell is withheld only where it is sensitive itself.

    Years to date stay as they are in the rows; ratios and clusters are left out.
    """
    made = []
    for row in rows.iter_rows(named=True):
        name = str(row["indicator"])
        if name not in AMOUNTS or str(row["period"]).endswith("ytd") or row["cluster"]:
            continue
        value, is_sensitive = truth(enterprises, name, row)
        told = not (sensitive_only and is_sensitive)
        made.append(
            row | {"status": "published" if told else "suppressed",
                   "numerator": Decimal(f"{value:.4f}") if told else None,
                   "value": value if told else None}
        )  # fmt: skip
    return pl.DataFrame(made, schema=rows.schema)


def withheld(rows: pl.DataFrame, name: str) -> list[dict[str, object]]:
    """Return the withheld cells of months, where a year to date has only those."""
    chosen = rows.filter(
        pl.col("indicator") == name,
        pl.col("status") == "suppressed",
        ~pl.col("period").str.ends_with("ytd"),
    )
    return chosen.to_dicts()


def assert_in_doubt(attacker: Attacker, name: str, row: dict[str, object], value: float) -> None:
    least, greatest = attacker.bounds(name, row)
    assert least <= value * (1 - RULES.protection) + 1e-3 + 1e-6 * value, (row, least, value)
    assert greatest >= value * (1 + RULES.protection) - 1e-3 - 1e-6 * value, (row, greatest, value)
