"""A lake of a small plant, written as the shipper leaves it: samples, and roll-ups in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from ballast.lake import store
from ballast.lake.lake import Lake
from ballast.lake.streamed import stored
from ballast.lake.tables import table
from ballast.plant.measures.rollup import HOUR_MS, MINUTE_MS, NO_TIME, Rollup, roll_up
from ballast.terms.viewer import Viewer, operator

USCC = "91371500MA3C4D5E6X"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VIEWER: Viewer = operator("tester")

COUNTS = ("count", "finite", "good_count", "late_count")
NUMBERS = ("sum", "sum_squares", "least", "most", "first", "last", "rise")

Told = float | str | None


def at(ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=ms)


def tell(
    lake: Lake,
    said: Mapping[str, Sequence[tuple[int, Told]]],
    *,
    quality: Mapping[tuple[str, int], int] | None = None,
    raw: bool = True,
    provenance: str = "real",
    **flags: bool,
) -> None:
    """Append samples (ms, value or text) of tags and one part of each roll-up, as one batch."""
    names = sorted(said)
    rows = [(tag, ms, value) for tag in names for ms, value in said[tag]]
    if not rows:
        return
    good = [(quality or {}).get((tag, ms), 192) for tag, ms, _ in rows]
    columns: dict[str, Any] = {
        "tag": [row[0] for row in rows],
        "time": [at(row[1]) for row in rows],
        "ordinal": [0] * len(rows),
        "value": [row[2] if isinstance(row[2], int | float) else None for row in rows],
        "text": [row[2] if isinstance(row[2], str) else None for row in rows],
        "quality": good,
        "received_at": [at(row[1] + 500) for row in rows],
    }
    if raw:
        _append(lake, "telemetry", columns, len(rows), provenance, flags)
    values = np.array([np.nan if v is None else v for v in columns["value"]], dtype=np.float64)
    numbers = np.array([names.index(row[0]) for row in rows])
    times = np.array([row[1] for row in rows])
    for name, length in (("telemetry_1min", MINUTE_MS), ("telemetry_1h", HOUR_MS)):
        parts = roll_up(numbers, times, values, length, good=np.array(good) == 192)
        _append(lake, name, _part_columns(parts, names), len(parts), provenance, {})


def _part_columns(parts: Rollup, names: Sequence[str]) -> dict[str, Any]:
    def real(column: np.ndarray[Any, Any]) -> list[float | None]:
        return [None if np.isnan(one) else float(one) for one in column]

    def moments(column: np.ndarray[Any, Any]) -> list[datetime | None]:
        return [None if one == NO_TIME else at(int(one)) for one in column]

    return {
        "tag": [names[int(one)] for one in parts.tag],
        "time": [at(int(one)) for one in parts.window],
        "ordinal": [0] * len(parts),
        **{name: getattr(parts, name).tolist() for name in COUNTS},
        **{name: real(getattr(parts, name)) for name in NUMBERS},
        **{name: moments(getattr(parts, name)) for name in ("first_at", "last_at")},
    }  # fmt: skip


def befall(lake: Lake, *events: Mapping[str, Any]) -> None:
    """Append events of the collector; what is not given is empty."""
    rows = []
    for place, event in enumerate(events):
        row = {"seq": place, "tag": None, "until": None, "count": 1, "detail": "", **event}
        row["since"] = row.get("since", row["at"])
        rows.append(
            {**row, **{k: at(row[k]) for k in ("at", "since", "until") if row[k] is not None}}
        )
    columns = {name: [row.get(name) for row in rows] for name in rows[0] | {"until": 0, "since": 0}}
    _append(lake, "telemetry_event", columns, len(rows), "real", {})


def _append(
    lake: Lake, name: str, columns: Mapping[str, Any], count: int, provenance: str,
    flags: Mapping[str, bool],
) -> None:  # fmt: skip
    schema = table(name).stored_schema
    whole = {
        field.name: columns.get(
            field.name,
            [flags.get(field.name, False) if pa.types.is_boolean(field.type) else None] * count,
        )
        for field in schema
    }
    whole["uscc"], whole["provenance"] = [USCC] * count, [provenance] * count
    store.append(lake.directory(name), stored(name, pa.table(whole, schema=schema)))


def enter(lake: Lake, name: str, *rows: Mapping[str, Any]) -> None:
    """Load rows of a table as people enter them."""
    schema = table(name).arrow_schema
    defaults = {"uscc": USCC, "entered_by": "person"}
    columns = {
        field.name: [
            at(value) if field.name in ("start", "end") and isinstance(value, int) else value
            for value in (row.get(field.name, defaults.get(field.name)) for row in rows)
        ]
        for field in schema
    }
    frame = pl.DataFrame(pl.from_arrow(pa.table(columns, schema=schema)))
    lake.commit({name: frame}, VIEWER)
