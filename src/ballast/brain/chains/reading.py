"""An input–output table out of the lake, in the order of its sectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ballast.brain.chains.table import Floats, InputOutput
from ballast.errors import NotFound, Refused
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer

__all__ = ["LoadedTable", "read_table", "table_names"]


@dataclass(frozen=True, eq=False)
class LoadedTable:
    """A table, the names of its sectors, and where it came from.

    Parameters
    ----------
    table
        Its arrays, in 1e4 CNY at producers' prices of the year.
    names
        Names of the sectors, in their order.
    year
        The year that it shows.
    load_ids
        The loads that it was read from.
    """

    table: InputOutput
    names: tuple[Label, ...]
    year: int
    load_ids: tuple[str, ...]


def table_names(lake: Lake, viewer: Viewer) -> list[str]:
    """Return the names of the tables loaded, the newest year last."""
    sectors = lake.read("io_sector", viewer)
    found = sectors.select("io_table", "year").distinct().to_pyarrow().to_pylist()
    return [row["io_table"] for row in sorted(found, key=lambda r: (r["year"], r["io_table"]))]


def read_table(lake: Lake, viewer: Viewer, name: str | None = None) -> LoadedTable:
    """Return a loaded table.

    Parameters
    ----------
    lake, viewer
        Where it is read, and by whom.
    name
        Which; None: the newest that tells imported products apart, else the newest.

    Raises
    ------
    NotFound
        If there is none of that name, or none at all.
    Refused
        If sectors have no output or no value added: nothing can be computed from it.
    """
    chosen = _chosen(lake, viewer, name)
    rows = {
        part: _rows(lake, viewer, part, chosen) for part in ("io_sector", "io_flow", "io_vector")
    }
    sectors = rows["io_sector"].sort_by("sector")
    codes = tuple(sectors["sector"].to_pylist())
    place = {code: number for number, code in enumerate(codes)}
    flows = rows["io_flow"]
    origins = set(flows["origin"].to_pylist())
    own = "domestic" if "domestic" in origins else "all"
    vectors = rows["io_vector"]
    exports = _vector(vectors, "exports", own, place)
    table = InputOutput(
        chosen,
        codes,
        _matrix(flows, own, place),
        _needed(vectors, ("output", "input"), own, place, chosen),
        _needed(vectors, ("value_added",), own, place, chosen),
        exports,
        _matrix(flows, "imported", place) if "imported" in origins else None,
    )
    labels = tuple(
        Label(zh, en or zh)
        for zh, en in zip(
            sectors["name_zh"].to_pylist(), sectors["name_en"].to_pylist(), strict=True
        )
    )
    loads = {load for part in rows.values() for load in part["load_id"].unique().to_pylist()}
    return LoadedTable(table, labels, sectors["year"][0].as_py(), tuple(sorted(loads)))


def _chosen(lake: Lake, viewer: Viewer, name: str | None) -> str:
    known = table_names(lake, viewer)
    if name is None and known:
        flows = lake.read("io_flow", viewer)
        split = flows.filter(flows.origin == "imported").select("io_table").distinct()
        apart = set(split.to_pyarrow()["io_table"].to_pylist())
        return next((each for each in reversed(known) if each in apart), known[-1])
    if name is None or name not in known:
        raise NotFound(
            "which input–output table? Loaded are: {known}; load one with "
            "`ballast load --recipe china-io FILE`",
            known=", ".join(known) or "–",
        )
    return name


def _rows(lake: Lake, viewer: Viewer, part: str, chosen: str) -> pa.Table:
    rows = lake.read(part, viewer)
    return lake.engine.collect(rows.filter(rows.io_table == chosen))


def _matrix(flows: pa.Table, origin: str, place: Mapping[str, int]) -> Floats:
    found = np.zeros((len(place), len(place)))
    for row in flows.select(["origin", "from_sector", "to_sector", "value_1e4_cny"]).to_pylist():
        if row["origin"] == origin:
            found[place[row["from_sector"]], place[row["to_sector"]]] = row["value_1e4_cny"]
    return found


def _vector(vectors: pa.Table, item: str, origin: str, place: Mapping[str, int]) -> Floats | None:
    found = np.full(len(place), np.nan)
    for row in vectors.select(["origin", "item", "sector", "value_1e4_cny"]).to_pylist():
        if row["item"] == item and row["origin"] in (origin, "all"):
            found[place[row["sector"]]] = row["value_1e4_cny"]
    return None if np.isnan(found).any() else found


def _needed(
    vectors: pa.Table, items: tuple[str, ...], origin: str, place: Mapping[str, int], name: str
) -> Floats:
    for item in items:
        if (found := _vector(vectors, item, origin, place)) is not None:
            return found
    raise Refused(
        "{table}: some sector has no {item}; load the whole table again", table=name, item=items[0]
    )
