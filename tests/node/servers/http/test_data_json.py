from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import BallastError
from ballast.node.servers.http.data_json import SHAPES, data_of_json
from ballast.node.wire.admin import Admin, AdminPermission
from ballast.node.wire.keys import Sm2PublicKey, public_key_value
from ballast.node.wire.site import Interface, Purpose, Server, Site, SiteFlag, Transport
from ballast.node.wire.value import Reference
from ballast.node.wire.vlist import vlist_to_wire


def there_and_back(kind: str, data: bytes) -> bytes:
    shown = json.loads(json.dumps(SHAPES[kind](data)))
    return data_of_json(kind, shown["format"], json.dumps(shown["value"]).encode())


@given(st.integers(0, 0x0FFF), st.integers(0, 0xFFFFFFFF))
def test_administrators_survive(permissions: int, index: int) -> None:
    data = Admin(AdminPermission(permissions), "0.NA/88.118.8", index).to_wire()
    assert there_and_back("HS_ADMIN", data) == data
    assert SHAPES["HS_ADMIN"](data)["value"]["permissions"] == f"{permissions:012b}"


def test_lists_keys_and_sites_survive() -> None:
    members = vlist_to_wire([Reference("0.NA/88.118.8", 300), Reference("88.118.8/ADMIN", 301)])
    assert there_and_back("HS_VLIST", members) == members
    key = public_key_value(rsa.generate_private_key(65537, 1024).public_key()).to_wire()
    assert SHAPES["HS_PUBKEY"](key)["format"] == "key"
    assert there_and_back("HS_PUBKEY", key) == key
    ports = (
        Interface(Purpose.BOTH, Transport.TCP, 2641),
        Interface(Purpose.RESOLUTION, Transport.UDP, 2641),
    )
    servers = (
        Server(1, IPv4Address("192.0.2.1"), key, ports),
        Server(2, IPv6Address("2001:db8::1")),
    )
    site = Site(servers, 7, SiteFlag.PRIMARY, attributes=(("desc", "节点"),)).to_wire()
    assert SHAPES["HS_SITE"](site)["format"] == "site"
    assert there_and_back("HS_SITE", site) == site


def test_what_would_not_survive_is_given_as_bytes() -> None:
    key = Sm2PublicKey(b"\x30\x59").to_wire()
    assert SHAPES["HS_PUBKEY"](key)["format"] == "base64"
    assert there_and_back("HS_PUBKEY", key) == key
    site = Site((), flags=SiteFlag(0x81)).to_wire()
    assert SHAPES["HS_SITE"](site)["format"] == "base64"


def test_the_vectors_of_the_reference_server_survive(shared_data: Path) -> None:
    vectors = json.loads((shared_data / "handle" / "wire_vectors.json").read_text("utf-8"))
    for name, kind in (
        ("HS_ADMIN all perms 300:0.NA/88.118.8", "HS_ADMIN"),
        ("HS_VLIST [300:0.NA/88.118.8, 301:88.118.8/ADMIN]", "HS_VLIST"),
        ("HS_SITE 127.0.0.1 tcp/udp/http no key", "HS_SITE"),
    ):
        data = bytes.fromhex(vectors[name])
        assert there_and_back(kind, data) == data


def test_a_number_may_be_written_as_text() -> None:
    raw = b'{"handle":"0.NA/88.118.8","index":"200","permissions":"011111110011"}'
    assert data_of_json("HS_ADMIN", "admin", raw).hex().startswith("07f3")


@pytest.mark.parametrize(
    ("kind", "form", "raw"),
    [
        ("URL", "no-such", b'"x"'),
        ("URL", "base64", b'"*"'),
        ("URL", "hex", b'"0"'),
        ("URL", "string", b"3"),
        ("HS_ADMIN", "base64", b'"AAAA"'),
        ("HS_ADMIN", "vlist", b"[]"),
        ("HS_ADMIN", "admin", b'{"handle":"a/b","index":1,"permissions":"2"}'),
        ("HS_ADMIN", "admin", b'{"handle":"a/b","index":4294967296,"permissions":"000000000000"}'),
        ("HS_VLIST", "vlist", b'[{"handle":"a/b"}]'),
        ("HS_PUBKEY", "key", b'{"kty":"EC"}'),
        ("HS_SITE", "site", b'{"protocolVersion":"x"}'),
        ("HS_SITE", "site", b'{"protocolVersion":"2.999"}'),
        ("HS_SITE", "site", b'{"servers":[{"serverId":1,"address":"nowhere"}]}'),
    ],
)
def test_data_that_are_not_what_they_say_are_refused(kind: str, form: str, raw: bytes) -> None:
    with pytest.raises((BallastError, msgspec.MsgspecError, ValueError)):
        data_of_json(kind, form, raw)
