"""Founding: one call makes a node that works, or nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest

from ballast.errors import NotFound, Refused, StorageFailed
from ballast.node.registry.audit import entries, verify
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import record_key, unpack_record
from ballast.node.service.authentication.challenge import make_challenge
from ballast.node.service.authentication.verifying import verify_answer
from ballast.node.service.founding import (
    Founded,
    Ports,
    found_node,
    founded_identity,
    node_signer,
)
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin
from ballast.node.wire.codes import OpCode
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.header import Header
from ballast.node.wire.message import Message
from ballast.node.wire.responses import Challenge, DigestAlgorithm, RequestDigest
from ballast.node.wire.site import Site, Transport
from ballast.node.wire.value import Reference, Value
from ballast.node.wire.vlist import vlist_from_wire

NOW = 1_800_000_000.25
PREFIX = "88.118.8"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LmdbStore]:
    with LmdbStore.open(tmp_path / "node" / "registry", map_bytes=1 << 24) as opened:
        yield opened


def found(store: LmdbStore, tmp_path: Path, prefix: str = PREFIX, **changes: object) -> Founded:
    given: dict[str, object] = {
        "keys_dir": tmp_path / "node" / "keys",
        "addresses": [IPv4Address("192.0.2.1"), IPv6Address("2001:db8::1")],
        "ports": Ports(2641, 8000, 0),
        "clock": lambda: NOW,
        "random": os.urandom,
        "title": "石狮二级节点",
    }
    return found_node(store, prefix, **(given | changes))  # type: ignore[arg-type]


def values_of(store: LmdbStore, handle: str) -> dict[int, Value]:
    key = record_key(handle.lower().encode())
    with store.snapshot() as snapshot:
        packed = snapshot.record(key)
    assert packed is not None
    return {value.index: value for value in unpack_record(key, packed).values()}


def test_a_founded_node_has_its_prefix_its_rights_and_its_keys(
    store: LmdbStore, tmp_path: Path
) -> None:
    made = found(store, tmp_path)
    values = values_of(store, "0.na/88.118.8")
    assert {index: value.type for index, value in values.items()} == {
        1: "HS_SITE", 100: "HS_ADMIN", 200: "HS_VLIST", 300: "HS_PUBKEY", 301: "HS_SECKEY",
    }  # fmt: skip
    assert Admin.parse(values[100].data) == Admin(ALL_PERMISSIONS, "0.NA/88.118.8", 200)
    assert vlist_from_wire(values[200].data) == made.administrators
    assert {index for index, value in values.items() if not value.public_read} == {301}
    assert all(value.timestamp == int(NOW) for value in values.values())
    with store.snapshot() as snapshot:
        entry = snapshot.prefix(PREFIX.encode())
        assert entry is not None
        assert entry.prefix == PREFIX
        known = founded_identity(snapshot)
        assert known is not None
        assert (known.prefix, known.title) == (PREFIX, "石狮二级节点")
        assert known.site == made.site == values[1].data
        assert [event.handle for event in snapshot.outbox()] == ["0.NA/88.118.8"]
        assert [one.action for one in entries(snapshot)] == ["found"]
        assert verify(snapshot).sound


def test_the_site_names_addresses_and_ports(store: LmdbStore, tmp_path: Path) -> None:
    site = Site.parse(found(store, tmp_path).site)
    assert [str(server.address) for server in site.servers] == ["192.0.2.1", "2001:db8::1"]
    assert {(i.transport, i.port) for i in site.servers[0].interfaces} == {
        (Transport.TCP, 2641), (Transport.UDP, 2641), (Transport.HTTP, 8000),
    }  # fmt: skip
    assert site.primary
    assert site.servers[0].public_key.startswith(b"\0\0\0\x0bRSA_PUB_KEY")


@pytest.mark.parametrize("secret", [False, True])
def test_the_keys_in_the_files_prove_the_administrator(
    store: LmdbStore, tmp_path: Path, secret: bool
) -> None:
    made = found(store, tmp_path)
    signer = node_signer(tmp_path / "node" / "keys", PREFIX, secret=secret)
    request = Message(Envelope(), Header(OpCode.LIST_HOMED_PREFIXES), b"")
    pending = make_challenge(request, "192.0.2.1", os.urandom)
    digest = RequestDigest(DigestAlgorithm(pending.algorithm), pending.digest)
    answer = signer.answer(Challenge(digest, pending.nonce), os.urandom)
    with store.snapshot() as snapshot:
        verdict = verify_answer(snapshot, answer, pending, NOW)
    assert verdict.identity == Reference("0.NA/88.118.8", 301 if secret else 300)
    assert verdict.identity in made.administrators


def test_the_keys_are_for_their_owner_alone(store: LmdbStore, tmp_path: Path) -> None:
    os.umask(umask := os.umask(0))
    os.umask(0)
    try:
        found(store, tmp_path)
    finally:
        os.umask(umask)
    folder = tmp_path / "node" / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes
    assert set(modes.values()) == {0o600}


def test_the_secret_is_in_nothing_that_is_told(store: LmdbStore, tmp_path: Path) -> None:
    made = found(store, tmp_path)
    secret = made.secret_file.read_text().strip()
    assert len(secret) >= 40
    assert secret not in repr(made)
    assert secret not in repr(node_signer(made.secret_file.parent, PREFIX, secret=True))


def test_a_second_founding_changes_nothing(store: LmdbStore, tmp_path: Path) -> None:
    made = found(store, tmp_path)
    before = made.key_file.read_bytes(), values_of(store, "0.NA/88.118.8")
    for prefix in (PREFIX, "88.999"):
        with pytest.raises(Refused, match=r"88\.118\.8"):
            found(store, tmp_path, prefix)
    assert (made.key_file.read_bytes(), values_of(store, "0.NA/88.118.8")) == before


def test_keys_without_a_node_are_left_where_they_are(store: LmdbStore, tmp_path: Path) -> None:
    folder = tmp_path / "node" / "keys"
    folder.mkdir(parents=True)
    (folder / "admin-key.pem").write_text("somebody's")
    with pytest.raises(Refused, match="keys lie here already"):
        found(store, tmp_path)
    assert (folder / "admin-key.pem").read_text() == "somebody's"
    assert_nothing(store)


def assert_nothing(store: LmdbStore) -> None:
    with store.snapshot() as snapshot:
        assert founded_identity(snapshot) is None
        assert snapshot.total() == 0
        assert snapshot.audit_last() is None


def test_where_the_registry_cannot_be_written_no_keys_are_left(
    store: LmdbStore, tmp_path: Path
) -> None:
    title = "x" * 200
    with LmdbStore.open(tmp_path / "small", map_bytes=1 << 24) as small:
        with small.write() as transaction:
            transaction.put_meta("fill", b"x" * 1_000)

        def no_space(_: object) -> None:
            raise StorageFailed("the disk is full", path="x")

        class Full:
            node_id = small.node_id
            snapshot = small.snapshot

            def write(self) -> object:
                no_space(None)
                return None

        with pytest.raises(StorageFailed):
            found(Full(), tmp_path, title=title)  # type: ignore[arg-type]
    assert not (tmp_path / "node" / "keys").exists()


def test_where_the_keys_cannot_be_written_nothing_is_made(store: LmdbStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="cannot be written"):
        found(store, tmp_path, keys_dir=tmp_path / "file" / "keys")
    assert_nothing(store)


@pytest.mark.parametrize(
    "prefix", ["", "88/1", "88 1", "a\tb", "88..1", ".88", "88.", "0.NA", "0.na", "x" * 300, "a\0b"]
)
def test_what_is_no_prefix_is_refused(store: LmdbStore, tmp_path: Path, prefix: str) -> None:
    with pytest.raises(Refused):
        found(store, tmp_path, prefix)
    assert_nothing(store)
    assert not (tmp_path / "node" / "keys").exists()


def test_a_node_without_an_address_is_refused(store: LmdbStore, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="address"):
        found(store, tmp_path, addresses=[])


def test_keys_that_are_not_there_are_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="admin-secret"):
        node_signer(tmp_path, PREFIX, secret=True)
