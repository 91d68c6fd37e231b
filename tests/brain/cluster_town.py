"""A small town for the tests of clusters: seven enterprises, two years, one nation beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from ballast.lake.lake import Lake
from ballast.sample.synthetic import typed
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.viewer import operator

ME = operator("test")
TODAY = date(2026, 6, 20)
CODES = {name: with_check_character(f"91371500MA{n:07d}") for n, name in enumerate("ABCDEFG")}
HOSTILE = "<b>B</b> Secret Bearing Works"

# Enterprise: class, others, county, consent, output of 2024 and 2025 (None: not above scale).
FIRMS: dict[str, tuple[str, str | None, str, bool, int | None, int | None]] = {
    "A": ("3451", None, "371581", True, 1000, 1300),
    "B": ("3451", "3393:0.5", "371581", False, 400, 440),
    "C": ("3393", None, "371581", False, 100, 90),
    "D": ("3452", None, "371581", False, None, 200),
    "E": ("3251", None, "371521", False, 500, None),
    "F": ("3251", None, "371521", False, 2000, 2100),
    "G": ("1312", None, "371581", False, 300, 330),
}
NATION = {"345": (10000, 12000), "339": (5000, 4500), "325": (20000, 21000), "131": (5000, 5500)}
PERSONS = {"A": 100, "B": 40, "C": 10, "D": 20, "E": 50, "F": 60, "G": 30}


def money(values: list[int | None]) -> pl.Series:
    return pl.Series([None if v is None else Decimal(v) for v in values], dtype=pl.Decimal(24, 4))


def _register() -> pl.DataFrame:
    return typed(
        "enterprise",
        {
            "uscc": [CODES[name] for name in FIRMS],
            "valid_from": date(2020, 1, 1),
            "name": [HOSTILE if name == "B" else f"Works {name}" for name in FIRMS],
            "region_scheme": "gb2260",
            "region": [firm[2] for firm in FIRMS.values()],
            "industry_scheme": "gbt4754-2017",
            "industry": [firm[0] for firm in FIRMS.values()],
            "other_industries": pl.Series([firm[1] for firm in FIRMS.values()], dtype=pl.String),
            "consent_share": [firm[3] for firm in FIRMS.values()],
        },
    )


def _reports() -> pl.DataFrame:
    reported = [
        (name, year, value)
        for name, firm in FIRMS.items()
        for year, value in (("2024", firm[4]), ("2025", firm[5]))
        if value is not None
    ]
    return typed(
        "enterprise_period",
        {
            "uscc": [CODES[name] for name, _, _ in reported],
            "period": [year for _, year, _ in reported],
            "above_scale": True,
            "output_1e4_cny": money([value for _, _, value in reported]),
            "revenue_1e4_cny": money([value for _, _, value in reported]),
            "employment_persons": [PERSONS[name] for name, _, _ in reported],
        },
    )


def frames() -> dict[str, pl.DataFrame]:
    """Return the tables of the town."""
    cells = [(code, 2024 + i, both[i]) for code, both in NATION.items() for i in range(2)]
    nation = typed(
        "region_industry",
        {
            "region_scheme": "gb2260",
            "region": "000000",
            "industry_scheme": "gbt4754-2017",
            "industry_level": "group",
            "industry": [code for code, _, _ in cells],
            "period": [str(year) for _, year, _ in cells],
            "output_1e4_cny": money([value for _, _, value in cells]),
            "basis": "reported",
        },
    )
    definition = typed(
        "cluster_definition",
        {
            "definition": "own",
            "cluster": ["bearings", "bearings", "copper"],
            "name_zh": ["临清轴承", "临清轴承", "阳谷铜"],
            "name_en": ["Linqing bearings", "Linqing bearings", "Yanggu copper"],
            "traded": True,
            "industry_scheme": "gbt4754-2017",
            "industry": ["345", "3393", "325"],
            "region_scheme": "gb2260",
            "region": ["371581", "371581", "371521"],
            "anchor": HOSTILE,
        },
    )
    return {
        "enterprise": _register(),
        "enterprise_period": _reports(),
        "region_industry": nation,
        "cluster_definition": definition,
    }


def settle(lake: Lake) -> str:
    """Load the town, and return the load."""
    return lake.commit(frames(), ME, provenance="synthetic")
