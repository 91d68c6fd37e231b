"""HS_SITE: both ways, and the strictness about its end."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated
from tests.node.wire.golden import CAPTURED_SITE, SITE

from ballast.errors import MalformedMessage
from ballast.node.wire.keys import RsaPublicKey, parse_public_key
from ballast.node.wire.reader import Reader
from ballast.node.wire.site import Address, HashOption, Purpose, Server, Site, SiteFlag, Transport


@given(generated.sites)
def test_a_site_survives_its_bytes(site: Site) -> None:
    assert Site.parse(site.to_wire()) == site


@given(st.binary(max_size=80))
def test_bytes_are_no_site_or_the_bytes_of_one(data: bytes) -> None:
    try:
        site = Site.parse(data)
    except MalformedMessage:
        return
    assert site.to_wire() == data


@pytest.mark.parametrize("cut", range(len(SITE.to_wire())))
def test_a_truncated_site_is_refused_at_every_byte(cut: int) -> None:
    with pytest.raises(MalformedMessage):
        Site.parse(SITE.to_wire()[:cut])


def test_nothing_may_follow_the_last_server() -> None:
    with pytest.raises(MalformedMessage, match="1 bytes are left over"):
        Site.parse(SITE.to_wire() + b"\0")


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (IPv4Address("127.0.0.1"), "0000000000000000000000007f000001"),
        (IPv4Address("255.255.255.255"), "000000000000000000000000ffffffff"),
        (IPv6Address("2001:db8::1"), "20010db8000000000000000000000001"),
        (IPv6Address("::ffff:192.0.2.1"), "00000000000000000000ffffc0000201"),
    ],
)
def test_addresses_have_16_bytes_with_ipv4_at_the_right(address: Address, written: str) -> None:
    data = Server(1, address).to_wire()
    assert data[4:20].hex() == written
    assert Server.parse(Reader(data)).address == address


def test_unknown_numbers_survive() -> None:
    data = bytearray(SITE.to_wire())
    data[6], data[7] = 0xC1, 9
    data[-6], data[-5] = 7, 8
    site = Site.parse(data)
    assert site.flags & SiteFlag.MULTI_PRIMARY
    assert site.primary
    assert site.hash_option.name == "HashOption_9"
    last = site.servers[0].interfaces[-1]
    assert (last.purpose.name, last.transport.name) == ("Purpose_7", "Transport_8")
    assert site.to_wire() == data


def test_the_site_that_was_captured_holds_an_rsa_key_of_2048_bits() -> None:
    (server,) = Site.parse(CAPTURED_SITE.to_wire()).servers
    key = parse_public_key(server.public_key)
    assert isinstance(key, RsaPublicKey)
    assert key.to_cryptography().key_size == 2048
    ports = {(one.transport, one.port): one.purpose for one in server.interfaces}
    assert ports[Transport.TCP, 3641] == Purpose.BOTH
    assert ports[Transport.UDP, 12641] == Purpose.RESOLUTION


def test_a_mirror_takes_no_changes() -> None:
    assert not Site((), flags=SiteFlag(0), hash_option=HashOption.PREFIX).primary


@pytest.mark.parametrize("at", [8, 12, 35])
def test_counts_are_judged_by_what_is_left(at: int) -> None:
    data = bytearray(SITE.to_wire())
    data[at : at + 4] = b"\xff" * 4
    with pytest.raises(MalformedMessage):
        Site.parse(data)


def test_the_smallest_servers_and_attributes_fill_their_frame() -> None:
    smallest = Site((Server(1, IPv4Address("0.0.0.0")),) * 9, attributes=(("", ""),) * 9)
    assert Site.parse(smallest.to_wire()) == smallest
    data = smallest.to_wire()
    at = len(data) - 9 * 28 - 4
    with pytest.raises(MalformedMessage, match="claims 10 items, but the frame holds at most 9"):
        Site.parse(data[:at] + (10).to_bytes(4, "big") + data[at + 4 :])
