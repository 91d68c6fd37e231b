"""A registry with one prefix and its administrators, and keys that take long to make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, rsa

from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import pack_record, record_of
from ballast.node.wire.keys import public_key_value
from ballast.node.wire.value import SECRET_PERMISSIONS, Value

NOW = 1_800_000_000
ADMIN = "88.118.8/ADMIN"
SECRET = b"s3cret-key"


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def dsa_key() -> dsa.DSAPrivateKey:
    return dsa.generate_private_key(1024)


@pytest.fixture
def store(
    tmp_path: Path, rsa_key: rsa.RSAPrivateKey, dsa_key: dsa.DSAPrivateKey
) -> Iterator[LmdbStore]:
    """The administrator ``88.118.8/ADMIN``: two secrets, an RSA and a DSA key, one of no kind."""
    values = (
        Value(300, "HS_SECKEY", SECRET, SECRET_PERMISSIONS),
        Value(301, "HS_PUBKEY", public_key_value(rsa_key.public_key()).to_wire()),
        Value(302, "HS_PUBKEY", public_key_value(dsa_key.public_key()).to_wire()),
        Value(303, "HS_PUBKEY", b"\0\0\0\x0bSM2_PUB_KEY\0\0\0\0\0\1x"),
        Value(304, "HS_SECKEY", b"another", SECRET_PERMISSIONS),
        Value(305, "HS_SECKEY", b"anybody-reads-me"),
        Value(306, "HS_SECKEY", b"", SECRET_PERMISSIONS),
    )
    with LmdbStore.open(tmp_path / "registry", map_bytes=1 << 24) as opened:
        with opened.write() as transaction:
            record = record_of(ADMIN.encode(), values, NOW)
            transaction.put_record(record.key, pack_record(record))
        yield opened
