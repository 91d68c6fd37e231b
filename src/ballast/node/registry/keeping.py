"""Copies of a registry: hot backup, the way back, and Parquet for anyone else's tools.

Apart from the store, because these read a whole registry once and are in no one's way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.store import Snapshot


def backup(store: LmdbStore, target: Path) -> int:
    """Copy a registry into one file while it is read and written; return the file's bytes.

    Parameters
    ----------
    store
        What to copy, opened in whatever way.
    target
        The file to write; it appears whole or not at all.
    """
    raise NotImplementedError


def restore(source: Path, path: Path) -> None:
    """Make a registry's directory from a file that ``backup`` wrote, after checking it."""
    raise NotImplementedError


def export_parquet(snapshot: Snapshot, path: Path, prefix: bytes | None = None) -> int:
    """Write the records of a prefix, or all, as Parquet; return how many."""
    raise NotImplementedError


def import_parquet(path: Path, block: int = 10_000) -> Iterator[list[tuple[bytes, bytes]]]:
    """Yield blocks of (handle as spelled, packed record) from an export."""
    raise NotImplementedError
