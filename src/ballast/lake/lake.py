"""The lake: commit, withdraw, and read what stands, as a viewer may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from ballast.errors import NotPermitted, WrongUsage
from ballast.lake import engine as engines
from ballast.lake import sorted_store, store, streamed
from ballast.lake.declare import PROVENANCE, Sensitivity, Stage, Table
from ballast.lake.home import Home, create_home, open_home
from ballast.lake.ledger import (
    Clock,
    Ledger,
    LoadRow,
    Provenance,
    next_id,
    next_moment,
    same_file,
)
from ballast.lake.newest import newest
from ballast.lake.tables import LOAD, TABLES, table
from ballast.terms.viewer import Right, Viewer


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Lake:
    """The tables of one home on one engine.

    Parameters
    ----------
    home
        The opened home.
    engine
        Where set-shaped work runs.
    clock
        Tells the time of commits.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> lake = Lake.create(Path(tempfile.mkdtemp()) / "home")
    >>> lake.live_loads()
    []
    """

    def __init__(
        self, home: Home, engine: engines.Engine | None = None, clock: Clock = _utc_now
    ) -> None:
        self.home = home
        self.engine = engine or engines.DuckEngine()
        self.clock = clock
        self.ledger = Ledger(home.lake / LOAD.name)

    @classmethod
    def create(cls, path: Path, engine: str = "duckdb", clock: Clock = _utc_now) -> Lake:
        """Make a home, or open the one that stands there, and return its lake."""
        return cls(create_home(path), engines.engine(engine), clock)

    @classmethod
    def open(cls, path: Path, engine: str = "duckdb", clock: Clock = _utc_now) -> Lake:
        """Open the lake of a home that exists."""
        return cls(open_home(path), engines.engine(engine), clock)

    def directory(self, name: str) -> Path:
        """Return where a table stands."""
        return self.home.lake / name

    def live_loads(self, as_of: datetime | None = None) -> list[str]:
        """Return the identifiers of the loads that stand at a moment, oldest first."""
        return self.ledger.live(as_of)["load_id"].to_list()

    def loads(self, viewer: Viewer, as_of: datetime | None = None) -> pl.DataFrame:
        """Return the ledger, oldest first.

        Raises
        ------
        NotPermitted
            If the viewer may read published figures only.
        """
        _require(viewer, Right.READ_AGGREGATES, LOAD)
        return self.ledger.rows(as_of)

    def commit(
        self,
        frames: Mapping[str, pl.DataFrame],
        viewer: Viewer,
        *,
        file: str | None = None,
        file_hash: str | None = None,
        recipe: str | None = None,
        refused: int = 0,
        provenance: Provenance = "real",
        note: str | None = None,
        step: store.Step = store.no_step,
    ) -> str:
        """Write valid rows to their tables as one load: all of them, or none.

        Parameters
        ----------
        frames
            Table name to rows, with the declared columns and types;
            ``source_sheet`` and ``source_row`` where the rows have them.
        viewer
            Who commits.
        file, file_hash, recipe, refused, provenance, note
            What the ledger keeps of it.
        step
            Called between the steps of the write.

        Returns
        -------
        str
            The identifier of the load.

        Raises
        ------
        NotPermitted
            If the viewer may not load.
        StorageFailed
            If the disk failed; the lake is then as it was.
        """
        if Right.LOAD not in viewer.rights:
            raise NotPermitted("{who} may not load data into this home", who=viewer.name)
        for name in frames:
            if table(name).stage is not Stage.LOADED:
                raise WrongUsage("{name} is not a table that is loaded", name=name)
        row = partial(
            LoadRow,
            recipe=recipe,
            file=file,
            file_hash=file_hash,
            who=viewer.name,
            refused=refused,
            provenance=provenance,
            note=note,
        )
        return self._write(frames, row, step)

    def derive(
        self,
        name: str,
        frame: pl.DataFrame,
        viewer: Viewer,
        *,
        vintage: str,
        recipe: str,
        provenance: Provenance = "real",
        note: str | None = None,
        step: store.Step = store.no_step,
    ) -> str:
        """Write rows of a derived table as one load: all of them, or none.

        Parameters
        ----------
        name
            The derived table.
        frame
            Its rows, with the declared columns and types.
        viewer, provenance, note, step
            As for `commit`.
        vintage
            What the ledger calls them, in the place of a file.
        recipe
            What made them.

        Returns
        -------
        str
            The identifier of the load, which can be withdrawn as any other.

        Raises
        ------
        NotPermitted, StorageFailed
            As `commit` does.
        """
        if Right.LOAD not in viewer.rights:
            raise NotPermitted("{who} may not load data into this home", who=viewer.name)
        if table(name).stage is not Stage.DERIVED:
            raise ValueError(f"{name}: is not derived")
        row = partial(
            LoadRow,
            recipe=recipe,
            file=vintage,
            file_hash=None,
            who=viewer.name,
            refused=0,
            provenance=provenance,
            note=note,
        )
        return self._write({name: frame}, row, step)

    def _write(
        self,
        frames: Mapping[str, pl.DataFrame],
        row: Callable[..., LoadRow],
        step: store.Step,
    ) -> str:
        """Append the rows, then the ledger's row that makes them count."""
        with self.home.lock():
            past = self.ledger.rows()
            load_id = next_id(past)
            made = row(
                load_id=load_id,
                at=next_moment(past, self.clock),
                tables=",".join(frames),
                accepted=sum(frame.height for frame in frames.values()),
            )
            if made.file_hash is not None and (standing := same_file(past, made.file_hash)):
                return standing
            for name, frame in frames.items():
                store.append(self.directory(name), _stored(table(name), frame, load_id), step)
            self.ledger.commit(made, step)
        return load_id

    def withdraw(self, load_id: str, viewer: Viewer, note: str | None = None) -> LoadRow:
        """Take a load back: from now on its rows do not count; ``as_of`` still reads them.

        Raises
        ------
        NotPermitted, NotFound, Refused
            If the viewer may not load, the load is not there, or was withdrawn already.
        """
        if Right.LOAD not in viewer.rights:
            raise NotPermitted("{who} may not withdraw loads of this home", who=viewer.name)
        with self.home.lock():
            return self.ledger.withdraw(load_id, viewer.name, self.clock, note)

    def read(
        self,
        name: str,
        viewer: Viewer,
        as_of: datetime | None = None,
        *,
        within: tuple[datetime, datetime] | None = None,
    ) -> ir.Table:
        """Return the current rows of a table, as far as the viewer may see them.

        Parameters
        ----------
        name
            The table.
        viewer
            Who asks. Without the right to units, only the rows of the
            viewer's own enterprises are there; with none, the read is refused.
        as_of
            The moment to read at; now where it is ``None``.
        within
            Of a table that is kept in order (telemetry): only rows of a time
            from the first moment on and before the second. Files without any
            are not opened, which a filter on the table alone cannot bring about.

        Returns
        -------
        ibis Table
            Declared columns, then those of ``declare.PROVENANCE`` where the table is loaded:
            of each key, the row of the newest load that stands. Of a streamed
            table, every row shipped that is of a time before ``as_of``.

        Raises
        ------
        NotFound, NotPermitted
            If there is no such table, or the viewer may read none of it.
        """
        declared = table(name)
        _require_read(viewer, declared)
        if declared is LOAD:
            return self.engine.memory(self.ledger.rows(as_of).to_arrow())
        rows = self._opened(declared, within)
        current = (
            streamed.current(rows, declared, as_of)
            if declared.stage is Stage.STREAMED
            else self._of_standing_loads(rows, declared, as_of)
        )
        # What a viewer may see is decided behind the choice of the newest row: a row that passed
        # to another enterprise is not one's own.
        if declared.subject is not None and not viewer.may(Right.READ_UNITS):
            current = current.filter(current[declared.subject].isin(sorted(viewer.enterprises)))
        return current

    def _opened(self, declared: Table, within: tuple[datetime, datetime] | None) -> ir.Table:
        directory = self.directory(declared.name)
        if within is None:
            return self.engine.open(store.readable(directory), declared.stored_schema)
        order = declared.order
        if order is None:
            raise ValueError(f"{declared.name}: is not kept in the order of a time")
        since, until = within
        files = sorted_store.within(directory, order, since, until)
        rows = self.engine.open(files, declared.stored_schema)
        moment = rows[order.moment]
        return rows.filter(moment >= ibis.literal(since), moment < ibis.literal(until))

    def _of_standing_loads(
        self, rows: ir.Table, declared: Table, as_of: datetime | None
    ) -> ir.Table:
        standing = self.ledger.live(as_of)
        mine = standing.filter(pl.col("tables").str.split(",").list.contains(declared.name))[
            "load_id"
        ]
        rows = rows.filter(rows.load_id.isin(mine.to_list()) if len(mine) else ibis.literal(False))
        # Keys do not repeat within one load, so one load needs no choosing; of a derived table the
        # vintage is part of the key, and one load writes it.
        if len(mine) <= 1 or declared.stage is Stage.DERIVED:
            return rows
        return newest(rows, declared.key, "load_id")

    def edition(self, name: str) -> str:
        """Return what changes whenever the rows of a table may have: for whoever keeps answers."""
        if streamed.is_shipped(table(name)):
            return str(store.version(self.directory(name)))
        return ",".join(self.live_loads())

    def short_loads(self) -> dict[str, tuple[int, int]]:
        """Return the standing loads whose rows are not all there: rows found and rows accepted.

        A load of which a whole commit was taken away leaves files that are all sound.
        """
        found: dict[str, int] = {}
        for declared in TABLES.values():
            if declared.stage is not Stage.STREAMED and (
                files := store.readable(self.directory(declared.name))
            ):
                counted = pl.scan_parquet(files).group_by("load_id").len().collect()
                for load_id, count in counted.iter_rows():
                    found[load_id] = found.get(load_id, 0) + count
        return {
            row["load_id"]: (found.get(row["load_id"], 0), row["accepted"])
            for row in self.ledger.live().iter_rows(named=True)
            if found.get(row["load_id"], 0) != row["accepted"]
        }

    def unfinished_rows(self) -> dict[str, list[str]]:
        """Return the loads that wrote rows and never committed, by table."""
        known = set(self.ledger.rows()["load_id"].to_list())
        left: dict[str, list[str]] = {}
        for declared in TABLES.values():
            if declared.stage is Stage.STREAMED:
                continue
            if found := store.readable(self.directory(declared.name)):
                ids = pl.scan_parquet(found).select("load_id").unique().collect()["load_id"]
                if orphans := sorted(set(ids.to_list()) - known):
                    left[declared.name] = orphans
        return left


def _stored(declared: Table, frame: pl.DataFrame, load_id: str) -> pa.Table:
    missing = [name for name in PROVENANCE[1:] if name not in frame.columns]
    whole = frame.with_columns(
        pl.lit(load_id).alias("load_id"),
        *(pl.lit(None).alias(name) for name in missing),
    )
    names = declared.stored_schema.names
    if absent := [name for name in names if name not in whole.columns]:
        raise ValueError(f"{declared.name}: the frame lacks {absent}")
    return whole.select(names).to_arrow().cast(declared.stored_schema)


def _require(viewer: Viewer, right: Right, declared: Table) -> None:
    if not viewer.may(right):
        raise NotPermitted(
            "{who} may not read {table}; ask the home's administrator for the right {right}",
            who=viewer.name,
            table=declared.name,
            right=right.value,
        )


def _require_read(viewer: Viewer, declared: Table) -> None:
    match declared.sensitivity:
        case Sensitivity.PUBLIC:
            return
        case Sensitivity.AGGREGATE:
            # Sums that nobody checked for disclosure: a small one is what one enterprise reported.
            right = Right.READ_AGGREGATES if declared is LOAD else Right.READ_UNITS
            _require(viewer, right, declared)
        case Sensitivity.UNIT:
            if declared.subject is None or not viewer.enterprises:
                _require(viewer, Right.READ_UNITS, declared)
