"""Challenges: made as the reference server makes them, tied to the request that waits."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from ballast.node.service.authentication.challenge import (
    challenge_message,
    login_claim,
    make_challenge,
)
from ballast.node.wire.message import parse_message
from ballast.node.wire.responses import Challenge
from ballast.node.wire.value import Reference


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "handle"


def test_the_challenge_to_the_request_of_the_vectors_is_that_of_the_vectors(folder: Path) -> None:
    vectors = json.loads((folder / "wire_vectors.json").read_text("utf-8"))
    request = parse_message(bytes.fromhex(vectors["REQ create URL+HS_ADMIN"]))
    pending = make_challenge(request, "192.0.2.1", lambda size: bytes(range(size)))
    assert pending.request == request.to_wire()
    made = challenge_message(request, pending).to_wire()
    assert made.hex() == vectors["RESP challenge nonce 00..0f (to REQ create URL+HS_ADMIN)"]


def test_the_envelope_carries_the_session_that_ties_the_answer_to_it(folder: Path) -> None:
    vectors = json.loads((folder / "wire_vectors.json").read_text("utf-8"))
    request = parse_message(bytes.fromhex(vectors["REQ create URL+HS_ADMIN"]))
    held = msgspec.structs.replace(
        make_challenge(request, "192.0.2.1", bytes), session_id=0x01020304
    )
    sent = parse_message(challenge_message(request, held).to_wire())
    assert sent.envelope.session_id == 0x01020304
    assert Challenge.parse(sent.body).nonce == held.nonce


def test_a_login_names_whom_the_proof_must_come_from(folder: Path) -> None:
    captured = json.loads((folder / "id_sdk_capture.json").read_text("utf-8"))
    request = parse_message(bytes.fromhex(captured["REQ op 2001 login 301:88.118.8/ADMIN"]))
    pending = make_challenge(request, "192.0.2.1", bytes)
    assert login_claim(pending) == Reference("88.118.8/ADMIN", 301)
    # The client speaks 2.3 and suggests 2.10: it is answered, and digested, as 2.10.
    assert pending.version == (2, 10)
    assert len(pending.digest) == 32


def test_a_request_that_is_no_login_names_nobody(folder: Path) -> None:
    vectors = json.loads((folder / "wire_vectors.json").read_text("utf-8"))
    request = parse_message(bytes.fromhex(vectors["REQ delete"]))
    pending = make_challenge(request, "192.0.2.1", bytes)
    assert login_claim(pending) is None
    assert login_claim(msgspec.structs.replace(pending, request=b"nonsense")) is None
