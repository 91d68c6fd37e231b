"""Enterprises that stand before the rungs in known ways, as a survey without a lake."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from ballast.brain.policy.pool_shape import Rung, Standing
from ballast.brain.policy.pool_survey import Survey
from ballast.terms.label import Label

DAY = date(2026, 11, 23)
COUNTIES = ("371502", "371503", "371521", "371522", "371581")
CLUSTERS = {"bearings": Label("轴承", "Bearings"), "copper": Label("铜加工", "Copper")}
RUNGS = (
    Rung("specialised_sme", Label("专精特新中小企业", "specialised SME"), 2, "2026-2", "2号", True),
    Rung("little_giant", Label("小巨人", "little giant"), 3, "2026-2", "2号", True),
)
CRITERIA = ("class1_ip", "growth", "rd_total")


def code(number: int) -> str:
    return f"91371500MA{number:07d}X"


def town(seed: int, *, enterprises: int = 400) -> Survey:
    """Return who stands where: whoever is near a little giant, or more, holds the rung below."""
    random = np.random.default_rng(seed)
    county = random.choice(COUNTIES, enterprises, p=(0.4, 0.25, 0.2, 0.1, 0.05))
    cluster = [
        ["bearings"] if c == "371502" and random.random() < 0.3
        else ["copper"] if random.random() < 0.15 else []
        for c in county
    ]  # fmt: skip
    lower, upper, lacks = [], [], []
    for _ in range(enterprises):
        one = str(random.choice(["holds", "eligible", "near", "unknown", "far"],
                                p=(0.2, 0.05, 0.05, 0.1, 0.6)))  # fmt: skip
        other = "far"
        if one == "holds":
            other = str(random.choice(["holds", "eligible", "near", "far"], p=(0.1, 0.1, 0.2, 0.6)))
        lower.append(one)
        upper.append(other)
        lacks.append(str(random.choice(CRITERIA, p=(0.8, 0.1, 0.1))) if other == "near" else None)
    rows = pl.DataFrame(
        {
            "uscc": [code(number) for number in range(enterprises)],
            "name": [f"企业{number}" for number in range(enterprises)],
            "county": county.tolist(),
            "clusters": cluster,
            "specialised_sme": lower,
            "specialised_sme.lacks": ["score" if one == "near" else None for one in lower],
            "little_giant": upper,
            "little_giant.lacks": lacks,
        },
        schema_overrides={"clusters": pl.List(pl.String)},
    )
    named = {("specialised_sme", "score"), *(("little_giant", each) for each in CRITERIA)}
    return Survey(
        day=DAY,
        rows=rows,
        rungs=RUNGS,
        criteria={key: (Label(key[1], key[1]), "第1项 (item 1)") for key in named},
        root="371500",
        clusters=CLUSTERS,
        definition="own",
        refused=(),
        synthetic=True,
    )


def changed(of: Survey, uscc: str, scheme: str, standing: Standing) -> Survey:
    """Return the same with one enterprise elsewhere before a rung."""
    mine = pl.col("uscc") == uscc
    rows = of.rows.with_columns(
        pl.when(mine).then(pl.lit(standing.value)).otherwise(pl.col(scheme)).alias(scheme),
        pl.when(mine).then(None).otherwise(pl.col(f"{scheme}.lacks")).alias(f"{scheme}.lacks"),
    )
    return Survey(
        of.day, rows, of.rungs, of.criteria, of.root, of.clusters, of.definition, of.refused,
        of.synthetic,
    )  # fmt: skip


def true_count(of: Survey, row: dict[str, object]) -> int:
    """Return how many enterprises a row of the sealed pool is of."""
    rows = of.rows
    if row["cluster"]:
        rows = rows.filter(pl.col("clusters").list.contains(str(row["cluster"])))
    elif row["region_kind"] == "county":
        rows = rows.filter(pl.col("county") == row["region"])
    rows = rows.filter(pl.col(str(row["scheme"])) == row["standing"])
    if row["criterion"]:
        rows = rows.filter(pl.col(f"{row['scheme']}.lacks") == row["criterion"])
    return rows.height
