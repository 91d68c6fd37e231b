"""Digests of requests: by version, both ways, and taken off the body they lead."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire.golden import CERTIFIED_DIGEST, CERTIFIED_RESOLVE, CREATE, MEANING

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.digests import (
    DigestAlgorithm,
    RequestDigest,
    request_digest,
    split_digest,
)
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.message import Message, digested
from ballast.node.wire.reader import Reader

digests = (
    st.binary(max_size=16).map(lambda data: RequestDigest(DigestAlgorithm.OLD_MD5, data))
    | st.binary(min_size=16, max_size=16).map(lambda d: RequestDigest(DigestAlgorithm.MD5, d))
    | st.binary(min_size=20, max_size=20).map(lambda d: RequestDigest(DigestAlgorithm.SHA1, d))
    | st.binary(min_size=32, max_size=32).map(lambda d: RequestDigest(DigestAlgorithm.SHA256, d))
)


@given(digests)
def test_a_digest_survives_its_bytes(digest: RequestDigest) -> None:
    reader = Reader(digest.to_wire())
    assert RequestDigest.parse(reader) == digest
    reader.finish()


@pytest.mark.parametrize(
    ("version", "algorithm", "size", "name"),
    [
        ((2, 0), DigestAlgorithm.OLD_MD5, 1 + 4 + 16, "md5"),
        ((2, 1), DigestAlgorithm.SHA1, 1 + 20, "sha1"),
        ((2, 6), DigestAlgorithm.SHA1, 1 + 20, "sha1"),
        ((2, 7), DigestAlgorithm.SHA256, 1 + 32, "sha256"),
        ((2, 11), DigestAlgorithm.SHA256, 1 + 32, "sha256"),
    ],
)
def test_the_version_chooses_the_algorithm(
    version: tuple[int, int], algorithm: DigestAlgorithm, size: int, name: str
) -> None:
    digest = request_digest(CREATE, version)
    assert digest.algorithm == algorithm
    assert len(digest.to_wire()) == size
    assert digest.digest == hashlib.new(name, digested(CREATE)).digest()


def test_the_negotiated_version_chooses_where_none_is_given() -> None:
    asked = replace(CREATE, envelope=Envelope(2, 3, suggested_major=2, suggested_minor=10))
    assert request_digest(asked).algorithm == DigestAlgorithm.SHA256
    old = replace(CREATE, envelope=Envelope(2, 3, suggested_major=0))
    assert request_digest(old).algorithm == DigestAlgorithm.SHA1


def test_the_digest_that_a_foreign_server_returned_is_that_of_its_request() -> None:
    """Vector "RESP resolution with request digest" belongs to the certified resolution."""
    assert request_digest(CERTIFIED_RESOLVE) == CERTIFIED_DIGEST
    response = MEANING["RESP resolution with request digest (unsigned)"]
    assert isinstance(response, Message)
    digest, body = split_digest(response)
    assert digest == CERTIFIED_DIGEST
    assert response.body == digest.to_wire() + body


def test_a_challenge_leads_with_its_digest_even_without_the_flag() -> None:
    header = replace(CREATE.header, response=ResponseCode.AUTHENTICATION_NEEDED)
    message = replace(CREATE, header=header, body=CERTIFIED_DIGEST.to_wire() + b"rest")
    assert split_digest(message) == (CERTIFIED_DIGEST, b"rest")


def test_a_body_without_a_digest_is_left_alone() -> None:
    assert split_digest(CREATE) == (None, CREATE.body)


@pytest.mark.parametrize("data", [b"", b"\x01" + bytes(15), b"\x00\xff\xff\xff\xff", b"\x03"])
def test_half_a_digest_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        RequestDigest.parse(Reader(data))


def test_a_digest_of_unknown_kind_is_refused_because_its_end_is_unknown() -> None:
    with pytest.raises(MalformedMessage, match="is of kind 4; kinds 0 to 3 are known"):
        RequestDigest.parse(Reader(b"\x04" + bytes(64)))
