"""What people enter at a machine, judged and written: stops, orders, pieces; and taken back.

Each entry is a load of one row, so the ledger knows who entered what and when,
and taking back is withdrawing that load. Ending a stop or an order is a second
load of the same key: the newest row of a key holds, and taking back the end
opens it again. Pieces are rows of a moment beside the order's row, never a
number that is read, raised and written: two phones would lose each other's.

An account of an enterprise may load nothing in general. Here, and for its own
site alone, its entry is carried out for it: the narrow right is given to the
one commit, and not to the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any

import ibis
import polars as pl
import pyarrow as pa

from ballast.errors import NotFound, NotPermitted, Refused
from ballast.lake.lake import Lake
from ballast.lake.ledger import same_file
from ballast.lake.tables import table
from ballast.plant.measures.time_model import MachineState
from ballast.plant.site import Site
from ballast.portal.factory_entry_records import (
    Entered,
    Name,
    going_on,
    machines,
    read_entries,
    row_of,
)
from ballast.portal.factory_rights import sees_machines
from ballast.terms.viewer import Right, Viewer

__all__ = ["RECIPE", "EntryDesk"]

RECIPE = "factory-entry"
"""Under which the ledger knows what people entered; only such loads are taken back here."""
LONGEST = timedelta(days=31)
"""A stop or an order that is longer is a mistake of the date."""
AHEAD = timedelta(minutes=5)
"""The clock of a phone may be ahead of ours by this much."""
MOST_PIECES = 10_000_000
_TEXT = 200

# Entries of one process take turns between looking and writing; the home's lock is the commit's.
_TURN = Lock()


class EntryDesk:
    """The entries of one site, for one who may make them; its methods block.

    Parameters
    ----------
    lake
        Of the home, of this thread.
    viewer
        Who enters.
    site
        The mapping.
    now
        The present moment.
    once
        Names this one submission: sent twice (a double tap, a lost answer) it is entered once.

    Raises
    ------
    NotPermitted
        If the machines are not the viewer's own.
    """

    def __init__(
        self, lake: Lake, viewer: Viewer, site: Site, now: datetime, once: str = ""
    ) -> None:
        if not sees_machines(viewer, site):
            raise NotPermitted(
                "only the people of the enterprise that runs these machines enter for them"
            )
        self._lake, self._viewer, self._site = lake, viewer, site
        self.now = now.astimezone(UTC)
        named = f"{RECIPE}\0{viewer.name}\0{once[:_TEXT]}"
        self._hash = sha256(named.encode()).hexdigest() if once else None

    def entries(self, since: datetime, asset: str | None = None) -> tuple[Entered, ...]:
        """Return what was entered and stands, newest first: what goes on, or ended since then."""
        return read_entries(self._lake, self._viewer, since, self.now - LONGEST, asset)

    def stop(
        self,
        asset: str,
        *,
        state: MachineState,
        reason: str,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> str:
        """Enter that a machine stands, or stood.

        Parameters
        ----------
        asset
            Which machine.
        state
            In which state; a machine that produces does not stand.
        reason
            Why.
        start, end
            From when, until when; ``None``: from now, and still.

        Returns
        -------
        str
            The load.

        Raises
        ------
        NotFound, Refused
            If there is no such machine, the times cannot be, or another stop overlaps.
        """
        self._known(asset)
        if state is MachineState.PRODUCING:
            raise Refused("a machine that produces does not stand; choose another state")
        why = _line(reason)
        if not why:
            raise Refused("say why the machine stands; a stop without a reason helps nobody")
        begin, end = self._moment(start), None if end is None else _utc(end)
        self._possible(begin, end)
        with _TURN:
            if (before := self._before()) is not None:
                return before
            self._free("downtime", asset, begin, end)
            return self._write(
                "downtime",
                {"asset": asset, "start": begin, "end": end, "state": state.name.lower(),
                 "reason": why},
            )  # fmt: skip

    def order(
        self,
        asset: str,
        *,
        order: str,
        product: str = "",
        batch_handle: str = "",
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> str:
        """Enter that a machine works on an order; pieces are entered beside it.

        Raises
        ------
        NotFound, Refused
            If there is no such machine, the times cannot be, or another order overlaps.
        """
        self._known(asset)
        number = _line(order)
        if not number:
            raise Refused("write the number of the order")
        begin, end = self._moment(start), None if end is None else _utc(end)
        self._possible(begin, end)
        with _TURN:
            if (before := self._before()) is not None:
                return before
            self._free("production", asset, begin, end)
            return self._write(
                "production",
                {"asset": asset, "start": begin, "end": end, "order": number,
                 "product": _line(product) or None, "batch_handle": _line(batch_handle) or None,
                 "produced": 0.0, "good": 0.0},
            )  # fmt: skip

    def ended(self, name: Name, asset: str, end: datetime | None = None) -> str:
        """Enter that the stop, or the order, that goes on at a machine has ended.

        Raises
        ------
        NotFound, Refused
            If nothing goes on, or the time cannot be.
        """
        self._known(asset)
        moment = self._moment(end)
        with _TURN:
            if (before := self._before()) is not None:
                return before
            found = going_on(self.entries(self.now, asset), asset)
            open_one = found.stop if name == "downtime" else found.order
            if open_one is None:
                raise NotFound(
                    "nothing that could end goes on at {asset}; it may have been ended already",
                    asset=asset,
                )
            self._possible(open_one.start, moment)
            self._free(name, asset, open_one.start, moment, itself=open_one)
            return self._write(name, row_of(open_one) | {"end": moment})

    def pieces(
        self,
        asset: str,
        *,
        good: int = 0,
        scrap: int = 0,
        rework: int = 0,
        reason: str = "",
        at: datetime | None = None,
    ) -> str:
        """Enter pieces that were made since the last were entered.

        Parameters
        ----------
        asset
            Which machine.
        good, scrap, rework
            How many.
        reason
            Of scrap and rework.
        at
            When; ``None``: now. They belong to the order that goes on then.

        Raises
        ------
        NotFound, Refused
            If there is no such machine, no piece, or scrap without a reason.
        """
        self._known(asset)
        counts = (good, scrap, rework)
        if not any(counts) or any(not 0 <= count <= MOST_PIECES for count in counts):
            raise Refused(
                "write how many pieces: whole numbers from 0 to {most}, one of them above 0",
                most=MOST_PIECES,
            )
        why = _line(reason)
        if (scrap or rework) and not why:
            raise Refused("say why pieces are scrap or to be worked again")
        moment = self._moment(at, fine=True)
        self._possible(moment, None)
        with _TURN:
            if (before := self._before()) is not None:
                return before
            near = self.entries(moment, asset)
            taken = {one.start for one in near if one.table == "production"}
            while moment in taken:
                moment += timedelta(milliseconds=1)
            running = [
                one
                for one in near
                if one.table == "production" and not one.of_moment and one.start <= moment
                and (one.end is None or moment < one.end)
            ]  # fmt: skip
            of = running[0] if running else None
            return self._write(
                "production",
                {"asset": asset, "start": moment, "end": moment,
                 "order": of.order or None if of else None,
                 "product": of.product or None if of else None,
                 "batch_handle": of.batch_handle or None if of else None,
                 "produced": float(sum(counts)), "good": float(good), "scrap": float(scrap),
                 "rework": float(rework), "reason": why or None},
            )  # fmt: skip

    def take_back(self, load_id: str) -> None:
        """Take an entry back.

        Raises
        ------
        NotFound
            If it is no entry of one's own that stands: it was taken back already, or a later one
            stands on it.
        """
        with _TURN:
            ledger = self._lake.ledger.live()
            mine = ledger.filter((pl.col("load_id") == load_id) & (pl.col("recipe") == RECIPE))
            standing = mine.height and any(
                self._lake.read(name, self._viewer).filter(ibis._.load_id == load_id).count()
                .to_pyarrow().as_py()
                for name in mine["tables"][0].split(",")
            )  # fmt: skip
            if not standing:
                raise NotFound(
                    "there is no such entry, or it was taken back already, or a later one ended "
                    "it; take that one back first"
                )
            self._lake.withdraw(load_id, self._carried_out(), "taken back where it was entered")

    def _known(self, asset: str) -> None:
        if all(one.asset != asset for one in machines(self._site)):
            raise NotFound("there is no machine {asset} in the mapping", asset=asset[:_TEXT])

    def _moment(self, given: datetime | None, *, fine: bool = False) -> datetime:
        """Return a moment in UTC; now, to the second or the millisecond, where none is given."""
        if given is not None:
            return _utc(given)
        step = 1_000 if fine else 1_000_000
        return self.now.replace(microsecond=self.now.microsecond // step * step)

    def _possible(self, start: datetime, end: datetime | None) -> None:
        zone = self._site.zone
        for moment in (start, end):
            if moment is not None and moment > self.now + AHEAD:
                raise Refused(
                    "{moment} is in the future; now it is {now}",
                    moment=_shown(moment, zone),
                    now=_shown(self.now, zone),
                )
        if start < self.now - LONGEST:
            raise Refused(
                "{moment} is more than {days} days ago; older records are loaded from a sheet",
                moment=_shown(start, zone),
                days=LONGEST.days,
            )
        if end is not None and end <= start:
            raise Refused(
                "it ends at {end} and starts at {start}; it must end later",
                start=_shown(start, zone),
                end=_shown(end, zone),
            )

    def _free(
        self,
        name: Name,
        asset: str,
        start: datetime,
        end: datetime | None,
        itself: Entered | None = None,
    ) -> None:
        """Refuse a stretch in which another of its kind lies."""
        zone = self._site.zone
        for other in self.entries(start, asset):
            if other.table != name or other.of_moment or (
                itself is not None and other.start == itself.start
            ):  # fmt: skip
                continue
            if (end is None or other.start < end) and (other.end is None or other.end > start):
                raise Refused(
                    "{asset}: “{what}” from {start} to {end} overlaps; end it first, or mend the "
                    "times",
                    asset=self._site.assets[asset].name,
                    what=other.reason if name == "downtime" else other.order,
                    start=_shown(other.start, zone),
                    end="…" if other.end is None else _shown(other.end, zone),
                )

    def _write(self, name: Name, row: Mapping[str, object]) -> str:
        whole = {"uscc": self._site.uscc, "entered_by": "person", **row}
        frame = pl.from_arrow(pa.Table.from_pylist([whole], schema=table(name).arrow_schema))
        assert isinstance(frame, pl.DataFrame)  # noqa: S101  a table is never a series
        return self._lake.commit(
            {name: frame},
            self._carried_out(),
            file_hash=self._hash,
            recipe=RECIPE,
            provenance=self._site.provenance,
        )

    def _before(self) -> str | None:
        """Return the load of this very submission, if it was carried out already."""
        return None if self._hash is None else same_file(self._lake.ledger.rows(), self._hash)

    def _carried_out(self) -> Viewer:
        """Return the viewer with the right to this one commit; the ledger keeps the name."""
        return replace(self._viewer, rights=self._viewer.rights | {Right.LOAD})


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the year 1, or 9999, in another zone
        raise Refused("{moment} is no time of a shop", moment=moment.isoformat()) from None


def _line(text: str) -> str:
    """Return a text on one line; refused where it is too long or hides something."""
    found = " ".join(text.split())
    if len(found) > _TEXT or not found.isprintable():
        raise Refused("a text is on one line, of at most {most} characters", most=_TEXT)
    return found


def _shown(moment: datetime, zone: Any) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
