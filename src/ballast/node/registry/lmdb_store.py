"""The registry on LMDB: a file that every process maps, one writer, readers that never wait.

Why LMDB and not SQLite or a table of the lake: a look-up is one walk down a tree in shared
memory (about a microsecond), readers in other processes take no lock, and a commit is one
``fsync`` however many records it holds.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

import lmdb
from lmdb.verify import VerifyError, verify

from ballast.errors import HomeBusy, HomeVersion, NotFound
from ballast.node.registry.lmdb_faults import damaged, lmdb_errors, storage_failed
from ballast.node.registry.lmdb_reading import LmdbReader, LmdbSnapshot, Tables
from ballast.node.registry.lmdb_writing import LmdbTransaction
from ballast.node.registry.store import FORMAT

FILE = "records.mdb"
"""The file of the registry in its directory; LMDB's lock file and ours begin with its name, so
that a backup leaves them out."""
MAP_BYTES = 64 << 30
MAX_READERS = 512
_WRITER = f"{FILE}-writer"
_POLL_SECONDS = 0.05
# Not less than LMDB's own sizes; it takes the number of readers from the length of the file.
_LOCK_HEAD_BYTES, _LOCK_SLOT_BYTES = 256, 64
_FORMAT, _NODE_ID, _MADE_AT = b"format", b"node_id", b"made_at"


class LmdbStore:
    """A registry in one directory (``<home>/node/registry``); see ``store.Store``.

    Make one with ``LmdbStore.open``.
    """

    def __init__(
        self, path: Path, env: lmdb.Environment, tables: Tables, lock: BufferedRandom | None
    ) -> None:
        self._path = path
        self._file = path / FILE
        self._env = env
        self._tables = tables
        self._lock = lock
        self._has_failed = False
        with self.snapshot() as moment:
            self._node_id = (moment.meta(_NODE_ID.decode()) or b"").decode()

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        readonly: bool = False,
        map_bytes: int = MAP_BYTES,
        max_readers: int = MAX_READERS,
        wait_seconds: float = 0.0,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = os.urandom,
    ) -> LmdbStore:
        """Open a registry; one opened for writing holds the writer's lock until it is closed.

        Within one process open it once and share it: LMDB does not bear a file opened twice.

        Parameters
        ----------
        path
            Its directory; made when it is opened for writing and is not there.
        readonly
            Never write; for the workers. Any number of processes may.
        map_bytes
            How far the file may grow; it takes no space before it is used.
        max_readers
            How many snapshots may live at one time, over all processes.
        wait_seconds
            How long to wait for another writer to end.
        clock
            Epoch seconds.
        random
            Bytes for the node's identity when the registry is made.

        Raises
        ------
        HomeBusy
            If another process writes it.
        HomeVersion
            If a newer version wrote it.
        NotFound
            If it is opened for reading and is not there.
        StorageFailed
            If it is damaged, or cannot be read or written.
        """
        file = path / FILE
        if readonly and not file.is_file():
            raise _missing(path)
        with lmdb_errors(file):
            lock = None if readonly else _writer_lock(path, wait_seconds)
            try:
                env = _opened(file, readonly=readonly, map_bytes=map_bytes, readers=max_readers)
                try:
                    if not readonly and _found(env, clock, random):
                        sync_directory(path)
                    tables = _tables(env, path)
                    env.reader_check()
                    return cls(path, env, tables, lock)
                except BaseException:
                    env.close()
                    raise
            except BaseException:
                if lock is not None:
                    lock.close()
                raise

    @property
    def path(self) -> Path:
        """Its directory."""
        return self._path

    @property
    def file(self) -> Path:
        """The file with its records."""
        return self._file

    @property
    def node_id(self) -> str:
        """Who this node is: 32 hexadecimal digits, drawn when the registry was made."""
        return self._node_id

    @property
    def has_failed(self) -> bool:
        """Whether the disk failed half-way through a commit.

        LMDB then serves this process no more; others go on reading. Whoever writes had
        better end, and be started again.
        """
        return self._has_failed

    @property
    def env(self) -> lmdb.Environment:
        """LMDB's own handle, for copies of the whole file."""
        return self._env

    @contextmanager
    def snapshot(self) -> Iterator[LmdbSnapshot]:
        """Return the present moment; when the block ends, reading from it raises."""
        try:
            txn = self._begin()
            try:
                yield LmdbSnapshot(self._tables, txn)
            finally:
                txn.abort()
        except lmdb.Error as error:  # what else the block raises is none of ours
            raise storage_failed(self._file, error) from error

    def reader(self) -> LmdbReader:
        """Return a reader for a loop."""
        return LmdbReader(self._tables, self._begin_for_reader)

    @contextmanager
    def write(self) -> Iterator[LmdbTransaction]:
        """Return a transaction; on the disk when its block ends, undone when that raises.

        Begin and end it in one thread.

        Raises
        ------
        StorageFailed
            If the disk or the map is full; nothing was committed, and reading goes on.
        """
        try:
            txn = self._env.begin(db=self._tables.records, write=True)
            try:
                transaction = LmdbTransaction(self._tables, txn)
                yield transaction
                transaction.settle()
            except BaseException:
                txn.abort()
                raise
            txn.commit()
        except lmdb.Error as error:
            self._has_failed |= isinstance(error, lmdb.PanicError)
            raise storage_failed(self._file, error) from error

    def check_readers(self) -> int:
        """Free the slots of readers that were killed; return how many.

        A slot left behind keeps every page that was freed since from being used again.
        """
        with lmdb_errors(self._file):
            return self._env.reader_check()

    def close(self) -> None:
        """Let go of the files and of the writer's lock."""
        self._env.close()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> LmdbStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin_for_reader(self) -> lmdb.Transaction[bytes]:
        try:
            return self._begin()
        except lmdb.Error as error:
            raise storage_failed(self._file, error) from error

    def _begin(self) -> lmdb.Transaction[bytes]:
        try:
            return self._env.begin(db=self._tables.records)
        except lmdb.MapResizedError:
            # The writer was opened with a larger map, and has grown beyond ours.
            self._env.set_mapsize(0)
        except lmdb.ReadersFullError:
            self._env.reader_check()
        return self._env.begin(db=self._tables.records)


def sync_directory(path: Path) -> None:
    """Force the names in a directory to the disk; LMDB does so with what is in its file only."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _missing(path: Path) -> NotFound:
    return NotFound(
        "{path}: there is no registry here; make one with `ballast node init`", path=path
    )


def _writer_lock(path: Path, wait_seconds: float) -> BufferedRandom:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path / _WRITER, os.O_RDWR | os.O_CREAT, 0o600)
    held = os.fdopen(handle, "r+b")
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                held.close()
                raise HomeBusy(
                    "{path}: another program writes this registry; let it do the writing, "
                    "or end it",
                    path=path,
                ) from None
            time.sleep(_POLL_SECONDS)
        else:
            return held


def _opened(file: Path, *, readonly: bool, map_bytes: int, readers: int) -> lmdb.Environment:
    if not readonly:
        _make_lock_file(file, readers)
    env = lmdb.open(
        str(file),
        subdir=False,
        map_size=map_bytes,
        readonly=readonly,
        mode=0o600,  # it holds the secret keys of administrators
        readahead=_fits_in_memory(file),
        max_readers=readers,
        max_dbs=len(Tables.__slots__),
        max_spare_txns=1,
        lib_version=0,  # the file format of LMDB 0.9, which other tools read
    )
    try:
        _check_length(file, env)
    except BaseException:
        env.close()
        raise
    return env


def _fits_in_memory(file: Path) -> bool:
    """Return whether the kernel may fetch and map pages around the one that is looked up.

    Where all fit, the first look-up of each page is then ten times as fast (3 against 22
    microseconds of the processor, with 10 million records); where they do not, each would
    drive out others that are wanted.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return not file.exists() or file.stat().st_size < memory / 2


def _make_lock_file(file: Path, readers: int) -> None:
    """Make LMDB's lock file with all its space taken.

    LMDB would make it with a hole in it, and a reader that comes when the disk is full
    would be ended by the kernel as it writes itself into the hole.
    """
    try:
        handle = os.open(file.with_name(f"{FILE}-lock"), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    try:
        os.posix_fallocate(handle, 0, _LOCK_HEAD_BYTES + _LOCK_SLOT_BYTES * readers)
    finally:
        os.close(handle)


def _check_length(file: Path, env: lmdb.Environment) -> None:
    """Refuse a file that was cut off: reading behind its end would end the process.

    A file may rightly be short of pages that were freed in the commit that first
    took them; which those are, LMDB's own verifier finds out, slowly, so only then.
    """
    pages = env.info()["last_pgno"] + 1
    if file.stat().st_size >= pages * env.stat()["psize"]:
        return
    try:
        problems = verify(str(file), subdir=False)  # type: ignore[no-untyped-call]
    except VerifyError as error:
        raise damaged(file, str(error)) from error
    if problems:
        raise damaged(file, problems[0])


def _found(
    env: lmdb.Environment, clock: Callable[[], float], random: Callable[[int], bytes]
) -> bool:
    """Make the trees of a new registry, and give the node its identity, in one commit.

    Return whether it was new.
    """
    with env.begin() as txn:
        if txn.stat()["entries"]:
            return False
    with env.begin(write=True) as txn:
        for name in Tables.__slots__:
            env.open_db(name.encode(), txn=txn)
        meta = env.open_db(b"meta", txn=txn)
        txn.put(_FORMAT, str(FORMAT).encode(), db=meta)
        txn.put(_NODE_ID, random(16).hex().encode(), db=meta)
        txn.put(_MADE_AT, str(int(clock())).encode(), db=meta)
    return True


def _tables(env: lmdb.Environment, path: Path) -> Tables:
    """Open the trees, if they are of a format that this version reads."""
    file = path / FILE
    with env.begin() as txn:
        if not txn.stat()["entries"]:
            raise _missing(path)
    try:
        # Each in a transaction of its own: a tree opened in one that is only read, and kept for
        # the next reader, would not be known outside it.
        meta = env.open_db(b"meta", create=False)
        with env.begin() as txn:
            written = txn.get(_FORMAT, b"", db=meta).decode(errors="replace")
        if written.isdecimal() and int(written) > FORMAT:
            raise HomeVersion(
                "{path}: this registry has format {found}, this version reads format {known}; "
                "use the version of Ballast that wrote it",
                path=path,
                found=written,
                known=FORMAT,
            )
        if written != str(FORMAT):
            raise damaged(file, f"format {written!r}")
        return Tables(*[env.open_db(name.encode(), create=False) for name in Tables.__slots__])
    except lmdb.NotFoundError as error:
        raise damaged(file, str(error)) from error
