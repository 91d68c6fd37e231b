"""What the vectors mean, field by field; and the vectors of the design page themselves.

``MEANING`` names the objects behind every vector of ``shared/data/handle``: a test compares both
directions where these files are present. ``PAGE`` holds those written in the design page (section
11), so that the codec is held to foreign bytes wherever the tests run.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Protocol

from ballast.node.wire.admin import Admin, AdminPermission
from ballast.node.wire.codes import EnvelopeFlag, OpCode, OpFlag, ResponseCode
from ballast.node.wire.credential import Credential
from ballast.node.wire.digests import DigestAlgorithm, RequestDigest
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.header import DEFAULT_REQUEST_FLAGS, Header
from ballast.node.wire.keys import RsaPublicKey
from ballast.node.wire.message import Message
from ballast.node.wire.requests import (
    ChallengeAnswer,
    HandleRequest,
    LoginRequest,
    RemoveRequest,
    ResolveRequest,
    ValuesRequest,
    VerifyRequest,
)
from ballast.node.wire.responses import (
    Challenge,
    CreateResponse,
    ErrorResponse,
    ListResponse,
    ResolveResponse,
)
from ballast.node.wire.session import SessionMode, SessionSetup
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
from ballast.node.wire.vlist import vlist_to_wire


class Written(Protocol):
    """Whatever knows its bytes."""

    def to_wire(self) -> bytes: ...


HANDLE, PREFIX, ADMINISTRATOR = b"88.118.8/ABC-001", b"0.NA/88.118.8", b"88.118.8/ADMIN"
EXPIRATION = 1_800_000_000
NONCE = bytes(range(16))
SECRET = b"s3cret-key"

ADMIN_ALL = Admin(AdminPermission(0x0FFF), "0.NA/88.118.8", 300)
URL = Value(1, "URL", b"https://example.cn/p/ABC-001", timestamp=1_750_000_000)
CHINESE = Value(
    2, "PRODUCT_NAME", "轴承钢管".encode(), ttl=1_900_000_000, ttl_absolute=True,
    timestamp=1_750_000_000, references=(Reference("88.118.8/REF", 7),),
)  # fmt: skip
ADMIN_VALUE = Value(100, "HS_ADMIN", ADMIN_ALL.to_wire(), timestamp=1_750_000_000)
SITE = Site(
    servers=(
        Server(
            1,
            IPv4Address("127.0.0.1"),
            interfaces=(
                Interface(Purpose.BOTH, Transport.TCP, 2641),
                Interface(Purpose.RESOLUTION, Transport.UDP, 2641),
                Interface(Purpose.BOTH, Transport.HTTP, 8000),
            ),
        ),
    ),
    serial=1,
    flags=SiteFlag.PRIMARY,
    hash_option=HashOption.WHOLE,
    attributes=(("desc", "test site"),),
    major=2,
    minor=11,
)


def request(
    op: OpCode,
    body: Written | bytes,
    flags: int = DEFAULT_REQUEST_FLAGS,
    *,
    response: ResponseCode = ResponseCode.REQUEST,
    credential: bytes = b"",
    **envelope: int,
) -> Message:
    """Return a message as the vectors frame it: request 01020304, expiration 1800000000."""
    written = body if isinstance(body, bytes) else body.to_wire()
    framed = {"request_id": 0x01020304, **envelope}
    return Message(
        Envelope(flags=EnvelopeFlag(0), **framed),
        Header(op, response, OpFlag(flags), expiration=EXPIRATION),
        written,
        credential,
    )


def answer(
    op: OpCode,
    body: Written | bytes,
    flags: int = DEFAULT_REQUEST_FLAGS,
    response: ResponseCode = ResponseCode.SUCCESS,
) -> Message:
    """Return a response as the vectors frame it."""
    return request(op, body, flags, response=response)


CREATE = request(OpCode.CREATE_HANDLE, ValuesRequest(HANDLE, (URL, ADMIN_VALUE)))
CREATE_DIGEST = hashlib.sha256(CREATE.header.to_wire() + CREATE.body).digest()
CHALLENGE = Challenge(RequestDigest(DigestAlgorithm.SHA256, CREATE_DIGEST), NONCE)
SIGNED_PBKDF2 = bytes.fromhex(
    "2200000010a0a1a2a3a4a5a6a7a8a9aaabacadaeaf00002710000000a000000014"
    "964d39dd02459cf927646b18071e659e3c08dd27"
)
CERTIFIED = OpFlag(0xD9800000)
CERTIFIED_RESOLVE = request(
    OpCode.RESOLVE, ResolveRequest(HANDLE, (1, 100), ("URL", "HS_ADMIN")), CERTIFIED
)
CERTIFIED_DIGEST = RequestDigest(
    DigestAlgorithm.SHA256,
    bytes.fromhex("c5b032ef60eace053c9788c1dc46856c2bf8c69293526caa0c73aa3b4c4be195"),
)
RESOLVE = request(OpCode.RESOLVE, ResolveRequest(HANDLE))
MAC = Credential(
    "HS_MAC",
    "HMAC-SHA256",
    bytes.fromhex("67db5abdc995d91c101c48b6512a98a694f0302b1c91f8f7db3cd573bdaa1ce0"),
    counter=5,
)
TOY_MODULUS = bytes.fromhex(
    "00c0ffee0123456789abcdef0123456789abcdef0123456789abcdef0123456789"
    "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"
)

# The key of the server that was captured, 2048 bits.
CAPTURED_MODULUS = bytes.fromhex(
    "00b610fe1238e70387b09d886ce96f3dbc71560e870e5267dc603bab2b2c6b86f652d1fabfa13610ec0b162afec3de"
    "7d287931d0751a81f73ca577dcef383efb9ffdafcd781946a934bf37e8f15881abc65717bd5f60e1b7756bf9ac9e91"
    "53a7e40214a822452dd9cdc80b0aefe59869fc01e0ef288c4acf29743e33e1d38f91dff4824db24500715637cde0a6"
    "cc165bfd6af8f3d691b3932adfe1b1c25866fe264553ed2a4f5246091be91d80f2e912f12ca624933134b5442fbfdb"
    "2482299f6e4a1f16233056df9b38e57fea32ff580441f5cf28fe0a7592f1d566a78362de0eecebe8f57e846ce8aebf"
    "e012987dab91f69714e67628f2ba6757f816e3acdaf3"
)
CAPTURED_SITE = Site(
    servers=(
        Server(
            1,
            IPv4Address("127.0.0.1"),
            RsaPublicKey(b"\x01\x00\x01", CAPTURED_MODULUS).to_wire(),
            (
                Interface(Purpose.BOTH, Transport.TCP, 3641),
                Interface(Purpose.RESOLUTION, Transport.UDP, 12641),
                Interface(Purpose.BOTH, Transport.HTTP, 18000),
            ),
        ),
    ),
    attributes=(("desc", "peer test"),),
)
_T5 = b"88.118.8/T-5"
_CAPTURED_AT = 0x6B038AA7
CAPTURED_VALUES = (
    Value(1, "URL", b"https://x.cn/88.118.8/T-5", timestamp=_CAPTURED_AT),
    Value(2, "BATCH", b"B-2026-01", timestamp=_CAPTURED_AT),
    Value(
        100,
        "HS_ADMIN",
        Admin(AdminPermission(0x07F3), "88.118.8/ADMIN", 300).to_wire(),
        timestamp=_CAPTURED_AT,
    ),
)


def captured(
    message: Message, request_id: int, expiration: int = 0x6B04374D, serial: int = 0xFFFF
) -> Message:
    """Return a message as the captured client and its server frame it."""
    answered = message.header.response != ResponseCode.REQUEST
    envelope = replace(
        message.envelope,
        minor=10 if answered else 3,
        suggested_minor=11 if answered else 10,
        request_id=request_id,
    )
    header = replace(message.header, expiration=expiration, site_serial=serial)
    return replace(message, envelope=envelope, header=header)


def _captured_error() -> Message:
    body = ErrorResponse("Server error processing request, see server logs")
    message = answer(OpCode.RESERVED, body, response=ResponseCode.ERROR)
    framed = captured(message, 0xFFFFFFFF)
    # This one is in the version of the client's envelope: nothing had been negotiated.
    return replace(framed, envelope=replace(framed.envelope, minor=3))


_GET_SITE = request(OpCode.GET_SITE_INFO, HandleRequest(b"/"))
_CAPTURED_RESOLVE = request(OpCode.RESOLVE, ResolveRequest(_T5), 0)
_CAPTURED_RESOLVED = answer(OpCode.RESOLVE, ResolveResponse(_T5, CAPTURED_VALUES), 0x90000000)

MEANING: dict[str, Message | Written | bytes] = {
    "HS_ADMIN all perms 300:0.NA/88.118.8": ADMIN_ALL,
    "HS_ADMIN 200 no addNA/delNA/list": Admin(AdminPermission(0x07F3), "0.NA/88.118.8", 200),
    "HS_VLIST [300:0.NA/88.118.8, 301:88.118.8/ADMIN]": vlist_to_wire(
        [Reference("0.NA/88.118.8", 300), Reference("88.118.8/ADMIN", 301)]
    ),
    "handle value URL": URL,
    "handle value zh absolute-ttl with reference": CHINESE,
    "handle value HS_ADMIN": ADMIN_VALUE,
    "HS_SITE 127.0.0.1 tcp/udp/http no key": SITE,
    "REQ resolution all values default flags": RESOLVE,
    "REQ resolution types URL,HS_ADMIN idx 1,100 AUTH|CERT|RRDG": CERTIFIED_RESOLVE,
    "REQ resolution compat 2.3 suggest 2.11": request(
        OpCode.RESOLVE, ResolveRequest(HANDLE), minor=3
    ),
    "RESP resolution success 3 values": answer(
        OpCode.RESOLVE, ResolveResponse(HANDLE, (URL, CHINESE, ADMIN_VALUE))
    ),
    "RESP resolution with request digest (unsigned)": answer(
        OpCode.RESOLVE,
        CERTIFIED_DIGEST.to_wire() + ResolveResponse(HANDLE, (URL, ADMIN_VALUE)).to_wire(),
        CERTIFIED,
    ),
    "RESP error 100 no message": answer(
        OpCode.RESOLVE, ErrorResponse(), response=ResponseCode.HANDLE_NOT_FOUND
    ),
    "RESP error 301 message": answer(
        OpCode.RESOLVE, ErrorResponse("not mine"), response=ResponseCode.SERVER_NOT_RESPONSIBLE
    ),
    "REQ create URL+HS_ADMIN": CREATE,
    "REQ create MINT|OVRW": request(
        OpCode.CREATE_HANDLE,
        ValuesRequest(b"88.118.8/", (URL,)),
        DEFAULT_REQUEST_FLAGS | OpFlag.MINT | OpFlag.OVRW,
    ),
    "RESP create (handle echoed)": answer(OpCode.CREATE_HANDLE, CreateResponse(HANDLE)),
    "REQ delete": request(OpCode.DELETE_HANDLE, HandleRequest(HANDLE)),
    "REQ add value": request(OpCode.ADD_VALUE, ValuesRequest(HANDLE, (CHINESE,))),
    "REQ modify value": request(OpCode.MODIFY_VALUE, ValuesRequest(HANDLE, (URL,))),
    "REQ remove values 1,2": request(OpCode.REMOVE_VALUE, RemoveRequest(HANDLE, (1, 2))),
    "REQ list handles 0.NA/88.118.8": request(OpCode.LIST_HANDLES, HandleRequest(PREFIX)),
    "RESP list handles": answer(OpCode.LIST_HANDLES, ListResponse((HANDLE, ADMINISTRATOR))),
    "REQ list homed prefixes": request(OpCode.LIST_HOMED_PREFIXES, HandleRequest(PREFIX)),
    "REQ home prefix": request(OpCode.HOME_PREFIX, HandleRequest(PREFIX)),
    "REQ get site info": request(OpCode.GET_SITE_INFO, HandleRequest(b"0.NA/0.NA")),
    "RESP challenge nonce 00..0f (to REQ create URL+HS_ADMIN)": answer(
        OpCode.CREATE_HANDLE,
        CHALLENGE,
        DEFAULT_REQUEST_FLAGS | OpFlag.RRDG,
        ResponseCode.AUTHENTICATION_NEEDED,
    ),
    "REQ answer HS_SECKEY PBKDF2 salt a0..af 10000 160 key 's3cret-key'": request(
        OpCode.CHALLENGE_ANSWER,
        ChallengeAnswer("HS_SECKEY", ADMINISTRATOR, 300, SIGNED_PBKDF2),
    ),
    "signedResponse SHA1 style (alg 02) for same nonce+digest": b"\x02"
    + hashlib.sha1(SECRET + CHALLENGE.signed + SECRET).digest(),
    "signedResponse HMAC-SHA256 style (alg 13)": bytes.fromhex(
        "1380474f114b5f53f7fd6af6d6b16cafd3603f8fe04843d697182dcd11a9b4200f"
    ),
    "request digest of REQ create (SHA-256 of header+body)": CREATE_DIGEST,
    "REQ verify challenge (201)": request(
        OpCode.VERIFY_CHALLENGE,
        VerifyRequest(ADMINISTRATOR, 300, NONCE, CREATE_DIGEST, SIGNED_PBKDF2),
        DEFAULT_REQUEST_FLAGS | OpFlag.CERT | OpFlag.RRDG,
    ),
    "REQ resolution MACed session 77 counter 5 key 01..10 (HMAC-SHA256, v2.11)": request(
        OpCode.RESOLVE, ResolveRequest(HANDLE), credential=MAC.to_wire(), session_id=77
    ),
    "REQ session setup mode 2 (server key)": request(
        OpCode.SESSION_SETUP, SessionSetup(SessionMode.SERVER_KEY, 3600, ADMINISTRATOR, 300)
    ),
    "HS_PUBKEY RSA (toy modulus C0FFEE01..., e=65537)": RsaPublicKey(b"\x01\x00\x01", TOY_MODULUS),
    "encodeSecretKey('s3cret-key', hash=true)": hashlib.sha1(SECRET).hexdigest().encode(),
    # id_sdk_capture.json, in the order of the conversation
    "REQ get site info (handshake on the persistent TCP connection)": captured(
        _GET_SITE, 0x57464905
    ),
    "RESP site info from Handle.Net 9.3.1": captured(
        answer(OpCode.GET_SITE_INFO, CAPTURED_SITE, 0x99000000), 0x57464905, serial=1
    ),
    "REQ resolve 88.118.8/T-5": captured(_CAPTURED_RESOLVE, 0x3FC8AC03),
    "RESP resolve (3 values) from 9.3.1": captured(_CAPTURED_RESOLVED, 0x3FC8AC03, serial=1),
    "REQ resolve again, same connection": captured(_CAPTURED_RESOLVE, 0x4DC592E2),
    "RESP": captured(_CAPTURED_RESOLVED, 0x4DC592E2, serial=1),
    "REQ op 2001 login 301:88.118.8/ADMIN": captured(
        request(OpCode.LOGIN_IDENTITY, LoginRequest(ADMINISTRATOR, 301), OpFlag.RRDG), 0x54DFE855
    ),
    "RESP from 9.3.1 to unknown op: op 0 rc 2 requestId ffffffff": _captured_error(),
}

# Section 11 of the design page: A to H; G differs from the capture above in two numbers.
PAGE: dict[str, tuple[str, Message | Written]] = {
    "A resolve all": (
        "020b020b00000000010203040000000000000038000000010000000019000000ffff00006b49d2000000001c"
        "0000001038382e3131382e382f4142432d303031000000000000000000000000",
        RESOLVE,
    ),
    "B not found": (
        "020b020b00000000010203040000000000000020000000010000006419000000ffff00006b49d20000000004"
        "0000000000000000",
        answer(OpCode.RESOLVE, ErrorResponse(), response=ResponseCode.HANDLE_NOT_FOUND),
    ),
    "C HS_ADMIN": ("0fff0000000d302e4e412f38382e3131382e380000012c", ADMIN_ALL),
    "D challenge": (
        "031a8a0f6c2b44d00d4ad5b60cb53ed5c73d5fd2650302a83b223d2fb60b9fb92a"
        "00000010000102030405060708090a0b0c0d0e0f",
        CHALLENGE,
    ),
    "E answer": (
        "00000009" + b"HS_SECKEY".hex() + "0000000e" + ADMINISTRATOR.hex() + "0000012c"
        "00000035" + SIGNED_PBKDF2.hex(),
        ChallengeAnswer("HS_SECKEY", ADMINISTRATOR, 300, SIGNED_PBKDF2),
    ),
    "F HS_SITE": (
        "0001020b000180020000000000000001000000046465736300000009746573742073697465"
        "00000001000000010000000000000000000000007f0000010000000000000003"
        "030100000a51020000000a51030200001f40",
        SITE,
    ),
    "G channel open": (
        "0203020a0000000039e610fc0000000000000021000000020000000019000000ffff00006b04370300000005"
        "000000012f00000000",
        captured(_GET_SITE, 0x39E610FC, expiration=0x6B043703),
    ),
    "H login 2001": (
        "0203020a0000000054dfe8550000000000000032000007d10000000000800000ffff00006b04374d00000016"
        "0000000e38382e3131382e382f41444d494e0000012d00000000",
        captured(
            request(OpCode.LOGIN_IDENTITY, LoginRequest(ADMINISTRATOR, 301), OpFlag.RRDG),
            0x54DFE855,
        ),
    ),
}


def written(meaning: Message | Written | bytes) -> bytes:
    """Return the bytes of a meaning."""
    return meaning if isinstance(meaning, bytes) else meaning.to_wire()
