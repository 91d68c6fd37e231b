"""Tables for these tests: made up and balanced, or China's."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from ballast.brain.chains.table import Floats, InputOutput


def made(random: np.random.Generator, sectors: int) -> InputOutput:
    """Return a productive table with imports, whose columns add up to output."""
    output = random.uniform(1, 1000, sectors)
    shares = random.dirichlet(np.ones(2 * sectors + 1), sectors).T
    names = tuple(f"s{number}" for number in range(sectors))
    bought = shares * output
    return InputOutput(
        "made",
        names,
        bought[:sectors],
        output,
        bought[-1],
        random.uniform(0, 10, sectors),
        bought[sectors : 2 * sectors],
    )


def china(path: Path) -> tuple[InputOutput, list[str]]:
    """Return a table of China, and the names of its sectors."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in rows[0] if name.startswith("sector_")]

    def of(kind: str, origin: str) -> list[dict[str, str]]:
        return [row for row in rows if row["row_kind"] == kind and row["origin"] == origin]

    def matrix(chosen: list[dict[str, str]]) -> Floats:
        return np.array([[float(row[name] or 0) for name in columns] for row in chosen])

    imported = of("intermediate", "imported")
    made_here = of("intermediate", "domestic") or of("intermediate", "all")
    return InputOutput(
        path.stem,
        tuple(row["row_code"] for row in made_here),
        matrix(made_here),
        matrix(of("total_input", "all"))[0],
        matrix(of("total_value_added", "all"))[0],
        np.array([float(row["exports_1e4_cny"]) for row in made_here]),
        matrix(imported) if imported else None,
    ), [row["row_name_zh"] for row in made_here]
