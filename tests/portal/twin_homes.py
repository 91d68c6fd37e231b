"""Two homes that differ in nothing but what other enterprises reported.

Whoever may not read units must get the same answers from both, to the byte:
then no answer can rest on those reports, in whatever way it was computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from ballast.lake.lake import Lake
from ballast.sample.synthetic import typed
from ballast.state.users import change_user
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import operator

__all__ = [
    "CITY", "OTHERS", "OWN", "VINTAGE", "WITHHELD_DIVISION", "WITHHELD_PLACE", "Twins", "frames",
    "plain", "seal", "twins_of",
]  # fmt: skip

CITY = "371500"
OWN = with_check_character("91371500MA5T00000")
OTHERS = tuple(with_check_character(f"91371500MA5T{n:05d}") for n in range(1, 13))
SCHEMES = ("technology_sme", "innovative_sme")
PERIODS = ("2025-01..02", "2025-03", "2026-01..02", "2026-03")
REPORTED = (*PERIODS, *(f"2025-{month:02}" for month in range(4, 13)))
"""What enterprises reported: a whole year, so that figures of years can be asked for too."""
LOADER = operator("loader")

_VARYING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # of a page that was opened
    r"|\b[0-9a-f]{32,64}\b"  # tags, tokens
    r"|(?<=clip)[0-9]+|(?<=gradient_)[0-9]+"  # numbered through all drawings
    r"|[A-Za-z0-9_-]{43}"  # what proves that a form is one's own
    r'|"startTime":\s*[0-9.]+'
)


def plain(text: str) -> str:
    """Return an answer without what differs between two openings of the same page."""
    return _VARYING.sub("…", text)


@dataclass(frozen=True)
class Twins:
    """The same portal over two homes, ``a`` and ``b``."""

    a: Any
    b: Any

    def both(self) -> tuple[Any, Any]:
        """Return the two doors."""
        return self.a, self.b


def _places(world: int) -> dict[str, list[str]]:
    """Return where the others are and what they make: not the same in both worlds."""
    counties = ("371502", "371503", "371581")
    classes = ("3252", "3451", "3443", "2511")
    return {
        "region": [counties[(n * (1 + world)) % 3] for n in range(len(OTHERS))],
        # Evenly in one world; in the other one class has one enterprise and another nine.
        "industry": [
            classes[n % 4 if world == 0 else (0 if n < 9 else n % 4)] for n in range(len(OTHERS))
        ],
    }


def frames(world: int) -> Mapping[str, pl.DataFrame]:
    """Return the loads of a home.

    Parameters
    ----------
    world
        0 or 1: decides everything that others than ``OWN`` reported, and nothing else.
    """
    places = _places(world)
    codes = [OWN, *OTHERS]
    count = len(codes)
    names = ["自家铜业有限公司", *(f"别家{world}号{n}厂" for n in range(count - 1))]
    register = typed(
        "enterprise",
        {
            "uscc": codes,
            "valid_from": date(2020, 1, 1),
            "name": names,
            "region_scheme": "gb2260",
            "region": ["371502", *places["region"]],
            "industry_scheme": "gbt4754-2017",
            "industry": ["3251", *places["industry"]],
            "size_class": ["small"] * count,
            "ownership": ["private"] * count,
            "consent_publish": [False] * count,
            "consent_share": [n == 0 for n in range(count)],
        },
    )
    return {
        "enterprise": register,
        "enterprise_period": _reports(codes, world),
        "title": _titles(codes, world),
        "project": _projects(codes, world),
        **_of_projects(codes, world),
        "region_industry": _cells(world),
        **_open_tables(),
        "chain_definition": _chain(),
    }


def _reports(codes: list[str], world: int) -> pl.DataFrame:
    rows = [(code, n, p) for p in REPORTED for n, code in enumerate(codes)]

    def money(column: int) -> pl.Series:
        own, other = Decimal("1234.5000"), Decimal(7000 + 1111 * world)
        return pl.Series(
            [own + column if n == 0 else other * n + column * (world + 3) for _, n, _ in rows],
            dtype=pl.Decimal(24, 4),
        )

    columns = (
        "output_1e4_cny", "value_added_1e4_cny", "revenue_1e4_cny", "profit_1e4_cny",
        "export_1e4_cny", "rd_expense_1e4_cny", "energy_tce",
    )  # fmt: skip
    return typed(
        "enterprise_period",
        {
            "uscc": [code for code, _, _ in rows],
            "period": [p for _, _, p in rows],
            "above_scale": True,
            **{name: money(place) for place, name in enumerate(columns)},
            "employment_persons": [10 if n == 0 else 100 * n + 37 * world for _, n, _ in rows],
        },
    )


def _titles(codes: list[str], world: int) -> pl.DataFrame:
    return typed(
        "title",
        {
            "uscc": codes,
            "scheme": [SCHEMES[n * (world + 1) % 2] for n in range(len(codes))],
            "certificate": [f"C{n}" if n == 0 else f"C{n}-{world}" for n in range(len(codes))],
            "awarded": date(2024, 1, 1),
        },
    )  # fmt: skip


def _projects(codes: list[str], world: int) -> pl.DataFrame:
    money = [Decimal(100 if n == 0 else 100 * n + 13 * world) for n in range(len(codes))]
    return typed(
        "project",
        {
            "project": [f"P{n}" for n in range(len(codes))],
            "name": [f"项目{n}" if n == 0 else f"项目{n}-{world}" for n in range(len(codes))],
            "uscc": codes,
            "project_kind": "upgrade",
            "region_scheme": "gb2260",
            "region": "371502",
            "industry_scheme": "gbt4754-2017",
            "industry": "3251",
            "planned_1e4_cny": pl.Series(money, dtype=pl.Decimal(24, 4)),
            "status": "building",
        },
    )


def _of_projects(codes: list[str], world: int) -> dict[str, pl.DataFrame]:
    """Return what was told of the projects, what was changed, and goals that rest on it."""
    count = len(codes)
    money = [Decimal(10 if n == 0 else 10 * n + 7 * world) for n in range(count)]
    exact = pl.Decimal(24, 4)
    months = {"project": [f"P{n}" for n in range(count)], "uscc": codes, "period": "2026-03",
              "invested_1e4_cny": pl.Series(money, dtype=exact)}  # fmt: skip
    events = {"project": [f"P{n}" for n in range(count)], "seq": 1, "uscc": codes,
              "on": date(2026, 3, 1), "event_kind": "registered", "who": "x",
              "reason": [f"因{n}-{world * (n > 0)}" for n in range(count)]}  # fmt: skip
    items = ["output", "margin", "project_investment", "upgrade_investment", "enterprises"]
    goals = {"programme": "计划", "item": items, "period": "2026", "region_scheme": "gb2260",
             "region": CITY, "measure": "growth", "base_period": "2025", "path": "even",
             "target": pl.Series([Decimal(5)] * len(items), dtype=exact)}  # fmt: skip
    return {
        "project_month": typed("project_month", months),
        "project_event": typed("project_event", events),
        "goal": typed("goal", goals),
    }


def _cells(world: int) -> pl.DataFrame:
    """Return sums by place and industry: of one or two enterprises each, unsuppressed."""
    cells = [(r, i) for r in ("371500", "371502", "000000") for i in ("32", "34")]
    return typed(
        "region_industry",
        {
            "region_scheme": "gb2260",
            "region": [r for r, _ in cells],
            "industry_scheme": "gbt4754-2017",
            "industry_level": "division",
            "industry": [i for _, i in cells],
            "period": "2025",
            "employment_persons": [60 + 11 * n + 29 * world * n for n in range(len(cells))],
            "establishments": [1 + n + world for n in range(len(cells))],
            "basis": "reported",
        },
    )


def _open_tables() -> dict[str, pl.DataFrame]:
    """Return what is public and therefore the same in both homes."""
    values = [Decimal("3000"), Decimal("3190.5"), Decimal("5900"), Decimal("3.22")]
    return {
        "region_period": typed(
            "region_period",
            {
                "region_scheme": "gb2260",
                "region": [CITY, CITY, "370800", CITY],
                "period": ["2024", "2025", "2025", "2025"],
                "item": ["gdp", "gdp", "gdp", "rd_intensity"],
                "value": pl.Series(values, dtype=pl.Decimal(24, 4)),
                "status": "final",
                "source": "统计年鉴",
            },
        ),
        "cluster_definition": typed(
            "cluster_definition",
            {
                "definition": ["own"],
                "cluster": ["copper"],
                "name_zh": ["铜产业集群"],
                "name_en": ["Copper"],
                "industry_scheme": "gbt4754-2017",
                "industry": ["325"],
                "region": [""],
                "traded": True,
            },
        ),
    }


def _chain() -> pl.DataFrame:
    """Return a chain of three stages, which the others fill differently in both worlds."""
    return typed(
        "chain_definition",
        {
            "chain": ["copper"] * 3,
            "chain_zh": "铜",
            "chain_en": "Copper",
            "cluster": "copper",
            "stage": ["ore", "rod", "bearing"],
            "product_zh": ["精铜", "铜杆", "轴承"],
            "product_en": ["copper", "rod", "bearing"],
            "feeds": ["rod", "bearing", None],
            "industry_scheme": "gbt4754-2017",
            "industry": ["3211", "3251", "3451"],
            "import_dependent": False,
        },
    )


def twins_of(door: Any, folder: Any) -> Twins:
    """Return a portal over both homes; the accounts are the same."""
    change_user(door.state, door.users[Role.ENTERPRISE].id, enterprises=[OWN])
    change_user(door.state, door.users[Role.OPERATOR].id, clusters=["copper"])
    doors = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ballast.lake.ledger.secrets.token_hex", lambda _: "0" * 8)
        for world in (0, 1):
            lake = Lake.create(folder / f"home{world}", clock=door.clock)
            lake.commit(frames(world), LOADER, provenance="synthetic")
            seal(lake)
            doors.append(door.again(lake=lake))
    return Twins(*doors)


VINTAGE = "2026-03.1"
SEALED_AT = datetime(2026, 6, 1, tzinfo=UTC)
WITHHELD_PLACE, WITHHELD_DIVISION = "371581", "25"
Cell = tuple[str, str, str, str, str]
"""Region, its kind, its parent, industry, cluster."""

CELLS: tuple[Cell, ...] = (
    (CITY, "city", "", "", ""),
    *((code, "county", CITY, "", "") for code in ("371502", "371503", WITHHELD_PLACE)),
    *((CITY, "city", "", code, "") for code in ("32", "34", WITHHELD_DIVISION, "325", "345")),
    (CITY, "city", "", "", "copper"),
)

SEALED_PERIODS = (*PERIODS, "2025-03ytd", "2026-03ytd", "2025")
SEALED_AMOUNTS = (
    "output", "revenue", "profit", "exports", "rd_expense", "value_added", "energy", "enterprises",
    "employment",
)  # fmt: skip
SEALED_RATIOS = {"margin": ("profit", "revenue"), "rd_intensity": ("rd_expense", "revenue")}


def withheld(cell: Cell) -> bool:
    """Return whether the cube withholds a cell: one place and one division of three."""
    return cell[0] == WITHHELD_PLACE or cell[3] == WITHHELD_DIVISION


def sealed_amount(indicator: str, cell: Cell, period: str) -> Decimal:
    """Return what the cube publishes of an amount; made up, and the same in both worlds."""
    size = Decimal(1 + CELLS.index(cell))
    year = 1 if period.startswith("2025") else Decimal("1.25")
    whole = 1_000_000 if cell == CELLS[0] else 10_000 * size
    part = 10 + SEALED_AMOUNTS.index(indicator)
    if indicator in ("enterprises", "employment"):
        return Decimal(1300 if cell == CELLS[0] else 4) + part
    return Decimal(whole) * year * 10 / part


def sealed_frame() -> pl.DataFrame:
    """Return a small sealed cube: one row for each indicator, cell and period."""
    rows: list[dict[str, object]] = []
    for period in SEALED_PERIODS:
        for cell in CELLS:
            keys = ("cluster_revenue",) if cell[4] else (*SEALED_AMOUNTS, *SEALED_RATIOS)
            rows += [_sealed_row(key, cell, period) for key in keys]
    names = {name: [row[name] for row in rows] for name in rows[0]}
    money = pl.Decimal(24, 4)
    exact = {n: pl.Series(names[n], dtype=money) for n in ("numerator", "denominator")}
    of_all = {"vintage": VINTAGE, "made_from": "L1", "as_of": SEALED_AT, "synthetic": True}
    return typed("indicator_value", {**names, **exact, **of_all})


def _sealed_row(key: str, cell: Cell, period: str) -> dict[str, object]:
    region, kind, parent, code, cluster = cell
    hidden = withheld(cell)
    above, below = SEALED_RATIOS.get(key, ("revenue" if cluster else key, None))
    numerator = sealed_amount(above, cell, period)
    denominator = None if below is None or hidden else sealed_amount(below, cell, period)
    value = float(numerator) if denominator is None else float(numerator / denominator) * 100
    return {
        "indicator": key,
        "region": region,
        "region_kind": kind,
        "parent": parent,
        "industry": code,
        "cluster": cluster,
        "definition": "own" if cluster else "",
        "period": period,
        "status": "suppressed" if hidden else "published",
        "value": None if hidden else value,
        "numerator": None if hidden else numerator.quantize(Decimal("0.0001")),
        "denominator": None if denominator is None else denominator.quantize(Decimal("0.0001")),
        "reporting": None if hidden else 7,
    }  # fmt: skip


def seal(lake: Lake) -> None:
    """Write the small cube into a home."""
    lake.derive(
        "indicator_value", sealed_frame(), LOADER, vintage=VINTAGE, recipe="cube",
        provenance="synthetic",
    )  # fmt: skip


def seal_pool(lake: Lake) -> None:
    """Write the small pool into a home."""
    lake.derive(
        "policy_pool", pool_frame(), LOADER, vintage=VINTAGE, recipe="seal", provenance="synthetic"
    )


def pool_frame() -> pl.DataFrame:
    """Return a small sealed pool: the whole, a county, and one of which nothing is published."""
    places = ((CITY, "city"), ("371502", "county"), (WITHHELD_PLACE, "county"))
    rows = [
        (scheme, standing, "", *place, 10 * at + 7)
        for at, place in enumerate(places)
        for scheme in ("specialised_sme", "little_giant")
        for standing in ("holds", "eligible", "review", "near")
    ]
    rows += [("little_giant", "near", "class1_ip", *places[0], 5)]
    names = ("scheme", "standing", "criterion", "region", "region_kind", "enterprises")
    columns: dict[str, object] = {n: [row[at] for row in rows] for at, n in enumerate(names)}
    hidden = [row[3] == WITHHELD_PLACE for row in rows]
    columns["status"] = ["suppressed" if one else "published" for one in hidden]
    columns["enterprises"] = [
        None if one else row[5] for one, row in zip(hidden, rows, strict=True)
    ]
    of_all = {
        "vintage": VINTAGE, "cluster": "", "period": "2026", "day": date(2026, 5, 31),
        "law": "2026-2", "made_from": "L1", "as_of": SEALED_AT, "synthetic": True,
    }  # fmt: skip
    return typed("policy_pool", {**columns, **of_all})
