"""The state's file: opened, brought to the newest version, read and written.

SQLAlchemy Core, not its ORM: rows are frozen values here, and nothing is
written that no function asked for. Reads and writes are two verbs, because a
SQLite transaction that begins by reading and then writes can fail at once
where another writer was faster; ``write`` takes the lock first and waits.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool

from ballast.errors import BallastError, HomeBusy, NoHome, StorageFailed
from ballast.state.holder import lives
from ballast.state.migrations import migrate
from ballast.state.schema import JOBS
from ballast.words import Sentence, pack

Clock = Callable[[], datetime]
FILE = "state.sqlite"
BUSY_SECONDS = 15.0
# More threads than connections wait for one, as long as for the lock.
_CONNECTIONS = 8


class State:
    """The state of one home.

    It may be used by several threads; each process opens its own.

    Parameters
    ----------
    path
        The file, ``<home>/state.sqlite``, made where there is none; or the home itself.
    clock
        Gives the moment, with its zone.
    busy_seconds
        How long a write waits for another process.

    Raises
    ------
    NoHome
        If the directory of the file does not exist.
    HomeVersion
        If a newer version of Ballast wrote the file.
    StorageFailed
        If the file cannot be opened or is damaged.
    """

    def __init__(self, path: Path, clock: Clock, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path / FILE if path.is_dir() else path
        self.clock = clock
        self._busy_seconds = busy_seconds
        if not self.path.parent.is_dir():
            raise NoHome(
                "{path}: there is no home here; make one with `ballast load` or `ballast demo`, "
                "or name another with --home",
                path=self.path.parent,
            )
        with _storage_errors(self.path):
            # Nobody but the owner reads hashes; SQLite gives its other files the same mode.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            connection = self._connect()
            try:
                migrate(connection, self.path)
            finally:
                connection.close()
        self._engine = create_engine(
            "sqlite://",
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_timeout=self._busy_seconds,
            hide_parameters=True,  # what was bound may be a hash
        )
        event.listen(self._engine, "begin", _begin)
        self._fail_stopped_jobs()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=self._busy_seconds,
            isolation_level=None,  # transactions are begun by us alone
            check_same_thread=False,
        )
        for pragma in (
            "journal_mode = WAL",
            # A sign-out, a revoked key or an audit row may not come undone by a power cut.
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",  # what is forgotten leaves the file
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read in one transaction: everything in it is of one moment."""
        with _storage_errors(self.path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write in one transaction, which takes the lock first; all of it stands, or nothing.

        Raises
        ------
        HomeBusy
            If another process held the lock too long.
        StorageFailed
            If the disk said no; nothing was written.
        """
        with _storage_errors(self.path), self._engine.connect() as connection:
            writing = connection.execution_options(ballast_writes=True)
            with writing.begin():
                yield writing

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()

    def __enter__(self) -> State:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def snapshot(self, target: Path) -> None:
        """Write a whole copy of the file while others go on writing; a plain copy could be torn.

        Parameters
        ----------
        target
            A file that does not exist yet.
        """
        with _storage_errors(target):
            os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            connection = self._connect()
            try:
                connection.execute("VACUUM INTO ?", (str(target),))
            finally:
                connection.close()

    def _fail_stopped_jobs(self) -> None:
        """Mark as failed what was running in a process that is no more."""
        running = select(JOBS.c.id, JOBS.c.holder).where(JOBS.c.status == "running")
        with self.read() as connection:
            stopped = [job.id for job in connection.execute(running) if not lives(job.holder)]
        if not stopped:
            return
        now = self.clock()
        message = pack([Sentence("stopped with the program; start it again")])
        with self.write() as connection:
            connection.execute(
                update(JOBS)
                .where(JOBS.c.id.in_(stopped), JOBS.c.status == "running")
                .values(status="failed", message=message, updated_at=now, ended_at=now)
            )


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("ballast_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of a file into one clear line."""
    try:
        yield
    except DBAPIError as error:
        said = _said(path, error.orig)
        if said is None:
            raise
        raise said from error
    except sqlite3.Error as error:
        said = _said(path, error)
        if said is None:
            raise
        raise said from error
    except NoConnection as error:
        raise HomeBusy("{path}: another process is writing; try again", path=path) from error
    except OSError as error:
        raise StorageFailed(
            "{path}: cannot be opened ({reason}); check the path and its permissions",
            path=path,
            reason=error.strerror,
        ) from error


def _said(path: Path, error: BaseException | None) -> BallastError | None:
    """Return our error for one of SQLite's, or nothing where the fault is ours."""
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return HomeBusy("{path}: another process is writing; try again", path=path)
        case sqlite3.SQLITE_FULL:
            return StorageFailed(
                "{path}: the disk is full; nothing was written. Free some space and try again",
                path=path,
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StorageFailed(
                "{path}: is damaged or no state of Ballast; restore the home from a backup",
                path=path,
            )
        case (
            sqlite3.SQLITE_CANTOPEN
            | sqlite3.SQLITE_READONLY
            | sqlite3.SQLITE_IOERR
            | sqlite3.SQLITE_PERM
        ):
            return StorageFailed(
                "{path}: cannot be written ({reason}); nothing was committed",
                path=path,
                reason=error,
            )
        case _:
            return None
