from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import httpx

from ballast.node.wire.codes import OpCode, ResponseCode
from ballast.node.wire.message import parse_message
from ballast.node.wire.requests import ResolveRequest

from .running import PREFIX

TYPE = {"content-type": "application/x-hdl-message"}


def test_a_resolution_in_the_tunnel_is_answered_as_over_tcp(
    client: httpx.Client, shared_data: Path
) -> None:
    vectors = json.loads((shared_data / "handle" / "wire_vectors.json").read_text("utf-8"))
    asked = parse_message(bytes.fromhex(vectors["REQ resolution all values default flags"]))
    for handle, code in (("ABC-001", 100), ("A-1", 1)):
        body = ResolveRequest(f"{PREFIX}/{handle}".encode()).to_wire()
        header = replace(asked.header, body_length=len(body))
        request = replace(asked, header=header, body=body)
        length = len(request.to_wire()) - 20
        request = replace(request, envelope=replace(request.envelope, length=length))
        answer = client.post("/", content=request.to_wire(), headers=TYPE)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/x-hdl-message"
        told = parse_message(answer.content)
        assert (told.header.op, told.header.response) == (OpCode.RESOLVE, code)
        assert told.envelope.request_id == asked.envelope.request_id


def test_what_is_no_message_is_answered_by_the_protocol_s_own_error(client: httpx.Client) -> None:
    for body in (b"", b"\0", b"\xff" * 60):
        told = parse_message(client.post("/", content=body, headers=TYPE).content)
        assert told.header.response not in (ResponseCode.SUCCESS, ResponseCode.REQUEST)


def test_a_message_is_of_its_type_and_bounded(client: httpx.Client) -> None:
    assert client.post("/", content=b"x").status_code == 415
    assert client.post("/", content=bytes(300_000), headers=TYPE).status_code == 413
