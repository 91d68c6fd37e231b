from __future__ import annotations

import json
import socket
import time
from base64 import b64encode
from collections.abc import Iterator

import httpx
import pytest

from .running import PREFIX, Node

TYPE = {"content-type": "application/x-ndjson"}


def line(name: str, text: str = "https://a.cn") -> bytes:
    told = {"handle": f"{PREFIX}/{name}", "values": [{"index": 1, "type": "URL", "data": text}]}
    return json.dumps(told).encode() + b"\n"


def results(answer: httpx.Response) -> list[dict[str, object]]:
    assert answer.status_code == 200, answer.text
    return [json.loads(one) for one in answer.text.splitlines()]


def test_each_line_has_its_result_in_order(writing: httpx.Client) -> None:
    body = line("B-1") + b"{no json}\n" + line("B-2") + line("B-1")
    told = results(writing.post("/api/bulk", content=body, headers=TYPE))
    assert [one["line"] for one in told] == [1, 2, 3, 4]
    assert told[0]["handle"] == f"{PREFIX}/B-1"
    assert told[1]["code"] != 1
    assert told[3]["code"] == 101
    assert writing.get(f"/api/handles/{PREFIX}/B-2").status_code == 200


def test_the_same_load_under_the_same_key_is_answered_and_not_done_again(
    writing: httpx.Client,
) -> None:
    body = b"".join(line(f"K-{n}") for n in range(50))
    headers = {**TYPE, "idempotency-key": "load-1"}
    first = results(writing.post("/api/bulk", content=body, headers=headers))
    second = results(writing.post("/api/bulk", content=body, headers=headers))
    assert [one["code"] for one in first] == [1] * 50
    assert second == first
    other = writing.post("/api/bulk", content=line("K-other"), headers=headers)
    refused = other.status_code == 409 or results(other)[-1]["code"] != 1
    assert refused
    assert writing.get(f"/api/handles/{PREFIX}/K-other").status_code == 404


def test_a_load_sent_in_pieces_is_answered_while_it_comes(node: Node, secret: str) -> None:
    proof = b64encode(f"301%3A0.NA/{PREFIX}:{secret}".encode()).decode()
    head = (
        f"POST /api/bulk HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {proof}\r\n"
        "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    )

    def chunk(data: bytes) -> bytes:
        return b"%x\r\n%b\r\n" % (len(data), data)

    with socket.create_connection(("127.0.0.1", node.port), 20) as wire:
        wire.sendall(head.encode() + chunk(line("P-1")))
        seen = b""
        until = time.monotonic() + 20
        while b'"code":1' not in seen:
            assert time.monotonic() < until
            seen += wire.recv(65536)
        # The first result came before the last line was sent.
        wire.sendall(chunk(line("P-2")) + b"0\r\n\r\n")
        while b"P-2" not in seen:
            assert time.monotonic() < until
            seen += wire.recv(65536)
    assert seen.count(b'"code":1') == 2


@pytest.mark.parametrize("announced", [False, True])
def test_a_load_that_breaks_off_can_be_sent_again_whole(
    node: Node, secret: str, writing: httpx.Client, announced: bool
) -> None:
    proof = b64encode(f"301%3A0.NA/{PREFIX}:{secret}".encode()).decode()
    name, key = f"HALF-{announced}", f"half-{announced}"
    whole = line(f"{name}-1") + line(f"{name}-2") + line(f"{name}-3")
    part = whole[: len(whole) // 2]
    length = f"Content-Length: {len(whole)}" if announced else "Transfer-Encoding: chunked"
    head = (
        f"POST /api/bulk HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {proof}\r\n"
        f"Content-Type: application/x-ndjson\r\nIdempotency-Key: {key}\r\n{length}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", node.port), 20) as wire:
        wire.sendall(head.encode() + (part if announced else b"%x\r\n%b\r\n" % (len(part), part)))
        time.sleep(0.5)
    headers = {**TYPE, "idempotency-key": key}
    until = time.monotonic() + 20
    while (answer := writing.post("/api/bulk", content=whole, headers=headers)).status_code == 409:
        # The first load may still be ending.
        assert time.monotonic() < until, answer.text
        time.sleep(0.1)
    assert [one["code"] for one in results(answer)] == [1, 1, 1]
    for number in (1, 2, 3):
        assert writing.get(f"/api/handles/{PREFIX}/{name}-{number}").status_code == 200


def test_a_client_that_goes_away_leaves_what_was_answered(writing: httpx.Client) -> None:
    def some() -> Iterator[bytes]:
        yield line("G-1")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        writing.post("/api/bulk", content=some(), headers=TYPE)
    assert writing.get("/health").status_code == 200


def test_a_load_needs_a_proof_a_type_and_a_sound_key(
    client: httpx.Client, writing: httpx.Client
) -> None:
    assert client.post("/api/bulk", content=line("N-1"), headers=TYPE).status_code == 401
    assert writing.post("/api/bulk", content=line("N-1")).status_code == 415
    bad = {**TYPE, "idempotency-key": "x" * 256}
    assert writing.post("/api/bulk", content=line("N-1"), headers=bad).status_code == 400
    assert writing.get(f"/api/handles/{PREFIX}/N-1").status_code == 404


def test_who_may_not_register_registers_nothing(client: httpx.Client) -> None:
    auth = (f"300%3A{PREFIX}/ADMIN", "s3cret-阀门".encode())
    told = results(client.post("/api/bulk", content=line("W-1"), headers=TYPE, auth=auth))
    assert told[0]["code"] == 401
    assert client.get(f"/api/handles/{PREFIX}/W-1").status_code == 404


def test_what_stands_is_replaced_where_that_is_asked_for(writing: httpx.Client) -> None:
    writing.post("/api/bulk", content=line("O-1"), headers=TYPE)
    again = line("O-1", "https://b.cn")
    told = results(writing.post("/api/bulk?overwrite=true", content=again, headers=TYPE))
    assert told[0]["code"] == 1
    shown = writing.get(f"/api/handles/{PREFIX}/O-1").json()["values"][0]
    assert shown["data"]["value"] == "https://b.cn"
