"""The factory's home, filled: sheets into the lake, samples into the spool; again, and it goes on.

Nothing marks how far it has come but the data themselves: the first day is
that of the oldest sheet, and samples go on behind the newest. So a demo that
was broken off, or is run again a week later, has neither a hole nor anything
twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ballast.lake.lake import Lake
from ballast.plant.spool.spool import Spool
from ballast.sample.factory.days import DAY_MS
from ballast.sample.factory.history import HISTORY_DAYS, write_history
from ballast.sample.factory.records import RECIPE, load_records
from ballast.sample.factory.telling import Shop
from ballast.terms.viewer import Viewer

__all__ = ["SEED", "SHEET_DAYS", "Built", "build", "first_day_of"]

SEED = 20260101
#: How far the sheets go back when the factory is made.
SHEET_DAYS = 30

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What stands.

    Parameters
    ----------
    first_day
        Of the shop, days since 1970.
    samples
        How many were put into the spool just now.
    """

    first_day: int
    samples: int


def _tell(progress: Progress, template: str, done: float) -> None:
    """Tell what is being done, by the English under which the catalogue holds it."""
    progress(template, done)


def first_day_of(lake: Lake, viewer: Viewer) -> int | None:
    """Return the first day of the shop in a home, days since 1970; none where it has no sheets.

    Parameters
    ----------
    lake
        Of the factory's home.
    viewer
        Who may read it.
    """
    if RECIPE not in lake.ledger.live()["recipe"].to_list():
        return None
    rows = lake.read("production", viewer)
    (found,) = lake.engine.collect(rows.aggregate(first=rows.start.min())).to_pylist()
    return None if found["first"] is None else int(found["first"].timestamp() * 1000) // DAY_MS


def build(
    lake: Lake, viewer: Viewer, spool: Path, progress: Progress, *, now: int, seed: int = SEED
) -> Built:
    """Fill a factory's home, or bring it up to now; the samples are left for the shipper.

    Parameters
    ----------
    lake
        Of the factory's home.
    viewer
        Who loads and reads.
    spool
        Where its collector writes.
    progress
        Told what is being done and how much of it, 0 to 1.
    now
        Until when, epoch ms.
    seed
        The same seed and first day give the same factory.

    Raises
    ------
    HomeBusy
        If its collector runs.
    StorageFailed
        If the disk says no.
    """
    _tell(progress, "drawing the sample factory's days", 0.0)
    known = first_day_of(lake, viewer)
    first_day = now // DAY_MS - SHEET_DAYS if known is None else known
    courses = Shop(seed, first_day).courses(now)
    load_records(lake, viewer, courses, now)
    _tell(progress, "putting the sample factory's sensors into its spool", 0.4)
    with Spool.open(spool, clock=lambda: now) as log:
        oldest = max(now - HISTORY_DAYS * DAY_MS, first_day * DAY_MS)
        since = max(oldest, _newest(lake, viewer, log, oldest))
        samples = write_history(log, courses, since, now) if since < now else 0
    _tell(progress, "the sample factory is ready", 1.0)
    return Built(first_day, samples)


def _newest(lake: Lake, viewer: Viewer, log: Spool, since: int) -> int:
    """Return the time of the newest sample in lake and spool, epoch ms; 0 for none."""
    in_spool = max((int(some.time.max()) for some in log.recent(since) if len(some)), default=0)
    rows = lake.read("telemetry", viewer)
    (found,) = lake.engine.collect(rows.aggregate(last=rows.time.max())).to_pylist()
    in_lake = 0 if found["last"] is None else int(found["last"].timestamp() * 1000)
    return max(in_spool, in_lake)
