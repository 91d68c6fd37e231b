"""The key with which a factory signs what it tells: made once, for its owner alone.

Ed25519: short keys that people can read to each other, no parameters to get
wrong. A key is never written over; whoever loses it makes a new one, which the
other side has to be told.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from ballast.errors import Refused, StorageFailed

__all__ = ["plant_key"]

_FILE = Path("plant") / "keys" / "push-key.pem"
_OTHERS = 0o077


def plant_key(home: Path) -> Ed25519PrivateKey:
    """Return the key of a home's plant, made where there is none yet.

    Raises
    ------
    Refused
        If others may read it, or it is no such key.
    StorageFailed
        If it cannot be read or written.
    """
    path = home / _FILE
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & _OTHERS:
            raise Refused(
                "{path}: other users may read this key; take their rights away (chmod 600)",
                path=path,
            )
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise StorageFailed(
            "{path}: the key cannot be read or written ({reason})",
            path=path,
            reason=error.strerror or "?",
        ) from error
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused("{path}: this is no Ed25519 key in PEM", path=path)
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    new = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link, not a rename: whoever was faster made the key that holds.
        os.link(new, path)
    except FileExistsError:
        pass
    finally:
        new.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
