"""Backup and restore of a home: one file, checked on the way back.

The backup is a plain ``tar.gz`` whose first member lists every file with its
SHA-256, so that it can be unpacked by ordinary means, and a damaged one is
noticed before it replaces anything.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ballast.errors import Refused, UnreadableFile
from ballast.lake.home import (
    FORMAT,
    LOCK,
    SEALER_LOCK,
    SHIPPER_LOCK,
    Home,
    open_home,
    storage_errors,
    sync,
)

_MANIFEST = "manifest.json"
_LEFT_OUT = {LOCK, SHIPPER_LOCK, SEALER_LOCK}
# Uploads are looked at, loaded and removed; what the portal keeps it makes anew, its secret too.
_LEFT_OUT_FOLDERS = {"uploads", "portal"}


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds.

    Parameters
    ----------
    path
        The file, or the home restored.
    files, size_bytes
        How many files, and their bytes before compression.
    """

    path: Path
    files: int
    size_bytes: int


def back_up(
    home: Home, target: Path, snapshots: Callable[[], Mapping[str, Path]] = dict
) -> BackupReport:
    """Write a home into one file, while no load runs.

    Parameters
    ----------
    home
        What to save.
    target
        The file to write; it appears whole or not at all.
    snapshots
        Makes whole copies of files and folders that other programs write without the home's
        lock, by their name in the home; they themselves, and what stands beside them under a
        longer name, are left out. A folder of copies holds files only. It is called once the
        lock is held, so that what it copies is no older than the lake: what was shipped into
        the lake has been shipped in the copy too.

    Raises
    ------
    Refused
        If the target exists or lies inside the home.
    StorageFailed
        If it cannot be written.
    """
    if target.exists():
        raise Refused("{path}: exists already; name another file", path=target)
    if home.path.resolve() in target.resolve().parents:
        raise Refused("{path}: lies inside the home; save it somewhere else", path=target)
    new = target.with_name(f"{target.name}.new")
    with home.lock(), storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        members = list(_members(home.path, snapshots()))
        sums = {name: _sha256(path) for name, path in members}
        size = sum(path.stat().st_size for _, path in members)
        try:
            new.touch(mode=0o600)  # it holds the hashes of passwords
            with tarfile.open(new, "w:gz", compresslevel=3) as archive:
                manifest = json.dumps({"format": FORMAT, "sha256": sums}).encode()
                head = tarfile.TarInfo(_MANIFEST)
                head.size = len(manifest)
                archive.addfile(head, io.BytesIO(manifest))
                for name, path in members:
                    archive.add(path, arcname=name, recursive=False)
            sync(new)
            new.rename(target)
            sync(target.parent)
        finally:
            new.unlink(missing_ok=True)
    return BackupReport(target, len(members), size)


def restore(source: Path, path: Path) -> BackupReport:
    """Make a home from a backup.

    Parameters
    ----------
    source
        The file that ``back_up`` wrote.
    path
        Where the home shall be; nothing may be there.

    Raises
    ------
    Refused
        If something is there already.
    UnreadableFile
        If the backup is damaged or is none; nothing is left behind.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Refused("{path}: is not empty; restore into a new directory", path=path)
    new = path.with_name(f"{path.name}.restoring")
    with storage_errors(path):
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
    try:
        report = _unpack(source, new)
        open_home(new)
        with storage_errors(path):
            if path.is_dir():
                path.rmdir()
            new.rename(path)
            sync(path.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return BackupReport(path, report.files, report.size_bytes)


def _unpack(source: Path, new: Path) -> BackupReport:
    size = 0
    try:
        with tarfile.open(source, "r:gz") as archive:
            first = archive.next()
            inside = archive.extractfile(first) if first and first.name == _MANIFEST else None
            if inside is None:
                raise UnreadableFile("{path}: is no backup of a home", path=source)
            sums: dict[str, str] = json.loads(inside.read())["sha256"]
            left = dict(sums)
            while (member := archive.next()) is not None:
                wanted = left.pop(member.name, None)
                content = archive.extractfile(member) if member.isfile() else None
                if wanted is None or content is None or not _is_inside(member.name):
                    raise UnreadableFile(
                        "{path}: holds {name}, which its list does not; it was tampered with",
                        path=source,
                        name=member.name,
                    )
                target = new / member.name
                with storage_errors(target):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with target.open("wb") as file:
                        # As private as it was; a tampered backup cannot make it less so than usual.
                        os.fchmod(file.fileno(), member.mode & 0o644)
                        shutil.copyfileobj(content, file, 1 << 20)
                    sync(target)
                if _sha256(target) != wanted:
                    raise UnreadableFile(
                        "{path}: {name} is damaged; use another backup",
                        path=source,
                        name=member.name,
                    )
                size += member.size
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError) as error:
        raise UnreadableFile(
            "{path}: the backup cannot be read ({reason})", path=source, reason=error
        ) from error
    if left:
        raise UnreadableFile(
            "{path}: the backup lacks {count} files; use another one", path=source, count=len(left)
        )
    return BackupReport(new, len(sums), size)


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts


def _members(root: Path, snapshots: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.startswith(tuple(snapshots)) or name.split("/")[0] in _LEFT_OUT_FOLDERS:
            continue
        if path.is_file() and not path.is_symlink() and path.name not in _LEFT_OUT:
            yield name, path
    for name, copy in snapshots.items():
        if copy.is_dir():
            yield from ((f"{name}/{path.name}", path) for path in sorted(copy.iterdir()))
        else:
            yield name, copy


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
