"""What a native message means, whatever the door: asked of a running node over TCP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ballast.errors import MalformedMessage
from ballast.node.service.authentication.answering import Signer
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin
from ballast.node.wire.codes import OpCode, OpFlag, ResponseCode
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.header import Header
from ballast.node.wire.message import Message, parse_message
from ballast.node.wire.reader import string
from ballast.node.wire.requests import (
    HandleRequest,
    LoginRequest,
    OpaqueRequest,
    ResolveRequest,
    ValuesRequest,
    VerifyRequest,
)
from ballast.node.wire.responses import (
    Challenge,
    ErrorResponse,
    ResolveResponse,
    VerifyResponse,
    request_digest,
    split_digest,
)
from ballast.node.wire.site import Site
from ballast.node.wire.value import Reference, Value

from .conftest import LONGEST
from .served import Client, Node, proof, request

NOTHING = OpFlag(0)


@pytest.fixture
def client(node: Node) -> Iterator[Client]:
    with node.connect() as connected:
        yield connected


def code(message: Message) -> str:
    return str(message.header.response.name)


def test_the_site_is_told_to_whoever_asks(client: Client, node: Node) -> None:
    answer = client.ask(request(HandleRequest(b"/"), OpCode.GET_SITE_INFO))
    site = Site.parse(answer.body)
    assert {one.port for server in site.servers for one in server.interfaces} == {node.port}
    assert answer.header.site_serial == site.serial


@pytest.mark.parametrize(
    ("version", "answered"),
    [((2, 11), (2, 11)), ((2, 3), (2, 3)), ((3, 0), (2, 11)), ((2, 12), (2, 11))],
)
def test_the_answer_comes_in_the_lower_version(
    client: Client, version: tuple[int, int], answered: tuple[int, int]
) -> None:
    for indexes in ((), (1,)):  # the short way and the long one
        asked = request(
            ResolveRequest(b"88.118.8/A-1", indexes),
            suggested_major=version[0],
            suggested_minor=version[1],
        )
        envelope = client.ask(asked).envelope
        assert (envelope.major, envelope.minor) == answered
        assert (envelope.suggested_major, envelope.suggested_minor) == (2, 11)


def test_the_digest_of_the_request_leads_the_body_where_it_is_asked_for(client: Client) -> None:
    for handle in (b"88.118.8/A-1", b"88.118.8/none"):
        asked = request(ResolveRequest(handle), flags=OpFlag.RRDG | OpFlag.PUBL)
        digest, body = split_digest(client.ask(asked))
        assert digest == request_digest(asked)
        if handle.endswith(b"A-1"):
            assert len(ResolveResponse.parse(body).values) == 2
        else:
            assert "not registered" in ErrorResponse.parse(body).message


@pytest.mark.parametrize("number", [106_000, 2000, 400, 402, 1000, 4711])
def test_an_operation_that_is_not_there_is_not_supported(client: Client, number: int) -> None:
    answer = client.ask(request(OpaqueRequest(b""), OpCode(number)))
    assert code(answer) == "OPERATION_NOT_SUPPORTED"
    assert (answer.header.op, answer.envelope.request_id) == (number, 0x01020304)


def test_an_answer_is_no_question(client: Client) -> None:
    header = Header(OpCode.RESOLVE, ResponseCode.SUCCESS)
    answer = client.ask(Message(Envelope(request_id=9), header, string(b"88.118.8/A-1")))
    assert code(answer) == "PROTOCOL_ERROR"
    assert answer.envelope.request_id == 9


@pytest.mark.parametrize(
    ("handle", "expected"),
    [
        (b"88.118.8/\xff\xfe", "INVALID_HANDLE"),
        (b"88.118.8/" + b"y" * 2040, "INVALID_HANDLE"),
        (b"x" * 100_000, "INVALID_HANDLE"),
        (b"", "INVALID_HANDLE"),
        (b"noslash", "SERVER_NOT_RESPONSIBLE"),
        (b"99.1/A", "SERVER_NOT_RESPONSIBLE"),
        (b"88.118.8/nothing", "HANDLE_NOT_FOUND"),
        (b"88.118.8/", "HANDLE_NOT_FOUND"),
        (LONGEST, "SUCCESS"),
        (LONGEST.upper(), "SUCCESS"),
        (LONGEST[:-1], "HANDLE_NOT_FOUND"),
    ],
)
def test_handles_are_answered_by_their_code(client: Client, handle: bytes, expected: str) -> None:
    answer = client.ask(request(ResolveRequest(handle)))
    assert code(answer) == expected
    if expected == "SUCCESS":
        assert ResolveResponse.parse(answer.body).handle == handle


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\x00\x00\x10short",
        string(b"88.118.8/A-1"),
        string(b"88.118.8/A-1") + b"\xff\xff\xff\xff",
        string(b"88.118.8/A-1") + bytes(8) + b"more than belongs here",
    ],
)
def test_a_body_that_contradicts_itself_is_a_protocol_error(client: Client, body: bytes) -> None:
    answer = client.ask(request(OpaqueRequest(body)))
    assert code(answer) == "PROTOCOL_ERROR"
    assert answer.envelope.request_id == 0x01020304


def test_a_record_that_ended_says_so_and_is_still_answered(client: Client) -> None:
    for handle, said in ((b"88.118.8/REVOKED", b"revoked"), (b"88.118.8/EXPIRED", b"expired")):
        values = ResolveResponse.parse(client.ask(request(ResolveRequest(handle))).body).values
        assert [value.index for value in values] == [1, 1900]
        assert values[1].data == said


def test_a_value_that_is_not_public_leaves_only_with_a_proof(client: Client, node: Node) -> None:
    plain = client.ask(request(ResolveRequest(b"88.118.8/SECRET")))
    assert [value.index for value in ResolveResponse.parse(plain.body).values] == [1]
    public_only = request(ResolveRequest(b"88.118.8/SECRET", (2,)), flags=OpFlag.PUBL)
    assert code(client.ask(public_only)) == "VALUES_NOT_FOUND"
    named = request(ResolveRequest(b"88.118.8/SECRET", (2,)), flags=NOTHING)
    challenged = client.ask(named)
    assert code(challenged) == "AUTHENTICATION_NEEDED"
    proved = client.ask(proof(challenged, node.signer))
    assert [value.data for value in ResolveResponse.parse(proved.body).values] == [b"k"]
    # The proof was for one request: the connection is nobody's as before.
    assert code(client.ask(named)) == "AUTHENTICATION_NEEDED"


def test_a_challenge_is_answered_once(client: Client, node: Node) -> None:
    value = Value(1, "URL", b"https://x.cn")
    asked = request(ValuesRequest(b"88.118.8/ONCE", (value,)), OpCode.CREATE_HANDLE)
    challenged = client.ask(asked)
    answered = proof(challenged, node.signer)
    assert code(client.ask(answered)) == "SUCCESS"
    assert code(client.ask(answered)) == "AUTHENTICATION_TIMEOUT"
    with node.connect() as other:
        assert code(other.ask(answered)) == "AUTHENTICATION_TIMEOUT"


def test_a_proof_for_one_request_is_worth_nothing_for_another(client: Client, node: Node) -> None:
    value = Value(1, "URL", b"https://x.cn")
    first, second = (
        client.ask(request(ValuesRequest(handle, (value,)), OpCode.CREATE_HANDLE))
        for handle in (b"88.118.8/ONE", b"88.118.8/OTHER")
    )
    answered = proof(first, node.signer)
    mixed = Message(Envelope(session_id=second.envelope.session_id), answered.header, answered.body)
    assert code(client.ask(mixed)) == "AUTHENTICATION_FAILED"
    assert code(client.ask(request(ResolveRequest(b"88.118.8/OTHER")))) == "HANDLE_NOT_FOUND"


def test_a_proof_by_key_is_taken_as_one_by_secret(client: Client, node: Node) -> None:
    value = Value(1, "URL", b"https://x.cn")
    asked = request(ValuesRequest(b"88.118.8/BY-KEY", (value,)), OpCode.CREATE_HANDLE)
    assert code(client.prove(asked, node.key_signer)) == "SUCCESS"
    deleted = request(HandleRequest(b"88.118.8/by-key"), OpCode.DELETE_HANDLE)
    assert code(client.prove(deleted, node.key_signer)) == "SUCCESS"
    assert code(client.ask(request(ResolveRequest(b"88.118.8/BY-KEY")))) == "HANDLE_NOT_FOUND"


def test_a_login_makes_the_connection_the_session(client: Client, node: Node) -> None:
    identity = node.key_signer.identity
    login = LoginRequest(identity.handle.encode(), identity.index)
    asked = request(login, OpCode.LOGIN_IDENTITY, flags=OpFlag.RRDG)
    named = request(ResolveRequest(b"88.118.8/SECRET", (2,)), flags=NOTHING)
    assert code(client.prove(asked, node.key_signer)) == "SUCCESS"
    assert code(client.ask(named)) == "SUCCESS"
    all_values = client.ask(request(ResolveRequest(b"88.118.8/SECRET"), flags=NOTHING))
    assert [v.index for v in ResolveResponse.parse(all_values.body).values] == [1, 2]
    value = Value(1, "URL", b"https://x.cn")
    for op, body in (
        (OpCode.CREATE_HANDLE, ValuesRequest(b"88.118.8/SIGNED-IN", (value,))),
        (OpCode.DELETE_HANDLE, HandleRequest(b"88.118.8/SIGNED-IN")),
    ):
        assert code(client.ask(request(body, op))) == "SUCCESS"
    with node.connect() as other:
        assert code(other.ask(named)) == "AUTHENTICATION_NEEDED"


def test_a_login_is_refused_to_whoever_proves_to_be_another(client: Client, node: Node) -> None:
    identity = node.key_signer.identity
    login = request(LoginRequest(identity.handle.encode(), identity.index), OpCode.LOGIN_IDENTITY)
    assert code(client.prove(login, node.signer)) == "AUTHENTICATION_FAILED"
    named = request(ResolveRequest(b"88.118.8/SECRET", (2,)), flags=NOTHING)
    assert code(client.ask(named)) == "AUTHENTICATION_NEEDED"


def test_a_server_may_ask_whether_a_proof_fits(client: Client, node: Node) -> None:
    value = Value(1, "URL", b"https://x.cn")
    challenged = client.ask(
        request(ValuesRequest(b"88.118.8/ASKED", (value,)), OpCode.CREATE_HANDLE)
    )
    challenge = Challenge.parse(challenged.body)
    given = node.signer.answer(challenge, bytes)
    asked = VerifyRequest(
        given.handle, given.index, challenge.nonce, challenge.digest.digest, given.response
    )
    answer = client.ask(request(asked, OpCode.VERIFY_CHALLENGE))
    assert VerifyResponse.parse(answer.body).fits
    wrong = VerifyRequest(given.handle, given.index, bytes(16), bytes(32), given.response)
    answer = client.ask(request(wrong, OpCode.VERIFY_CHALLENGE))
    assert not VerifyResponse.parse(answer.body).fits


def test_a_session_that_is_not_known_has_ended(client: Client) -> None:
    asked = request(ResolveRequest(b"88.118.8/A-1"), session_id=77)
    signed = Message(asked.envelope, asked.header, asked.body, b"a credential")
    assert code(client.ask(signed)) == "SESSION_TIMEOUT"


def test_nobody_changes_anything_without_a_proof(client: Client) -> None:
    value = Value(1, "URL", b"https://x.cn")
    for op, body, expected in (
        (OpCode.CREATE_HANDLE, ValuesRequest(b"99.1/A", (value,)), "SERVER_NOT_RESPONSIBLE"),
        (OpCode.CREATE_HANDLE, ValuesRequest(b"88.118.8/N", (value,)), "AUTHENTICATION_NEEDED"),
        (OpCode.ADD_VALUE, ValuesRequest(b"88.118.8/A-1", (value,)), "AUTHENTICATION_NEEDED"),
        (OpCode.DELETE_HANDLE, HandleRequest(b"88.118.8/A-1"), "AUTHENTICATION_NEEDED"),
        (OpCode.LIST_HANDLES, HandleRequest(b"0.NA/88.118.8"), "AUTHENTICATION_NEEDED"),
        (OpCode.HOME_PREFIX, HandleRequest(b"0.NA/88.118.9"), "AUTHENTICATION_NEEDED"),
    ):
        assert code(client.ask(request(body, op))) == expected


def test_every_vector_of_a_request_is_answered(client: Client, shared_data: Path) -> None:
    vectors = json.loads((shared_data / "handle" / "wire_vectors.json").read_text())
    asked = {name: bytes.fromhex(data) for name, data in vectors.items() if "REQ" in name[:4]}
    assert len(asked) > 12
    for data in asked.values():
        client.send(data)
        answer = parse_message(client.receive())
        request_id = parse_message(data).envelope.request_id
        assert answer.envelope.request_id == request_id
        with pytest.raises(MalformedMessage):
            parse_message(data[:-1])


@pytest.mark.parametrize("way", ["changed", "removed"])
def test_a_login_ends_with_the_key_by_which_it_was_made(
    client: Client, node: Node, way: str
) -> None:
    clerk = Reference(f"88.118.8/CLERK-{way}", 300)
    ledger = b"88.118.8/LEDGER-" + way.encode()
    admin = Admin(ALL_PERMISSIONS, clerk.handle, clerk.index).to_wire()
    kept = (Value(1, "KEY", b"k", 0x0C), Value(100, "HS_ADMIN", admin))
    key = Value(300, "HS_SECKEY", b"first", 0x0C)
    for handle, values in ((ledger, kept), (clerk.handle.encode(), (key,))):
        made = request(ValuesRequest(handle, values), OpCode.CREATE_HANDLE)
        assert code(client.prove(made, node.signer)) == "SUCCESS"
    secret = request(ResolveRequest(ledger, (1,)), flags=NOTHING)
    more = request(ValuesRequest(ledger, (Value(2, "N", b"n"),)), OpCode.ADD_VALUE)
    login = request(LoginRequest(clerk.handle.encode(), 300), OpCode.LOGIN_IDENTITY)
    with node.connect() as open_one:
        assert code(open_one.prove(login, Signer(clerk, b"first"))) == "SUCCESS"
        assert code(open_one.ask(secret)) == "SUCCESS"
        change: Message
        if way == "changed":
            other = Value(300, "HS_SECKEY", b"second", 0x0C)
            body = ValuesRequest(clerk.handle.encode(), (other,))
            change = request(body, OpCode.MODIFY_VALUE)
        else:
            change = request(HandleRequest(clerk.handle.encode()), OpCode.DELETE_HANDLE)
        assert code(client.prove(change, node.signer)) == "SUCCESS"
        assert code(open_one.ask(secret)) == "INSUFFICIENT_PERMISSIONS"
        assert code(open_one.ask(more)) == "INSUFFICIENT_PERMISSIONS"
