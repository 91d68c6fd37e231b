"""The key files of a node: made for their owner alone, once, and read again to sign.

Apart from ``founding``, because these are the only files that the service
touches: everything else that a node knows is in its registry. Keys are never
written over; a node whose keys are lost is given new ones by its operator.
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ballast.errors import NotFound, Refused, StorageFailed
from ballast.node.service.authentication.answering import Signer, load_private_key
from ballast.node.wire.keys import public_key_value
from ballast.node.wire.value import Reference
from ballast.terms.handle import prefix_handle

__all__ = [
    "ADMIN_KEY",
    "ADMIN_SECRET",
    "AUDIT_KEY",
    "AUDIT_SEALS",
    "PUBLIC_KEY_INDEX",
    "SECRET_INDEX",
    "SERVER_KEY",
    "NewKeys",
    "new_keys",
    "node_signer",
    "write_keys",
]

ADMIN_KEY, ADMIN_SECRET = "admin-key.pem", "admin-secret"
SERVER_KEY, AUDIT_KEY, AUDIT_SEALS = "server-key.pem", "audit-key", "audit-seals"
_ADMIN_PUBLIC = "admin-key.pub.pem"

PUBLIC_KEY_INDEX, SECRET_INDEX = 300, 301
"""Of ``0.NA/<prefix>``: the values that hold the administrator's public key and secret."""

_KEY_BITS = 2048
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class NewKeys:
    """The keys of a new node; never shown.

    Parameters
    ----------
    public, secret
        The data of the administrator's HS_PUBKEY and HS_SECKEY values.
    server
        The data of an HS_PUBKEY value for the server itself, which its site names.
    files
        Name and content of each file to write.
    """

    public: bytes
    secret: bytes
    server: bytes
    files: dict[str, bytes]


def new_keys(random: Callable[[int], bytes]) -> NewKeys:
    """Return fresh keys. Takes about half a second, for the two of RSA.

    Parameters
    ----------
    random
        ``random(n)`` gives n unpredictable bytes; the RSA keys are drawn from OpenSSL's own
        source.
    """
    admin = rsa.generate_private_key(65537, _KEY_BITS)
    server = rsa.generate_private_key(65537, _KEY_BITS)
    secret = base64.urlsafe_b64encode(random(_SECRET_BYTES)).rstrip(b"=")
    return NewKeys(
        public_key_value(admin.public_key()).to_wire(),
        secret,
        public_key_value(server.public_key()).to_wire(),
        {
            ADMIN_KEY: _pem(admin),
            _ADMIN_PUBLIC: admin.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ),
            ADMIN_SECRET: secret + b"\n",
            SERVER_KEY: _pem(server),
            AUDIT_KEY: random(32).hex().encode() + b"\n",
            AUDIT_SEALS: b"",
        },
    )


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_keys(folder: Path, files: dict[str, bytes]) -> None:
    """Write key files for their owner alone, all of them or none; never over what is there.

    Parameters
    ----------
    folder
        ``<home>/node/keys``, which must not be there yet.
    files
        Name and content of each.

    Raises
    ------
    Refused
        If keys lie there already.
    StorageFailed
        If they cannot be written; nothing is left.
    """
    made = False
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        made = True
        for name, content in files.items():
            opened = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(opened, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        at = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(at)
        finally:
            os.close(at)
    except OSError as error:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        if not folder.is_dir():
            raise StorageFailed(
                "{path}: the keys cannot be written ({reason}); nothing was changed",
                path=folder,
                reason=error.strerror,
            ) from None
        raise Refused(
            "{path}: keys lie here already, and no node goes with them; move them away, or "
            "restore the node that they belong to",
            path=folder,
        ) from None


def node_signer(keys_dir: Path, prefix: str, *, secret: bool = False) -> Signer:
    """Return the node's own administrator, who can answer challenges.

    Parameters
    ----------
    keys_dir
        ``<home>/node/keys``.
    prefix
        The node's own prefix.
    secret
        Whether to answer with the secret key instead of the private one.

    Raises
    ------
    NotFound
        If the keys are not there or cannot be read.
    """
    own = prefix_handle(prefix)
    if not secret:
        return Signer(Reference(own, PUBLIC_KEY_INDEX), load_private_key(keys_dir / ADMIN_KEY))
    path = keys_dir / ADMIN_SECRET
    try:
        return Signer(Reference(own, SECRET_INDEX), path.read_bytes().strip())
    except OSError as error:
        raise NotFound(
            "{path}: the secret cannot be read ({reason})", path=path, reason=error.strerror
        ) from None
