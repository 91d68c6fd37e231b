"""Days of plants that the sample's enterprises would have told the city: synthetic, and say so.

They come into the lake as real ones do, through an outbox into ``plant_daily``,
but without a signature: nobody signed them. They follow from the enterprise,
the day and the seed, so a day that is shipped again is the same day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

import numpy as np
import pyarrow as pa

from ballast.errors import HomeBusy
from ballast.lake.lake import Lake
from ballast.lake.shipper import ship, shipping
from ballast.lake.streamed import Batch
from ballast.lake.tables import table
from ballast.sample.factory.shop import USCC as FACTORY
from ballast.sample.months import SEED
from ballast.terms.viewer import Viewer

__all__ = ["SamplePlantDays", "tell_days", "telling"]

#: So many of the sample's enterprises tell their days at most, and so far back.
MOST, BACK = 300, 60
_EPOCH = date(1970, 1, 1)
# A few tell for some weeks and are silent for some weeks: then they are not counted.
_SHARE_FITFUL, _FIT_DAYS = 0.06, 45
_MISSED = 0.04  # of the days are not told at all


def telling(lake: Lake, viewer: Viewer) -> tuple[str, ...]:
    """Return the enterprises of the sample that tell their days: of those that agreed to share.

    Parameters
    ----------
    lake
        With the sample region in it.
    viewer
        Who reads the register.
    """
    rows = lake.read("enterprise", viewer)
    agreed = rows.filter(rows.consent_share.fill_null(False)).select("uscc").distinct()
    codes = agreed.to_pyarrow()["uscc"].to_pylist()
    # By their digest: the same ones whatever the order, and spread over trades and counties.
    others = [code for code in codes if code != FACTORY]  # which tells its days itself
    return tuple(sorted(sorted(others, key=lambda code: sha256(code.encode()).digest())[:MOST]))


class SamplePlantDays:
    """What they told, as an outbox of the lake; the number of a day is that since 1970.

    Parameters
    ----------
    codes
        The enterprises.
    last
        The last day that is over.
    seed
        The same seed gives the same days.
    """

    tables: Sequence[str] = ("plant_daily",)
    name = "plant-daily:sample"

    def __init__(self, codes: Sequence[str], last: date, seed: int = SEED) -> None:
        self._codes, self._last, self._seed = codes, (last - _EPOCH).days, seed

    def last(self) -> int:
        """Return the number of the last day."""
        return self._last

    def batches(self, after: int, limit: int) -> Iterator[Batch]:  # noqa: ARG002 - all at once
        """Yield the days behind a number in one batch; the first time, two months of them."""
        first = max(after + 1, self._last - BACK + 1)
        if first > self._last or not self._codes:
            return
        rows = [
            row
            for number in range(first, self._last + 1)
            for code in self._codes
            if (row := self._row(code, number)) is not None
        ]
        schema = table("plant_daily").arrow_schema
        yield Batch(self._last, {"plant_daily": pa.Table.from_pylist(rows, schema)})

    def forget(self, up_to: int) -> None:
        """Do nothing: nothing is kept."""

    def _row(self, code: str, number: int) -> dict[str, object] | None:
        """Return what an enterprise told of a day; nothing where it told nothing."""
        plant = np.random.default_rng([self._seed, *code.encode()])
        day = np.random.default_rng([self._seed, number, *code.encode()])
        phase = int(plant.integers(0, 2 * _FIT_DAYS))
        silent = (number + phase) // _FIT_DAYS % 2 == 1
        if (plant.random() < _SHARE_FITFUL and silent) or day.random() < _MISSED:
            return None
        machines = int(plant.integers(3, 40))
        level = plant.uniform(0.55, 0.85)
        availability = float(np.clip(level + 0.1 + day.normal(0, 0.03), 0.2, 0.98))
        effectiveness = float(np.clip(0.92 + day.normal(0, 0.04), 0.4, 1.1))
        quality = float(np.clip(1 - abs(plant.normal(0.015, 0.01)) - abs(day.normal(0, 0.004)),
                                0.8, 1.0))  # fmt: skip
        planned = machines * 3600.0 * (8 if _weekday(number) < 5 else 5)
        produced = float(round(planned * availability * effectiveness / plant.uniform(15, 90)))
        good = float(round(produced * quality))
        return {
            "seq": number,
            "uscc": code,
            "asset_group": "plant",
            "day": _EPOCH + timedelta(days=number),
            "oee": round(availability * effectiveness * quality, 4),
            "availability": round(availability, 4),
            "effectiveness": round(effectiveness, 4),
            "quality": round(quality, 4),
            "planned_busy_s": planned,
            "production_s": round(planned * availability, 1),
            "produced": produced,
            "good": good,
            "energy_kwh": round(planned / 3600 * plant.uniform(2, 12) * availability, 1),
            "machines": machines,
            "coverage": round(float(np.clip(1 - abs(day.normal(0, 0.03)), 0.5, 1.0)), 3),
            "received_at": datetime.combine(_EPOCH + timedelta(days=number + 1), time(1, 30), UTC),
            "signature_key": None,
            "provenance": "synthetic",
        }


def _weekday(number: int) -> int:
    return (_EPOCH + timedelta(days=number)).weekday()


def tell_days(lake: Lake, viewer: Viewer, *, today: date) -> int | None:
    """Bring the sample's days into the lake up to yesterday; return how many rows were new.

    Nothing is done, and ``None`` returned, where a shipper is at work: the next demo brings them.

    Parameters
    ----------
    lake
        With the sample region in it.
    viewer
        Who reads the register.
    today
        The day on which it is done.
    """
    outbox = SamplePlantDays(telling(lake, viewer), today - timedelta(days=1))
    try:
        with shipping(lake):
            return ship(lake, outbox).rows
    except HomeBusy:
        return None
