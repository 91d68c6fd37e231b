"""Strategies for everything that the wire carries; whole in range, small in size."""

from __future__ import annotations

from ipaddress import IPv4Address

from hypothesis import strategies as st

from ballast.node.wire.admin import Admin, AdminPermission
from ballast.node.wire.codes import EnvelopeFlag, OpCode, OpFlag, ResponseCode
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.header import Header
from ballast.node.wire.message import Message
from ballast.node.wire.site import (
    HashOption,
    Interface,
    Purpose,
    Server,
    Site,
    SiteFlag,
    Transport,
)
from ballast.node.wire.value import Reference, Value

u8 = st.integers(0, 0xFF)
u16 = st.integers(0, 0xFFFF)
u32 = st.integers(0, 0xFFFFFFFF)
u32_known = st.sampled_from([int(code) for code in OpCode]) | u32
texts = st.text(max_size=40)
handles = st.text(max_size=40).map(str.encode)
blobs = st.binary(max_size=80)
references = st.builds(Reference, texts, u32)
values = st.builds(
    Value,
    index=u32,
    type=texts,
    data=blobs,
    permissions=u8,
    ttl=u32,
    ttl_absolute=st.booleans(),
    timestamp=u32,
    references=st.lists(references, max_size=3).map(tuple),
)
several_values = st.lists(values, max_size=4).map(tuple)
admins = st.builds(Admin, u16.map(AdminPermission), texts, u32, st.booleans())
# An IPv6 address whose first twelve bytes are zero is read as IPv4: the same bytes.
addresses = st.ip_addresses(v=4) | st.ip_addresses(v=6).map(
    lambda a: a if int(a) >> 32 else IPv4Address(int(a))
)
interfaces = st.builds(Interface, u8.map(Purpose), u8.map(Transport), u32)
servers = st.builds(Server, u32, addresses, blobs, st.lists(interfaces, max_size=3).map(tuple))
sites = st.builds(
    Site,
    servers=st.lists(servers, max_size=3).map(tuple),
    serial=u16,
    flags=u8.map(SiteFlag),
    hash_option=u8.map(HashOption),
    hash_filter=texts,
    attributes=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    major=u8,
    minor=u8,
    format=u16,
)
# In the clear: an encrypted or compressed message is refused before its header is read.
envelopes = st.builds(
    Envelope,
    major=u8,
    minor=u8,
    flags=st.integers(0, 0x0F).map(lambda bits: EnvelopeFlag(bits << 2)),
    suggested_major=st.integers(0, 3),
    suggested_minor=u8,
    session_id=u32,
    request_id=u32,
    sequence=u32,
)
headers = st.builds(
    Header,
    op=u32_known.map(OpCode),
    response=u32.map(ResponseCode),
    flags=u32.map(OpFlag),
    site_serial=u16,
    recursion=u8,
    expiration=u32,
    reserved=u8,
)
messages = st.builds(
    Message,
    envelope=envelopes,
    header=headers,
    body=blobs,
    credential=blobs,
    credential_counted=st.booleans(),
)
